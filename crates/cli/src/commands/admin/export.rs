//! `lyceum admin export`

use std::{
    fs::File,
    io::{self, Write},
    path::PathBuf,
};

use anyhow::{Context, Result};
use clap::Args;

use super::{DatabaseArgs, account};

/// Writes everything that is kept of a person, as JSON.
#[derive(Args)]
pub struct ExportArgs {
    /// Their login.
    #[arg(value_name = "NAME")]
    name: String,
    /// The file; without it standard output.
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub async fn run(args: &ExportArgs) -> Result<()> {
    let store = args.database.open().await?;
    let account = account(&store, &args.name).await?;
    let mut out: Box<dyn Write> = match &args.out {
        Some(path) => Box::new(File::create(path).with_context(|| format!("cannot write {}", path.display()))?),
        None => Box::new(io::stdout().lock()),
    };
    let mut record = store.export(&account.id).await?;
    while let Some(piece) = record.next().await? {
        out.write_all(piece.as_bytes())?;
    }
    out.flush()?;
    Ok(())
}
