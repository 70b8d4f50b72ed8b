"""`SGD`: stochastic gradient descent, with momentum if wanted."""

from .._C import _sgd_step, empty_like
from ..autograd.grad_mode import no_grad
from .optimizer import Optimizer, check_options, check_range, with_gradients


class SGD(Optimizer):
    """Goes down the gradient: p ← p − lr·g.

    With momentum μ it keeps a velocity, v ← μ·v + (1 − dampening)·g and p ← p − lr·v; Nesterov's form takes
    g + μ·v. ``weight_decay`` adds weight_decay·p to the gradient; ``maximize`` goes up instead of down.
    """

    def __init__(
        self, params, lr=1e-3, momentum=0, dampening=0, weight_decay=0, nesterov=False, *,
        maximize=False, foreach=None, differentiable=False, fused=None,
    ):
        check_range("learning rate", lr)
        check_range("momentum value", momentum)
        check_range("weight_decay value", weight_decay)
        check_options(self, differentiable=differentiable, foreach=foreach, fused=fused)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        defaults = {
            "lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay,
            "nesterov": nesterov, "maximize": maximize, "foreach": foreach, "differentiable": differentiable,
            "fused": fused,
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
            buffers, first = [], []
            if momentum != 0:
                for param in params:
                    state = self.state[param]
                    buffer = state.get("momentum_buffer")
                    first.append(int(buffer is None))
                    if buffer is None:
                        with no_grad():
                            buffer = state["momentum_buffer"] = empty_like(param)
                    buffers.append(buffer)
            _sgd_step(
                params, grads, buffers, first, float(group["lr"]), momentum, group["dampening"],
                group["weight_decay"], group["nesterov"], group["maximize"],
            )
        return loss
