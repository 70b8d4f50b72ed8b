//! `cargo xtask e2e`: the real binary, the real database and a real browser, from the first start to a verdict.
//!
//! The tests are in `web/e2e`. They need Node and Chromium.

use std::process::Command;

use anyhow::Result;

use crate::{project, tools};

/// Builds the binary and runs the tests; arguments go to `vitest`.
pub fn run(arguments: &[String]) -> Result<()> {
    project::run(project::cargo().args(["build", "--release", "--locked", "--package", "lyceum"]))?;
    try_out(arguments)
}

/// Runs the tests with the binary that was built last.
pub fn try_out(arguments: &[String]) -> Result<()> {
    let target = project::metadata()?.target;
    let chromium = tools::chromium()?;
    let web = tools::page()?;
    project::run(
        Command::new("npm")
            .args(["run", "e2e", "--"])
            .args(arguments)
            .current_dir(&web)
            .env("LYCEUM_BINARY", target.join("release/lyceum"))
            .env("LYCEUM_CHROMIUM", chromium)
            .env("LYCEUM_PICTURES", target.join("e2e")),
    )
}
