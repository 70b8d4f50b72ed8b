//! The arithmetic of the engine on plain slices.
//!
//! A kernel takes slices, sizes and strides, and writes into slices that its caller made. It knows no tensor, no
//! graph and no error: its caller has checked the shapes, and a kernel's own `assert!`s only guard the memory that it
//! touches. Every file opens with its formula and holds, in its tests, a plain reference version to compare with.
//!
//! **Invariant:** a result does not depend on the number of threads. Work is cut by size alone, each piece writes a
//! place of its own, and sums over pieces are taken in a fixed order.

pub mod adaptive_pool;
pub mod attention;
pub mod avg_pool;
pub mod batch_norm;
pub mod conv;
pub mod cross_entropy;
pub mod ctc;
pub mod elementary;
pub mod embedding;
pub mod group_norm;
pub mod im2col;
pub mod interpolate;
pub mod layer_norm;
pub mod matmul;
pub mod max_pool;
pub mod parallel;
pub mod real;
pub mod recurrent;
pub mod reduce;
pub mod softmax;

pub use real::Real;
