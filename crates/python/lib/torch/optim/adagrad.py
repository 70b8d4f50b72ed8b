"""`Adagrad`: steps that shrink with the sum of squared gradients."""

from .._C import _adagrad_step, full_like, tensor
from ..autograd.grad_mode import no_grad
from .optimizer import Optimizer, check_options, check_range, with_gradients


class Adagrad(Optimizer):
    """Adagrad (Duchi et al., 2011): p ← p − lr/(1 + (t − 1)·lr_decay) · g / (√s + eps), with s ← s + g²."""

    def __init__(
        self, params, lr=1e-2, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10,
        foreach=None, *, maximize=False, differentiable=False, fused=None,
    ):
        check_range("learning rate", lr)
        check_range("lr_decay value", lr_decay)
        check_range("weight_decay value", weight_decay)
        check_range("initial_accumulator_value value", initial_accumulator_value)
        check_range("epsilon value", eps)
        check_options(self, differentiable=differentiable, foreach=foreach, fused=fused)
        defaults = {
            "lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value, "foreach": foreach, "maximize": maximize,
            "differentiable": differentiable, "fused": fused,
        }
        super().__init__(params, defaults)
        for group in self.param_groups:
            for param in group["params"]:
                self._start(param, group)

    def _start(self, param, group):
        with no_grad():
            state = self.state[param]
            state["step"] = tensor(0.0)
            state["sum"] = full_like(param, group["initial_accumulator_value"])

    def share_memory(self):
        """Does nothing: here a run is one process."""

    def step(self, closure=None):
        """Does one step; returns what ``closure`` returned."""
        loss = self._run_closure(closure)
        for group in self.param_groups:
            params, grads = with_gradients(group)
            if not params:
                continue
            sums, steps = [], []
            for param in params:
                if param not in self.state:  # of a group added later
                    self._start(param, group)
                state = self.state[param]
                state["step"] += 1
                steps.append(int(state["step"]))
                sums.append(state["sum"])
            _adagrad_step(
                params, grads, sums, steps, float(group["lr"]), group["lr_decay"], group["eps"],
                group["weight_decay"], group["maximize"],
            )
        return loss
