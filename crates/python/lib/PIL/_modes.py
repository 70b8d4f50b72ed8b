"""Modes of pictures: how many channels each has, and how one becomes another, in Pillow's arithmetic."""

import torch

from _lyceum.missing import not_here

BANDS = {
    "1": ("1",), "L": ("L",), "LA": ("L", "A"), "RGB": ("R", "G", "B"), "RGBA": ("R", "G", "B", "A"),
    "I": ("I",), "F": ("F",),
}
ELSEWHERE = frozenset(("P", "PA", "CMYK", "YCbCr", "LAB", "HSV", "RGBX", "RGBa", "La", "I;16", "I;16L", "I;16B"))


def check(mode):
    """Refuses a mode that is not one, or not here."""
    if mode in BANDS:
        return
    if mode in ELSEWHERE:
        raise not_here(f"PIL.Image: the mode {mode!r}")
    raise ValueError(f"unrecognized image mode {mode!r}")


def dtype_of(mode):
    """Returns the dtype of a mode's samples."""
    return {"I": torch.int32, "F": torch.float32}.get(mode, torch.uint8)


def brightness(pixels):
    """Returns how bright red, green and blue are together, `(H, W, 1)`: ITU-R 601-2 luma in 16 bits."""
    channels = pixels[:, :, :3].to(torch.int32)
    weights = torch.tensor([19595, 38470, 7471], dtype=torch.int32)
    return ((channels * weights).sum(dim=2, keepdim=True) + 0x8000).div(65536, rounding_mode="floor").to(torch.uint8)


def to_bytes(pixels):
    """Clips numbers to 0 to 255; the rest after the point is left out."""
    return pixels.clamp(0, 255).to(torch.uint8)


def convert(pixels, mode, target, dither=True):
    """Converts `(H, W, C)` from one mode to another."""
    check(target)
    if mode == target:
        return pixels.clone()
    has_alpha = mode in ("LA", "RGBA")
    if mode == "F" and target not in ("F", "I"):
        pixels = pixels.clamp(0, 255).to(torch.uint8)
    elif mode == "I" and target not in ("F", "I"):
        pixels = pixels.clamp(0, 255).to(torch.uint8)
    if target in ("I", "F"):
        grey = brightness_exact(pixels) if mode in ("RGB", "RGBA") else pixels[:, :, :1]
        if target == "I" and mode in ("RGB", "RGBA"):
            grey = brightness(pixels)
        return grey.to(dtype_of(target))
    color = pixels[:, :, :-1] if has_alpha else pixels
    if target in ("1", "L", "LA"):
        if target == "1" and dither and color.shape[2] == 3:
            return diffuse(brightness_exact(color).floor().to(torch.uint8))
        color = brightness(color) if color.shape[2] == 3 else color
        if target == "1":
            return diffuse(color) if dither else (color >= 128).to(torch.uint8) * 255
    elif color.shape[2] == 1:
        color = color.expand(-1, -1, 3)
    if target in ("LA", "RGBA"):
        alpha = pixels[:, :, -1:] if has_alpha else torch.full_like(color[:, :, :1], 255)
        color = torch.cat([color, alpha], dim=2)
    return color.contiguous()


def brightness_exact(pixels):
    """Returns the brightness with what comes after the point, for mode "F"."""
    channels = pixels[:, :, :3].to(torch.float32)
    weighted = channels * torch.tensor([299.0, 587.0, 114.0])
    return weighted.sum(dim=2, keepdim=True) / 1000


def diffuse(grey):
    """Makes black and white of grey, and hands each pixel's error on to its neighbours (Floyd and Steinberg)."""
    height, width = grey.shape[0], grey.shape[1]
    rows = grey.reshape(height, width).tolist()
    errors = [0] * (width + 1)
    result = []
    for row in rows:
        left = below_left = below = 0
        line = []
        for x in range(width):
            value = min(max(row[x] + int((left + errors[x + 1]) / 16), 0), 255)
            out = 255 if value > 128 else 0
            line.append(out)
            left = value - out
            twice = left * 2
            errors[x], below_left, below, left = left * 3 + below_left, left * 5 + below, left, left * 7
        errors[width] = below_left
        result.append(line)
    return torch.tensor(result, dtype=torch.uint8).reshape(height, width, 1)


def multiplied(pixels):
    """Returns the colours times their opacity, which is what can be mixed."""
    alpha = pixels[:, :, -1:].to(torch.int32)
    product = pixels[:, :, :-1].to(torch.int32) * alpha + 128
    product = (product.div(256, rounding_mode="floor") + product).div(256, rounding_mode="floor")
    return torch.cat([product.to(torch.uint8), pixels[:, :, -1:]], dim=2)


def divided(pixels):
    """Takes the opacity out of the colours again."""
    alpha = pixels[:, :, -1:].to(torch.int32)
    color = pixels[:, :, :-1].to(torch.int32)
    whole = (alpha == 255) | (alpha == 0)
    result = torch.where(whole, color, (color * 255).div(alpha.clamp(min=1), rounding_mode="floor").clamp(max=255))
    return torch.cat([result.to(torch.uint8), pixels[:, :, -1:]], dim=2)


_NAMED = {
    "black": (0, 0, 0), "white": (255, 255, 255), "red": (255, 0, 0), "green": (0, 128, 0), "lime": (0, 255, 0),
    "blue": (0, 0, 255), "yellow": (255, 255, 0), "cyan": (0, 255, 255), "aqua": (0, 255, 255),
    "magenta": (255, 0, 255), "fuchsia": (255, 0, 255), "gray": (128, 128, 128), "grey": (128, 128, 128),
    "silver": (192, 192, 192), "maroon": (128, 0, 0), "navy": (0, 0, 128), "olive": (128, 128, 0),
    "purple": (128, 0, 128), "teal": (0, 128, 128), "orange": (255, 165, 0), "pink": (255, 192, 203),
    "brown": (165, 42, 42), "gold": (255, 215, 0), "violet": (238, 130, 238), "indigo": (75, 0, 130),
}


def color_of(color, mode):
    """Returns a colour as a list of samples of a mode; a colour is a number, a tuple, a name or `#rrggbb`."""
    if isinstance(color, str):
        rgb = _named(color)
        if mode in ("RGB", "RGBA"):
            color = rgb if len(rgb) == len(BANDS[mode]) else (*rgb[:3], *([255] if mode == "RGBA" else []))
        else:
            red, green, blue = rgb[:3]
            grey = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
            color = (grey, 255) if mode == "LA" else grey
    channels = len(BANDS[mode])
    if isinstance(color, (tuple, list)) and len(color) == 1:
        color = color[0]
    if isinstance(color, (int, float)):
        if mode == "F":
            return [float(color)]
        number = int(color)
        if channels == 1:
            return [number if mode == "I" else min(max(number, 0), 255)]
        parts = [(number >> shift) & 255 for shift in (0, 8, 16, 24)]
        return [parts[0], parts[3]] if mode == "LA" else parts[:channels]
    color = list(color)
    if mode == "RGBA" and len(color) == 3:
        color.append(255)
    if len(color) == 4 and mode == "RGB":
        color = color[:3]
    if len(color) != channels:
        raise TypeError(f"color must be int, or tuple of {channels} elements")
    return [min(max(int(part), 0), 255) for part in color]


def _named(color):
    name = color.lower().strip()
    if name in _NAMED:
        return _NAMED[name]
    digits = name[1:]
    if name.startswith("#") and all(digit in "0123456789abcdef" for digit in digits):
        if len(digits) in (3, 4):
            return tuple(int(digit * 2, 16) for digit in digits)
        if len(digits) in (6, 8):
            return tuple(int(digits[at : at + 2], 16) for at in range(0, len(digits), 2))
    raise ValueError(f"unknown color specifier: {color!r}")
