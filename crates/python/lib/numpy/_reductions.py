"""What takes dimensions away: sums, means, extremes, and running sums along an axis."""

import builtins
import warnings

import torch
from _numpy import sum as _ordered_sum

from . import _dtypes
from ._absent import refuse
from ._array import ndarray, result, wrap
from ._convert import asarray
from ._dtypes import float64
from ._shaping import axes_of, axis_of
from ._ufuncs import add

_missing = object()


def _array(a, name):
    """Returns the array to be reduced."""
    if isinstance(a, torch.Tensor):
        raise TypeError(f"{name}() of a tensor: use its own method, or tensor.numpy()")
    made = asarray(a)
    if made._tensor is None:
        raise TypeError(f"cannot perform {name} with texts or objects")
    return made


def _finish(made, out, dims, keepdims, ndim):
    if keepdims:
        for dim in sorted(dims):
            made = made.unsqueeze(dim)
    return result(made) if out is None else add._deliver(made, out, True)


def _chosen(array, where, neutral):
    """Returns the elements that count, with something neutral in place of the others."""
    if where is True:
        return array._tensor
    mask = asarray(where)._tensor
    return torch.where(mask, array._tensor, torch.tensor(neutral, dtype=array._tensor.dtype))


def _sum(tensor, dims):
    """Returns a sum over dimensions, in numpy's dtype and order."""
    if tensor.dtype.is_floating_point:
        made = _ordered_sum(tensor, list(dims))
        return made if tensor.numel() else torch.zeros_like(made)
    if tensor.dtype is not torch.int64:
        tensor = tensor.to(torch.int64)
    return torch.sum(tensor, dims) if dims else tensor.clone()


def sum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True):
    """Returns the sum over axes."""
    array = _array(a, "sum")
    if dtype is not None:
        array = array.astype(dtype, copy=False)
    dims = axes_of(axis, array.ndim)
    made = _sum(_chosen(array, where, 0), dims)
    if dtype is not None and made.dtype is not array._tensor.dtype:
        made = made.to(array._tensor.dtype)
    if initial is not None:
        made = made + initial
    return _finish(made, out, dims, keepdims, array.ndim)


def prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True):
    """Returns the product over axes."""
    array = _array(a, "prod")
    if dtype is not None:
        array = array.astype(dtype, copy=False)
    dims = axes_of(axis, array.ndim)
    made = _chosen(array, where, 1)
    if not made.dtype.is_floating_point:
        made = made.to(torch.int64)
    for dim in sorted(dims, reverse=True):
        made = torch.prod(made, dim)
    if initial is not None:
        made = made * initial
    return _finish(made, out, dims, keepdims, array.ndim)


def _count(array, dims, where=True):
    if where is not True:
        mask = asarray(where)._tensor.expand(array._tensor.shape)
        return _sum(mask, dims).to(torch.float64)
    count = 1
    for dim in dims:
        count *= array._tensor.size(dim)
    return count


def mean(a, axis=None, dtype=None, out=None, keepdims=False, where=True):
    """Returns the mean over axes."""
    array = _array(a, "mean")
    kind = _dtypes.numeric(dtype) if dtype is not None else array.dtype
    tensor = array._tensor.to(kind.torch if kind.kind == "f" else torch.float64)
    dims = axes_of(axis, array.ndim)
    tensor = _chosen(wrap(tensor), where, 0)
    count = _count(array, dims, where)
    if type(count) is int and count == 0:
        warnings.warn("Mean of empty slice.", RuntimeWarning, stacklevel=2)
        with_errors = (
            "invalid value encountered in scalar divide"
            if len(dims) == array.ndim
            else "invalid value encountered in divide"
        )
        warnings.warn(with_errors, RuntimeWarning, stacklevel=2)
    made = torch.div(_sum(tensor, dims), count).to(tensor.dtype)
    return _finish(made, out, dims, keepdims, array.ndim)


def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None):
    """Returns the variance over axes; ``ddof`` is taken from the count of elements."""
    return _finish(*_variance(a, axis, dtype, out, ddof, keepdims, where, correction, "var"))


def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None):
    """Returns the standard deviation over axes; ``ddof`` is taken from the count of elements."""
    made, *rest = _variance(a, axis, dtype, out, ddof, keepdims, where, correction, "std")
    return _finish(torch.sqrt(made), *rest)


def _variance(a, axis, dtype, out, ddof, keepdims, where, correction, name):
    array = _array(a, name)
    ddof = ddof if correction is None else correction
    kind = _dtypes.numeric(dtype) if dtype is not None else array.dtype
    tensor = array._tensor.to(kind.torch if kind.kind == "f" else torch.float64)
    dims = axes_of(axis, array.ndim)
    count = _count(array, dims, where)
    middle = torch.div(_sum(_chosen(wrap(tensor), where, 0), dims), count)
    for dim in sorted(dims):
        middle = middle.unsqueeze(dim)
    off = _chosen(wrap(tensor - middle), where, 0)
    below = count - ddof if not isinstance(count, torch.Tensor) else (count - ddof).clamp(min=0)
    if type(count) is int and below <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=3)
        below = 0
    made = torch.div(_sum(off * off, dims), below).to(tensor.dtype)
    return made, out, dims, keepdims, array.ndim


def _extreme(name, all_of, neutral):
    def reduce(a, axis=None, out=None, keepdims=False, initial=None, where=True):
        array = _array(a, name)
        dims = axes_of(axis, array.ndim)
        tensor = array._tensor
        if where is not True:
            refuse(f"numpy.{name} with where and without initial", initial=None if initial is not None else where)
            tensor = _chosen(array, where, initial)
        empty = builtins.any(tensor.size(dim) == 0 for dim in dims)
        if empty and initial is None:
            raise ValueError(
                f"zero-size array to reduction operation {'maximum' if neutral < 0 else 'minimum'} which has no identity"
            )
        made = tensor.clone() if not dims else all_of(tensor, dims)
        if initial is not None:
            made = (
                torch.maximum(made, torch.tensor(initial, dtype=made.dtype))
                if neutral < 0
                else torch.minimum(made, torch.tensor(initial, dtype=made.dtype))
            )
        return _finish(made, out, dims, keepdims, array.ndim)

    reduce.__name__ = name
    reduce.__doc__ = f"Returns the {'largest' if neutral < 0 else 'smallest'} element over axes."
    return reduce


max = amax = _extreme("max", torch.amax, -1)
min = amin = _extreme("min", torch.amin, 1)


def ptp(a, axis=None, out=None, keepdims=False):
    """Returns the largest less the smallest element over axes."""
    made = max(a, axis, keepdims=keepdims) - min(a, axis, keepdims=keepdims)
    return made if out is None else add._deliver(asarray(made)._tensor, out, True)


def _place_of_extreme(name, find):
    def reduce(a, axis=None, out=None, *, keepdims=False):
        array = _array(a, name)
        tensor = array._tensor
        if tensor.numel() == 0:
            raise ValueError(f"attempt to get {name} of an empty sequence")
        if tensor.dtype is torch.bool:
            tensor = tensor.to(torch.uint8)
        if axis is None:
            made = find(tensor.reshape(-1), 0)
            if keepdims:
                made = made.reshape((1,) * array.ndim)
            return result(made)
        axis = axis_of(axis, array.ndim)
        made = find(tensor, axis, keepdims)
        return result(made) if out is None else add._deliver(made, out, True)

    reduce.__name__ = name
    reduce.__doc__ = (
        f"Returns the place of the {'largest' if name == 'argmax' else 'smallest'} element, the first of several."
    )
    return reduce


argmax, argmin = _place_of_extreme("argmax", torch.argmax), _place_of_extreme("argmin", torch.argmin)


def _truth(name, of_torch):
    def reduce(a, axis=None, out=None, keepdims=False, *, where=True):
        array = _array(a, name)
        dims = axes_of(axis, array.ndim)
        tensor = array._tensor
        made = tensor if tensor.dtype is torch.bool else tensor != 0
        made = _chosen(wrap(made), where, name == "all")
        if dims:
            made = of_torch(made, dims)
        return _finish(made, out, dims, keepdims, array.ndim)

    reduce.__name__ = name
    reduce.__doc__ = f"Returns whether {'every' if name == 'all' else 'any'} element is true, over axes."
    return reduce


all, any = _truth("all", torch.all), _truth("any", torch.any)


def _running(name, of_torch):
    def run(a, axis=None, dtype=None, out=None):
        array = _array(a, name)
        if dtype is not None:
            array = array.astype(dtype, copy=False)
        tensor = array._tensor
        if not tensor.dtype.is_floating_point:
            tensor = tensor.to(torch.int64)
        if axis is None:
            tensor, axis = tensor.reshape(-1), 0
        elif tensor.ndim == 0:
            tensor = tensor.reshape(1)
        made = of_torch(tensor, axis_of(axis, tensor.ndim))
        return wrap(made) if out is None else add._deliver(made, out, True)

    run.__name__ = name
    run.__doc__ = f"Returns the running {'sum' if name == 'cumsum' else 'product'} along an axis."
    return run


cumsum, cumprod = _running("cumsum", torch.cumsum), _running("cumprod", torch.cumprod)


def count_nonzero(a, axis=None, *, keepdims=False):
    """Returns how many elements are not zero."""
    array = _array(a, "count_nonzero")
    dims = axes_of(axis, array.ndim)
    return _finish(_sum(array._tensor != 0, dims), None, dims, keepdims, array.ndim)


def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """Returns the mean, or with weights the weighted mean, over an axis."""
    array = _array(a, "average")
    if weights is None:
        made = mean(array, axis, keepdims=keepdims)
        total = array.size / asarray(made).size
        return (made, asarray(made) * 0 + total) if returned else made
    weight = asarray(weights)
    if weight.shape != array.shape:
        if axis is None:
            raise TypeError("Axis must be specified when shapes of a and weights differ.")
        if weight.ndim != 1:
            raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        if weight.shape[0] != array.shape[axis]:
            raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        shape = [1] * array.ndim
        shape[axis] = -1
        weight = weight.reshape(shape)
    kind = _dtypes.promote(array.dtype, weight.dtype)
    kind = kind if kind.kind == "f" else float64
    from ._shaping import broadcast_to

    full = broadcast_to(weight, array.shape)
    total = sum(full, axis, dtype=kind, keepdims=keepdims)
    if bool((asarray(total) == 0).any()):
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    made = sum(array.astype(kind) * full, axis, keepdims=keepdims) / total
    return (made, total) if returned else made


# ---------------------------------------------------------------- without nan


def _without_nan(array, put):
    tensor = array._tensor
    return (
        wrap(torch.where(torch.isnan(tensor), torch.tensor(put, dtype=tensor.dtype), tensor))
        if tensor.dtype.is_floating_point
        else array
    )


def nansum(a, axis=None, dtype=None, out=None, keepdims=False):
    """Returns the sum of what is not nan."""
    return sum(_without_nan(_array(a, "nansum"), 0.0), axis, dtype, out, keepdims)


def nanprod(a, axis=None, dtype=None, out=None, keepdims=False):
    """Returns the product of what is not nan."""
    return prod(_without_nan(_array(a, "nanprod"), 1.0), axis, dtype, out, keepdims)


def nanmean(a, axis=None, dtype=None, out=None, keepdims=False):
    """Returns the mean of what is not nan."""
    array = _array(a, "nanmean")
    if array.dtype.kind != "f":
        return mean(array, axis, dtype, out, keepdims)
    known = ~wrap(torch.isnan(array._tensor))
    made = nansum(array, axis, keepdims=keepdims) / sum(known, axis, dtype=array.dtype, keepdims=keepdims)
    return made if out is None else add._deliver(asarray(made)._tensor, out, True)


def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """Returns the variance of what is not nan."""
    array = _array(a, "nanvar")
    known = ~wrap(torch.isnan(array._tensor)) if array.dtype.kind == "f" else array == array
    off = array - nanmean(array, axis, keepdims=True)
    return nansum(off * off, axis, keepdims=keepdims) / (sum(known, axis, keepdims=keepdims) - ddof)


def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """Returns the standard deviation of what is not nan."""
    from ._ufuncs import sqrt

    return sqrt(nanvar(a, axis, ddof=ddof, keepdims=keepdims))


def nanmax(a, axis=None, out=None, keepdims=False):
    """Returns the largest of what is not nan."""
    return max(_without_nan(_array(a, "nanmax"), float("-inf")), axis, out, keepdims)


def nanmin(a, axis=None, out=None, keepdims=False):
    """Returns the smallest of what is not nan."""
    return min(_without_nan(_array(a, "nanmin"), float("inf")), axis, out, keepdims)


def nanargmax(a, axis=None):
    """Returns the place of the largest of what is not nan."""
    return argmax(_without_nan(_array(a, "nanargmax"), float("-inf")), axis)


def nanargmin(a, axis=None):
    """Returns the place of the smallest of what is not nan."""
    return argmin(_without_nan(_array(a, "nanargmin"), float("inf")), axis)


def _add_methods():
    for function in (sum, prod, mean, var, std, max, min, argmax, argmin, all, any, cumsum, cumprod):
        setattr(ndarray, function.__name__, function)


_add_methods()
