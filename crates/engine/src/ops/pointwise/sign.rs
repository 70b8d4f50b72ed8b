//! Signs, absolute values, and the treatment of values that are not numbers.

use super::{flat, keep_where, with_input};
use crate::autograd::{Saved, record};
use crate::bail;
use crate::dtype::DType;
use crate::element::{Element, Number};
use crate::elementwise::{map, zip};
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::Operand;
use crate::ops::arithmetic::Pair;
use crate::tensor::Tensor;

/// `y = |x|`, `y' = sign x`
pub fn abs(x: &Tensor) -> Result<Tensor> {
    let out = crate::for_number!(x.dtype(), T => map::<T, T>(x, Number::abs)?,
        _ => return Err(Error::DTypeNotSupported { op: "abs_cpu", dtype: DType::Bool }));
    Ok(with_input(out, "AbsBackward0", x, |g, x| g.mul(&sign(x)?)))
}

/// -1, 0 or 1; no gradient flows.
pub fn sign(x: &Tensor) -> Result<Tensor> {
    signs(x, "SignBackward0")
}

/// [`sign`], which for real numbers it is.
pub fn sgn(x: &Tensor) -> Result<Tensor> {
    signs(x, "SgnBackward0")
}

#[allow(clippy::bool_comparison, reason = "bool is one of the types of a generic loop")]
fn signs(x: &Tensor, name: &'static str) -> Result<Tensor> {
    let out = crate::for_dtype!(x.dtype(), T => {
        let (zero, one, minus_one) = (T::from_i64(0), T::from_i64(1), T::from_i64(-1));
        map::<T, T>(x, |v| if v > zero { one } else if v < zero { minus_one } else { zero })?
    });
    Ok(flat(out, name, x))
}

/// True where the sign bit is set, as for -0.0.
#[allow(clippy::bool_comparison, reason = "bool is one of the types of a generic loop")]
pub fn signbit(x: &Tensor) -> Result<Tensor> {
    match x.dtype() {
        DType::F32 => map::<f32, bool>(x, f32::is_sign_negative),
        DType::F64 => map::<f64, bool>(x, f64::is_sign_negative),
        dtype => crate::for_dtype!(dtype, T => map::<T, bool>(x, |v| v < T::default())),
    }
}

/// `|a|` with the sign of b: `∂/∂a` is 1 or -1 (0 where a is 0), `∂/∂b = 0`.
pub fn copysign(a: &Operand, b: &Operand) -> Result<Tensor> {
    let pair = Pair::new(a, b, DType::to_float)?;
    let name = if matches!(pair, Pair::Right(..)) { "CopysignBackward1" } else { "CopysignBackward0" };
    let out = crate::for_float!(pair.dtype(), T => pair.apply::<T, T>(T::copysign)?, _ => unreachable!("floats only"));
    let (a, b) = pair.tensors()?;
    Ok(record(out.clone(), name, [&a, &b], || {
        let (keep_a, keep_y) = (Saved::constant(&a), Saved::constant(&out));
        move |cx| {
            let g = cx.grad()?;
            let by_a = || {
                let (a, y) = (keep_a.get(cx)?, keep_y.get(cx)?);
                let slope = crate::for_float!(a.dtype(), T => zip::<T, T, T>(&y, &a, |y, a| if a == 0.0 { 0.0 } else { y / a })?,
                    _ => unreachable!("floats only"));
                g.mul(&slope)
            };
            grads![cx.when(0, by_a)?, cx.when(1, || g.zeros_like())?]
        }
    }))
}

/// 0 below zero, 1 above, `values` at zero.
#[allow(clippy::bool_comparison, reason = "bool is one of the types of a generic loop")]
pub fn heaviside(x: &Tensor, values: &Tensor) -> Result<Tensor> {
    if x.dtype() != values.dtype() {
        bail!("heaviside is not yet implemented for tensors with different dtypes.");
    }
    crate::for_dtype!(x.dtype(), T => {
        let zero = T::from_i64(0);
        zip::<T, T, T>(x, values, |x, value| if x == zero { value } else { T::from_i64(i64::from(x > zero)) })
    })
}

/// Replaces NaN and the infinities; the gradient flows where nothing was replaced.
pub fn nan_to_num(x: &Tensor, nan: Option<f64>, posinf: Option<f64>, neginf: Option<f64>) -> Result<Tensor> {
    if !x.dtype().is_float() {
        return x.copy_data();
    }
    let out = crate::for_float!(x.dtype(), T => {
        let nan = nan.unwrap_or(0.0) as T;
        let high = posinf.map_or(T::MAX, |v| v as T);
        let low = neginf.map_or(T::MIN, |v| v as T);
        map::<T, T>(x, |v| if v.is_nan() { nan } else if v == T::INFINITY { high } else if v == T::NEG_INFINITY { low } else { v })?
    }, _ => unreachable!("floats only"));
    Ok(record(out, "NanToNumBackward0", [x], || {
        let keep = Saved::constant(x);
        move |cx| {
            let x = keep.get(cx)?;
            let is_finite =
                crate::for_float!(x.dtype(), T => map::<T, bool>(&x, T::is_finite)?, _ => unreachable!("floats only"));
            grads![Some(keep_where(&cx.grad()?, &is_finite)?)]
        }
    }))
}

/// The tensor itself.
pub fn positive(x: &Tensor) -> Result<Tensor> {
    if x.dtype() == DType::Bool {
        bail!(NotImplemented: "The `+` operator, on a bool tensor is not supported.");
    }
    Ok(x.clone())
}
