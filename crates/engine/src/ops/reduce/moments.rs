//! Variance and standard deviation.

use crate::autograd::{Saved, record};
use crate::bail;
use crate::element::Element;
use crate::error::Result;
use crate::grads;
use crate::ops::{Args, METHOD, OpDef, TORCH, Value, op, pointwise, value};
use crate::tensor::Tensor;

use super::{Reduction, mean};

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "var(Tensor input, bool unbiased)",
        TORCH | METHOD,
        "Returns the variance of all elements; unbiased=True divides by n - 1.",
        |a| value(var(a.tensor(0), &[], f64::from(u8::from(a.bool(1))), false)),
        &["[2,3], True", "[2,3], False"],
    ),
    op(
        "var(Tensor input, int[1]? dim, bool unbiased, bool keepdim=False)",
        TORCH | METHOD,
        "Returns the variance over dimensions; unbiased=True divides by n - 1.",
        |a| value(var(a.tensor(0), &a.ints_opt(1).unwrap_or_default(), f64::from(u8::from(a.bool(2))), a.bool(3))),
        &["[2,3], 1, True", "[2,3,2], (0,2), False, True"],
    ),
    op(
        "var(Tensor input, int[1]? dim=None, *, Scalar? correction=1, bool keepdim=False, bool unbiased=True)",
        TORCH | METHOD,
        "Returns the variance over dimensions, divided by n - correction.",
        |a| value(var(a.tensor(0), &a.ints_opt(1).unwrap_or_default(), correction(a, 2, 4), a.bool(3))),
        &["[2,3]", "[2,3], 1, correction=0", "[2,3], 0, keepdim=True"],
    ),
    op(
        "std(Tensor input, bool unbiased)",
        TORCH | METHOD,
        "Returns the standard deviation of all elements; unbiased=True divides by n - 1.",
        |a| value(std(a.tensor(0), &[], f64::from(u8::from(a.bool(1))), false)),
        &["[2,3], True", "[2,3], False"],
    ),
    op(
        "std(Tensor input, int[1]? dim, bool unbiased, bool keepdim=False)",
        TORCH | METHOD,
        "Returns the standard deviation over dimensions; unbiased=True divides by n - 1.",
        |a| value(std(a.tensor(0), &a.ints_opt(1).unwrap_or_default(), f64::from(u8::from(a.bool(2))), a.bool(3))),
        &["[2,3], 1, True", "[2,3,2], (0,2), False, True"],
    ),
    op(
        "std(Tensor input, int[1]? dim=None, *, Scalar? correction=1, bool keepdim=False, bool unbiased=True)",
        TORCH | METHOD,
        "Returns the standard deviation over dimensions, with n - correction in the denominator.",
        |a| value(std(a.tensor(0), &a.ints_opt(1).unwrap_or_default(), correction(a, 2, 4), a.bool(3))),
        &["[2,3]", "[2,3], 1, correction=0", "[2,3], 0, keepdim=True"],
    ),
    op(
        "var_mean(Tensor input, int[1]? dim=None, *, Scalar? correction=1, bool keepdim=False, bool unbiased=True)",
        TORCH,
        "Returns the variance and the mean.",
        |a| with_mean(a, var),
        &["[2,3]", "[2,3], 1"],
    ),
    op(
        "std_mean(Tensor input, int[1]? dim=None, *, Scalar? correction=1, bool keepdim=False, bool unbiased=True)",
        TORCH,
        "Returns the standard deviation and the mean.",
        |a| with_mean(a, std),
        &["[2,3]", "[2,3], 1"],
    ),
];

fn correction(a: &Args, at: usize, unbiased: usize) -> f64 {
    if a.bool(unbiased) { a.scalar_opt(at).map_or(1.0, |c| c.to_f64()) } else { 0.0 }
}

fn with_mean(a: &Args, f: fn(&Tensor, &[i64], f64, bool) -> Result<Tensor>) -> Result<Value> {
    let (t, dims) = (a.tensor(0), a.ints_opt(1).unwrap_or_default());
    let spread = f(t, &dims, correction(a, 2, 4), a.bool(3))?;
    Ok((spread, mean(t, &dims, a.bool(3), None)?).into())
}

/// `y = Σ (x - x̄)² / (n - c)`, `∂y/∂x = 2 (x - x̄) / (n - c)`.
pub fn var(t: &Tensor, dims: &[i64], correction: f64, keepdim: bool) -> Result<Tensor> {
    moment("var", "VarBackward0", t, dims, correction, keepdim, false)
}

/// `y = sqrt(var x)`, `∂y/∂x = (x - x̄) / ((n - c) y)`; zero where `y` is zero.
pub fn std(t: &Tensor, dims: &[i64], correction: f64, keepdim: bool) -> Result<Tensor> {
    moment("std", "StdBackward0", t, dims, correction, keepdim, true)
}

fn moment(
    op: &'static str,
    node: &'static str,
    t: &Tensor,
    dims: &[i64],
    correction: f64,
    keepdim: bool,
    root: bool,
) -> Result<Tensor> {
    if !t.dtype().is_float() {
        bail!(NotImplemented: "{op}(): std and var only support floating point and complex dtypes");
    }
    let over = Reduction::new(t, dims)?;
    let divisor = (over.count() as f64 - correction).max(0.0);
    let out = crate::for_float!(t.dtype(), T => over.map::<T, T>(t, keepdim, &|row| {
        let mean = row.iter().map(|v| v.to_f64()).sum::<f64>() / row.len() as f64;
        let var = row.iter().map(|v| (v.to_f64() - mean).powi(2)).sum::<f64>() / divisor;
        T::from_f64(if root { var.sqrt() } else { var })
    })?, _ => unreachable!("the dtype was checked to be a float"));
    Ok(record(out.clone(), node, [t], || {
        let (input, output) = (Saved::input(t), root.then(|| Saved::output(&out)));
        move |cx| {
            let slope = || {
                let x = input.get(cx)?;
                let dims: Vec<i64> = over.dims.iter().map(|&d| d as i64).collect();
                let center = if dims.is_empty() { x.clone() } else { mean(&x, &dims, true, None)? };
                let distance = x.sub(&center)?;
                match &output {
                    None => over.spread(&cx.grad()?.mul_scalar(2.0 / divisor)?)?.mul(&distance),
                    Some(output) => {
                        let y = output.get(cx)?;
                        let slope = cx.grad()?.div(&y.mul_scalar(divisor)?)?;
                        let not_zero = crate::for_float!(y.dtype(), T =>
                            crate::elementwise::map::<T, bool>(&y, |v| v != T::default())?,
                            _ => unreachable!("the result has the dtype of the input"));
                        over.spread(&pointwise::keep_where(&slope, &not_zero)?)?.mul(&distance)
                    }
                }
            };
            grads![cx.when(0, slope)?]
        }
    }))
}
