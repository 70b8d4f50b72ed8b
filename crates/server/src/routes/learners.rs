//! A learner, as their instructor sees them.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    courses::{ProgressView, skill_levels},
    reports::progress_of,
    submissions::{SubmissionCard, may_see},
};
use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Me, Path, Query},
    schema::{AccountView, Level},
};

/// A learner, where they are, and what they sent last.
#[derive(Serialize, ToSchema)]
pub struct LearnerView {
    account: AccountView,
    courses: Vec<LearnerCourse>,
    /// Their runs and submissions, the newest first.
    submissions: Vec<SubmissionCard>,
}

/// Where a learner is in a course.
#[derive(Serialize, ToSchema)]
pub struct LearnerCourse {
    course: String,
    units: BTreeMap<String, ProgressView>,
    skill_levels: BTreeMap<String, Level>,
}

/// Which page of what they sent.
#[derive(Deserialize)]
pub struct Page {
    before: Option<String>,
}

pub async fn show(
    State(app): State<App>,
    Me(me): Me,
    Path(id): Path<String>,
    Query(page): Query<Page>,
) -> Answer<axum::Json<LearnerView>> {
    let account = app.store.accounts().by_id(&id).await?;
    let may_see = may_see(&app, &me, &id).await?;
    let account = account.filter(|_| may_see).ok_or_else(|| AppError::not_found("learner"))?;
    let mut courses = Vec::new();
    for shelf in app.library.courses() {
        let overview = app.store.progress().overview(&id, &shelf.course.id).await?;
        courses.push(LearnerCourse {
            course: shelf.course.id.clone(),
            units: overview.iter().map(|unit| (unit.unit.clone(), progress_of(shelf, unit))).collect(),
            skill_levels: skill_levels(shelf, &overview),
        });
    }
    let sent = app.store.submissions().recent(&id, page.before.as_deref(), 100).await?;
    let submissions = sent.into_iter().map(SubmissionCard::new).collect();
    Ok(axum::Json(LearnerView { account: account.into(), courses, submissions }))
}
