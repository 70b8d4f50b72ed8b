//! Losses of numbers: of differences, and negative log likelihoods of some distributions.

use super::{Reduction, promoted};
use crate::autograd::{Saved, no_grad, record};
use crate::bail;
use crate::element::{Element, Number};
use crate::elementwise::{map, zip};
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::arithmetic::sub;
use crate::ops::pointwise::{abs, clamp, exp, keep_where, log, xlogy};
use crate::ops::{Operand, reduce, view};
use crate::shape::Dims;
use crate::tensor::Tensor;

/// A loss of the difference `d = x - t` alone. `slope` gives its derivative in d times a factor.
fn difference_loss<V, S>(
    op: &'static str,
    name: &'static str,
    x: &Tensor,
    target: &Tensor,
    reduction: Reduction,
    value: V,
    slope: S,
) -> Result<Tensor>
where
    V: Fn(f64) -> f64 + Sync,
    S: Fn(&Tensor, f64) -> Result<Tensor> + Send + Sync + 'static,
{
    let (x, target, dtype) = promoted(x, target)?;
    let losses = crate::for_float!(dtype, T => zip::<T, T, T>(&x, &target, |x, t| {
        <T as Element>::from_f64(value(Element::to_f64(Number::sub(x, t))))
    })?, _ => return Err(Error::DTypeNotSupported { op, dtype }));
    let count = losses.numel();
    let out = reduction.apply(&losses)?;
    Ok(record(out, name, [&x, &target], || {
        let (keep_x, keep_t) = (Saved::input(&x), Saved::input(&target));
        move |cx| {
            let d = keep_x.get(cx)?.sub(&keep_t.get(cx)?)?;
            let g = slope(&d, reduction.factor(count))?.mul(&cx.grad()?)?;
            grads![cx.needs(0).then(|| g.clone()), cx.when(1, || g.neg())?]
        }
    }))
}

/// Weighs the losses of the elements; a mean then divides by the sum of the weights.
fn weighted(losses: &Tensor, weight: &Tensor, reduction: Reduction) -> Result<Tensor> {
    if weight.shape() != losses.shape() {
        bail!(Value: "Weights and input must have the same size, but got {} and {}", Dims(weight.shape()), Dims(losses.shape()));
    }
    let weighted = losses.mul(weight)?;
    match reduction {
        Reduction::Mean => {
            let total = reduce::sum(&weight.expand_to(losses.shape()), &[], false, None)?;
            Reduction::Sum.apply(&weighted)?.div(&total)
        }
        other => other.apply(&weighted),
    }
}

/// `(x - t)²`
pub fn mse_loss(x: &Tensor, target: &Tensor, weight: Option<&Tensor>, reduction: Reduction) -> Result<Tensor> {
    let loss = |reduction| {
        difference_loss("mse_cpu", "MseLossBackward0", x, target, reduction, |d| d * d, |d, f| d.mul_scalar(2.0 * f))
    };
    match weight {
        Some(weight) => weighted(&loss(Reduction::None)?, weight, reduction),
        None => loss(reduction),
    }
}

/// `|x - t|`
pub fn l1_loss(x: &Tensor, target: &Tensor, weight: Option<&Tensor>, reduction: Reduction) -> Result<Tensor> {
    let losses = abs(&x.sub(target)?)?;
    match weight {
        Some(weight) => weighted(&losses, weight, reduction),
        None => reduction.apply(&losses),
    }
}

/// `d²/(2β)` where `d = |x - t|` is below β, `d - β/2` elsewhere.
pub fn smooth_l1_loss(x: &Tensor, target: &Tensor, beta: f64, reduction: Reduction) -> Result<Tensor> {
    if beta < 0.0 {
        bail!("smooth_l1_loss does not support negative values for beta.");
    }
    if beta == 0.0 {
        return l1_loss(x, target, None, reduction);
    }
    let value = |d: f64| if d.abs() < beta { 0.5 * d * d / beta } else { d.abs() - 0.5 * beta };
    let slope = move |d: &Tensor, factor: f64| {
        clamp(&d.div_scalar(beta)?, Some((-1.0).into()), Some(1.0.into()), "ClampBackward1")?.mul_scalar(factor)
    };
    difference_loss("smooth_l1_cpu", "SmoothL1LossBackward0", x, target, reduction, value, slope)
}

/// `d²/2` where `d = |x - t|` is at most δ, `δ(d - δ/2)` elsewhere.
pub fn huber_loss(
    x: &Tensor,
    target: &Tensor,
    delta: f64,
    weight: Option<&Tensor>,
    reduction: Reduction,
) -> Result<Tensor> {
    if delta <= 0.0 {
        bail!("huber_loss does not support non-positive values for delta.");
    }
    let loss = |reduction| {
        let value = |d: f64| if d.abs() <= delta { 0.5 * d * d } else { delta * (d.abs() - 0.5 * delta) };
        let slope = move |d: &Tensor, factor: f64| {
            clamp(d, Some((-delta).into()), Some(delta.into()), "ClampBackward1")?.mul_scalar(factor)
        };
        difference_loss("huber_cpu", "HuberLossBackward0", x, target, reduction, value, slope)
    };
    match weight {
        // Unlike the other losses, torch's mean does not divide by the weights here.
        Some(weight) => reduction.apply(&loss(Reduction::None)?.mul(weight)?),
        None => loss(reduction),
    }
}

/// `t (ln t - x)`, or `eᵗ (t - x)` for a target given by its logarithm.
pub fn kl_div(x: &Tensor, target: &Tensor, log_target: bool, reduction: Reduction, batch_mean: bool) -> Result<Tensor> {
    if !x.dtype().is_float() || !target.dtype().is_float() {
        bail!("kl_div: Integral inputs not supported.");
    }
    let losses = if log_target {
        exp(target)?.mul(&target.sub(x)?)?
    } else {
        xlogy(&target.into(), &target.into())?.sub(&target.mul(x)?)?
    };
    let loss = reduction.apply(&losses)?;
    match x.shape().first() {
        Some(&batch) if batch_mean => loss.div_scalar(batch as f64),
        _ => Ok(loss),
    }
}

/// `e^x - t x`, or `x - t ln(x + ε)` for a rate given itself; `full` adds Stirling's approximation of `ln t!`.
pub fn poisson_nll_loss(
    x: &Tensor,
    target: &Tensor,
    log_input: bool,
    full: bool,
    eps: f64,
    reduction: Reduction,
) -> Result<Tensor> {
    let mut losses =
        if log_input { exp(x)?.sub(&target.mul(x)?)? } else { x.sub(&target.mul(&log(&x.add_scalar(eps)?)?)?)? };
    if full {
        let half_log = log(&target.mul_scalar(2.0 * std::f64::consts::PI)?)?.mul_scalar(0.5)?;
        let stirling = xlogy(&target.into(), &target.into())?.sub(target)?.add(&half_log)?;
        let is_large = crate::for_dtype!(target.dtype(), T => map::<T, bool>(target, |t| t.to_f64() > 1.0)?);
        losses = losses.add(&keep_where(&stirling, &is_large)?)?;
    }
    reduction.apply(&losses)
}

/// `½ (ln v + (x - t)²/v)` with v at least ε; `full` adds `½ ln 2π`.
pub fn gaussian_nll_loss(
    x: &Tensor,
    target: &Tensor,
    variance: &Operand,
    full: bool,
    eps: f64,
    reduction: Reduction,
) -> Result<Tensor> {
    let mut variance = match variance {
        Operand::Tensor(t) => t.clone(),
        Operand::Scalar(s) => Tensor::full(x.shape(), *s, x.dtype())?,
    };
    if variance.shape() != x.shape() {
        let (last, rest) = x.shape().split_last().unwrap_or((&1, &[]));
        let fits = match variance.shape().split_last() {
            Some((1, own)) => own == rest,
            _ => false,
        };
        if variance.shape() == rest && *last > 0 {
            variance = view::unsqueeze(&variance, -1)?;
        } else if !fits {
            bail!(Value: "var is of incorrect size");
        }
    }
    let lacking = crate::for_float!(variance.dtype(), T => {
        if variance.dense::<T>()?.iter().any(|&v| v < 0.0) {
            bail!(Value: "var has negative entry/entries");
        }
        // What lifts the variance to ε, as a constant: gradients flow as if there were no limit.
        no_grad(|| map::<T, T>(&variance, |v| if v < eps as T { eps as T - v } else { 0.0 }))?
    }, _ => bail!("gaussian_nll_loss: expected a floating-point variance, but got {}", variance.dtype().torch_name()));
    let variance = variance.add(&lacking)?;
    let d = sub(&x.into(), &target.into())?;
    let mut losses = log(&variance)?.add(&d.mul(&d)?.div(&variance)?)?.mul_scalar(0.5)?;
    if full {
        losses = losses.add_scalar(0.5 * (2.0 * std::f64::consts::PI).ln())?;
    }
    reduction.apply(&losses)
}
