"""The place of `Normal` in PyTorch; it is written in `continuous`."""

from .continuous import Normal

__all__ = ["Normal"]
