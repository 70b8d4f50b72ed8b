"""How pixels are mixed: torchvision's names, and Pillow's numbers for them."""

from enum import Enum


class InterpolationMode(Enum):
    """How the pixels of a picture in another size or place are found."""

    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    BOX = "box"
    HAMMING = "hamming"
    LANCZOS = "lanczos"


PILLOW = {
    InterpolationMode.NEAREST: 0, InterpolationMode.NEAREST_EXACT: 0, InterpolationMode.LANCZOS: 1,
    InterpolationMode.BILINEAR: 2, InterpolationMode.BICUBIC: 3, InterpolationMode.BOX: 4,
    InterpolationMode.HAMMING: 5,
}


def mode_of(interpolation):
    """Returns the mode; one may also be given by Pillow's number."""
    if isinstance(interpolation, InterpolationMode):
        return interpolation
    for mode, number in PILLOW.items():
        if isinstance(interpolation, int) and number == interpolation:
            return mode
    raise TypeError("Argument interpolation should be a InterpolationMode or a corresponding Pillow integer constant")
