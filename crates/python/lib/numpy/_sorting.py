"""Putting into order, finding places in what is in order, and sets of what is there."""

import torch

from ._absent import refuse
from ._array import ndarray, result, wrap
from ._convert import asarray
from ._joining import concatenate
from ._shaping import axis_of


def sort(a, axis=-1, kind=None, order=None, *, stable=None):
    """Returns the elements in order along an axis."""
    array = asarray(a)
    if array._tensor is None:
        return array.sorted()
    if axis is None:
        array, axis = array.ravel(), -1
    return wrap(torch.sort(array._tensor, axis_of(axis, array.ndim), stable=True)[0])


def argsort(a, axis=-1, kind=None, order=None, *, stable=None):
    """Returns the places that put the elements into order along an axis; equal ones keep theirs."""
    array = asarray(a)
    if array._tensor is None:
        return array.order()
    if axis is None:
        array, axis = array.ravel(), -1
    return wrap(torch.argsort(array._tensor, axis_of(axis, array.ndim), stable=True))


def partition(a, kth, axis=-1):
    """Returns the elements with the ``kth`` smallest at its place; here they are all in order."""
    return sort(a, axis)


def argpartition(a, kth, axis=-1):
    """Returns places with that of the ``kth`` smallest at its place; here they are all in order."""
    return argsort(a, axis)


def lexsort(keys, axis=-1):
    """Returns the places that put rows into order by several keys, the last one first."""
    keys = [asarray(key) for key in keys]
    places = torch.arange(keys[0].size)
    for key in keys:
        places = places[torch.argsort(key._tensor[places], stable=True)]
    return wrap(places)


def searchsorted(a, v, side="left", sorter=None):
    """Returns the places at which numbers would be put into what is in order."""
    from ._operands import operands

    if side not in ("left", "right"):
        raise ValueError(f"search side must be 'left' or 'right' (got {side!r})")
    row, values, _ = operands(asarray(a), asarray(v))
    if sorter is not None:
        row = row[asarray(sorter)._tensor]
    return result(torch.searchsorted(row.contiguous(), values.contiguous(), right=side == "right"))


def digitize(x, bins, right=False):
    """Returns for each number the interval it is in."""
    edges = asarray(bins)
    if edges.size > 1 and edges[0] > edges[-1]:
        return edges.size - searchsorted(edges[::-1], x, "left" if not right else "right")
    return searchsorted(edges, x, "left" if right else "right")


def unique(
    ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True, sorted=True
):
    """Returns what is there once each, in order; also first places, places in the result, and counts."""
    array = asarray(ar)
    if array._tensor is None:
        return array.unique(return_index, return_inverse, return_counts)
    if axis is not None:
        return _unique_rows(array, axis_of(axis, array.ndim), return_index, return_inverse, return_counts)
    flat = array._tensor.reshape(-1)
    ordered, places = torch.sort(flat, stable=True)
    starts = torch.ones(flat.numel(), dtype=torch.bool)
    if flat.numel():
        starts[1:] = ordered[1:] != ordered[:-1]
        if equal_nan and flat.dtype.is_floating_point:
            nans = torch.isnan(ordered)
            starts[1:] &= ~(nans[1:] & nans[:-1])
    made = [wrap(ordered[starts])]
    if return_index:
        made.append(wrap(places[starts]))
    if return_inverse:
        inverse = torch.empty_like(places)
        inverse[places] = torch.cumsum(starts.to(torch.int64), 0) - 1
        made.append(wrap(inverse.reshape(array._tensor.shape)))
    if return_counts:
        bounds = torch.cat([torch.nonzero(starts).reshape(-1), torch.tensor([flat.numel()])])
        made.append(wrap(bounds[1:] - bounds[:-1]))
    return made[0] if len(made) == 1 else tuple(made)


def _unique_rows(array, axis, return_index, return_inverse, return_counts):
    refuse("numpy.unique with axis", return_index=return_index or None)
    made = torch.unique(array._tensor, return_inverse=True, return_counts=True, dim=axis)
    out = [wrap(made[0])]
    if return_inverse:
        out.append(wrap(made[1]))
    if return_counts:
        out.append(wrap(made[2]))
    return out[0] if len(out) == 1 else tuple(out)


def isin(element, test_elements, assume_unique=False, invert=False, *, kind=None):
    """Returns whether elements are among others."""
    made = asarray(element)
    if made._tensor is None:
        return made.is_among(asarray(test_elements), invert)
    from ._operands import operands

    a, b, _ = operands(made, asarray(test_elements))
    found = torch.isin(a, b)
    return result(~found if invert else found)


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """Returns what is in both, in order."""
    refuse("numpy.intersect1d", return_indices=return_indices or None)
    once = unique(ar1)
    return once[isin(once, ar2)]


def union1d(ar1, ar2):
    """Returns what is in one of two, in order."""
    return unique(concatenate([asarray(ar1).ravel(), asarray(ar2).ravel()]))


def setdiff1d(ar1, ar2, assume_unique=False):
    """Returns what is in the first and not in the second, in order."""
    once = unique(ar1)
    return once[isin(once, ar2, invert=True)]


def setxor1d(ar1, ar2, assume_unique=False):
    """Returns what is in exactly one of two, in order."""
    return union1d(setdiff1d(ar1, ar2), setdiff1d(ar2, ar1))


def _sort_in_place(self, axis=-1, kind=None, order=None, *, stable=None):
    if self._tensor is None:
        self[...] = self.sorted()
        return
    self._writable().copy_(torch.sort(self._tensor, axis_of(axis, self.ndim), stable=True)[0])


def _add_methods():
    ndarray.sort, ndarray.argsort, ndarray.searchsorted = _sort_in_place, argsort, searchsorted
    ndarray.argpartition = argpartition
    ndarray.partition = lambda self, kth, axis=-1: _sort_in_place(self, axis)


_add_methods()
