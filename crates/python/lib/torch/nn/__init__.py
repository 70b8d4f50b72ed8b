"""`torch.nn`: layers, losses, and the :class:`Module` they are made of."""

from . import functional, init, modules, parameter
from .._absent import absent_names, _load_submodule
from .modules import Module
from .parameter import Buffer, Parameter

__all__ = [
    *modules.__all__, "Buffer", "Parameter", "attention", "functional", "init", "modules", "parallel",
    "parameter", "utils",
]


def __getattr__(name):
    if name in ("attention", "parallel", "utils"):
        return _load_submodule(__name__, name)
    if name == "DataParallel":
        return _load_submodule(__name__, "parallel").DataParallel
    if name in modules.__all__:
        value = getattr(modules, name)
        globals()[name] = value
        return value
    raise absent_names("nn", name)


def __dir__():
    return sorted({*globals(), *__all__})
