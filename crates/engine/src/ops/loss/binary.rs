//! Losses of yes and no: the target is a probability (or a sign), the input a probability or its logit.

use super::Reduction;
use crate::autograd::{Saved, no_grad, record};
use crate::bail;
use crate::elementwise::zip;
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::activation::{logsigmoid, sigmoid, softplus};
use crate::ops::arithmetic::sub;
use crate::ops::pointwise::{clamp, ended_by, log, log1p};
use crate::ops::reduce;
use crate::shape::Dims;
use crate::tensor::Tensor;

fn times(t: &Tensor, weight: Option<&Tensor>) -> Result<Tensor> {
    weight.map_or_else(|| Ok(t.clone()), |w| t.mul(w))
}

/// `-(t ln x + (1 - t) ln(1 - x))` with the logarithms cut at -100.
///
/// `∂/∂x = (x - t)/(x (1 - x))`, `∂/∂t = ln(1 - x) - ln x`.
pub fn binary_cross_entropy(
    x: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
    reduction: Reduction,
) -> Result<Tensor> {
    if x.shape() != target.shape() {
        bail!(Value:
            "Using a target size (torch.Size({})) that is different to the input size (torch.Size({})) is deprecated. \
             Please ensure they have the same size.",
            Dims(target.shape()),
            Dims(x.shape())
        );
    }
    let dtype = x.dtype();
    if let Some(other) = [Some(target), weight].into_iter().flatten().find(|t| t.dtype() != dtype) {
        bail!("Found dtype {} but expected {}", other.dtype().torch_name(), dtype.torch_name());
    }
    let losses = crate::for_float!(dtype, T => {
        for (name, t) in [("input", x), ("target", target)] {
            if !t.dense::<T>()?.iter().all(|v| (0.0..=1.0).contains(v)) {
                bail!("all elements of {name} should be between 0 and 1");
            }
        }
        zip::<T, T, T>(x, target, |x, t| {
            let least = -100.0;
            (t - 1.0) * (-x).ln_1p().max(least) - t * x.ln().max(least)
        })?
    }, _ => return Err(Error::DTypeNotSupported { op: "binary_cross_entropy", dtype }));
    let count = losses.numel();
    let losses = no_grad(|| times(&losses, weight))?;
    if losses.shape() != x.shape() {
        bail!(
            "weight of shape {} does not broadcast to the input's {}",
            Dims(weight.map_or(&[], Tensor::shape)),
            Dims(x.shape())
        );
    }
    let out = reduction.apply(&losses)?;
    Ok(record(out, "BinaryCrossEntropyBackward0", [x, target], || {
        let (keep_x, keep_t, keep_w) = (Saved::input(x), Saved::input(target), weight.map(Saved::input));
        move |cx| {
            let (x, t) = (keep_x.get(cx)?, keep_t.get(cx)?);
            let w = keep_w.as_ref().map(|w| w.get(cx)).transpose()?;
            let g = times(&cx.grad()?.mul_scalar(reduction.factor(count))?, w.as_ref())?;
            grads![
                cx.when(0, || {
                    let spread = x.mul(&sub(&1.0.into(), &(&x).into())?)?;
                    let spread = clamp(&spread, Some(f64::from(1e-12f32).into()), None, "ClampMinBackward0")?;
                    g.mul(&x.sub(&t)?.div(&spread)?)
                })?,
                cx.when(1, || {
                    let cut = |t: Tensor| clamp(&t, Some((-100.0).into()), None, "ClampMinBackward0");
                    g.mul(&cut(log1p(&x.neg()?)?)?.sub(&cut(log(&x)?)?)?)
                })?,
            ]
        }
    }))
}

/// Binary cross-entropy of `sigmoid(x)`: `(1 - t) x + (1 + (p - 1) t) ln(1 + e⁻ˣ)` with p the weight of positives.
///
/// `∂/∂x = (1 + (p - 1) t) sigmoid(x) - p t`, `∂/∂t = (p - 1) ln(1 + e⁻ˣ) - x`.
pub fn binary_cross_entropy_with_logits(
    x: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
    pos_weight: Option<&Tensor>,
    reduction: Reduction,
) -> Result<Tensor> {
    if x.shape() != target.shape() {
        bail!(Value:
            "Target size (torch.Size({})) must be the same as input size (torch.Size({}))",
            Dims(target.shape()),
            Dims(x.shape())
        );
    }
    if !x.dtype().is_float() {
        return Err(Error::DTypeNotSupported { op: "log_sigmoid_cpu", dtype: x.dtype() });
    }
    if !target.dtype().is_float() {
        return Err(Error::CannotCast { from: x.dtype(), to: target.dtype() });
    }
    for (name, w) in [("weight", weight), ("pos_weight", pos_weight)] {
        if w.is_some_and(Tensor::requires_grad) {
            bail!(
                "The function 'binary_cross_entropy_with_logits' is not differentiable with respect to argument \
                 '{name}'. This input cannot have requires_grad True."
            );
        }
    }
    let losses = no_grad(|| {
        // ln(1 + e⁻ˣ)
        let minus_log = logsigmoid(x)?.neg()?;
        let minus_log = match pos_weight {
            Some(p) => minus_log.mul(&positive_share(p, target)?)?,
            None => minus_log,
        };
        times(&sub(&1.0.into(), &target.into())?.mul(x)?.add(&minus_log)?, weight)
    })?;
    let count = losses.numel();
    let out = reduction.apply(&losses)?;
    Ok(record(out, "BinaryCrossEntropyWithLogitsBackward0", [x, target], || {
        let (keep_x, keep_t) = (Saved::input(x), Saved::input(target));
        let (keep_w, keep_p) = (weight.map(Saved::constant), pos_weight.map(Saved::constant));
        move |cx| {
            let (x, t) = (keep_x.get(cx)?, keep_t.get(cx)?);
            let get = |saved: &Option<Saved>| saved.as_ref().map(|saved| saved.get(cx)).transpose();
            let (w, p) = (get(&keep_w)?, get(&keep_p)?);
            let g = times(&cx.grad()?, w.as_ref())?.mul_scalar(reduction.factor(count))?;
            grads![
                cx.when(0, || {
                    let s = sigmoid(&x)?;
                    g.mul(&match &p {
                        Some(p) => s.mul(&positive_share(p, &t)?)?.sub(&p.mul(&t)?)?,
                        None => s.sub(&t)?,
                    })
                })?,
                cx.when(1, || {
                    let slope = x.neg()?;
                    g.mul(&match &p {
                        Some(p) => slope.sub(&p.add_scalar(-1.0)?.mul(&logsigmoid(&x)?)?)?,
                        None => slope,
                    })
                })?,
            ]
        }
    }))
}

/// `1 + (p - 1) t`
fn positive_share(p: &Tensor, t: &Tensor) -> Result<Tensor> {
    p.add_scalar(-1.0)?.mul(t)?.add_scalar(1.0)
}

/// `ln(1 + e^(-t x))` for targets 1 and -1.
pub fn soft_margin_loss(x: &Tensor, target: &Tensor, reduction: Reduction) -> Result<Tensor> {
    if target.requires_grad() {
        bail!(
            "The function 'soft_margin_loss' is not differentiable with respect to argument 'target'. This input cannot \
             have requires_grad True."
        );
    }
    let losses = softplus(&target.mul(x)?.neg()?, 1.0, f64::INFINITY)?;
    Ok(ended_by("SoftMarginLossBackward0", &reduction.apply(&losses)?))
}

/// `-(t ln sigmoid(x) + (1 - t) ln sigmoid(-x))`, averaged over the last dimension.
pub fn multilabel_soft_margin_loss(
    x: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
    reduction: Reduction,
) -> Result<Tensor> {
    let yes = target.mul(&logsigmoid(x)?)?;
    let no = sub(&1.0.into(), &target.into())?.mul(&logsigmoid(&x.neg()?)?)?;
    let losses = times(&yes.add(&no)?.neg()?, weight)?;
    let classes = x.size(-1)?;
    reduction.apply(&reduce::sum(&losses, &[-1], false, None)?.div_scalar(classes as f64)?)
}
