//! `lyceum worker`: the process that runs one program. `lyceum run` starts it; users do not.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufWriter, Read, Write},
    os::fd::{FromRawFd, OwnedFd, RawFd},
    rc::Rc,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use clap::Args;
use lyceum_data::Catalogue;
use lyceum_engine::autograd::observe::{self, Observation};
use lyceum_lab::{Event, Exception, LabJob, LabReport, Message, Outcome, Resources, StackFrame, wire};
use lyceum_python::{Files, Program};
use rustix::process::{Pid, Resource, Rlimit, Signal, getppid, setrlimit};

use crate::memory;

/// Runs one job that is read from a pipe.
#[derive(Args)]
pub struct WorkerArgs {
    /// The descriptor that the job is read from.
    #[arg(long)]
    job_fd: RawFd,
    /// The descriptor that events and the report are written to.
    #[arg(long)]
    events_fd: RawFd,
    /// The process that started this one.
    #[arg(long)]
    parent: i32,
}

pub fn run(args: &WorkerArgs) -> Result<u8> {
    die_with(args.parent)?;
    memory::keep_freed_memory();
    let job = read_job(args.job_fd)?;
    let events = inherited(args.events_fd)?;
    confine(&job, args.events_fd)?;
    let events = Events::new(events);
    let started = Instant::now();
    let outcome = lyceum_python::run_program(program(&job, events.clone(), started))?;
    let report = report(outcome, &events, started.elapsed());
    let exit_code = report.exit_code;
    events.finish(report);
    Ok(exit_code)
}

/// Makes the interpreter's program of a job.
fn program(job: &LabJob, events: Events, started: Instant) -> Program {
    let files = Files {
        program: job.files.folder.clone(),
        data: job.files.readable.clone(),
        out: job.files.out.clone().unwrap_or_default(),
    };
    let (seed, data_home) = (job.seed, job.data_home.clone());
    let mut program = Program::new(&job.program, files);
    program.arguments = job.args.clone();
    program.prepare = Some(Box::new(move || {
        if let Some(seed) = seed {
            lyceum_engine::random::default_generator().lock().manual_seed(seed);
        }
        lyceum_python::datasets::set_catalogue(data_home.map_or_else(Catalogue::built_in, Catalogue::at));
        let counter = Rc::new(Cell::new(Counter::default()));
        let (count, sender) = (Rc::clone(&counter), events.clone());
        observe::set_listener(Some(Box::new(move |observation| {
            let mut counted = count.get();
            sender.send(counted.event(observation, started.elapsed().as_secs_f64()).into());
            count.set(counted);
        })));
        lyceum_python::figures::set_listener(Some(Box::new(move |figure| {
            let (step, name, time) = (counter.get().steps, figure.name().to_owned(), started.elapsed().as_secs_f64());
            events.send(Event::Figure { step, name, figure: Box::new(figure), time }.into());
        })));
    }));
    program
}

/// Numbers what a training loop does.
#[derive(Clone, Copy, Default)]
struct Counter {
    backwards: u64,
    steps: u64,
}

impl Counter {
    /// Makes an event of an observation. A loss belongs to the optimiser's step that follows it; in a
    /// loop without an optimiser each one is a step.
    fn event(&mut self, observation: Observation<'_>, time: f64) -> Event {
        match observation {
            Observation::Backward { value } => {
                self.backwards += 1;
                let step = if self.steps == 0 { self.backwards } else { self.steps + 1 };
                Event::Scalar { step, name: "loss".into(), value, time }
            }
            Observation::Step { optimizer, learning_rate } => {
                self.steps += 1;
                Event::Step { step: self.steps, optimizer: optimizer.into(), learning_rate, time }
            }
        }
    }
}

/// Makes the report of a program that came to its end.
fn report(ended: lyceum_python::Outcome, events: &Events, wall: Duration) -> LabReport {
    let outcome = match &ended.raised {
        None => Outcome::Finished,
        Some(raised) if raised.class == "MemoryError" => Outcome::OutOfMemory,
        Some(_) => Outcome::Raised,
    };
    let mut report = LabReport::ended(outcome);
    if outcome != Outcome::OutOfMemory {
        report.exit_code = u8::try_from(ended.status & 0xff).unwrap_or(1);
    }
    report.exception = ended.raised.map(|raised| Exception {
        class: raised.class,
        message: raised.message,
        frames: raised
            .frames
            .into_iter()
            .map(|frame| StackFrame {
                file: frame.file,
                line: u32::try_from(frame.line).unwrap_or(u32::MAX),
                function: frame.function,
            })
            .collect(),
        traceback: raised.traceback,
    });
    report.metrics = events.last_values();
    report.resources = Resources {
        wall_seconds: wall.as_secs_f64(),
        cpu_seconds: cpu_seconds().unwrap_or_default(),
        peak_memory_bytes: peak_memory().unwrap_or_default(),
    };
    report
}

/// Returns the seconds that this process has computed, over all its threads.
fn cpu_seconds() -> Option<f64> {
    /// What Linux counts the time of processes in, on every machine that Lyceum runs on.
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in parentheses and may hold anything; the user's and the
    // system's time are the 14th and 15th.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system) = (fields.next()?.parse::<f64>().ok()?, fields.next()?.parse::<f64>().ok()?);
    Some((user + system) / TICKS_A_SECOND)
}

/// Returns the most memory that was resident, in bytes.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

/// Ends this process when its parent ends, however that comes about.
fn die_with(parent: i32) -> Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))
        .context("cannot bind the process to its parent")?;
    // The parent may have ended before the line above.
    if getppid().map(Pid::as_raw_nonzero).map(std::num::NonZeroI32::get) != Some(parent) {
        anyhow::bail!("the process that started this one is gone");
    }
    Ok(())
}

fn read_job(descriptor: RawFd) -> Result<LabJob> {
    let mut bytes = Vec::new();
    inherited(descriptor)?.read_to_end(&mut bytes).context("cannot read the job")?;
    serde_json::from_slice(&bytes).context("cannot understand the job")
}

/// Takes over a pipe that the parent has left open.
fn inherited(descriptor: RawFd) -> Result<File> {
    anyhow::ensure!(descriptor > 2, "expected a descriptor above 2, found {descriptor}");
    // SAFETY: the number comes from the parent, which left this descriptor open for this process alone;
    // each is taken over once. Were it not open, reading and writing would fail with EBADF.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) }.into())
}

/// Sets the limits of the job, before any thread exists.
fn confine(job: &LabJob, events: RawFd) -> Result<()> {
    /// What the process may have beside what its allocator hands out: stacks, and what the allocator
    /// itself holds in reserve. The interpreter's stack alone takes 256 MiB of address space.
    const RESERVE: u64 = 768 << 20;
    let limit = |bytes| Rlimit { current: Some(bytes), maximum: Some(bytes) };
    setrlimit(Resource::Core, limit(0)).context("cannot forbid core dumps")?;
    if let Some(bytes) = job.limits.memory_bytes {
        setrlimit(Resource::Data, limit(bytes.saturating_add(RESERVE))).context("cannot limit the memory")?;
    }
    memory::limit(job.limits.memory_bytes.unwrap_or(u64::MAX), events);
    lyceum_engine::memory::set_gate(memory::may_allocate);
    if let Some(threads) = job.threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads.get())
            .build_global()
            .context("cannot set the number of threads")?;
    }
    Ok(())
}

/// Sends events and, at the end, the report.
///
/// A training loop can give thousands of events a second, so they are written together, at most every
/// [`Events::DELAY`]; a second thread sees to it that none waits for the next one to come.
#[derive(Clone)]
struct Events(Arc<Pipe>);

struct Pipe {
    state: Mutex<Pending>,
    waiting: Condvar,
}

struct Pending {
    writer: BufWriter<File>,
    /// Whether there is something that has not been written.
    dirty: bool,
    /// The last value of every scalar.
    last: BTreeMap<String, f64>,
}

impl Events {
    const DELAY: Duration = Duration::from_millis(30);

    fn new(pipe: File) -> Self {
        let pending = Pending { writer: BufWriter::with_capacity(1 << 16, pipe), dirty: false, last: BTreeMap::new() };
        let events = Self(Arc::new(Pipe { state: Mutex::new(pending), waiting: Condvar::new() }));
        let flusher = events.clone();
        // Without the thread events would only come later.
        let _ =
            thread::Builder::new().name("events".into()).stack_size(256 << 10).spawn(move || flusher.keep_flushing());
        events
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a message. When nobody reads any more, the parent is gone or has had enough, and this
    /// process is about to end: there is nobody to tell.
    fn send(&self, message: Message) {
        let mut pending = self.pending();
        if let Message::Event(Event::Scalar { name, value, .. }) = &message {
            match pending.last.get_mut(name) {
                Some(last) => *last = *value,
                None => drop(pending.last.insert(name.clone(), *value)),
            }
        }
        let _ = wire::write_message(&mut pending.writer, &message);
        if !pending.dirty {
            pending.dirty = true;
            self.0.waiting.notify_one();
        }
    }

    fn keep_flushing(&self) {
        let mut pending = self.pending();
        loop {
            while !pending.dirty {
                pending = self.0.waiting.wait(pending).unwrap_or_else(PoisonError::into_inner);
            }
            drop(pending);
            thread::sleep(Self::DELAY);
            pending = self.pending();
            pending.dirty = false;
            let _ = pending.writer.flush();
        }
    }

    fn last_values(&self) -> BTreeMap<String, f64> {
        self.pending().last.clone()
    }

    fn finish(&self, report: LabReport) {
        self.send(report.into());
        let _ = self.pending().writer.flush();
        let _ = io::stdout().flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(observations: &[Observation<'_>]) -> Vec<u64> {
        let mut counter = Counter::default();
        observations.iter().map(|observation| counter.event(*observation, 0.0).step()).collect()
    }

    #[test]
    fn what_the_process_used_is_known() {
        assert!(cpu_seconds().is_some_and(|seconds| (0.0..1e6).contains(&seconds)));
        assert!(peak_memory().is_some_and(|bytes| bytes > 1 << 20));
    }

    #[test]
    fn a_loss_belongs_to_the_step_that_follows_it() {
        let loss = Observation::Backward { value: 1.0 };
        let step = Observation::Step { optimizer: "SGD", learning_rate: 0.1 };
        assert_eq!(steps(&[loss, step, loss, step, loss, step]), [1, 1, 2, 2, 3, 3]);
        // Gradients of several batches for one step.
        assert_eq!(steps(&[loss, step, loss, loss, step, loss, loss, step]), [1, 1, 2, 2, 2, 3, 3, 3]);
        // A loop that changes its weights by hand.
        assert_eq!(steps(&[loss, loss, loss]), [1, 2, 3]);
    }
}
