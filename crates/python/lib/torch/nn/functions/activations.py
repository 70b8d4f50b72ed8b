"""Activation functions made of other operations."""

from ..._C import expm1, sigmoid, tanh, where
from ..._C import _nn


def _finish(input, inplace, compute):
    """Computes from a copy and writes the result back where ``inplace`` asks for it."""
    if inplace:
        return input.copy_(compute(input.clone()))
    return compute(input)


def relu6(input, inplace=False):
    """min(max(x, 0), 6), element by element."""
    return _nn.hardtanh(input, 0.0, 6.0, inplace)


def selu(input, inplace=False):
    """scale · elu(x, alpha), with the two constants that keep mean 0 and variance 1."""
    return _finish(input, inplace, lambda x: 1.0507009873554805 * _nn.elu(x, 1.6732632423543772))


def celu(input, alpha=1.0, inplace=False):
    """max(0, x) + min(0, alpha·(exp(x / alpha) − 1)), element by element."""
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    return _finish(input, inplace, lambda x: where(x > 0, x, alpha * expm1(x.masked_fill(x > 0, 0) / alpha)))


def mish(input, inplace=False):
    """x · tanh(softplus(x)), element by element."""
    return _finish(input, inplace, lambda x: x * tanh(_nn.softplus(x)))


def softsign(input):
    """x / (1 + |x|), element by element."""
    return input / (input.abs() + 1)


def hardsigmoid(input, inplace=False):
    """min(max(x + 3, 0), 6) / 6, element by element."""
    return _finish(input, inplace, lambda x: _nn.hardtanh(x + 3, 0.0, 6.0) / 6)


def hardswish(input, inplace=False):
    """x · min(max(x + 3, 0), 6) / 6, element by element."""
    return _finish(input, inplace, lambda x: x * _nn.hardtanh(x + 3, 0.0, 6.0) / 6)


def tanhshrink(input):
    """x − tanh(x), element by element."""
    return input - tanh(input)


def hardshrink(input, lambd=0.5):
    """x where |x| > lambd, else 0."""
    return input.masked_fill(input.abs() <= lambd, 0)


def softshrink(input, lambd=0.5):
    """x moved towards 0 by lambd, and 0 within ±lambd."""
    if lambd < 0:
        raise RuntimeError(f"lambda must be greater or equal to 0, but found to be {lambd}.")
    return (input - lambd * input.sign()).masked_fill(input.abs() <= lambd, 0)


def threshold(input, threshold, value, inplace=False):
    """x where x > threshold, else ``value``."""
    if inplace:
        return input.masked_fill_(input <= threshold, value)
    return input.masked_fill(input <= threshold, value)


def logsigmoid(input):
    """log(1 / (1 + exp(−x))), element by element, without overflow."""
    return -_nn.softplus(-input, 1.0, 40.0)


def glu(input, dim=-1):
    """a · sigmoid(b) for the two halves a and b of ``input`` along ``dim``."""
    if input.dim() == 0:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    size = input.size(dim)
    if size % 2 != 0:
        raise RuntimeError(f"Halving dimension must be even, but dimension {dim % input.dim()} is size {size}")
    first, second = input.chunk(2, dim)
    return first * sigmoid(second)


def prelu(input, weight):
    """x where x > 0, else weight · x, with one weight for all or one for each channel (dimension 1)."""
    if weight.dim() > 1:
        raise RuntimeError(f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight.dim()}")
    if weight.numel() != 1:
        channels = input.size(1) if input.dim() > 1 else 1
        if channels != weight.numel():
            raise RuntimeError(
                "Mismatch of parameter numbers and input channel size. "
                f"Found parameter numbers = {weight.numel()} and channel size = {channels}."
            )
        weight = weight.view(-1, *[1] * (input.dim() - 2)) if input.dim() > 1 else weight
    return where(input > 0, input, weight * input)


def softmin(input, dim=None, _stacklevel=3, dtype=None):
    """softmax(−x) along ``dim``."""
    return _nn.softmax(-input, dim, _stacklevel, dtype)


def gumbel_softmax(logits, tau=1, hard=False, eps=1e-10, dim=-1):
    """Draws from a softened categorical distribution; ``hard`` gives one-hot values with the soft gradient."""
    noise = -logits.detach().clone().exponential_().log()
    soft = ((logits + noise) / tau).softmax(dim)
    if not hard:
        return soft
    index = soft.max(dim, keepdim=True)[1]
    one_hot = soft.detach().mul(0).scatter_(dim, index, 1.0)
    return one_hot - soft.detach() + soft


def relu_(input):
    """relu that overwrites its input."""
    return _nn.relu(input, True)


def leaky_relu_(input, negative_slope=0.01):
    """leaky_relu that overwrites its input."""
    return _nn.leaky_relu(input, negative_slope, True)


def elu_(input, alpha=1.0):
    """elu that overwrites its input."""
    return _nn.elu(input, alpha, True)


def hardtanh_(input, min_val=-1.0, max_val=1.0):
    """hardtanh that overwrites its input."""
    return _nn.hardtanh(input, min_val, max_val, True)


def celu_(input, alpha=1.0):
    """celu that overwrites its input."""
    return celu(input, alpha, True)


def selu_(input):
    """selu that overwrites its input."""
    return selu(input, True)


def threshold_(input, threshold, value):
    """threshold that overwrites its input."""
    return input.masked_fill_(input <= threshold, value)
