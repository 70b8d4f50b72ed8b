//! `lyceum admin backup`

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use lyceum_store::Error;

use super::DatabaseArgs;
use crate::hint;

/// Writes a copy of the database to a file, also while the server runs.
///
/// The file holds everybody's work and the hashes of their passwords. Courses and data sets are files, and are not in it.
#[derive(Args)]
pub struct BackupArgs {
    /// The file, which must not exist yet.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub async fn run(args: &BackupArgs) -> Result<()> {
    let store = args.database.open().await?;
    match store.backup(&args.file).await {
        Ok(facts) => {
            println!("{}: {} accounts, {} submissions", args.file.display(), facts.accounts, facts.submissions);
            Ok(())
        }
        Err(error @ Error::UsePostgresTools) => {
            Err(hint::error(error.to_string(), "pg_dump --format=custom --file=FILE URL"))
        }
        Err(error) => bail!(error),
    }
}
