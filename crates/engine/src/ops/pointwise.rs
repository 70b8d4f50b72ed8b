//! Functions of each element: powers, exponentials, trigonometry, rounding, clamping.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
