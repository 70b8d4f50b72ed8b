"""Differences, areas, interpolation, polynomials and convolution."""

import torch

from . import _dtypes
from ._absent import refuse
from ._array import ndarray, result, wrap
from ._convert import asarray
from ._dtypes import float64
from ._shaping import axes_of, axis_of


def diff(a, n=1, axis=-1, prepend=None, append=None):
    """Returns the differences of neighbours."""
    from ._joining import concatenate
    from ._ufuncs import not_equal, subtract

    array = asarray(a)
    if array.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    axis = axis_of(axis, array.ndim)

    def around(value):
        value = asarray(value)
        if value.ndim:
            return value
        shape = list(array.shape)
        shape[axis] = 1
        return wrap(value._tensor.expand(shape))

    if prepend is not None or append is not None:
        array = concatenate([around(each) for each in (prepend, array, append) if each is not None], axis)
    before = (slice(None),) * axis
    for _ in range(n):
        high, low = array[before + (slice(1, None),)], array[before + (slice(None, -1),)]
        array = not_equal(high, low) if array.dtype is _dtypes.bool_ else subtract(high, low)
    return array


def ediff1d(ary, to_end=None, to_begin=None):
    """Returns the differences of neighbours in one row."""
    from ._joining import concatenate

    row = diff(asarray(ary).ravel())
    return concatenate([asarray(each).ravel() for each in (to_begin, row, to_end) if each is not None])


def gradient(f, *varargs, axis=None, edge_order=1):
    """Returns slopes: differences over two steps inside, over one at the ends."""
    array = asarray(f)
    array = array if array.dtype.kind == "f" else array.astype(float64)
    axes = axes_of(axis, array.ndim)
    steps = list(varargs) or [1.0]
    steps = steps * len(axes) if len(steps) == 1 else steps
    if len(steps) != len(axes):
        raise TypeError("invalid number of arguments")
    made = []
    for each, step in zip(axes, steps):
        if array.shape[each] < edge_order + 1:
            raise ValueError(
                "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required."
            )
        made.append(_slopes(array, each, step, edge_order))
    return made[0] if len(made) == 1 else tuple(made)


def _slopes(array, axis, step, edge_order):
    x = array._tensor.transpose(0, axis)
    out = torch.empty_like(x)
    step = asarray(step)
    if step.ndim == 0:
        h = step.item()
        out[1:-1] = (x[2:] - x[:-2]) / (2.0 * h)
        if edge_order == 1:
            out[0], out[-1] = (x[1] - x[0]) / h, (x[-1] - x[-2]) / h
        else:
            out[0] = -1.5 / h * x[0] + 2.0 / h * x[1] - 0.5 / h * x[2]
            out[-1] = 0.5 / h * x[-3] - 2.0 / h * x[-2] + 1.5 / h * x[-1]
    else:
        refuse("numpy.gradient with uneven steps", edge_order=None if edge_order == 1 else edge_order)
        h = (step._tensor[1:] - step._tensor[:-1]).to(x.dtype).reshape((-1,) + (1,) * (x.ndim - 1))
        low, high = h[:-1], h[1:]
        out[1:-1] = (
            -high / (low * (low + high)) * x[:-2]
            + (high - low) / (low * high) * x[1:-1]
            + low / (high * (low + high)) * x[2:]
        )
        out[0], out[-1] = (x[1] - x[0]) / h[0], (x[-1] - x[-2]) / h[-1]
    return wrap(out.transpose(0, axis))


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """Returns the area under a curve, by straight lines between its points."""
    array = asarray(y)
    axis = axis_of(axis, array.ndim)
    before = (slice(None),) * axis
    if x is None:
        step = dx
    else:
        step = diff(asarray(x), axis=-1)
        if step.ndim == 1 and array.ndim > 1:
            step = step.reshape([-1 if dim == axis else 1 for dim in range(array.ndim)])
    return asarray(step * (array[before + (slice(1, None),)] + array[before + (slice(None, -1),)]) / 2.0).sum(axis)


def interp(x, xp, fp, left=None, right=None, period=None):
    """Returns the heights of a curve of straight lines through points."""
    refuse("numpy.interp", period=period)
    at, px, py = (
        asarray(x)._tensor.to(torch.float64),
        asarray(xp)._tensor.to(torch.float64),
        asarray(fp)._tensor.to(torch.float64),
    )
    if px.numel() != py.numel():
        raise ValueError("fp and xp are not of the same length.")
    if px.numel() == 0:
        raise ValueError("array of sample points is empty")
    last = px.numel() - 1
    place = (torch.searchsorted(px.contiguous(), at.contiguous(), right=True) - 1).clamp(0, max(last - 1, 0))
    above = (place + 1).clamp(max=last)
    width = px[above] - px[place]
    slope = (py[above] - py[place]) / torch.where(width == 0, 1.0, width)
    made = slope * (at - px[place]) + py[place]
    made = torch.where(at == px[above], py[above], made)
    made = torch.where(at < px[0], py[0] if left is None else float(left), made)
    made = torch.where(at > px[last], py[last] if right is None else float(right), made)
    return result(torch.where(torch.isnan(at), at, made))


def convolve(a, v, mode="full"):
    """Returns the convolution of two rows: ``"full"``, ``"same"`` or ``"valid"``."""
    a, v = asarray(a), asarray(v)
    if a.size == 0 or v.size == 0:
        raise ValueError("a cannot be empty" if a.size == 0 else "v cannot be empty")
    if a.ndim > 1 or v.ndim > 1:
        raise ValueError("object too deep for desired array")
    kind = _dtypes.promote(a.dtype, v.dtype)
    long, short = (a, v) if a.size >= v.size else (v, a)
    x, w = long._tensor.reshape(-1).to(kind.torch), short._tensor.reshape(-1).to(kind.torch)
    count = w.numel()
    padded = torch.cat([torch.zeros(count - 1, dtype=x.dtype), x, torch.zeros(count - 1, dtype=x.dtype)])
    windows = padded.unfold(0, count, 1)
    made = (windows * w.flip(0)).sum(1).to(kind.torch)
    if mode == "same":
        start = (count - 1) // 2
        made = made[start : start + x.numel()]
    elif mode == "valid":
        made = made[count - 1 : made.numel() - count + 1]
    elif mode != "full":
        raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got {mode!r})")
    return wrap(made)


# ---------------------------------------------------------------- polynomials


def polyval(p, x):
    """Returns a polynomial's values; the highest power comes first."""
    x = x if isinstance(x, (int, float)) else asarray(x)
    made = asarray(x) * 0
    for coefficient in asarray(p):
        made = made * x + coefficient
    return made


def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """Returns the polynomial of a degree that comes closest to points, by least squares."""
    from .linalg import lstsq

    refuse("numpy.polyfit", full=full or None, cov=cov or None)
    x, y = asarray(x).astype(float64), asarray(y).astype(float64)
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if x.ndim != 1:
        raise TypeError("expected 1D vector for x")
    if x.size == 0:
        raise TypeError("expected non-empty vector for x")
    if y.ndim < 1 or y.ndim > 2:
        raise TypeError("expected 1D or 2D array for y")
    if x.shape[0] != y.shape[0]:
        raise TypeError("expected x and y to have same length")
    from ._creation import vander

    rows = vander(x, deg + 1)
    if w is not None:
        weight = asarray(w).astype(float64)
        rows, y = rows * weight[:, None], y * (weight[:, None] if y.ndim == 2 else weight)
    scale = asarray((rows * rows).sum(0)) ** 0.5
    solution = lstsq(rows / scale, y, rcond)[0]
    return solution / (scale if y.ndim == 1 else scale[:, None])


def polyadd(a1, a2):
    """Returns the sum of two polynomials."""
    a, b = asarray(a1), asarray(a2)
    size = max(a.size, b.size)
    from ._shaping import pad

    return pad(a, (size - a.size, 0)) + pad(b, (size - b.size, 0))


def polymul(a1, a2):
    """Returns the product of two polynomials."""
    return convolve(a1, a2)


def polyder(p, m=1):
    """Returns the derivative of a polynomial."""
    made = asarray(p)
    for _ in range(m):
        degree = made.size - 1
        made = made[:-1] * wrap(torch.arange(degree, 0, -1))
    return made


def polyint(p, m=1, k=None):
    """Returns the integral of a polynomial."""
    from ._joining import append

    refuse("numpy.polyint", k=k)
    made = asarray(p)
    for _ in range(m):
        made = append(made / wrap(torch.arange(made.size, 0, -1)), 0.0)
    return made


def gcd(x1, x2):
    """Returns the greatest common divisor."""
    import math

    from ._shaping import broadcast_arrays

    a, b = broadcast_arrays(asarray(x1), asarray(x2))
    made = [math.gcd(p, q) for p, q in zip(a.ravel().tolist(), b.ravel().tolist())]
    return result(torch.tensor(made, dtype=torch.int64).reshape(a.shape))


def lcm(x1, x2):
    """Returns the least common multiple."""
    import math

    from ._shaping import broadcast_arrays

    a, b = broadcast_arrays(asarray(x1), asarray(x2))
    made = [math.lcm(p, q) for p, q in zip(a.ravel().tolist(), b.ravel().tolist())]
    return result(torch.tensor(made, dtype=torch.int64).reshape(a.shape))


ndarray.conj = ndarray.conjugate = lambda self: self
