"""Activations that overwrite their input, under the names that end in ``_``."""

from ..._C import _nn


def relu_(input):
    """relu that overwrites its input."""
    return _nn.relu(input, True)


def leaky_relu_(input, negative_slope=0.01):
    """leaky_relu that overwrites its input."""
    return _nn.leaky_relu(input, negative_slope, True)


def rrelu_(input, lower=1.0 / 8, upper=1.0 / 3, training=False):
    """rrelu that overwrites its input."""
    return _nn.rrelu(input, lower, upper, training, True)


def elu_(input, alpha=1.0):
    """elu that overwrites its input."""
    return _nn.elu(input, alpha, True)


def celu_(input, alpha=1.0):
    """celu that overwrites its input."""
    return _nn.celu(input, alpha, True)


def selu_(input):
    """selu that overwrites its input."""
    return _nn.selu(input, True)


def hardtanh_(input, min_val=-1.0, max_val=1.0):
    """hardtanh that overwrites its input."""
    return _nn.hardtanh(input, min_val, max_val, True)


def threshold_(input, threshold, value):
    """threshold that overwrites its input."""
    return _nn.threshold(input, threshold, value, True)
