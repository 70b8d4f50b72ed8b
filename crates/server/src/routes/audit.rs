//! Who did what.

use axum::extract::State;
use lyceum_store::{AuditEntry, AuditFilter, Millis};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{app::App, error::Answer, extract::Query};

/// Something that somebody did.
#[derive(Serialize, ToSchema)]
pub struct AuditLine {
    id: String,
    /// Unix milliseconds.
    at: Millis,
    /// The account that did it.
    #[schema(required, nullable)]
    actor: Option<String>,
    /// How it is called now.
    #[schema(required, nullable)]
    actor_name: Option<String>,
    /// What was done, as in `account.create`.
    action: String,
    /// What it was done to.
    #[schema(required, nullable)]
    subject: Option<String>,
    #[schema(required, nullable)]
    subject_name: Option<String>,
    #[schema(value_type = Object)]
    detail: Value,
    /// The request, as the log names it.
    #[schema(required, nullable)]
    request: Option<String>,
}

/// Which page, and which lines.
#[derive(Deserialize)]
pub struct Page {
    before: Option<String>,
    actor: Option<String>,
    subject: Option<String>,
}

pub async fn list(State(app): State<App>, Query(page): Query<Page>) -> Answer<axum::Json<Vec<AuditLine>>> {
    let filter = match (&page.actor, &page.subject) {
        (Some(actor), _) => AuditFilter::Actor(actor),
        (None, Some(subject)) => AuditFilter::Subject(subject),
        (None, None) => AuditFilter::All,
    };
    let entries = app.store.audit().page(filter, page.before.as_deref(), 100).await?;
    let line = |entry: AuditEntry| {
        let AuditEntry { id, at, actor, actor_name, action, subject, subject_name, detail, request } = entry;
        AuditLine { id, at, actor, actor_name, action, subject, subject_name, detail, request }
    };
    Ok(axum::Json(entries.into_iter().map(line).collect()))
}
