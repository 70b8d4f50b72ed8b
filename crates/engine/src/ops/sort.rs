//! Sorting and order: sort, topk, unique and the like.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
