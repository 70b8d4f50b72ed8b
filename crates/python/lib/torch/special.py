"""`torch.special`: mathematical functions under the names of scipy.special."""

from . import _C
from ._absent import absent_names

_NAMES = {
    "digamma": "digamma", "erf": "erf", "erfc": "erfc", "erfinv": "erfinv", "exp2": "exp2", "expit": "sigmoid",
    "expm1": "expm1", "gammaln": "lgamma", "log1p": "log1p", "log_softmax": "log_softmax", "logit": "logit",
    "logsumexp": "logsumexp", "psi": "digamma", "round": "round", "sinc": "sinc", "softmax": "softmax",
    "xlogy": "xlogy",
}


def __getattr__(name):
    if name in _NAMES and hasattr(_C, _NAMES[name]):
        return getattr(_C, _NAMES[name])
    raise absent_names("special", name)
