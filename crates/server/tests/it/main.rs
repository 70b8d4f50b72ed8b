//! The server, asked over HTTP as a browser asks it.
//!
//! No program is really run here: the workers of these servers only wait. What needs the interpreter is tested with the
//! whole binary, in `crates/cli/tests/it/serve`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounts;
mod api;
mod cohorts;
mod hardening;
mod house;
mod learning;
#[allow(dead_code, reason = "the tests of the whole binary ask for more")]
mod person;
mod programs;
mod roles;
