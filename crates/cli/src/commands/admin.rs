//! `lyceum admin`

mod backup;
mod copy;
mod delete;
mod export;
mod invite;
mod reset_password;
mod restore;

use std::{env, path::PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use lyceum_store::{Account, Location, NewAuditEntry, Store};
use serde_json::Value;

use crate::hint;

/// Looks after a server's data: backups, accounts, a learner's record.
///
/// All of it can be done while the server runs, but for `restore` and `copy`.
#[derive(Subcommand)]
pub enum AdminCommand {
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
    Copy(copy::CopyArgs),
    Export(export::ExportArgs),
    Delete(delete::DeleteArgs),
    Invite(invite::InviteArgs),
    ResetPassword(reset_password::ResetPasswordArgs),
}

/// Which data is meant.
#[derive(Args)]
pub struct DatabaseArgs {
    /// The folder that holds everything; without it lyceum in $XDG_DATA_HOME or ~/.local/share.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A PostgreSQL database instead of SQLite in that folder: postgres://user:password@host/database.
    #[arg(long, value_name = "URL", env = "LYCEUM_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

impl DatabaseArgs {
    /// Returns the data folder.
    pub fn folder(&self) -> Result<PathBuf> {
        if let Some(folder) = &self.data {
            return Ok(folder.clone());
        }
        let from = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = from("XDG_DATA_HOME").filter(|path| path.is_absolute());
        let home = home.or_else(|| from("HOME").map(|home| home.join(".local/share")));
        let home = home.ok_or_else(|| {
            hint::error("nothing says where the data is", "name a folder with --data DIR, or set HOME")
        })?;
        Ok(home.join("lyceum"))
    }

    /// Returns where the database is.
    pub fn location(&self) -> Result<Location> {
        Ok(match &self.database_url {
            Some(url) => Location::Url(url.clone()),
            None => Location::Folder(self.folder()?),
        })
    }

    /// Opens the store, which must be there.
    async fn open(&self) -> Result<Store> {
        let location = self.location()?;
        if let Some(file) = location.file().filter(|file| !file.is_file()) {
            return Err(hint::error(
                format!("there is no database {}", file.display()),
                "the server makes it when it starts; --data names its folder",
            ));
        }
        Store::open(&location).await.context("cannot open the database")
    }
}

pub fn run(command: &AdminCommand) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    runtime.block_on(async {
        match command {
            AdminCommand::Backup(args) => backup::run(args).await,
            AdminCommand::Restore(args) => restore::run(args).await,
            AdminCommand::Copy(args) => copy::run(args).await,
            AdminCommand::Export(args) => export::run(args).await,
            AdminCommand::Delete(args) => delete::run(args).await,
            AdminCommand::Invite(args) => invite::run(args).await,
            AdminCommand::ResetPassword(args) => reset_password::run(args).await,
        }
    })
}

/// Finds an account by its login.
async fn account(store: &Store, name: &str) -> Result<Account> {
    let found = store.accounts().by_name(name).await?;
    found.ok_or_else(|| hint::error(format!("there is no account `{name}`"), "give the login, as on the page"))
}

/// Makes a line of the audit log for something that was done on the command line.
fn entry(action: &str, subject: Option<&str>, detail: Value) -> NewAuditEntry {
    NewAuditEntry {
        actor: None,
        action: action.to_owned(),
        subject: subject.map(str::to_owned),
        detail,
        request: Some("command line".to_owned()),
    }
}
