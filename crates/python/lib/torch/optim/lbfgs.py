"""`LBFGS`: a quasi-Newton method for whole data sets."""

from .._C import cat
from ..autograd.grad_mode import enable_grad, no_grad
from .line_search import strong_wolfe
from .optimizer import Optimizer, check_range


class LBFGS(Optimizer):
    """Limited-memory BFGS (Nocedal, 1980): it learns the curvature from the last steps and gradients.

    ``step`` needs a closure that clears the gradients, computes the loss, goes backward and returns the loss; it is
    called up to ``max_eval`` times a step. ``line_search_fn="strong_wolfe"`` looks for a good step length.
    """

    def __init__(
        self, params, lr=1, max_iter=20, max_eval=None, tolerance_grad=1e-7, tolerance_change=1e-9,
        history_size=100, line_search_fn=None,
    ):
        check_range("learning rate", lr)
        if max_eval is None:
            max_eval = max_iter * 5 // 4
        defaults = {
            "lr": lr, "max_iter": max_iter, "max_eval": max_eval, "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change, "history_size": history_size, "line_search_fn": line_search_fn,
        }
        super().__init__(params, defaults)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        self._params = self.param_groups[0]["params"]

    def _flat_grad(self):
        grads = [p.new_zeros(p.numel()) if p.grad is None else p.grad.reshape(-1) for p in self._params]
        return cat(grads, 0)

    def _move(self, length, direction):
        start = 0
        for p in self._params:
            count = p.numel()
            p.add_(direction[start : start + count].view_as(p), alpha=length)
            start += count

    def _evaluate(self, closure, start, length, direction):
        """Loss and gradient at start + length·direction; the parameters are put back to the start."""
        self._move(length, direction)
        loss = closure().item()
        grad = self._flat_grad()
        for p, value in zip(self._params, start):
            p.copy_(value)
        return loss, grad

    def step(self, closure):
        """Does one step of up to ``max_iter`` iterations; returns the loss at its beginning."""

        def recorded():
            with enable_grad():
                return closure()

        with no_grad():
            return self._step(recorded)

    def _step(self, closure):
        group = self.param_groups[0]
        lr, line_search = group["lr"], group["line_search_fn"]
        if line_search not in (None, "strong_wolfe"):
            raise RuntimeError("only 'strong_wolfe' is supported")
        state = self.state[self._params[0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)
        first_loss = closure()
        loss = first_loss.item()
        evaluations = 1
        state["func_evals"] += 1
        grad = self._flat_grad()
        if grad.abs().max() <= group["tolerance_grad"]:
            return first_loss
        direction, length = state.get("d"), state.get("t")
        previous_grad, previous_loss = state.get("prev_flat_grad"), state.get("prev_loss")
        for iteration in range(1, group["max_iter"] + 1):
            state["n_iter"] += 1
            if state["n_iter"] == 1:
                direction = -grad
                state["old_dirs"], state["old_stps"], state["ro"], state["H_diag"] = [], [], [], 1
            else:
                _remember(state, grad - previous_grad, direction * length, group["history_size"])
                direction = _two_loops(state, grad)
            previous_grad, previous_loss = grad.clone(), loss
            length = min(1.0, 1.0 / grad.abs().sum().item()) * lr if state["n_iter"] == 1 else lr
            slope = grad.dot(direction).item()
            if slope > -group["tolerance_change"]:
                break
            count = 0
            if line_search:
                start = [p.clone() for p in self._params]

                def evaluate(length, direction=direction, start=start):
                    return self._evaluate(closure, start, length, direction)

                loss, grad, length, count = strong_wolfe(
                    evaluate, length, direction, loss, grad, slope, group["tolerance_change"]
                )
                self._move(length, direction)
            else:
                self._move(length, direction)
                if iteration != group["max_iter"]:
                    loss = closure().item()
                    grad = self._flat_grad()
                    count = 1
            evaluations += count
            state["func_evals"] += count
            if (
                iteration == group["max_iter"]
                or evaluations >= group["max_eval"]
                or grad.abs().max() <= group["tolerance_grad"]
                or (direction * length).abs().max() <= group["tolerance_change"]
                or abs(loss - previous_loss) < group["tolerance_change"]
            ):
                break
        state["d"], state["t"] = direction, length
        state["prev_flat_grad"], state["prev_loss"] = previous_grad, previous_loss
        return first_loss


def _remember(state, change_of_grad, step, history_size):
    """Keeps a step and what it did to the gradient, where the curvature along it is positive."""
    curvature = change_of_grad.dot(step).item()
    if curvature <= 1e-10:
        return
    if len(state["old_dirs"]) == history_size:
        for name in ("old_dirs", "old_stps", "ro"):
            state[name].pop(0)
    state["old_dirs"].append(change_of_grad)
    state["old_stps"].append(step)
    state["ro"].append(1.0 / curvature)
    state["H_diag"] = curvature / change_of_grad.dot(change_of_grad).item()


def _two_loops(state, grad):
    """The direction −H·grad, with the inverse curvature H that the kept steps give."""
    changes, steps, ro = state["old_dirs"], state["old_stps"], state["ro"]
    q = -grad
    weights = [0.0] * len(changes)
    for i in range(len(changes) - 1, -1, -1):
        weights[i] = steps[i].dot(q).item() * ro[i]
        q = q.add(changes[i], alpha=-weights[i])
    direction = q * state["H_diag"]
    for i in range(len(changes)):
        beta = changes[i].dot(direction).item() * ro[i]
        direction = direction.add(steps[i], alpha=weights[i] - beta)
    return direction
