"""Colour maps by name: ``plt.cm.viridis(0.5)``."""

import _lyceum_figures as _native

_NAMES = tuple(_native.colormaps())


class Colormap:
    """A colour map: called with a number from 0 to 1 it gives red, green, blue and opacity."""

    def __init__(self, name, N=256):
        self.name = name
        self.N = _native.color_count(name) or N

    def __call__(self, value, alpha=None):
        from ._data import is_number, numbers

        if not is_number(value):
            return [self(item) for item in numbers(value).reshape(-1).tolist()]
        # A whole number counts colours; another one is a share of the way.
        place = (value + 0.5) / self.N if isinstance(value, int) and not isinstance(value, bool) else float(value)
        return (*_native.color_of(self.name, place), 1.0 if alpha is None else float(alpha))

    def reversed(self):
        """Returns the map backwards."""
        return Colormap(self.name[:-2] if self.name.endswith("_r") else self.name + "_r", self.N)

    def resampled(self, lutsize):
        """Returns the map with another number of colours."""
        return Colormap(self.name, lutsize)

    def __repr__(self):
        return f"<Colormap {self.name!r}>"


def known(name):
    """Says whether there is a map of that name."""
    return name in _NAMES or (name.endswith("_r") and name[:-2] in _NAMES)


def get_cmap(name=None, lut=None):
    """Returns the map of a name."""
    from ._settings import rcParams

    if name is None:
        name = rcParams["image.cmap"]
    if not isinstance(name, str):
        return name
    if not known(name):
        raise ValueError(f"{name!r} is not a known colormap name here; there are {', '.join(sorted(_NAMES))}, each "
                         "also backwards with _r")
    return Colormap(name, lut or 256)


class _Colormaps:
    def __getitem__(self, name):
        if not known(name):
            raise KeyError(f"{name!r} is not a known colormap name")
        return Colormap(name)

    def __iter__(self):
        return iter(_NAMES)

    def __len__(self):
        return len(_NAMES)

    def __contains__(self, name):
        return known(name)


colormaps = _Colormaps()


def __getattr__(name):
    if known(name):
        return Colormap(name)
    if name == "ScalarMappable":
        from ._absent import NotInLyceum
        raise NotInLyceum("matplotlib.cm.ScalarMappable is not part of Lyceum yet")
    raise AttributeError(f"module 'matplotlib.cm' has no attribute '{name}'")
