//! What a monitor asks: whether the server runs, whether it can do its work, and what it counted.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    error::{Answer, AppError},
};

pub async fn health() -> &'static str {
    "ok\n"
}

pub async fn ready(State(app): State<App>) -> Answer<&'static str> {
    if *app.closing.borrow() {
        return Err(AppError::new(StatusCode::SERVICE_UNAVAILABLE, "closing", "the server is being stopped"));
    }
    if let Err(error) = app.store.ping().await {
        tracing::error!(%error, "the database gives no sign of life");
        return Err(AppError::new(StatusCode::SERVICE_UNAVAILABLE, "no_database", "the database does not answer"));
    }
    Ok("ready\n")
}

pub async fn metrics(State(app): State<App>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], app.metrics.text()).into_response()
}
