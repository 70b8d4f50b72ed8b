"""Settings of the whole run: threads, determinism, precision, the default device."""

from . import _C

_state = {"deterministic": False, "warn_only": False, "precision": "highest", "warn_always": False}


def get_num_threads():
    """Returns how many threads an operation may use."""
    return _C._get_num_threads()


def set_num_threads(num):
    """Sets how many threads an operation may use; results do not depend on it."""
    if not isinstance(num, int) or isinstance(num, bool):
        raise RuntimeError(f"set_num_threads expects an int, but got {type(num).__name__}")
    if num <= 0:
        raise RuntimeError("set_num_threads expects a positive integer")
    _C._set_num_threads(num)


def get_num_interop_threads():
    """Returns 1: operations run one after another."""
    return 1


def set_num_interop_threads(num):
    """Accepts any positive number; operations run one after another, so it makes no difference to a result."""
    if num <= 0:
        raise RuntimeError("set_num_interop_threads expects a positive integer")


def use_deterministic_algorithms(mode, *, warn_only=False):
    """Asks for the same result every time, which Lyceum's operations always give."""
    _state["deterministic"] = bool(mode)
    _state["warn_only"] = bool(mode and warn_only)


def are_deterministic_algorithms_enabled():
    """Says what :func:`use_deterministic_algorithms` was last told."""
    return _state["deterministic"]


def is_deterministic_algorithms_warn_only_enabled():
    """Says whether only warnings were asked for."""
    return _state["warn_only"]


def set_deterministic_debug_mode(debug_mode):
    """Sets determinism by ``"default"``, ``"warn"`` or ``"error"`` (0, 1, 2)."""
    modes = {"default": 0, "warn": 1, "error": 2}
    if isinstance(debug_mode, str):
        if debug_mode not in modes:
            raise RuntimeError(
                "invalid value of debug_mode, expected one of `default`, `warn`, `error`, "
                f"but got {debug_mode}"
            )
        debug_mode = modes[debug_mode]
    if debug_mode not in (0, 1, 2):
        raise RuntimeError(f"invalid value of debug_mode, expected 0, 1, or 2, but got {debug_mode}")
    use_deterministic_algorithms(debug_mode > 0, warn_only=debug_mode == 1)


def get_deterministic_debug_mode():
    """Returns 0, 1 or 2; see :func:`set_deterministic_debug_mode`."""
    if not _state["deterministic"]:
        return 0
    return 1 if _state["warn_only"] else 2


def set_float32_matmul_precision(precision):
    """Says how exact products of float32 matrices must be at least; Lyceum always gives ``"highest"``."""
    if precision not in ("highest", "high", "medium"):
        import warnings

        warnings.warn(f"{precision} is not one of 'highest', 'high', or 'medium'; it is not changed", stacklevel=2)
        return
    _state["precision"] = precision


def get_float32_matmul_precision():
    """Returns what :func:`set_float32_matmul_precision` was last told."""
    return _state["precision"]


def set_default_device(device):
    """Accepts the CPU, the only device there is."""
    if device is not None and _C.device(device).type != "cpu":
        raise NotImplementedError(f"torch.set_default_device({str(device)!r}): Lyceum computes on the CPU only")


def get_default_device():
    """Returns the CPU."""
    return _C.device("cpu")


def set_default_tensor_type(t):
    """Sets the default dtype by the name of a tensor type, ``torch.FloatTensor`` or ``torch.DoubleTensor``."""
    name = t if isinstance(t, str) else f"torch.{t.__name__}"
    dtypes = {"torch.FloatTensor": _C.float32, "torch.DoubleTensor": _C.float64}
    if name not in dtypes:
        raise TypeError(f"only floating-point types are supported as the default type, but got {name}")
    _C.set_default_dtype(dtypes[name])


def set_flush_denormal(mode):
    """Returns False: Lyceum never rounds the smallest numbers to zero, and cannot be told to."""
    return False


def set_warn_always(b):
    """Remembers whether every warning should be shown each time."""
    _state["warn_always"] = bool(b)


def is_warn_always_enabled():
    """Says what :func:`set_warn_always` was last told."""
    return _state["warn_always"]
