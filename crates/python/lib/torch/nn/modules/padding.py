"""Padding layers: more values around the edges of the last dimensions."""

from .. import functional as F
from .module import Module


class _Pad(Module):
    __constants__ = ["padding"]
    dims = 1

    def __init__(self, padding):
        super().__init__()
        self.padding = (padding,) * (2 * self.dims) if isinstance(padding, int) else tuple(padding)

    def extra_repr(self):
        return f"{self.padding}"


class ConstantPad1d(_Pad):
    """Pads the last dimension with ``value``; ``padding`` is one number or (left, right)."""

    def __init__(self, padding, value):
        super().__init__(padding)
        self.value = value

    def forward(self, input):
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self):
        return f"padding={self.padding}, value={self.value}"


class ConstantPad2d(ConstantPad1d):
    """Pads the last two dimensions with ``value``; ``padding`` is one number or (left, right, top, bottom)."""

    dims = 2


class ZeroPad1d(ConstantPad1d):
    """Pads the last dimension with zeros."""

    def __init__(self, padding):
        super().__init__(padding, 0.0)

    def extra_repr(self):
        return f"{self.padding}"


class ZeroPad2d(ZeroPad1d):
    """Pads the last two dimensions with zeros; ``padding`` is one number or (left, right, top, bottom)."""

    dims = 2


class ReflectionPad1d(_Pad):
    """Pads the last dimension with its mirror image, without repeating the edge."""

    def forward(self, input):
        return F.pad(input, self.padding, "reflect")


class ReflectionPad2d(ReflectionPad1d):
    """Pads the last two dimensions with their mirror images, without repeating the edges."""

    dims = 2


class ReplicationPad1d(_Pad):
    """Pads the last dimension by repeating its edges."""

    def forward(self, input):
        return F.pad(input, self.padding, "replicate")


class ReplicationPad2d(ReplicationPad1d):
    """Pads the last two dimensions by repeating their edges."""

    dims = 2


class CircularPad1d(_Pad):
    """Pads the last dimension with values from its other end."""

    def forward(self, input):
        return F.pad(input, self.padding, "circular")


class CircularPad2d(CircularPad1d):
    """Pads the last two dimensions with values from their other ends."""

    dims = 2
