"""`torch.accelerator` on a machine without an accelerator."""


def is_available():
    """Says that there is none."""
    return False


def current_accelerator(check_available=False):
    """Returns ``None``: there is none."""
    return None


def device_count():
    """Returns 0."""
    return 0


def synchronize(device=None):
    """Raises, as PyTorch does without an accelerator."""
    raise RuntimeError("Cannot access accelerator device when none is available.")


def __getattr__(name):
    from ._absent import absent_names

    raise absent_names("accelerator", name)
