//! The frames of a run, as they are sent: each is an object with a `type`.

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use lyceum_lab::{Grade, LabReport, Outcome, Resources};
use serde::Serialize;
use serde_json::Value;

use super::sandboxed::{StreamName, folder_of};

/// A frame.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Frame<'a> {
    /// How the run stands.
    Phase {
        phase: Phase,
        /// Unix milliseconds.
        at: u64,
    },
    /// The program printed something.
    Output { stream: StreamName, text: &'a str },
    /// Things happened in the program.
    Events { events: &'a [Value] },
    /// The program ended.
    Report { outcome: Outcome, exit_code: u8, exception: Option<ShownException>, resources: Resources },
    /// What it is worth.
    Grade { grade: &'a Grade },
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The server was restarted, and what came before does not count.
    Restarted,
    Starting,
    Running,
    Grading,
    Done,
    Stopped,
    Failed,
}

/// An exception as it is shown.
#[derive(Debug, Serialize)]
pub struct ShownException {
    class: String,
    message: String,
    /// The learner's line.
    line: Option<u32>,
    traceback: String,
}

impl Frame<'_> {
    pub fn phase(phase: Phase) -> Self {
        Frame::Phase { phase, at: now() }
    }

    pub fn report(report: &LabReport, program: &Path) -> Self {
        let (file, folder) = (program.to_string_lossy(), folder_of(program));
        let exception = report.exception.as_ref().map(|exception| ShownException {
            class: exception.class.clone(),
            message: exception.message.replace(&folder, ""),
            line: exception.line_in(&file),
            traceback: exception.traceback.replace(&folder, ""),
        });
        Frame::Report { outcome: report.outcome, exit_code: report.exit_code, exception, resources: report.resources }
    }
}

/// Returns the time in Unix milliseconds.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
