//! A value kept for a derivative. Using it after it was changed in place is an error, not a wrong gradient.

use std::cell::Cell;
use std::sync::Arc;

use super::mode::grad_enabled;
use super::node::{BackwardCx, Edge};
use crate::bail;
use crate::error::Result;
use crate::shape::Dims;
use crate::tensor::Tensor;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// Returns how many values were saved on this thread: tells whether a derivative keeps any.
pub(super) fn count() -> u64 {
    COUNT.get()
}

/// A tensor as it was when an op ran.
///
/// Holds the memory but not the tensor's own handle: a node that owned its output, or an input later changed in place,
/// would never be freed.
pub struct Saved {
    value: Tensor,
    version: u32,
    source: Source,
}

enum Source {
    /// An input, with the place its gradient goes to.
    Input(Option<Edge>),
    /// An output of the very node that keeps it.
    Output(usize),
}

impl Saved {
    /// Keeps an input of an op.
    pub fn input(t: &Tensor) -> Saved {
        Saved::new(t, Source::Input(t.gradient_edge()))
    }

    /// Keeps the first output of an op.
    pub fn output(t: &Tensor) -> Saved {
        Saved::new(t, Source::Output(0))
    }

    /// Keeps output number `slot` of an op.
    pub fn output_at(t: &Tensor, slot: usize) -> Saved {
        Saved::new(t, Source::Output(slot))
    }

    /// Keeps a value that has no derivative: indices, masks, statistics.
    pub fn constant(t: &Tensor) -> Saved {
        Saved::new(t, Source::Input(None))
    }

    fn new(t: &Tensor, source: Source) -> Saved {
        COUNT.set(COUNT.get() + 1);
        Saved { value: t.detach(), version: t.version(), source }
    }

    /// Returns the value, with its history when a graph of the derivative is wanted.
    pub fn get(&self, cx: &BackwardCx<'_>) -> Result<Tensor> {
        self.get_for(Some(cx))
    }

    /// Returns an input's value outside of a backward pass: what `ctx.saved_tensors` gives.
    pub fn get_input(&self) -> Result<Tensor> {
        self.get_for(None)
    }

    fn get_for(&self, cx: Option<&BackwardCx<'_>>) -> Result<Tensor> {
        let now = self.value.version();
        if now != self.version {
            bail!(
                "one of the variables needed for gradient computation has been modified by an inplace operation: \
                 [torch.{}Tensor {}] is at version {now}; expected version {} instead. Hint: an operation that ends \
                 in _ , an augmented assignment such as += or an indexed assignment changed a value that backward() \
                 still needs; use its out-of-place form.",
                self.value.dtype().torch_name(),
                Dims(self.value.shape()),
                self.version
            );
        }
        if self.value.is_inference() {
            bail!(
                "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in \
                 computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and \
                 use it in autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`."
            );
        }
        if !grad_enabled() {
            return Ok(self.value.clone());
        }
        let edge = match (&self.source, cx) {
            (Source::Input(edge), _) => edge.clone(),
            (Source::Output(slot), Some(cx)) => Some(Edge { node: Arc::clone(cx.node), slot: *slot }),
            (Source::Output(_), None) => None,
        };
        let value = self.value.detach();
        if let Some(edge) = edge {
            value.set_gradient_edge(edge);
        }
        Ok(value)
    }
}
