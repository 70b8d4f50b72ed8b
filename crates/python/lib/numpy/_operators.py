"""The operators of arrays. Two arrays of one type of floats go straight to the engine."""

import torch
from _numpy import is_finite

from ._array import ndarray, result, wrap
from ._elementwise import around, clip
from ._floating_errors import look
from ._operands import broadcast_error
from ._scalar_operators import FUNCTIONS
from ._scalars import generic
from ._ufuncs import (
    absolute,
    add,
    bitwise_and,
    bitwise_or,
    bitwise_xor,
    divide,
    divmod,
    equal,
    floor_divide,
    greater,
    greater_equal,
    invert,
    left_shift,
    less,
    less_equal,
    multiply,
    negative,
    not_equal,
    positive,
    power,
    remainder,
    right_shift,
    subtract,
)


def is_foreign(other):
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
                    raise broadcast_error(a, b) from None
                if is_watched and not is_finite(made):
                    look(function.__name__, made, (a, b))
                return result(made)
        if is_foreign(other):
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
        if is_foreign(other):
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
FUNCTIONS.update(
    (each.__name__, each)
    for each in (
        add,
        subtract,
        multiply,
        floor_divide,
        remainder,
        power,
        bitwise_and,
        bitwise_or,
        bitwise_xor,
        left_shift,
        right_shift,
        less,
        less_equal,
        greater,
        greater_equal,
        equal,
        not_equal,
    )
)
FUNCTIONS["true_divide"], FUNCTIONS["divmod"] = divide, divmod
