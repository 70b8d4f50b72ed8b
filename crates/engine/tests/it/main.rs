//! Tests of the engine as a whole.

mod bad_input;
mod derivatives;
mod graph;
mod views;
