"""Operands: how numbers, lists, arrays of all kinds come to one dtype before something is computed of them."""

import warnings

import torch
from _numpy import is_finite

from . import _dtypes
from ._array import ndarray
from ._dtypes import bool_
from ._scalars import generic

_WEAK = (int, float, bool)


def cast(tensor, dtype):
    """Converts to a dtype as numpy does: bits of whole numbers are cut off, floats towards zero."""
    kind = dtype.torch
    if tensor.dtype.is_floating_point and kind not in (torch.float64, torch.float32, torch.bool):
        if not is_finite(tensor):
            warnings.warn("invalid value encountered in cast", RuntimeWarning, stacklevel=4)
            low = -(2**63) if kind is torch.int64 else 0 if kind is torch.uint8 else -(2**31)
            return torch.where(torch.isfinite(tensor), tensor, 0.0).to(kind).masked_fill(~torch.isfinite(tensor), low)
    return tensor.to(kind)


def strong(value):
    """Returns the tensor of an operand with a dtype of its own."""
    if isinstance(value, ndarray):
        if value._tensor is None:
            raise TypeError("ufunc did not contain a loop with signature matching types: the array holds no numbers")
        return value._tensor
    if isinstance(value, generic) and hasattr(value, "_torch_dtype"):
        return value._tensor
    from ._convert import asarray

    made = asarray(value)
    if made._tensor is None:
        raise TypeError(f"ufunc did not contain a loop with signature matching types: {value!r} is no number")
    return made._tensor


def _check_range(value, dtype):
    limits = _dtypes.iinfo(dtype)
    if not limits.min <= value <= limits.max:
        raise OverflowError(f"Python integer {value} out of bounds for {dtype}")


def operands(a, b, arrays=False):
    """Returns two operands in their common dtype, and it. Numbers of Python adapt to the other side and may stay numbers."""
    weak_a, weak_b = type(a) in _WEAK, type(b) in _WEAK
    if weak_a and weak_b:
        dtype = _dtypes.result_type(a, b)
        return torch.tensor(a, dtype=dtype.torch), torch.tensor(b, dtype=dtype.torch), dtype
    if weak_b or weak_a:
        tensor = strong(a if weak_b else b)
        number = b if weak_b else a
        own = _dtypes.OF_TORCH[tensor.dtype]
        dtype = _dtypes.with_python(own, type(number))
        if dtype is not own:
            tensor = tensor.to(dtype.torch)
        elif dtype.kind in "iu" and type(number) is int:
            _check_range(number, dtype)
        if arrays or dtype is bool_ or type(number) is bool:
            number = torch.tensor(number, dtype=dtype.torch)
        elif dtype.kind == "f":
            number = float(number)
        return (tensor, number, dtype) if weak_b else (number, tensor, dtype)
    a, b = strong(a), strong(b)
    if a.dtype is b.dtype:
        return a, b, _dtypes.OF_TORCH[a.dtype]
    dtype = _dtypes.promote(_dtypes.OF_TORCH[a.dtype], _dtypes.OF_TORCH[b.dtype])
    return a.to(dtype.torch), b.to(dtype.torch), dtype


def broadcast_error(a, b):
    shapes = " ".join(shape_text(each) for each in (a, b))
    return ValueError(f"operands could not be broadcast together with shapes {shapes} ")


def shape_text(tensor):
    return str(tuple(tensor.shape)).replace(" ", "") if isinstance(tensor, torch.Tensor) else "()"
