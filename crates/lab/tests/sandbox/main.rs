//! The sandbox around small native programs: what a program can do that has broken out of the interpreter.
//!
//! The sandbox starts its own binary again, so this binary is both the tests and the worker, and brings its own `main`.
//! Run it as any test; a word on the command line picks the tests whose names contain it.

#![allow(clippy::unwrap_used, reason = "without libtest's harness clippy does not see that these are tests")]

mod behaviours;
mod cases;

use std::{panic, process::ExitCode, time::Instant};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, rest @ ..] = arguments.as_slice()
        && first == "worker"
    {
        return behaviours::work(rest);
    }
    if arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let wanted = arguments.iter().find(|argument| !argument.starts_with('-'));
    let chosen = cases::CASES.iter().filter(|(name, _)| wanted.is_none_or(|wanted| name.contains(wanted.as_str())));
    let (mut passed, mut failed) = (0, Vec::new());
    for (name, case) in chosen {
        let started = Instant::now();
        match panic::catch_unwind(case) {
            Ok(()) => passed += 1,
            Err(_) => failed.push(*name),
        }
        let result = if failed.last() == Some(name) { "FAILED" } else { "ok" };
        println!("test {name} ... {result} ({:.2} s)", started.elapsed().as_secs_f64());
    }
    println!("\ntest result: {passed} passed; {} failed {failed:?}\n", failed.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
