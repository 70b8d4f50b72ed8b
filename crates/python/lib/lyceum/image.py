"""Pictures as tensors.

    >>> from lyceum import image
    >>> picture = image.read("cat.png")                   # (channels, height, width), from 0 to 1
    >>> image.write("cat-negative.png", 1 - picture)

PNG and JPEG are read and written. `PIL.Image` and `torchvision.io` do the same by their own names.
"""

import torch
import _lyceum_image as _native

from PIL import _modes

__all__ = ["read", "write", "resize"]

_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def read(path, channels=None):
    """Reads a picture.

    Args:
        path: the name of a PNG or JPEG file, or its content as bytes
        channels: 1 for grey, 3 for red, green and blue, 4 with opacity; None for what the file has

    Returns:
        `(channels, height, width)` in float32, from 0 to 1

    Raises:
        ValueError: when the file is no picture, is broken, or is too large
        OSError: when there is no such file
    """
    if isinstance(path, (bytes, bytearray)):
        content = path
    else:
        with open(path, "rb") as file:
            content = file.read()
    pixels = _native.decode(content)["pixels"]
    if pixels.dtype != torch.uint8:
        return (pixels.permute(2, 0, 1).float() / 65535).expand(channels or 1, -1, -1).contiguous()
    if channels is not None:
        if channels not in _MODES:
            raise ValueError(f"a picture has 1 to 4 channels, not {channels!r}")
        pixels = _modes.convert(pixels, _MODES[pixels.shape[2]], _MODES[channels])
    return pixels.permute(2, 0, 1).float().div(255).contiguous()


def write(path, picture, quality=90):
    """Writes a picture as PNG or JPEG, by the ending of the name.

    Args:
        path: a name that ends in .png, .jpg or .jpeg
        picture: `(height, width)` or `(channels, height, width)`, from 0 to 1 or in uint8
        quality: of a JPEG, from 1 to 100
    """
    ending = str(path).rpartition(".")[2].lower()
    if ending not in ("png", "jpg", "jpeg"):
        raise ValueError(f"the name of a picture ends in .png, .jpg or .jpeg, not {path!r}")
    if not isinstance(picture, torch.Tensor) or picture.dim() not in (2, 3):
        raise ValueError("a picture is a tensor (height, width) or (channels, height, width)")
    values = picture.detach()
    if values.dtype != torch.uint8:
        values = values.float().mul(255).round().clamp(0, 255).to(torch.uint8)
    values = values.unsqueeze(0) if values.dim() == 2 else values
    pixels = values.permute(1, 2, 0).contiguous()
    content = _native.encode_png(pixels, 6) if ending == "png" else _native.encode_jpeg(pixels, quality)
    with open(path, "wb") as file:
        file.write(content)


def resize(picture, height, width):
    """Gives a picture `(channels, height, width)` another size, without aliasing."""
    from torchvision.transforms import functional

    return functional.resize(picture, [height, width])
