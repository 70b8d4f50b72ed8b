//! Special functions: erf and its relatives, lgamma and its derivatives.

use std::f64::consts::{FRAC_2_SQRT_PI, PI};

use super::{INPLACE, METHOD, OpDef, TORCH, op, value};
use crate::autograd::{Saved, record};
use crate::bail;
use crate::element::Element;
use crate::elementwise::map;
use crate::error::Result;
use crate::grads;
use crate::special;
use crate::tensor::Tensor;

const ALL: u8 = TORCH | METHOD | INPLACE;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "erf(Tensor input)",
        ALL,
        "Returns the error function, 2/sqrt(pi) times the integral of exp(-t^2) from 0 to each element.",
        |a| value(erf(a.tensor(0))),
        &["[2,3]", "[]", "[0,2]", "f32[3]", "i5[3]"],
    ),
    op(
        "erfc(Tensor input)",
        ALL,
        "Returns 1 - erf(input), exact also where erf is nearly 1.",
        |a| value(erfc(a.tensor(0))),
        &["[2,3]", "[]", "[0,2]", "f32[3]", "i5[3]"],
    ),
    op(
        "erfinv(Tensor input)",
        ALL,
        "Returns the inverse of erf; infinite at -1 and 1, NaN outside of them.",
        |a| value(erfinv(a.tensor(0))),
        &["u[2,3]", "u[]", "u[0,2]", "f32[3]"],
    ),
    op(
        "lgamma(Tensor input)",
        ALL,
        "Returns the natural logarithm of the absolute value of the gamma function.",
        |a| value(lgamma(a.tensor(0))),
        &["+[2,3]", "+[]", "+[0,2]", "f32[3]", "i5[3]"],
    ),
    op(
        "digamma(Tensor input)",
        ALL,
        "Returns the derivative of lgamma.",
        |a| value(digamma(a.tensor(0))),
        &["+[2,3]", "+[]", "+[0,2]", "f32[3]"],
    ),
    op(
        "polygamma(int n, Tensor input)",
        TORCH,
        "Returns the n-th derivative of digamma.",
        |a| value(polygamma(a.int(0), a.tensor(1))),
        &["0, +[2,3]", "1, +[2,3]", "2, +[3]", "1, +[0]", "1, i5[2]"],
    ),
    op(
        "polygamma(Tensor input, int n)",
        METHOD | INPLACE,
        "Returns the n-th derivative of digamma.",
        |a| value(polygamma(a.int(1), a.tensor(0))),
        &["+[2,3], 1"],
    ),
];

/// Computes a function of float64 on every element; integers give the default float dtype.
fn compute(t: &Tensor, f: impl Fn(f64) -> f64 + Sync) -> Result<Tensor> {
    let dtype = t.dtype().to_float();
    let t = if t.dtype() == dtype { t.clone() } else { t.cast_data(dtype)? };
    crate::for_float!(dtype, T => map::<T, T>(&t, |x| T::from_f64(f(x.to_f64()))),
        _ => unreachable!("to_float gives a float dtype"))
}

/// `y = scale * exp(rate * x^2)`, `∂y/∂x = 2 rate x y`: what the derivatives of the error functions are made of.
fn gaussian(x: &Tensor, scale: f64, rate: f64) -> Result<Tensor> {
    let out = compute(x, |x| scale * (rate * x * x).exp())?;
    Ok(record(out.clone(), "ExpBackward0", [x], || {
        let (input, output) = (Saved::input(x), Saved::output(&out));
        move |cx| grads![Some(cx.grad()?.mul(&output.get(cx)?)?.mul(&input.get(cx)?)?.mul_scalar(2.0 * rate)?)]
    }))
}

/// `y = erf x`, `∂y/∂x = 2/√π exp(-x²)`
pub fn erf(x: &Tensor) -> Result<Tensor> {
    let out = compute(x, special::erf)?;
    Ok(record(out, "ErfBackward0", [x], || {
        let input = Saved::input(x);
        move |cx| grads![Some(cx.grad()?.mul(&gaussian(&input.get(cx)?, FRAC_2_SQRT_PI, -1.0)?)?)]
    }))
}

/// `y = 1 - erf x`, `∂y/∂x = -2/√π exp(-x²)`
pub fn erfc(x: &Tensor) -> Result<Tensor> {
    let out = compute(x, special::erfc)?;
    Ok(record(out, "ErfcBackward0", [x], || {
        let input = Saved::input(x);
        move |cx| grads![Some(cx.grad()?.mul(&gaussian(&input.get(cx)?, -FRAC_2_SQRT_PI, -1.0)?)?)]
    }))
}

/// `erf y = x`, `∂y/∂x = √π/2 exp(y²)`
pub fn erfinv(x: &Tensor) -> Result<Tensor> {
    let out = compute(x, special::erfinv)?;
    Ok(record(out.clone(), "ErfinvBackward0", [x], || {
        let output = Saved::output(&out);
        move |cx| grads![Some(cx.grad()?.mul(&gaussian(&output.get(cx)?, PI.sqrt() / 2.0, 1.0)?)?)]
    }))
}

/// `y = ln |Γ(x)|`, `∂y/∂x = ψ(x)`
pub fn lgamma(x: &Tensor) -> Result<Tensor> {
    let out = compute(x, special::lgamma)?;
    Ok(record(out, "LgammaBackward0", [x], || {
        let input = Saved::input(x);
        move |cx| grads![Some(cx.grad()?.mul(&digamma(&input.get(cx)?)?)?)]
    }))
}

/// `y = ψ(x) = Γ'(x) / Γ(x)`, `∂y/∂x = ψ'(x)`
pub fn digamma(x: &Tensor) -> Result<Tensor> {
    let out = compute(x, special::digamma)?;
    Ok(record(out, "DigammaBackward0", [x], || {
        let input = Saved::input(x);
        move |cx| grads![Some(cx.grad()?.mul(&polygamma(1, &input.get(cx)?)?)?)]
    }))
}

/// `y = ψ⁽ⁿ⁾(x)`, `∂y/∂x = ψ⁽ⁿ⁺¹⁾(x)`
pub fn polygamma(n: i64, x: &Tensor) -> Result<Tensor> {
    let Ok(order) = u32::try_from(n) else {
        bail!("polygamma(n, x): n must be an integer from 0 to {}, but got {n}", u32::MAX);
    };
    if order == 0 {
        return digamma(x);
    }
    let out = compute(x, |x| special::polygamma(order, x))?;
    Ok(record(out, "PolygammaBackward0", [x], || {
        let input = Saved::input(x);
        move |cx| grads![Some(cx.grad()?.mul(&polygamma(n + 1, &input.get(cx)?)?)?)]
    }))
}
