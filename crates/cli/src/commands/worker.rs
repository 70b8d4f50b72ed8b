//! `lyceum worker`: the process that runs one program. `lyceum run` starts it; users do not.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, Write},
    num::NonZeroUsize,
    os::fd::{AsRawFd, RawFd},
    path::{Path, PathBuf},
    rc::Rc,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use clap::Args;
use lyceum_data::Catalogue;
use lyceum_engine::autograd::observe::{self, Observation};
use lyceum_lab::{
    Event, LabJob, LabReport, Message, Outcome, Resources,
    sandbox::{Inheritance, Task, Worker},
    wire,
};
use lyceum_python::{Exhibits, Files, OpenProgram, Program, xray::Picture};

use crate::memory;

/// Does what an order says that is read from a pipe.
#[derive(Args)]
pub struct WorkerArgs {
    /// The descriptor that the order is read from.
    #[arg(long)]
    order: RawFd,
    /// The descriptor that events and the report are written to.
    #[arg(long)]
    events: RawFd,
    /// The process that started this one.
    #[arg(long)]
    parent: i32,
}

pub fn run(args: &WorkerArgs) -> Result<u8> {
    let WorkerArgs { order, events, parent } = *args;
    let worker = Worker::take_over(Inheritance { order, events, parent })?;
    let job = match worker.task() {
        Task::Job(job) => (**job).clone(),
        Task::Attempt(_) => return Ok(worker.attempt()?),
    };
    memory::keep_freed_memory();
    let facts = Facts::gather(&job);
    // The program and its folders are opened with the rights of whoever started the run, and read with fewer.
    let started = Instant::now();
    let mut program = match open(&job, &worker) {
        Ok(program) => program,
        Err(error) => {
            worker.refuse(&format!("{error:#}"));
            return Ok(crate::FAILED);
        }
    };
    let is_confined = worker.is_confined();
    let events = worker.confine()?;
    memory::limit(job.limits.memory_bytes.unwrap_or(u64::MAX), events.as_raw_fd());
    lyceum_engine::memory::set_gate(memory::may_allocate);
    set_threads(facts.threads);
    let events = Events::new(events);
    program.streams_are_read = true;
    let answers = events.clone();
    program.observe = Some(Box::new(move |id, observation| {
        answers.send(Message::Observed { observed: id.to_owned(), observation: Box::new(observation) });
    }));
    program.prepare = Some(prepare(&job, is_confined, events.clone(), started));
    let outcome = program.run()?;
    let report = report(outcome, &events, started.elapsed(), facts.peak_memory());
    let exit_code = report.exit_code;
    events.finish(report);
    Ok(exit_code)
}

/// What has to be known or opened before the process is confined.
struct Facts {
    threads: NonZeroUsize,
    /// Where the kernel tells how much memory this process has.
    status: Option<File>,
}

impl Facts {
    fn gather(job: &LabJob) -> Self {
        memory::watch_machine();
        let threads = job.threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        Self { threads, status: File::open("/proc/self/status").ok() }
    }

    /// Returns the most memory that was resident, in bytes.
    fn peak_memory(&self) -> Option<u64> {
        memory::kibibytes(self.status.as_ref()?, "VmHWM:")
    }
}

/// Says whether this process has a good part of its seconds of computing left.
fn leaves_time(limit: u64) -> bool {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime).tv_sec;
    let left = limit.saturating_sub(u64::try_from(used).unwrap_or(u64::MAX));
    left >= 3 && left * 5 >= limit
}

/// Says how many threads the engine computes with. They are started when something is large enough for them.
fn set_threads(threads: NonZeroUsize) {
    // SAFETY: this process has one thread, so nobody reads the environment meanwhile.
    unsafe { std::env::set_var("RAYON_NUM_THREADS", threads.to_string()) };
}

/// Reads the program of a job, and opens the folders that it sees.
fn open(job: &LabJob, worker: &Worker) -> Result<OpenProgram> {
    let files = Files {
        program: job.files.folder.clone(),
        data: job.files.readable.clone(),
        out: job.files.out.clone().unwrap_or_default(),
        temporary: worker.temporary().map(Path::to_owned),
    };
    let mut program = Program::new(&job.program, files);
    program.arguments = job.args.clone();
    program.is_main = !job.as_module;
    program.probes = job.probes.clone();
    program.exhibits = job.exhibits.clone().map(|text| {
        let limit = job.limits.cpu_seconds;
        Exhibits { text, is_time: Box::new(move || limit.is_none_or(leaves_time)) }
    });
    Ok(program.open()?)
}

/// Makes what is called on the program's thread before its first line.
fn prepare(job: &LabJob, is_confined: bool, events: Events, started: Instant) -> Box<dyn FnOnce() + Send> {
    // A confined worker stands in the catalogue's folder.
    let home = job.data_home.clone().map(|home| if is_confined && home.is_dir() { PathBuf::from(".") } else { home });
    let (seed, withhold, xray) = (job.seed, job.withhold.clone(), job.xray);
    Box::new(move || {
        if let Some(seed) = seed {
            lyceum_engine::random::default_generator().lock().manual_seed(seed);
        }
        lyceum_python::datasets::set_catalogue(home.map_or_else(Catalogue::built_in, Catalogue::at));
        lyceum_python::datasets::withhold(withhold);
        let counter = Rc::new(Cell::new(Counter::default()));
        let (count, sender) = (Rc::clone(&counter), events.clone());
        observe::set_listener(Some(Box::new(move |observation| {
            let mut counted = count.get();
            sender.send(counted.event(observation, started.elapsed().as_secs_f64()).into());
            count.set(counted);
        })));
        let now = move || (counter.get(), started.elapsed().as_secs_f64());
        if xray {
            let (now, events) = (now.clone(), events.clone());
            lyceum_python::xray::start(Box::new(move |picture| {
                let (counter, time) = now();
                let step = counter.step_of_gradients();
                events.send(
                    match picture {
                        Picture::Graph(graph) => {
                            Event::Graph { step, name: "loss".into(), graph: Box::new(graph), time }
                        }
                        Picture::Parameter { name, numbers } => {
                            Event::Histogram { step, name, numbers: Box::new(numbers), time }
                        }
                    }
                    .into(),
                );
            }));
        }
        let (then, sender) = (now.clone(), events.clone());
        lyceum_python::scalars::set_listener(Some(Box::new(move |scalar| {
            let (counter, time) = then();
            let step = scalar.step.unwrap_or(counter.last_step());
            sender.send(Event::Scalar { step, name: scalar.name, value: scalar.value, time }.into());
        })));
        let (then, sender) = (now.clone(), events.clone());
        lyceum_python::figures::set_exhibit_listener(Some(Box::new(move |exhibit| {
            let (counter, time) = then();
            let (step, name) = (counter.last_step(), exhibit.title.en.clone());
            sender.send(Event::Exhibit { step, name, exhibit: Box::new(exhibit), time }.into());
        })));
        lyceum_python::figures::set_listener(Some(Box::new(move |figure| {
            let (counter, time) = now();
            let (step, name) = (counter.last_step(), figure.name().to_owned());
            events.send(Event::Figure { step, name, figure: Box::new(figure), time }.into());
        })));
    })
}

/// Numbers what a training loop does.
#[derive(Clone, Copy, Default)]
struct Counter {
    backwards: u64,
    steps: u64,
}

impl Counter {
    /// Returns the step that was the last one.
    fn last_step(self) -> u64 {
        if self.steps == 0 { self.backwards } else { self.steps }
    }

    /// Returns the step that the last gradients belong to: the optimiser's that follows them, or their own number in a
    /// loop without an optimiser.
    fn step_of_gradients(self) -> u64 {
        if self.steps == 0 { self.backwards } else { self.steps + 1 }
    }

    /// Makes an event of an observation. A loss belongs to the optimiser's step that follows it; in a
    /// loop without an optimiser each one is a step.
    fn event(&mut self, observation: Observation<'_>, time: f64) -> Event {
        match observation {
            Observation::Backward { value } => {
                self.backwards += 1;
                let step = self.step_of_gradients();
                Event::Scalar { step, name: "loss".into(), value, time }
            }
            Observation::Gradients { norm } => {
                Event::Scalar { step: self.step_of_gradients(), name: "grad_norm".into(), value: norm, time }
            }
            Observation::Step { optimizer, learning_rate } => {
                self.steps += 1;
                Event::Step { step: self.steps, optimizer: optimizer.into(), learning_rate, time }
            }
        }
    }
}

/// Makes the report of a program that came to its end.
fn report(ended: lyceum_python::Outcome, events: &Events, wall: Duration, peak: Option<u64>) -> LabReport {
    let outcome = match &ended.raised {
        None => Outcome::Finished,
        Some(raised) if raised.class == "MemoryError" => Outcome::OutOfMemory,
        Some(_) => Outcome::Raised,
    };
    let mut report = LabReport::ended(outcome);
    if outcome != Outcome::OutOfMemory {
        report.exit_code = u8::try_from(ended.status & 0xff).unwrap_or(1);
    }
    report.exception = ended.raised.map(Into::into);
    report.notices = ended.notices;
    report.metrics = events.last_values();
    report.resources = Resources {
        wall_seconds: wall.as_secs_f64(),
        // The parent asks the kernel.
        cpu_seconds: 0.0,
        peak_memory_bytes: peak.unwrap_or_default(),
    };
    report
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
        let facts = Facts::gather(&LabJob::new("a.py"));
        assert!(facts.peak_memory().is_some_and(|bytes| bytes > 1 << 20));
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
