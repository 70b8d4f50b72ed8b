"""What values a parameter or a sample may have; `Distribution` checks them."""

from .. import _C


class Constraint:
    """A set of values; ``check(value)`` says which elements, or which vectors, belong to it."""

    def __init__(self, name, event_dim, is_discrete, check):
        self._name, self.event_dim, self.is_discrete, self._check = name, event_dim, is_discrete, check

    def check(self, value):
        return self._check(value)

    def __repr__(self):
        return self._name


def independent(base, dims):
    """The constraint on whole events: each of their elements belongs to ``base``."""

    def check(value):
        return base.check(value).flatten(-dims).all(-1) if dims else base.check(value)

    return Constraint(f"IndependentConstraint({base}, {dims})", base.event_dim + dims, base.is_discrete, check)


def interval(low, high):
    return Constraint(f"Interval(lower_bound={low}, upper_bound={high})", 0, False, lambda v: (low <= v) & (v <= high))


def integer_interval(low, high):
    return Constraint(
        f"IntegerInterval(lower_bound={low}, upper_bound={high})", 0, True,
        lambda v: (v % 1 == 0) & (low <= v) & (v <= high),
    )


def _positive_definite(value):
    symmetric = _C.isclose(value, value.mT, atol=1e-6).all(-2).all(-1)
    if not symmetric.all():
        return symmetric
    from ..linalg import cholesky

    try:
        cholesky(value)
    except RuntimeError:
        return _C.zeros_like(symmetric)
    return symmetric


real = Constraint("Real()", 0, False, lambda v: v == v)
real_vector = independent(real, 1)
positive = Constraint("GreaterThan(lower_bound=0.0)", 0, False, lambda v: v > 0)
nonnegative = Constraint("GreaterThanEq(lower_bound=0.0)", 0, False, lambda v: v >= 0)
unit_interval = interval(0.0, 1.0)
boolean = Constraint("Boolean()", 0, True, lambda v: (v == 0) | (v == 1))
simplex = Constraint("Simplex()", 1, False, lambda v: (v >= 0).all(-1) & ((v.sum(-1) - 1).abs() < 1e-6))
one_hot = Constraint("OneHot()", 1, True, lambda v: ((v == 0) | (v == 1)).all(-1) & v.sum(-1).eq(1))
lower_cholesky = Constraint(
    "LowerCholesky()", 2, False, lambda v: (v.tril() == v).flatten(-2).all(-1) & (v.diagonal(dim1=-2, dim2=-1) > 0).all(-1)
)
positive_definite = Constraint("PositiveDefinite()", 2, False, _positive_definite)
