//! Joining and cutting tensors: cat, stack, split, chunk, roll, flip, repeat, pad.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
