//! Circular and hyperbolic functions and their inverses.

use super::{as_float, float_map, keep_where, map_slices, pow, with_input, with_output};
use crate::autograd::{Saved, record};
use crate::dtype::DType;
use crate::elementwise::map;
use crate::error::{Error, Result};
use crate::grads;
use crate::kernels::elementary;
use crate::ops::Operand;
use crate::ops::arithmetic::{Pair, sub};
use crate::tensor::Tensor;

fn square(x: &Tensor) -> Result<Tensor> {
    x.mul(x)
}

/// `1 - x`
fn one_less(x: &Tensor) -> Result<Tensor> {
    sub(&1.0.into(), &x.into())
}

/// `1/√x`
fn inverse_root(x: &Tensor) -> Result<Tensor> {
    pow(&x.into(), &(-0.5).into())
}

/// `y = sin x`, `y' = cos x`
pub fn sin(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    Ok(with_input(float_map!(x, v => v.sin()), "SinBackward0", x, |g, x| g.mul(&cos(x)?)))
}

/// `y = cos x`, `y' = -sin x`
pub fn cos(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    Ok(with_input(float_map!(x, v => v.cos()), "CosBackward0", x, |g, x| g.mul(&sin(x)?.neg()?)))
}

/// `y = tan x`, `y' = 1 + y²`
pub fn tan(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    Ok(with_output(float_map!(x, v => v.tan()), "TanBackward0", x, |g, y| g.mul(&square(y)?.add_scalar(1.0)?)))
}

/// `y = arcsin x`, `y' = 1/√(1 - x²)`
pub fn asin(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    Ok(with_input(float_map!(x, v => v.asin()), "AsinBackward0", x, |g, x| {
        g.mul(&inverse_root(&one_less(&square(x)?)?)?)
    }))
}

/// `y = arccos x`, `y' = -1/√(1 - x²)`
pub fn acos(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    Ok(with_input(float_map!(x, v => v.acos()), "AcosBackward0", x, |g, x| {
        g.mul(&inverse_root(&one_less(&square(x)?)?)?)?.neg()
    }))
}

/// `y = arctan x`, `y' = 1/(1 + x²)`
pub fn atan(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    Ok(with_input(float_map!(x, v => v.atan()), "AtanBackward0", x, |g, x| g.div(&square(x)?.add_scalar(1.0)?)))
}

/// `y = sinh x`, `y' = cosh x`
pub fn sinh(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    Ok(with_input(float_map!(x, v => v.sinh()), "SinhBackward0", x, |g, x| g.mul(&cosh(x)?)))
}

/// `y = cosh x`, `y' = sinh x`
pub fn cosh(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    Ok(with_input(float_map!(x, v => v.cosh()), "CoshBackward0", x, |g, x| g.mul(&sinh(x)?)))
}

/// `y = tanh x`, `y' = 1 - y²`
pub fn tanh(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out =
        crate::for_float!(x.dtype(), T => map_slices::<T>(x, elementary::tanh)?, _ => unreachable!("floats only"));
    Ok(with_output(out, "TanhBackward0", x, tanh_slope))
}

fn tanh_slope(g: &Tensor, y: &Tensor) -> Result<Tensor> {
    if crate::autograd::grad_enabled() {
        return g.mul(&one_less(&square(y)?)?);
    }
    crate::for_float!(y.dtype(), T => super::map_slices_2::<T>(g, y, elementary::tanh_backward), _ => unreachable!("floats only"))
}

/// `y = arsinh x`, `y' = 1/√(x² + 1)`
pub fn asinh(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    Ok(with_input(float_map!(x, v => v.asinh()), "AsinhBackward0", x, |g, x| {
        g.mul(&inverse_root(&square(x)?.add_scalar(1.0)?)?)
    }))
}

/// `y = arcosh x`, `y' = 1/√(x² - 1)`
pub fn acosh(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    Ok(with_input(float_map!(x, v => v.acosh()), "AcoshBackward0", x, |g, x| {
        g.mul(&inverse_root(&square(x)?.add_scalar(-1.0)?)?)
    }))
}

/// `y = artanh x`, `y' = 1/(1 - x²)`
pub fn atanh(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    Ok(with_input(float_map!(x, v => v.atanh()), "AtanhBackward0", x, |g, x| g.div(&one_less(&square(x)?)?)))
}

/// The angle of the point (x, y): `∂/∂y = x/(x² + y²)`, `∂/∂x = -y/(x² + y²)`.
pub fn atan2(y: &Tensor, x: &Tensor) -> Result<Tensor> {
    let pair = Pair::new(&y.into(), &x.into(), DType::to_float)?;
    let out = crate::for_float!(pair.dtype(), T => pair.apply::<T, T>(T::atan2)?, _ => unreachable!("floats only"));
    let (y, x) = pair.tensors()?;
    Ok(record(out, "Atan2Backward0", [&y, &x], || {
        let (keep_y, keep_x) = (Saved::input(&y), Saved::input(&x));
        move |cx| {
            let (y, x) = (keep_y.get(cx)?, keep_x.get(cx)?);
            let g = cx.grad()?.div(&square(&x)?.add(&square(&y)?)?)?;
            grads![cx.when(0, || g.mul(&x))?, cx.when(1, || g.mul(&y.neg()?))?]
        }
    }))
}

/// `h = √(a² + b²)`: `∂h/∂a = a/h`, `∂h/∂b = b/h`.
pub fn hypot(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let pair = Pair::new(&a.into(), &b.into(), |d| d)?;
    let out = crate::for_float!(pair.dtype(), T => pair.apply::<T, T>(T::hypot)?,
        _ => return Err(Error::DTypeNotSupported { op: "hypot_cpu", dtype: pair.dtype() }));
    let (a, b) = pair.tensors()?;
    Ok(record(out.clone(), "HypotBackward0", [&a, &b], || {
        let (keep_a, keep_b, keep_h) = (Saved::input(&a), Saved::input(&b), Saved::output(&out));
        move |cx| {
            let (g, h) = (cx.grad()?, keep_h.get(cx)?);
            grads![cx.when(0, || g.mul(&keep_a.get(cx)?.div(&h)?))?, cx.when(1, || g.mul(&keep_b.get(cx)?.div(&h)?))?,]
        }
    }))
}

/// `y = sin(πx)/(πx)`, 1 at 0; `y' = (cos(πx) - y)/x`, 0 at 0.
pub fn sinc(x: &Tensor) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = float_map!(x, v => {
        let angle = v * std::f64::consts::PI as T;
        if v == 0.0 { 1.0 } else { angle.sin() / angle }
    });
    Ok(with_input(out, "SincBackward0", x, |g, x| {
        let angle = x.mul_scalar(std::f64::consts::PI)?;
        let slope = g.mul(&cos(&angle)?.sub(&sin(&angle)?.div(&angle)?)?.div(x)?)?;
        let is_elsewhere =
            crate::for_float!(x.dtype(), T => map::<T, bool>(x, |v| v != 0.0)?, _ => unreachable!("floats only"));
        keep_where(&slope, &is_elsewhere)
    }))
}

/// Degrees to radians.
pub fn deg2rad(x: &Tensor) -> Result<Tensor> {
    scaled(x, std::f64::consts::PI / 180.0, "Deg2RadBackward0")
}

/// Radians to degrees.
pub fn rad2deg(x: &Tensor) -> Result<Tensor> {
    scaled(x, 180.0 / std::f64::consts::PI, "Rad2DegBackward0")
}

fn scaled(x: &Tensor, factor: f64, name: &'static str) -> Result<Tensor> {
    let x = &as_float(x)?;
    let out = float_map!(x, v => v * factor as T);
    Ok(record(out, name, [x], || {
        move |cx| grads![Some(crate::ops::arithmetic::mul(&Operand::from(&cx.grad()?), &factor.into())?)]
    }))
}
