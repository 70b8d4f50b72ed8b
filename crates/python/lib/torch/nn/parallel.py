"""`torch.nn.parallel`: `DataParallel`, which on a machine without GPUs calls the module it holds."""

from .._absent import NotInLyceum
from .modules.module import Module


class DataParallel(Module):
    """Holds a module as ``self.module`` and calls it, as PyTorch does where there is no GPU."""

    def __init__(self, module, device_ids=None, output_device=None, dim=0):
        super().__init__()
        self.module = module
        self.device_ids = []

    def forward(self, *inputs, **kwargs):
        return self.module(*inputs, **kwargs)


def data_parallel(module, inputs, device_ids=None, output_device=None, dim=0, module_kwargs=None):
    """Calls the module, as `DataParallel` does."""
    inputs = inputs if isinstance(inputs, tuple) else (inputs,)
    return module(*inputs, **(module_kwargs or {}))


def __getattr__(name):
    if name in ("DistributedDataParallel", "distributed", "gather", "parallel_apply", "replicate", "scatter"):
        raise NotInLyceum(f"torch.nn.parallel.{name} is not part of Lyceum yet")
    raise AttributeError(f"module 'torch.nn.parallel' has no attribute '{name}'")
