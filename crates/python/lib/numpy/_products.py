"""Products of vectors and matrices."""

import torch

from . import _dtypes
from ._absent import refuse
from ._array import ndarray, result, wrap
from ._convert import asarray
from ._operands import operands
from ._operators import is_foreign as _is_foreign
from ._ufunc import ufunc
from ._ufuncs import add


def _operands(a, b, name):
    a, b = asarray(a), asarray(b)
    if a._tensor is None or b._tensor is None:
        raise TypeError(f"{name} of texts or objects is not part of numpy's products here")
    x, y, kind = operands(a, b)
    return x, y, kind


def _boolean(compute, x, y, kind):
    """Products of truth values are truth values."""
    if kind is _dtypes.bool_:
        return compute(x.to(torch.int64), y.to(torch.int64)) != 0
    return compute(x, y)


def dot(a, b, out=None):
    """Returns the product of vectors or matrices: the last axis of ``a`` with the last but one of ``b``."""
    if isinstance(a, (int, float)) or isinstance(b, (int, float)):
        return asarray(a) * b
    x, y, kind = _operands(a, b, "dot")
    if x.ndim == 0 or y.ndim == 0:
        made = x * y
    else:
        inner = y.size(-2) if y.ndim > 1 else y.size(0)
        if x.size(-1) != inner:
            dim = max(y.ndim - 2, 0)
            raise ValueError(
                f"shapes {_text(x)} and {_text(y)} not aligned: {x.size(-1)} (dim {x.ndim - 1}) != {inner} (dim {dim})"
            )
        if y.ndim > 2:
            made = _boolean(lambda p, q: torch.tensordot(p, q, dims=([p.ndim - 1], [q.ndim - 2])), x, y, kind)
        else:
            made = _boolean(torch.matmul, x, y, kind)
    return result(made) if out is None else add._deliver(made, out, True)


def _text(tensor):
    return str(tuple(tensor.shape)).replace(" ", "")


def _matmul(x, y, kind):
    x = x if isinstance(x, torch.Tensor) else torch.tensor(x)
    y = y if isinstance(y, torch.Tensor) else torch.tensor(y)
    for place, each in enumerate((x, y)):
        if each.ndim == 0:
            raise ValueError(
                f"matmul: Input operand {place} does not have enough dimensions (has 0, gufunc core with signature (n?,k),(k,m?)->(n?,m?) requires 1)"
            )
    inner = y.size(-2) if y.ndim > 1 else y.size(0)
    if x.size(-1) != inner:
        raise ValueError(
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
            f"(n?,k),(k,m?)->(n?,m?) (size {inner} is different from {x.size(-1)})"
        )
    return _boolean(torch.matmul, x, y, kind)


matmul = ufunc("matmul", 2, _matmul, "same", "Returns the product of matrices; axes in front are a batch.")


def vdot(a, b, /):
    """Returns the sum of the products of all elements."""
    return dot(asarray(a).ravel(), asarray(b).ravel())


def inner(a, b, /):
    """Returns the products of the last axes."""
    x, y, kind = _operands(a, b, "inner")
    if x.ndim == 0 or y.ndim == 0:
        return result(x * y)
    if x.size(-1) != y.size(-1):
        raise ValueError(
            f"shapes {_text(x)} and {_text(y)} not aligned: {x.size(-1)} (dim {x.ndim - 1}) != {y.size(-1)} (dim {y.ndim - 1})"
        )
    return result(_boolean(torch.inner, x, y, kind))


def outer(a, b, out=None):
    """Returns the products of each element of one row with each of another."""
    x, y, kind = _operands(asarray(a).ravel(), asarray(b).ravel(), "outer")
    made = x.unsqueeze(1) * y.unsqueeze(0) if kind is not _dtypes.bool_ else x.unsqueeze(1) & y.unsqueeze(0)
    return wrap(made) if out is None else add._deliver(made, out, True)


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Returns the vector at right angles to two vectors of three numbers."""
    x, y, _ = _operands(a, b, "cross")
    if x.size(-1) != 3 or y.size(-1) != 3:
        raise ValueError(
            "Both input arrays must be (arrays of) 3-dimensional vectors, but they are "
            f"{x.size(-1)} and {y.size(-1)} dimensional instead."
        )
    x, y = torch.broadcast_tensors(x, y)
    return wrap(torch.roll(x, -1, -1) * torch.roll(y, 1, -1) - torch.roll(x, 1, -1) * torch.roll(y, -1, -1))


def kron(a, b):
    """Returns the product of Kronecker."""
    x, y, _ = _operands(a, b, "kron")
    return wrap(torch.kron(x, y))


def trace(a, offset=0, axis1=0, axis2=1):
    """Returns the sum of a diagonal."""
    return asarray(a).diagonal(offset, axis1, axis2).sum(-1)


def tensordot(a, b, axes=2):
    """Returns the sums of products over axes of both."""
    x, y, kind = _operands(a, b, "tensordot")
    if not isinstance(axes, int):
        axes = tuple([each] if isinstance(each, int) else list(each) for each in axes)
    try:
        return result(_boolean(lambda p, q: torch.tensordot(p, q, axes), x, y, kind))
    except RuntimeError:
        raise ValueError("shape-mismatch for sum") from None


def einsum(subscripts, *arrays, out=None, optimize=False, **options):
    """Returns the sums of products that letters describe, as in ``"ij,jk->ik"``."""
    for name in options:
        refuse("numpy.einsum", **{name: True})
    made = [asarray(each) for each in arrays]
    kind = made[0].dtype
    for each in made[1:]:
        kind = _dtypes.promote(kind, each.dtype)
    try:
        tensor = torch.einsum(subscripts.replace(" ", ""), *[each._tensor.to(kind.torch) for each in made])
    except RuntimeError as error:
        raise ValueError(str(error)) from None
    return result(tensor) if out is None else add._deliver(tensor, out, True)


def _add_methods():
    ndarray.dot = lambda self, b, out=None: dot(self, b, out)
    ndarray.__matmul__ = lambda self, other: (
        NotImplemented if _is_foreign(other) else result(matmul._run((self, other), None))
    )
    ndarray.__rmatmul__ = lambda self, other: (
        NotImplemented if _is_foreign(other) else result(matmul._run((other, self), None))
    )
    ndarray.__imatmul__ = lambda self, other: matmul._deliver(matmul._run((self, other), None), self, True)
    from . import _scalar_operators

    _scalar_operators.FUNCTIONS["matmul"] = matmul


_add_methods()
