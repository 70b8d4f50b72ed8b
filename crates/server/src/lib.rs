//! The only crate that knows HTTP: accounts, courses, runs and their events, and the page.
//!
//! - [`config`]: how a server is to be run; [`server`]: its life, from the start to the end; `app`: what handlers reach
//! - `router`: the table of routes, from which the router, the API's description (`openapi`, `schema`) and the test of
//!   who may do what are made
//! - `routes`: a file for each thing that can be asked for
//! - `connections`: how many there may be, and how they end
//! - `guard`: what stands before every handler; `session`, `secrets`, `throttle`: sessions, passwords, and how often
//!   something may be tried; `extract`, `error`: what handlers take, and how they fail
//! - `jobs`: programs that wait and run; `library`: the courses, ready to be sent; `page`: the page's files
//! - `metrics`, [`logs`]: what an operator sees
//!
//! **Invariant:** a route that is not in the table does not exist, and none is reached without its row's access.
//! **Invariant:** what belongs to a learner is found by the account of the session, never by an id in the request;
//! where a request names something, whether it may be seen is asked first, and what may not is not there.
//! **Invariant:** no program of a learner runs in this process.

mod app;
pub mod config;
mod connections;
mod error;
mod extract;
mod guard;
mod jobs;
mod library;
pub mod logs;
mod metrics;
mod openapi;
mod page;
mod router;
mod routes;
mod schema;
mod secrets;
pub mod server;
mod session;
mod throttle;

pub use config::Config;
pub use server::{Server, ServerError};

/// Returns what is kept of a password, for accounts that are managed on the command line.
///
/// # Errors
/// When it is too short or too long; the text says so.
pub fn hash_password(password: &str) -> Result<String, String> {
    secrets::check_password(password).map_err(|error| error.message)?;
    Ok(secrets::hash_password(password))
}

/// Returns the rows of the table of routes: method, path, and who is admitted.
#[doc(hidden)]
pub fn routes() -> Vec<(&'static str, &'static str, &'static str)> {
    let method = |route: &router::Route| match route.method {
        axum::http::Method::POST => "POST",
        axum::http::Method::PUT => "PUT",
        axum::http::Method::PATCH => "PATCH",
        axum::http::Method::DELETE => "DELETE",
        _ => "GET",
    };
    router::table().iter().map(|route| (method(route), route.path, route.access.word())).collect()
}

/// Returns the description of the API, as OpenAPI.
pub fn description() -> String {
    openapi::document(&router::table())
}
