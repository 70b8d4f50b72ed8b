//! `lyceum course check`

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
};

use anyhow::{Context, Result};
use clap::Args;
use lyceum_curriculum::{Bench, Problem, Unit, load, load_unit, trial::try_out};
use lyceum_data::Catalogue;
use lyceum_lab::sandbox::Strength;

use crate::{hint, labs};

/// Checks a course, or one unit of it, and lists everything that is wrong.
///
/// Texts, formulas, questions and the two languages are compared; then every program of a lesson runs, every
/// starter must fail, every solution must pass with full points, and every known wrong answer must fail on the
/// check that is meant to catch it, on two variants.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lyceum course check courses/zero-to-large-models
  lyceum course check courses/zero-to-large-models/cnn
  lyceum course check courses/zero-to-large-models --quick
  lyceum course check courses/zero-to-large-models --json

Exit status:
  0 when nothing is wrong, 1 when something is, 2 when it could not be checked")]
pub struct CheckArgs {
    /// The folder of a course or of a unit.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Only read the files; run nothing.
    #[arg(long)]
    quick: bool,
    /// Say what is being tried, also where the output is no terminal.
    #[arg(long)]
    verbose: bool,
    /// List the problems as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &CheckArgs) -> Result<u8> {
    let folder = &args.folder;
    let (units, mut problems): (Vec<(Unit, PathBuf)>, Vec<Problem>) = if folder.join("course.toml").is_file() {
        let loaded = load(folder);
        let units = loaded.content.map(|course| course.units).unwrap_or_default();
        (
            units.into_iter().map(|unit| (folder.join(&unit.id), unit)).map(|(path, unit)| (unit, path)).collect(),
            loaded.problems,
        )
    } else if folder.join("unit.toml").is_file() {
        let loaded = load_unit(folder);
        (loaded.content.into_iter().map(|unit| (unit, folder.clone())).collect(), loaded.problems)
    } else {
        return Err(hint::error(
            format!("{} is neither a course nor a unit", folder.display()),
            "give the folder that holds course.toml or unit.toml",
        ));
    };
    if !args.quick {
        let runner = labs::Sandbox { strength: Strength::Full, prints: false };
        let catalogue = Catalogue::from_env();
        let bench = Bench { runner: &runner, catalogue: &catalogue, cache: labs::cache() };
        let units: Vec<(&Unit, PathBuf)> = units.iter().map(|(unit, path)| (unit, path.clone())).collect();
        let shows = io::stderr().is_terminal() || args.verbose;
        let progress = |name: &str, done: usize, all: usize| {
            if shows {
                // A line that cannot be shown is no reason to stop.
                let _ = writeln!(io::stderr(), "[{done}/{all}] {name}");
            }
        };
        problems.extend(try_out(&units, &bench, &progress).context("cannot try the course out")?);
        problems.sort();
    }
    report(&problems, args.json)
}

fn report(problems: &[Problem], json: bool) -> Result<u8> {
    if json {
        println!("{}", serde_json::to_string_pretty(problems)?);
    } else {
        for problem in problems {
            println!("{problem}");
        }
        match problems.len() {
            0 => println!("nothing is wrong"),
            1 => println!("1 problem"),
            count => println!("{count} problems"),
        }
    }
    Ok(u8::from(!problems.is_empty()))
}
