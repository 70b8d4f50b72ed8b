//! What a text may hold before it is bound to a statement: not too much, and no NUL, which PostgreSQL cannot keep.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// The most that a program may have.
pub const MAX_CODE_BYTES: usize = 1 << 20;
/// The most that one piece of JSON may have, other than frames of events.
pub const MAX_JSON_BYTES: usize = 4 << 20;
/// The most that one frame of a run's events may have.
pub const MAX_FRAME_BYTES: usize = 8 << 20;
/// The most that an id of a course, unit, question, check or lab version may have, or the name of an action.
pub(crate) const MAX_KEY_BYTES: usize = 200;

/// Checks a program.
pub(crate) fn code(text: &str) -> Result<&str> {
    checked("a program", text, MAX_CODE_BYTES)
}

/// Checks the id of something that a course names.
pub(crate) fn key<'a>(what: &'static str, text: &'a str) -> Result<&'a str> {
    checked(what, text, MAX_KEY_BYTES)
}

/// Checks JSON that comes as text.
pub(crate) fn json<'a>(what: &'static str, text: &'a str) -> Result<&'a str> {
    checked(what, text, MAX_JSON_BYTES)
}

/// Writes a value as JSON.
pub(crate) fn to_json(what: &'static str, value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(value).map_err(|source| Error::Json { what, source })?;
    json(what, &text)?;
    Ok(text)
}

/// Reads JSON of a column.
pub(crate) fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|source| Error::Json { what, source })
}

pub(crate) fn checked<'a>(what: &'static str, text: &'a str, limit: usize) -> Result<&'a str> {
    if text.len() > limit {
        return Err(Error::TooLarge { what, bytes: text.len(), limit });
    }
    if text.contains('\0') {
        return Err(Error::Nul { what });
    }
    Ok(text)
}
