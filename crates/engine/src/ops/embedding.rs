//! Look-up tables: embedding and one-hot.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
