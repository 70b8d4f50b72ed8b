"""The table of the functions of elements. A row says which function of the engine it is and what dtype comes out."""

import math

import torch
from _numpy import is_finite

from ._absent import NotInLyceum
from ._dtypes import bool_, uint8
from ._floating_errors import complain
from ._ufunc import ufunc

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
