"""The place of `Bernoulli` in PyTorch; it is written in `discrete`."""

from .discrete import Bernoulli

__all__ = ["Bernoulli"]
