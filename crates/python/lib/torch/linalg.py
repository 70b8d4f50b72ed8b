"""`torch.linalg`: norms and products; the decompositions come later."""

from . import _C


def vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None, out=None):
    """The p-norm over ``dim``, or over all elements."""
    _no_out("vector_norm", out)
    if dtype is not None:
        x = x.to(dtype)
    return _C.norm(x, ord, list(range(x.dim())) if dim is None else dim, keepdim)


def norm(A, ord=None, dim=None, keepdim=False, *, out=None, dtype=None):
    """The norm of a vector, or of a matrix where ``ord`` is ``"fro"`` or a number and there are two dimensions.

    Without ``ord`` it is the 2-norm of all elements of ``dim`` (or of everything).
    """
    _no_out("norm", out)
    if ord is None:
        if dim is None and not keepdim:
            return vector_norm(A.reshape(-1), 2, dtype=dtype)
        return vector_norm(A, 2, dim, keepdim, dtype=dtype)
    dims = _dims(A, dim)
    if len(dims) == 2 and (dim is not None or A.dim() == 2):
        return matrix_norm(A, ord, dims, keepdim, dtype=dtype)
    if isinstance(ord, str):
        raise RuntimeError(f"linalg.norm: the order {ord!r} needs a matrix, but got {A.dim()} dimension(s)")
    return vector_norm(A, ord, dim, keepdim, dtype=dtype)


def matrix_norm(A, ord="fro", dim=(-2, -1), keepdim=False, *, dtype=None, out=None):
    """The norm of matrices: Frobenius (``"fro"``), largest row sum (±inf) or column sum (±1)."""
    _no_out("matrix_norm", out)
    if A.dim() < 2:
        raise RuntimeError("linalg.matrix_norm: The input tensor A must have at least 2 dimensions.")
    if dtype is not None:
        A = A.to(dtype)
    rows, columns = [d % A.dim() for d in dim]
    if ord == "fro":
        return vector_norm(A, 2, (rows, columns), keepdim)
    if ord not in (1, -1, _inf, -_inf):
        raise NotImplementedError(f"torch.linalg.matrix_norm(ord={ord!r}) needs singular values, which are not part of Lyceum yet")
    summed, kept = (rows, columns) if ord in (1, -1) else (columns, rows)
    sums = A.abs().sum(summed, keepdim=True)
    best = sums.amax(kept, keepdim=True) if ord > 0 else sums.amin(kept, keepdim=True)
    if keepdim:
        return best
    return best.squeeze(max(rows, columns)).squeeze(min(rows, columns))


_inf = float("inf")


def _dims(A, dim):
    if dim is None:
        return list(range(A.dim()))
    return [dim] if isinstance(dim, int) else list(dim)


def _no_out(name, out):
    if out is not None:
        raise NotImplementedError(f"torch.linalg.{name}: out= is not part of Lyceum yet")


def matmul(input, other, *, out=None):
    """The matrix product."""
    _no_out("matmul", out)
    return _C.matmul(input, other)


def multi_dot(tensors, *, out=None):
    """The product of several matrices, from left to right."""
    _no_out("multi_dot", out)
    product = tensors[0]
    for tensor in tensors[1:]:
        product = _C.matmul(product, tensor)
    return product


def vecdot(x, y, *, dim=-1, out=None):
    """The sum of products along ``dim``."""
    _no_out("vecdot", out)
    return (x * y).sum(dim)


def diagonal(A, *, offset=0, dim1=-2, dim2=-1):
    """The diagonals of matrices."""
    return A.diagonal(offset, dim1, dim2)


def __getattr__(name):
    from ._absent import absent_names

    raise absent_names("linalg", name)
