"""Weights computed from others: weight norm, spectral norm, and parametrisations of one's own; attention's switches."""

from torch.nn.utils import parametrize
from torch.nn.utils.parametrizations import spectral_norm, weight_norm


class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).transpose(-1, -2)


class Exponential(nn.Module):
    def forward(self, x):
        return x.exp()

    def right_inverse(self, y):
        return y.log()

# --- weight_norm
layer = weight_norm(nn.Linear(3, 2))
x = data(4, 3)
output = layer(x)
show(output, layer.weight, [name for name, _ in layer.named_parameters()], list(layer.state_dict()))
weigh(output).backward()
show([p.grad for p in layer.parameters()])
print(layer)

# --- weight_norm_dims
for dim in (0, 1, None, -1):
    layer = weight_norm(nn.Conv1d(2, 3, 2), dim=dim)
    show([p.shape for p in layer.parameters()], layer(data(1, 2, 4)))

# --- weight_norm_training rtol=1e-4
model = nn.Sequential(weight_norm(nn.Linear(3, 8)), nn.Tanh(), weight_norm(nn.Linear(8, 1)))
optimizer = optim.SGD(model.parameters(), lr=0.1)
x = torch.randn(10, 3)
y = x.sum(1, keepdim=True)
for step in range(6):
    loss = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    show(loss.item())
show(str(nn.Sequential(weight_norm(nn.Linear(3, 8)), nn.Tanh(), weight_norm(nn.Linear(8, 1))).load_state_dict(model.state_dict())))

# --- weight_norm_removed
layer = weight_norm(nn.Linear(3, 2))
before = layer(data(2, 3))
parametrize.remove_parametrizations(layer, "weight")
show(type(layer).__name__, torch.allclose(before, layer(data(2, 3)), atol=1e-6), [name for name, _ in layer.named_parameters()])

# --- old_weight_norm
layer = nn.utils.weight_norm(nn.Linear(3, 2), name="weight")
output = layer(data(4, 3))
show(output, [(name, p) for name, p in layer.named_parameters()], layer.weight)
weigh(output).backward()
show([p.grad for p in layer.parameters()])
fails(lambda: nn.utils.weight_norm(layer))
nn.utils.remove_weight_norm(layer)
show([name for name, _ in layer.named_parameters()], layer(data(4, 3)), isinstance(layer.weight, nn.Parameter))
fails(lambda: nn.utils.remove_weight_norm(layer))

# --- spectral_norm rtol=1e-4
torch.manual_seed(4)
layer = spectral_norm(nn.Linear(5, 4))
show(list(layer.state_dict()), torch.rand(1))
x = data(2, 5, grad=True)
for _ in range(3):
    output = layer(x)
show(output, layer.parametrizations.weight[0]._u)
weigh(output).backward()
show(x.grad, layer.parametrizations.weight.original.grad)
layer.eval()
show(layer(x), layer(x))
print(layer)

# --- spectral_norm_of_convolutions rtol=1e-4
for layer in (nn.Conv2d(2, 3, 2), nn.ConvTranspose2d(2, 3, 2), nn.Conv1d(1, 2, 3)):
    layer = spectral_norm(layer, n_power_iterations=2)
    show(layer.weight, layer.parametrizations.weight[0].dim)
fails(lambda: spectral_norm(nn.Linear(2, 2), "kernel"))
fails(lambda: spectral_norm(nn.Linear(2, 2), n_power_iterations=0))

# --- of_ones_own
layer = nn.Linear(3, 3)
parametrize.register_parametrization(layer, "weight", Symmetric())
show(layer.weight, torch.equal(layer.weight, layer.weight.T), parametrize.is_parametrized(layer), parametrize.is_parametrized(layer, "bias"))
weigh(layer(data(2, 3))).backward()
show(layer.parametrizations.weight.original.grad, [name for name, _ in layer.named_parameters()])
print(layer)
show(type(layer).__name__, isinstance(layer, nn.Linear), parametrize.type_before_parametrizations(layer).__name__)

# --- right_inverse
layer = nn.Linear(2, 2)
with torch.no_grad():
    layer.weight.copy_(torch.tensor([[0.5, 1.0], [2.0, 3.0]]))
parametrize.register_parametrization(layer, "weight", Exponential())
show(layer.weight, layer.parametrizations.weight.original)
layer.weight = torch.tensor([[1.0, 4.0], [0.1, 0.2]])
show(layer.weight, layer.parametrizations.weight.original)

# --- two_parametrizations
layer = nn.Linear(2, 2)
parametrize.register_parametrization(layer, "weight", Symmetric())
parametrize.register_parametrization(layer, "weight", Exponential())
show(layer.weight, len(layer.parametrizations.weight))
print(layer)

# --- removed
for leave in (True, False):
    torch.manual_seed(0)
    layer = nn.Linear(2, 2)
    parametrize.register_parametrization(layer, "weight", Symmetric())
    parametrize.remove_parametrizations(layer, "weight", leave_parametrized=leave)
    show(layer.weight, type(layer).__name__, parametrize.is_parametrized(layer), list(layer.state_dict()))

# --- errors
layer = nn.Linear(2, 3)
fails(lambda: parametrize.register_parametrization(layer, "kernel", Symmetric()))
fails(lambda: parametrize.register_parametrization(layer, "weight", nn.Flatten(0)))
fails(lambda: parametrize.remove_parametrizations(nn.Linear(2, 3), "weight"))
fails(lambda: parametrize.remove_parametrizations(weight_norm(nn.Linear(2, 3)), "weight", leave_parametrized=False))

# --- copies
import copy

layer = weight_norm(nn.Linear(2, 2))
twin = copy.deepcopy(layer)
with torch.no_grad():
    layer.parametrizations.weight.original0.mul_(2)
show(twin(data(1, 2)), layer(data(1, 2)))

# --- recurrent_weights
lstm = weight_norm(nn.LSTM(2, 2), "weight_hh_l0")
output, _ = lstm(data(3, 1, 2))
show(output, [name for name, _ in lstm.named_parameters()])

# --- cells_as_functions
x, h, c = data(2, 3), data(2, 4), data(2, 4, shift=5)
cell = nn.LSTMCell(3, 4)
show(torch.lstm_cell(x, (h, c), cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh), cell(x, (h, c)))
cell = nn.GRUCell(3, 4)
show(torch.gru_cell(x, h, cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh))
cell = nn.RNNCell(3, 4)
show(torch.rnn_tanh_cell(x, h, cell.weight_ih, cell.weight_hh), torch.rnn_relu_cell(x, h, cell.weight_ih, cell.weight_hh))

# --- kernels_of_attention
from torch.nn.attention import SDPBackend, sdpa_kernel

q = data(1, 3, 4)
with sdpa_kernel(SDPBackend.MATH):
    show(F.scaled_dot_product_attention(q, q, q))
with sdpa_kernel([SDPBackend.FLASH_ATTENTION, SDPBackend.MATH]):
    show(F.scaled_dot_product_attention(q, q, q, is_causal=True))
show(torch.backends.mha.get_fastpath_enabled())
