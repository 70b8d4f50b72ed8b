//! Random numbers: the same seed gives the same numbers as PyTorch 2.15 on an x86-64 CPU.
//!
//! Three layers, all plain slices and numbers:
//! - [`MersenneTwister`] (MT19937) makes 32-bit words; [`Generator`] adds what torch keeps beside it: the
//!   seed and the spare normal variate of the Box-Muller transform. Its state is exchangeable with
//!   `torch.get_rng_state()`, byte for byte.
//! - the distributions turn words into values exactly as torch's CPU kernels do: how many words a value takes,
//!   which bits of them, and the order of the floating-point operations, with fused multiply-adds where
//!   torch's compiled kernels have them.
//! - `ops/random.rs` (elsewhere) gives them shapes, dtypes and names.
//!
//! **Invariant:** everything here is sequential, so results do not depend on the number of threads.
//!
//! **Invariant:** a slice is the tensor's elements in the order of their addresses. That is the order in which
//! torch fills a view, whatever its strides; a non-contiguous tensor also takes [`normal_serial`] instead of
//! [`normal()`], however long it is.
//!
//! Arguments are checked by the caller (the op), except where a function returns a [`RandomError`].

mod bernoulli;
mod continuous;
mod element;
mod generator;
mod integers;
mod mersenne;
mod multinomial;
mod normal;
mod poisson;
#[cfg(test)]
mod torch_vectors;
mod uniform;

pub use bernoulli::{bernoulli, bernoulli_each};
pub use continuous::{cauchy, exponential, geometric, log_normal};
pub use element::{Draw, Real};
pub use generator::{DEFAULT_SEED, Generator, STATE_BYTES, SharedGenerator, default_generator, manual_seed};
pub use integers::{random, random_between, random_full_range, random_in_range, randperm};
pub use mersenne::MersenneTwister;
pub use multinomial::{check_weights, multinomial_race, multinomial_with_replacement};
pub use normal::{VECTOR_LENGTH, normal, normal_serial};
pub use poisson::poisson;
pub use uniform::uniform;

/// What a distribution or a generator refuses.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RandomError {
    /// A saved generator state has the wrong length.
    #[error("expected a generator state of {STATE_BYTES} bytes, but got {got}")]
    StateLength {
        /// The length given.
        got: usize,
    },
    /// A saved generator state has the right length, but its counters cannot be.
    #[error("invalid mt19937 state")]
    InvalidState,
    /// A probability outside `[0, 1]`, or not a number.
    #[error("expected a probability in [0, 1], but got {got}")]
    Probability {
        /// The value given.
        got: f64,
    },
    /// A weight of `multinomial` is infinite, not a number, or negative.
    #[error("probability tensor contains either `inf`, `nan` or element < 0")]
    Weight,
    /// The weights of `multinomial` do not sum to a positive number.
    #[error("invalid multinomial distribution (sum of probabilities <= 0)")]
    NoWeight,
    /// A Poisson rate is negative.
    #[error("invalid Poisson rate, expected rate to be non-negative")]
    Rate,
}
