"""The mechanics of nn.Module: registration, traversal, state, modes, hooks, containers."""


class Net(nn.Module):
    def __init__(self, hidden=3):
        super().__init__()
        self.fc1 = nn.Linear(2, hidden)
        self.act = nn.ReLU()
        self.fc2 = nn.Linear(hidden, 1, bias=False)
        self.register_buffer("scale", torch.tensor([2.0]))

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x))) * self.scale

# --- forward_and_backward
net = Net()
x = data(4, 2, grad=True)
out = net(x)
out.sum().backward()
show(out, x.grad, *[p.grad for p in net.parameters()])

# --- parameters_in_order
net = Net()
show([name for name, _ in net.named_parameters()], [p.shape for p in net.parameters()], [p.requires_grad for p in net.parameters()], [name for name, _ in net.named_buffers()], list(net.buffers()))

# --- children_and_modules
net = nn.Sequential(nn.Linear(1, 2), nn.Sequential(nn.ReLU(), nn.Linear(2, 1)))
show([type(m).__name__ for m in net.children()], [type(m).__name__ for m in net.modules()], [name for name, _ in net.named_children()], [name for name, _ in net.named_modules()])

# --- parameter_count_idiom
net = Net()
show(sum(p.numel() for p in net.parameters()), sum(p.numel() for p in net.parameters() if p.requires_grad))

# --- state_dict
net = Net()
state = net.state_dict()
show(list(state.keys()), state["fc1.weight"], state["scale"], type(state).__name__, state["fc1.weight"].requires_grad)
state["fc1.weight"].fill_(0)
show(net.fc1.weight)

# --- load_state_dict
a, b = Net(), Net()
result = b.load_state_dict(a.state_dict())
show(torch.equal(a.fc1.weight, b.fc1.weight), str(result), b.fc1.weight)
a.fc1.weight.data.zero_()
show(torch.equal(a.fc1.weight, b.fc1.weight))

# --- load_state_dict_missing_and_unexpected
net = Net()
state = net.state_dict()
del state["fc2.weight"]
fails(lambda: net.load_state_dict(state))
state["extra"] = torch.zeros(1)
fails(lambda: net.load_state_dict(state))
result = net.load_state_dict(state, strict=False)
show(result.missing_keys, result.unexpected_keys)

# --- load_state_dict_wrong_shape
net = Net()
state = net.state_dict()
state["fc1.weight"] = torch.zeros(2, 2)
fails(lambda: net.load_state_dict(state))
fails(lambda: net.load_state_dict(state, strict=False))

# --- load_state_dict_message raises exact-message
net = nn.Linear(2, 1)
net.load_state_dict({"weight": torch.zeros(1, 2), "b": torch.zeros(1)})

# --- train_eval
net = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5), nn.BatchNorm1d(2))
show(net.training, [m.training for m in net.modules()])
show(net.eval() is net, [m.training for m in net.modules()])
net.train()
net[1].eval()
show([m.training for m in net.modules()])
net.train(False)
show([m.training for m in net.modules()])

# --- requires_grad_and_freezing
net = Net()
net.requires_grad_(False)
show([p.requires_grad for p in net.parameters()])
for p in net.fc2.parameters():
    p.requires_grad = True
show([name for name, p in net.named_parameters() if p.requires_grad])
net(data(3, 2)).sum().backward()
show(net.fc1.weight.grad, net.fc2.weight.grad)

# --- zero_grad
net = Net()
net(data(3, 2)).sum().backward()
net.zero_grad()
show([p.grad for p in net.parameters()])
net(data(3, 2)).sum().backward()
net.zero_grad(set_to_none=False)
show([p.grad for p in net.parameters()])

# --- to_and_dtype
net = Net()
show(net.to("cpu") is net, net.double().fc1.weight.dtype, net.scale.dtype, net.float().fc1.weight.dtype, net.to(torch.float64).fc2.weight.dtype, net.to(device="cpu", dtype=torch.float32).scale.dtype, net.cpu() is net)

# --- apply
seen = []


def init(m):
    seen.append(type(m).__name__)
    if isinstance(m, nn.Linear):
        nn.init.constant_(m.weight, 0.5)
        if m.bias is not None:
            m.bias.data.fill_(0.1)


net = Net()
show(net.apply(init) is net, seen, net.fc1.weight, net.fc1.bias)

# --- parameter_objects
p = nn.Parameter(torch.tensor([1.0, 2.0]))
q = nn.Parameter(torch.zeros(2), requires_grad=False)
show(p, q, isinstance(p, torch.Tensor), isinstance(p, nn.Parameter), type(p).__name__, (p * 2), isinstance(p * 2, nn.Parameter), p.data, p.is_leaf)
show(isinstance(torch.ones(1), nn.Parameter), type(p.data).__name__, type(p.detach()).__name__)

# --- parameter_registration
class Custom(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Parameter(torch.ones(2))
        self.b = torch.ones(3)
        self.register_parameter("c", nn.Parameter(torch.zeros(1)))
        self.register_parameter("d", None)
        self.register_buffer("e", torch.zeros(2), persistent=False)


m = Custom()
show([n for n, _ in m.named_parameters()], list(m.state_dict()), [n for n, _ in m.named_buffers()], m.d)
m.b = nn.Parameter(torch.ones(1))
show([n for n, _ in m.named_parameters()])

# --- registration_errors
class Early(nn.Module):
    def __init__(self):
        self.fc = nn.Linear(1, 1)


fails(Early)
m = nn.Module()
m.register_buffer("x", torch.zeros(1))
fails(lambda: m.register_parameter("x", nn.Parameter(torch.zeros(1))))
fails(lambda: m.register_parameter("a.b", nn.Parameter(torch.zeros(1))))
fails(lambda: m.register_parameter("p", torch.zeros(1)))
fails(lambda: m.missing)
m.w = nn.Parameter(torch.zeros(1))
fails(lambda: setattr(m, "w", torch.zeros(1)))
fails(lambda: nn.Module()(1))
m.w = None
show(m.w, list(m.parameters()))

# --- replacing_and_deleting_attributes
net = Net()
net.fc2 = nn.Linear(3, 5)
show([n for n, _ in net.named_parameters()], net(data(1, 2)).shape)
del net.act
show([n for n, _ in net.named_children()])
fails(lambda: net(data(1, 2)))

# --- shared_parameters
class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(4, 3)
        self.head = nn.Linear(3, 4, bias=False)
        self.head.weight = self.embed.weight


m = Tied()
show([n for n, _ in m.named_parameters()], len(list(m.parameters())), list(m.state_dict()), m.head.weight is m.embed.weight)
m.head(m.embed(torch.tensor([1]))).sum().backward()
show(m.embed.weight.grad)

# --- get_submodule_and_parameter
net = nn.Sequential(nn.Linear(1, 2), nn.Sequential(nn.Linear(2, 1)))
show(net.get_submodule("1.0") is net[1][0], net.get_parameter("1.0.bias"), net.get_submodule("") is net)
fails(lambda: net.get_submodule("5"))

# --- sequential
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
x = data(2, 2)
show(len(net), type(net[1]).__name__, net(x), [type(m).__name__ for m in net], type(net[:2]).__name__, len(net[:2]), net[-1].weight)
net.append(nn.Sigmoid())
show(net(x), list(net.state_dict()))
net[1] = nn.ReLU()
show([type(m).__name__ for m in net])
fails(lambda: net[7])

# --- sequential_by_names
from collections import OrderedDict

net = nn.Sequential(OrderedDict([("hidden", nn.Linear(2, 3)), ("act", nn.ReLU()), ("out", nn.Linear(3, 1))]))
show(list(net.state_dict()), type(net.act).__name__, net[0] is net.hidden)
other = nn.Sequential()
other.add_module("first", nn.Linear(1, 1))
show(list(other.state_dict()), len(other))

# --- module_list
layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(3)])
x = data(1, 2)
for layer in layers:
    x = layer(x)
show(x, len(layers), list(layers.state_dict()), layers[-1] is layers[2], len(layers[1:]))
layers.append(nn.Linear(2, 1))
layers.extend([nn.ReLU()])
layers.insert(0, nn.Identity())
show([type(m).__name__ for m in layers])
fails(lambda: layers(x))

# --- module_dict
d = nn.ModuleDict({"a": nn.Linear(1, 1), "b": nn.ReLU()})
d["c"] = nn.Tanh()
show(list(d.keys()), "a" in d, len(d), [type(m).__name__ for m in d.values()], list(d.state_dict()), [k for k, _ in d.items()])
del d["b"]
show(list(d))

# --- parameter_list_and_dict
p = nn.ParameterList([nn.Parameter(torch.ones(2)), nn.Parameter(torch.zeros(1))])
p.append(nn.Parameter(torch.full((1,), 3.0)))
show(len(p), p[2], [n for n, _ in p.named_parameters()], sum(v.sum() for v in p))
q = nn.ParameterDict({"w": nn.Parameter(torch.ones(2))})
q["b"] = nn.Parameter(torch.zeros(1))
show(list(q.keys()), q["w"], list(q.state_dict()))

# --- plain_list_hides_layers
class Hidden(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(1, 1)]


show(len(list(Hidden().parameters())))

# --- forward_hooks
net = Net()
calls = []


def hook(module, inputs, output):
    calls.append((type(module).__name__, len(inputs), list(output.shape)))


handles = [net.fc1.register_forward_hook(hook), net.fc2.register_forward_hook(hook)]
net(data(2, 2))
show(calls)
for h in handles:
    h.remove()
net(data(2, 2))
show(len(calls))

# --- forward_hook_replaces_output
net = nn.Linear(2, 1)
net.register_forward_hook(lambda m, i, o: o * 0 + 7)
show(net(data(2, 2)))

# --- forward_pre_hook
net = nn.Linear(2, 1)
net.register_forward_pre_hook(lambda m, inputs: (inputs[0] * 2,))
a = net(data(2, 2))
show(a, torch.allclose(a, F.linear(data(2, 2) * 2, net.weight, net.bias)))

# --- outputs_kept_by_hooks
stack = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
kept = {}


def keep(name):
    def hook(module, arguments, result):
        kept[name] = result.detach().clone()

    return hook


for name, layer in stack.named_children():
    layer.register_forward_hook(keep(name))
stack(data(2, 2))
show(kept)

# --- full_backward_hook
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
seen = []
net[0].register_full_backward_hook(lambda m, gi, go: seen.append(("lin", [g is None for g in gi], go[0])))
net[1].register_full_backward_hook(lambda m, gi, go: seen.append(("tanh", gi[0], go[0])))
net(data(2, 2)).sum().backward()
show(seen)

# --- full_backward_hook_changes_gradient
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
net[1].register_full_backward_hook(lambda m, gi, go: (gi[0] * 10,))
x = data(2, 2, grad=True)
net(x).sum().backward()
show(net[0].weight.grad, x.grad)

# --- backward_pre_hook
net = nn.Linear(2, 1)
net.register_full_backward_pre_hook(lambda m, go: (go[0] * 3,))
net(data(2, 2)).sum().backward()
show(net.weight.grad)

# --- keyword_forward
class Add(nn.Module):
    def forward(self, a, b=1.0, *, scale=2):
        return (a + b) * scale


m = Add()
show(m(torch.ones(1)), m(torch.ones(1), b=3), m(torch.ones(1), 2.0, scale=1), m(a=torch.zeros(1)))
fails(lambda: m())
fails(lambda: m(torch.ones(1), c=1))

# --- module_returns_tuple_and_dict
class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 1)
        self.b = nn.Linear(2, 1)

    def forward(self, x):
        return self.a(x), {"b": self.b(x)}


show(Two()(data(1, 2)))

# --- identity_flatten_unflatten
x = data(2, 3, 4)
show(nn.Identity(54, unused=1)(x) is x, nn.Flatten()(x).shape, nn.Flatten(0, 1)(x).shape, nn.Unflatten(1, (3, 1))(x).shape, nn.Flatten(start_dim=1, end_dim=-1)(data(2, 3, 2, 2)).shape)

# --- linear_layers
m = nn.Linear(3, 2)
x = data(4, 3, grad=True)
grads(m(x), x, m.weight, m.bias)
n = nn.Linear(in_features=3, out_features=2, bias=False)
grads(n(x), x, n.weight)
show(n.bias, m.in_features, m.out_features, m(data(3)), m(data(2, 2, 3)).shape)
fails(lambda: m(torch.zeros(2, 4)))
fails(lambda: m(torch.zeros(2, 3, dtype=torch.int64)))
fails(lambda: m(torch.zeros(2, 3, dtype=torch.float64)))

# --- bilinear_layer
m = nn.Bilinear(2, 3, 2)
a = data(4, 2, grad=True)
b = data(4, 3, shift=5, grad=True)
grads(m(a, b), a, b, m.weight, m.bias)

# --- train_mode_effects
torch.manual_seed(1)
net = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Dropout(0.5))
x = data(3, 2)
show(net(x))
net.eval()
show(net(x), torch.equal(net(x), net(x)))

# --- copy_a_module
import copy

net = Net()
twin = copy.deepcopy(net)
with torch.no_grad():
    twin.fc1.weight.fill_(0)
show(net.fc1.weight, twin.fc1.weight, net.fc1.weight.equal(twin.fc1.weight), [n for n, _ in twin.named_parameters()])

# --- extra_state_and_prefix
net = Net()
show(list(net.state_dict(prefix="model.")), [n for n, _ in net.named_parameters(prefix="m")], [n for n, _ in net.named_parameters(recurse=False)], [n for n, _ in net.fc1.named_parameters()])

# --- has_attribute_queries
net = Net()
show(hasattr(net, "fc1"), hasattr(net, "nothing"), isinstance(net, nn.Module), isinstance(net.fc1, nn.Linear), net.__class__.__name__, net._get_name(), "fc1" in dict(net.named_children()), "fc1" in net._modules, "scale" in net._buffers)

# --- vector_of_parameters
net = Net()
v = nn.utils.parameters_to_vector(net.parameters())
show(v, v.shape)
nn.utils.vector_to_parameters(torch.arange(12.0), net.parameters())
show(*net.parameters())

# --- clip_grad_norm
w = torch.tensor([3.0, 4.0], requires_grad=True)
v = torch.tensor([12.0], requires_grad=True)
(w * torch.tensor([3.0, 4.0])).sum().backward()
(v * 12).sum().backward()
total = nn.utils.clip_grad_norm_([w, v], max_norm=1.0)
show(total, w.grad, v.grad)
total = nn.utils.clip_grad_norm_([w, v], 100.0)
show(total, w.grad)
show(nn.utils.clip_grad_norm_(w, 0.01, norm_type=1), w.grad, nn.utils.clip_grad_norm_([w, v], 0.001, norm_type=float("inf")), v.grad)

# --- clip_grad_norm_special
w = torch.ones(2, requires_grad=True)
show(nn.utils.clip_grad_norm_([w], 1.0))
w.grad = torch.tensor([float("nan"), 1.0])
show(nn.utils.clip_grad_norm_([w], 1.0), w.grad)
w.grad = torch.tensor([float("inf"), 1.0])
fails(lambda: nn.utils.clip_grad_norm_([w], 1.0, error_if_nonfinite=True))

# --- clip_grad_value
w = torch.ones(3, requires_grad=True)
w.grad = torch.tensor([-5.0, 0.5, 3.0])
nn.utils.clip_grad_value_([w], 1.0)
show(w.grad)
nn.utils.clip_grad_value_(w, clip_value=0.2)
show(w.grad)

# --- functional_call_with_other_weights
net = nn.Linear(2, 1)
out = torch.func.functional_call(net, {"weight": torch.ones(1, 2), "bias": torch.zeros(1)}, (data(3, 2),))
show(out)

# --- inheritance_of_modules
class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(1, 1)


class Derived(Base):
    def __init__(self):
        super().__init__()
        self.b = nn.Linear(1, 1)

    def forward(self, x):
        return self.b(self.a(x))


show([n for n, _ in Derived().named_parameters()], Derived()(torch.ones(1, 1)))

# --- old_style_super
class Old(nn.Module):
    def __init__(self):
        super(Old, self).__init__()
        self.w = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return x * self.w


show(Old()(torch.tensor([3.0])))

# --- buffers_move_and_load
m = nn.BatchNorm1d(2)
m(data(4, 2))
state = m.state_dict()
n = nn.BatchNorm1d(2)
n.load_state_dict(state)
show(list(state), n.running_mean, n.num_batches_tracked)
n.running_mean = torch.zeros(2)
show(n.state_dict()["running_mean"], [name for name, _ in n.named_buffers()])

# --- lazy_access_of_weights
m = nn.Linear(2, 2)
m.weight.data = torch.eye(2)
m.bias.data[:] = torch.tensor([1.0, 2.0])
with torch.no_grad():
    m.weight.copy_(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    m.weight[0, 0] = 10
show(m(torch.ones(1, 2)), m.weight, m.bias)

# --- parametrised_activation_by_name
acts = nn.ModuleDict({"relu": nn.ReLU(), "tanh": nn.Tanh(), "gelu": nn.GELU()})
show({name: act(torch.tensor([-1.0, 1.0])) for name, act in acts.items()})

# --- residual_block
class Residual(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.fc = nn.Linear(d, d)

    def forward(self, x):
        return x + F.gelu(self.fc(self.norm(x)))


m = nn.Sequential(*[Residual(3) for _ in range(2)])
x = data(2, 3, grad=True)
grads(m(x), x, *m.parameters())

# --- attention_head_with_buffer
class CausalHead(nn.Module):
    def __init__(self, width, depth, longest):
        super().__init__()
        self.to_query = nn.Linear(width, depth, bias=False)
        self.to_key = nn.Linear(width, depth, bias=False)
        self.to_value = nn.Linear(width, depth, bias=False)
        self.register_buffer("future", torch.ones(longest, longest).triu(1).bool())

    def forward(self, x):
        steps = x.shape[1]
        scores = self.to_query(x) @ self.to_key(x).transpose(-2, -1) / math.sqrt(x.shape[-1])
        scores = scores.masked_fill(self.future[:steps, :steps], -math.inf)
        return scores.softmax(dim=-1) @ self.to_value(x)


head = CausalHead(4, 2, 5)
x = data(2, 3, 4, grad=True)
grads(head(x), x, *head.parameters())
show(list(head.state_dict()))
