//! Grades a submission: the whole story.

use lyceum_curriculum::{Bench, Examined, submit};
use lyceum_lab::Event;
use lyceum_store::{CheckResult, GradeStatus, NewGrade, Recorded};
use serde_json::json;

use super::{
    desk::{Desk, Job, JobError},
    frames::{Frame, Phase},
};
use crate::metrics::Stage;

/// Runs a learner's program, asks it, compares, and keeps the grade; returns how it came out.
pub fn grade_submission(desk: &Desk, job: &Job) -> Result<&'static str, JobError> {
    let lab = desk.lab(job)?;
    let runner = desk.sandbox(job);
    let bench = Bench { runner: &runner, catalogue: &desk.catalogue, cache: Some(desk.answers.clone()) };
    let examined = submit(lab, &job.submission.code, &job.submission.account, &bench, &mut |event| tell(job, event))?;
    if job.is_given_up(desk) {
        return Ok("given up");
    }
    job.live.say(&Frame::phase(Phase::Grading));
    desk.keep_frames(job)?;
    let grade = new_grade(&examined)?;
    let status = grade.status;
    match desk.wait(desk.store.grades().record(&job.submission.id, job.submission.attempt, grade))? {
        Recorded::Now => job.live.say(&Frame::Grade { grade: &examined.grade }),
        // Somebody stopped it at the last moment, and what is in the store counts.
        Recorded::NotAnyMore => tracing::warn!(submission = job.submission.id, "a grade came too late"),
    }
    desk.metrics.stage(Stage::Start, examined.timing.start);
    desk.metrics.stage(Stage::Run, examined.timing.run);
    desk.metrics.stage(Stage::Grade, examined.timing.grade);
    Ok(status.as_str())
}

/// Tells what was made here of what the program gave; what the program itself reports is told as it comes.
fn tell(job: &Job, event: &Event) {
    if let Event::Exhibit { .. } = event {
        job.live.tell(&Frame::Events { events: &[json!(event)] });
    }
}

fn new_grade(examined: &Examined) -> Result<NewGrade, JobError> {
    let grade = &examined.grade;
    let milliseconds = |time: std::time::Duration| time.as_secs_f64() * 1e3;
    let timing = examined.timing;
    Ok(NewGrade {
        status: status(grade.status),
        score: grade.score,
        max_score: grade.max_score,
        grade: serde_json::to_string(grade)?,
        timings: json!({
            "start_ms": milliseconds(timing.start),
            "run_ms": milliseconds(timing.run),
            "grade_ms": milliseconds(timing.grade),
        }),
        checks: grade
            .tests
            .iter()
            .map(|test| CheckResult {
                check: test.id.clone(),
                status: status(test.status),
                points: test.points,
                max_points: test.max_points,
                skills: test.skill_ids.clone(),
            })
            .collect(),
        outcome: examined
            .runs
            .first()
            .map(|run| json!({ "outcome": run.report.outcome, "resources": run.report.resources })),
    })
}

fn status(status: lyceum_lab::grading::Status) -> GradeStatus {
    use lyceum_lab::grading::Status;
    match status {
        Status::Pass => GradeStatus::Pass,
        Status::Fail => GradeStatus::Fail,
        Status::Error => GradeStatus::Error,
        Status::Timeout => GradeStatus::Timeout,
        Status::NotGradable => GradeStatus::NotGradable,
    }
}
