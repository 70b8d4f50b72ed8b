//! `lyceum run`

use std::{
    fs::{self, File},
    io::{self, Write},
    num::{NonZeroU64, NonZeroUsize},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::ExitStatus,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use anyhow::{Context, Result};
use clap::Args;
use lyceum_data::Catalogue;
use lyceum_lab::{Artefact, FileView, LabJob, LabReport, Limits, Outcome};

use crate::{
    artefacts::RunFolder,
    child::{self, Capture, End, Signals},
    figures::Figures,
    hint,
    live::{self, Live, Stream},
    watch::{self, Shared, Watched},
};

/// Runs a Python program on Lyceum's own engine.
///
/// The program is ordinary PyTorch. It runs in a process of its own, sees its own folder and each --data
/// folder, and what it writes lands in a new folder under runs/ (or the one that --out names). On a
/// terminal a line shows the step, loss and speed of its training loop, with no code for it in the
/// program.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lyceum run train.py
  lyceum run train.py --seed 7 --out results -- --epochs 3
  lyceum run train.py --data ~/corpus --events loss.jsonl
  lyceum run plot.py --figures pictures
  lyceum run submission.py --time-limit 60 --memory-limit 2048

Exit status:
  what the program ends with; 1 after an exception, 124 when the time was up, 137 when the memory
  was, 130 after Ctrl-C, 2 when Lyceum could not run it")]
pub struct RunArgs {
    /// The program.
    #[arg(value_name = "FILE.py")]
    file: PathBuf,
    /// Seed torch's random numbers, as torch.manual_seed(N) in the first line would.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Compute with so many threads; without it with all cores.
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<NonZeroUsize>,
    /// End the program after so many seconds.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time_limit: Option<Duration>,
    /// End the program when it needs more memory than so many MiB.
    #[arg(long, value_name = "MIB")]
    memory_limit: Option<NonZeroU64>,
    /// Let the program read this folder, too; may be given several times.
    #[arg(long, value_name = "DIR")]
    data: Vec<PathBuf>,
    /// Put what the program writes into this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Draw the figures that the program shows with matplotlib into this folder, as SVG.
    #[arg(long, value_name = "DIR")]
    figures: Option<PathBuf>,
    /// Write every step, loss and figure to this file as lines of JSON: step, name, value, time.
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// What the program sees in sys.argv[1:].
    #[arg(last = true)]
    args: Vec<String>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse().map(Duration::try_from_secs_f64) {
        Ok(Ok(limit)) if limit >= Duration::from_millis(1) => Ok(limit),
        _ => Err("expected a number of seconds, such as 60 or 0.5".into()),
    }
}

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    match text.parse::<NonZeroUsize>() {
        Ok(threads) if threads.get() <= 1024 => Ok(threads),
        _ => Err("expected a number of threads from 1 to 1024".into()),
    }
}

pub fn run(args: &RunArgs) -> Result<u8> {
    let mut job = job(args)?;
    let events = match &args.events {
        Some(path) => Some(File::create(path).with_context(|| format!("cannot write {}", path.display()))?),
        None => None,
    };
    let mut figures = Figures::new(args.figures.as_deref(), &args.file)?;
    let folder = match &args.out {
        Some(path) => RunFolder::chosen(path)?,
        None => RunFolder::new_for(&args.file, &std::env::current_dir().context("cannot find this folder")?),
    };
    job.files.out = Some(folder.path().to_owned());

    let result = supervise(&job, events, &mut figures);
    let written = folder.finish();
    let finished = result?;
    if let Some(error) = &finished.unwritten {
        say(&format!("the events could not all be written: {error}"));
    }
    if let Some(sentence) = &finished.sentence {
        say(sentence);
    }
    for line in figures.summary() {
        say(&line);
    }
    list(&written, folder.path());
    Ok(finished.exit_code)
}

/// Makes the job that the arguments ask for.
fn job(args: &RunArgs) -> Result<LabJob> {
    let program = &args.file;
    match fs::metadata(program) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => {
            return Err(hint::error(format!("{} is no file", program.display()), "give the program's .py file"));
        }
        Err(error) => {
            return Err(hint::error(
                format!("cannot open {}: {error}", program.display()),
                "the first argument is the program's .py file; its own arguments come after --",
            ));
        }
    }
    let mut files = FileView::around(program.clone());
    files.folder = absolute(&files.folder)?;
    for folder in &args.data {
        let folder = absolute(folder)?;
        if !folder.is_dir() {
            return Err(hint::error(
                format!("{} is no folder", folder.display()),
                "`--data DIR` names a folder that the program may read",
            ));
        }
        files.readable.push(folder);
    }
    let path_error = "the paths must be in UTF-8";
    for path in files.readable.iter().chain([&files.folder, program]) {
        path.to_str().with_context(|| format!("{}: {path_error}", path.display()))?;
    }
    Ok(LabJob {
        program: program.clone(),
        args: args.args.clone(),
        seed: args.seed,
        threads: args.threads,
        limits: Limits {
            wall_ms: args.time_limit.map(|limit| u64::try_from(limit.as_millis()).unwrap_or(u64::MAX)),
            memory_bytes: args.memory_limit.map(|limit| limit.get().saturating_mul(1 << 20)),
        },
        files,
        data_home: Catalogue::from_env().home().ok().map(Path::to_owned),
    })
}

fn absolute(path: &Path) -> Result<PathBuf> {
    fs::canonicalize(path).with_context(|| format!("cannot open {}", path.display()))
}

/// How a run ended, for the user.
struct Finished {
    exit_code: u8,
    sentence: Option<String>,
    unwritten: Option<io::Error>,
}

/// Starts the program, shows how it goes, and waits for its end.
fn supervise(job: &LabJob, events: Option<File>, figures: &mut Figures) -> Result<Finished> {
    let signals = Signals::listen()?;
    let live = Live::on_terminal();
    let mut running = child::start(job, live.as_ref().map_or(Capture::default(), Live::capture))?;
    let (pipe, stdout, stderr) = (running.events.take(), running.stdout.take(), running.stderr.take());
    let shared = Shared::default();
    let over = AtomicBool::new(false);

    let (end, watched) = thread::scope(|scope| {
        let watching = scope.spawn(|| pipe.map(|pipe| watch::read(pipe, events, &shared, figures)).unwrap_or_default());
        let (mut passing, mut drawing) = (Vec::new(), None);
        if let Some(live) = &live {
            passing.extend(stdout.map(|from| scope.spawn(move || live.pass_on(from, Stream::Stdout))));
            passing.extend(stderr.map(|from| scope.spawn(move || live.pass_on(from, Stream::Stderr))));
            drawing = Some(scope.spawn(|| {
                loop {
                    thread::park_timeout(live::EVERY);
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    live.draw(&shared);
                }
            }));
        }
        let end = running.wait(job.limits.wall(), &signals);
        // The child is gone, so its pipes end.
        for thread in passing {
            let _ = thread.join();
        }
        over.store(true, Ordering::Relaxed);
        if let Some(drawing) = &drawing {
            drawing.thread().unpark();
        }
        (end, watching.join().unwrap_or_default())
    });
    if let Some(live) = &live {
        live.finish(&shared);
    }
    let (end, wall) = end?;
    let Watched { report, unwritten } = watched;
    let (exit_code, sentence) = verdict(end, report.as_ref(), &job.limits, wall);
    Ok(Finished { exit_code, sentence, unwritten })
}

/// Returns the exit status of a run, and a sentence where the status alone would leave the user
/// guessing.
fn verdict(end: End, report: Option<&LabReport>, limits: &Limits, wall: Duration) -> (u8, Option<String>) {
    match end {
        End::TimedOut => {
            let limit = limits.wall().unwrap_or(wall).as_secs_f64();
            (Outcome::TimedOut.exit_code(), Some(format!("the program was ended: its {limit} s were up")))
        }
        End::Interrupted(signal) => {
            let code = u8::try_from(128 + signal).unwrap_or(Outcome::Killed.exit_code());
            (code, Some("the program was ended because you asked for it".into()))
        }
        End::Exited(_) if report.is_some_and(|report| report.outcome == Outcome::OutOfMemory) => {
            let sentence = match limits.memory_bytes {
                Some(bytes) => format!("the program was ended: it needed more than its {} MiB of memory", bytes >> 20),
                None => "the program was ended: it needed more memory than there is".into(),
            };
            (Outcome::OutOfMemory.exit_code(), Some(sentence))
        }
        End::Exited(status) => exited(status, report.is_some()),
    }
}

fn exited(status: ExitStatus, reported: bool) -> (u8, Option<String>) {
    const SIGKILL: i32 = 9;
    if let Some(code) = status.code() {
        let code = u8::try_from(code & 0xff).unwrap_or(1);
        let sentence = (!reported && code != 0)
            .then(|| "the program's process failed before it could report: this is a defect in Lyceum".into());
        return (code, sentence);
    }
    let signal = status.signal().unwrap_or_default();
    let code = u8::try_from(128 + signal).unwrap_or(1);
    let sentence = match signal {
        SIGKILL => "the program was killed: the system does that when its memory runs out".into(),
        _ => format!("the program's process crashed with signal {signal}: this is a defect in Lyceum"),
    };
    (code, Some(sentence))
}

/// Says a sentence about the run, apart from what the program says.
fn say(sentence: &str) {
    let _ = writeln!(io::stderr(), "lyceum: {sentence}");
}

/// Lists the files that the program wrote.
fn list(written: &[Artefact], folder: &Path) {
    const SHOWN: usize = 20;
    if written.is_empty() {
        return;
    }
    let here = std::env::current_dir().unwrap_or_default();
    let folder = folder.strip_prefix(here).unwrap_or(folder);
    let mut text = format!("lyceum: the program wrote to {}:\n", folder.display());
    for file in written.iter().take(SHOWN) {
        text += &format!("  {} ({} bytes)\n", file.path.display(), file.bytes);
    }
    if written.len() > SHOWN {
        text += &format!("  and {} more\n", written.len() - SHOWN);
    }
    let _ = io::stderr().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exit(code: i32) -> End {
        End::Exited(ExitStatus::from_raw(code << 8))
    }

    fn killed(signal: i32) -> End {
        End::Exited(ExitStatus::from_raw(signal))
    }

    fn code(end: End, report: Option<Outcome>) -> u8 {
        let report = report.map(LabReport::ended);
        verdict(end, report.as_ref(), &Limits::default(), Duration::ZERO).0
    }

    #[test]
    fn the_status_is_the_programs_or_says_what_happened() {
        assert_eq!(code(exit(0), Some(Outcome::Finished)), 0);
        assert_eq!(code(exit(1), Some(Outcome::Raised)), 1);
        assert_eq!(code(exit(7), Some(Outcome::Finished)), 7);
        assert_eq!(code(killed(9), Some(Outcome::OutOfMemory)), 137);
        assert_eq!(code(killed(9), None), 137);
        assert_eq!(code(killed(11), None), 139);
        assert_eq!(code(End::TimedOut, None), 124);
        assert_eq!(code(End::Interrupted(2), None), 130);
        assert_eq!(code(End::Interrupted(15), None), 143);
    }

    #[test]
    fn only_what_needs_a_sentence_has_one() {
        let sentence = |end, report: Option<Outcome>, limits| {
            let report = report.map(LabReport::ended);
            verdict(end, report.as_ref(), &limits, Duration::ZERO).1
        };
        let limits = Limits { wall_ms: Some(1_500), memory_bytes: Some(64 << 20) };
        assert_eq!(sentence(exit(1), Some(Outcome::Raised), limits), None);
        assert_eq!(sentence(exit(3), Some(Outcome::Finished), limits), None);
        assert_eq!(sentence(End::TimedOut, None, limits).unwrap(), "the program was ended: its 1.5 s were up");
        assert_eq!(
            sentence(killed(9), Some(Outcome::OutOfMemory), limits).unwrap(),
            "the program was ended: it needed more than its 64 MiB of memory"
        );
        assert!(sentence(exit(101), None, limits).unwrap().contains("defect"));
    }

    #[test]
    fn limits_that_make_no_sense_are_refused() {
        for text in ["0", "-1", "nan", "inf", "1e40", "soon", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for text in ["0", "-1", "1025", "all"] {
            assert!(threads(text).is_err(), "{text}");
        }
    }
}
