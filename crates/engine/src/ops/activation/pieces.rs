//! Activations made of straight pieces. The slope of a piece is constant, so the derivative is linear in the upstream
//! gradient, and its own derivative is itself.

use super::check_float;
use crate::autograd::{Saved, record};
use crate::bail;
use crate::dtype::DType;
use crate::element::{Element, Number};
use crate::elementwise::{map, zip};
use crate::error::Result;
use crate::grads;
use crate::ops::pointwise::keep_where;
use crate::tensor::Tensor;

/// `y = max(x, 0)`, `y' = 1` where x > 0, else 0.
pub fn relu(x: &Tensor) -> Result<Tensor> {
    let out = crate::for_number!(x.dtype(), T => {
        let zero = T::default();
        map::<T, T>(x, |v| if v <= zero { zero } else { v })?
    }, _ => bail!(NotImplemented: "Boolean inputs not supported for relu"));
    Ok(record(out.clone(), "ReluBackward0", [x], || {
        let keep = Saved::output(&out);
        move |cx| grads![Some(relu_gradient(&cx.grad()?, &keep.get(cx)?.detach())?)]
    }))
}

/// The gradient where y is positive, 0 elsewhere.
fn relu_gradient(g: &Tensor, y: &Tensor) -> Result<Tensor> {
    let out = crate::for_number!(y.dtype(), T => zip::<T, T, T>(g, y, |g, y| if y <= T::default() { T::default() } else { g })?,
        _ => bail!("relu has no derivative for bools"));
    Ok(record(out, "ThresholdBackwardBackward0", [g], || {
        let keep = Saved::constant(y);
        move |cx| grads![Some(relu_gradient(&cx.grad()?, &keep.get(cx)?)?)]
    }))
}

/// A function of straight pieces in float64, rounded to the dtype, and the slope of each piece.
fn pieces<F, S>(op: &'static str, name: &'static str, x: &Tensor, f: F, slope: S) -> Result<Tensor>
where
    F: Fn(f64) -> f64 + Sync,
    S: Fn(f64) -> f64 + Copy + Send + Sync + 'static,
{
    check_float(op, x)?;
    let out = crate::for_number!(x.dtype(), T => map::<T, T>(x, |v| Element::from_f64(f(Element::to_f64(v))))?,
        _ => bail!("{op}: bools"));
    Ok(record(out, name, [x], || {
        let keep = Saved::constant(x);
        move |cx| grads![Some(times_slope(&cx.grad()?, &keep.get(cx)?, slope)?)]
    }))
}

/// `g · slope(x)`, and 0 where the slope is 0, whatever g is there.
fn times_slope<S>(g: &Tensor, x: &Tensor, slope: S) -> Result<Tensor>
where
    S: Fn(f64) -> f64 + Copy + Send + Sync + 'static,
{
    let out = crate::for_number!(x.dtype(), T => zip::<T, T, T>(g, x, |g, x| match slope(Element::to_f64(x)) {
        0.0 => T::default(),
        1.0 => g,
        s => Number::mul(g, <T as Element>::from_f64(s)),
    })?, _ => bail!("a derivative of bools"));
    Ok(record(out, "MulBackward0", [g], || {
        let keep = Saved::constant(x);
        move |cx| grads![Some(times_slope(&cx.grad()?, &keep.get(cx)?, slope)?)]
    }))
}

/// A parameter as the dtype holds it, so that products with it round as they do in that dtype.
fn held(dtype: DType, v: f64) -> f64 {
    if dtype == DType::F32 { f64::from(v as f32) } else { v }
}

/// `y = min(max(x, 0), 6)`
pub fn relu6(x: &Tensor) -> Result<Tensor> {
    hardtanh(x, 0.0, 6.0)
}

/// `y = x` where x > 0, else `slope x`.
pub fn leaky_relu(x: &Tensor, negative_slope: f64) -> Result<Tensor> {
    let s = held(x.dtype(), negative_slope);
    pieces(
        "leaky_relu_cpu",
        "LeakyReluBackward0",
        x,
        |v| if v > 0.0 { v } else { v * s },
        move |v| if v > 0.0 { 1.0 } else { s },
    )
}

/// `y = x` limited to [min, max]; `y' = 1` strictly between them.
pub fn hardtanh(x: &Tensor, min: f64, max: f64) -> Result<Tensor> {
    if min > max {
        bail!(Value: "min_val cannot be greater than max_val");
    }
    if x.dtype().is_int() {
        let dtype = x.dtype();
        return crate::ops::pointwise::clamp(
            x,
            Some((min as i64).into()),
            Some((max as i64).into()),
            "HardtanhBackward0",
        )
        .and_then(|y| y.to_dtype(dtype));
    }
    let (min, max) = (held(x.dtype(), min), held(x.dtype(), max));
    pieces(
        "hardtanh_cpu",
        "HardtanhBackward0",
        x,
        |v| {
            if v < min {
                min
            } else if v > max {
                max
            } else {
                v
            }
        },
        move |v| if v <= min || v >= max { 0.0 } else { 1.0 },
    )
}

/// `y = x/6 + 1/2` limited to [0, 1].
pub fn hardsigmoid(x: &Tensor) -> Result<Tensor> {
    pieces(
        "hardsigmoid_cpu",
        "HardsigmoidBackward0",
        x,
        |v| if v.is_nan() { v } else { (v + 3.0).clamp(0.0, 6.0) / 6.0 },
        // torch rounds this sixth to float32 whatever the dtype.
        |v| if v > -3.0 && v < 3.0 { f64::from(1.0f32 / 6.0) } else { 0.0 },
    )
}

/// `y = x` where |x| > lambda, else 0.
pub fn hardshrink(x: &Tensor, lambda: f64) -> Result<Tensor> {
    let l = held(x.dtype(), lambda);
    pieces(
        "hardshrink_cpu",
        "HardshrinkBackward0",
        x,
        |v| if v >= -l && v <= l { 0.0 } else { v },
        move |v| if v >= -l && v <= l { 0.0 } else { 1.0 },
    )
}

/// `y = x` moved towards 0 by lambda, to 0 at most.
pub fn softshrink(x: &Tensor, lambda: f64) -> Result<Tensor> {
    check_float("softshrink_check", x)?;
    if lambda < 0.0 || lambda.is_nan() {
        let highest = if x.dtype() == DType::F32 { "3.40282e+38" } else { "1.79769e+308" };
        bail!("lambda must be in range [0, {highest}] for input dtype {}, but found {lambda}", x.dtype().torch_name());
    }
    let l = held(x.dtype(), lambda);
    pieces(
        "softshrink_cpu",
        "SoftshrinkBackward0",
        x,
        |v| {
            if v > l {
                v - l
            } else if v < -l {
                v + l
            } else {
                v * 0.0
            }
        },
        move |v| if v >= -l && v <= l { 0.0 } else { 1.0 },
    )
}

/// `y = x` where x exceeds the threshold, else the value.
pub fn threshold(x: &Tensor, threshold: f64, value: f64) -> Result<Tensor> {
    let (t, v) = (held(x.dtype(), threshold), held(x.dtype(), value));
    if x.dtype().is_int() {
        return crate::for_number!(x.dtype(), T => {
            let (t, v) = (<T as Element>::from_f64(threshold), <T as Element>::from_f64(value));
            map::<T, T>(x, |x| if x <= t { v } else { x })
        }, _ => bail!("threshold: bools"));
    }
    pieces(
        "threshold_cpu",
        "ThresholdBackward0",
        x,
        |x| if x <= t { v } else { x },
        move |x| if x <= t { 0.0 } else { 1.0 },
    )
}

/// `y = x hardsigmoid(x)`: 0 below -3, x above 3, `x (x + 3)/6` between; there `y' = x/3 + 1/2`.
pub fn hardswish(x: &Tensor) -> Result<Tensor> {
    check_float("hardswish_cpu", x)?;
    let out = crate::for_float!(x.dtype(), T => map::<T, T>(x, |v| if v.is_nan() { v } else { v * (v + 3.0).clamp(0.0, 6.0) / 6.0 })?,
        _ => bail!("hardswish: integers"));
    Ok(record(out, "HardswishBackward0", [x], || {
        let keep = Saved::input(x);
        move |cx| {
            let (g, x) = (cx.grad()?, keep.get(cx)?);
            let is = |f: fn(f64) -> bool| {
                crate::for_float!(x.dtype(), T => map::<T, bool>(&x, |v| f(Element::to_f64(v))),
                _ => bail!("hardswish: integers"))
            };
            let between = keep_where(&g.mul(&x.div_scalar(3.0)?.add_scalar(0.5)?)?, &is(|v| v > -3.0 && v < 3.0)?)?;
            grads![Some(between.add(&keep_where(&g, &is(|v| v >= 3.0)?)?)?)]
        }
    }))
}
