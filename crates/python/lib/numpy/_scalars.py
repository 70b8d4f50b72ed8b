"""Numbers of numpy: what an array of no dimensions gives, with the dtype of the array it came from.

``np.float64`` is a Python float too. Arithmetic on two numbers follows the same rules as on arrays; the common cases are
computed here, everything else goes through the ufuncs.
"""

import functools
import struct

import torch

from . import _dtypes

_INT64_MIN, _INT64_MAX = -(2**63), 2**63 - 1


class generic:
    """The base of all numbers of numpy."""

    __slots__ = ()
    __array_priority__ = -1000000.0
    ndim = 0
    shape = ()
    size = 1
    strides = ()

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        cls.__module__ = "numpy"

    @property
    def nbytes(self):
        return self.dtype.itemsize

    itemsize = nbytes

    @property
    def T(self):
        return self

    @property
    def real(self):
        return self

    @property
    def _tensor(self):
        return torch.tensor(self.item(), dtype=self._torch_dtype)

    def tolist(self):
        return self.item()

    def __array__(self, dtype=None, copy=None):
        array = _array(self._tensor)
        return array if dtype is None else array.astype(dtype)

    def __repr__(self):
        return f"np.{type(self).__name__}({self})"

    def __format__(self, spec):
        return format(self.item(), spec) if spec else str(self)

    def __bool__(self):
        return bool(self.item())

    def __float__(self):
        return float(self.item())

    def __int__(self):
        return int(self.item())

    def __complex__(self):
        return complex(self.item())

    def __hash__(self):
        return hash(self.item())

    def __round__(self, ndigits=None):
        value = round(self.item(), ndigits) if ndigits is not None else round(self.item())
        return value if ndigits is None else type(self)(value)

    def __getitem__(self, key):
        if key == () or key is Ellipsis:
            return self
        if key is None:
            return _array(self._tensor)[None]
        raise IndexError("invalid index to scalar variable.")

    def copy(self, order="C"):
        return self

    def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        kind = _dtypes.find(dtype)
        if kind.torch is None:
            return str_(self.item()) if kind.kind == "U" else self.item()
        return scalar(_array(self._tensor).astype(kind)._tensor)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        return type(self), (self.item(),)

    def __getattr__(self, name):
        # Whatever else an array can do (sum, reshape, astype, ...), its number can.
        if name.startswith("_"):
            raise AttributeError(f"'numpy.{type(self).__name__}' object has no attribute '{name}'")
        try:
            return getattr(_array(self._tensor), name)
        except AttributeError as error:
            if isinstance(error, NotImplementedError):
                raise
            raise AttributeError(f"'numpy.{type(self).__name__}' object has no attribute '{name}'") from None


generic.__module__ = "numpy"


class number(generic):
    """The base of all numbers but the truth values."""

    __slots__ = ()


class integer(number):
    """The base of the whole numbers."""

    __slots__ = ()

    def __index__(self):
        return self._value

    def is_integer(self):
        return True

    def bit_count(self):
        return self._value.bit_count()


class signedinteger(integer):
    """The base of the whole numbers with a sign."""

    __slots__ = ()


class unsignedinteger(integer):
    """The base of the whole numbers without a sign."""

    __slots__ = ()


class inexact(number):
    """The base of floats and complex numbers."""

    __slots__ = ()


class floating(inexact):
    """The base of the floats."""

    __slots__ = ()


class flexible(generic):
    """The base of what has no fixed size."""

    __slots__ = ()


class character(flexible):
    """The base of texts."""

    __slots__ = ()


class object_(generic):
    """The type of arrays of objects; there are no numbers of it."""

    __slots__ = ()
    dtype = _dtypes.object_

    def __new__(cls, value=None, /):
        return value


class str_(str, character):
    """A text out of an array."""

    __slots__ = ()
    ndim = 0

    def item(self):
        return str.__str__(self)

    @property
    def dtype(self):
        return _dtypes.text(len(self))

    def __repr__(self):
        return f"np.str_({str.__repr__(self)})"

    __str__ = str.__str__
    __hash__ = str.__hash__
    __format__ = str.__format__
    __getitem__ = str.__getitem__
    __bool__ = lambda self: len(self) > 0


str_.__module__ = "numpy"


def _plain(value, what):
    """Returns the Python number of what a number is made of."""
    if isinstance(value, generic):
        return value.item()
    if type(value) in (int, float, bool):
        return value
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        return value.item()
    if isinstance(value, str):
        return float(value) if what == "float" else int(value)
    if what == "float":
        return float(value)
    return value if isinstance(value, float) else int(value)


def _is_many(value):
    return isinstance(value, (list, tuple, range)) or getattr(value, "ndim", 0) > 0


class float64(floating, float):
    """A float of 64 bits, which is a Python float too."""

    __slots__ = ()
    dtype = _dtypes.float64
    _torch_dtype = torch.float64

    def __new__(cls, value=0.0, /):
        if _is_many(value):
            return _asarray(value, dtype=_dtypes.float64)
        return float.__new__(cls, _plain(value, "float"))

    def item(self):
        return float.__float__(self)

    def __str__(self):
        return text_of_float(float.__float__(self), float.__repr__)

    __float__ = float.__float__
    __hash__ = float.__hash__
    __bool__ = float.__bool__
    __int__ = float.__int__
    __abs__ = lambda self: float64(float.__abs__(self))
    __neg__ = lambda self: float64(float.__neg__(self))
    __pos__ = lambda self: self


def _single(value):
    """Rounds to 32 bits."""
    try:
        return _UNPACK(_PACK(value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


_PACK, _UNPACK = struct.Struct("<f").pack, struct.Struct("<f").unpack


class float32(floating):
    """A float of 32 bits."""

    __slots__ = ("_value",)
    dtype = _dtypes.float32
    _torch_dtype = torch.float32

    def __new__(cls, value=0.0, /):
        if _is_many(value):
            return _asarray(value, dtype=_dtypes.float32)
        self = object.__new__(cls)
        self._value = _single(float(_plain(value, "float")))
        return self

    def item(self):
        return self._value

    def is_integer(self):
        return self._value.is_integer()

    def __str__(self):
        return text_of_float(self._value, repr_of_single, 1e6)

    __abs__ = lambda self: float32(abs(self._value))
    __neg__ = lambda self: float32(-self._value)
    __pos__ = lambda self: self


def repr_of_single(value):
    """Returns the shortest text that reads as the same float of 32 bits."""
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if _single(float(text)) == value:
            return repr(float(text))
    return repr(value)


def text_of_float(value, shortest, end=1e16):
    """Returns a float as numpy prints one of them: with an exponent from ``end`` on."""
    if value != value:
        return "nan"
    if value in (float("inf"), float("-inf")):
        return "inf" if value > 0 else "-inf"
    text = shortest(value)
    if value == 0 or 1e-4 <= abs(value) < end:
        if "e" not in text:
            return text
        digits = text.partition("e")[0].lstrip("-").replace(".", "")
        return f"{value:.{len(digits) + 16}f}".rstrip("0")
    return text if "e" in text else _to_scientific(text)


def _to_scientific(text):
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text)
    whole, _, part = digits.partition(".")
    exponent = len(whole) - 1
    mantissa = (whole + part).rstrip("0")
    if whole == "0":
        exponent = len(part.lstrip("0")) - len(part) - 1
        mantissa = part.strip("0")
    return f"{sign}{mantissa[0]}{'.' + mantissa[1:] if len(mantissa) > 1 else ''}e{'+' if exponent >= 0 else '-'}{abs(exponent):02d}"


def _integer_class(name, bases, kind, low, high):
    def new(cls, value=0, /):
        if _is_many(value):
            return _asarray(value, dtype=kind)
        plain = _plain(value, "int")
        if isinstance(plain, float):
            if plain != plain or plain in (float("inf"), float("-inf")):
                raise (ValueError if plain != plain else OverflowError)(
                    f"cannot convert float {'NaN' if plain != plain else 'infinity'} to integer"
                )
            plain = int(plain)
        plain = int(plain)
        if not low <= plain <= high:
            if isinstance(value, generic):
                plain = (plain - low) % (high - low + 1) + low
            elif kind is _dtypes.int64:
                raise OverflowError("Python int too large to convert to C long")
            else:
                raise OverflowError(f"Python integer {plain} out of bounds for {kind}")
        self = object.__new__(cls)
        self._value = plain
        return self

    def negative(self):
        from ._ufuncs import negative as function

        return function(self)

    return type(
        name,
        bases,
        {
            "__slots__": ("_value",),
            "__doc__": f"A whole number from {low} to {high}.",
            "dtype": kind,
            "_torch_dtype": kind.torch,
            "__new__": new,
            "item": lambda self: self._value,
            "__str__": lambda self: str(self._value),
            "__int__": lambda self: self._value,
            "__abs__": lambda self: type(self)(abs(self._value)) if self._value != low else self,
            "__neg__": negative,
            "__pos__": lambda self: self,
            "__invert__": lambda self: type(self)(low + high - self._value) if low == 0 else type(self)(~self._value),
        },
    )


int64 = _integer_class("int64", (signedinteger,), _dtypes.int64, _INT64_MIN, _INT64_MAX)
int32 = _integer_class("int32", (signedinteger,), _dtypes.int32, -(2**31), 2**31 - 1)
uint8 = _integer_class("uint8", (unsignedinteger,), _dtypes.uint8, 0, 255)


class bool_(generic):
    """A truth value; there are two, ``np.True_`` and ``np.False_``."""

    __slots__ = ("_value",)
    dtype = _dtypes.bool_
    _torch_dtype = torch.bool

    def __new__(cls, value=False, /):
        if _is_many(value):
            return _asarray(value, dtype=_dtypes.bool_)
        return true if value else false

    def item(self):
        return self._value

    def __bool__(self):
        return self._value

    def __str__(self):
        return str(self._value)

    def __repr__(self):
        return f"np.{self._value}_"

    def __index__(self):
        raise TypeError("In the future, 'np.bool' scalars cannot be interpreted as an index")

    __invert__ = lambda self: false if self._value else true


def _truth(value):
    made = object.__new__(bool_)
    made._value = value
    return made


true, false = _truth(True), _truth(False)
bool_.__name__ = bool_.__qualname__ = "bool"

CLASSES = {
    torch.float64: float64,
    torch.float32: float32,
    torch.int64: int64,
    torch.int32: int32,
    torch.uint8: uint8,
    torch.bool: bool_,
}
for _class in CLASSES.values():
    _class.dtype.type = _class
    _dtypes.OF_CLASS[_class] = _class.dtype
_dtypes.object_.type = object_
_dtypes.OF_CLASS[object_] = _dtypes.object_
_dtypes.OF_CLASS["str_"] = str_
_dtypes.OF_CLASS[number] = _dtypes.OF_CLASS[floating] = _dtypes.OF_CLASS[inexact] = _dtypes.float64
_dtypes.OF_CLASS[integer] = _dtypes.OF_CLASS[signedinteger] = _dtypes.int64
_dtypes.OF_CLASS[str_] = _dtypes.text(0)


def _maker(kind):
    """Returns the function that makes a number of what is certainly one of its values."""
    if kind is float64:
        return functools.partial(float.__new__, float64)
    if kind is bool_:
        return lambda value: true if value else false
    new = object.__new__

    def make(value):
        made = new(kind)
        made._value = value
        return made

    return make


MAKERS = {torch_dtype: _maker(kind) for torch_dtype, kind in CLASSES.items()}


def scalar(tensor):
    """Returns the number in a tensor of one element."""
    return MAKERS[tensor.dtype](tensor.item())


def _array(tensor):
    from ._array import wrap

    return wrap(tensor)


def _asarray(value, dtype):
    from ._convert import asarray

    return asarray(value, dtype=dtype)


from ._scalar_operators import add_operators

add_operators()
