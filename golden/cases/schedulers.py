"""Learning rate schedulers: the sequence of rates."""


def rates(make, steps=12, lr=0.1, groups=1):
    """The learning rates before each of the steps."""
    ws = [torch.ones(1, requires_grad=True) for _ in range(groups)]
    optimizer = optim.SGD([{"params": [w], "lr": lr * (i + 1)} for i, w in enumerate(ws)], lr=lr)
    scheduler = make(optimizer)
    out = []
    for _ in range(steps):
        out.append([group["lr"] for group in optimizer.param_groups])
        optimizer.step()
        scheduler.step()
    show(out, scheduler.get_last_lr(), scheduler.last_epoch)
    return scheduler

# --- step_lr rtol=1e-7
rates(lambda o: optim.lr_scheduler.StepLR(o, step_size=3))
rates(lambda o: optim.lr_scheduler.StepLR(o, 4, gamma=0.5), groups=2)

# --- multi_step_lr rtol=1e-7
rates(lambda o: optim.lr_scheduler.MultiStepLR(o, milestones=[2, 5, 6], gamma=0.3))
rates(lambda o: optim.lr_scheduler.MultiStepLR(o, [3, 3, 9]))

# --- exponential_lr rtol=1e-7
rates(lambda o: optim.lr_scheduler.ExponentialLR(o, gamma=0.9))

# --- cosine_annealing_lr rtol=1e-6
rates(lambda o: optim.lr_scheduler.CosineAnnealingLR(o, T_max=10))
rates(lambda o: optim.lr_scheduler.CosineAnnealingLR(o, 4, eta_min=0.01), steps=20, groups=2)

# --- lambda_lr rtol=1e-7
rates(lambda o: optim.lr_scheduler.LambdaLR(o, lr_lambda=lambda epoch: 0.95**epoch))
rates(lambda o: optim.lr_scheduler.LambdaLR(o, lr_lambda=[lambda e: 1 / (e + 1), lambda e: 2.0]), groups=2)

# --- warm_up_idiom rtol=1e-6
def schedule(step):
    if step < 4:
        return (step + 1) / 4
    return 0.5 * (1 + math.cos(math.pi * (step - 4) / 8))


rates(lambda o: optim.lr_scheduler.LambdaLR(o, schedule))

# --- one_cycle_lr rtol=1e-6
rates(lambda o: optim.lr_scheduler.OneCycleLR(o, max_lr=1.0, total_steps=20), steps=19)
rates(lambda o: optim.lr_scheduler.OneCycleLR(o, max_lr=0.5, epochs=2, steps_per_epoch=5), steps=9)

# --- one_cycle_options rtol=1e-6
rates(lambda o: optim.lr_scheduler.OneCycleLR(o, max_lr=1.0, total_steps=12, pct_start=0.5, anneal_strategy="linear", div_factor=10, final_div_factor=100), steps=11)
rates(lambda o: optim.lr_scheduler.OneCycleLR(o, max_lr=[1.0, 0.1], total_steps=12, three_phase=True), steps=11, groups=2)

# --- one_cycle_momentum rtol=1e-6
w = torch.ones(1, requires_grad=True)
optimizer = optim.SGD([w], lr=0.1, momentum=0.9)
scheduler = optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=10)
out = []
for _ in range(9):
    out.append((optimizer.param_groups[0]["lr"], optimizer.param_groups[0]["momentum"]))
    optimizer.step()
    scheduler.step()
show(out)
adam = optim.Adam([w], lr=0.1)
scheduler = optim.lr_scheduler.OneCycleLR(adam, max_lr=1.0, total_steps=10, cycle_momentum=True)
adam.step()
scheduler.step()
show(adam.param_groups[0]["betas"], adam.param_groups[0]["lr"])

# --- one_cycle_too_many_steps
w = torch.ones(1, requires_grad=True)
optimizer = optim.SGD([w], lr=0.1)
scheduler = optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=3, cycle_momentum=False)
optimizer.step()
scheduler.step()
scheduler.step()
scheduler.step()
fails(lambda: scheduler.step())
fails(lambda: optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1.0))

# --- reduce_on_plateau rtol=1e-7
w = torch.ones(1, requires_grad=True)
optimizer = optim.SGD([w], lr=0.1)
scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=2)
out = []
for loss in (1.0, 0.9, 0.9, 0.9, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8):
    scheduler.step(loss)
    out.append(optimizer.param_groups[0]["lr"])
show(out, scheduler.num_bad_epochs, scheduler.best)

# --- reduce_on_plateau_options rtol=1e-7
w = torch.ones(1, requires_grad=True)
optimizer = optim.SGD([w], lr=1.0)
scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode="max", factor=0.1, patience=0, threshold=0.05, threshold_mode="abs", cooldown=1, min_lr=0.005)
out = []
for accuracy in (0.5, 0.6, 0.62, 0.61, 0.6, 0.7, 0.7, 0.7, 0.7, 0.7):
    scheduler.step(torch.tensor(accuracy))
    out.append(optimizer.param_groups[0]["lr"])
show(out, scheduler.get_last_lr())
fails(lambda: scheduler.step())
fails(lambda: optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=1.5))
fails(lambda: optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode="best"))

# --- state_dict rtol=1e-7
w = torch.ones(1, requires_grad=True)
optimizer = optim.SGD([w], lr=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, 2, gamma=0.5)
for _ in range(3):
    optimizer.step()
    scheduler.step()
state = scheduler.state_dict()
show(state["last_epoch"], state["gamma"], state["step_size"], "optimizer" in state)
other = optim.lr_scheduler.StepLR(optimizer, 5)
other.load_state_dict(state)
show(other.last_epoch, other.step_size)

# --- constant_linear_polynomial rtol=1e-6
rates(lambda o: optim.lr_scheduler.ConstantLR(o, factor=0.5, total_iters=3), steps=6)
rates(lambda o: optim.lr_scheduler.LinearLR(o, start_factor=0.25, total_iters=4), steps=7)
rates(lambda o: optim.lr_scheduler.PolynomialLR(o, total_iters=5, power=2.0), steps=7)

# --- warm_restarts rtol=1e-6
rates(lambda o: optim.lr_scheduler.CosineAnnealingWarmRestarts(o, T_0=3, T_mult=2), steps=12)

# --- sequential_and_chained rtol=1e-6
def make(o):
    warm = optim.lr_scheduler.LinearLR(o, start_factor=0.1, total_iters=3)
    decay = optim.lr_scheduler.ExponentialLR(o, gamma=0.9)
    return optim.lr_scheduler.SequentialLR(o, schedulers=[warm, decay], milestones=[3])


rates(make, steps=8)

# --- cyclic rtol=1e-6
rates(lambda o: optim.lr_scheduler.CyclicLR(o, base_lr=0.01, max_lr=0.1, step_size_up=4, cycle_momentum=False), steps=12)

# --- multiplicative rtol=1e-6
rates(lambda o: optim.lr_scheduler.MultiplicativeLR(o, lr_lambda=lambda e: 0.5 if e % 2 else 1.0), steps=6)

# --- initial_lr_is_kept
w = torch.ones(1, requires_grad=True)
optimizer = optim.SGD([w], lr=0.3)
scheduler = optim.lr_scheduler.StepLR(optimizer, 1)
show(optimizer.param_groups[0]["initial_lr"], scheduler.base_lrs, scheduler.get_last_lr())

# --- with_training
w = torch.tensor([1.0, -1.0], requires_grad=True)
optimizer = optim.Adam([w], lr=0.2)
scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=5)
for _ in range(5):
    optimizer.zero_grad()
    (w**2).sum().backward()
    optimizer.step()
    scheduler.step()
    show(w.detach().clone(), scheduler.get_last_lr()[0])

# --- errors
w = torch.ones(1, requires_grad=True)
optimizer = optim.SGD([w], lr=0.1)
fails(lambda: optim.lr_scheduler.StepLR("nothing", 1))
fails(lambda: optim.lr_scheduler.LambdaLR(optimizer, [lambda e: 1, lambda e: 1]))
fails(lambda: optim.lr_scheduler.StepLR(optimizer))
