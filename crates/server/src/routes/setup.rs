//! The first account, made by the link that the server printed when it started without any.

use std::sync::PoisonError;

use axum::{extract::State, http::StatusCode, response::Response};
use lyceum_store::TokenHash;

use super::{
    join::NewPerson,
    session::{begin, note_arrival},
};
use crate::{
    app::App,
    error::{Answer, AppError},
    extract::{Caller, Json},
};

pub async fn set_up(State(app): State<App>, caller: Caller, Json(person): Json<NewPerson>) -> Answer<Response> {
    let expected = app.setup.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if expected != Some(TokenHash::of(&person.token)) {
        let error = AppError::new(StatusCode::GONE, "setup_over", "this link is not good, or not any more");
        return Err(error.hint("while there is no account, the server prints a new link each time it starts"));
    }
    let account = app.store.accounts().create_owner(person.checked(&app).await?).await?;
    *app.setup.lock().unwrap_or_else(PoisonError::into_inner) = None;
    note_arrival(&app, &account, "setup", &caller).await?;
    begin(&app, account).await
}
