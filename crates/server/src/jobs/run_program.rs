//! Runs a program so that its learner sees what it does. Nothing is graded.

use lyceum_curriculum::{Runner, submission::run_alone};
use serde_json::json;

use super::desk::{Desk, Job, JobError};
use crate::metrics::Stage;

/// Runs a learner's program as its lab would, and asks it nothing.
pub fn run_program(desk: &Desk, job: &Job) -> Result<&'static str, JobError> {
    let files = desk.lab(job)?;
    let runner = desk.sandbox(job);
    let data_home = desk.catalogue.home().ok().map(ToOwned::to_owned);
    let wants_xray = job.submission.options["xray"] == true;
    let report = run_alone(files, &job.submission.code, wants_xray, data_home, |job| runner.run(job, &mut |_| {}))?;
    if job.is_given_up(desk) {
        return Ok("given up");
    }
    desk.keep_frames(job)?;
    let outcome = json!({ "outcome": report.outcome, "resources": report.resources });
    desk.wait(desk.store.submissions().finish(&job.submission.id, job.submission.attempt, &outcome))?;
    desk.metrics.stage(Stage::Run, std::time::Duration::from_secs_f64(report.resources.wall_seconds.max(0.0)));
    Ok("ended")
}
