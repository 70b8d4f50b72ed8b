"""Losses made of other operations."""

from ..._C import _nn, minimum, where
from .reductions import reduced, reduction_of


def triplet_margin_with_distance_loss(
    anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False, reduction="mean"
):
    """max(0, d(anchor, positive) − d(anchor, negative) + margin), with a distance of one's own."""
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    return _triplet(anchor, positive, negative, distance_function or _nn.pairwise_distance, margin, swap, reduction)


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
