"""What happens when a result is not finite: nothing, a warning or an exception, as ``np.errstate`` says."""

import warnings

import torch

from ._absent import NotInLyceum

_SETTINGS = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}


def seterr(all=None, divide=None, over=None, under=None, invalid=None):
    """Says what happens when a result is not finite: ``"ignore"``, ``"warn"`` or ``"raise"``; returns what was set."""
    previous = dict(_SETTINGS)
    for name, value in (("divide", divide), ("over", over), ("under", under), ("invalid", invalid)):
        value = all if value is None else value
        if value is not None:
            if value not in ("ignore", "warn", "raise"):
                raise NotInLyceum(f"numpy.seterr: {value!r} is not part of Lyceum yet")
            _SETTINGS[name] = value
    return previous


def geterr():
    """Returns what :func:`seterr` set."""
    return dict(_SETTINGS)


class errstate:
    """``with np.errstate(divide="ignore"):`` sets it inside the block; it also decorates functions."""

    def __init__(self, **settings):
        self._settings = settings

    def __enter__(self):
        self._previous = seterr(**self._settings)

    def __exit__(self, *exception):
        seterr(**self._previous)

    def __call__(self, function):
        import functools

        @functools.wraps(function)
        def inside(*args, **kwargs):
            with errstate(**self._settings):
                return function(*args, **kwargs)

        return inside


_TEXTS = {"divide": "divide by zero", "over": "overflow", "invalid": "invalid value"}


def complain(kind, name, level=5):
    """Warns or raises, as is set."""
    setting = _SETTINGS[kind]
    if setting == "raise":
        raise FloatingPointError(f"{_TEXTS[kind]} encountered in {name}")
    if setting == "warn":
        warnings.warn(f"{_TEXTS[kind]} encountered in {name}", RuntimeWarning, stacklevel=level)


def look(name, made, inputs):
    """Says of a result that is not finite how that came about."""
    finite_inputs = None
    for each in inputs:
        if isinstance(each, torch.Tensor):
            mask = torch.isfinite(each)
        else:
            mask = torch.tensor(each - each == 0)
        finite_inputs = mask if finite_inputs is None else finite_inputs & mask
    if (torch.isinf(made) & finite_inputs).any():
        complain(
            "divide"
            if name in ("divide", "reciprocal", "log", "log2", "log10", "log1p", "arctanh", "power")
            and _is_pole(name, made, inputs)
            else "over",
            name,
            7,
        )
    nans = torch.isnan(made)
    if nans.any():
        unknown = None
        for each in inputs:
            mask = torch.isnan(each) if isinstance(each, torch.Tensor) else torch.tensor(each != each)
            unknown = mask if unknown is None else unknown | mask
        if (nans & ~unknown).any():
            complain("invalid", name, 7)


def _is_pole(name, made, inputs):
    if name == "power":
        base = inputs[0]
        return bool((base == 0).any()) if isinstance(base, torch.Tensor) else base == 0
    if name == "divide":
        below = inputs[1]
        return bool((below == 0).any()) if isinstance(below, torch.Tensor) else below == 0
    return True
