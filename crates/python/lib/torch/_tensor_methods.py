"""Methods of tensors that are functions written in Python; `Tensor` asks here for names that its class has not."""

import types

from ._absent import NotInLyceum, _load_submodule

_FUNCTIONS = {
    "_complex": "angle conj",
    "_typed_tensors": "new",
    "functional": "corrcoef cov cross det inverse logdet matrix_power slogdet",
    "spectral": "stft",
}
_MODULE_OF = {name: module for module, names in _FUNCTIONS.items() for name in names.split()}


def find(tensor, name):
    """Returns the bound method, or None; raises for a name that PyTorch has and Lyceum has not."""
    if name in _MODULE_OF:
        module = _load_submodule(__package__, _MODULE_OF[name])
        return types.MethodType(getattr(module, name), tensor)
    from ._absent_names import NAMES

    if name in NAMES["Tensor"].split():
        raise NotInLyceum(f"torch.Tensor.{name} is not part of Lyceum yet")
    return None
