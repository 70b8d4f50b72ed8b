"""`torch.cuda` on a machine without CUDA, which is how a Lyceum run sees every machine."""


def _no_cuda():
    raise AssertionError("Torch not compiled with CUDA enabled")


def is_available():
    """Says that there is no GPU."""
    return False


def is_initialized():
    return False


def is_bf16_supported(including_emulation=True):
    return False


def device_count():
    """Returns 0."""
    return 0


def current_device():
    _no_cuda()


def get_device_name(device=None):
    _no_cuda()


def get_device_properties(device=None):
    _no_cuda()


def get_device_capability(device=None):
    _no_cuda()


def set_device(device):
    _no_cuda()


def synchronize(device=None):
    _no_cuda()


def init():
    _no_cuda()


def manual_seed(seed):
    """Does nothing without a GPU, as in PyTorch."""


def manual_seed_all(seed):
    """Does nothing without a GPU, as in PyTorch."""


def seed():
    """Does nothing without a GPU, as in PyTorch."""


def seed_all():
    """Does nothing without a GPU, as in PyTorch."""


def empty_cache():
    """Does nothing without a GPU, as in PyTorch."""


def memory_allocated(device=None):
    """Returns 0."""
    return 0


def max_memory_allocated(device=None):
    """Returns 0."""
    return 0


def memory_reserved(device=None):
    """Returns 0."""
    return 0


def max_memory_reserved(device=None):
    """Returns 0."""
    return 0


def reset_peak_memory_stats(device=None):
    """Does nothing without a GPU."""


def get_arch_list():
    return []


class device:
    """``with torch.cuda.device(i):`` selects a GPU; without one, a negative or missing index selects nothing."""

    def __init__(self, device):
        self.idx = device

    def __enter__(self):
        if isinstance(self.idx, int) and self.idx < 0 or self.idx is None:
            return
        _no_cuda()

    def __exit__(self, *exc_info):
        return False


def __getattr__(name):
    from ._absent import absent_names, _load_submodule

    if name == "amp":
        return _load_submodule(__package__, "amp")
    raise absent_names("cuda", name)
