//! Lyceum's deep-learning engine: tensors, autograd, the mathematics of layers, random numbers, and optimisers, with
//! PyTorch's semantics. No Python, no async, no network.
//!
//! How to read it: [`tensor`] (a strided view of a [`storage`]), [`autograd`] (the tape), [`ops`] (the table of
//! everything that can be called, a family a file), [`kernels`] (the loops), [`random`] (torch's numbers),
//! [`io`] (files of tensors).

pub mod autograd;
pub mod dtype;
pub mod element;
pub mod elementwise;
pub mod error;
pub mod io;
pub mod kernels;
pub mod memory;
pub mod ops;
pub mod random;
pub mod shape;
pub mod special;
pub mod storage;
pub mod tensor;

pub use dtype::{DType, Scalar};
pub use error::{Error, ErrorKind, Result};
pub use tensor::Tensor;

// What `for_dtype!` names in the crates that use it.
#[doc(hidden)]
pub use half;
