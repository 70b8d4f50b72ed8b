"""Data sets, samplers and loaders: orders, batches, workers, collation."""

import torch
from torch.utils.data import (
    BatchSampler, ConcatDataset, DataLoader, Dataset, IterableDataset, SequentialSampler, Subset, TensorDataset,
    WeightedRandomSampler, get_worker_info, random_split,
)


class Squares(Dataset):
    def __len__(self):
        return 7

    def __getitem__(self, index):
        return torch.tensor(index), index**2, {"name": str(index), "half": index / 2}


def order(loader):
    return [batch[0].tolist() for batch in loader]


def test_orders():
    data = TensorDataset(torch.arange(7), torch.arange(7) * 10)
    assert order(DataLoader(data, batch_size=3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert order(DataLoader(data, batch_size=3, drop_last=True)) == [[0, 1, 2], [3, 4, 5]]
    torch.manual_seed(0)
    shuffled = DataLoader(data, batch_size=3, shuffle=True)
    first, second = order(shuffled), order(shuffled)
    assert first != second and sorted(sum(first, [])) == list(range(7))
    torch.manual_seed(0)
    assert order(shuffled) == first
    assert order(DataLoader(Subset(data, [5, 1]), batch_size=2)) == [[5, 1]]
    given = DataLoader(data, batch_sampler=BatchSampler(SequentialSampler(data), 4, False))
    assert order(given) == [[0, 1, 2, 3], [4, 5, 6]] and len(given) == 2
    weighted = DataLoader(data, batch_size=2, sampler=WeightedRandomSampler([0, 0, 1.0, 0, 0, 0, 0], 4))
    assert order(weighted) == [[2, 2], [2, 2]]
    assert [x.item() for x, _ in DataLoader(data, batch_size=None)] == list(range(7))


def test_known_order():
    generator = torch.Generator().manual_seed(42)
    a, b = random_split(range(10), [0.7, 0.3], generator=generator)
    assert (a.indices, b.indices) == ([2, 6, 1, 8, 4, 5, 0], [9, 3, 7])


def test_collation():
    numbers, squares, rest = next(iter(DataLoader(Squares(), batch_size=3)))
    assert numbers.tolist() == [0, 1, 2] and squares.tolist() == [0, 1, 4]
    assert rest["name"] == ["0", "1", "2"] and rest["half"].dtype == torch.float64
    assert next(iter(DataLoader(Squares(), batch_size=4, collate_fn=len))) == 4
    try:
        next(iter(DataLoader([object()])))
    except TypeError as error:
        assert "default_collate: batch must contain tensors" in str(error)


def test_workers():
    class Stream(IterableDataset):
        def __iter__(self):
            worker = get_worker_info()
            yield from range(worker.id, 10, worker.num_workers) if worker else range(10)

    assert [b.tolist() for b in DataLoader(Stream(), batch_size=4)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert [b.tolist() for b in DataLoader(Stream(), batch_size=4, num_workers=2)] == [
        [0, 2, 4, 6], [1, 3, 5, 7], [8], [9],
    ]
    assert order(DataLoader(Squares(), batch_size=3, num_workers=2)) == [[0, 1, 2], [3, 4, 5], [6]]


def test_joined():
    both = ConcatDataset([Squares(), Squares()])
    assert len(both) == 14 and both[8][1] == 1 and both[-1][1] == 36


def test_errors():
    for options in (
        {"batch_size": 0}, {"shuffle": True, "sampler": [1]}, {"num_workers": -1}, {"batch_size": None, "drop_last": True},
        {"batch_sampler": [[1]], "batch_size": 4}, {"prefetch_factor": 2}, {"persistent_workers": True},
    ):
        try:
            DataLoader(Squares(), **options)
        except ValueError:
            continue
        raise AssertionError(options)


if __name__ == "__main__":
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test()
    print("ok")
