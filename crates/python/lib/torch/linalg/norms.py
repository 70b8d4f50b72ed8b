"""Norms of vectors and matrices."""

from math import inf

from .. import _C


def vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None, out=None):
    """The p-norm over ``dim``, or over all elements."""
    no_out("vector_norm", out)
    if dtype is not None:
        x = x.to(dtype)
    return _C.norm(x, ord, list(range(x.dim())) if dim is None else dim, keepdim)


def norm(A, ord=None, dim=None, keepdim=False, *, out=None, dtype=None):
    """The norm of a vector, or of a matrix where ``ord`` is ``"fro"`` or a number and there are two dimensions.

    Without ``ord`` it is the 2-norm of all elements of ``dim`` (or of everything).
    """
    no_out("norm", out)
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
    no_out("matrix_norm", out)
    if A.dim() < 2:
        raise RuntimeError("linalg.matrix_norm: The input tensor A must have at least 2 dimensions.")
    if dtype is not None:
        A = A.to(dtype)
    rows, columns = [d % A.dim() for d in dim]
    if ord == "fro":
        return vector_norm(A, 2, (rows, columns), keepdim)
    if ord not in (1, -1, inf, -inf):
        raise NotImplementedError(
            f"torch.linalg.matrix_norm(ord={ord!r}) needs singular values, which are not part of Lyceum yet"
        )
    summed, kept = (rows, columns) if ord in (1, -1) else (columns, rows)
    sums = A.abs().sum(summed, keepdim=True)
    best = sums.amax(kept, keepdim=True) if ord > 0 else sums.amin(kept, keepdim=True)
    if keepdim:
        return best
    return best.squeeze(max(rows, columns)).squeeze(min(rows, columns))


def _dims(A, dim):
    if dim is None:
        return list(range(A.dim()))
    return [dim] if isinstance(dim, int) else list(dim)


def no_out(name, out):
    if out is not None:
        raise NotImplementedError(f"torch.linalg.{name}: out= is not part of Lyceum yet")
