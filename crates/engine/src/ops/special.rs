//! Special functions: erf, lgamma and the like.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
