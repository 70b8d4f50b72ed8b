//! Powers: `y = xᵖ`, where base or exponent may be a number.

use super::{keep_where, log};
use crate::autograd::{Saved, record};
use crate::bail;
use crate::dtype::{DType, Scalar};
use crate::element::{Element, Number};
use crate::elementwise::{map, zip};
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::Operand;
use crate::ops::arithmetic::{Pair, mul, sub};
use crate::tensor::Tensor;

/// `y = xᵖ`
///
/// `∂y/∂x = p x^(p-1)`, 0 where p is 0; `∂y/∂p = y ln x`, 0 where x is 0 and p is not negative. Integers stay
/// integers, and a number of theirs must not be negative.
pub fn pow(x: &Operand, p: &Operand) -> Result<Tensor> {
    let pair = Pair::new(x, p, |d| d)?;
    match &pair {
        Pair::Right(x, p) => tensor_to_number(x, *p),
        Pair::Left(x, p) => number_to_tensor(*x, p, &pair),
        Pair::Tensors(x, p) => tensor_to_tensor(x, p, &pair),
    }
}

/// [`pow`] in float64.
pub fn float_power(x: &Operand, p: &Operand) -> Result<Tensor> {
    let wide = |operand: &Operand| {
        Ok::<Operand, crate::Error>(match operand {
            Operand::Tensor(t) => Operand::Tensor(t.to_dtype(DType::F64)?),
            Operand::Scalar(s) => Operand::Scalar(Scalar::Float(s.to_f64())),
        })
    };
    pow(&wide(x)?, &wide(p)?)
}

/// An integer power. A negative one is 0 but for 1 and -1.
fn integer_power<T: Number>(base: T, exponent: T) -> T {
    let mut e = exponent.to_i64();
    if e < 0 {
        return match base.to_i64() {
            1 => T::from_i64(1),
            -1 => T::from_i64(if e % 2 == 0 { 1 } else { -1 }),
            _ => T::from_i64(0),
        };
    }
    let (mut result, mut square) = (T::from_i64(1), base);
    while e > 0 {
        if e & 1 == 1 {
            result = result.mul(square);
        }
        square = square.mul(square);
        e >>= 1;
    }
    result
}

const NOT_FOR_BOOL: Error = Error::DTypeNotSupported { op: "pow", dtype: DType::Bool };

fn tensor_to_number(x: &Tensor, p: Scalar) -> Result<Tensor> {
    if x.dtype().is_int() && p.to_i64() < 0 {
        bail!("Integers to negative integer powers are not allowed.");
    }
    let power = p.to_f64();
    let out = match x.dtype() {
        DType::Bool => return Err(NOT_FOR_BOOL),
        DType::F32 | DType::F64 => crate::for_float!(x.dtype(), T => match power {
            2.0 => map::<T, T>(x, |v| v * v)?,
            3.0 => map::<T, T>(x, |v| v * v * v)?,
            0.5 => map::<T, T>(x, |v| v.sqrt())?,
            1.0 => map::<T, T>(x, |v| v)?,
            -1.0 => map::<T, T>(x, |v| 1.0 / v)?,
            -2.0 => map::<T, T>(x, |v| 1.0 / (v * v))?,
            _ => map::<T, T>(x, |v| v.powf(power as T))?,
        }, _ => return Err(NOT_FOR_BOOL)),
        _ => crate::for_number!(x.dtype(), T => {
            let power = <T as Element>::from_scalar(p);
            map::<T, T>(x, |v| integer_power(v, power))?
        }, _ => return Err(NOT_FOR_BOOL)),
    };
    Ok(record(out, "PowBackward0", [x], || {
        let keep = Saved::input(x);
        move |cx| {
            let (g, x) = (cx.grad()?, keep.get(cx)?);
            if power == 0.0 {
                return grads![Some(g.zeros_like()?)];
            }
            // p x^(p-1); for a square that is 2x, without a further power.
            let slope = match power {
                2.0 => x,
                _ => pow(&(&x).into(), &(power - 1.0).into())?,
            };
            grads![Some(g.mul(&mul(&(&slope).into(), &power.into())?)?)]
        }
    }))
}

fn apply(pair: &Pair) -> Result<Tensor> {
    match pair.dtype() {
        DType::Bool => Err(NOT_FOR_BOOL),
        DType::F32 => pair.apply::<f32, f32>(f32::powf),
        DType::F64 => pair.apply::<f64, f64>(f64::powf),
        dtype => crate::for_number!(dtype, T => pair.apply::<T, T>(integer_power), _ => Err(NOT_FOR_BOOL)),
    }
}

fn number_to_tensor(base: Scalar, p: &Tensor, pair: &Pair) -> Result<Tensor> {
    let out = apply(pair)?;
    let base = base.to_f64();
    Ok(record(out.clone(), "PowBackward2", [p], || {
        let (keep_p, keep_y) = (Saved::input(p), Saved::output(&out));
        move |cx| {
            let slope = cx.grad()?.mul(&keep_y.get(cx)?.mul_scalar(base.ln())?)?;
            if base != 0.0 {
                return grads![Some(slope)];
            }
            let p = keep_p.get(cx)?;
            let is_negative =
                crate::for_float!(p.dtype(), T => map::<T, bool>(&p, |p| p < 0.0)?, _ => return Err(NOT_FOR_BOOL));
            grads![Some(keep_where(&slope, &is_negative)?)]
        }
    }))
}

fn tensor_to_tensor(x: &Tensor, p: &Tensor, pair: &Pair) -> Result<Tensor> {
    let out = apply(pair)?;
    Ok(record(out.clone(), "PowBackward1", [x, p], || {
        let (keep_x, keep_p, keep_y) = (Saved::input(x), Saved::input(p), Saved::output(&out));
        move |cx| {
            let (g, x, p) = (cx.grad()?, keep_x.get(cx)?, keep_p.get(cx)?);
            grads![
                cx.when(0, || {
                    let lower = sub(&(&p).into(), &1.0.into())?;
                    let slope = g.mul(&p.mul(&pow(&(&x).into(), &(&lower).into())?)?)?;
                    let is_kept = crate::for_float!(p.dtype(), T => map::<T, bool>(&p, |p| p != 0.0)?, _ => return Err(NOT_FOR_BOOL));
                    keep_where(&slope, &is_kept.expand_to(slope.shape()))
                })?,
                cx.when(1, || {
                    let slope = g.mul(&keep_y.get(cx)?.mul(&log(&x)?)?)?;
                    let is_kept = crate::for_float!(p.dtype(), T => zip::<T, T, bool>(&x, &p, |x, p| !(x == 0.0 && p >= 0.0))?,
                        _ => return Err(NOT_FOR_BOOL));
                    keep_where(&slope, &is_kept.expand_to(slope.shape()))
                })?,
            ]
        }
    }))
}
