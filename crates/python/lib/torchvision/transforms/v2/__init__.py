"""`torchvision.transforms.v2`: the transforms under their newer names, for one picture at a time.

Pictures alone are transformed: boxes and masks beside them are not part of Lyceum yet.
"""

from enum import Enum

import torch

from _lyceum.missing import declare, not_here

from .. import InterpolationMode, _chains, _plain, _random
from . import functional
from . import functional as F


class Transform(torch.nn.Module):
    """What the transforms have in common: they print all of their settings."""

    def __call__(self, *inputs):
        if len(inputs) != 1:
            raise not_here("transforms.v2 of several inputs", "transform the picture alone")
        return super().__call__(*inputs)

    def __repr__(self):
        shown = []
        for name, value in vars(self).items():
            if name.startswith("_") or name == "training" or not isinstance(
                value, (bool, int, float, str, tuple, list, Enum)
            ):
                continue
            shown.append(f"{name}={value.value if isinstance(value, Enum) else value}")
        return f"{type(self).__name__}({', '.join(shown)})"


class Compose(Transform):
    """Applies transforms one after the other."""

    def __init__(self, transforms):
        super().__init__()
        if not isinstance(transforms, (list, tuple)):
            raise TypeError("Argument transforms should be a sequence of callables")
        if not transforms:
            raise ValueError("Pass at least one transform")
        self.transforms = transforms

    def forward(self, img):
        for transform in self.transforms:
            img = transform(img)
        return img

    def __repr__(self):
        return "\n".join(["Compose("] + [f"      {transform}" for transform in self.transforms] + [")"])


class Identity(Transform):
    """Leaves everything as it is."""

    def forward(self, img):
        return img


class ToImage(Transform):
    """Makes a tensor `(C, H, W)` of a picture or an array, without changing its samples."""

    def forward(self, img):
        return F.to_image(img)


class ToDtype(Transform):
    """Gives a tensor another dtype; `scale` gives its numbers the range of that, too."""

    def __init__(self, dtype, scale=False):
        super().__init__()
        if not isinstance(dtype, torch.dtype):
            raise not_here("transforms.v2.ToDtype with a dict")
        self.dtype = dtype
        self.scale = scale

    def forward(self, img):
        return F.to_dtype(img, self.dtype, self.scale) if isinstance(img, torch.Tensor) else img


class RandomCrop(Transform):
    """Takes a part of a given size from a random place; where there is no choice, nothing is drawn."""

    def __init__(self, size, padding=None, pad_if_needed=False, fill=0, padding_mode="constant"):
        super().__init__()
        self.size = tuple(_plain.size_of(size))
        if padding is not None:
            padding = [padding] if isinstance(padding, int) else list(padding)
            padding = padding if len(padding) == 4 else padding * (4 // len(padding))
        self.padding = padding
        self.pad_if_needed = pad_if_needed
        self.fill = fill
        self.padding_mode = padding_mode

    def forward(self, img):
        height, width = self.size
        if self.padding is not None:
            img = F.pad(img, self.padding, self.fill, self.padding_mode)
        _, h, w = F.get_dimensions(img)
        if self.pad_if_needed:
            more_w, more_h = max(width - w, 0), max(height - h, 0)
            if more_w or more_h:
                img = F.pad(img, [more_w, more_h, more_w, more_h], self.fill, self.padding_mode)
                _, h, w = F.get_dimensions(img)
        if h < height or w < width:
            raise ValueError(f"Required crop size {(height, width)} is larger than padded input image size {(h, w)}.")
        top = _random.below(h - height + 1) if height < h else 0
        left = _random.below(w - width + 1) if width < w else 0
        return F.crop(img, top, left, height, width)


def _newer(older):
    """Makes the newer form of a transform: the same work, all settings in its printed form."""
    return type(older.__name__, (Transform, older), {"__doc__": older.__doc__, "__module__": __name__})


CenterCrop, FiveCrop, TenCrop, Pad, Grayscale, ConvertImageDtype = map(_newer, (
    _plain.CenterCrop, _plain.FiveCrop, _plain.TenCrop, _plain.Pad, _plain.Grayscale, _plain.ConvertImageDtype,
))
RandomHorizontalFlip, RandomVerticalFlip, RandomRotation, RandomAffine, RandomResizedCrop, ColorJitter = map(_newer, (
    _random.RandomHorizontalFlip, _random.RandomVerticalFlip, _random.RandomRotation, _random.RandomAffine,
    _random.RandomResizedCrop, _random.ColorJitter,
))
RandomErasing, RandomGrayscale, RandomInvert, RandomPosterize, RandomSolarize, Normalize = map(_newer, (
    _random.RandomErasing, _random.RandomGrayscale, _random.RandomInvert, _random.RandomPosterize,
    _random.RandomSolarize, _plain.Normalize,
))


class Resize(Transform, _plain.Resize):
    """Gives a picture another size; of one number, that of its shorter side."""

    def __init__(self, size, interpolation=InterpolationMode.BILINEAR, max_size=None, antialias=True):
        super().__init__([size] if isinstance(size, int) else size, interpolation, max_size, antialias)


class GaussianBlur(Transform, _random.GaussianBlur):
    """Blurs with a bell of random width."""

    def __init__(self, kernel_size, sigma=(0.1, 2.0)):
        super().__init__(kernel_size, sigma)
        self.sigma = list(self.sigma)


Lambda = _chains.Lambda
RandomApply = _chains.RandomApply
RandomChoice = _chains.RandomChoice
RandomOrder = _chains.RandomOrder
ToTensor = _plain.ToTensor
PILToTensor = _plain.PILToTensor
ToPILImage = _plain.ToPILImage

__getattr__ = declare(
    __name__,
    "AugMix AutoAugment AutoAugmentPolicy ClampBoundingBoxes ConvertBoundingBoxFormat CutMix ElasticTransform "
    "GaussianNoise JPEG LinearTransformation MixUp RGB RandAugment RandomAdjustSharpness RandomAutocontrast "
    "RandomChannelPermutation RandomEqualize RandomIoUCrop RandomPerspective RandomPhotometricDistort "
    "RandomShortestSize RandomZoomOut SanitizeBoundingBoxes ScaleJitter ToPureTensor TrivialAugmentWide "
    "UniformTemporalSubsample check_type get_bounding_boxes has_all has_any query_chw query_size",
)
