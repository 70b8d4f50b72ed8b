//! `unit.toml`: what a unit is, what it builds on, what it teaches and what its lab may use up.

use lyceum_lab::{Lab, Text, checks::Budget};
use serde::Serialize;

use crate::{
    Lesson,
    course::Level,
    problem::Sink,
    reader::{self, Reader},
};

/// A unit that was checked.
#[derive(Clone, Debug, Serialize)]
pub struct Unit {
    /// Its name, which is its folder's.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// What it is about, in a sentence or two.
    pub summary: Text,
    /// The units that come before it.
    pub requires: Vec<String>,
    /// How long it takes, in minutes.
    pub minutes: u32,
    /// What it teaches.
    pub teaches: Vec<Teaches>,
    /// The lesson in Chinese.
    pub zh: Lesson,
    /// The lesson in English.
    pub en: Lesson,
    /// Its lab, if it has one.
    pub lab: Option<LabFiles>,
}

/// A skill that a unit teaches.
#[derive(Clone, Debug, Serialize)]
pub struct Teaches {
    /// The skill.
    pub skill: String,
    /// How well it is mastered afterwards.
    pub level: Level,
}

/// A lab and the programs that belong to it.
#[derive(Clone, Debug, Serialize)]
pub struct LabFiles {
    /// What is checked.
    pub lab: Lab,
    /// What a learner starts from.
    pub starter: String,
    /// What does everything that is asked.
    #[serde(skip)]
    pub solution: String,
    /// The program that makes exhibits of what a learner's program left.
    #[serde(skip)]
    pub exhibits: Option<String>,
    /// Known wrong answers.
    #[serde(skip)]
    pub mutants: Vec<Mutant>,
}

/// A known wrong answer.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// Its file, relative to the unit's folder.
    pub file: String,
    /// Its text.
    pub text: String,
    /// The checks that must fail.
    pub fails: Vec<String>,
}

/// What `unit.toml` says.
pub(crate) struct Facts {
    pub(crate) id: Option<String>,
    pub(crate) title: Option<Text>,
    pub(crate) summary: Option<Text>,
    pub(crate) requires: Vec<(String, usize)>,
    pub(crate) minutes: Option<u32>,
    pub(crate) teaches: Vec<(Teaches, usize)>,
    pub(crate) budget: Budget,
    pub(crate) withhold: Vec<String>,
}

/// What a lab may use up when its author does not say.
const DEFAULT_BUDGET: Budget = Budget { cpu_seconds: 30, memory_mib: 1024 };

/// Reads `unit.toml`.
pub(crate) fn read(text: &str, sink: &Sink<'_>) -> Facts {
    let document = reader::parse(text, sink);
    let table = Reader::new(sink, &document);
    let requires = table.get("requires").and_then(|item| item.items()).unwrap_or_default();
    let teaches = table.need("teaches").and_then(|item| item.items()).unwrap_or_default();
    let mut budget = DEFAULT_BUDGET;
    let mut withhold = Vec::new();
    if let Some(resources) = table.get("resources").and_then(|item| item.table()) {
        budget.cpu_seconds = small(resources.whole("cpu_seconds", 1..=600)).unwrap_or(budget.cpu_seconds);
        budget.memory_mib = small(resources.whole("memory_mib", 64..=16_384)).unwrap_or(budget.memory_mib);
        for item in resources.get("withhold").and_then(|item| item.items()).unwrap_or_default() {
            let Some(part) = item.string() else { continue };
            match part.split_once('/') {
                Some((set, "train" | "test")) if !set.is_empty() => withhold.push(part),
                _ => item.problem(format!("`{part}` is no part of a set; expected one such as `digits/test`")),
            }
        }
        resources.finish();
    }
    let facts = Facts {
        id: table.id("id"),
        title: table.text("title"),
        summary: table.text("summary"),
        requires: requires.iter().filter_map(|item| Some((item.string()?, item.at))).collect(),
        minutes: small(table.need("minutes").and_then(|item| item.whole(1..=1_000))),
        teaches: teaches.iter().filter_map(|item| Some((taught(&item.table()?)?, item.at))).collect(),
        budget,
        withhold,
    };
    table.finish();
    facts
}

fn small(value: Option<i64>) -> Option<u32> {
    value.and_then(|value| u32::try_from(value).ok())
}

fn taught(table: &Reader<'_>) -> Option<Teaches> {
    let skill = table.string("skill");
    let levels = [("know", Level::Know), ("apply", Level::Apply), ("analyse", Level::Analyse)];
    let level = table.need("level").and_then(|item| item.word(&levels));
    Some(Teaches { skill: skill?, level: level? })
}
