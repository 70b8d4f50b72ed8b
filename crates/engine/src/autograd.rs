//! Reverse-mode differentiation: a tape of nodes that ops record as they run, walked backwards on demand.
//!
//! - [`mode`]: whether ops record at all.
//! - [`node`]: one recorded op, its edges to the ops before it, and how an op records itself.
//! - [`saved`]: values kept for a derivative, and the check that nobody changed them since.
//! - [`meta`]: what a tensor knows: its gradient, its place in the graph, its hooks.
//! - [`mod@backward`]: the walk.
//! - [`inplace`]: how a change in place rewrites history.
//! - [`observe`]: tells a listener of each scalar `backward()` and optimiser step.
//!
//! **Invariant:** no node owns, directly or not, a tensor that owns the node; graphs are freed by counting alone.
//! **Invariant:** neither walking nor freeing a graph recurses, whatever its depth.

pub mod backward;
pub mod inplace;
pub mod meta;
pub mod mode;
pub mod node;
pub mod observe;
pub mod saved;

pub use backward::{GradOptions, backward, grad};
pub use meta::HookId;
pub use mode::{GradMode, grad_enabled, no_grad};
pub use node::{BackwardCx, Grads, Node, record, record_many};
pub use saved::Saved;
