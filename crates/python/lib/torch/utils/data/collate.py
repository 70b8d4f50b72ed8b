"""Collation: how a list of examples becomes one batch."""

from ..._C import Tensor, as_tensor, float64, stack, tensor


def default_collate(batch):
    """Makes a list of examples into a batch.

    Tensors are stacked, numbers become tensors, dicts and tuples go part by part, strings stay a list.
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return stack(batch, 0)
    if type(first).__module__ == "numpy" and hasattr(first, "_torch_dtype"):
        return tensor(batch)
    if type(first).__module__ == "numpy" and hasattr(first, "_tensor"):
        return stack([as_tensor(example) for example in batch], 0)
    if isinstance(first, float):
        return tensor(batch, dtype=float64)
    if isinstance(first, int):
        return tensor(batch)
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, dict):
        collated = {key: default_collate([example[key] for example in batch]) for key in first}
        return collated if type(first) is dict else _like(first, collated)
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return type(first)(*[default_collate(part) for part in zip(*batch)])
    if isinstance(first, (tuple, list)):
        if any(len(example) != len(first) for example in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        return [default_collate(part) for part in zip(*batch)]
    raise TypeError(
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; "
        f"found {type(first)}"
    )


def default_convert(data):
    """Returns an example as it is: without batches there is nothing to stack."""
    if isinstance(data, dict):
        converted = {key: default_convert(value) for key, value in data.items()}
        return converted if type(data) is dict else _like(data, converted)
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*[default_convert(value) for value in data])
    if isinstance(data, (tuple, list)):
        return [default_convert(value) for value in data]
    if type(data).__module__ == "numpy" and (hasattr(data, "_torch_dtype") or hasattr(data, "_tensor")):
        return as_tensor(data)
    return data


def _like(original, items):
    """A mapping of the same type where that is possible, else a dict."""
    try:
        return type(original)(items)
    except TypeError:
        return items
