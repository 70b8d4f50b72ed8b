//! `cargo xtask bench labs`: how long a submission takes from file to grade, and where the time goes.
//!
//! The solution of the linear-regression lab is submitted again and again, each time by a command of its own, one at a
//! time and then four at once. `train` is the time from the program's first line to its last event; `run` is all of its
//! process's life; `start` is what comes before and after, the command's own start included; `grade` is comparing.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Folder, build};
use crate::project;

/// The lab that is submitted to.
const UNIT: &str = "courses/zero-to-large-models/linear-regression";
/// The most that half of the submissions may take beyond the training itself, in milliseconds.
const GOAL_MS: f64 = 150.0;
/// The most memory that a worker may have before it has done anything, in MB.
const GOAL_MB: f64 = 40.0;

/// The times of one submission, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    total: f64,
    start: f64,
    train: f64,
    run: f64,
    grade: f64,
}

/// A part of the time, and its name.
type Part = (&'static str, fn(&Times) -> f64);

const PARTS: [Part; 6] = [
    ("total", |times| times.total),
    ("start", |times| times.start),
    ("run", |times| times.run),
    ("  train", |times| times.train),
    ("grade", |times| times.grade),
    ("beyond training", |times| times.total - times.train),
];

/// Measures submissions.
pub(super) fn run(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let binary = match options.binary {
        Some(path) => path,
        None => build()?,
    };
    let root = project::root();
    let folder = Folder::new()?;
    let submit = || submit(&binary, &root, &folder.0);
    // The first one computes what the solution answers; the others find it in the cache.
    submit().context("the first submission failed")?;
    let mut all = Vec::new();
    for at_once in [1, 4] {
        let times = repeat(options.submissions, at_once, &submit)?;
        if !options.json {
            println!("{} submissions, {at_once} at once, in ms:", times.len());
            println!("  {:<16} {:>8} {:>8} {:>8}", "", "p50", "p95", "p99");
            for (name, part) in PARTS {
                let [half, most, nearly_all] = [0.5, 0.95, 0.99].map(|share| percentile(&times, part, share));
                println!("  {name:<16} {half:>8.1} {most:>8.1} {nearly_all:>8.1}");
            }
        }
        all.push((at_once, times));
    }
    let idle = idle_memory(&binary, &root, &folder.0)?;
    if options.json {
        let entry = |(at_once, times): &(usize, Vec<Times>)| {
            let parts = PARTS.iter().map(|(name, part)| {
                let shares = [0.5, 0.95, 0.99].map(|share| percentile(times, *part, share));
                (name.trim().to_owned(), json!(shares))
            });
            json!({ "at_once": at_once, "submissions": times.len(), "ms": parts.collect::<serde_json::Map<_, _>>() })
        };
        println!("{:#}", json!({ "labs": all.iter().map(entry).collect::<Vec<_>>(), "idle_mb": idle }));
    } else {
        println!("memory of a worker that does nothing: {idle:.1} MB");
    }
    let beyond = percentile(&all[0].1, |times| times.total - times.train, 0.5);
    if beyond > GOAL_MS || idle > GOAL_MB {
        bail!("over the goal: {beyond:.0} ms of {GOAL_MS}, {idle:.1} MB of {GOAL_MB}");
    }
    Ok(())
}

struct Options {
    json: bool,
    binary: Option<PathBuf>,
    submissions: usize,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Options { json: false, binary: None, submissions: 200 };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--json" => options.json = true,
                "--binary" => options.binary = Some(rest.next().context("--binary needs the path of `lyceum`")?.into()),
                "--submissions" => {
                    let count = rest.next().context("--submissions needs a number")?;
                    options.submissions = count.parse().ok().filter(|count| *count > 0).context("expected a number")?;
                }
                other => bail!(
                    "unknown argument {other}\nusage: cargo xtask bench labs [--json] [--binary PATH] [--submissions N]"
                ),
            }
        }
        Ok(options)
    }
}

fn command(binary: &PathBuf, root: &PathBuf, folder: &PathBuf) -> Command {
    let mut command = Command::new(binary);
    command.current_dir(root).env("XDG_CACHE_HOME", folder).stdin(Stdio::null());
    command
}

/// Submits the solution once.
fn submit(binary: &PathBuf, root: &PathBuf, folder: &PathBuf) -> Result<Times> {
    let began = Instant::now();
    let solution = format!("{UNIT}/solution.py");
    let output = command(binary, root, folder).args(["lab", "submit", UNIT, &solution, "--json"]).output()?;
    let total = began.elapsed().as_secs_f64() * 1e3;
    if !output.status.success() {
        bail!("the solution was not accepted: {}", String::from_utf8_lossy(&output.stderr));
    }
    let grade: Value = serde_json::from_slice(&output.stdout).context("the grade is no JSON")?;
    let part = |name: &str| grade["timing_ms"][name].as_f64().context("the grade has no times");
    let (train, run, grade) = (part("training")?, part("run")?, part("grade")?);
    Ok(Times { total, start: total - run - grade, train, run, grade })
}

fn repeat(count: usize, at_once: usize, submit: &(dyn Fn() -> Result<Times> + Sync)) -> Result<Vec<Times>> {
    let started = AtomicUsize::new(0);
    let times = Mutex::new(Ok(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while started.fetch_add(1, Ordering::Relaxed) < count {
                    let one = submit();
                    let mut times = times.lock().expect("no other thread panics while it holds the times");
                    match (&mut *times, one) {
                        (Ok(times), Ok(one)) => times.push(one),
                        (Ok(_), Err(error)) => *times = Err(error),
                        (Err(_), _) => return,
                    }
                }
            });
        }
    });
    times.into_inner().expect("no thread panicked")
}

/// The time within which this share of the submissions was done.
fn percentile(times: &[Times], part: fn(&Times) -> f64, share: f64) -> f64 {
    super::percentile(times.iter().map(part), share)
}

/// The memory of a worker whose program is empty, in MB.
fn idle_memory(binary: &PathBuf, root: &PathBuf, folder: &PathBuf) -> Result<f64> {
    let empty = folder.join("empty.py");
    std::fs::write(&empty, "")?;
    let output = command(binary, root, folder).args(["lab", "run", UNIT]).arg(&empty).arg("--json").output()?;
    let report: Value = serde_json::from_slice(&output.stdout).context("the report is no JSON")?;
    let bytes = report["resources"]["peak_memory_bytes"].as_f64().context("the report has no memory")?;
    Ok(bytes / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let times: Vec<Times> =
            (1..=200).rev().map(|total| Times { total: f64::from(total), ..Times::default() }).collect();
        let shares = [0.5, 0.95, 0.99, 1.0].map(|share| percentile(&times, |times| times.total, share));
        assert_eq!(shares, [100.0, 190.0, 198.0, 200.0]);
    }
}
