"""`ctc_loss`: checks and reduction around the engine's operation."""

from ... import _C
from ..._C import Tensor, tensor


def ctc_loss(
    log_probs, targets, input_lengths, target_lengths, blank=0, reduction="mean", zero_infinity=False
):
    """−log p(targets | log_probs), for each sequence of the batch; the mean divides by the targets' lengths first.

    ``log_probs`` is (T, N, C), or (T, C) for one sequence; ``targets`` (N, S) or (sum of the lengths). A target that is
    too long for its input costs infinity, or nothing with ``zero_infinity``.
    """
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    is_batched = log_probs.dim() == 3
    if log_probs.dim() not in (2, 3):
        raise RuntimeError(f"ctc_loss: expected log_probs (T, N, C) or (T, C), but got {log_probs.dim()} dimensions")
    inputs, lengths = _as_list(input_lengths), _as_list(target_lengths)
    if not is_batched:
        log_probs = log_probs.unsqueeze(1)
        targets = targets.reshape(1, -1)
    _check(log_probs, targets, inputs, lengths, blank)
    losses = _C._ctc_loss(log_probs, targets, inputs, lengths, blank, zero_infinity)
    if reduction == "mean":
        counts = tensor([max(length, 1) for length in lengths], dtype=losses.dtype)
        return (losses / counts).mean()
    if reduction == "sum":
        return losses.sum()
    return losses if is_batched else losses.squeeze(0)


def _as_list(lengths):
    if isinstance(lengths, Tensor):
        if lengths.is_floating_point():
            raise RuntimeError("ctc_loss: lengths must be integers")
        return lengths.reshape(-1).tolist()
    return [int(length) for length in lengths] if isinstance(lengths, (list, tuple)) else [int(lengths)]


def _check(log_probs, targets, inputs, lengths, blank):
    steps, batch, classes = log_probs.shape
    if not 0 <= blank < classes:
        raise RuntimeError("blank must be in label range")
    if targets.dim() not in (1, 2):
        raise RuntimeError(f"ctc_loss: expected targets of one or two dimensions, but got {targets.dim()}")
    if len(inputs) != batch:
        raise RuntimeError(f"input_lengths must be of size batch_size: expected {batch}, got {len(inputs)}")
    if len(lengths) != batch:
        raise RuntimeError(f"target_lengths must be of size batch_size: expected {batch}, got {len(lengths)}")
    for length in inputs:
        if not 0 <= length <= steps:
            raise RuntimeError(f"Expected input_lengths to have value at most {steps}, but got value {length}")
    if min(lengths, default=0) < 0:
        raise RuntimeError(f"Expected target_lengths to have value at least 0, but got value {min(lengths)}")
    if targets.dim() == 2 and (targets.size(0) != batch or max(lengths, default=0) > targets.size(1)):
        raise RuntimeError(
            f"Expected tensor to have size at least {max(lengths, default=0)} at dimension 1, but got size "
            f"{targets.size(1)} for argument #2 'targets'"
        )
    if targets.dim() == 1 and sum(lengths) != targets.size(0):
        raise RuntimeError(
            f"Expected targets of {sum(lengths)} elements, the sum of target_lengths, but got {targets.size(0)}"
        )
