"""Exceptions and warnings of numpy."""

from ._shaping import AxisError


class VisibleDeprecationWarning(UserWarning):
    """Warns that something will go away."""


class ComplexWarning(RuntimeWarning):
    """Warns that an imaginary part is dropped."""


class RankWarning(RuntimeWarning):
    """Warns that a polynomial is not well determined."""
