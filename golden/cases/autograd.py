"""The tape: backward, accumulation, leaves, hooks, functions of one's own, and their errors."""

# --- backward_of_a_scalar
x = torch.tensor(3.0, requires_grad=True)
y = x**2 + 2 * x
y.backward()
show(y, x.grad, y.grad_fn is not None, x.grad_fn is None, x.is_leaf, y.is_leaf)

# --- backward_accumulates
x = torch.tensor([1.0, 2.0], requires_grad=True)
(x * 3).sum().backward()
show(x.grad.clone())
(x * 4).sum().backward()
show(x.grad.clone())
x.grad.zero_()
(x**2).sum().backward()
show(x.grad)
x.grad = None
show(x.grad)

# --- backward_with_gradient
x = data(3, grad=True)
y = x**2
y.backward(torch.tensor([1.0, 0.1, 0.01]))
show(x.grad)
x.grad = None
(x * 2).backward(gradient=torch.ones(3))
show(x.grad)

# --- backward_of_nonscalar_fails
x = torch.ones(2, requires_grad=True)
fails(lambda: (x * 2).backward())
fails(lambda: torch.autograd.grad(x * 2, x))
fails(lambda: (x * 2).backward(torch.ones(3)))

# --- backward_of_one_element
x = torch.ones(1, requires_grad=True)
(x * 2).backward()
show(x.grad)
y = torch.ones(1, 1, requires_grad=True)
(y * 3).backward()
show(y.grad)

# --- backward_twice
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (x**2).sum()
y.backward()
fails(lambda: y.backward())

# --- backward_twice_without_saved_values
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (x + 1).sum()
y.backward()
y.backward()
show(x.grad)

# --- retain_graph
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (x**2).sum()
y.backward(retain_graph=True)
y.backward(retain_graph=True)
show(x.grad)
y.backward()
fails(lambda: y.backward())

# --- backward_without_graph
fails(lambda: torch.tensor(1.0).backward())
x = torch.tensor(1.0, requires_grad=True)
with torch.no_grad():
    y = x * 2
fails(lambda: y.backward())
fails(lambda: x.detach().sum().backward())

# --- shared_part_of_two_losses
x = data(3, grad=True)
h = torch.tanh(x)
a = h.sum()
b = (h**2).sum()
a.backward(retain_graph=True)
b.backward()
show(x.grad)

# --- requires_grad_spreads
x = torch.ones(2)
w = torch.ones(2, requires_grad=True)
show((x + x).requires_grad, (x + w).requires_grad, (w > 0).requires_grad, w.detach().requires_grad, (w * 2).detach().is_leaf, w.long().requires_grad, w.argmax().requires_grad)

# --- no_grad
w = torch.ones(2, requires_grad=True)
with torch.no_grad():
    y = w * 2
    z = torch.ones(1, requires_grad=True)
show(y.requires_grad, z.requires_grad, torch.is_grad_enabled())


@torch.no_grad()
def double(t):
    return t * 2


show(double(w).requires_grad, double.__name__)

# --- no_grad_restored_after_exception
try:
    with torch.no_grad():
        raise ValueError("stop")
except ValueError:
    pass
show(torch.is_grad_enabled())

# --- enable_grad
w = torch.ones(2, requires_grad=True)
with torch.no_grad():
    with torch.enable_grad():
        y = w * 2
    z = w * 2
show(y.requires_grad, z.requires_grad)

# --- set_grad_enabled
w = torch.ones(2, requires_grad=True)
with torch.set_grad_enabled(False):
    show((w * 2).requires_grad)
with torch.set_grad_enabled(True):
    show((w * 2).requires_grad)
torch.set_grad_enabled(False)
show((w * 2).requires_grad)
torch.set_grad_enabled(True)
show((w * 2).requires_grad)

# --- inference_mode
w = torch.ones(2, requires_grad=True)
with torch.inference_mode():
    y = w * 2
    show(y.requires_grad, y.is_inference(), torch.is_inference_mode_enabled())
show(torch.is_inference_mode_enabled())
fails(lambda: (w * y).sum().backward())


@torch.inference_mode()
def f(t):
    return t + 1


show(f(w).requires_grad)

# --- detach_cuts
x = data(3, grad=True)
y = x * 2
z = y.detach() * x
grads(z, x)

# --- grad_of_several_inputs
x = data(3, grad=True)
y = data(3, shift=6, grad=True)
gx, gy = torch.autograd.grad((x * y**2).sum(), [x, y])
show(gx, gy, x.grad, y.grad)

# --- grad_with_outputs
x = data(3, grad=True)
y = x**3
show(torch.autograd.grad(y, x, grad_outputs=torch.tensor([1.0, 2.0, 3.0])))
a, b = x * 2, x**2
show(torch.autograd.grad([a, b], x, [torch.ones(3), torch.tensor([1.0, 0.0, 2.0])]))

# --- grad_unused
x = data(3, grad=True)
z = data(3, grad=True)
fails(lambda: torch.autograd.grad(x.sum(), [x, z]))
show(torch.autograd.grad(x.sum(), [x, z], allow_unused=True))
fails(lambda: torch.autograd.grad(x.sum(), torch.ones(3)))

# --- grad_of_intermediate
x = data(3, grad=True)
h = x * 2
y = (h**2).sum()
show(torch.autograd.grad(y, h, retain_graph=True), torch.autograd.grad(y, x))

# --- create_graph
x = torch.tensor(2.0, requires_grad=True)
y = x**3
(g,) = torch.autograd.grad(y, x, create_graph=True)
show(g)
(h,) = torch.autograd.grad(g, x, create_graph=True)
show(h)
(k,) = torch.autograd.grad(h, x)
show(k)

# --- create_graph_in_backward
x = torch.tensor([1.0, 2.0], requires_grad=True)
(x**3).sum().backward(create_graph=True)
g = x.grad
show(g.requires_grad)
x.grad = None
g.sum().backward()
show(x.grad)

# --- gradient_penalty
x = data(4, 2, grad=True)
w = data(2, 3, shift=7, grad=True)
out = torch.tanh(x @ w).sum()
(g,) = torch.autograd.grad(out, x, create_graph=True)
penalty = ((g.norm(dim=1) - 1) ** 2).mean()
grads(penalty, w)

# --- leaf_rules
x = torch.ones(2, requires_grad=True)
y = x * 2
z = torch.ones(2)
show(x.is_leaf, y.is_leaf, z.is_leaf, (z * 2).is_leaf, y.detach().is_leaf)
y.sum().backward()
show(y.grad)

# --- retain_grad
x = data(3, grad=True)
y = x * 2
y.retain_grad()
z = (y**2).sum()
z.retain_grad()
z.backward()
show(y.grad, z.grad, x.grad, y.retains_grad, x.retains_grad)
fails(lambda: torch.ones(2).retain_grad())

# --- tensor_hook_sees_gradient
x = data(3, grad=True)
seen = []
x.register_hook(lambda g: seen.append(g.clone()))
(x**2).sum().backward()
show(seen, x.grad)

# --- tensor_hook_changes_gradient
x = data(3, grad=True)
y = x * 2
y.register_hook(lambda g: g * 10)
y.sum().backward()
show(x.grad)

# --- tensor_hooks_in_order_and_removed
x = torch.ones(2, requires_grad=True)
order = []
first = x.register_hook(lambda g: order.append("first"))
second = x.register_hook(lambda g: order.append("second") or g * 2)
(x * 3).sum().backward()
show(order, x.grad.clone())
second.remove()
x.grad = None
(x * 3).sum().backward()
show(order, x.grad)

# --- hook_with_retain_grad
x = data(2, grad=True)
y = x * 3
y.retain_grad()
y.register_hook(lambda g: g + 1)
y.sum().backward()
show(y.grad, x.grad)

# --- hook_on_leaf_called_once_per_backward
x = torch.ones(2, requires_grad=True)
calls = []
x.register_hook(lambda g: calls.append(g.tolist()))
(x * 2 + x * 3).sum().backward()
show(calls)

# --- hook_on_tensor_without_grad_fails
fails(lambda: torch.ones(2).register_hook(lambda g: g))

# --- post_accumulate_hook
x = torch.ones(2, requires_grad=True)
seen = []
x.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.clone()))
(x * 2).sum().backward()
show(seen)

# --- function_square
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * 2 * x


x = data(3, grad=True)
y = Square.apply(x)
grads(y, x)
show(y.requires_grad, Square.apply(x.detach()).requires_grad)

# --- function_with_constants
class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor, label="none"):
        ctx.factor = factor
        return x * factor

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.factor, None, None


x = data(3, grad=True)
grads(Scale.apply(x, 2.5, "a"), x)

# --- function_two_inputs
class Multiply(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        show(ctx.needs_input_grad)
        return g * b, g * a


a = data(3, grad=True)
b = data(3, shift=6)
grads(Multiply.apply(a, b), a)
c = data(3, shift=9, grad=True)
grads(Multiply.apply(a, c), a, c)

# --- function_two_outputs
class SumAndDifference(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        return a + b, a - b

    @staticmethod
    def backward(ctx, gs, gd):
        return gs + gd, gs - gd


a = data(3, grad=True)
b = data(3, shift=6, grad=True)
s, d = SumAndDifference.apply(a, b)
grads(s * d, a, b)

# --- function_reversing_gradient
class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.view_as(x)

    @staticmethod
    def backward(ctx, g):
        return -g


x = data(3, grad=True)
grads(Reverse.apply(x * 2), x)

# --- function_straight_through
class Round(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.round()

    @staticmethod
    def backward(ctx, g):
        return g


x = data(4, grad=True)
grads(Round.apply(x) ** 2, x)

# --- function_differentiated_twice
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x**2


x = torch.tensor(2.0, requires_grad=True)
(g,) = torch.autograd.grad(Cube.apply(x), x, create_graph=True)
show(g)
show(torch.autograd.grad(g, x))

# --- function_mark_non_differentiable
class WithMask(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        mask = x > 0
        ctx.save_for_backward(mask)
        ctx.mark_non_differentiable(mask)
        return x * mask, mask

    @staticmethod
    def backward(ctx, g, _):
        (mask,) = ctx.saved_tensors
        return g * mask


x = data(4, grad=True)
y, mask = WithMask.apply(x)
show(mask)
grads(y, x)

# --- function_wrong_number_of_gradients
class Wrong(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        return a * b

    @staticmethod
    def backward(ctx, g):
        return g


a = torch.ones(2, requires_grad=True)
fails(lambda: Wrong.apply(a, a).sum().backward())

# --- function_trained_through
class Chebyshev3(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t):
        ctx.save_for_backward(t)
        return 4 * t**3 - 3 * t

    @staticmethod
    def backward(ctx, grad):
        (t,) = ctx.saved_tensors
        return grad * (12 * t**2 - 3)


t = torch.linspace(-1, 1, 15)
wanted = torch.exp(t)
weights = [torch.full((), start, requires_grad=True) for start in (0.1, -0.2, 0.9)]
for step in range(5):
    shift, height, width = weights
    error = (shift + height * Chebyshev3.apply(width * t) - wanted).square().sum()
    show(error.item())
    error.backward()
    with torch.no_grad():
        for weight in weights:
            weight -= 3e-3 * weight.grad
            weight.grad = None

# --- jacobian
def f(x):
    return torch.stack([x[0] ** 2, x[0] * x[1], x[1].sin()])


x = torch.tensor([2.0, 3.0])
show(torch.autograd.functional.jacobian(f, x))
show(torch.autograd.functional.jacobian(lambda a, b: a * b, (torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))))

# --- hessian
x = torch.tensor([1.0, 2.0])
show(torch.autograd.functional.hessian(lambda v: v[0] ** 3 * v[1] + v[1] ** 2, x))
show(torch.autograd.functional.hessian(lambda a, b: (a * b).sum(), (torch.tensor([1.0]), torch.tensor([2.0]))))

# --- vjp_jvp
x = torch.tensor([1.0, 2.0])
show(torch.autograd.functional.vjp(lambda v: v**2, x, torch.tensor([1.0, 0.5])))
show(torch.autograd.functional.jvp(lambda v: v**2, x, torch.tensor([1.0, 0.5])))

# --- autograd_backward_function
x = data(3, grad=True)
torch.autograd.backward([(x * 2).sum(), (x**2).sum()])
show(x.grad)
y = x * 3
torch.autograd.backward(y, torch.tensor([1.0, 2.0, 3.0]))
show(x.grad)

# --- gradient_through_python_control_flow
x = torch.tensor([0.5, -0.3], requires_grad=True)
y = x * 2
while y.norm() < 10:
    y = y * 2
grads(y, x)
z = x.sum() if x.sum() > 0 else -x.sum()
grads(z, x)

# --- long_recurrence
x = torch.tensor(1.0, requires_grad=True)
y = x
for _ in range(2000):
    y = y * 0.9999 + 0.0001 * x
y.backward()
show(y, x.grad)

# --- deep_sum
x = torch.tensor(1.0, requires_grad=True)
y = x
for _ in range(20000):
    y = y + x
y.backward()
show(x.grad)

# --- reused_subgraph
x = torch.tensor(1.001, requires_grad=True)
y = x
for _ in range(12):
    y = y * y
y = y * 1e-3
y.backward()
show(x.grad)

# --- backward_to_chosen_inputs
x = data(2, grad=True)
w = data(2, shift=5, grad=True)
(x * w).sum().backward(inputs=[w])
show(x.grad, w.grad)

# --- backward_through_constant_branch
x = data(2, grad=True)
y = x * 0
grads(y, x)
z = torch.zeros(2) + x.detach()
show(z.requires_grad)

# --- grad_fn_names
x = torch.ones(2, 2, requires_grad=True)
show([t.grad_fn.name() if hasattr(t.grad_fn, "name") else None for t in (x + 1, x * 2, x.sum(), x.mean(), x @ x, x.exp(), x.relu(), x.t(), x.view(4), x[0], x.clone(), x**2, -x, x / 2)])
show(type((x + 1).grad_fn).__name__, type(x.sum().grad_fn).__name__)

# --- next_functions
x = torch.ones(2, requires_grad=True)
y = x * 2
show(type(y.grad_fn.next_functions[0][0]).__name__, len(y.grad_fn.next_functions))

# --- gradcheck
x = data(3, dtype=torch.float64, grad=True)
show(torch.autograd.gradcheck(lambda t: (t.sin() * t).sum(), (x,)))

# --- numeric_gradient_by_hand
def f(x):
    return (x**3 + torch.sin(x)).sum()


x = data(3, dtype=torch.float64, grad=True)
f(x).backward()
h = 1e-6
numeric = []
for i in range(3):
    step = torch.zeros(3, dtype=torch.float64)
    step[i] = h
    numeric.append(((f(x.detach() + step) - f(x.detach() - step)) / (2 * h)).item())
show(x.grad, torch.allclose(x.grad, torch.tensor(numeric, dtype=torch.float64), atol=1e-6))

# --- grad_dtype_follows_leaf
x = torch.ones(2, dtype=torch.float64, requires_grad=True)
(x.float() * 2).sum().backward()
show(x.grad)

# --- clone_of_graph_tensor
x = data(2, grad=True)
y = (x * 2).clone()
y[0] = 0
grads(y, x)

# --- deepcopy
import copy

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = copy.deepcopy(x)
with torch.no_grad():
    y += 1
show(x, y, y.is_leaf)
fails(lambda: copy.deepcopy(x * 2))

# --- hooks_in_a_graph_of_two_paths
x = data(2, grad=True)
h = x * 2
h.register_hook(lambda g: g.clamp(max=0.5))
out = h.sum() + (h**2).sum()
out.backward()
show(x.grad)

# --- sgd_on_rosenbrock
p = torch.tensor([-1.0, 1.5], requires_grad=True)
for _ in range(20):
    loss = (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2
    loss.backward()
    with torch.no_grad():
        p -= 1e-3 * p.grad
    p.grad.zero_()
show(p, loss)

# --- newton_by_hessian
x = torch.tensor([0.5, 2.0])
f = lambda v: (v**4).sum() + v[0] * v[1]
for _ in range(4):
    g = torch.autograd.functional.jacobian(f, x)
    H = torch.autograd.functional.hessian(f, x)
    x = x - torch.linalg.solve(H, g)
show(x)
