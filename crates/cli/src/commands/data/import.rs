//! `lyceum data import`

use std::{io, io::Write, path::PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};
use lyceum_data::{Card, Catalogue, Format, ImportOptions};

/// Puts a data set of your own into the catalogue, after checking all of it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lyceum data import mnist ~/Downloads/mnist       MNIST's IDX files, compressed or not
  lyceum data import flats flats.csv --target rent a table with a header
  lyceum data import play hamlet.txt               a text in UTF-8

In a table every column holds numbers but the one that is predicted, which may hold words.")]
pub struct ImportArgs {
    /// The name that programs will load the set by: a-z, 0-9, '-', '_' and '.'.
    name: String,
    /// A .csv or .txt file, one of MNIST's IDX files, or a folder with those.
    path: PathBuf,
    /// The form of the files, where their names do not tell it.
    #[arg(long, value_enum)]
    format: Option<FormatArg>,
    /// The column of a table that is predicted; without it the last one.
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// A column of a table to leave out; may be given several times.
    #[arg(long, value_name = "COLUMN")]
    drop: Vec<String>,
    /// A line that says what the set is.
    #[arg(long, default_value = "", hide_default_value = true)]
    title: String,
    /// The terms under which it may be used.
    #[arg(long, default_value = "", hide_default_value = true)]
    licence: String,
    /// Where it comes from.
    #[arg(long, default_value = "", hide_default_value = true)]
    source: String,
    /// Replace a set of the same name.
    #[arg(long)]
    replace: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatArg {
    /// Images and labels as MNIST has them.
    Idx,
    /// A table with a header.
    Csv,
    /// A text in UTF-8.
    Text,
}

pub fn run(args: &ImportArgs) -> Result<()> {
    let options = ImportOptions {
        format: args.format.map(|format| match format {
            FormatArg::Idx => Format::Idx,
            FormatArg::Csv => Format::Csv,
            FormatArg::Text => Format::Text,
        }),
        target: args.target.clone(),
        drop: args.drop.clone(),
        card: Card {
            title: args.title.clone(),
            description: String::new(),
            licence: args.licence.clone(),
            source: args.source.clone(),
        },
        replace: args.replace,
    };
    let set = Catalogue::from_env().import(&args.name, &args.path, &options)?;
    writeln!(io::stdout(), "{}: {}", set.name, set.summary())?;
    Ok(())
}
