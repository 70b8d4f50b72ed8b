//! `cargo xtask e2e`: the real binary, the real database and a real browser, from the first start to a verdict.
//!
//! The tests are in `web/e2e`. They need Node and Chromium; where Chromium is missing and this is root on a Debian
//! system, it is installed.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::project;

/// Where Debian puts it.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Runs the tests; arguments go to `vitest`.
pub fn run(arguments: &[String]) -> Result<()> {
    project::run(project::cargo().args(["build", "--release", "--locked", "--package", "lyceum"]))?;
    let binary = project::metadata()?.target.join("release/lyceum");
    let chromium = chromium()?;
    let web = project::root().join("web");
    // npm itself finds out whether there is anything to do.
    project::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&web))?;
    project::run(
        Command::new("npm")
            .args(["run", "e2e", "--"])
            .args(arguments)
            .current_dir(&web)
            .env("LYCEUM_BINARY", binary)
            .env("LYCEUM_CHROMIUM", chromium)
            .env("LYCEUM_PICTURES", project::metadata()?.target.join("e2e")),
    )
}

/// Returns the path of Chromium, which is installed first where it can be.
fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("LYCEUM_CHROMIUM") {
        return Ok(path.into());
    }
    if Path::new(CHROMIUM).exists() {
        return Ok(CHROMIUM.into());
    }
    let may_install = is_root() && Path::new("/usr/bin/apt-get").exists();
    if !may_install {
        bail!("{CHROMIUM} is missing; install Chromium, or name it with LYCEUM_CHROMIUM");
    }
    project::run(Command::new("apt-get").args(["update", "-q"]))?;
    let install = ["install", "-q", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"];
    project::run(Command::new("apt-get").args(install).env("DEBIAN_FRONTEND", "noninteractive"))
        .context("Chromium could not be installed")?;
    Ok(CHROMIUM.into())
}

fn is_root() -> bool {
    // SAFETY: the call reads a number and cannot fail.
    unsafe { libc::geteuid() == 0 }
}
