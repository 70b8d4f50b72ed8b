"""What a program gives to be drawn, as tensors of float64."""

import torch

_FLOATS = torch.float64


def _plain(value):
    """Makes lists of what can be iterated, and numbers of tensors with one element."""
    if isinstance(value, torch.Tensor):
        if value.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        return value.tolist()
    if value is None:
        return float("nan")
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, (str, bytes)):
        raise TypeError(f"expected a number to draw, found the text {value!r}")
    if isinstance(value, dict):
        raise TypeError("expected numbers to draw, found a dict; list(d.values()) makes a list of its values")
    if hasattr(value, "tolist"):
        return value.tolist()
    try:
        return [_plain(item) for item in value]
    except TypeError:
        pass
    if hasattr(value, "__float__"):
        return float(value)
    raise TypeError(f"expected a number to draw, found {type(value).__name__}")


def numbers(value):
    """Returns a tensor of float64: of a number, a list, a range, nested ones, or a tensor of any kind."""
    if isinstance(value, torch.Tensor):
        if value.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        return value.detach().to(_FLOATS)
    tensor = getattr(value, "_tensor", None)
    if isinstance(tensor, torch.Tensor):
        return tensor.to(_FLOATS)
    try:
        return torch.tensor(_plain(value), dtype=_FLOATS)
    except ValueError as error:
        raise ValueError(f"the rows have different lengths: {error}") from None


def is_number(value):
    """Says whether a value is one number."""
    if isinstance(value, torch.Tensor):
        return value.dim() == 0
    return isinstance(value, (int, float)) or (hasattr(value, "__float__") and not hasattr(value, "__len__"))


def row(value, name="x"):
    """Returns numbers in one dimension."""
    tensor = numbers(value)
    if tensor.dim() == 0:
        return tensor.reshape(1)
    if tensor.dim() > 1 and max(tensor.shape) == tensor.numel():
        return tensor.reshape(-1)
    if tensor.dim() != 1:
        raise ValueError(f"{name} must be 1D, but has shape {tuple(tensor.shape)}")
    return tensor


def is_texts(value):
    """Says whether a value is text, or a list of texts: the names of categories."""
    if isinstance(value, str) or getattr(getattr(value, "dtype", None), "kind", None) == "U":
        return True
    return isinstance(value, (list, tuple)) and len(value) > 0 and all(isinstance(item, str) for item in value)


def spread(value, count, name):
    """Returns so many numbers: one for all, or one for each."""
    tensor = row(value, name)
    if tensor.numel() == 1:
        return tensor.expand(count)
    if tensor.numel() != count:
        raise ValueError(f"{name} must have 1 or {count} numbers, not {tensor.numel()}")
    return tensor


def finite(tensor):
    """Returns the finite numbers in one dimension."""
    flat = tensor.reshape(-1)
    return flat[torch.isfinite(flat)]


# A curve that is longer is made shorter here, before it is taken apart into numbers.
_LONG = 100_000


def shorten_curve(x, y):
    """Keeps of a very long curve the lowest and the highest point of each stretch."""
    count = min(x.numel(), y.numel())
    if count <= _LONG:
        return x, y
    stretch = -(-count // (_LONG // 2))
    kept = count // stretch * stretch
    parts = torch.nan_to_num(y[:kept], nan=0.0).reshape(-1, stretch)
    base = torch.arange(parts.shape[0]) * stretch
    low, high = base + parts.argmin(1), base + parts.argmax(1)
    places = torch.stack([torch.minimum(low, high), torch.maximum(low, high)], 1).reshape(-1)
    places = torch.cat([torch.tensor([0]), places, torch.tensor([count - 1])])
    return x[places], y[places]


def shorten_cloud(count):
    """Returns the step that makes a very large cloud of points small enough."""
    return max(1, -(-count // _LONG))
