//! Which of the project's crates may depend on which: the arrows of ARCHITECTURE.md.

use crate::project::Package;

/// Each crate, and the crates of the project that it may name in its manifest.
const MAY_USE: &[(&str, &[&str])] = &[
    ("lyceum-engine", &[]),
    ("lyceum-lab", &[]),
    ("lyceum-data", &[]),
    ("lyceum-store", &[]),
    ("lyceum-curriculum", &["lyceum-lab", "lyceum-data"]),
    ("lyceum-python", &["lyceum-engine", "lyceum-lab", "lyceum-data"]),
    ("lyceum-server", &["lyceum-lab", "lyceum-data", "lyceum-curriculum", "lyceum-store"]),
    (
        "lyceum",
        &[
            "lyceum-engine",
            "lyceum-lab",
            "lyceum-data",
            "lyceum-python",
            "lyceum-curriculum",
            "lyceum-server",
            "lyceum-store",
        ],
    ),
    ("xtask", &[]),
];

/// Beginnings of crates' names that only some crates may name: an interpreter, an async runtime, or a network. The
/// parser alone is no interpreter, and `lyceum-curriculum` reads programs with it.
const HEAVY: &[(&str, &[&str])] = &[
    ("rustpython-ruff", &["lyceum-python", "lyceum-curriculum"]),
    ("rustpython-vm", &["lyceum-python"]),
    ("rustpython-stdlib", &["lyceum-python"]),
    ("rustpython-pylib", &["lyceum-python"]),
    ("tokio", &["lyceum-store", "lyceum-server", "lyceum"]),
    ("axum", &["lyceum-server"]),
    ("hyper", &["lyceum-server"]),
    ("sqlx", &["lyceum-store"]),
    ("reqwest", &[]),
    // Beside downloads, the tests and the load of the server ask it with this.
    ("ureq", &["lyceum-data", "lyceum-server", "lyceum", "xtask"]),
];

/// Lists the dependencies that go the wrong way.
pub fn problems(members: &[Package]) -> Vec<String> {
    let mut problems = Vec::new();
    for package in members {
        let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| *name == package.name) else {
            problems.push(format!("{} has no place yet: add it to {} and to ARCHITECTURE.md", package.name, file!()));
            continue;
        };
        for dependency in &package.dependencies {
            if members.iter().any(|member| member.name == *dependency) && !may_use.contains(&dependency.as_str()) {
                problems.push(format!("{} must not depend on {dependency}", package.name));
            }
            for (start, users) in HEAVY {
                if dependency.starts_with(start) && !users.contains(&package.name.as_str()) {
                    problems.push(format!("{} must not depend on {dependency}", package.name));
                }
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[&str]) -> Package {
        let dependencies = dependencies.iter().map(|&name| name.to_owned()).collect();
        Package { name: name.into(), folder: "/".into(), licence: "MIT".into(), dependencies }
    }

    #[test]
    fn arrows_against_the_direction_are_found() {
        let members = [
            package("lyceum-engine", &["lyceum-python", "rayon"]),
            package("lyceum-python", &["lyceum-engine", "rustpython-vm"]),
            package("lyceum-lab", &["tokio"]),
        ];
        assert_eq!(
            problems(&members),
            ["lyceum-engine must not depend on lyceum-python", "lyceum-lab must not depend on tokio"]
        );
    }

    #[test]
    fn a_crate_without_a_place_is_found() {
        assert!(problems(&[package("lyceum-new", &[])])[0].starts_with("lyceum-new has no place yet"));
    }
}
