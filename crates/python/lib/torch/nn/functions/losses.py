"""Losses made of other operations."""

from math import log, pi

from ..._C import Tensor, exp, log1p, minimum, ones_like, where
from ...autograd.grad_mode import no_grad
from .activations import logsigmoid
from .distances import pairwise_distance
from .reductions import reduced, reduction_of


def poisson_nll_loss(
    input, target, log_input=True, full=False, size_average=None, eps=1e-8, reduce=None, reduction="mean"
):
    """exp(x) − target·x, or x − target·log(x + eps) where ``input`` is no logarithm."""
    reduction = reduction_of(size_average, reduce, reduction)
    if log_input:
        loss = input.exp() - target * input
    else:
        loss = input - target * (input + eps).log()
    if full:  # Stirling's formula for log(target!)
        stirling = target * target.log() - target + 0.5 * (2 * pi * target).log()
        loss = loss + stirling.masked_fill(target <= 1, 0)
    return reduced(loss, reduction)


def gaussian_nll_loss(input, target, var, full=False, eps=1e-6, reduction="mean"):
    """(log(var) + (x − target)² / var) / 2, with ``var`` not under ``eps``."""
    if not isinstance(var, Tensor):
        var = ones_like(input) * var
    elif var.size() != input.size():
        if input.size()[:-1] == var.size():
            var = var.unsqueeze(-1)
        elif not (input.size()[:-1] == var.size()[:-1] and var.size(-1) == 1):
            raise ValueError("var is of incorrect size")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(reduction + " is not valid")
    if (var < 0).any():
        raise ValueError("var has negative entry/entries")
    var = var.clone()
    with no_grad():
        var.clamp_(min=eps)
    loss = 0.5 * (var.log() + (input - target) ** 2 / var)
    if full:
        loss = loss + 0.5 * log(2 * pi)
    return reduced(loss, reduction)


def cosine_embedding_loss(
    input1, input2, target, margin=0, size_average=None, reduce=None, reduction="mean"
):
    """1 − cos(x₁, x₂) where the target is 1, and max(0, cos(x₁, x₂) − margin) where it is −1."""
    reduction = reduction_of(size_average, reduce, reduction)
    if target.dim() not in (0, 1):
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if target.dim() == 1 and not (input1.dim() == 2 and input2.dim() == 2):
        raise RuntimeError(
            f"1D target tensor expects 2D input tensors, but found inputs with sizes {list(input1.size())} "
            f"and {list(input2.size())}."
        )
    if target.dim() == 0 and not (input1.dim() == 1 and input2.dim() == 1):
        raise RuntimeError(
            f"0D target tensor expects 1D input tensors, but found inputs with sizes {list(input1.size())} "
            f"and {list(input2.size())}."
        )
    dim = target.dim()
    product = (input1 * input2).sum(dim)
    squares = ((input1 * input1).sum(dim) + 1e-12) * ((input2 * input2).sum(dim) + 1e-12)
    cosine = product / squares.sqrt()
    loss = (1 - cosine).masked_fill(target != 1, 0) + (cosine - margin).clamp(min=0).masked_fill(target != -1, 0)
    return reduced(loss, reduction)


def margin_ranking_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction="mean"):
    """max(0, −target·(x₁ − x₂) + margin): the target says which of the two should be the larger."""
    reduction = reduction_of(size_average, reduce, reduction)
    if not input1.dim() == input2.dim() == target.dim():
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.size()}, input2: {input2.size()}, target: {target.size()} "
        )
    return reduced((-target * (input1 - input2) + margin).clamp(min=0), reduction)


def hinge_embedding_loss(input, target, margin=1.0, size_average=None, reduce=None, reduction="mean"):
    """x where the target is 1, and max(0, margin − x) where it is −1."""
    reduction = reduction_of(size_average, reduce, reduction)
    far = (margin - input).clamp(min=0).masked_fill(target == 1, 0)
    near = input.masked_fill(target == -1, 0)
    return reduced(far + near, reduction)


def triplet_margin_loss(
    anchor, positive, negative, margin=1.0, p=2, eps=1e-6, swap=False,
    size_average=None, reduce=None, reduction="mean",
):
    """max(0, d(anchor, positive) − d(anchor, negative) + margin), with the p-norm as distance d."""
    reduction = reduction_of(size_average, reduce, reduction)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")

    def distance(x, y):
        return pairwise_distance(x, y, p, eps)

    return _triplet(anchor, positive, negative, distance, margin, swap, reduction)


def triplet_margin_with_distance_loss(
    anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False, reduction="mean"
):
    """max(0, d(anchor, positive) − d(anchor, negative) + margin), with a distance of one's own."""
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    return _triplet(anchor, positive, negative, distance_function or pairwise_distance, margin, swap, reduction)


def _triplet(anchor, positive, negative, distance, margin, swap, reduction):
    if not anchor.dim() == positive.dim() == negative.dim():
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
            f"anchor {anchor.dim()}D, positive {positive.dim()}D, and negative {negative.dim()}D inputs"
        )
    near = distance(anchor, positive)
    far = distance(anchor, negative)
    if swap:
        far = minimum(far, distance(positive, negative))
    return reduced((margin + near - far).clamp(min=0), reduction)


def soft_margin_loss(input, target, size_average=None, reduce=None, reduction="mean"):
    """log(1 + exp(−target·x)) for targets 1 and −1."""
    reduction = reduction_of(size_average, reduce, reduction)
    return reduced(log1p(exp(-target * input)), reduction)


def multilabel_soft_margin_loss(input, target, weight=None, size_average=None, reduce=None, reduction="mean"):
    """The mean over classes of the binary cross-entropy of sigmoid(x) with targets 0 and 1."""
    reduction = reduction_of(size_average, reduce, reduction)
    loss = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        loss = loss * weight
    return reduced(loss.sum(dim=-1) / input.size(-1), reduction)


def multi_margin_loss(
    input, target, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction="mean"
):
    """Σ over the other classes i of max(0, margin − x[target] + x[i])ᵖ / C."""
    reduction = reduction_of(size_average, reduce, reduction)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    is_single = input.dim() == 1
    scores = input.unsqueeze(0) if is_single else input
    target = target.reshape(-1)
    if weight is not None and (weight.dim() != 1 or weight.numel() != scores.size(1)):
        raise ValueError("weight must be one-dimensional, with one value for each class")
    index = target.unsqueeze(1)
    gap = (margin - scores.gather(1, index) + scores).clamp(min=0)
    if p == 2:
        gap = gap * gap
    if weight is not None:
        gap = gap * weight[target].unsqueeze(1)
    loss = gap.scatter(1, index, 0.0).sum(1) / scores.size(1)
    return reduced(loss.squeeze(0) if is_single else loss, reduction)


def multilabel_margin_loss(input, target, size_average=None, reduce=None, reduction="mean"):
    """Σ over target classes j and others i of max(0, 1 − x[j] + x[i]) / C; −1 ends a row of targets."""
    reduction = reduction_of(size_average, reduce, reduction)
    if input.size() != target.size():
        raise RuntimeError(
            f"inconsistent target size: {list(target.size())} for input of size: {list(input.size())}"
        )
    is_single = input.dim() < 2
    scores = input.reshape(1, -1) if is_single else input
    target = target.reshape(1, -1) if is_single else target
    is_listed = (target >= 0).long().cumprod(1)
    index = target.clamp(min=0)
    is_target = (is_listed.new_zeros(scores.shape).scatter_add(1, index, is_listed) > 0).unsqueeze(1)
    gap = (1 - scores.gather(1, index).unsqueeze(2) + scores.unsqueeze(1)).clamp(min=0)
    is_counted = (is_listed > 0).unsqueeze(2) & ~is_target
    loss = where(is_counted, gap, gap.new_zeros(())).sum((1, 2)) / scores.size(1)
    return reduced(loss.squeeze(0) if is_single else loss, reduction)
