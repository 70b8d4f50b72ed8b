"""What is asked of a matrix before anything is computed of it, and what several results are returned in."""

import torch

from .._convert import asarray


class LinAlgError(ValueError):
    """Raised where a matrix has not what is asked for."""


LinAlgError.__module__ = "numpy.linalg"


def floats(a):
    array = asarray(a)
    return array._tensor if array.dtype.kind == "f" else array._tensor.to(torch.float64)


def square(a):
    tensor = floats(a)
    if tensor.ndim < 2:
        raise LinAlgError(f"{tensor.ndim}-dimensional array given. Array must be at least two-dimensional")
    if tensor.size(-1) != tensor.size(-2):
        raise LinAlgError("Last 2 dimensions of the array must be square")
    return tensor


def named(name, fields, *values):
    from collections import namedtuple

    return namedtuple(name, fields)(*values)
