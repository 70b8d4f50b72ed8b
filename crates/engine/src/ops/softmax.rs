//! Softmax and its relatives: scores along a dimension turned into probabilities.

use super::{METHOD, NN, OpDef, TORCH, op, value};
use crate::autograd::{Saved, grad_enabled, record};
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::grads;
use crate::kernels::Real;
use crate::kernels::softmax as kernel;
use crate::ops::pointwise::exp;
use crate::ops::reduce::sum;
use crate::random::{default_generator, exponential};
use crate::shape::{numel, wrap_dim};
use crate::storage::filled;
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "softmax(Tensor input, int dim, ScalarType? dtype=None)",
        TORCH | METHOD,
        "Returns exp(input) divided by its sum along dim: positive numbers that sum to 1.",
        |a| value(softmax(a.tensor(0), a.int(1), a.dtype_opt(2))),
        &["[2,3], 1", "[2,3], 0", "[2,3,2], 1", "[], 0", "[0,3], 1", "[3,0], 0", "[2], -1, float64"],
    ),
    op(
        "softmax(Tensor input, int? dim=None, int _stacklevel=3, ScalarType? dtype=None)",
        NN,
        "Returns exp(input) divided by its sum along dim: positive numbers that sum to 1.",
        |a| value(softmax(a.tensor(0), a.int_opt(1).unwrap_or(implicit_dim(a.tensor(0))), a.dtype_opt(3))),
        &["[2,3], 1", "[2,3]", "[2,3], dim=-1, dtype=float64"],
    ),
    op(
        "log_softmax(Tensor input, int dim, ScalarType? dtype=None)",
        TORCH | METHOD,
        "Returns the logarithm of softmax, computed without underflow.",
        |a| value(log_softmax(a.tensor(0), a.int(1), a.dtype_opt(2))),
        &["[2,3], 1", "[2,3], 0", "[2,3,2], 1", "[], 0", "[0,3], 1", "[3,0], 0"],
    ),
    op(
        "log_softmax(Tensor input, int? dim=None, int _stacklevel=3, ScalarType? dtype=None)",
        NN,
        "Returns the logarithm of softmax, computed without underflow.",
        |a| value(log_softmax(a.tensor(0), a.int_opt(1).unwrap_or(implicit_dim(a.tensor(0))), a.dtype_opt(3))),
        &["[2,3], 1", "[2,3]"],
    ),
    op(
        "softmin(Tensor input, int? dim=None, int _stacklevel=3, ScalarType? dtype=None)",
        NN,
        "Returns softmax(-input): the smallest scores get the largest probabilities.",
        |a| {
            let x = a.tensor(0);
            value(x.neg().and_then(|n| softmax(&n, a.int_opt(1).unwrap_or(implicit_dim(x)), a.dtype_opt(3))))
        },
        &["[2,3], 1"],
    ),
    op(
        "gumbel_softmax(Tensor logits, float tau=1.0, bool hard=False, float eps=1e-10, int dim=-1)",
        NN,
        "Draws from the categorical distribution with these logits, in a way that gradients flow through: softmax of \
         (logits + Gumbel noise) / tau. hard=True gives one-hot draws with the gradient of the soft ones.",
        |a| value(gumbel_softmax(a.tensor(0), a.float(1), a.bool(2), a.int(4))),
        &["[2,3]", "[2,3], tau=0.5, dim=0"],
    ),
];

/// The dimension that torch takes when none is given.
fn implicit_dim(x: &Tensor) -> i64 {
    i64::from(!matches!(x.rank(), 0 | 1 | 3))
}

/// `yᵢ = exp xᵢ / Σⱼ exp xⱼ`, `∂L/∂xᵢ = yᵢ (∂L/∂yᵢ - Σⱼ ∂L/∂yⱼ yⱼ)`
pub fn softmax(x: &Tensor, dim: i64, dtype: Option<DType>) -> Result<Tensor> {
    let x = &dtype.map_or_else(|| Ok(x.clone()), |dtype| x.to_dtype(dtype))?;
    let d = wrap_dim(dim, x.rank())?;
    let out = crate::for_float!(x.dtype(), T => forward::<T>(x, d, kernel::softmax)?,
        _ => return Err(Error::DTypeNotSupported { op: "softmax_lastdim_kernel_impl", dtype: x.dtype() }));
    Ok(record(out.clone(), "SoftmaxBackward0", [x], || {
        let keep = Saved::output(&out);
        move |cx| {
            let (g, y) = (cx.grad()?, keep.get(cx)?);
            grads![Some(if grad_enabled() {
                y.mul(&g.sub(&sum(&g.mul(&y)?, &[d as i64], true, None)?)?)?
            } else {
                crate::for_float!(y.dtype(), T => backward::<T>(&g, &y, d, kernel::softmax_backward)?, _ => g)
            })]
        }
    }))
}

/// `yᵢ = xᵢ - ln Σⱼ exp xⱼ`, `∂L/∂xᵢ = ∂L/∂yᵢ - exp yᵢ Σⱼ ∂L/∂yⱼ`
pub fn log_softmax(x: &Tensor, dim: i64, dtype: Option<DType>) -> Result<Tensor> {
    let x = &dtype.map_or_else(|| Ok(x.clone()), |dtype| x.to_dtype(dtype))?;
    let d = wrap_dim(dim, x.rank())?;
    let out = crate::for_float!(x.dtype(), T => forward::<T>(x, d, kernel::log_softmax)?,
        _ => return Err(Error::DTypeNotSupported { op: "log_softmax_lastdim_kernel_impl", dtype: x.dtype() }));
    Ok(record(out.clone(), "LogSoftmaxBackward0", [x], || {
        let keep = Saved::output(&out);
        move |cx| {
            let (g, y) = (cx.grad()?, keep.get(cx)?);
            grads![Some(if grad_enabled() {
                g.sub(&exp(&y)?.mul(&sum(&g, &[d as i64], true, None)?)?)?
            } else {
                crate::for_float!(y.dtype(), T => backward::<T>(&g, &y, d, kernel::log_softmax_backward)?, _ => g)
            })]
        }
    }))
}

/// The sizes of the dimension and of all behind it.
fn sizes(x: &Tensor, d: usize) -> (usize, usize) {
    match x.shape().get(d..) {
        Some([size, behind @ ..]) => (*size, numel(behind)),
        _ => (1, 1),
    }
}

fn forward<T: Element + Real>(x: &Tensor, d: usize, kernel: fn(&[T], usize, usize, &mut [T])) -> Result<Tensor> {
    let mut out = filled(x.shape(), <T as Real>::ZERO)?;
    if !out.is_empty() {
        let (size, inner) = sizes(x, d);
        kernel(&x.dense::<T>()?, size, inner, &mut out);
    }
    Ok(Tensor::from_parts(out, x.shape()))
}

fn backward<T: Element + Real>(
    g: &Tensor,
    y: &Tensor,
    d: usize,
    kernel: fn(&[T], &[T], usize, usize, &mut [T]),
) -> Result<Tensor> {
    let mut out = filled(y.shape(), <T as Real>::ZERO)?;
    if !out.is_empty() {
        let (size, inner) = sizes(y, d);
        kernel(&g.dense::<T>()?, &y.dense::<T>()?, size, inner, &mut out);
    }
    Ok(Tensor::from_parts(out, y.shape()))
}

/// `softmax((x + n)/τ)` with n = -ln(-ln u) drawn for each element (Jang et al., 2017).
pub fn gumbel_softmax(logits: &Tensor, tau: f64, hard: bool, dim: i64) -> Result<Tensor> {
    let noise = crate::for_float!(logits.dtype(), T => {
        let mut draws: Vec<T> = filled(logits.shape(), 0.0)?;
        exponential(&mut default_generator().lock(), &mut draws, 1.0);
        for draw in &mut draws {
            *draw = -draw.ln();
        }
        Tensor::from_parts(draws, logits.shape())
    }, _ => return Err(Error::Runtime(format!(
        "Exponential distribution is a continuous probability distribution. dtype must be a floating point but you \
         specified {}",
        logits.dtype().torch_name()
    ))));
    let soft = softmax(&logits.add(&noise)?.div_scalar(tau)?, dim, None)?;
    if !hard {
        return Ok(soft);
    }
    one_hot_of_largest(&soft, wrap_dim(dim, soft.rank())?)?.sub(&soft.detach())?.add(&soft)
}

/// 1 at the first largest element along a dimension, 0 elsewhere.
fn one_hot_of_largest(y: &Tensor, d: usize) -> Result<Tensor> {
    if y.numel() == 0 {
        return y.zeros_like();
    }
    let (size, inner) = sizes(y, d);
    Ok(crate::for_float!(y.dtype(), T => {
        let mut out: Vec<T> = filled(y.shape(), 0.0)?;
        let data = y.dense::<T>()?;
        for line in 0..y.numel() / size.max(1) {
            let start = line / inner * size * inner + line % inner;
            let largest = (0..size).fold(0, |best, i| if data[start + i * inner] > data[start + best * inner] { i } else { best });
            out[start + largest * inner] = 1.0;
        }
        Tensor::from_parts(out, y.shape())
    }, _ => return Err(Error::DTypeNotSupported { op: "max", dtype: y.dtype() })))
}
