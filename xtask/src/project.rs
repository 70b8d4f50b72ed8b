//! The project as cargo sees it: its folder, its packages and their dependencies, and how a tool is run in it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Returns the project's folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Makes a call of the cargo that runs this program, in the project's folder.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Says what is run, runs it, and fails where it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let line = command_line(command);
    println!("$ {line}");
    let status = command.status().with_context(|| format!("cannot start {line}"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

fn command_line(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let mut line = name.to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

/// What `cargo metadata` tells of the workspace and everything it is built from on this kind of machine.
pub struct Metadata {
    /// The project's own crates.
    pub members: Vec<Package>,
    /// The crates that they are built from.
    pub external: Vec<Package>,
    /// The folder that builds go to.
    pub target: PathBuf,
}

/// A crate.
#[derive(Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The folder of its manifest.
    pub folder: PathBuf,
    /// Its licence as an SPDX expression; empty where it names only a file.
    pub licence: String,
    /// The crates that its manifest names.
    pub dependencies: Vec<String>,
}

/// Asks cargo for the project's packages.
pub fn metadata() -> Result<Metadata> {
    let host = host()?;
    let output = cargo()
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", &host])
        .output()
        .context("cannot start cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cannot read what cargo metadata printed")?;
    let members: Vec<&str> = list(&metadata["workspace_members"]).iter().filter_map(Value::as_str).collect();
    // `packages` holds every crate of Cargo.lock that any platform needs; the resolved graph holds those of this one.
    let resolved: Vec<&str> =
        list(&metadata["resolve"]["nodes"]).iter().filter_map(|node| node["id"].as_str()).collect();
    let packages = || list(&metadata["packages"]).iter().filter_map(|package| Some((package["id"].as_str()?, package)));
    Ok(Metadata {
        members: packages().filter(|(id, _)| members.contains(id)).map(|(_, package)| read_package(package)).collect(),
        external: packages()
            .filter(|(id, _)| resolved.contains(id) && !members.contains(id))
            .map(|(_, package)| read_package(package))
            .collect(),
        target: text(&metadata["target_directory"]).into(),
    })
}

fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("cannot start rustc")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` names no host")?.to_owned())
}

fn read_package(package: &Value) -> Package {
    let manifest = PathBuf::from(text(&package["manifest_path"]));
    let mut dependencies: Vec<String> =
        list(&package["dependencies"]).iter().map(|dependency| text(&dependency["name"]).to_owned()).collect();
    dependencies.sort();
    dependencies.dedup();
    Package {
        name: text(&package["name"]).to_owned(),
        folder: manifest.parent().unwrap_or(&manifest).to_owned(),
        licence: text(&package["license"]).to_owned(),
        dependencies,
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
