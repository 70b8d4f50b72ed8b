//! Directions and distances of vectors, and the losses made of them.

use super::Reduction;
use crate::bail;
use crate::elementwise::map;
use crate::error::Result;
use crate::ops::arithmetic::{add, sub};
use crate::ops::matmul::p_norm;
use crate::ops::pointwise::{clamp, keep_where, minimum, sqrt};
use crate::ops::{reduce, view};
use crate::shape::{Dims, broadcast, wrap_dim};
use crate::tensor::Tensor;

/// `max(x, least)`
fn at_least(x: &Tensor, least: f64) -> Result<Tensor> {
    clamp(x, Some(least.into()), None, "ClampMinBackward0")
}

/// `x₁·x₂ / (max(‖x₁‖, ε) max(‖x₂‖, ε))` along a dimension.
pub fn cosine_similarity(x1: &Tensor, x2: &Tensor, dim: i64, eps: f64) -> Result<Tensor> {
    let (x1, x2, dtype) = super::promoted(x1, x2)?;
    if !dtype.is_float() {
        bail!("expected common dtype to be floating point, yet common dtype is {}", dtype.torch_name());
    }
    let shape = broadcast(x1.shape(), x2.shape())?;
    let d = wrap_dim(dim, shape.len())? as i64;
    let unit = |x: &Tensor| {
        let x = x.expand_to(&shape);
        if x.rank() == 0 {
            return x.div(&at_least(&p_norm(&x, 2.0, false)?, eps)?);
        }
        let last_norm = p_norm(&view::transpose(&x, d, -1)?, 2.0, true)?;
        x.div(&at_least(&view::transpose(&last_norm, d, -1)?, eps)?)
    };
    reduce::sum(&unit(&x1)?.mul(&unit(&x2)?)?, &[d], false, None)
}

/// `‖x₁ - x₂ + ε‖ₚ` along the last dimension.
pub fn pairwise_distance(x1: &Tensor, x2: &Tensor, p: f64, eps: f64, keepdim: bool) -> Result<Tensor> {
    p_norm(&x1.sub(x2)?.add_scalar(eps)?, p, keepdim)
}

/// `x` where the target is (or, with `wanted` false, is not) this number, 0 elsewhere.
fn where_target(x: &Tensor, target: &Tensor, number: f64, wanted: bool) -> Result<Tensor> {
    let mask = crate::for_dtype!(target.dtype(), T => {
        map::<T, bool>(target, |t| (crate::element::Element::to_f64(t) == number) == wanted)?
    });
    let shape = broadcast(x.shape(), target.shape())?;
    keep_where(&x.expand_to(&shape), &mask.expand_to(&shape))
}

/// `1 - cos` for target 1, `max(0, cos - margin)` for target -1.
pub fn cosine_embedding_loss(
    x1: &Tensor,
    x2: &Tensor,
    target: &Tensor,
    margin: f64,
    reduction: Reduction,
) -> Result<Tensor> {
    const EPSILON: f64 = 1e-12;
    if target.rank() > 1 {
        bail!("0D or 1D target tensor expected, multi-target not supported");
    }
    if x1.rank() != target.rank() + 1 || x2.rank() != target.rank() + 1 {
        bail!(
            "{}D target tensor expects {}D input tensors, but found inputs with sizes {} and {}.",
            target.rank(),
            target.rank() + 1,
            Dims(x1.shape()),
            Dims(x2.shape())
        );
    }
    let dot = |a: &Tensor, b: &Tensor| reduce::sum(&a.mul(b)?, &[-1], false, None);
    let square = |x: &Tensor| dot(x, x)?.add_scalar(EPSILON);
    let cosine = dot(x1, x2)?.div(&sqrt(&square(x1)?.mul(&square(x2)?)?)?)?;
    let together = where_target(&sub(&1.0.into(), &(&cosine).into())?, target, 1.0, true)?;
    let apart = where_target(&at_least(&cosine.add_scalar(-margin)?, 0.0)?, target, -1.0, true)?;
    reduction.apply(&together.add(&apart)?)
}

/// `max(0, -t (x₁ - x₂) + margin)`
pub fn margin_ranking_loss(
    x1: &Tensor,
    x2: &Tensor,
    target: &Tensor,
    margin: f64,
    reduction: Reduction,
) -> Result<Tensor> {
    if x1.rank() != x2.rank() || x1.rank() != target.rank() {
        bail!(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: torch.Size({}), \
             input2: torch.Size({}), target: torch.Size({}) ",
            Dims(x1.shape()),
            Dims(x2.shape()),
            Dims(target.shape())
        );
    }
    let losses = target.neg()?.mul(&x1.sub(x2)?)?;
    reduction.apply(&at_least(&add(&(&losses).into(), &margin.into())?, 0.0)?)
}

/// `x` for target 1, `max(0, margin - x)` for target -1; their sum for any other target.
pub fn hinge_embedding_loss(x: &Tensor, target: &Tensor, margin: f64, reduction: Reduction) -> Result<Tensor> {
    let hinge = at_least(&sub(&margin.into(), &x.into())?, 0.0)?;
    let losses = where_target(&hinge, target, 1.0, false)?.add(&where_target(x, target, -1.0, false)?)?;
    reduction.apply(&losses)
}

/// How distances are measured.
#[derive(Clone, Copy, Debug)]
pub struct Distance {
    /// The order of the norm.
    pub p: f64,
    /// What is added to each difference.
    pub eps: f64,
}

/// `max(0, ‖a - p‖ - ‖a - n‖ + margin)`; with `swap`, the negative's distance is the lesser of those from the anchor
/// and from the positive.
pub fn triplet_margin_loss(
    anchor: &Tensor,
    positive: &Tensor,
    negative: &Tensor,
    margin: f64,
    distance: Distance,
    swap: bool,
    reduction: Reduction,
) -> Result<Tensor> {
    if margin <= 0.0 {
        bail!(Value: "margin must be greater than 0, got {margin:?}");
    }
    if anchor.rank() != positive.rank() || anchor.rank() != negative.rank() {
        bail!(
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: \
             anchor {}D, positive {}D, and negative {}D inputs",
            anchor.rank(),
            positive.rank(),
            negative.rank()
        );
    }
    let between = |a: &Tensor, b: &Tensor| pairwise_distance(a, b, distance.p, distance.eps, false);
    let near = between(anchor, positive)?;
    let mut far = between(anchor, negative)?;
    if swap {
        far = minimum(&far, &between(positive, negative)?)?;
    }
    reduction.apply(&at_least(&near.sub(&far)?.add_scalar(margin)?, 0.0)?)
}
