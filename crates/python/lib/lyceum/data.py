"""Data sets as tensors.

    >>> from lyceum import data
    >>> x, y = data.load("iris")                          # (150, 4) numbers, (150,) classes
    >>> train = data.load("digits", size=28, split="train")
    >>> train.data.shape, train.target_names
    >>> print(data.load("tinyshakespeare").text[:100])

`list()` gives the names. Sets that are not built in come into the catalogue with `lyceum data pull`
and `lyceum data import`, in a terminal.
"""

import torch  # noqa: F401  the tensors that the native module makes are torch's

import _lyceum_data as _native

__all__ = ["DataSet", "list", "load"]


class DataSet:
    """A data set, or a part of one.

    It can be taken apart into what predicts and what is predicted: `x, y = load("iris")`.

    Attributes:
        name: the name that it was loaded by
        split: "train", "test", or None for everything
        data: what predicts. A table is `(N, columns)`, images are `(N, 1, height, width)` with
            brightness from 0 to 1; both are float32. None for a text
        target: what is predicted, `(N,)`: int64 for classes and whole numbers, float32 for other
            numbers. None for a text
        feature_names: the names of a table's columns
        target_names: the names of the classes, by their numbers; empty where there are no classes
        text: the text; None where there is none
        title, description, licence, source: what to know before using it
    """

    def __init__(self, name, split, data, target, text, facts):
        self.name = name
        self.split = split
        self.data = data
        self.target = target
        self.text = text
        self.feature_names = facts["feature_names"]
        self.target_names = facts["target_names"]
        self.title = facts["title"]
        self.description = facts["description"]
        self.licence = facts["licence"]
        self.source = facts["source"]

    def __iter__(self):
        if self.data is None:
            raise TypeError(f"{self.name!r} is a text and has no x and y to take apart; use .text")
        return iter((self.data, self.target))

    def __repr__(self):
        part = "" if self.split is None else f", split={self.split!r}"
        if self.data is None:
            return f"DataSet({self.name!r}{part}, text of {len(self.text)} characters)"
        return f"DataSet({self.name!r}{part}, data {tuple(self.data.shape)}, target {tuple(self.target.shape)})"


def load(name, *, split=None, size=None):
    """Loads a data set.

    Args:
        name: its name; `list()` gives all of them
        split: "train" or "test" for a part of it, None for everything. A set that was published in two
            parts keeps them. Of the others every fifth row, from the first on, is for testing; of a
            text, the last tenth
        size: for images, the height and width to give them; the digits come as 8 and as 28

    Returns:
        a `DataSet`

    Raises:
        ValueError: when there is no set of that name, or it has no such split or size
        OSError: when its files are damaged
    """
    if not isinstance(name, str):
        raise TypeError(f"load() expects the name of a data set as a str, not {type(name).__name__}")
    if split not in (None, "train", "test"):
        raise ValueError(f'split must be "train", "test" or None, not {split!r}')
    if size is not None and (isinstance(size, bool) or not isinstance(size, int) or size < 1):
        raise ValueError(f"size must be a number of pixels, such as 28, not {size!r}")
    facts = _native.load(name, split or "", size or 0)
    if facts["text"] is not None:
        return DataSet(name, split, None, None, facts["text"], facts)
    return DataSet(name, split, facts["data"], facts["target"], None, facts)


def list():
    """Returns the names of the sets that can be loaded, as a list."""
    return _native.names()
