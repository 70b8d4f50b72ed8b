"""Names for the types that torch's functions take, for annotations."""

from ._C import Size, Tensor, device, dtype

Device = device | str | int | None
Number = int | float | bool
_bool = bool
_dtype = dtype
_device = device
_size = Size | list | tuple
_int = int
_float = float
_TensorOrTensors = Tensor | tuple
