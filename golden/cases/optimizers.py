"""Optimisers: the way of the parameters over several steps, with every option."""


def path(make, steps=5):
    """The parameters after each step on a small bowl with a slant."""
    a = torch.tensor([1.0, -2.0], requires_grad=True)
    b = torch.tensor([[0.5], [3.0]], requires_grad=True)
    optimizer = make([a, b])
    for step in range(steps):
        optimizer.zero_grad()
        loss = (a**2).sum() + 0.5 * ((b - 1) ** 4).sum() + (a.unsqueeze(1) * b).sum()
        loss.backward()
        optimizer.step()
        show(a.detach().clone(), b.detach().clone())
    show(loss)
    return optimizer

# --- sgd
path(lambda p: optim.SGD(p, lr=0.01))

# --- sgd_momentum
path(lambda p: optim.SGD(p, lr=0.01, momentum=0.9))

# --- sgd_nesterov
path(lambda p: optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True))

# --- sgd_dampening
path(lambda p: optim.SGD(p, lr=0.01, momentum=0.8, dampening=0.3))

# --- sgd_weight_decay
path(lambda p: optim.SGD(p, lr=0.01, weight_decay=0.1))
path(lambda p: optim.SGD(p, lr=0.01, momentum=0.9, weight_decay=0.1, nesterov=True))

# --- sgd_maximize
path(lambda p: optim.SGD(p, lr=0.001, maximize=True))

# --- sgd_default_lr
path(lambda p: optim.SGD(p), steps=2)

# --- adam
path(lambda p: optim.Adam(p))
path(lambda p: optim.Adam(p, lr=0.1))

# --- adam_options
path(lambda p: optim.Adam(p, lr=0.1, betas=(0.5, 0.9), eps=1e-3))

# --- adam_weight_decay
path(lambda p: optim.Adam(p, lr=0.1, weight_decay=0.1))

# --- adam_amsgrad
path(lambda p: optim.Adam(p, lr=0.3, amsgrad=True), steps=8)

# --- adam_maximize
path(lambda p: optim.Adam(p, lr=0.01, maximize=True))

# --- adamw
path(lambda p: optim.AdamW(p))
path(lambda p: optim.AdamW(p, lr=0.1, weight_decay=0.5))
path(lambda p: optim.AdamW(p, lr=3e-2, betas=(0.9, 0.95)))

# --- adamw_amsgrad
path(lambda p: optim.AdamW(p, lr=0.3, amsgrad=True), steps=8)

# --- rmsprop
path(lambda p: optim.RMSprop(p, lr=0.01))
path(lambda p: optim.RMSprop(p))

# --- rmsprop_options
path(lambda p: optim.RMSprop(p, lr=0.01, alpha=0.5, eps=1e-3))
path(lambda p: optim.RMSprop(p, lr=0.01, momentum=0.9))
path(lambda p: optim.RMSprop(p, lr=0.01, centered=True))
path(lambda p: optim.RMSprop(p, lr=0.01, weight_decay=0.1, momentum=0.5, centered=True))

# --- adagrad
path(lambda p: optim.Adagrad(p, lr=0.1))
path(lambda p: optim.Adagrad(p))

# --- adagrad_options
path(lambda p: optim.Adagrad(p, lr=0.1, lr_decay=0.1, weight_decay=0.05, initial_accumulator_value=0.5, eps=1e-3))

# --- parameter_groups
a = torch.tensor([1.0], requires_grad=True)
b = torch.tensor([1.0], requires_grad=True)
optimizer = optim.SGD([{"params": [a]}, {"params": b, "lr": 0.5, "momentum": 0.9}], lr=0.1)
for _ in range(3):
    optimizer.zero_grad()
    (a**2 + b**2).sum().backward()
    optimizer.step()
    show(a, b)
show([g["lr"] for g in optimizer.param_groups], [g["momentum"] for g in optimizer.param_groups], sorted(optimizer.param_groups[0].keys()))

# --- weight_decay_groups_idiom
net = nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Linear(3, 1))
decay = [p for p in net.parameters() if p.dim() >= 2]
rest = [p for p in net.parameters() if p.dim() < 2]
optimizer = optim.AdamW([{"params": decay, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}], lr=0.01)
for _ in range(3):
    optimizer.zero_grad()
    net(data(4, 2)).pow(2).mean().backward()
    optimizer.step()
show(*net.parameters())

# --- add_param_group
a = torch.tensor([1.0], requires_grad=True)
b = torch.tensor([2.0], requires_grad=True)
optimizer = optim.SGD([a], lr=0.1)
optimizer.add_param_group({"params": [b], "lr": 0.01})
(a + b).sum().backward()
optimizer.step()
show(a, b, len(optimizer.param_groups))

# --- learning_rate_changed_by_hand
a = torch.tensor([1.0], requires_grad=True)
optimizer = optim.SGD([a], lr=0.1)
for epoch in range(3):
    for group in optimizer.param_groups:
        group["lr"] = 0.1 * 0.5**epoch
    optimizer.zero_grad()
    (a * 2).sum().backward()
    optimizer.step()
    show(a, optimizer.param_groups[0]["lr"])

# --- zero_grad_forms
a = torch.ones(2, requires_grad=True)
optimizer = optim.SGD([a], lr=0.1)
(a * 2).sum().backward()
optimizer.zero_grad()
show(a.grad)
(a * 2).sum().backward()
optimizer.zero_grad(set_to_none=False)
show(a.grad)

# --- missing_gradient_is_skipped
a = torch.ones(1, requires_grad=True)
b = torch.ones(1, requires_grad=True)
optimizer = optim.Adam([a, b], lr=0.1, weight_decay=0.5)
(a * 2).sum().backward()
optimizer.step()
show(a, b, len(optimizer.state))

# --- closure
a = torch.tensor([2.0], requires_grad=True)
optimizer = optim.SGD([a], lr=0.1)


def closure():
    optimizer.zero_grad()
    loss = (a**2).sum()
    loss.backward()
    return loss


show(optimizer.step(closure), a)

# --- state_dict
a = torch.tensor([1.0, 2.0], requires_grad=True)
optimizer = optim.SGD([a], lr=0.1, momentum=0.9)
(a**2).sum().backward()
optimizer.step()
state = optimizer.state_dict()
show(sorted(state), state["state"][0]["momentum_buffer"], state["param_groups"][0]["lr"], state["param_groups"][0]["params"])

# --- state_dict_adam
a = torch.tensor([1.0, 2.0], requires_grad=True)
optimizer = optim.Adam([a], lr=0.1)
for _ in range(2):
    optimizer.zero_grad()
    (a**2).sum().backward()
    optimizer.step()
state = optimizer.state_dict()["state"][0]
show(sorted(state), state["exp_avg"], state["exp_avg_sq"], float(state["step"]))

# --- load_state_dict_continues
def run(optimizer, p, steps):
    for _ in range(steps):
        optimizer.zero_grad()
        (p**4).sum().backward()
        optimizer.step()


a = torch.tensor([1.0, 2.0], requires_grad=True)
first = optim.Adam([a], lr=0.1)
run(first, a, 3)
b = a.detach().clone().requires_grad_()
second_one = optim.Adam([b], lr=0.5)
second_one.load_state_dict(first.state_dict())
run(first, a, 2)
run(second_one, b, 2)
show(a, torch.equal(a, b), second_one.param_groups[0]["lr"])

# --- errors
w = torch.ones(1, requires_grad=True)
fails(lambda: optim.SGD([w], lr=-1.0))
fails(lambda: optim.SGD([], lr=0.1))
fails(lambda: optim.SGD([w], lr=0.1, momentum=-0.5))
fails(lambda: optim.SGD([w], lr=0.1, nesterov=True))
fails(lambda: optim.SGD(w, lr=0.1))
fails(lambda: optim.SGD([1.0], lr=0.1))
fails(lambda: optim.SGD([w * 2], lr=0.1))
fails(lambda: optim.Adam([w], betas=(1.0, 0.9)))
fails(lambda: optim.Adam([w], eps=-1.0))
fails(lambda: optim.AdamW([w], weight_decay=-1.0))
fails(lambda: optim.RMSprop([w], alpha=-1.0))
fails(lambda: optim.SGD([w], lr=0.1, rate=3))
fails(lambda: optim.SGD([w, w], lr=0.1))
fails(lambda: optim.SGD([{"params": [w]}, {"params": [w]}], lr=0.1))

# --- named_parameters_generator
net = nn.Linear(2, 1)
optimizer = optim.SGD(net.named_parameters(), lr=0.1)
net(data(3, 2)).sum().backward()
optimizer.step()
show(*net.parameters())

# --- frozen_parameters
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
for p in net[0].parameters():
    p.requires_grad = False
before = net[0].weight.clone()
optimizer = optim.SGD(filter(lambda p: p.requires_grad, net.parameters()), lr=0.1)
net(data(3, 2)).sum().backward()
optimizer.step()
show(torch.equal(before, net[0].weight), net[1].weight)

# --- accumulation_idiom
net = nn.Linear(2, 1)
optimizer = optim.SGD(net.parameters(), lr=0.1)
x = data(8, 2)
y = data(8, 1, shift=5)
optimizer.zero_grad()
for i in range(4):
    loss = F.mse_loss(net(x[2 * i : 2 * i + 2]), y[2 * i : 2 * i + 2]) / 4
    loss.backward()
optimizer.step()
show(*net.parameters())

# --- double_parameters
a = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
for make in (lambda: optim.SGD([a], lr=0.1, momentum=0.9), lambda: optim.Adam([a], lr=0.1), lambda: optim.RMSprop([a], lr=0.1)):
    optimizer = make()
    for _ in range(3):
        optimizer.zero_grad()
        (a**4).sum().backward()
        optimizer.step()
    show(a)

# --- adadelta_adamax_nadam
path(lambda p: optim.Adadelta(p, lr=0.5), steps=3)
path(lambda p: optim.Adamax(p, lr=0.05), steps=3)
path(lambda p: optim.NAdam(p, lr=0.05), steps=3)
path(lambda p: optim.RAdam(p, lr=0.05), steps=7)

# --- averaged_weights_by_hand
net = nn.Linear(2, 1)
ema = {k: v.clone() for k, v in net.state_dict().items()}
optimizer = optim.SGD(net.parameters(), lr=0.1)
for _ in range(3):
    optimizer.zero_grad()
    net(data(3, 2)).pow(2).sum().backward()
    optimizer.step()
    for k, v in net.state_dict().items():
        ema[k].mul_(0.9).add_(v, alpha=0.1)
show(ema)
