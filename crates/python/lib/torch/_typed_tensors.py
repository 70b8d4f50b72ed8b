"""The old constructors by type: ``torch.FloatTensor``, ``torch.LongTensor`` and the others."""

from . import _C


class _TypedTensorMeta(type):
    def __instancecheck__(cls, value):
        return isinstance(value, _C.Tensor) and value.dtype == cls.dtype

    def __repr__(cls):
        return f"<class 'torch.{cls.__name__}'>"


class _TypedTensor(metaclass=_TypedTensorMeta):
    dtype = None

    def __new__(cls, *args):
        """Makes a tensor of data, of another tensor, or uninitialised of a shape: ``FloatTensor(2, 3)``."""
        if len(args) == 1 and not isinstance(args[0], int):
            data = args[0]
            if isinstance(data, _C.Size):
                return _C.empty(data, dtype=cls.dtype)
            if isinstance(data, _C.Tensor):
                if data.dtype != cls.dtype:
                    raise TypeError(f"expected {cls.__name__} (got {data.type()})")
                return data.detach()
            return _C.tensor(data, dtype=cls.dtype)
        return _C.empty(args if args else 0, dtype=cls.dtype)


class FloatTensor(_TypedTensor):
    dtype = _C.float32


class DoubleTensor(_TypedTensor):
    dtype = _C.float64


class LongTensor(_TypedTensor):
    dtype = _C.int64


class IntTensor(_TypedTensor):
    dtype = _C.int32


class ByteTensor(_TypedTensor):
    dtype = _C.uint8


class BoolTensor(_TypedTensor):
    dtype = _C.bool


def new(self, *args):
    """Makes a tensor of this one's dtype: uninitialised of a shape, or of data; ``x.new(2, 3).zero_()``."""
    if len(args) == 1 and isinstance(args[0], (tuple, list)) and not isinstance(args[0], _C.Size):
        return _C.tensor(args[0], dtype=self.dtype)
    if len(args) == 1 and isinstance(args[0], _C.Tensor):
        return args[0].detach()
    return _C.empty(args[0] if args and isinstance(args[0], _C.Size) else args or 0, dtype=self.dtype)
