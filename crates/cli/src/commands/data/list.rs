//! `lyceum data list`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use lyceum_data::{Catalogue, catalogue::State};

use super::human_size;

/// Lists the data sets: built in, on this machine, and to be pulled.
#[derive(Args)]
pub struct ListArgs {}

pub fn run(_: &ListArgs) -> Result<()> {
    let listings = Catalogue::from_env().list()?;
    let rows: Vec<(String, String, String)> = listings
        .into_iter()
        .map(|set| {
            let (state, title) = match set.state {
                State::BuiltIn => ("built in".into(), set.title),
                State::Here => ("here".into(), set.title),
                State::ToPull { bytes } => (format!("pull, {}", human_size(bytes)), set.title),
                State::Damaged(error) => ("damaged".into(), error.to_string()),
            };
            (set.name, state, title)
        })
        .collect();
    let width = |column: fn(&(String, String, String)) -> &String| {
        rows.iter().map(|row| column(row).chars().count()).max().unwrap_or(0)
    };
    let (names, states) = (width(|row| &row.0), width(|row| &row.1));
    let mut out = io::stdout().lock();
    for (name, state, title) in &rows {
        writeln!(out, "{name:names$}  {state:states$}  {title}")?;
    }
    Ok(())
}
