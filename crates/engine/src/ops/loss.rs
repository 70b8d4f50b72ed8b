//! Losses: how far a model's output is from what it should be, as one number or one for each element.
//!
//! [`regression`] compares numbers, [`binary`] probabilities of yes and no, [`classification`] scores of classes,
//! [`similarity`] directions and distances of vectors.

pub mod binary;
pub mod classification;
pub mod regression;
pub mod similarity;

pub use binary::{binary_cross_entropy, binary_cross_entropy_with_logits};
pub use classification::{cross_entropy, multi_margin_loss, nll_loss};
pub use regression::{gaussian_nll_loss, huber_loss, kl_div, l1_loss, mse_loss, poisson_nll_loss, smooth_l1_loss};
pub use similarity::{
    cosine_embedding_loss, cosine_similarity, hinge_embedding_loss, margin_ranking_loss, pairwise_distance,
    triplet_margin_loss,
};

use super::{Args, NN, OpDef, TORCH, op, reduce, value};
use crate::autograd::record;
use crate::bail;
use crate::dtype::DType;
use crate::error::Result;
use crate::grads;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "mse_loss(Tensor input, Tensor target, *, str reduction='mean', Tensor? weight=None)",
        NN,
        "Returns the mean of (input - target)**2; reduction='sum' gives the sum, 'none' every element.",
        |a| value(mse_loss(a.tensor(0), a.tensor(1), a.tensor_opt(3), reduction(a, 2)?)),
        &[
            "[2,3], [2,3]",
            "[2,3], [2,3], reduction='none'",
            "[2,3], [2,3], reduction='sum'",
            "[2,3], [3]",
            "[0], [0]",
            "[], []",
            "[2,3], [2,3], weight=c[2,3]",
        ],
    ),
    op(
        "l1_loss(Tensor input, Tensor target, *, str reduction='mean', Tensor? weight=None)",
        NN,
        "Returns the mean of |input - target|; reduction='sum' gives the sum, 'none' every element.",
        |a| value(l1_loss(a.tensor(0), a.tensor(1), a.tensor_opt(3), reduction(a, 2)?)),
        &[
            "[2,3], [2,3]",
            "[2,3], [2,3], reduction='none'",
            "[2,3], [3], reduction='sum'",
            "[2,3], [2,3], weight=c[2,3]",
        ],
    ),
    op(
        "smooth_l1_loss(Tensor input, Tensor target, *, str reduction='mean', float beta=1.0)",
        NN,
        "Returns the mean of d**2 / (2 beta) where d = |input - target| is below beta, and of d - beta / 2 elsewhere.",
        |a| value(smooth_l1_loss(a.tensor(0), a.tensor(1), a.float(3), reduction(a, 2)?)),
        &[
            "[2,3], [2,3]",
            "[2,3], [2,3], reduction='none', beta=0.3",
            "[2,3], [3], reduction='sum'",
            "[2,3], [2,3], beta=0.0",
        ],
    ),
    op(
        "huber_loss(Tensor input, Tensor target, str reduction='mean', float delta=1.0, Tensor? weight=None)",
        NN,
        "Returns the mean of d**2 / 2 where d = |input - target| is at most delta, and of delta (d - delta / 2) elsewhere.",
        |a| value(huber_loss(a.tensor(0), a.tensor(1), a.float(3), a.tensor_opt(4), reduction(a, 2)?)),
        &["[2,3], [2,3]", "[2,3], [2,3], reduction='none', delta=0.3", "[2,3], [3], reduction='sum'"],
    ),
    op(
        "kl_div(Tensor input, Tensor target, *, str reduction='mean', bool log_target=False)",
        NN,
        "Returns target * (log(target) - input), the Kullback-Leibler divergence of a distribution with logarithm input \
         from target. reduction='batchmean' divides the sum by the batch size, which is the divergence proper.",
        |a| {
            let batch_mean = a.str(2) == "batchmean";
            let kind = if batch_mean { Reduction::Sum } else { reduction(a, 2)? };
            value(kl_div(a.tensor(0), a.tensor(1), a.bool(3), kind, batch_mean))
        },
        &[
            "[2,3], p[2,3]",
            "[2,3], [2,3], log_target=True",
            "[2,3], p[2,3], reduction='batchmean'",
            "[2,3], p[2,3], reduction='none'",
            "[2,3], p[3], reduction='sum'",
        ],
    ),
    op(
        "poisson_nll_loss(Tensor input, Tensor target, bool log_input=True, bool full=False, *, float eps=1e-8, str \
         reduction='mean')",
        NN,
        "Returns the negative log likelihood of counts that are Poisson distributed with rate exp(input) (or input, \
         where log_input is False); full=True adds Stirling's approximation of the constant term.",
        |a| value(poisson_nll_loss(a.tensor(0), a.tensor(1), a.bool(2), a.bool(3), a.float(4), reduction(a, 5)?)),
        &["[2,3], +[2,3]", "+[2,3], +[2,3], False", "[2,3], +[2,3], True, True", "[2,3], +[2,3], reduction='none'"],
    ),
    op(
        "gaussian_nll_loss(Tensor input, Tensor target, Operand var, bool full=False, float eps=1e-6, str reduction='mean')",
        NN,
        "Returns the negative log likelihood of targets that are normal with mean input and variance var.",
        |a| value(gaussian_nll_loss(a.tensor(0), a.tensor(1), &a.operand(2), a.bool(3), a.float(4), reduction(a, 5)?)),
        &[
            "[2,3], [2,3], +[2,3]",
            "[2,3], [2,3], +[2], True",
            "[2,3], [2,3], +[2,1], reduction='none'",
            "[2], [2], 0.5",
        ],
    ),
    op(
        "binary_cross_entropy(Tensor input, Tensor target, Tensor? weight=None, *, str reduction='mean')",
        NN,
        "Returns the mean of -(target * log(input) + (1 - target) * log(1 - input)) for probabilities input.",
        |a| value(binary_cross_entropy(a.tensor(0), a.tensor(1), a.tensor_opt(2), reduction(a, 3)?)),
        &[
            "p[2,3], p[2,3]",
            "p[2,3], p[2,3], c[3]",
            "p[2,3], p[2,3], reduction='none'",
            "p[2,3], p[2,3], reduction='sum'",
        ],
    ),
    op(
        "binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight=None, *, str reduction='mean', \
         Tensor? pos_weight=None)",
        NN,
        "Returns the binary cross-entropy of sigmoid(input), computed without overflow; pos_weight multiplies the part \
         of the positive targets.",
        |a| {
            let (weight, pos_weight) = (a.tensor_opt(2), a.tensor_opt(4));
            value(binary_cross_entropy_with_logits(a.tensor(0), a.tensor(1), weight, pos_weight, reduction(a, 3)?))
        },
        &[
            "[2,3], p[2,3]",
            "[2,3], p[2,3], c[3]",
            "[2,3], p[2,3], reduction='none'",
            "[2,3], p[2,3], reduction='sum', pos_weight=c[3]",
            "[], p[]",
        ],
    ),
    op(
        "soft_margin_loss(Tensor input, Tensor target, *, str reduction='mean')",
        NN,
        "Returns the mean of log(1 + exp(-target * input)) for targets 1 and -1.",
        |a| value(binary::soft_margin_loss(a.tensor(0), a.tensor(1), reduction(a, 2)?)),
        &["[2,3], c[2,3]", "[3], c[3], reduction='none'"],
    ),
    op(
        "multilabel_soft_margin_loss(Tensor input, Tensor target, Tensor? weight=None, *, str reduction='mean')",
        NN,
        "Returns the binary cross-entropy of sigmoid(input), averaged over the classes, for targets that name several.",
        |a| value(binary::multilabel_soft_margin_loss(a.tensor(0), a.tensor(1), a.tensor_opt(2), reduction(a, 3)?)),
        &["[2,3], p[2,3]", "[2,3], p[2,3], c[3], reduction='none'"],
    ),
    op(
        "cross_entropy(Tensor input, Tensor target, Tensor? weight=None, *, int ignore_index=-100, str reduction='mean', \
         float label_smoothing=0.0)",
        NN,
        "Returns the mean of -log(softmax(input)[target]) for scores input of shape (N, C, ...) and targets that are \
         class indices (N, ...) or probabilities (N, C, ...).",
        |a| {
            let options = classification::Options {
                weight: a.tensor_opt(2),
                ignore_index: a.int(3),
                reduction: reduction(a, 4)?,
                label_smoothing: a.float(5),
            };
            value(cross_entropy(a.tensor(0), a.tensor(1), &options))
        },
        &[
            "[4,3], i3[4]",
            "[4,3], i3[4], c[3]",
            "[4,3], i3[4], reduction='none'",
            "[4,3], i3[4], reduction='sum'",
            "[4,3], i3[4], ignore_index=1",
            "[4,3], i3[4], label_smoothing=0.1",
            "[4,3], i3[4], c[3], label_smoothing=0.1, ignore_index=1",
            "[2,3,4], i3[2,4]",
            "[2,3,2,2], i3[2,2,2], c[3]",
            "[3], i3[]",
            "[2,3], p[2,3]",
            "[2,3], p[2,3], c[3], label_smoothing=0.1, reduction='sum'",
            "[2,3,2], p[2,3,2], reduction='none'",
            "[3], p[3]",
            "[2,3,4], i3[2,4], label_smoothing=0.2, reduction='none'",
        ],
    ),
    op(
        "nll_loss(Tensor input, Tensor target, Tensor? weight=None, *, int ignore_index=-100, str reduction='mean')",
        NN,
        "Returns the mean of -input[target] for log probabilities input of shape (N, C, ...).",
        |a| {
            let options = classification::Options {
                weight: a.tensor_opt(2),
                ignore_index: a.int(3),
                reduction: reduction(a, 4)?,
                label_smoothing: 0.0,
            };
            value(nll_loss(a.tensor(0), a.tensor(1), &options))
        },
        &[
            "[4,3], i3[4]",
            "[4,3], i3[4], c[3]",
            "[4,3], i3[4], reduction='none'",
            "[4,3], i3[4], ignore_index=1",
            "[2,3,4], i3[2,4], reduction='sum'",
            "[2,3,2,2], i3[2,2,2], c[3]",
            "[3], i3[]",
        ],
    ),
    op(
        "multi_margin_loss(Tensor input, Tensor target, int p=1, float margin=1.0, Tensor? weight=None, *, str \
         reduction='mean')",
        NN,
        "Returns how far the scores of the other classes come within margin of the target's, averaged over the classes.",
        |a| value(multi_margin_loss(a.tensor(0), a.tensor(1), a.int(2), a.float(3), a.tensor_opt(4), reduction(a, 5)?)),
        &["[4,3], i3[4]", "[4,3], i3[4], 2, 0.5", "[4,3], i3[4], weight=c[3], reduction='none'", "[3], i3[]"],
    ),
    op(
        "cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-8)",
        NN | TORCH,
        "Returns the cosine of the angle between two vectors along dim.",
        |a| value(cosine_similarity(a.tensor(0), a.tensor(1), a.int(2), a.float(3))),
        &["[2,3], [2,3]", "[2,3], [3]", "[2,3,2], [2,3,2], 0", "[3], [3], 0"],
    ),
    op(
        "pairwise_distance(Tensor x1, Tensor x2, float p=2.0, float eps=1e-6, bool keepdim=False)",
        NN | TORCH,
        "Returns the distance of two vectors along the last dimension, in the norm of order p.",
        |a| value(pairwise_distance(a.tensor(0), a.tensor(1), a.float(2), a.float(3), a.bool(4))),
        &["[2,3], [2,3]", "[2,3], [3], 1.0", "[2,3], [2,3], 3.0, 1e-6, True", "[3], [3]"],
    ),
    op(
        "cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float margin=0.0, *, str reduction='mean')",
        NN,
        "Returns 1 - cos for pairs that belong together (target 1) and max(0, cos - margin) for others (target -1).",
        |a| value(cosine_embedding_loss(a.tensor(0), a.tensor(1), a.tensor(2), a.float(3), reduction(a, 4)?)),
        &["[2,3], [2,3], i2[2]", "[3], [3], i2[], 0.1"],
    ),
    op(
        "margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, float margin=0.0, *, str reduction='mean')",
        NN,
        "Returns max(0, -target * (input1 - input2) + margin): target 1 wants input1 ranked higher, -1 lower.",
        |a| value(margin_ranking_loss(a.tensor(0), a.tensor(1), a.tensor(2), a.float(3), reduction(a, 4)?)),
        &["[3], [3], c[3]", "[2,3], [2,3], c[2,3], 0.5, reduction='none'"],
    ),
    op(
        "hinge_embedding_loss(Tensor input, Tensor target, float margin=1.0, *, str reduction='mean')",
        NN,
        "Returns input where target is 1 and max(0, margin - input) where it is -1.",
        |a| value(hinge_embedding_loss(a.tensor(0), a.tensor(1), a.float(2), reduction(a, 3)?)),
        &["[2,3], i2[2,3]", "[2,3], i2[2,3], 0.5, reduction='sum'"],
    ),
    op(
        "triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1.0, float p=2.0, float \
         eps=1e-6, bool swap=False, *, str reduction='mean')",
        NN,
        "Returns max(0, distance(anchor, positive) - distance(anchor, negative) + margin).",
        |a| {
            let distance = similarity::Distance { p: a.float(4), eps: a.float(5) };
            value(triplet_margin_loss(
                a.tensor(0),
                a.tensor(1),
                a.tensor(2),
                a.float(3),
                distance,
                a.bool(6),
                reduction(a, 7)?,
            ))
        },
        &["[2,3], [2,3], [2,3]", "[2,3], [2,3], [2,3], 0.5, swap=True, reduction='none'", "[3], [3], [3]"],
    ),
];

/// What becomes of the losses of the elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// They stay.
    None,
    /// Their mean.
    Mean,
    /// Their sum.
    Sum,
}

fn reduction(a: &Args, i: usize) -> Result<Reduction> {
    Ok(match a.str(i) {
        "none" => Reduction::None,
        "mean" => Reduction::Mean,
        "sum" => Reduction::Sum,
        other => bail!(Value: "{other} is not a valid value for reduction"),
    })
}

impl Reduction {
    /// Reduces the losses of the elements.
    fn apply(self, losses: &Tensor) -> Result<Tensor> {
        match self {
            Reduction::None => Ok(losses.clone()),
            Reduction::Sum => reduce::sum(losses, &[], false, None),
            Reduction::Mean => mean(losses),
        }
    }

    /// What the gradient of each element is to be multiplied by besides the upstream gradient.
    fn factor(self, count: usize) -> f64 {
        if self == Reduction::Mean { 1.0 / count as f64 } else { 1.0 }
    }
}

/// The mean of all elements, NaN where there are none.
fn mean(t: &Tensor) -> Result<Tensor> {
    if !t.dtype().is_float() {
        bail!(NotImplemented:
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {}",
            t.dtype().torch_name()
        );
    }
    let count = t.numel();
    let out = reduce::sum(&t.detach(), &[], false, None)?.div_scalar(count as f64)?;
    Ok(record(out, "MeanBackward0", [t], || {
        let shape = Shape::from(t.shape());
        move |cx| grads![Some(cx.grad()?.div_scalar(count as f64)?.expand_to(&shape))]
    }))
}

/// Brings two tensors to their common dtype.
fn promoted(a: &Tensor, b: &Tensor) -> Result<(Tensor, Tensor, DType)> {
    let dtype = crate::dtype::Promotion::default().tensor(a.dtype(), a.rank()).tensor(b.dtype(), b.rank()).result();
    Ok((a.to_dtype(dtype)?, b.to_dtype(dtype)?, dtype))
}
