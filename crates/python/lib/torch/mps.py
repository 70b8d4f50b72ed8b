"""`torch.mps` on a machine without Apple's GPU."""


def is_available():
    return False


def device_count():
    return 0


def __getattr__(name):
    from ._absent import absent_names

    raise absent_names("mps", name)
