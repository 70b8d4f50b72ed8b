"""Initial weights: the default of every layer, and torch.nn.init."""

# --- linear rtol=1e-6 atol=1e-7
m = nn.Linear(3, 4)
show(m.weight, m.bias)
show(nn.Linear(20, 2).weight, nn.Linear(1, 1).weight, nn.Linear(2, 3, bias=False).weight)

# --- linear_double rtol=1e-6 atol=1e-7
m = nn.Linear(3, 2, dtype=torch.float64)
show(m.weight, m.bias)

# --- bilinear rtol=1e-6 atol=1e-7
m = nn.Bilinear(2, 3, 2)
show(m.weight, m.bias)

# --- conv rtol=1e-6 atol=1e-7
m = nn.Conv2d(2, 3, 3)
show(m.weight, m.bias)
m = nn.Conv1d(2, 2, 3)
show(m.weight, m.bias)
m = nn.Conv2d(4, 4, 3, groups=2, bias=False)
show(m.weight)

# --- conv_transpose rtol=1e-6 atol=1e-7
m = nn.ConvTranspose2d(2, 3, 2)
show(m.weight, m.bias)
m = nn.ConvTranspose1d(2, 3, 2)
show(m.weight, m.bias)

# --- embedding
show(nn.Embedding(3, 4).weight, nn.Embedding(10, 5).weight, nn.Embedding(4, 2, padding_idx=1).weight, nn.EmbeddingBag(3, 2).weight)

# --- norms_are_constant exact
for m in (nn.BatchNorm1d(2), nn.LayerNorm(3), nn.GroupNorm(1, 2), nn.RMSNorm(2), nn.PReLU(2)):
    show(*m.parameters())
show(torch.rand(1))

# --- order_of_layers rtol=1e-6 atol=1e-7
net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 4), nn.Linear(4, 2))
show(*net.parameters())
show(torch.rand(1))

# --- reset_parameters rtol=1e-6 atol=1e-7
m = nn.Linear(2, 2)
m.reset_parameters()
show(m.weight, m.bias)

# --- seeds_before_layers rtol=1e-6 atol=1e-7
for seed in (0, 1, 42):
    torch.manual_seed(seed)
    m = nn.Linear(2, 1)
    show(m.weight, m.bias)

# --- uniform rtol=1e-6
show(nn.init.uniform_(torch.empty(2, 3)), nn.init.uniform_(torch.empty(20), -2, 3), nn.init.uniform_(torch.empty(3), a=0.5, b=0.75))

# --- normal
show(nn.init.normal_(torch.empty(2, 3)), nn.init.normal_(torch.empty(20), 1.0, 0.01), nn.init.normal_(torch.empty(3), mean=5, std=0.1))

# --- constants exact
show(nn.init.constant_(torch.empty(2), 0.3), nn.init.ones_(torch.empty(2)), nn.init.zeros_(torch.empty(2)), nn.init.eye_(torch.empty(2, 3)), nn.init.dirac_(torch.empty(2, 2, 3)))

# --- xavier
show(nn.init.xavier_uniform_(torch.empty(3, 4)), nn.init.xavier_uniform_(torch.empty(2, 3), gain=2.0), nn.init.xavier_normal_(torch.empty(4, 5)), nn.init.xavier_normal_(torch.empty(2, 3), gain=0.5), nn.init.xavier_uniform_(torch.empty(2, 3, 2, 2)))

# --- kaiming_uniform
show(nn.init.kaiming_uniform_(torch.empty(3, 4)), nn.init.kaiming_uniform_(torch.empty(3, 4), a=math.sqrt(5)), nn.init.kaiming_uniform_(torch.empty(3, 4), mode="fan_out", nonlinearity="relu"), nn.init.kaiming_uniform_(torch.empty(2, 2, 3, 3), nonlinearity="tanh"))

# --- kaiming_normal
show(nn.init.kaiming_normal_(torch.empty(3, 4)), nn.init.kaiming_normal_(torch.empty(4, 5), nonlinearity="relu"), nn.init.kaiming_normal_(torch.empty(4, 5), mode="fan_out"), nn.init.kaiming_normal_(torch.empty(2, 3, 3), a=0.1))

# --- trunc_normal
show(nn.init.trunc_normal_(torch.empty(2, 3)), nn.init.trunc_normal_(torch.empty(20), std=0.02), nn.init.trunc_normal_(torch.empty(4), mean=1.0, std=2.0, a=0.0, b=1.5))

# --- orthogonal rtol=1e-4 atol=1e-5
show(nn.init.orthogonal_(torch.empty(3, 3)), nn.init.orthogonal_(torch.empty(2, 4), gain=2.0), nn.init.orthogonal_(torch.empty(4, 2)))

# --- sparse
show(nn.init.sparse_(torch.empty(4, 3), sparsity=0.5))

# --- calculate_gain exact
show(nn.init.calculate_gain("linear"), nn.init.calculate_gain("relu"), nn.init.calculate_gain("tanh"), nn.init.calculate_gain("sigmoid"), nn.init.calculate_gain("leaky_relu", 0.2), nn.init.calculate_gain("leaky_relu"), nn.init.calculate_gain("conv2d"), nn.init.calculate_gain("selu"))
fails(lambda: nn.init.calculate_gain("nothing"))

# --- returns_the_same_tensor
w = nn.Parameter(torch.zeros(2, 2))
show(nn.init.ones_(w) is w, w, w.requires_grad, w.grad_fn is None)

# --- errors
fails(lambda: nn.init.xavier_uniform_(torch.empty(3)))
fails(lambda: nn.init.eye_(torch.empty(3)))
fails(lambda: nn.init.kaiming_uniform_(torch.empty(2, 2), mode="fan_sideways"))
fails(lambda: nn.init.dirac_(torch.empty(2, 2)))

# --- apply_idiom
def init_weights(m):
    if type(m) == nn.Linear:
        nn.init.normal_(m.weight, std=0.01)
        nn.init.zeros_(m.bias)
    elif isinstance(m, nn.Conv2d):
        nn.init.xavier_uniform_(m.weight)


net = nn.Sequential(nn.Conv2d(1, 2, 2), nn.Flatten(), nn.Linear(8, 3), nn.ReLU(), nn.Linear(3, 1))
net.apply(init_weights)
show(*net.parameters())

# --- gpt_style_idiom
class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = nn.Embedding(5, 4)
        self.fc = nn.Linear(4, 5, bias=False)
        self.apply(self._init_weights)
        for name, p in self.named_parameters():
            if name.endswith("fc.weight"):
                torch.nn.init.normal_(p, mean=0.0, std=0.02 / math.sqrt(2 * 2))

    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            torch.nn.init.normal_(module.weight, mean=0.0, std=0.02)
        elif isinstance(module, nn.Embedding):
            torch.nn.init.normal_(module.weight, mean=0.0, std=0.02)


show(*Tiny().parameters())

# --- larger_layers rtol=1e-4
m = nn.Linear(100, 50)
c = nn.Conv2d(3, 16, 5)
e = nn.Embedding(50, 8)
show(m.weight.sum(), m.weight[7, 93], m.bias[49], c.weight.sum(), c.weight[15, 2, 4, 4], c.bias.sum(), e.weight.sum(), e.weight[49, 7])
