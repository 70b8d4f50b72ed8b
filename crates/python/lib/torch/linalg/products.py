"""Products of matrices and vectors."""

from .. import _C
from .norms import no_out


def matmul(input, other, *, out=None):
    """The matrix product."""
    no_out("matmul", out)
    return _C.matmul(input, other)


def multi_dot(tensors, *, out=None):
    """The product of several matrices, from left to right."""
    no_out("multi_dot", out)
    product = tensors[0]
    for tensor in tensors[1:]:
        product = _C.matmul(product, tensor)
    return product


def vecdot(x, y, *, dim=-1, out=None):
    """The sum of products along ``dim``."""
    no_out("vecdot", out)
    return (x * y).sum(dim)


def diagonal(A, *, offset=0, dim1=-2, dim2=-1):
    """The diagonals of matrices."""
    return A.diagonal(offset, dim1, dim2)


def cross(input, other, *, dim=-1, out=None):
    """The vector product of vectors of three along ``dim``."""
    no_out("cross", out)
    if input.size(dim) != 3 or other.size(dim) != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {input.size(dim)} and {other.size(dim)}"
        )
    a0, a1, a2 = input.unbind(dim)
    b0, b1, b2 = other.unbind(dim)
    return _C.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], dim)


def matrix_power(A, n, *, out=None):
    """A multiplied n times with itself; a negative n multiplies the inverse."""
    no_out("matrix_power", out)
    if n < 0:
        from .solvers import inv

        A, n = inv(A), -n
    result = None
    while n:
        if n & 1:
            result = A if result is None else _C.matmul(result, A)
        A = _C.matmul(A, A) if n > 1 else A
        n >>= 1
    return _C.eye(A.size(-1), dtype=A.dtype).expand(A.shape).clone() if result is None else result
