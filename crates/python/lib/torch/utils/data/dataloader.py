"""`DataLoader`: batches of a data set, in order or shuffled."""

from ..._C import empty, int64, tensor
from .collate import default_collate, default_convert
from .dataset import IterableDataset, Subset, TensorDataset
from .sampler import BatchSampler, RandomSampler, SequentialSampler
from .worker import Worker


class DataLoader:
    """Gives the batches of a data set; each ``for`` loop over it is one epoch.

    ``shuffle=True`` takes a new order every epoch. ``collate_fn`` makes a batch of a list of examples.
    ``num_workers`` is accepted: the workers run one after another in the run's one process, and draw the same
    random numbers as PyTorch's::

        for x, y in DataLoader(TensorDataset(x, y), batch_size=64, shuffle=True):
            ...
    """

    def __init__(
        self, dataset, batch_size=1, shuffle=None, sampler=None, batch_sampler=None, num_workers=0, collate_fn=None,
        pin_memory=False, drop_last=False, timeout=0, worker_init_fn=None, multiprocessing_context=None,
        generator=None, *, prefetch_factor=None, persistent_workers=False, pin_memory_device="", in_order=True,
    ):
        if num_workers < 0:
            raise ValueError(
                "num_workers option should be non-negative; use num_workers=0 to disable multiprocessing."
            )
        if timeout < 0:
            raise ValueError("timeout option should be non-negative")
        if num_workers == 0 and prefetch_factor is not None:
            raise ValueError(
                "prefetch_factor option could only be specified in multiprocessing."
                "let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None."
            )
        if prefetch_factor is not None and prefetch_factor < 0:
            raise ValueError("prefetch_factor option should be non-negative")
        if persistent_workers and num_workers == 0:
            raise ValueError("persistent_workers option needs num_workers > 0")
        self._is_iterable = isinstance(dataset, IterableDataset)
        if self._is_iterable:
            if shuffle:
                raise ValueError(
                    "DataLoader with IterableDataset: expected unspecified shuffle option, but got "
                    f"shuffle={shuffle}"
                )
            for name, value in (("sampler", sampler), ("batch_sampler", batch_sampler)):
                if value is not None:
                    raise ValueError(
                        f"DataLoader with IterableDataset: expected unspecified {name} option, but got {name}={value}"
                    )
        elif sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError(
                    "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last"
                )
            batch_size = None
            drop_last = False
        elif batch_size is None and drop_last:
            raise ValueError(
                "batch_size=None option disables auto-batching and is mutually exclusive with drop_last"
            )
        if sampler is None:
            if self._is_iterable:
                sampler = _Endless()
            elif shuffle:
                sampler = RandomSampler(dataset, generator=generator)
            else:
                sampler = SequentialSampler(dataset)
        if batch_size is not None and batch_sampler is None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        if collate_fn is None:
            collate_fn = default_collate if batch_sampler is not None else default_convert
        self.dataset = dataset
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.generator = generator
        self.collate_fn = collate_fn
        self.num_workers = num_workers
        self.prefetch_factor = 2 if num_workers > 0 and prefetch_factor is None else prefetch_factor
        self.pin_memory = pin_memory
        self.pin_memory_device = pin_memory_device
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.persistent_workers = persistent_workers
        self.in_order = in_order
        self._workers = None

    def __class_getitem__(cls, item):
        return cls

    def __iter__(self):
        if self.pin_memory:
            import warnings

            warnings.warn(
                "'pin_memory' argument is set as true but no accelerator is found, "
                "then device pinned memory won't be used.",
                stacklevel=2,
            )
        keeps_workers = self.persistent_workers and self._workers is not None
        if not keeps_workers:  # PyTorch draws this number for its workers even when there are none
            base_seed = empty((), dtype=int64).random_(generator=self.generator).item()
        if self.num_workers == 0:
            return _Batches(self._iterate(), self)
        if not keeps_workers:
            self._workers = [
                Worker(i, self.num_workers, base_seed, self.dataset, self.worker_init_fn)
                for i in range(self.num_workers)
            ]
        if self._is_iterable:
            return _Batches(self._iterate_streams(), self)
        return _Batches(self._iterate_in_workers(), self)

    def __len__(self):
        if self._is_iterable:
            count = len(self.dataset)
            if self.batch_size is None:
                return count
            return count // self.batch_size if self.drop_last else -(-count // self.batch_size)
        return len(self._index_sampler)

    @property
    def _index_sampler(self):
        return self.sampler if self.batch_sampler is None else self.batch_sampler

    @property
    def _auto_collation(self):
        return self.batch_sampler is not None

    def _iterate(self):
        if self._is_iterable:
            return self._stream(iter(self.dataset))
        fetch = self._fetcher()
        return (fetch(indices) for indices in self._index_sampler)

    def _iterate_in_workers(self):
        fetch = self._fetcher()
        workers = self._workers
        for number, indices in enumerate(self._index_sampler):
            with workers[number % len(workers)]:
                batch = fetch(indices)
            yield batch

    def _iterate_streams(self):
        """Each worker reads the whole stream, unless it looks at get_worker_info; they take turns."""
        streams = []
        for worker in self._workers:
            with worker:
                streams.append((worker, self._stream(iter(self.dataset))))
        while streams:
            for entry in list(streams):
                worker, stream = entry
                with worker:
                    batch = next(stream, _END)
                if batch is _END:
                    streams.remove(entry)
                else:
                    yield batch

    def _stream(self, examples):
        if self.batch_size is None:
            for example in examples:
                yield self.collate_fn(example)
            return
        batch = []
        for example in examples:
            batch.append(example)
            if len(batch) == self.batch_size:
                yield self.collate_fn(batch)
                batch = []
        if batch and not self.drop_last:
            yield self.collate_fn(batch)

    def _fetcher(self):
        """The function from indices to a batch (or from one index to an example)."""
        dataset = self.dataset
        collate = self.collate_fn
        if self.batch_sampler is None:
            return lambda index: collate(dataset[index])
        if collate is default_collate:
            rows = _rows_of(dataset)
            if rows is not None:
                return rows
        if callable(getattr(dataset, "__getitems__", None)):
            return lambda indices: collate(dataset.__getitems__(indices))
        return lambda indices: collate([dataset[i] for i in indices])


def _rows_of(dataset):
    """A quick way for tensors and subsets of tensors: all rows of a batch in one operation."""
    if type(dataset) is TensorDataset:
        if any(t.requires_grad for t in dataset.tensors):
            return None
        return lambda indices: dataset._batch(tensor(indices, dtype=int64))
    if type(dataset) is Subset:
        rows = _rows_of(dataset.dataset)
        if rows is not None:
            own = dataset.indices
            return lambda indices: rows([int(own[i]) for i in indices])
    return None


class _Endless:
    """The sampler of an iterable data set: it has no indices."""

    def __iter__(self):
        while True:
            yield None


_END = object()


class _Batches:
    """One epoch of a loader."""

    def __init__(self, batches, loader):
        self._batches = batches
        self._loader = loader

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._batches)

    def __len__(self):
        return len(self._loader)
