//! Cohorts: groups of learners, each followed by instructors.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use lyceum_store::{Account, Cohort, Member, Millis, Role};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Caller, Json, Me, Path},
    schema::AccountView,
};

/// A cohort.
#[derive(Serialize, ToSchema)]
#[schema(as = Cohort)]
pub struct CohortView {
    pub id: String,
    pub name: String,
    /// Unix milliseconds.
    pub created: Millis,
    /// How many learners it has.
    pub members: i64,
}

/// A cohort with everybody in it.
#[derive(Serialize, ToSchema)]
pub struct WholeCohort {
    #[serde(flatten)]
    cohort: CohortView,
    learners: Vec<MemberView>,
    instructors: Vec<MemberView>,
}

/// Somebody in a cohort.
#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    account: AccountView,
    /// Unix milliseconds.
    since: Millis,
}

/// A cohort's name.
#[derive(Deserialize, ToSchema)]
pub struct NewCohort {
    name: String,
}

/// Who is to be taken in.
#[derive(Deserialize, ToSchema)]
pub struct NewMember {
    /// The login.
    name: String,
}

impl From<Cohort> for CohortView {
    fn from(Cohort { id, name, created, members }: Cohort) -> Self {
        Self { id, name, created, members }
    }
}

impl From<Member> for MemberView {
    fn from(Member { account, since }: Member) -> Self {
        Self { account: account.into(), since }
    }
}

/// Finds a cohort that somebody follows. For operators that is every one; for an instructor the others do not exist.
pub async fn followed(app: &App, me: &Account, id: &str) -> Answer<Cohort> {
    let follows = me.role == Role::Operator || app.store.cohorts().follows(&me.id, id).await?;
    let found = if follows { app.store.cohorts().by_id(id).await? } else { None };
    found.ok_or_else(|| AppError::not_found("cohort"))
}

pub async fn list(State(app): State<App>, Me(me): Me) -> Answer<axum::Json<Vec<CohortView>>> {
    let cohorts = match me.role {
        Role::Operator => app.store.cohorts().list(None, lyceum_store::MAX_PAGE).await?,
        _ => app.store.cohorts().of_instructor(&me.id, None, lyceum_store::MAX_PAGE).await?,
    };
    Ok(axum::Json(cohorts.into_iter().map(CohortView::from).collect()))
}

pub async fn create(
    State(app): State<App>,
    Me(me): Me,
    caller: Caller,
    Json(NewCohort { name }): Json<NewCohort>,
) -> Answer<Response> {
    let cohort = app.store.cohorts().create(&name, &me.id).await?;
    app.note(Some(&me), "cohort.create", Some(&cohort.id), json!({ "name": cohort.name }), &caller).await?;
    Ok((StatusCode::CREATED, axum::Json(CohortView::from(cohort))).into_response())
}

pub async fn show(State(app): State<App>, Me(me): Me, Path(id): Path<String>) -> Answer<axum::Json<WholeCohort>> {
    let cohort = followed(&app, &me, &id).await?;
    let mut learners: Vec<Member> = Vec::new();
    loop {
        let after = learners.last().map(|member| member.account.id.clone());
        let page = app.store.cohorts().members(&id, after.as_deref(), lyceum_store::MAX_PAGE).await?;
        if page.is_empty() {
            break;
        }
        learners.extend(page);
    }
    let instructors = app.store.cohorts().instructors(&id, None, lyceum_store::MAX_PAGE).await?;
    let views = |members: Vec<Member>| members.into_iter().map(MemberView::from).collect();
    Ok(axum::Json(WholeCohort { cohort: cohort.into(), learners: views(learners), instructors: views(instructors) }))
}

pub async fn rename(
    State(app): State<App>,
    Me(me): Me,
    caller: Caller,
    Path(id): Path<String>,
    Json(NewCohort { name }): Json<NewCohort>,
) -> Answer<axum::Json<CohortView>> {
    let before = followed(&app, &me, &id).await?;
    app.store.cohorts().rename(&id, &name).await?;
    let cohort = followed(&app, &me, &id).await?;
    let detail = json!({ "from": before.name, "to": cohort.name });
    app.note(Some(&me), "cohort.rename", Some(&id), detail, &caller).await?;
    Ok(axum::Json(cohort.into()))
}

pub async fn remove(State(app): State<App>, Me(me): Me, caller: Caller, Path(id): Path<String>) -> Answer<StatusCode> {
    let cohort = followed(&app, &me, &id).await?;
    app.store.cohorts().delete(&id).await?;
    app.note(Some(&me), "cohort.delete", Some(&id), json!({ "name": cohort.name }), &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn add_member(
    State(app): State<App>,
    Me(me): Me,
    caller: Caller,
    Path(id): Path<String>,
    Json(NewMember { name }): Json<NewMember>,
) -> Answer<Response> {
    followed(&app, &me, &id).await?;
    let account = app.store.accounts().by_name(&name).await?;
    let account = account.ok_or_else(|| AppError::not_found("account"))?;
    // An operator puts anybody anywhere. An instructor would come to see all that a learner did before, so that is
    // left to operators and to invitations, which learners accept themselves.
    if me.role != Role::Operator && !app.store.cohorts().teaches(&me.id, &account.id).await? {
        let error = AppError::new(StatusCode::FORBIDDEN, "not_your_learner", "this learner is in none of your cohorts");
        return Err(error.hint("send them an invitation, or ask an operator"));
    }
    if account.role != Role::Learner {
        app.store.cohorts().add_instructor(&id, &account.id).await?;
    } else {
        app.store.cohorts().add_member(&id, &account.id).await?;
    }
    app.note(Some(&me), "cohort.add", Some(&account.id), json!({ "cohort": id }), &caller).await?;
    let member = MemberView { account: account.into(), since: lyceum_store::now() };
    Ok((StatusCode::CREATED, axum::Json(member)).into_response())
}

pub async fn remove_member(
    State(app): State<App>,
    Me(me): Me,
    caller: Caller,
    Path((id, account)): Path<(String, String)>,
) -> Answer<StatusCode> {
    followed(&app, &me, &id).await?;
    app.store.cohorts().remove_member(&id, &account).await?;
    app.note(Some(&me), "cohort.remove", Some(&account), json!({ "cohort": id }), &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
