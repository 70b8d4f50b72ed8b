"""Hooks of modules: forward, forward-pre, full backward, and those of the state dict."""

import torch
from torch import nn


def test_forward_hooks():
    layer = nn.Identity()
    seen = []
    handle = layer.register_forward_hook(lambda module, args, output: seen.append((args, output)))
    layer(3)
    handle.remove()
    handle.remove()
    layer(4)
    assert seen == [((3,), 3)]
    layer.register_forward_pre_hook(lambda module, args: args[0] * 2)
    layer.register_forward_hook(lambda module, args, output: output + 1)
    layer.register_forward_hook(lambda module, args, output: output * 10, prepend=True)
    assert layer(3) == 61


def test_keyword_hooks():
    class Scale(nn.Module):
        def forward(self, x, factor=1):
            return x * factor

    layer = Scale()
    seen = []
    layer.register_forward_pre_hook(lambda m, args, kwargs: (args, {"factor": kwargs["factor"] + 1}), with_kwargs=True)
    layer.register_forward_hook(lambda m, args, kwargs, out: seen.append((args, kwargs, out)), with_kwargs=True)
    assert layer(5, factor=3) == 20
    assert seen == [((5,), {"factor": 4}, 20)]


def test_hooks_that_always_run():
    class Broken(nn.Module):
        def forward(self, x):
            raise ValueError("broken")

    layer = Broken()
    seen = []
    layer.register_forward_hook(lambda m, args, out: seen.append("always"), always_call=True)
    layer.register_forward_hook(lambda m, args, out: seen.append("usual"))
    try:
        layer(1)
    except ValueError:
        seen.append("raised")
    assert seen == ["always", "raised"]


def test_backward_hooks():
    layer = nn.Linear(2, 1, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[2.0, 3.0]]))
    seen = []
    layer.register_full_backward_hook(lambda m, grad_input, grad_output: seen.append((grad_input, grad_output)))
    x = torch.ones(1, 2, requires_grad=True)
    layer(x).sum().backward()
    (grad_input,), (grad_output,) = seen[0]
    assert torch.equal(grad_input, torch.tensor([[2.0, 3.0]])) and torch.equal(grad_output, torch.ones(1, 1))
    assert torch.equal(x.grad, torch.tensor([[2.0, 3.0]]))
    layer(torch.ones(1, 2)).sum().backward()
    assert seen[1][0] == (None,)


def test_backward_hooks_that_change():
    layer = nn.Identity()
    layer.register_full_backward_pre_hook(lambda m, grad_output: (grad_output[0] * 2,))
    layer.register_full_backward_hook(lambda m, grad_input, grad_output: (grad_input[0] * 5,))
    x = torch.ones(2, requires_grad=True)
    layer(x).sum().backward()
    assert torch.equal(x.grad, torch.full((2,), 10.0))


def test_state_dict_hooks():
    layer = nn.Linear(1, 1)
    seen = []
    layer.register_state_dict_pre_hook(lambda m, prefix, keep_vars: seen.append(prefix))

    def drop_bias(module, state, prefix, metadata):
        del state[prefix + "bias"]

    layer.register_state_dict_post_hook(drop_bias)
    layer.register_load_state_dict_post_hook(lambda m, keys: keys.missing_keys.clear())
    outer = nn.Sequential(layer)
    assert list(outer.state_dict()) == ["0.weight"] and seen == ["0."]
    outer.load_state_dict(outer.state_dict())


def test_tensor_hooks():
    x = torch.ones(2, requires_grad=True)
    y = x * 3
    y.register_hook(lambda grad: grad * 2)
    y.retain_grad()
    y.sum().backward()
    assert torch.equal(x.grad, torch.full((2,), 6.0)) and torch.equal(y.grad, torch.full((2,), 2.0))


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
print("ok")
