//! Reductions: sums, means, extremes and the like over any dimensions.

use super::{METHOD, OpDef, TORCH, op, value};
use crate::autograd::record;
use crate::dtype::DType;
use crate::element::{Element, cast};
use crate::error::Result;
use crate::grads;
use crate::shape::{Shape, for_each_offset, wrap_dims};
use crate::storage::filled;
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "sum(Tensor input, *, ScalarType? dtype=None)",
        TORCH | METHOD,
        "Returns the sum of all elements. Integers and bools are summed as int64.",
        |a| value(sum(a.tensor(0), &[], false, a.dtype_opt(1))),
        &["[2,3]", "[]", "[0,2]"],
    ),
    op(
        "sum(Tensor input, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None)",
        TORCH | METHOD,
        "Returns the sum over the dimensions `dim`, which keepdim=True keeps with size 1.",
        |a| value(sum(a.tensor(0), &a.ints_opt(1).unwrap_or_default(), a.bool(2), a.dtype_opt(3))),
        &["[2,3], 0", "[2,3,4], (0,-1), True", "[2,0], 1", "[2,3], None, True"],
    ),
];

/// Sums over dimensions (all, where `dims` is empty).
///
/// `y = Σ x`, `∂L/∂x = ∂L/∂y` repeated.
pub fn sum(t: &Tensor, dims: &[i64], keepdim: bool, dtype: Option<DType>) -> Result<Tensor> {
    let dtype = dtype.unwrap_or(if t.dtype().is_float() { t.dtype() } else { DType::I64 });
    let dims = wrap_dims(dims, t.rank())?;
    let t = t.to_dtype(dtype)?;
    let kept: Shape = t.shape().iter().enumerate().map(|(d, &n)| if dims.contains(&d) { 1 } else { n }).collect();
    let out = crate::for_dtype!(dtype, T => Tensor::from_parts(sum_elements::<T>(&t, &kept)?, &kept));
    let shape: Shape = if keepdim {
        kept.clone()
    } else {
        kept.iter().enumerate().filter(|(d, _)| !dims.contains(d)).map(|(_, &n)| n).collect()
    };
    let out = out.alias(shape.clone(), crate::shape::contiguous_strides(&shape), 0);
    let full = Shape::from(t.shape());
    Ok(record(out, if dims.len() == full.len() { "SumBackward0" } else { "SumBackward1" }, [&t], || {
        move |cx| grads![cx.when(0, || Ok(cx.grad()?.reshape_to(&kept)?.expand_to(&full)))?]
    }))
}

/// Sums so that the shape becomes `shape`, which broadcasts to the tensor's: undoes a broadcast.
pub fn sum_to(t: &Tensor, shape: &[usize]) -> Result<Tensor> {
    if t.shape() == shape {
        return Ok(t.clone());
    }
    let lead = t.rank() - shape.len();
    let dims: Vec<i64> = (0..t.rank())
        .filter(|&d| d < lead || (shape[d - lead] == 1 && t.shape()[d] != 1))
        .map(|d| d as i64)
        .collect();
    if dims.is_empty() {
        return t.reshape_to(shape);
    }
    sum(t, &dims, true, None)?.reshape_to(shape)
}

fn sum_elements<T: Element>(t: &Tensor, kept: &[usize]) -> Result<Vec<T>> {
    let data = t.dense::<T>()?;
    let is_float = T::DTYPE.is_float();
    if crate::shape::numel(kept) == 1 {
        let total = if is_float { T::from_f64(pairwise(&data)) } else { T::from_i64(wrapping(&data)) };
        return Ok(vec![total]);
    }
    // Walk the input in order and add each element to the place of the output that it belongs to.
    let strides = crate::shape::broadcast_strides(kept, &crate::shape::contiguous_strides(kept), t.shape());
    let mut at = data.iter();
    if is_float {
        let mut sums = filled::<f64>(kept, 0.0)?;
        for_each_offset(t.shape(), &strides, 0, |o| sums[o] += at.next().map_or(0.0, |v| v.to_f64()));
        Ok(sums.into_iter().map(T::from_f64).collect())
    } else {
        let mut sums = filled::<i64>(kept, 0)?;
        for_each_offset(t.shape(), &strides, 0, |o| {
            sums[o] = sums[o].wrapping_add(at.next().map_or(0, |v| v.to_i64()));
        });
        Ok(sums.into_iter().map(cast::<i64, T>).collect())
    }
}

fn wrapping<T: Element>(data: &[T]) -> i64 {
    data.iter().fold(0i64, |sum, v| sum.wrapping_add(v.to_i64()))
}

/// Sums in several lanes of float64: exact enough for any length, and independent of threads.
fn pairwise<T: Element>(data: &[T]) -> f64 {
    let mut lanes = [0.0f64; 8];
    let chunks = data.chunks_exact(8);
    let rest: f64 = chunks.remainder().iter().map(|v| v.to_f64()).sum();
    for chunk in chunks {
        for (lane, v) in lanes.iter_mut().zip(chunk) {
            *lane += v.to_f64();
        }
    }
    lanes.iter().sum::<f64>() + rest
}
