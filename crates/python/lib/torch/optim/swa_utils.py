"""`torch.optim.swa_utils`: averages of a model's weights over its training, and the schedule that goes with them."""

import math
from copy import deepcopy

from .. import _C
from ..autograd.grad_mode import no_grad
from ..nn import Module
from .lr_scheduler import LRScheduler


def get_ema_avg_fn(decay=0.999):
    """The exponential moving average of one parameter."""
    _check_decay(decay)

    def average(ema_param, current_param, num_averaged):
        return decay * ema_param + (1 - decay) * current_param

    return average


def get_ema_multi_avg_fn(decay=0.999):
    """The exponential moving average of all parameters, in place."""
    _check_decay(decay)

    def average(ema_params, current_params, num_averaged):
        with no_grad():
            for ema, current in zip(ema_params, current_params):
                ema.lerp_(current, 1 - decay) if ema.is_floating_point() else ema.copy_(current)

    return average


def get_swa_avg_fn():
    """The plain average of one parameter."""

    def average(averaged_param, current_param, num_averaged):
        return averaged_param + (current_param - averaged_param) / (num_averaged + 1)

    return average


def get_swa_multi_avg_fn():
    """The plain average of all parameters, in place."""

    def average(averaged_params, current_params, num_averaged):
        with no_grad():
            for averaged, current in zip(averaged_params, current_params):
                averaged.lerp_(current, 1.0 / (int(num_averaged) + 1))

    return average


def _check_decay(decay):
    if decay < 0.0 or decay > 1.0:
        raise ValueError(f"Invalid decay value {decay} provided. Please provide a value in [0,1] range.")


class AveragedModel(Module):
    """Holds a copy of a model whose parameters are averages; ``update_parameters(model)`` adds the model's."""

    def __init__(self, model, device=None, avg_fn=None, multi_avg_fn=None, use_buffers=False):
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = deepcopy(model)
        self.register_buffer("n_averaged", _C.tensor(0, dtype=_C.int64))
        self.avg_fn, self.multi_avg_fn, self.use_buffers = avg_fn, multi_avg_fn, use_buffers

    def forward(self, *args, **kwargs):
        return self.module(*args, **kwargs)

    def _values(self, model):
        return [*model.parameters(), *model.buffers()] if self.use_buffers else list(model.parameters())

    def update_parameters(self, model):
        """Takes the model's parameters into the average; the first time they are copied."""
        averages, currents = self._values(self.module), [p.detach() for p in self._values(model)]
        averages = [p.detach() for p in averages]
        if self.n_averaged.item() == 0:
            for average, current in zip(averages, currents):
                average.copy_(current)
        elif self.multi_avg_fn is not None or self.avg_fn is None:
            (self.multi_avg_fn or get_swa_multi_avg_fn())(averages, currents, self.n_averaged)
        else:
            for average, current in zip(averages, currents):
                average.copy_(self.avg_fn(average, current, self.n_averaged))
        if not self.use_buffers:
            for ours, theirs in zip(self.module.buffers(), model.buffers()):
                ours.detach().copy_(theirs.detach())
        self.n_averaged += 1


def update_bn(loader, model, device=None):
    """Computes the running statistics of the model's batch norms anew, in one pass over the data."""
    momenta = {}
    for module in model.modules():
        if hasattr(module, "running_mean") and hasattr(module, "reset_running_stats"):
            module.reset_running_stats()
            momenta[module] = module.momentum
    if not momenta:
        return
    was_training = model.training
    model.train()
    for module in momenta:
        module.momentum = None
    with no_grad():
        for batch in loader:
            model(batch[0] if isinstance(batch, (list, tuple)) else batch)
    for module, momentum in momenta.items():
        module.momentum = momentum
    model.train(was_training)


class SWALR(LRScheduler):
    """Anneals the learning rate of each group to ``swa_lr`` and keeps it there."""

    def __init__(self, optimizer, swa_lr, anneal_epochs=10, anneal_strategy="cos", last_epoch=-1):
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}")
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}")
        rates = swa_lr if isinstance(swa_lr, (list, tuple)) else [swa_lr] * len(optimizer.param_groups)
        for rate, group in zip(rates, optimizer.param_groups):
            group["swa_lr"] = rate
        self.anneal_epochs, self._anneal_strategy = anneal_epochs, anneal_strategy
        super().__init__(optimizer, last_epoch)

    def _anneal(self, t):
        return (1 - math.cos(math.pi * t)) / 2 if self._anneal_strategy == "cos" else t

    def get_lr(self):
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before = self._anneal(max(0, min(1, (step - 1) / max(1, self.anneal_epochs))))
        now = self._anneal(max(0, min(1, step / max(1, self.anneal_epochs))))
        rates = []
        for group in self.optimizer.param_groups:
            start = group["lr"] if before == 1 else (group["lr"] - before * group["swa_lr"]) / (1 - before)
            rates.append(group["swa_lr"] * now + start * (1 - now))
        return rates
