"""The class ``ndarray``: a tensor of the engine with numpy's face.

Views share memory, as those of tensors do. What is more than a line is in the file of its subject, and a method is the
function of the same name.
"""

from . import _dtypes
from ._absent import NotInLyceum
from ._scalars import MAKERS, scalar

_new = object.__new__


def wrap(tensor):
    """Makes the array that holds a tensor."""
    made = _new(ndarray)
    made._tensor = tensor
    made._base = None
    made._is_reversed = False
    return made


def result(tensor):
    """Makes an array, or a number where nothing is left of the dimensions."""
    return wrap(tensor) if tensor.dim() else scalar(tensor)


class ndarray:
    """An array of numbers of one type, in any number of dimensions."""

    __slots__ = ("_tensor", "_base", "_is_reversed", "__weakref__")
    __hash__ = None

    def __new__(cls, shape, dtype=float, buffer=None, offset=0, strides=None, order=None):
        from ._absent import refuse
        from ._creation import empty

        refuse("numpy.ndarray", buffer=buffer, strides=strides)
        return empty(shape, dtype)

    # What it is.

    @property
    def dtype(self):
        return _dtypes.OF_TORCH[self._tensor.dtype]

    @property
    def shape(self):
        return tuple(self._tensor.shape)

    @shape.setter
    def shape(self, shape):
        self._tensor = self.reshape(shape)._tensor

    @property
    def ndim(self):
        return self._tensor.ndim

    @property
    def size(self):
        return self._tensor.numel()

    @property
    def itemsize(self):
        return self._tensor.itemsize

    @property
    def nbytes(self):
        return self._tensor.nbytes

    @property
    def strides(self):
        return tuple(step * self._tensor.itemsize for step in self._tensor.stride())

    @property
    def base(self):
        return self._base

    @property
    def flags(self):
        return Flags(self)

    @property
    def T(self):
        return self.transpose()

    @property
    def mT(self):
        return self.swapaxes(-1, -2)

    @property
    def real(self):
        return self

    @property
    def flat(self):
        return Flat(self)

    @property
    def __array_interface__(self):
        return {
            "shape": self.shape,
            "typestr": self.dtype.str,
            "data": (self._tensor.data_ptr(), False),
            "strides": None,
            "version": 3,
        }

    def _view(self, tensor):
        made = wrap(tensor)
        made._base = self if self._base is None else self._base
        made._is_reversed = self._is_reversed
        return made

    def _check_shareable(self):
        if self._is_reversed:
            raise ValueError(
                "At least one stride in the given numpy array is negative, and tensors with negative strides are not "
                "currently supported. (You can probably work around this by making a copy of your array  with array.copy().) "
            )

    def _writable(self):
        if self._is_reversed:
            raise NotInLyceum("writing through a view with a negative step is not part of Lyceum yet; use .copy()")
        return self._tensor

    # As other things.

    def __array__(self, dtype=None, copy=None):
        made = self if dtype is None else self.astype(dtype)
        return made.copy() if copy else made

    def item(self, *args):
        if len(args) == 1 and not isinstance(args[0], tuple):
            return self._tensor.reshape(-1)[args[0]].item()
        if args:
            return self[args if len(args) > 1 else args[0]].item()
        if self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return self._tensor.item()

    def tolist(self):
        return self._tensor.tolist()

    def tobytes(self, order="C"):
        import struct

        code = {"float64": "d", "float32": "f", "int64": "q", "int32": "i", "uint8": "B", "bool": "?"}[self.dtype.name]
        flat = self._tensor.reshape(-1).tolist()
        return struct.pack(f"<{len(flat)}{code}", *flat)

    def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        kind = _dtypes.find(dtype)
        if kind.torch is None:
            from ._objects import make, text_width

            width = text_width(self.dtype)
            return make(self.tolist(), _dtypes.text(width) if kind.kind == "U" and not kind.itemsize else kind)
        if not _dtypes.can_cast(self.dtype, kind, casting):
            raise TypeError(f"Cannot cast array data from {self.dtype!r} to {kind!r} according to the rule '{casting}'")
        if kind.torch is self._tensor.dtype:
            return self.copy() if copy else self
        from ._operands import cast

        return wrap(cast(self._tensor, kind))

    def view(self, dtype=None, type=None):
        if dtype is None or dtype is ndarray:
            return self._view(self._tensor)
        kind = _dtypes.numeric(dtype)
        return self._view(self._tensor.view(kind.torch))

    def copy(self, order="C"):
        tensor = self._tensor
        return wrap(tensor.clone() if tensor.is_contiguous() else tensor.contiguous())

    def __copy__(self):
        return self.copy()

    def __deepcopy__(self, memo):
        return self.copy()

    def __reduce__(self):
        from ._convert import array

        return array, (self.tolist(), self.dtype.name)

    def fill(self, value):
        self[...] = value

    def __repr__(self):
        from ._printing import array_repr

        return array_repr(self)

    def __str__(self):
        from ._printing import array_str

        return array_str(self)

    def __format__(self, spec):
        if self.ndim == 0:
            return format(self.item(), spec)
        if spec:
            raise TypeError("unsupported format string passed to numpy.ndarray.__format__")
        return str(self)

    def __len__(self):
        if not self._tensor.ndim:
            raise TypeError("len() of unsized object")
        return self._tensor.size(0)

    def __iter__(self):
        tensor = self._tensor
        if tensor.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        if tensor.ndim == 1:
            return map(MAKERS[tensor.dtype], tensor.tolist())
        return map(self._view, tensor)

    def __contains__(self, value):
        return bool((self == value).any())

    def __bool__(self):
        size = self._tensor.numel()
        if size == 1:
            return bool(self._tensor.item())
        if size == 0:
            raise ValueError(
                "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty."
            )
        raise ValueError("The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")

    def _only(self):
        if self._tensor.ndim:
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        return self._tensor.item()

    def __float__(self):
        return float(self._only())

    def __int__(self):
        return int(self._only())

    def __complex__(self):
        return complex(self._only())

    def __index__(self):
        if self._tensor.ndim or self.dtype.kind not in "iu":
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return self._tensor.item()


class Flags:
    """How an array's memory is laid out; ``x.flags["C_CONTIGUOUS"]`` and ``x.flags.c_contiguous``."""

    def __init__(self, array):
        self.c_contiguous = array._tensor is None or array._tensor.is_contiguous()
        self.f_contiguous = (
            array._tensor is not None and array._tensor.permute(*reversed(range(array.ndim))).is_contiguous()
            if array.ndim
            else True
        )
        self.owndata = array._base is None
        self.writeable = not array._is_reversed
        self.contiguous = self.c_contiguous

    def __getitem__(self, name):
        return getattr(self, name.lower())


class Flat:
    """An array's elements in one row, to walk or to index."""

    def __init__(self, array):
        self._array = array

    def __iter__(self):
        return iter(self._array.ravel())

    def __len__(self):
        return self._array.size

    def __getitem__(self, key):
        return self._array.ravel()[key]

    def __setitem__(self, key, value):
        flat = self._array._writable().reshape(-1)
        wrap(flat)[key] = value
        self._array._tensor.copy_(flat.reshape(self._array._tensor.shape))


ndarray.__module__ = "numpy"
