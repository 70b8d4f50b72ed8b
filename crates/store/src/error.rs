//! What can go wrong. What a person did wrong has a variant of its own; the rest is the database's.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// The result of this crate's functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a name is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NameProblem {
    /// Nothing is left of it.
    #[error("a name needs at least one character")]
    Empty,
    /// It is longer than names may be.
    #[error("a name has at most {limit} characters")]
    TooLong {
        /// How many characters there may be.
        limit: usize,
    },
    /// It holds a character that names cannot have.
    #[error("a name cannot have the character {}", found.escape_unicode())]
    Character {
        /// The first such character.
        found: char,
    },
}

/// Why an invitation lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvitationProblem {
    /// Nobody made it.
    #[error("there is no such invitation")]
    Unknown,
    /// Its time is over.
    #[error("the invitation has expired")]
    Expired,
    /// As many as it is for have come.
    #[error("the invitation has been used up")]
    UsedUp,
    /// It was taken back.
    #[error("the invitation was revoked")]
    Revoked,
}

/// Why the store did not do what was asked.
#[derive(Debug, Error)]
pub enum Error {
    /// The database failed or cannot be reached.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    /// The tables could not be brought up to date.
    #[error("the database cannot be brought up to date")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// The database was written by a newer Lyceum.
    #[error("the database has version {found}, and this program knows versions up to {known}")]
    Newer {
        /// The version of its tables.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// The address is not one of a database that Lyceum knows.
    #[error("expected an address that starts with postgres://, found the scheme {scheme:?}")]
    Scheme {
        /// What stands before the colon.
        scheme: String,
    },
    /// The path cannot be written in an address.
    #[error("{} is not UTF-8", path.display())]
    Path {
        /// The folder.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Another process has the database open.
    #[error("{} is in use by another process", path.display())]
    InUse {
        /// The folder or file.
        path: PathBuf,
    },
    /// Another server works on this database.
    #[error("another server is working on this database")]
    Served,
    /// A database that everything is to be copied to has accounts already.
    #[error("the database to copy to has accounts already")]
    NotEmpty,
    /// A file is not a sound copy of a database of Lyceum.
    #[error("{} is not a sound backup: {problem}", path.display())]
    Backup {
        /// The file.
        path: PathBuf,
        /// What was found.
        problem: String,
    },
    /// Only SQLite's file is backed up and restored by Lyceum.
    #[error("a PostgreSQL database is backed up with pg_dump and restored with pg_restore")]
    UsePostgresTools,
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    Entropy,
    /// There is no such thing (any more).
    #[error("there is no such {what}")]
    NotFound {
        /// What kind of thing it is.
        what: &'static str,
    },
    /// A name is not possible.
    #[error(transparent)]
    Name(NameProblem),
    /// Somebody has that name, or one that differs in case or width only.
    #[error("the name is taken")]
    NameTaken,
    /// There are accounts already, so nobody becomes the owner.
    #[error("there is an owner already")]
    OwnerExists,
    /// Without this account nobody could manage Lyceum.
    #[error("this is the last operator who can sign in")]
    LastOperator,
    /// An invitation lets nobody in.
    #[error(transparent)]
    Invitation(InvitationProblem),
    /// Something is larger than may be kept.
    #[error("{what} has {bytes} bytes, and may have {limit}")]
    TooLarge {
        /// What it is.
        what: &'static str,
        /// How large it is.
        bytes: usize,
        /// How large it may be.
        limit: usize,
    },
    /// A text holds U+0000.
    #[error("{what} holds the character U+0000")]
    Nul {
        /// What it is.
        what: &'static str,
    },
    /// A frame of events holds a line break, or the numbers of frames have a gap.
    #[error("the frames of a run are lines of JSON, numbered without gaps: expected {expected}, found {found}")]
    Frames {
        /// What should come.
        expected: String,
        /// What came.
        found: String,
    },
    /// Something could not be written as JSON or read again.
    #[error("{what} is not the JSON that it should be")]
    Json {
        /// What it is.
        what: &'static str,
        /// What the parser said.
        #[source]
        source: serde_json::Error,
    },
}

/// What SQL calls text with a character that cannot be kept.
const NOT_IN_REPERTOIRE: &str = "22021";

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match code(&error).as_deref() {
            Some(NOT_IN_REPERTOIRE) => Self::Nul { what: "a text" },
            _ => Self::Database(error),
        }
    }
}

fn code(error: &sqlx::Error) -> Option<std::borrow::Cow<'_, str>> {
    error.as_database_error()?.code()
}

impl Error {
    /// Whether a statement failed because a row with that key is there already.
    pub(crate) fn is_unique(error: &sqlx::Error) -> bool {
        error.as_database_error().is_some_and(|error| error.is_unique_violation())
    }

    /// Whether a statement failed because what it refers to is not there.
    pub(crate) fn is_foreign_key(error: &sqlx::Error) -> bool {
        error.as_database_error().is_some_and(|error| error.is_foreign_key_violation())
    }
}
