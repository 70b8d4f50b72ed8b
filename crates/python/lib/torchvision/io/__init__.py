"""`torchvision.io`: picture files as tensors `(C, H, W)` in uint8."""

from enum import Enum

import torch
import _lyceum_image as _native

from _lyceum.missing import declare
from PIL import _modes

__getattr__ = declare(
    __name__,
    "VideoReader decode_avif decode_gif decode_heic decode_webp read_video read_video_timestamps write_video image video",
)


class ImageReadMode(Enum):
    """The channels that a picture is to have."""

    UNCHANGED = 0
    GRAY = 1
    GRAY_ALPHA = 2
    RGB = 3
    RGB_ALPHA = 4


_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def read_file(path):
    """Returns the bytes of a file."""
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)


def write_file(filename, data):
    """Writes bytes into a file."""
    with open(filename, "wb") as file:
        file.write(bytes(data.tolist()))


def _decode(data, mode):
    try:
        pixels = _native.decode(data)["pixels"]
    except ValueError as error:
        raise RuntimeError(str(error)) from None
    if pixels.dtype != torch.uint8:
        pixels = pixels.div(256, rounding_mode="floor").to(torch.uint8)
    mode = ImageReadMode[mode.upper()] if isinstance(mode, str) else mode
    if mode is not ImageReadMode.UNCHANGED:
        pixels = _modes.convert(pixels, _MODES[pixels.shape[2]], _MODES[mode.value])
    return pixels.permute(2, 0, 1).contiguous()


def read_image(path, mode=ImageReadMode.UNCHANGED, apply_exif_orientation=False):
    """Reads a PNG or JPEG file."""
    with open(path, "rb") as file:
        return _decode(file.read(), mode)


def decode_image(input, mode=ImageReadMode.UNCHANGED, apply_exif_orientation=False):
    """Reads a picture from the bytes of its file, or from a path."""
    if isinstance(input, str):
        return read_image(input, mode)
    return _decode(bytes(input.tolist()), mode)


decode_png = decode_jpeg = decode_image


def _pixels(input):
    if not isinstance(input, torch.Tensor) or input.dtype != torch.uint8:
        raise RuntimeError("Input tensor dtype should be uint8")
    if input.dim() != 3 or input.shape[0] not in (1, 3):
        raise RuntimeError("The number of channels should be 1 or 3, got: " + str(input.shape[0] if input.dim() else 0))
    return input.permute(1, 2, 0).contiguous()


def encode_png(input, compression_level=6):
    """Returns the bytes of a PNG file as a tensor."""
    return torch.frombuffer(bytearray(_native.encode_png(_pixels(input), compression_level)), dtype=torch.uint8)


def encode_jpeg(input, quality=75):
    """Returns the bytes of a JPEG file as a tensor."""
    if not 1 <= quality <= 100:
        raise ValueError("Image quality should be a positive number between 1 and 100")
    return torch.frombuffer(bytearray(_native.encode_jpeg(_pixels(input), quality)), dtype=torch.uint8)


def write_png(input, filename, compression_level=6):
    """Writes a PNG file."""
    with open(filename, "wb") as file:
        file.write(_native.encode_png(_pixels(input), compression_level))


def write_jpeg(input, filename, quality=75):
    """Writes a JPEG file."""
    if not 1 <= quality <= 100:
        raise ValueError("Image quality should be a positive number between 1 and 100")
    with open(filename, "wb") as file:
        file.write(_native.encode_jpeg(_pixels(input), quality))
