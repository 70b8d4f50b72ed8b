//! The page: its files as they were built into the binary, or from a folder while it is being developed.
//!
//! Whatever is no file of the page and no part of the API is the page itself, which looks at the address.

use std::path::{Component, Path};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use crate::{app::App, error::AppError};

/// A file of the page.
struct Asset {
    path: &'static str,
    tag: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// In the order of their paths.
const ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// What is served where the page was not built.
const MISSING: &str = include_str!("page/missing.html");

/// Returns whether the page is part of this binary.
pub fn is_built_in() -> bool {
    !ASSETS.is_empty()
}

/// Serves the page. Everything that no other route takes comes here.
pub async fn serve(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Result<Response, AppError> {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Err(AppError::not_found("route"));
    }
    if method != Method::GET && method != Method::HEAD {
        return Err(AppError::new(StatusCode::METHOD_NOT_ALLOWED, "not_allowed", "the page can only be read"));
    }
    if let Some(folder) = &app.config.web {
        return from_folder(folder, path).await;
    }
    let find = |path: &str| ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok().map(|at| &ASSETS[at]);
    if let Some(asset) = find(path) {
        return Ok(from_binary(asset, &headers));
    }
    if is_file_name(path) {
        return Err(AppError::not_found("file"));
    }
    match find("index.html") {
        Some(index) => Ok(from_binary(index, &headers)),
        None => Ok((
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")],
            MISSING,
        )
            .into_response()),
    }
}

/// An address of the page has no ending; an address with one means a file.
fn is_file_name(path: &str) -> bool {
    path.starts_with("assets/") || path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

fn from_binary(asset: &'static Asset, headers: &HeaderMap) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| known.split(',').any(|tag| same_tag(tag.trim(), asset.tag))) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let accepts = |name: &str| {
            let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
            accepted.split(',').any(|part| {
                let (coding, weight) = part.trim().split_once(';').unwrap_or((part.trim(), ""));
                coding.eq_ignore_ascii_case(name) && !matches!(weight.trim(), "q=0" | "q=0.0")
            })
        };
        let (bytes, encoding) = match (asset.brotli, asset.gzip) {
            (Some(bytes), _) if accepts("br") => (bytes, Some("br")),
            (_, Some(bytes)) if accepts("gzip") => (bytes, Some("gzip")),
            _ => (asset.plain, None),
        };
        let mut response = Response::new(Body::from(bytes));
        if let Some(encoding) = encoding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind_of(asset.path)));
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_static(asset.tag));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keeping(asset.path)));
    response
}

/// A weak tag is as good as a strong one: proxies that compress make one of the other.
fn same_tag(given: &str, tag: &str) -> bool {
    given == "*" || given.strip_prefix("W/").unwrap_or(given) == tag
}

/// Files whose names change with what is in them are kept for good; the others are asked about each time.
fn keeping(path: &str) -> &'static str {
    if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

async fn from_folder(folder: &Path, path: &str) -> Result<Response, AppError> {
    let is_plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let wanted = if path.is_empty() || !is_file_name(path) { "index.html" } else { path };
    if !is_plain {
        return Err(AppError::not_found("file"));
    }
    let file = folder.join(wanted);
    let read = tokio::task::spawn_blocking(move || std::fs::read(file)).await.map_err(AppError::internal)?;
    let bytes = read.map_err(|_| AppError::not_found("file"))?;
    Ok(([(header::CONTENT_TYPE, kind_of(wanted)), (header::CACHE_CONTROL, "no-store")], bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_page_have_no_ending() {
        for path in ["", "courses/a/cnn", "setup", "join"] {
            assert!(!is_file_name(path), "{path}");
        }
        for path in ["favicon.ico", "assets/index-abc", "a/b.js"] {
            assert!(is_file_name(path), "{path}");
        }
    }

    #[test]
    fn tags_are_compared_weakly() {
        assert!(same_tag("\"a\"", "\"a\"") && same_tag("W/\"a\"", "\"a\"") && same_tag("*", "\"a\""));
        assert!(!same_tag("\"b\"", "\"a\""));
    }

    #[test]
    fn files_can_be_found() {
        assert!(ASSETS.is_sorted_by(|a, b| a.path < b.path));
    }
}
