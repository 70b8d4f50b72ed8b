//! Flushing SQLite's log to the disk, for many transactions at once.
//!
//! With `synchronous = NORMAL` SQLite appends a transaction to its write-ahead log and does not wait for the disk; with
//! `FULL` it waits inside the transaction, so that a disk that takes 4 ms makes 250 transactions a second, whoever sends
//! them. Here the transaction ends first, the next one begins, and one flush serves all that have ended before it. What
//! is in the log when the flush returns survives a loss of power: a reader of the log takes every whole transaction up to
//! the first that is not, and what a checkpoint moves to the database is flushed by SQLite before it leaves the log.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use crate::{Error, Result, location};

/// SQLite's log.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    /// How many transactions have ended.
    ended: AtomicU64,
    /// Whoever holds it flushes.
    flushed: Mutex<Flushed>,
}

#[derive(Debug)]
struct Flushed {
    /// Opened beside SQLite, which holds no locks on this file that closing it here could drop.
    file: Arc<File>,
    /// How many of the transactions that have ended are known to be on the disk.
    number: u64,
}

impl Log {
    /// Opens the log of a database that is open, and flushes what is there, its place in the folder included.
    pub(crate) async fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(format!("{}-wal", location::FILE));
        let flushed = Flushed { file: Arc::new(open(&path)?), number: 0 };
        let log = Self { path, ended: AtomicU64::new(0), flushed: Mutex::new(flushed) };
        log.flush().await?;
        Ok(log)
    }

    /// Returns when what has been written to the log so far is on the disk.
    pub(crate) async fn flush(&self) -> Result<()> {
        let mine = self.ended.fetch_add(1, Ordering::SeqCst) + 1;
        let mut flushed = self.flushed.lock().await;
        if flushed.number >= mine {
            return Ok(());
        }
        let ended = self.ended.load(Ordering::SeqCst);
        let cannot = |source| Error::Io { action: "flush", path: self.path.clone(), source };
        // SQLite removes its log with the last connection, and makes another with the next.
        if flushed.file.metadata().map_err(cannot)?.nlink() == 0 {
            flushed.file = Arc::new(open(&self.path)?);
        }
        let file = Arc::clone(&flushed.file);
        // A task that panicked or was not run has flushed nothing.
        let done = spawn_blocking(move || file.sync_data()).await.unwrap_or_else(|error| Err(io::Error::other(error)));
        done.map_err(cannot)?;
        flushed.number = ended;
        Ok(())
    }
}

/// Opens the log, and sees to it that it is found in its folder after a loss of power.
fn open(path: &Path) -> Result<File> {
    let cannot = |source| Error::Io { action: "open", path: path.to_owned(), source };
    let file = File::open(path).map_err(cannot)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(cannot)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn everybody_who_waits_comes_through_and_all_is_flushed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(format!("{}-wal", location::FILE)), "x").unwrap();
        let log = Arc::new(Log::open(folder.path()).await.unwrap());
        let mut waiting = JoinSet::new();
        for _ in 0..200 {
            let log = Arc::clone(&log);
            waiting.spawn(async move { log.flush().await.unwrap() });
        }
        waiting.join_all().await;
        assert_eq!((log.ended.load(Ordering::SeqCst), log.flushed.lock().await.number), (201, 201));
    }

    #[tokio::test]
    async fn one_who_gives_up_waiting_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(format!("{}-wal", location::FILE)), "x").unwrap();
        let log = Log::open(folder.path()).await.unwrap();
        for _ in 0..20 {
            let mut given_up = Box::pin(log.flush());
            let waker = std::task::Waker::noop();
            let _ = given_up.as_mut().poll(&mut std::task::Context::from_waker(waker));
            drop(given_up);
            log.flush().await.unwrap();
        }
        assert_eq!(log.flushed.lock().await.number, log.ended.load(Ordering::SeqCst));
    }
    #[tokio::test]
    async fn a_log_that_was_replaced_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("{}-wal", location::FILE));
        std::fs::write(&path, "x").unwrap();
        let log = Log::open(folder.path()).await.unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(log.flush().await, Err(Error::Io { .. })), "nobody is told that it was flushed");
        std::fs::write(&path, "y").unwrap();
        log.flush().await.unwrap();
        assert_eq!(log.flushed.lock().await.file.metadata().unwrap().nlink(), 1);
    }
}
