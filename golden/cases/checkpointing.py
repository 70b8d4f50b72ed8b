"""torch.utils.checkpoint: the same values and gradients as without it, and what it refuses."""

from torch.utils.checkpoint import checkpoint, checkpoint_sequential


def block():
    """A small part of a model."""
    torch.manual_seed(4)
    return nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 3))

# --- reentrant
model = block()
x = data(4, 3, grad=True)
output = checkpoint(model, x, use_reentrant=True)
show(output, output.requires_grad)
weigh(output).backward()
show(x.grad, [p.grad for p in model.parameters()])

# --- not_reentrant
model = block()
x = data(4, 3, grad=True)
output = checkpoint(model, x, use_reentrant=False)
show(output, output.requires_grad)
weigh(output).backward()
show(x.grad, [p.grad for p in model.parameters()])

# --- input_without_gradient
model = block()
output = checkpoint(model, data(4, 3), use_reentrant=False)
weigh(output).backward()
show(output, [p.grad for p in model.parameters()])
show(checkpoint(model, data(4, 3), use_reentrant=True).requires_grad)

# --- same_as_without
model = block()
x = data(4, 3, grad=True)
results = []
for run in (model, lambda x: checkpoint(model, x, use_reentrant=True), lambda x: checkpoint(model, x, use_reentrant=False)):
    model.zero_grad()
    x.grad = None
    (run(x) ** 2).mean().backward()
    results.append([x.grad.clone()] + [p.grad.clone() for p in model.parameters()])
show([[torch.equal(a, b) for a, b in zip(results[0], result)] for result in results[1:]], results[0])

# --- chained
first, second_ = block(), block()
x = data(2, 3, grad=True)
output = checkpoint(second_, checkpoint(first, x, use_reentrant=False), use_reentrant=False)
weigh(output).backward()
show(output, x.grad, [p.grad for p in first.parameters()])

# --- nested
model = block()
x = data(2, 3, grad=True)
output = checkpoint(lambda x: checkpoint(model, x * 2, use_reentrant=False) + 1, x, use_reentrant=False)
weigh(output).backward()
show(output, x.grad, [p.grad for p in model.parameters()])

# --- shared_layer
model = block()
x = data(2, 3, grad=True)
for reentrant in (True, False):
    model.zero_grad()
    h = checkpoint(model, x, use_reentrant=reentrant)
    weigh(checkpoint(model, h, use_reentrant=reentrant) + model(x)).backward()
    show(x.grad, [p.grad for p in model.parameters()])

# --- several_inputs_and_outputs
def both(a, b, factor):
    return a * b * factor, (a + b).relu()


a, b = data(3, grad=True), data(3, grad=True, shift=5)
for reentrant in (True, False):
    product, total = checkpoint(both, a, b, 3.0, use_reentrant=reentrant)
    show(product, total)
    (weigh(product) + weigh(total)).backward()
    show(a.grad, b.grad)

# --- unused_output
a = data(3, grad=True)
first, second_ = checkpoint(lambda a: (a * 2, a.exp()), a, use_reentrant=False)
weigh(first).backward()
show(a.grad)

# --- keywords_and_structures
def combine(values, scale=None, offset=1.0):
    return {"sum": (values["a"] + values["b"][0]) * scale + offset, "count": 2}


a, b, scale = data(3, grad=True), data(3, grad=True, shift=5), data(3, grad=True, shift=8)
result = checkpoint(combine, {"a": a, "b": [b]}, use_reentrant=False, scale=scale, offset=0.5)
show(result["sum"], result["count"])
weigh(result["sum"]).backward()
show(a.grad, b.grad, scale.grad)

# --- captured_tensor
a, b = data(3, grad=True), data(3, grad=True, shift=5)
c = b.exp()
output = checkpoint(lambda a: a * c, a, use_reentrant=False)
(weigh(output) + weigh(c)).backward()
show(a.grad, b.grad)

# --- integers_pass_through
indices = torch.tensor([2, 0, 1])
table = nn.Embedding(3, 2)
output = checkpoint(table, indices, use_reentrant=False)
weigh(output).backward()
show(output, table.weight.grad)

# --- dropout_draws_the_same
model = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.Linear(8, 2))
x = data(4, 3, grad=True)
for reentrant in (True, False):
    torch.manual_seed(7)
    output = checkpoint(model, x, use_reentrant=reentrant)
    weigh(output).backward()
    show(output, x.grad, torch.rand(2))

# --- random_state_not_preserved
model = nn.Dropout(0.5)
x = data(6, grad=True)
torch.manual_seed(7)
output = checkpoint(model, x, use_reentrant=False, preserve_rng_state=False)
show(output)
output.sum().backward()
show(x.grad, torch.rand(2))

# --- without_recording
model = block()
with torch.no_grad():
    output = checkpoint(model, data(2, 3), use_reentrant=False)
show(output, output.requires_grad)

# --- runs_twice
calls = []


def counted(x):
    calls.append(torch.is_grad_enabled())
    return x.sin()


x = data(3, grad=True)
checkpoint(counted, x, use_reentrant=True).sum().backward()
show(calls, x.grad)
del calls[:]
checkpoint(counted, x, use_reentrant=False).sum().backward()
show(len(calls))

# --- batch_norm_counts_twice
norm = nn.BatchNorm1d(3)
x = data(4, 3, grad=True)
weigh(checkpoint(norm, x, use_reentrant=False)).backward()
show(norm.num_batches_tracked, norm.running_mean, x.grad)

# --- sequential
torch.manual_seed(2)
model = nn.Sequential(*[nn.Sequential(nn.Linear(4, 4), nn.Tanh()) for _ in range(5)])
x = data(2, 4, grad=True)
for reentrant in (True, False):
    for segments in (1, 2, 3):
        model.zero_grad()
        x.grad = None
        output = checkpoint_sequential(model, segments, x, use_reentrant=reentrant)
        weigh(output).backward()
        show(output, x.grad)
show([p.grad for p in model.parameters()])
show(checkpoint_sequential([torch.sin, torch.exp], 2, data(3), use_reentrant=False))

# --- context_fn
import contextlib

entered = []


@contextlib.contextmanager
def mark(name):
    entered.append(name)
    yield


x = data(3, grad=True)
checkpoint(torch.exp, x, use_reentrant=False, context_fn=lambda: (mark("forward"), mark("again"))).sum().backward()
show(entered, x.grad)

# --- errors
x = data(3, grad=True)
fails(lambda: checkpoint(torch.exp, x, use_reentrant=True, scale=2))
fails(lambda: checkpoint_sequential(block(), 2, data(2, 3), use_reentrant=True, scale=2))
fails(lambda: torch.autograd.grad(checkpoint(torch.exp, x, use_reentrant=True).sum(), x))
fails(lambda: checkpoint(torch.exp, x, use_reentrant=True, context_fn=lambda: None))
fails(lambda: checkpoint(lambda x: x.detach(), x, use_reentrant=True).sum().backward())

# --- training rtol=1e-4
torch.manual_seed(8)
layers = nn.ModuleList([nn.TransformerEncoderLayer(8, 2, 16, 0.1, batch_first=True) for _ in range(2)])
head = nn.Linear(8, 3)
parameters = list(layers.parameters()) + list(head.parameters())
optimizer = optim.AdamW(parameters, lr=0.01)
x, y = torch.randn(6, 4, 8), torch.randint(0, 3, (6,))
for step in range(6):
    h = x
    for layer in layers:
        h = checkpoint(layer, h, use_reentrant=False)
    loss = F.cross_entropy(head(h.mean(1)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    show(loss.item())
