//! Hints: what the user can do about an error, in a line of its own.

use std::fmt;

use anyhow::Error;

/// An error with a hint.
#[derive(Debug)]
struct Hinted {
    message: String,
    hint: String,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Hinted {}

/// Makes an error with a hint.
pub fn error(message: impl Into<String>, hint: impl Into<String>) -> Error {
    Hinted { message: message.into(), hint: hint.into() }.into()
}

/// Returns the hint of an error, if there is one.
pub fn of(error: &Error) -> Option<String> {
    error.chain().find_map(|cause| {
        if let Some(hinted) = cause.downcast_ref::<Hinted>() {
            return Some(hinted.hint.clone());
        }
        cause.downcast_ref::<lyceum_data::Error>().and_then(lyceum_data::Error::hint)
    })
}
