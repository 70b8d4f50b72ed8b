//! Watches a worker to its end: passes on what it says, and ends it when it has had enough of anything.
//!
//! One thread waits for everything at once. What the worker prints is read before its events are, and its two streams in
//! the order in which they were written: the worker writes to one only after the other has been read.

use std::{
    io::{self, Read},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::process::ExitStatusExt,
    },
    path::PathBuf,
    process::ExitStatus,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::{Errno, ioctl_fionbio},
    process::{Signal, kill_process_group, pidfd_send_signal},
};

use super::{Flow, SandboxError, Stream, Watcher, order::Answer, scratch, spawn::Started, system};
use crate::{
    LabReport, Limits, Message,
    wire::{Lines, MAX_LINE},
};

/// How a worker's life ended, as its parent saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this status.
    Exited(u8),
    /// By a signal that the parent did not send.
    Signalled(i32),
    /// Killed: its time was up.
    TimedOut,
    /// Killed: it printed more than it may.
    TooMuchOutput,
    /// Killed: it wrote more to the disk than it may.
    TooMuchWritten,
    /// Killed: the watcher asked for it.
    Cancelled,
}

/// What was left when a worker was gone.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) end: End,
    pub(super) answer: Option<Answer>,
    pub(super) report: Option<Box<LabReport>>,
    /// The events' lines that are none of the messages; an attempt's result is one.
    pub(super) other: Option<Vec<u8>>,
    pub(super) wall: Duration,
    pub(super) used: libc::rusage,
}

/// What a worker may use up, and where its files are.
pub(super) struct Bounds {
    pub(super) limits: Limits,
    /// The folders whose contents count as written.
    pub(super) folders: Vec<PathBuf>,
    /// Whether the worker leads a group of processes of its own.
    pub(super) own_session: bool,
}

/// How often the disk is looked at.
const DISK_EVERY: Duration = Duration::from_millis(200);

/// The most files and folders that a run with a limit for the disk may make.
const MOST_ENTRIES: u64 = 20_000;

pub(super) fn watch(mut started: Started, bounds: &Bounds, watcher: &mut dyn Watcher) -> Result<Watched, SandboxError> {
    let watched = follow(&mut started, bounds, watcher);
    if watched.is_err() {
        end(&started, bounds.own_session);
        let _ = started.child.wait();
    }
    watched
}

fn follow(started: &mut Started, bounds: &Bounds, watcher: &mut dyn Watcher) -> Result<Watched, SandboxError> {
    let mut pipes = Pipes::open(started)?;
    let deadline = bounds.limits.wall().and_then(|wall| started.started.checked_add(wall));
    let mut disk = bounds.limits.disk_bytes.map(|most| (most, Instant::now() + DISK_EVERY));
    let mut tick = watcher.tick_every().map(|every| (every, Instant::now() + every));
    let mut ended = None;
    loop {
        let now = Instant::now();
        if deadline.is_some_and(|deadline| deadline <= now) {
            ended = Some(End::TimedOut);
        }
        if let Some((most, next)) = &mut disk
            && *next <= now
        {
            if written(bounds) > *most {
                ended = Some(End::TooMuchWritten);
            }
            *next = Instant::now() + DISK_EVERY;
        }
        if let Some((every, next)) = &mut tick
            && *next <= now
        {
            watcher.tick();
            *next = now + *every;
        }
        if ended.is_some() {
            break;
        }
        let next = [deadline, disk.map(|(_, next)| next), tick.map(|(_, next)| next)].into_iter().flatten().min();
        let ready = wait(started.pidfd.as_fd(), &pipes, watcher.cancel(), next)?;
        if ready.cancelled {
            ended = Some(End::Cancelled);
            break;
        }
        if ready.gone {
            break;
        }
        if !pipes.read(bounds.limits.output_bytes, watcher).within {
            ended = Some(End::TooMuchOutput);
            break;
        }
    }
    end(started, bounds.own_session);
    let wall = started.started.elapsed();
    let (status, used) = reap(started)?;
    // What it said last is still in the pipes.
    let within = pipes.drain(bounds.limits.output_bytes, watcher);
    let end = match ended {
        Some(end) => end,
        None if !within => End::TooMuchOutput,
        None if bounds.limits.disk_bytes.is_some_and(|most| written(bounds) > most) => End::TooMuchWritten,
        None => match (status.code(), status.signal()) {
            (_, Some(libc::SIGXCPU)) => End::TimedOut,
            (_, Some(signal)) => End::Signalled(signal),
            (code, None) => End::Exited(u8::try_from(code.unwrap_or(1) & 0xff).unwrap_or(1)),
        },
    };
    let Pipes { answer, report, other, .. } = pipes;
    Ok(Watched { end, answer, report, other, wall, used })
}

/// Kills a worker, and its whole group when that is its own. One that ended by itself is not hurt by it.
fn end(started: &Started, own_session: bool) {
    let _ = pidfd_send_signal(&started.pidfd, Signal::KILL);
    if own_session {
        // The worker has not been waited for, so the number is still its own.
        let _ = kill_process_group(started.pid, Signal::KILL);
    }
}

/// Waits for a worker that has ended or was killed. The standard library would not tell what it used.
fn reap(started: &Started) -> Result<(ExitStatus, libc::rusage), SandboxError> {
    let mut status = 0;
    // SAFETY: all zeros is a valid value of this plain structure.
    let mut used: libc::rusage = unsafe { std::mem::zeroed() };
    loop {
        // SAFETY: both pointers are to variables of this function.
        let waited = unsafe { libc::wait4(started.pid.as_raw_pid(), &raw mut status, 0, &raw mut used) };
        if waited >= 0 {
            return Ok((ExitStatus::from_raw(status), used));
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(system("wait for the process")(error));
        }
    }
}

fn written(bounds: &Bounds) -> u64 {
    let mut sum = 0u64;
    for folder in &bounds.folders {
        let usage = scratch::usage(folder, MOST_ENTRIES);
        if usage.entries > MOST_ENTRIES {
            return u64::MAX;
        }
        sum = sum.saturating_add(usage.bytes);
    }
    sum
}

struct Ready {
    gone: bool,
    cancelled: bool,
}

fn wait(
    pidfd: BorrowedFd<'_>,
    pipes: &Pipes,
    cancel: Option<BorrowedFd<'_>>,
    until: Option<Instant>,
) -> Result<Ready, SandboxError> {
    let timeout = until.map(|until| {
        let left = until.saturating_duration_since(Instant::now());
        Timespec { tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX), tv_nsec: left.subsec_nanos().into() }
    });
    let mut watched = vec![PollFd::from_borrowed_fd(pidfd, PollFlags::IN)];
    watched.extend(cancel.map(|cancel| PollFd::from_borrowed_fd(cancel, PollFlags::IN)));
    watched.extend(pipes.open_ends().map(|pipe| PollFd::from_borrowed_fd(pipe, PollFlags::IN)));
    match poll(&mut watched, timeout.as_ref()) {
        Ok(_) | Err(Errno::INTR) => {}
        Err(error) => return Err(system("watch the process")(error.into())),
    }
    let is_ready = |index: usize| watched.get(index).is_some_and(|fd| !fd.revents().is_empty());
    Ok(Ready { gone: is_ready(0), cancelled: cancel.is_some() && is_ready(1) })
}

/// The parent's ends of a worker's pipes.
struct Pipes {
    stdout: Option<std::process::ChildStdout>,
    stderr: Option<std::process::ChildStderr>,
    events: Option<io::PipeReader>,
    lines: Lines,
    printed: u64,
    answer: Option<Answer>,
    report: Option<Box<LabReport>>,
    other: Option<Vec<u8>>,
    buffer: Vec<u8>,
}

impl Pipes {
    fn open(started: &mut Started) -> Result<Self, SandboxError> {
        let events = started.events.try_clone().map_err(system("share a pipe"))?;
        let Some((stdout, stderr)) = started.child.stdout.take().zip(started.child.stderr.take()) else {
            return Err(system("open the process's streams")(io::ErrorKind::BrokenPipe.into()));
        };
        for pipe in [stdout.as_fd(), stderr.as_fd(), events.as_fd()] {
            ioctl_fionbio(pipe, true).map_err(io::Error::from).map_err(system("set up a pipe"))?;
        }
        Ok(Self {
            stdout: Some(stdout),
            stderr: Some(stderr),
            events: Some(events),
            lines: Lines::new(MAX_LINE),
            printed: 0,
            answer: None,
            report: None,
            other: None,
            buffer: vec![0; 64 << 10],
        })
    }

    fn open_ends(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let stdout = self.stdout.as_ref().map(AsFd::as_fd);
        let stderr = self.stderr.as_ref().map(AsFd::as_fd);
        let events = self.events.as_ref().map(AsFd::as_fd);
        [stdout, stderr, events].into_iter().flatten()
    }

    /// Reads once from each pipe, what the worker prints first. A pipe that never runs dry cannot hold up the others.
    /// What is printed over the limit is not passed on.
    fn read(&mut self, most: Option<u64>, watcher: &mut dyn Watcher) -> Round {
        let Self { stdout, stderr, events, lines, printed, answer, report, other, buffer } = self;
        let mut round = Round { any: false, within: true };
        let mut print = |stream, bytes: &[u8]| {
            let left = most.map_or(u64::MAX, |most| most.saturating_sub(*printed));
            let shown = usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()));
            *printed = printed.saturating_add(bytes.len() as u64);
            round.within &= shown == bytes.len();
            watcher.output(stream, &bytes[..shown])
        };
        round.any |= read_once(stdout, buffer, |bytes| print(Stream::Stdout, bytes));
        round.any |= read_once(stderr, buffer, |bytes| print(Stream::Stderr, bytes));
        round.any |= read_once(events, buffer, |bytes| {
            lines.push(bytes, |line| take_line(line, answer, report, other, watcher));
            Flow::Continue
        });
        round
    }

    /// Reads what a worker that is gone has left. Returns false when it was more than it may print.
    fn drain(&mut self, most: Option<u64>, watcher: &mut dyn Watcher) -> bool {
        /// More than pipes hold.
        const ROUNDS: usize = 1_000;
        let mut within = true;
        for _ in 0..ROUNDS {
            let round = self.read(most, watcher);
            within &= round.within;
            if !round.any || !within {
                break;
            }
        }
        within
    }
}

struct Round {
    /// Whether there was anything to read.
    any: bool,
    /// Whether the worker has printed no more than it may.
    within: bool,
}

/// Reads from a pipe as much as is there, up to the buffer's size, and closes it at its end or when nobody wants more.
fn read_once<P: Read>(pipe: &mut Option<P>, buffer: &mut [u8], take: impl FnOnce(&[u8]) -> Flow) -> bool {
    let Some(open) = pipe else { return false };
    match open.read(buffer) {
        Ok(0) => *pipe = None,
        Ok(read) => {
            if take(&buffer[..read]) == Flow::Close {
                *pipe = None;
            }
            return true;
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
        Err(_) => *pipe = None,
    }
    false
}

/// Takes a line of the events' pipe. It comes from the learner's process: whatever it says, only a well-formed message
/// counts, and the last report is the one that is kept.
fn take_line(
    line: &[u8],
    answer: &mut Option<Answer>,
    report: &mut Option<Box<LabReport>>,
    other: &mut Option<Vec<u8>>,
    watcher: &mut dyn Watcher,
) {
    /// The longest line that is none of the messages and is kept.
    const LONGEST: usize = 64 << 10;
    if answer.is_none() {
        *answer = serde_json::from_slice(line).ok();
        return;
    }
    match serde_json::from_slice(line) {
        Ok(Message::Event(event)) => watcher.event(event),
        Ok(Message::Observed { observed, observation }) => watcher.observed(observed, *observation),
        Ok(Message::Report { report: sent }) => *report = Some(sent),
        Err(_) if line.len() <= LONGEST => *other = Some(line.to_owned()),
        Err(_) => {}
    }
}
