//! Courses as files, checked and turned into plain types.
//!
//! [`load()`] reads a course's folder and returns the course together with everything that is wrong with it, each with
//! file and line: bad content is data for its author, never a failure of Lyceum and never a learner's problem.
//!
//! - [`course`], [`mod@unit`], [`lesson`], [`question`]: what a course is made of
//! - `lab`, `input`: what `checks.toml` says
//! - [`formula`], [`program`]: formulas as MathML, programs as syntax trees
//! - [`source`]: what the text of a program tells
//! - [`exam`]: what is asked of one learner's program; [`submission`]: exam, run and grade; [`trial`]: a whole course
//!   tried out
//! - [`problem`], `reader`: what is wrong, and reading TOML so that all of it is found
//!

pub mod course;
pub mod exam;
pub mod formula;
mod input;
mod lab;
pub mod lesson;
mod load;
pub mod problem;
pub mod program;
pub mod question;
mod reader;
pub mod source;
pub mod submission;
pub mod trial;
pub mod unit;

pub use course::{Course, Level, Skill};
pub use lesson::Lesson;
pub use load::{Loaded, load, load_unit};
pub use problem::Problem;
pub use question::{Answer, Question};
pub use submission::{Bench, Examined, Runner, submit};
pub use unit::{LabFiles, Mutant, Unit};
