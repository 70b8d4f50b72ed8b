//! Pages: nothing is asked of the database without a limit.

/// The most rows that one call gives, whatever was asked for.
pub const MAX_PAGE: u32 = 500;

/// Greater than every id and every folded name: where a listing starts that goes backwards. The character is the last
/// that an id may have, more often than an id is long.
pub(crate) const AFTER_ALL: &str = "zzzzzzzzzzzzzzzzzzzzzzzzzzz";

/// Returns a limit as it is bound.
pub(crate) fn limit(wanted: u32) -> i64 {
    i64::from(wanted.min(MAX_PAGE))
}
