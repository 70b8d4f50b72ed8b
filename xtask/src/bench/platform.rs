//! `cargo xtask bench platform`: the whole server under a class of simulated learners.
//!
//! A real server on an empty database; an owner, an invitation, and learners who each read a lesson, write, run and
//! submit, with the pauses of quick ones: somewhat more than two minutes from one lesson to the next. Page times are
//! those of reads; a submission's time is from the request to the verdict, and the phases that the server tells divide
//! it into waiting in the queue, starting, running and grading.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Folder, build, percentile};
use crate::project;

const COURSE: &str = "zero-to-large-models";
const UNIT: &str = "linear-regression";
/// The most that 95 of 100 reads may take, in milliseconds.
const GOAL_PAGE_MS: f64 = 50.0;
/// The most memory that the server may have, in MB; the processes that run programs are not it.
const GOAL_MB: f64 = 150.0;

struct Options {
    json: bool,
    binary: Option<PathBuf>,
    learners: usize,
    seconds: u64,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Options { json: false, binary: None, learners: 300, seconds: 300 };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut number = |name: &str| -> Result<u64> {
                let text = rest.next().with_context(|| format!("{name} needs a number"))?;
                text.parse().ok().filter(|number| *number > 0).with_context(|| format!("{text} is no number"))
            };
            match argument.as_str() {
                "--json" => options.json = true,
                "--learners" => options.learners = usize::try_from(number("--learners")?)?,
                "--seconds" => options.seconds = number("--seconds")?,
                "--binary" => options.binary = Some(rest.next().context("--binary needs the path of `lyceum`")?.into()),
                other => bail!(
                    "unknown argument {other}\nusage: cargo xtask bench platform [--json] [--binary PATH] \
                     [--learners N] [--seconds N]"
                ),
            }
        }
        Ok(options)
    }
}

/// Measures the server.
pub(super) fn run(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let binary = match &options.binary {
        Some(path) => path.clone(),
        None => build()?,
    };
    let folder = Folder::new()?;
    let server = Server::start(&binary, &folder.0)?;
    let learners = server.enrol(options.learners)?;
    let program = fs::read_to_string(project::root().join(format!("courses/{COURSE}/{UNIT}/solution.py")))
        .context("cannot read the lab's solution")?;

    let record = Record::default();
    let ends = Instant::now() + Duration::from_secs(options.seconds);
    let most_memory = thread::scope(|scope| {
        for (number, learner) in learners.iter().enumerate() {
            let (server, program, record) = (&server, &program, &record);
            scope.spawn(move || {
                // They come one by one, in the first minute.
                let mut pauses = Pauses { state: number as u64 + 1, ends };
                pauses.think(Duration::from_millis(200 * number as u64 % 60_000));
                while Instant::now() < ends {
                    if let Err(error) = session(server, learner, program, record, &mut pauses) {
                        record.errors.lock().expect("no learner panics").push(format!("{error:#}"));
                    }
                }
            });
        }
        let mut most: f64 = 0.0;
        while Instant::now() < ends {
            most = most.max(memory(server.child.id()).unwrap_or_default());
            thread::sleep(Duration::from_millis(500));
        }
        most
    });
    report(&options, &record, most_memory)
}

/// What was measured.
#[derive(Default)]
struct Record {
    pages: Mutex<Vec<f64>>,
    submissions: Mutex<Vec<Timing>>,
    runs: AtomicUsize,
    errors: Mutex<Vec<String>>,
}

/// The times of a submission, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Timing {
    total: f64,
    queue: f64,
    start: f64,
    run: f64,
    grade: f64,
}

/// A part of a submission's time, and its name.
type Part = (&'static str, fn(&Timing) -> f64);

/// What a learner does in a while: looks at the course, reads the lesson, writes, runs, and hands in.
fn session(server: &Server, learner: &Account, program: &str, record: &Record, pauses: &mut Pauses) -> Result<()> {
    let unit = format!("/api/courses/{COURSE}/units/{UNIT}");
    let page = |path: &str| -> Result<Value> {
        let started = Instant::now();
        let value = server.get(learner, path)?;
        record.pages.lock().expect("no learner panics").push(milliseconds(started.elapsed()));
        Ok(value)
    };
    page(&format!("/api/courses/{COURSE}"))?;
    pauses.some(2, 6);
    let before = page(&unit)?;
    pauses.some(10, 30);
    let mut revision = before["lab"]["draft"]["revision"].as_i64().unwrap_or_default();
    for _ in 0..3 {
        let body = json!({ "code": program, "revision": revision });
        let saved = server.send(learner, "PUT", &format!("{unit}/draft"), &body)?;
        revision = saved["revision"].as_i64().context("a saved draft has no revision")?;
        pauses.some(8, 20);
    }
    if pauses.is_over() {
        return Ok(());
    }
    server.hand_in(learner, &unit, program, "run")?;
    record.runs.fetch_add(1, Ordering::Relaxed);
    pauses.some(10, 30);
    if pauses.is_over() {
        return Ok(());
    }
    let timing = server.hand_in(learner, &unit, program, "submit")?;
    record.submissions.lock().expect("no learner panics").push(timing);
    page("/api/recent")?;
    pauses.some(20, 60);
    Ok(())
}

/// Pauses of a person, from a small generator of its own so that every measurement has the same ones.
struct Pauses {
    state: u64,
    /// When nobody pauses any more.
    ends: Instant,
}

impl Pauses {
    fn some(&mut self, least: u64, most: u64) {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = (self.state >> 40) as f64 / (1_u64 << 24) as f64;
        self.think(Duration::from_secs_f64(least as f64 + share * (most - least) as f64));
    }

    fn think(&self, pause: Duration) {
        thread::sleep(pause.min(self.ends.saturating_duration_since(Instant::now())));
    }

    fn is_over(&self) -> bool {
        Instant::now() >= self.ends
    }
}

/// Somebody's session.
struct Account {
    cookie: String,
}

struct Server {
    child: Child,
    address: String,
    agent: ureq::Agent,
    link: String,
}

impl Server {
    fn start(binary: &Path, folder: &Path) -> Result<Self> {
        let mut child = Command::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.join("data"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let mut lines = BufReader::new(child.stdout.take().context("the server has no output")?).lines();
        let link = lines
            .find_map(|line| {
                let line = line.ok()?;
                line.split_whitespace().find(|word| word.contains("/setup#")).map(str::to_owned)
            })
            .context("the server printed no link")?;
        // Whatever else it prints must not fill the pipe.
        thread::spawn(move || lines.for_each(drop));
        let address = link.split("/setup#").next().unwrap_or_default().to_owned();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .max_idle_connections(400)
            .max_idle_connections_per_host(400)
            .build()
            .into();
        Ok(Self { child, address, agent, link })
    }

    /// Makes the owner and so many learners.
    fn enrol(&self, learners: usize) -> Result<Vec<Account>> {
        let token = self.link.split('#').nth(1).unwrap_or_default();
        let person = |token: &str, name: &str| json!({ "token": token, "name": name, "display": name, "password": "correct horse battery", "language": "en" });
        let owner = self.join("/api/setup", &person(token, "owner"))?;
        let asked = json!({ "role": "learner", "uses": learners, "days": 1 });
        let invitation = self.send(&owner, "POST", "/api/invitations", &asked)?;
        let link = invitation["link"].as_str().context("an invitation has no link")?;
        let token = link.split('#').nth(1).context("an invitation's link has no token")?;
        (0..learners).map(|number| self.join("/api/join", &person(token, &format!("learner-{number}")))).collect()
    }

    fn join(&self, path: &str, person: &Value) -> Result<Account> {
        let response = self
            .agent
            .post(format!("{}{path}", self.address))
            .header("Origin", &self.address)
            .header("Content-Type", "application/json")
            .send(person.to_string())?;
        if !response.status().is_success() {
            bail!("{path}: {}", response.status());
        }
        let cookie = response.headers().get("set-cookie").and_then(|value| value.to_str().ok()).context("no cookie")?;
        Ok(Account { cookie: cookie.split(';').next().unwrap_or_default().to_owned() })
    }

    fn get(&self, account: &Account, path: &str) -> Result<Value> {
        let mut response =
            self.agent.get(format!("{}{path}", self.address)).header("Cookie", &account.cookie).call()?;
        let text = response.body_mut().read_to_string()?;
        if !response.status().is_success() {
            bail!("GET {path}: {} {text}", response.status());
        }
        Ok(serde_json::from_str(&text)?)
    }

    fn send(&self, account: &Account, method: &str, path: &str, body: &Value) -> Result<Value> {
        let address = format!("{}{path}", self.address);
        let request = if method == "PUT" { self.agent.put(address) } else { self.agent.post(address) };
        let mut response = request
            .header("Cookie", &account.cookie)
            .header("Origin", &self.address)
            .header("Content-Type", "application/json")
            .send(body.to_string())?;
        let text = response.body_mut().read_to_string()?;
        if !response.status().is_success() {
            bail!("{method} {path}: {} {text}", response.status());
        }
        Ok(serde_json::from_str(&text)?)
    }

    /// Hands a program in, and follows its events to the end, as the page does.
    fn hand_in(&self, account: &Account, unit: &str, program: &str, kind: &str) -> Result<Timing> {
        let started = Instant::now();
        let body = json!({ "code": program, "kind": kind });
        let accepted = self.send(account, "POST", &format!("{unit}/submissions"), &body)?;
        let id = accepted["id"].as_str().context("a submission has no id")?;
        let mut response = self
            .agent
            .get(format!("{}/api/submissions/{id}/events", self.address))
            .header("Cookie", &account.cookie)
            .call()?;
        if !response.status().is_success() {
            bail!("events: {}", response.status());
        }
        let (mut phases, mut grade) = (Vec::new(), None);
        for line in BufReader::new(response.body_mut().as_reader()).lines() {
            let line = line?;
            let Some(frame) = line.strip_prefix("data:").and_then(|text| serde_json::from_str::<Value>(text).ok())
            else {
                continue;
            };
            match frame["type"].as_str() {
                Some("phase") => {
                    let phase = frame["phase"].as_str().unwrap_or_default().to_owned();
                    let is_last = ["done", "stopped", "failed"].contains(&phase.as_str());
                    phases.push((phase, Instant::now()));
                    if is_last {
                        break;
                    }
                }
                Some("grade") => grade = frame["grade"]["status"].as_str().map(str::to_owned),
                _ => {}
            }
        }
        let last = phases.last().map(|(phase, _)| phase.as_str());
        if last != Some("done") {
            bail!("a {kind} ended in {last:?}");
        }
        if kind == "submit" && grade.as_deref() != Some("pass") {
            bail!("the solution was graded {grade:?}");
        }
        let at = |name: &str| phases.iter().rev().find(|(phase, _)| phase == name).map(|(_, when)| *when);
        let span = |from: Option<Instant>, to: Option<Instant>| match (from, to) {
            (Some(from), Some(to)) => milliseconds(to.saturating_duration_since(from)),
            _ => 0.0,
        };
        let (starting, running, grading, done) = (at("starting"), at("running"), at("grading"), at("done"));
        Ok(Timing {
            total: milliseconds(started.elapsed()),
            queue: span(Some(started), starting.or(running)),
            start: span(starting, running),
            run: span(running, grading.or(done)),
            grade: span(grading, done),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a process has resident, in MB.
fn memory(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? * 1024.0 / 1e6)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn report(options: &Options, record: &Record, memory: f64) -> Result<()> {
    let pages = record.pages.lock().expect("no learner panics").clone();
    let submissions = record.submissions.lock().expect("no learner panics").clone();
    let errors = record.errors.lock().expect("no learner panics").clone();
    let runs = record.runs.load(Ordering::Relaxed);
    let page = [0.5, 0.95, 0.99].map(|share| percentile(pages.iter().copied(), share));
    let parts: [Part; 5] = [
        ("to the verdict", |timing| timing.total),
        ("  in the queue", |timing| timing.queue),
        ("  starting", |timing| timing.start),
        ("  running", |timing| timing.run),
        ("  grading", |timing| timing.grade),
    ];
    let of = |part: fn(&Timing) -> f64| [0.5, 0.95, 0.99].map(|share| percentile(submissions.iter().map(part), share));
    if options.json {
        let parts = parts.iter().map(|(name, part)| (name.trim().to_owned(), json!(of(*part))));
        println!(
            "{:#}",
            json!({
                "learners": options.learners, "seconds": options.seconds, "pages": pages.len(), "runs": runs,
                "submissions": submissions.len(), "errors": errors, "page_ms": page,
                "submission_ms": parts.collect::<serde_json::Map<_, _>>(), "server_mb": memory,
            })
        );
    } else {
        println!(
            "{} learners for {} s: {} reads, {runs} runs, {} submissions, {} errors",
            options.learners,
            options.seconds,
            pages.len(),
            submissions.len(),
            errors.len()
        );
        println!("  {:<18} {:>8} {:>8} {:>8}   in ms", "", "p50", "p95", "p99");
        let line = |name: &str, [half, most, nearly_all]: [f64; 3]| {
            println!("  {name:<18} {half:>8.1} {most:>8.1} {nearly_all:>8.1}");
        };
        line("a page", page);
        for (name, part) in parts {
            line(name, of(part));
        }
        println!("memory of the server: {memory:.1} MB");
    }
    if let Some(first) = errors.first() {
        bail!("{} errors; the first: {first}", errors.len());
    }
    if page[1] > GOAL_PAGE_MS || memory > GOAL_MB {
        bail!("over the goal: a page {:.0} ms of {GOAL_PAGE_MS}, memory {memory:.0} MB of {GOAL_MB}", page[1]);
    }
    Ok(())
}
