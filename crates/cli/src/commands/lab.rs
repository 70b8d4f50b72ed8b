//! `lyceum lab`

mod run;
mod submit;

use std::{fs, path::Path};

use anyhow::{Context, Result};
use clap::Subcommand;
use lyceum_curriculum::{LabFiles, Problem, load_unit};
use lyceum_lab::sandbox::Strength;

use crate::hint;

/// Runs and grades a learner's program for a lab.
#[derive(Subcommand)]
pub enum LabCommand {
    Run(run::RunArgs),
    Submit(submit::SubmitArgs),
}

pub fn run(command: &LabCommand) -> Result<u8> {
    match command {
        LabCommand::Run(args) => run::run(args),
        LabCommand::Submit(args) => submit::run(args),
    }
}

/// Reads the lab of a unit's folder. Problems that do not concern the lab are the author's alone.
fn read_lab(folder: &Path) -> Result<LabFiles> {
    if !folder.join("unit.toml").is_file() {
        return Err(hint::error(
            format!("{} is no unit", folder.display()),
            "give the folder of a unit that has a lab, such as courses/zero-to-large-models/linear-regression",
        ));
    }
    let loaded = load_unit(folder);
    let name = folder.display();
    // A lab that was read in part would grade by less than its author meant.
    let concerns_lab =
        |problem: &Problem| ["unit.toml", "checks.toml", "solution.py"].iter().any(|file| problem.file.ends_with(file));
    let is_whole = !loaded.problems.iter().any(concerns_lab);
    match loaded.content.and_then(|unit| unit.lab) {
        Some(lab) if is_whole => Ok(lab),
        None if loaded.problems.is_empty() => {
            Err(hint::error(format!("{name} has no lab"), "a lab has checks.toml, starter.py and solution.py"))
        }
        _ => Err(hint::error(
            format!("the lab in {name} cannot be read: this is its author's to put right, not yours"),
            format!("`lyceum course check {name}` says what is wrong"),
        )),
    }
}

fn read_program(file: &Path) -> Result<String> {
    let bytes = fs::read(file).with_context(|| format!("cannot open {}", file.display()))?;
    // What is not UTF-8 becomes a program that does not parse, which is the learner's to see.
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

fn strength(allow_weak: bool) -> Strength {
    if allow_weak { Strength::Weak } else { Strength::Full }
}
