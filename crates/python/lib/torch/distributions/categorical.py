"""The place of `Categorical` in PyTorch; it is written in `discrete`."""

from .discrete import Categorical

__all__ = ["Categorical"]
