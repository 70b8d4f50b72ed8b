//! Running reductions along a dimension: cumulative sums, products and extremes.

use super::reduce::extremes::Extreme;
use super::select::scatter_add;
use super::{Args, INPLACE, METHOD, OpDef, TORCH, Value, op, pointwise, value};
use crate::autograd::{Saved, grad_enabled, record, record_many};
use crate::bail;
use crate::dtype::DType;
use crate::element::{Element, Number};
use crate::error::{Error, Result};
use crate::grads;
use crate::shape::{Shape, wrap_dim};
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "cumsum(Tensor input, int dim, *, ScalarType? dtype=None)",
        TORCH | METHOD | INPLACE,
        "Returns the running sums along a dimension.",
        |a| value(cumsum(&scanned(a)?, a.int(1), false)),
        &["[2,3], 0", "[2,3,2], 1", "[3], -1", "[], 0", "[0,2], 0"],
    ),
    op(
        "cumprod(Tensor input, int dim, *, ScalarType? dtype=None)",
        TORCH | METHOD | INPLACE,
        "Returns the running products along a dimension.",
        |a| value(cumprod(&scanned(a)?, a.int(1))),
        &["+[2,3], 0", "+[2,3,2], 1", "+[3], -1", "+[], 0"],
    ),
    op(
        "logcumsumexp(Tensor input, int dim)",
        TORCH | METHOD,
        "Returns the logarithms of the running sums of exponentials.",
        |a| value(logcumsumexp(a.tensor(0), a.int(1))),
        &["[2,3], 0", "[3], -1"],
    ),
    op(
        "cummax(Tensor input, int dim) -> (Tensor values, Tensor indices)",
        TORCH | METHOD,
        "Returns the running maxima along a dimension, and where they are.",
        |a| value(cumulative_extreme(a.tensor(0), a.int(1), Extreme::Max)),
        &["~[2,3], 0", "~[3], -1"],
    ),
    op(
        "cummin(Tensor input, int dim) -> (Tensor values, Tensor indices)",
        TORCH | METHOD,
        "Returns the running minima along a dimension, and where they are.",
        |a| value(cumulative_extreme(a.tensor(0), a.int(1), Extreme::Min)),
        &["~[2,3], 0", "~[3], -1"],
    ),
    op(
        "diff(Tensor input, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None)",
        TORCH | METHOD,
        "Returns the differences of neighbours along a dimension, taken n times.",
        diff_row,
        &["[2,4]", "[4,2], 2, 0", "[3], append=[1]"],
    ),
];

fn scanned(a: &Args) -> Result<Tensor> {
    let t = a.tensor(0);
    t.to_dtype(a.dtype_opt(2).unwrap_or(if t.dtype().is_float() { t.dtype() } else { DType::I64 }))
}

/// Where the elements of a dimension lie: `outer` blocks of `n` rows of `inner` elements.
struct Lanes {
    outer: usize,
    n: usize,
    inner: usize,
}

impl Lanes {
    fn new(t: &Tensor, dim: i64) -> Result<Lanes> {
        let d = wrap_dim(dim, t.rank())?;
        if t.rank() == 0 {
            return Ok(Lanes { outer: 1, n: 1, inner: 1 });
        }
        let shape = t.shape();
        Ok(Lanes { outer: shape[..d].iter().product(), n: shape[d], inner: shape[d + 1..].iter().product() })
    }

    /// Calls `f` with the places of each lane, in order along the dimension.
    fn each(&self, mut f: impl FnMut(&mut dyn DoubleEndedIterator<Item = usize>)) {
        for o in 0..self.outer {
            for i in 0..self.inner {
                f(&mut (0..self.n).map(|k| (o * self.n + k) * self.inner + i));
            }
        }
    }
}

/// `yₖ = Σ_{i≤k} xᵢ`; `∂L/∂xᵢ = Σ_{k≥i} ∂L/∂yₖ`, the same sum from the other end (`reverse`).
pub fn cumsum(t: &Tensor, dim: i64, reverse: bool) -> Result<Tensor> {
    let lanes = Lanes::new(t, dim)?;
    let out = crate::for_number!(t.dtype(), T => {
        let mut data = t.dense::<T>()?.into_vec();
        lanes.each(|places| {
            let mut run = |sum: &mut f64, whole: &mut i64, at: usize| {
                // Floats are summed in float64, integers exactly.
                if T::DTYPE.is_float() {
                    *sum += data[at].to_f64();
                    data[at] = T::from_f64(*sum);
                } else {
                    *whole = whole.wrapping_add(data[at].to_i64());
                    data[at] = T::from_i64(*whole);
                }
            };
            let (mut sum, mut whole) = (0.0, 0);
            if reverse {
                places.rev().for_each(|at| run(&mut sum, &mut whole, at));
            } else {
                places.for_each(|at| run(&mut sum, &mut whole, at));
            }
        });
        Tensor::from_parts(data, t.shape())
    }, _ => return Err(Error::DTypeNotSupported { op: "cumsum", dtype: t.dtype() }));
    Ok(record(out, "CumsumBackward0", [t], || move |cx| grads![cx.when(0, || cumsum(&cx.grad()?, dim, !reverse))?]))
}

/// `yₖ = Π_{i≤k} xᵢ`; `∂L/∂xᵢ = Σ_{k≥i} ∂L/∂yₖ yₖ / xᵢ` where no element is zero, the sum of products otherwise.
pub fn cumprod(t: &Tensor, dim: i64) -> Result<Tensor> {
    let lanes = Lanes::new(t, dim)?;
    let out = crate::for_number!(t.dtype(), T => {
        let mut data = t.dense::<T>()?.into_vec();
        lanes.each(|places| {
            let mut product = T::from_i64(1);
            for at in places {
                product = Number::mul(product, data[at]);
                data[at] = product;
            }
        });
        Tensor::from_parts(data, t.shape())
    }, _ => return Err(Error::DTypeNotSupported { op: "cumprod", dtype: t.dtype() }));
    Ok(record(out.clone(), "CumprodBackward0", [t], || {
        let (input, output) = (Saved::input(t), Saved::output(&out));
        move |cx| {
            let slope = || {
                let x = input.get(cx)?;
                let has_zero = x.to_vec::<f64>()?.contains(&0.0);
                if !has_zero {
                    let y = output.get(cx)?;
                    return cumsum(&cx.grad()?.mul(&y)?, dim, true)?.div(&x);
                }
                if grad_enabled() {
                    bail!(NotImplemented: "the second derivative of cumprod where an element is zero");
                }
                cumprod_slope_with_zeros(&cx.grad()?, &x, dim)
            };
            grads![cx.when(0, slope)?]
        }
    }))
}

fn cumprod_slope_with_zeros(grad: &Tensor, x: &Tensor, dim: i64) -> Result<Tensor> {
    let (g, x_values) = (grad.to_vec::<f64>()?, x.to_vec::<f64>()?);
    let mut out = vec![0.0; g.len()];
    Lanes::new(x, dim)?.each(|places| {
        let places: Vec<usize> = places.collect();
        let mut before = 1.0;
        for (i, &at) in places.iter().enumerate() {
            // the products up to k without the factor i
            let mut product = before;
            let mut slope = g[at] * product;
            for &later in &places[i + 1..] {
                product *= x_values[later];
                slope += g[later] * product;
            }
            out[at] = slope;
            before *= x_values[at];
        }
    });
    Tensor::from_vec(out, x.shape())?.to_dtype(x.dtype())
}

/// `yₖ = log Σ_{i≤k} exp(xᵢ)`; `∂L/∂xᵢ = exp(xᵢ) Σ_{k≥i} ∂L/∂yₖ exp(-yₖ)`.
pub fn logcumsumexp(t: &Tensor, dim: i64) -> Result<Tensor> {
    let lanes = Lanes::new(t, dim)?;
    let out = crate::for_float!(t.dtype(), T => {
        let mut data = t.dense::<T>()?.into_vec();
        lanes.each(|places| {
            let mut total = f64::NEG_INFINITY;
            for at in places {
                let x = data[at].to_f64();
                let (high, low) = if x > total { (x, total) } else { (total, x) };
                total = if high.is_infinite() { high } else { high + (low - high).exp().ln_1p() };
                data[at] = T::from_f64(total);
            }
        });
        Tensor::from_parts(data, t.shape())
    }, _ => return Err(Error::DTypeNotSupported { op: "logcumsumexp", dtype: t.dtype() }));
    Ok(record(out.clone(), "LogcumsumexpBackward0", [t], || {
        let (input, output) = (Saved::input(t), Saved::output(&out));
        move |cx| {
            let slope = || {
                let scaled = cx.grad()?.mul(&pointwise::exp(&output.get(cx)?.neg()?)?)?;
                pointwise::exp(&input.get(cx)?)?.mul(&cumsum(&scaled, dim, true)?)
            };
            grads![cx.when(0, slope)?]
        }
    }))
}

/// Running extremes and their indices; the later of equals counts.
pub fn cumulative_extreme(t: &Tensor, dim: i64, which: Extreme) -> Result<Vec<Tensor>> {
    let lanes = Lanes::new(t, dim)?;
    let (values, indices) = crate::for_dtype!(t.dtype(), T => {
        let mut data = t.dense::<T>()?.into_vec();
        let mut indices = vec![0i64; data.len()];
        lanes.each(|places| {
            let mut best: Option<(T, i64)> = None;
            for (k, at) in places.enumerate() {
                let x = data[at];
                let better = best.is_none_or(|(b, _)| !b.is_nan() && (x.is_nan() || match which {
                    Extreme::Max => x >= b,
                    Extreme::Min => x <= b,
                }));
                if better {
                    best = Some((x, k as i64));
                }
                if let Some((b, index)) = best {
                    data[at] = b;
                    indices[at] = index;
                }
            }
        });
        (Tensor::from_parts(data, t.shape()), Tensor::from_parts(indices, t.shape()))
    });
    let name = if which == Extreme::Max { "CummaxBackward0" } else { "CumminBackward0" };
    let shape = Shape::from(t.shape());
    Ok(record_many(vec![values, indices.clone()], name, &[t], || {
        let index = Saved::constant(&indices);
        move |cx| {
            let slope = || {
                let grad = cx.grad_at(0)?;
                if shape.is_empty() {
                    return Ok(grad);
                }
                scatter_add(&Tensor::zeros(&shape, grad.dtype())?, dim, &index.get(cx)?, &grad)
            };
            grads![cx.when(0, slope)?]
        }
    }))
}

fn diff_row(a: &Args) -> Result<Value> {
    let dim = a.int(2);
    let mut t = a.tensor(0).clone();
    if t.rank() == 0 {
        bail!("diff expects input to be at least one-dimensional");
    }
    let parts: Vec<Tensor> = [a.tensor_opt(3), Some(&t), a.tensor_opt(4)].into_iter().flatten().cloned().collect();
    if parts.len() > 1 {
        t = super::join::cat(&parts, dim)?;
    }
    if a.int(1) < 0 {
        bail!("order must be non-negative but got {}", a.int(1));
    }
    let d = wrap_dim(dim, t.rank())?;
    for _ in 0..a.int(1) {
        let n = t.shape()[d];
        if n == 0 {
            break;
        }
        let (later, earlier) = (super::view::slice(&t, d, 1, n, 1)?, super::view::slice(&t, d, 0, n - 1, 1)?);
        t = if t.dtype() == DType::Bool {
            super::comparison::ne(&(&later).into(), &(&earlier).into())?
        } else {
            later.sub(&earlier)?
        };
    }
    Ok(t.into())
}
