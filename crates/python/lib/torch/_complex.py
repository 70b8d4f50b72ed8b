"""Complex numbers as pairs of real tensors: what spectra and rotary embeddings need.

The engine has no complex dtype. :class:`ComplexTensor` holds a real and an imaginary part and computes with both; what
it cannot do it refuses by name. Its parts are ordinary tensors, so derivatives flow through it.
"""

import sys
from math import pi

from . import _C
from ._absent import NotInLyceum
from ._C import Tensor, atan2, complex64, complex128, cos, float64, hypot, sin, stack, where, zeros_like

# Methods that do to a complex tensor what they do to its two parts.
_OF_BOTH = frozenset(
    "chunk clone contiguous cpu cumsum detach diff expand expand_as flatten flip index_select mean movedim moveaxis "
    "narrow permute repeat repeat_interleave reshape roll select split squeeze sum swapaxes swapdims t transpose "
    "tril triu unbind unflatten unfold unsqueeze view".split()
)


class ComplexTensor:
    """A complex tensor, ``real`` + i · ``imag``: what :func:`torch.stft`, :mod:`torch.fft` and :func:`torch.polar` give."""

    __slots__ = ("real", "imag")

    def __init__(self, real, imag):
        self.real = real
        self.imag = imag

    @property
    def shape(self):
        """The sizes of its dimensions."""
        return self.real.shape

    @property
    def ndim(self):
        """How many dimensions it has."""
        return self.real.ndim

    @property
    def dtype(self):
        """complex64 over float32, complex128 over float64."""
        return complex128 if self.real.dtype == float64 else complex64

    @property
    def device(self):
        """Where its parts are."""
        return self.real.device

    @property
    def requires_grad(self):
        """Says whether one of its parts wants a gradient."""
        return self.real.requires_grad or self.imag.requires_grad

    @property
    def T(self):
        """The transposed matrix, not conjugated."""
        return self.t()

    @property
    def mT(self):
        """The last two dimensions swapped, not conjugated."""
        return self.transpose(-2, -1)

    def size(self, dim=None):
        """The sizes of its dimensions, or of one."""
        return self.real.size() if dim is None else self.real.size(dim)

    def dim(self):
        """How many dimensions it has."""
        return self.real.dim()

    def numel(self):
        """How many elements it has."""
        return self.real.numel()

    def is_complex(self):
        """True."""
        return True

    def is_floating_point(self):
        """False, as of torch's complex tensors."""
        return False

    def abs(self):
        """The distance of each element from zero. Its derivative at zero is zero."""
        is_zero = (self.real == 0) & (self.imag == 0)
        if not is_zero.any():
            return hypot(self.real, self.imag)
        return hypot(self.real.masked_fill(is_zero, 1.0), self.imag).masked_fill(is_zero, 0.0)

    def angle(self):
        """The angle of each element, in radians."""
        return atan2(self.imag, self.real)

    def conj(self):
        """The mirrored number, ``real`` − i · ``imag``."""
        return ComplexTensor(self.real, -self.imag)

    def to(self, *args, **kwargs):
        """Moves both parts; between dtypes only to the complex types."""
        wanted = [arg for arg in (*args, *kwargs.values()) if arg in (complex64, complex128)]
        if wanted:
            part = float64 if wanted[0] == complex128 else _C.float32
            return ComplexTensor(self.real.to(part), self.imag.to(part))
        return ComplexTensor(self.real.to(*args, **kwargs), self.imag.to(*args, **kwargs))

    def item(self):
        """The only element as a Python number."""
        return complex(self.real.item(), self.imag.item())

    def tolist(self):
        """Nested lists of Python numbers."""
        return _paired(self.real.tolist(), self.imag.tolist())

    def backward(self, *args, **kwargs):
        """Raises: a loss is a real number."""
        raise RuntimeError("grad can be implicitly created only for real scalar outputs but got " + str(self.dtype))

    def __getattr__(self, name):
        if name in _OF_BOTH:
            return lambda *args, **kwargs: _joined(
                getattr(self.real, name)(*args, **kwargs), getattr(self.imag, name)(*args, **kwargs)
            )
        if name.startswith("__") or not hasattr(Tensor, name):
            raise AttributeError(f"'ComplexTensor' object has no attribute '{name}'")
        raise NotInLyceum(f"ComplexTensor.{name} is not part of Lyceum; compute with .real and .imag")

    def __len__(self):
        return len(self.real)

    def __getitem__(self, index):
        return ComplexTensor(self.real[index], self.imag[index])

    def __setitem__(self, index, value):
        self.real[index], self.imag[index] = _parts(value)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __abs__(self):
        return self.abs()

    def __neg__(self):
        return ComplexTensor(-self.real, -self.imag)

    def __add__(self, other):
        real, imag = _parts(other)
        return ComplexTensor(self.real + real, self.imag + imag)

    def __sub__(self, other):
        return self + -as_complex(other)

    def __rsub__(self, other):
        return -self + other

    def __mul__(self, other):
        if not isinstance(other, (ComplexTensor, complex)):
            return ComplexTensor(self.real * other, self.imag * other)
        real, imag = _parts(other)
        return ComplexTensor(self.real * real - self.imag * imag, self.real * imag + self.imag * real)

    def __truediv__(self, other):
        if not isinstance(other, (ComplexTensor, complex)):
            return ComplexTensor(self.real / other, self.imag / other)
        real, imag = _parts(other)
        scale = real * real + imag * imag
        return self * ComplexTensor(real / scale, -imag / scale)

    def __rtruediv__(self, other):
        return as_complex(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def __repr__(self):
        return f"ComplexTensor(real={self.real!r}, imag={self.imag!r})"


def _joined(real, imag):
    if isinstance(real, (tuple, list)):
        return type(real)(ComplexTensor(*pair) for pair in zip(real, imag))
    return ComplexTensor(real, imag)


def _paired(real, imag):
    return [_paired(*pair) for pair in zip(real, imag)] if isinstance(real, list) else complex(real, imag)


def _parts(value):
    if isinstance(value, (ComplexTensor, complex)):
        return value.real, value.imag
    return value, 0.0


def as_complex(value):
    """A real tensor or a number as a :class:`ComplexTensor`."""
    if isinstance(value, ComplexTensor):
        return value
    if isinstance(value, Tensor):
        return ComplexTensor(value, zeros_like(value))
    return ComplexTensor(_C.tensor(float(value.real)), _C.tensor(float(value.imag)))


def complex_(real, imag):
    """torch.complex: a complex tensor of its two parts."""
    if real.dtype != imag.dtype:
        raise RuntimeError(
            f"Expected object of scalar type {real.dtype} but got scalar type {imag.dtype} for second argument"
        )
    if not real.is_floating_point():
        raise NotImplementedError(
            f"Expected both inputs to be Half, Float or Double tensors but got {real.dtype} and {imag.dtype}"
        )
    return ComplexTensor(*_C.broadcast_tensors(real, imag))


def polar(abs, angle):
    """A complex tensor of distances from zero and angles: abs · (cos angle + i · sin angle)."""
    return ComplexTensor(abs * cos(angle), abs * sin(angle))


def view_as_complex(input):
    """Takes the last dimension, of size 2, as real and imaginary part."""
    if input.dim() == 0 or input.size(-1) != 2:
        raise RuntimeError("Tensor must have a last dimension of size 2")
    return ComplexTensor(input[..., 0], input[..., 1])


def view_as_real(input):
    """Real and imaginary part side by side in a new last dimension."""
    if not isinstance(input, ComplexTensor):
        raise TypeError("view_as_real is only supported for complex tensors")
    return stack((input.real, input.imag), -1)


def real(input):
    """The real part."""
    return input.real if isinstance(input, ComplexTensor) else input


def imag(input):
    """The imaginary part; real tensors have none."""
    if not isinstance(input, ComplexTensor):
        raise TypeError("imag is not implemented for tensors with non-complex dtypes.")
    return input.imag


def angle(input):
    """The angle of each element in radians; of real numbers 0, or π below zero."""
    if isinstance(input, ComplexTensor):
        return input.angle()
    if not input.is_floating_point():
        input = input.to(_C.get_default_dtype())
    angles = where(input < 0, zeros_like(input) + pi, zeros_like(input))
    return where(input.isnan(), input, angles)


def conj(input):
    """The complex conjugate; a real tensor is its own."""
    return input.conj() if isinstance(input, ComplexTensor) else input


def _extend(name, method):
    """Lets a function of `torch` take complex tensors too, from the moment that there can be one."""
    package = sys.modules[__package__]
    of_real = getattr(package, name)

    def function(input, *args, **kwargs):
        return method(input) if isinstance(input, ComplexTensor) else of_real(input, *args, **kwargs)

    function.__name__ = name
    function.__doc__ = of_real.__doc__
    setattr(package, name, function)


_extend("abs", ComplexTensor.abs)
_extend("absolute", ComplexTensor.abs)
_extend("is_complex", ComplexTensor.is_complex)
