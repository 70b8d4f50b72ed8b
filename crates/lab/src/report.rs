//! The report: how a run ended, and what it left.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Notice, Observation, sandbox::Part};

/// How a run ended, and what it left.
///
/// The child writes it as its last message. When the child could not (it was killed), the parent
/// makes one with [`LabReport::ended`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabReport {
    /// How the run ended.
    pub outcome: Outcome,
    /// The status that the process ends with.
    pub exit_code: u8,
    /// The exception that ended the program, if one did.
    #[serde(default)]
    pub exception: Option<Exception>,
    /// The last value of every scalar that was reported, by name.
    #[serde(default, with = "crate::number::map")]
    pub metrics: BTreeMap<String, f64>,
    /// The files that the program wrote.
    #[serde(default)]
    pub artefacts: Vec<Artefact>,
    /// What the probes saw, by their ids. Untrusted. The child sends each by itself, and whoever reads its messages
    /// puts them here.
    #[serde(default)]
    pub observed: BTreeMap<String, Observation>,
    /// What happened that no exception tells. Untrusted.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// What the run used up.
    #[serde(default)]
    pub resources: Resources,
    /// The parts of the confinement that the kernel lacks; none in a run that was confined as it should be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Part>,
}

impl LabReport {
    /// Makes the report of a run that ended so and left nothing else to tell.
    pub fn ended(outcome: Outcome) -> Self {
        Self {
            outcome,
            exit_code: outcome.exit_code(),
            exception: None,
            metrics: BTreeMap::new(),
            artefacts: Vec::new(),
            observed: BTreeMap::new(),
            notices: Vec::new(),
            resources: Resources::default(),
            missing: Vec::new(),
        }
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The program came to its end, or called `sys.exit`.
    Finished,
    /// An exception ended it.
    Raised,
    /// It ran longer than its limit.
    TimedOut,
    /// It needed more memory than its limit, or than there is.
    OutOfMemory,
    /// It wrote more than it may.
    OutputLimit,
    /// Someone or something else ended it.
    Killed,
}

impl Outcome {
    /// Returns the exit status that stands for the outcome: the shell's conventions, so 124 is what
    /// `timeout` gives and 137 what a kernel out of memory leaves.
    pub fn exit_code(self) -> u8 {
        match self {
            Outcome::Finished => 0,
            Outcome::Raised => 1,
            Outcome::TimedOut => 124,
            Outcome::OutOfMemory => 137,
            Outcome::OutputLimit => 153,
            Outcome::Killed => 130,
        }
    }
}

/// The exception that ended a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The exception's class, such as `ValueError`.
    pub class: String,
    /// What `str()` gives of it.
    pub message: String,
    /// The calls that led to it, the outermost first.
    #[serde(default)]
    pub frames: Vec<StackFrame>,
    /// The traceback as it was printed.
    #[serde(default)]
    pub traceback: String,
}

impl Exception {
    /// Returns the line of `file` that the exception came out of: the innermost frame in that file,
    /// so that an error inside the library is shown at the learner's own line.
    pub fn line_in(&self, file: &str) -> Option<u32> {
        self.frames.iter().rev().find(|frame| frame.file == file).map(|frame| frame.line)
    }
}

/// One call in a traceback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackFrame {
    /// The file, as Python names it.
    pub file: String,
    /// The line in it, counted from 1.
    pub line: u32,
    /// The function, or `<module>`.
    pub function: String,
}

/// A file that a run wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artefact {
    /// Its path inside the run's folder.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What a run used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Resources {
    /// Seconds from start to end.
    #[serde(default)]
    pub wall_seconds: f64,
    /// Seconds of computing, over all threads.
    #[serde(default)]
    pub cpu_seconds: f64,
    /// The most memory that was resident at one time, in bytes; 0 when it is not known.
    #[serde(default)]
    pub peak_memory_bytes: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_survives_its_wire_form() {
        let mut report = LabReport::ended(Outcome::Raised);
        report.exception = Some(Exception {
            class: "ValueError".into(),
            message: "expected 2 columns, got 3\n".into(),
            frames: vec![StackFrame { file: "train.py".into(), line: 4, function: "main".into() }],
            traceback: "Traceback (most recent call last):\n".into(),
        });
        report.metrics.insert("loss".into(), f64::INFINITY);
        report.artefacts.push(Artefact { path: "model.ckpt".into(), bytes: 12 });
        report.observed.insert("mean/0".into(), Observation::Missing { name: "mean".into() });
        report.notices.push(Notice::Withheld { line: 3, split: "digits/test".into() });
        report.resources = Resources { wall_seconds: 1.5, cpu_seconds: 2.5, peak_memory_bytes: 9 };
        let line = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<LabReport>(&line).unwrap(), report);
    }

    #[test]
    fn the_learners_own_line_is_the_innermost_one_in_their_file() {
        let frame = |file: &str, line| StackFrame { file: file.into(), line, function: "f".into() };
        let exception = Exception {
            class: "RuntimeError".into(),
            message: String::new(),
            frames: vec![frame("a.py", 9), frame("a.py", 3), frame("torch/nn/module.py", 80)],
            traceback: String::new(),
        };
        assert_eq!(exception.line_in("a.py"), Some(3));
        assert_eq!(exception.line_in("b.py"), None);
    }

    #[test]
    fn outcomes_are_named_as_the_design_names_them() {
        let names: Vec<String> = [
            Outcome::Finished,
            Outcome::Raised,
            Outcome::TimedOut,
            Outcome::OutOfMemory,
            Outcome::OutputLimit,
            Outcome::Killed,
        ]
        .iter()
        .map(|outcome| serde_json::to_string(outcome).unwrap())
        .collect();
        assert_eq!(names.join(" "), r#""finished" "raised" "timed_out" "out_of_memory" "output_limit" "killed""#);
    }
}
