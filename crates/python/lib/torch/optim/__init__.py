"""`torch.optim`: optimisers, and schedules of their learning rates. Each is loaded when it is first used."""

from .._absent import absent_names, _load_submodule
from .optimizer import Optimizer

_FILE_OF = {
    "Adadelta": "adadelta", "Adagrad": "adagrad", "Adam": "adam", "AdamW": "adam", "Adamax": "adam_variants",
    "LBFGS": "lbfgs", "NAdam": "adam_variants", "RAdam": "adam_variants", "RMSprop": "rmsprop", "Rprop": "rprop",
    "SGD": "sgd",
}

__all__ = ["Optimizer", "lr_scheduler", *_FILE_OF]


def __getattr__(name):
    if name in _FILE_OF:
        value = getattr(_load_submodule(__name__, _FILE_OF[name]), name)
        globals()[name] = value
        return value
    if name in ("lr_scheduler", "swa_utils") or name in _FILE_OF.values():
        return _load_submodule(__name__, name)
    raise absent_names("optim", name)


def __dir__():
    return sorted({*globals(), *__all__})
