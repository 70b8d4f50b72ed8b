//! Comparison, logic on bools, and bitwise ops.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
