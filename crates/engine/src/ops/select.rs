//! Choosing elements: where, masks, gather and scatter.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
