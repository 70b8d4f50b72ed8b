//! `cargo xtask golden --python PATH [FAMILY...]`: records the golden values with real PyTorch.
//!
//! The cases are programs in `golden/cases`; `golden/record.py` runs them and writes `golden/recorded`.
//! This file finds the Python and checks that its PyTorch is the one the project follows. Replaying
//! the values needs no PyTorch and is part of the tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::project;

/// The PyTorch whose behaviour Lyceum follows; values of another would not be comparable.
const TORCH: &str = "2.15.";

const INSTALL: &str = "hint: make one outside the project, it takes about 3 minutes and 5.5 GB:\n  \
    python3 -m venv ~/torch-venv && ~/torch-venv/bin/pip install 'torch==2.15.*' numpy\n  \
    cargo xtask golden --python ~/torch-venv/bin/python";

/// Records the golden values of the given families, or of all.
pub fn run(arguments: &[String]) -> Result<()> {
    let (python, families) = parse(arguments)?;
    check_torch(&python)?;
    let script = project::root().join("golden/record.py");
    let status = Command::new(&python)
        .arg(&script)
        .args(families)
        .status()
        .with_context(|| format!("cannot start {}", python.display()))?;
    if !status.success() {
        bail!("some cases could not be recorded; see above");
    }
    Ok(())
}

fn parse(arguments: &[String]) -> Result<(PathBuf, Vec<String>)> {
    let mut python = None;
    let mut families = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--python" => match rest.next() {
                Some(path) => python = Some(PathBuf::from(path)),
                None => bail!("--python needs the path of a Python that has PyTorch\n{INSTALL}"),
            },
            option if option.starts_with('-') => {
                bail!("unknown option {option}\nusage: cargo xtask golden --python PATH [FAMILY...]")
            }
            family => families.push(family.to_owned()),
        }
    }
    match python {
        Some(python) => Ok((python, families)),
        None => bail!("recording needs a Python with PyTorch {TORCH}x: --python PATH\n{INSTALL}"),
    }
}

fn check_torch(python: &Path) -> Result<()> {
    let output = Command::new(python)
        .args(["-c", "import torch; print(torch.__version__)"])
        .output()
        .with_context(|| format!("cannot start {}\n{INSTALL}", python.display()))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        let last = reason.lines().last().unwrap_or("it gave no reason");
        bail!("{} cannot import torch: {last}\n{INSTALL}", python.display());
    }
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if !version.starts_with(TORCH) {
        bail!("{} has torch {version}; the golden values are those of {TORCH}x\n{INSTALL}", python.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn python_and_families_are_told_apart() {
        let (python, families) = parse(&strings(&["views", "--python", "/opt/python", "printing"])).expect("valid");
        assert_eq!(python, PathBuf::from("/opt/python"));
        assert_eq!(families, ["views", "printing"]);
    }

    #[test]
    fn a_missing_python_is_explained() {
        for arguments in [strings(&[]), strings(&["--python"])] {
            let error = parse(&arguments).expect_err("no Python was named").to_string();
            assert!(error.contains("hint:"), "{error}");
        }
    }

    #[test]
    fn a_python_without_torch_is_explained() {
        let error = check_torch(Path::new("/nonexistent/python")).expect_err("there is none").to_string();
        assert!(error.contains("hint:"), "{error}");
    }
}
