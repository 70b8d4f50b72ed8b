"""The types of numbers: their names, their sizes, and which type an operation on two of them gives.

The engine has six; the other types of numpy are known by name, and say so when they are asked for.
"""

import torch

from ._absent import NotInLyceum


class dtype:
    """The type of an array's elements; ``np.dtype("float32")``, ``np.dtype(np.float32)`` and ``x.dtype`` are the same object."""

    __slots__ = ("name", "kind", "char", "itemsize", "num", "torch", "type", "_rank")

    def __new__(cls, spec=None, *, align=False, copy=False):
        return find(spec)

    @property
    def str(self):
        order = "|" if self.itemsize == 1 or self.kind == "O" else "<"
        return order + self.kind + (f"{self.itemsize // 4}" if self.kind == "U" else f"{self.itemsize}")

    @property
    def byteorder(self):
        return "|" if self.itemsize == 1 or self.kind == "O" else "="

    @property
    def names(self):
        return None

    shape = ()
    ndim = 0

    def __eq__(self, other):
        if isinstance(other, dtype):
            return self is other or (self.kind == other.kind == "U" and self.itemsize == other.itemsize)
        try:
            return self == find(other) if other is not None else self is float64
        except (TypeError, NotImplementedError):
            return False

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(("dtype", self.str))

    def __str__(self):
        return self.str if self.kind == "U" else self.name

    def __repr__(self):
        return f"dtype({self.str if self.kind in 'UO' and self.kind != 'O' else self.kind if self.kind == 'O' else self.name!r})"


def _make(name, kind, char, itemsize, num, torch_dtype, rank):
    made = object.__new__(dtype)
    made.name, made.kind, made.char, made.itemsize, made.num = name, kind, char, itemsize, num
    made.torch, made._rank, made.type = torch_dtype, rank, None
    return made


bool_ = _make("bool", "b", "?", 1, 0, torch.bool, 0)
uint8 = _make("uint8", "u", "B", 1, 2, torch.uint8, 1)
int32 = _make("int32", "i", "i", 4, 5, torch.int32, 2)
int64 = _make("int64", "i", "l", 8, 7, torch.int64, 3)
float32 = _make("float32", "f", "f", 4, 11, torch.float32, 4)
float64 = _make("float64", "f", "d", 8, 12, torch.float64, 5)
object_ = _make("object", "O", "O", 8, 17, None, 7)

NUMERIC = (bool_, uint8, int32, int64, float32, float64)
OF_TORCH = {each.torch: each for each in NUMERIC}

_ABSENT = (
    "int8 int16 uint16 uint32 uint64 float16 float128 longdouble complex64 complex128 complex256 clongdouble "
    "datetime64 timedelta64 half short ushort byte uint ulong ulonglong uintc uintp csingle cdouble complex"
).split()

_NAMES = {
    "bool": bool_,
    "bool_": bool_,
    "?": bool_,
    "b1": bool_,
    "uint8": uint8,
    "u1": uint8,
    "B": uint8,
    "ubyte": uint8,
    "int32": int32,
    "i4": int32,
    "i": int32,
    "intc": int32,
    "int64": int64,
    "i8": int64,
    "l": int64,
    "q": int64,
    "int": int64,
    "int_": int64,
    "intp": int64,
    "long": int64,
    "longlong": int64,
    "p": int64,
    "float32": float32,
    "f4": float32,
    "f": float32,
    "single": float32,
    "float64": float64,
    "f8": float64,
    "d": float64,
    "float": float64,
    "double": float64,
    "object": object_,
    "object_": object_,
    "O": object_,
}
_CODES_ABSENT = {
    "f2": "float16",
    "e": "float16",
    "half": "float16",
    "i1": "int8",
    "b": "int8",
    "i2": "int16",
    "h": "int16",
    "u2": "uint16",
    "H": "uint16",
    "u4": "uint32",
    "I": "uint32",
    "u8": "uint64",
    "L": "uint64",
    "Q": "uint64",
    "c8": "complex64",
    "F": "complex64",
    "c16": "complex128",
    "D": "complex128",
}
_PYTHON = {bool: bool_, int: int64, float: float64, object: object_}
# Scalar classes, which `_scalars` adds.
OF_CLASS = {}


def text(length):
    """Returns the dtype of texts of at most so many characters."""
    made = _make(f"str{32 * length}", "U", "U", 4 * length, 19, None, 6)
    made.type = OF_CLASS.get("str_")
    return made


def find(spec):
    """Returns the dtype that something names: a dtype, a class, a string, or None for float64."""
    if isinstance(spec, dtype):
        return spec
    if spec is None:
        return float64
    if isinstance(spec, type):
        found = _PYTHON.get(spec) or OF_CLASS.get(spec)
        if found is not None:
            return found
        if spec is str:
            return text(0)
        if spec is complex:
            raise NotInLyceum("numpy.complex128 is not part of Lyceum yet")
    elif isinstance(spec, str):
        name = spec[1:] if spec[:1] in "<=|" and len(spec) > 1 else spec
        if name in _NAMES:
            return _NAMES[name]
        if name in _ABSENT or name in _CODES_ABSENT:
            raise NotInLyceum(f"numpy.{_CODES_ABSENT.get(name, name)} is not part of Lyceum yet")
        if name[:1] == "U" and (name[1:].isdigit() or name == "U") or name in ("str", "str_"):
            return text(int(name[1:]) if name[1:].isdigit() else 0)
        raise TypeError(f"data type {spec!r} not understood")
    elif isinstance(spec, torch.dtype):
        raise TypeError(f"Cannot interpret '{spec}' as a data type")
    elif hasattr(spec, "dtype") and isinstance(spec.dtype, dtype):
        return spec.dtype
    raise TypeError(f"Cannot interpret '{spec!r}' as a data type")


def numeric(spec):
    """Returns the dtype that something names, which must be one of numbers."""
    found = find(spec)
    if found.torch is None:
        raise NotInLyceum(f"an array of dtype {found} here is not part of Lyceum yet")
    return found


def promote(a, b):
    """Returns the dtype that both fit into."""
    if a is b:
        return a
    if a.torch is None or b.torch is None:
        return object_ if object_ in (a, b) else max(a, b, key=lambda each: each.itemsize if each.kind == "U" else 0)
    low, high = (a, b) if a._rank < b._rank else (b, a)
    if high is float32 and low in (int32, int64):
        return float64
    return high


def with_python(a, kind):
    """Returns the dtype of an array of dtype ``a`` together with a number of Python's ``kind``."""
    if kind is float:
        return a if a.kind == "f" else float64
    if kind is int:
        return int64 if a is bool_ else a
    return a


def result_type(*operands):
    """Returns the dtype of an operation on the operands: arrays, dtypes, or numbers of Python, which adapt."""
    strong, weak = [], []
    for operand in operands:
        if type(operand) in (bool, int, float):
            weak.append(type(operand))
        else:
            strong.append(
                operand.dtype if hasattr(operand, "dtype") and not isinstance(operand, type) else find(operand)
            )
    if not strong:
        return _PYTHON[max(weak, key=(bool, int, float).index)]
    found = strong[0]
    for each in strong[1:]:
        found = promote(found, each)
    for kind in weak:
        found = with_python(found, kind)
    return found


def promote_types(type1, type2):
    """Returns the smallest dtype into which both can be converted without loss."""
    return promote(find(type1), find(type2))


def can_cast(from_, to, casting="safe"):
    """Says whether a conversion keeps to a rule: ``"no"``, ``"equiv"``, ``"safe"``, ``"same_kind"`` or ``"unsafe"``."""
    a, b = find(from_), find(to)
    if casting == "unsafe" or a == b:
        return True
    if casting in ("no", "equiv"):
        return False
    if promote(a, b) is b:
        return True
    return (
        casting == "same_kind"
        and "bui f".replace(" ", "").index(a.kind) <= "buif".index(b.kind)
        and not (a.kind == "i" and b.kind == "u")
    )


def issubdtype(arg1, arg2):
    """Says whether a type of numbers is of a kind, as in ``np.issubdtype(x.dtype, np.floating)``."""
    kind = arg1 if isinstance(arg1, type) and arg1 not in _PYTHON else find(arg1).type
    wanted = arg2 if isinstance(arg2, type) and arg2 not in _PYTHON else find(arg2).type
    return issubclass(kind, wanted)


class iinfo:
    """The limits of a type of whole numbers."""

    def __init__(self, type):
        self.dtype = type.dtype if hasattr(type, "dtype") and isinstance(type.dtype, dtype) else find(type)
        if self.dtype.kind not in "iu":
            raise ValueError(f"Invalid integer data type {self.dtype.kind!r}.")
        self.kind, self.bits = self.dtype.kind, 8 * self.dtype.itemsize
        self.min = 0 if self.kind == "u" else -(2 ** (self.bits - 1))
        self.max = 2**self.bits - 1 if self.kind == "u" else 2 ** (self.bits - 1) - 1

    def __repr__(self):
        return f"iinfo(min={self.min}, max={self.max}, dtype={self.dtype})"

    def __str__(self):
        line = "-" * 63
        return f"Machine parameters for {self.dtype}\n{line}\nmin = {self.min}\nmax = {self.max}\n{line}\n"


class finfo:
    """The limits of a type of floats."""

    def __init__(self, dtype):
        self.dtype = dtype.dtype if hasattr(dtype, "dtype") and not isinstance(dtype, type) else find(dtype)
        if self.dtype.kind != "f":
            raise ValueError(f"data type {self.dtype} not inexact")
        make = self.dtype.type
        single = self.dtype is float32
        self.bits, self.nmant, self.precision = (32, 23, 6) if single else (64, 52, 15)
        self.eps = make(2.0**-self.nmant)
        self.resolution = make(10.0**-self.precision)
        self.tiny = self.smallest_normal = make(2.0**-126 if single else 2.0**-1022)
        self.smallest_subnormal = make(2.0**-149 if single else 2.0**-1074)
        self.max = make((2 - 2.0**-23) * 2.0**127 if single else (2 - 2.0**-52) * 2.0**1023)
        self.min = -self.max

    def __repr__(self):
        return f"finfo(resolution={self.resolution}, min={self.min}, max={self.max}, dtype={self.dtype})"
