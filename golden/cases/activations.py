"""Activation functions and modules, with gradients."""


def points():
    return torch.tensor([-30.0, -3.0, -1.0, -0.3, 0.0, 0.4, 1.0, 2.5, 30.0], requires_grad=True)

# --- relu
x = points()
grads(F.relu(x), x)
grads(torch.relu(x), x)
grads(nn.ReLU()(x), x)
grads(x.relu(), x)
show(F.relu(torch.tensor([-1, 2])), F.relu(torch.tensor([float("nan")])))

# --- relu_in_place
x = data(4, grad=True)
grads(nn.ReLU(inplace=True)(x * 1), x)
grads(F.relu(x + 0, inplace=True), x)

# --- leaky_relu
x = points()
grads(F.leaky_relu(x), x)
grads(F.leaky_relu(x, 0.2), x)
grads(nn.LeakyReLU(negative_slope=0.1)(x), x)

# --- prelu
x = points()
w = torch.tensor([0.25], requires_grad=True)
grads(F.prelu(x, w), x, w)
m = nn.PReLU()
grads(m(x), x, m.weight)
c = data(2, 3, 2, grad=True)
v = torch.tensor([0.1, 0.2, 0.3], requires_grad=True)
grads(F.prelu(c, v), c, v)

# --- relu6
x = torch.tensor([-1.0, 0.0, 3.0, 6.0, 8.0], requires_grad=True)
grads(F.relu6(x), x)
grads(nn.ReLU6()(x), x)

# --- elu
x = points()
grads(F.elu(x), x)
grads(F.elu(x, alpha=0.5), x)
grads(nn.ELU(2.0)(x), x)

# --- selu
x = points()
grads(F.selu(x), x)
grads(nn.SELU()(x), x)

# --- celu
x = points()
grads(F.celu(x, alpha=1.5), x)
grads(nn.CELU()(x), x)

# --- gelu_exact
x = points()
grads(F.gelu(x), x)
grads(nn.GELU()(x), x)

# --- gelu_tanh
x = points()
grads(F.gelu(x, approximate="tanh"), x)
grads(nn.GELU(approximate="tanh")(x), x)

# --- silu
x = points()
grads(F.silu(x), x)
grads(nn.SiLU()(x), x)

# --- mish
x = points()
grads(F.mish(x), x)
grads(nn.Mish()(x), x)

# --- sigmoid
x = points()
grads(F.sigmoid(x), x)
grads(nn.Sigmoid()(x), x)

# --- logsigmoid
x = points()
grads(F.logsigmoid(x), x)
grads(nn.LogSigmoid()(x), x)

# --- tanh
x = points()
grads(F.tanh(x), x)
grads(nn.Tanh()(x), x)

# --- softplus
x = points()
grads(F.softplus(x), x)
grads(F.softplus(x, beta=2), x)
grads(F.softplus(x, beta=1, threshold=0.5), x)
grads(nn.Softplus()(x), x)

# --- softsign
x = points()
grads(F.softsign(x), x)
grads(nn.Softsign()(x), x)

# --- hardtanh
x = points()
grads(F.hardtanh(x), x)
grads(F.hardtanh(x, min_val=-2.0, max_val=0.5), x)
grads(nn.Hardtanh(-0.5, 0.5)(x), x)

# --- hardsigmoid_hardswish
x = torch.tensor([-4.0, -3.0, -1.0, 0.0, 2.0, 3.0, 5.0], requires_grad=True)
grads(F.hardsigmoid(x), x)
grads(F.hardswish(x), x)
grads(nn.Hardswish()(x), x)

# --- shrinks_and_threshold
x = points()
grads(F.softshrink(x), x)
grads(F.hardshrink(x), x)
grads(F.tanhshrink(x), x)
grads(F.threshold(x, 0.1, 20.0), x)

# --- glu
x = data(2, 4, grad=True)
grads(F.glu(x), x)
grads(F.glu(x, dim=0), x)
grads(nn.GLU(dim=1)(x), x)

# --- softmax
x = data(2, 3, 4, grad=True)
grads(F.softmax(x, dim=-1), x)
grads(torch.softmax(x, 1), x)
grads(x.softmax(dim=0), x)
grads(nn.Softmax(dim=2)(x), x)
show(F.softmax(torch.tensor([1000.0, 1000.0, -1000.0]), 0), F.softmax(torch.tensor([float("-inf"), 0.0]), 0), F.softmax(torch.zeros(2, 0), 1), F.softmax(torch.tensor(3.0), 0))

# --- softmax_of_all_masked
show(F.softmax(torch.full((2,), float("-inf")), 0))

# --- softmax_with_dtype
x = data(3, grad=True)
grads(F.softmax(x, dim=0, dtype=torch.float64), x)
show(torch.softmax(torch.tensor([1, 2]), 0, dtype=torch.float32))

# --- softmin
x = data(3, 2, grad=True)
grads(F.softmin(x, dim=1), x)

# --- log_softmax
x = data(2, 3, 4, grad=True)
grads(F.log_softmax(x, dim=-1), x)
grads(torch.log_softmax(x, 1), x)
grads(x.log_softmax(0), x)
grads(nn.LogSoftmax(dim=1)(x), x)
show(F.log_softmax(torch.tensor([1000.0, 0.0]), 0))

# --- softmax_without_dim
x = data(2, 3, grad=True)
grads(F.softmax(x), x)
show(nn.Softmax()(data(3)), F.log_softmax(data(2, 2, 2)))

# --- softmax_temperature_idiom
logits = data(5, grad=True)
grads(F.softmax(logits / 0.7, dim=-1), logits)

# --- double_precision
x = data(6, dtype=torch.float64, grad=True)
grads(F.gelu(x), x)
grads(F.silu(x), x)
grads(F.softplus(x), x)
grads(F.log_softmax(x, 0), x)
grads(F.elu(x), x)

# --- activation_of_transposed
x = data(3, 2, grad=True)
grads(F.gelu(x.t()), x)
grads(F.softmax(x.t(), 1), x)

# --- gumbel_softmax_hard_sums_to_one
y = F.gumbel_softmax(data(4, 3), tau=1.0, hard=True)
show(y.sum(1), y.shape)

# --- rrelu
x = points()
grads(F.rrelu(x), x)
grads(nn.RReLU(0.1, 0.3).eval()(x), x)
torch.manual_seed(0)
show(F.rrelu(data(6), training=True))
