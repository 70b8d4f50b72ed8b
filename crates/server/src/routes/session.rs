//! Signing in and out, and who is signed in.

use std::time::Instant;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use lyceum_store::{Account, Token, TokenHash, fold};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Caller, Json, MaybeMe},
    schema::AccountView,
    session::{LASTS, cookie, no_cookie, token_of},
};

/// Who is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    #[schema(required, nullable)]
    pub account: Option<AccountView>,
    /// Whether there is no account at all yet.
    pub setup_needed: bool,
    pub version: &'static str,
}

/// A name and a password.
#[derive(Deserialize, ToSchema)]
pub struct LogIn {
    pub name: String,
    pub password: String,
}

impl SessionView {
    pub fn of(account: Account) -> Self {
        Self { account: Some(account.into()), setup_needed: false, version: env!("CARGO_PKG_VERSION") }
    }
}

pub async fn show(State(app): State<App>, MaybeMe(me): MaybeMe) -> Answer<axum::Json<SessionView>> {
    let view = match me {
        Some(account) => SessionView::of(account),
        None => {
            let setup_needed = !app.store.accounts().any().await?;
            SessionView { account: None, setup_needed, version: env!("CARGO_PKG_VERSION") }
        }
    };
    Ok(axum::Json(view))
}

pub async fn log_in(
    State(app): State<App>,
    caller: Caller,
    Json(LogIn { name, password }): Json<LogIn>,
) -> Answer<Response> {
    // By name and address together: nobody can lock another person out from elsewhere. How many names an address may
    // try is bounded by the rate of requests and by what hashing takes.
    let key = format!("{} {}", fold(&name), caller.address);
    let now = Instant::now();
    if let Some(wait) = app.failed_logins.wait(&key, now) {
        return Err(AppError::too_many("too_many_attempts", "too many attempts to sign in failed", wait));
    }
    let account = app.store.accounts().by_name(&name).await?;
    let kept = match &account {
        Some(account) => app.store.accounts().password_hash(&account.id).await?,
        None => None,
    };
    let is_right = app.is_password(password, kept).await?;
    let Some(account) = account.filter(|account| is_right && account.disabled.is_none()) else {
        app.failed_logins.failed(&key, now);
        app.metrics.failed_logins.inc();
        tracing::warn!(address = caller.address, "a login failed");
        return Err(AppError::new(StatusCode::UNAUTHORIZED, "wrong_password", "the name or the password is wrong"));
    };
    app.failed_logins.succeeded(&key);
    begin(&app, account).await
}

/// Begins a session of an account, and answers with it.
pub async fn begin(app: &App, account: Account) -> Answer<Response> {
    let token = Token::random()?;
    let expires = lyceum_store::now() + i64::try_from(LASTS.as_millis()).unwrap_or(i64::MAX);
    app.store.sessions().create(&token.hash(), &account.id, expires).await?;
    Ok(([(header::SET_COOKIE, cookie(app, &token))], axum::Json(SessionView::of(account))).into_response())
}

pub async fn log_out(State(app): State<App>, headers: HeaderMap) -> Answer<Response> {
    if let Some(token) = token_of(&headers) {
        app.store.sessions().delete(&TokenHash::of(token)).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, no_cookie(&app))]).into_response())
}

/// Notes who came, and how.
pub async fn note_arrival(app: &App, account: &Account, by: &str, caller: &Caller) -> Answer<()> {
    let detail = json!({ "by": by, "role": account.role });
    app.note(Some(account), "account.create", Some(&account.id), detail, caller).await
}
