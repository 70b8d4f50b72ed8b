"""What both kinds of generators share: sizes, parameters that may be arrays, and the distributions."""

import math

import torch

from .. import _dtypes
from .._absent import NotInLyceum
from .._array import ndarray, wrap
from .._convert import asarray
from .._scalars import generic
from .._shaping import broadcast_shapes, broadcast_to, sizes_of


def count_of(size):
    """Returns how many draws a size asks for, and it as a tuple; None asks for one number."""
    if size is None:
        return 1, None
    sizes = sizes_of(size)
    if any(each < 0 for each in sizes):
        raise ValueError("negative dimensions are not allowed")
    return math.prod(sizes), sizes


def shaped(flat, sizes):
    """Returns draws as an array, or as the one number that was asked for."""
    return flat.item() if sizes is None else wrap(flat.reshape(sizes))


def _parameter(value):
    """Returns a number, or an array of floats."""
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, generic):
        return float(value.item())
    made = asarray(value).astype(_dtypes.float64)
    return made.item() if made.ndim == 0 else made


class Drawing:
    """The distributions, over a stream in ``self._stream``."""

    def _draw(self, name, parameters, size, is_count=False):
        function = self._stream.count if is_count else self._stream.draw
        made = [_parameter(each) for each in parameters]
        arrays = [each for each in made if isinstance(each, ndarray)]
        if not arrays:
            count, sizes = count_of(size)
            return shaped(function(name, count, *made), sizes)
        sizes = broadcast_shapes(*[each.shape for each in arrays]) if size is None else sizes_of(size)
        if size is not None and broadcast_shapes(sizes, *[each.shape for each in arrays]) != sizes:
            raise ValueError(
                f"Output size {sizes} is not compatible with broadcast dimensions of inputs {broadcast_shapes(*[each.shape for each in arrays])}."
            )
        count = math.prod(sizes)
        flat = [
            broadcast_to(each, sizes)._tensor.reshape(-1).contiguous() if isinstance(each, ndarray) else each
            for each in made
        ]
        return wrap(function(name, count, *flat).reshape(sizes))

    def _check(self, name, value, least=0.0, most=None, strict=False):
        values = _parameter(value)
        parts = values._tensor if isinstance(values, ndarray) else torch.tensor(values)
        if bool((parts < least).any()) or (strict and bool((parts <= least).any())):
            raise ValueError(f"{name} {'<=' if strict else '<'} {least:g}")
        if most is not None and bool((parts > most).any()):
            raise ValueError(f"{name} > {most:g}")

    def uniform(self, low=0.0, high=1.0, size=None):
        """Draws floats from ``low`` up to ``high``."""
        low, high = _parameter(low), _parameter(high)
        return self._draw("uniform", (low, high - low), size)

    def normal(self, loc=0.0, scale=1.0, size=None):
        """Draws from the normal distribution."""
        self._check("scale", scale)
        return self._draw("normal", (loc, scale), size)

    def lognormal(self, mean=0.0, sigma=1.0, size=None):
        """Draws numbers whose logarithms are normal."""
        self._check("sigma", sigma)
        return self._draw("lognormal", (mean, sigma), size)

    def exponential(self, scale=1.0, size=None):
        """Draws from the exponential distribution."""
        self._check("scale", scale)
        return self._draw("exponential", (scale,), size)

    def gamma(self, shape, scale=1.0, size=None):
        """Draws from the gamma distribution."""
        self._check("shape", shape)
        self._check("scale", scale)
        return self._draw("gamma", (shape, scale), size)

    def standard_gamma(self, shape, size=None):
        """Draws from the gamma distribution of scale one."""
        self._check("shape", shape)
        return self._draw("gamma", (shape, 1.0), size)

    def beta(self, a, b, size=None):
        """Draws from the beta distribution."""
        self._check("a", a, strict=True)
        self._check("b", b, strict=True)
        return self._draw("beta", (a, b), size)

    def chisquare(self, df, size=None):
        """Draws sums of squares of normal numbers."""
        self._check("df", df, strict=True)
        return self._draw("chisquare", (df,), size)

    def standard_t(self, df, size=None):
        """Draws from Student's distribution."""
        self._check("df", df, strict=True)
        return self._draw("standard_t", (df,), size)

    def standard_cauchy(self, size=None):
        """Draws from Cauchy's distribution."""
        return self._draw("standard_cauchy", (), size)

    def laplace(self, loc=0.0, scale=1.0, size=None):
        """Draws from Laplace's distribution."""
        self._check("scale", scale)
        return self._draw("laplace", (loc, scale), size)

    def gumbel(self, loc=0.0, scale=1.0, size=None):
        """Draws from Gumbel's distribution."""
        self._check("scale", scale)
        return self._draw("gumbel", (loc, scale), size)

    def logistic(self, loc=0.0, scale=1.0, size=None):
        """Draws from the logistic distribution."""
        self._check("scale", scale)
        return self._draw("logistic", (loc, scale), size)

    def rayleigh(self, scale=1.0, size=None):
        """Draws from Rayleigh's distribution."""
        self._check("scale", scale)
        return self._draw("rayleigh", (scale,), size)

    def pareto(self, a, size=None):
        """Draws from Lomax's form of Pareto's distribution."""
        self._check("a", a, strict=True)
        return self._draw("pareto", (a,), size)

    def power(self, a, size=None):
        """Draws from the distribution whose density is a power."""
        self._check("a", a, strict=True)
        return self._draw("power", (a,), size)

    def weibull(self, a, size=None):
        """Draws from Weibull's distribution."""
        self._check("a", a)
        return self._draw("weibull", (a,), size)

    def triangular(self, left, mode, right, size=None):
        """Draws from the triangle between three places."""
        if not isinstance(left, ndarray) and not left <= mode <= right:
            raise ValueError("left > mode" if left > mode else "mode > right")
        return self._draw("triangular", (left, mode, right), size)

    def poisson(self, lam=1.0, size=None):
        """Draws how often something rare happens."""
        self._check("lam", lam)
        return self._draw("poisson", (lam,), size, True)

    def binomial(self, n, p, size=None):
        """Draws how many of ``n`` trials succeed."""
        self._check("n", n)
        self._check("p", p, 0, 1)
        return self._draw("binomial", (n, p), size, True)

    def geometric(self, p, size=None):
        """Draws the number of the first trial that succeeds."""
        self._check("p", p, 0, 1, True)
        return self._draw("geometric", (p,), size, True)

    def multinomial(self, n, pvals, size=None):
        """Draws how often each of several things happens in ``n`` trials."""
        shares = asarray(pvals).astype(_dtypes.float64).tolist()
        if sum(shares[:-1]) > 1.0 + 1e-12:
            raise ValueError("sum(pvals[:-1]) > 1.0")
        count, sizes = count_of(size)
        rows = []
        for _ in range(count):
            left, rest, row = n, 1.0, []
            for share in shares[:-1]:
                drawn = self._stream.count("binomial", 1, float(left), share / rest).item() if left > 0 else 0
                row.append(drawn)
                left -= drawn
                rest -= share
            rows.append(row + [left])
        made = torch.tensor(rows, dtype=torch.int64).reshape(-1, len(shares))
        return wrap(made[0] if sizes is None else made.reshape((*sizes, len(shares))))

    def dirichlet(self, alpha, size=None):
        """Draws shares that sum to one."""
        shapes = asarray(alpha).astype(_dtypes.float64).tolist()
        if any(each <= 0 for each in shapes):
            raise ValueError("alpha <= 0" if self._is_legacy else "alpha < 0")
        if not self._is_legacy and max(shapes) < 0.1:
            raise NotInLyceum("numpy.random.Generator.dirichlet of small alpha is not part of Lyceum yet")
        count, sizes = count_of(size)
        flat = torch.tensor(shapes * count, dtype=torch.float64)
        made = self._stream.draw("gamma", flat.numel(), flat, 1.0).reshape(-1, len(shapes))
        total = made.cumsum(1)[:, -1:]
        made = made * (1.0 / total)
        return wrap(made[0] if sizes is None else made.reshape((*sizes, len(shapes))))

    def multivariate_normal(self, mean, cov, size=None, check_valid="warn", tol=1e-8, **options):
        """Draws vectors of normal numbers that hang together."""
        from ..linalg import svd

        for name in options:
            if options[name] != "svd":
                raise NotInLyceum(
                    f"numpy.random.multivariate_normal: {name}={options[name]!r} is not part of Lyceum yet"
                )
        mean, cov = asarray(mean).astype(_dtypes.float64), asarray(cov).astype(_dtypes.float64)
        if mean.ndim != 1:
            raise ValueError("mean must be 1 dimensional")
        if cov.ndim != 2 or cov.shape[0] != cov.shape[1]:
            raise ValueError("cov must be 2 dimensional and square")
        if mean.shape[0] != cov.shape[0]:
            raise ValueError("mean and cov must have same length")
        count, sizes = count_of(size)
        n = mean.shape[0]
        x = self._stream.draw("standard_normal", count * n).reshape(-1, n)
        u, s, v = (each._tensor for each in svd(cov))
        root = torch.sqrt(s)
        made = x @ (root.unsqueeze(1) * v) if self._is_legacy else x @ (u * root).transpose(0, 1)
        made = made + mean._tensor
        return wrap(made[0] if sizes is None else made.reshape((*sizes, n)))

    def bytes(self, length):
        """Draws bytes."""
        words = self._stream.raw(-(-length // 4), False)
        return b"".join(word.to_bytes(4, "little") for word in words)[:length]

    # Choosing and shuffling.

    def shuffle(self, x, axis=0):
        """Shuffles a list, or an array along its first axis, in place."""
        if isinstance(x, ndarray):
            if x._tensor is None:
                x[...] = x[self._order(len(x))]
                return
            target = x._writable() if axis == 0 else x._writable().transpose(0, axis)
            target.copy_(target[self._stream.shuffled(target.size(0))])
            return
        if isinstance(x, torch.Tensor):
            x.copy_(x[self._stream.shuffled(x.size(0))])
            return
        if not hasattr(x, "__setitem__"):
            raise TypeError(f"'{type(x).__name__}' object does not support item assignment")
        order = self._stream.shuffled(len(x)).tolist()
        x[:] = [x[place] for place in order]

    def _order(self, count):
        return wrap(self._stream.shuffled(count))

    def permutation(self, x, axis=0):
        """Returns the numbers below ``x``, or the rows of an array, in random order."""
        if hasattr(x, "__index__") and not isinstance(x, ndarray):
            return self._order(x.__index__())
        array = asarray(x)
        if array.ndim == 0:
            return self._order(int(array))
        order = self._order(array.shape[axis])
        return array[order] if axis == 0 else wrap(array._tensor.index_select(axis, order._tensor))

    def _population(self, a, p):
        """Returns the array to choose from (None for numbers), how many there are, and their probabilities."""
        if hasattr(a, "__index__") and not isinstance(a, ndarray):
            array, count = None, a.__index__()
            if count <= 0:
                raise ValueError(
                    "a must be a positive integer unless no samples are taken"
                    if not self._is_legacy
                    else "a must be greater than 0 unless no samples are taken"
                )
        else:
            array = asarray(a)
            if array.ndim != 1 and self._is_legacy:
                raise ValueError("a must be 1-dimensional")
            count = array.shape[0]
            if count == 0:
                raise ValueError(
                    "a cannot be empty unless no samples are taken"
                    if not self._is_legacy
                    else "'a' cannot be empty unless no samples are taken"
                )
        if p is None:
            return array, count, None
        shares = asarray(p).astype(_dtypes.float64)
        if shares.ndim != 1:
            raise ValueError("p must be 1-dimensional" if not self._is_legacy else "'p' must be 1-dimensional")
        if shares.size != count:
            raise ValueError(
                "a and p must have same size" if not self._is_legacy else "'a' and 'p' must have same size"
            )
        if bool((shares < 0).any()):
            raise ValueError("probabilities are not non-negative")
        if abs(math.fsum(shares.tolist()) - 1.0) > 1e-8:
            raise ValueError("probabilities do not sum to 1")
        return array, count, shares._tensor

    def _search(self, shares, count):
        """Draws places by their probabilities."""
        running = torch.cumsum(shares, 0)
        running = running / running[-1]
        return torch.searchsorted(running, self._stream.draw("random", count), right=True)

    def _search_without(self, shares, count):
        """Draws different places by their probabilities."""
        if int((shares > 0).sum()) < count:
            raise ValueError("Fewer non-zero entries in p than size")
        shares, chosen = shares.clone(), []
        while len(chosen) < count:
            if chosen:
                shares[torch.tensor(chosen)] = 0
            for place in dict.fromkeys(self._search(shares, count - len(chosen)).tolist()):
                chosen.append(place)
        return torch.tensor(chosen, dtype=torch.int64)

    def _chosen(self, array, places, sizes, axis=0):
        """Returns what lies at the places drawn."""
        if sizes is None:
            place = places.item()
            if array is None:
                return place
            return array[place] if axis == 0 else array[(slice(None),) * axis + (place,)]
        places = wrap(places.reshape(sizes))
        return places if array is None else array[(slice(None),) * axis + (places,)]
