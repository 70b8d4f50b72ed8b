//! What stands before every handler.
//!
//! [`observe`] is outermost: it names the request, checks which host it is meant for, writes errors, the log's line, the
//! counts and the headers that every answer has. [`admit`] stands before each route and knows who may use it: it looks
//! at the origin of what changes something, finds the session, compares roles, and counts how often somebody asks.

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use lyceum_store::{Role, TokenHash};
use tracing::Instrument;

use crate::{
    app::App,
    error::{AppError, Pending},
    extract::{Caller, Me},
    secrets,
    session::token_of,
};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Whoever can reach the server.
    Everyone,
    /// A monitor on this machine, or an operator.
    Monitor,
    /// Whoever is signed in.
    Learner,
    /// Instructors and operators.
    Instructor,
    /// Operators.
    Operator,
}

impl Access {
    /// Returns its name.
    pub fn word(self) -> &'static str {
        match self {
            Access::Everyone => "everyone",
            Access::Monitor => "monitor",
            Access::Learner => "learner",
            Access::Instructor => "instructor",
            Access::Operator => "operator",
        }
    }

    /// Says whether somebody with this role may use the route.
    pub fn admits(self, role: Option<Role>) -> bool {
        match self {
            Access::Everyone => true,
            Access::Learner => role.is_some(),
            Access::Instructor => matches!(role, Some(Role::Instructor | Role::Operator)),
            Access::Monitor | Access::Operator => matches!(role, Some(Role::Operator)),
        }
    }
}

/// Scripts, styles and requests come from here and nowhere else, and no page may frame this one. Drawings and the
/// editor bring style sheets of their own; those cannot run anything.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The headers of every answer.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names a request, and says what became of it.
pub async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let request_id: String = hex::encode(secrets::random::<8>());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "page".to_owned());
    let address = address_of(&app, &request);
    request.extensions_mut().insert(Caller { address: address.clone(), request_id: request_id.clone() });
    let span = tracing::info_span!("request", id = %request_id);

    let is_meant = is_meant_for_us(&app, request.headers(), &path);
    let answered = async {
        let mut response = match is_meant {
            true => next.run(request).await,
            false => {
                let message = "the request names a host that this server does not go by";
                let error = AppError::new(StatusCode::MISDIRECTED_REQUEST, "unknown_host", message);
                error.hint("start the server with --host NAME for each name that it is reached by").into_response()
            }
        };
        if let Some(Pending(error)) = response.extensions_mut().remove::<Pending>()
            && let Some(error) = error.lock().ok().and_then(|mut error| error.take())
        {
            response = error.into_answer(&request_id);
        }
        response
    };
    let mut response = answered.instrument(span.clone()).await;

    let status = response.status().as_u16();
    let time = began.elapsed();
    app.metrics.request(method.as_str(), &route, status, time);
    let ms = (time.as_secs_f64() * 1e4).round() / 10.0;
    span.in_scope(|| match route.as_str() {
        "/health" | "/ready" | "/metrics" => tracing::debug!(%method, path, route, status, ms, address, "request"),
        _ => tracing::info!(%method, path, route, status, ms, address, "request"),
    });
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.config.behind_tls {
        let value = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    if path.starts_with("/api/") && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.extend(HeaderValue::from_str(&request_id).ok().map(|id| (REQUEST_ID, id)));
    response
}

/// Returns the address of whoever asks. Behind TLS it is what the proxy says, as long as the proxy is near.
fn address_of(app: &App, request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let is_near = peer.is_some_and(is_near);
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back();
    let last = forwarded.and_then(|value| value.to_str().ok()).and_then(|value| value.rsplit(',').next());
    match last.and_then(|last| last.trim().parse::<IpAddr>().ok()) {
        Some(said) if app.config.behind_tls && is_near => said.to_string(),
        _ => peer.map_or_else(|| "?".to_owned(), |peer| peer.to_string()),
    }
}

fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_near(address.into()),
            None => address.is_loopback() || address.is_unique_local(),
        },
    }
}

/// Says whether the request is for a name that this server goes by. Otherwise a foreign page could make its own name
/// point here and talk to the server as if from the same origin.
fn is_meant_for_us(app: &App, headers: &HeaderMap, path: &str) -> bool {
    if ["/health", "/ready", "/metrics"].contains(&path) {
        return true;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host_name(host);
    let address = name.trim_matches(['[', ']']).parse::<IpAddr>().ok();
    let is_own = name.eq_ignore_ascii_case("localhost") || address.is_some_and(|address| address.is_loopback());
    let is_listened_to = address.is_some_and(|address| address == app.config.listen.ip());
    is_own || is_listened_to || app.config.hosts.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Returns a host without its port.
fn host_name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// A route, as [`admit`] needs to know it.
#[derive(Clone)]
pub struct Gate {
    pub app: App,
    pub access: Access,
}

/// Lets a request through to its route, or not.
pub async fn admit(State(gate): State<Gate>, mut request: Request, next: Next) -> Result<Response, AppError> {
    let Gate { app, access } = gate;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        check_origin(&app, request.headers())?;
    }
    let session = match token_of(request.headers()) {
        Some(token) => app.store.sessions().by_token_hash(&TokenHash::of(token)).await?,
        None => None,
    };
    let account = session.map(|session| session.account);
    let role = account.as_ref().map(|account| account.role);
    let is_monitor = access == Access::Monitor && is_local_monitor(&request);
    if !access.admits(role) && !is_monitor {
        return Err(if role.is_some() { AppError::forbidden() } else { AppError::signed_out() });
    }
    let passes = match &account {
        Some(account) => app.rate_of_accounts.take(&account.id, Instant::now()),
        None => {
            let address = request.extensions().get::<Caller>().map_or("", |caller| caller.address.as_str());
            app.rate_of_addresses.take(address, Instant::now())
        }
    };
    if let Err(wait) = passes {
        let wait = wait.max(Duration::from_secs(1));
        return Err(AppError::too_many("too_many_requests", "too many requests in a short time", wait));
    }
    if let Some(account) = account {
        request.extensions_mut().insert(Me(account));
    }
    Ok(next.run(request).await)
}

/// Says whether a request comes from this machine itself, and not from a proxy on it.
fn is_local_monitor(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let forwarded = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    peer.is_some_and(|peer| peer.is_loopback())
        && !forwarded.iter().any(|name| request.headers().contains_key(*name))
        && !request.headers().contains_key("sec-fetch-site")
}

/// Refuses a change that a page of another origin asks for. Browsers say where a request comes from; what says nothing
/// is no browser of today, and is refused as well.
fn check_origin(app: &App, headers: &HeaderMap) -> Result<(), AppError> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let refused = || {
        let error = AppError::new(StatusCode::FORBIDDEN, "foreign_origin", "the request does not come from this page");
        Err(error.hint("send Origin: with the scheme and host of this server"))
    };
    match (text(header::ORIGIN), text(HeaderName::from_static("sec-fetch-site"))) {
        (_, Some(site)) if site != "same-origin" => refused(),
        (Some(origin), _) => {
            let host = text(header::HOST).unwrap_or_default();
            let schemes: &[&str] = if app.config.behind_tls { &["https://"] } else { &["http://", "https://"] };
            let from = schemes.iter().find_map(|scheme| origin.strip_prefix(scheme));
            match from {
                Some(from) if from.eq_ignore_ascii_case(host) => Ok(()),
                _ => refused(),
            }
        }
        (None, Some(_)) => Ok(()),
        (None, None) => refused(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_loses_its_port() {
        let names = ["localhost:8600", "[::1]:8600", "[::1]", "learn.example.org", "127.0.0.1:1"].map(host_name);
        assert_eq!(names, ["localhost", "[::1]", "[::1]", "learn.example.org", "127.0.0.1"]);
    }

    #[test]
    fn roles_include_those_below() {
        use Access::*;
        let of = |access: Access| {
            [None, Some(Role::Learner), Some(Role::Instructor), Some(Role::Operator)].map(|role| access.admits(role))
        };
        assert_eq!(of(Everyone), [true; 4]);
        assert_eq!(of(Learner), [false, true, true, true]);
        assert_eq!(of(Instructor), [false, false, true, true]);
        assert_eq!(of(Operator), [false, false, false, true]);
        assert_eq!(of(Monitor), [false, false, false, true]);
    }
}
