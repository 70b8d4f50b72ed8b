"""`PIL.ImageEnhance`: colour, contrast and brightness, by mixing with a picture that has none."""

import torch

from _lyceum.missing import declare
from . import Image, _modes

__getattr__ = declare(__name__, "Sharpness")


class _Enhance:
    def enhance(self, factor):
        """Returns the picture changed: 1 leaves it, 0 takes all of it out, more than 1 strengthens it."""
        return Image.blend(self.degenerate, self.image, factor)


class Color(_Enhance):
    """Strengthens colours."""

    def __init__(self, image):
        self.image = image
        mode = "LA" if "A" in image.getbands() else "L"
        self.degenerate = image.convert(mode).convert(image.mode)


class Contrast(_Enhance):
    """Strengthens differences of brightness."""

    def __init__(self, image):
        self.image = image
        grey = _modes.convert(image._pixels, image.mode, "L")
        mean = int(grey.to(torch.float64).mean().item() + 0.5)
        self.degenerate = Image.new("L", image.size, mean).convert(image.mode)
        _keep_alpha(self)


class Brightness(_Enhance):
    """Strengthens brightness."""

    def __init__(self, image):
        self.image = image
        self.degenerate = Image.new(image.mode, image.size, 0)
        _keep_alpha(self)


def _keep_alpha(enhancer):
    if "A" in enhancer.image.getbands():
        enhancer.degenerate.putalpha(enhancer.image.getchannel("A"))
