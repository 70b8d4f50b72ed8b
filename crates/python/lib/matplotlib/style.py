"""Styles: Lyceum draws in its own, so the well-known names change only whether there is a grid."""

import contextlib

from ._settings import rcParams, rc_context

_GRID = {
    "default": False, "classic": False, "fast": False, "grayscale": False, "dark_background": False, "bmh": True,
    "ggplot": True, "fivethirtyeight": True, "seaborn": True, "tableau-colorblind10": False, "petroff10": False,
    "Solarize_Light2": True,
}
_SEABORN = (
    "bright colorblind dark dark-palette darkgrid deep muted notebook paper pastel poster talk ticks white whitegrid"
).split()
available = sorted([*_GRID, *(f"seaborn-v0_8-{name}" for name in _SEABORN), "seaborn-v0_8"])


def _settings(style):
    if isinstance(style, dict):
        return style
    name = style.replace("seaborn-v0_8", "seaborn")
    if name in _GRID:
        return {"axes.grid": _GRID[name]}
    if name.startswith("seaborn-") and name[len("seaborn-"):] in _SEABORN:
        return {"axes.grid": True} if name.endswith("grid") else {}
    raise OSError(f"{style!r} is not a valid package style, path of style file, URL of style file, or library style name")


def use(style):
    """Takes the settings of a style, or of several."""
    for one in [style] if isinstance(style, (str, dict)) else style:
        rcParams.update(_settings(one))


@contextlib.contextmanager
def context(style, after_reset=False):
    """Takes a style for the length of a ``with`` block."""
    with rc_context():
        use(style)
        yield
