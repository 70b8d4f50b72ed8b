//! Losses of scores for classes: cross-entropy, the negative log likelihood, and the margin loss.

use super::Reduction;
use crate::autograd::record;
use crate::bail;
use crate::dtype::DType;
use crate::elementwise::map;
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::activation::relu;
use crate::ops::arithmetic::{add, mul, sub};
use crate::ops::pointwise::{ended_by, keep_where, pow};
use crate::ops::reduce;
use crate::ops::softmax::log_softmax;
use crate::shape::{Dims, Shape, numel};
use crate::storage::{allocate, filled};
use crate::tensor::Tensor;

/// The options of a loss of classes.
pub struct Options<'a> {
    /// The weight of each class.
    pub weight: Option<&'a Tensor>,
    /// The class that adds nothing.
    pub ignore_index: i64,
    /// What becomes of the losses.
    pub reduction: Reduction,
    /// The share of the probability that is spread over all classes.
    pub label_smoothing: f64,
}

/// `-ln softmax(x)[t]` for class indices, `-Σ t ln softmax(x)` for probabilities. Scores have shape (C), (N, C) or
/// (N, C, d₁, d₂, ...).
pub fn cross_entropy(x: &Tensor, target: &Tensor, options: &Options<'_>) -> Result<Tensor> {
    let smoothing = options.label_smoothing;
    if !(0.0..=1.0).contains(&smoothing) {
        bail!("label_smoothing must be between 0.0 and 1.0. Got: {smoothing}");
    }
    let class_dim = usize::from(x.rank() > 1);
    let classes = x.shape().get(class_dim).copied().unwrap_or(1);
    if let Some(weight) = options.weight {
        check_weight(weight, classes)?;
    }
    if x.shape() == target.shape() {
        return probability_cross_entropy(x, target, class_dim, classes, options);
    }
    check_targets(x, target)?;
    let log_probabilities = log_softmax(x, class_dim as i64, None)?;
    let sharp = nll_loss(&log_probabilities, target, options)?;
    if smoothing == 0.0 {
        return Ok(sharp);
    }
    let spread = spread_loss(&log_probabilities, target, class_dim, options)?;
    sharp.mul_scalar(1.0 - smoothing)?.add(&spread.mul_scalar(smoothing / classes as f64)?)
}

fn check_weight(weight: &Tensor, classes: usize) -> Result<()> {
    if weight.shape() != [classes] {
        bail!(
            "weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of \
             shape: {}",
            Dims(weight.shape())
        );
    }
    Ok(())
}

/// The weights of the classes, shaped to broadcast over the scores.
fn weights_along(weight: &Tensor, rank: usize, class_dim: usize) -> Result<Tensor> {
    let shape: Shape = (0..rank).map(|d| if d == class_dim { weight.numel() } else { 1 }).collect();
    weight.reshape_to(&shape)
}

fn probability_cross_entropy(
    x: &Tensor,
    target: &Tensor,
    class_dim: usize,
    classes: usize,
    options: &Options<'_>,
) -> Result<Tensor> {
    if !target.dtype().is_float() {
        bail!("Expected floating point type for target with class probabilities, got {}", target.dtype().torch_name());
    }
    if options.ignore_index >= 0 {
        bail!("ignore_index is not supported for floating point target");
    }
    let mut terms = log_softmax(x, class_dim as i64, None)?;
    let target = if options.label_smoothing > 0.0 {
        target.mul_scalar(1.0 - options.label_smoothing)?.add_scalar(options.label_smoothing / classes as f64)?
    } else {
        target.clone()
    };
    terms = terms.mul(&target)?;
    if let Some(weight) = options.weight {
        terms = terms.mul(&weights_along(weight, x.rank(), class_dim)?)?;
    }
    match options.reduction {
        Reduction::None => reduce::sum(&terms, &[class_dim as i64], false, None)?.neg(),
        Reduction::Sum => Reduction::Sum.apply(&terms)?.neg(),
        Reduction::Mean => {
            let count = x.numel() as f64 / classes.max(1) as f64;
            Reduction::Sum.apply(&terms)?.neg()?.div_scalar(count)
        }
    }
}

/// `-Σₖ wₖ ln pₖ` of the places that are not ignored.
fn spread_loss(log_probabilities: &Tensor, target: &Tensor, class_dim: usize, options: &Options<'_>) -> Result<Tensor> {
    let terms = match options.weight {
        Some(weight) => log_probabilities.mul(&weights_along(weight, log_probabilities.rank(), class_dim)?)?,
        None => log_probabilities.clone(),
    };
    let losses = reduce::sum(&terms, &[class_dim as i64], false, None)?.neg()?;
    let ignored = options.ignore_index;
    let targets = target.cast_data(DType::I64)?.reshape_to(losses.shape())?;
    let counts = map::<i64, bool>(&targets, |t| t != ignored)?;
    let losses = keep_where(&losses, &counts)?;
    match options.reduction {
        Reduction::Mean => {
            let picks = Picks::new(log_probabilities, target, options)?;
            Reduction::Sum.apply(&losses)?.div_scalar(picks.total_weight)
        }
        other => other.apply(&losses),
    }
}

/// Checks the shape of class indices against that of the scores.
fn check_targets(x: &Tensor, target: &Tensor) -> Result<()> {
    let rank = x.rank();
    if rank == 0 {
        bail!(Value: "Expected 1 or more dimensions (got 0)");
    }
    if rank == 1 && target.numel() != 1 {
        bail!(Value: "For 1D input, 1D target must have size 1, but got target size: {}", target.numel());
    }
    if rank > 1 {
        let batch = target.shape().first().copied().unwrap_or(1);
        if batch != x.shape()[0] {
            bail!(Value: "Expected input batch_size ({}) to match target batch_size ({batch}).", x.shape()[0]);
        }
        if rank == 2 && target.rank() > 1 {
            bail!("0D or 1D target tensor expected, multi-target not supported");
        }
        if rank > 2 && target.shape().get(1..) != Some(&x.shape()[2..]) {
            let expected: Shape = x.shape()[..1].iter().chain(&x.shape()[2..]).copied().collect();
            bail!("Expected target size {}, got {}", Dims(&expected), Dims(target.shape()));
        }
    }
    if !matches!(target.dtype(), DType::I64 | DType::U8) {
        bail!("expected target dtype to be Long or Byte, but got {}", target.dtype().torch_name());
    }
    Ok(())
}

/// `-w[t] x[t]` at each place; a mean divides the sum by `Σ w[t]`. The gradient of place n goes to `x[t]` only.
pub fn nll_loss(x: &Tensor, target: &Tensor, options: &Options<'_>) -> Result<Tensor> {
    check_targets(x, target)?;
    let picks = Picks::new(x, target, options)?;
    // The target of scores without a batch may be a vector of one.
    let places: Shape = if x.rank() == 1 { Shape::new() } else { target.shape().into() };
    let losses = picks.gather(&x.detach(), &places)?;
    let reduction = options.reduction;
    let out = match reduction {
        Reduction::None => losses,
        Reduction::Sum => Reduction::Sum.apply(&losses)?,
        Reduction::Mean => Reduction::Sum.apply(&losses)?.div_scalar(picks.total_weight)?,
    };
    let name = if x.rank() > 2 { "NllLoss2DBackward0" } else { "NllLossBackward0" };
    Ok(record(out, name, [x], || {
        let total = picks.total_weight;
        move |cx| {
            let g = match reduction {
                Reduction::None => cx.grad()?,
                Reduction::Sum => cx.grad()?.expand_to(&places),
                Reduction::Mean => cx.grad()?.div_scalar(total)?.expand_to(&places),
            };
            grads![Some(picks.spread(&g)?)]
        }
    }))
}

/// Which score each place of the targets picks, and with which factor.
#[derive(Clone)]
struct Picks {
    /// For each place, the index of the score it picks in the row-major scores; `None` where it is ignored.
    places: std::sync::Arc<[Option<usize>]>,
    /// For each place, `-w[t]`.
    factors: std::sync::Arc<[f64]>,
    total_weight: f64,
    shape: Shape,
}

impl Picks {
    fn new(x: &Tensor, target: &Tensor, options: &Options<'_>) -> Result<Picks> {
        let class_dim = usize::from(x.rank() > 1);
        let classes = x.shape()[class_dim];
        let weight = match options.weight {
            Some(weight) => {
                check_weight(weight, classes)?;
                if weight.dtype() != x.dtype() {
                    bail!("expected scalar type {} but found {}", x.dtype().torch_name(), weight.dtype().torch_name());
                }
                Some(weight.to_vec::<f64>()?)
            }
            None => None,
        };
        let inner = numel(&x.shape()[(class_dim + 1).min(x.rank())..]).max(1);
        let targets = target.to_vec::<i64>()?;
        let mut places = Vec::with_capacity(targets.len());
        let mut factors = Vec::with_capacity(targets.len());
        let mut total_weight = 0.0;
        for (n, &t) in targets.iter().enumerate() {
            if t == options.ignore_index {
                places.push(None);
                factors.push(0.0);
                continue;
            }
            let Some(class) = usize::try_from(t).ok().filter(|&class| class < classes) else {
                bail!(Index: "Target {t} is out of bounds.");
            };
            let w = weight.as_ref().map_or(1.0, |weight| weight[class]);
            total_weight += w;
            places.push(Some((n / inner * classes + class) * inner + n % inner));
            factors.push(-w);
        }
        Ok(Picks { places: places.into(), factors: factors.into(), total_weight, shape: x.shape().into() })
    }

    /// `out[n] = factor[n] x[place[n]]`
    fn gather(&self, x: &Tensor, shape: &[usize]) -> Result<Tensor> {
        let out = crate::for_float!(x.dtype(), T => {
            let scores = x.dense::<T>()?;
            let mut out: Vec<T> = allocate(shape)?;
            out.extend(self.places.iter().zip(self.factors.iter()).map(|(place, &factor)| {
                place.map_or(0.0, |place| factor as T * scores[place])
            }));
            Tensor::from_parts(out, shape)
        }, _ => return Err(Error::DTypeNotSupported { op: "nll_loss_out_frame", dtype: x.dtype() }));
        Ok(record(out, "GatherBackward0", [x], || {
            let picks = self.clone();
            move |cx| grads![Some(picks.spread(&cx.grad()?)?)]
        }))
    }

    /// `out[place[n]] = factor[n] g[n]`, 0 elsewhere: the transpose of [`Picks::gather`].
    fn spread(&self, g: &Tensor) -> Result<Tensor> {
        let out = crate::for_float!(g.dtype(), T => {
            let mut out: Vec<T> = filled(&self.shape, 0.0)?;
            for ((place, &factor), &g) in self.places.iter().zip(self.factors.iter()).zip(g.dense::<T>()?.iter()) {
                if let Some(place) = *place {
                    out[place] = factor as T * g;
                }
            }
            Tensor::from_parts(out, &self.shape)
        }, _ => return Err(Error::DTypeNotSupported { op: "nll_loss_backward", dtype: g.dtype() }));
        Ok(record(out, "ScatterBackward0", [g], || {
            let (picks, shape) = (self.clone(), Shape::from(g.shape()));
            move |cx| grads![Some(picks.gather(&cx.grad()?, &shape)?)]
        }))
    }
}

/// `Σ over k ≠ t of max(0, margin - x[t] + x[k])ᵖ w[t] / C`
pub fn multi_margin_loss(
    x: &Tensor,
    target: &Tensor,
    p: i64,
    margin: f64,
    weight: Option<&Tensor>,
    reduction: Reduction,
) -> Result<Tensor> {
    if p != 1 && p != 2 {
        bail!(Value: "only p == 1 and p == 2 supported");
    }
    if x.rank() == 0 || x.rank() > 2 {
        bail!("multi_margin_loss: expected a non-empty vector or matrix, but got shape {}", Dims(x.shape()));
    }
    let classes = x.shape()[x.rank() - 1];
    let batch = x.numel() / classes.max(1);
    let fits = if x.rank() == 1 { target.numel() == 1 } else { target.shape() == [batch] };
    if !fits {
        bail!(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch \
             size). Expected target size [{batch}], but got {}. Input has shape {}.",
            Dims(target.shape()),
            Dims(x.shape())
        );
    }
    if target.dtype() != DType::I64 {
        bail!("expected scalar type Long but found {}", target.dtype().torch_name());
    }
    if let Some(weight) = weight
        && weight.shape() != [classes]
    {
        bail!("inconsistent weight size, expected {classes} but got {}", Dims(weight.shape()));
    }
    let targets = target.to_vec::<i64>()?;
    let mut is_target = filled::<bool>(&[batch, classes], false)?;
    let weights = weight.map(Tensor::to_vec::<f64>).transpose()?;
    let mut factors = Vec::with_capacity(batch);
    for (n, &t) in targets.iter().enumerate() {
        let Some(class) = usize::try_from(t).ok().filter(|&class| class < classes) else {
            bail!("target out of range");
        };
        is_target[n * classes + class] = true;
        factors.push(weights.as_ref().map_or(1.0, |w| w[class]) / classes as f64);
    }
    let is_target = Tensor::from_parts(is_target, &[batch, classes]);
    let is_other = map::<bool, bool>(&is_target, |t| !t)?;
    let factors = Tensor::from_parts(factors, &[batch]).cast_data(x.dtype())?;
    let scores = x.reshape_to(&[batch, classes])?;
    let own = reduce::sum(&keep_where(&scores, &is_target)?, &[1], true, None)?;
    let excess = relu(&add(&(&sub(&(&scores).into(), &(&own).into())?).into(), &margin.into())?)?;
    let excess = if p == 2 { pow(&(&excess).into(), &2i64.into())? } else { excess };
    let losses = mul(&(&reduce::sum(&keep_where(&excess, &is_other)?, &[1], false, None)?).into(), &(&factors).into())?;
    let shape: Shape = if x.rank() == 1 { Shape::new() } else { Shape::from_elem(batch, 1) };
    Ok(ended_by("MultiMarginLossBackward0", &reduction.apply(&losses.reshape_to(&shape)?)?))
}
