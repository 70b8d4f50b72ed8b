//! Programs that wait and run.
//!
//! A submission is written to the store before it is acknowledged, stands in the queue until it is its learner's turn,
//! and is taken by one of the workers. Each worker is a thread that lives as long as the server: a program's process
//! dies with the thread that started it.
//!
//! - [`desk`]: takes submissions in, gives them to workers, stops them
//! - [`queue`]: whose turn it is
//! - [`grade_submission`], [`run_program`]: what is done with one
//! - [`lesson_outputs`], [`completions`]: programs that nobody sent, for the time when nothing waits
//! - [`sandboxed`]: the processes; [`live`], [`frames`], [`thinner`]: what is told of them
//!
//! **Invariant:** whatever was acknowledged is in the store. What was running when the server died is queued again when
//! it starts, and only the attempt that is under way can record a grade.

pub mod completions;
pub mod desk;
pub mod frames;
mod grade_submission;
pub mod lesson_outputs;
pub mod live;
pub mod queue;
mod run_program;
pub mod sandboxed;
pub mod thinner;

pub use desk::Desk;
