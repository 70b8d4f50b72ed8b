"""`torch.autograd`: gradients, functions of one's own, the switches, and derivatives of functions."""

import torch
from torch.autograd import Function, functional, gradcheck


class Scale(Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.save_for_backward(x)
        ctx.factor = factor
        return x * factor

    @staticmethod
    def backward(ctx, grad):
        assert ctx.needs_input_grad == (True, False)
        (x,) = ctx.saved_tensors
        assert x.shape == grad.shape
        return grad * ctx.factor, None


class Exp(Function):
    @staticmethod
    def forward(x):
        return x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.saved_tensors[0]


def test_functions():
    x = torch.ones(2, requires_grad=True)
    Scale.apply(x, 3).sum().backward()
    assert torch.equal(x.grad, torch.full((2,), 3.0))
    y = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    assert gradcheck(Exp.apply, (y,))
    (first,) = torch.autograd.grad(Exp.apply(y).sum(), y, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), y)
    assert torch.equal(second, torch.ones(2, dtype=torch.float64))


def test_grad():
    x = torch.tensor(3.0, requires_grad=True)
    (first,) = torch.autograd.grad(x**3, x, create_graph=True)
    (second,) = torch.autograd.grad(first, x)
    assert (first.item(), second.item()) == (27.0, 18.0)
    unused = torch.tensor(1.0, requires_grad=True)
    assert torch.autograd.grad(x * 2, unused, allow_unused=True) == (None,)
    try:
        torch.autograd.grad(x * 2, unused)
    except RuntimeError as error:
        assert "allow_unused" in str(error)
    torch.autograd.backward([x * 2, x * 3], [torch.tensor(1.0), torch.tensor(10.0)])
    assert x.grad.item() == 32.0


def test_switches():
    x = torch.ones(1, requires_grad=True)

    @torch.no_grad()
    def silent(value):
        "A doc string."
        return value * 2

    @torch.no_grad()
    def generate():
        for i in range(2):
            yield i, torch.is_grad_enabled()

    assert not silent(x).requires_grad and silent.__name__ == "silent" and silent.__doc__ == "A doc string."
    for i, enabled in generate():
        assert not enabled and torch.is_grad_enabled()
    with torch.no_grad():
        with torch.enable_grad():
            assert (x * 2).requires_grad
        assert not (x * 2).requires_grad
    torch.set_grad_enabled(False)
    assert not torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    with torch.inference_mode():
        assert torch.is_inference_mode_enabled() and not (x * 2).requires_grad
    assert torch.is_grad_enabled()
    try:
        with torch.no_grad():
            raise KeyError
    except KeyError:
        assert torch.is_grad_enabled()


def test_functional():
    x = torch.tensor([1.0, 2.0])
    assert torch.equal(functional.jacobian(lambda v: v**2, x), torch.diag(torch.tensor([2.0, 4.0])))
    assert torch.equal(functional.hessian(lambda v: (v**3).sum(), x), torch.diag(torch.tensor([6.0, 12.0])))
    value, product = functional.vjp(lambda v: v**2, x, torch.ones(2))
    assert torch.equal(product, torch.tensor([2.0, 4.0]))
    value, product = functional.jvp(lambda v: v**2, x, torch.tensor([1.0, 10.0]))
    assert torch.equal(product, torch.tensor([2.0, 40.0]))


test_functions()
test_grad()
test_switches()
test_functional()
print("ok")
