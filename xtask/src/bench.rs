//! `cargo xtask bench`: how long `lyceum run` takes to start and to train small models, and the memory it needs.
//!
//! Each program runs several times in a process of its own, one after the other. The time is that of the whole command,
//! the memory the most that any of its processes held at one time; both as the system counts them, and of each the
//! median. Speed of single ops is in `crates/engine/benches`.

mod labs;
mod platform;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::project;

/// A program to measure.
struct Program {
    name: &'static str,
    source: Source,
    /// Options of `lyceum run`.
    options: &'static [&'static str],
    runs: usize,
    /// What the project promises, if it does.
    goal: Option<Goal>,
}

enum Source {
    /// The text of a program.
    Text(&'static str),
    /// A file of the project.
    File(&'static str),
}

/// The most that a program may take.
struct Goal {
    milliseconds: f64,
    megabytes: f64,
}

const PROGRAMS: &[Program] = &[
    Program {
        name: "an empty file",
        source: Source::Text(""),
        options: &[],
        runs: 30,
        goal: Some(Goal { milliseconds: 40.0, megabytes: 40.0 }),
    },
    Program {
        name: "an empty file, --no-sandbox",
        source: Source::Text(""),
        options: &["--no-sandbox"],
        runs: 30,
        goal: None,
    },
    Program { name: "import torch", source: Source::Text("import torch\n"), options: &[], runs: 15, goal: None },
    Program { name: "first program", source: Source::File("examples/first.py"), options: &[], runs: 5, goal: None },
    Program {
        name: "linear regression, 1,000 steps",
        source: Source::File("examples/article/linear_regression.py"),
        options: &[],
        runs: 5,
        goal: None,
    },
    Program {
        name: "logistic regression, 1,000 steps",
        source: Source::File("examples/article/logistic_regression.py"),
        options: &[],
        runs: 5,
        goal: None,
    },
];

/// Measures every program.
pub fn run(arguments: &[String]) -> Result<()> {
    match arguments.split_first() {
        Some((first, rest)) if first == "labs" => return labs::run(rest),
        Some((first, rest)) if first == "platform" => return platform::run(rest),
        _ => {}
    }
    let options = Options::parse(arguments)?;
    let binary = match options.binary {
        Some(path) => path,
        None => build()?,
    };
    let folder = Folder::new()?;
    let mut measured = Vec::new();
    for program in PROGRAMS {
        let medians =
            measure(&binary, program, &folder.0).with_context(|| format!("cannot measure {}", program.name))?;
        if !options.json {
            println!("{}", line(program, &medians));
        }
        measured.push((program, medians));
    }
    if options.json {
        println!("{:#}", json!({ "benchmarks": measured.iter().map(entry).collect::<Vec<_>>() }));
    }
    let missed: Vec<&str> =
        measured.iter().filter(|(program, medians)| !medians.meet(program)).map(|(program, _)| program.name).collect();
    if !missed.is_empty() {
        bail!("over the goal: {}", missed.join(", "));
    }
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Options {
    json: bool,
    binary: Option<PathBuf>,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Options { json: false, binary: None };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--json" => options.json = true,
                "--binary" => options.binary = Some(rest.next().context("--binary needs the path of `lyceum`")?.into()),
                other => bail!("unknown argument {other}\nusage: cargo xtask bench [--json] [--binary PATH]"),
            }
        }
        Ok(options)
    }
}

/// Builds the binary as a user has it, and returns its path.
pub fn build() -> Result<PathBuf> {
    let status = project::cargo()
        .args(["build", "--release", "--locked", "--package", "lyceum"])
        .status()
        .context("cannot start cargo build")?;
    if !status.success() {
        bail!("the binary could not be built; see above");
    }
    Ok(project::metadata()?.target.join("release/lyceum"))
}

/// A folder for what is made on the way, removed at the end.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes an empty one.
    pub fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("lyceum-bench-{}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the temporary folder harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a program took, in the middle of its runs.
struct Medians {
    milliseconds: f64,
    megabytes: f64,
}

impl Medians {
    fn meet(&self, program: &Program) -> bool {
        program
            .goal
            .as_ref()
            .is_none_or(|goal| self.milliseconds <= goal.milliseconds && self.megabytes <= goal.megabytes)
    }
}

fn measure(binary: &Path, program: &Program, folder: &Path) -> Result<Medians> {
    let path = match program.source {
        Source::File(name) => project::root().join(name),
        Source::Text(text) => {
            let path = folder.join("program.py");
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
            path
        }
    };
    // The first run brings the binary into memory and does not count.
    let _ = once(binary, &path, program.options, folder)?;
    let runs: Vec<(Duration, u64)> =
        (0..program.runs).map(|_| once(binary, &path, program.options, folder)).collect::<Result<_>>()?;
    Ok(Medians {
        milliseconds: median(runs.iter().map(|(wall, _)| wall.as_secs_f64() * 1e3)),
        megabytes: median(runs.iter().map(|&(_, bytes)| bytes as f64 / 1e6)),
    })
}

/// Runs a program once. Returns its wall-clock time and the most bytes that were resident.
fn once(binary: &Path, program: &Path, options: &[&str], folder: &Path) -> Result<(Duration, u64)> {
    let started = Instant::now();
    let child = Command::new(binary)
        .arg("run")
        .arg(program)
        .args(options)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let (status, bytes) = wait(child.id())?;
    let wall = started.elapsed();
    if status != 0 {
        bail!("{} ended with the wait status {status}", program.display());
    }
    Ok((wall, bytes))
}

/// Waits for a child. Returns its wait status and the most bytes that it, or a process it waited for, had resident.
pub fn wait(id: u32) -> Result<(i32, u64)> {
    let id = libc::pid_t::try_from(id).context("the process has no number")?;
    let mut status = 0;
    // SAFETY: `rusage` is made of numbers, for which zero is a value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers lead to values that live until the call returns, and the child is waited for only here.
    let ended = unsafe { libc::wait4(id, &mut status, 0, &mut usage) };
    if ended != id {
        return Err(io::Error::last_os_error()).context("cannot wait for the program");
    }
    // Linux counts in kilobytes.
    Ok((status, u64::try_from(usage.ru_maxrss).unwrap_or_default() * 1024))
}

/// Returns the least value that this share of all values does not exceed.
fn percentile(values: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let at = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(at.clamp(1, sorted.len().max(1)) - 1).copied().unwrap_or(f64::NAN)
}

/// Returns the value in the middle, or the mean of the two that are.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.len().saturating_sub(1) / 2, values.len() / 2);
    match (values.get(low), values.get(high)) {
        (Some(low), Some(high)) => (low + high) / 2.0,
        _ => f64::NAN,
    }
}

fn line(program: &Program, medians: &Medians) -> String {
    let goal = program.goal.as_ref().map_or_else(String::new, |goal| {
        format!("   (goal: under {} ms and {} MB)", goal.milliseconds, goal.megabytes)
    });
    let Medians { milliseconds, megabytes } = medians;
    format!("{:<34}{milliseconds:>9.1} ms{megabytes:>8.1} MB{goal}", program.name)
}

fn entry((program, medians): &(&Program, Medians)) -> serde_json::Value {
    json!({
        "name": program.name,
        "runs": program.runs,
        "median_wall_ms": medians.milliseconds,
        "median_peak_mb": medians.megabytes,
        "goal_wall_ms": program.goal.as_ref().map(|goal| goal.milliseconds),
        "goal_peak_mb": program.goal.as_ref().map(|goal| goal.megabytes),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
        assert!(median(std::iter::empty()).is_nan());
    }

    #[test]
    #[expect(clippy::zombie_processes, reason = "`wait` under test takes the process")]
    fn a_child_is_measured() {
        let child = Command::new("true").spawn().unwrap();
        let (status, bytes) = wait(child.id()).unwrap();
        assert_eq!(status, 0);
        assert!(bytes > 100_000, "{bytes}");
    }

    #[test]
    fn arguments_are_understood_or_refused() {
        let parse = |words: &[&str]| Options::parse(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert_eq!(parse(&["--json", "--binary", "x"]).unwrap(), Options { json: true, binary: Some("x".into()) });
        assert!(parse(&["--binary"]).is_err() && parse(&["--fast"]).is_err());
    }
}
