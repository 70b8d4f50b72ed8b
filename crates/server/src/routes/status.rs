//! How the server is doing.

use axum::extract::State;
use lyceum_lab::sandbox::Kernel;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::App, error::Answer, metrics::Process, page};

/// How the server is doing.
#[derive(Serialize, ToSchema)]
pub struct Status {
    version: &'static str,
    uptime_seconds: u64,
    queue: QueueStatus,
    resources: ResourceStatus,
    database: DatabaseStatus,
    sandbox: SandboxStatus,
    courses: Vec<CourseStatus>,
    /// Whether the page is part of this binary.
    page: bool,
}

/// What waits and what runs.
#[derive(Serialize, ToSchema)]
pub struct QueueStatus {
    waiting: usize,
    /// How many may wait.
    room: usize,
    workers: usize,
    running: Vec<RunningStatus>,
}

/// A program that runs.
#[derive(Serialize, ToSchema)]
pub struct RunningStatus {
    submission: String,
    seconds: f64,
}

/// What the server's process uses.
#[derive(Serialize, ToSchema)]
pub struct ResourceStatus {
    memory_bytes: u64,
    cpu_seconds: f64,
    cores: usize,
    /// The load of the machine over one, five and fifteen minutes.
    load: Vec<f64>,
    /// Connections that follow a run.
    followers: i64,
}

/// The database.
#[derive(Serialize, ToSchema)]
pub struct DatabaseStatus {
    kind: &'static str,
    version: String,
    schema: i64,
    bytes: u64,
}

/// What confines programs.
#[derive(Serialize, ToSchema)]
pub struct SandboxStatus {
    /// Whether nothing is missing.
    whole: bool,
    landlock: u32,
    seccomp: bool,
    /// Whether each run has a user of its own.
    own_user: bool,
    missing: Vec<String>,
}

/// A course.
#[derive(Serialize, ToSchema)]
pub struct CourseStatus {
    id: String,
    units: usize,
    problems: usize,
}

pub async fn show(State(app): State<App>) -> Answer<axum::Json<Status>> {
    let (waiting, _) = app.desk.open();
    let running = app.desk.running().into_iter();
    let process = Process::this();
    let facts = app.store.facts().await?;
    let kernel = Kernel::this();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let courses = app.library.courses().iter().map(|shelf| CourseStatus {
        id: shelf.course.id.clone(),
        units: shelf.course.units.len(),
        problems: shelf.problems.len(),
    });
    Ok(axum::Json(Status {
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: app.started.elapsed().as_secs(),
        queue: QueueStatus {
            waiting,
            room: app.config.queue,
            workers: app.desk.workers(),
            running: running
                .map(|(submission, time)| RunningStatus { submission, seconds: time.as_secs_f64() })
                .collect(),
        },
        resources: ResourceStatus {
            memory_bytes: process.resident_bytes,
            cpu_seconds: process.cpu_seconds,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            load: load.split_whitespace().take(3).filter_map(|number| number.parse().ok()).collect(),
            followers: app.metrics.followers.get(),
        },
        database: DatabaseStatus {
            kind: facts.database,
            version: facts.version,
            schema: facts.schema,
            bytes: facts.bytes,
        },
        sandbox: SandboxStatus {
            whole: kernel.missing().is_empty(),
            landlock: kernel.landlock_abi,
            seccomp: kernel.seccomp,
            own_user: kernel.first_user.is_some(),
            missing: kernel.missing().iter().map(ToString::to_string).collect(),
        },
        courses: courses.collect(),
        page: page::is_built_in() || app.config.web.is_some(),
    }))
}
