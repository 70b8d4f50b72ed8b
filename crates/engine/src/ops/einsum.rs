//! Einstein summation.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
