//! Runs real programs, each in a child process of its own, and compares what they print and leave behind.

mod depth;
mod ending;
mod files;
mod importing;
mod library;
mod runner;
mod streams;
mod torch;
