//! The one error that a request can end with: a status, a stable code and a sentence.
//!
//! What caused it is logged once, where the answer is written, and is never sent.

use std::{error::Error, time::Duration};

use axum::{
    Json,
    extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Why a request was not done.
#[derive(Debug)]
pub struct AppError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// What few errors have; in a box, because every result has room for an error.
    more: Box<More>,
}

#[derive(Debug, Default)]
struct More {
    hint: Option<String>,
    retry_after: Option<Duration>,
    /// What the answer says beside the error.
    beside: Option<(&'static str, Value)>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What a handler gives.
pub type Answer<T> = Result<T, AppError>;

impl AppError {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), more: Box::default() }
    }

    pub fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}"))
    }

    pub fn signed_out() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "signed_out", "this needs a session")
    }

    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "this account may not do that")
    }

    /// The request came too early or too often; after `wait` it may be made again.
    pub fn too_many(code: &'static str, message: impl Into<String>, wait: Duration) -> Self {
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, code, message);
        error.more.retry_after = Some(wait);
        error
    }

    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let message = "something failed here; the log has the details under the request's id";
        let mut error = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message);
        error.more.source = Some(source.into());
        error
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.more.hint = Some(hint.into());
        self
    }

    pub fn beside(mut self, key: &'static str, value: Value) -> Self {
        self.more.beside = Some((key, value));
        self
    }

    /// Writes the answer. Called by the outermost layer, which knows the request's id.
    pub(crate) fn into_answer(self, request_id: &str) -> Response {
        let More { hint, retry_after, beside, source } = *self.more;
        if let Some(source) = &source {
            tracing::error!(error = %chain(source.as_ref()), code = self.code, "a request failed");
        }
        let mut body = serde_json::json!({
            "error": ErrorBody {
                code: self.code.to_owned(),
                message: self.message,
                hint,
                request_id: request_id.to_owned(),
            }
        });
        if let Some((key, value)) = beside {
            body[key] = value;
        }
        let mut answer = (self.status, Json(body)).into_response();
        if let Some(wait) = retry_after {
            let seconds = (wait.as_secs_f64().ceil() as u64).max(1);
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text += &format!(": {cause}");
        next = cause.source();
    }
    text
}

/// An error on its way to the outermost layer.
#[derive(Clone)]
pub(crate) struct Pending(pub(crate) std::sync::Arc<std::sync::Mutex<Option<AppError>>>);

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Pending(std::sync::Arc::new(std::sync::Mutex::new(Some(self)))));
        response
    }
}

/// What is said of an error.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What went wrong, as a word that stays the same: the page translates it.
    pub code: String,
    /// What went wrong, as an English sentence.
    pub message: String,
    /// What can be done about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The request, as the log names it.
    pub request_id: String,
}

/// The body of every answer that is an error.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error)]
pub struct ErrorAnswer {
    /// What went wrong.
    pub error: ErrorBody,
}

impl From<JsonRejection> for AppError {
    fn from(rejection: JsonRejection) -> Self {
        let (status, message) = (rejection.status(), rejection.body_text());
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Self::new(status, "not_json", "expected a body with Content-Type: application/json")
            }
            _ => Self::new(status, "malformed", message),
        }
    }
}

impl From<BytesRejection> for AppError {
    fn from(rejection: BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            status => Self::new(status, "malformed", rejection.body_text()),
        }
    }
}

fn too_large() -> AppError {
    AppError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the request's body is larger than it may be")
}

impl From<PathRejection> for AppError {
    fn from(_: PathRejection) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is no such thing")
    }
}

impl From<QueryRejection> for AppError {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", rejection.body_text())
    }
}

impl From<lyceum_store::Error> for AppError {
    fn from(error: lyceum_store::Error) -> Self {
        use lyceum_store::{Error, InvitationProblem, NameProblem};
        let message = error.to_string();
        match error {
            Error::NotFound { what } => Self::not_found(what),
            Error::Name(NameProblem::Empty) => Self::invalid("name_empty", message),
            Error::Name(NameProblem::TooLong { .. }) => Self::invalid("name_long", message),
            Error::Name(NameProblem::Character { .. }) => Self::invalid("name_character", message),
            Error::NameTaken => Self::new(StatusCode::CONFLICT, "name_taken", message),
            Error::OwnerExists => Self::new(StatusCode::CONFLICT, "owner_exists", message),
            Error::LastOperator => Self::new(StatusCode::CONFLICT, "last_operator", message),
            Error::Invitation(problem) => {
                let code = match problem {
                    InvitationProblem::Unknown => "invitation_unknown",
                    InvitationProblem::Expired => "invitation_expired",
                    InvitationProblem::UsedUp => "invitation_used_up",
                    InvitationProblem::Revoked => "invitation_revoked",
                };
                Self::new(StatusCode::GONE, code, message)
            }
            Error::TooLarge { .. } => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message),
            Error::Nul { .. } => Self::invalid("null_character", message),
            error => Self::internal(error),
        }
    }
}
