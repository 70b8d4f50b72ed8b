//! The Python that learners write: RustPython with its standard library, our frozen packages `torch` and `lyceum`,
//! and a view of files that shows a program its own folder and nothing else.
//!
//! The one entry is [`run_program`]. It runs a program to its end on a thread of its own, streaming what it prints to
//! the process's stdout and stderr, and tells how it ended as an [`Outcome`]: an exception of the learner is data,
//! never an `Err`.
//!
//! ```no_run
//! use lyceum_python::{Files, Program, run_program};
//!
//! let (program, data, out) = ("lessons".into(), vec!["/data/mnist".into()], "runs/1".into());
//! let files = Files { program, data, out, temporary: None };
//! let outcome = run_program(Program::new("lessons/train.py", files))?;
//! std::process::exit(outcome.status);
//! # Ok::<(), lyceum_python::Error>(())
//! ```
//!
//! What is where: `interpreter` builds and runs the interpreter, `freeze` holds the Python library compiled into the
//! binary, `files` the folders that a program sees, `traceback` what is printed of an exception, `nesting` keeps source
//! text within the stack, `encodings` reads East Asian text, `figures` is the native half of `matplotlib` and `numpy` that
//! of `numpy`, `probes` asks a program that ended what its functions give, `notices` keeps what is worth telling without an exception, `xray`
//! looks into training steps, `torch` is the native half of the package `torch`. `lib/` is the Python half of all of
//! these.
//!
//! The crate confines the interpreter, not the process: see `lyceum_lab::sandbox` for that, which comes between
//! [`Program::open`] and [`OpenProgram::run`]. A running program
//! cannot be stopped from outside but by ending its process, so run it in a child.

mod audio;
pub mod datasets;
mod encodings;
pub mod figures;
mod files;
mod freeze;
mod images;
mod interpreter;
mod nesting;
mod notices;
mod numpy;
mod probes;
pub mod scalars;
mod tokenizing;
mod torch;
mod traceback;
pub mod xray;

pub use files::Files;
pub use interpreter::{Error, Exhibits, OpenProgram, Outcome, Program, run_program};
pub use traceback::{Frame, Raised};
