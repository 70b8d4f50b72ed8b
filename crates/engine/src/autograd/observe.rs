//! Tells a listener what a training loop does, without a line of code in it; and lets a tracer see every recorded op
//! and every pass back through them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::node::Node;
use crate::tensor::Tensor;

/// Something that a training loop did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Observation<'a> {
    /// `backward()` was called on a scalar of this value: nearly always the loss.
    Backward {
        /// The value.
        value: f64,
    },
    /// That pass has reached the leaves.
    Gradients {
        /// The norm of what it added to their gradients, taken over all of them together.
        norm: f64,
    },
    /// An optimiser changed its parameters.
    Step {
        /// The optimiser's class, such as `SGD`.
        optimizer: &'a str,
        /// The learning rate of its first group.
        learning_rate: f64,
    },
}

type Listener = Box<dyn Fn(Observation<'_>)>;

thread_local! {
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Installs the listener of this thread, or removes it.
pub fn set_listener(listener: Option<Listener>) {
    LISTENER.with_borrow_mut(|slot| *slot = listener);
}

/// Tells the listener, if there is one. A listener must not call back into the engine's `backward`.
pub fn notify(observation: Observation<'_>) {
    LISTENER.with_borrow(|slot| {
        if let Some(listener) = slot {
            listener(observation);
        }
    });
}

/// Tells whether anybody listens, so that a value need not be computed for nobody.
pub fn is_observed() -> bool {
    LISTENER.with_borrow(Option::is_some)
}

/// Sees what is recorded and what flows back, op by op.
///
/// Whatever it is told it may look at and keep; it must not call back into the engine's `backward`.
pub trait Tracer {
    /// An op was recorded. A leaf among the inputs has no node of its own yet; [`leaf_address`] tells where its gradient
    /// will arrive.
    fn recorded(&self, node: &Arc<Node>, inputs: &[&Tensor], outputs: &[Tensor]);

    /// The gradients of a node's outputs have arrived, and its derivative took so long.
    fn ran(&self, node: &Arc<Node>, gradients: &[Option<Tensor>], elapsed: Duration);

    /// A pass from these nodes back to the leaves is over.
    fn passed(&self, roots: &[Arc<Node>]);
}

thread_local! {
    static TRACER: RefCell<Option<Rc<dyn Tracer>>> = const { RefCell::new(None) };
    static IS_TRACED: Cell<bool> = const { Cell::new(false) };
    static STALE: Cell<bool> = const { Cell::new(false) };
}

/// Installs the tracer of this thread, or removes it.
pub fn set_tracer(tracer: Option<Rc<dyn Tracer>>) {
    IS_TRACED.set(tracer.is_some());
    TRACER.with_borrow_mut(|slot| *slot = tracer);
}

/// Returns the tracer of this thread; asking costs next to nothing where there is none.
pub(crate) fn tracer() -> Option<Rc<dyn Tracer>> {
    if IS_TRACED.get() { TRACER.with_borrow(Clone::clone) } else { None }
}

/// Returns what [`Node::address`] gives for the node that adds to a leaf's gradient; `None` for what is no leaf that
/// wants one.
pub fn leaf_address(tensor: &Tensor) -> Option<usize> {
    if !tensor.requires_grad() || tensor.grad_fn().is_some() {
        return None;
    }
    tensor.gradient_edge().map(|edge| edge.node.address())
}

/// Notes that a gradient was added to one that had served for a step already.
pub(crate) fn note_stale_gradient() {
    STALE.set(true);
}

/// Tells whether a gradient was added to one that had served for a step, since the last time this was asked: the
/// leaf has changed in between, and nobody cleared its gradient.
pub fn take_stale_gradient() -> bool {
    STALE.replace(false)
}
