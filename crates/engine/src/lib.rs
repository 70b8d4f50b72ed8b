//! Tensors.
pub mod random;
pub mod special;
