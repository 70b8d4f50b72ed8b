//! `cargo xtask check`: what a change must keep, other than passing the tests.
//!
//! The quick checks come first, then those that compile, which `--quick` leaves out. All of them run even when one
//! fails, so that one call tells everything that is wrong.

mod advisories;
mod directions;
mod documents;
mod licences;

use anyhow::{Result, bail};

use crate::project;

/// Runs every check.
pub fn run(arguments: &[String]) -> Result<()> {
    let quick = match arguments {
        [] => false,
        [argument] if argument == "--quick" => true,
        _ => bail!("usage: cargo xtask check [--quick]"),
    };
    let metadata = project::metadata()?;
    let mut failed = Vec::new();
    let mut report = |name: &'static str, result: Result<()>| match result {
        Ok(()) => println!("{name}: good\n"),
        Err(error) => {
            println!("{name}: {error:#}\n");
            failed.push(name);
        }
    };
    report("directions of crates", found(directions::problems(&metadata.members)));
    report("documents", found(documents::problems(&metadata.members)?));
    report("licences", found(licences::problems(&metadata.external)));
    report("format", project::run(project::cargo().args(["fmt", "--all", "--check"])));
    if quick {
        println!("lints, documentation, advisories: left out, as asked\n");
    } else {
        report("lints", lints());
        report("documentation", documentation());
        report("advisories", advisories::run());
    }
    if !failed.is_empty() {
        bail!("not good: {}", failed.join(", "));
    }
    Ok(())
}

/// Clippy on every target. The release profile shares compiled build scripts and macros with the tests.
fn lints() -> Result<()> {
    let arguments = ["clippy", "--release", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    project::run(project::cargo().args(arguments))
}

/// Rustdoc, whose warnings are links that lead nowhere.
fn documentation() -> Result<()> {
    let arguments = ["doc", "--release", "--workspace", "--no-deps", "--document-private-items", "--locked"];
    project::run(project::cargo().args(arguments).env("RUSTDOCFLAGS", "-D warnings"))
}

/// Turns a list of problems into a result.
fn found(problems: Vec<String>) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{} found\n  {}", problems.len(), problems.join("\n  "))
}
