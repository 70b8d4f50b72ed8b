"""Modules that hold parameters: `ParameterList` and `ParameterDict`."""

from ..._C import Tensor
from ..parameter import Parameter
from .module import Module


def _as_parameter(value):
    """A plain tensor becomes a parameter; other values stay as they are."""
    if isinstance(value, Tensor) and not isinstance(value, Parameter):
        return Parameter(value)
    return value


def _format(module, pairs, type_of):
    """Formats a container with one line for each value; ``type_of`` names a tensor's type."""
    lines = []
    for key, value in pairs:
        if isinstance(value, Tensor):
            kind = "Parameter" if isinstance(value, Parameter) else "Tensor"
            sizes = "x".join(str(size) for size in value.size())
            lines.append(f"  ({key}): {kind} containing: [{type_of(value)} of size {sizes}]")
        else:
            lines.append(f"  ({key}): Object of type: {type(value).__name__}")
    name = module._get_name()
    if len(lines) < 2:
        return name + "(" + "".join(lines) + ")"
    return name + "(" + "".join(f"\n  {line}" for line in lines) + "\n)"


class ParameterList(Module):
    """A list of parameters that registers them; plain tensors become parameters.

    ::

        self.scales = nn.ParameterList([torch.ones(3) for _ in range(4)])
    """

    def __init__(self, values=None):
        super().__init__()
        self._size = 0
        if values is not None:
            self.extend(values)

    def _key(self, index):
        index = index.__index__()
        if not -self._size <= index < self._size:
            raise IndexError(f"index {index} is out of range")
        return str(index % self._size)

    def __getitem__(self, index):
        if isinstance(index, slice):
            picked = type(self)()
            for i in range(*index.indices(self._size)):
                picked.append(self[i])
            return picked
        return getattr(self, self._key(index))

    def __setitem__(self, index, value):
        setattr(self, self._key(index), _as_parameter(value))

    def __len__(self):
        return self._size

    def __iter__(self):
        return iter([self[i] for i in range(self._size)])

    def __iadd__(self, values):
        return self.extend(values)

    def append(self, value):
        """Adds a value at the end and returns the list."""
        self._size += 1
        self[self._size - 1] = value
        return self

    def extend(self, values):
        """Adds every value of an iterable at the end and returns the list."""
        if not hasattr(values, "__iter__") or isinstance(values, Tensor):
            raise TypeError(f"ParameterList.extend should be called with an iterable, but got {type(values).__name__}")
        for value in list(values):
            self.append(value)
        return self

    def __repr__(self):
        return _format(self, enumerate(self), lambda tensor: tensor.dtype)

    def __call__(self, *args, **kwargs):
        raise RuntimeError("ParameterList should not be called.")


class ParameterDict(Module):
    """A dict of parameters that registers them under their keys; plain tensors become parameters.

    ::

        self.scales = nn.ParameterDict({"left": torch.ones(3), "right": torch.zeros(3)})
    """

    def __init__(self, parameters=None):
        super().__init__()
        self._keys = {}
        if parameters is not None:
            self.update(parameters)

    def _attribute(self, key):
        if not isinstance(key, str):
            raise TypeError(
                "Index given to ParameterDict cannot be used as a key as it is not a string "
                f"(type is '{type(key).__name__}')."
            )
        return key

    def __getitem__(self, key):
        return getattr(self, self._attribute(key))

    def __setitem__(self, key, value):
        self._keys[key] = None
        setattr(self, self._attribute(key), _as_parameter(value))

    def __delitem__(self, key):
        del self._keys[key]
        delattr(self, self._attribute(key))

    def __len__(self):
        return len(self._keys)

    def __iter__(self):
        return iter(self._keys)

    def __reversed__(self):
        return reversed(list(self._keys))

    def __contains__(self, key):
        return key in self._keys

    def keys(self):
        return self._keys.keys()

    def values(self):
        return [self[key] for key in self._keys]

    def items(self):
        return [(key, self[key]) for key in self._keys]

    def get(self, key, default=None):
        """Returns the value of ``key``, or ``default``."""
        return self[key] if key in self else default

    def setdefault(self, key, default=None):
        """Returns the value of ``key``, which becomes ``default`` where there is none."""
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key):
        """Removes ``key`` and returns its value."""
        value = self[key]
        del self[key]
        return value

    def popitem(self):
        """Removes the last pair and returns it."""
        key = list(self._keys)[-1]
        return key, self.pop(key)

    def clear(self):
        """Removes everything."""
        for key in list(self._keys):
            del self[key]

    def copy(self):
        """Returns a new ParameterDict with the same values."""
        return ParameterDict(dict(self.items()))

    def fromkeys(self, keys, default=None):
        """Returns a new ParameterDict with ``default`` under each of ``keys``."""
        return ParameterDict({key: default for key in keys})

    def update(self, parameters):
        """Adds the values of a dict, or of an iterable of (key, value) pairs."""
        if not hasattr(parameters, "__iter__"):
            raise TypeError(
                "ParametersDict.update should be called with an iterable of key/value pairs, but got "
                + type(parameters).__name__
            )
        if type(parameters) is dict:
            pairs = sorted(parameters.items(), key=lambda pair: pair[0])  # as PyTorch does
        else:
            pairs = parameters.items() if hasattr(parameters, "items") else parameters
        for key, value in list(pairs):
            self[key] = value

    def __or__(self, other):
        joined = self.copy()
        joined.update(other)
        return joined

    def __ror__(self, other):
        joined = other.copy()
        joined.update(self)
        return joined

    def __ior__(self, other):
        self.update(other)
        return self

    def __repr__(self):
        return _format(self, self.items(), lambda tensor: tensor.type())

    def __call__(self, input):
        raise RuntimeError("ParameterDict should not be called.")
