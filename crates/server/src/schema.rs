//! The forms of answers that other crates' types have, as the description of the API needs them, and those that several
//! routes share.
//!
//! Tests hold the first kind to the types that are really sent.

use lyceum_store::{Account, Millis};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text in both languages.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub zh: String,
    pub en: String,
}

/// What an account may do.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Learner,
    Instructor,
    Operator,
}

/// A language of the product.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    Zh,
    En,
}

/// How well a skill is mastered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Know,
    Apply,
    Analyse,
}

impl From<lyceum_curriculum::Level> for Level {
    fn from(level: lyceum_curriculum::Level) -> Self {
        use lyceum_curriculum::Level as Taught;
        match level {
            Taught::Know => Level::Know,
            Taught::Apply => Level::Apply,
            Taught::Analyse => Level::Analyse,
        }
    }
}

/// What a program was sent for: to see what it does, or to be graded.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionKind {
    Run,
    Submit,
}

/// How far a submission is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionState {
    Queued,
    Running,
    Done,
    Stopped,
    Failed,
}

/// How a submission or one check came out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GradeStatus {
    Pass,
    Fail,
    Error,
    Timeout,
    NotGradable,
}

/// What a submission is worth.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    pub version: u32,
    pub lab_version: String,
    pub status: GradeStatus,
    pub score: u32,
    pub max_score: u32,
    pub tests: Vec<TestGrade>,
    pub mistakes: Vec<Mistake>,
    /// What is to be said of the run as a whole.
    #[schema(required, nullable)]
    pub message: Option<Text>,
}

/// What one check is worth. Texts have Markdown's backticks and nothing else of it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestGrade {
    pub id: String,
    pub skill_ids: Vec<String>,
    pub title: Text,
    pub status: GradeStatus,
    pub points: u32,
    pub max_points: u32,
    pub message: Text,
    #[schema(required, nullable)]
    pub observed: Option<Text>,
    #[schema(required, nullable)]
    pub line: Option<u32>,
    pub hints: Vec<Text>,
}

/// A classic mistake that was recognised.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mistake {
    /// Its name, as in `forgot-zero-grad`.
    pub kind: String,
    pub message: Text,
    #[schema(required, nullable)]
    pub line: Option<u32>,
}

/// What is told of a run, a piece at a time.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Frame {
    /// How the run stands.
    Phase {
        phase: Phase,
        /// How many come before it, this one counted, while it waits.
        #[serde(skip_serializing_if = "Option::is_none")]
        position: Option<u64>,
        /// Unix milliseconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<u64>,
    },
    /// The program printed something.
    Output { stream: Stream, text: String },
    /// Things happened in the program.
    Events {
        /// Objects with `event`, `step`, `name`, `time`, and `value` or, for a figure, `svg`.
        events: Vec<serde_json::Value>,
    },
    /// The program ended.
    Report {
        outcome: Outcome,
        exit_code: u8,
        #[schema(required, nullable)]
        exception: Option<Exception>,
        resources: Resources,
    },
    /// What it is worth.
    Grade { grade: Grade },
    /// The program told more than is kept; what followed was left out.
    LeftOut,
}

/// How a run stands.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Queued,
    Restarted,
    Starting,
    Running,
    Grading,
    Done,
    Stopped,
    Failed,
}

/// One of the streams that a program prints to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    Stdout,
    Stderr,
}

/// How a run ended.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Finished,
    Raised,
    TimedOut,
    OutOfMemory,
    OutputLimit,
    Killed,
}

/// The exception that ended a program.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    pub class: String,
    pub message: String,
    /// The learner's line.
    #[schema(required, nullable)]
    pub line: Option<u32>,
    pub traceback: String,
}

/// What a run used up.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    pub wall_seconds: f64,
    pub cpu_seconds: f64,
    pub peak_memory_bytes: u64,
}

/// An account, as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountView {
    pub id: String,
    /// The login.
    pub name: String,
    /// How the person is called.
    pub display: String,
    #[schema(value_type = Role)]
    pub role: lyceum_store::Role,
    #[schema(value_type = Language)]
    pub language: lyceum_store::Language,
    /// Unix milliseconds.
    pub created: Millis,
    /// Since when it cannot sign in.
    #[schema(required, nullable)]
    pub disabled: Option<Millis>,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        let Account { id, name, display, role, language, created, disabled } = account;
        Self { id, name, display, role, language, created, disabled }
    }
}

#[cfg(test)]
mod tests {
    use lyceum_lab::{LabReport, Outcome as Ended, Text as LabText, grading};

    use super::*;
    use crate::jobs::frames;

    #[test]
    fn the_description_of_a_grade_is_what_is_sent() {
        let text = LabText::new("中", "e");
        let grade = lyceum_lab::Grade {
            version: 1,
            lab_version: "v".into(),
            status: grading::Status::NotGradable,
            score: 1,
            max_score: 2,
            tests: vec![grading::TestGrade {
                id: "a".into(),
                skill_ids: vec!["b".into()],
                title: text.clone(),
                status: grading::Status::Pass,
                points: 1,
                max_points: 2,
                message: text.clone(),
                observed: Some(text.clone()),
                line: Some(3),
                hints: vec![text.clone()],
            }],
            mistakes: vec![grading::Mistake { kind: grading::MistakeKind::WrongDim, message: text, line: None }],
            message: None,
        };
        let sent = serde_json::to_value(frames::Frame::Grade { grade: &grade }).unwrap();
        let described: Frame = serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(serde_json::to_value(described).unwrap(), sent);
    }

    #[test]
    fn the_description_of_frames_is_what_is_sent() {
        let mut report = LabReport::ended(Ended::Raised);
        report.exception = Some(lyceum_lab::Exception {
            class: "ValueError".into(),
            message: "no".into(),
            frames: Vec::new(),
            traceback: "/tmp/x/submission.py".into(),
        });
        let events = vec![serde_json::json!({"event": "scalar"})];
        for frame in [
            frames::Frame::phase(frames::Phase::Restarted),
            frames::Frame::report(&report, "/tmp/x/submission.py".as_ref()),
            frames::Frame::Output { stream: lyceum_lab::sandbox::Stream::Stderr.into(), text: "x" },
            frames::Frame::Events { events: &events },
        ] {
            let sent = serde_json::to_value(&frame).unwrap();
            let described: Frame = serde_json::from_value(sent.clone()).unwrap();
            assert_eq!(serde_json::to_value(described).unwrap(), sent);
        }
    }
}
