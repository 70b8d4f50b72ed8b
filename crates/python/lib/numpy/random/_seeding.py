"""Where streams begin: seeds of any size, spread over the words that a generator needs."""

import _numpy

from .._array import ndarray, wrap
from .._convert import asarray


def words_of(number):
    """Returns a whole number as words of 32 bits, the lowest first."""
    if number < 0:
        raise ValueError("expected non-negative integer")
    words = []
    while True:
        words.append(number & 0xFFFFFFFF)
        number >>= 32
        if not number:
            return words


def words_of_entropy(entropy):
    """Returns the words of a number, or of several one after another."""
    if hasattr(entropy, "__index__") and not (isinstance(entropy, ndarray) and entropy.ndim):
        return words_of(entropy.__index__())
    if isinstance(entropy, str):
        raise TypeError("SeedSequence expects int or sequence of ints for entropy not " + repr(entropy))
    words = []
    for each in entropy.tolist() if isinstance(entropy, ndarray) else entropy:
        words += words_of_entropy(each)
    return words


class SeedSequence:
    """Makes words of state out of any number; its children are independent of each other."""

    def __init__(self, entropy=None, *, spawn_key=(), pool_size=4, n_children_spawned=0):
        if pool_size != 4:
            from .._absent import refuse

            refuse("numpy.random.SeedSequence", pool_size=pool_size)
        if entropy is None:
            entropy = sum(word << (32 * place) for place, word in enumerate(_numpy.entropy()))
        self.entropy, self.spawn_key, self.n_children_spawned, self.pool_size = (
            entropy,
            tuple(spawn_key),
            n_children_spawned,
            4,
        )
        self._words = words_of_entropy(entropy)
        self._key = [word for each in self.spawn_key for word in words_of(each)]

    def generate_state(self, n_words, dtype="uint32"):
        import torch

        from .._absent import refuse

        if dtype != "uint32" and getattr(dtype, "__name__", "") != "uint32":
            refuse("numpy.random.SeedSequence.generate_state", dtype=dtype)
        return wrap(torch.tensor(_numpy.seed_words(self._words, self._key, n_words), dtype=torch.int64))

    def spawn(self, n_children):
        """Returns so many children."""
        first = self.n_children_spawned
        self.n_children_spawned += n_children
        return [SeedSequence(self.entropy, spawn_key=(*self.spawn_key, i)) for i in range(first, first + n_children)]

    def __repr__(self):
        return f"SeedSequence(\n    entropy={self.entropy},\n)"


class BitGenerator:
    """A source of random bits, for ``Generator``."""

    def __init__(self, seed=None):
        self.seed_seq = seed if isinstance(seed, SeedSequence) else SeedSequence(seed)
        self._make()

    def spawn(self, n_children):
        """Returns so many independent generators of the same kind."""
        return [type(self)(child) for child in self.seed_seq.spawn(n_children)]

    def random_raw(self, size=None, output=True):
        raw = self._stream.raw(1 if size is None else size, self._is_wide)
        return raw[0] if size is None else asarray([each if each < 2**63 else each - 2**64 for each in raw])


class PCG64(BitGenerator):
    """The generator that ``default_rng`` uses."""

    _is_wide = True

    def _make(self):
        self._stream = _numpy.pcg64(self.seed_seq._words, self.seed_seq._key, False)

    @property
    def state(self):
        words, _ = self._stream.state()
        return {
            "bit_generator": "PCG64",
            "state": {"state": words[0] << 64 | words[1], "inc": words[2] << 64 | words[3]},
            "has_uint32": words[4],
            "uinteger": words[5],
        }

    @state.setter
    def state(self, value):
        state, increment, low = value["state"]["state"], value["state"]["inc"], 2**64 - 1
        self._stream.set_state(
            [state >> 64, state & low, increment >> 64, increment & low, value["has_uint32"], value["uinteger"]], None
        )


class MT19937(BitGenerator):
    """The Mersenne Twister."""

    _is_wide = False

    def _make(self):
        self._stream = _numpy.mersenne_twister_spread(self.seed_seq._words, self.seed_seq._key, False)
