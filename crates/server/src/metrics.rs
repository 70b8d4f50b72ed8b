//! What is counted, for Prometheus.

use std::{
    sync::atomic::{AtomicI64, AtomicU64},
    time::Duration,
};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

/// Everything that is counted.
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    request_seconds: Family<Route, Histogram, fn() -> Histogram>,
    submissions: Family<Ended, Counter>,
    submission_seconds: Family<StageLabel, Histogram, fn() -> Histogram>,
    /// Programs that were not taken, because too many waited.
    pub refused: Counter,
    /// Logins that failed.
    pub failed_logins: Counter,
    /// Connections that follow a run.
    pub followers: Gauge<i64, AtomicI64>,
    /// Programs that wait.
    pub waiting: Gauge<i64, AtomicI64>,
    /// Programs that run.
    pub running: Gauge<i64, AtomicI64>,
    /// Programs of lessons whose output is still to be made.
    pub lesson_outputs: Gauge<i64, AtomicI64>,
    memory: Gauge<i64, AtomicI64>,
    cpu: Gauge<f64, AtomicU64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    kind: String,
    result: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StageLabel {
    stage: &'static str,
}

/// A part of the way of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// From its arrival until a worker took it.
    Queue,
    /// Making the exam, starting and ending processes.
    Start,
    /// The program's own running.
    Run,
    /// Comparing.
    Grade,
    /// From its arrival to its end.
    Total,
}

impl Stage {
    fn word(self) -> &'static str {
        match self {
            Stage::Queue => "queue",
            Stage::Start => "start",
            Stage::Run => "run",
            Stage::Grade => "grade",
            Stage::Total => "total",
        }
    }
}

fn fast() -> Histogram {
    Histogram::new([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0])
}

fn slow() -> Histogram {
    Histogram::new([0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0])
}

impl Metrics {
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("lyceum"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(fast),
            submissions: Family::default(),
            submission_seconds: Family::new_with_constructor(slow),
            refused: Counter::default(),
            failed_logins: Counter::default(),
            followers: Gauge::default(),
            waiting: Gauge::default(),
            running: Gauge::default(),
            lesson_outputs: Gauge::default(),
            memory: Gauge::default(),
            cpu: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("http_requests", "Requests by route and status", metrics.requests.clone());
        let help = "Time to the first byte of the answer";
        registry.register_with_unit("http_request", help, Unit::Seconds, metrics.request_seconds.clone());
        registry.register("submissions", "Runs and submissions that ended, by how", metrics.submissions.clone());
        let help = "Time of runs and submissions by stage";
        registry.register_with_unit("submission", help, Unit::Seconds, metrics.submission_seconds.clone());
        registry.register("submissions_refused", "Programs that found no place in the queue", metrics.refused.clone());
        registry.register("logins_failed", "Logins that failed", metrics.failed_logins.clone());
        registry.register("followers", "Connections that follow a run", metrics.followers.clone());
        registry.register("queue_waiting", "Programs that wait", metrics.waiting.clone());
        registry.register("queue_running", "Programs that run", metrics.running.clone());
        registry.register("exhibits_missing", "Lessons' programs without output", metrics.lesson_outputs.clone());
        let help = "Memory of the server's process that is resident";
        registry.register_with_unit("resident_memory", help, Unit::Bytes, metrics.memory.clone());
        let help = "Time that the server's process has computed";
        registry.register_with_unit("cpu", help, Unit::Seconds, metrics.cpu.clone());
        metrics
    }

    /// Counts a request.
    pub fn request(&self, method: &str, route: &str, status: u16, time: Duration) {
        let (method, route) = (method.to_owned(), route.to_owned());
        self.request_seconds
            .get_or_create(&Route { method: method.clone(), route: route.clone() })
            .observe(time.as_secs_f64());
        self.requests.get_or_create(&Request { method, route, status }).inc();
    }

    /// Counts a run or a submission that ended.
    pub fn ended(&self, kind: &str, result: &str) {
        self.submissions.get_or_create(&Ended { kind: kind.to_owned(), result: result.to_owned() }).inc();
    }

    /// Notes how long a stage took.
    pub fn stage(&self, stage: Stage, time: Duration) {
        self.submission_seconds.get_or_create(&StageLabel { stage: stage.word() }).observe(time.as_secs_f64());
    }

    /// Writes everything as Prometheus reads it.
    pub fn text(&self) -> String {
        let process = Process::this();
        self.memory.set(i64::try_from(process.resident_bytes).unwrap_or(i64::MAX));
        self.cpu.set(process.cpu_seconds);
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a string can be written");
        text
    }
}

/// What this process uses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Process {
    pub resident_bytes: u64,
    pub cpu_seconds: f64,
}

impl Process {
    /// Asks the system. Zero where it does not say.
    pub fn this() -> Self {
        /// The unit of times in `/proc`: the same on every Linux.
        const TICKS: f64 = 100.0;
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix("kB"));
        let kib: u64 = kib.and_then(|kib| kib.trim().parse().ok()).unwrap_or(0);
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        // The name in brackets may hold anything; the fields after it do not.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
        Self { resident_bytes: kib * 1024, cpu_seconds: (ticks(11) + ticks(12)) / TICKS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_can_be_read() {
        let metrics = Metrics::new();
        metrics.request("GET", "/api/courses/{course}", 200, Duration::from_millis(3));
        metrics.ended("submit", "pass");
        metrics.stage(Stage::Queue, Duration::from_millis(30));
        let text = metrics.text();
        for line in [
            "lyceum_http_requests_total{method=\"GET\",route=\"/api/courses/{course}\",status=\"200\"} 1",
            "lyceum_http_request_seconds_bucket{le=\"0.005\",method=\"GET\",route=\"/api/courses/{course}\"} 1",
            "lyceum_submissions_total{kind=\"submit\",result=\"pass\"} 1",
            "lyceum_submission_seconds_count{stage=\"queue\"} 1",
            "lyceum_queue_waiting 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        assert!(Process::this().resident_bytes > 1 << 20);
    }
}
