"""`torchvision.transforms.transforms`: the same names as `torchvision.transforms`."""

from . import *  # noqa: F401,F403
from . import InterpolationMode, functional  # noqa: F401
