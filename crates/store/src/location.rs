//! Where the database is, and how a connection to it is set up.

use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// The name of SQLite's file in the data folder.
pub(crate) const FILE: &str = "lyceum.db";

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// SQLite in a folder, which is made if it is missing.
    Folder(PathBuf),
    /// PostgreSQL at an address: `postgres://user:password@host/database`.
    Url(String),
}

impl Location {
    /// Returns SQLite's file, where that is what there is.
    pub fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Folder(folder) => Some(folder.join(FILE)),
            Self::Url(_) => None,
        }
    }
}

/// Shows no password.
impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
            Self::Url(_) => f.write_str("Url(…)"),
        }
    }
}

/// Checks that an address is PostgreSQL's.
pub(crate) fn postgres(url: &str) -> Result<&str> {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    match scheme {
        "postgres" | "postgresql" => Ok(url),
        _ => Err(Error::Scheme { scheme: scheme.chars().take(20).collect() }),
    }
}

/// Writes the path of a file as an address of SQLite.
pub(crate) fn sqlite(file: &Path, mode: &str) -> Result<String> {
    let path = file.to_str().ok_or_else(|| Error::Path { path: file.into() })?;
    let mut url = String::from("sqlite://");
    if !path.starts_with('/') {
        url.push_str("./");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => url.push(byte as char),
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url.push_str("?mode=");
    url.push_str(mode);
    Ok(url)
}

/// What a connection to SQLite is told before it is used: wait for others, leave it to `log.rs` when the disk is waited
/// for, hold references, and leave nothing of what was deleted in the file.
pub(crate) const SQLITE: &str = "
PRAGMA busy_timeout = 15000;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
PRAGMA trusted_schema = OFF;
PRAGMA wal_autocheckpoint = 4000;
PRAGMA journal_size_limit = 67108864;
PRAGMA temp_store = MEMORY;
";

/// What a connection is told that only reads.
pub(crate) const SQLITE_READER: &str = "PRAGMA query_only = ON;";

/// What a connection to PostgreSQL is told. A statement that waits for a lock for longer than SQLite would, fails as
/// there.
pub(crate) const POSTGRES: &str = "
SET lock_timeout = '15s';
SET statement_timeout = '60s';
SET idle_in_transaction_session_timeout = '60s';
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_addresses() {
        assert_eq!(sqlite(Path::new("/a b/学?#%.db"), "rw").unwrap(), "sqlite:///a%20b/%E5%AD%A6%3F%23%25.db?mode=rw");
        assert_eq!(sqlite(Path::new("x.db"), "rwc").unwrap(), "sqlite://./x.db?mode=rwc");
    }

    #[test]
    fn addresses_of_other_databases_are_refused() {
        assert!(postgres("postgres://localhost/lyceum").is_ok());
        assert!(matches!(postgres("mysql://localhost/x"), Err(Error::Scheme { scheme }) if scheme == "mysql"));
        assert!(matches!(postgres("nothing"), Err(Error::Scheme { scheme }) if scheme.is_empty()));
    }

    #[test]
    fn debugging_shows_no_password() {
        assert!(!format!("{:?}", Location::Url("postgres://me:secret@host/db".into())).contains("secret"));
    }
}
