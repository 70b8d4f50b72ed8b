"""Linear algebra: norms, equations, determinants, and what is solved by decompositions."""

import math

import torch

from .. import _dtypes
from .._absent import absent, refuse
from .._array import ndarray, result, wrap
from .._convert import asarray
from .._dtypes import float32, float64
from .._products import cross, dot, matmul, outer, tensordot, trace
from .._shaping import axes_of
from ._decompositions import eig, eigh, eigvals, eigvalsh, svd, svdvals
from ._matrices import LinAlgError
from ._matrices import floats as _floats
from ._matrices import named as _named
from ._matrices import square as _square


def norm(x, ord=None, axis=None, keepdims=False):
    """Returns the norm of a vector or a matrix."""
    tensor = _floats(x)
    if axis is None and (ord is None or (ord in ("f", "fro") and tensor.ndim == 2) or (ord == 2 and tensor.ndim == 1)):
        made = torch.sqrt(torch.sum(tensor * tensor))
        return result(made.reshape((1,) * tensor.ndim) if keepdims else made)
    axes = axes_of(axis, tensor.ndim)
    if len(axes) == 1:
        return result(_vector_norm(tensor, 2 if ord is None else ord, axes[0], keepdims))
    if len(axes) != 2:
        raise ValueError("Improper number of dimensions to norm.")
    return result(_matrix_norm(tensor, ord, axes, keepdims))


def _vector_norm(x, ord, dim, keepdims):
    if isinstance(ord, str):
        raise ValueError(f"Invalid norm order '{ord}' for vectors")
    size = torch.abs(x)
    if ord == math.inf:
        return torch.amax(size, [dim], keepdims)
    if ord == -math.inf:
        return torch.amin(size, [dim], keepdims)
    if ord == 0:
        return torch.sum((x != 0).to(x.dtype), [dim], keepdims)
    if ord == 1:
        return torch.sum(size, [dim], keepdims)
    if ord == 2:
        return torch.sqrt(torch.sum(x * x, [dim], keepdims))
    return torch.pow(torch.sum(torch.pow(size, ord), [dim], keepdims), 1 / ord)


def _matrix_norm(x, ord, axes, keepdims):
    x = torch.movedim(x, tuple(axes), (-2, -1))
    size = torch.abs(x)
    if ord in (None, "fro", "f"):
        made = torch.sqrt(torch.sum(x * x, [-2, -1]))
    elif ord in (1, -1):
        sums = torch.sum(size, [-2])
        made = torch.amax(sums, [-1]) if ord > 0 else torch.amin(sums, [-1])
    elif ord in (math.inf, -math.inf):
        sums = torch.sum(size, [-1])
        made = torch.amax(sums, [-1]) if ord > 0 else torch.amin(sums, [-1])
    elif ord in (2, -2, "nuc"):
        values = svd(wrap(x), compute_uv=False)._tensor
        made = (
            torch.sum(values, [-1])
            if ord == "nuc"
            else torch.amax(values, [-1])
            if ord > 0
            else torch.amin(values, [-1])
        )
    else:
        raise ValueError("Invalid norm order for matrices.")
    if keepdims:
        for dim in sorted(axes):
            made = made.unsqueeze(dim)
    return made


def _solving(function, *tensors):
    try:
        return function(*tensors)
    except RuntimeError as error:
        if "singular" in str(error):
            raise LinAlgError("Singular matrix") from None
        raise


def inv(a):
    """Returns the inverse of a matrix."""
    return wrap(_solving(torch.linalg.inv, _square(a)))


def solve(a, b):
    """Returns the solution of linear equations."""
    left, right = _square(a), _floats(b)
    kind = torch.promote_types(left.dtype, right.dtype)
    return wrap(_solving(torch.linalg.solve, left.to(kind), right.to(kind)))


def det(a):
    """Returns the determinant."""
    return result(torch.linalg.det(_square(a)))


def slogdet(a):
    """Returns the sign of the determinant and the logarithm of its size."""
    sign, size = torch.linalg.slogdet(_square(a))
    return _named("SlogdetResult", "sign logabsdet", result(sign), result(size))


def cholesky(a, /, *, upper=False):
    """Returns the lower triangle whose product with its transpose is the matrix."""
    try:
        made = torch.linalg.cholesky(_square(a))
    except RuntimeError:
        raise LinAlgError("Matrix is not positive definite") from None
    return wrap(made.transpose(-1, -2) if upper else made)


def qr(a, mode="reduced"):
    """Returns an orthogonal matrix and a triangle whose product is the matrix."""
    if mode not in ("reduced", "complete"):
        refuse("numpy.linalg.qr", **{f"mode={mode}": True})
    q, r = torch.linalg.qr(_floats(a), mode)
    return _named("QRResult", "Q R", wrap(q), wrap(r))


def matrix_power(a, n):
    """Returns the product of a square matrix with itself, ``n`` times."""
    array = asarray(a)
    _square(array)
    if n < 0:
        array, n = inv(array), -n
    made = None
    while n:
        if n & 1:
            made = array if made is None else matmul(made, array)
        n >>= 1
        if n:
            array = matmul(array, array)
    if made is None:
        return wrap(torch.eye(array.shape[-1], dtype=array._tensor.dtype).expand(array.shape).clone())
    return made.copy() if made is a else made


def multi_dot(arrays, *, out=None):
    """Returns the product of several matrices."""
    made = asarray(arrays[0])
    for each in arrays[1:]:
        made = dot(made, each)
    return made


def pinv(a, rcond=None, hermitian=False, *, rtol=None):
    """Returns the pseudo-inverse of Moore and Penrose."""
    tensor = _floats(a)
    limit = rtol if rtol is not None else 1e-15 if rcond is None else rcond
    u, s, vt = (each._tensor for each in svd(wrap(tensor), full_matrices=False))
    large = s > limit * torch.amax(s, [-1], True)
    inverse = torch.where(large, 1 / torch.where(large, s, 1.0), 0.0)
    return wrap(vt.transpose(-1, -2) @ (inverse.unsqueeze(-1) * u.transpose(-1, -2)))


def matrix_rank(A, tol=None, hermitian=False, *, rtol=None):
    """Returns how many singular values are not zero."""
    tensor = _floats(A)
    if tensor.ndim < 2:
        return int((tensor != 0).any())
    s = svd(wrap(tensor), compute_uv=False)._tensor
    eps = float(_dtypes.finfo(_dtypes.OF_TORCH[tensor.dtype]).eps)
    limit = torch.amax(s, [-1], True) * max(tensor.shape[-2:]) * eps if tol is None else tol
    return result(torch.sum((s > limit).to(torch.int64), [-1]))


def cond(x, p=None):
    """Returns the condition number: how much a matrix enlarges errors."""
    if p in (None, 2, -2):
        s = svd(x, compute_uv=False)
        return s[..., 0] / s[..., -1] if p != -2 else s[..., -1] / s[..., 0]
    return norm(x, p) * norm(inv(x), p)


def lstsq(a, b, rcond=None):
    """Returns the solution with the least squares, its residuals, the rank, and the singular values."""
    left, right = _floats(a), _floats(b)
    kind = torch.promote_types(left.dtype, right.dtype)
    left, right = left.to(kind), right.to(kind)
    if left.ndim != 2:
        raise LinAlgError(f"{left.ndim}-dimensional array given. Array must be two-dimensional")
    if left.size(0) != right.size(0):
        raise LinAlgError("Incompatible dimensions")
    rows, columns = left.shape
    u, s, vt = (each._tensor for each in svd(wrap(left), full_matrices=False))
    eps = float(_dtypes.finfo(_dtypes.OF_TORCH[kind]).eps)
    limit = (eps * max(rows, columns) if rcond is None or rcond == -1 else rcond) * s[0]
    large = s > limit
    rank = int(large.sum())
    target = right.unsqueeze(1) if right.ndim == 1 else right
    inverse = torch.where(large, 1 / torch.where(large, s, 1.0), 0.0)
    x = vt.transpose(0, 1) @ (inverse.unsqueeze(1) * (u.transpose(0, 1) @ target))
    off = target - left @ x
    residuals = torch.sum(off * off, [0]) if rank == columns and rows > columns else torch.zeros(0, dtype=kind)
    return wrap(x.squeeze(1) if right.ndim == 1 else x), wrap(residuals), rank, wrap(s)


def __getattr__(name):
    raise absent("numpy.linalg", name)
