"""`Rprop`: steps that follow the sign of the gradient only."""

from .._C import full_like, tensor, where, zeros_like
from ..autograd.grad_mode import no_grad
from .optimizer import Optimizer, check_options, check_range, each_gradient


class Rprop(Optimizer):
    """Rprop (Riedmiller and Braun, 1993), for whole data sets: each weight has a step size of its own.

    It grows by etas[1] while the gradient keeps its sign, and shrinks by etas[0] where the sign has changed.
    """

    def __init__(
        self, params, lr=1e-2, etas=(0.5, 1.2), step_sizes=(1e-6, 50), *,
        capturable=False, foreach=None, maximize=False, differentiable=False,
    ):
        check_range("learning rate", lr)
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(f"Invalid eta values: {etas[0]}, {etas[1]}")
        check_options(self, differentiable, capturable, foreach)
        defaults = {
            "lr": lr, "etas": etas, "step_sizes": step_sizes, "foreach": foreach, "maximize": maximize,
            "differentiable": differentiable, "capturable": capturable,
        }
        super().__init__(params, defaults)

    def step(self, closure=None):
        """Does one step; returns what ``closure`` returned."""
        loss = self._run_closure(closure)
        with no_grad():
            for group, param, grad, state in each_gradient(self):
                if not state:
                    state["step"] = tensor(0.0)
                    state["prev"] = zeros_like(param)
                    state["step_size"] = full_like(param, group["lr"])
                state["step"] += 1
                shrink, grow = group["etas"]
                agreement = grad * state["prev"]
                factor = where(agreement > 0, grow, where(agreement < 0, shrink, 1.0))
                state["step_size"].mul_(factor).clamp_(*group["step_sizes"])
                grad = grad.masked_fill(agreement < 0, 0)
                param.addcmul_(grad.sign(), state["step_size"], value=-1)
                state["prev"].copy_(grad)
        return loss
