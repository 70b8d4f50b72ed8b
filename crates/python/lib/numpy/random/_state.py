"""``RandomState``: the generator behind ``np.random.seed`` and ``np.random.rand``, whose numbers never change."""

import _numpy
import torch

from .. import _dtypes
from .._array import ndarray, wrap
from .._convert import asarray
from .._scalars import CLASSES
from ._drawing import Drawing, count_of, shaped
from ._seeding import BitGenerator


class RandomState(Drawing):
    """A generator of the older kind: the Mersenne Twister with the methods of numpy's first years."""

    _is_legacy = True

    def __init__(self, seed=None):
        if isinstance(seed, BitGenerator):
            self._stream = _numpy.mersenne_twister_spread(seed.seed_seq._words, seed.seed_seq._key, True)
        else:
            self.seed(seed)

    def seed(self, seed=None):
        """Begins the numbers that belong to a seed: a number, or several."""
        if seed is None:
            words, is_array = _numpy.entropy(), True
        elif isinstance(seed, (list, tuple)) or (isinstance(seed, ndarray) and seed.ndim):
            words, is_array = [int(each) for each in seed], True
        else:
            if isinstance(seed, float) or not hasattr(seed, "__index__"):
                raise TypeError(
                    f"Cannot cast scalar from dtype('{type(seed).__name__}64') to dtype('int64') according to the rule 'safe'"
                )
            words, is_array = [seed.__index__()], False
        if any(not 0 <= word < 2**32 for word in words):
            raise ValueError("Seed must be between 0 and 2**32 - 1")
        self._stream = _numpy.mersenne_twister(words, is_array, True)

    def get_state(self, legacy=True):
        """Returns the state, for :meth:`set_state`."""
        words, spare = self._stream.state()
        return (
            "MT19937",
            wrap(torch.tensor(words[:-1], dtype=torch.int64)),
            words[-1],
            int(spare is not None),
            spare or 0.0,
        )

    def set_state(self, state):
        """Goes on from a state."""
        if not isinstance(state, (tuple, list)) or len(state) not in (3, 5) or state[0] != "MT19937":
            raise ValueError("state must be the tuple that get_state() returns")
        words = [int(word) for word in state[1]] + [int(state[2])]
        self._stream.set_state(words, float(state[4]) if len(state) == 5 and state[3] else None)

    def __repr__(self):
        return "RandomState(MT19937)"

    def random_sample(self, size=None):
        """Draws floats from 0 up to 1."""
        return self._draw("random", (), size)

    random = random_sample

    def rand(self, *args):
        """Draws floats from 0 up to 1 in a shape."""
        return self.random_sample(args if args else None)

    def randn(self, *args):
        """Draws from the standard normal distribution in a shape."""
        return self.standard_normal(args if args else None)

    def standard_normal(self, size=None):
        """Draws from the standard normal distribution."""
        return self._draw("standard_normal", (), size)

    def standard_exponential(self, size=None):
        """Draws from the exponential distribution of scale one."""
        return self._draw("exponential", (1.0,), size)

    def randint(self, low, high=None, size=None, dtype=int):
        """Draws whole numbers from ``low`` up to but without ``high``, or below ``low``."""
        if high is None:
            low, high = 0, low
        kind = _dtypes.numeric(dtype)
        if isinstance(low, (list, tuple, ndarray)) or isinstance(high, (list, tuple, ndarray)):
            return self._each(low, high, size, kind)
        low, high = int(low), int(high)
        limits = (0, 1) if kind is _dtypes.bool_ else (_dtypes.iinfo(kind).min, _dtypes.iinfo(kind).max)
        if low < limits[0]:
            raise ValueError(f"low is out of bounds for {kind}")
        if high - 1 > limits[1]:
            raise ValueError(f"high is out of bounds for {kind}")
        if low >= high:
            raise ValueError("low >= high")
        count, sizes = count_of(size)
        flat = self._stream.integers(low, high - 1, count, kind.name)
        if sizes is None and dtype not in (int, bool):
            return CLASSES[kind.torch](flat.item())
        return shaped(flat, sizes)

    def _each(self, low, high, size, kind):
        from .._shaping import broadcast_arrays, broadcast_to

        low, high = broadcast_arrays(asarray(low), asarray(high))
        if size is not None:
            count, sizes = count_of(size)
            low, high = broadcast_to(low, sizes), broadcast_to(high, sizes)
        flat = []
        for least, end in zip(low.ravel().tolist(), high.ravel().tolist()):
            if least >= end:
                raise ValueError("low >= high")
            flat.append(self._stream.integers(least, end - 1, 1, kind.name).item())
        return wrap(torch.tensor(flat, dtype=kind.torch).reshape(low.shape))

    def random_integers(self, low, high=None, size=None):
        """Draws whole numbers from ``low`` to ``high``."""
        return self.randint(1, low + 1, size) if high is None else self.randint(low, high + 1, size)

    def choice(self, a, size=None, replace=True, p=None):
        """Chooses from the numbers below ``a``, or from an array."""
        array, count, shares = self._population(a, p)
        wanted, sizes = count_of(size)
        if not replace and wanted > count:
            raise ValueError("Cannot take a larger sample than population when 'replace=False'")
        if shares is not None:
            places = self._search(shares, wanted) if replace else self._search_without(shares, wanted)
        elif replace:
            places = self._stream.integers(0, count - 1, wanted, "int64")
        else:
            places = self._stream.shuffled(count)[:wanted]
        return self._chosen(array, places, sizes)
