//! The signals that ask this process to end or to stop: noticed, and turned into something that can be waited for.

use std::{
    os::{
        fd::{AsFd, BorrowedFd},
        unix::net::UnixStream,
    },
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::{Context, Result};

/// The signals that ask a process to end.
pub const ENDING: [i32; 3] = [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP];

/// Notices the signals that ask this process to end.
pub struct Signals {
    last: Arc<AtomicUsize>,
    wake: UnixStream,
}

impl Signals {
    /// Starts to notice them. From here on they do not end this process.
    pub fn listen() -> Result<Self> {
        let last = Arc::new(AtomicUsize::new(0));
        let (wake, waker) = UnixStream::pair().context("cannot make a pipe")?;
        for signal in ENDING {
            let value = usize::try_from(signal).unwrap_or_default();
            signal_hook::flag::register_usize(signal, Arc::clone(&last), value)
                .and_then(|_| signal_hook::low_level::pipe::register(signal, waker.try_clone()?))
                .context("cannot notice signals")?;
        }
        Ok(Self { last, wake })
    }

    /// Returns the last one that came.
    pub fn received(&self) -> Option<i32> {
        match self.last.load(Ordering::Relaxed) {
            0 => None,
            signal => i32::try_from(signal).ok(),
        }
    }
}

impl AsFd for Signals {
    /// Becomes readable when a signal comes.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }
}
