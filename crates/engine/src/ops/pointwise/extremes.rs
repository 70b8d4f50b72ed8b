//! The greater and the lesser of two values, and clamping between bounds.

use super::keep_where;
use crate::autograd::{Saved, record};
use crate::bail;
use crate::dtype::{DType, Promotion, Scalar};
use crate::element::Element;
use crate::elementwise::{map, zip, zip3};
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::arithmetic::Pair;
use crate::tensor::Tensor;

/// The greater of two values; NaN wins. Equal values share the gradient.
pub fn maximum(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    select(a, b, "MaximumBackward0", Choice { greater: true, nan_wins: true })
}

/// The lesser of two values; NaN wins. Equal values share the gradient.
pub fn minimum(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    select(a, b, "MinimumBackward0", Choice { greater: false, nan_wins: true })
}

/// The greater of two values; NaN loses. Equal values share the gradient.
pub fn fmax(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    select(a, b, "FmaxBackward0", Choice { greater: true, nan_wins: false })
}

/// The lesser of two values; NaN loses. Equal values share the gradient.
pub fn fmin(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    select(a, b, "FminBackward0", Choice { greater: false, nan_wins: false })
}

#[derive(Clone, Copy)]
struct Choice {
    greater: bool,
    nan_wins: bool,
}

impl Choice {
    fn takes_first<T: Element>(self, a: T, b: T) -> bool {
        let wins = if self.greater { a >= b } else { a <= b };
        if self.nan_wins { a.is_nan() || (wins && !b.is_nan()) } else { b.is_nan() || wins }
    }
}

#[allow(
    clippy::bool_comparison,
    clippy::nonminimal_bool,
    reason = "bool is one of the types of a generic loop; NaN is in others"
)]
fn select(a: &Tensor, b: &Tensor, name: &'static str, choice: Choice) -> Result<Tensor> {
    let pair = Pair::new(&a.into(), &b.into(), |d| d)?;
    let out =
        crate::for_dtype!(pair.dtype(), T => pair.apply::<T, T>(|a, b| if choice.takes_first(a, b) { a } else { b })?);
    let (a, b) = pair.tensors()?;
    Ok(record(out, name, [&a, &b], || {
        let (keep_a, keep_b) = (Saved::constant(&a), Saved::constant(&b));
        move |cx| {
            let (a, b) = (keep_a.get(cx)?, keep_b.get(cx)?);
            // Equal values share the gradient.
            let share = crate::for_float!(a.dtype(), T => zip::<T, T, T>(&a, &b, |a, b| if a == b { 0.5 } else { 1.0 })?,
                _ => bail!("{name}: a derivative of integers"));
            let g = cx.grad()?.mul(&share)?;
            let is_kept = |own: &Tensor, other: &Tensor, is_first: bool| {
                crate::for_dtype!(own.dtype(), T => zip::<T, T, bool>(own, other, |x, y| {
                    if choice.nan_wins {
                        // NaN shuts neither out.
                        !(if choice.greater { x < y } else { x > y })
                    } else {
                        x == y || (choice.takes_first(x, y) && !(x.is_nan() && !is_first))
                    }
                }))
            };
            let part = |mask: Result<Tensor>| keep_where(&g, &mask?.expand_to(g.shape()));
            grads![cx.when(0, || part(is_kept(&a, &b, true)))?, cx.when(1, || part(is_kept(&b, &a, false)))?]
        }
    }))
}

/// Clamps between two numbers, either of which may be missing. The derivative is 1 strictly between them and 0 elsewhere.
pub fn clamp(x: &Tensor, min: Option<Scalar>, max: Option<Scalar>, name: &'static str) -> Result<Tensor> {
    if min.is_none() && max.is_none() {
        bail!("torch.clamp: At least one of 'min' or 'max' must not be None");
    }
    let promotion =
        [min, max].into_iter().flatten().fold(Promotion::default().tensor(x.dtype(), x.rank()), Promotion::scalar);
    let x = &x.to_dtype(promotion.result())?;
    let out = crate::for_dtype!(x.dtype(), T => {
        let (min, max) = (min.map(<T as Element>::from_scalar), max.map(<T as Element>::from_scalar));
        map::<T, T>(x, |v| clamped(v, min, max))?
    });
    Ok(record(out, name, [x], || {
        let keep = Saved::constant(x);
        move |cx| {
            let x = keep.get(cx)?;
            // Only floats are recorded.
            let inside = crate::for_float!(x.dtype(), T => {
                let (min, max) = (min.map(<T as Element>::from_scalar), max.map(<T as Element>::from_scalar));
                map::<T, bool>(&x, |v| min.is_none_or(|min| v > min) && max.is_none_or(|max| v < max))?
            }, _ => return Err(Error::DTypeNotSupported { op: name, dtype: x.dtype() }));
            grads![Some(keep_where(&cx.grad()?, &inside)?)]
        }
    }))
}

#[inline]
fn clamped<T: Element>(v: T, min: Option<T>, max: Option<T>) -> T {
    let v = match min {
        Some(min) if v < min || (min.is_nan() && !v.is_nan()) => min,
        _ => v,
    };
    match max {
        Some(max) if v > max || (max.is_nan() && !v.is_nan()) => max,
        _ => v,
    }
}

/// Clamps between two tensors, either of which may be missing. A bound takes the gradient where it was applied,
/// and half of it where the value lies on it.
pub fn clamp_tensor(x: &Tensor, min: Option<&Tensor>, max: Option<&Tensor>) -> Result<Tensor> {
    let bounds = [min, max].into_iter().flatten();
    if min.is_none() && max.is_none() {
        bail!("torch.clamp: At least one of 'min' or 'max' must not be None");
    }
    let promotion = bounds.fold(Promotion::default().tensor(x.dtype(), x.rank()), |p, t| p.tensor(t.dtype(), t.rank()));
    let dtype = promotion.result();
    let x = &x.to_dtype(dtype)?;
    // A missing bound is one that nothing is beyond.
    let bound = |t: Option<&Tensor>, beyond: f64| match t {
        Some(t) => t.to_dtype(dtype),
        None => unbounded(dtype, beyond),
    };
    let (min, max) = (&bound(min, f64::NEG_INFINITY)?, &bound(max, f64::INFINITY)?);
    let out =
        crate::for_dtype!(dtype, T => zip3::<T, T, T, T>(x, min, max, |v, min, max| clamped(v, Some(min), Some(max)))?);
    Ok(record(out, "ClampBackward0", [x, min, max], || {
        let (keep_x, keep_min, keep_max) = (Saved::constant(x), Saved::constant(min), Saved::constant(max));
        move |cx| {
            let (g, x, min, max) = (cx.grad()?, keep_x.get(cx)?, keep_min.get(cx)?, keep_max.get(cx)?);
            let part = |i: usize, share: fn(f64, f64, f64) -> f64| {
                cx.when(i, || {
                    g.mul(&crate::for_float!(x.dtype(), T => zip3::<T, T, T, T>(&x, &min, &max, |v, min, max| {
                        Element::from_f64(share(Element::to_f64(v), Element::to_f64(min), Element::to_f64(max)))
                    })?, _ => bail!("clamp: a derivative of integers")))
                })
            };
            grads![
                part(0, |v, min, max| if min < v && v < max {
                    1.0
                } else if min <= max {
                    half(v, min) + half(v, max)
                } else {
                    0.0
                })?,
                part(1, |v, min, max| if min < max {
                    f64::from(v < min) + half(v, min)
                } else {
                    f64::from(min == max && v < min)
                })?,
                part(2, |v, min, max| if min < max {
                    f64::from(v > max) + half(v, max)
                } else {
                    f64::from(v > max || max < min)
                })?,
            ]
        }
    }))
}

/// The half of a gradient that a value on a bound shares with it. Bounds that lie on each other leave it the whole.
fn half(v: f64, bound: f64) -> f64 {
    if v == bound { 0.5 } else { 0.0 }
}

fn unbounded(dtype: DType, beyond: f64) -> Result<Tensor> {
    let lowest = beyond < 0.0;
    Ok(match dtype {
        DType::Bool => Tensor::scalar(!lowest),
        DType::U8 => Tensor::scalar(if lowest { u8::MIN } else { u8::MAX }),
        DType::I32 => Tensor::scalar(if lowest { i32::MIN } else { i32::MAX }),
        DType::I64 => Tensor::scalar(if lowest { i64::MIN } else { i64::MAX }),
        DType::F16 => Tensor::scalar(half::f16::from_f64(beyond)),
        DType::BF16 => Tensor::scalar(half::bf16::from_f64(beyond)),
        DType::F32 => Tensor::scalar(beyond as f32),
        DType::F64 => Tensor::scalar(beyond),
    })
}
