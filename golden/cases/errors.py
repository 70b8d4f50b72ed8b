"""The class of the exception for each kind of mistake."""

# --- shapes_that_do_not_broadcast
a, b = torch.zeros(2, 3), torch.zeros(2, 4)
for operation in (lambda: a + b, lambda: a * b, lambda: a - b, lambda: a / b, lambda: a == b, lambda: torch.maximum(a, b), lambda: torch.where(a > 0, a, b), lambda: a.masked_fill(b > 0, 1.0), lambda: torch.broadcast_tensors(a, b), lambda: torch.broadcast_shapes((2,), (3,))):
    fails(operation)

# --- matmul_shapes
fails(lambda: torch.zeros(2, 3) @ torch.zeros(2, 3))
fails(lambda: torch.zeros(3) @ torch.zeros(4))
fails(lambda: torch.zeros(2, 3) @ torch.zeros(2))
fails(lambda: torch.zeros(2, 2, 3) @ torch.zeros(3, 3, 2))
fails(lambda: torch.tensor(1.0) @ torch.zeros(2))
fails(lambda: torch.mm(torch.zeros(2), torch.zeros(2, 2)))
fails(lambda: torch.bmm(torch.zeros(2, 3), torch.zeros(3, 2)))
fails(lambda: torch.dot(torch.zeros(2, 2), torch.zeros(2, 2)))
fails(lambda: torch.mv(torch.zeros(2, 2), torch.zeros(3)))

# --- matmul_types
fails(lambda: torch.zeros(2, 2) @ torch.zeros(2, 2, dtype=torch.int64))
fails(lambda: torch.zeros(2, 2) @ torch.zeros(2, 2, dtype=torch.float64))
fails(lambda: torch.zeros(2, 2) @ 3)
fails(lambda: torch.zeros(2, 2) @ [1, 2])

# --- dims_out_of_range
x = torch.zeros(2, 3)
for operation in (lambda: x.sum(2), lambda: x.mean(-3), lambda: x.max(5), lambda: x.softmax(2), lambda: x.cumsum(2), lambda: x.argmax(3), lambda: x.transpose(0, 2), lambda: x.flip(2), lambda: x.unbind(2), lambda: x.size(2), lambda: x.select(2, 0), lambda: x.flatten(3), lambda: x.squeeze(2), lambda: x.var(dim=4), lambda: x.norm(dim=2), lambda: x.logsumexp(2), lambda: x.chunk(2, 2), lambda: torch.cat([x, x], 2), lambda: torch.stack([x, x], 3), lambda: x.gather(2, torch.zeros(1, 1, dtype=torch.int64)), lambda: x.index_select(2, torch.tensor([0])), lambda: x.stride(4), lambda: x.all(dim=2)):
    fails(operation)

# --- repeated_dims
x = torch.zeros(2, 3)
fails(lambda: x.sum((0, 0)))
fails(lambda: x.mean(dim=(1, -1)))
fails(lambda: x.flip([0, 0]))

# --- wrong_argument_types
x = torch.zeros(2)
for operation in (lambda: torch.zeros("a"), lambda: torch.zeros(2.5), lambda: x + "a", lambda: x + None, lambda: x * [1, 2], lambda: torch.exp(1.0), lambda: torch.sum([1, 2]), lambda: torch.cat(x, x), lambda: x.view("a"), lambda: x.sum("a"), lambda: torch.tensor("a"), lambda: torch.tensor(None), lambda: torch.tensor([1, "a"]), lambda: torch.tensor({"a": 1}), lambda: torch.matmul(x, 2), lambda: torch.stack(5), lambda: F.relu(3), lambda: torch.where(1, x, x), lambda: x.reshape(1.5), lambda: x.requires_grad_("yes"), lambda: torch.manual_seed("a")):
    fails(operation)

# --- unknown_keywords
x = torch.zeros(2, 2)
for operation in (lambda: torch.zeros(2, colour=1), lambda: x.sum(dims=0), lambda: torch.softmax(x, dimension=1), lambda: F.cross_entropy(x, torch.tensor([0, 1]), weights=None), lambda: nn.Linear(2, 2, biases=True), lambda: x.mean(dim=0, keep=True), lambda: torch.add(x, x, scale=2), lambda: nn.Conv2d(1, 1, 3, pad=1), lambda: torch.randn(2, sead=1), lambda: F.conv2d(x, x, pad=1), lambda: torch.tensor([1], type=torch.float32), lambda: x.view(shapes=(4,))):
    fails(operation)

# --- missing_and_extra_arguments
x = torch.zeros(2)
for operation in (lambda: torch.exp(), lambda: torch.add(x), lambda: torch.exp(x, x, x), lambda: nn.Linear(2), lambda: F.cross_entropy(x), lambda: torch.zeros_like(), lambda: torch.full((2,)), lambda: torch.arange(), lambda: torch.linspace(0, 1), lambda: x.gather(0), lambda: nn.MSELoss()(x), lambda: nn.Linear(2, 2)(), lambda: torch.stack()):
    fails(operation)

# --- ragged_lists
fails(lambda: torch.tensor([[1, 2], [3]]))
fails(lambda: torch.tensor([1, [2]]))
fails(lambda: torch.tensor([torch.zeros(2), torch.zeros(2)]))

# --- negative_and_huge_sizes
fails(lambda: torch.zeros(-1))
fails(lambda: torch.empty(2, -3))
fails(lambda: torch.zeros(2**62, 2**62))
fails(lambda: torch.eye(-1))
fails(lambda: torch.linspace(0, 1, -1))

# --- arange_errors
fails(lambda: torch.arange(0, 5, 0))
fails(lambda: torch.arange(0, 5, -1))
fails(lambda: torch.arange(5, 0))
fails(lambda: torch.arange(0, float("inf")))
fails(lambda: torch.arange(0, float("nan")))

# --- item_of_many
fails(lambda: torch.zeros(2).item())
fails(lambda: torch.zeros(0).item())
fails(lambda: float(torch.zeros(2)))
fails(lambda: int(torch.zeros(2, 2)))
fails(lambda: bool(torch.zeros(2)))
fails(lambda: range(torch.tensor(2.5)))
fails(lambda: [1, 2][torch.tensor(1.0)])

# --- devices
fails(lambda: torch.zeros(2, device="tpu"))
fails(lambda: torch.device("nonsense"))
fails(lambda: torch.zeros(2, device=3.5))
fails(lambda: torch.zeros(2).to("nonsense"))
fails(lambda: torch.device())

# --- dtypes
fails(lambda: torch.zeros(2, dtype="float"))
fails(lambda: torch.zeros(2).to(float, int))
fails(lambda: torch.zeros(2, dtype=3))
fails(lambda: torch.tensor([1.0], dtype=None, requires_grad=1) if False else torch.tensor([1], requires_grad=True))
fails(lambda: torch.set_default_dtype(torch.int64))
fails(lambda: torch.tensor([256], dtype=torch.uint8))
fails(lambda: torch.tensor([2**31], dtype=torch.int32))
fails(lambda: torch.tensor([2**63]))

# --- gather_scatter
x = torch.zeros(2, 3)
fails(lambda: x.gather(1, torch.tensor([[3], [0]])))
fails(lambda: x.gather(1, torch.tensor([0])))
fails(lambda: x.gather(1, torch.zeros(2, 1)))
fails(lambda: x.gather(1, torch.zeros(3, 1, dtype=torch.int64)))
fails(lambda: x.scatter(1, torch.tensor([[5]]), 1.0))
fails(lambda: x.index_select(0, torch.tensor([2])))
fails(lambda: x.index_select(0, torch.tensor([[0]])))
fails(lambda: x.scatter_add(0, torch.tensor([[0]]), torch.zeros(1, 1, dtype=torch.int64)))
fails(lambda: x.masked_select(torch.tensor([1, 0, 1])))
fails(lambda: x.masked_fill(torch.zeros(2, 3), 1.0))

# --- masked_assignment_count
x = torch.zeros(4)
m = torch.tensor([True, True, False, False])
fails(lambda: x.__setitem__(m, torch.zeros(3)))
fails(lambda: x.masked_scatter(m, torch.zeros(1)))

# --- autograd_mistakes
x = torch.ones(2, requires_grad=True)
fails(lambda: (x * 2).backward())
fails(lambda: torch.ones(1).backward())
fails(lambda: x.numpy())
fails(lambda: torch.tensor([1, 2], requires_grad=True))
fails(lambda: torch.ones(2, dtype=torch.bool).requires_grad_())
fails(lambda: (x * 2).sum().backward(gradient=torch.ones(2)))
fails(lambda: x.add_(1))
fails(lambda: torch.autograd.grad(torch.ones(1), x))

# --- einsum_mistakes
a = torch.zeros(2, 3)
fails(lambda: torch.einsum("ij,jk->ik", a))
fails(lambda: torch.einsum("ij,jk->ik", a, a))
fails(lambda: torch.einsum("ijk->i", a))
fails(lambda: torch.einsum("ij->k", a))
fails(lambda: torch.einsum("i?->i", a))

# --- norm_layer_mistakes
fails(lambda: F.layer_norm(torch.zeros(2, 3), (2,)))
fails(lambda: F.layer_norm(torch.zeros(2, 3), (3,), torch.zeros(2)))
fails(lambda: F.batch_norm(torch.zeros(2, 3), torch.zeros(2), torch.zeros(2)))
fails(lambda: F.group_norm(torch.zeros(2, 3), 2))
fails(lambda: nn.GroupNorm(2, 4)(torch.zeros(2, 6)))

# --- integer_limits
fails(lambda: torch.tensor([1]) << 64.5)
fails(lambda: torch.tensor([1, 2]) ** -1)
fails(lambda: torch.tensor([1]).sqrt_())
fails(lambda: torch.tensor([1]).fill_("a"))
fails(lambda: torch.tensor([1, 2]).mean())
fails(lambda: torch.tensor([1, 2]).std())
fails(lambda: torch.tensor([1, 2]).softmax(0))
fails(lambda: F.gelu(torch.tensor([1])))
fails(lambda: torch.tensor([True]).cumsum(5))

# --- attributes
x = torch.zeros(2)
fails(lambda: x.nothing)
fails(lambda: torch.nothing)
fails(lambda: nn.Nothing)
fails(lambda: F.nothing)
fails(lambda: x.T.nothing())
fails(lambda: nn.Linear(1, 1).nothing)

# --- hashing_and_truth
x = torch.zeros(2)
show(isinstance(hash(x), int), {x: 1}[x], x in [x], len({x, x}))
fails(lambda: x in [torch.zeros(2)])
fails(lambda: len(torch.tensor(1)))
fails(lambda: list(torch.tensor(1)))

# --- exceptions_are_the_usual_ones
try:
    torch.zeros(2) + torch.zeros(3)
except RuntimeError as error:
    show("caught", isinstance(error, Exception), len(str(error)) > 10)
try:
    torch.zeros(2)[5]
except IndexError as error:
    show("caught", isinstance(error, LookupError))

# --- exception_leaves_the_case raises
x = torch.zeros(2, 3)
show(x.sum())
x @ x

# --- index_error_leaves_the_case raises
torch.zeros(2)[2]

# --- type_error_leaves_the_case raises
torch.zeros(2).view("wide")

# --- value_error_leaves_the_case raises
nn.Dropout(2.0)

# --- error_inside_no_grad_and_hooks
x = torch.ones(2, requires_grad=True)


def bad(g):
    raise KeyError("from the hook")


x.register_hook(bad)
fails(lambda: (x * 2).sum().backward())
y = torch.ones(2, requires_grad=True)
(y * 2).sum().backward()
show(y.grad)

# --- error_in_custom_function
class Broken(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, g):
        raise ArithmeticError("from backward")


x = torch.ones(2, requires_grad=True)
fails(lambda: Broken.apply(x).sum().backward())

# --- pooling_and_padding_mistakes
x = torch.zeros(1, 1, 4, 4)
fails(lambda: F.max_pool2d(x, 0))
fails(lambda: F.max_pool2d(x, (1, 2, 3)))
fails(lambda: F.avg_pool2d(x, 5))
fails(lambda: F.adaptive_avg_pool2d(x, -1))
fails(lambda: nn.MaxPool2d()(x))
fails(lambda: F.unfold(x, 6))
fails(lambda: nn.ReflectionPad2d(4)(x))

# --- optimiser_and_module_mistakes
fails(lambda: nn.Sequential(3))
fails(lambda: nn.Sequential(nn.ReLU(), "a"))
fails(lambda: nn.ModuleList([1]))
fails(lambda: nn.Linear(-1, 2))
fails(lambda: nn.Linear("a", 2))
fails(lambda: nn.Embedding(3, 2, padding_idx=5))
fails(lambda: nn.Conv2d(0, 1, 3, groups=0))
fails(lambda: nn.Parameter(3))
fails(lambda: nn.Module().load_state_dict(3))
fails(lambda: nn.Linear(1, 1).forward())

# --- split_and_chunk_mistakes
x = torch.zeros(4)
fails(lambda: x.split(0))
fails(lambda: x.chunk(0))
fails(lambda: x.split([5]))
fails(lambda: x.split(-1))
fails(lambda: torch.tensor(1.0).chunk(2))
fails(lambda: x.unfold(0, 5, 1))
fails(lambda: x.repeat())
fails(lambda: x.expand(-1, 4))
