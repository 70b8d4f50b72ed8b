"""Methods of tensors that are functions written in Python; `Tensor` asks here for names that its class has not."""

import types

from ._absent import NotInLyceum

_FUNCTIONS = frozenset(
    "corrcoef cov cross det inverse logdet matrix_power slogdet".split()
)


def find(tensor, name):
    """Returns the bound method, or None; raises for a name that PyTorch has and Lyceum has not."""
    if name in _FUNCTIONS:
        from . import functional

        return types.MethodType(getattr(functional, name), tensor)
    from ._absent_names import NAMES

    if name in NAMES["Tensor"].split():
        raise NotInLyceum(f"torch.Tensor.{name} is not part of Lyceum yet")
    return None
