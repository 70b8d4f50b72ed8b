"""`rcParams`: settings that hold for all figures. Those that Lyceum's drawing decides by itself are kept, so that a
program can read them back."""

import contextlib

from ._absent import NotInLyceum

# What has an effect on the description of a figure.
_EFFECTIVE = {
    "figure.figsize": [6.4, 4.8],
    "figure.dpi": 100.0,
    "axes.grid": False,
    "axes.grid.axis": "both",
    "lines.linewidth": 1.5,
    "lines.linestyle": "-",
    "lines.marker": "None",
    "lines.markersize": 6.0,
    "scatter.marker": "o",
    "hist.bins": 10,
    "image.cmap": "viridis",
    "image.interpolation": "auto",
    "image.origin": "upper",
    "legend.loc": "best",
}

# What Lyceum's own drawing decides: fonts that every reader has, colours for day and night, tight layouts.
_DECIDED = {
    "axes.facecolor": "white", "axes.edgecolor": "black", "axes.labelsize": "medium", "axes.titlesize": "large",
    "axes.labelcolor": "black", "axes.linewidth": 0.8, "axes.spines.top": True, "axes.spines.right": True,
    "axes.spines.left": True, "axes.spines.bottom": True,
    "axes.unicode_minus": True, "axes.titleweight": "normal", "axes.axisbelow": "line", "figure.autolayout": False,
    "figure.constrained_layout.use": False, "figure.facecolor": "white", "figure.max_open_warning": 20,
    "figure.titlesize": "large",
    "font.family": ["sans-serif"], "font.sans-serif": ["system-ui"], "font.size": 10.0, "font.serif": ["serif"],
    "font.weight": "normal", "grid.alpha": 1.0, "grid.color": "#e3e7ec", "grid.linestyle": "-", "grid.linewidth": 0.8,
    "legend.fontsize": "medium", "legend.frameon": True, "legend.framealpha": 0.86, "mathtext.fontset": "dejavusans",
    "pdf.fonttype": 3, "ps.fonttype": 3, "savefig.bbox": None, "savefig.dpi": "figure", "savefig.format": "svg",
    "savefig.facecolor": "auto", "svg.fonttype": "none", "text.color": "black", "text.usetex": False,
    "xtick.labelsize": "medium", "ytick.labelsize": "medium", "xtick.color": "black", "ytick.color": "black",
    "xtick.direction": "out", "ytick.direction": "out",
}


class RcParams(dict):
    """The settings: a dict with known keys."""

    def __setitem__(self, key, value):
        if key not in _EFFECTIVE and key not in _DECIDED:
            raise NotInLyceum(f"rcParams[{key!r}] is not part of Lyceum yet")
        if key == "text.usetex" and value:
            raise NotInLyceum("rcParams['text.usetex'] is not part of Lyceum: labels understand $...$ without it")
        super().__setitem__(key, value)

    def update(self, *args, **kwargs):
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def copy(self):
        return RcParams(self)


rcParamsDefault = RcParams({**_EFFECTIVE, **_DECIDED})
rcParams = rcParamsDefault.copy()


def rc(group, **settings):
    """Sets settings of one or more groups: ``rc("lines", linewidth=2)``."""
    aliases = {"lw": "linewidth", "ls": "linestyle", "ms": "markersize"}
    for one in [group] if isinstance(group, str) else group:
        for name, value in settings.items():
            rcParams[f"{one}.{aliases.get(name, name)}"] = value


def rcdefaults():
    """Gives every setting its first value again."""
    rcParams.update(rcParamsDefault)


@contextlib.contextmanager
def rc_context(rc=None, fname=None):
    """Changes settings for the length of a ``with`` block."""
    if fname is not None:
        raise NotInLyceum("rc_context: the option 'fname' is not part of Lyceum yet")
    before = dict(rcParams)
    try:
        rcParams.update(rc or {})
        yield
    finally:
        rcParams.update(before)
