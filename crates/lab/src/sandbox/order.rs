//! What the parent tells the worker over its pipe, and the worker's first answer.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Part;
use crate::LabJob;

/// All that a worker is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    pub(super) task: Task,
    /// How to confine itself; not at all when absent.
    pub(super) confinement: Option<Plan>,
}

/// What a worker is there for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// To run a program.
    Job(Box<LabJob>),
    /// To attempt something that the confinement forbids, by its name in [`attempts()`](super::attempts()).
    Attempt(String),
}

/// How a worker confines itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    /// The parts that it does without, because the kernel lacks them.
    pub(super) without: Vec<Part>,
    /// The user to become.
    pub(super) user: Option<u32>,
    /// Whether it leaves the terminal and the parent's group of processes.
    pub(super) own_session: bool,
    /// The program's temporary folder.
    pub(super) temporary: PathBuf,
    /// Files outside the job's folders that may be read.
    pub(super) readable: Vec<PathBuf>,
}

/// The worker's first line: whether it stands where the program may begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// It is confined, and begins.
    Ready,
    /// It could not be, for this reason, and ends.
    Refused(String),
}
