"""Lyceum's `torch`: the surface and the behaviour of PyTorch 2.15, over Lyceum's own engine.

The operations come from the native module `torch._C`; this package adds what PyTorch writes in Python.
Larger parts (`torch.nn`, `torch.optim`, ...) load when they are first used.
"""

from math import e, inf, nan, pi

from . import _C
from ._C import *
from ._C import default_generator
from ._absent import absent_names, _load_submodule
from .autograd.grad_mode import (
    enable_grad, inference_mode, is_grad_enabled, is_inference_mode_enabled, no_grad, set_grad_enabled,
)
from .random import get_rng_state, initial_seed, manual_seed, seed, set_rng_state
from .settings import (
    are_deterministic_algorithms_enabled, get_default_device, get_deterministic_debug_mode,
    get_float32_matmul_precision, get_num_interop_threads, get_num_threads,
    is_deterministic_algorithms_warn_only_enabled, set_default_device, set_default_tensor_type,
    set_deterministic_debug_mode, set_float32_matmul_precision, set_flush_denormal, set_num_interop_threads,
    set_num_threads, set_warn_always, is_warn_always_enabled, use_deterministic_algorithms,
)
from .version import __version__

newaxis = None

_MODULES = (
    "accelerator", "amp", "autograd", "backends", "compiler", "cpu", "cuda", "distributions", "fft", "func",
    "functional", "linalg", "mps", "nn", "optim", "random", "serialization", "special", "testing", "types", "utils", "version",
    "xpu", "_tensor_str",
)
_MEMBERS = {
    "_complex": "angle conj imag polar real view_as_complex view_as_real",
    "_function_transforms": "vmap",
    "_tensor_str": "set_printoptions",
    "_typed_tensors": "BoolTensor ByteTensor DoubleTensor FloatTensor IntTensor LongTensor",
    "amp": "autocast",
    "functional": (
        "corrcoef cov cross det detach dsplit hsplit inverse is_inference is_nonzero is_same_size is_signed logdet "
        "matrix_power slogdet trapezoid trapz unravel_index vander vsplit"
    ),
    "nn.functional": "channel_shuffle kl_div pixel_shuffle pixel_unshuffle",
    "nn.functions.recurrent": "gru_cell lstm_cell rnn_relu_cell rnn_tanh_cell",
    "serialization": "load save",
    "spectral": "bartlett_window blackman_window hamming_window hann_window istft kaiser_window stft",
}
_MODULE_OF = {name: module for module, names in _MEMBERS.items() for name in names.split()}


def __getattr__(name):
    if name in _MODULES:
        return _load_submodule(__name__, name)
    if name in _MODULE_OF:
        value = getattr(_load_submodule(__name__, _MODULE_OF[name]), name)
        globals()[name] = value
        return value
    if name == "complex":
        value = globals()[name] = _load_submodule(__name__, "_complex").complex_
        return value
    if name in ("channels_last", "channels_last_3d"):
        return _channels_last(name)
    raise absent_names("", name)


def _channels_last(name):
    """Returns the memory format, and says that a tensor does not follow it."""
    import warnings

    from . import _objects

    warnings.warn(
        f"torch.{name}: Lyceum keeps tensors row by row. Values are the same; strides and speed do not change.",
        stacklevel=3,
    )
    value = globals()[name] = getattr(_objects, name)
    return value


def is_tensor(obj):
    """Says whether ``obj`` is a tensor."""
    return isinstance(obj, Tensor)


def is_storage(obj):
    """Says whether ``obj`` is a storage object; Lyceum shows none to Python, so the answer is no."""
    return False


def typename(obj):
    """Returns the type of an object as a string, ``"torch.FloatTensor"`` for a tensor."""
    if isinstance(obj, Tensor):
        return obj.type()
    kind = obj if isinstance(obj, type) else type(obj)
    name = getattr(kind, "__qualname__", kind.__name__)
    return name if kind.__module__ in ("builtins", None) else f"{kind.__module__}.{name}"


def compile(model=None, *, fullgraph=False, dynamic=None, backend="inductor", mode=None, options=None, disable=False):
    """Returns ``model`` itself.

    PyTorch compiles a model to run the same computation faster; Lyceum runs every model as it is written, so
    the model is already what this returns. It works as a decorator too.
    """
    if model is None:
        return lambda function: function
    return model
