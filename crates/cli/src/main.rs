//! The binary `lyceum`: reads the command line, runs a command, and says what went wrong.
//!
//! Each command is a file under [`commands`], named as the user types it. What a command needs beyond
//! its arguments has a room of its own: [`signals`] notices Ctrl-C, [`live`] shows how a program's
//! training goes, [`progress`] knows, [`artefacts`] lists what it wrote, [`figures`] draws what it
//! showed, and [`memory`] counts what every process of this binary allocates. Starting, confining and ending the process that runs a
//! program is the work of `lyceum_lab::sandbox`.

mod artefacts;
mod commands;
mod figures;
mod hint;
mod labs;
mod language;
mod live;
mod memory;
mod progress;
mod signals;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: memory::CountingAllocator = memory::CountingAllocator;

/// The exit status of a command that failed by itself; 1 belongs to the learner's program.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let lyceum = commands::Lyceum::parse();
    match lyceum.run() {
        Ok(code) => ExitCode::from(code),
        // Whoever read the output has had enough of it, as `head` has.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            if let Some(hint) = hint::of(&error) {
                eprintln!("hint: {hint}");
            }
            ExitCode::from(FAILED)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
