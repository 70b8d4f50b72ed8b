//! `lyceum lab run`

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::Args;
use lyceum_curriculum::{Runner, submission};
use lyceum_data::Catalogue;
use lyceum_lab::{Language, Outcome};

use super::{read_lab, read_program, strength};
use crate::{labs::Sandbox, language};

/// Runs a program as the lab would, without grading it.
///
/// It has the lab's limits and sees the lab's data. What it prints is shown as it comes.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lyceum lab run courses/zero-to-large-models/linear-regression my_answer.py
  lyceum lab run courses/zero-to-large-models/cnn cnn.py --json

Exit status:
  what the program ends with; 1 after an exception, 124 when the time was up, 137 when the memory
  was, 2 when Lyceum could not run it")]
pub struct RunArgs {
    /// The folder of the unit.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The program.
    #[arg(value_name = "FILE.py")]
    file: PathBuf,
    /// zh or en; without it the language of $LANG.
    #[arg(long, value_name = "LANG", value_parser = language::parse)]
    lang: Option<Language>,
    /// Write the report of the run as JSON in place of what the program prints.
    #[arg(long)]
    json: bool,
    /// Run it even where the system cannot confine it fully.
    #[arg(long)]
    allow_weak_sandbox: bool,
}

pub fn run(args: &RunArgs) -> Result<u8> {
    let lab = read_lab(&args.folder)?;
    let program = read_program(&args.file)?;
    let runner = Sandbox { strength: strength(args.allow_weak_sandbox), prints: !args.json };
    let catalogue = Catalogue::from_env();
    let home = catalogue.home().ok().map(Path::to_owned);
    let report = submission::run_alone(&lab, &program, false, home, |job| runner.run(job, &mut |_| {}))
        .context("cannot run the program")?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
        return Ok(report.exit_code);
    }
    let language = args.lang.unwrap_or_else(language::from_env);
    let used = report.resources;
    let sentence = match (report.outcome, language) {
        (Outcome::TimedOut, Language::Zh) => "时间用完了",
        (Outcome::TimedOut, Language::En) => "the time was up",
        (Outcome::OutOfMemory, Language::Zh) => "内存用完了",
        (Outcome::OutOfMemory, Language::En) => "the memory ran out",
        (Outcome::OutputLimit, Language::Zh) => "打印得太多",
        (Outcome::OutputLimit, Language::En) => "it printed too much",
        (Outcome::Killed, Language::Zh) => "程序被中止",
        (Outcome::Killed, Language::En) => "it was ended",
        (_, Language::Zh) => "运行结束",
        (_, Language::En) => "it came to its end",
    };
    let (seconds, memory) = (used.cpu_seconds, used.peak_memory_bytes >> 20);
    let budget = lab.lab.resources;
    let text = match language {
        Language::Zh => format!(
            "lyceum: {sentence}；计算 {seconds:.1} 秒（限 {} 秒），内存 {memory} MiB（限 {} MiB）\n",
            budget.cpu_seconds, budget.memory_mib
        ),
        Language::En => format!(
            "lyceum: {sentence}; {seconds:.1} s of computing (of {}), {memory} MiB of memory (of {})\n",
            budget.cpu_seconds, budget.memory_mib
        ),
    };
    let _ = io::stderr().write_all(text.as_bytes());
    Ok(report.exit_code)
}
