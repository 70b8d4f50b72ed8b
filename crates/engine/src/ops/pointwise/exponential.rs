//! Exponentials, logarithms, and roots.

use super::{as_float, float_map, keep_where, map_slices, with_input, with_output};
use crate::autograd::{Saved, record};
use crate::dtype::DType;
use crate::elementwise::map;
use crate::error::{Error, Result};
use crate::grads;
use crate::kernels::elementary;
use crate::ops::Operand;
use crate::ops::arithmetic::{Pair, sub};
use crate::tensor::Tensor;

/// `y = eˣ`, `y' = y`
pub fn exp(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = crate::for_float!(x.dtype(), T => map_slices::<T>(x, elementary::exp)?, _ => unreachable!("floats only"));
    Ok(with_output(out, "ExpBackward0", x, |g, y| g.mul(y)))
}

/// `y = 2ˣ`, `y' = y ln 2`
pub fn exp2(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = float_map!(x, v => v.exp2());
    Ok(with_output(out, "Exp2Backward0", x, |g, y| g.mul(y)?.mul_scalar(std::f64::consts::LN_2)))
}

/// `y = eˣ - 1`, `y' = y + 1`
pub fn expm1(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = float_map!(x, v => v.exp_m1());
    Ok(with_output(out, "Expm1Backward0", x, |g, y| g.mul(&y.add_scalar(1.0)?)))
}

/// `y = ln x`, `y' = 1/x`
pub fn log(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = crate::for_float!(x.dtype(), T => map_slices::<T>(x, elementary::ln)?, _ => unreachable!("floats only"));
    Ok(with_input(out, "LogBackward0", x, |g, x| g.div(x)))
}

/// `y = log₂ x`, `y' = 1/(x ln 2)`
pub fn log2(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = float_map!(x, v => v.log2());
    Ok(with_input(out, "Log2Backward0", x, |g, x| g.div(&x.mul_scalar(std::f64::consts::LN_2)?)))
}

/// `y = log₁₀ x`, `y' = 1/(x ln 10)`
pub fn log10(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = float_map!(x, v => v.log10());
    Ok(with_input(out, "Log10Backward0", x, |g, x| g.div(&x.mul_scalar(std::f64::consts::LN_10)?)))
}

/// `y = ln(1 + x)`, `y' = 1/(1 + x)`
pub fn log1p(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = float_map!(x, v => v.ln_1p());
    Ok(with_input(out, "Log1PBackward0", x, |g, x| g.div(&x.add_scalar(1.0)?)))
}

/// `y = √x`, `y' = 1/(2y)`
pub fn sqrt(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = float_map!(x, v => v.sqrt());
    Ok(with_output(out, "SqrtBackward0", x, |g, y| g.div(&y.mul_scalar(2.0)?)))
}

/// `y = 1/√x`, `y' = -y³/2`
pub fn rsqrt(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = float_map!(x, v => 1.0 / v.sqrt());
    Ok(with_output(out, "RsqrtBackward0", x, |g, y| g.mul(&y.mul(y)?.mul(y)?)?.mul_scalar(-0.5)))
}

/// `y = 1/x`, `y' = -y²`
pub fn reciprocal(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = float_map!(x, v => 1.0 / v);
    Ok(with_output(out, "ReciprocalBackward0", x, |g, y| g.mul(&y.mul(y)?)?.neg()))
}

/// `y = ln(x / (1 - x))` with x first clamped to `[eps, 1 - eps]`; `y' = 1/(x (1 - x))` inside and 0 outside.
pub fn logit(x: &Tensor, eps: Option<f64>) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = crate::for_float!(x.dtype(), T => {
        let eps = eps.map(|e| e as T);
        map::<T, T>(x, |v| {
            let v = match eps {
                Some(e) if v < e => e,
                Some(e) if v > 1.0 - e => 1.0 - e,
                _ => v,
            };
            (v / (1.0 - v)).ln()
        })?
    }, _ => unreachable!("floats only"));
    Ok(record(out, "LogitBackward0", [x], || {
        let keep = Saved::input(x);
        move |cx| {
            let x = keep.get(cx)?;
            let slope = x.mul(&sub(&1.0.into(), &(&x).into())?)?;
            let g = cx.grad()?.div(&slope)?;
            let Some(eps) = eps else { return grads![Some(g)] };
            let inside = crate::for_float!(x.dtype(), T => map::<T, bool>(&x, |v| v >= eps as T && v <= 1.0 - eps as T)?,
                _ => unreachable!("floats only"));
            grads![Some(keep_where(&g, &inside)?)]
        }
    }))
}

/// `y = x ln z`, and 0 where x is 0 (NaN where z is); `∂y/∂x = ln z`, `∂y/∂z = x/z`.
pub fn xlogy(x: &Operand, z: &Operand) -> Result<Tensor> {
    let pair = Pair::new(x, z, DType::to_float)?;
    let name = match &pair {
        Pair::Tensors(..) => "XlogyBackward0",
        Pair::Left(..) => "XlogyBackward1",
        Pair::Right(..) => "XlogyBackward2",
    };
    let out = crate::for_float!(pair.dtype(), T => pair.apply::<T, T>(|x, z| {
        if z.is_nan() { z } else if x == 0.0 { 0.0 } else { x * z.ln() }
    })?, _ => unreachable!("floats only"));
    let (x, z) = pair.tensors()?;
    Ok(record(out, name, [&x, &z], || {
        let (keep_x, keep_z) = (Saved::input(&x), Saved::input(&z));
        move |cx| {
            let (g, x, z) = (cx.grad()?, keep_x.get(cx)?, keep_z.get(cx)?);
            grads![
                cx.when(0, || {
                    let is_kept = crate::for_float!(x.dtype(), T => crate::elementwise::zip::<T, T, bool>(&x, &z, |x, z| x != 0.0 || z > 0.0)?,
                        _ => unreachable!("floats only"));
                    let slope = g.mul(&log(&z)?)?;
                    keep_where(&slope, &is_kept.expand_to(slope.shape()))
                })?,
                cx.when(1, || g.mul(&x.div(&z)?))?,
            ]
        }
    }))
}

/// `y = ln(eᵃ + eᵇ)`, `∂y/∂a = 1/(1 + e^(b-a))`
pub fn logaddexp(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let out = log_sum("logaddexp_cpu", a, b, 1.0)?;
    record_log_sum(out, "LogaddexpBackward0", a, b, exp)
}

/// `y = log₂(2ᵃ + 2ᵇ)`, `∂y/∂a = 1/(1 + 2^(b-a))`
pub fn logaddexp2(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let out = log_sum("logaddexp2_cpu", a, b, std::f64::consts::LN_2)?;
    record_log_sum(out, "Logaddexp2Backward0", a, b, exp2)
}

/// `log(baseᵃ + baseᵇ)` to the base `e^scale`: the greater one plus what the other adds.
fn log_sum(op: &'static str, a: &Tensor, b: &Tensor, scale: f64) -> Result<Tensor> {
    let pair = Pair::new(&a.into(), &b.into(), |d| d)?;
    crate::for_float!(pair.dtype(), T => pair.apply::<T, T>(|a, b| {
        if a.is_infinite() && a == b {
            return a;
        }
        let greater = if a > b || a.is_nan() { a } else { b };
        let scale = scale as T;
        greater + (-((a - b).abs() * scale)).exp().ln_1p() / scale
    }), _ => Err(Error::DTypeNotSupported { op, dtype: pair.dtype() }))
}

fn record_log_sum(
    out: Tensor,
    name: &'static str,
    a: &Tensor,
    b: &Tensor,
    power: fn(&Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    Ok(record(out, name, [a, b], || {
        let (keep_a, keep_b) = (Saved::input(a), Saved::input(b));
        move |cx| {
            let (g, a, b) = (cx.grad()?, keep_a.get(cx)?, keep_b.get(cx)?);
            let share = |own: &Tensor, other: &Tensor| g.div(&power(&other.sub(own)?)?.add_scalar(1.0)?);
            grads![cx.when(0, || share(&a, &b))?, cx.when(1, || share(&b, &a))?]
        }
    }))
}

/// `y = x 2ᵉ`
pub fn ldexp(x: &Tensor, e: &Tensor) -> Result<Tensor> {
    x.mul(&super::pow(&2.0.into(), &e.into())?)
}
