"""`torch.utils`: data loading, hooks and checkpointing."""

from .._absent import absent_names, _load_submodule


def __getattr__(name):
    if name in ("checkpoint", "data", "hooks", "tensorboard"):
        return _load_submodule(__name__, name)
    raise absent_names("utils", name)
