//! Indexing with numbers, slices, masks and index tensors, for reading and for assignment.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
