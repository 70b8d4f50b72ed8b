"""New arrays: of zeros and ones, of numbers in steps, of diagonals and grids."""

import math

import torch

from . import _dtypes
from ._absent import refuse
from ._array import wrap
from ._convert import array, asarray
from ._shaping import sizes_of


def _sizes(shape):
    sizes = sizes_of(shape)
    if any(size < 0 for size in sizes):
        raise ValueError("negative dimensions are not allowed")
    return sizes


def zeros(shape, dtype=float, order="C", *, device=None, like=None):
    """Returns zeros."""
    return wrap(torch.zeros(_sizes(shape), dtype=_dtypes.numeric(dtype).torch))


def ones(shape, dtype=None, order="C", *, device=None, like=None):
    """Returns ones."""
    return wrap(torch.ones(_sizes(shape), dtype=_dtypes.numeric(dtype).torch))


def empty(shape, dtype=float, order="C", *, device=None, like=None):
    """Returns an array to be written; here its elements are zero."""
    if _dtypes.find(dtype).torch is None:
        from ._objects import empty_objects

        return empty_objects(_sizes(shape), _dtypes.find(dtype))
    return zeros(shape, dtype)


def full(shape, fill_value, dtype=None, order="C", *, device=None, like=None):
    """Returns an array of one value."""
    value = asarray(fill_value)
    if value._tensor is None:
        from ._objects import empty_objects

        made = empty_objects(_sizes(shape), value.dtype)
        made[...] = fill_value
        return made
    kind = value.dtype if dtype is None else _dtypes.numeric(dtype)
    if value.ndim == 0:
        return wrap(torch.full(_sizes(shape), kind.type(value.item()).item(), dtype=kind.torch))
    return wrap(value.astype(kind)._tensor.expand(_sizes(shape)).clone())


def _like(a, dtype, shape, value):
    made = asarray(a)
    kind = made.dtype if dtype is None else _dtypes.numeric(dtype)
    return full(made.shape if shape is None else shape, value, kind)


def zeros_like(a, dtype=None, order="K", subok=True, shape=None, *, device=None):
    """Returns zeros in the shape and dtype of another array."""
    return _like(a, dtype, shape, 0)


def ones_like(a, dtype=None, order="K", subok=True, shape=None, *, device=None):
    """Returns ones in the shape and dtype of another array."""
    return _like(a, dtype, shape, 1)


def empty_like(prototype, dtype=None, order="K", subok=True, shape=None, *, device=None):
    """Returns an array to be written in the shape and dtype of another; here its elements are zero."""
    return _like(prototype, dtype, shape, 0)


def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None):
    """Returns an array of one value in the shape and dtype of another."""
    return _like(a, dtype, shape, fill_value)


def arange(*args, dtype=None, device=None, like=None, start=None, stop=None, step=None):
    """Returns numbers from ``start`` up to but without ``stop`` in steps."""
    if not args:
        args = (stop,) if start is None else (start, stop)
    if len(args) == 4:
        dtype, args = args[3], args[:3]
    start, stop, step = (
        (0, args[0], 1 if step is None else step)
        if len(args) == 1
        else (args[0], args[1], (args[2] if len(args) == 3 else 1) if step is None else step)
    )
    kinds = [each for each in (start, stop, step)]
    kind = _dtypes.numeric(dtype) if dtype is not None else _dtypes.result_type(*kinds)
    if kind is _dtypes.bool_:
        kind = _dtypes.int64
    elif kind is _dtypes.float32 and dtype is None:
        kind = _dtypes.float64
    start, stop, step = (each.item() if hasattr(each, "item") else each for each in (start, stop, step))
    if step == 0:
        raise (
            ZeroDivisionError("division by zero")
            if dtype is None or True
            else ValueError("Maximum allowed size exceeded")
        )
    count = max(0, math.ceil((stop - start) / step))
    if kind.kind in "iu" and all(isinstance(each, int) for each in (start, step)):
        return wrap((torch.arange(count, dtype=torch.int64) * step + start).to(kind.torch))
    # numpy goes on in the difference of the first two.
    first = start if kind.kind == "f" else int(start)
    delta = (start + step) - start
    if kind is _dtypes.float32:
        single = _dtypes.float32.type
        first = single(start).item()
        delta = (single(start + step) - single(start)).item()
    return wrap((torch.arange(count, dtype=torch.float64).to(kind.torch) * delta + first).to(kind.torch))


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None):
    """Returns ``num`` numbers from ``start`` to ``stop`` at equal distances."""
    num = num.__index__()
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    gaps = num - 1 if endpoint else num
    first, last = asarray(start) * 1.0, asarray(stop) * 1.0
    first, last = asarray(first), asarray(last)
    delta = asarray(last - first)
    kind = (
        _dtypes.promote(_dtypes.promote(first.dtype, last.dtype), _dtypes.float64)
        if type(start) in (int, float) or type(stop) in (int, float)
        else _dtypes.promote(first.dtype, last.dtype)
    )
    places = torch.arange(num, dtype=kind.torch).reshape((-1,) + (1,) * delta.ndim)
    if gaps > 0:
        step = delta / gaps
        made = places * asarray(step)._tensor + first._tensor
    else:
        step = float("nan")
        made = places * delta._tensor + first._tensor
    if endpoint and num > 1:
        made[-1] = last._tensor
    made = wrap(made)
    if axis:
        from ._shaping import moveaxis

        made = moveaxis(made, 0, axis)
    if dtype is not None:
        wanted = _dtypes.numeric(dtype)
        if wanted.kind in "iu":
            made = wrap(torch.floor(made._tensor))
        made = made.astype(wanted)
    return (made, step) if retstep else made


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """Returns ``num`` numbers from ``base**start`` to ``base**stop`` with equal ratios."""
    from ._ufuncs import power

    made = power(base, linspace(start, stop, num, endpoint, axis=axis))
    return made if dtype is None else made.astype(dtype)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Returns ``num`` numbers from ``start`` to ``stop`` with equal ratios."""
    sign = -1.0 if start < 0 and stop < 0 else 1.0
    made = sign * logspace(math.log10(start * sign), math.log10(stop * sign), num, endpoint)
    if num > 0:
        made[0] = start
        if endpoint and num > 1:
            made[-1] = stop
    return made if dtype is None else made.astype(dtype)


def eye(N, M=None, k=0, dtype=float, order="C", *, device=None, like=None):
    """Returns a matrix with ones on a diagonal."""
    columns = N if M is None else M
    made = zeros((N, columns), dtype)
    if -N < k < columns:
        made._tensor.diagonal(k).fill_(1)
    return made


def identity(n, dtype=None, *, like=None):
    """Returns a square matrix with ones on its diagonal."""
    return eye(n, dtype=float if dtype is None else dtype)


def diag(v, k=0):
    """Returns a diagonal of a matrix, or the matrix with a diagonal."""
    made = asarray(v)
    if made.ndim not in (1, 2):
        raise ValueError("Input must be 1- or 2-d.")
    return wrap(torch.diag(made._tensor, k))


def diagflat(v, k=0):
    """Returns the matrix with the elements on a diagonal."""
    return wrap(torch.diag(asarray(v)._tensor.reshape(-1), k))


def diagonal(a, offset=0, axis1=0, axis2=1):
    """Returns a diagonal."""
    return asarray(a).diagonal(offset, axis1, axis2)


def tri(N, M=None, k=0, dtype=float, *, like=None):
    """Returns a matrix with ones on and below a diagonal."""
    return wrap(torch.ones(N, N if M is None else M, dtype=_dtypes.numeric(dtype).torch).tril(k))


def tril(m, k=0):
    """Returns what lies on and below a diagonal, and zeros above."""
    return wrap(torch.tril(asarray(m)._tensor, k))


def triu(m, k=0):
    """Returns what lies on and above a diagonal, and zeros below."""
    return wrap(torch.triu(asarray(m)._tensor, k))


def vander(x, N=None, increasing=False):
    """Returns the matrix of the powers of numbers."""
    made = asarray(x)
    count = made.size if N is None else N
    powers = torch.arange(count)
    return wrap(torch.pow(made._tensor.unsqueeze(1), powers if increasing else powers.flip(0)))


def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    """Returns the coordinates of a grid, an array for each axis."""
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    axes = [asarray(x).ravel() for x in xi]
    order = list(range(len(axes)))
    if indexing == "xy" and len(axes) > 1:
        order[0], order[1] = 1, 0
    shaped = []
    for place, axis in zip(order, axes):
        shape = [1] * len(axes)
        shape[place] = -1
        shaped.append(axis.reshape(shape))
    if sparse:
        return tuple(shaped)
    from ._shaping import broadcast_arrays

    return tuple(each.copy() if copy else each for each in broadcast_arrays(*shaped))


def indices(dimensions, dtype=int, sparse=False):
    """Returns the places of a grid, an array for each axis."""
    grids = meshgrid(*[arange(size, dtype=dtype) for size in dimensions], indexing="ij", sparse=sparse)
    from ._joining import stack

    return tuple(grids) if sparse else stack(grids)


def fromfunction(function, shape, *, dtype=float, like=None, **options):
    """Returns what a function makes of the places of a grid."""
    return function(*indices(shape, dtype=dtype), **options)


def fromiter(iter, dtype, count=-1, *, like=None):
    """Returns an array of what an iterator gives."""
    import itertools

    return array(list(iter if count < 0 else itertools.islice(iter, count)), dtype)


def vectorize(pyfunc, otypes=None, doc=None, excluded=None, cache=False, signature=None):
    """Returns the function that calls ``pyfunc`` for each element; it is not faster for that."""
    import functools

    refuse("numpy.vectorize", excluded=excluded, signature=signature)
    if otypes is not None:
        otypes = [otypes] if isinstance(otypes, (str, type)) else otypes

    @functools.wraps(pyfunc)
    def run(*args):
        from ._shaping import broadcast_arrays

        arrays = [asarray(arg) for arg in args]
        if all(each._tensor is not None for each in arrays):
            arrays = broadcast_arrays(*arrays)
        rows = [pyfunc(*each) for each in zip(*(a.ravel() for a in arrays))]
        if rows and isinstance(rows[0], tuple):
            return tuple(array(list(column)).reshape(arrays[0].shape) for column in zip(*rows))
        made = array(rows, otypes[0] if otypes else None).reshape(arrays[0].shape)
        return made if made.ndim or made._tensor is None else made

    return run


def apply_along_axis(func1d, axis, arr, *args, **options):
    """Returns what a function makes of each row along an axis."""
    from ._joining import stack
    from ._shaping import moveaxis

    moved = moveaxis(asarray(arr), axis, -1)
    rows = [asarray(func1d(row, *args, **options)) for row in moved.reshape(-1, moved.shape[-1])]
    made = stack(rows).reshape(moved.shape[:-1] + rows[0].shape)
    return moveaxis(made, -1, axis) if rows[0].ndim else made


def hanning(M):
    """Returns the window of Hann."""
    return _window(M, lambda x: 0.5 + 0.5 * torch.cos(x))


def hamming(M):
    """Returns the window of Hamming."""
    return _window(M, lambda x: 0.54 + 0.46 * torch.cos(x))


def _window(count, shape):
    if count < 1:
        return zeros(0)
    if count == 1:
        return ones(1)
    return wrap(shape(math.pi * torch.arange(1 - count, count, 2, dtype=torch.float64) / (count - 1)))
