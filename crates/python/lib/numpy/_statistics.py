"""Medians and quantiles, histograms, covariances, and what is counted."""

import math

import torch

from ._absent import refuse
from ._array import result, wrap
from ._convert import asarray
from ._dtypes import float64
from ._reductions import mean
from ._shaping import axes_of
from ._ufuncs import add


def _rows_in_order(array, axis):
    """Returns a tensor of floats whose last dimension holds what is reduced, in order, and the dimensions it came from."""
    dims = axes_of(axis, array.ndim)
    tensor = array._tensor if array._tensor.dtype.is_floating_point else array._tensor.to(torch.float64)
    kept = [dim for dim in range(array.ndim) if dim not in dims]
    moved = tensor.permute(*kept, *dims) if array.ndim else tensor
    flat = moved.reshape([tensor.size(dim) for dim in kept] + [-1])
    return torch.sort(flat, -1)[0], dims


def _keep(made, dims, keepdims):
    if keepdims:
        for dim in sorted(dims):
            made = made.unsqueeze(dim)
    return made


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Returns the middle, or the mean of the two in the middle."""
    rows, dims = _rows_in_order(asarray(a), axis)
    count = rows.size(-1)
    if count == 0:
        return mean(a, axis)
    low, high = rows[..., (count - 1) // 2], rows[..., count // 2]
    made = low if count % 2 else (low + high) / 2
    last = rows[..., -1]
    made = _keep(torch.where(torch.isnan(last), last, made), dims, keepdims)
    return result(made) if out is None else add._deliver(made, out, True)


def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    """Returns quantiles: ``q`` from 0 to 1."""
    refuse("numpy.quantile", weights=weights)
    shares = asarray(q)
    if bool(((shares < 0) | (shares > 1)).any()):
        raise ValueError("Quantiles must be in the range [0, 1]")
    return _quantiles(a, shares, axis, out, method, keepdims)


def percentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
    """Returns percentiles: ``q`` from 0 to 100."""
    refuse("numpy.percentile", weights=weights)
    shares = asarray(asarray(q) / 100)
    if bool(((shares < 0) | (shares > 1)).any()):
        raise ValueError("Percentiles must be in the range [0, 100]")
    return _quantiles(a, shares, axis, out, method, keepdims)


def _quantiles(a, shares, axis, out, method, keepdims):
    rows, dims = _rows_in_order(asarray(a), axis)
    if method in ("lower", "higher", "nearest"):
        rows = rows.to(asarray(a)._tensor.dtype)
    last = rows[..., -1]
    made = []
    for share in shares._tensor.reshape(-1).tolist():
        made.append(_keep(torch.where(torch.isnan(last), last, _quantile(rows, share, method)), dims, keepdims))
    tensor = torch.stack(made).reshape(tuple(shares.shape) + tuple(made[0].shape)) if made else torch.zeros(0)
    return result(tensor) if out is None else add._deliver(tensor, out, True)


def _quantile(rows, share, method):
    place = (rows.size(-1) - 1) * share
    below = min(int(math.floor(place)), rows.size(-1) - 1)
    above = min(below + 1, rows.size(-1) - 1)
    part = place - below
    if method == "linear":
        low, high = rows[..., below], rows[..., above]
        # From the nearer side, as numpy does it.
        return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)
    if method == "lower":
        return rows[..., below]
    if method == "higher":
        return rows[..., math.ceil(place)]
    if method == "midpoint":
        return (rows[..., below] + rows[..., math.ceil(place)]) / 2
    if method == "nearest":
        return rows[..., round(place)]
    refuse("numpy.quantile", **{f"method={method}": True})


def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Returns the median of what is not nan."""
    return nanpercentile(a, 50, axis, out, keepdims=keepdims)


def nanpercentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    """Returns percentiles of what is not nan."""
    array = asarray(a)
    if axis is None:
        known = array[array == array]
        made = percentile(known, q, method=method)
        return asarray(made).reshape((1,) * array.ndim) if keepdims else made
    from ._creation import apply_along_axis

    made = apply_along_axis(lambda row: percentile(row[row == row], q, method=method), axis, array)
    return (
        made
        if not keepdims
        else made.reshape([1 if dim in axes_of(axis, array.ndim) else size for dim, size in enumerate(array.shape)])
    )


def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    """Returns the covariances of rows of observations."""
    from ._joining import concatenate
    from ._products import dot
    from ._shaping import atleast_2d

    refuse("numpy.cov", fweights=fweights, aweights=aweights)
    X = atleast_2d(asarray(m)).astype(float64)
    if not rowvar and X.shape[0] != 1:
        X = X.T
    if y is not None:
        other = atleast_2d(asarray(y)).astype(float64)
        X = concatenate([X, other if rowvar or other.shape[0] == 1 else other.T])
    X = X - X.mean(axis=1, keepdims=True)
    below = X.shape[1] - ((0 if bias else 1) if ddof is None else ddof)
    made = asarray(dot(X, X.T) / float(below))
    return made.squeeze() if made.size > 1 else asarray(made).reshape(())


def corrcoef(x, y=None, rowvar=True, *, dtype=None):
    """Returns the correlations of rows of observations."""
    from ._elementwise import clip
    from ._ufuncs import sqrt

    c = cov(x, y, rowvar)
    if c.ndim == 0:
        return c / c
    deviations = sqrt(c.diagonal())
    return clip(c / deviations[:, None] / deviations[None, :], -1, 1)


def correlate(a, v, mode="valid"):
    """Returns the sums of products of two rows, one moved along the other."""
    from ._numerics import convolve

    return convolve(a, asarray(v)[::-1].copy(), mode)


def bincount(x, /, weights=None, minlength=0):
    """Returns how often each whole number is there."""
    places = asarray(x)
    if places.ndim != 1:
        raise ValueError(
            "object too deep for desired array" if places.ndim > 1 else "object of too small depth for desired array"
        )
    if places.dtype.kind not in "iub":
        raise TypeError(f"Cannot cast array data from {places.dtype!r} to dtype('int64') according to the rule 'safe'")
    if places.size and int(places.min()) < 0:
        raise ValueError("'list' argument must have no negative elements")
    tensor = places._tensor.to(torch.int64)
    return wrap(
        torch.bincount(tensor, None if weights is None else asarray(weights)._tensor.to(torch.float64), minlength)
    )


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    """Returns the edges of the intervals that :func:`histogram` counts in."""
    from ._creation import linspace

    array = asarray(a).ravel()
    if isinstance(bins, str):
        if bins not in ("auto", "sturges", "fd", "sqrt"):
            refuse("numpy.histogram", **{f"bins={bins}": True})
        bins = _choose_bins(array, bins)
    if not hasattr(bins, "__len__"):
        if bins < 1:
            raise ValueError("`bins` must be positive, when an integer")
        if range is not None:
            low, high = range
            if low > high:
                raise ValueError("max must be larger than min in range parameter.")
        elif array.size == 0:
            low, high = 0, 1
        else:
            low, high = array.min().item(), array.max().item()
        if low - low != 0 or high - high != 0:
            raise ValueError(f"autodetected range of [{low}, {high}] is not finite")
        if low == high:
            low, high = low - 0.5, high + 0.5
        return linspace(low, high, int(bins) + 1)
    edges = asarray(bins)
    if bool((edges[:-1] > edges[1:]).any()):
        raise ValueError("`bins` must increase monotonically, when an array")
    return edges


def _choose_bins(array, rule):
    """Returns how many intervals a rule asks for: that of Sturges, of Freedman and Diaconis, or the finer of the two."""
    if array.size == 0:
        return 1
    spread = array.max().item() - array.min().item()
    sturges = spread / (math.log2(array.size) + 1.0)
    quarters = percentile(array, [75, 25])
    diaconis = 2.0 * (quarters[0] - quarters[1]).item() * array.size ** (-1.0 / 3.0)
    width = {
        "sturges": sturges,
        "fd": diaconis,
        "sqrt": spread / math.sqrt(array.size),
        "auto": min(diaconis, sturges) if diaconis else sturges,
    }[rule]
    if array.dtype.kind != "f":
        # Whole numbers are not told apart by less than one.
        width = max(width, 1)
    return math.ceil(spread / width) if width else 1


def histogram(a, bins=10, range=None, density=None, weights=None):
    """Returns how many numbers are in each of the intervals, and the intervals' edges."""
    edges = histogram_bin_edges(a, bins, range)
    values = asarray(a).ravel()._tensor.to(torch.float64)
    marks = edges._tensor.to(torch.float64).contiguous()
    places = torch.searchsorted(marks, values.contiguous(), right=True) - 1
    places = torch.where(values == marks[-1], marks.numel() - 2, places)
    inside = (places >= 0) & (places < marks.numel() - 1) & ~torch.isnan(values)
    weight = None if weights is None else asarray(weights).ravel()._tensor.to(torch.float64)[inside]
    counts = torch.bincount(places[inside], weight, marks.numel() - 1)
    if weights is not None and asarray(weights).dtype.kind != "f":
        counts = counts.to(torch.int64)
    made = wrap(counts)
    if density:
        made = made / (edges[1:] - edges[:-1]) / made.sum()
    return made, edges


def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    """Returns how many points are in each cell of a grid, and the edges along both axes."""
    refuse("numpy.histogram2d", weights=weights)
    per_axis = (bins, bins) if not hasattr(bins, "__len__") or len(bins) != 2 else bins
    ranges = range or (None, None)
    edges = [histogram_bin_edges(each, count, limits) for each, count, limits in zip((x, y), per_axis, ranges)]
    places, inside = [], None
    for each, marks in zip((x, y), edges):
        values, marks = asarray(each).ravel()._tensor.to(torch.float64), marks._tensor.to(torch.float64)
        place = torch.searchsorted(marks.contiguous(), values.contiguous(), right=True) - 1
        place = torch.where(values == marks[-1], marks.numel() - 2, place)
        fits = (place >= 0) & (place < marks.numel() - 1)
        places.append(place)
        inside = fits if inside is None else inside & fits
    rows, columns = edges[0].size - 1, edges[1].size - 1
    cells = (places[0] * columns + places[1])[inside]
    made = wrap(torch.bincount(cells, None, rows * columns).to(torch.float64).reshape(rows, columns))
    if density:
        made = made / made.sum() / (edges[0][1:] - edges[0][:-1])[:, None] / (edges[1][1:] - edges[1][:-1])
    return made, edges[0], edges[1]
