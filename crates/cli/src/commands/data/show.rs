//! `lyceum data show`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use lyceum_data::Catalogue;

/// Shows what a data set holds, where it comes from and under which terms it may be used.
#[derive(Args)]
pub struct ShowArgs {
    /// The set's name.
    name: String,
}

pub fn run(args: &ShowArgs) -> Result<()> {
    let set = Catalogue::from_env().describe(&args.name)?;
    let mut out = io::stdout().lock();
    let mut line = |label: &str, value: &str| match value {
        "" => Ok(()),
        value => writeln!(out, "{label:9}{value}"),
    };
    line("name", &set.name)?;
    line("title", &set.card.title)?;
    line("holds", &set.summary.map(|summary| summary.to_string()).unwrap_or_default())?;
    line("licence", &set.card.licence)?;
    line("source", &set.card.source)?;
    match &set.folder {
        Some(folder) => line("folder", &folder.display().to_string())?,
        None if lyceum_data::published::find(&set.name).is_some() => {
            line("state", &format!("not here; `lyceum data pull {}` downloads it", set.name))?;
        }
        None => line("state", "built in")?,
    }
    match set.as_published {
        Some(true) => line("files", "as they were published, byte for byte")?,
        Some(false) => line("files", "others than those that were published under this name")?,
        None => {}
    }
    if !set.card.description.is_empty() {
        writeln!(out, "\n{}", set.card.description.trim_end())?;
    }
    Ok(())
}
