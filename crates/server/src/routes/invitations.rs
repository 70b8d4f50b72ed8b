//! Invitations: links by which people make their own accounts.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use lyceum_store::{Invitation, Millis, NewInvitation, Role, Token, TokenHash};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::cohorts::followed;
use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Caller, Json, Me, Path},
    schema,
};

/// What an invitation is for, as the one who has it sees it.
#[derive(Serialize, ToSchema)]
pub struct Welcome {
    #[schema(value_type = schema::Role)]
    role: Role,
    /// The name of the cohort that they come into.
    #[schema(required, nullable)]
    cohort: Option<String>,
    /// Unix milliseconds.
    expires: Millis,
}

/// An invitation, as the one who made it sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    id: String,
    #[schema(value_type = schema::Role)]
    role: Role,
    /// The cohort's id.
    #[schema(required, nullable)]
    cohort: Option<String>,
    /// How many may come.
    uses: i64,
    /// How many have come.
    used: i64,
    /// Unix milliseconds.
    created: Millis,
    #[schema(required, nullable)]
    created_by: Option<String>,
    expires: Millis,
    #[schema(required, nullable)]
    revoked: Option<Millis>,
}

/// An invitation that was just made. The link is shown this once.
#[derive(Serialize, ToSchema)]
pub struct MadeInvitation {
    #[serde(flatten)]
    invitation: InvitationView,
    /// What is to be sent, behind the address of the page: `/join#TOKEN`.
    link: String,
}

/// An invitation that is to be made.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewInvitation)]
pub struct NewInvitationView {
    #[schema(value_type = schema::Role)]
    role: Role,
    cohort: Option<String>,
    /// How many may come; 1 when absent.
    uses: Option<u32>,
    /// How many days it is good for; 14 when absent.
    days: Option<u32>,
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        let Invitation { id, role, cohort, uses, used, created, created_by, expires, revoked } = invitation;
        Self { id, role, cohort, uses, used, created, created_by, expires, revoked }
    }
}

pub async fn show(State(app): State<App>, Path(token): Path<String>) -> Answer<axum::Json<Welcome>> {
    let invitation = app.store.invitations().by_token_hash(&TokenHash::of(&token)).await?;
    let cohort = match &invitation.cohort {
        Some(cohort) => app.store.cohorts().by_id(cohort).await?.map(|cohort| cohort.name),
        None => None,
    };
    Ok(axum::Json(Welcome { role: invitation.role, cohort, expires: invitation.expires }))
}

pub async fn list(State(app): State<App>, Me(me): Me) -> Answer<axum::Json<Vec<InvitationView>>> {
    let whose = if me.role == Role::Operator { None } else { Some(me.id.as_str()) };
    let invitations = app.store.invitations().list(whose, None, lyceum_store::MAX_PAGE).await?;
    Ok(axum::Json(invitations.into_iter().map(InvitationView::from).collect()))
}

pub async fn create(
    State(app): State<App>,
    Me(me): Me,
    caller: Caller,
    Json(new): Json<NewInvitationView>,
) -> Answer<Response> {
    const MOST_USES: u32 = 1_000;
    const MOST_DAYS: u32 = 365;
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    if me.role != Role::Operator && new.role != Role::Learner {
        return Err(AppError::forbidden().hint("instructors invite learners; operators invite everybody"));
    }
    if let Some(cohort) = &new.cohort {
        followed(&app, &me, cohort).await?;
    }
    let (uses, days) = (new.uses.unwrap_or(1), new.days.unwrap_or(14));
    if !(1..=MOST_USES).contains(&uses) || !(1..=MOST_DAYS).contains(&days) {
        let message = format!("an invitation is for 1 to {MOST_USES} people and 1 to {MOST_DAYS} days");
        return Err(AppError::invalid("invitation_bounds", message));
    }
    let token = Token::random()?;
    let new = NewInvitation {
        role: new.role,
        cohort: new.cohort,
        uses,
        expires: lyceum_store::now() + i64::from(days) * DAY_MS,
        created_by: me.id.clone(),
    };
    let invitation = app.store.invitations().create(&token.hash(), new).await?;
    let detail = json!({ "role": invitation.role, "cohort": invitation.cohort, "uses": uses, "days": days });
    app.note(Some(&me), "invitation.create", Some(&invitation.id), detail, &caller).await?;
    let made = MadeInvitation { invitation: invitation.into(), link: format!("/join#{}", token.reveal()) };
    Ok((StatusCode::CREATED, axum::Json(made)).into_response())
}

pub async fn revoke(State(app): State<App>, Me(me): Me, caller: Caller, Path(id): Path<String>) -> Answer<StatusCode> {
    let invitation = app.store.invitations().by_id(&id).await?;
    let is_own = |invitation: &Invitation| invitation.created_by.as_ref() == Some(&me.id);
    if !invitation.is_some_and(|invitation| me.role == Role::Operator || is_own(&invitation)) {
        return Err(AppError::not_found("invitation"));
    }
    app.store.invitations().revoke(&id).await?;
    app.note(Some(&me), "invitation.revoke", Some(&id), json!({}), &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
