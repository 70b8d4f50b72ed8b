//! The process that runs a program: started from this same binary, watched, and ended.
//!
//! The child gets its job over one inherited pipe and reports over another; standard input stays the
//! user's. It stays in the parent's process group, so that it may read from the terminal and Ctrl-C
//! reaches both; nothing in it can start another process. Whatever happens to the parent, the child
//! does not outlive it: the kernel kills it when the parent dies (`commands/worker.rs` asks for that).

use std::{
    io::{self, PipeReader, Write},
    os::{
        fd::{AsFd, AsRawFd, OwnedFd},
        unix::{net::UnixStream, process::ExitStatusExt},
    },
    process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use lyceum_lab::LabJob;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::{Errno, FdFlags, fcntl_setfd},
    process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal},
};

/// Which of the child's streams pass through the parent; the others are the parent's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Capture {
    pub stdout: bool,
    pub stderr: bool,
}

/// A running child.
pub struct Running {
    child: Child,
    pidfd: OwnedFd,
    started: Instant,
    /// What the child reports, a message a line.
    pub events: Option<PipeReader>,
    pub stdout: Option<ChildStdout>,
    pub stderr: Option<ChildStderr>,
}

/// How a child came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, or by someone else.
    Exited(ExitStatus),
    /// It was killed when its time was up.
    TimedOut,
    /// It was killed because the parent was told to end, by this signal.
    Interrupted(i32),
}

/// Starts a child on a job.
pub fn start(job: &LabJob, capture: Capture) -> Result<Running> {
    let (job_reader, mut job_writer) = io::pipe().context("cannot make a pipe")?;
    let (events_reader, events_writer) = io::pipe().context("cannot make a pipe")?;
    for inherited in [job_reader.as_fd(), events_writer.as_fd()] {
        fcntl_setfd(inherited, FdFlags::empty()).context("cannot pass on a pipe")?;
    }
    let wire = serde_json::to_vec(job).context("cannot write the job down")?;
    let stream = |captured| {
        if captured { Stdio::piped() } else { Stdio::inherit() }
    };
    let started = Instant::now();
    let mut child = Command::new("/proc/self/exe")
        .arg("worker")
        .args(["--job-fd", &job_reader.as_raw_fd().to_string()])
        .args(["--events-fd", &events_writer.as_raw_fd().to_string()])
        .args(["--parent", &std::process::id().to_string()])
        .stdout(stream(capture.stdout))
        .stderr(stream(capture.stderr))
        .spawn()
        .context("cannot start a process for the program")?;
    // The pipes end when the child does, so the parent must not hold the child's ends.
    drop((job_reader, events_writer));
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("the process has no number")?;
    let pidfd = pidfd_open(pid, PidfdFlags::empty()).context("cannot watch the program's process")?;
    let mut running = Running {
        events: Some(events_reader),
        stdout: child.stdout.take(),
        stderr: child.stderr.take(),
        child,
        pidfd,
        started,
    };
    if let Err(error) = job_writer.write_all(&wire) {
        // A child that is gone already says more by its status.
        if error.kind() != io::ErrorKind::BrokenPipe {
            running.kill();
            return Err(error).context("cannot pass the job on");
        }
    }
    // With this end the job is complete.
    drop(job_writer);
    Ok(running)
}

impl Running {
    /// Waits for the end, and brings it about when the time is up or a signal asks for it.
    pub fn wait(mut self, limit: Option<Duration>, signals: &Signals) -> Result<(End, Duration)> {
        let deadline = limit.and_then(|limit| self.started.checked_add(limit));
        let end = loop {
            if let Some(signal) = signals.received() {
                self.kill();
                break End::Interrupted(signal);
            }
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                self.kill();
                break End::TimedOut;
            }
            let timeout = left.map(|left| Timespec {
                tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
                tv_nsec: left.subsec_nanos().into(),
            });
            let mut watched = [PollFd::new(&self.pidfd, PollFlags::IN), PollFd::new(&signals.wake, PollFlags::IN)];
            match poll(&mut watched, timeout.as_ref()) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => {
                    self.kill();
                    return Err(error).context("cannot watch the program's process");
                }
            }
            if !watched[0].revents().is_empty() {
                break End::Exited(self.child.wait().context("cannot wait for the program's process")?);
            }
        };
        let wall = self.started.elapsed();
        // Ctrl-C reaches the child as well, and its end may be seen first.
        let end = match end {
            End::Exited(status) => match status.signal().filter(|signal| ENDING.contains(signal)) {
                Some(signal) => End::Interrupted(signals.received().unwrap_or(signal)),
                None => end,
            },
            end => end,
        };
        Ok((end, wall))
    }

    /// Kills the child and waits until it is gone.
    fn kill(&mut self) {
        // It may have ended by itself in this moment, which is as good.
        let _ = pidfd_send_signal(&self.pidfd, Signal::KILL);
        let _ = self.child.wait();
    }
}

/// The signals that ask a process to end.
const ENDING: [i32; 3] = [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP];

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

    fn received(&self) -> Option<i32> {
        match self.last.load(Ordering::Relaxed) {
            0 => None,
            signal => i32::try_from(signal).ok(),
        }
    }
}
