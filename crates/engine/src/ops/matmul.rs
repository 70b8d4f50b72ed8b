//! Products of matrices and vectors of every rank.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
