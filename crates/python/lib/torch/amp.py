"""`torch.amp`: mixed precision. Lyceum does not choose dtypes op by op, so it can only be switched off."""


class autocast:
    """``with torch.autocast("cpu", enabled=False):`` changes nothing; enabled on the CPU, it raises.

    For ``"cuda"`` it warns and does nothing, as PyTorch does on a machine without CUDA.
    """

    def __init__(self, device_type, dtype=None, enabled=True, cache_enabled=None):
        if not isinstance(device_type, str):
            raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
        if enabled and device_type == "cuda":
            import warnings

            warnings.warn("User provided device_type of 'cuda', but CUDA is not available. Disabling", stacklevel=2)
            enabled = False
        if enabled:
            raise NotImplementedError(
                f"torch.autocast({device_type!r}) is not part of Lyceum yet; use enabled=False, or .bfloat16()"
            )
        self.device = device_type
        self._enabled = False

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        return False

    def __call__(self, function):
        return function


class GradScaler:
    """Scales losses against underflow in float16; without autocast it passes everything through.

    PyTorch's does the same on a machine without CUDA.
    """

    def __init__(
        self, device="cuda", init_scale=65536.0, growth_factor=2.0, backoff_factor=0.5,
        growth_interval=2000, enabled=True,
    ):
        if enabled and device == "cuda":
            import warnings

            warnings.warn(
                "torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.", stacklevel=2
            )
            enabled = False
        if enabled:
            raise NotImplementedError(
                "torch.amp.GradScaler is not part of Lyceum yet; use enabled=False"
            )

    def scale(self, outputs):
        return outputs

    def unscale_(self, optimizer):
        """Does nothing: nothing was scaled."""

    def step(self, optimizer, *args, **kwargs):
        return optimizer.step(*args, **kwargs)

    def update(self, new_scale=None):
        """Does nothing: there is no scale."""

    def get_scale(self):
        return 1.0

    def is_enabled(self):
        return False

    def state_dict(self):
        return {}

    def load_state_dict(self, state_dict):
        """Does nothing: there is no state."""


def is_autocast_available(device_type):
    """Says that mixed precision is not available."""
    return False


def __getattr__(name):
    from ._absent import absent_names

    raise absent_names("amp", name)
