"""Functions that find places, take what lies there or write to it, and notations for slices and grids."""

import torch

from . import _dtypes
from ._array import ndarray, wrap
from ._indexing import get


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
    from ._operands import operands

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
    from ._convert import asarray
    from ._shaping import sizes_of

    total = 0
    for places, size in zip(multi_index, sizes_of(dims)):
        total = total * size + (asarray(places) if isinstance(places, (list, tuple)) else places)
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
