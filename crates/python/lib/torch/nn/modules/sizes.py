"""Reading sizes such as ``kernel_size``: one number for every dimension, or one number each."""


def as_single(value):
    return _as_tuple(value, 1)


def as_pair(value):
    return _as_tuple(value, 2)


def _as_tuple(value, count):
    if isinstance(value, int) or not hasattr(value, "__iter__"):
        return (value,) * count
    return tuple(value)
