"""First and second derivatives of weighted sums, through graphs made by create_graph."""

# --- exp_log_sqrt
x = data(4, low=0.3, high=2.0, grad=True)
second(x.exp(), x)
second(x.log(), x)
second(x.sqrt(), x)
second(x.rsqrt(), x)
second(x.log1p(), x)
second(x.expm1(), x)

# --- trigonometric
x = data(4, grad=True)
second(x.sin(), x)
second(x.cos(), x)
second(x.tan(), x)
second(x.atan(), x)

# --- tanh_sigmoid
x = data(4, grad=True)
second(x.tanh(), x)
second(x.sigmoid(), x)
second(F.logsigmoid(x), x)

# --- erf_reciprocal
x = data(4, low=0.3, high=2.0, grad=True)
second(x.erf(), x)
second(x.reciprocal(), x)

# --- powers
x = data(4, low=0.3, high=2.0, grad=True)
p = data(4, shift=5, grad=True)
second(x**3, x)
second(x**p, x, p)
second(2**p, p)

# --- products_and_quotients
x = data(2, 3, grad=True)
y = data(3, low=0.5, high=2.0, shift=5, grad=True)
second(x * y, x, y)
second(x / y, x, y)
second(x * x * y, x, y)

# --- abs_clamp_where
x = data(4, grad=True)
second(x.abs() * x, x)
second(x.clamp(-1, 1) * x, x)
second(torch.where(x > 0, x**2, x**3), x)
second(torch.maximum(x, x * x), x)

# --- atan2_hypot_lerp
x = data(4, grad=True)
y = data(4, shift=9, grad=True)
second(torch.atan2(y, x), x, y)
second(torch.lerp(x, y * x, 0.3), x, y)

# --- matmul
a = data(2, 3, grad=True)
b = data(3, 2, shift=5, grad=True)
second(a @ b, a, b)
second((a @ b) ** 2, a, b)
c = data(2, 2, 3, shift=2, grad=True)
second((c @ b).tanh(), b, c)
v = data(3, shift=1, grad=True)
second((a @ v) ** 2, a, v)

# --- einsum
a = data(2, 3, grad=True)
b = data(3, 2, shift=5, grad=True)
second(torch.einsum("ij,jk->ik", a, b) ** 2, a, b)

# --- linear
x = data(2, 3, grad=True)
w = data(4, 3, shift=5, grad=True)
b = data(4, shift=9, grad=True)
second(F.linear(x, w, b) ** 2, x, w, b)

# --- sum_mean_var
x = data(2, 3, grad=True)
second(x.sum(0) ** 2, x)
second(x.mean() ** 2, x)
second(x.var(1), x)
second(x.std(), x)

# --- prod_cumprod_cumsum
x = data(2, 3, low=0.3, high=2.0, grad=True)
second(x.prod(1), x)
second(x.cumsum(1) ** 2, x)
second(x.cumprod(1), x)

# --- max_and_norm
x = data(2, 3, grad=True)
second(x.max(1).values ** 2, x)
second(x.amax(0) ** 2, x)
second(x.norm(), x)
second(x.norm(p=3, dim=1), x)

# --- logsumexp_softmax
x = data(2, 3, grad=True)
second(x.logsumexp(1), x)
second(F.softmax(x, 1), x)
second(F.log_softmax(x, 1), x)

# --- activations
x = data(5, grad=True)
second(F.gelu(x), x)
second(F.gelu(x, approximate="tanh"), x)
second(F.silu(x), x)
second(F.softplus(x), x)
second(F.elu(x), x)
second(F.leaky_relu(x) * x, x)
second(F.relu(x) ** 2, x)

# --- views
x = data(2, 3, grad=True)
second((x.t() * x.t())[1:], x)
second(x.view(3, 2).expand(2, 3, 2) ** 2, x)
second(torch.cat([x, x**2]).flip(0), x)
second(x.permute(1, 0).reshape(2, 3) ** 3, x)

# --- indexing
x = data(4, 3, grad=True)
i = torch.tensor([0, 2, 2])
second(x[i] ** 2, x)
second(x[x > 0] ** 3, x)
second(x.gather(1, torch.tensor([[0], [2], [1], [1]])) ** 2, x)
second(x.index_select(0, i) ** 2, x)
second(torch.zeros(4, 3).scatter_add(0, torch.zeros(4, 3, dtype=torch.int64), x**3), x)

# --- sort_topk
x = data(5, grad=True)
second(x.sort().values ** 2, x)
second(x.topk(2).values ** 2, x)

# --- conv2d
x = data(1, 2, 4, 4, grad=True)
w = data(2, 2, 3, 3, shift=5, grad=True)
b = data(2, shift=9, grad=True)
second(F.conv2d(x, w, b, padding=1), x, w)
second(F.conv2d(x, w, b, stride=2).tanh(), x, w, b)

# --- conv1d
x = data(1, 2, 6, grad=True)
w = data(2, 2, 3, shift=5, grad=True)
second(F.conv1d(x, w).sigmoid(), x, w)

# --- pooling
x = data(1, 2, 4, 4, grad=True)
second(F.avg_pool2d(x**2, 2), x)
second(F.max_pool2d(x**2, 2), x)
second(F.adaptive_avg_pool2d(x**3, 1), x)

# --- layer_norm rtol=1e-4 atol=1e-5
x = data(2, 4, grad=True)
w = data(4, shift=3, grad=True)
second(F.layer_norm(x, (4,), w), x, w)

# --- batch_norm rtol=1e-4 atol=1e-5
x = data(4, 2, grad=True)
w = data(2, shift=3, grad=True)
second(F.batch_norm(x, None, None, w, training=True), x, w)

# --- losses
x = data(3, 4, grad=True)
y = torch.tensor([0, 3, 1])
second(F.cross_entropy(x, y), x)
t = data(3, 4, shift=7, grad=True)
second(F.mse_loss(x, t), x, t)
second(F.binary_cross_entropy_with_logits(x, t.sigmoid()), x, t)
second(F.smooth_l1_loss(x, t), x, t)

# --- embedding
w = data(4, 2, grad=True)
second(F.embedding(torch.tensor([1, 1, 3]), w) ** 2, w)

# --- in_place
x = data(3, grad=True)
y = x * 2
y.mul_(x).add_(1)
y[0] = x[1] ** 2
second(y, x)

# --- third_derivative
x = data(3, grad=True)
y = (x.sin() * x**2).sum()
for _ in range(3):
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    show(g)
    y = g.sum()

# --- double_precision
x = data(3, dtype=torch.float64, grad=True)
second(x.tanh() * x.exp(), x)
second(F.softmax(x, 0), x)

# --- hessian_vector_product
x = data(3, grad=True)
v = torch.tensor([1.0, -2.0, 0.5])
y = (x**4).sum() + x[0] * x[1] * x[2]
(g,) = torch.autograd.grad(y, x, create_graph=True)
show(torch.autograd.grad(g @ v, x))

# --- maml_inner_step_idiom
w = data(2, 1, grad=True)
x = data(4, 2, shift=5)
y = data(4, 1, shift=9)
inner = F.mse_loss(x @ w, y)
(g,) = torch.autograd.grad(inner, w, create_graph=True)
fast = w - 0.1 * g
outer = F.mse_loss(x @ fast, y * 2)
grads(outer, w)
