"""Data sets: things with a length and numbered examples, and ways to cut and join them."""

from bisect import bisect_right
from math import floor, isclose

from ..._C import default_generator, randperm


class Dataset:
    """A data set of numbered examples; a subclass defines ``__getitem__`` and ``__len__``.

    ::

        class Squares(torch.utils.data.Dataset):
            def __len__(self):
                return 100

            def __getitem__(self, index):
                return torch.tensor(float(index)), torch.tensor(float(index**2))
    """

    def __class_getitem__(cls, item):
        return cls

    def __getitem__(self, index):
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other):
        return ConcatDataset([self, other])


class IterableDataset(Dataset):
    """A data set that is read from its beginning, such as a stream; a subclass defines ``__iter__``."""

    def __add__(self, other):
        return ChainDataset([self, other])


class TensorDataset(Dataset):
    """Tensors side by side: example i is the tuple of their i-th rows.

    ::

        data = TensorDataset(x, y)
        data[0]  # (x[0], y[0])
    """

    def __init__(self, *tensors):
        if any(tensors[0].size(0) != tensor.size(0) for tensor in tensors):
            raise AssertionError("Size mismatch between tensors")
        self.tensors = tensors

    def __getitem__(self, index):
        return tuple([tensor[index] for tensor in self.tensors])

    def __len__(self):
        return self.tensors[0].size(0)

    def _batch(self, rows):
        """Takes many rows at once, given as a tensor: what a loader would get by stacking them one by one."""
        return [tensor.index_select(0, rows) for tensor in self.tensors]


class StackDataset(Dataset):
    """Data sets side by side: example i is a tuple (or, by keyword, a dict) of their i-th examples."""

    def __init__(self, *args, **kwargs):
        if args and kwargs:
            raise ValueError(
                "Supported either ``tuple``- (via ``args``) or ``dict``- (via ``kwargs``) like input/output, "
                "but both types are given."
            )
        if not args and not kwargs:
            raise ValueError("At least one dataset should be passed")
        self.datasets = args or kwargs
        parts = list(args or kwargs.values())
        self._length = len(parts[0])
        if any(len(part) != self._length for part in parts):
            raise ValueError("Size mismatch between datasets")

    def __getitem__(self, index):
        if isinstance(self.datasets, dict):
            return {key: part[index] for key, part in self.datasets.items()}
        return tuple([part[index] for part in self.datasets])

    def __len__(self):
        return self._length


class ConcatDataset(Dataset):
    """Data sets one after another."""

    @staticmethod
    def cumsum(sequence):
        """Returns where each data set ends."""
        ends = []
        total = 0
        for part in sequence:
            total += len(part)
            ends.append(total)
        return ends

    def __init__(self, datasets):
        self.datasets = list(datasets)
        if not self.datasets:
            raise AssertionError("datasets should not be an empty iterable")
        if any(isinstance(part, IterableDataset) for part in self.datasets):
            raise AssertionError("ConcatDataset does not support IterableDataset")
        self.cumulative_sizes = self.cumsum(self.datasets)

    def __len__(self):
        return self.cumulative_sizes[-1]

    def __getitem__(self, index):
        if index < 0:
            if -index > len(self):
                raise ValueError("absolute value of index should not exceed dataset length")
            index += len(self)
        part = bisect_right(self.cumulative_sizes, index)
        if part >= len(self.datasets):
            raise IndexError("list index out of range")
        start = self.cumulative_sizes[part - 1] if part else 0
        return self.datasets[part][index - start]


class ChainDataset(IterableDataset):
    """Iterable data sets one after another."""

    def __init__(self, datasets):
        self.datasets = datasets

    def __iter__(self):
        for part in self.datasets:
            if not isinstance(part, IterableDataset):
                raise AssertionError("ChainDataset only supports IterableDataset")
            yield from part

    def __len__(self):
        return sum(len(part) for part in self.datasets)


class Subset(Dataset):
    """The examples of a data set at the given indices."""

    def __init__(self, dataset, indices):
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index):
        if isinstance(index, list):
            return self.dataset[[self.indices[i] for i in index]]
        return self.dataset[self.indices[index]]

    def __getitems__(self, indices):
        """Returns a list of examples."""
        own = [self.indices[i] for i in indices]
        if callable(getattr(self.dataset, "__getitems__", None)):
            return self.dataset.__getitems__(own)
        return [self.dataset[i] for i in own]

    def __len__(self):
        return len(self.indices)


def random_split(dataset, lengths, generator=default_generator):
    """Cuts a data set at random into parts of the given lengths, or of fractions that add up to 1.

    ::

        train, test = random_split(data, [0.8, 0.2], generator=torch.Generator().manual_seed(42))
    """
    lengths = list(lengths)
    total = len(dataset)
    if isclose(sum(lengths), 1) and sum(lengths) <= 1:
        lengths = _lengths_of(lengths, total)
    if sum(lengths) != total:
        raise ValueError("Sum of input lengths does not equal the length of the input dataset!")
    order = randperm(total, generator=generator).tolist()
    parts = []
    start = 0
    for length in lengths:
        parts.append(Subset(dataset, order[start : start + length]))
        start += length
    return parts


def _lengths_of(fractions, total):
    """Turns fractions into lengths; what rounding leaves over goes to the first parts, one each."""
    for i, fraction in enumerate(fractions):
        if fraction < 0 or fraction > 1:
            raise ValueError(f"Fraction at index {i} is not between 0 and 1")
    lengths = [int(floor(total * fraction)) for fraction in fractions]
    for i in range(total - sum(lengths)):
        lengths[i % len(lengths)] += 1
    for i, length in enumerate(lengths):
        if length == 0:
            import warnings

            warnings.warn(f"Length of split at index {i} is 0. This might result in an empty dataset.")
    return lengths
