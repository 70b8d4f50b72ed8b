//! `cargo xtask test`: every test of the workspace, in the release profile, and those of the page.
//!
//! The release profile, because the same build then serves `cargo run --release`, and because training at the speed of
//! the dev profile would take most of an hour. The golden cases and the article's programs are among the binary's own
//! tests (`crates/cli/tests/it`), so nothing is run apart.

use std::process::Command;

use anyhow::Result;

use crate::{e2e, project, tools};

/// Runs the tests; arguments go to `cargo test`, which then is all that runs.
pub fn run(arguments: &[String]) -> Result<()> {
    println!("Testing all crates in the release profile: unit, integration and documentation tests,");
    println!("the golden cases that PyTorch recorded, and the examples. The first build takes about fifteen minutes.");
    tools::postgresql()?;
    project::run(project::cargo().args(["test", "--release", "--workspace", "--locked"]).args(arguments))?;
    if !arguments.is_empty() {
        return Ok(());
    }
    println!("Testing the page: its types, its parts, and the whole platform in a real browser.");
    project::run(Command::new("npm").args(["run", "check"]).current_dir(tools::page()?))?;
    // The tests before have built the binary, with what all crates together ask of their dependencies. Alone it would be
    // built anew with less.
    e2e::try_out(&[])
}
