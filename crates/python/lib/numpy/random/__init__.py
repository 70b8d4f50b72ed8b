"""Random numbers as numpy draws them: the same seed gives the same numbers.

``np.random.seed``, ``np.random.rand`` and the other functions are the methods of one ``RandomState``, the older way;
``np.random.default_rng(seed)`` is the newer one, with other numbers.
"""

from .._absent import absent
from ._generator import Generator, default_rng
from ._seeding import MT19937, PCG64, BitGenerator, SeedSequence
from ._state import RandomState

_shared = RandomState()

_FUNCTIONS = (
    "beta binomial bytes chisquare choice dirichlet exponential gamma geometric get_state gumbel laplace logistic "
    "lognormal multinomial multivariate_normal normal pareto permutation poisson power rand randint randn random "
    "random_integers random_sample rayleigh seed set_state shuffle standard_cauchy standard_exponential standard_gamma "
    "standard_normal standard_t triangular uniform weibull"
).split()
for _name in _FUNCTIONS:
    globals()[_name] = getattr(_shared, _name)
ranf = sample = _shared.random_sample


def get_state(legacy=True):
    """Returns the state of the shared generator, for :func:`set_state`."""
    return _shared.get_state()


def __getattr__(name):
    raise absent("numpy.random", name)
