//! The project's own commands, called as `cargo xtask COMMAND`. Each command has its file; what several of them ask
//! of cargo is in [`project`].

mod bench;
mod check;
mod e2e;
mod examples;
mod golden;
mod project;
mod test;
mod tools;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "usage: cargo xtask COMMAND\n\n  \
    check [--quick]                    format, lints, documentation, licences, the crates' directions\n  \
    test [ARGUMENT...]                 every test, in the release profile; arguments go to `cargo test`\n  \
    bench [--json] [--binary PATH]     how long a program takes to start and to train, and its memory\n  \
    bench labs [--json] [--binary PATH] [--submissions N]\n                                     \
    how long a submission takes from file to grade\n  \
    bench platform [--json] [--binary PATH] [--learners N] [--seconds N]\n                                     \
    the server under simulated learners: pages, submissions, memory\n  \
    e2e [ARGUMENT...]                  the real server in a real browser; arguments go to `vitest`\n  \
    examples [--short] [--binary PATH] [NAME...]\n                                     \
    train the examples in full, and hold them to the results that they claim\n  \
    golden --python PATH [FAMILY...]   record golden values with PyTorch";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let Some((command, arguments)) = arguments.split_first() else { bail!("{USAGE}") };
    match command.as_str() {
        "bench" => bench::run(arguments),
        "check" => check::run(arguments),
        "e2e" => e2e::run(arguments),
        "examples" => examples::run(arguments),
        "golden" => golden::run(arguments),
        "test" => test::run(arguments),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!("unknown command {other}\n{USAGE}"),
    }
}
