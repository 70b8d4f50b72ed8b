"""Optimisers and schedules: groups, state, hooks, errors, and a subclass of one's own."""

import torch
from torch import nn, optim
from torch.optim import lr_scheduler


def raised(function):
    try:
        function()
    except Exception as error:
        return type(error).__name__, str(error)
    return None


def parameter(value=1.0):
    p = nn.Parameter(torch.tensor([value, -value]))
    p.grad = torch.tensor([0.5, 0.25])
    return p


def test_steps():
    p = parameter()
    optim.SGD([p], lr=0.1).step()
    assert torch.allclose(p, torch.tensor([0.95, -1.025]))
    p = parameter()
    optimizer = optim.SGD([p], lr=0.1, momentum=0.9)
    optimizer.step()
    optimizer.step()
    assert torch.allclose(p, torch.tensor([1 - 0.05 - 0.095, -1 - 0.025 - 0.0475]))
    for kind in (optim.Adam, optim.AdamW, optim.RMSprop, optim.Adagrad, optim.Adamax, optim.NAdam, optim.RAdam):
        p = parameter()
        kind([p]).step()
        assert p[0] < 1 and p.grad is not None


def test_groups_and_state():
    p, q = parameter(), parameter()
    optimizer = optim.Adam([{"params": [p]}, {"params": [q], "lr": 0.5}], lr=0.1)
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 0.5]
    optimizer.step()
    state = optimizer.state_dict()
    assert list(state["state"]) == [0, 1] and state["param_groups"][1]["params"] == [1]
    assert list(state["state"][0]) == ["step", "exp_avg", "exp_avg_sq"]
    other = optim.Adam([{"params": [parameter()]}, {"params": [parameter()]}])
    other.load_state_dict(state)
    assert other.param_groups[1]["lr"] == 0.5
    optimizer.zero_grad()
    assert p.grad is None
    optimizer.step()
    optimizer.add_param_group({"params": parameter(), "lr": 1.0})
    assert len(optimizer.param_groups) == 3


def test_closure_and_hooks():
    p = parameter()
    optimizer = optim.SGD([p], lr=0.1)
    seen = []
    optimizer.register_step_pre_hook(lambda *args: seen.append("before"))
    handle = optimizer.register_step_post_hook(lambda *args: seen.append("after"))

    def closure():
        optimizer.zero_grad()
        loss = (p**2).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 2.0
    handle.remove()
    optimizer.step()
    assert seen == ["before", "after", "before"]


def test_own_optimizer():
    class Plain(optim.Optimizer):
        def __init__(self, params, lr=0.1):
            super().__init__(params, {"lr": lr})

        @torch.no_grad()
        def step(self, closure=None):
            for group in self.param_groups:
                for p in group["params"]:
                    p.add_(p.grad, alpha=-group["lr"])

    p = parameter()
    optimizer = Plain([p])
    scheduler = lr_scheduler.StepLR(optimizer, 1, gamma=0.5)
    optimizer.step()
    scheduler.step()
    assert torch.allclose(p, torch.tensor([0.95, -1.025])) and scheduler.get_last_lr() == [0.05]


def test_errors():
    p = parameter()
    assert raised(lambda: optim.SGD([], lr=0.1)) == ("ValueError", "optimizer got an empty parameter list")
    assert raised(lambda: optim.SGD([p], lr=-1)) == ("ValueError", "Invalid learning rate: -1")
    assert raised(lambda: optim.SGD(p, lr=0.1))[0] == "TypeError"
    assert raised(lambda: optim.SGD([p * 2], lr=0.1)) == ("ValueError", "can't optimize a non-leaf Tensor")
    assert raised(lambda: optim.SGD([{"params": [p]}, {"params": [p]}], lr=0.1)) == (
        "ValueError", "some parameters appear in more than one parameter group",
    )
    assert raised(lambda: optim.SGD([p], lr=0.1, nesterov=True))[0] == "ValueError"
    assert raised(lambda: lr_scheduler.StepLR(3, 1)) == ("TypeError", "int is not an Optimizer")


def rates(make, steps=8):
    optimizer = optim.SGD([parameter()], lr=1.0, momentum=0.9)
    scheduler = make(optimizer)
    values = [scheduler.get_last_lr()[0]]
    for _ in range(steps):
        optimizer.step()
        scheduler.step()
        values.append(scheduler.get_last_lr()[0])
    return [round(value, 4) for value in values]


def test_schedules():
    assert rates(lambda o: lr_scheduler.StepLR(o, 3)) == [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01]
    assert rates(lambda o: lr_scheduler.MultiStepLR(o, [2, 4], 0.5)) == [1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25]
    assert rates(lambda o: lr_scheduler.ExponentialLR(o, 0.5), 3) == [1, 0.5, 0.25, 0.125]
    assert rates(lambda o: lr_scheduler.CosineAnnealingLR(o, 4), 4) == [1.0, 0.8536, 0.5, 0.1464, 0.0]
    assert rates(lambda o: lr_scheduler.LambdaLR(o, lambda epoch: 1 / (1 + epoch)), 3) == [1, 0.5, 0.3333, 0.25]
    assert rates(lambda o: lr_scheduler.LinearLR(o, 0.5, 1.0, 4), 5) == [0.5, 0.625, 0.75, 0.875, 1.0, 1.0]
    one_cycle = rates(lambda o: lr_scheduler.OneCycleLR(o, 2.0, total_steps=10), 9)
    assert one_cycle[0] == 0.08 and max(one_cycle) == 2.0 and one_cycle[-1] == 0.0
    warm = lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.ConstantLR(o, 0.1, 2), lr_scheduler.ExponentialLR(o, 0.9)], [2]
    )
    assert rates(warm, 4) == [0.1, 0.1, 1.0, 0.9, 0.81]
    optimizer = optim.SGD([parameter()], lr=1.0)
    plateau = lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)
    for loss in (3.0, 2.0, 2.0, 2.0, 2.0):
        plateau.step(loss)
    assert optimizer.param_groups[0]["lr"] == 0.1


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
print("ok")
