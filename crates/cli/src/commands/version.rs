//! `lyceum version`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;

/// Prints the version.
#[derive(Args)]
pub struct VersionArgs {}

pub fn run(_: &VersionArgs) -> Result<()> {
    writeln!(io::stdout(), "lyceum {}", env!("CARGO_PKG_VERSION"))?;
    Ok(())
}
