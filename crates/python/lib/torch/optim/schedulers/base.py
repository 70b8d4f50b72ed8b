"""`LRScheduler`, the base of all schedules of the learning rate."""

from ..._C import Tensor
from ..optimizer import Optimizer


class LRScheduler:
    """Changes the learning rate of an optimiser, once for each call of :meth:`step`.

    A subclass defines ``get_lr``, which returns the new learning rate of each group. Call ``scheduler.step()``
    after ``optimizer.step()``, usually once an epoch.
    """

    def __init__(self, optimizer, last_epoch=-1):
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")
        self.optimizer = optimizer
        if last_epoch == -1:
            for group in optimizer.param_groups:
                initial = group["lr"]
                group.setdefault("initial_lr", initial.clone() if isinstance(initial, Tensor) else initial)
        else:
            for i, group in enumerate(optimizer.param_groups):
                if "initial_lr" not in group:
                    raise KeyError(
                        f"param 'initial_lr' is not specified in param_groups[{i}] when resuming scheduler with "
                        f"last_epoch >= 0"
                    )
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        optimizer._opt_called = False
        self._is_initial = False
        self._initial_step()

    def _initial_step(self):
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    def get_lr(self):
        """Computes the next learning rate of each group from the present one and ``last_epoch``."""
        raise NotImplementedError

    def get_last_lr(self):
        """Returns the learning rate of each group as last set."""
        return self._last_lr

    def step(self, epoch=None):
        """Goes on to the next epoch and sets the learning rates."""
        if self._step_count == 1 and not self.optimizer._opt_called:
            import warnings

            warnings.warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, you "
                "should call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`. Failure to "
                "do this will result in PyTorch skipping the first value of the learning rate schedule.",
                UserWarning,
                stacklevel=2,
            )
        self._step_count += 1
        if epoch is None:
            self.last_epoch += 1
            values = self.get_lr()
        else:
            self.last_epoch = epoch
            closed_form = getattr(self, "_get_closed_form_lr", None)
            values = closed_form() if closed_form else self.get_lr()
        self._set_lrs(values)

    def _set_lrs(self, values):
        for group, value in zip(self.optimizer.param_groups, values):
            if isinstance(group["lr"], Tensor):
                group["lr"].fill_(float(value))
            else:
                group["lr"] = value
        self._last_lr = self._group_lrs()

    def _group_lrs(self):
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self):
        """Returns everything but the optimiser as a plain dict."""
        return {key: value for key, value in self.__dict__.items() if key != "optimizer"}

    def load_state_dict(self, state_dict):
        """Takes back what :meth:`state_dict` returned."""
        self.__dict__.update(state_dict)
