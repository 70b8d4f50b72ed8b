"""Dropout of whole channels, and alpha dropout: checks in front of the engine's operations."""

from ..._C import (
    alpha_dropout as _alpha, alpha_dropout_ as _alpha_, feature_alpha_dropout as _feature_alpha,
    feature_alpha_dropout_ as _feature_alpha_, feature_dropout as _feature, feature_dropout_ as _feature_,
)


def _check(p):
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


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
    drop = _feature_ if inplace else _feature
    if input.dim() == 3:
        return drop(input, p, training)
    if inplace:
        return drop(input.unsqueeze_(0), p, training).squeeze_(0)
    return drop(input.unsqueeze(0), p, training).squeeze(0)


def dropout2d(input, p=0.5, training=True, inplace=False):
    """Sets whole channels of (N, C, H, W) to zero with probability ``p``."""
    _check(p)
    if input.dim() not in (3, 4):
        import warnings

        warnings.warn(f"dropout2d: Received a {input.dim()}-D input; it is meant for 4-D inputs (N, C, H, W).")
    return (_feature_ if inplace else _feature)(input, p, training)


def alpha_dropout(input, p=0.5, training=False, inplace=False):
    """Dropout that keeps the mean and the variance of what SELU gives."""
    _check(p)
    return (_alpha_ if inplace else _alpha)(input, p, training)


def feature_alpha_dropout(input, p=0.5, training=False, inplace=False):
    """Alpha dropout of whole channels."""
    _check(p)
    return (_feature_alpha_ if inplace else _feature_alpha)(input, p, training)
