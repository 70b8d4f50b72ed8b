//! `lyceum admin delete`

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::{DatabaseArgs, account, entry};
use crate::hint;

/// Deletes an account and everything of theirs: answers, drafts, programs, grades.
///
/// It cannot be undone, but by restoring a backup. `lyceum admin export NAME` writes down what there is.
#[derive(Args)]
pub struct DeleteArgs {
    /// Their login.
    #[arg(value_name = "NAME")]
    name: String,
    /// Yes, delete it.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub async fn run(args: &DeleteArgs) -> Result<()> {
    let store = args.database.open().await?;
    let account = account(&store, &args.name).await?;
    if !args.yes {
        let message = format!("this deletes {} ({}) and everything of theirs", account.name, account.display);
        return Err(hint::error(message, "say --yes if that is what you want"));
    }
    let detail = json!({ "role": account.role });
    store.accounts().delete(&account.id, entry("account.delete", Some(&account.id), detail)).await?;
    println!("{} is deleted", account.name);
    Ok(())
}
