"""`torch.optim.lr_scheduler`: how the learning rate changes from epoch to epoch."""

from .schedulers.base import LRScheduler
from .schedulers.combined import ChainedScheduler, SequentialLR
from .schedulers.cycles import CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR
from .schedulers.plateau import ReduceLROnPlateau
from .schedulers.simple import (
    ConstantLR, CosineAnnealingLR, ExponentialLR, LambdaLR, LinearLR, MultiplicativeLR, MultiStepLR, PolynomialLR,
    StepLR,
)

_LRScheduler = LRScheduler


def __getattr__(name):
    from .._absent import absent_names

    raise absent_names("optim.lr_scheduler", name)
