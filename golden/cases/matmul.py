"""Matrix products of every pair of ranks, and what is built from them."""

# --- vector_vector
a = data(4, grad=True)
b = data(4, shift=6, grad=True)
grads(a @ b, a, b)
grads(torch.dot(a, b), a, b)
grads(torch.matmul(a, b), a, b)
grads(torch.inner(a, b), a, b)

# --- matrix_vector
a = data(3, 4, grad=True)
b = data(4, shift=6, grad=True)
grads(a @ b, a, b)
grads(torch.mv(a, b), a, b)
grads(a.matmul(b), a, b)

# --- vector_matrix
a = data(3, grad=True)
b = data(3, 4, shift=6, grad=True)
grads(a @ b, a, b)

# --- matrix_matrix
a = data(2, 3, grad=True)
b = data(3, 4, shift=6, grad=True)
grads(a @ b, a, b)
grads(torch.mm(a, b), a, b)
grads(a.mm(b), a, b)

# --- transposed_operands
a = data(3, 2, grad=True)
b = data(4, 3, shift=6, grad=True)
grads(a.t() @ b.t(), a, b)
grads(a.T.matmul(b.T), a, b)

# --- batch_batch
a = data(2, 3, 4, grad=True)
b = data(2, 4, 2, shift=6, grad=True)
grads(a @ b, a, b)
grads(torch.bmm(a, b), a, b)

# --- batch_matrix
a = data(2, 3, 4, grad=True)
b = data(4, 2, shift=6, grad=True)
grads(a @ b, a, b)

# --- matrix_batch
a = data(3, 4, grad=True)
b = data(2, 4, 2, shift=6, grad=True)
grads(a @ b, a, b)

# --- batch_vector
a = data(2, 3, 4, grad=True)
b = data(4, shift=6, grad=True)
grads(a @ b, a, b)

# --- vector_batch
a = data(3, grad=True)
b = data(2, 3, 4, shift=6, grad=True)
grads(a @ b, a, b)

# --- broadcast_batches
a = data(2, 1, 3, 2, grad=True)
b = data(3, 2, 2, shift=6, grad=True)
grads(a @ b, a, b)

# --- four_dim_heads
q = data(2, 2, 3, 4, grad=True)
k = data(2, 2, 3, 4, shift=6, grad=True)
grads(q @ k.transpose(-2, -1), q, k)

# --- empty_products
a = torch.zeros(2, 0, requires_grad=True)
b = torch.zeros(0, 3, requires_grad=True)
grads(a @ b, a, b)
show((torch.zeros(0, 3) @ torch.zeros(3, 2)).shape, (torch.zeros(0) @ torch.zeros(0)), (torch.zeros(2, 0, 3) @ torch.zeros(3, 4)).shape)

# --- integer_products
show(torch.tensor([[1, 2], [3, 4]]) @ torch.tensor([[1], [1]]), torch.dot(torch.tensor([1, 2]), torch.tensor([3, 4])))

# --- double_products
a = data(3, 5, dtype=torch.float64, grad=True)
b = data(5, 2, dtype=torch.float64, shift=6, grad=True)
grads(a @ b, a, b)

# --- larger_product
a = data(20, 30)
b = data(30, 10, shift=3)
show((a @ b).sum(0), (a @ b)[7])

# --- addmm
c = data(2, 4, grad=True)
a = data(2, 3, shift=2, grad=True)
b = data(3, 4, shift=6, grad=True)
grads(torch.addmm(c, a, b), c, a, b)
grads(torch.addmm(c, a, b, beta=0.5, alpha=2), c, a, b)

# --- addmm_broadcasts_bias
c = data(4, grad=True)
a = data(2, 3, shift=2, grad=True)
b = data(3, 4, shift=6, grad=True)
grads(torch.addmm(c, a, b), c, a, b)

# --- addmv_addbmm_baddbmm
c = data(2, grad=True)
a = data(2, 3, shift=2, grad=True)
b = data(3, shift=6, grad=True)
grads(torch.addmv(c, a, b), c, a, b)
d = data(2, 2, 4, shift=1, grad=True)
e = data(2, 2, 3, shift=2, grad=True)
f = data(2, 3, 4, shift=3, grad=True)
grads(torch.baddbmm(d, e, f, beta=0.5), d, e, f)

# --- outer
a = data(3, grad=True)
b = data(2, shift=6, grad=True)
grads(torch.outer(a, b), a, b)
show(torch.outer(torch.tensor([1, 2]), torch.tensor([3, 4])), torch.ger(a.detach(), b.detach()))

# --- linear_function
x = data(2, 3, grad=True)
w = data(4, 3, shift=6, grad=True)
b = data(4, shift=9, grad=True)
grads(F.linear(x, w, b), x, w, b)
grads(F.linear(x, w), x, w)
y = data(3, shift=2, grad=True)
grads(F.linear(y, w, b), y, w, b)
z = data(2, 2, 3, shift=2, grad=True)
grads(F.linear(z, w, b), z, w, b)

# --- bilinear_function
a = data(2, 3, grad=True)
b = data(2, 2, shift=6, grad=True)
w = data(4, 3, 2, shift=9, grad=True)
grads(F.bilinear(a, b, w, data(4)), a, b, w)

# --- einsum_products
a = data(2, 3, grad=True)
b = data(3, 4, shift=6, grad=True)
grads(torch.einsum("ij,jk->ik", a, b), a, b)
grads(torch.einsum("ij,jk", a, b), a, b)
grads(torch.einsum("ij,jk->ki", [a, b]), a, b)

# --- einsum_vectors
a = data(3, grad=True)
b = data(4, shift=6, grad=True)
grads(torch.einsum("i,j->ij", a, b), a, b)
grads(torch.einsum("i,i->", a, a * 2), a)

# --- einsum_one_operand
x = data(3, 3, grad=True)
grads(torch.einsum("ii->i", x), x)
grads(torch.einsum("ii", x), x)
grads(torch.einsum("ij->ji", x), x)
grads(torch.einsum("ij->", x), x)
grads(torch.einsum("ij->j", x), x)

# --- einsum_batches
a = data(2, 3, 4, grad=True)
b = data(2, 4, 2, shift=6, grad=True)
grads(torch.einsum("bij,bjk->bik", a, b), a, b)
grads(torch.einsum("...ij,...jk->...ik", a, b), a, b)

# --- einsum_attention
q = data(2, 2, 3, 4, grad=True)
k = data(2, 2, 3, 4, shift=6, grad=True)
grads(torch.einsum("bhqd,bhkd->bhqk", q, k), q, k)

# --- einsum_three_operands
a = data(2, 3, grad=True)
b = data(3, 4, shift=6, grad=True)
c = data(4, 2, shift=9, grad=True)
grads(torch.einsum("ij,jk,kl->il", a, b, c), a, b, c)
grads(torch.einsum("bi,oij,bj->bo", a, data(5, 3, 3), a), a)

# --- einsum_ellipsis_and_spaces
x = data(2, 3, 4, grad=True)
w = data(5, 4, shift=6, grad=True)
grads(torch.einsum("... d, o d -> ... o", x, w), x, w)

# --- chain_and_power
a = data(3, 3, grad=True)
grads(a @ a @ a, a)
grads(torch.linalg.multi_dot([a, a, a]), a)
grads(torch.matrix_power(a, 3), a)

# --- tensordot
a = data(2, 3, 4, grad=True)
b = data(3, 4, 2, shift=6, grad=True)
grads(torch.tensordot(a, b, dims=2), a, b)
show(torch.tensordot(a.detach(), b.detach(), dims=([1], [0])).shape)

# --- kron
show(torch.kron(torch.tensor([[1, 2]]), torch.tensor([[1], [3]])))

# --- inverse_det_solve
a = torch.tensor([[2.0, 1.0, 0.5], [0.3, 3.0, 0.2], [0.1, 0.4, 1.5]], requires_grad=True)
grads(torch.inverse(a), a)
grads(torch.linalg.inv(a), a)
grads(torch.det(a), a)
grads(torch.linalg.solve(a, torch.tensor([1.0, 2.0, 3.0])), a)

# --- normal_equations rtol=1e-4
x = torch.cat([data(8, 2), torch.ones(8, 1)], 1)
y = x @ torch.tensor([2.0, -3.0, 0.5])
show(torch.linalg.inv(x.T @ x) @ x.T @ y, torch.linalg.lstsq(x, y.unsqueeze(1)).solution)

# --- matmul_keyword_and_operator_assignment
a = data(2, 2)
show(torch.matmul(input=a, other=a), torch.mm(a, mat2=a))
b = a.clone()
b @= a
show(b)

# --- scaled_dot_product_attention
q = data(1, 2, 3, 4, grad=True)
k = data(1, 2, 3, 4, shift=6, grad=True)
v = data(1, 2, 3, 4, shift=9, grad=True)
grads(F.scaled_dot_product_attention(q, k, v), q, k, v)
grads(F.scaled_dot_product_attention(q, k, v, is_causal=True), q, k, v)

# --- cosine_similarity
a = data(3, 4, grad=True)
b = data(3, 4, shift=6, grad=True)
grads(F.cosine_similarity(a, b), a, b)
grads(F.cosine_similarity(a, b, dim=0), a, b)
grads(torch.cosine_similarity(a, b, dim=-1), a, b)

# --- pairwise_distance
a = data(3, 4, grad=True)
b = data(3, 4, shift=6, grad=True)
grads(F.pairwise_distance(a, b), a, b)
show(F.pairwise_distance(a.detach(), b.detach(), p=1, keepdim=True))

# --- normalize
x = data(3, 4, grad=True)
grads(F.normalize(x), x)
grads(F.normalize(x, dim=0), x)
grads(F.normalize(x, p=1, dim=1), x)
show(F.normalize(torch.zeros(1, 2)))

# --- addbmm_addr
c = data(3, 2, grad=True)
a = data(2, 3, 4, shift=2, grad=True)
b = data(2, 4, 2, shift=6, grad=True)
grads(torch.addbmm(c, a, b), c, a, b)
grads(torch.addbmm(c, a, b, beta=0.5, alpha=2), c, a, b)
u = data(3, shift=1, grad=True)
v = data(2, shift=4, grad=True)
grads(torch.addr(c, u, v), c, u, v)

# --- vdot_adjoint_chain
a = data(4, grad=True)
b = data(4, shift=6, grad=True)
grads(torch.vdot(a, b), a, b)
m = data(2, 3, grad=True)
grads(m.adjoint(), m)
grads(torch.chain_matmul(m, m.t(), m), m)
show(data(2, 3, 4).mH.shape, m.H.shape)
