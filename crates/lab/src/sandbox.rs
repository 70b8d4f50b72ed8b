//! The sandbox: starts a program's process, confines it, watches it, and ends it.
//!
//! A run is a child process made of this same binary. [`run`] starts one and returns when it is gone; it may be called
//! from any number of threads at once. In the child, [`Worker`] leads to the point where the program may begin. The
//! operating system is what confines; whatever the interpreter forbids besides only comes first.
//!
//! ```text
//! parent                                child (`BINARY worker`)
//! scratch   a folder of the run's own
//! spawn     no environment, pipes ────► worker     nothing else inherited, dies with the parent
//!           order ────────────────────►            folders are opened, the program is read
//!                                       limits     address space, CPU, files, threads, no core
//!                                                  another user, no group, no capability, not dumpable
//!                                       folders    Landlock
//!                                       syscalls   seccomp
//! supervise ◄──────────────────── ready
//!           ◄──────── output, events, report       threads, the interpreter, the program
//! results   what it wrote, no links
//! ```
//!
//! - `kernel`: what this kernel has of that
//! - `attempts`: tries each forbidden thing, for `lyceum doctor`
//! - `users`, `handover`: runs that root starts have a user of their own
//!
//! **Invariant:** no thread exists in a worker before it is confined.
//! **Invariant:** a worker never outlives the thread that called [`run`], and leaves no process, file or descriptor.

mod attempts;
mod folders;
mod handover;
mod kernel;
mod limits;
mod order;
mod results;
mod scratch;
mod spawn;
mod supervise;
mod syscalls;
mod users;
mod worker;

use std::{
    ffi::OsString,
    fs::File,
    io,
    os::fd::{BorrowedFd, OwnedFd},
    path::PathBuf,
    process::Stdio,
    time::Duration,
};

use thiserror::Error;

pub use self::{
    attempts::{Attempt, Came, Denial, attempts, examine},
    kernel::{Kernel, Part},
    order::Task,
    results::Results,
    supervise::End,
    worker::{Inheritance, Worker, WorkerError},
};
use self::{
    handover::Lent,
    order::{Answer, Order, Plan},
    scratch::Scratch,
    supervise::{Bounds, Watched},
};
use crate::{Event, LabJob, LabReport, Limits, Observation, Outcome, Resources};

/// The status that a worker ends with when it allocates more than it may.
///
/// It differs from what programs end with by themselves; [`run`] turns it into [`Outcome::OutOfMemory`].
pub const MEMORY_STATUS: u8 = 247;

/// How a run is confined.
#[derive(Clone, Debug)]
pub struct Confinement {
    /// How much of it is asked for.
    pub strength: Strength,
    /// Whether the program leaves the terminal and the caller's group of processes. Then a key on the terminal reaches
    /// the caller alone, who has to end the run by [`Watcher::cancel`].
    pub own_session: bool,
    /// Whether the program reads the caller's standard input; otherwise it finds it empty.
    pub standard_input: bool,
    /// Files outside the job's folders that the program may read.
    pub readable: Vec<PathBuf>,
    /// The folder for the folders of runs; the system's temporary folder when absent.
    pub base: Option<PathBuf>,
    /// The binary whose first argument `worker` makes it a worker; this one when absent.
    pub binary: Option<OsString>,
}

impl Confinement {
    /// Makes the confinement of a lab: all of it, and nothing of the caller's.
    pub fn lab() -> Self {
        Self {
            strength: Strength::Full,
            own_session: true,
            standard_input: false,
            readable: Vec::new(),
            base: None,
            binary: None,
        }
    }

    /// Makes the confinement of a program that a person runs on their terminal, in their time zone.
    pub fn terminal() -> Self {
        Self { own_session: false, standard_input: true, readable: vec!["/etc/localtime".into()], ..Self::lab() }
    }

    /// The same, with another strength.
    pub fn with(self, strength: Strength) -> Self {
        Self { strength, ..self }
    }
}

/// How much of the confinement a run must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// All that matters; where the kernel lacks an essential part, there is no run.
    Full,
    /// What the kernel has; the report says what is missing.
    Weak,
    /// None: a process of its own with the caller's rights, for programs that the caller trusts.
    Off,
}

/// One of the two streams that a program prints to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Whether more of a stream is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// More is wanted.
    Continue,
    /// Nobody reads it any more; the program is told as by a broken pipe.
    Close,
}

/// Who is told what happens in a run, on the thread that called [`run`].
///
/// While a method runs nothing else of the run is attended to, its limits included.
pub trait Watcher {
    /// The program printed something. Both streams arrive in the order in which it wrote to them, cut anywhere.
    fn output(&mut self, stream: Stream, bytes: &[u8]) -> Flow {
        let _ = (stream, bytes);
        Flow::Continue
    }

    /// Something happened in the program. Untrusted.
    fn event(&mut self, event: Event) {
        let _ = event;
    }

    /// A probe has its answer. Untrusted, its name included.
    fn observed(&mut self, probe: String, observation: Observation) {
        let _ = (probe, observation);
    }

    /// Returns how often [`Watcher::tick`] wants to be called.
    fn tick_every(&self) -> Option<Duration> {
        None
    }

    /// Time has passed.
    fn tick(&mut self) {}

    /// Returns a descriptor that becomes readable when the run is to be ended.
    fn cancel(&self) -> Option<BorrowedFd<'_>> {
        None
    }
}

/// A watcher who does not look.
impl Watcher for () {}

/// A watcher who keeps everything.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    /// What was printed, in order; neighbouring pieces are of different streams.
    pub output: Vec<(Stream, Vec<u8>)>,
    /// What happened, in order; the first [`Recorder::MOST_EVENTS`] of it, and of the figures the first
    /// [`Recorder::MOST_FIGURE_BYTES`].
    pub events: Vec<Event>,
    /// The length of the descriptions of the figures that are kept.
    figure_bytes: usize,
}

impl Recorder {
    /// The most events that are kept, because a program decides how many there are.
    pub const MOST_EVENTS: usize = 200_000;

    /// The most bytes that the descriptions of the kept figures have together, for the same reason.
    pub const MOST_FIGURE_BYTES: usize = 32 << 20;

    /// Returns what was printed to one stream, with U+FFFD for what is not UTF-8.
    pub fn text(&self, stream: Stream) -> String {
        let bytes: Vec<u8> =
            self.output.iter().filter(|(of, _)| *of == stream).flat_map(|(_, bytes)| bytes).copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Watcher for Recorder {
    fn output(&mut self, stream: Stream, bytes: &[u8]) -> Flow {
        match self.output.last_mut() {
            Some((last, kept)) if *last == stream => kept.extend_from_slice(bytes),
            _ => self.output.push((stream, bytes.to_owned())),
        }
        Flow::Continue
    }

    fn event(&mut self, event: Event) {
        if let Event::Figure { figure, .. } = &event {
            let bytes = figure.description_bytes();
            if self.figure_bytes.saturating_add(bytes) > Self::MOST_FIGURE_BYTES {
                return;
            }
            self.figure_bytes += bytes;
        }
        if self.events.len() < Self::MOST_EVENTS {
            self.events.push(event);
        }
    }
}

/// A run that is over.
#[derive(Debug)]
pub struct Finished {
    /// How it ended and what it left. What only the program could know is untrusted; the outcome, the status, the
    /// resources but for the peak of memory, and what is missing are the parent's own.
    pub report: LabReport,
    /// How its process ended.
    pub end: End,
    /// Whether the program's process sent a report.
    pub reported: bool,
    /// The files that it wrote.
    pub results: Results,
}

impl Finished {
    /// Makes a run that ended so and said so, for the tests of those who judge runs.
    #[doc(hidden)]
    pub fn of(end: End, said: Option<LabReport>) -> Self {
        // SAFETY: all zeros is a valid value of this plain structure.
        let used = unsafe { std::mem::zeroed() };
        let report = said.map(Box::new);
        let watched = Watched { end, answer: None, report, other: None, wall: Duration::ZERO, used };
        let reported = watched.report.is_some();
        Self { report: report_of(&watched, Vec::new()), end, reported, results: Results::new(None, None) }
    }
}

/// Why there was no run. What a program does is never one of these.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// The kernel lacks essential parts of the confinement.
    #[error("this system cannot confine a program: it lacks {}", list(parts))]
    Missing {
        /// What it lacks, all of it.
        parts: Vec<Part>,
    },
    /// The system failed.
    #[error("cannot {action}: {source}")]
    System {
        /// What was to be done.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The worker could not take up its work.
    #[error("{reason}")]
    Refused {
        /// What it said.
        reason: String,
    },
    /// The worker ended without a word.
    #[error("the program's process ended before it could begin ({end:?}): {printed}")]
    Silent {
        /// How it ended.
        end: End,
        /// What it printed.
        printed: String,
    },
}

fn list(parts: &[Part]) -> String {
    parts.iter().map(Part::to_string).collect::<Vec<_>>().join(", ")
}

fn system(action: &'static str) -> impl FnOnce(io::Error) -> SandboxError {
    move |source| SandboxError::System { action, source }
}

/// Runs a job to its end.
///
/// The calling thread waits; when it dies, so does the run.
///
/// # Errors
/// When there was no run. Whatever the program does is in the report.
pub fn run(job: &LabJob, confinement: &Confinement, watcher: &mut dyn Watcher) -> Result<Finished, SandboxError> {
    let ended = start(Task::Job(Box::new(job.clone())), confinement, watcher)?;
    let Ended { watched, missing, results } = ended;
    let mut report = report_of(&watched, missing);
    report.artefacts = results.list();
    Ok(Finished { end: watched.end, reported: watched.report.is_some(), report, results })
}

struct Ended {
    watched: Watched,
    missing: Vec<Part>,
    results: Results,
}

/// Starts a worker on a task and watches it to its end.
fn start(task: Task, confinement: &Confinement, watcher: &mut dyn Watcher) -> Result<Ended, SandboxError> {
    let missing = match confinement.strength {
        Strength::Off => Part::ALL.to_vec(),
        _ => Kernel::this().missing(),
    };
    if confinement.strength == Strength::Full && missing.iter().any(|part| part.is_essential()) {
        return Err(SandboxError::Missing { parts: missing });
    }
    let base = confinement.base.clone().unwrap_or_else(std::env::temp_dir);
    let scratch = match confinement.strength {
        Strength::Off => None,
        _ => Some(Scratch::create(&base).map_err(system("make a folder for the run"))?),
    };
    let Prepared { task, limits, folders, results, lent } = prepare(task, scratch.as_ref())?;
    let plan = scratch.as_ref().map(|scratch| Plan {
        without: missing.clone(),
        user: scratch.user(),
        own_session: confinement.own_session,
        temporary: scratch.temporary(),
        readable: confinement.readable.clone(),
    });
    let bounds = Bounds { limits, folders, own_session: plan.is_some() && confinement.own_session };
    let binary = confinement.binary.clone().unwrap_or_else(|| "/proc/self/exe".into());
    let stdin = if confinement.standard_input { Stdio::inherit() } else { Stdio::null() };
    let temporary = scratch.as_ref().map(Scratch::temporary);
    let started = spawn::start(&binary, &Order { task, confinement: plan }, temporary.as_deref(), stdin)?;

    let mut first_words = FirstWords { watcher, printed: Vec::new() };
    let (first, since) = (started.pid, started.started);
    let watched = supervise::watch(started, &bounds, &mut first_words);
    if let Some(user) = scratch.as_ref().and_then(Scratch::user) {
        users::kill_all_of(user, first, since.elapsed());
    }
    drop(lent);
    let printed = first_words.printed;
    let watched = watched?;
    match &watched.answer {
        Some(Answer::Ready) => Ok(Ended { watched, missing, results: Results::new(results, scratch) }),
        Some(Answer::Refused(reason)) => Err(SandboxError::Refused { reason: reason.clone() }),
        None if matches!(watched.end, End::Cancelled | End::TimedOut) => {
            Ok(Ended { watched, missing, results: Results::new(results, scratch) })
        }
        None => {
            let printed = String::from_utf8_lossy(&printed).trim_end().to_owned();
            Err(SandboxError::Silent { end: watched.end, printed })
        }
    }
}

/// A task with all its paths spelt out, and what is held for it.
struct Prepared {
    task: Task,
    limits: Limits,
    /// The folders whose contents count as written.
    folders: Vec<PathBuf>,
    /// The folder that the results lie in.
    results: Option<OwnedFd>,
    lent: Option<Lent>,
}

fn prepare(task: Task, scratch: Option<&Scratch>) -> Result<Prepared, SandboxError> {
    let mut prepared = Prepared { task, limits: Limits::default(), folders: Vec::new(), results: None, lent: None };
    prepared.folders.extend(scratch.map(|scratch| scratch.path().to_owned()));
    let Task::Job(job) = &mut prepared.task else {
        prepared.limits.wall_ms = Some(ATTEMPT_MS);
        return Ok(prepared);
    };
    prepared.limits = job.limits;
    // The worker may stand elsewhere than the caller.
    let paths = [&mut job.files.folder].into_iter().chain(&mut job.files.readable).chain(&mut job.files.out);
    for path in paths.chain(&mut job.data_home) {
        *path = std::path::absolute(&*path).map_err(system("find this folder"))?;
    }
    match (&job.files.out, scratch) {
        (Some(out), _) => {
            prepared.folders.push(out.clone());
            if out.is_dir() {
                let lend = |user| Lent::to(user, out).map_err(system("lend the run's folder to its user"));
                prepared.lent = scratch.and_then(Scratch::user).map(lend).transpose()?;
                prepared.results = File::open(out).map(OwnedFd::from).ok();
            }
        }
        (None, Some(scratch)) => {
            job.files.out = Some(scratch.out());
            prepared.results = Some(scratch.open_out().map_err(system("open the run's folder"))?);
        }
        (None, None) => {}
    }
    Ok(prepared)
}

/// How long an attempt of the doctor may take.
const ATTEMPT_MS: u64 = 10_000;

/// Passes everything on, and keeps the beginning of what was printed, for a worker that never came to its program.
struct FirstWords<'a> {
    watcher: &'a mut dyn Watcher,
    printed: Vec<u8>,
}

impl Watcher for FirstWords<'_> {
    fn output(&mut self, stream: Stream, bytes: &[u8]) -> Flow {
        const ENOUGH: usize = 2_000;
        let room = ENOUGH.saturating_sub(self.printed.len()).min(bytes.len());
        self.printed.extend_from_slice(&bytes[..room]);
        self.watcher.output(stream, bytes)
    }

    fn event(&mut self, event: Event) {
        self.watcher.event(event);
    }

    fn observed(&mut self, probe: String, observation: Observation) {
        self.watcher.observed(probe, observation);
    }

    fn tick_every(&self) -> Option<Duration> {
        self.watcher.tick_every()
    }

    fn tick(&mut self) {
        self.watcher.tick();
    }

    fn cancel(&self) -> Option<BorrowedFd<'_>> {
        self.watcher.cancel()
    }
}

/// Makes the report of a run from what its process said and from what was seen of it.
fn report_of(watched: &Watched, missing: Vec<Part>) -> LabReport {
    let said = watched.report.as_deref();
    let outcome = outcome(watched.end, said.map(|report| report.outcome));
    let mut report = said.cloned().unwrap_or_else(|| LabReport::ended(outcome));
    report.outcome = outcome;
    report.exit_code = match watched.end {
        _ if outcome == Outcome::OutOfMemory => outcome.exit_code(),
        End::Exited(code) => code,
        End::Signalled(signal) => u8::try_from(128 + signal).unwrap_or(1),
        _ => outcome.exit_code(),
    };
    report.artefacts = Vec::new();
    report.missing = missing;
    report.resources = resources(watched);
    report
}

/// What the program's process says of itself counts only as far as it came to an end by itself.
fn outcome(end: End, said: Option<Outcome>) -> Outcome {
    match (end, said) {
        (End::TimedOut, _) => Outcome::TimedOut,
        (End::TooMuchOutput | End::TooMuchWritten, _) => Outcome::OutputLimit,
        (End::Cancelled | End::Signalled(_), _) => Outcome::Killed,
        (End::Exited(MEMORY_STATUS), None) | (End::Exited(_), Some(Outcome::OutOfMemory)) => Outcome::OutOfMemory,
        (End::Exited(_), Some(said @ (Outcome::Finished | Outcome::Raised))) => said,
        (End::Exited(_), _) => Outcome::Killed,
    }
}

fn resources(watched: &Watched) -> Resources {
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    // The kernel's figure is never too low, but counts what the parent had when it started the process.
    let at_most = u64::try_from(watched.used.ru_maxrss).unwrap_or(0).saturating_mul(1024);
    let said = watched.report.as_ref().map_or(0, |report| report.resources.peak_memory_bytes);
    Resources {
        wall_seconds: watched.wall.as_secs_f64(),
        cpu_seconds: seconds(watched.used.ru_utime) + seconds(watched.used.ru_stime),
        peak_memory_bytes: if said > 0 { said.min(at_most) } else { at_most },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_parent_saw_counts_more_than_what_the_program_says() {
        let said = Some(Outcome::Finished);
        assert_eq!(outcome(End::Exited(0), said), Outcome::Finished);
        assert_eq!(outcome(End::Exited(1), Some(Outcome::Raised)), Outcome::Raised);
        assert_eq!(outcome(End::Exited(137), Some(Outcome::OutOfMemory)), Outcome::OutOfMemory);
        assert_eq!(outcome(End::Exited(MEMORY_STATUS), None), Outcome::OutOfMemory);
        assert_eq!(outcome(End::TimedOut, said), Outcome::TimedOut);
        assert_eq!(outcome(End::TooMuchOutput, said), Outcome::OutputLimit);
        assert_eq!(outcome(End::TooMuchWritten, said), Outcome::OutputLimit);
        assert_eq!(outcome(End::Signalled(9), said), Outcome::Killed);
        assert_eq!(outcome(End::Exited(0), None), Outcome::Killed);
        assert_eq!(outcome(End::Exited(0), Some(Outcome::TimedOut)), Outcome::Killed);
    }

    #[test]
    fn a_recorder_keeps_the_order_of_the_streams() {
        let mut recorder = Recorder::default();
        for (stream, text) in
            [(Stream::Stdout, "a"), (Stream::Stdout, "b"), (Stream::Stderr, "c"), (Stream::Stdout, "d")]
        {
            recorder.output(stream, text.as_bytes());
        }
        let pieces: Vec<&[u8]> = recorder.output.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        assert_eq!(pieces, [&b"ab"[..], b"c", b"d"]);
        assert_eq!((recorder.text(Stream::Stdout).as_str(), recorder.text(Stream::Stderr).as_str()), ("abd", "c"));
    }
}
