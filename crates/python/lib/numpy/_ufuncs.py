"""Functions of elements: how operands of all kinds come to one dtype, and the table of the functions.

A row of the table says which function of the engine it is and what dtype comes out; everything else (``out``, ``where``,
``reduce``, the warnings about what is not finite) is common to all.
"""

import math
import warnings

import torch
from _numpy import is_finite

from . import _dtypes
from ._absent import NotInLyceum, refuse
from ._array import ndarray, result, wrap
from ._dtypes import bool_, float32, float64, int64, uint8
from ._scalars import MAKERS, generic
from ._scalars import float64 as scalar_float64

_WEAK = (int, float, bool)
_ONE = (float, scalar_float64)
_FLOAT = MAKERS[torch.float64]


def cast(tensor, dtype):
    """Converts to a dtype as numpy does: bits of whole numbers are cut off, floats towards zero."""
    kind = dtype.torch
    if tensor.dtype.is_floating_point and kind not in (torch.float64, torch.float32, torch.bool):
        if not is_finite(tensor):
            warnings.warn("invalid value encountered in cast", RuntimeWarning, stacklevel=4)
            low = -(2**63) if kind is torch.int64 else 0 if kind is torch.uint8 else -(2**31)
            return torch.where(torch.isfinite(tensor), tensor, 0.0).to(kind).masked_fill(~torch.isfinite(tensor), low)
    return tensor.to(kind)


# ---------------------------------------------------------------- operands


def _strong(value):
    """Returns the tensor of an operand with a dtype of its own."""
    if isinstance(value, ndarray):
        if value._tensor is None:
            raise TypeError("ufunc did not contain a loop with signature matching types: the array holds no numbers")
        return value._tensor
    if isinstance(value, generic) and hasattr(value, "_torch_dtype"):
        return value._tensor
    from ._convert import asarray

    made = asarray(value)
    if made._tensor is None:
        raise TypeError(f"ufunc did not contain a loop with signature matching types: {value!r} is no number")
    return made._tensor


def _check_range(value, dtype):
    limits = _dtypes.iinfo(dtype)
    if not limits.min <= value <= limits.max:
        raise OverflowError(f"Python integer {value} out of bounds for {dtype}")


def operands(a, b, arrays=False):
    """Returns two operands in their common dtype, and it. Numbers of Python adapt to the other side and may stay numbers."""
    weak_a, weak_b = type(a) in _WEAK, type(b) in _WEAK
    if weak_a and weak_b:
        dtype = _dtypes.result_type(a, b)
        return torch.tensor(a, dtype=dtype.torch), torch.tensor(b, dtype=dtype.torch), dtype
    if weak_b or weak_a:
        tensor = _strong(a if weak_b else b)
        number = b if weak_b else a
        own = _dtypes.OF_TORCH[tensor.dtype]
        dtype = _dtypes.with_python(own, type(number))
        if dtype is not own:
            tensor = tensor.to(dtype.torch)
        elif dtype.kind in "iu" and type(number) is int:
            _check_range(number, dtype)
        if arrays or dtype is bool_ or type(number) is bool:
            number = torch.tensor(number, dtype=dtype.torch)
        elif dtype.kind == "f":
            number = float(number)
        return (tensor, number, dtype) if weak_b else (number, tensor, dtype)
    a, b = _strong(a), _strong(b)
    if a.dtype is b.dtype:
        return a, b, _dtypes.OF_TORCH[a.dtype]
    dtype = _dtypes.promote(_dtypes.OF_TORCH[a.dtype], _dtypes.OF_TORCH[b.dtype])
    return a.to(dtype.torch), b.to(dtype.torch), dtype


def _broadcast_error(a, b):
    shapes = " ".join(_shape_text(each) for each in (a, b))
    return ValueError(f"operands could not be broadcast together with shapes {shapes} ")


def _shape_text(tensor):
    return str(tuple(tensor.shape)).replace(" ", "") if isinstance(tensor, torch.Tensor) else "()"


# ---------------------------------------------------------------- what is not finite

_SETTINGS = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}


def seterr(all=None, divide=None, over=None, under=None, invalid=None):
    """Says what happens when a result is not finite: ``"ignore"``, ``"warn"`` or ``"raise"``; returns what was set."""
    previous = dict(_SETTINGS)
    for name, value in (("divide", divide), ("over", over), ("under", under), ("invalid", invalid)):
        value = all if value is None else value
        if value is not None:
            if value not in ("ignore", "warn", "raise"):
                raise NotInLyceum(f"numpy.seterr: {value!r} is not part of Lyceum yet")
            _SETTINGS[name] = value
    return previous


def geterr():
    """Returns what :func:`seterr` set."""
    return dict(_SETTINGS)


class errstate:
    """``with np.errstate(divide="ignore"):`` sets it inside the block; it also decorates functions."""

    def __init__(self, **settings):
        self._settings = settings

    def __enter__(self):
        self._previous = seterr(**self._settings)

    def __exit__(self, *exception):
        seterr(**self._previous)

    def __call__(self, function):
        import functools

        @functools.wraps(function)
        def inside(*args, **kwargs):
            with errstate(**self._settings):
                return function(*args, **kwargs)

        return inside


_TEXTS = {"divide": "divide by zero", "over": "overflow", "invalid": "invalid value"}


def complain(kind, name, level=5):
    """Warns or raises, as is set."""
    setting = _SETTINGS[kind]
    if setting == "raise":
        raise FloatingPointError(f"{_TEXTS[kind]} encountered in {name}")
    if setting == "warn":
        warnings.warn(f"{_TEXTS[kind]} encountered in {name}", RuntimeWarning, stacklevel=level)


def _look(name, made, inputs):
    """Says of a result that is not finite how that came about."""
    finite_inputs = None
    for each in inputs:
        if isinstance(each, torch.Tensor):
            mask = torch.isfinite(each)
        else:
            mask = torch.tensor(each - each == 0)
        finite_inputs = mask if finite_inputs is None else finite_inputs & mask
    if (torch.isinf(made) & finite_inputs).any():
        complain(
            "divide"
            if name in ("divide", "reciprocal", "log", "log2", "log10", "log1p", "arctanh", "power")
            and _is_pole(name, made, inputs)
            else "over",
            name,
            7,
        )
    nans = torch.isnan(made)
    if nans.any():
        unknown = None
        for each in inputs:
            mask = torch.isnan(each) if isinstance(each, torch.Tensor) else torch.tensor(each != each)
            unknown = mask if unknown is None else unknown | mask
        if (nans & ~unknown).any():
            complain("invalid", name, 7)


def _is_pole(name, made, inputs):
    if name == "power":
        base = inputs[0]
        return bool((base == 0).any()) if isinstance(base, torch.Tensor) else base == 0
    if name == "divide":
        below = inputs[1]
        return bool((below == 0).any()) if isinstance(below, torch.Tensor) else below == 0
    return True


# ---------------------------------------------------------------- the class


class ufunc:
    """A function of elements, which broadcasts."""

    __slots__ = ("__name__", "_doc", "nin", "nout", "_compute", "_kind", "identity", "_watch", "_exact")

    def __init__(self, name, nin, compute, kind, doc, identity=None, watch=False):
        self.__name__, self._doc, self.nin, self.nout = name, doc, nin, 1
        self._exact = None
        self._compute, self._kind, self.identity, self._watch = compute, kind, identity, watch

    def __repr__(self):
        return f"<ufunc '{self.__name__}'>"

    def __call__(self, *args, out=None, where=True, dtype=None, casting="same_kind", order="K", subok=True):
        if (
            self._exact is not None
            and len(args) == 1
            and type(args[0]) in _ONE
            and out is None
            and where is True
            and dtype is None
        ):
            try:
                return _FLOAT(self._exact(args[0]))
            except (ValueError, OverflowError):
                pass
        if len(args) == self.nin + 1 and out is None:
            out, args = args[-1], args[:-1]
        if len(args) != self.nin:
            raise TypeError(
                f"{self.__name__}() takes from {self.nin} to {self.nin + 1} positional arguments but {len(args)} were given"
            )
        for arg in args:
            if isinstance(arg, torch.Tensor):
                return self._of_tensors(args, out)
        made = self._run(args, None if dtype is None else _dtypes.numeric(dtype))
        if out is None and where is True:
            return result(made)
        return self._deliver(made, out, where)

    def _of_tensors(self, args, out):
        """What a tensor is given to gives a tensor."""
        refuse(f"numpy.{self.__name__} of tensors", out=out)
        from ._convert import asarray

        made = self._run([asarray(arg) if isinstance(arg, torch.Tensor) else arg for arg in args], None)
        return made

    def _deliver(self, made, out, where):
        if isinstance(out, tuple):
            out = out[0]
        if out is None:
            out = wrap(torch.zeros_like(made))
        if not isinstance(out, ndarray):
            raise TypeError("return arrays must be of ArrayType")
        kind = _dtypes.OF_TORCH[made.dtype]
        if not _dtypes.can_cast(kind, out.dtype, "same_kind"):
            raise _output_error(self.__name__, kind, out.dtype)
        target = out._writable()
        if tuple(made.shape) != out.shape:
            try:
                made = made.expand(target.shape)
            except RuntimeError:
                raise ValueError(
                    f"non-broadcastable output operand with shape {_shape_text(target)} doesn't match the broadcast shape {_shape_text(made)}"
                ) from None
        if where is not True:
            from ._convert import asarray

            made = torch.where(asarray(where)._tensor, made.to(target.dtype), target)
        target.copy_(made)
        return out

    def _run(self, args, dtype):
        """Returns the tensor that comes out."""
        if self.nin == 1:
            return self._one(args[0], dtype)
        a, b, common = operands(args[0], args[1])
        if dtype is not None and dtype is not common:
            a, b = (each.to(dtype.torch) if isinstance(each, torch.Tensor) else each for each in (a, b))
            common = dtype
        kind = self._kind
        if kind == "float" and common.kind != "f":
            a, b = (each.to(torch.float64) if isinstance(each, torch.Tensor) else float(each) for each in (a, b))
            common = float64
        try:
            made = self._compute(a, b, common)
        except RuntimeError as error:
            if (
                isinstance(a, torch.Tensor)
                and isinstance(b, torch.Tensor)
                and ("size" in str(error) or "broadcast" in str(error))
            ):
                raise _broadcast_error(a, b) from None
            raise
        if self._watch and common.kind == "f" and not is_finite(made):
            _look(self.__name__, made, (a, b))
        return made

    def _one(self, value, dtype):
        tensor = _strong(value)
        own = _dtypes.OF_TORCH[tensor.dtype]
        if dtype is not None and dtype is not own:
            tensor, own = tensor.to(dtype.torch), dtype
        if self._kind == "float" and own.kind != "f":
            if own is bool_ or own is uint8:
                raise NotInLyceum(
                    f"numpy.{self.__name__} of {own} gives float16, which is not part of Lyceum yet; convert with astype(float)"
                )
            tensor, own = tensor.to(torch.float64), float64
        made = self._compute(tensor, own)
        if self._watch and own.kind == "f" and not is_finite(made):
            _look(self.__name__, made, (tensor,))
        return made

    # Functions of two elements over a whole axis.

    def _two(self, what):
        if self.nin != 2:
            raise ValueError(f"{what} only supported for binary functions")

    def reduce(self, array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
        self._two("reduce")
        from . import _reductions
        from ._convert import asarray

        simple = {
            "add": "sum",
            "multiply": "prod",
            "maximum": "max",
            "minimum": "min",
            "logical_and": "all",
            "logical_or": "any",
        }
        if self.__name__ not in simple:
            raise NotInLyceum(f"numpy.{self.__name__}.reduce is not part of Lyceum yet")
        options = {"out": out, "keepdims": keepdims}
        if dtype is not None:
            options["dtype"] = dtype
        if initial is not None:
            options["initial"] = initial
        if where is not True:
            options["where"] = where
        return getattr(_reductions, simple[self.__name__])(asarray(array), axis, **options)

    def accumulate(self, array, axis=0, dtype=None, out=None):
        self._two("accumulate")
        from . import _reductions
        from ._convert import asarray

        refuse(f"numpy.{self.__name__}.accumulate", out=out)
        array = asarray(array)
        if self.__name__ == "add":
            return _reductions.cumsum(array, axis, dtype)
        if self.__name__ == "multiply":
            return _reductions.cumprod(array, axis, dtype)
        if self.__name__ == "maximum":
            return wrap(torch.cummax(array._tensor, axis)[0])
        if self.__name__ == "minimum":
            return wrap(torch.cummin(array._tensor, axis)[0])
        raise NotInLyceum(f"numpy.{self.__name__}.accumulate is not part of Lyceum yet")

    def outer(self, a, b, **options):
        self._two("outer")
        from ._convert import asarray

        a, b = asarray(a), asarray(b)
        return self(a.reshape(a.shape + (1,) * b.ndim), b, **options)

    def at(self, a, indices, b=None):
        from ._convert import asarray

        if self.__name__ not in ("add", "subtract"):
            raise NotInLyceum(f"numpy.{self.__name__}.at is not part of Lyceum yet")
        from ._indexing import _part

        places = tuple(_part(each) for each in indices) if isinstance(indices, tuple) else (_part(indices),)
        places = tuple(torch.tensor(each) if type(each) is int else each for each in places)
        target = a._writable()
        values = asarray(b)._tensor.to(target.dtype)
        values = -values if self.__name__ == "subtract" else values
        shape = target[places].shape
        target.copy_(target.index_put(places, values.expand(shape), accumulate=True))


class UFuncTypeError(TypeError):
    """Raised where a result does not fit into the array that it is for."""


UFuncTypeError.__module__ = "numpy._core._exceptions"


def _output_error(name, kind, wanted):
    return UFuncTypeError(
        f"Cannot cast ufunc '{name}' output from {kind!r} to {wanted!r} with casting rule 'same_kind'"
    )


# ---------------------------------------------------------------- functions of two elements


def _add(a, b, dtype):
    return torch.logical_or(a, b) if dtype is bool_ else torch.add(a, b)


def _subtract(a, b, dtype):
    if dtype is bool_:
        raise TypeError(
            "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the logical_xor function instead."
        )
    return torch.sub(a, b)


def _multiply(a, b, dtype):
    return torch.logical_and(a, b) if dtype is bool_ else torch.mul(a, b)


def _divide(a, b, dtype):
    return torch.div(a, b)


def _tensor(value, dtype):
    return value if isinstance(value, torch.Tensor) else torch.tensor(value, dtype=dtype.torch)


def _whole(compute, name):
    """Division of whole numbers: what is divided by zero is zero, with a warning."""

    def run(a, b, dtype):
        if dtype is bool_:
            raise NotInLyceum(f"numpy.{name} of truth values gives int8, which is not part of Lyceum yet")
        if dtype.kind == "f":
            made = compute(_tensor(a, dtype), b)
            if not is_finite(made):
                below = _tensor(b, dtype)
                if (below == 0).any():
                    complain("divide" if name == "floor_divide" and not torch.isnan(made).any() else "invalid", name, 6)
            return made
        below = _tensor(b, dtype)
        zeros = below == 0
        if zeros.any():
            complain("divide", name, 6)
            made = compute(_tensor(a, dtype), below.masked_fill(zeros, 1))
            return made.masked_fill(zeros.expand(made.shape), 0)
        return compute(_tensor(a, dtype), below)

    return run


def _power(a, b, dtype):
    if dtype is bool_:
        raise NotInLyceum("numpy.power of truth values gives int8, which is not part of Lyceum yet")
    if dtype.kind == "i":
        below = (b < 0).any() if isinstance(b, torch.Tensor) else b < 0
        if below:
            raise ValueError("Integers to negative integer powers are not allowed.")
    if b.__class__ is float and b == 0.5:
        return torch.sqrt(a)
    return torch.pow(a, b)


def _comparison(function):
    def run(a, b, dtype):
        if not isinstance(a, torch.Tensor):
            a = torch.tensor(a, dtype=dtype.torch)
        return function(a, b)

    return run


def _both(function):
    return lambda a, b, dtype: function(_tensor(a, dtype), _tensor(b, dtype))


def _bits(function, name):
    def run(a, b, dtype):
        if dtype.kind == "f":
            raise TypeError(
                f"ufunc '{name}' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''"
            )
        return function(_tensor(a, dtype), _tensor(b, dtype))

    return run


def _arctan2(a, b):
    return torch.atan2(a, b)


def _binary(name, compute, kind="same", doc="", identity=None, watch=False):
    globals()[name] = ufunc(name, 2, compute, kind, doc, identity, watch)


_binary("add", _add, doc="Adds.", identity=0, watch=True)
_binary("subtract", _subtract, doc="Subtracts.", watch=True)
_binary("multiply", _multiply, doc="Multiplies.", identity=1, watch=True)
_binary("divide", _divide, "float", "Divides; whole numbers give floats.", watch=True)
_binary("floor_divide", _whole(torch.floor_divide, "floor_divide"), doc="Divides and rounds down.")
_binary("remainder", _whole(torch.remainder, "remainder"), doc="The rest of a division, with the sign of what divides.")
_binary("fmod", _whole(torch.fmod, "fmod"), doc="The rest of a division, with the sign of what is divided.")
_binary("power", _power, doc="Raises to a power.", watch=True)
_binary("float_power", lambda a, b, dtype: torch.pow(a, b), "float", "Raises to a power, in floats.", watch=True)
_binary("maximum", _both(torch.maximum), doc="The larger of two; nan where one is nan.")
_binary("minimum", _both(torch.minimum), doc="The smaller of two; nan where one is nan.")
_binary("fmax", _both(torch.fmax), doc="The larger of two; nan only where both are.")
_binary("fmin", _both(torch.fmin), doc="The smaller of two; nan only where both are.")
_binary("arctan2", _both(_arctan2), "float", "The angle of the point (x, y), given y and x.")
_binary("hypot", _both(torch.hypot), "float", "The length of the hypotenuse.")
_binary("logaddexp", _both(torch.logaddexp), "float", "log(exp(a) + exp(b)).")
_binary("logaddexp2", _both(torch.logaddexp2), "float", "log2(2**a + 2**b).")
_binary("copysign", _both(torch.copysign), "float", "The first number with the sign of the second.")
_binary("heaviside", _both(torch.heaviside), "float", "0 below zero, 1 above, and the second number at zero.")
_binary("equal", _comparison(torch.eq), doc="Whether two are equal.")
_binary("not_equal", _comparison(torch.ne), doc="Whether two differ.")
_binary("less", _comparison(torch.lt), doc="Whether the first is less.")
_binary("less_equal", _comparison(torch.le), doc="Whether the first is not greater.")
_binary("greater", _comparison(torch.gt), doc="Whether the first is greater.")
_binary("greater_equal", _comparison(torch.ge), doc="Whether the first is not less.")
_binary("logical_and", _both(torch.logical_and), doc="Whether both are true.", identity=True)
_binary("logical_or", _both(torch.logical_or), doc="Whether one is true.", identity=False)
_binary("logical_xor", _both(torch.logical_xor), doc="Whether exactly one is true.")
_binary("bitwise_and", _bits(torch.bitwise_and, "bitwise_and"), doc="The bits that both have.")
_binary("bitwise_or", _bits(torch.bitwise_or, "bitwise_or"), doc="The bits that one has.")
_binary("bitwise_xor", _bits(torch.bitwise_xor, "bitwise_xor"), doc="The bits that exactly one has.")
_binary("left_shift", _bits(torch.bitwise_left_shift, "left_shift"), doc="Moves bits to the left.")
_binary("right_shift", _bits(torch.bitwise_right_shift, "right_shift"), doc="Moves bits to the right.")
true_divide, mod, pow = divide, remainder, power


def divmod(x1, x2):
    """Returns the quotient rounded down, and the rest."""
    return floor_divide(x1, x2), remainder(x1, x2)


# ---------------------------------------------------------------- functions of one element


def _unary(name, compute, kind="same", doc="", watch=False):
    globals()[name] = ufunc(name, 1, compute, kind, doc, None, watch)


def _of_one(function, exact):
    """Returns the function, which for one number is that of the C library: the engine's may be off in the last digit."""

    def run(x, dtype):
        if x.ndim or x.dtype is not torch.float64 or exact is None:
            return function(x)
        try:
            return torch.tensor(exact(x.item()), dtype=torch.float64)
        except (ValueError, OverflowError):
            return function(x)

    return run


def _for_floats(names):
    for ours, theirs, doc in names:
        exact = getattr(math, theirs, None)
        _unary(ours, _of_one(getattr(torch, theirs), exact), "float", doc, True)
        globals()[ours]._exact = exact


_for_floats(
    (
        ("exp", "exp", "e to the power of x."),
        ("exp2", "exp2", "2 to the power of x."),
        ("expm1", "expm1", "exp(x) - 1."),
        ("log", "log", "The natural logarithm."),
        ("log2", "log2", "The logarithm to the base 2."),
        ("log10", "log10", "The logarithm to the base 10."),
        ("log1p", "log1p", "log(1 + x)."),
        ("sqrt", "sqrt", "The square root."),
        ("sin", "sin", "The sine."),
        ("cos", "cos", "The cosine."),
        ("tan", "tan", "The tangent."),
        ("arcsin", "asin", "The inverse sine."),
        ("arccos", "acos", "The inverse cosine."),
        ("arctan", "atan", "The inverse tangent."),
        ("sinh", "sinh", "The hyperbolic sine."),
        ("cosh", "cosh", "The hyperbolic cosine."),
        ("tanh", "tanh", "The hyperbolic tangent."),
        ("arcsinh", "asinh", "The inverse hyperbolic sine."),
        ("arccosh", "acosh", "The inverse hyperbolic cosine."),
        ("arctanh", "atanh", "The inverse hyperbolic tangent."),
        ("deg2rad", "deg2rad", "Degrees as radians."),
        ("rad2deg", "rad2deg", "Radians as degrees."),
    )
)
asin, acos, atan, asinh, acosh, atanh, atan2 = arcsin, arccos, arctan, arcsinh, arccosh, arctanh, arctan2
radians, degrees = deg2rad, rad2deg


def _negative(x, dtype):
    if dtype is bool_:
        raise TypeError(
            "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead."
        )
    return torch.neg(x)


def _rounding(function):
    return lambda x, dtype: function(x) if dtype.kind == "f" else x.clone()


def _reciprocal(x, dtype):
    return (
        torch.reciprocal(x)
        if dtype.kind == "f"
        else _whole(torch.floor_divide, "reciprocal")(torch.ones_like(x), x, dtype)
    )


def _cbrt(x, dtype):
    root = torch.sign(x) * torch.pow(torch.abs(x), 1 / 3)
    # One step of Newton's method, for the last digit.
    better = root - (root * root * root - x) / (3 * root * root)
    return torch.where(torch.isfinite(better), better, root)


def _flags(function, of_whole):
    def run(x, dtype):
        return function(x) if dtype.kind == "f" else torch.full(x.shape, of_whole, dtype=torch.bool)

    return run


_unary("negative", _negative, doc="The number with the other sign.")
_unary("positive", lambda x, dtype: x.clone(), doc="The number itself.")
_unary(
    "absolute",
    lambda x, dtype: x.clone() if dtype is bool_ or dtype is uint8 else torch.abs(x),
    doc="The absolute value.",
)
_unary("fabs", lambda x, dtype: torch.abs(x), "float", "The absolute value, as a float.")
_unary(
    "sign",
    lambda x, dtype: torch.where(torch.isnan(x), x, torch.sign(x)) if dtype.kind == "f" else torch.sign(x),
    doc="-1, 0 or 1.",
)
_unary("square", lambda x, dtype: x * x, doc="The square.", watch=True)
_unary("reciprocal", _reciprocal, doc="One divided by the number.", watch=True)
_unary("cbrt", _cbrt, "float", "The cube root.")
_unary("floor", _rounding(torch.floor), doc="The greatest whole number that is not greater.")
_unary("ceil", _rounding(torch.ceil), doc="The least whole number that is not less.")
_unary("trunc", _rounding(torch.trunc), doc="The whole part.")
_unary("rint", lambda x, dtype: torch.round(x), "float", "The nearest whole number, and the even one of two.")
_unary("isnan", _flags(torch.isnan, False), doc="Whether it is nan.")
_unary("isinf", _flags(torch.isinf, False), doc="Whether it is infinite.")
_unary("isfinite", _flags(torch.isfinite, True), doc="Whether it is neither nan nor infinite.")
_unary("signbit", lambda x, dtype: torch.signbit(x), doc="Whether the sign is set.")
_unary("logical_not", lambda x, dtype: torch.logical_not(x), doc="Whether it is false.")
_unary(
    "invert", lambda x, dtype: _bits(lambda a, b: torch.bitwise_not(a), "invert")(x, x, dtype), doc="The other bits."
)
abs, bitwise_not, bitwise_invert, fix = absolute, invert, invert, trunc
bitwise_left_shift, bitwise_right_shift = left_shift, right_shift


def isneginf(x):
    """Returns whether each element is minus infinity."""
    return isinf(x) & less(x, 0)


def isposinf(x):
    """Returns whether each element is plus infinity."""
    return isinf(x) & greater(x, 0)


def around(a, decimals=0, out=None):
    """Rounds to a number of decimals, halves to the even digit."""
    tensor = _strong(a)
    if not tensor.dtype.is_floating_point:
        if decimals >= 0:
            made = tensor.clone()
        else:
            step = 10**-decimals
            made = (torch.round(tensor.to(torch.float64) / step) * step).to(tensor.dtype)
    elif decimals == 0:
        made = torch.round(tensor)
    elif decimals > 0:
        made = torch.round(tensor * float(10**decimals)) / float(10**decimals)
    else:
        made = torch.round(tensor / float(10**-decimals)) * float(10**-decimals)
    return result(made) if out is None else add._deliver(made, out, True)


round = round_ = around


def clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    """Limits numbers to an interval; a limit of None is none."""
    low, high = min if a_min is None else a_min, max if a_max is None else a_max
    made = a
    if low is not None:
        made = maximum(made, low)
    if high is not None:
        made = minimum(made, high)
    if made is a:
        made = positive(a)
    return made if out is None else add._deliver(_strong(made), out, True)


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """Puts numbers in the place of nan and of the infinities."""
    tensor = _strong(x)
    if not tensor.dtype.is_floating_point:
        return result(tensor.clone())
    made = torch.nan_to_num(tensor, nan, posinf, neginf)
    if not copy:
        tensor.copy_(made)
        return x
    return result(made)


def sinc(x):
    """Returns sin(pi x) / (pi x)."""
    from math import pi

    y = _strong(x)
    y = pi * torch.where(y == 0, torch.tensor(1e-20, dtype=torch.float64), y.to(torch.float64))
    return result(torch.sin(y) / y)


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Returns whether elements differ by no more than ``atol + rtol * abs(b)``."""
    x, y, _ = operands(a, b, arrays=True)
    if not x.dtype.is_floating_point:
        x, y = x.to(torch.float64), y.to(torch.float64)
    finite = torch.isfinite(x) & torch.isfinite(y)
    near = (finite & (torch.abs(x - y) <= atol + rtol * torch.abs(y))) | (x == y)
    if equal_nan:
        near = near | (torch.isnan(x) & torch.isnan(y))
    return result(near)


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Returns whether :func:`isclose` holds everywhere."""
    return bool(isclose(a, b, rtol, atol, equal_nan).all())


def array_equal(a1, a2, equal_nan=False):
    """Returns whether two arrays have the same shape and elements."""
    from ._convert import asarray

    a, b = asarray(a1), asarray(a2)
    if a.shape != b.shape:
        return False
    same = equal(a, b) if a._tensor is not None and b._tensor is not None else a == b
    if equal_nan:
        same = same | (isnan(a) & isnan(b))
    return bool(same.all())


def array_equiv(a1, a2):
    """Returns whether two arrays are equal after broadcasting."""
    try:
        return bool(equal(a1, a2).all())
    except ValueError:
        return False


# ---------------------------------------------------------------- operators


def _is_foreign(other):
    """Says whether an operator is left to the other side."""
    return isinstance(other, torch.Tensor) or not (
        isinstance(other, (int, float, ndarray, generic, list, tuple))
        or hasattr(other, "__array__")
        or hasattr(other, "__float__")
    )


# The functions of the engine for operands that are already of one type of floats.
_DIRECT = {
    "add": torch.add,
    "subtract": torch.sub,
    "multiply": torch.mul,
    "divide": torch.div,
    "less": torch.lt,
    "less_equal": torch.le,
    "greater": torch.gt,
    "greater_equal": torch.ge,
}
_FLOATS = (torch.float64, torch.float32)
_REAL = (float, int)


def _operator(function, is_reversed=False):
    direct = None if is_reversed else _DIRECT.get(function.__name__)
    is_watched = function._watch

    def operate(self, other):
        if direct is not None:
            a, kind = self._tensor, type(other)
            b = other._tensor if kind is ndarray else float(other) if kind in _REAL else None
            if b is not None and a.dtype in _FLOATS and (kind in _REAL or b.dtype is a.dtype):
                try:
                    made = direct(a, b)
                except RuntimeError:
                    raise _broadcast_error(a, b) from None
                if is_watched and not is_finite(made):
                    _look(function.__name__, made, (a, b))
                return result(made)
        if _is_foreign(other):
            return NotImplemented
        return result(function._run((other, self) if is_reversed else (self, other), None))

    return operate


def _equality(function, otherwise):
    def operate(self, other):
        if isinstance(other, torch.Tensor):
            return NotImplemented
        if isinstance(other, str) or other is None:
            return wrap(torch.full(self._tensor.shape, otherwise, dtype=torch.bool))
        if isinstance(other, ndarray) and other._tensor is None:
            return getattr(other, "__ne__" if otherwise else "__eq__")(self)
        if _is_foreign(other):
            return NotImplemented
        return result(function._run((self, other), None))

    return operate


def _in_place(function, name):
    def operate(self, other):
        if isinstance(other, torch.Tensor):
            from ._convert import asarray

            other = asarray(other)
        target = self._writable()
        if type(other) is float and target.dtype.is_floating_point and name in ("add", "subtract", "multiply"):
            getattr(target, {"add": "add_", "subtract": "sub_", "multiply": "mul_"}[name])(other)
            return self
        return function._deliver(function._run((self, other), None), self, True)

    return operate


def _add_operators():
    names = {
        "add": add,
        "sub": subtract,
        "mul": multiply,
        "truediv": divide,
        "floordiv": floor_divide,
        "mod": remainder,
        "pow": power,
        "and": bitwise_and,
        "or": bitwise_or,
        "xor": bitwise_xor,
        "lshift": left_shift,
        "rshift": right_shift,
    }
    for name, function in names.items():
        setattr(ndarray, f"__{name}__", _operator(function))
        setattr(ndarray, f"__r{name}__", _operator(function, True))
        setattr(ndarray, f"__i{name}__", _in_place(function, function.__name__))
    for name, function in {"lt": less, "le": less_equal, "gt": greater, "ge": greater_equal}.items():
        setattr(ndarray, f"__{name}__", _operator(function))
    ndarray.__eq__, ndarray.__ne__ = _equality(equal, False), _equality(not_equal, True)
    ndarray.__hash__ = None
    for name, function in {"neg": negative, "pos": positive, "abs": absolute, "invert": invert}.items():
        setattr(ndarray, f"__{name}__", lambda self, function=function: result(function._one(self, None)))
    ndarray.__divmod__ = lambda self, other: divmod(self, other)
    ndarray.__rdivmod__ = lambda self, other: divmod(other, self)
    ndarray.round = lambda self, decimals=0, out=None: around(self, decimals, out)
    ndarray.clip = lambda self, min=None, max=None, out=None: clip(self, min, max, out)
    ndarray.conj = ndarray.conjugate = lambda self: self


_add_operators()
