"""`Adadelta`: steps whose size follows from the sizes of earlier steps."""

from .._C import tensor, zeros_like
from ..autograd.grad_mode import no_grad
from .optimizer import Optimizer, check_options, check_range, each_gradient


class Adadelta(Optimizer):
    """Adadelta (Zeiler, 2012): p ← p − lr·d, with d = g · √(u + eps) / √(v + eps).

    v and u are running means of g² and d²: v ← ρ·v + (1 − ρ)·g² and u ← ρ·u + (1 − ρ)·d².
    """

    def __init__(
        self, params, lr=1.0, rho=0.9, eps=1e-6, weight_decay=0, foreach=None, *,
        capturable=False, maximize=False, differentiable=False,
    ):
        check_range("learning rate", lr)
        if not 0.0 <= rho <= 1.0:
            raise ValueError(f"Invalid rho value: {rho}")
        check_range("epsilon value", eps)
        check_range("weight_decay value", weight_decay)
        check_options(self, differentiable, capturable, foreach)
        defaults = {
            "lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize,
            "capturable": capturable, "foreach": foreach, "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def step(self, closure=None):
        """Does one step; returns what ``closure`` returned."""
        loss = self._run_closure(closure)
        with no_grad():
            for group, param, grad, state in each_gradient(self):
                if not state:
                    state["step"] = tensor(0.0)
                    state["square_avg"] = zeros_like(param)
                    state["acc_delta"] = zeros_like(param)
                state["step"] += 1
                rho, eps = group["rho"], group["eps"]
                squares, deltas = state["square_avg"], state["acc_delta"]
                squares.mul_(rho).addcmul_(grad, grad, value=1 - rho)
                delta = deltas.add(eps).sqrt_().div_(squares.add(eps).sqrt_()).mul_(grad)
                deltas.mul_(rho).addcmul_(delta, delta, value=1 - rho)
                param.add_(delta, alpha=-group["lr"])
        return loss
