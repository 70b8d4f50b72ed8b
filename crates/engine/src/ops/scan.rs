//! Running reductions along a dimension: cumulative sums, products and extremes.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
