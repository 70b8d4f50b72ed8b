//! `cargo xtask test`: every test of the workspace, in the release profile.
//!
//! The release profile, because the same build then serves `cargo run --release`, and because training at the speed of
//! the dev profile would take most of an hour. The golden cases and the article's programs are among the binary's own
//! tests (`crates/cli/tests/it`), so nothing is run apart.

use anyhow::Result;

use crate::project;

/// Runs the tests; arguments go to `cargo test`.
pub fn run(arguments: &[String]) -> Result<()> {
    println!("Testing all crates in the release profile: unit, integration and documentation tests,");
    println!("the golden cases that PyTorch recorded, and the examples. The first build takes about ten minutes.");
    project::run(project::cargo().args(["test", "--release", "--workspace", "--locked"]).args(arguments))
}
