"""Functions of elements that are more than one row of the table: rounding, limits, and what is close or equal."""

import torch

from ._array import result
from ._operands import operands
from ._operands import strong as _strong
from ._ufuncs import add, equal, isinf, isnan, greater, less, maximum, minimum, positive


def isneginf(x):
    """Returns whether each element is minus infinity."""
    return isinf(x) & less(x, 0)


def isposinf(x):
    """Returns whether each element is plus infinity."""
    return isinf(x) & greater(x, 0)


def around(a, decimals=0, out=None):
    """Rounds to a number of decimals, halves to the even digit."""
    tensor = _strong(a)
    if not tensor.dtype.is_floating_point:
        if decimals >= 0:
            made = tensor.clone()
        else:
            step = 10**-decimals
            made = (torch.round(tensor.to(torch.float64) / step) * step).to(tensor.dtype)
    elif decimals == 0:
        made = torch.round(tensor)
    elif decimals > 0:
        made = torch.round(tensor * float(10**decimals)) / float(10**decimals)
    else:
        made = torch.round(tensor / float(10**-decimals)) * float(10**-decimals)
    return result(made) if out is None else add._deliver(made, out, True)


round = round_ = around


def clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    """Limits numbers to an interval; a limit of None is none."""
    low, high = min if a_min is None else a_min, max if a_max is None else a_max
    made = a
    if low is not None:
        made = maximum(made, low)
    if high is not None:
        made = minimum(made, high)
    if made is a:
        made = positive(a)
    return made if out is None else add._deliver(_strong(made), out, True)


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """Puts numbers in the place of nan and of the infinities."""
    tensor = _strong(x)
    if not tensor.dtype.is_floating_point:
        return result(tensor.clone())
    made = torch.nan_to_num(tensor, nan, posinf, neginf)
    if not copy:
        tensor.copy_(made)
        return x
    return result(made)


def sinc(x):
    """Returns sin(pi x) / (pi x)."""
    from math import pi

    y = _strong(x)
    y = pi * torch.where(y == 0, torch.tensor(1e-20, dtype=torch.float64), y.to(torch.float64))
    return result(torch.sin(y) / y)


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Returns whether elements differ by no more than ``atol + rtol * abs(b)``."""
    x, y, _ = operands(a, b, arrays=True)
    if not x.dtype.is_floating_point:
        x, y = x.to(torch.float64), y.to(torch.float64)
    finite = torch.isfinite(x) & torch.isfinite(y)
    near = (finite & (torch.abs(x - y) <= atol + rtol * torch.abs(y))) | (x == y)
    if equal_nan:
        near = near | (torch.isnan(x) & torch.isnan(y))
    return result(near)


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Returns whether :func:`isclose` holds everywhere."""
    return bool(isclose(a, b, rtol, atol, equal_nan).all())


def array_equal(a1, a2, equal_nan=False):
    """Returns whether two arrays have the same shape and elements."""
    from ._convert import asarray

    a, b = asarray(a1), asarray(a2)
    if a.shape != b.shape:
        return False
    same = equal(a, b) if a._tensor is not None and b._tensor is not None else a == b
    if equal_nan:
        same = same | (isnan(a) & isnan(b))
    return bool(same.all())


def array_equiv(a1, a2):
    """Returns whether two arrays are equal after broadcasting."""
    try:
        return bool(equal(a1, a2).all())
    except ValueError:
        return False
