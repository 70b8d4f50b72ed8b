"""Decompositions: QR by Householder reflections, and Cholesky's."""

from math import sqrt

from .. import _C
from ..autograd.grad_mode import no_grad


class _LinAlgError(RuntimeError):
    """Raised where a matrix has not the property that an operation needs."""


LinAlgError = _LinAlgError


def householder_qr(matrix):
    """The reduced QR factors of a matrix with at least as many rows as columns.

    Each reflection maps its column to −sign(first entry) times its length, which gives the signs that LAPACK gives.
    """
    r = matrix.clone()
    rows, columns = r.shape
    reflections = []
    for k in range(columns):
        column = r[k:, k]
        first = column[0].item()
        rest = column[1:].norm().item() if k + 1 < rows else 0.0
        if rest == 0.0:
            reflections.append(None)
            continue
        length = sqrt(first * first + rest * rest)
        beta = -length if first >= 0 else length
        scale = (beta - first) / beta
        direction = column / (first - beta)
        direction[0] = 1.0
        r[k:, k:] -= scale * direction.unsqueeze(1) * (direction @ r[k:, k:]).unsqueeze(0)
        reflections.append((scale, direction))
    q = matrix.new_zeros((rows, columns))
    q.diagonal().fill_(1)
    for k in range(columns - 1, -1, -1):
        if reflections[k] is not None:
            scale, direction = reflections[k]
            q[k:, k:] -= scale * direction.unsqueeze(1) * (direction @ q[k:, k:]).unsqueeze(0)
    return q, r[:columns].triu()


class _QR(tuple):
    """The factors ``Q`` and ``R``."""

    Q = property(lambda self: self[0])
    R = property(lambda self: self[1])

    def __repr__(self):
        return f"torch.return_types.linalg_qr(\nQ={self[0]!r},\nR={self[1]!r})"


def qr(A, mode="reduced", *, out=None):
    """A = QR with orthonormal columns in Q and an upper triangle R, for at least as many rows as columns."""
    if mode != "reduced" or A.dim() != 2 or A.size(0) < A.size(1):
        raise NotImplementedError(
            "torch.linalg.qr: only the reduced form of one matrix with at least as many rows as columns "
            "is part of Lyceum yet"
        )
    if A.requires_grad and _C._is_grad_enabled():
        raise NotImplementedError("torch.linalg.qr: its derivative is not part of Lyceum yet")
    with no_grad():
        return _QR(householder_qr(A))


def cholesky(A, *, upper=False, out=None):
    """The lower triangle L with A = L Lᵀ, for symmetric positive definite matrices; it can be differentiated."""
    if A.dim() < 2:
        raise RuntimeError("linalg.cholesky: The input tensor A must have at least 2 dimensions.")
    if A.size(-1) != A.size(-2):
        raise RuntimeError(
            f"linalg.cholesky: A must be batches of square matrices, but they are {A.size(-2)} by {A.size(-1)} matrices"
        )
    if A.dim() > 2:
        factors = [cholesky(matrix, upper=upper) for matrix in A.reshape(-1, *A.shape[-2:])]
        return _C.stack(factors).reshape(A.shape) if factors else A.clone()
    if A.requires_grad:  # the lower triangle is read, and the derivative is symmetric, as the matrix is
        symmetric = (A + A.mT) / 2
        A = symmetric + (A - symmetric).detach()
    size = A.size(0)
    columns = []
    for j in range(size):
        column = A[j:, j]
        for earlier, above in enumerate(columns):
            column = column - above[j - earlier :] * above[j - earlier]
        pivot = column[0]
        if not pivot.item() > 0:
            raise LinAlgError(
                "linalg.cholesky: The factorization could not be completed because the input is not positive-definite "
                f"(the leading minor of order {j + 1} is not positive-definite)."
            )
        columns.append(column / pivot.sqrt())
    if not columns:
        return A.clone()
    lower = _C.stack([_C.cat([A.new_zeros(j), column]) for j, column in enumerate(columns)], 1)
    return lower.t() if upper else lower
