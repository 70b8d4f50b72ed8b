"""What a language model written from scratch is made of: tied weights, rotary positions, caches, sampling, training."""


class RMSNorm(nn.Module):
    """The norm of Llama-like models, by hand."""

    def __init__(self, dim, eps=1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        scale = torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + self.eps)
        return (x.float() * scale).type_as(x) * self.weight


class TinyGPT(nn.Module):
    """A decoder with learned positions, tied weights and fused attention."""

    def __init__(self, vocabulary=11, block=8, width=16, heads=2, layers=2, dropout=0.0):
        super().__init__()
        self.block = block
        self.token = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(block, width)
        self.drop = nn.Dropout(dropout)
        self.blocks = nn.ModuleList([Block(width, heads, dropout) for _ in range(layers)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        self.token.weight = self.head.weight
        self.apply(self._init)
        for name, parameter in self.named_parameters():
            if name.endswith("proj.weight"):
                nn.init.normal_(parameter, mean=0.0, std=0.02 / math.sqrt(2 * layers))

    def _init(self, module):
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, mean=0.0, std=0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, mean=0.0, std=0.02)

    def forward(self, x, targets=None):
        steps = torch.arange(0, x.size(1), dtype=torch.long, device=x.device)
        h = self.drop(self.token(x) + self.position(steps))
        for block in self.blocks:
            h = block(h)
        logits = self.head(self.norm(h))
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index=-1)

    @torch.no_grad()
    def generate(self, x, count, temperature=1.0, top_k=None):
        for _ in range(count):
            logits, _ = self(x[:, -self.block :])
            logits = logits[:, -1, :] / temperature
            if top_k is not None:
                best, _ = torch.topk(logits, min(top_k, logits.size(-1)))
                logits[logits < best[:, [-1]]] = -float("inf")
            x = torch.cat((x, torch.multinomial(F.softmax(logits, dim=-1), num_samples=1)), dim=1)
        return x


class Block(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width), nn.Dropout(dropout))

    def forward(self, x):
        b, t, c = x.size()
        q, k, v = (part.view(b, t, self.heads, c // self.heads).transpose(1, 2) for part in self.qkv(self.ln1(x)).split(c, dim=2))
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=self.dropout if self.training else 0, is_causal=True)
        x = x + self.proj(y.transpose(1, 2).contiguous().view(b, t, c))
        return x + self.mlp(self.ln2(x))


def rotate_half(x):
    """The second half of the features, negated, before the first."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat((-b, a), dim=-1)

# --- tied_weights
class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(5, 3)
        self.decoder = nn.Linear(3, 5, bias=False)
        self.decoder.weight = self.encoder.weight


model = Tied()
show([name for name, _ in model.named_parameters()], len(list(model.parameters())), list(model.state_dict()))
show([name for name, _ in model.named_parameters(remove_duplicate=False)], model.decoder.weight is model.encoder.weight)
loss = weigh(model.decoder(model.encoder(torch.tensor([0, 2, 2]))))
loss.backward()
show(model.encoder.weight.grad, torch.equal(model.decoder.weight.grad, model.encoder.weight.grad))
optim.SGD(model.parameters(), lr=0.1).step()
show(torch.equal(model.decoder.weight, model.encoder.weight), model.decoder.weight)

# --- tied_weights_survive
import copy

model = nn.ModuleDict({"encoder": nn.Embedding(4, 2), "decoder": nn.Linear(2, 4, bias=False)})
model["decoder"].weight = model["encoder"].weight
twin = copy.deepcopy(model)
show(twin["decoder"].weight is twin["encoder"].weight, twin["decoder"].weight is model["decoder"].weight)
other = nn.ModuleDict({"encoder": nn.Embedding(4, 2), "decoder": nn.Linear(2, 4, bias=False)})
show(str(other.load_state_dict(model.state_dict())), other["decoder"].weight is other["encoder"].weight)
model.double()
show(model["decoder"].weight.dtype, model["decoder"].weight is model["encoder"].weight, sum(p.numel() for p in model.parameters()))

# --- shared_layer
layer = nn.Linear(3, 3)
model = nn.Sequential(layer, nn.Tanh(), layer)
show([name for name, _ in model.named_parameters()], list(model.state_dict()), len(list(model.modules())))
x = data(2, 3)
weigh(model(x)).backward()
show(layer.weight.grad)

# --- gpt_initialization exact
torch.manual_seed(1337)
model = TinyGPT()
show([(name, p) for name, p in model.named_parameters()], torch.rand(1))

# --- gpt_training rtol=5e-4
torch.manual_seed(1337)
model = TinyGPT()
decayed = [p for p in model.parameters() if p.dim() >= 2]
others = [p for p in model.parameters() if p.dim() < 2]
groups = [{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
optimizer = optim.AdamW(groups, lr=1e-2, betas=(0.9, 0.95))
corpus = torch.tensor([int(digit) for digit in "31415926535897932384626433832795028841971693993751"])


def rate(step):
    if step < 3:
        return (step + 1) / 3
    return 0.1 + 0.45 * (1.0 + math.cos(math.pi * (step - 3) / 12))


for step in range(15):
    for group in optimizer.param_groups:
        group["lr"] = 1e-2 * rate(step)
    starts = torch.randint(len(corpus) - 8, (6,))
    x = torch.stack([corpus[i : i + 8] for i in starts])
    y = torch.stack([corpus[i + 1 : i + 9] for i in starts])
    logits, loss = model(x, y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    show(loss.item(), norm.item())

# --- gpt_with_dropout rtol=5e-4
torch.manual_seed(7)
model = TinyGPT(dropout=0.2)
optimizer = optim.AdamW(model.parameters(), lr=1e-2)
x = torch.randint(0, 11, (4, 8))
for step in range(5):
    _, loss = model(x[:, :-1], x[:, 1:].contiguous())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    show(loss.item())

# --- gpt_generation
torch.manual_seed(3)
model = TinyGPT().eval()
prompt = torch.tensor([[1, 2, 3], [4, 5, 6]])
show(model.generate(prompt, 8, top_k=1), model.generate(prompt, 12), model.generate(prompt, 6, temperature=0.7, top_k=4))

# --- gpt_printed
print(TinyGPT(layers=1))

# --- ignored_targets
model = TinyGPT()
x = torch.tensor([[1, 2, 3, 4]])
y = torch.tensor([[2, 3, -1, -1]])
_, loss = model(x, y)
loss.backward()
show(loss, model.position.weight.grad[:3])

# --- attention_by_hand_with_buffer
class Head(nn.Module):
    def __init__(self, width, size, block):
        super().__init__()
        self.key, self.query, self.value = (nn.Linear(width, size, bias=False) for _ in range(3))
        self.register_buffer("tril", torch.tril(torch.ones(block, block)))
        self.register_buffer("scratch", torch.zeros(2), persistent=False)

    def forward(self, x):
        b, t, c = x.shape
        k, q = self.key(x), self.query(x)
        weights = q @ k.transpose(-2, -1) * k.shape[-1] ** -0.5
        weights = weights.masked_fill(self.tril[:t, :t] == 0, float("-inf"))
        return F.softmax(weights, dim=-1) @ self.value(x)


head = Head(8, 4, 6)
x = data(2, 5, 8, grad=True)
grads(head(x), x, *head.parameters())
show(list(head.state_dict()), [name for name, _ in head.named_buffers()])

# --- rotary_by_halves
def apply_rotary(q, k, positions, theta=10000.0):
    inverse = 1.0 / (theta ** (torch.arange(0, q.size(-1), 2, dtype=torch.int64).float() / q.size(-1)))
    angles = torch.einsum("i,j->ij", positions.float(), inverse)
    embedding = torch.cat((angles, angles), dim=-1)
    cos, sin = embedding.cos()[None, None], embedding.sin()[None, None]
    return q * cos + rotate_half(q) * sin, k * cos + rotate_half(k) * sin


q, k = data(1, 2, 5, 8, grad=True), data(1, 2, 5, 8, grad=True, shift=4)
turned = apply_rotary(q, k, torch.arange(5))
grads(turned, q, k)
show(torch.allclose(turned[0].norm(dim=-1), q.norm(dim=-1), atol=1e-5))

# --- rotary_by_complex_buffer
class Rotary(nn.Module):
    def __init__(self, size, block, theta=10000.0):
        super().__init__()
        angles = torch.outer(torch.arange(block).float(), 1.0 / theta ** (torch.arange(0, size, 2).float() / size))
        self.register_buffer("freqs_cis", torch.polar(torch.ones_like(angles), angles), persistent=False)

    def forward(self, x):
        pairs = torch.view_as_complex(x.float().reshape(*x.shape[:-1], -1, 2))
        return torch.view_as_real(pairs * self.freqs_cis[: x.size(1)].unsqueeze(1)).flatten(-2).type_as(x)


import copy

rotary = Rotary(6, 8)
x = data(2, 5, 2, 6, grad=True)
grads(rotary(x), x)
show(list(rotary.state_dict()), [name for name, _ in rotary.named_buffers()], copy.deepcopy(rotary)(x), rotary.to("cpu").double()(x))
fails(lambda: rotary.register_buffer("other", [1, 2], persistent=False))

# --- relative_positions_only atol=1e-5
q, k = data(1, 1, 1, 8), data(1, 1, 1, 8, shift=4)


def turn(x, position):
    angles = position * 10000.0 ** (-torch.arange(0, 8, 2) / 8)
    cos, sin = angles.cos().repeat(2), angles.sin().repeat(2)
    return x * cos + rotate_half(x) * sin


show([(turn(q, m) * turn(k, m + 3)).sum() for m in (0, 2, 9)])

# --- rms_norm
x = data(2, 3, 6, grad=True)
mine, theirs = RMSNorm(6), nn.RMSNorm(6, eps=1e-6)
grads(mine(x), x, mine.weight)
grads(theirs(x), x, theirs.weight)
print(theirs, nn.RMSNorm((2, 3), elementwise_affine=False), nn.RMSNorm(4))
show(nn.RMSNorm(6)(x), nn.RMSNorm((3, 6))(x), nn.RMSNorm(6, elementwise_affine=False)(x), F.rms_norm(x, (6,), eps=1e-2), list(theirs.state_dict()))

# --- rms_norm_double_and_errors
x = data(2, 4, dtype=torch.float64, grad=True)
second(nn.RMSNorm(4, dtype=torch.float64)(x), x)
fails(lambda: nn.RMSNorm(5)(x.float()))
fails(lambda: F.rms_norm(x, (3,)))

# --- swiglu
class FeedForward(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.w1, self.w2, self.w3 = nn.Linear(dim, hidden, bias=False), nn.Linear(hidden, dim, bias=False), nn.Linear(dim, hidden, bias=False)

    def forward(self, x):
        return self.w2(F.silu(self.w1(x)) * self.w3(x))


layer = FeedForward(6, 10)
x = data(2, 3, 6, grad=True)
grads(layer(x), x, *layer.parameters())

# --- grouped_queries_by_hand
def repeat_kv(x, times):
    b, t, heads, size = x.shape
    return x[:, :, :, None, :].expand(b, t, heads, times, size).reshape(b, t, heads * times, size)


x = data(1, 2, 2, 3)
show(repeat_kv(x, 3), torch.equal(repeat_kv(x, 3), torch.repeat_interleave(x, repeats=3, dim=2)))

# --- key_value_cache atol=1e-5
torch.manual_seed(9)
wq, wk, wv = (nn.Linear(8, 8, bias=False) for _ in range(3))
x = data(1, 6, 8)


def heads(y):
    return y.unflatten(-1, (2, 4)).transpose(1, 2)


whole = F.scaled_dot_product_attention(heads(wq(x)), heads(wk(x)), heads(wv(x)), is_causal=True)
cache_k, cache_v = torch.zeros(1, 2, 6, 4), torch.zeros(1, 2, 6, 4)
steps = []
with torch.no_grad():
    for t in range(6):
        one = x[:, t : t + 1]
        cache_k[:, :, t : t + 1], cache_v[:, :, t : t + 1] = heads(wk(one)), heads(wv(one))
        steps.append(F.scaled_dot_product_attention(heads(wq(one)), cache_k[:, :, : t + 1], cache_v[:, :, : t + 1]))
show(whole, torch.allclose(torch.cat(steps, 2), whole, atol=1e-5))

# --- top_p_sampling
torch.manual_seed(4)
logits = data(3, 9)
ordered, indices = torch.sort(logits, descending=True)
cumulative = torch.cumsum(F.softmax(ordered, dim=-1), dim=-1)
remove = cumulative > 0.8
remove[..., 1:] = remove[..., :-1].clone()
remove[..., 0] = False
logits = logits.masked_fill(remove.scatter(1, indices, remove), float("-inf"))
probabilities = F.softmax(logits, dim=-1)
show(probabilities, torch.multinomial(probabilities, 4, replacement=True), (probabilities > 0).sum(-1))

# --- llama_like_training rtol=5e-4
torch.manual_seed(21)


class Attention(nn.Module):
    def __init__(self, dim, heads, kv_heads):
        super().__init__()
        self.heads, self.kv_heads, self.size = heads, kv_heads, dim // heads
        self.wq = nn.Linear(dim, heads * self.size, bias=False)
        self.wk = nn.Linear(dim, kv_heads * self.size, bias=False)
        self.wv = nn.Linear(dim, kv_heads * self.size, bias=False)
        self.wo = nn.Linear(heads * self.size, dim, bias=False)

    def forward(self, x, cos, sin):
        b, t, _ = x.shape
        q = self.wq(x).view(b, t, self.heads, self.size).transpose(1, 2)
        k = self.wk(x).view(b, t, self.kv_heads, self.size).transpose(1, 2)
        v = self.wv(x).view(b, t, self.kv_heads, self.size).transpose(1, 2)
        q, k = q * cos + rotate_half(q) * sin, k * cos + rotate_half(k) * sin
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        return self.wo(y.transpose(1, 2).reshape(b, t, -1))


class Layer(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.norm1, self.norm2, self.attention = RMSNorm(dim), nn.RMSNorm(dim, eps=1e-6), Attention(dim, 4, 2)
        self.up, self.gate, self.down = nn.Linear(dim, 24, bias=False), nn.Linear(dim, 24, bias=False), nn.Linear(24, dim, bias=False)

    def forward(self, x, cos, sin):
        x = x + self.attention(self.norm1(x), cos, sin)
        h = self.norm2(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


class Llama(nn.Module):
    def __init__(self, vocabulary=9, dim=16, block=10):
        super().__init__()
        self.embed, self.norm, self.out = nn.Embedding(vocabulary, dim), RMSNorm(dim), nn.Linear(dim, vocabulary, bias=False)
        self.layers = nn.ModuleList(Layer(dim) for _ in range(2))
        angles = torch.outer(torch.arange(block).float(), 10000.0 ** (-torch.arange(0, 4, 2).float() / 4)).repeat(1, 2)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def forward(self, x):
        h = self.embed(x)
        for layer in self.layers:
            h = layer(h, self.cos[: x.size(1)], self.sin[: x.size(1)])
        return self.out(self.norm(h))


model = Llama()
optimizer = optim.AdamW(model.parameters(), lr=5e-3, weight_decay=0.1)
scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=8, eta_min=5e-4)
tokens = torch.randint(0, 9, (4, 10))
for step in range(8):
    loss = F.cross_entropy(model(tokens[:, :-1]).flatten(0, 1), tokens[:, 1:].flatten())
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    show(loss.item(), scheduler.get_last_lr()[0])
show([name for name in model.state_dict() if "layers.0" in name])

# --- masked_language_model rtol=5e-4
torch.manual_seed(31)
tokens = torch.randint(3, 12, (6, 8))
targets = tokens.clone()
chosen = torch.bernoulli(torch.full(tokens.shape, 0.25)).bool()
targets[~chosen] = -100
masked = chosen & (torch.rand(tokens.shape) < 0.8)
tokens = tokens.masked_fill(masked, 2)
model = nn.ModuleDict({
    "embed": nn.Embedding(12, 16, padding_idx=0),
    "encoder": nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 32, 0.0, "gelu", batch_first=True, norm_first=True), 2),
    "head": nn.Linear(16, 12),
})
optimizer = optim.AdamW(model.parameters(), lr=3e-3)
for step in range(8):
    h = model["encoder"](model["embed"](tokens), src_key_padding_mask=tokens == 0)
    loss = F.cross_entropy(model["head"](h).transpose(1, 2), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    show(loss.item())

# --- label_smoothing_and_perplexity
logits = data(6, 5)
target = torch.tensor([0, 4, 2, 2, 1, 3])
loss = F.cross_entropy(logits, target)
show(loss.exp(), F.cross_entropy(logits, target, label_smoothing=0.1), logits.log_softmax(-1).gather(1, target[:, None]).squeeze(1))

# --- gradient_accumulation rtol=1e-4
torch.manual_seed(17)
model = TinyGPT(layers=1)
x = torch.randint(0, 11, (4, 8))
for part in x.chunk(2):
    _, loss = model(part[:, :-1], part[:, 1:].contiguous())
    (loss / 2).backward()
halves = [p.grad.clone() for p in model.parameters()]
model.zero_grad()
model(x[:, :-1], x[:, 1:].contiguous())[1].backward()
show(all(torch.allclose(a, p.grad, atol=1e-6) for a, p in zip(halves, model.parameters())), halves[0])
