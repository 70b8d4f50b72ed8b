//! `lyceum admin copy`

use anyhow::{Context, Result, bail};
use clap::Args;
use lyceum_store::{Error, Location, Store};

use super::DatabaseArgs;
use crate::hint;

/// Copies everything into another database that has nobody in it yet: from SQLite to PostgreSQL, or back.
///
/// No server may run on either. Afterwards start it with the other one.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lyceum admin copy --to postgres://lyceum@localhost/lyceum
  lyceum admin copy --database-url postgres://lyceum@localhost/lyceum --to /srv/lyceum")]
pub struct CopyArgs {
    /// A PostgreSQL database, or a data folder for SQLite.
    #[arg(long, value_name = "URL|DIR")]
    to: String,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub async fn run(args: &CopyArgs) -> Result<()> {
    let is_url = args.to.contains("://");
    let target = if is_url { Location::Url(args.to.clone()) } else { Location::Folder(args.to.clone().into()) };
    let from = args.database.open().await?;
    let to = Store::open(&target).await.context("cannot open the other database")?;
    match from.copy_to(&to).await {
        Ok(rows) => {
            println!("copied {rows} rows");
            Ok(())
        }
        Err(error @ Error::Served) => Err(hint::error(error.to_string(), "end the server first")),
        Err(error @ Error::NotEmpty) => Err(hint::error(error.to_string(), "give one in which nobody has an account")),
        Err(error) => bail!(error),
    }
}
