//! Where labs are run: in the sandbox, with the user's data sets and cache.
//!
//! This is the one place between `lyceum-curriculum`, which knows what to ask, and the sandbox, which
//! knows how to run.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::PathBuf,
};

use lyceum_curriculum::Runner;
use lyceum_lab::{
    Event, LabJob, LabReport, Observation,
    sandbox::{self, Confinement, Flow, Stream, Strength, Watcher},
};

/// Runs jobs in the sandbox.
pub struct Sandbox {
    pub strength: Strength,
    /// Whether what programs print is passed on to the user.
    pub prints: bool,
}

impl Runner for Sandbox {
    fn run(&self, job: &LabJob, events: &mut dyn FnMut(&Event)) -> io::Result<LabReport> {
        let asked = job.probes.iter().map(|probe| probe.id.clone()).collect();
        let mut listener = Listener { asked, answers: BTreeMap::new(), events, prints: self.prints };
        let confinement = Confinement::lab().with(self.strength);
        let finished = sandbox::run(job, &confinement, &mut listener).map_err(io::Error::other)?;
        let mut report = finished.report;
        report.observed = listener.answers;
        Ok(report)
    }
}

/// Keeps the answers to what was asked; the first to each, because the program's process can send others later.
struct Listener<'a> {
    asked: BTreeSet<String>,
    answers: BTreeMap<String, Observation>,
    events: &'a mut dyn FnMut(&Event),
    prints: bool,
}

impl Watcher for Listener<'_> {
    fn output(&mut self, stream: Stream, bytes: &[u8]) -> Flow {
        use std::io::Write as _;

        if self.prints {
            let written = match stream {
                Stream::Stdout => io::stdout().write_all(bytes),
                Stream::Stderr => io::stderr().write_all(bytes),
            };
            if written.is_err() {
                return Flow::Close;
            }
        }
        Flow::Continue
    }

    fn event(&mut self, event: Event) {
        (self.events)(&event);
    }

    fn observed(&mut self, probe: String, observation: Observation) {
        if self.asked.contains(&probe) {
            self.answers.entry(probe).or_insert(observation);
        }
    }
}

/// The folder for what can be made again: in $XDG_CACHE_HOME or ~/.cache.
pub fn cache() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = from("XDG_CACHE_HOME").filter(|path| path.is_absolute());
    let cache = cache.or_else(|| from("HOME").map(|home| home.join(".cache")))?;
    Some(cache.join("lyceum").join("answers"))
}
