"""The place of `Uniform` in PyTorch; it is written in `continuous`."""

from .continuous import Uniform

__all__ = ["Uniform"]
