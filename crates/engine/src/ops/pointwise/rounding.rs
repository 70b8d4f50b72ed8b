//! Rounding and remainders.

use super::{flat, same};
use crate::autograd::{Saved, record};
use crate::dtype::DType;
use crate::element::Number;
use crate::elementwise::map;
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::Operand;
use crate::ops::arithmetic::{Pair, div_trunc, floor_divide, integer_division};
use crate::tensor::Tensor;

macro_rules! rounded {
    ($x:expr, $op:literal, $name:literal, $f:ident) => {{
        let x = $x;
        let out = match x.dtype() {
            DType::Bool => return Err(Error::DTypeNotSupported { op: $op, dtype: DType::Bool }),
            DType::F32 => map::<f32, f32>(x, f32::$f)?,
            DType::F64 => map::<f64, f64>(x, f64::$f)?,
            _ => x.copy_data()?,
        };
        Ok(flat(out, $name, x))
    }};
}

/// The greatest integer not above x; no gradient flows.
pub fn floor(x: &Tensor) -> Result<Tensor> {
    rounded!(x, "floor_vml_cpu", "FloorBackward0", floor)
}

/// The least integer not below x; no gradient flows.
pub fn ceil(x: &Tensor) -> Result<Tensor> {
    rounded!(x, "ceil_vml_cpu", "CeilBackward0", ceil)
}

/// The integer part; no gradient flows.
pub fn trunc(x: &Tensor) -> Result<Tensor> {
    rounded!(x, "trunc_vml_cpu", "TruncBackward0", trunc)
}

/// The nearest integer, halves to the even one; with `decimals`, the nearest multiple of 10^-decimals.
pub fn round(x: &Tensor, decimals: i64) -> Result<Tensor> {
    if decimals == 0 {
        return rounded!(x, "round_vml_cpu", "RoundBackward0", round_ties_even);
    }
    let out = crate::for_float!(x.dtype(), T => {
        let power = (10.0 as T).powi(decimals.unsigned_abs().min(1000) as i32);
        map::<T, T>(x, |v| {
            if decimals > 0 { (v * power).round_ties_even() / power } else { (v / power).round_ties_even() * power }
        })?
    }, _ => return Err(Error::DTypeNotSupported { op: "round_cpu", dtype: x.dtype() }));
    Ok(flat(out, "RoundBackward1", x))
}

/// `x - trunc(x)`: the derivative is 1.
pub fn frac(x: &Tensor) -> Result<Tensor> {
    let out = crate::for_float!(x.dtype(), T => map::<T, T>(x, |v| v - v.trunc())?,
        _ => return Err(Error::DTypeNotSupported { op: "frac_cpu", dtype: x.dtype() }));
    Ok(same(out, "FracBackward0", x))
}

/// `a - b ⌊a/b⌋`: has the sign of b, as Python's `%`. `∂/∂a = 1`, `∂/∂b = -⌊a/b⌋`.
pub fn remainder(a: &Operand, b: &Operand) -> Result<Tensor> {
    let pair = integer_division(a, b)?;
    let out = crate::for_number!(pair.dtype(), T => pair.apply::<T, T>(Number::rem_floor)?,
        _ => return Err(Error::DTypeNotSupported { op: "remainder_cpu", dtype: DType::Bool }));
    record_remainder(out, pair, ["RemainderBackward0", "RemainderBackward1"], floor_divide)
}

/// `a - b trunc(a/b)`: has the sign of a, as C's `%`. `∂/∂a = 1`, `∂/∂b = -trunc(a/b)`.
pub fn fmod(a: &Operand, b: &Operand) -> Result<Tensor> {
    let pair = integer_division(a, b)?;
    let out = crate::for_number!(pair.dtype(), T => pair.apply::<T, T>(Number::rem_trunc)?,
        _ => return Err(Error::DTypeNotSupported { op: "fmod_cpu", dtype: DType::Bool }));
    record_remainder(out, pair, ["FmodBackward0", "FmodBackward1"], div_trunc)
}

fn record_remainder(
    out: Tensor,
    pair: Pair,
    names: [&'static str; 2],
    quotient: fn(&Operand, &Operand) -> Result<Tensor>,
) -> Result<Tensor> {
    let (a, b) = match pair {
        Pair::Right(a, _) => return Ok(same(out, names[0], &a)),
        pair => pair.tensors()?,
    };
    Ok(record(out, names[1], [&a, &b], || {
        let (keep_a, keep_b) = (Saved::input(&a), Saved::input(&b));
        move |cx| {
            let g = cx.grad()?;
            let by_b = || {
                let (a, b) = (keep_a.get(cx)?, keep_b.get(cx)?);
                g.mul(&quotient(&(&a).into(), &(&b).into())?.neg()?)
            };
            grads![cx.needs(0).then(|| g.clone()), cx.when(1, by_b)?]
        }
    }))
}
