"""Whole small programs in the styles that learners bring along from books, courses and tutorials."""

# --- descent_with_plain_tensors
t = torch.linspace(-2, 2, 40, device=torch.device("cpu"), dtype=torch.float)
wanted = torch.cos(t)
slope = torch.randn((), dtype=torch.float)
offset = torch.randn((), dtype=torch.float)
for round in range(6):
    miss = offset + slope * t - wanted
    show(miss.pow(2).sum().item())
    offset -= 5e-3 * 2 * miss.sum()
    slope -= 5e-3 * 2 * (miss * t).sum()
show(slope, offset)

# --- descent_with_autograd
t = torch.linspace(-1, 1, 30)
wanted = torch.sin(3 * t)
coefficients = [torch.randn((), requires_grad=True) for _ in range(4)]
for round in range(6):
    fit = sum(c * t**power for power, c in enumerate(coefficients))
    loss = (fit - wanted).pow(2).sum()
    show(loss.item())
    loss.backward()
    with torch.no_grad():
        for c in coefficients:
            c -= 1e-2 * c.grad
            c.grad = None
print(" + ".join(f"{c.item():.3f} t^{power}" for power, c in enumerate(coefficients)))

# --- descent_with_a_model
t = torch.linspace(-2, 2, 40)
powers = t.unsqueeze(-1).pow(torch.tensor([1, 2, 3]))
model = torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Flatten(0, 1))
total = torch.nn.MSELoss(reduction="sum")
for round in range(5):
    loss = total(model(powers), torch.cos(t))
    show(loss.item())
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= 1e-4 * parameter.grad
first = model[0]
show(first.bias.item(), first.weight[:, 0].item(), first.weight[0].tolist())

# --- depth_chosen_while_running
class Wavering(nn.Module):
    def __init__(self):
        super().__init__()
        self.start = nn.Parameter(torch.randn(()))
        self.factor = nn.Parameter(torch.randn(()))

    def forward(self, t, depth):
        result = self.start
        for power in range(1, depth + 1):
            result = result + self.factor * t**power / power
        return result


model = Wavering()
optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.8)
t = torch.linspace(-1, 1, 20)
for round in range(5):
    optimizer.zero_grad()
    loss = F.mse_loss(model(t, 1 + round % 3), t.exp())
    loss.backward()
    optimizer.step()
    show(loss.item())

# --- neuron_checked_by_tensors
inputs = [torch.tensor([value], dtype=torch.double, requires_grad=True) for value in (1.5, -0.5)]
weights = [torch.tensor([value], dtype=torch.double, requires_grad=True) for value in (-2.0, 0.75)]
bias = torch.tensor([3.25]).double()
bias.requires_grad = True
out = torch.tanh(sum(i * w for i, w in zip(inputs, weights)) + bias)
print(f"{out.data.item():.12f}")
out.backward()
show([i.grad.item() for i in inputs], [w.grad.item() for w in weights], bias.grad.item())

# --- letter_pairs_counted
words = ["berlin", "lyon", "oslo", "london", "lima", "nairobi"]
letters = ["."] + sorted(set("".join(words)))
number = {letter: i for i, letter in enumerate(letters)}
counts = torch.zeros((len(letters), len(letters)), dtype=torch.int32)
for word in words:
    for left, right in zip("." + word, word + "."):
        counts[number[left], number[right]] += 1
chances = (counts + 1).float()
chances /= chances.sum(1, keepdims=True)
generator = torch.Generator().manual_seed(2147483647)
for _ in range(5):
    made, at = "", 0
    while True:
        at = torch.multinomial(chances[at], num_samples=1, replacement=True, generator=generator).item()
        if at == 0:
            break
        made += letters[at]
    print(made)
surprise, pairs = 0.0, 0
for word in words:
    for left, right in zip("." + word, word + "."):
        surprise -= torch.log(chances[number[left], number[right]])
        pairs += 1
show(counts.sum(), chances[0], surprise / pairs)
print(f"{surprise=}, mean {surprise / pairs:.4f}")

# --- letter_pairs_learned
pairs = [(0, 3), (3, 1), (1, 4), (4, 2), (2, 0), (0, 1), (1, 1), (1, 0)]
left, right = torch.tensor(pairs).T
generator = torch.Generator().manual_seed(2147483647)
table = torch.randn((5, 5), generator=generator, requires_grad=True)
for round in range(6):
    scores = F.one_hot(left, num_classes=5).float() @ table
    odds = scores.exp()
    chances = odds / odds.sum(1, keepdims=True)
    loss = -chances[torch.arange(len(left)), right].log().mean() + 0.02 * (table**2).mean()
    show(loss.item())
    table.grad = None
    loss.backward()
    table.data += -8 * table.grad
show(table)

# --- letters_from_three_before
stream = [0, 0, 0, 5, 2, 2, 1, 0, 3, 4, 1, 0, 2, 5, 3, 1, 1, 4]
before = torch.tensor([stream[i : i + 3] for i in range(len(stream) - 3)])
after = torch.tensor(stream[3:])
generator = torch.Generator().manual_seed(2147483647)
table = torch.randn((6, 2), generator=generator)
hidden = torch.randn((6, 12), generator=generator)
hidden_bias = torch.randn(12, generator=generator)
final = torch.randn((12, 6), generator=generator)
weights = [table, hidden, hidden_bias, final]
print(sum(w.nelement() for w in weights))
for w in weights:
    w.requires_grad = True
for round in range(8):
    batch = torch.randint(0, before.shape[0], (5,), generator=generator)
    features = table[before[batch]].view(-1, 6)
    scores = torch.tanh(features @ hidden + hidden_bias) @ final
    loss = F.cross_entropy(scores, after[batch])
    show(batch, loss.item())
    for w in weights:
        w.grad = None
    loss.backward()
    for w in weights:
        w.data += -0.1 * w.grad

# --- normalised_hidden_layer_by_hand
generator = torch.Generator().manual_seed(2147483647)
table = torch.randn((6, 3), generator=generator)
hidden = torch.randn((9, 8), generator=generator) * (5 / 3) / (9**0.5)
final = torch.randn((8, 6), generator=generator) * 0.01
gain, shift = torch.ones((1, 8)), torch.zeros((1, 8))
running_mean, running_std = torch.zeros((1, 8)), torch.ones((1, 8))
weights = [table, hidden, final, gain, shift]
for w in weights:
    w.requires_grad = True
before = torch.arange(60).view(20, 3) % 6
after = torch.arange(20) * 5 % 6
for start in range(0, 20, 5):
    rows = table[before[start : start + 5]]
    raw = rows.view(rows.shape[0], -1) @ hidden
    mean, std = raw.mean(0, keepdim=True), raw.std(0, keepdim=True)
    scores = torch.tanh(gain * (raw - mean) / std + shift) @ final
    with torch.no_grad():
        running_mean = 0.9 * running_mean + 0.1 * mean
        running_std = 0.9 * running_std + 0.1 * std
    loss = F.cross_entropy(scores, after[start : start + 5])
    for w in weights:
        w.grad = None
    loss.backward()
    for w in weights:
        w.data += -0.2 * w.grad
    show(loss.item())
show(running_mean, running_std)

# --- layers_without_the_library
class Dense:
    def __init__(self, inputs, outputs):
        self.weight = torch.randn((inputs, outputs)) / inputs**0.5
        self.bias = torch.zeros(outputs)

    def __call__(self, x):
        self.result = x @ self.weight
        self.result += self.bias
        return self.result

    def parameters(self):
        return [self.weight, self.bias]


class Squash:
    def __call__(self, x):
        self.result = torch.tanh(x)
        return self.result

    def parameters(self):
        return []


stack = [Dense(4, 6), Squash(), Dense(6, 3)]
parameters = [p for layer in stack for p in layer.parameters()]
for p in parameters:
    p.requires_grad = True
x = data(5, 4)
for layer in stack:
    x = layer(x)
    layer.result.retain_grad()
loss = F.cross_entropy(x, torch.tensor([0, 1, 2, 0, 1]))
loss.backward()
show(loss, [layer.result.grad.std() for layer in stack], [p.grad.mean() for p in parameters])
for number, layer in enumerate(stack):
    print(f"{number} {layer.__class__.__name__:>8}: mean {layer.result.mean():+.2f}, std {layer.result.std():.2f}, saturated {(layer.result.abs() > 0.97).float().mean() * 100:.1f}%")

# --- chain_rule_step_by_step
rows = 4
scores = data(rows, 5, grad=True)
target = torch.tensor([0, 4, 2, 2])
top = scores.max(1, keepdim=True).values
odds = (scores - top).exp()
total = odds.sum(1, keepdims=True)
chances = odds * total**-1
logs = chances.log()
loss = -logs[range(rows), target].mean()
for step in (odds, total, chances, logs):
    step.retain_grad()
loss.backward()
d_logs = torch.zeros_like(logs)
d_logs[range(rows), target] = -1.0 / rows
d_chances = d_logs / chances
d_total = (-(total**-2) * (odds * d_chances).sum(1, keepdim=True))
d_odds = d_chances / total + torch.ones_like(odds) * d_total
for name, mine, step in (("logs", d_logs, logs), ("chances", d_chances, chances), ("total", d_total, total), ("odds", d_odds, odds)):
    print(f"{name:8s} close: {str(torch.allclose(mine, step.grad, atol=1e-6)):5s} same shape: {mine.shape == step.grad.shape}")
short = F.softmax(scores, 1)
short[range(rows), target] -= 1
short /= rows
show(torch.allclose(short, scores.grad, atol=1e-6), short, top.grad is None)

# --- text_as_numbers
text = "the rain in the plain falls mainly on the train"
letters = sorted(list(set(text)))
to_number = {letter: i for i, letter in enumerate(letters)}
numbers = torch.tensor([to_number[letter] for letter in text], dtype=torch.long)
cut = int(0.8 * len(numbers))
training, held_out = numbers[:cut], numbers[cut:]
torch.manual_seed(7)
starts = torch.randint(len(training) - 8, (4,))
x = torch.stack([training[s : s + 8] for s in starts])
y = torch.stack([training[s + 1 : s + 9] for s in starts])
show(numbers, len(letters), held_out, starts, x, y)
print("".join(letters[n] for n in x[0].tolist()))
for length in range(1, 4):
    print(f"after {x[0, :length].tolist()} comes {y[0, length - 1]}")

# --- next_token_table
class NextToken(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.table = nn.Embedding(size, size)

    def forward(self, tokens, targets=None):
        scores = self.table(tokens)
        if targets is None:
            return scores, None
        batch, steps, size = scores.shape
        return scores, F.cross_entropy(scores.view(batch * steps, size), targets.view(batch * steps))

    def continue_from(self, tokens, count):
        for _ in range(count):
            scores, _ = self(tokens)
            chances = F.softmax(scores[:, -1, :], dim=-1)
            tokens = torch.cat((tokens, torch.multinomial(chances, num_samples=1)), dim=1)
        return tokens


torch.manual_seed(1337)
model = NextToken(7)
x = torch.randint(0, 7, (2, 4))
y = torch.randint(0, 7, (2, 4))
show(model(x)[0].shape, model(x, y)[1])
print(model.continue_from(torch.zeros((1, 1), dtype=torch.long), 15)[0].tolist())
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-1)
for round in range(6):
    scores, loss = model(x, y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    show(loss)
print(model.continue_from(torch.ones((2, 1), dtype=torch.long), 6).tolist())

# --- mean_of_the_past_three_ways
torch.manual_seed(11)
x = torch.randn(2, 4, 2)
loops = torch.zeros_like(x)
for sequence in range(2):
    for step in range(4):
        loops[sequence, step] = torch.mean(x[sequence, : step + 1], 0)
lower = torch.tril(torch.ones(4, 4))
shares = lower / lower.sum(1, keepdim=True)
soft = F.softmax(torch.zeros((4, 4)).masked_fill(lower == 0, float("-inf")), dim=-1)
show(loops, shares, soft, torch.allclose(loops, shares @ x, atol=1e-6), torch.allclose(loops, soft @ x, atol=1e-6))

# --- small_transformer rtol=1e-4 atol=1e-5
from dataclasses import dataclass


@dataclass
class Sizes:
    width: int = 8
    longest: int = 6
    words: int = 11
    heads: int = 2
    depth: int = 2
    dropout: float = 0.1


class Attend(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.sizes = sizes
        self.queries_keys_values = nn.Linear(sizes.width, 3 * sizes.width)
        self.mix = nn.Linear(sizes.width, sizes.width)
        self.register_buffer("past", torch.tril(torch.ones(sizes.longest, sizes.longest)).view(1, 1, sizes.longest, sizes.longest))

    def forward(self, x):
        B, T, C = x.size()
        heads = lambda part: part.view(B, T, self.sizes.heads, C // self.sizes.heads).transpose(1, 2)
        q, k, v = map(heads, self.queries_keys_values(x).split(C, dim=2))
        scores = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        scores = scores.masked_fill(self.past[:, :, :T, :T] == 0, float("-inf"))
        y = F.softmax(scores, dim=-1) @ v
        return self.mix(y.transpose(1, 2).contiguous().view(B, T, C))


class Layer(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.before = nn.LayerNorm(sizes.width)
        self.attend = Attend(sizes)
        self.between = nn.LayerNorm(sizes.width)
        self.think = nn.Sequential(nn.Linear(sizes.width, 4 * sizes.width), nn.GELU(), nn.Linear(4 * sizes.width, sizes.width), nn.Dropout(sizes.dropout))

    def forward(self, x):
        x = x + self.attend(self.before(x))
        return x + self.think(self.between(x))


class Transformer(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.sizes = sizes
        self.parts = nn.ModuleDict(dict(words=nn.Embedding(sizes.words, sizes.width), places=nn.Embedding(sizes.longest, sizes.width), layers=nn.ModuleList([Layer(sizes) for _ in range(sizes.depth)]), last=nn.LayerNorm(sizes.width)))
        self.head = nn.Linear(sizes.width, sizes.words, bias=False)
        self.parts.words.weight = self.head.weight
        self.apply(self.start)
        for name, p in self.named_parameters():
            if name.endswith("mix.weight"):
                nn.init.normal_(p, mean=0.0, std=0.02 / math.sqrt(2 * sizes.depth))

    def start(self, module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, mean=0.0, std=0.02)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)

    def forward(self, tokens, targets=None):
        places = torch.arange(0, tokens.size(1), dtype=torch.long, device=tokens.device).unsqueeze(0)
        x = self.parts.words(tokens) + self.parts.places(places)
        for layer in self.parts.layers:
            x = layer(x)
        scores = self.head(self.parts.last(x))
        loss = None if targets is None else F.cross_entropy(scores.view(-1, scores.size(-1)), targets.view(-1), ignore_index=-1)
        return scores, loss

    @torch.no_grad()
    def write(self, tokens, count, temperature, best):
        for _ in range(count):
            scores, _ = self(tokens[:, -self.sizes.longest :])
            scores = scores[:, -1, :] / temperature
            limit, _ = torch.topk(scores, min(best, scores.size(-1)))
            scores[scores < limit[:, [-1]]] = -float("Inf")
            tokens = torch.cat((tokens, torch.multinomial(F.softmax(scores, dim=-1), num_samples=1)), dim=1)
        return tokens


torch.manual_seed(1337)
model = Transformer(Sizes())
show(sum(p.numel() for p in model.parameters()), [name for name, _ in model.named_parameters()], len(model.state_dict()))
decayed = [p for p in model.parameters() if p.dim() >= 2]
others = [p for p in model.parameters() if p.dim() < 2]
optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}], lr=2e-2, betas=(0.9, 0.95))
x = (torch.arange(12).view(2, 6) * 7) % 11
y = (x * 3 + 1) % 11
for round in range(8):
    scores, loss = model(x, y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    length = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    show(loss.item(), length)
model.eval()
show(model.write(torch.zeros((1, 1), dtype=torch.long), 10, 0.8, 5))

# --- linear_model_from_nothing
slopes = torch.tensor([1.5, -0.8])
x = torch.normal(0, 1, (30, 2))
y = (torch.matmul(x, slopes) + 2.1 + torch.normal(0, 0.05, (30,))).reshape((-1, 1))
w = torch.normal(0, 0.01, size=(2, 1), requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for epoch in range(3):
    for start in range(0, 30, 10):
        xs, ys = x[start : start + 10], y[start : start + 10]
        halves = (torch.matmul(xs, w) + b - ys) ** 2 / 2
        halves.sum().backward()
        with torch.no_grad():
            for p in (w, b):
                p -= 0.2 * p.grad / 10
                p.grad.zero_()
    with torch.no_grad():
        print(f"epoch {epoch + 1}, loss {float(((x @ w + b - y) ** 2 / 2).mean()):.2f}")
show(slopes - w.reshape(slopes.shape), 2.1 - b)

# --- softmax_classifier_from_nothing
w = torch.normal(0, 0.01, size=(6, 3), requires_grad=True)
b = torch.zeros(3, requires_grad=True)


def probabilities(x):
    odds = torch.exp(torch.matmul(x.reshape((-1, w.shape[0])), w) + b)
    return odds / odds.sum(1, keepdim=True)


def right(chances, y):
    if len(chances.shape) > 1 and chances.shape[1] > 1:
        chances = chances.argmax(axis=1)
    return float((chances.type(y.dtype) == y).type(y.dtype).sum())


x = data(8, 2, 3)
y = torch.arange(8) % 3
for epoch in range(4):
    losses = -torch.log(probabilities(x)[range(len(y)), y])
    losses.mean().backward()
    with torch.no_grad():
        for p in (w, b):
            p -= 0.5 * p.grad
            p.grad.zero_()
    show(losses.mean(), right(probabilities(x), y) / len(y))

# --- two_layers_from_parameters
w1 = nn.Parameter(torch.randn(4, 6, requires_grad=True) * 0.1)
b1 = nn.Parameter(torch.zeros(6, requires_grad=True))
w2 = nn.Parameter(torch.randn(6, 3, requires_grad=True) * 0.1)
b2 = nn.Parameter(torch.zeros(3, requires_grad=True))


def forward(x):
    hidden = x.reshape((-1, 4)) @ w1 + b1
    return torch.max(hidden, torch.zeros_like(hidden)) @ w2 + b2


criterion = nn.CrossEntropyLoss(reduction="none")
optimizer = torch.optim.SGD([w1, b1, w2, b2], lr=0.3)
for _ in range(4):
    losses = criterion(forward(data(6, 4)), torch.tensor([0, 1, 2, 2, 1, 0]))
    optimizer.zero_grad()
    losses.mean().backward()
    optimizer.step()
    show(losses)

# --- dropout_from_nothing
def drop(x, chance):
    if chance == 1:
        return torch.zeros_like(x)
    return (torch.rand(x.shape) > chance).float() * x / (1.0 - chance)


x = torch.arange(18, dtype=torch.float32).reshape((2, 9))
show(drop(x, 0.0), drop(x, 0.4), drop(x, 1))

# --- recurrent_network_by_hand
class Recurrent(nn.Module):
    def __init__(self, letters, width, kinds):
        super().__init__()
        self.width = width
        self.step = nn.Linear(letters + width, width)
        self.read = nn.Linear(width, kinds)
        self.logs = nn.LogSoftmax(dim=1)

    def forward(self, word):
        state = torch.zeros(1, self.width)
        for letter in word:
            state = torch.tanh(self.step(torch.cat((letter, state), 1)))
        return self.logs(self.read(state))


model = Recurrent(5, 4, 3)
word = torch.zeros(6, 1, 5)
for place, letter in enumerate([0, 3, 1, 4, 4, 2]):
    word[place][0][letter] = 1
for _ in range(3):
    model.zero_grad()
    output = model(word)
    loss = nn.NLLLoss()(output, torch.tensor([2], dtype=torch.long))
    loss.backward()
    for p in model.parameters():
        p.data.add_(p.grad.data, alpha=-0.2)
    show(output, loss.item())
values, kinds = output.topk(2)
show(values[0][0].item(), kinds[0][0].item())

# --- gated_cell_by_hand
class Gated(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.from_input = nn.Linear(inputs, 4 * width)
        self.from_state = nn.Linear(width, 4 * width)

    def forward(self, x, state):
        hidden, memory = state
        enter, keep, new, leave = (self.from_input(x) + self.from_state(hidden)).chunk(4, dim=1)
        memory = torch.sigmoid(keep) * memory + torch.sigmoid(enter) * torch.tanh(new)
        return torch.sigmoid(leave) * torch.tanh(memory), memory


cell = Gated(2, 3)
state = torch.zeros(2, 3), torch.zeros(2, 3)
x = data(5, 2, 2, grad=True)
outputs = []
for step in x:
    state = cell(step, state)
    outputs.append(state[0])
grads(torch.stack(outputs), x, *cell.parameters())

# --- classic_image_network rtol=1e-4
class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 5)
        self.second = nn.Conv2d(4, 6, 5)
        self.hidden = nn.Linear(6 * 5 * 5, 20)
        self.last = nn.Linear(20, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.first(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.second(x)), 2)
        x = torch.flatten(x, 1)
        return self.last(F.relu(self.hidden(x)))


net = Digits()
print(net)
parameters = list(net.parameters())
print(len(parameters), parameters[0].size())
x = torch.randn(1, 1, 32, 32)
wanted = torch.randn(10).view(1, -1)
net.zero_grad()
loss = nn.MSELoss()(net(x), wanted)
loss.backward()
show(net(x), loss, net.first.bias.grad, net.last.bias.grad)
for p in net.parameters():
    p.data.sub_(p.grad.data * 0.01)
show(net(x))

# --- first_gradients_printed
x = torch.full((2, 2), 3.0, requires_grad=True)
print(x)
y = x - 1
print(y)
z = y * y * 2
print(z, z.mean())
z.mean().backward()
print(x.grad)
a = torch.tensor([1.0, 2.0], requires_grad=True)
b = torch.tensor([4.0, 5.0], requires_grad=True)
(2 * a**3 - b**2 / 2).backward(gradient=torch.tensor([1.0, 1.0]))
print(6 * a**2 == a.grad)
print(-b == b.grad)

# --- first_tensors_printed
sizes = (2, 3)
print(f"random:\n{torch.rand(sizes)}\n")
grid = torch.ones(3, 4)
print(f"shape {grid.shape}, type {grid.dtype}, device {grid.device}")
print(f"row {grid[0]}, column {grid[..., -1]}")
grid[:, 2] = 0
print(grid)
print(torch.cat([grid, grid], dim=1))
out = torch.rand_like(grid @ grid.T)
torch.matmul(grid, grid.T, out=out)
print(out)
total = grid.sum().item()
print(total, type(total))
print(grid.add_(5), grid)

# --- flat_image_classifier rtol=1e-4
class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.stack = nn.Sequential(nn.Linear(12 * 12, 16), nn.ReLU(), nn.Linear(16, 10))

    def forward(self, x):
        return self.stack(self.flatten(x))


device = "cuda" if torch.cuda.is_available() else "cpu"
model = Flat().to(device)
print(f"on {device}: {model}")
x = torch.rand(2, 12, 12, device=device)
chances = nn.Softmax(dim=1)(model(x))
print(f"classes: {chances.argmax(1)}")
show(chances, chances.sum(1))
for name, p in model.named_parameters():
    print(f"{name}: {p.size()}")

# --- variational_autoencoder
class Variational(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode = nn.Linear(6, 5)
        self.mean, self.log_variance = nn.Linear(5, 2), nn.Linear(5, 2)
        self.decode = nn.Sequential(nn.Linear(2, 5), nn.ReLU(), nn.Linear(5, 6), nn.Sigmoid())

    def forward(self, x):
        hidden = F.relu(self.encode(x.view(-1, 6)))
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        spread = torch.exp(log_variance / 2)
        return self.decode(mean + torch.randn_like(spread) * spread), mean, log_variance


torch.manual_seed(1)
model = Variational()
optimizer = optim.Adam(model.parameters(), lr=1e-2)
x = data(4, 6, low=0.0, high=1.0)
for _ in range(5):
    optimizer.zero_grad()
    made, mean, log_variance = model(x)
    loss = F.binary_cross_entropy(made, x, reduction="sum") + 0.5 * torch.sum(mean.pow(2) + log_variance.exp() - log_variance - 1)
    loss.backward()
    optimizer.step()
    show(loss.item())

# --- forger_and_detective
forger = nn.Sequential(nn.Linear(2, 6), nn.LeakyReLU(0.2), nn.Linear(6, 2))
detective = nn.Sequential(nn.Linear(2, 6), nn.LeakyReLU(0.2), nn.Linear(6, 1), nn.Sigmoid())
criterion = nn.BCELoss()
forger_steps = optim.Adam(forger.parameters(), lr=0.01, betas=(0.5, 0.999))
detective_steps = optim.Adam(detective.parameters(), lr=0.01, betas=(0.5, 0.999))
real = data(8, 2)
label = torch.full((8,), 1.0)
for _ in range(4):
    detective.zero_grad()
    on_real = criterion(detective(real).view(-1), label.fill_(1.0))
    on_real.backward()
    fake = forger(torch.randn(8, 2))
    on_fake = criterion(detective(fake.detach()).view(-1), label.fill_(0.0))
    on_fake.backward()
    detective_steps.step()
    forger.zero_grad()
    fooled = criterion(detective(fake).view(-1), torch.ones(8))
    fooled.backward()
    forger_steps.step()
    show((on_real + on_fake).item(), fooled.item())

# --- differential_equation rtol=1e-4
net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = optim.Adam(net.parameters(), lr=0.01)
t = torch.linspace(0, 1, 10).view(-1, 1).requires_grad_(True)
for _ in range(5):
    u = net(t)
    (slope,) = torch.autograd.grad(u, t, grad_outputs=torch.ones_like(u), create_graph=True)
    loss = ((slope + 2 * u) ** 2).mean() + (u[0] - 1).pow(2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    show(loss.item())

# --- nearest_centres
x = torch.cat([data(10, 2), data(10, 2, shift=13) + 5])
centres = x[[0, 10]].clone()
for _ in range(3):
    nearest = ((x[:, None] - centres[None]) ** 2).sum(-1).argmin(1)
    for k in range(2):
        centres[k] = x[nearest == k].mean(0)
show(centres, nearest)

# --- words_from_two_before
class TwoBefore(nn.Module):
    def __init__(self, words, width):
        super().__init__()
        self.vectors = nn.Embedding(words, width)
        self.hidden = nn.Linear(2 * width, 8)
        self.last = nn.Linear(8, words)

    def forward(self, pair):
        return F.log_softmax(self.last(F.relu(self.hidden(self.vectors(pair).view((1, -1))))), dim=1)


torch.manual_seed(1)
model = TwoBefore(6, 4)
optimizer = optim.SGD(model.parameters(), lr=0.1)
history = []
for epoch in range(3):
    total = 0
    for pair, word in (([0, 1], 2), ([1, 2], 3), ([2, 3], 5)):
        model.zero_grad()
        loss = nn.NLLLoss()(model(torch.tensor(pair, dtype=torch.long)), torch.tensor([word], dtype=torch.long))
        loss.backward()
        optimizer.step()
        total += loss.item()
    history.append(total)
show(history)

# --- new_head_on_a_frozen_base
base = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
for p in base.parameters():
    p.requires_grad = False
base[2] = nn.Linear(base[2].in_features, 3)
optimizer = optim.SGD(base[2].parameters(), lr=0.1, momentum=0.9)
before = [p.clone() for p in base.parameters()]
for _ in range(2):
    optimizer.zero_grad()
    F.cross_entropy(base(data(5, 3)), torch.tensor([0, 1, 2, 1, 0])).backward()
    optimizer.step()
show([torch.equal(a, b) for a, b in zip(before, base.parameters())], base[2].weight)

# --- teacher_and_student
teacher, student = nn.Linear(3, 4), nn.Linear(3, 4)
x = data(5, 3)
heat = 3.0
with torch.no_grad():
    wanted = F.softmax(teacher(x) / heat, dim=-1)
loss = F.kl_div(F.log_softmax(student(x) / heat, dim=-1), wanted, reduction="batchmean") * heat**2
loss.backward()
show(loss, student.weight.grad)

# --- mixed_examples
x = data(4, 3)
y = F.one_hot(torch.tensor([0, 1, 2, 1]), 3).float()
order = torch.randperm(4)
net = nn.Linear(3, 3)
loss = F.cross_entropy(net(0.3 * x + 0.7 * x[order]), 0.3 * y + 0.7 * y[order])
loss.backward()
show(loss, net.weight.grad)

# --- policy_step
policy = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 2), nn.Softmax(dim=-1))
optimizer = optim.Adam(policy.parameters(), lr=1e-2)
states = data(5, 4)
chances = policy(states)
actions = torch.multinomial(chances, 1)
gains = torch.tensor([1.0, 0.5, -1.0, 2.0, 0.0])
gains = (gains - gains.mean()) / (gains.std() + 1e-8)
loss = -(torch.log(chances.gather(1, actions)).squeeze(1) * gains).sum()
optimizer.zero_grad()
loss.backward()
optimizer.step()
show(actions, loss, policy(states))

# --- value_step_with_slow_copy
values, slow = nn.Linear(3, 2), nn.Linear(3, 2)
slow.load_state_dict(values.state_dict())
taken = torch.tensor([[0], [1], [1], [0]])
ended = torch.tensor([False, False, True, False])
with torch.no_grad():
    following = slow(data(4, 3, shift=5)).max(1)[0]
    following[ended] = 0.0
wanted = torch.tensor([1.0, 0.0, -1.0, 0.5]) + 0.9 * following
loss = F.smooth_l1_loss(values(data(4, 3)).gather(1, taken).squeeze(1), wanted)
loss.backward()
for p in values.parameters():
    p.grad.data.clamp_(-0.5, 0.5)
    p.data -= p.grad
for copy, original in zip(slow.parameters(), values.parameters()):
    copy.data.copy_(0.1 * original.data + 0.9 * copy.data)
show(loss, values.weight.grad, slow.weight)

# --- rows_normalised_by_a_plain_class
class Rows:
    def __init__(self, width, small=1e-5):
        self.small = small
        self.gain, self.shift = torch.ones(width), torch.zeros(width)

    def __call__(self, x):
        mean, variance = x.mean(1, keepdim=True), x.var(1, keepdim=True)
        return self.gain * (x - mean) / torch.sqrt(variance + self.small) + self.shift


torch.manual_seed(3)
x = Rows(10)(torch.randn(4, 10))
show(x.shape, x[:, 0].mean(), x[0, :].std(), x)

# --- statistics_by_hooks
class Watcher:
    def __init__(self, module):
        self.means, self.deviations = [], []
        self.handle = module.register_forward_hook(self.record)

    def record(self, module, inputs, output):
        self.means.append(output.data.mean().item())
        self.deviations.append(output.data.std().item())


model = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2))
watchers = [Watcher(module) for module in model.children()]
for i in range(2):
    model(data(4, 3, shift=i))
for watcher in watchers:
    watcher.handle.remove()
model(data(4, 3))
show([(watcher.means, watcher.deviations) for watcher in watchers])

# --- trainer_class
class Trainer:
    def __init__(self, model, criterion, rate=0.1):
        self.model, self.criterion = model, criterion
        self.optimizer = optim.SGD(model.parameters(), rate)

    def batch(self, x, y):
        scores = self.model(x)
        loss = self.criterion(scores, y)
        if self.model.training:
            loss.backward()
            self.optimizer.step()
            self.optimizer.zero_grad()
        return loss.item(), (scores.argmax(1) == y).float().mean().item()

    def fit(self, epochs, batches):
        for epoch in range(epochs):
            for training in (True, False):
                self.model.train(training)
                with torch.set_grad_enabled(training):
                    losses, rates = zip(*[self.batch(x, y) for x, y in batches])
                print(f"{epoch} {'train' if training else 'check'} {sum(losses) / len(losses):.3f} {sum(rates) / len(rates):.3f}")


torch.manual_seed(42)
model = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 3))
Trainer(model, F.cross_entropy).fit(2, [(data(6, 3), torch.arange(6) % 3), (data(6, 3, shift=18), torch.arange(6) % 3)])

# --- range_of_learning_rates
model = nn.Linear(2, 1)
optimizer = optim.SGD(model.parameters(), lr=1e-4)
scheduler = optim.lr_scheduler.ExponentialLR(optimizer, 2.0)
seen = []
best = float("inf")
for round in range(20):
    loss = F.mse_loss(model(data(8, 2)), data(8, 1, shift=3))
    if torch.isnan(loss) or loss > best * 3:
        break
    best = min(loss.item(), best)
    seen.append((optimizer.param_groups[0]["lr"], loss.item()))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
show(round, seen)

# --- stopping_early
model = nn.Linear(2, 1)
optimizer = optim.SGD(model.parameters(), lr=0.3)
best, waited, kept = float("inf"), 0, None
for epoch in range(30):
    optimizer.zero_grad()
    F.mse_loss(model(data(6, 2)), data(6, 1, shift=4)).backward()
    optimizer.step()
    with torch.no_grad():
        held_out = F.mse_loss(model(data(6, 2, shift=9)), data(6, 1, shift=13)).item()
    if held_out < best - 1e-4:
        best, waited = held_out, 0
        kept = {name: value.clone() for name, value in model.state_dict().items()}
    else:
        waited += 1
        if waited > 2:
            break
model.load_state_dict(kept)
show(epoch, best, model.weight)

# --- seeds_everywhere
import random

random.seed(3)
torch.manual_seed(3)
torch.cuda.manual_seed_all(3)
show(torch.rand(2), nn.Linear(2, 1).weight)

# --- devices_everywhere
device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
model = nn.Linear(2, 1).to(device)
x = torch.ones(1, 2).to(device, non_blocking=True)
show(model(x).device, str(device), next(model.parameters()).device, x.cpu().device, torch.cuda.device_count(), torch.backends.mps.is_available())

# --- confusion_matrix
guesses = torch.tensor([0, 1, 2, 2, 1, 0, 2])
labels = torch.tensor([0, 1, 1, 2, 1, 2, 2])
table = torch.zeros(3, 3, dtype=torch.int64)
for label, guess in zip(labels, guesses):
    table[label.long(), guess.long()] += 1
print(table)
print(table.diag() / table.sum(1))
show(torch.bincount(labels * 3 + guesses, minlength=9).view(3, 3).equal(table))

# --- mean_over_true_lengths
x = data(2, 4, 3, grad=True)
lengths = torch.tensor([4, 2])
inside = torch.arange(4)[None, :] < lengths[:, None]
grads((x * inside.unsqueeze(-1)).sum(1) / lengths.unsqueeze(1), x)

# --- attention_with_padding
q = data(2, 3, 4, grad=True)
real = torch.tensor([[True, True, False], [True, False, False]])
scores = torch.bmm(q, q.transpose(1, 2)) / math.sqrt(4)
grads(torch.bmm(F.softmax(scores.masked_fill(~real[:, None, :], -1e9), dim=-1), q), q)

# --- channels_standardised
image = data(3, 2, 2, low=0.0, high=1.0)
mean = torch.tensor([0.485, 0.456, 0.406])
std = torch.tensor([0.229, 0.224, 0.225])
out = (image - mean[:, None, None]) / std[:, None, None]
show(out, (out * std.view(3, 1, 1) + mean.view(3, 1, 1)).sub(image).abs().max() < 1e-6)

# --- overlap_of_boxes
first = torch.tensor([[0.0, 0.0, 2.0, 2.0], [1.0, 1.0, 3.0, 3.0]])
other = torch.tensor([[0.0, 0.0, 1.0, 1.0], [1.0, 0.0, 3.0, 2.0], [5.0, 5.0, 6.0, 6.0]])
corner = torch.maximum(first[:, None, :2], other[:, :2])
far = torch.minimum(first[:, None, 2:], other[:, 2:])
shared = (far - corner).clamp(min=0).prod(-1)
area_first = (first[:, 2:] - first[:, :2]).prod(1)
area_other = (other[:, 2:] - other[:, :2]).prod(1)
overlap = shared / (area_first[:, None] + area_other - shared)
best, which = overlap.max(dim=1)
show(overlap, best, which)

# --- what_the_input_did
net = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3))
x = data(1, 4, grad=True)
net(x)[0, 1].backward()
show(x.grad.abs(), (x.grad * x).detach())

# --- input_pushed_uphill
net = nn.Linear(4, 3)
x = data(1, 4, grad=True)
loss = F.cross_entropy(net(x), torch.tensor([1]))
loss.backward()
pushed = torch.clamp(x + 0.1 * x.grad.data.sign(), -2, 2)
show(pushed, F.cross_entropy(net(pushed), torch.tensor([1])) > loss)

# --- momentum_by_hand
w = torch.tensor([5.0, -3.0], requires_grad=True)
speed = torch.zeros_like(w)
for _ in range(5):
    (w[0] ** 2 * 0.1 + 2 * w[1] ** 2).backward()
    with torch.no_grad():
        speed = 0.5 * speed - 0.2 * w.grad
        w += speed
    w.grad.zero_()
show(w, speed)

# --- patches_of_an_image
image = data(2, 3, 4, 4, grad=True)
patches = image.unfold(2, 2, 2).unfold(3, 2, 2).permute(0, 2, 3, 1, 4, 5).reshape(2, 4, 12)
again = image.reshape(2, 3, 2, 2, 2, 2).permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)
show(torch.equal(patches, again))
grads(torch.cat([torch.zeros(2, 1, 12), patches], dim=1), image)

# --- diffusion_noise_schedule
betas = torch.linspace(1e-4, 0.02, 10)
kept = torch.cumprod(1.0 - betas, dim=0)
x = data(4, 2)
t = torch.randint(0, 10, (4,))
noise = torch.randn_like(x)
noisy = kept[t].sqrt()[:, None] * x + (1 - kept[t]).sqrt()[:, None] * noise
net = nn.Sequential(nn.Linear(3, 8), nn.SiLU(), nn.Linear(8, 2))
loss = F.mse_loss(net(torch.cat([noisy, t[:, None] / 10], dim=1)), noise)
loss.backward()
show(kept, t, noisy, loss, net[0].weight.grad)

# --- rotary_positions
x = data(1, 2, 3, 4, grad=True)
angles = torch.outer(torch.arange(3).float(), 1.0 / (100.0 ** (torch.arange(0, 4, 2).float() / 4)))
cos, sin = angles.cos().repeat(1, 2), angles.sin().repeat(1, 2)
left, right = x.chunk(2, dim=-1)
grads(x * cos + torch.cat((-right, left), dim=-1) * sin, x)

# --- contrastive_pairs
a = F.normalize(data(4, 3, grad=True), dim=-1)
b = F.normalize(data(4, 3, shift=9), dim=-1)
scores = a @ b.T / 0.1
labels = torch.arange(len(a))
show((F.cross_entropy(scores, labels) + F.cross_entropy(scores.T, labels)) / 2)

# --- low_rank_adaptation
class Adapted(nn.Module):
    def __init__(self, base, rank, alpha):
        super().__init__()
        self.base = base.requires_grad_(False)
        self.down = nn.Parameter(torch.randn(rank, base.in_features) * 0.02)
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))
        self.scale = alpha / rank

    def forward(self, x):
        return self.base(x) + (x @ self.down.T @ self.up.T) * self.scale


model = Adapted(nn.Linear(4, 3), rank=2, alpha=4)
optimizer = optim.AdamW((p for p in model.parameters() if p.requires_grad), lr=0.1)
for _ in range(3):
    optimizer.zero_grad()
    loss = F.mse_loss(model(data(5, 4)), data(5, 3, shift=7))
    loss.backward()
    optimizer.step()
    show(loss.item())
show(model.up, model.base.weight.grad)

# --- beam_of_two
scores = F.log_softmax(data(3, 5), dim=-1)
beams = [([], 0.0)]
for row in scores:
    following = []
    values, tokens = row.topk(2)
    for path, total in beams:
        for value, token in zip(values.tolist(), tokens.tolist()):
            following.append((path + [token], total + value))
    beams = sorted(following, key=lambda item: -item[1])[:2]
show(beams)

# --- scaled_dot_product_by_library
q, k, v = (data(1, 2, 4, 3, shift=s, grad=True) for s in (0, 5, 9))
grads(F.scaled_dot_product_attention(q, k, v, is_causal=True), q, k, v)
mask = torch.tensor([[True, False, True, True]])
grads(F.scaled_dot_product_attention(q, k, v, attn_mask=mask), q, k, v)

# --- numbers_in_and_out
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
for i, row in enumerate(x):
    for j, value in enumerate(row):
        print(i, j, value.item(), float(value), int(value), f"{value:.1f}")
print([round(v, 2) for v in (x / 3).flatten().tolist()], max(x.view(-1)).item(), x.tolist()[1][0])
