//! Programs that were sent: to see what they do, or to be graded.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use lyceum_store::{Account, GradeStatus, Kind, Millis, NewSubmission, Role, State as Stage, Submission, Version};
use serde::{Deserialize, Serialize};
use serde_json::{json, value::RawValue};
use utoipa::ToSchema;

use super::{drafts::check_code, units::unit_of};
use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Json, Me, Path, Query},
    schema,
};

/// A program that is sent.
#[derive(Deserialize, ToSchema)]
pub struct NewProgram {
    pub code: String,
    #[schema(value_type = schema::SubmissionKind)]
    pub kind: Kind,
    /// Whether the run is to show what is inside of it.
    #[serde(default)]
    pub xray: bool,
}

/// A program that was taken in. It is not lost any more.
#[derive(Serialize, ToSchema)]
pub struct Accepted {
    id: String,
    /// How many come before it, this one counted; none when it began at once.
    #[schema(required, nullable)]
    position: Option<usize>,
}

/// A submission in a list.
#[derive(Serialize, ToSchema)]
pub struct SubmissionCard {
    id: String,
    course: String,
    unit: String,
    #[schema(value_type = schema::SubmissionKind)]
    kind: Kind,
    #[schema(value_type = schema::SubmissionState)]
    state: Stage,
    #[schema(value_type = schema::GradeStatus, required, nullable)]
    status: Option<GradeStatus>,
    #[schema(required, nullable)]
    score: Option<i64>,
    #[schema(required, nullable)]
    max: Option<i64>,
    /// Unix milliseconds.
    created: Millis,
    #[schema(required, nullable)]
    ended: Option<Millis>,
}

/// A submission with its program.
#[derive(Serialize, ToSchema)]
#[schema(as = Submission)]
pub struct SubmissionView {
    id: String,
    account: String,
    course: String,
    unit: String,
    #[schema(value_type = schema::SubmissionKind)]
    kind: Kind,
    #[schema(value_type = schema::SubmissionState)]
    state: Stage,
    code: String,
    lab_version: String,
    /// How often it was begun.
    attempt: i64,
    /// Unix milliseconds.
    created: Millis,
    #[schema(required, nullable)]
    started: Option<Millis>,
    #[schema(required, nullable)]
    ended: Option<Millis>,
    /// How many come before it, this one counted, while it waits.
    #[schema(required, nullable)]
    position: Option<usize>,
    #[schema(value_type = schema::Grade, required, nullable)]
    grade: Option<Box<RawValue>>,
    /// How long the parts of grading took, in milliseconds.
    #[schema(value_type = Object, required, nullable)]
    timings: Option<serde_json::Value>,
    /// How the run ended and what it used up.
    #[schema(value_type = Object, required, nullable)]
    outcome: Option<serde_json::Value>,
}

/// Which page of a list.
#[derive(Deserialize)]
pub struct Page {
    before: Option<String>,
    limit: Option<u32>,
}

impl SubmissionCard {
    pub fn new(version: Version) -> Self {
        let Version { id, course, unit, kind, state, created, ended, status, score, max_score } = version;
        Self { id, course, unit, kind, state, status, score, max: max_score, created, ended }
    }
}

pub async fn create(
    State(app): State<App>,
    Me(me): Me,
    Path((course, id)): Path<(String, String)>,
    Json(program): Json<NewProgram>,
) -> Answer<Response> {
    let (_, unit) = unit_of(&app, &course, &id)?;
    let files = unit.lab.as_ref().ok_or_else(|| AppError::not_found("lab"))?;
    check_code(&program.code)?;
    let place = app.desk.reserve(&me.id)?;
    let options = json!({ "xray": program.xray });
    let new = NewSubmission {
        account: &me.id,
        course: &course,
        unit: &id,
        kind: program.kind,
        code: &program.code,
        lab_version: &files.lab.version,
        options: &options,
    };
    let submission = app.store.submissions().create(new).await?;
    let position = app.desk.enqueue(place, &submission);
    Ok((StatusCode::ACCEPTED, axum::Json(Accepted { id: submission.id, position })).into_response())
}

/// Finds a submission that somebody may see: their own, that of a learner whom they teach, or any for an operator.
/// Whatever else there is does not exist for them.
pub async fn visible(app: &App, me: &Account, id: &str) -> Answer<Submission> {
    let found = app.store.submissions().by_id(id).await?;
    let submission = found.ok_or_else(|| AppError::not_found("submission"))?;
    match submission.account == me.id || may_see(app, me, &submission.account).await? {
        true => Ok(submission),
        false => Err(AppError::not_found("submission")),
    }
}

/// Says whether somebody may see the work of a learner.
pub async fn may_see(app: &App, me: &Account, learner: &str) -> Answer<bool> {
    Ok(match me.role {
        Role::Operator => true,
        Role::Instructor => app.store.cohorts().teaches(&me.id, learner).await?,
        Role::Learner => false,
    })
}

pub async fn show(State(app): State<App>, Me(me): Me, Path(id): Path<String>) -> Answer<axum::Json<SubmissionView>> {
    let submission = visible(&app, &me, &id).await?;
    let grade = app.store.grades().by_submission(&id).await?;
    let position = app.desk.position(&id);
    let Submission { id, account, course, unit, kind, code, lab_version, state, attempt, .. } = submission;
    let (grade, timings) = match grade {
        Some(grade) => (Some(RawValue::from_string(grade.grade).map_err(AppError::internal)?), Some(grade.timings)),
        None => (None, None),
    };
    Ok(axum::Json(SubmissionView {
        id,
        account,
        course,
        unit,
        kind,
        state,
        code,
        lab_version,
        attempt,
        created: submission.created,
        started: submission.started,
        ended: submission.ended,
        position,
        grade,
        timings,
        // Why Lyceum could not run something is in the log, for operators.
        outcome: submission.outcome.filter(|_| state != Stage::Failed),
    }))
}

pub async fn stop(State(app): State<App>, Me(me): Me, Path(id): Path<String>) -> Answer<StatusCode> {
    let submission = visible(&app, &me, &id).await?;
    if submission.account != me.id && me.role != Role::Operator {
        return Err(AppError::forbidden());
    }
    app.desk.stop(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn versions(
    State(app): State<App>,
    Me(me): Me,
    Path((course, unit)): Path<(String, String)>,
    Query(page): Query<Page>,
) -> Answer<axum::Json<Vec<SubmissionCard>>> {
    unit_of(&app, &course, &unit)?;
    let limit = page.limit.unwrap_or(200);
    let versions = app.store.submissions().versions(&me.id, &course, &unit, page.before.as_deref(), limit).await?;
    Ok(axum::Json(versions.into_iter().map(SubmissionCard::new).collect()))
}

pub async fn recent(
    State(app): State<App>,
    Me(me): Me,
    Query(page): Query<Page>,
) -> Answer<axum::Json<Vec<SubmissionCard>>> {
    let recent = app.store.submissions().recent(&me.id, page.before.as_deref(), page.limit.unwrap_or(20)).await?;
    Ok(axum::Json(recent.into_iter().map(SubmissionCard::new).collect()))
}
