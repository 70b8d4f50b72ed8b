"""Distances and normalisation to unit length."""

from ..._C import cat


def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    """The p-norm of x1 − x2 + eps over the last dimension."""
    return (x1 - x2 + eps).norm(p, -1, keepdim)


def normalize(input, p=2.0, dim=1, eps=1e-12, out=None):
    """Divides by the p-norm along ``dim``, but never by less than ``eps``."""
    if out is not None:
        raise NotImplementedError("torch.nn.functional.normalize: out= is not part of Lyceum yet")
    return input / input.norm(p, dim, keepdim=True).clamp(min=eps).expand_as(input)


def local_response_norm(input, size, alpha=1e-4, beta=0.75, k=1.0):
    """Divides by (k + alpha · mean of squares over ``size`` neighbouring channels)^beta."""
    if input.dim() < 3:
        raise ValueError(
            f"Expected 3D or higher dimensionality                          input (got {input.dim()} dimensions)"
        )
    if input.numel() == 0:
        return input
    channels = input.size(1)
    squares = input * input
    before = squares.new_zeros((input.size(0), size // 2, *input.shape[2:]))
    after = squares.new_zeros((input.size(0), (size - 1) // 2, *input.shape[2:]))
    padded = cat([before, squares, after], 1)
    total = padded.narrow(1, 0, channels)
    for offset in range(1, size):
        total = total + padded.narrow(1, offset, channels)
    return input / (total / size * alpha + k) ** beta
