"""The class of the functions of elements: what ``out``, ``where``, ``dtype``, ``reduce`` and their kind do for all of them."""

import torch
from _numpy import is_finite

from . import _dtypes
from ._absent import NotInLyceum, refuse
from ._array import ndarray, result, wrap
from ._dtypes import bool_, float64, uint8
from ._floating_errors import look
from ._operands import broadcast_error, operands, shape_text, strong
from ._scalars import MAKERS
from ._scalars import float64 as scalar_float64

_ONE = (float, scalar_float64)
_FLOAT = MAKERS[torch.float64]


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
                    f"non-broadcastable output operand with shape {shape_text(target)} doesn't match the broadcast shape {shape_text(made)}"
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
                raise broadcast_error(a, b) from None
            raise
        if self._watch and common.kind == "f" and not is_finite(made):
            look(self.__name__, made, (a, b))
        return made

    def _one(self, value, dtype):
        tensor = strong(value)
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
            look(self.__name__, made, (tensor,))
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
