//! What can be asked of the server, a file for each thing. The table in `router.rs` says which function answers what.

pub mod account;
pub mod answers;
pub mod audit;
pub mod cohorts;
pub mod completions;
pub mod courses;
pub mod description;
pub mod drafts;
pub mod events;
pub mod invitations;
pub mod join;
pub mod learners;
pub mod monitoring;
pub mod problems;
pub mod reports;
pub mod session;
pub mod setup;
pub mod status;
pub mod submissions;
pub mod units;
pub mod users;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

/// Gives JSON that is asked for again and again: with a tag, and without itself where the tag is known.
fn tagged(json: Vec<u8>, headers: &HeaderMap) -> Response {
    let tag: String = hex::encode(&Sha256::digest(&json)[..8]);
    with_tag(json.into(), &format!("\"{tag}\""), headers)
}

fn with_tag(json: Bytes, tag: &str, headers: &HeaderMap) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_known = known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag);
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
    };
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(tag).ok().map(|tag| (header::ETAG, tag)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}
