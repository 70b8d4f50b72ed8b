//! A submission from beginning to end: exam, runs, grade.
//!
//! How a process is started and confined is not decided here: a [`Runner`] does that.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use lyceum_data::Catalogue;
use lyceum_lab::{
    Event, Grade, Lab, LabJob, LabReport, Limits, Observation, Outcome, Probe, Trace, grade,
    grading::{Evidence, Run, confusions},
};
use sha2::{Digest, Sha256};

use crate::{
    exam::{self, ExamError},
    source,
    unit::LabFiles,
};

/// Runs jobs in processes of their own.
pub trait Runner: Sync {
    /// Runs a job to its end, and passes its events on.
    ///
    /// # Errors
    /// When Lyceum failed, never because of what the program does.
    fn run(&self, job: &LabJob, events: &mut dyn FnMut(&Event)) -> io::Result<LabReport>;
}

/// Where labs are run, and with what.
pub struct Bench<'a> {
    /// Starts the processes.
    pub runner: &'a dyn Runner,
    /// The data sets.
    pub catalogue: &'a Catalogue,
    /// Where the solution's answers are kept, so that the next submission need not wait for them.
    pub cache: Option<PathBuf>,
}

impl Bench<'_> {
    /// Where the catalogue of data sets is.
    pub(crate) fn data_home(&self) -> Option<PathBuf> {
        self.catalogue.home().ok().map(Path::to_owned)
    }
}

/// What came of a submission.
#[derive(Clone, Debug)]
pub struct Examined {
    /// What it is worth.
    pub grade: Grade,
    /// The runs.
    pub runs: Vec<Run>,
    /// Where the time went.
    pub timing: Timing,
}

/// Where the time of a submission went.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timing {
    /// Making the exam, and starting and ending processes.
    pub start: Duration,
    /// The program's own running, probes included.
    pub run: Duration,
    /// Grading.
    pub grade: Duration,
}

/// Why a submission could not be graded: this is never the learner's doing.
#[derive(Debug, thiserror::Error)]
pub enum SubmissionError {
    /// The exam could not be made.
    #[error(transparent)]
    Exam(#[from] ExamError),
    /// A file or a process failed.
    #[error("cannot run the program: {0}")]
    Run(#[from] io::Error),
}

/// Grades a program for one learner.
///
/// # Errors
/// When the lab or Lyceum is at fault.
pub fn submit(
    files: &LabFiles,
    program: &str,
    learner: &str,
    bench: &Bench<'_>,
    events: &mut (dyn FnMut(&Event) + Send),
) -> Result<Examined, SubmissionError> {
    let mut examined = submit_variants(files, program, &[learner], bench, events)?;
    Ok(examined.pop().expect("one learner has one grade"))
}

/// Grades a program for several learners at once: it runs once and is asked everybody's questions.
///
/// # Errors
/// When the lab or Lyceum is at fault.
pub fn submit_variants(
    files: &LabFiles,
    program: &str,
    learners: &[&str],
    bench: &Bench<'_>,
    events: &mut (dyn FnMut(&Event) + Send),
) -> Result<Vec<Examined>, SubmissionError> {
    let began = Instant::now();
    let lab = &files.lab;
    let exams =
        learners.iter().map(|learner| exam::prepare(lab, learner, bench.catalogue)).collect::<Result<Vec<_>, _>>()?;
    let together = |probes: &dyn Fn(usize) -> Vec<Probe>| -> Vec<Probe> {
        (0..learners.len())
            .flat_map(|at| probes(at).into_iter().map(move |probe| Probe { id: format!("{at}:{}", probe.id), ..probe }))
            .collect()
    };
    let reference = together(&|at| exams[at].reference.clone());
    let seeds = exams.first().map_or(1, |exam| exam.runs.len());

    let (runs, answers, file) = thread::scope(|scope| -> Result<_, SubmissionError> {
        let answering = (!reference.is_empty()).then(|| scope.spawn(|| answers(files, reference, bench)));
        let folder = Folder::with(program)?;
        let mut runs = Vec::new();
        for seed in 0..seeds {
            let probes = together(&|at| exams[at].runs[seed].clone());
            let job = job(lab, &folder, seed as u64, probes, bench.data_home());
            let mut trace = Trace::default();
            let report = bench.runner.run(&job, &mut |event| {
                trace.take(event);
                events(event);
            })?;
            // A program that did not come to its end does so no better with another seed.
            let goes_on = report.outcome == Outcome::Finished;
            runs.push(Run { report, trace });
            if !goes_on {
                break;
            }
        }
        while let Some(last) = runs.last().filter(|_| runs.len() < seeds) {
            runs.push(last.clone());
        }
        let answers = match answering.map(thread::ScopedJoinHandle::join) {
            None => None,
            Some(Ok(answers)) => Some(answers?),
            Some(Err(_)) => return Err(io::Error::other("running the solution failed").into()),
        };
        Ok((runs, answers, folder.file()))
    })?;

    let run_time = runs.iter().map(|run| run.report.resources.wall_seconds).sum::<f64>();
    let run_time = Duration::try_from_secs_f64(run_time).unwrap_or_default();
    let start = began.elapsed().saturating_sub(run_time);
    let grading = Instant::now();
    let facts = source::facts(program);
    let mut all = Vec::new();
    for (at, exam) in exams.iter().enumerate() {
        let own = |report: &LabReport| -> LabReport {
            let prefix = format!("{at}:");
            let observed = report.observed.iter();
            let own = observed.filter_map(|(id, seen)| Some((id.strip_prefix(&prefix)?.to_owned(), seen.clone())));
            LabReport { observed: own.collect(), ..report.clone() }
        };
        let runs: Vec<Run> =
            runs.iter().map(|run| Run { report: own(&run.report), trace: run.trace.clone() }).collect();
        let reference = answers.as_ref().map(own);
        let evidence = Evidence { runs: &runs, reference: reference.as_ref(), source: &facts, file: &file };
        let grade = grade(lab, &exam.key, &evidence);
        if let ([run, ..], [_]) = (&runs[..], learners) {
            for exhibit in confusions(lab, &exam.key, run) {
                let (name, time) = (exhibit.title.en.clone(), run.trace.last_event_seconds);
                events(&Event::Exhibit { step: run.trace.steps(), name, exhibit: Box::new(exhibit), time });
            }
        }
        all.push(Examined { grade, runs, timing: Timing { start, run: run_time, grade: Duration::ZERO } });
    }
    for examined in &mut all {
        examined.timing.grade = grading.elapsed();
    }
    Ok(all)
}

/// Runs a program as a lab would, asks it nothing, and makes the unit's exhibits of it; `xray` looks into its training.
///
/// A submission makes none: a function of the learner's that does not come back there must not cost them the grade.
///
/// # Errors
/// When Lyceum failed.
pub fn run_alone(
    files: &LabFiles,
    program: &str,
    xray: bool,
    data_home: Option<PathBuf>,
    run: impl FnOnce(&LabJob) -> io::Result<LabReport>,
) -> io::Result<LabReport> {
    let folder = Folder::with(program)?;
    let mut job = job(&files.lab, &folder, 0, Vec::new(), data_home);
    job.exhibits = files.exhibits.clone();
    job.xray = xray;
    run(&job)
}

/// How long a lesson's program may compute.
pub(crate) const LESSON_SECONDS: u64 = 10;

/// Runs a program of a lesson.
///
/// # Errors
/// When Lyceum failed.
pub fn run_lesson_program(
    program: &str,
    data_home: Option<PathBuf>,
    run: impl FnOnce(&LabJob) -> io::Result<LabReport>,
) -> io::Result<LabReport> {
    let folder = Folder::with(program)?;
    let mut job = LabJob::new(folder.program());
    job.seed = Some(0);
    job.limits = Limits::for_lab(LESSON_SECONDS, 1 << 30);
    job.data_home = data_home;
    run(&job)
}

/// Makes the job of a program.
fn job(lab: &Lab, folder: &Folder, seed: u64, probes: Vec<Probe>, data_home: Option<PathBuf>) -> LabJob {
    let mut job = LabJob::new(folder.program());
    job.seed = Some(seed);
    job.probes = probes;
    job.withhold = lab.withhold.clone();
    job.data_home = data_home;
    let memory = u64::from(lab.resources.memory_mib) << 20;
    job.limits = Limits::for_lab(lab.resources.cpu_seconds.into(), memory);
    job
}

/// The name that a program has where it runs.
const PROGRAM: &str = "submission.py";

/// A folder with nothing in it but the program: a learner's file that lies beside the solution must not see it.
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(crate) fn with(program: &str) -> io::Result<Self> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let folder = loop {
            let count = COUNTER.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("lyceum-lab-{}-{count}", std::process::id()));
            match fs::create_dir(&path) {
                Ok(()) => break Self { path },
                // One that was killed left it, and in a container the next has the same number.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        };
        fs::write(folder.path.join(PROGRAM), program)?;
        Ok(folder)
    }

    /// The program's path.
    pub(crate) fn program(&self) -> PathBuf {
        self.path.join(PROGRAM)
    }

    /// The program's path as tracebacks name it.
    pub(crate) fn file(&self) -> String {
        self.program().to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the system's folder for such things does no harm.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Returns what the solution answers, from the cache if it was asked the same before.
fn answers(files: &LabFiles, probes: Vec<Probe>, bench: &Bench<'_>) -> io::Result<LabReport> {
    let kept = bench.cache.as_ref().map(|cache| cache.join(format!("{}.json", fingerprint(files, &probes))));
    if let Some(kept) = kept.as_ref().and_then(|path| fs::read(path).ok())
        && let Ok(report) = serde_json::from_slice::<LabReport>(&kept)
    {
        return Ok(report);
    }
    let folder = Folder::with(&files.solution)?;
    let mut job = job(&files.lab, &folder, 0, probes, bench.data_home());
    // What the solution does besides defining things is not asked for.
    job.as_module = true;
    let report = bench.runner.run(&job, &mut |_| {})?;
    let is_whole = report.outcome == Outcome::Finished
        && report.observed.values().all(|seen| matches!(seen, Observation::Value { .. }));
    if let Some(path) = kept.filter(|_| is_whole) {
        // Without the cache the next submission takes longer, and nothing else.
        let _ = keep(&path, &report);
    }
    Ok(report)
}

/// Tells this binary from another: what programs print and answer may differ from one to the next.
pub fn binary() -> &'static str {
    static BINARY: OnceLock<String> = OnceLock::new();
    BINARY.get_or_init(|| {
        let metadata = std::env::current_exe().and_then(fs::metadata);
        metadata.map_or_else(|_| "?".into(), |metadata| format!("{} {:?}", metadata.len(), metadata.modified()))
    })
}

/// What the answers depend on: the solution, what it is asked, and this very binary.
fn fingerprint(files: &LabFiles, probes: &[Probe]) -> String {
    let mut hash = Sha256::new();
    for part in [binary().as_bytes(), files.solution.as_bytes(), &serde_json::to_vec(probes).unwrap_or_default()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.update(files.lab.withhold.join(","));
    hex::encode(&hash.finalize()[..16])
}

fn keep(path: &Path, report: &LabReport) -> io::Result<()> {
    /// A course has some tens of labs; each learner has variants of them.
    const MAX_KEPT: usize = 4096;
    let Some(folder) = path.parent() else { return Ok(()) };
    fs::create_dir_all(folder)?;
    let entries: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    if entries.len() > MAX_KEPT {
        for entry in entries {
            fs::remove_file(entry)?;
        }
    }
    let unfinished = path.with_extension(format!("{}-{:?}", std::process::id(), thread::current().id()));
    fs::write(&unfinished, serde_json::to_vec(report)?)?;
    fs::rename(unfinished, path)
}
