"""Workers: a loader with ``num_workers=n`` runs them here, in turn, each with random numbers of its own.

A Lyceum run is one process. So that a program draws the numbers it would draw with PyTorch's worker processes,
each worker has its own state of the default generator, which takes effect while the worker loads.
"""

from ..._C import _manual_seed
from ...random import get_rng_state, set_rng_state

_current = None


class WorkerInfo:
    """What :func:`get_worker_info` returns inside a worker: ``id``, ``num_workers``, ``seed`` and ``dataset``."""

    def __init__(self, id, num_workers, seed, dataset):
        self.id = id
        self.num_workers = num_workers
        self.seed = seed
        self.dataset = dataset

    def __repr__(self):
        return f"WorkerInfo(id={self.id}, num_workers={self.num_workers}, seed={self.seed}, dataset={self.dataset!r})"


def get_worker_info():
    """Returns the worker that is loading, or ``None`` outside of one."""
    return _current


class Worker:
    """``with worker:`` loads as this worker: with its random numbers and its :func:`get_worker_info`."""

    def __init__(self, id, num_workers, base_seed, dataset, init_fn):
        self.info = WorkerInfo(id, num_workers, base_seed + id, dataset)
        self.states = None
        with self:
            _manual_seed(self.info.seed)
            python_random = _python_random()
            if python_random is not None:
                python_random.seed(self.info.seed)
            if init_fn is not None:
                init_fn(id)

    def __enter__(self):
        global _current
        self.outside = _get_states(), _current
        _current = self.info
        if self.states is not None:
            _set_states(self.states)

    def __exit__(self, *exc_info):
        global _current
        self.states = _get_states()
        states, _current = self.outside
        _set_states(states)


def _python_random():
    """The module `random`, if the program uses it."""
    import sys

    return sys.modules.get("random")


def _get_states():
    python_random = _python_random()
    return get_rng_state(), None if python_random is None else python_random.getstate()


def _set_states(states):
    set_rng_state(states[0])
    python_random = _python_random()
    if python_random is not None and states[1] is not None:
        python_random.setstate(states[1])
