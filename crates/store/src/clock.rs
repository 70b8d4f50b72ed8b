//! The time.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970 in UTC.
pub type Millis = i64;

/// Returns the time as everything in the store is stamped with.
pub fn now() -> Millis {
    // A clock before 1970 is wrong by more than the store could make good.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as Millis)
}
