//! The desk: takes submissions in, gives them to workers, and stops them.

use std::{
    collections::HashMap,
    io::Write,
    os::unix::net::UnixStream,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use lyceum_curriculum::{LabFiles, submission::SubmissionError};
use lyceum_data::Catalogue;
use lyceum_store::{Kind, Store, Submission};
use serde_json::json;
use thiserror::Error;
use tokio::runtime::Handle;

use super::{
    frames::{Frame, Phase},
    grade_submission::grade_submission,
    lesson_outputs::LessonOutputs,
    live::{Hub, Live, first_of},
    queue::{Class, Full, Queue},
    run_program::run_program,
    sandboxed::{Sandboxed, Workshop},
};
use crate::{
    error::AppError,
    library::Library,
    metrics::{Metrics, Stage},
};

/// Takes submissions in and has them done.
pub struct Desk {
    pub store: Store,
    pub library: Arc<Library>,
    pub metrics: Arc<Metrics>,
    pub workshop: Workshop,
    pub catalogue: Catalogue,
    /// Where solutions' answers are kept.
    pub answers: PathBuf,
    pub lesson_outputs: LessonOutputs,
    pub hub: Hub,
    workers: usize,
    runtime: Handle,
    state: Mutex<State>,
    /// Something waits, or the server ends.
    changed: Condvar,
    /// How long programs take of a worker, on average, in milliseconds.
    usual_ms: AtomicU64,
}

/// What a desk is made of.
pub struct Parts {
    pub store: Store,
    pub library: Arc<Library>,
    pub metrics: Arc<Metrics>,
    pub workshop: Workshop,
    pub catalogue: Catalogue,
    /// The data folder.
    pub data: PathBuf,
    /// How many programs run at a time.
    pub workers: usize,
    /// How many may wait, and how many of each learner.
    pub room: usize,
    pub room_each: usize,
}

struct State {
    queue: Queue<String, Waiting>,
    running: HashMap<String, Arc<Running>>,
    is_closing: bool,
}

#[derive(Clone, Debug)]
struct Waiting {
    id: String,
    kind: Kind,
    since: Instant,
}

struct Running {
    since: Instant,
    is_stopped: AtomicBool,
    /// Ends the program when something is written to it.
    stopper: UnixStream,
}

/// A submission that a worker has taken.
pub struct Job {
    pub submission: Submission,
    pub live: Arc<Live>,
    running: Arc<Running>,
    cancel: UnixStream,
}

/// A place in the queue that is kept while a submission is written down.
pub struct Reservation<'a> {
    desk: &'a Desk,
    account: String,
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.desk.state().queue.release(&self.account);
    }
}

/// Why a submission could not be done. This is never the learner's doing.
#[derive(Debug, Error)]
pub enum JobError {
    #[error("the course has no such lab any more")]
    NoLab,
    #[error(transparent)]
    Store(#[from] lyceum_store::Error),
    #[error(transparent)]
    Submission(#[from] SubmissionError),
    #[error("cannot run the program: {0}")]
    Run(#[from] std::io::Error),
    #[error("cannot write the grade down: {0}")]
    Json(#[from] serde_json::Error),
    #[error("a worker panicked")]
    Panicked,
}

/// What a worker does next.
enum Task {
    Submission(String, Waiting),
    /// A lesson's program, because nothing waits.
    LessonOutput,
}

impl Desk {
    /// Makes the desk of these parts, within a runtime.
    pub fn new(parts: Parts) -> Self {
        let Parts { store, library, metrics, workshop, catalogue, data, workers, room, room_each } = parts;
        let state = State { queue: Queue::new(room, room_each), running: HashMap::new(), is_closing: false };
        Self {
            lesson_outputs: LessonOutputs::new(data.join("exhibits"), &library, &metrics),
            catalogue,
            answers: data.join("answers"),
            store,
            library,
            metrics,
            workshop,
            hub: Hub::default(),
            workers,
            runtime: Handle::current(),
            state: Mutex::new(state),
            changed: Condvar::new(),
            usual_ms: AtomicU64::new(2_000),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts everything that the store has waiting into the queue: what a server before this one left.
    pub async fn take_over(&self) -> Result<usize, lyceum_store::Error> {
        let restarted = self.store.submissions().requeue_running().await?;
        let mut after: Option<String> = None;
        let mut count = 0;
        loop {
            let page = self.store.submissions().queued(after.as_deref(), lyceum_store::MAX_PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            for queued in page {
                self.put(queued.account, queued.id, queued.kind);
                count += 1;
            }
        }
        if count > 0 {
            tracing::info!(waiting = count, restarted, "took over what waits");
        }
        Ok(count)
    }

    /// Starts the workers.
    pub fn start(self: &Arc<Self>) -> std::io::Result<Vec<thread::JoinHandle<()>>> {
        let start = |at: usize| {
            let desk = Arc::clone(self);
            thread::Builder::new().name(format!("lyceum-worker-{at}")).spawn(move || desk.work(at))
        };
        (0..self.workers).map(start).collect()
    }

    /// Ends what runs and has the workers end. What ran stays as it is in the store, and begins again at the next start.
    pub fn close(&self) {
        let mut state = self.state();
        state.is_closing = true;
        for running in state.running.values() {
            running.end();
        }
        drop(state);
        self.lesson_outputs.close();
        self.changed.notify_all();
    }

    /// Wakes a worker that has nothing to do, because there is a lesson's program to run.
    pub fn wake(&self) {
        self.changed.notify_one();
    }

    /// Keeps a place for a submission.
    pub fn reserve(&self, account: &str) -> Result<Reservation<'_>, AppError> {
        let mut state = self.state();
        let full = match state.is_closing {
            true => return Err(closing()),
            false => state.queue.reserve(&account.to_owned()),
        };
        let waiting = state.queue.len();
        drop(state);
        let Err(full) = full else { return Ok(Reservation { desk: self, account: account.to_owned() }) };
        self.metrics.refused.inc();
        let usual = Duration::from_millis(self.usual_ms.load(Ordering::Relaxed));
        let turns = u32::try_from(waiting.div_ceil(self.workers.max(1))).unwrap_or(u32::MAX);
        let wait = match full {
            Full::Queue => usual.saturating_mul(turns / 4 + 1),
            Full::Learner => usual,
        };
        let wait = wait.clamp(Duration::from_secs(1), Duration::from_secs(60));
        Err(match full {
            Full::Queue => AppError::too_many("queue_full", "too many programs are waiting", wait),
            Full::Learner => AppError::too_many("too_many_waiting", "too many of your programs are waiting", wait),
        })
    }

    /// Puts a submission that is in the store into the queue, in the place that was kept for it.
    pub fn enqueue(&self, place: Reservation<'_>, submission: &Submission) -> Option<usize> {
        drop(place);
        self.put(submission.account.clone(), submission.id.clone(), submission.kind);
        self.position(&submission.id)
    }

    fn put(&self, account: String, id: String, kind: Kind) {
        let class = match kind {
            Kind::Run => Class::Run,
            Kind::Submit => Class::Submission,
        };
        self.hub.open(&id);
        let mut state = self.state();
        state.queue.put(account, class, Waiting { id, kind, since: Instant::now() });
        self.tell_positions(&state);
        drop(state);
        self.changed.notify_one();
    }

    /// Tells everybody who waits where they stand.
    fn tell_positions(&self, state: &State) {
        self.metrics.waiting.set(i64::try_from(state.queue.len()).unwrap_or(i64::MAX));
        for (at, waiting) in state.queue.in_order().enumerate() {
            if let Some(live) = self.hub.get(&waiting.id) {
                live.stands_at(at + 1);
            }
        }
    }

    /// Returns where a submission stands: 1 is next. None when it does not wait.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.state().queue.in_order().position(|waiting| waiting.id == id).map(|at| at + 1)
    }

    /// Counts what waits and what runs.
    pub fn open(&self) -> (usize, usize) {
        let state = self.state();
        (state.queue.len(), state.running.len())
    }

    /// Returns what runs, and for how long.
    pub fn running(&self) -> Vec<(String, Duration)> {
        self.state().running.iter().map(|(id, running)| (id.clone(), running.since.elapsed())).collect()
    }

    pub fn workers(&self) -> usize {
        self.workers
    }

    /// Stops a submission, wherever it is. False if it was over.
    pub async fn stop(&self, id: &str) -> Result<bool, lyceum_store::Error> {
        let removed = {
            let mut state = self.state();
            let removed = state.queue.remove(|waiting| waiting.id == id);
            if removed.is_some() {
                self.tell_positions(&state);
            }
            removed
        };
        let stopped = self.store.submissions().stop(id).await?;
        if let Some(waiting) = removed {
            if stopped {
                self.hub.open(id).say(&Frame::phase(Phase::Stopped));
                self.metrics.ended(waiting.kind.as_str(), "stopped");
            }
            self.hub.close(id);
        } else if let Some(running) = self.state().running.get(id) {
            running.is_stopped.store(true, Ordering::SeqCst);
            running.end();
        }
        Ok(stopped)
    }

    /// A worker's life.
    fn work(&self, at: usize) {
        while let Some(task) = self.next(at) {
            match task {
                Task::Submission(account, waiting) => self.serve(account, &waiting),
                Task::LessonOutput => {
                    let made = catch_unwind(AssertUnwindSafe(|| self.lesson_outputs.make_one(self)));
                    if made.is_err() {
                        tracing::error!("making a lesson's output panicked");
                    }
                }
            }
        }
    }

    /// Waits for the next thing to do. Lessons' programs are left to one worker, and to times when nothing else waits.
    fn next(&self, at: usize) -> Option<Task> {
        let mut state = self.state();
        loop {
            if state.is_closing {
                return None;
            }
            if let Some((account, waiting)) = state.queue.take() {
                self.tell_positions(&state);
                return Some(Task::Submission(account, waiting));
            }
            if at == 0 && self.lesson_outputs.is_wanted() {
                return Some(Task::LessonOutput);
            }
            // The first worker is the one for lessons, and a wake-up may have gone to another.
            let patience = Duration::from_millis(if at == 0 { 500 } else { 60_000 });
            state = self.changed.wait_timeout(state, patience).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Does one submission, from its claim to its end.
    fn serve(&self, account: String, waiting: &Waiting) {
        let waited = waiting.since.elapsed();
        let job = match self.claim(&waiting.id) {
            Ok(Some(job)) => job,
            // It was stopped while it waited.
            Ok(None) => return self.hub.close(&waiting.id),
            Err(error) => {
                // The database does not answer. It may do so in a moment, and nothing is lost meanwhile.
                tracing::error!(submission = waiting.id, %error, "a submission could not be taken");
                thread::sleep(Duration::from_secs(1));
                return self.put(account, waiting.id.clone(), waiting.kind);
            }
        };
        self.metrics.stage(Stage::Queue, waited);
        let began = Instant::now();
        let done = catch_unwind(AssertUnwindSafe(|| match job.submission.kind {
            Kind::Submit => grade_submission(self, &job),
            Kind::Run => run_program(self, &job),
        }));
        self.finish(&job, done.unwrap_or(Err(JobError::Panicked)));
        self.metrics.stage(Stage::Total, waiting.since.elapsed());
        let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let usual = self.usual_ms.load(Ordering::Relaxed);
        self.usual_ms.store((usual * 7 + took) / 8, Ordering::Relaxed);
    }

    fn claim(&self, id: &str) -> Result<Option<Job>, JobError> {
        let (cancel, stopper) = UnixStream::pair()?;
        let running = Arc::new(Running { since: Instant::now(), is_stopped: AtomicBool::new(false), stopper });
        // Known as running before it is claimed, so that who stops it in between reaches it.
        self.state().running.insert(id.to_owned(), Arc::clone(&running));
        let claimed = self.runtime.block_on(self.store.submissions().claim(id));
        let submission = match claimed {
            Ok(Some(submission)) => submission,
            other => {
                self.state().running.remove(id);
                return other.map(|_| None).map_err(JobError::from);
            }
        };
        self.count_running();
        let live = self.hub.open(id);
        let attempt = u64::try_from(submission.attempt).unwrap_or(1);
        let kept = match attempt {
            0 | 1 => 0,
            _ => self.wait(self.store.events().last_seq(id)).unwrap_or(0),
        };
        live.begin(first_of(attempt, u64::try_from(kept).unwrap_or(0)));
        if attempt > 1 {
            live.say(&Frame::phase(Phase::Restarted));
        }
        live.say(&Frame::phase(Phase::Starting));
        Ok(Some(Job { submission, live, running, cancel }))
    }

    /// Notes how a job came out. What was to be kept of it was kept already, but for failures of ours.
    fn finish(&self, job: &Job, done: Result<&'static str, JobError>) {
        let Submission { id, kind, attempt, .. } = &job.submission;
        let kind = kind.as_str();
        let result = match done {
            // What ran when the server ends begins again at the next start.
            _ if self.state().is_closing && !job.was_stopped() => None,
            _ if job.was_stopped() => {
                self.keep_what_was_told(job);
                job.live.say(&Frame::phase(Phase::Stopped));
                Some("stopped")
            }
            Ok(result) => {
                job.live.say(&Frame::phase(Phase::Done));
                Some(result)
            }
            Err(error) => {
                tracing::error!(submission = id, %error, "a submission could not be done");
                self.keep_what_was_told(job);
                let outcome = json!({ "error": error.to_string() });
                if let Err(error) = self.wait(self.store.submissions().fail(id, *attempt, &outcome)) {
                    tracing::error!(submission = id, %error, "its failure could not be written down");
                }
                job.live.say(&Frame::phase(Phase::Failed));
                Some("failed")
            }
        };
        if let Some(result) = result {
            self.metrics.ended(kind, result);
            tracing::info!(
                submission = id,
                kind,
                attempt,
                result,
                seconds = job.running.since.elapsed().as_secs_f64(),
                "ended"
            );
        }
        self.state().running.remove(id);
        self.count_running();
        self.hub.close(id);
    }

    fn count_running(&self) {
        self.metrics.running.set(i64::try_from(self.state().running.len()).unwrap_or(i64::MAX));
    }

    /// Waits on a worker's thread for something of the store.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Returns the lab of a job.
    pub fn lab(&self, job: &Job) -> Result<&LabFiles, JobError> {
        self.library.lab(&job.submission.course, &job.submission.unit).ok_or(JobError::NoLab)
    }

    /// Returns what runs a job's programs and tells of them.
    pub fn sandbox<'a>(&'a self, job: &'a Job) -> Sandboxed<'a> {
        Sandboxed { workshop: &self.workshop, live: Some(&job.live), cancel: Some(&job.cancel), id: &job.submission.id }
    }

    /// Keeps what a job has told, where it did not come to its end; without that there is less to look at, and no more.
    fn keep_what_was_told(&self, job: &Job) {
        if let Err(error) = self.keep_frames(job) {
            tracing::warn!(submission = job.submission.id, %error, "what a run told could not be kept");
        }
    }

    /// Keeps what a job has told so far, so that it can be looked at later.
    pub fn keep_frames(&self, job: &Job) -> Result<(), JobError> {
        let (first, frames) = job.live.frames();
        let frames: Vec<String> = frames.iter().map(|frame| frame.to_string()).collect();
        let first = i64::try_from(first % super::live::ATTEMPT).unwrap_or(1);
        self.wait(self.store.events().append(&job.submission.id, job.submission.attempt, first, &frames))?;
        Ok(())
    }
}

impl Job {
    pub fn was_stopped(&self) -> bool {
        self.running.is_stopped.load(Ordering::SeqCst)
    }

    /// Says whether the job is to be given up: it was stopped, or the server ends.
    pub fn is_given_up(&self, desk: &Desk) -> bool {
        self.was_stopped() || desk.state().is_closing
    }
}

impl Running {
    fn end(&self) {
        // Whoever reads it may be gone, and then nothing has to be ended.
        let _ = (&self.stopper).write_all(b"x");
    }
}

fn closing() -> AppError {
    AppError::new(axum::http::StatusCode::SERVICE_UNAVAILABLE, "closing", "the server is being stopped")
}
