"""What stands between the brackets of ``x[...]``, read and written."""

import torch

from . import _dtypes
from ._array import ndarray, wrap
from ._scalars import generic, scalar

_INDEX_ERROR = "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices"


def _part(part):
    """Returns one part of a key as the engine takes it: an int, a slice, None, Ellipsis, or an index tensor."""
    kind = type(part)
    if kind in (int, slice) or part is None or part is Ellipsis or kind is bool:
        return part
    if isinstance(part, generic):
        if part.dtype.kind in "iu":
            return part.item()
        if part.dtype.kind == "b":
            return bool(part)
        raise IndexError(_INDEX_ERROR)
    if isinstance(part, torch.Tensor):
        return part
    if isinstance(part, (list, tuple, range)):
        from ._convert import asarray

        if len(part) == 0:
            return torch.zeros(0, dtype=torch.int64)
        part = asarray(part)
    if isinstance(part, ndarray):
        tensor = part._tensor
        if tensor is None or tensor.dtype in (torch.float64, torch.float32):
            raise IndexError("arrays used as indices must be of integer (or boolean) type")
        if tensor.dtype is torch.uint8 or tensor.dtype is torch.int32:
            tensor = tensor.to(torch.int64)
        if tensor.ndim == 0 and tensor.dtype is torch.int64:
            return tensor.item()
        return tensor
    if hasattr(part, "__index__"):
        return part.__index__()
    raise IndexError(_INDEX_ERROR)


def _read(array, key):
    """Returns the parts of a key, and the dimensions of the result that a negative step turns round."""
    if type(key) is tuple:
        parts = [_part(part) for part in key]
    else:
        parts = [_part(key)]
    is_backwards = False
    for part in parts:
        if type(part) is slice and part.step is not None and part.step < 0:
            is_backwards = True
    if any(isinstance(part, torch.Tensor) for part in parts):
        if any(isinstance(part, torch.Tensor) and part.dtype is torch.bool for part in parts):
            _check_masks(array, parts)
        # A number beside arrays is an array of places too: it says where their dimensions go.
        parts = [torch.tensor([part]) if type(part) is int else part for part in parts]
    return parts, is_backwards


def _check_masks(array, parts):
    axis = 0
    for part in parts:
        if part is Ellipsis:
            return
        if isinstance(part, torch.Tensor) and part.dtype is torch.bool:
            for size in part.shape:
                if axis < array.ndim and array._tensor.size(axis) != size:
                    raise IndexError(
                        f"boolean index did not match indexed array along axis {axis}; size of axis is "
                        f"{array._tensor.size(axis)} but size of corresponding boolean axis is {size}"
                    )
                axis += 1
        elif part is not None and type(part) is not bool:
            axis += 1


def _forwards(array, parts):
    """Turns slices with negative steps into forward ones; returns them, and which parts have to be turned round."""
    used = sum(
        1 if not isinstance(part, torch.Tensor) or part.dtype is not torch.bool else part.ndim
        for part in parts
        if part is not None and part is not Ellipsis
    )
    out, turned, axis = [], [], 0
    for part in parts:
        if part is Ellipsis:
            axis += array.ndim - used
        elif part is not None:
            if type(part) is slice and part.step is not None and part.step < 0:
                start, stop, step = part.indices(array.shape[axis])
                count = max(0, (start - stop - step - 1) // -step)
                first = start + (count - 1) * step
                part = slice(first, start + 1, -step) if count else slice(0, 0)
                turned.append(len(out))
            axis += part.ndim if isinstance(part, torch.Tensor) and part.dtype is torch.bool else 1
        out.append(part)
    return out, turned


def _turned_dims(parts, turned, ndim):
    """Returns the dimensions of the result that come from the parts to be turned round."""
    if any(isinstance(part, torch.Tensor) for part in parts):
        return None
    used = sum(1 for part in parts if part is not None and part is not Ellipsis)
    dims, dim = [], 0
    for place, part in enumerate(parts):
        if part is Ellipsis:
            dim += ndim - used
        elif part is None or type(part) is slice:
            if place in turned:
                dims.append(dim)
            dim += 1
    return dims


def _place_error(array, parts, error):
    used = sum(1 for part in parts if part is not None and part is not Ellipsis)
    if used > array.ndim:
        return IndexError(f"too many indices for array: array is {array.ndim}-dimensional, but {used} were indexed")
    axis = 0
    for part in parts:
        if part is Ellipsis:
            axis += array.ndim - used
            continue
        if part is None:
            continue
        size = array.shape[axis]
        if type(part) is int and not -size <= part < size:
            return IndexError(f"index {part} is out of bounds for axis {axis} with size {size}")
        if isinstance(part, torch.Tensor) and part.dtype is not torch.bool and part.numel():
            for bound in (part.max().item(), part.min().item()):
                if not -size <= bound < size:
                    return IndexError(f"index {bound} is out of bounds for axis {axis} with size {size}")
        axis += 1
    text = str(error)
    if "broadcast" in text or "shape" in text:
        shapes = " ".join(str(tuple(part.shape)).replace(" ", "") for part in parts if isinstance(part, torch.Tensor))
        return IndexError(f"shape mismatch: indexing arrays could not be broadcast together with shapes {shapes} ")
    return IndexError(text)


def get(array, key):
    """``array[key]``: a number, a view, or a copy where places are given by arrays."""
    tensor = array._tensor
    if type(key) is int:
        try:
            part = tensor[key]
        except (IndexError, RuntimeError) as error:
            raise _place_error(array, [key], error) from None
        return array._view(part) if part.ndim else scalar(part)
    if type(key) is slice and (key.step is None or key.step > 0) and tensor.ndim:
        return array._view(tensor[key])
    parts, is_backwards = _read(array, key)
    original = parts
    turned = ()
    if is_backwards:
        parts, turned = _forwards(array, parts)
    try:
        part = tensor[tuple(parts)]
    except (IndexError, RuntimeError) as error:
        raise _place_error(array, original, error) from None
    if turned:
        dims = _turned_dims(parts, turned, array.ndim)
        if dims is None:
            return wrap(
                _with_turned(tensor, parts, turned)[
                    tuple(slice(None) if i in turned else p for i, p in enumerate(parts))
                ]
            )
        made = array._view(part.flip(dims))
        # Where there is nothing to turn, memory is still shared.
        made._is_reversed = True
        return made
    if part.ndim == 0 and Ellipsis not in [p for p in parts if not isinstance(p, torch.Tensor)]:
        return scalar(part)
    if any(isinstance(p, torch.Tensor) or type(p) is bool for p in parts):
        return wrap(part)
    return array._view(part)


def _with_turned(tensor, parts, turned):
    """Returns the tensor after its backward slices alone."""
    key = [part if place in turned else slice(None) for place, part in enumerate(parts) if part is not None]
    out = tensor[tuple(key)]
    dims = [dim for dim, place in enumerate(p for p, part in enumerate(parts) if part is not None) if place in turned]
    return out.flip(dims)


def set(array, key, value):
    """``array[key] = value``."""
    tensor = array._writable()
    if type(key) is int and type(value) is float and tensor.dtype.is_floating_point and tensor.ndim == 1:
        try:
            tensor[key] = value
        except IndexError as error:
            raise _place_error(array, [key], error) from None
        return
    parts, is_backwards = _read(array, key)
    original = parts
    turned = ()
    if is_backwards:
        parts, turned = _forwards(array, parts)
    value = _value(value, array)
    key = tuple(parts)
    if turned and isinstance(value, torch.Tensor) and value.ndim:
        dims = _turned_dims(parts, turned, array.ndim)
        if dims is None:
            from ._absent import NotInLyceum

            raise NotInLyceum("assigning through an array and a negative step together is not part of Lyceum yet")
        target = tensor[key]
        value = value.expand(target.shape).flip(dims)
    try:
        if isinstance(value, torch.Tensor) and value.ndim:
            # What stands on both sides is read before it is written; ones in front of the value do not matter.
            value = value.clone()
            target_ndim = None
            while value.ndim > 1 and value.size(0) == 1:
                if target_ndim is None:
                    target_ndim = tensor[key].ndim
                if value.ndim <= target_ndim:
                    break
                value = value[0]
        tensor[key] = value
    except (IndexError, RuntimeError, ValueError) as error:
        text = str(error)
        if "index" in text and "bounds" in text or "too many" in text:
            raise _place_error(array, original, error) from None
        shape = tuple(value.shape) if isinstance(value, torch.Tensor) else ()
        target = tuple(tensor[key].shape)
        if any(isinstance(part, torch.Tensor) and part.dtype is torch.bool for part in parts) and len(shape) == 1:
            raise ValueError(
                f"NumPy boolean array indexing assignment cannot assign {shape[0]} input values to the {target[0]} output values where the mask is true"
            ) from None
        raise ValueError(
            f"could not broadcast input array from shape {_text(shape)} into shape {_text(target)}"
        ) from None


def _text(shape):
    return str(tuple(shape)).replace(" ", "")


def _value(value, array):
    """Returns what is to be written, in the dtype of the array."""
    kind = array._tensor.dtype
    if type(value) in (int, float, bool):
        if type(value) is float and kind not in (torch.float64, torch.float32):
            if value != value:
                raise ValueError("cannot convert float NaN to integer")
            if value in (float("inf"), float("-inf")):
                raise OverflowError("cannot convert float infinity to integer")
            value = bool(value) if kind is torch.bool else int(value)
        if type(value) is int and kind in (torch.uint8, torch.int32):
            limits = _dtypes.iinfo(array.dtype)
            if not limits.min <= value <= limits.max:
                raise OverflowError(f"Python integer {value} out of bounds for {array.dtype}")
        return value
    from ._convert import asarray
    from ._operands import cast

    if value is None and array.dtype.kind == "f":
        return float("nan")
    if isinstance(value, str):
        value = array.dtype.type(value)
    made = asarray(value)
    if made._tensor is None:
        made = made.astype(array.dtype)
    tensor = made._tensor
    if tensor.dtype is not kind:
        tensor = cast(tensor, array.dtype)
    return tensor


ndarray.__getitem__, ndarray.__setitem__ = get, set
