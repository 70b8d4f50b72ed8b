"""`torch.fft`: discrete Fourier transforms, over the engine's transform of real signals.

X[k] = Σ x[j]·exp(−2πi·jk/n). ``norm`` says where the factor 1/n goes: into the inverse ("backward", the usual), into
the transform ("forward"), or its root into both ("ortho"). Complex results are :class:`ComplexTensor` s.
"""

from math import sqrt

from . import _C
from ._absent import absent_names
from ._C import arange, cat, float64, get_default_dtype
from ._complex import ComplexTensor


def rfft(input, n=None, dim=-1, norm=None):
    """The transform of a real signal: its frequencies 0 to n/2, as the others mirror them."""
    input = _real_input(input, "rfft")
    n = _length(input.size(dim) if n is None else n)
    return ComplexTensor(*_C._rfft(input, n, dim)) * _scale(n, norm)


def irfft(input, n=None, dim=-1, norm=None):
    """The real signal of length ``n`` whose frequencies 0 to n/2 are given; undoes :func:`rfft`."""
    input = _complex_input(input)
    n = _length(2 * (input.size(dim) - 1) if n is None else n)
    return _C._irfft(input.real, input.imag, n, dim) * (n * _scale(n, _opposite(norm)))


def fft(input, n=None, dim=-1, norm=None):
    """The transform of a real or complex signal."""
    if isinstance(input, ComplexTensor):
        n = _length(input.size(dim) if n is None else n)
        real, imag = _whole(input.real, n, dim), _whole(input.imag, n, dim)
        result = ComplexTensor(real.real - imag.imag, real.imag + imag.real)
    else:
        input = _real_input(input, "fft")
        n = _length(input.size(dim) if n is None else n)
        result = _whole(input, n, dim)
    return result * _scale(n, norm)


def ifft(input, n=None, dim=-1, norm=None):
    """The signal whose transform is given; undoes :func:`fft`."""
    n = _length(input.size(dim) if n is None else n)
    return fft(_complex_input(input).conj(), n, dim, _opposite(norm)).conj()


def fftn(input, s=None, dim=None, norm=None):
    """The transform over several dimensions, all of them unless ``dim`` says which."""
    return _over(fft, input, s, dim, norm)


def ifftn(input, s=None, dim=None, norm=None):
    """Undoes :func:`fftn`."""
    return _over(ifft, input, s, dim, norm)


def fft2(input, s=None, dim=(-2, -1), norm=None):
    """The transform of images, over the last two dimensions."""
    return _over(fft, input, s, dim, norm)


def ifft2(input, s=None, dim=(-2, -1), norm=None):
    """Undoes :func:`fft2`."""
    return _over(ifft, input, s, dim, norm)


def rfftn(input, s=None, dim=None, norm=None):
    """The transform of a real signal over several dimensions; the last of them keeps frequencies 0 to n/2."""
    sizes, dims = _sizes(input, s, dim)
    return _over(fft, rfft(input, sizes[-1], dims[-1], norm), sizes[:-1], dims[:-1], norm)


def irfftn(input, s=None, dim=None, norm=None):
    """Undoes :func:`rfftn`."""
    sizes, dims = _sizes(input, s, dim)
    last = 2 * (input.size(dims[-1]) - 1) if s is None else sizes[-1]
    return irfft(_over(ifft, input, sizes[:-1], dims[:-1], norm), last, dims[-1], norm)


def rfft2(input, s=None, dim=(-2, -1), norm=None):
    """The transform of real images, over the last two dimensions."""
    return rfftn(input, s, dim, norm)


def irfft2(input, s=None, dim=(-2, -1), norm=None):
    """Undoes :func:`rfft2`."""
    return irfftn(input, s, dim, norm)


def fftfreq(n, d=1.0, *, dtype=None, device=None, requires_grad=False):
    """The frequency of each place of :func:`fft`, for samples ``d`` apart: 0, 1, ..., −2, −1 over n · d."""
    steps = cat([arange((n + 1) // 2), arange(-(n // 2), 0)])
    return _frequencies(steps, n, d, dtype, device, requires_grad)


def rfftfreq(n, d=1.0, *, dtype=None, device=None, requires_grad=False):
    """The frequency of each place of :func:`rfft`, for samples ``d`` apart: 0, 1, ..., n/2 over n · d."""
    return _frequencies(arange(n // 2 + 1), n, d, dtype, device, requires_grad)


def fftshift(input, dim=None):
    """Moves frequency zero to the middle."""
    dims = _dims(input, dim)
    return input.roll([input.size(dim) // 2 for dim in dims], dims)


def ifftshift(input, dim=None):
    """Undoes :func:`fftshift`."""
    dims = _dims(input, dim)
    return input.roll([-(input.size(dim) // 2) for dim in dims], dims)


def _whole(input, n, dim):
    """All n frequencies of a real signal: X[n − k] is the conjugate of X[k]."""
    real, imag = _C._rfft(input, n, dim)
    mirrored = n - n // 2 - 1
    if mirrored:
        real = cat([real, real.narrow(dim, 1, mirrored).flip(dim)], dim)
        imag = cat([imag, -imag.narrow(dim, 1, mirrored).flip(dim)], dim)
    return ComplexTensor(real, imag)


def _over(transform, input, s, dim, norm):
    sizes, dims = _sizes(input, s, dim)
    result = _complex_input(input)
    for size, one in zip(sizes, dims):
        result = transform(result, size, one, norm)
    return result


def _sizes(input, s, dim):
    """The length and the number of each dimension to transform."""
    if isinstance(dim, int):
        dim = (dim,)
    if isinstance(s, int):
        s = (s,)
    if dim is None:
        dim = range(-input.dim(), 0) if s is None else range(-len(s), 0)
    dims = list(dim)
    sizes = [input.size(one) for one in dims] if s is None else list(s)
    if len(sizes) != len(dims):
        raise RuntimeError("When given, dim and shape arguments must have the same length")
    return [input.size(one) if size == -1 else size for size, one in zip(sizes, dims)], dims


def _dims(input, dim):
    if dim is None:
        return list(range(input.dim()))
    return [dim] if isinstance(dim, int) else list(dim)


def _real_input(input, name):
    if isinstance(input, ComplexTensor):
        raise TypeError(f"{name} expects a real input tensor, but got {input.dtype}")
    return input if input.is_floating_point() else input.to(get_default_dtype())


def _complex_input(input):
    if isinstance(input, ComplexTensor):
        return input
    input = _real_input(input, "fft")
    return ComplexTensor(input, input.new_zeros(input.shape))


def _length(n):
    if n < 1:
        raise RuntimeError(f"Invalid number of data points ({n}) specified")
    return n


def _scale(n, norm):
    """The factor of a transform without one."""
    if norm is None or norm == "backward":
        return 1.0
    if norm == "ortho":
        return 1 / sqrt(n)
    if norm == "forward":
        return 1 / n
    raise RuntimeError(f"Invalid normalization mode: {norm!r}")


def _opposite(norm):
    """The norm under which the transform has the factor of the inverse under ``norm``."""
    return {None: "forward", "backward": "forward", "forward": "backward"}.get(norm, norm)


def _frequencies(steps, n, d, dtype, device, requires_grad):
    values = (steps.to(float64) / (n * d)).to(dtype=dtype or get_default_dtype(), device=device)
    return values.requires_grad_() if requires_grad else values


def __getattr__(name):
    raise absent_names("fft", name)
