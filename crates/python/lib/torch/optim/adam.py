"""`Adam` and `AdamW`: steps scaled by running means of the gradient and of its square."""

from .._C import _adam_step, tensor, zeros_like
from ..autograd.grad_mode import no_grad
from .optimizer import Optimizer, check_options, check_range, with_gradients


class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015): p ← p − lr · m̂ / (√v̂ + eps).

    m and v are running means of the gradient and of its square, m ← β₁m + (1 − β₁)g and v ← β₂v + (1 − β₂)g²;
    m̂ and v̂ are corrected for starting at zero. ``weight_decay`` adds weight_decay·p to the gradient;
    ``amsgrad`` takes the largest v̂ so far.
    """

    def __init__(
        self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False, *,
        foreach=None, maximize=False, capturable=False, differentiable=False, fused=None, decoupled_weight_decay=False,
    ):
        check_range("learning rate", lr)
        check_range("epsilon value", eps)
        check_range("beta parameter at index 0", betas[0], high=1.0)
        check_range("beta parameter at index 1", betas[1], high=1.0)
        check_range("weight_decay value", weight_decay)
        check_options(self, differentiable, capturable, foreach, fused)
        defaults = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad,
            "maximize": maximize, "foreach": foreach, "capturable": capturable, "differentiable": differentiable,
            "fused": fused, "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults)

    def step(self, closure=None):
        """Does one step; returns what ``closure`` returned."""
        loss = self._run_closure(closure)
        for group in self.param_groups:
            params, grads = with_gradients(group)
            if not params:
                continue
            amsgrad = group["amsgrad"]
            means, squares, largest, steps = [], [], [], []
            for param in params:
                state = self.state[param]
                if not state:
                    _start(state, param, amsgrad)
                state["step"] += 1
                steps.append(int(state["step"]))
                means.append(state["exp_avg"])
                squares.append(state["exp_avg_sq"])
                if amsgrad:
                    largest.append(state["max_exp_avg_sq"])
            beta1, beta2 = group["betas"]
            _adam_step(
                params, grads, means, squares, largest, steps, float(group["lr"]), float(beta1), float(beta2),
                group["eps"], group["weight_decay"], group["decoupled_weight_decay"], amsgrad, group["maximize"],
            )
        return loss


def _start(state, param, amsgrad):
    with no_grad():
        state["step"] = tensor(0.0)
        state["exp_avg"] = zeros_like(param)
        state["exp_avg_sq"] = zeros_like(param)
        if amsgrad:
            state["max_exp_avg_sq"] = zeros_like(param)


class AdamW(Adam):
    """Adam with a weight decay that does not pass through the means (Loshchilov and Hutter, 2019).

    First p ← p − lr·weight_decay·p, then Adam's step.
    """

    def __init__(
        self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2, amsgrad=False, *,
        maximize=False, foreach=None, capturable=False, differentiable=False, fused=None,
    ):
        super().__init__(
            params, lr, betas, eps, weight_decay, amsgrad, foreach=foreach, maximize=maximize, capturable=capturable,
            differentiable=differentiable, fused=fused, decoupled_weight_decay=True,
        )
