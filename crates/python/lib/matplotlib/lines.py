"""Lines that a program makes by hand, for a legend."""

from ._artists import Line2D

__all__ = ["Line2D"]
