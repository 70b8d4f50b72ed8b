//! What a tensor knows of differentiation: whether it wants a gradient, the gradient, the op that made it, its hooks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::mode::grad_enabled;
use super::node::{Edge, Node, OutputInfo};
use crate::bail;
use crate::error::Result;
use crate::tensor::Tensor;

/// A function called with a gradient; it may return another one to take its place.
pub type Hook = Arc<dyn Fn(&Tensor) -> Result<Option<Tensor>> + Send + Sync>;

/// Names a registered hook, to remove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookId(u64);

impl HookId {
    fn next() -> HookId {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        HookId(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// The part of a tensor that autograd owns; tensors that take part in no graph have none.
#[derive(Default)]
pub struct Meta {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Set by the user, on leaves.
    requires_grad: bool,
    grad: Option<Tensor>,
    grad_fn: Option<Edge>,
    /// For a view: the version of the memory for which `grad_fn` is right.
    grad_fn_version: u32,
    accumulator: Weak<Node>,
    /// The version of the leaf when an op last used it.
    used_version: u32,
    /// The versions of the leaf and of its gradient when a pass last added to it.
    accumulated: Option<(u32, u32)>,
    retains_grad: bool,
    leaf_hooks: Vec<(HookId, Hook)>,
    after_accumulate: Vec<(HookId, Hook)>,
}

impl Meta {
    pub(crate) fn take_grad(&self) -> Option<Tensor> {
        self.state.lock().grad.take()
    }

    pub(crate) fn set_grad(&self, grad: Option<Tensor>) {
        let old = std::mem::replace(&mut self.state.lock().grad, grad);
        drop(old);
    }

    /// Notes that a pass has added to the gradient. Returns whether what it added to was stale: the leaf has changed
    /// since the pass before, and its gradient has not.
    pub(crate) fn note_accumulated(&self, old_version: Option<u32>) -> bool {
        let mut state = self.state.lock();
        let is_stale = match (state.accumulated, old_version) {
            (Some((leaf, grad)), Some(old)) => grad == old && leaf != state.used_version,
            _ => false,
        };
        state.accumulated = state.grad.as_ref().map(|grad| (state.used_version, grad.version()));
        is_stale
    }

    pub(crate) fn leaf_hooks(&self) -> Vec<Hook> {
        self.state.lock().leaf_hooks.iter().map(|(_, hook)| hook.clone()).collect()
    }

    pub(crate) fn after_accumulate_hooks(&self) -> Vec<Hook> {
        self.state.lock().after_accumulate.iter().map(|(_, hook)| hook.clone()).collect()
    }
}

impl Tensor {
    pub(crate) fn meta(&self) -> &Arc<Meta> {
        self.0.meta.get_or_init(Arc::default)
    }

    /// Tells whether gradients are computed for this tensor.
    pub fn requires_grad(&self) -> bool {
        let own = self.0.meta.get().is_some_and(|meta| {
            let state = meta.state.lock();
            state.requires_grad || state.grad_fn.is_some()
        });
        own || (self.dtype().is_float() && self.0.base.as_ref().is_some_and(Tensor::requires_grad))
    }

    /// Sets whether this leaf wants a gradient.
    pub fn set_requires_grad(&self, requires_grad: bool) -> Result<()> {
        if requires_grad && !self.dtype().is_float() {
            bail!("only Tensors of floating point dtype can require gradients");
        }
        if !self.is_leaf() {
            if requires_grad {
                return Ok(());
            }
            bail!(
                "you can only change requires_grad flags of leaf variables. If you want to use a computed variable \
                 in a subgraph that doesn't require differentiation use var_no_grad = var.detach()."
            );
        }
        if requires_grad || self.0.meta.get().is_some() {
            self.meta().state.lock().requires_grad = requires_grad;
        }
        Ok(())
    }

    /// Tells whether this tensor was made by the user rather than by a recorded op.
    pub fn is_leaf(&self) -> bool {
        !self.requires_grad() || self.grad_fn().is_none()
    }

    /// Returns the op that made this tensor.
    pub fn grad_fn(&self) -> Option<Arc<Node>> {
        self.grad_fn_edge().map(|edge| edge.node)
    }

    /// Returns which output of `grad_fn` this tensor is.
    pub fn output_nr(&self) -> usize {
        self.grad_fn_edge().map_or(0, |edge| edge.slot)
    }

    fn grad_fn_edge(&self) -> Option<Edge> {
        if let Some(base) = &self.0.base {
            let current = self.version();
            let fresh = self.0.meta.get().and_then(|meta| {
                let state = meta.state.lock();
                (state.grad_fn_version == current).then(|| state.grad_fn.clone()).flatten()
            });
            if fresh.is_none() && self.dtype().is_float() && base.requires_grad() {
                // The memory changed through another view: this one is now a part of what the base has become.
                let edge = super::inplace::part_of(base, self);
                self.set_gradient_edge(edge.clone());
                return Some(edge);
            }
            if fresh.is_some() {
                return fresh;
            }
        }
        self.0.meta.get().and_then(|meta| meta.state.lock().grad_fn.clone())
    }

    /// Returns where a gradient with respect to this tensor goes.
    pub(crate) fn gradient_edge(&self) -> Option<Edge> {
        if self.0.meta.get().is_none() && self.0.base.is_none() {
            return None;
        }
        if let Some(edge) = self.grad_fn_edge() {
            return Some(edge);
        }
        let meta = self.0.meta.get()?;
        let version = self.version();
        let mut state = meta.state.lock();
        if !state.requires_grad {
            return None;
        }
        state.used_version = version;
        let node = state.accumulator.upgrade().unwrap_or_else(|| {
            let node = Node::accumulate(meta.clone(), self.shape().into(), self.dtype());
            state.accumulator = Arc::downgrade(&node);
            node
        });
        Some(Edge { node, slot: 0 })
    }

    pub(crate) fn set_gradient_edge(&self, edge: Edge) {
        let version = self.version();
        let mut state = self.meta().state.lock();
        let old = state.grad_fn.replace(edge);
        state.grad_fn_version = version;
        drop(state);
        drop(old);
    }

    /// Returns the gradient accumulated so far.
    pub fn grad(&self) -> Option<Tensor> {
        self.0.meta.get().and_then(|meta| meta.state.lock().grad.clone())
    }

    /// Sets or clears the gradient.
    pub fn set_grad(&self, grad: Option<Tensor>) -> Result<()> {
        if let Some(grad) = &grad {
            if grad.shape() != self.shape() {
                bail!(
                    "assigned grad has data of a different size: the tensor is {}, the gradient {}",
                    crate::shape::Dims(self.shape()),
                    crate::shape::Dims(grad.shape())
                );
            }
            if grad.dtype() != self.dtype() {
                bail!("assigned grad has data of a different type: {}, expected {}", grad.dtype(), self.dtype());
            }
        }
        if grad.is_some() || self.0.meta.get().is_some() {
            self.meta().set_grad(grad);
        }
        Ok(())
    }

    /// Registers a function that is called with each gradient of this tensor, before it goes on.
    pub fn register_hook(&self, hook: Hook) -> Result<HookId> {
        if !self.requires_grad() {
            bail!("cannot register a hook on a tensor that doesn't require gradient");
        }
        let id = HookId::next();
        match self.grad_fn_edge() {
            Some(edge) => edge.node.hooks.lock().push((id, edge.slot, hook)),
            None => self.meta().state.lock().leaf_hooks.push((id, hook)),
        }
        Ok(id)
    }

    /// Registers a function that is called after a gradient was added to this leaf's `grad`.
    pub fn register_post_accumulate_grad_hook(&self, hook: Hook) -> Result<HookId> {
        if !self.requires_grad() {
            bail!("cannot register a hook on a tensor that doesn't require gradient");
        }
        if self.grad_fn().is_some() {
            bail!("post accumulate grad hooks cannot be registered on non-leaf tensors");
        }
        let id = HookId::next();
        self.meta().state.lock().after_accumulate.push((id, hook));
        Ok(id)
    }

    /// Removes a hook; one that is gone already is no error.
    pub fn remove_hook(&self, id: HookId) {
        if let Some(edge) = self.grad_fn_edge() {
            edge.node.hooks.lock().retain(|(other, ..)| *other != id);
        }
        if let Some(meta) = self.0.meta.get() {
            let mut state = meta.state.lock();
            state.leaf_hooks.retain(|(other, _)| *other != id);
            state.after_accumulate.retain(|(other, _)| *other != id);
        }
    }

    /// Keeps the gradient of a tensor that is not a leaf.
    pub fn retain_grad(&self) -> Result<()> {
        if !self.requires_grad() {
            bail!("can't retain_grad on Tensor that has requires_grad=False");
        }
        let Some(edge) = self.grad_fn_edge() else { return Ok(()) };
        if std::mem::replace(&mut self.meta().state.lock().retains_grad, true) {
            return Ok(());
        }
        let meta = Arc::downgrade(self.meta());
        let keep: Hook = Arc::new(move |grad| {
            if let Some(meta) = meta.upgrade() {
                let total = match meta.take_grad() {
                    Some(old) => old.add(grad)?,
                    None => grad.clone(),
                };
                meta.set_grad(Some(total));
            }
            Ok(None)
        });
        edge.node.keepers.lock().push((edge.slot, keep));
        Ok(())
    }

    /// Tells whether the gradient of this tensor is kept although it is not a leaf.
    pub fn retains_grad(&self) -> bool {
        self.0.meta.get().is_some_and(|meta| meta.state.lock().retains_grad)
    }

    /// Makes this tensor a leaf in place: what `detach_()` does.
    pub fn detach_in_place(&self) {
        if let Some(meta) = self.0.meta.get() {
            let old = {
                let mut state = meta.state.lock();
                state.requires_grad = false;
                state.grad_fn.take()
            };
            drop(old);
        }
    }

    /// Marks a fresh tensor as a leaf that wants a gradient, as `torch.zeros(..., requires_grad=True)` does.
    pub fn with_requires_grad(self, requires_grad: bool) -> Result<Tensor> {
        if requires_grad {
            self.set_requires_grad(true)?;
        }
        Ok(self)
    }

    pub(crate) fn output_info(&self) -> OutputInfo {
        OutputInfo { shape: self.shape().into(), dtype: self.dtype() }
    }

    /// Returns a view of this tensor's memory: remembers its base only while ops are recorded.
    pub(crate) fn view_of(&self, shape: crate::shape::Shape, strides: crate::shape::Strides, offset: usize) -> Tensor {
        if grad_enabled() { self.alias_view(shape, strides, offset) } else { self.alias(shape, strides, offset) }
    }
}
