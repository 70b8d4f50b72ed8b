//! `lyceum course show`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use lyceum_curriculum::{Course, Level, load};
use lyceum_lab::{Kind, Language};

use crate::{hint, language};

/// Shows a course: its units, what they teach, and how their labs are graded.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lyceum course show courses/zero-to-large-models
  lyceum course show courses/zero-to-large-models --lang zh
  lyceum course show courses/zero-to-large-models --json")]
pub struct ShowArgs {
    /// The folder of the course.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// zh or en; without it the language of $LANG.
    #[arg(long, value_name = "LANG", value_parser = language::parse)]
    lang: Option<Language>,
    /// Show everything, lessons included, as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &ShowArgs) -> Result<()> {
    let loaded = load(&args.folder);
    let Some(course) = loaded.content else {
        return Err(hint::error(
            format!("{} cannot be read as a course", args.folder.display()),
            format!("`lyceum course check {}` says what is wrong", args.folder.display()),
        ));
    };
    if args.json {
        println!("{}", serde_json::to_string_pretty(&course)?);
        return Ok(());
    }
    print!("{}", describe(&course, args.lang.unwrap_or_else(language::from_env)));
    if !loaded.problems.is_empty() {
        eprintln!("lyceum: {} problems; `lyceum course check` lists them", loaded.problems.len());
    }
    Ok(())
}

fn describe(course: &Course, language: Language) -> String {
    let say = |zh: &'static str, en: &'static str| match language {
        Language::Zh => zh,
        Language::En => en,
    };
    let level = |level| match level {
        Level::Know => say("了解", "know"),
        Level::Apply => say("应用", "apply"),
        Level::Analyse => say("分析", "analyse"),
    };
    let skill = |id: &str| {
        let found = course.skills.iter().find(|skill| skill.id == id);
        found.map_or(id, |skill| skill.title.in_language(language)).to_owned()
    };
    let mut text = format!("{}\n{}\n", course.title.in_language(language), course.summary.in_language(language));
    for (at, unit) in course.units.iter().enumerate() {
        let minutes = say("分钟", "minutes");
        let title = unit.title.in_language(language);
        text += &format!("\n{}. {title} ({}, {} {minutes})\n", at + 1, unit.id, unit.minutes);
        text += &format!("   {}\n", unit.summary.in_language(language));
        let teaches: Vec<String> =
            unit.teaches.iter().map(|taught| format!("{} ({})", skill(&taught.skill), level(taught.level))).collect();
        text += &format!("   {} {}\n", say("教：", "teaches:"), teaches.join(say("、", ", ")));
        let questions = unit.zh.questions().count();
        text += &format!("   {} {questions}\n", say("自测题：", "questions:"));
        let Some(files) = &unit.lab else { continue };
        let lab = &files.lab;
        let points: u32 = lab.checks.iter().map(|check| check.points).sum();
        let budget = lab.resources;
        text += &match language {
            Language::Zh => format!(
                "   实验：{} 项检查，共 {points} 分；{} 秒计算，{} MiB 内存\n",
                lab.checks.len(),
                budget.cpu_seconds,
                budget.memory_mib
            ),
            Language::En => format!(
                "   lab: {} checks, {points} points; {} seconds of computing, {} MiB of memory\n",
                lab.checks.len(),
                budget.cpu_seconds,
                budget.memory_mib
            ),
        };
        for check in &lab.checks {
            let kind = match check.kind {
                Kind::Call(_) => "call",
                Kind::Gradient(_) => "gradient",
                Kind::Predict(_) => "predict",
                Kind::Training(_) => "training",
                Kind::Source(_) => "source",
                Kind::Equivalent(_) => "equivalent",
            };
            text += &format!("     {:>2}  {kind:<10} {}\n", check.points, check.title.in_language(language));
        }
    }
    text
}
