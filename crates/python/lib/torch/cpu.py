"""`torch.cpu`: the device that every run has."""


def is_available():
    return True


def device_count():
    return 1


def current_device():
    return "cpu"


def synchronize(device=None):
    """Does nothing: operations have ended when they return."""


def __getattr__(name):
    from ._absent import absent_names

    raise absent_names("cpu", name)
