//! The binary as a user meets it: its output, its exit status, the files it leaves.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod article;
mod data;
mod datasets;
mod doctor;
mod escapes;
mod examples;
mod figures;
mod golden;
mod help;
mod labs;
mod live;
mod programs;
mod run;
mod sandbox;
mod serve;
mod xray;
