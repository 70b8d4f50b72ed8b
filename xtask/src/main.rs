//! The project's own commands, called as `cargo xtask COMMAND`. Each command has its file.

mod golden;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "usage: cargo xtask COMMAND\n\n  \
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
    match arguments.first().map(String::as_str) {
        Some("golden") => golden::run(&arguments[1..]),
        Some(other) => bail!("unknown command {other}\n{USAGE}"),
        None => bail!("{USAGE}"),
    }
}
