"""``Generator``: what ``np.random.default_rng(seed)`` returns."""

import torch

from .. import _dtypes
from .._absent import NotInLyceum
from .._array import ndarray, wrap
from .._convert import asarray
from .._scalars import CLASSES
from .._ufuncs import add
from ._drawing import Drawing, count_of, shaped
from ._seeding import PCG64, BitGenerator, SeedSequence


class Generator(Drawing):
    """A generator of the newer kind."""

    _is_legacy = False

    def __init__(self, bit_generator):
        if not isinstance(bit_generator, BitGenerator):
            raise TypeError("Generator needs a bit generator, such as PCG64(seed); default_rng(seed) makes both")
        self.bit_generator = bit_generator
        self._stream = bit_generator._stream

    def __repr__(self):
        return f"Generator({type(self.bit_generator).__name__})"

    def spawn(self, n_children):
        """Returns so many independent generators."""
        return [Generator(each) for each in self.bit_generator.spawn(n_children)]

    def _floats(self, name, size, dtype, out):
        if out is not None:
            size, dtype = out.shape if size is None else size, out.dtype
        kind = _dtypes.numeric(dtype)
        count, sizes = count_of(size)
        if kind is _dtypes.float32:
            if name == "exponential":
                raise NotInLyceum("numpy.random.Generator.standard_exponential of float32 is not part of Lyceum yet")
            flat = self._stream.draw_single(name, count)
        elif kind is _dtypes.float64:
            flat = self._stream.draw(name, count, 1.0)
        else:
            raise TypeError(f"Unsupported dtype {kind!r} for {name}")
        return add._deliver(flat.reshape(sizes), out, True) if out is not None else shaped(flat, sizes)

    def random(self, size=None, dtype=float, out=None):
        """Draws floats from 0 up to 1."""
        return self._floats("random", size, dtype, out)

    def standard_normal(self, size=None, dtype=float, out=None):
        """Draws from the standard normal distribution."""
        return self._floats("standard_normal", size, dtype, out)

    def standard_exponential(self, size=None, dtype=float, method="zig", out=None):
        """Draws from the exponential distribution of scale one."""
        if method != "zig":
            raise NotInLyceum("numpy.random.Generator.standard_exponential: method='inv' is not part of Lyceum yet")
        return self._floats("exponential", size, dtype, out)

    def integers(self, low, high=None, size=None, dtype=int, endpoint=False):
        """Draws whole numbers from ``low`` up to but without ``high``, or below ``low``; ``endpoint`` includes it."""
        if high is None:
            low, high = 0, low
        kind = _dtypes.numeric(dtype)
        if isinstance(low, (list, tuple, ndarray)) or isinstance(high, (list, tuple, ndarray)):
            return self._each(low, high, size, kind, endpoint)
        low, last = int(low), int(high) - (not endpoint)
        limits = (0, 1) if kind is _dtypes.bool_ else (_dtypes.iinfo(kind).min, _dtypes.iinfo(kind).max)
        if low < limits[0]:
            raise ValueError(f"low is out of bounds for {kind}")
        if last > limits[1]:
            raise ValueError(f"high is out of bounds for {kind}")
        if low > last:
            raise ValueError("low > high" if endpoint else "low >= high")
        count, sizes = count_of(size)
        flat = self._stream.integers(low, last, count, kind.name)
        if sizes is None:
            return flat.item() if dtype is bool else CLASSES[kind.torch](flat.item())
        return shaped(flat, sizes)

    def _each(self, low, high, size, kind, endpoint):
        from .._shaping import broadcast_arrays, broadcast_to

        low, high = broadcast_arrays(asarray(low), asarray(high))
        if size is not None:
            _, sizes = count_of(size)
            low, high = broadcast_to(low, sizes), broadcast_to(high, sizes)
        flat = []
        for least, end in zip(low.ravel().tolist(), high.ravel().tolist()):
            if least > end - (not endpoint):
                raise ValueError("low > high" if endpoint else "low >= high")
            flat.append(self._stream.integers(least, end - (not endpoint), 1, kind.name).item())
        return wrap(torch.tensor(flat, dtype=kind.torch).reshape(low.shape))

    def choice(self, a, size=None, replace=True, p=None, axis=0, shuffle=True):
        """Chooses from the numbers below ``a``, or from an array along an axis."""
        array, count, shares = self._population(a if axis == 0 else asarray(a).swapaxes(0, axis), p)
        array = array if axis == 0 or array is None else asarray(a)
        wanted, sizes = count_of(size)
        if not replace and wanted > count:
            raise ValueError("Cannot take a larger sample than population when replace is False")
        if shares is not None:
            places = self._search(shares, wanted) if replace else self._search_without(shares, wanted)
        elif replace:
            places = self._stream.integers(0, count - 1, wanted, "int64")
        elif count > 10000 and wanted > count // (50 if shuffle else 20):
            # Only the tail is shuffled.
            places = self._stream.shuffled(count, max(count - wanted, 1))[count - wanted :]
        else:
            places = self._stream.floyd(count, wanted, shuffle)
        return self._chosen(array, places, sizes, axis)

    def permuted(self, x, *, axis=None, out=None):
        """Shuffles each row along an axis on its own; without an axis, all elements."""
        if axis is not None or out is not None:
            raise NotInLyceum("numpy.random.Generator.permuted along an axis is not part of Lyceum yet")
        array = asarray(x)
        return wrap(array._tensor.reshape(-1)[self._stream.shuffled(array.size)].reshape(array.shape))


def default_rng(seed=None):
    """Returns a generator that begins with a seed: a number, several, or none for numbers that nobody can foretell."""
    if isinstance(seed, Generator):
        return seed
    if isinstance(seed, BitGenerator):
        return Generator(seed)
    if isinstance(seed, float):
        raise TypeError(f"SeedSequence expects int or sequence of ints for entropy not {seed!r}")
    return Generator(PCG64(seed if isinstance(seed, SeedSequence) else SeedSequence(seed)))
