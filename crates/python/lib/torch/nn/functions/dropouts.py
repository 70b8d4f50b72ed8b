"""Dropout of whole channels, and alpha dropout."""

from math import sqrt

_SELU_FLOOR = 1.7580993408473766  # minus the value that SELU tends to for x → −∞


def _check(p):
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def _noise(input, p, per_channel):
    """Draws 1 with probability 1 − p and else 0, for each value or for each channel."""
    if not per_channel:
        return input.new_empty(input.shape).bernoulli_(1 - p)
    if input.dim() < 2:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    return input.new_empty((*input.shape[:2], *[1] * (input.dim() - 2))).bernoulli_(1 - p)


def _feature_dropout(input, p, training, inplace):
    if p == 0 or not training or input.numel() == 0:
        return input
    if p == 1:
        return input.mul_(0) if inplace else input.mul(0)
    noise = _noise(input, p, True).div_(1 - p)
    return input.mul_(noise) if inplace else input * noise


def dropout1d(input, p=0.5, training=True, inplace=False):
    """Sets whole channels of (N, C, L) or (C, L) to zero with probability ``p``."""
    _check(p)
    if input.dim() not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {input.dim()}D input. "
            "Note that dropout1d exists to provide channel-wise dropout on inputs with 1 "
            "spatial dimension, a channel dimension, and an optional batch dimension "
            "(i.e. 2D or 3D inputs)."
        )
    if input.dim() == 2:
        row = input.unsqueeze_(0) if inplace else input.unsqueeze(0)
        dropped = _feature_dropout(row, p, training, inplace)
        return dropped.squeeze_(0) if inplace else dropped.squeeze(0)
    return _feature_dropout(input, p, training, inplace)


def dropout2d(input, p=0.5, training=True, inplace=False):
    """Sets whole channels of (N, C, H, W) to zero with probability ``p``."""
    _check(p)
    if input.dim() not in (3, 4):
        import warnings

        warnings.warn(f"dropout2d: Received a {input.dim()}-D input; it is meant for 4-D inputs (N, C, H, W).")
    return _feature_dropout(input, p, training, inplace)


def _alpha_dropout(input, p, training, per_channel):
    _check(p)
    if p == 0 or not training or input.numel() == 0:
        return input
    if p == 1:
        return input.mul(0)
    noise = _noise(input, p, per_channel)
    scale = 1.0 / sqrt((_SELU_FLOOR * _SELU_FLOOR * p + 1) * (1 - p))
    shift = noise.add(-1).mul_(_SELU_FLOOR * scale).add_(_SELU_FLOOR * scale * p)
    return input * noise.mul_(scale) + shift


def alpha_dropout(input, p=0.5, training=False, inplace=False):
    """Dropout that keeps the mean and the variance of what SELU gives."""
    result = _alpha_dropout(input, p, training, False)
    return input.copy_(result) if inplace else result


def feature_alpha_dropout(input, p=0.5, training=False, inplace=False):
    """Alpha dropout of whole channels."""
    result = _alpha_dropout(input, p, training, True)
    return input.copy_(result) if inplace else result
