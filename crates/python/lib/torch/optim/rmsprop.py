"""`RMSprop`: steps divided by a running root mean square of the gradient."""

from .._C import _rmsprop_step, tensor, zeros_like
from ..autograd.grad_mode import no_grad
from .optimizer import Optimizer, check_options, check_range, with_gradients


class RMSprop(Optimizer):
    """RMSprop (Hinton's lecture 6e): p ← p − lr · g / (√v + eps), with v ← α·v + (1 − α)·g².

    ``centered`` takes the variance of the gradient instead of its mean square; ``momentum`` keeps a velocity.
    """

    def __init__(
        self, params, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False,
        capturable=False, foreach=None, maximize=False, differentiable=False,
    ):
        check_range("learning rate", lr)
        check_range("epsilon value", eps)
        check_range("momentum value", momentum)
        check_range("weight_decay value", weight_decay)
        check_range("alpha value", alpha)
        check_options(self, differentiable, capturable, foreach)
        defaults = {
            "lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps, "centered": centered,
            "weight_decay": weight_decay, "capturable": capturable, "foreach": foreach, "maximize": maximize,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def step(self, closure=None):
        """Does one step; returns what ``closure`` returned."""
        loss = self._run_closure(closure)
        for group in self.param_groups:
            params, grads = with_gradients(group)
            if not params:
                continue
            momentum = group["momentum"]
            centered = group["centered"]
            squares, buffers, means = [], [], []
            for param in params:
                state = self.state[param]
                if not state:
                    with no_grad():
                        state["step"] = tensor(0.0)
                        state["square_avg"] = zeros_like(param)
                        if momentum > 0:
                            state["momentum_buffer"] = zeros_like(param)
                        if centered:
                            state["grad_avg"] = zeros_like(param)
                state["step"] += 1
                squares.append(state["square_avg"])
                if momentum > 0:
                    buffers.append(state["momentum_buffer"])
                if centered:
                    means.append(state["grad_avg"])
            _rmsprop_step(
                params, grads, squares, buffers, means, float(group["lr"]), group["alpha"], group["eps"],
                group["weight_decay"], momentum, centered, group["maximize"],
            )
        return loss
