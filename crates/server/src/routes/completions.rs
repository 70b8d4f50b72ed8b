//! The names that an editor offers.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::with_tag;
use crate::{
    app::App,
    error::{Answer, AppError},
};

pub async fn list(State(app): State<App>, headers: HeaderMap) -> Answer<Response> {
    let (names, tag) = app.completions.names().await.map_err(|error| {
        tracing::error!(%error, "the names for the editor could not be listed");
        AppError::new(StatusCode::SERVICE_UNAVAILABLE, "no_names", "the names cannot be listed just now")
    })?;
    Ok(with_tag(names, &tag, &headers))
}
