//! Changes in place. An op in place is the op itself followed by [`assign`]: the tensor takes the value and the
//! history of the result. A change through a view rewrites the history of the whole:
//!
//! `base' = base with the view's elements replaced by the result`, so that
//! `∂L/∂base = ∂L/∂base' with zeros at the view's elements`, and `∂L/∂result = ∂L/∂base' at the view's elements`.

use std::sync::Arc;

use smallvec::smallvec;

use super::mode::grad_enabled;
use super::node::{BackwardCx, Edge, Node};
use crate::bail;
use crate::error::Result;
use crate::grads;
use crate::ops::view::as_strided;
use crate::shape::Dims;
use crate::tensor::Tensor;

/// Gives `dst` the value and the history of `result`, which must have its shape and a dtype that can be cast to its.
pub fn assign(dst: &Tensor, result: &Tensor) -> Result<()> {
    if dst.shape() != result.shape() {
        bail!("output with shape {} doesn't match the broadcast shape {}", Dims(dst.shape()), Dims(result.shape()));
    }
    if !result.dtype().can_cast(dst.dtype()) {
        return Err(crate::Error::CannotCast { from: result.dtype(), to: dst.dtype() });
    }
    check_overlap(dst)?;
    let wants_grad = check_writable(dst)? || (grad_enabled() && dst.dtype().is_float() && result.requires_grad());
    let result = result.to_dtype(dst.dtype())?;
    let edges = wants_grad.then(|| (base_edge(dst), result.gradient_edge()));
    dst.write_data(&result)?;
    if let Some((base, result)) = edges {
        rewrite_history(dst, base, result);
    }
    Ok(())
}

/// Returns the value of `t` as it is now, with its history: an op in place computes from this, so that what it saves
/// for its derivative is not what it then overwrites.
pub fn snapshot(t: &Tensor) -> Result<Tensor> {
    let copy = t.copy_data()?;
    if let Some(edge) = t.gradient_edge() {
        copy.set_gradient_edge(edge);
    }
    Ok(copy)
}

/// Checks that `dst` may be changed in place; tells whether its history then has to be rewritten.
pub fn check_writable(dst: &Tensor) -> Result<bool> {
    if !grad_enabled() || !dst.requires_grad() {
        return Ok(false);
    }
    if dst.is_leaf() {
        bail!("a leaf Variable that requires grad is being used in an in-place operation.");
    }
    if dst.base().is_some_and(|base| base.requires_grad() && base.is_leaf()) {
        bail!("a view of a leaf Variable that requires grad is being used in an in-place operation.");
    }
    Ok(true)
}

/// Checks that no two indices of `dst` share memory, as those of an expanded tensor do.
fn check_overlap(dst: &Tensor) -> Result<()> {
    if dst.numel() > 0 && dst.shape().iter().zip(dst.strides()).any(|(&size, &stride)| size > 1 && stride == 0) {
        bail!(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory \
             location. Please clone() the tensor before performing the operation."
        );
    }
    Ok(())
}

fn base_edge(dst: &Tensor) -> Option<Edge> {
    dst.base().and_then(Tensor::gradient_edge)
}

fn rewrite_history(dst: &Tensor, base_edge: Option<Edge>, result_edge: Option<Edge>) {
    let Some(base) = dst.base() else {
        let edge = result_edge.unwrap_or_else(|| constant_edge(dst));
        return dst.set_gradient_edge(edge);
    };
    let geometry = Geometry::of(dst);
    let node = Node::op(
        "CopySlices",
        smallvec![base_edge, result_edge],
        smallvec![base.output_info()],
        false,
        Arc::new(move |cx: &BackwardCx<'_>| {
            let grad = cx.grad()?;
            grads![cx.when(0, || geometry.without_part(&grad))?, cx.when(1, || geometry.part(&grad))?,]
        }),
    );
    base.set_gradient_edge(Edge { node, slot: 0 });
    let part = part_of(base, dst);
    dst.set_gradient_edge(part);
}

/// Returns an edge that stops gradients: the history of a tensor overwritten with constants.
fn constant_edge(dst: &Tensor) -> Edge {
    let node = Node::op(
        "ZeroBackward0",
        smallvec![],
        smallvec![dst.output_info()],
        false,
        Arc::new(|_: &BackwardCx<'_>| grads![]),
    );
    Edge { node, slot: 0 }
}

/// Returns the edge of `view` as a part of what `base` is now.
pub(super) fn part_of(base: &Tensor, view: &Tensor) -> Edge {
    let geometry = Geometry::of(view);
    let base_info = base.output_info();
    let node = Node::op(
        "AsStridedBackward0",
        smallvec![base.gradient_edge()],
        smallvec![view.output_info()],
        false,
        Arc::new(move |cx: &BackwardCx<'_>| {
            let grad = cx.grad()?;
            grads![cx.when(0, || geometry.scatter(&grad, &base_info.shape))?]
        }),
    );
    Edge { node, slot: 0 }
}

/// Where a view lies in its base, which is contiguous or dense with these strides.
struct Geometry {
    shape: crate::shape::Shape,
    strides: crate::shape::Strides,
    offset: usize,
    base_shape: crate::shape::Shape,
    base_strides: crate::shape::Strides,
}

impl Geometry {
    fn of(view: &Tensor) -> Geometry {
        let base = view.base().unwrap_or(view);
        Geometry {
            shape: view.shape().into(),
            strides: view.strides().into(),
            offset: view.storage_offset() - base.storage_offset(),
            base_shape: base.shape().into(),
            base_strides: base.strides().into(),
        }
    }

    /// Returns a copy of `grad` laid out as the base is, so that the view's strides apply to it.
    fn laid_out(&self, grad: &Tensor) -> Result<Tensor> {
        grad.copy_with_strides(&self.base_strides)
    }

    fn part(&self, grad: &Tensor) -> Result<Tensor> {
        let grad = self.laid_out(grad)?;
        as_strided(&grad, &self.shape, &self.strides, self.offset)?.copy_op()
    }

    fn without_part(&self, grad: &Tensor) -> Result<Tensor> {
        // mask = 1 outside of the view, 0 inside
        let mask = Tensor::ones(&self.base_shape, grad.dtype())?.copy_with_strides(&self.base_strides)?;
        super::no_grad(|| {
            let inside = as_strided(&mask, &self.shape, &self.strides, self.offset)?;
            inside.write_data(&inside.zeros_like()?)
        })?;
        grad.mul(&mask)
    }

    fn scatter(&self, grad: &Tensor, base_shape: &[usize]) -> Result<Tensor> {
        crate::ops::view::scatter_strided(grad, base_shape, &self.base_strides, &self.strides, self.offset)
    }
}
