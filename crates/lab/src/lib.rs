//! What a run is: the job that is asked for, the sandbox it runs in, the events it gives off, and the
//! report it ends with.
//!
//! A program always runs in a child process. The parent hands the child one [`LabJob`] and receives
//! [`Message`]s, one JSON object a line, over pipes of their own: the learner's standard output
//! carries neither. This crate holds those plain types and their wire form, and starts, confines,
//! watches and kills the child. Running Python belongs to `lyceum-python`, which this crate does not
//! know.
//!
//! - [`job`]: what to run and within which limits
//! - [`event`]: what happens while it runs
//! - [`figure`]: what a program has drawn: the description, and the drawing of it
//! - [`exhibit`]: figures to move about in, of what a program has trained
//! - [`xray`]: what a training step looks like from inside
//! - [`report`]: how it ended
//! - [`wire`]: lines of JSON
//! - [`sandbox`]: the child process
//! - [`checks`]: a lab, and what it looks at
//! - [`probe`]: what is asked of a program after it ended, and what was seen
//! - [`facts`]: what a training and a program's text tell
//! - [`grading`]: what a run is worth, and why
//! - [`value`]: Python values as plain data
//! - [`random`]: the host's own random numbers
//!
//! **Invariant:** what comes from a child is untrusted. Every type here can be read from any bytes
//! without a panic, and [`wire::Lines`] bounds the length of a line.

pub mod checks;
pub mod event;
pub mod exhibit;
pub mod facts;
pub mod figure;
pub mod grading;
pub mod job;
mod number;
pub mod probe;
pub mod random;
pub mod report;
pub mod sandbox;
pub mod value;
pub mod wire;
pub mod xray;

pub use checks::{Check, Failure, Kind, Lab, Language, Text};
pub use event::Event;
pub use exhibit::Exhibit;
pub use facts::{SourceFacts, Trace};
pub use figure::Figure;
pub use grading::{Grade, grade};
pub use job::{FileView, LabJob, Limits};
pub use probe::{Arguments, Notice, Observation, Probe};
pub use report::{Artefact, Exception, LabReport, Outcome, Resources, StackFrame};
pub use value::{DType, TensorValue, Value};
pub use wire::Message;
