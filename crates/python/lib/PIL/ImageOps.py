"""`PIL.ImageOps`: everyday operations on pictures."""

import torch

from _lyceum.missing import declare
from . import Image, _modes
from ._options import Resampling, Transpose

__getattr__ = declare(
    __name__, "colorize contain cover crop deform equalize exif_transpose posterize scale sketch",
)


def invert(image):
    """Makes a negative."""
    return image._like(255 - image._pixels)


def mirror(image):
    """Mirrors left and right."""
    return image.transpose(Transpose.FLIP_LEFT_RIGHT)


def flip(image):
    """Mirrors top and bottom."""
    return image.transpose(Transpose.FLIP_TOP_BOTTOM)


def grayscale(image):
    """Makes grey."""
    return image.convert("L")


def solarize(image, threshold=128):
    """Makes a negative of what is not below a threshold."""
    return image._like(torch.where(image._pixels >= threshold, 255 - image._pixels, image._pixels))


def expand(image, border=0, fill=0):
    """Puts a border of one colour around."""
    sides = (border,) * 4 if isinstance(border, int) else tuple(border)
    left, top, right, bottom = sides if len(sides) == 4 else sides * 2
    width, height = image.size
    result = Image.new(image.mode, (width + left + right, height + top + bottom), fill)
    result.paste(image, (left, top))
    return result


def autocontrast(image, cutoff=0, ignore=None, mask=None, preserve_tone=False):
    """Stretches each channel to all of 0 to 255."""
    if cutoff or ignore is not None or mask is not None or preserve_tone:
        from _lyceum.missing import not_here
        raise not_here("ImageOps.autocontrast with options")
    table = []
    for low, high in [band.getextrema() for band in image.split()]:
        if high <= low:
            table += list(range(256))
            continue
        scale = 255.0 / (high - low)
        table += [min(max(int(value * scale - low * scale), 0), 255) for value in range(256)]
    return image.point(table)


def fit(image, size, method=Resampling.BICUBIC, bleed=0.0, centering=(0.5, 0.5)):
    """Cuts a picture to the shape of a size, and gives it that size."""
    width, height = image.width - 2 * int(bleed * image.width), image.height - 2 * int(bleed * image.height)
    wanted = size[0] / size[1]
    across, down = (width, width / wanted) if width / height < wanted else (wanted * height, height)
    if width / height == wanted:
        across, down = width, height
    left = bleed * image.width + (width - across) * centering[0]
    top = bleed * image.height + (height - down) * centering[1]
    return image.resize(size, method, box=(left, top, left + across, top + down))


def pad(image, size, method=Resampling.BICUBIC, color=None, centering=(0.5, 0.5)):
    """Gives a picture a size without changing its shape; what is left over has one colour."""
    aspect, wanted = image.width / image.height, size[0] / size[1]
    fitted = image
    if aspect != wanted:
        inner = (size[0], round(image.height / image.width * size[0])) if aspect > wanted else (
            round(image.width / image.height * size[1]), size[1])
        fitted = image.resize(inner, method)
    else:
        return image.resize(size, method)
    result = Image.new(image.mode, size, 0 if color is None else color)
    room = (size[0] - fitted.width, size[1] - fitted.height)
    result.paste(fitted, tuple(round(side * max(0, min(at, 1))) for side, at in zip(room, centering)))
    return result
