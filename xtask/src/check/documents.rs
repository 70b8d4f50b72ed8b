//! Documents that must keep up with the code: ARCHITECTURE.md names every crate and every module at a crate's top,
//! and `docs/dependencies.md` has a line for every crate that a manifest names.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};

use crate::project::{self, Package};

/// Lists what the documents leave out, and what they name that is no more.
pub fn problems(members: &[Package]) -> Result<Vec<String>> {
    let read =
        |name: &str| fs::read_to_string(project::root().join(name)).with_context(|| format!("cannot read {name}"));
    let mut problems = Vec::new();
    let architecture = read("ARCHITECTURE.md")?;
    for package in members {
        problems.extend(code_map(package, &architecture)?);
    }
    problems.extend(dependencies(members, &read("docs/dependencies.md")?));
    Ok(problems)
}

/// Compares a crate's section of ARCHITECTURE.md, under a heading with its path, with the crate's files.
fn code_map(package: &Package, architecture: &str) -> Result<Vec<String>> {
    let root = project::root();
    let path = package.folder.strip_prefix(&root).unwrap_or(&package.folder).display().to_string();
    let Some(section) = section(architecture, &path) else {
        return Ok(vec![format!("ARCHITECTURE.md has no heading with `{path}`")]);
    };
    let named: BTreeSet<&str> = code_words(section).filter(|word| word.ends_with(".rs")).collect();
    let sources = package.folder.join("src");
    let mut problems = Vec::new();
    for entry in fs::read_dir(&sources).with_context(|| format!("cannot read {}", sources.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rs") && !named.contains(name.as_str()) {
            problems.push(format!("ARCHITECTURE.md does not name `{name}` under `{path}`"));
        }
    }
    for name in named {
        if !sources.join(name).exists() && !package.folder.join(name).exists() {
            problems.push(format!("ARCHITECTURE.md names `{name}` under `{path}`, where there is no such file"));
        }
    }
    problems.sort();
    Ok(problems)
}

/// Compares the first column of the table with what the manifests name.
fn dependencies(members: &[Package], document: &str) -> Vec<String> {
    let described: BTreeSet<&str> = document.lines().filter_map(first_cell).collect();
    let own: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let used: BTreeSet<&str> = members
        .iter()
        .flat_map(|member| member.dependencies.iter().map(String::as_str))
        .filter(|name| !own.contains(name))
        .collect();
    let missing = used.difference(&described).map(|name| format!("docs/dependencies.md has no line for `{name}`"));
    let stale =
        described.difference(&used).map(|name| format!("docs/dependencies.md names `{name}`, which nothing uses"));
    missing.chain(stale).collect()
}

/// Returns the crate that a row of the table is about: its first cell is a code word.
fn first_cell(line: &str) -> Option<&str> {
    line.strip_prefix("| `")?.split_once("` |").map(|(name, _)| name)
}

/// Returns what stands under the first heading that holds the path as a code word, up to the next heading.
fn section<'a>(document: &'a str, path: &str) -> Option<&'a str> {
    let path = format!("`{path}`");
    let mut at = 0;
    let mut start = None;
    for line in document.split_inclusive('\n') {
        let is_heading = line.starts_with('#');
        match start {
            Some(start) if is_heading => return Some(&document[start..at]),
            None if is_heading && line.contains(&path) => start = Some(at),
            _ => {}
        }
        at += line.len();
    }
    start.map(|start| &document[start..])
}

/// Returns what stands between backticks.
fn code_words(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_ends_at_the_next_heading() {
        let document = "# Map\n## `a`: the first\n`x.rs` and `y.rs`\n## `b`\n`z.rs`\n";
        let names = |path| section(document, path).map(|text| code_words(text).collect::<Vec<_>>());
        assert_eq!(names("a"), Some(vec!["a", "x.rs", "y.rs"]));
        assert_eq!(names("b"), Some(vec!["b", "z.rs"]));
        assert_eq!(names("c"), None);
    }

    #[test]
    fn missing_and_stale_lines_are_found() {
        let member = |name: &str, dependencies: &[&str]| Package {
            name: name.into(),
            folder: "/".into(),
            licence: String::new(),
            dependencies: dependencies.iter().map(|&name| name.to_owned()).collect(),
        };
        let members = [member("a", &["rayon", "b"]), member("b", &["gemm"])];
        let document = "| crate | what for |\n| --- | --- |\n| `gemm` | products |\n| `clap` | options |\n";
        assert_eq!(
            dependencies(&members, document),
            ["docs/dependencies.md has no line for `rayon`", "docs/dependencies.md names `clap`, which nothing uses"]
        );
    }
}
