"""The axes that `plt.subplots` returns, as an array: `axes[0, 1]`, `axes.flat`, `axes.ravel()`."""


class AxesArray:
    """An array of axes with one or two dimensions.

    >>> fig, axes = plt.subplots(2, 3)
    >>> axes[0, 1].plot([1, 2])
    >>> for ax in axes.flat: ax.axis("off")
    """

    def __init__(self, items, shape):
        self._items = list(items)
        self.shape = tuple(shape)

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def size(self):
        return len(self._items)

    @property
    def flat(self):
        return _Flat(self._items)

    @property
    def T(self):
        return self.transpose()

    def ravel(self):
        """Returns the axes in one dimension, row by row."""
        return AxesArray(self._items, (len(self._items),))

    flatten = ravel

    def tolist(self):
        if self.ndim == 1:
            return list(self._items)
        return [list(row._items) for row in self]

    def reshape(self, *shape):
        shape = list(shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape)
        if -1 in shape:
            known = 1
            for size in shape:
                known *= size if size != -1 else 1
            shape[shape.index(-1)] = len(self._items) // known if known else 0
        count = 1
        for size in shape:
            count *= size
        if count != len(self._items) or len(shape) not in (1, 2):
            raise ValueError(f"cannot reshape array of size {len(self._items)} into shape {tuple(shape)}")
        return AxesArray(self._items, shape)

    def transpose(self):
        if self.ndim == 1:
            return self
        rows, columns = self.shape
        return AxesArray([self._items[r * columns + c] for c in range(columns) for r in range(rows)], (columns, rows))

    def __len__(self):
        return self.shape[0]

    def __iter__(self):
        return (self[index] for index in range(len(self)))

    def __getitem__(self, key):
        if self.ndim == 1:
            if isinstance(key, tuple):
                if len(key) == 1:
                    return self[key[0]]
                raise IndexError(f"too many indices for array: array is 1-dimensional, but {len(key)} were indexed")
            if isinstance(key, slice):
                chosen = self._items[key]
                return AxesArray(chosen, (len(chosen),))
            return self._items[_index(key, len(self._items), 0)]
        row_key, column_key = key if isinstance(key, tuple) else (key, slice(None))
        rows, columns = self.shape
        row_list, one_row = _chosen(row_key, rows, 0)
        column_list, one_column = _chosen(column_key, columns, 1)
        items = [self._items[r * columns + c] for r in row_list for c in column_list]
        if one_row and one_column:
            return items[0]
        if one_row or one_column:
            return AxesArray(items, (len(items),))
        return AxesArray(items, (len(row_list), len(column_list)))

    def __repr__(self):
        return f"array({self.tolist()!r}, dtype=object)"


def _index(key, size, axis):
    key = key.__index__()
    if not -size <= key < size:
        raise IndexError(f"index {key} is out of bounds for axis {axis} with size {size}")
    return key % size


def _chosen(key, size, axis):
    if isinstance(key, slice):
        return list(range(*key.indices(size))), False
    return [_index(key, size, axis)], True


class _Flat:
    """What `axes.flat` is, as in numpy: something to go through once, and to take from by number."""

    def __init__(self, items):
        self._items = items
        self._rest = iter(items)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._rest)

    def __getitem__(self, index):
        return self._items[index]

    def __len__(self):
        return len(self._items)
