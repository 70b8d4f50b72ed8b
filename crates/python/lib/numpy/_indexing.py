"""What stands between the brackets of ``x[...]``, read and written, and the functions that find or take places."""

import torch

from . import _dtypes
from ._array import ndarray, result, wrap
from ._scalars import generic, scalar

newaxis = None
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
    from ._ufuncs import cast

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


# ---------------------------------------------------------------- functions


def nonzero(a):
    """Returns the places of what is not zero, an array for each dimension."""
    from ._convert import asarray

    return tuple(wrap(places) for places in torch.nonzero(asarray(a)._tensor, as_tuple=True))


def flatnonzero(a):
    """Returns the places of what is not zero in one row."""
    return nonzero(_ravel(a))[0]


def _ravel(a):
    from ._convert import asarray

    return asarray(a).ravel()


def argwhere(a):
    """Returns the places of what is not zero, a row for each."""
    from ._convert import asarray

    return wrap(torch.argwhere(asarray(a)._tensor))


def where(condition, x=None, y=None, /):
    """Returns ``x`` where the condition holds and ``y`` elsewhere; without them, the places where it holds."""
    from ._convert import asarray
    from ._ufuncs import operands

    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("either both or neither of x and y should be given")
    chosen = asarray(condition)._tensor
    if _has_objects(x, y):
        from ._objects import choose_where

        return choose_where(condition, x, y)
    a, b, _ = operands(x, y, arrays=True)
    return wrap(torch.where(chosen if chosen.dtype is torch.bool else chosen != 0, a, b))


def _has_objects(*values):
    return any(
        isinstance(value, str)
        or (isinstance(value, ndarray) and value._tensor is None)
        or (isinstance(value, list) and value and isinstance(value[0], str))
        for value in values
    )


def take(a, indices, axis=None, out=None, mode="raise"):
    """Takes the elements, or the slices along an axis, at places."""
    from ._absent import refuse
    from ._convert import asarray
    from ._shaping import axis_of

    refuse("numpy.take", out=out)
    array, places = asarray(a), asarray(indices)
    if axis is None:
        array, axis = array.ravel(), 0
    axis = axis_of(axis, array.ndim)
    if mode == "wrap":
        places = places % array.shape[axis]
    elif mode == "clip":
        places = places.clip(0, array.shape[axis] - 1)
    return (
        get(array, (slice(None),) * axis + (places,))
        if places.ndim
        else get(array, (slice(None),) * axis + (int(places),))
    )


def take_along_axis(arr, indices, axis=-1):
    """Takes one element for each place along an axis, such as ``argsort`` gives."""
    from ._convert import asarray

    array = asarray(arr)
    if axis is None:
        array, axis = array.ravel(), 0
    places = asarray(indices)._tensor
    size = array.shape[axis]
    return wrap(torch.take_along_dim(array._tensor, torch.where(places < 0, places + size, places), axis))


def put_along_axis(arr, indices, values, axis):
    """Writes one element for each place along an axis."""
    from ._convert import asarray

    places = asarray(indices)._tensor
    value = wrap(torch.zeros(places.shape, dtype=arr._tensor.dtype))
    value[...] = values
    arr._writable().scatter_(axis, places, value._tensor)


def ix_(*args):
    """Returns arrays that choose every combination of the rows and columns given."""
    from ._convert import asarray

    out = []
    for place, arg in enumerate(args):
        array = asarray(arg)
        if array.ndim != 1:
            raise ValueError("Cross index must be 1 dimensional")
        if array.dtype.kind == "b":
            array = array.nonzero()[0]
        if array.size == 0:
            array = array.astype(_dtypes.int64)
        shape = [1] * len(args)
        shape[place] = -1
        out.append(array.reshape(shape))
    return tuple(out)


def unravel_index(indices, shape, order="C"):
    """Returns the places in an array of a shape that belong to places in one row."""
    from ._convert import asarray

    if isinstance(shape, int):
        shape = (shape,)
    rest = asarray(indices)
    out = []
    for size in reversed(shape):
        out.append(rest % size)
        rest = rest // size
    if bool((asarray(rest) != 0).any()):
        total = 1
        for size in shape:
            total *= size
        raise ValueError(f"index {indices} is out of bounds for array with size {total}")
    return tuple(reversed(out))


def ravel_multi_index(multi_index, dims, mode="raise", order="C"):
    """Returns the places in one row that belong to places in an array of a shape."""
    total = 0
    for places, size in zip(multi_index, dims):
        total = total * size + places
    return total


def diag_indices(n, ndim=2):
    """Returns the places of the main diagonal."""
    return (wrap(torch.arange(n)),) * ndim


def tril_indices(n, k=0, m=None):
    """Returns the places on and below a diagonal."""
    return nonzero(wrap(torch.ones(n, m or n, dtype=torch.bool).tril(k)))


def triu_indices(n, k=0, m=None):
    """Returns the places on and above a diagonal."""
    return nonzero(wrap(torch.ones(n, m or n, dtype=torch.bool).triu(k)))


def fill_diagonal(a, val, wrap=False):
    """Writes the main diagonal of a matrix."""
    diagonal = a._writable().diagonal()
    diagonal.copy_(
        torch.tensor(val, dtype=diagonal.dtype).expand(diagonal.shape)
        if not isinstance(val, ndarray)
        else val._tensor[: diagonal.size(0)]
    )


def place(arr, mask, vals):
    """Writes values, in turn, where a mask holds."""
    from ._convert import asarray

    chosen = asarray(mask)
    count = int(chosen.sum())
    values = asarray(vals).ravel()
    if count:
        arr[chosen] = values[[i % values.size for i in range(count)]]


def copyto(dst, src, casting="same_kind", where=True):
    """Writes ``src`` into ``dst``."""
    if where is True:
        dst[...] = src
        return
    from ._shaping import broadcast_to

    mask = broadcast_to(where, dst.shape)
    dst[mask] = broadcast_to(src, dst.shape)[mask]


def select(condlist, choicelist, default=0):
    """Returns for each place the choice of the first condition that holds."""
    made = default
    for condition, choice in reversed(list(zip(condlist, choicelist))):
        made = where(condition, choice, made)
    return made


def ndindex(*shape):
    """Walks all places of an array of a shape."""
    import itertools

    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = tuple(shape[0])
    return itertools.product(*map(range, shape))


def ndenumerate(arr):
    """Walks an array's places and elements."""
    from ._convert import asarray

    array = asarray(arr)
    return zip(ndindex(array.shape), array.flat)


class _Joiner:
    """``np.r_[1:4, 0, 4]`` and ``np.c_[a, b]``: joins slices and arrays in the notation of indexing."""

    def __init__(self, as_columns):
        self._as_columns = as_columns

    def __getitem__(self, key):
        from ._absent import NotInLyceum
        from ._convert import asarray
        from ._creation import arange, linspace
        from ._joining import concatenate

        parts = []
        for part in key if isinstance(key, tuple) else (key,):
            if isinstance(part, str):
                raise NotInLyceum("numpy.r_ with a text is not part of Lyceum yet")
            if isinstance(part, slice):
                start = part.start or 0
                if isinstance(part.step, complex):
                    part = linspace(start, part.stop, int(abs(part.step)))
                else:
                    part = arange(start, part.stop, 1 if part.step is None else part.step)
            part = asarray(part)
            if self._as_columns:
                part = part.reshape(-1, 1) if part.ndim < 2 else part
            parts.append(part.reshape(1) if part.ndim == 0 else part)
        return concatenate(parts, axis=-1 if self._as_columns else 0)


r_, c_ = _Joiner(False), _Joiner(True)


class _Slices:
    """``np.s_[1:3, ::2]`` is the key itself."""

    def __getitem__(self, key):
        return key


s_ = index_exp = _Slices()


class _Grid:
    """``np.mgrid[0:3, 0:4]`` and ``np.ogrid``: the places of a grid."""

    def __init__(self, is_open):
        self._is_open = is_open

    def __getitem__(self, key):
        from ._creation import arange, linspace, meshgrid
        from ._joining import stack

        axes = []
        for part in key if isinstance(key, tuple) else (key,):
            start = part.start or 0
            if isinstance(part.step, complex):
                axes.append(linspace(start, part.stop, int(abs(part.step))))
            else:
                axes.append(arange(start, part.stop, 1 if part.step is None else part.step))
        if not isinstance(key, tuple):
            return axes[0]
        grids = meshgrid(*axes, indexing="ij", sparse=self._is_open)
        return tuple(grids) if self._is_open else stack(grids)


mgrid, ogrid = _Grid(False), _Grid(True)
