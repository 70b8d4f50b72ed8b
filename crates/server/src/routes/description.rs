//! The description of the API.

use axum::{extract::State, http::HeaderMap, response::Response};

use super::tagged;
use crate::app::App;

pub async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    tagged(app.description.clone().into_bytes(), &headers)
}
