//! One's own account.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use lyceum_store::{Language, TokenHash};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::session::SessionView;
use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Caller, Json, Me},
    schema, secrets,
    session::token_of,
};

/// What is to be different; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
pub struct Change {
    pub display: Option<String>,
    #[schema(value_type = Option<schema::Language>)]
    pub language: Option<Language>,
    pub password: Option<ChangePassword>,
}

/// The old password, and the new one.
#[derive(Deserialize, ToSchema)]
pub struct ChangePassword {
    pub old: String,
    pub new: String,
}

pub async fn change(
    State(app): State<App>,
    Me(me): Me,
    caller: Caller,
    headers: HeaderMap,
    Json(change): Json<Change>,
) -> Answer<axum::Json<SessionView>> {
    let accounts = app.store.accounts();
    if let Some(ChangePassword { old, new }) = change.password {
        secrets::check_password(&new)?;
        let kept = accounts.password_hash(&me.id).await?;
        if !app.is_password(old, kept).await? {
            return Err(AppError::new(StatusCode::FORBIDDEN, "wrong_password", "the old password is wrong"));
        }
        let hash = app.hash_password(new).await?;
        let session = token_of(&headers).map(TokenHash::of);
        accounts.set_password_hash(&me.id, &hash, session.as_ref()).await?;
        app.note(Some(&me), "account.password", Some(&me.id), json!({}), &caller).await?;
    }
    if change.display.is_some() || change.language.is_some() {
        let display = change.display.unwrap_or(me.display);
        accounts.set_profile(&me.id, &display, change.language.unwrap_or(me.language)).await?;
    }
    let account = accounts.by_id(&me.id).await?.ok_or_else(AppError::signed_out)?;
    Ok(axum::Json(SessionView::of(account)))
}

pub async fn record(State(app): State<App>, Me(me): Me) -> Answer<Response> {
    let record = app.store.export(&me.id).await?;
    // Piece by piece: everything that somebody ever sent may be more than fits the memory.
    let pieces = stream::try_unfold(record, |mut record| async move {
        let piece = record.next().await.inspect_err(|error| tracing::error!(%error, "an export broke off"))?;
        Ok::<_, lyceum_store::Error>(piece.map(|piece| (piece, record)))
    });
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"lyceum-record.json\""),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}
