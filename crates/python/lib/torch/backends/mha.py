"""The fast path of attention layers in evaluation, which is a matter of speed. It can be set and read."""

_enabled = True


def get_fastpath_enabled():
    """Returns what was set."""
    return _enabled


def set_fastpath_enabled(value):
    """Keeps the wish; there is one path here."""
    global _enabled
    _enabled = value
