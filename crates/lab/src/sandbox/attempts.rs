//! What the confinement forbids, each tried for real in a process of its own.
//!
//! `lyceum doctor` shows what comes of it, and the tests hold each attempt to the way in which it is to be denied. An
//! attempt is made so that it does no harm where it succeeds: it signals with the number 0, names mount points that are
//! not there, and touches only a file that was made for it. That file lies beside the folders of the run and belongs to
//! the run's user, so that nothing but the confinement stands before it.

mod calls;

use std::{
    fs, io,
    os::unix::fs::chown,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub use self::calls::attempts;
use super::{Confinement, End, SandboxError, Task, order::Plan, start};

/// Something that a program must not be able to do.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// Its name, as in `read-outside`.
    pub name: &'static str,
    /// What would happen, for a person to read.
    pub what: &'static str,
    /// How it is denied when everything is as it should be.
    pub expected: Denial,
    act: fn(&Ground) -> io::Result<()>,
}

/// How something is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// The call fails, because it is not permitted.
    Fails,
    /// The call "does not exist".
    Absent,
    /// The process is ended.
    Ends,
}

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Came {
    /// It was denied.
    Denied(Denial),
    /// It succeeded.
    Happened,
    /// The kernel tried and failed with this error: nothing forbade it.
    Tried(i32),
}

/// What an attempt finds.
pub(super) struct Ground {
    /// A file that belongs to the process's user and lies outside of what it may touch.
    file: PathBuf,
    /// The folder that the process may write to.
    scratch: PathBuf,
    parent: i32,
    /// Removes the file where no folder of a run does.
    _own: Option<Remover>,
}

struct Remover(PathBuf);

impl Drop for Remover {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a worker says of an attempt.
#[derive(Debug, Serialize, Deserialize)]
struct Said {
    attempted: String,
    error: Option<i32>,
}

/// Makes what attempts need, while this process still may.
pub(super) fn prepare(plan: Option<&Plan>, parent: i32) -> io::Result<Ground> {
    let (folder, own) = match plan {
        Some(plan) => (plan.temporary.parent().unwrap_or(Path::new("/")).to_owned(), None),
        None => {
            let folder = std::env::temp_dir().join(format!("lyceum-attempt-{}", std::process::id()));
            fs::create_dir(&folder)?;
            fs::create_dir(folder.join("tmp"))?;
            (folder.clone(), Some(Remover(folder)))
        }
    };
    let file = folder.join("file");
    fs::write(&file, "content")?;
    if let Some(user) = plan.and_then(|plan| plan.user) {
        chown(&file, Some(user), Some(user))?;
    }
    Ok(Ground { file, scratch: folder.join("tmp"), parent, _own: own })
}

/// Makes one attempt. Returns a line for the parent.
pub(super) fn attempt(name: &str, ground: &Ground) -> serde_json::Result<Vec<u8>> {
    let error = match attempts().iter().find(|attempt| attempt.name == name) {
        Some(attempt) => (attempt.act)(ground).err().map(|error| error.raw_os_error().unwrap_or(libc::EIO)),
        None => Some(libc::EINVAL),
    };
    let mut line = serde_json::to_vec(&Said { attempted: name.to_owned(), error })?;
    line.push(b'\n');
    Ok(line)
}

/// Makes an attempt in a process that is confined so, and says what came of it.
///
/// # Errors
/// When there was no process that could make it.
pub fn examine(attempt: &Attempt, confinement: &Confinement) -> Result<Came, SandboxError> {
    let ended = start(Task::Attempt(attempt.name.to_owned()), confinement, &mut ())?;
    if ended.watched.end == End::Signalled(libc::SIGSYS) {
        return Ok(Came::Denied(Denial::Ends));
    }
    let said: Option<Said> = ended.watched.other.and_then(|line| serde_json::from_slice(&line).ok());
    match said.filter(|said| said.attempted == attempt.name) {
        None => Err(SandboxError::Silent { end: ended.watched.end, printed: String::new() }),
        Some(Said { error: None, .. }) => Ok(Came::Happened),
        Some(Said { error: Some(libc::EPERM | libc::EACCES), .. }) => Ok(Came::Denied(Denial::Fails)),
        Some(Said { error: Some(libc::ENOSYS), .. }) => Ok(Came::Denied(Denial::Absent)),
        Some(Said { error: Some(error), .. }) => Ok(Came::Tried(error)),
    }
}
