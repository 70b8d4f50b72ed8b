"""The shape of arrays: what changes it, what turns axes round, and what repeats."""

import torch

from ._absent import refuse
from ._array import ndarray, wrap
from ._convert import asarray


class AxisError(ValueError, IndexError):
    """Raised for an axis that an array has not."""


AxisError.__module__ = "numpy.exceptions"


def axis_of(axis, ndim):
    """Returns an axis counted from the front."""
    axis = axis.__index__()
    if not -ndim <= axis < ndim:
        raise AxisError(f"axis {axis} is out of bounds for array of dimension {ndim}")
    return axis % ndim


def axes_of(axis, ndim):
    """Returns axes counted from the front; None stands for all."""
    if axis is None:
        return list(range(ndim))
    if isinstance(axis, (tuple, list)):
        axes = [axis_of(each, ndim) for each in axis]
        if len(set(axes)) < len(axes):
            raise ValueError("duplicate value in 'axis'")
        return axes
    return [axis_of(axis, ndim)]


def sizes_of(shape):
    """Returns a shape, given as a number or a sequence, as a tuple."""
    if hasattr(shape, "__index__") and not isinstance(shape, (tuple, list)):
        return (shape.__index__(),)
    return tuple(size.__index__() for size in shape)


def reshape(a, /, shape, order="C", *, copy=None):
    """Returns the elements in another shape; one size may be -1."""
    if order == "F":
        array = asarray(a)
        return array.T.reshape(tuple(reversed(sizes_of(shape)))).T
    return asarray(a).reshape(shape)


def _reshape(self, *shape, order="C", copy=None):
    sizes = sizes_of(shape[0]) if len(shape) == 1 else sizes_of(shape)
    if order == "F":
        return reshape(self, sizes, "F")
    tensor = self._tensor
    try:
        made = tensor.reshape(sizes)
    except RuntimeError:
        if sum(size == -1 for size in sizes) > 1:
            raise ValueError("can only specify one unknown dimension") from None
        raise ValueError(
            f"cannot reshape array of size {tensor.numel()} into shape {str(tuple(sizes)).replace(' ', '')}"
        ) from None
    return self._view(made)


def ravel(a, order="C"):
    """Returns the elements in one row, in shared memory where that is possible."""
    return asarray(a).ravel(order)


def _ravel(self, order="C"):
    return self.T.reshape(-1) if order == "F" else self.reshape(-1)


def _flatten(self, order="C"):
    made = self.ravel(order)
    return wrap(made._tensor.clone()) if made._tensor.data_ptr() == self._tensor.data_ptr() else made


def transpose(a, axes=None):
    """Returns the array with its axes in the opposite order, or in the order given."""
    return asarray(a).transpose(axes)


permute_dims = transpose


def _transpose(self, *axes):
    if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], (tuple, list))):
        axes = axes[0]
    if not axes:
        axes = range(self.ndim - 1, -1, -1)
    if len(axes) != self.ndim:
        raise ValueError("axes don't match array")
    places = [axis_of(axis, self.ndim) for axis in axes]
    if len(set(places)) < len(places):
        raise ValueError("repeated axis in transpose")
    return self._view(self._tensor.permute(*places))


def swapaxes(a, axis1, axis2):
    """Returns the array with two axes exchanged."""
    array = asarray(a)
    return array._view(array._tensor.transpose(axis_of(axis1, array.ndim), axis_of(axis2, array.ndim)))


def moveaxis(a, source, destination):
    """Returns the array with axes at other places."""
    array = asarray(a)
    return array._view(
        torch.movedim(array._tensor, tuple(axes_of(source, array.ndim)), tuple(axes_of(destination, array.ndim)))
    )


def rollaxis(a, axis, start=0):
    """Returns the array with one axis rolled back to a place."""
    array = asarray(a)
    axis = axis_of(axis, array.ndim)
    start = start + array.ndim if start < 0 else start
    return moveaxis(array, axis, start - 1 if axis < start else start)


def squeeze(a, axis=None):
    """Returns the array without its axes of size one."""
    array = asarray(a)
    if axis is None:
        return array._view(array._tensor.squeeze())
    axes = axes_of(axis, array.ndim)
    if any(array.shape[each] != 1 for each in axes):
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return array._view(array._tensor.squeeze(axes))


def expand_dims(a, axis):
    """Returns the array with new axes of size one."""
    array = asarray(a)
    places = axis if isinstance(axis, (tuple, list)) else (axis,)
    axes = axes_of(tuple(places), array.ndim + len(places))
    tensor = array._tensor
    for each in sorted(axes):
        tensor = tensor.unsqueeze(each)
    return array._view(tensor)


def atleast_1d(*arys):
    """Returns arrays of at least one dimension."""
    made = tuple(a.reshape(1) if a.ndim == 0 else a for a in map(asarray, arys))
    return made[0] if len(made) == 1 else made


def atleast_2d(*arys):
    """Returns arrays of at least two dimensions; a row becomes a matrix of one row."""
    made = tuple(a.reshape(1, -1) if a.ndim < 2 else a for a in map(asarray, arys))
    return made[0] if len(made) == 1 else made


def atleast_3d(*arys):
    """Returns arrays of at least three dimensions."""
    made = tuple(a._view(torch.atleast_3d(a._tensor)) for a in map(asarray, arys))
    return made[0] if len(made) == 1 else made


def broadcast_to(array, shape, subok=False):
    """Returns a view in which the array is repeated to fill a shape."""
    made = asarray(array)
    sizes = sizes_of(shape)
    try:
        return made._view(made._tensor.expand(sizes))
    except RuntimeError:
        raise ValueError(
            "operands could not be broadcast together with remapped shapes [original->remapped]: "
            f"{str(made.shape).replace(' ', '')}  and requested shape {str(tuple(sizes)).replace(' ', '')}"
        ) from None


def broadcast_shapes(*shapes):
    """Returns the shape that all shapes broadcast to."""
    try:
        return tuple(torch.broadcast_shapes(*[sizes_of(shape) for shape in shapes]))
    except RuntimeError:
        raise ValueError("shape mismatch: objects cannot be broadcast to a single shape.") from None


def broadcast_arrays(*args, subok=False):
    """Returns views of one common shape."""
    arrays = [asarray(arg) for arg in args]
    shape = broadcast_shapes(*[array.shape for array in arrays])
    return tuple(broadcast_to(array, shape) for array in arrays)


def flip(m, axis=None):
    """Returns the elements in the opposite order along axes."""
    array = asarray(m)
    made = array._view(array._tensor.flip(axes_of(axis, array.ndim)))
    made._is_reversed = True
    return made


def flipud(m):
    """Returns the rows in the opposite order."""
    return flip(m, 0)


def fliplr(m):
    """Returns the columns in the opposite order."""
    return flip(m, 1)


def rot90(m, k=1, axes=(0, 1)):
    """Returns the array turned by quarters."""
    return wrap(torch.rot90(asarray(m)._tensor, k, axes))


def roll(a, shift, axis=None):
    """Returns the elements moved along axes; what falls off comes in again."""
    tensor = asarray(a)._tensor
    if axis is None:
        return wrap(torch.roll(tensor.reshape(-1), shift, 0).reshape(tensor.shape))
    axes = axes_of(axis, tensor.ndim)
    shifts = shift if isinstance(shift, (tuple, list)) else (shift,) * len(axes)
    return wrap(torch.roll(tensor, tuple(int(each) for each in shifts), tuple(axes)))


def tile(A, reps):
    """Returns the whole array repeated along axes."""
    return wrap(torch.tile(asarray(A)._tensor, sizes_of(reps)))


def repeat(a, repeats, axis=None):
    """Returns each element repeated."""
    array = asarray(a)
    tensor = array._tensor.reshape(-1) if axis is None else array._tensor
    count = repeats if isinstance(repeats, int) else asarray(repeats)._tensor
    if isinstance(count, torch.Tensor) and count.numel() == 1:
        count = int(count)
    return wrap(torch.repeat_interleave(tensor, count, 0 if axis is None else axis_of(axis, tensor.ndim)))


def resize(a, new_shape):
    """Returns an array of a shape, filled with the elements over and over."""
    flat = asarray(a).ravel()
    count = 1
    for size in sizes_of(new_shape):
        count *= size
    copies = -(-count // flat.size) if flat.size else 0
    return wrap(flat._tensor.repeat(copies)[:count].reshape(sizes_of(new_shape)))


def _resize(self, *new_shape, refcheck=True):
    sizes = sizes_of(new_shape[0] if len(new_shape) == 1 else new_shape)
    count = 1
    for size in sizes:
        count *= size
    flat = self._tensor.reshape(-1)
    if count > flat.numel():
        flat = torch.cat([flat, torch.zeros(count - flat.numel(), dtype=flat.dtype)])
    self._tensor = flat[:count].reshape(sizes).clone()


def ndim(a):
    """Returns the number of dimensions."""
    return asarray(a).ndim


def shape(a):
    """Returns the shape."""
    return a.shape if isinstance(a, ndarray) else asarray(a).shape


def size(a, axis=None):
    """Returns the number of elements, or the size along an axis."""
    array = asarray(a)
    return array.size if axis is None else array.shape[axis]


_MODES = {"reflect": "reflect", "edge": "edge", "wrap": "wrap", "symmetric": "symmetric"}


def pad(array, pad_width, mode="constant", **options):
    """Returns the array with something around it: a constant, its edge, or its mirror image."""
    made = asarray(array)
    widths = _widths(pad_width, made.ndim)
    if mode == "constant":
        values = options.pop("constant_values", 0)
        _no_more("pad", options)
        pairs = _widths(values, made.ndim, float if made.dtype.kind == "f" else None)
        tensor = made._tensor
        for axis, ((before, after), (low, high)) in enumerate(zip(widths, pairs)):
            parts = [tensor]
            if before:
                parts.insert(0, _filled(tensor, axis, before, low))
            if after:
                parts.append(_filled(tensor, axis, after, high))
            tensor = torch.cat(parts, axis)
        return wrap(tensor)
    _no_more("pad", options)
    if mode not in _MODES:
        refuse("numpy.pad", **{f"mode={mode}": True})
    tensor = made._tensor
    for axis, (before, after) in enumerate(widths):
        if before or after:
            places = [_place(i, tensor.size(axis), mode) for i in range(-before, tensor.size(axis) + after)]
            tensor = torch.index_select(tensor, axis, torch.tensor(places))
    return wrap(tensor)


def _no_more(name, options):
    for option in options:
        raise ValueError(f"unsupported keyword arguments for mode: {{{option!r}}}")


def _filled(tensor, axis, count, value):
    sizes = list(tensor.shape)
    sizes[axis] = count
    return torch.full(sizes, value, dtype=tensor.dtype)


def _place(i, size, mode):
    if mode == "edge":
        return min(max(i, 0), size - 1)
    if mode == "wrap":
        return i % size
    if mode == "symmetric":
        i %= 2 * size
        return i if i < size else 2 * size - 1 - i
    if size == 1:
        return 0
    i %= 2 * size - 2
    return i if i < size else 2 * size - 2 - i


def _widths(value, ndim, kind=None):
    """Returns a pair for each axis, of one number, one pair, or a pair for each."""
    rows = asarray(value).tolist()
    if not isinstance(rows, list):
        rows = [[rows, rows]] * ndim
    elif not isinstance(rows[0], list):
        rows = [[rows[0], rows[-1]]] * ndim
    elif len(rows) == 1:
        rows = rows * ndim
    if len(rows) != ndim:
        raise ValueError(
            f"operands could not be broadcast together with remapped shapes [original->remapped]: ({len(rows)},2)  and requested shape ({ndim},2)"
        )
    return [(row[0], row[-1]) for row in rows]


def _add_methods():
    ndarray.reshape, ndarray.ravel, ndarray.flatten, ndarray.transpose, ndarray.resize = (
        _reshape,
        _ravel,
        _flatten,
        _transpose,
        _resize,
    )
    ndarray.swapaxes, ndarray.squeeze, ndarray.repeat = swapaxes, squeeze, repeat
    from . import _places

    ndarray.nonzero, ndarray.take = lambda self: _places.nonzero(self), _places.take
    ndarray.diagonal = lambda self, offset=0, axis1=0, axis2=1: self._view(self._tensor.diagonal(offset, axis1, axis2))
    ndarray.trace = lambda self, offset=0: diagonal_sum(self, offset)


def diagonal_sum(array, offset=0):
    """Returns the sum of a diagonal."""
    return asarray(array).diagonal(offset).sum(-1)


_add_methods()
