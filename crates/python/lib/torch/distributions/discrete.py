"""Distributions over classes and over yes and no."""

from .. import _C
from ..autograd.grad_mode import enable_grad, no_grad
from . import constraints
from .distribution import Distribution, broadcast, clamp_probs


def _one_of(probs, logits):
    if (probs is None) == (logits is None):
        raise ValueError("Either `probs` or `logits` must be specified, but not both.")


class _OfProbabilities(Distribution):
    """A distribution given by ``probs`` or by ``logits``, which computes the other one when it is asked for."""

    def __getattr__(self, name):
        # Kept for later, when gradients may be wanted, also when a sample asks first.
        with enable_grad():
            if name == "probs" and "logits" in self.__dict__:
                value = self.probs = self._probs_of(self.logits)
            elif name == "logits" and "probs" in self.__dict__:
                value = self.logits = self._logits_of(self.probs)
            else:
                raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return value

    @property
    def param_shape(self):
        return self._param.size()


class Bernoulli(_OfProbabilities):
    """One with the probability ``probs``, or with that of the ``logits``; zero otherwise."""

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.boolean
    has_enumerate_support = True

    def __init__(self, probs=None, logits=None, validate_args=None):
        _one_of(probs, logits)
        name, value = ("probs", probs) if probs is not None else ("logits", logits)
        (self.__dict__[name],) = broadcast(value)
        self._param = self.__dict__[name]
        super().__init__(self._param.size(), validate_args=validate_args)

    def _probs_of(self, logits):
        return _C.sigmoid(logits)

    def _logits_of(self, probs):
        probs = clamp_probs(probs)
        return _C.log(probs) - _C.log1p(-probs)

    @property
    def mean(self):
        return self.probs

    @property
    def mode(self):
        mode = (self.probs >= 0.5).to(self.probs.dtype)
        return mode.masked_fill(self.probs == 0.5, float("nan"))

    @property
    def variance(self):
        return self.probs * (1 - self.probs)

    def expand(self, batch_shape, _instance=None):
        name = "probs" if self._param is self.__dict__.get("probs") else "logits"
        return type(self)(**{name: self._param.expand(batch_shape)}, validate_args=self._validate_args)

    def sample(self, sample_shape=_C.Size()):
        with no_grad():
            return _C.bernoulli(self.probs.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value):
        from ..nn.functional import binary_cross_entropy_with_logits

        if self._validate_args:
            self._validate_sample(value)
        logits, value = _C.broadcast_tensors(self.logits, value)
        return -binary_cross_entropy_with_logits(logits, value, reduction="none")

    def entropy(self):
        from ..nn.functional import binary_cross_entropy_with_logits

        return binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")

    def enumerate_support(self, expand=True):
        values = _C.arange(2, dtype=self._param.dtype).view((-1,) + (1,) * len(self._batch_shape))
        return values.expand((-1,) + tuple(self._batch_shape)) if expand else values


class Categorical(_OfProbabilities):
    """A class from 0 to K - 1; ``probs`` are scaled to sum to one, ``logits`` are log-probabilities up to a constant."""

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    has_enumerate_support = True

    def __init__(self, probs=None, logits=None, validate_args=None):
        _one_of(probs, logits)
        if probs is not None:
            if probs.dim() < 1:
                raise ValueError("`probs` parameter must be at least one-dimensional.")
            self.probs = probs / probs.sum(-1, keepdim=True)
        else:
            if logits.dim() < 1:
                raise ValueError("`logits` parameter must be at least one-dimensional.")
            self.logits = logits - logits.logsumexp(dim=-1, keepdim=True)
        self._param = self.probs if probs is not None else self.logits
        self._num_events = self._param.size(-1)
        super().__init__(self._param.size()[:-1], validate_args=validate_args)

    def _probs_of(self, logits):
        return _C.softmax(logits, dim=-1)

    def _logits_of(self, probs):
        return _C.log(clamp_probs(probs))

    @property
    def support(self):
        return constraints.integer_interval(0, self._num_events - 1)

    @property
    def mean(self):
        return _C.full(self._extended_shape(), float("nan"), dtype=self.probs.dtype)

    @property
    def mode(self):
        return self.probs.argmax(dim=-1)

    @property
    def variance(self):
        return _C.full(self._extended_shape(), float("nan"), dtype=self.probs.dtype)

    def expand(self, batch_shape, _instance=None):
        name = "probs" if self._param is self.__dict__.get("probs") else "logits"
        shape = tuple(batch_shape) + (self._num_events,)
        return type(self)(**{name: self._param.expand(shape)}, validate_args=self._validate_args)

    def sample(self, sample_shape=_C.Size()):
        with no_grad():
            sample_shape = _C.Size(sample_shape)
            probs_2d = self.probs.reshape(-1, self._num_events)
            samples_2d = _C.multinomial(probs_2d, sample_shape.numel(), True).T
            return samples_2d.reshape(Distribution._extended_shape(self, sample_shape))

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        value = value.long().unsqueeze(-1)
        value, log_pmf = _C.broadcast_tensors(value, self.logits)
        return log_pmf.gather(-1, value[..., :1]).squeeze(-1)

    def entropy(self):
        logits = _C.clamp(self.logits, min=_C.finfo(self.logits.dtype).min)
        return -(logits * self.probs).sum(-1)

    def enumerate_support(self, expand=True):
        values = _C.arange(self._num_events, dtype=_C.int64).view((-1,) + (1,) * len(self._batch_shape))
        return values.expand((-1,) + tuple(self._batch_shape)) if expand else values


class OneHotCategorical(Distribution):
    """A class as a vector with a one at its place."""

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}
    support = constraints.one_hot
    has_enumerate_support = True

    def __init__(self, probs=None, logits=None, validate_args=None):
        self._categorical = Categorical(probs, logits)
        super().__init__(self._categorical.batch_shape, self._categorical.param_shape[-1:], validate_args)

    @property
    def probs(self):
        return self._categorical.probs

    @property
    def logits(self):
        return self._categorical.logits

    @property
    def param_shape(self):
        return self._categorical.param_shape

    @property
    def mean(self):
        return self.probs

    @property
    def mode(self):
        return _one_hot(self.probs.argmax(-1), self.probs)

    @property
    def variance(self):
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape=_C.Size()):
        return _one_hot(self._categorical.sample(sample_shape), self.probs)

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        return self._categorical.log_prob(value.max(-1)[1])

    def entropy(self):
        return self._categorical.entropy()

    def enumerate_support(self, expand=True):
        n = self._event_shape[0]
        values = _C.eye(n, dtype=self.probs.dtype).view((n,) + (1,) * len(self._batch_shape) + (n,))
        return values.expand((n,) + tuple(self._batch_shape) + (n,)) if expand else values


def _one_hot(indices, like):
    from ..nn.functional import one_hot

    return one_hot(indices, like.size(-1)).to(like.dtype)
