"""`kl_divergence(p, q)`, by the pair of classes."""

import math

from .. import _C, linalg
from .continuous import Exponential, Laplace, Normal, Uniform
from .discrete import Bernoulli, Categorical, OneHotCategorical
from .independent import Independent, sum_rightmost
from .multivariate_normal import MultivariateNormal

_REGISTRY = {}


def register_kl(type_p, type_q):
    """Registers a function of ``p`` and ``q`` for two classes."""

    def register(function):
        _REGISTRY[type_p, type_q] = function
        return function

    return register


def kl_divergence(p, q):
    """The Kullback-Leibler divergence of ``q`` from ``p``."""
    for class_p in type(p).__mro__:
        for class_q in type(q).__mro__:
            if (class_p, class_q) in _REGISTRY:
                return _REGISTRY[class_p, class_q](p, q)
    raise NotImplementedError(
        f"No KL(p || q) is implemented for p type {type(p).__name__} and q type {type(q).__name__}"
    )


@register_kl(Normal, Normal)
def _normal(p, q):
    var_ratio = (p.scale / q.scale).pow(2)
    t1 = ((p.loc - q.loc) / q.scale).pow(2)
    return 0.5 * (var_ratio + t1 - 1 - var_ratio.log())


@register_kl(Bernoulli, Bernoulli)
def _bernoulli(p, q):
    from ..nn.functional import softplus

    t1 = p.probs * (softplus(-q.logits) - softplus(-p.logits))
    t2 = (1 - p.probs) * (softplus(q.logits) - softplus(p.logits))
    t1 = _C.where((q.probs == 0) & (p.probs != 0), math.inf, t1).masked_fill(p.probs == 0, 0)
    t2 = _C.where((q.probs == 1) & (p.probs != 1), math.inf, t2).masked_fill(p.probs == 1, 0)
    return t1 + t2


@register_kl(Categorical, Categorical)
def _categorical(p, q):
    t = p.probs * (p.logits - q.logits)
    t = _C.where((q.probs == 0).expand_as(t), math.inf, t)
    t = _C.where((p.probs == 0).expand_as(t), 0.0, t)
    return t.sum(-1)


@register_kl(OneHotCategorical, OneHotCategorical)
def _one_hot(p, q):
    return _categorical(p._categorical, q._categorical)


@register_kl(Exponential, Exponential)
def _exponential(p, q):
    rate_ratio = q.rate / p.rate
    return -rate_ratio.log() + rate_ratio - 1


@register_kl(Laplace, Laplace)
def _laplace(p, q):
    scale_ratio = p.scale / q.scale
    distance = (p.loc - q.loc).abs()
    return -scale_ratio.log() + distance / q.scale + scale_ratio * _C.exp(-distance / p.scale) - 1


@register_kl(Uniform, Uniform)
def _uniform(p, q):
    result = ((q.high - q.low) / (p.high - p.low)).log()
    return _C.where((q.low > p.low) | (q.high < p.high), math.inf, result)


@register_kl(Independent, Independent)
def _independent(p, q):
    if p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims:
        raise NotImplementedError
    return sum_rightmost(kl_divergence(p.base_dist, q.base_dist), p.reinterpreted_batch_ndims)


@register_kl(MultivariateNormal, MultivariateNormal)
def _multivariate_normal(p, q):
    if p.event_shape != q.event_shape:
        raise ValueError(
            "KL-divergence between two Multivariate Normals with\n"
            "different event shapes cannot be computed"
        )
    half_1 = q._factor.diagonal(dim1=-2, dim2=-1).log().sum(-1) - p._factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)
    trace = linalg.solve_triangular(q._factor, p._factor, upper=False).pow(2).flatten(-2).sum(-1)
    apart = linalg.solve_triangular(q._factor, (q.loc - p.loc).unsqueeze(-1), upper=False).squeeze(-1)
    return half_1 + 0.5 * (trace + apart.pow(2).sum(-1) - p.event_shape[0])
