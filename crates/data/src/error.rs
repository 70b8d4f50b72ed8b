//! What can go wrong, in words that say what was expected and what came.

use std::{fmt, io, path::PathBuf};

use thiserror::Error;

/// The result of this crate's functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What is wrong with the content of a file, apart from which file it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1, where a file has lines.
    pub line: Option<u64>,
    /// What should be there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl Problem {
    /// Makes a problem of a file as a whole.
    pub fn new(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { line: None, expected: expected.into(), found: found.into() }
    }

    /// Says on which line it is.
    pub fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// Says in which file it is.
    pub fn in_file(self, path: impl Into<PathBuf>) -> Error {
        Error::Malformed { path: path.into(), problem: self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

/// One failed attempt to download a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The address that was asked.
    pub url: String,
    /// Why it gave nothing.
    pub reason: String,
}

/// Why a data set could not be found, read, imported or pulled.
#[derive(Debug, Error)]
pub enum Error {
    /// The operating system refused.
    #[error("cannot {action} {}: {cause}", path.display())]
    Io {
        /// What was tried, such as `read`.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// A file is not what it should be.
    #[error("{}: {problem}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: Problem,
    },
    /// There is no set of that name.
    #[error("there is no data set named {name:?}{}", near.as_ref().map(|near| format!("; did you mean {near:?}?")).unwrap_or_default())]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The known name closest to it.
        near: Option<String>,
    },
    /// The set is known, but has not been pulled.
    #[error("the data set {name:?} is not on this machine yet")]
    NotPulled {
        /// The set.
        name: String,
    },
    /// A name that no set can have.
    #[error(
        "{name:?} cannot name a data set: expected 1 to 64 of a-z, 0-9, '-', '_' and '.', starting with a letter or a digit"
    )]
    BadName {
        /// The name.
        name: String,
    },
    /// The name belongs to a built-in set.
    #[error("{name:?} is the name of a built-in data set")]
    BuiltInName {
        /// The name.
        name: String,
    },
    /// The catalogue has a set of that name.
    #[error("the catalogue already has a data set named {name:?}")]
    Exists {
        /// The name.
        name: String,
    },
    /// There is no place for a catalogue.
    #[error("there is no folder for data sets: neither LYCEUM_DATA_DIR, XDG_DATA_HOME nor HOME is set")]
    NoHome,
    /// A path to import holds nothing that can be imported.
    #[error("{}: expected {expected}, found {found}", path.display())]
    NothingToImport {
        /// The path.
        path: PathBuf,
        /// What could have been there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// The set has no such part.
    #[error("the data set {name:?} has no {split} part here; it has: {has}")]
    NoSplit {
        /// The set.
        name: String,
        /// The part that was asked for.
        split: &'static str,
        /// The parts that are there.
        has: String,
    },
    /// A file has another size than it is known to have.
    #[error("{}: expected {expected} bytes, found {found}", path.display())]
    WrongSize {
        /// The file.
        path: PathBuf,
        /// The known size.
        expected: u64,
        /// The size that it has.
        found: u64,
    },
    /// A file has another SHA-256 than it is known to have.
    #[error("{}: expected the SHA-256 {expected}, found {found}", path.display())]
    WrongHash {
        /// The file.
        path: PathBuf,
        /// The known sum.
        expected: String,
        /// The sum that it has.
        found: String,
    },
    /// No address gave the file.
    #[error("cannot download {file}:{}", attempts.iter().map(|attempt| format!("\n  {}: {}", attempt.url, attempt.reason)).collect::<String>())]
    Download {
        /// The file.
        file: String,
        /// What was tried.
        attempts: Vec<Attempt>,
    },
    /// Another process is downloading the same file.
    #[error("another process is downloading {file} right now")]
    Busy {
        /// The file.
        file: String,
    },
}

impl Error {
    /// Returns a function that says what failed on what, for `map_err`.
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
        let path = path.into();
        move |cause| Error::Io { action, path, cause }
    }

    /// Returns what the user can do about it, where there is something.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Error::Unknown { .. } => "`lyceum data list` shows the sets".into(),
            Error::NotPulled { name } => format!(
                "`lyceum data pull {name}` downloads it, `lyceum data import {name} DIR` takes it from a folder"
            ),
            Error::Exists { name } => {
                format!("`lyceum data import --replace {name} ...` puts the new one in its place")
            }
            Error::BuiltInName { .. } => "choose another name".into(),
            Error::NoHome => "set LYCEUM_DATA_DIR to a folder that you can write to".into(),
            Error::WrongHash { .. } | Error::WrongSize { .. } => {
                "the file is damaged or another one than was published; get it again".into()
            }
            Error::Download { .. } => {
                "`--from URL` takes another address; what has arrived is kept and continued".into()
            }
            _ => return None,
        })
    }
}
