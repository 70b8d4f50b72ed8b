//! Tests of the engine as a whole.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bad_input;
mod derivatives;
mod graph;
mod views;
