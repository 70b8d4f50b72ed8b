//! Resizing by nearest neighbour and by linear interpolation.

use super::OpDef;

/// The rows of this family.
pub static OPS: &[OpDef] = &[];
