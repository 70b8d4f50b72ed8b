"""`torchvision.transforms`: what is done to pictures before a network sees them."""

from _lyceum.missing import declare

from ._modes import InterpolationMode
from ._chains import Compose, Lambda, RandomApply, RandomChoice, RandomOrder
from ._plain import (
    CenterCrop, ConvertImageDtype, FiveCrop, Grayscale, Normalize, Pad, PILToTensor, Resize, TenCrop, ToPILImage,
    ToTensor,
)
from ._random import (
    ColorJitter, GaussianBlur, RandomAffine, RandomCrop, RandomErasing, RandomGrayscale, RandomHorizontalFlip,
    RandomInvert, RandomPosterize, RandomResizedCrop, RandomRotation, RandomSolarize, RandomVerticalFlip,
)

for _name in list(globals()):
    if isinstance(globals()[_name], type):
        globals()[_name].__module__ = "torchvision.transforms.transforms"

__getattr__ = declare(
    __name__,
    "AugMix AutoAugment AutoAugmentPolicy ElasticTransform LinearTransformation RandAugment RandomAdjustSharpness "
    "RandomAutocontrast RandomEqualize RandomPerspective TrivialAugmentWide autoaugment",
    submodules=("functional", "transforms", "v2"),
)
