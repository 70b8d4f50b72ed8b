//! Grading: what a run is worth, and why. Pure: the same lab, key and evidence give the same grade.
//!
//! The learner's process is believed in nothing but what it computed. What was expected is in the
//! [`Key`] and in the answers of the solution, which ran in a process of its own; both are compared
//! here, by numbers alone.
//!
//! - `compare`: two values
//! - `verdict`: one check
//! - `predict`, `training`, `source`: the checks that need more than comparing
//! - `mistakes`: the classic mistakes, recognised by what was observed
//! - `message`: what is said

mod compare;
mod message;
mod mistakes;
mod predict;
mod source;
mod training;
mod verdict;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Lab, LabReport, Outcome, SourceFacts, TensorValue, Text, Trace, Value};
pub use mistakes::{Mistake, MistakeKind};
pub use predict::confusions;

/// The version of the form of a grade.
pub const VERSION: u32 = 1;

/// What a submission is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grade {
    /// The version of this form.
    pub version: u32,
    /// The version of the lab that it was graded by.
    pub lab_version: String,
    /// How it came out.
    pub status: Status,
    /// The points that were earned.
    pub score: u32,
    /// The points that there are.
    pub max_score: u32,
    /// The checks, in the lab's order.
    pub tests: Vec<TestGrade>,
    /// Classic mistakes that were recognised.
    pub mistakes: Vec<Mistake>,
    /// What is to be said of the run as a whole: that it raised, ran out of time, or cannot be graded.
    pub message: Option<Text>,
}

/// How a submission or one check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It does what is asked.
    Pass,
    /// It does something else.
    Fail,
    /// It ended with an exception, or was ended.
    Error,
    /// Its time was up.
    Timeout,
    /// The lab itself is at fault. This costs no attempt.
    NotGradable,
}

/// What one check is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestGrade {
    /// The check.
    pub id: String,
    /// The skills that it shows.
    pub skill_ids: Vec<String>,
    /// What it is about.
    pub title: Text,
    /// How it came out.
    pub status: Status,
    /// The points that were earned.
    pub points: u32,
    /// The points that there are.
    pub max_points: u32,
    /// What is said of it.
    pub message: Text,
    /// What was seen: the call, and what came of it. Absent when it passed.
    pub observed: Option<Text>,
    /// The learner's line that is meant, if one is known.
    pub line: Option<u32>,
    /// Help in stages; only the first check that did not pass has any.
    pub hints: Vec<Text>,
}

/// What is expected of one learner. It never leaves the host.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// Expected values that are written down in the lab, by probe.
    pub expected: BTreeMap<String, Value>,
    /// The labels of hidden inputs, by check.
    pub labels: BTreeMap<String, TensorValue>,
    /// The hidden inputs that are images of one channel, by check.
    #[serde(default)]
    pub images: BTreeMap<String, TensorValue>,
    /// The names of the classes that labels stand for, by check, where they have some.
    #[serde(default)]
    pub classes: BTreeMap<String, Vec<String>>,
    /// The calls as a person would write them, by probe.
    pub calls: BTreeMap<String, String>,
}

/// Returns the name of the probe of one case of a check.
pub fn probe_id(check: &str, case: usize) -> String {
    format!("{check}/{case}")
}

/// One run of the learner's program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// How it ended, and what the probes saw.
    pub report: LabReport,
    /// How its training went.
    pub trace: Trace,
}

/// What there is to grade by.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The runs of the learner's program, one for each seed. The first answers every probe.
    pub runs: &'a [Run],
    /// What the solution answered; absent when no check needs it.
    pub reference: Option<&'a LabReport>,
    /// What the text of the program tells.
    pub source: &'a SourceFacts,
    /// The learner's file, as tracebacks name it.
    pub file: &'a str,
}

/// Grades a submission.
pub fn grade(lab: &Lab, key: &Key, evidence: &Evidence<'_>) -> Grade {
    let mut verdicts: Vec<_> = lab.checks.iter().map(|check| verdict::of(check, key, evidence)).collect();
    verdict::text_alone_proves_nothing(&lab.checks, &mut verdicts);
    let mistakes = match verdicts.iter().all(|verdict| verdict.status == Status::Pass) {
        true => Vec::new(),
        false => mistakes::recognise(lab, key, evidence),
    };
    let mut first_failed = true;
    let tests: Vec<TestGrade> = lab
        .checks
        .iter()
        .zip(verdicts)
        .map(|(check, verdict)| {
            let passed = verdict.status == Status::Pass;
            let hints = if !passed && first_failed { check.hints.clone() } else { Vec::new() };
            first_failed &= passed;
            TestGrade {
                id: check.id.clone(),
                skill_ids: check.skills.clone(),
                title: check.title.clone(),
                status: verdict.status,
                points: if passed { check.points } else { 0 },
                max_points: check.points,
                message: verdict.message,
                observed: verdict.observed,
                line: verdict.line,
                hints,
            }
        })
        .collect();
    let outcome = evidence.runs.first().map(|run| run.report.outcome);
    let status = overall(&tests, outcome);
    Grade {
        version: VERSION,
        lab_version: lab.version.clone(),
        status,
        score: tests.iter().map(|test| test.points).sum(),
        max_score: tests.iter().map(|test| test.max_points).sum(),
        mistakes,
        message: message::of_run(status, evidence),
        tests,
    }
}

/// A run passes when all its checks do and the program came to its end.
fn overall(tests: &[TestGrade], outcome: Option<Outcome>) -> Status {
    let has = |status| tests.iter().any(|test| test.status == status);
    match outcome {
        None => Status::NotGradable,
        _ if tests.is_empty() => Status::NotGradable,
        _ if has(Status::NotGradable) => Status::NotGradable,
        Some(Outcome::TimedOut) => Status::Timeout,
        Some(Outcome::Raised | Outcome::OutOfMemory | Outcome::OutputLimit | Outcome::Killed) => Status::Error,
        Some(Outcome::Finished) if has(Status::Timeout) => Status::Timeout,
        Some(Outcome::Finished) if has(Status::Fail) => Status::Fail,
        Some(Outcome::Finished) if has(Status::Error) => Status::Error,
        Some(Outcome::Finished) => Status::Pass,
    }
}

#[cfg(test)]
mod tests;
