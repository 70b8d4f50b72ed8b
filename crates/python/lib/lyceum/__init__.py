"""What Lyceum adds to Python and torch.

    >>> import lyceum
    >>> x, y = lyceum.data.load("iris")

`lyceum.data` loads data sets. `help(lyceum.data)` says more.
"""

from . import data

__all__ = ["data"]
