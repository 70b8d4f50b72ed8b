//! One recorded op: where gradients come in, how they are transformed, and where they go on to.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::mem;
use std::sync::Arc;

use parking_lot::Mutex;
use smallvec::SmallVec;

use super::meta::{Hook, HookId, Meta};
use super::mode::grad_enabled;
use super::{observe, saved};
use crate::dtype::DType;
use crate::error::Result;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The gradients with respect to an op's inputs, in their order; `None` where there is none.
pub type Grads = SmallVec<[Option<Tensor>; 2]>;

/// Maps the gradients of an op's outputs to those of its inputs.
pub type BackwardFn = Arc<dyn Fn(&BackwardCx<'_>) -> Result<Grads> + Send + Sync>;

/// The place where a gradient is to arrive: one output of a node.
#[derive(Clone)]
pub struct Edge {
    pub(crate) node: Arc<Node>,
    pub(crate) slot: usize,
}

/// The shape and dtype that a gradient must have to pass through an output of a node.
#[derive(Clone)]
pub(crate) struct OutputInfo {
    pub(crate) shape: Shape,
    pub(crate) dtype: DType,
}

/// A recorded op. What Python sees as `grad_fn`.
pub struct Node {
    name: &'static str,
    pub(crate) edges: SmallVec<[Option<Edge>; 2]>,
    pub(crate) outputs: SmallVec<[OutputInfo; 1]>,
    pub(crate) sequence: u64,
    pub(crate) role: Role,
    /// True when the derivative keeps values: it can then run only once unless the graph is retained.
    keeps_values: bool,
    backward: Mutex<Option<BackwardFn>>,
    pub(crate) hooks: Mutex<Vec<(HookId, usize, Hook)>>,
    /// What `retain_grad` registered: these see a gradient after all other hooks.
    pub(crate) keepers: Mutex<Vec<(usize, Hook)>>,
}

/// What a node is for.
pub(crate) enum Role {
    /// An op.
    Op,
    /// The end of a path: adds to the gradient of a leaf.
    Accumulate(Arc<Meta>),
}

thread_local! {
    static SEQUENCE: Cell<u64> = const { Cell::new(0) };
}

impl Node {
    /// Returns the name in torch's manner: `MulBackward0`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns a number that no other node has while this one lives.
    pub fn address(self: &Arc<Self>) -> usize {
        Arc::as_ptr(self) as usize
    }

    /// Returns the shapes of the outputs.
    pub fn output_shapes(&self) -> impl Iterator<Item = &[usize]> {
        self.outputs.iter().map(|output| output.shape.as_slice())
    }

    /// Returns the nodes that gradients go on to, with the output each one is for.
    pub fn next_functions(&self) -> impl Iterator<Item = Option<(&Arc<Node>, usize)>> {
        self.edges.iter().map(|edge| edge.as_ref().map(|e| (&e.node, e.slot)))
    }

    /// Makes the node that adds to a leaf's gradient.
    pub(crate) fn accumulate(meta: Arc<Meta>, shape: Shape, dtype: DType) -> Arc<Node> {
        Arc::new(Node {
            name: "AccumulateGrad",
            edges: SmallVec::new(),
            outputs: SmallVec::from_elem(OutputInfo { shape, dtype }, 1),
            sequence: u64::MAX,
            role: Role::Accumulate(meta),
            keeps_values: false,
            backward: Mutex::new(None),
            hooks: Mutex::new(Vec::new()),
            keepers: Mutex::new(Vec::new()),
        })
    }

    /// Makes the node of an op. `keeps_values` tells whether the derivative holds [`saved::Saved`] values.
    pub(crate) fn op(
        name: &'static str,
        edges: SmallVec<[Option<Edge>; 2]>,
        outputs: SmallVec<[OutputInfo; 1]>,
        keeps_values: bool,
        backward: BackwardFn,
    ) -> Arc<Node> {
        let sequence = SEQUENCE.get();
        SEQUENCE.set(sequence + 1);
        Arc::new(Node {
            name,
            edges,
            outputs,
            sequence,
            role: Role::Op,
            keeps_values,
            backward: Mutex::new(Some(backward)),
            hooks: Mutex::new(Vec::new()),
            keepers: Mutex::new(Vec::new()),
        })
    }

    /// Returns the derivative, unless it was released.
    pub(crate) fn backward_fn(&self) -> Option<BackwardFn> {
        self.backward.lock().clone()
    }

    /// Frees the kept values after a backward pass that does not retain the graph.
    pub(crate) fn release(&self) {
        if self.keeps_values {
            let released = self.backward.lock().take();
            defer_drop(released);
        }
    }
}

thread_local! {
    static DROPS: RefCell<Option<Vec<Box<dyn Any>>>> = const { RefCell::new(None) };
}

/// Drops a value that may own a long chain of nodes: the nodes that this frees queue up here instead of recursing.
fn defer_drop<T: 'static>(value: T) {
    let boxed: Box<dyn Any> = Box::new(value);
    let queued = DROPS.try_with(|queue| match queue.try_borrow_mut() {
        Ok(mut queue) => match queue.as_mut() {
            Some(pending) => {
                pending.push(boxed);
                None
            }
            None => {
                *queue = Some(Vec::new());
                Some(boxed)
            }
        },
        Err(_) => Some(boxed),
    });
    let Ok(Some(first)) = queued else { return };
    drop(first);
    while let Some(next) = DROPS.with_borrow_mut(|queue| queue.as_mut().and_then(Vec::pop)) {
        drop(next);
    }
    DROPS.set(None);
}

impl Drop for Node {
    fn drop(&mut self) {
        let edges = mem::take(&mut self.edges);
        let backward = self.backward.get_mut().take();
        if !edges.is_empty() || backward.is_some() {
            defer_drop((edges, backward));
        }
    }
}

/// What a derivative is given when it runs.
pub struct BackwardCx<'a> {
    pub(crate) node: &'a Arc<Node>,
    pub(crate) grads: &'a [Option<Tensor>],
}

impl BackwardCx<'_> {
    /// Returns the gradient with respect to output `slot`, if any arrived.
    pub fn grad_opt(&self, slot: usize) -> Option<&Tensor> {
        self.grads.get(slot).and_then(Option::as_ref)
    }

    /// Returns the gradient with respect to output `slot`; zeros where none arrived.
    pub fn grad_at(&self, slot: usize) -> Result<Tensor> {
        match self.grad_opt(slot) {
            Some(grad) => Ok(grad.clone()),
            None => {
                let info = &self.node.outputs[slot];
                Tensor::zeros(&info.shape, info.dtype)
            }
        }
    }

    /// Returns the gradient with respect to the only output.
    pub fn grad(&self) -> Result<Tensor> {
        self.grad_at(0)
    }

    /// Tells whether input `i` wants a gradient.
    pub fn needs(&self, i: usize) -> bool {
        self.node.edges.get(i).is_some_and(Option::is_some)
    }

    /// Computes the gradient of input `i` if it is wanted.
    pub fn when(&self, i: usize, f: impl FnOnce() -> Result<Tensor>) -> Result<Option<Tensor>> {
        self.needs(i).then(f).transpose()
    }
}

/// Records an op with one output, so that gradients can flow back through it. Returns `out`, unchanged when no input
/// wants a gradient, recording is off, or `out` is not of a float dtype.
///
/// `make` is called only when the op is recorded, and builds the derivative: a function from the output's gradient to
/// the inputs' (in the order of `inputs`). Gradients may be of a shape that the input broadcasts to; they are summed
/// to the input's shape, and cast to its dtype, by the caller.
pub fn record<const N: usize, F>(
    out: Tensor,
    name: &'static str,
    inputs: [&Tensor; N],
    make: impl FnOnce() -> F,
) -> Tensor
where
    F: Fn(&BackwardCx<'_>) -> Result<Grads> + Send + Sync + 'static,
{
    record_slice(std::slice::from_ref(&out), name, &inputs, make);
    out
}

/// Records an op with several outputs or a number of inputs known only at run time, like [`record`]. Outputs that are
/// not of a float dtype are left out, but count as slots.
pub fn record_many<F>(
    outs: Vec<Tensor>,
    name: &'static str,
    inputs: &[&Tensor],
    make: impl FnOnce() -> F,
) -> Vec<Tensor>
where
    F: Fn(&BackwardCx<'_>) -> Result<Grads> + Send + Sync + 'static,
{
    record_slice(&outs, name, inputs, make);
    outs
}

fn record_slice<F>(outs: &[Tensor], name: &'static str, inputs: &[&Tensor], make: impl FnOnce() -> F)
where
    F: Fn(&BackwardCx<'_>) -> Result<Grads> + Send + Sync + 'static,
{
    if !grad_enabled() || !outs.iter().any(|t| t.dtype().is_float()) || !inputs.iter().any(|t| t.requires_grad()) {
        return;
    }
    let edges = inputs.iter().map(|t| t.gradient_edge()).collect();
    let outputs = outs.iter().map(|t| OutputInfo { shape: t.shape().into(), dtype: t.dtype() }).collect();
    let saved_before = saved::count();
    let backward: BackwardFn = Arc::new(make());
    let keeps_values = saved::count() != saved_before;
    let node = Node::op(name, edges, outputs, keeps_values, backward);
    for (slot, out) in outs.iter().enumerate() {
        if out.dtype().is_float() {
            out.set_gradient_edge(Edge { node: node.clone(), slot });
        }
    }
    if let Some(tracer) = observe::tracer() {
        tracer.recorded(&node, inputs, outs);
    }
}

/// Builds [`Grads`] from `Option<Tensor>`s.
#[macro_export]
macro_rules! grads {
    ($($g:expr),* $(,)?) => {{
        #[allow(unused_mut, reason = "an op without inputs pushes nothing")]
        let mut grads = $crate::autograd::Grads::new();
        $(grads.push($g);)*
        Ok(grads)
    }};
}
