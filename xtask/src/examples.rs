//! `cargo xtask examples [NAME...]`: runs the examples that measure themselves, in full, and fails where one misses what
//! its head claims.
//!
//! What an example claims is read by [`claims`]. Each runs in a process of its own, one after the other, and prints as it
//! goes; the table at the end gives its result, its time and the most memory that any of its processes held.

mod claims;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Error, Result, bail};

use crate::{bench, project};
use claims::{Claim, Example, Values};

const USAGE: &str = "usage: cargo xtask examples [--short] [--binary PATH] [NAME...]";

/// Runs the examples whose names are given, or all.
pub fn run(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let examples = choose(claims::find(&project::root()).map_err(Error::msg)?, &options.names)?;
    let binary = match options.binary {
        Some(path) => path,
        None => bench::build()?,
    };
    let folder = bench::Folder::new()?;
    let mut rows = Vec::new();
    for example in &examples {
        println!("== {}", example.file);
        rows.push((example, once(&binary, example, options.short, &folder.path().join(rows.len().to_string()))?));
    }
    println!();
    for (example, outcome) in &rows {
        println!("{}", line(example, options.short, outcome));
    }
    let missed: Vec<&str> =
        rows.iter().filter(|(_, outcome)| outcome.missed.is_some()).map(|(example, _)| example.file.as_str()).collect();
    if !missed.is_empty() {
        bail!("not what is claimed: {}", missed.join(", "));
    }
    Ok(())
}

#[derive(Debug, Default, PartialEq)]
struct Options {
    short: bool,
    binary: Option<PathBuf>,
    names: Vec<String>,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--short" => options.short = true,
                "--binary" => options.binary = Some(rest.next().context("--binary needs the path of `lyceum`")?.into()),
                option if option.starts_with('-') => bail!("unknown option {option}\n{USAGE}"),
                name => options.names.push(name.to_owned()),
            }
        }
        Ok(options)
    }
}

/// Keeps the examples with these names: the file's, without folder and ending.
fn choose(examples: Vec<Example>, names: &[String]) -> Result<Vec<Example>> {
    let known: Vec<String> = examples.iter().map(name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        bail!("no example is called {unknown}; there are {}", known.join(", "));
    }
    Ok(examples.into_iter().filter(|example| names.is_empty() || names.contains(&name(example))).collect())
}

fn name(example: &Example) -> String {
    Path::new(&example.file).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// How a run went.
struct Outcome {
    result: String,
    seconds: f64,
    megabytes: f64,
    /// Why it is not what is claimed.
    missed: Option<String>,
}

fn once(binary: &Path, example: &Example, short: bool, out: &Path) -> Result<Outcome> {
    let started = Instant::now();
    let mut command = Command::new(binary);
    command.arg("run").args(&example.arguments).arg("--out").arg(out).current_dir(project::root());
    if short {
        command.args(["--", "--short"]);
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let mut printed = String::new();
    for line in BufReader::new(child.stdout.take().context("the program has no output")?).lines() {
        let line = line.context("cannot read what the program prints")?;
        println!("{line}");
        printed.push_str(&line);
        printed.push('\n');
    }
    let (status, bytes) = bench::wait(child.id())?;
    let seconds = started.elapsed().as_secs_f64();
    let (result, missed) = match Values::of(&printed) {
        _ if status != 0 => ("none".to_owned(), Some(format!("ended with the wait status {status}"))),
        Err(error) => ("none".to_owned(), Some(error)),
        Ok(values) => (values.to_string(), miss(claimed(example, short), &values)),
    };
    Ok(Outcome { result, seconds, megabytes: bytes as f64 / 1e6, missed })
}

fn claimed(example: &Example, short: bool) -> &[Claim] {
    if short { &example.short } else { &example.result }
}

/// Returns the first claim that the values do not bear out.
fn miss(claims: &[Claim], values: &Values) -> Option<String> {
    claims.iter().find_map(|claim| match claim.holds(values) {
        Ok(true) => None,
        Ok(false) => Some(format!("not {claim}")),
        Err(error) => Some(error),
    })
}

fn line(example: &Example, short: bool, outcome: &Outcome) -> String {
    let bars: Vec<String> = claimed(example, short).iter().map(Claim::to_string).collect();
    let verdict = outcome.missed.as_ref().map_or_else(String::new, |why| format!("   MISSED: {why}"));
    let Outcome { result, seconds, megabytes, .. } = outcome;
    format!("{:<16}{seconds:>7.0} s{megabytes:>7.0} MB   {result}   ({}){verdict}", name(example), bars.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_understood_or_refused() {
        let parse = |words: &[&str]| Options::parse(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        let options = parse(&["gpt", "--short", "--binary", "x"]).unwrap();
        assert_eq!(options, Options { short: true, binary: Some("x".into()), names: vec!["gpt".into()] });
        assert!(parse(&["--binary"]).is_err() && parse(&["--fast"]).is_err());
    }

    #[test]
    fn every_example_in_the_project_says_what_it_claims() {
        let examples = claims::find(&project::root()).unwrap();
        assert!(examples.iter().all(|example| !example.result.is_empty() && !example.short.is_empty()));
        assert!(choose(examples, &["no such example".to_owned()]).is_err());
    }
}
