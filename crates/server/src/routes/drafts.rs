//! What a learner is writing, saved as they type.

use axum::{extract::State, http::StatusCode};
use lyceum_store::Saved;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::units::unit_of;
use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Json, Me, Path},
};

/// A state of the program.
#[derive(Deserialize, ToSchema)]
pub struct NewDraft {
    pub code: String,
    /// The revision that it was made from; 0 for the starter.
    pub revision: i64,
}

/// What came of saving.
#[derive(Serialize, ToSchema)]
pub struct SavedDraft {
    pub revision: i64,
}

/// The longest program that is taken, in bytes.
pub const LONGEST: usize = 256 << 10;

/// Refuses a program that is longer than it may be.
pub fn check_code(code: &str) -> Answer<()> {
    if code.len() > LONGEST {
        let message = format!("a program has at most {} KiB", LONGEST >> 10);
        return Err(AppError::new(StatusCode::PAYLOAD_TOO_LARGE, "program_long", message));
    }
    Ok(())
}

pub async fn put(
    State(app): State<App>,
    Me(me): Me,
    Path((course, unit)): Path<(String, String)>,
    Json(NewDraft { code, revision }): Json<NewDraft>,
) -> Answer<axum::Json<SavedDraft>> {
    let (_, found) = unit_of(&app, &course, &unit)?;
    if found.lab.is_none() {
        return Err(AppError::not_found("lab"));
    }
    check_code(&code)?;
    match app.store.drafts().put(&me.id, &course, &unit, &code, revision).await? {
        Saved::Yes(revision) => Ok(axum::Json(SavedDraft { revision })),
        Saved::Conflict(newer) => {
            let error = AppError::new(StatusCode::CONFLICT, "draft_conflict", "a newer draft was saved elsewhere");
            Err(error.beside("draft", json!({ "code": newer.code, "revision": newer.revision })))
        }
    }
}
