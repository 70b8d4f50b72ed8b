//! Tensors.

pub mod kernels;
pub mod random;
pub mod special;
