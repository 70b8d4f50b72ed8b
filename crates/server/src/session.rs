//! The session's cookie: how it is written, and how it is found in a request.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use lyceum_store::Token;

use crate::app::App;

/// How long somebody stays signed in.
pub const LASTS: Duration = Duration::from_secs(30 * 24 * 60 * 60);

const NAME: &str = "lyceum_session";
/// Behind TLS the prefix has browsers refuse it from any other host or without TLS.
const NAME_BEHIND_TLS: &str = "__Host-lyceum_session";

/// Returns the token of a request's cookie.
pub fn token_of(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| [NAME, NAME_BEHIND_TLS].contains(name))
        .map(|(_, token)| token)
        .filter(|token| token.len() < 200)
}

/// Writes the cookie of a session.
pub fn cookie(app: &App, token: &Token) -> HeaderValue {
    written(app, token.reveal(), LASTS)
}

/// Writes the cookie that ends a session.
pub fn no_cookie(app: &App) -> HeaderValue {
    written(app, "", Duration::ZERO)
}

fn written(app: &App, value: &str, lasts: Duration) -> HeaderValue {
    let (name, secure) = if app.config.behind_tls { (NAME_BEHIND_TLS, "; Secure") } else { (NAME, "") };
    let text = format!("{name}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", lasts.as_secs());
    HeaderValue::from_str(&text).expect("a token has letters and digits only")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        assert_eq!(token_of(&headers), None);
        headers.append(header::COOKIE, HeaderValue::from_static("theme=dark; xlyceum_session=no"));
        headers.append(header::COOKIE, HeaderValue::from_static("a=b;lyceum_session=abc; c=d"));
        assert_eq!(token_of(&headers), Some("abc"));
    }
}
