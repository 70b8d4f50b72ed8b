//! Tensors from nothing: filled, ranges, identity matrices.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
