"""Functions of `torch` that are made of others; the operations themselves are the engine's."""

from . import _C
from ._absent import absent_names
from .linalg import det, inv as inverse, matrix_power, slogdet


def cross(input, other, dim=None, *, out=None):
    """The vector product of vectors of three along ``dim``, or along the first dimension of size 3."""
    from .linalg import cross as along

    if dim is None:
        sizes = list(input.shape)
        if 3 not in sizes:
            raise RuntimeError("no dimension of size 3 in input")
        dim = sizes.index(3)
    return along(input, other, dim=dim, out=out)


def logdet(input):
    """The logarithm of the determinant: NaN where it is negative."""
    sign, logarithm = slogdet(input)
    return _C.where(sign < 0, float("nan"), logarithm)


def cov(input, *, correction=1, fweights=None, aweights=None):
    """The covariance matrix of variables in rows and observations in columns."""
    if input.dim() > 2:
        raise RuntimeError(
            f"cov(): expected input to have two or fewer dimensions but got an input with {input.dim()} dimensions"
        )
    rows = input.reshape(1, -1) if input.dim() < 2 else input
    weights = None
    if fweights is not None:
        weights = fweights.to(rows.dtype)
    if aweights is not None:
        weights = aweights.to(rows.dtype) if weights is None else weights * aweights
    if weights is None:
        total = rows.size(1)
        centred = rows - rows.mean(1, keepdim=True)
        spread = centred @ centred.t()
        divisor = max(total - correction, 0)
    else:
        total = weights.sum()
        mean = (rows * weights).sum(1, keepdim=True) / total
        centred = rows - mean
        spread = (centred * weights) @ centred.t()
        lost = correction * ((weights * aweights).sum() / total if aweights is not None else 1)
        divisor = (total - lost).clamp(min=0)
    return (spread / divisor).squeeze()


def corrcoef(input):
    """The matrix of correlations between variables in rows, from −1 to 1."""
    covariance = cov(input)
    if covariance.dim() == 0:
        return covariance / covariance
    deviations = covariance.diagonal().sqrt()
    return (covariance / deviations.unsqueeze(1) / deviations.unsqueeze(0)).clamp(-1, 1)


def hsplit(input, indices_or_sections):
    """Splits along the second dimension, or the only one."""
    if input.dim() < 1:
        raise RuntimeError(
            "torch.hsplit requires a tensor with at least 1 dimension, but got a tensor with 0 dimensions!"
        )
    return _split(input, indices_or_sections, 0 if input.dim() == 1 else 1, "hsplit")


def vsplit(input, indices_or_sections):
    """Splits along the first dimension of a tensor with at least two."""
    if input.dim() < 2:
        raise RuntimeError(
            f"torch.vsplit requires a tensor with at least 2 dimension, but got a tensor with {input.dim()} dimensions!"
        )
    return _split(input, indices_or_sections, 0, "vsplit")


def dsplit(input, indices_or_sections):
    """Splits along the third dimension."""
    if input.dim() < 3:
        raise RuntimeError(
            f"torch.dsplit requires a tensor with at least 3 dimension, but got a tensor with {input.dim()} dimensions!"
        )
    return _split(input, indices_or_sections, 2, "dsplit")


def _split(input, indices_or_sections, dim, name):
    if isinstance(indices_or_sections, int) and (
        indices_or_sections <= 0 or input.size(dim) % indices_or_sections != 0
    ):
        raise RuntimeError(
            f"torch.{name} attempted to split along dimension {dim}, but the size of the dimension {input.size(dim)} "
            f"is not divisible by the split_size {indices_or_sections}!"
        )
    return _C.tensor_split(input, indices_or_sections, dim)


def trapezoid(y, x=None, *, dx=1, dim=-1):
    """The area under values ``y``, by trapezoids, at points ``x`` or at the distance ``dx``."""
    size = y.size(dim)
    if size == 0:
        return y.sum(dim)
    heights = y.narrow(dim, 1, size - 1) + y.narrow(dim, 0, size - 1)
    if x is None:
        return heights.sum(dim) * (dx / 2)
    if x.dim() == 1:
        steps = x[1:] - x[:-1]
        steps = steps.reshape([-1 if d == dim % y.dim() else 1 for d in range(y.dim())])
    else:
        steps = x.narrow(dim, 1, size - 1) - x.narrow(dim, 0, size - 1)
    return (heights * steps).sum(dim) / 2


trapz = trapezoid


def vander(x, N=None, increasing=False):
    """The matrix of powers of ``x``: columns xᴺ⁻¹, …, x, 1, or the other way round."""
    count = x.size(0) if N is None else N
    powers = _C.arange(count)
    return x.unsqueeze(1) ** (powers if increasing else powers.flip(0))


def unravel_index(indices, shape):
    """The coordinates, one tensor for each dimension of ``shape``, of flat indices."""
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    coordinates = []
    for size in reversed(shape):
        coordinates.append(indices % size)
        indices = indices // size
    return tuple(reversed(coordinates))


def detach(input):
    """A tensor with the same values, cut off from the graph."""
    return input.detach()


def is_nonzero(input):
    """Says whether a tensor of one element is not zero."""
    if input.numel() != 1:
        if input.numel() == 0:
            raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
        raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
    return bool(input.item() != 0)


def is_signed(input):
    """Says whether the dtype has negative numbers."""
    return input.dtype.is_signed


def is_inference(input):
    """Says whether a tensor was made in inference mode."""
    return input.is_inference()


def is_same_size(input, other):
    """Says whether two tensors have the same shape."""
    return input.shape == other.shape


def __getattr__(name):
    raise absent_names("", name)
