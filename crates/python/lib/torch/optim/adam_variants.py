"""Relatives of Adam: `Adamax`, `NAdam`, `RAdam`."""

from math import sqrt

from .._C import maximum, ones, tensor, zeros_like
from ..autograd.grad_mode import no_grad
from .optimizer import Optimizer, check_options, check_range, each_gradient


def _check(optimizer, lr, betas, eps, weight_decay, foreach, capturable, differentiable):
    check_range("learning rate", lr)
    check_range("epsilon value", eps)
    check_range("beta parameter at index 0", betas[0], high=1.0)
    check_range("beta parameter at index 1", betas[1], high=1.0)
    check_range("weight_decay value", weight_decay)
    check_options(optimizer, differentiable, capturable, foreach)


class Adamax(Optimizer):
    """Adam with the largest gradient instead of the mean square: p ← p − lr/(1 − β₁ᵗ) · m / u.

    Here u ← max(β₂·u, |g| + eps).
    """

    def __init__(
        self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, foreach=None, *,
        maximize=False, differentiable=False, capturable=False,
    ):
        _check(self, lr, betas, eps, weight_decay, foreach, capturable, differentiable)
        defaults = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "foreach": foreach,
            "maximize": maximize, "differentiable": differentiable, "capturable": capturable,
        }
        super().__init__(params, defaults)

    def step(self, closure=None):
        """Does one step; returns what ``closure`` returned."""
        loss = self._run_closure(closure)
        with no_grad():
            for group, param, grad, state in each_gradient(self):
                if not state:
                    state["step"] = tensor(0.0)
                    state["exp_avg"] = zeros_like(param)
                    state["exp_inf"] = zeros_like(param)
                state["step"] += 1
                beta1, beta2 = group["betas"]
                mean, largest = state["exp_avg"], state["exp_inf"]
                mean.lerp_(grad, 1 - beta1)
                largest.copy_(maximum(largest.mul_(beta2), grad.abs().add_(group["eps"])))
                correction = 1 - beta1 ** state["step"].item()
                param.addcdiv_(mean, largest, value=-group["lr"] / correction)
        return loss


class NAdam(Optimizer):
    """Adam with Nesterov's momentum (Dozat, 2016): the step looks ahead by the next momentum."""

    def __init__(
        self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, momentum_decay=4e-3,
        decoupled_weight_decay=False, *, foreach=None, maximize=False, capturable=False, differentiable=False,
    ):
        _check(self, lr, betas, eps, weight_decay, foreach, capturable, differentiable)
        check_range("momentum_decay value", momentum_decay)
        defaults = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay, "maximize": maximize, "foreach": foreach,
            "capturable": capturable, "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def step(self, closure=None):
        """Does one step; returns what ``closure`` returned."""
        loss = self._run_closure(closure)
        with no_grad():
            for group, param, grad, state in each_gradient(self):
                if not state:
                    state["step"] = tensor(0.0)
                    state["mu_product"] = ones(())
                    state["exp_avg"] = zeros_like(param)
                    state["exp_avg_sq"] = zeros_like(param)
                state["step"] += 1
                step = state["step"].item()
                beta1, beta2 = group["betas"]
                decay = group["momentum_decay"]
                now = beta1 * (1.0 - 0.5 * 0.96 ** (step * decay))
                following = beta1 * (1.0 - 0.5 * 0.96 ** ((step + 1) * decay))
                state["mu_product"] *= now
                product = state["mu_product"].item()
                mean, squares = state["exp_avg"], state["exp_avg_sq"]
                mean.lerp_(grad, 1 - beta1)
                squares.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
                scale = squares.div(1 - beta2**step).sqrt_().add_(group["eps"])
                param.addcdiv_(grad, scale, value=-group["lr"] * (1.0 - now) / (1.0 - product))
                param.addcdiv_(mean, scale, value=-group["lr"] * following / (1.0 - product * following))
        return loss


class RAdam(Optimizer):
    """Adam that starts with plain momentum until its mean square can be trusted (Liu et al., 2020)."""

    def __init__(
        self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, decoupled_weight_decay=False, *,
        foreach=None, maximize=False, capturable=False, differentiable=False,
    ):
        _check(self, lr, betas, eps, weight_decay, foreach, capturable, differentiable)
        defaults = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize,
            "foreach": foreach, "capturable": capturable, "decoupled_weight_decay": decoupled_weight_decay,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def step(self, closure=None):
        """Does one step; returns what ``closure`` returned."""
        loss = self._run_closure(closure)
        with no_grad():
            for group, param, grad, state in each_gradient(self):
                if not state:
                    state["step"] = tensor(0.0)
                    state["exp_avg"] = zeros_like(param)
                    state["exp_avg_sq"] = zeros_like(param)
                state["step"] += 1
                step = state["step"].item()
                beta1, beta2 = group["betas"]
                mean, squares = state["exp_avg"], state["exp_avg_sq"]
                mean.lerp_(grad, 1 - beta1)
                squares.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
                correction2 = 1 - beta2**step
                update = mean / (1 - beta1**step)
                longest = 2 / (1 - beta2) - 1
                length = longest - 2 * step * beta2**step / correction2
                if length > 5.0:
                    rectified = sqrt(
                        (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
                    )
                    update = update * (sqrt(correction2) / squares.sqrt().add_(group["eps"])) * rectified
                param.add_(update, alpha=-group["lr"])
        return loss
