//! `lyceum admin restore`

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use lyceum_store::Error;

use super::DatabaseArgs;
use crate::hint;

/// Puts a backup in the place of the database. The server must not run; what was there is kept beside it.
#[derive(Args)]
pub struct RestoreArgs {
    /// What `lyceum admin backup` wrote.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub async fn run(args: &RestoreArgs) -> Result<()> {
    if args.database.database_url.is_some() {
        let message = Error::UsePostgresTools.to_string();
        return Err(hint::error(message, "pg_restore --clean --if-exists --dbname=URL FILE"));
    }
    match lyceum_store::restore(&args.file, &args.database.folder()?).await {
        Ok((facts, kept)) => {
            println!("restored {} accounts and {} submissions", facts.accounts, facts.submissions);
            if let Some(kept) = kept {
                println!("what was there is in {}", kept.display());
            }
            Ok(())
        }
        Err(error @ Error::InUse { .. }) => Err(hint::error(error.to_string(), "end the server first")),
        Err(error) => bail!(error),
    }
}
