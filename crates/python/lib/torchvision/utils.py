"""`torchvision.utils`: pictures in rows and columns."""

import math

import torch
from PIL import Image

from _lyceum.missing import declare

__getattr__ = declare(
    __name__, "draw_bounding_boxes draw_keypoints draw_segmentation_masks flow_to_image",
)


@torch.no_grad()
def make_grid(tensor, nrow=8, padding=2, normalize=False, value_range=None, scale_each=False, pad_value=0.0):
    """Puts pictures `(N, C, H, W)` into one, `nrow` in a row."""
    if not isinstance(tensor, torch.Tensor):
        if not isinstance(tensor, list):
            raise TypeError(f"tensor or list of tensors expected, got {type(tensor)}")
        for part in tensor:
            if not isinstance(part, torch.Tensor):
                raise TypeError(f"tensor or list of tensors expected, got a list containing {type(part)}")
        tensor = torch.stack(tensor, dim=0)
    if tensor.dim() == 2:
        tensor = tensor.unsqueeze(0)
    if tensor.dim() == 3:
        tensor = torch.cat((tensor,) * 3, 0) if tensor.size(0) == 1 else tensor
        tensor = tensor.unsqueeze(0)
    if tensor.dim() == 4 and tensor.size(1) == 1:
        tensor = torch.cat((tensor,) * 3, 1)
    if normalize:
        tensor = tensor.clone()
        if value_range is not None and not isinstance(value_range, tuple):
            raise TypeError("value_range has to be a tuple (min, max) if specified. min and max are numbers")
        for part in tensor if scale_each else [tensor]:
            low, high = value_range or (float(part.min()), float(part.max()))
            part.clamp_(min=low, max=high)
            part.sub_(low).div_(max(high - low, 1e-5))
    if tensor.size(0) == 1:
        return tensor.squeeze(0)
    count = tensor.size(0)
    across = min(nrow, count)
    down = int(math.ceil(float(count) / across))
    height, width = int(tensor.size(2) + padding), int(tensor.size(3) + padding)
    grid = tensor.new_full((tensor.size(1), height * down + padding, width * across + padding), pad_value)
    for place in range(count):
        y, x = divmod(place, across)
        top, left = y * height + padding, x * width + padding
        grid[:, top : top + height - padding, left : left + width - padding] = tensor[place]
    return grid


@torch.no_grad()
def save_image(tensor, fp, format=None, **kwargs):
    """Writes pictures from 0 to 1 into one file; the options are those of `make_grid`."""
    grid = make_grid(tensor, **kwargs)
    pixels = grid.mul(255).add_(0.5).clamp_(0, 255).permute(1, 2, 0).to(torch.uint8)
    Image.fromarray(pixels).save(fp, format=format)
