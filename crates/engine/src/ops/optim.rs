//! Steps of optimisers, over all parameters at once.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
