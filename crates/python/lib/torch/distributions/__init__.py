"""`torch.distributions`: distributions with samples, log-probabilities and entropies, as policies and VAEs use them.

Samples are drawn as PyTorch draws them, so the same seed gives the same samples. Here are Normal, LogNormal,
Uniform, Exponential, Laplace, Bernoulli, Categorical, OneHotCategorical, MultivariateNormal, Independent and
`kl_divergence`; the others say that they are missing.
"""

from . import constraints
from .continuous import Exponential, Laplace, LogNormal, Normal, Uniform
from .discrete import Bernoulli, Categorical, OneHotCategorical
from .distribution import Distribution
from .independent import Independent
from .kl import kl_divergence, register_kl
from .multivariate_normal import MultivariateNormal

__all__ = [
    "Bernoulli", "Categorical", "Distribution", "Exponential", "Independent", "Laplace", "LogNormal",
    "MultivariateNormal", "Normal", "OneHotCategorical", "Uniform", "constraints", "kl_divergence", "register_kl",
]

_ABSENT = (
    "Beta Binomial Cauchy Chi2 ContinuousBernoulli Dirichlet ExponentialFamily FisherSnedecor Gamma "
    "GeneralizedPareto Geometric Gumbel HalfCauchy HalfNormal InverseGamma Kumaraswamy LKJCholesky LogisticNormal "
    "LowRankMultivariateNormal MixtureSameFamily Multinomial NegativeBinomial OneHotCategoricalStraightThrough "
    "Pareto Poisson RelaxedBernoulli RelaxedOneHotCategorical StudentT TransformedDistribution VonMises Weibull "
    "Wishart biject_to transform_to transforms"
).split()


def __getattr__(name):
    if name in _ABSENT:
        from .._absent import NotInLyceum

        raise NotInLyceum(f"torch.distributions.{name} is not part of Lyceum yet")
    raise AttributeError(f"module 'torch.distributions' has no attribute '{name}'")
