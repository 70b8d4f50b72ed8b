//! Reductions: sums, means, products, truth. Extremes, moments and norms are in the files beside this one.

pub mod extremes;
pub mod moments;
pub mod norms;

use super::{METHOD, OpDef, TORCH, half_precision, op, value};
use crate::autograd::{Saved, grad_enabled, record};
use crate::bail;
use crate::dtype::DType;
use crate::element::{Element, Number, cast};
use crate::error::{Error, Result};
use crate::grads;
use crate::shape::{Shape, for_each_offset, numel, wrap_dim, wrap_dims};
use crate::storage::{allocate, filled};
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
    op(
        "mean(Tensor input, *, ScalarType? dtype=None)",
        TORCH | METHOD,
        "Returns the mean of all elements.",
        |a| value(mean(a.tensor(0), &[], false, a.dtype_opt(1))),
        &["[2,3]", "[]"],
    ),
    op(
        "mean(Tensor input, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None)",
        TORCH | METHOD,
        "Returns the mean over the dimensions `dim`.",
        |a| value(mean(a.tensor(0), &a.ints_opt(1).unwrap_or_default(), a.bool(2), a.dtype_opt(3))),
        &["[2,3], 0", "[2,3,4], (0,-1), True", "[3], -1"],
    ),
    op(
        "nansum(Tensor input, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None)",
        TORCH | METHOD,
        "Returns the sum over dimensions, NaN counting as zero.",
        |a| {
            let t = without_nan(a.tensor(0))?;
            value(sum(&t, &a.ints_opt(1).unwrap_or_default(), a.bool(2), a.dtype_opt(3)))
        },
        &["[2,3]", "[2,3], 1, True"],
    ),
    op(
        "nanmean(Tensor input, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None)",
        TORCH | METHOD,
        "Returns the mean over dimensions of the elements that are not NaN.",
        |a| {
            let (t, dims) = (a.tensor(0), a.ints_opt(1).unwrap_or_default());
            let total = sum(&without_nan(t)?, &dims, a.bool(2), a.dtype_opt(3))?;
            let count = sum(&not_nan(t)?, &dims, a.bool(2), None)?;
            value(total.div(&count))
        },
        &["[2,3]", "[2,3], 1"],
    ),
    op(
        "prod(Tensor input, *, ScalarType? dtype=None)",
        TORCH | METHOD,
        "Returns the product of all elements.",
        |a| {
            let t = a.tensor(0).reshape_to(&[a.tensor(0).numel()])?;
            value(prod(&t, 0, false, a.dtype_opt(1), "ProdBackward0"))
        },
        &["[2,3]", "[]", "[0]"],
    ),
    op(
        "prod(Tensor input, int dim, bool keepdim=False, *, ScalarType? dtype=None)",
        TORCH | METHOD,
        "Returns the product over one dimension.",
        |a| value(prod(a.tensor(0), a.int(1), a.bool(2), a.dtype_opt(3), "ProdBackward1")),
        &["[2,3], 0", "[2,3,2], 1, True", "[3], -1", "[2,0], 1"],
    ),
    op(
        "any(Tensor input)",
        TORCH | METHOD,
        "Tells whether any element is not zero.",
        |a| value(truth(a.tensor(0), &[], false, true)),
        &["b[2,3]", "[2,3]", "b[0]"],
    ),
    op(
        "any(Tensor input, int[1]? dim, bool keepdim=False)",
        TORCH | METHOD,
        "Tells whether any element along `dim` is not zero.",
        |a| value(truth(a.tensor(0), &a.ints_opt(1).unwrap_or_default(), a.bool(2), true)),
        &["b[2,3], 0", "b[2,3], 1, True", "b[2,0], 1"],
    ),
    op(
        "all(Tensor input)",
        TORCH | METHOD,
        "Tells whether all elements are not zero.",
        |a| value(truth(a.tensor(0), &[], false, false)),
        &["b[2,3]", "[2,3]", "b[0]"],
    ),
    op(
        "all(Tensor input, int[1]? dim, bool keepdim=False)",
        TORCH | METHOD,
        "Tells whether all elements along `dim` are not zero.",
        |a| value(truth(a.tensor(0), &a.ints_opt(1).unwrap_or_default(), a.bool(2), false)),
        &["b[2,3], 0", "b[2,3], 1, True", "b[2,0], 1"],
    ),
];

/// Sums over dimensions (all, where `dims` is empty).
///
/// `y = Σ x`, `∂L/∂x = ∂L/∂y` repeated.
pub fn sum(t: &Tensor, dims: &[i64], keepdim: bool, dtype: Option<DType>) -> Result<Tensor> {
    if dtype.is_none_or(DType::is_half)
        && let Some(out) = half_precision::of_one(|t| sum(t, dims, keepdim, None), t)
    {
        return out;
    }
    let dtype = dtype.unwrap_or(if t.dtype().is_float() { t.dtype() } else { DType::I64 });
    let t = t.to_dtype(dtype)?;
    let over = Reduction::new(&t, dims)?;
    let out =
        crate::for_dtype!(dtype, T => Tensor::from_parts(sum_elements::<T>(&t, &over.kept)?, &over.shape(keepdim)));
    let name = if dims.is_empty() && !keepdim { "SumBackward0" } else { "SumBackward1" };
    Ok(record(out, name, [&t], || move |cx| grads![cx.when(0, || over.spread(&cx.grad()?))?]))
}

/// Which dimensions are reduced.
#[derive(Clone)]
pub(crate) struct Reduction {
    dims: Shape,
    /// The shape of the tensor.
    pub(crate) full: Shape,
    /// The shape of the result with the reduced dimensions kept at size 1.
    pub(crate) kept: Shape,
}

impl Reduction {
    /// Reads dimension numbers; an empty list means all.
    pub(crate) fn new(t: &Tensor, dims: &[i64]) -> Result<Reduction> {
        // A 0-d tensor may be reduced over dimension 0 or -1.
        let dims: Shape = if t.rank() == 0 {
            dims.iter().try_for_each(|&dim| wrap_dim(dim, 0).map(|_| ()))?;
            Shape::new()
        } else {
            wrap_dims(dims, t.rank())?
        };
        let kept = t.shape().iter().enumerate().map(|(d, &n)| if dims.contains(&d) { 1 } else { n }).collect();
        Ok(Reduction { dims, full: t.shape().into(), kept })
    }

    /// Returns the shape of the result.
    pub(crate) fn shape(&self, keepdim: bool) -> Shape {
        if keepdim {
            return self.kept.clone();
        }
        self.kept.iter().enumerate().filter(|(d, _)| !self.dims.contains(d)).map(|(_, &n)| n).collect()
    }

    /// Returns how many elements are reduced to one.
    pub(crate) fn count(&self) -> usize {
        self.dims.iter().map(|&d| self.full[d]).product()
    }

    /// Repeats a result over the dimensions that were reduced, with history.
    pub(crate) fn spread(&self, t: &Tensor) -> Result<Tensor> {
        Ok(t.reshape_to(&self.kept)?.expand_to(&self.full))
    }

    /// Returns the elements so that those that are reduced together lie together, `count()` of them to each result, in
    /// the order of the results; without history.
    pub(crate) fn rows(&self, t: &Tensor) -> Result<Tensor> {
        let (mut shape, mut strides) = (Shape::new(), crate::shape::Strides::new());
        let outer = (0..t.rank()).filter(|d| !self.dims.contains(d));
        for d in outer.chain(self.dims.iter().copied()) {
            shape.push(t.shape()[d]);
            strides.push(t.strides()[d]);
        }
        let permuted = t.alias(shape, strides, t.storage_offset());
        if permuted.is_contiguous() { Ok(permuted) } else { permuted.copy_data() }
    }

    /// Computes each result from the elements that are reduced to it.
    pub(crate) fn map<T: Element, O: Element>(
        &self,
        t: &Tensor,
        keepdim: bool,
        f: &dyn Fn(&[T]) -> O,
    ) -> Result<Tensor> {
        let rows = self.rows(t)?;
        let data = rows.dense::<T>()?;
        let (n, outer) = (self.count(), numel(&self.kept));
        let mut out = allocate(&self.kept)?;
        out.extend((0..outer).map(|i| f(&data[i * n..(i + 1) * n])));
        Ok(Tensor::from_parts(out, &self.shape(keepdim)))
    }
}

/// `y = Σ x / n`, `∂L/∂x = ∂L/∂y / n` repeated.
pub fn mean(t: &Tensor, dims: &[i64], keepdim: bool, dtype: Option<DType>) -> Result<Tensor> {
    let dtype = dtype.unwrap_or(t.dtype());
    if !dtype.is_float() {
        bail!(NotImplemented:
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {}",
            dtype.torch_name()
        );
    }
    let t = t.to_dtype(dtype)?;
    let over = Reduction::new(&t, dims)?;
    let n = over.count() as f64;
    let out = crate::for_float!(dtype, T => {
        let sums = sum_elements::<T>(&t, &over.kept)?;
        let means = sums.into_iter().map(|s| T::from_f64(s.to_f64() / n)).collect();
        Tensor::from_parts(means, &over.shape(keepdim))
    }, _ => unreachable!("the dtype was checked to be a float"));
    let name = if dims.is_empty() && !keepdim { "MeanBackward0" } else { "MeanBackward1" };
    Ok(record(out, name, [&t], || move |cx| grads![cx.when(0, || over.spread(&cx.grad()?)?.div_scalar(n))?]))
}

fn not_nan(t: &Tensor) -> Result<Tensor> {
    crate::for_dtype!(t.dtype(), T => crate::elementwise::map::<T, bool>(t, |v| !v.is_nan()))
}

fn without_nan(t: &Tensor) -> Result<Tensor> {
    super::pointwise::keep_where(t, &not_nan(t)?)
}

/// `y = Π x`, `∂y/∂xᵢ = Π_{j≠i} xⱼ`, right where elements are zero too.
fn prod(t: &Tensor, dim: i64, keepdim: bool, dtype: Option<DType>, name: &'static str) -> Result<Tensor> {
    let dtype = dtype.unwrap_or(if t.dtype().is_float() { t.dtype() } else { DType::I64 });
    let t = t.to_dtype(dtype)?;
    let over = Reduction::new(&t, &[dim])?;
    let out = crate::for_number!(dtype, T => {
        over.map::<T, T>(&t, keepdim, &|row| row.iter().fold(T::from_i64(1), |p, &v| Number::mul(p, v)))?
    }, _ => return Err(Error::DTypeNotSupported { op: "prod", dtype }));
    Ok(record(out, name, [&t], || {
        let input = Saved::input(&t);
        move |cx| {
            let slope = || {
                let x = input.get(cx)?;
                over.spread(&cx.grad()?)?.mul(&product_of_others(&x, &over)?)
            };
            grads![cx.when(0, slope)?]
        }
    }))
}

/// For each element the product of the others that it is reduced with.
fn product_of_others(x: &Tensor, over: &Reduction) -> Result<Tensor> {
    let mut out: Option<Tensor> = None;
    let d = over.dims.first().copied();
    let Some(d) = d else { return x.ones_like() };
    let n = x.shape()[d];
    if grad_enabled() && x.requires_grad() {
        // Made of ops, for derivatives of derivatives: n factors, each shifted by one more place.
        for shift in 1..n {
            let low = super::view::slice(x, d, shift, n, 1)?;
            let high = super::view::slice(x, d, 0, shift, 1)?;
            let rolled = super::join::cat(&[low, high], d as i64)?;
            out = Some(match out {
                Some(product) => product.mul(&rolled)?,
                None => rolled,
            });
        }
        return out.map_or_else(|| x.ones_like(), Ok);
    }
    crate::for_float!(x.dtype(), T => {
        let data = x.dense::<T>()?;
        let inner: usize = x.shape()[d + 1..].iter().product();
        let mut others = filled::<T>(x.shape(), T::from_i64(1))?;
        let outer = data.len().checked_div(n * inner).unwrap_or(0);
        for o in 0..outer {
            for i in 0..inner {
                let at = |k: usize| (o * n + k) * inner + i;
                let (mut before, mut after) = (T::from_i64(1), T::from_i64(1));
                for k in 0..n {
                    others[at(k)] = before;
                    before = Number::mul(before, data[at(k)]);
                }
                for k in (0..n).rev() {
                    others[at(k)] = Number::mul(others[at(k)], after);
                    after = Number::mul(after, data[at(k)]);
                }
            }
        }
        Ok(Tensor::from_parts(others, x.shape()))
    }, _ => Err(Error::DTypeNotSupported { op: "prod", dtype: x.dtype() }))
}

/// Tells whether any (or all) elements are not zero. Bytes give bytes, everything else bools, as in torch.
pub fn truth(t: &Tensor, dims: &[i64], keepdim: bool, any: bool) -> Result<Tensor> {
    let over = Reduction::new(t, dims)?;
    let out = crate::for_dtype!(t.dtype(), T => {
        let is_true = |v: &T| *v != T::default();
        over.map::<T, bool>(t, keepdim, &|row| if any { row.iter().any(is_true) } else { row.iter().all(is_true) })?
    });
    if t.dtype() == DType::U8 { out.to_dtype(DType::U8) } else { Ok(out) }
}

/// Sums so that the shape becomes `shape`, which broadcasts to the tensor's: undoes a broadcast.
pub fn sum_to(t: &Tensor, shape: &[usize]) -> Result<Tensor> {
    if t.shape() == shape {
        return Ok(t.clone());
    }
    let lead = t.rank() - shape.len();
    let dims: Vec<i64> =
        (0..t.rank()).filter(|&d| d < lead || (shape[d - lead] == 1 && t.shape()[d] != 1)).map(|d| d as i64).collect();
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
