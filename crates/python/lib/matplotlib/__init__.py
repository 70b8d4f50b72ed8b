"""Lyceum's `matplotlib`: the part of matplotlib that everyday programs draw with.

    >>> import matplotlib.pyplot as plt
    >>> plt.plot([1, 2, 4], label="growth")
    >>> plt.legend()
    >>> plt.show()

A program only describes its figures. `plt.show()` sends the description to Lyceum, which draws it; so
does the end of a program for figures that were never shown. `plt.savefig("name.svg")` writes a file.
What matplotlib has and Lyceum has not raises NotImplementedError with its name.
"""

from ._absent import absent, load_submodule
from ._settings import rcParams, rc, rcdefaults, rc_context, rcParamsDefault

__version__ = "3.10.0"

_MODULES = ("cm", "colors", "figure", "lines", "patches", "pyplot", "style", "ticker")


def use(backend=None, *, force=True):
    """Accepts any backend: Lyceum draws by itself."""


def get_backend():
    """Returns the name of the backend."""
    return "lyceum"


def __getattr__(name):
    if name in _MODULES:
        return load_submodule(__name__, name)
    if name == "colormaps":
        from .cm import colormaps
        return colormaps
    raise absent("matplotlib", name)
