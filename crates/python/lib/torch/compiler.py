"""`torch.compiler`: the switches of a compiler that Lyceum does not need; see `torch.compile`."""


def disable(fn=None, recursive=True, *, reason=None):
    """Returns the function itself: nothing is compiled."""
    if fn is None:
        return lambda function: function
    return fn


def is_compiling():
    return False


def is_dynamo_compiling():
    return False


def reset():
    """Does nothing: there are no compiled functions."""


def __getattr__(name):
    from ._absent import absent_names

    raise absent_names("compiler", name)
