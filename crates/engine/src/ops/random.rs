//! Random tensors and dropout.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
