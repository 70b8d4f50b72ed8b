"""`torch.nn`: layers, losses, and the :class:`Module` they are made of."""

from . import functional, init, parameter
from .modules import *
from .parameter import Buffer, Parameter
from .._absent import absent_names, load_submodule


def __getattr__(name):
    if name == "utils":
        return load_submodule(__name__, name)
    raise absent_names("nn", name)
