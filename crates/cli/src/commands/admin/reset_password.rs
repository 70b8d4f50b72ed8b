//! `lyceum admin reset-password`

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Result, anyhow};
use clap::Args;
use serde_json::json;

use super::{DatabaseArgs, account, entry};
use crate::hint;

/// Gives an account a new password, read from standard input, and ends its sessions.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lyceum admin reset-password ada
  pwgen 16 1 | tee /dev/stderr | lyceum admin reset-password ada")]
pub struct ResetPasswordArgs {
    /// Their login.
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub async fn run(args: &ResetPasswordArgs) -> Result<()> {
    let store = args.database.open().await?;
    let account = account(&store, &args.name).await?;
    if io::stdin().is_terminal() {
        eprint!("a new password for {} (it is shown as you type): ", account.name);
        io::stderr().flush()?;
    }
    let mut password = String::new();
    io::stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(hint::error("no password was given", "type it, or pass it on standard input"));
    }
    let hash = lyceum_server::hash_password(password).map_err(|problem| anyhow!(problem))?;
    store.accounts().set_password_hash(&account.id, &hash, None).await?;
    store.audit().append(entry("account.password", Some(&account.id), json!({}))).await?;
    println!("{} has a new password, and is signed out everywhere", account.name);
    Ok(())
}
