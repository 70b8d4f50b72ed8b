"""Arrays from what programs have: numbers, lists, tensors, texts; and the memory that arrays share with tensors."""

import torch
from _numpy import tensor as _tensor_of_list

from . import _dtypes
from ._absent import NotInLyceum, refuse
from ._array import ndarray, wrap
from ._scalars import generic

_PYTHON = {bool: torch.bool, int: torch.int64, float: torch.float64}


def array(object, dtype=None, *, copy=True, order="K", subok=False, ndmin=0, like=None):
    """Makes an array of numbers, lists, or another array, which is copied."""
    refuse("numpy.array", like=like)
    made = _read(object, dtype)
    if copy and (made is object or isinstance(object, torch.Tensor)):
        made = made.copy()
    while made.ndim < ndmin:
        made = made[None]
    return made


def asarray(a, dtype=None, order=None, *, copy=None, device=None, like=None):
    """Makes an array of what is none; an array stays itself, a tensor shares its memory."""
    refuse("numpy.asarray", like=like)
    if copy:
        return array(a, dtype)
    if type(a) is ndarray and dtype is None:
        return a
    return _read(a, dtype)


def asanyarray(a, dtype=None, order=None):
    """Does what :func:`asarray` does."""
    return asarray(a, dtype)


def ascontiguousarray(a, dtype=None):
    """Makes an array whose memory lies row by row, of at least one dimension."""
    made = asarray(a, dtype)
    made = made.reshape(1) if made.ndim == 0 else made
    return made if made._tensor is None or made._tensor.is_contiguous() else made.copy()


def asarray_chkfinite(a, dtype=None, order=None):
    """Makes an array, and raises where a number is not finite."""
    from ._ufuncs import isfinite

    made = asarray(a, dtype)
    if made.dtype.kind == "f" and not isfinite(made).all():
        raise ValueError("array must not contain infs or NaNs")
    return made


def _read(value, dtype):
    if dtype is not None:
        dtype = _dtypes.find(dtype)
        if dtype.torch is None:
            from ._objects import make

            return make(value, dtype)
    if isinstance(value, ndarray):
        return value if dtype is None or value.dtype == dtype else value.astype(dtype)
    if isinstance(value, torch.Tensor):
        made = share(_without_gradient(value))
        return made if dtype is None else made.astype(dtype, copy=False)
    kind = type(value)
    if kind in _PYTHON:
        return wrap(_of_number(value, dtype))
    if isinstance(value, generic) and hasattr(value, "_torch_dtype"):
        return wrap(torch.tensor(value.item(), dtype=value._torch_dtype if dtype is None else dtype.torch))
    if kind not in (list, tuple, range):
        if hasattr(value, "__array__"):
            made = value.__array__()
            return made if dtype is None else made.astype(dtype, copy=False)
        if isinstance(value, (bytearray, memoryview)):
            value = list(value)
            dtype = dtype or _dtypes.uint8
        elif kind.__name__ == "array" and hasattr(value, "typecode"):
            value = list(value)
        elif not isinstance(value, (list, tuple)):
            from ._objects import make

            return make(value, dtype)
    tensor = _of_list(value, dtype) if _is_numeric(value) else None
    return _other(value, dtype) if tensor is None else wrap(tensor)


def _of_number(value, dtype):
    try:
        return torch.tensor(
            value, dtype=_PYTHON[type(value)] if dtype is None or type(value) is float else dtype.torch
        ).to(dtype.torch if dtype else _PYTHON[type(value)])
    except (RuntimeError, ValueError, OverflowError) as error:
        raise _too_large(value, dtype, error) from None


def _too_large(value, dtype, error):
    if dtype is None:
        return NotInLyceum("whole numbers of more than 64 bits in an array are not part of Lyceum yet")
    return OverflowError(f"Python integer {value} out of bounds for {dtype}")


def _first(value):
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return value


def _is_numeric(value):
    first = _first(value)
    return not isinstance(first, (str, bytes, dict, set)) and first is not None


def _of_list(value, dtype):
    """Returns the tensor of a list of numbers, or of lists, arrays or tensors; None where it holds something else."""
    if len(value) and isinstance(value[0], (ndarray, torch.Tensor)) and value[0].ndim:
        return _stacked(value, dtype)
    try:
        made = _tensor_of_list(value if type(value) is not range else list(value))
    except ValueError as error:
        raise _inhomogeneous(value, error) from None
    except TypeError as error:
        if "data type" in str(error):
            return None
        raise _inhomogeneous(value, error) from None
    except RuntimeError:
        return None
    if dtype is None:
        return made
    if made.dtype is dtype.torch:
        return made
    if dtype.kind in "iu" and made.dtype in (torch.int64, torch.int32) and made.numel():
        limits = _dtypes.iinfo(dtype)
        for bound in (made.min().item(), made.max().item()):
            if not limits.min <= bound <= limits.max:
                raise OverflowError(f"Python integer {bound} out of bounds for {dtype}")
    return made.to(dtype.torch)


def _stacked(value, dtype):
    rows = [_read(row, dtype) for row in value]
    shapes = {row.shape for row in rows}
    if len(shapes) > 1:
        raise _inhomogeneous(value, None)
    kind = rows[0].dtype
    for row in rows[1:]:
        kind = _dtypes.promote(kind, row.dtype)
    return torch.stack([row._tensor.to(kind.torch) for row in rows])


def _shape_up_to_difference(value):
    shape = ()
    level = [value]
    while all(isinstance(item, (list, tuple, ndarray)) for item in level):
        lengths = {len(item) for item in level}
        if len(lengths) > 1:
            break
        shape += (lengths.pop(),)
        level = [inner for item in level for inner in item]
    return shape


def _inhomogeneous(value, error):
    if error is not None and ("Overflow" in str(error) or "64 bits" in str(error)):
        return NotInLyceum("whole numbers of more than 64 bits in an array are not part of Lyceum yet")
    shape = _shape_up_to_difference(value)
    return ValueError(
        "setting an array element with a sequence. The requested array has an inhomogeneous shape after "
        f"{len(shape)} dimensions. The detected shape was {shape} + inhomogeneous part."
    )


def _other(value, dtype):
    from ._objects import make

    return make(value, dtype) if dtype is None else make(value, None).astype(dtype)


def _without_gradient(tensor):
    if tensor.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
    return tensor.detach()


def share(tensor):
    """Returns the array that shares a tensor's memory."""
    if tensor.dtype not in _dtypes.OF_TORCH:
        name = str(tensor.dtype).replace("torch.", "")
        if name == "bfloat16":
            raise TypeError("Got unsupported ScalarType BFloat16")
        raise NotInLyceum(f"numpy.{name} is not part of Lyceum yet")
    made = wrap(tensor)
    made._base = tensor
    return made


def frombuffer(buffer, dtype=float, count=-1, offset=0):
    """Reads numbers out of bytes."""
    kind = _dtypes.numeric(dtype)
    if len(buffer) == offset:
        return wrap(torch.zeros(0, dtype=kind.torch))
    return wrap(torch.frombuffer(buffer, dtype=kind.torch, count=count, offset=offset))


def number_or_array(value):
    """Returns the tensor of an operand: what is no number becomes an array."""
    return asarray(value)._tensor


def copy(a, order="K", subok=False):
    """Returns a copy of an array."""
    return array(a)


def astype(x, dtype, /, *, copy=True):
    """Returns an array in another dtype."""
    return x.astype(dtype, copy=copy)
