"""Results of several tensors: tuples whose parts also have names, as `torch.max(x, dim)` gives."""

_classes = {}


def _make(op, names, values):
    """Returns ``values`` as a tuple of the class of ``op``'s results."""
    cls = _classes.get(op)
    if cls is None:
        cls = _classes[op] = _new_class(op, names)
    return tuple.__new__(cls, values)


def _new_class(op, names):
    def show(self):
        fields = ",\n".join(f"{name}={value!r}" for name, value in zip(names, self))
        return f"torch.return_types.{op}(\n{fields})"

    members = {"__repr__": show, "__module__": "torch.return_types", "_fields": names, "n_fields": len(names)}
    for i, name in enumerate(names):
        members[name] = property(lambda self, i=i: self[i])
    return type(op, (tuple,), members)


def __getattr__(name):
    if name in _classes:
        return _classes[name]
    raise AttributeError(f"module 'torch.return_types' has no attribute '{name}'")
