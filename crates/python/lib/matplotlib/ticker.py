"""Where ticks are: the locators that programs set by hand most."""

from ._absent import NotInLyceum


class MaxNLocator:
    """At most so many round numbers; ``integer=True`` keeps to whole ones."""

    def __init__(self, nbins=10, integer=False, **options):
        self.nbins, self.integer = nbins, integer


class MultipleLocator:
    """Every multiple of a number."""

    def __init__(self, base=1.0, offset=0.0):
        self.base, self.offset = float(base), float(offset)


class FixedLocator:
    """These places."""

    def __init__(self, locs, nbins=None):
        self.locs = locs


class NullLocator:
    """No ticks."""


def __getattr__(name):
    if name.endswith(("Locator", "Formatter")) or name in ("Ticker", "TickHelper"):
        raise NotInLyceum(f"matplotlib.ticker.{name} is not part of Lyceum yet")
    raise AttributeError(f"module 'matplotlib.ticker' has no attribute '{name}'")
