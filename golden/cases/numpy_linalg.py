"""Linear algebra of numpy."""
import numpy as np

A = np.array([[2.0, 1.0], [1.0, 3.0]])
b = np.array([3.0, 5.0])
M = np.arange(6).reshape(2, 3)

# --- dot_kinds
print(np.dot([1, 2], [3, 4]), np.dot(A, b), np.dot(M, M.T), A.dot(A), np.dot(2, A), M @ np.array([1, 0, 1]), np.array([1, 2]) @ M, repr(np.dot([1.5], [2])))

# --- matmul_batches
t = np.arange(12).reshape(2, 2, 3)
print(np.matmul(t, t.transpose(0, 2, 1)), (t @ np.ones(3)).shape, (np.ones((2, 2)) @ t).shape, np.dot(np.ones((2, 3)), t.transpose(0, 2, 1)).shape)

# --- matmul_errors
for bad in (lambda: M @ M, lambda: np.dot(M, M), lambda: np.dot([1, 2], [1, 2, 3]), lambda: np.matmul(2, M)):
    try:
        bad()
    except ValueError as error:
        print(error)

# --- products
print(np.inner([1, 2], [3, 4]), np.outer([1, 2], [3, 4]), np.cross([1, 0, 0], [0, 1, 0]), np.kron([1, 2], [1, 1]), np.vdot([1, 2], [3, 4]), np.trace(M), np.tensordot(M, M, axes=2), np.tensordot(M, M.T, axes=1).shape, np.inner(M, M))

# --- einsum_kinds
print(np.einsum("ij,jk->ik", M, M.T), np.einsum("ii->i", A), np.einsum("ii", A), np.einsum("ij->j", M), np.einsum("i,i->", b, b), np.einsum("ij,j->i", A, b), np.einsum("i,j->ij", [1, 2], [3, 4]), np.einsum("bij,bjk->bik", np.ones((2, 1, 2)), np.ones((2, 2, 1))))

# --- norms close
print(np.linalg.norm([3, 4]), np.linalg.norm(A), np.linalg.norm(M, axis=1), np.linalg.norm([1, -2], 1), np.linalg.norm([1, -2], np.inf), np.linalg.norm(A, "fro"), np.linalg.norm(A, 2), np.linalg.norm(A, 1), np.linalg.norm(M, axis=0, keepdims=True), np.linalg.norm(A, "nuc"), np.linalg.norm([1, 2, 2], 3))

# --- solving close
print(np.linalg.solve(A, b), np.linalg.inv(A), np.linalg.det(A), A @ np.linalg.inv(A), np.linalg.solve(A, np.eye(2)), np.linalg.slogdet(A), np.linalg.matrix_power(A, 3), np.linalg.matrix_power(A, 0), np.linalg.matrix_power(A, -1))

# --- singular raises
np.linalg.inv(np.ones((2, 2)))

# --- singular_kinds
fails(lambda: np.linalg.solve(np.zeros((2, 2)), b))
fails(lambda: np.linalg.inv(M))
fails(lambda: np.linalg.cholesky(-A))
fails(lambda: np.linalg.det(b))
print(np.linalg.LinAlgError.__name__, issubclass(np.linalg.LinAlgError, ValueError))

# --- cholesky_qr close
q, r = np.linalg.qr(A)
print(np.linalg.cholesky(A), q @ r, np.abs(r), np.round(q.T @ q, 6) + 0)

# --- symmetric close
w, v = np.linalg.eigh(A)
print(w, np.abs(v), np.round(v @ np.diag(w) @ v.T, 6), np.linalg.eigvalsh(A), np.linalg.eigh(np.diag([3.0, 1.0, 2.0])).eigenvalues)

# --- general close
w, v = np.linalg.eig(np.array([[2.0, 0.0], [0.0, 3.0]]))
print(w, v)
B = np.array([[4.0, 1.0], [2.0, 3.0]])
w, v = np.linalg.eig(B)
print(np.sort(w), np.round(B @ v - v * w, 6) + 0, np.sort(np.linalg.eigvals(B)), np.linalg.norm(v, axis=0))

# --- singular_values close
u, s, vt = np.linalg.svd(M.astype(float), full_matrices=False)
print(s, np.round(u @ np.diag(s) @ vt, 6) + 0, u.shape, vt.shape, np.linalg.svd(M, compute_uv=False), [part.shape for part in np.linalg.svd(M)])

# --- signs close
print(np.linalg.svd(np.array([[1.0, 0.5], [0.5, 1.0]])), np.linalg.eigh(np.array([[1.0, 0.5], [0.5, 1.0]])))

# --- pseudo_inverse close
print(np.round(np.linalg.pinv(M), 6) + 0, np.linalg.matrix_rank(M), np.linalg.matrix_rank(np.ones((3, 3))), np.round(np.linalg.cond(A), 6), np.linalg.matrix_rank(np.eye(3)))

# --- least_squares close
X = np.c_[np.ones(4), [0.0, 1, 2, 3]]
w, residuals, rank, s = np.linalg.lstsq(X, np.array([1.0, 3, 5, 7.5]), rcond=None)
print(w, residuals, rank, s)

# --- normal_equation close
X = np.c_[np.ones(4), [0.0, 1, 2, 3]]
y = np.array([1.0, 3, 5, 7])
print(np.round(np.linalg.inv(X.T @ X) @ X.T @ y, 6), np.round(np.linalg.pinv(X) @ y, 6))

# --- principal_components close
d = np.array([[2.0, 0.0], [0.0, 1.0], [3.0, 1.0], [1.0, 2.0]])
d = d - d.mean(axis=0)
w, v = np.linalg.eigh(np.cov(d.T))
print(w[::-1], np.abs(v), (w[::-1] / w.sum()), np.round(np.abs(d @ v), 6))

# --- power_iteration close
v = np.ones(2)
for step in range(50):
    v = A @ v
    v /= np.linalg.norm(v)
print(v, v @ A @ v)

# --- multi_dot_rotation close
t = np.pi / 4
R = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
print(np.linalg.multi_dot([R, R, np.array([1.0, 0.0])]).round(6) + 0, np.allclose(R @ R.T, np.eye(2)))

# --- signs_of_two_columns close
for m in ([[2.0, -0.3], [-0.3, 0.5]], [[0.5, 0.2], [0.2, 3.0]], [[1.0, 2.0], [3.0, 4.0]], [[1.0, 0.0], [0.0, 4.0]], [[-1.0, 0.5], [2.0, 1.0]]):
    print(np.linalg.svd(np.array(m)))

# --- order_of_eigenvalues close
for m in ([[2.0, 1.0], [1.0, 2.0]], [[1.0, 2.0], [3.0, 4.0]], [[5.0, 1.0], [2.0, 3.0]]):
    print(np.linalg.eig(np.array(m)).eigenvalues, np.linalg.eigvals(m))
