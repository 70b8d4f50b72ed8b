"""Eigenvalues and singular values, by Jacobi's rotations: short, and exact for the small matrices of lessons.

The signs of vectors are free; those of two columns are LAPACK's, others as LAPACK most often gives them.
"""

import math

import torch

from .._absent import refuse
from .._array import wrap
from ._matrices import LinAlgError
from ._matrices import floats as _floats
from ._matrices import named as _named
from ._matrices import square as _square


def _batched(function, tensor, count):
    """Calls a function for each matrix of a batch."""
    if tensor.ndim == 2:
        return function(tensor)
    parts = [function(each) for each in tensor.reshape((-1,) + tuple(tensor.shape[-2:]))]
    if count == 1:
        made = torch.stack(parts)
        return made.reshape(tuple(tensor.shape[:-2]) + tuple(made.shape[1:]))
    return tuple(torch.stack(each).reshape(tuple(tensor.shape[:-2]) + tuple(each[0].shape)) for each in zip(*parts))


def _check_finite(tensor, name):
    if not torch.isfinite(tensor).all():
        raise LinAlgError("Eigenvalues did not converge" if name == "eigh" else "SVD did not converge")


def _jacobi(matrix):
    """Returns the eigenvalues of a symmetric matrix, in order, and the eigenvectors in columns."""
    a = matrix.tolist()
    n = len(a)
    vectors = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(60):
        off = sum(a[i][j] ** 2 for i in range(n) for j in range(i))
        if off <= 1e-34 * sum(a[i][i] ** 2 for i in range(n)) or off == 0.0:
            break
        for p in range(n):
            for q in range(p + 1, n):
                if a[p][q] == 0.0:
                    continue
                theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q])
                t = (1.0 if theta >= 0 else -1.0) / (abs(theta) + math.hypot(theta, 1.0))
                c = 1.0 / math.hypot(t, 1.0)
                s = t * c
                for k in range(n):
                    akp, akq = a[k][p], a[k][q]
                    a[k][p], a[k][q] = c * akp - s * akq, s * akp + c * akq
                row_p, row_q = a[p], a[q]
                a[p] = [c * x - s * y for x, y in zip(row_p, row_q)]
                a[q] = [s * x + c * y for x, y in zip(row_p, row_q)]
                for row in vectors:
                    row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
    values = [a[i][i] for i in range(n)]
    order = sorted(range(n), key=values.__getitem__)
    columns = [[row[i] for i in order] for row in vectors]
    return torch.tensor([values[i] for i in order], dtype=torch.float64), torch.tensor(
        columns, dtype=torch.float64
    ).reshape(n, n)


def _symmetric(a, UPLO):
    tensor = _square(a)
    triangle = torch.tril(tensor) if UPLO == "L" else torch.triu(tensor)
    full = triangle + triangle.transpose(-1, -2) - torch.diag_embed(tensor.diagonal(0, -2, -1))
    _check_finite(full, "eigh")
    return full


def _signed(vectors):
    """Gives each column the sign that its last element is not negative, as LAPACK's algorithm for small matrices does."""
    last = vectors[-1]
    return vectors * torch.where(last < 0, -1.0, 1.0)


def eigh(a, UPLO="L"):
    """Returns the eigenvalues of a symmetric matrix, the smallest first, and its eigenvectors in columns."""
    full = _symmetric(a, UPLO)

    def one(matrix):
        values, vectors = _jacobi(matrix.to(torch.float64))
        return values.to(full.dtype), _signed(vectors).to(full.dtype)

    values, vectors = _batched(one, full, 2)
    return _named("EighResult", "eigenvalues eigenvectors", wrap(values), wrap(vectors))


def eigvalsh(a, UPLO="L"):
    """Returns the eigenvalues of a symmetric matrix, the smallest first."""
    return eigh(a, UPLO)[0]


def _svd(matrix):
    """Returns U, the singular values and the transpose of V, by one-sided rotations of columns."""
    x = matrix.to(torch.float64)
    rows, columns = x.shape
    if rows < columns:
        u, s, vt = _svd(x.transpose(0, 1))
        return vt.transpose(0, 1), s, u.transpose(0, 1)
    a = [list(column) for column in x.transpose(0, 1).tolist()]
    v = [[float(i == j) for j in range(columns)] for i in range(columns)]
    for _ in range(60):
        is_done = True
        for p in range(columns):
            for q in range(p + 1, columns):
                alpha, beta = sum(y * y for y in a[p]), sum(y * y for y in a[q])
                gamma = sum(y * z for y, z in zip(a[p], a[q]))
                if abs(gamma) <= 1e-16 * math.sqrt(alpha * beta) or gamma == 0.0:
                    continue
                is_done = False
                zeta = (beta - alpha) / (2.0 * gamma)
                t = (1.0 if zeta >= 0 else -1.0) / (abs(zeta) + math.hypot(zeta, 1.0))
                c = 1.0 / math.hypot(t, 1.0)
                s = c * t
                a[p], a[q] = [c * y - s * z for y, z in zip(a[p], a[q])], [s * y + c * z for y, z in zip(a[p], a[q])]
                v[p], v[q] = [c * y - s * z for y, z in zip(v[p], v[q])], [s * y + c * z for y, z in zip(v[p], v[q])]
        if is_done:
            break
    sizes = [math.sqrt(sum(y * y for y in column)) for column in a]
    order = sorted(range(columns), key=lambda i: -sizes[i])
    largest = max(sizes, default=0.0)
    u, vt = [], []
    for i in order:
        # The first element of each column of V is negative, as it most often is with LAPACK.
        sign = -1.0 if v[i] and next((y for y in v[i] if abs(y) > 1e-12), 0.0) > 0 else 1.0
        vt.append([sign * y for y in v[i]])
        small = sizes[i] <= 1e-15 * largest * max(rows, columns) or sizes[i] == 0.0
        u.append(None if small else [sign * y / sizes[i] for y in a[i]])
    _complete(u, rows)
    make = lambda values, *shape: torch.tensor(values, dtype=torch.float64).reshape(*shape)
    return make(u, columns, rows).transpose(0, 1), make([sizes[i] for i in order], columns), make(vt, columns, columns)


def _with_signs_of_lapack(x, u, s, vt):
    """Gives the singular vectors of a matrix of two rows and columns the signs that LAPACK gives them.

    LAPACK first turns the first column upright (by Householder's reflection), and then rotates: what is positive
    follows from which of the two numbers on the diagonal is larger.
    """
    (a, b), (c, d) = x.tolist()
    size = math.hypot(a, c)
    if c == 0.0 or size == 0.0:
        upper = torch.tensor([[a, b], [c, d]], dtype=torch.float64)
    else:
        top = -math.copysign(size, a)
        v = torch.tensor([1.0, c / (a - top)], dtype=torch.float64)
        upper = x - (top - a) / top * torch.outer(v, v @ x)
    (first, beside), (_, second) = upper.tolist()
    is_swapped = abs(second) > abs(first)
    is_diagonal = abs(beside) <= 1e-15 * max(abs(first), abs(second))
    for place in range(2):
        image = (upper @ vt[place]).tolist()
        positive = image[place] if not is_swapped else image[1 - place] if place == 0 or is_diagonal else -image[0]
        if positive < 0:
            vt[place] *= -1.0
            u[:, place] *= -1.0
    return u, s, vt


def _complete(u, rows):
    """Puts unit vectors at right angles to all others where there is None."""
    for place, column in enumerate(u):
        if column is not None:
            continue
        for axis in range(rows):
            candidate = [float(axis == i) for i in range(rows)]
            for _ in range(2):
                for other in u:
                    if other is not None:
                        along = sum(x * y for x, y in zip(candidate, other))
                        candidate = [x - along * y for x, y in zip(candidate, other)]
            size = math.sqrt(sum(x * x for x in candidate))
            if size > 1e-6:
                u[place] = [x / size for x in candidate]
                break


def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    """Returns U, the singular values, the largest first, and the transpose of V."""
    tensor = _floats(a)
    if tensor.ndim < 2:
        raise LinAlgError(f"{tensor.ndim}-dimensional array given. Array must be at least two-dimensional")
    _check_finite(tensor, "svd")

    def one(matrix):
        u, s, vt = _svd(matrix)
        if tuple(matrix.shape) == (2, 2):
            u, s, vt = _with_signs_of_lapack(matrix.to(torch.float64), u.clone(), s, vt.clone())
        if full_matrices and u.size(0) > u.size(1):
            columns = u.transpose(0, 1).tolist() + [None] * (u.size(0) - u.size(1))
            _complete(columns, u.size(0))
            u = torch.tensor(columns, dtype=torch.float64).transpose(0, 1)
        if full_matrices and vt.size(0) < vt.size(1):
            rows = vt.tolist() + [None] * (vt.size(1) - vt.size(0))
            _complete(rows, vt.size(1))
            vt = torch.tensor(rows, dtype=torch.float64)
        return u.to(tensor.dtype), s.to(tensor.dtype), vt.to(tensor.dtype)

    u, s, vt = _batched(one, tensor, 3)
    if not compute_uv:
        return wrap(s)
    return _named("SVDResult", "U S Vh", wrap(u), wrap(s), wrap(vt))


def svdvals(x, /):
    """Returns the singular values, the largest first."""
    return svd(x, compute_uv=False)


def _balanced_hessenberg(a):
    """Returns a similar matrix with nothing below the first subdiagonal, and what it took to get there."""
    n = a.size(0)
    h = a.clone()
    q = torch.eye(n, dtype=torch.float64)
    for k in range(n - 2):
        x = h[k + 1 :, k].clone()
        size = torch.sqrt(torch.sum(x * x))
        if size == 0:
            continue
        x[0] += size if x[0] >= 0 else -size
        x /= torch.sqrt(torch.sum(x * x))
        h[k + 1 :, :] -= 2 * torch.outer(x, x @ h[k + 1 :, :])
        h[:, k + 1 :] -= 2 * torch.outer(h[:, k + 1 :] @ x, x)
        q[:, k + 1 :] -= 2 * torch.outer(q[:, k + 1 :] @ x, x)
    return h, q


def _real_eigenvalues(matrix):
    """Returns the eigenvalues of a matrix by shifted QR steps; None where some are complex."""
    h, _ = _balanced_hessenberg(matrix)
    values = []
    n = h.size(0)
    steps = 0
    while n > 0:
        if n == 1:
            values.append(h[0, 0].item())
            break
        scale = abs(h[n - 1, n - 1].item()) + abs(h[n - 2, n - 2].item()) or 1.0
        if abs(h[n - 1, n - 2].item()) < 1e-15 * scale:
            values.append(h[n - 1, n - 1].item())
            n -= 1
            h = h[:n, :n].clone()
            steps = 0
            continue
        a, b, c, d = h[n - 2, n - 2].item(), h[n - 2, n - 1].item(), h[n - 1, n - 2].item(), h[n - 1, n - 1].item()
        half, product = (a + d) / 2, a * d - b * c
        inside = half * half - product
        if n == 2 or steps > 300:
            if inside < 0:
                return None
            root = math.sqrt(inside)
            # LAPACK's order: first the one that lies further from the last number of the diagonal.
            off = (a - d) / 2 + math.copysign(root, a - d if a != d else 1.0)
            values += [d - b * c / off if off else d, d + off]
            n -= 2
            h = h[:n, :n].clone()
            steps = 0
            continue
        shift = (
            d
            if inside < 0
            else min((half + math.sqrt(inside), half - math.sqrt(inside)), key=lambda value: abs(value - d))
        )
        if steps % 11 == 10:
            shift = d + abs(c)
        unit = torch.eye(n, dtype=torch.float64)
        q, r = torch.linalg.qr(h - shift * unit)
        h = r @ q + shift * unit
        steps += 1
    return list(reversed(values))


def eigvals(a):
    """Returns the eigenvalues of a square matrix; complex ones are not part of Lyceum yet."""
    tensor = _square(a)
    _check_finite(tensor, "eigh")

    def one(matrix):
        values = _real_eigenvalues(matrix.to(torch.float64))
        if values is None:
            refuse("numpy.linalg.eig", **{"of a matrix with complex eigenvalues": True})
        return torch.tensor(values, dtype=tensor.dtype)

    return wrap(_batched(one, tensor, 1))


def eig(a):
    """Returns the eigenvalues of a square matrix, and its eigenvectors in columns; complex ones are not part of Lyceum yet."""
    tensor = _square(a)

    def one(matrix):
        full = matrix.to(torch.float64)
        if torch.equal(full, full.transpose(0, 1)):
            exact, vectors = _jacobi(full)
            left, order = exact.tolist(), []
            # In the order in which the general method finds them.
            for value in _real_eigenvalues(full):
                place = min((i for i in range(len(left)) if i not in order), key=lambda i: abs(left[i] - value))
                order.append(place)
            return exact[order].to(tensor.dtype), _signed(vectors)[:, order].to(tensor.dtype)
        values = eigvals(wrap(full))._tensor
        columns = [_null_vector(full, value.item()) for value in values]
        return values.to(tensor.dtype), torch.stack(columns, 1).to(tensor.dtype)

    values, vectors = _batched(one, tensor, 2)
    return _named("EigResult", "eigenvalues eigenvectors", wrap(values), wrap(vectors))


def _null_vector(matrix, value):
    """Returns the unit vector that a matrix multiplies by a value: the last singular vector of the difference."""
    vector = _svd(matrix - value * torch.eye(matrix.size(0), dtype=torch.float64))[2][-1]
    return vector * (-1.0 if vector[torch.argmax(torch.abs(vector))] < 0 else 1.0)
