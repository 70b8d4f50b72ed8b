"""Systems of linear equations by elimination with pivots, and with it inverses, determinants and least squares."""

from math import log

from .. import _C
from ..autograd.function import Function
from ..autograd.grad_mode import no_grad
from .decompositions import LinAlgError, householder_qr


def _square(name, A):
    if A.dim() < 2:
        raise RuntimeError(f"linalg.{name}: The input tensor A must have at least 2 dimensions.")
    if A.size(-1) != A.size(-2):
        raise RuntimeError(
            f"linalg.{name}: A must be batches of square matrices, but they are {A.size(-2)} by {A.size(-1)} matrices"
        )
    if not A.is_floating_point():
        raise NotImplementedError(f"linalg.{name}: Expected a floating point tensor as input. Got {A.dtype}")


def _eliminate(matrix, right):
    """Makes (matrix | right) upper triangular; returns it with the sign of the row exchanges."""
    size = matrix.size(0)
    rows = _C.cat([matrix, right], 1)
    sign = 1
    for k in range(size):
        pivot = k + rows[k:, k].abs().argmax().item()
        if pivot != k:
            rows[[k, pivot]] = rows[[pivot, k]]
            sign = -sign
        if rows[k, k].item() != 0 and k + 1 < size:
            factors = rows[k + 1 :, k] / rows[k, k]
            rows[k + 1 :] -= factors.unsqueeze(1) * rows[k].unsqueeze(0)
    return rows, sign


def _solve_one(matrix, right, singular):
    size = matrix.size(0)
    rows, _ = _eliminate(matrix, right)
    pivots = rows.diagonal().tolist()
    if 0.0 in pivots:
        raise LinAlgError(singular(pivots.index(0.0) + 1))
    solution = right.new_empty((size, right.size(1)))
    for k in range(size - 1, -1, -1):
        solution[k] = (rows[k, size:] - rows[k, k + 1 : size] @ solution[k + 1 :]) / rows[k, k]
    return solution


class _Solve(Function):
    """X with A X = B. Its derivative: dB = A⁻ᵀ dX, dA = −dB Xᵀ."""

    @staticmethod
    def forward(ctx, A, B, singular):
        batch = A.shape[:-2]
        matrices = A.reshape(-1, *A.shape[-2:])
        rights = B.reshape(-1, *B.shape[-2:])
        solutions = [_solve_one(a, b, singular) for a, b in zip(matrices, rights)]
        X = _C.stack(solutions).reshape(*batch, *B.shape[-2:]) if solutions else B.clone()
        ctx.singular = singular
        ctx.save_for_backward(A, X)
        return X

    @staticmethod
    def backward(ctx, grad):
        A, X = ctx.saved_tensors
        grad_B = _Solve.apply(A.transpose(-1, -2), grad, ctx.singular)
        grad_A = -(grad_B @ X.transpose(-1, -2)) if ctx.needs_input_grad[0] else None
        return grad_A, grad_B if ctx.needs_input_grad[1] else None, None


def _solve(A, B, singular):
    batch = _C.broadcast_shapes(A.shape[:-2], B.shape[:-2])
    A = A.expand(*batch, *A.shape[-2:])
    B = B.expand(*batch, *B.shape[-2:])
    return _Solve.apply(A, B, singular)


def solve(A, B, *, left=True, out=None):
    """Solves A X = B (or X A = B with ``left=False``), for one matrix or a batch of them."""
    _square("solve", A)
    if not left:
        return solve(A.transpose(-1, -2), B.transpose(-1, -2)).transpose(-1, -2)
    if A.dtype != B.dtype:
        raise RuntimeError(
            "linalg.solve: Expected A and B to have the same dtype, "
            f"but found A of type {A.dtype} and B of type {B.dtype} instead"
        )
    is_vector = B.dim() == 1 or (A.dim() - 1 == B.dim() and B.shape == A.shape[:-1])
    right = B.unsqueeze(-1) if is_vector else B
    if right.size(-2) != A.size(-1):
        raise RuntimeError(
            f"linalg.solve: Incompatible shapes of A and B for the equation AX = B ({A.size(-2)}x{A.size(-1)} and "
            f"{right.size(-2)}x{right.size(-1)})"
        )

    def singular(row):
        return "torch.linalg.solve: The solver failed because the input matrix is singular."

    X = _solve(A, right, singular)
    return X.squeeze(-1) if is_vector else X


def inv(A, *, out=None):
    """The inverse of a matrix, or of each of a batch."""
    _square("inv", A)

    def singular(row):
        return (
            f"linalg.inv: The diagonal element {row} is zero, the inversion could not be completed because the input "
            "matrix is singular."
        )

    return _solve(A, _C.eye(A.size(-1), dtype=A.dtype), singular)


class _Determinants(Function):
    """Sign and log|det| of each matrix. The derivative of log|det| is A⁻ᵀ."""

    @staticmethod
    def forward(ctx, A):
        signs, logs = [], []
        for matrix in A.reshape(-1, *A.shape[-2:]):
            rows, sign = _eliminate(matrix, matrix.new_empty((matrix.size(0), 0)))
            total = 0.0
            for pivot in rows.diagonal().tolist():
                if pivot == 0:
                    sign, total = 0, -float("inf")
                    break
                sign = sign if pivot > 0 else -sign
                total += log(abs(pivot))
            signs.append(float(sign))
            logs.append(total)
        ctx.save_for_backward(A)
        sign = _C.tensor(signs, dtype=A.dtype).reshape(A.shape[:-2])
        ctx.mark_non_differentiable(sign)
        return sign, _C.tensor(logs, dtype=A.dtype).reshape(A.shape[:-2])

    @staticmethod
    def backward(ctx, _, grad):
        (A,) = ctx.saved_tensors
        return grad[..., None, None] * inv(A).transpose(-1, -2)


class SignAndLog(tuple):
    """What :func:`slogdet` returns."""

    sign = property(lambda self: self[0])
    logabsdet = property(lambda self: self[1])

    def __repr__(self):
        return f"torch.return_types.linalg_slogdet(\nsign={self[0]!r},\nlogabsdet={self[1]!r})"


def slogdet(A, *, out=None):
    """The sign of the determinant and the logarithm of its size."""
    _square("slogdet", A)
    return SignAndLog(_Determinants.apply(A))


def det(A, *, out=None):
    """The determinant of a matrix, or of each of a batch."""
    _square("det", A)
    sign, logarithm = _Determinants.apply(A)
    return sign * logarithm.exp()


class LeastSquares(tuple):
    """What :func:`lstsq` returns; as in PyTorch by default, residuals and singular values are left empty."""

    solution = property(lambda self: self[0])
    residuals = property(lambda self: self[1])
    rank = property(lambda self: self[2])
    singular_values = property(lambda self: self[3])


def lstsq(A, B, rcond=None, *, driver=None):
    """The X that makes ‖A X − B‖ smallest, for one matrix of full rank with at least as many rows as columns."""
    if A.dim() != 2 or A.size(0) < A.size(1):
        raise NotImplementedError(
            "torch.linalg.lstsq: only one matrix with at least as many rows as columns is part of Lyceum yet"
        )
    if _C._is_grad_enabled() and (A.requires_grad or B.requires_grad):
        raise NotImplementedError("torch.linalg.lstsq: its derivative is not part of Lyceum yet")
    right = B.unsqueeze(1) if B.dim() == 1 else B
    with no_grad():
        q, r = householder_qr(A)
        pivots = r.diagonal().abs()
        if pivots.numel() and pivots.min().item() <= pivots.max().item() * _C.finfo(A.dtype).eps * max(A.shape):
            raise NotImplementedError("torch.linalg.lstsq: a matrix without full rank is not part of Lyceum yet")
        solution = _solve_one(r, q.t() @ right, lambda row: "torch.linalg.lstsq: the matrix is singular")
    if B.dim() == 1:
        solution = solution.squeeze(1)
    rank = _C.tensor(A.size(1))
    return LeastSquares((solution, A.new_empty(0), rank, A.new_empty(0)))


def solve_triangular(A, B, *, upper, left=True, unitriangular=False, out=None):
    """Solves A X = B (or X A = B with ``left=False``), reading only one triangle of A.

    A zero on the diagonal raises, where PyTorch divides by it.
    """
    _square("solve_triangular", A)
    if B.dim() < 2:
        raise RuntimeError("linalg.solve_triangular: The input tensor B must have at least 2 dimensions.")
    if not left:
        flipped = solve_triangular(A.mT, B.mT, upper=not upper, unitriangular=unitriangular)
        return flipped.mT if out is None else out.copy_(flipped.mT)
    triangle = A.triu() if upper else A.tril()
    if unitriangular:
        ones = _C.eye(A.size(-1), dtype=A.dtype)
        triangle = triangle - _C.diag_embed(A.diagonal(dim1=-2, dim2=-1)) + ones
    X = _solve(triangle, B, lambda k: f"linalg.solve_triangular: The diagonal element {k} is zero.")
    return X if out is None else out.copy_(X)
