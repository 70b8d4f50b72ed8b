//! The project's own commands, called as `cargo xtask COMMAND`. Each command has its file.

mod golden;

use anyhow::{Result, bail};

const USAGE: &str = "usage: cargo xtask COMMAND\n\n  \
    golden --python PATH [FAMILY...]   record golden values with PyTorch";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("golden") => golden::run(&arguments[1..]),
        Some(other) => bail!("unknown command {other}\n{USAGE}"),
        None => bail!("{USAGE}"),
    }
}
