//! Known holes in dependencies, by cargo-deny or cargo-audit where one of them is installed. The lists that they
//! compare with come over the network, so neither is required.

use anyhow::Result;

use crate::project;

/// Runs the tool that is installed, or says that none is.
pub fn run() -> Result<()> {
    if is_installed("deny") {
        return project::run(project::cargo().args(["deny", "check", "advisories"]));
    }
    if is_installed("audit") {
        return project::run(project::cargo().arg("audit"));
    }
    println!("advisories: skipped, since neither cargo-deny nor cargo-audit is installed");
    println!("hint: cargo install --locked cargo-deny");
    Ok(())
}

fn is_installed(tool: &str) -> bool {
    let output = project::cargo().args([tool, "--version"]).output();
    output.is_ok_and(|output| output.status.success())
}
