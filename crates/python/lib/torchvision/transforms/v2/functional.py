"""`torchvision.transforms.v2.functional`: the functions under their newer names."""

import torch

from .. import functional as _older
from ..functional import *  # noqa: F401,F403

horizontal_flip, vertical_flip = _older.hflip, _older.vflip
horizontal_flip_image, vertical_flip_image = _older.hflip, _older.vflip


def to_image(inpt):
    """Returns a picture or an array `(H, W, C)` as a tensor `(C, H, W)`, without changing its samples."""
    if isinstance(inpt, torch.Tensor):
        return inpt
    if hasattr(inpt, "getbands"):
        return _older.pil_to_tensor(inpt)
    if not hasattr(inpt, "__array__"):
        raise TypeError(f"Input can either be a pure Tensor, a numpy array, or a PIL image, but got {type(inpt)} instead.")
    values = torch.as_tensor(inpt)
    values = values.unsqueeze(2) if values.dim() == 2 else values
    return values.permute(2, 0, 1).contiguous()


def to_dtype(inpt, dtype=torch.float32, scale=False):
    """Gives a tensor another dtype; `scale` gives its numbers the range of that, too."""
    return _older.convert_image_dtype(inpt, dtype) if scale else inpt.to(dtype)


def get_size(inpt):
    """Returns `[height, width]`."""
    return _older.get_dimensions(inpt)[1:]


def get_num_channels(inpt):
    """Returns the number of channels."""
    return _older.get_dimensions(inpt)[0]
