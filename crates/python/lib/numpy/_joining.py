"""Joining arrays, and cutting them up."""

import torch

from . import _dtypes
from ._absent import refuse
from ._array import ndarray, wrap
from ._convert import asarray
from ._shaping import atleast_2d, axis_of
from ._ufuncs import add


def _tensors(arrays, name):
    """Returns the tensors of arrays in one dtype."""
    made = [asarray(each) for each in arrays]
    if not made:
        raise ValueError(f"need at least one array to {name}")
    kind = made[0].dtype
    for each in made[1:]:
        kind = _dtypes.promote(kind, each.dtype)
    return [each._tensor if each._tensor.dtype is kind.torch else each._tensor.to(kind.torch) for each in made]


def _has_objects(arrays):
    return any(asarray(each)._tensor is None for each in arrays)


def concatenate(arrays, /, axis=0, out=None, *, dtype=None, casting="same_kind"):
    """Joins arrays along an axis."""
    arrays = list(arrays)
    if _has_objects(arrays):
        from ._objects import concatenate as join

        return join(arrays)
    tensors = _tensors(arrays, "concatenate")
    if axis is None:
        tensors, axis = [each.reshape(-1) for each in tensors], 0
    first = tensors[0]
    if first.ndim == 0:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    axis = axis_of(axis, first.ndim)
    for place, each in enumerate(tensors):
        if each.ndim != first.ndim:
            raise ValueError(
                "all the input arrays must have same number of dimensions, but the array at index 0 has "
                f"{first.ndim} dimension(s) and the array at index {place} has {each.ndim} dimension(s)"
            )
        for dim in range(first.ndim):
            if dim != axis and each.size(dim) != first.size(dim):
                raise ValueError(
                    f"all the input array dimensions except for the concatenation axis must match exactly, but along dimension {dim}, "
                    f"the array at index 0 has size {first.size(dim)} and the array at index {place} has size {each.size(dim)}"
                )
    made = torch.cat(tensors, axis)
    if dtype is not None:
        made = made.to(_dtypes.numeric(dtype).torch)
    return wrap(made) if out is None else add._deliver(made, out, True)


concat = concatenate


def stack(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    """Joins arrays of one shape along a new axis."""
    tensors = _tensors(list(arrays), "stack")
    if len({tuple(each.shape) for each in tensors}) > 1:
        raise ValueError("all input arrays must have the same shape")
    made = torch.stack(tensors, axis_of(axis, tensors[0].ndim + 1))
    if dtype is not None:
        made = made.to(_dtypes.numeric(dtype).torch)
    return wrap(made) if out is None else add._deliver(made, out, True)


def vstack(tup, *, dtype=None, casting="same_kind"):
    """Joins arrays one below the other."""
    return concatenate([atleast_2d(each) for each in tup], 0, dtype=dtype)


row_stack = vstack


def hstack(tup, *, dtype=None, casting="same_kind"):
    """Joins arrays one beside the other."""
    arrays = [asarray(each) for each in tup]
    arrays = [each.reshape(1) if each.ndim == 0 else each for each in arrays]
    return concatenate(arrays, 0 if arrays and arrays[0].ndim == 1 else 1, dtype=dtype)


def dstack(tup):
    """Joins arrays along the third axis."""
    return wrap(torch.dstack(_tensors(list(tup), "concatenate")))


def column_stack(tup):
    """Joins rows as the columns of a matrix."""
    arrays = [asarray(each) for each in tup]
    return concatenate([each.reshape(-1, 1) if each.ndim < 2 else each for each in arrays], 1)


def block(arrays):
    """Joins nested lists of blocks to a matrix."""
    if not isinstance(arrays[0], list):
        return hstack(arrays)
    return vstack([hstack(row) for row in arrays])


def append(arr, values, axis=None):
    """Returns an array with values behind it."""
    if axis is None:
        return concatenate([asarray(arr).ravel(), asarray(values).ravel()])
    return concatenate([arr, values], axis)


def compress(condition, a, axis=None, out=None):
    """Returns the elements, or the slices along an axis, for which a condition holds."""
    refuse("numpy.compress", out=out)
    array = asarray(a)
    if axis is None:
        array, axis = array.ravel(), 0
    places = asarray(condition).nonzero()[0]
    return array[(slice(None),) * axis_of(axis, array.ndim) + (places,)]


def extract(condition, arr):
    """Returns the elements for which a condition holds."""
    return compress(asarray(condition).ravel(), arr)


def trim_zeros(filt, trim="fb", axis=None):
    """Returns a row without the zeros at its ends."""
    refuse("numpy.trim_zeros", axis=axis)
    places = asarray(filt).nonzero()[0]
    if not places.size:
        return filt[:0]
    low = int(places[0]) if "f" in trim.lower() else 0
    high = int(places[-1]) + 1 if "b" in trim.lower() else len(filt)
    return filt[low:high]


ndarray.compress = lambda self, condition, axis=None, out=None: compress(condition, self, axis, out)


def insert(arr, obj, values, axis=None):
    """Returns an array with values put in before a place."""
    array = asarray(arr)
    if axis is None:
        array, axis = array.ravel(), 0
    axis = axis_of(axis, array.ndim)
    size = array.shape[axis]
    if isinstance(obj, (slice, list, tuple, ndarray)):
        refuse("numpy.insert", obj=None if asarray(obj).ndim == 0 else obj)
    place = int(obj)
    if not -size <= place <= size:
        raise IndexError(f"index {place} is out of bounds for axis {axis} with size {size}")
    place = place + size if place < 0 else place
    value = asarray(values).astype(array.dtype)._tensor
    shape = list(array.shape)
    shape[axis] = 1
    if value.ndim < array.ndim and value.ndim and array.ndim > 1:
        value = value.unsqueeze(axis) if value.ndim == array.ndim - 1 else value
    elif array.ndim == 1:
        value = value.reshape(-1)
        shape[axis] = value.numel()
    else:
        shape[axis] = value.size(axis) if value.ndim == array.ndim else 1
    before, after = array._tensor.narrow(axis, 0, place), array._tensor.narrow(axis, place, size - place)
    return wrap(torch.cat([before, value.expand(shape), after], axis))


def delete(arr, obj, axis=None):
    """Returns an array without the elements, or the slices along an axis, at places."""
    array = asarray(arr)
    if axis is None:
        array, axis = array.ravel(), 0
    axis = axis_of(axis, array.ndim)
    size = array.shape[axis]
    keep = torch.ones(size, dtype=torch.bool)
    if isinstance(obj, slice):
        keep[list(range(*obj.indices(size)))] = False
    else:
        places = asarray(obj)
        if places.dtype.kind != "b":
            for place in places.ravel().tolist():
                if not -size <= place < size:
                    raise IndexError(f"index {place} is out of bounds for axis {axis} with size {size}")
        if places.size:
            keep[places._tensor] = False
    return array[(slice(None),) * axis + (wrap(keep),)]


def array_split(ary, indices_or_sections, axis=0):
    """Cuts an array into parts, which need not be equal."""
    array = asarray(ary)
    size = array.shape[axis]
    if hasattr(indices_or_sections, "__len__"):
        bounds = [0, *[int(each) for each in indices_or_sections], size]
    else:
        count = int(indices_or_sections)
        if count <= 0:
            raise ValueError("number sections must be larger than 0.")
        each, more = divmod(size, count)
        bounds = [0]
        for place in range(count):
            bounds.append(bounds[-1] + each + (place < more))
    before = (slice(None),) * axis_of(axis, array.ndim)
    return [array[before + (slice(low, high),)] for low, high in zip(bounds, bounds[1:])]


def split(ary, indices_or_sections, axis=0):
    """Cuts an array into equal parts, or at places."""
    if not hasattr(indices_or_sections, "__len__") and asarray(ary).shape[axis] % indices_or_sections:
        raise ValueError("array split does not result in an equal division")
    return array_split(ary, indices_or_sections, axis)


def hsplit(ary, indices_or_sections):
    """Cuts an array into parts one beside the other."""
    return split(ary, indices_or_sections, 0 if asarray(ary).ndim == 1 else 1)


def vsplit(ary, indices_or_sections):
    """Cuts an array into parts one below the other."""
    return split(ary, indices_or_sections, 0)


def dsplit(ary, indices_or_sections):
    """Cuts an array along the third axis."""
    return split(ary, indices_or_sections, 2)


def unstack(x, /, *, axis=0):
    """Returns the slices along an axis."""
    return tuple(wrap(each) for each in asarray(x)._tensor.unbind(axis))
