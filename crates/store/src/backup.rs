//! Backups of SQLite's file: a copy taken while everybody goes on working, checked before it counts, and put back.
//!
//! PostgreSQL has its own tools for that, and better ones.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sqlx::{AnyConnection, Connection, Executor};

use crate::{Error, Location, Result, Store, clock, location, migrations, store};

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct BackupFacts {
    /// The version of its tables.
    pub schema: i64,
    /// How many accounts it has.
    pub accounts: i64,
    /// How many submissions it has.
    pub submissions: i64,
    /// How large it is.
    pub bytes: u64,
}

impl Store {
    /// Writes a copy of the database to a file that does not exist yet, while everybody goes on working. The copy is
    /// what the database was at one moment, and is checked before it gets its name.
    pub async fn backup(&self, to: &Path) -> Result<BackupFacts> {
        let Location::Folder(folder) = self.location() else { return Err(Error::UsePostgresTools) };
        if to.exists() {
            return Err(io_error("write", to)(io::ErrorKind::AlreadyExists.into()));
        }
        let partial = beside(to, ".partial");
        remove_if_there(&partial)?;
        let target = partial.to_str().ok_or_else(|| Error::Path { path: partial.clone() })?;
        let mut connection = store::connect(&folder.join(location::FILE), "rw").await?;
        let copied = sqlx::query("VACUUM INTO $1").bind(target.to_owned()).execute(&mut connection).await;
        connection.close().await?;
        let checked = match copied {
            Ok(_) => seal(&partial).await,
            Err(error) => Err(error.into()),
        };
        match checked {
            Ok(facts) => {
                fs::rename(&partial, to).map_err(io_error("write", to))?;
                sync_folder_of(to)?;
                Ok(facts)
            }
            Err(error) => {
                remove_if_there(&partial)?;
                Err(error)
            }
        }
    }
}

/// Checks that a file is a sound database of Lyceum, of a version that this program knows, and tells what it holds.
pub async fn check_backup(file: &Path) -> Result<BackupFacts> {
    sqlx::any::install_default_drivers();
    let bytes = fs::metadata(file).map_err(io_error("read", file))?.len();
    let problem = |problem: String| Error::Backup { path: file.into(), problem };
    let mut connection = store::connect(file, "ro").await.map_err(|error| problem(reason(&error)))?;
    let facts = inspect(&mut connection, bytes).await;
    connection.close().await?;
    match facts {
        Ok(Ok(facts)) if facts.schema > migrations::NEWEST => {
            Err(Error::Newer { found: facts.schema, known: migrations::NEWEST })
        }
        Ok(Ok(facts)) => Ok(facts),
        Ok(Err(found)) => Err(problem(found)),
        Err(error) => Err(problem(error.to_string())),
    }
}

/// Puts a backup in the place of the database in a folder, which nobody may have open. The database that was there is
/// kept beside it, under the name that is returned.
///
/// Whenever this is interrupted, the folder has either the old database or the new one.
pub async fn restore(from: &Path, folder: &Path) -> Result<(BackupFacts, Option<PathBuf>)> {
    let facts = check_backup(from).await?;
    store::make_folder(folder)?;
    let _alone = store::lock_alone(folder)?;
    let file = folder.join(location::FILE);
    let fresh = beside(&file, ".restoring");
    remove_if_there(&fresh)?;
    fs::copy(from, &fresh).map_err(io_error("write", &fresh))?;
    if seal(&fresh).await? != facts {
        return Err(Error::Backup { path: from.into(), problem: "it changed while it was copied".into() });
    }
    let kept = if file.exists() { Some(keep(&file).await?) } else { None };
    fs::rename(&fresh, &file).map_err(io_error("write", &file))?;
    sync_folder_of(&file)?;
    Ok((facts, kept))
}

/// Gives the old database another name as well, whole in itself if it can still be read.
async fn keep(file: &Path) -> Result<PathBuf> {
    let kept = beside(file, &format!(".before-{}", clock::now()));
    // A database that is broken is kept as it is: that may be why a backup is put back.
    if let Ok(mut connection) = store::connect(file, "rw").await {
        let _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
        connection.close().await?;
    }
    fs::hard_link(file, &kept).map_err(io_error("write", &kept))?;
    let log = beside(file, "-wal");
    if log.exists() {
        fs::rename(&log, beside(&kept, "-wal")).map_err(io_error("move", &log))?;
    }
    remove_if_there(&beside(file, "-shm"))?;
    Ok(kept)
}

/// Makes a new copy private and lasting, and checks it.
async fn seal(file: &Path) -> Result<BackupFacts> {
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).map_err(io_error("protect", file))?;
    File::open(file).and_then(|file| file.sync_all()).map_err(io_error("write", file))?;
    check_backup(file).await
}

/// Looks a database through: what it holds, or what is wrong with it.
async fn inspect(connection: &mut AnyConnection, bytes: u64) -> sqlx::Result<Result<BackupFacts, String>> {
    let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut *connection).await?;
    if found != "ok" {
        return Ok(Err(found));
    }
    if sqlx::query("PRAGMA foreign_key_check").fetch_optional(&mut *connection).await?.is_some() {
        return Ok(Err("rows refer to others that are not there".into()));
    }
    let number = |statement: &'static str| sqlx::query_scalar::<_, i64>(statement);
    let schema = number("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations").fetch_one(&mut *connection).await?;
    let accounts = number("SELECT COUNT(*) FROM accounts").fetch_one(&mut *connection).await?;
    let submissions = number("SELECT COUNT(*) FROM submissions").fetch_one(&mut *connection).await?;
    Ok(Ok(BackupFacts { schema, accounts, submissions, bytes }))
}

/// Returns a path with something at the end of the file's name.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove_if_there(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error("remove", file)(error)),
        _ => Ok(()),
    }
}

fn sync_folder_of(file: &Path) -> Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_error("write", folder))
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { action, path, source }
}

fn reason(error: &Error) -> String {
    match error {
        Error::Database(error) => error.to_string(),
        error => error.to_string(),
    }
}
