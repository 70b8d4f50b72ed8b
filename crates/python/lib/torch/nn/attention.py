"""`torch.nn.attention`: which kernel computes attention. There is one here, so the choice changes nothing."""

from enum import IntEnum

from .._absent import absent_names


class SDPBackend(IntEnum):
    """The kernels that PyTorch can choose from."""

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4


class sdpa_kernel:
    """``with sdpa_kernel(SDPBackend.MATH):`` asks for another way to the same numbers; there is one way here."""

    def __init__(self, backends, set_priority=False):
        backends = [backends] if isinstance(backends, SDPBackend) else list(backends)
        if not all(isinstance(backend, SDPBackend) for backend in backends):
            raise AssertionError("Backend must be an instance of SDPBackend or a list of SDPBackend instances")
        self.backends = backends

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        return False

    def __call__(self, function):
        return function


def __getattr__(name):
    raise absent_names("nn.attention", name)
