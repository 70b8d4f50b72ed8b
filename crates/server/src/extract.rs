//! What handlers take: axum's extractors, with our error where they refuse.

use axum::{
    extract::{FromRequest, FromRequestParts},
    http::request::Parts,
};
use lyceum_store::Account;

use crate::{app::App, error::AppError};

/// A body of JSON.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(AppError))]
pub struct Json<T>(pub T);

/// The parts of the path that are named in the table.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(AppError))]
pub struct Path<T>(pub T);

/// The query.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(AppError))]
pub struct Query<T>(pub T);

/// The account that makes the request. The guard found it before the handler was called.
#[derive(Clone, Debug)]
pub struct Me(pub Account);

impl FromRequestParts<App> for Me {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, AppError> {
        parts.extensions.get::<Me>().cloned().ok_or_else(AppError::signed_out)
    }
}

/// The account that makes the request, where there may be none.
#[derive(Clone, Debug)]
pub struct MaybeMe(pub Option<Account>);

impl FromRequestParts<App> for MaybeMe {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, AppError> {
        Ok(Self(parts.extensions.get::<Me>().map(|me| me.0.clone())))
    }
}

/// Who asks, for the throttle and the record: the client's address and the request's id.
#[derive(Clone, Debug)]
pub struct Caller {
    pub address: String,
    pub request_id: String,
}

impl FromRequestParts<App> for Caller {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, AppError> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| AppError::internal("a request without a caller"))
    }
}
