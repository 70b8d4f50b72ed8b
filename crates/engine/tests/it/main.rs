//! Tests of the engine as a whole.

mod derivatives;
mod graph;
mod views;
