"""`torch.linalg`: norms, products, systems of linear equations and some decompositions."""

from .decompositions import cholesky, qr
from .norms import matrix_norm, norm, vector_norm
from .products import cross, diagonal, matmul, matrix_power, multi_dot, vecdot
from .solvers import LinAlgError, det, inv, lstsq, slogdet, solve, solve_triangular
from .._absent import absent_names


def __getattr__(name):
    raise absent_names("linalg", name)
