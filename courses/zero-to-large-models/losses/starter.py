import torch


def mse(prediction, target):
    """均方误差，标量。 / The mean squared error, a scalar."""
    raise NotImplementedError


def mse_gradient(prediction, target):
    """mse 对 prediction 的梯度，形状相同。 / The gradient of mse with respect to prediction, in its shape."""
    raise NotImplementedError


def bce(probability, target):
    """二元交叉熵，对数不低于 -100。 / Binary cross-entropy, with logarithms of -100 at least."""
    raise NotImplementedError


def bce_with_logits(logits, target):
    """由 logit 算二元交叉熵，对任何 logit 都稳定。 / Binary cross-entropy from logits, stable for all of them."""
    raise NotImplementedError


def log_sum_exp(logits):
    """每行的 ln Σ exp，(N, C) -> (N,)。 / ln Σ exp of each row, (N, C) -> (N,)."""
    raise NotImplementedError


def cross_entropy(logits, target):
    """交叉熵的平均值；target 是类别编号 (N,)。 / The mean cross-entropy; target holds class numbers, (N,)."""
    raise NotImplementedError


def cross_entropy_gradient(logits, target):
    """cross_entropy 对 logits 的梯度，(N, C)。 / The gradient of cross_entropy with respect to logits, (N, C)."""
    raise NotImplementedError
