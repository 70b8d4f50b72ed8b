"""Operators of numbers: the common cases are computed here as Python computes them, all others by the ufuncs."""

import operator

import torch

from ._scalars import _INT64_MAX, _INT64_MIN, bool_, false, float32, float64, generic, int32, int64, str_, true, uint8

_EASY = {float64: float, float: float, int: float, bool: float}

# The functions of elements by their names, which come when they exist.
FUNCTIONS = {}


def _defers(other):
    return isinstance(other, torch.Tensor) or not (
        isinstance(other, (generic, int, float, list, tuple))
        or hasattr(other, "_tensor")
        or hasattr(other, "__array__")
    )


def add_operators():
    names = {
        "add": "add",
        "sub": "subtract",
        "mul": "multiply",
        "truediv": "true_divide",
        "floordiv": "floor_divide",
        "mod": "remainder",
        "pow": "power",
        "and": "bitwise_and",
        "or": "bitwise_or",
        "xor": "bitwise_xor",
        "lshift": "left_shift",
        "rshift": "right_shift",
        "divmod": "divmod",
        "matmul": "matmul",
    }
    for name, ufunc in names.items():
        setattr(generic, f"__{name}__", _operator(ufunc, False))
        setattr(generic, f"__r{name}__", _operator(ufunc, True))
    for name, ufunc in {
        "lt": "less",
        "le": "less_equal",
        "gt": "greater",
        "ge": "greater_equal",
        "eq": "equal",
        "ne": "not_equal",
    }.items():
        setattr(generic, f"__{name}__", _operator(ufunc, False, name in ("eq", "ne")))
        setattr(float64, f"__{name}__", _float_comparison(getattr(operator, name), getattr(generic, f"__{name}__")))
        for cls in (int64, int32, float32):
            setattr(cls, f"__{name}__", _value_comparison(getattr(operator, name), getattr(generic, f"__{name}__")))
    generic.__hash__ = lambda self: hash(self.item())
    for cls in (int64, int32, uint8, float32, bool_):
        cls.__hash__ = lambda self: hash(self._value)
    float64.__hash__ = float.__hash__
    str_.__hash__ = str.__hash__
    for name in ("eq", "ne", "lt", "le", "gt", "ge", "add", "mul", "mod"):
        setattr(str_, f"__{name}__", getattr(str, f"__{name}__"))
    for name in ("add", "sub", "mul"):
        for prefix in ("", "r"):
            method = f"__{prefix}{name}__"
            setattr(float64, method, _float_operator(getattr(float, method), getattr(generic, method)))
            setattr(int64, method, _int_operator(getattr(int, method), getattr(generic, method)))
    for cls in (int64, int32, uint8):
        for method in ("__mul__", "__rmul__"):
            setattr(cls, method, _repeating(getattr(cls, method)))
    for method in ("__truediv__", "__rtruediv__", "__pow__", "__rpow__"):
        setattr(float64, method, _careful_float_operator(getattr(float, method), getattr(generic, method)))
    for method in ("__floordiv__", "__rfloordiv__", "__mod__", "__rmod__"):
        setattr(float64, method, getattr(generic, method))


def _operator(name, is_reversed, is_equality=False):
    def operate(self, other):
        if _defers(other):
            return NotImplemented
        function = FUNCTIONS[name]
        return function(other, self) if is_reversed else function(self, other)

    return operate


def _repeating(otherwise):
    """A list times a whole number is repeated."""

    def operate(self, other):
        if isinstance(other, (list, tuple, str, bytes)):
            return other * self._value
        return otherwise(self, other)

    return operate


def _float_operator(of_float, otherwise):
    new = float.__new__

    def operate(self, other):
        if other.__class__ in _EASY:
            result = of_float(self, other)
            if result is not NotImplemented and result - result == 0.0:
                return new(float64, result)
        return otherwise(self, other)

    return operate


def _careful_float_operator(of_float, otherwise):
    new = float.__new__

    def operate(self, other):
        if other.__class__ in _EASY:
            try:
                result = of_float(self, other)
            except (ZeroDivisionError, OverflowError):
                result = None
            if result.__class__ is float and result - result == 0.0:
                return new(float64, result)
        return otherwise(self, other)

    return operate


def _int_operator(of_int, otherwise):
    new = object.__new__

    def operate(self, other):
        kind = other.__class__
        if kind is int or kind is int64:
            result = of_int(self._value, other if kind is int else other._value)
            if _INT64_MIN <= result <= _INT64_MAX:
                made = new(int64)
                made._value = result
                return made
        return otherwise(self, other)

    return operate


def _float_comparison(compare, otherwise):
    def operate(self, other):
        kind = other.__class__
        if kind in _EASY:
            return (
                true
                if compare(float.__float__(self), other if kind is not float64 else float.__float__(other))
                else false
            )
        return otherwise(self, other)

    return operate


def _value_comparison(compare, otherwise):
    def operate(self, other):
        if other.__class__ is int or other.__class__ is self.__class__:
            return true if compare(self._value, other if other.__class__ is int else other._value) else false
        return otherwise(self, other)

    return operate
