//! What tests need and cargo does not bring: a browser, PostgreSQL's server, and the page's modules.
//!
//! Where one is missing and this is root on a Debian system, it is installed.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::project;

/// Where Debian puts Chromium.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Returns the path of Chromium.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("LYCEUM_CHROMIUM") {
        return Ok(path.into());
    }
    if !Path::new(CHROMIUM).exists() {
        if !can_install() {
            bail!("{CHROMIUM} is missing; install Chromium, or name it with LYCEUM_CHROMIUM");
        }
        install(&["chromium", "fonts-noto-cjk"]).context("Chromium could not be installed")?;
    }
    Ok(CHROMIUM.into())
}

/// Sees to it that the store's tests find a PostgreSQL server; without one they say that they skip it.
pub fn postgresql() -> Result<()> {
    let in_path = std::env::var_os("PATH").unwrap_or_default();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = std::env::split_paths(&in_path).chain(versions.map(|version| version.path().join("bin")));
    if folders.map(|folder| folder.join("initdb")).any(|file| file.exists()) || !can_install() {
        return Ok(());
    }
    install(&["postgresql"]).context("PostgreSQL could not be installed")
}

/// Installs what the page is built and tested with, unless it is there. Returns the page's folder.
pub fn page() -> Result<PathBuf> {
    let web = project::root().join("web");
    let changed = |file: &str| web.join(file).metadata().and_then(|metadata| metadata.modified()).ok();
    // npm writes the second file when it has installed what the first one says.
    let is_there = changed("package-lock.json")
        .zip(changed("node_modules/.package-lock.json"))
        .is_some_and(|(wanted, installed)| installed >= wanted);
    if !is_there {
        project::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&web))?;
    }
    Ok(web)
}

fn can_install() -> bool {
    // SAFETY: the call reads a number and cannot fail.
    let is_root = unsafe { libc::geteuid() == 0 };
    is_root && Path::new("/usr/bin/apt-get").exists()
}

fn install(packages: &[&str]) -> Result<()> {
    project::run(Command::new("apt-get").args(["update", "-q"]))?;
    let install = ["install", "-q", "-y", "--no-install-recommends"];
    project::run(Command::new("apt-get").args(install).args(packages).env("DEBIAN_FRONTEND", "noninteractive"))
}
