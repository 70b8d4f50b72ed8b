//! `lyceum lab submit`

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use lyceum_curriculum::{Bench, Examined, submit};
use lyceum_data::Catalogue;
use lyceum_lab::{Grade, Language, grading::Status};
use serde_json::json;

use super::{read_lab, read_program, strength};
use crate::{labs, language};

/// Grades a program for a lab.
///
/// The program runs in the sandbox; what its functions give is compared here, outside of it. Each check says what
/// it saw; the first one that did not pass has hints in stages.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lyceum lab submit courses/zero-to-large-models/linear-regression my_answer.py
  lyceum lab submit courses/zero-to-large-models/cnn cnn.py --lang zh --hints 2
  lyceum lab submit courses/zero-to-large-models/losses losses.py --learner ada --json

Exit status:
  0 when everything passes, 1 when something does not, 2 when it could not be graded")]
pub struct SubmitArgs {
    /// The folder of the unit.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The program.
    #[arg(value_name = "FILE.py")]
    file: PathBuf,
    /// Whose variant of the lab's inputs is used.
    #[arg(long, value_name = "NAME", default_value = "")]
    learner: String,
    /// zh or en; without it the language of $LANG.
    #[arg(long, value_name = "LANG", value_parser = language::parse)]
    lang: Option<Language>,
    /// Show so many stages of the hint.
    #[arg(long, value_name = "N", default_value_t = 0)]
    hints: usize,
    /// Write the grade as JSON.
    #[arg(long)]
    json: bool,
    /// Grade even where the system cannot confine the program fully.
    #[arg(long)]
    allow_weak_sandbox: bool,
}

pub fn run(args: &SubmitArgs) -> Result<u8> {
    let lab = read_lab(&args.folder)?;
    let program = read_program(&args.file)?;
    let runner = labs::Sandbox { strength: strength(args.allow_weak_sandbox), prints: false };
    let catalogue = Catalogue::from_env();
    let bench = Bench { runner: &runner, catalogue: &catalogue, cache: labs::cache() };
    let examined = submit(&lab, &program, &args.learner, &bench, &mut |_| {}).context("cannot grade the program")?;
    let grade = &examined.grade;
    if args.json {
        println!("{:#}", as_json(&examined)?);
    } else {
        print!("{}", as_text(grade, args.lang.unwrap_or_else(language::from_env), args.hints));
    }
    Ok(match grade.status {
        Status::Pass => 0,
        Status::NotGradable => crate::FAILED,
        _ => 1,
    })
}

fn as_json(examined: &Examined) -> Result<serde_json::Value> {
    let mut value = serde_json::to_value(&examined.grade)?;
    let timing = examined.timing;
    let milliseconds = |time: std::time::Duration| time.as_secs_f64() * 1e3;
    value["timing_ms"] = json!({
        "start": milliseconds(timing.start),
        "run": milliseconds(timing.run),
        "training": examined.runs.iter().map(|run| run.trace.last_event_seconds * 1e3).sum::<f64>(),
        "grade": milliseconds(timing.grade),
    });
    value["resources"] = serde_json::to_value(examined.runs.first().map(|run| run.report.resources))?;
    Ok(value)
}

/// The grade as a person reads it.
fn as_text(grade: &Grade, language: Language, hints: usize) -> String {
    let say = |zh: &'static str, en: &'static str| match language {
        Language::Zh => zh,
        Language::En => en,
    };
    let status = |status| match status {
        Status::Pass => say("通过", "pass"),
        Status::Fail => say("未过", "fail"),
        Status::Error => say("出错", "error"),
        Status::Timeout => say("超时", "timeout"),
        Status::NotGradable => say("无法评分", "not gradable"),
    };
    let mut text = String::new();
    for test in &grade.tests {
        let (points, most) = (test.points, test.max_points);
        text += &format!("{:<6} {points}/{most}  {}\n", status(test.status), test.title.in_language(language));
        text += &format!("         {}\n", test.message.in_language(language));
        if let Some(observed) = &test.observed {
            text += &format!("         {}\n", observed.in_language(language));
        }
        for (at, hint) in test.hints.iter().enumerate().take(hints) {
            text += &format!("         {} {}: {}\n", say("提示", "hint"), at + 1, hint.in_language(language));
        }
        if hints == 0 && !test.hints.is_empty() {
            let count = test.hints.len();
            text += &match language {
                Language::Zh => format!("         有 {count} 级提示：--hints 1\n"),
                Language::En => format!("         there are {count} hints: --hints 1\n"),
            };
        }
    }
    for mistake in &grade.mistakes {
        let place = mistake.line.map_or(String::new(), |line| match language {
            Language::Zh => format!("第 {line} 行："),
            Language::En => format!("line {line}: "),
        });
        text += &format!("\n! {place}{}\n", mistake.message.in_language(language));
    }
    if let Some(message) = &grade.message {
        text += &format!("\n{}\n", message.in_language(language));
    }
    text += &match language {
        Language::Zh => format!("\n{}：{} / {} 分\n", status(grade.status), grade.score, grade.max_score),
        Language::En => format!("\n{}: {} of {} points\n", status(grade.status), grade.score, grade.max_score),
    };
    text
}
