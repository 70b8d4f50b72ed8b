//! Accounts, as operators manage them.

use axum::{extract::State, http::StatusCode};
use lyceum_store::Role;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    app::{App, entry},
    error::{Answer, AppError},
    extract::{Caller, Json, Me, Path, Query},
    schema::{self, AccountView},
};

/// Which page of the list.
#[derive(Deserialize)]
pub struct Page {
    after: Option<String>,
    role: Option<Role>,
}

/// What is to be different; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
pub struct ChangeUser {
    #[schema(value_type = Option<schema::Role>)]
    role: Option<Role>,
    /// Whether the account cannot sign in.
    disabled: Option<bool>,
}

pub async fn list(State(app): State<App>, Query(page): Query<Page>) -> Answer<axum::Json<Vec<AccountView>>> {
    let accounts = app.store.accounts().list(page.role, page.after.as_deref(), lyceum_store::MAX_PAGE).await?;
    Ok(axum::Json(accounts.into_iter().map(AccountView::from).collect()))
}

pub async fn change(
    State(app): State<App>,
    Me(me): Me,
    caller: Caller,
    Path(id): Path<String>,
    Json(change): Json<ChangeUser>,
) -> Answer<axum::Json<AccountView>> {
    let accounts = app.store.accounts();
    let before = accounts.by_id(&id).await?.ok_or_else(|| AppError::not_found("account"))?;
    if let Some(role) = change.role.filter(|role| *role != before.role) {
        accounts.set_role(&id, role).await?;
        let detail = json!({ "from": before.role, "to": role });
        app.note(Some(&me), "account.role", Some(&id), detail, &caller).await?;
    }
    if let Some(disabled) = change.disabled.filter(|disabled| *disabled != before.disabled.is_some()) {
        accounts.set_disabled(&id, disabled).await?;
        let action = if disabled { "account.disable" } else { "account.enable" };
        app.note(Some(&me), action, Some(&id), json!({}), &caller).await?;
    }
    let account = accounts.by_id(&id).await?.ok_or_else(|| AppError::not_found("account"))?;
    Ok(axum::Json(account.into()))
}

pub async fn remove(State(app): State<App>, Me(me): Me, caller: Caller, Path(id): Path<String>) -> Answer<StatusCode> {
    let account = app.store.accounts().by_id(&id).await?.ok_or_else(|| AppError::not_found("account"))?;
    let detail = json!({ "role": account.role });
    let entry = entry(Some(&me), "account.delete", Some(&id), detail, &caller);
    app.store.accounts().delete(&id, entry).await?;
    Ok(StatusCode::NO_CONTENT)
}
