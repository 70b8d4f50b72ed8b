//! `lyceum run`: a program, watched on the terminal.

use std::{
    fs::{self, File},
    io::{self, Write},
    num::{NonZeroU64, NonZeroUsize},
    os::fd::{AsFd, BorrowedFd},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use clap::Args;
use lyceum_data::Catalogue;
use lyceum_lab::{
    Artefact, Event, FileView, LabJob, Limits, Outcome,
    sandbox::{self, Confinement, End, Finished, Flow, Part, SandboxError, Stream, Strength, Watcher},
};

use crate::{
    artefacts::RunFolder,
    figures::Figures,
    hint,
    live::{self, Live},
    progress::Progress,
    signals::{self, Signals},
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
  lyceum run train.py --xray --events inside.jsonl
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
    /// Look into the training: add to the events the graph of each step that is sampled, with the ranges of its
    /// values and gradients, and histograms of the parameters.
    #[arg(long, requires = "events")]
    xray: bool,
    /// Run a program that you trust with your own rights: nothing but its interpreter confines it.
    #[arg(long)]
    no_sandbox: bool,
    /// Run it also where this system cannot confine it fully (see `lyceum doctor`).
    #[arg(long, conflicts_with = "no_sandbox")]
    allow_weak_sandbox: bool,
    #[allow(rustdoc::broken_intra_doc_links, reason = "it is shown as help, where it is Python and no link")]
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

    let result = supervise(&job, strength(args), events, &mut figures);
    let written = folder.finish();
    let ended = result?;
    if let Some(error) = &ended.unwritten {
        say(&format!("the events could not all be written: {error}"));
    }
    if let Some(sentence) = &ended.sentence {
        say(sentence);
    }
    for line in figures.summary() {
        say(&line);
    }
    list(&written, folder.path());
    Ok(ended.exit_code)
}

fn strength(args: &RunArgs) -> Strength {
    match (args.no_sandbox, args.allow_weak_sandbox) {
        (true, _) => Strength::Off,
        (false, true) => Strength::Weak,
        (false, false) => Strength::Full,
    }
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
            ..Limits::default()
        },
        files,
        data_home: Catalogue::from_env().home().ok().map(Path::to_owned),
        withhold: Vec::new(),
        as_module: false,
        xray: args.xray,
        exhibits: None,
        probes: Vec::new(),
    })
}

fn absolute(path: &Path) -> Result<PathBuf> {
    fs::canonicalize(path).with_context(|| format!("cannot open {}", path.display()))
}

/// Watches a run on the user's terminal: passes on what the program prints, writes the events down, draws its figures,
/// and shows how the training goes.
struct Terminal<'a> {
    live: Option<Live>,
    signals: Signals,
    progress: Progress,
    figures: &'a mut Figures,
    events: Option<File>,
    /// Why the events could not be written to the user's file.
    unwritten: Option<io::Error>,
}

impl Watcher for Terminal<'_> {
    fn output(&mut self, stream: Stream, bytes: &[u8]) -> Flow {
        if let Some(live) = &mut self.live {
            live.make_room(stream, bytes);
        }
        let written = match stream {
            Stream::Stdout => io::stdout().write_all(bytes).and_then(|()| io::stdout().flush()),
            Stream::Stderr => io::stderr().write_all(bytes),
        };
        // Nobody reads any more, and the program is told so.
        if written.is_ok() { Flow::Continue } else { Flow::Close }
    }

    fn event(&mut self, event: Event) {
        self.progress.take(&event);
        if let Event::Figure { figure, .. } = &event {
            self.figures.take(figure);
        }
        if let Some(file) = &mut self.events
            && let Err(error) = write_line(file, &event)
        {
            self.unwritten = Some(error);
            self.events = None;
        }
    }

    fn tick_every(&self) -> Option<Duration> {
        self.live.as_ref().map(|_| live::EVERY)
    }

    fn tick(&mut self) {
        if let Some(live) = &mut self.live {
            live.draw(&self.progress);
        }
    }

    fn cancel(&self) -> Option<BorrowedFd<'_>> {
        Some(self.signals.as_fd())
    }
}

fn write_line(file: &mut File, event: &Event) -> io::Result<()> {
    let mut line = serde_json::to_vec(event)?;
    line.push(b'\n');
    file.write_all(&line)
}

/// How a run ended, for the user.
struct Ended {
    exit_code: u8,
    sentence: Option<String>,
    unwritten: Option<io::Error>,
}

/// Starts the program, shows how it goes, and waits for its end.
fn supervise(job: &LabJob, strength: Strength, events: Option<File>, figures: &mut Figures) -> Result<Ended> {
    let mut terminal = Terminal {
        live: Live::on_terminal(),
        signals: Signals::listen()?,
        progress: Progress::default(),
        figures,
        events,
        unwritten: None,
    };
    let finished = sandbox::run(job, &Confinement::terminal().with(strength), &mut terminal);
    if let Some(live) = &mut terminal.live {
        live.finish(&terminal.progress);
    }
    let finished = finished.map_err(explained)?;
    if strength == Strength::Weak && !finished.report.missing.is_empty() {
        say(&format!("the program was not fully confined: {}", missing(&finished.report.missing)));
    }
    let signal = terminal.signals.received();
    let (exit_code, sentence) = verdict(finished.end, signal, &finished, &job.limits);
    Ok(Ended { exit_code, sentence, unwritten: terminal.unwritten })
}

/// Adds what a user can do about a run that did not begin.
fn explained(error: SandboxError) -> anyhow::Error {
    match &error {
        SandboxError::Missing { .. } => hint::error(
            error.to_string(),
            "--allow-weak-sandbox runs it with what there is, --no-sandbox runs it with your own rights; \
             `lyceum doctor` tells more",
        ),
        SandboxError::System { .. } => {
            hint::error(error.to_string(), "--no-sandbox runs a program that you trust with your own rights")
        }
        _ => error.into(),
    }
}

fn missing(parts: &[Part]) -> String {
    let names: Vec<String> = parts.iter().map(|part| format!("no {part}")).collect();
    names.join(", ")
}

/// Returns the exit status of a run, and a sentence where the status alone would leave the user guessing.
fn verdict(end: End, signal: Option<i32>, finished: &Finished, limits: &Limits) -> (u8, Option<String>) {
    const ASKED: &str = "the program was ended because you asked for it";
    let report = &finished.report;
    let because = |sentence: &str| (report.exit_code, Some(sentence.to_owned()));
    let by_signal = |signal: i32| u8::try_from(128 + signal).unwrap_or(Outcome::Killed.exit_code());
    match end {
        End::TimedOut => {
            let limit = limits.wall().unwrap_or_default().as_secs_f64();
            because(&format!("the program was ended: its {limit} s were up"))
        }
        End::TooMuchOutput | End::TooMuchWritten => because("the program was ended: it wrote more than it may"),
        End::Cancelled => (signal.map_or(report.exit_code, by_signal), Some(ASKED.into())),
        // Ctrl-C reaches the program as well, and its end may be seen first.
        End::Signalled(ended_by) if signals::ENDING.contains(&ended_by) => {
            (by_signal(signal.unwrap_or(ended_by)), Some(ASKED.into()))
        }
        End::Signalled(libc::SIGKILL) => {
            because("the program was killed: the system does that when its memory runs out")
        }
        End::Signalled(libc::SIGSYS) => {
            because("the program was ended: its process made a system call that no program may make")
        }
        End::Signalled(signal) => {
            because(&format!("the program's process crashed with signal {signal}: this is a defect in Lyceum"))
        }
        End::Exited(_) if report.outcome == Outcome::OutOfMemory => match limits.memory_bytes {
            Some(bytes) => {
                because(&format!("the program was ended: it needed more than its {} MiB of memory", bytes >> 20))
            }
            None => because("the program was ended: it needed more memory than there is"),
        },
        End::Exited(code) if !finished.reported && code != 0 => {
            because("the program's process failed before it could report: this is a defect in Lyceum")
        }
        End::Exited(_) => (report.exit_code, None),
    }
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
    use lyceum_lab::LabReport;

    use super::*;

    fn verdict_of(end: End, said: Option<Outcome>, limits: Limits) -> (u8, Option<String>) {
        let signal = match end {
            End::Cancelled => Some(15),
            _ => None,
        };
        verdict(end, signal, &Finished::of(end, said.map(LabReport::ended)), &limits)
    }

    #[test]
    fn the_status_is_the_programs_or_says_what_happened() {
        let code = |end, said| verdict_of(end, said, Limits::default()).0;
        assert_eq!(code(End::Exited(0), Some(Outcome::Finished)), 0);
        assert_eq!(code(End::Exited(1), Some(Outcome::Raised)), 1);
        assert_eq!(code(End::Exited(7), Some(Outcome::Finished)), 7);
        assert_eq!(code(End::Exited(137), Some(Outcome::OutOfMemory)), 137);
        assert_eq!(code(End::Exited(sandbox::MEMORY_STATUS), None), 137);
        assert_eq!(code(End::Signalled(9), None), 137);
        assert_eq!(code(End::Signalled(11), None), 139);
        assert_eq!(code(End::TimedOut, None), 124);
        assert_eq!(code(End::Signalled(2), None), 130);
        assert_eq!(code(End::Cancelled, None), 143);
    }

    #[test]
    fn only_what_needs_a_sentence_has_one() {
        let limits = Limits { wall_ms: Some(1_500), memory_bytes: Some(64 << 20), ..Limits::default() };
        let sentence = |end, said| verdict_of(end, said, limits).1;
        assert_eq!(sentence(End::Exited(1), Some(Outcome::Raised)), None);
        assert_eq!(sentence(End::Exited(3), Some(Outcome::Finished)), None);
        assert_eq!(sentence(End::TimedOut, None).unwrap(), "the program was ended: its 1.5 s were up");
        assert_eq!(
            sentence(End::Exited(sandbox::MEMORY_STATUS), None).unwrap(),
            "the program was ended: it needed more than its 64 MiB of memory"
        );
        assert!(sentence(End::Exited(101), None).unwrap().contains("defect"));
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
