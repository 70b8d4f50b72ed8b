"""`torch.save` and `torch.load`: tensors, and plain Python data with tensors in it, as safetensors files.

A safetensors file holds named tensors and a little text. The text is JSON and says how the tensors were arranged:
in a dict, in nested dicts and lists, beside numbers and strings. Any program that reads safetensors finds the tensors
of a state dict under their names. `torch.load` also reads PyTorch's own `.pt` files of tensors and plain data. Nothing
in a file is ever executed.
"""

from . import _C
from ._C import Tensor

_STRUCTURE = "lyceum.structure"


def save(
    obj, f, pickle_module=None, pickle_protocol=2, _use_new_zipfile_serialization=True,
    _disable_byteorder_record=False,
):
    """Writes ``obj`` to a path or to a file object opened for bytes.

    ``torch.save(model.state_dict(), "model.pt")`` saves a model; checkpoints such as
    ``{"epoch": 3, "model": model.state_dict(), "optimizer": optimizer.state_dict()}`` work as well.
    """
    import json

    packer = _Packer()
    structure = json.dumps(packer.pack(obj, ""))
    data = _C._save_safetensors(packer.tensors, {"format": "pt", _STRUCTURE: structure})
    if hasattr(f, "write"):
        f.write(data)
    else:
        with open(f, "wb") as file:
            file.write(data)


def load(f, map_location=None, pickle_module=None, *, weights_only=None, mmap=None, **pickle_load_args):
    """Reads what :func:`save` has written, or a `.pt` file of PyTorch, from a path or a file object.

    Nothing in the file is executed, so ``weights_only`` makes no difference. ``map_location`` may name the CPU.
    """
    _check_location(map_location)
    if hasattr(f, "read"):
        data = f.read()
    else:
        with open(f, "rb") as file:
            data = file.read()
    if isinstance(data, str):
        raise TypeError("torch.load needs a file opened for bytes: open(path, 'rb')")
    data = bytes(data)
    if not data:
        raise EOFError("Ran out of input")
    if data[:4] == b"PK\x03\x04":
        return _C._load_pt(data)
    tensors, metadata = _C._load_safetensors(data)
    if _STRUCTURE not in metadata:
        return tensors
    import json

    try:
        return _unpack(json.loads(metadata[_STRUCTURE]), tensors)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise RuntimeError(f"torch.load: the file's description of its tensors is damaged: {error!r}") from None


def _check_location(map_location):
    if isinstance(map_location, (str, _C.device)):
        device = _C.device(map_location)
        if device.type == "cuda":
            raise RuntimeError(
                "Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False. "
                "If you are running on a CPU-only machine, please use torch.load with "
                "map_location=torch.device('cpu') to map your storages to the CPU."
            )
        if device.type != "cpu":
            raise NotImplementedError(f"torch.load(map_location={str(device)!r}): Lyceum computes on the CPU only")


class _Packer:
    """Turns an object into plain JSON values, and collects its tensors under names.

    Strings, numbers, ``None`` and lists stand for themselves; anything else is a dict with one key, its kind.
    """

    def __init__(self):
        self.tensors = {}
        self.name_of = {}

    def pack(self, value, path):
        kind = type(value)
        if value is None or kind in (str, bool, int, float):
            return value
        if kind is list:
            return self._pack_items(value, path)
        if isinstance(value, Tensor):
            return self._pack_tensor(value, path)
        if kind is _C.Size:
            return {"size": list(value)}
        if kind in (tuple, set, frozenset):
            return {kind.__name__: self._pack_items(value, path)}
        if isinstance(value, dict):
            return self._pack_dict(value, path)
        if isinstance(value, (str, bool, int, float)):  # such as a numpy number or an enum with a value
            return self.pack(_plain(value), path)
        if kind is bytes:
            return {"bytes": value.hex()}
        if kind is complex:
            return {"complex": [value.real, value.imag]}
        if kind is range:
            return {"range": [value.start, value.stop, value.step]}
        if kind is _C.dtype:
            return {"dtype": str(value).rpartition(".")[2]}
        if kind is _C.device:
            return {"device": str(value)}
        raise NotImplementedError(_cannot_save(value, path))

    def _pack_items(self, values, path):
        return [self.pack(value, f"{path}.{i}" if path else str(i)) for i, value in enumerate(values)]

    def _pack_dict(self, value, path):
        pairs = []
        for key, item in value.items():
            item_path = f"{path}.{key}" if path else str(key)
            pairs.append([self.pack(key, item_path), self.pack(item, item_path)])
        if type(value).__name__ != "OrderedDict":
            return {"dict": pairs}
        metadata = getattr(value, "_metadata", None)
        return {"ordered": [pairs, None if metadata is None else self.pack(metadata, path)]}

    def _pack_tensor(self, value, path):
        key = (value.data_ptr(), tuple(value.shape), value.stride(), value.dtype) if value.numel() else id(value)
        name = self.name_of.get(key)
        if name is None:
            name = path or "tensor"
            while name in self.tensors or name == "__metadata__":
                name += "_"
            self.tensors[name] = value.detach()
            self.name_of[key] = name
        is_parameter = type(value).__name__ == "Parameter"
        if is_parameter:
            return {"parameter": [name, value.requires_grad]}
        return {"tensor": [name, value.requires_grad]}


def _plain(value):
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)


def _cannot_save(value, path):
    where = f" (at {path!r})" if path else ""
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    if hasattr(value, "state_dict"):
        return (
            f"torch.save: saving the whole object of type {kind}{where} is not part of Lyceum, because loading it "
            "would execute code from the file. Save its state instead, torch.save(model.state_dict(), path), and load "
            "it with model.load_state_dict(torch.load(path))"
        )
    return (
        f"torch.save: cannot save an object of type {kind}{where}; tensors, numbers, strings, None, lists, tuples, "
        "sets and dicts of them can be saved"
    )


def _unpack(value, tensors):
    if isinstance(value, list):
        return [_unpack(item, tensors) for item in value]
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    return _READERS[kind](content, tensors)


def _read_tensor(content, tensors):
    name, requires_grad = content
    value = tensors[name]
    return value.requires_grad_() if requires_grad else value


def _read_parameter(content, tensors):
    from .nn.parameter import Parameter

    name, requires_grad = content
    value = tensors[name]
    if not isinstance(value, Parameter):
        value = tensors[name] = Parameter(value, requires_grad)
    return value


def _read_pairs(pairs, tensors):
    return [(_unpack(key, tensors), _unpack(item, tensors)) for key, item in pairs]


def _read_ordered(content, tensors):
    from collections import OrderedDict

    pairs, metadata = content
    value = OrderedDict(_read_pairs(pairs, tensors))
    if metadata is not None:
        value._metadata = _unpack(metadata, tensors)
    return value


def _read_dtype(name, tensors):
    dtype = getattr(_C, name)
    if not isinstance(dtype, _C.dtype):
        raise ValueError(f"{name} is no dtype")
    return dtype


_READERS = {
    "tensor": _read_tensor,
    "parameter": _read_parameter,
    "dict": lambda pairs, tensors: dict(_read_pairs(pairs, tensors)),
    "ordered": _read_ordered,
    "tuple": lambda items, tensors: tuple(_unpack(items, tensors)),
    "set": lambda items, tensors: set(_unpack(items, tensors)),
    "frozenset": lambda items, tensors: frozenset(_unpack(items, tensors)),
    "size": lambda sizes, tensors: _C.Size(sizes),
    "bytes": lambda text, tensors: bytes.fromhex(text),
    "complex": lambda parts, tensors: complex(*parts),
    "range": lambda parts, tensors: range(*parts),
    "dtype": _read_dtype,
    "device": lambda text, tensors: _C.device(text),
}
