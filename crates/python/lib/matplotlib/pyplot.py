"""`matplotlib.pyplot`: the figure and the axes that a program is at, and functions that draw in them."""

import atexit as _atexit
import warnings as _warnings

from . import cm, style
from ._absent import NotInLyceum, absent as _absent
from ._settings import rc, rc_context, rcdefaults, rcParams, rcParamsDefault
from .cm import colormaps, get_cmap
from .colors import Normalize
from .figure import Figure, cell as _cell
from .lines import Line2D
from .patches import Circle, Polygon, Rectangle
from ._axes import Axes

_figures = {}
_current = None


def figure(num=None, figsize=None, dpi=None, *, facecolor=None, edgecolor=None, frameon=True, FigureClass=None,
           clear=False, **options):
    """Makes a figure, or goes back to the one with that number or name."""
    global _current
    if isinstance(num, Figure):
        num = num.number
    if num is not None and num in _figures:
        _current = num
        if clear:
            _figures[num].clear()
        return _figures[num]
    if num is None:
        num = max([key for key in _figures if isinstance(key, int)], default=0) + 1
    if len(_figures) == 20:
        _warnings.warn("More than 20 figures have been opened; plt.close() closes those that are done", RuntimeWarning,
                       stacklevel=2)
    _figures[num] = Figure(figsize=figsize, dpi=dpi, number=num, **options)
    _current = num
    return _figures[num]


def gcf():
    """Returns the current figure, and makes one when there is none."""
    return _figures[_current] if _current in _figures else figure()


def gca():
    """Returns the current axes, and makes some when there are none."""
    return gcf().gca()


def sca(ax):
    """Makes axes the current ones."""
    figure(ax.figure)
    ax.figure.sca(ax)


def subplots(nrows=1, ncols=1, *, sharex=False, sharey=False, squeeze=True, width_ratios=None, height_ratios=None,
             subplot_kw=None, gridspec_kw=None, **options):
    """Makes a figure with a grid of axes: ``fig, ax = plt.subplots()``, ``fig, axes = plt.subplots(2, 3)``."""
    made = figure(**options)
    axes = made.subplots(nrows, ncols, sharex=sharex, sharey=sharey, squeeze=squeeze, width_ratios=width_ratios,
                         height_ratios=height_ratios, subplot_kw=subplot_kw, gridspec_kw=gridspec_kw)
    made.sca(made.axes[-1])
    return made, axes


def subplot(*args, **options):
    """Goes to the axes at a place of a grid, and makes them when there are none: ``plt.subplot(1, 2, 1)``."""
    from .figure import _one_cell

    if len(args) == 1 and isinstance(args[0], Axes):
        sca(args[0])
        return args[0]
    where = _one_cell(args)
    current = gcf()
    for axes in current.axes:
        if axes._cell == where and not options:
            current.sca(axes)
            return axes
    axes = current.add_subplot(*args, **options)
    current.sca(axes)
    return axes


def subplot2grid(shape, loc, rowspan=1, colspan=1, fig=None, **options):
    """Makes axes that may span several rows and columns of a grid."""
    current = gcf() if fig is None else fig
    axes = current._add_axes(_cell(*shape, *loc, rowspan, colspan))
    axes.set(**options)
    current.sca(axes)
    return axes


def axes(arg=None, **options):
    """Adds axes that fill the figure."""
    if arg is not None:
        raise NotInLyceum("plt.axes with a rectangle is not part of Lyceum yet; plt.subplot places axes in a grid")
    return subplot(1, 1, 1, **options)


def show(*, block=None):
    """Shows every open figure and closes it."""
    for one in list(_figures.values()):
        one.show()
    close("all")


def close(fig=None):
    """Closes the current figure, one of a number or a name, or ``'all'``. A closed figure is not shown."""
    global _current
    if fig == "all":
        _figures.clear()
    else:
        key = _current if fig is None else fig.number if isinstance(fig, Figure) else fig
        _figures.pop(key, None)
    _current = list(_figures)[-1] if _figures else None


def _show_what_is_left():
    for one in list(_figures.values()):
        if not one._shown and (one.axes or one._title):
            one.show()
    _figures.clear()


_atexit.register(_show_what_is_left)


def clf():
    """Takes everything out of the current figure."""
    gcf().clear()


def cla():
    """Takes everything out of the current axes."""
    gca().clear()


def get_fignums():
    """Returns the numbers of the open figures."""
    return sorted(key for key in _figures if isinstance(key, int))


def fignum_exists(num):
    """Says whether a figure is open."""
    return num in _figures


def savefig(*args, **options):
    """Writes the current figure to a file as SVG: ``plt.savefig("loss.svg")``."""
    return gcf().savefig(*args, **options)


def suptitle(t, **options):
    """Writes a title over all axes of the figure."""
    return gcf().suptitle(t, **options)


def tight_layout(**options):
    """Is accepted: Lyceum always gives what is written around axes the room it needs."""


subplots_adjust = tight_layout


def title(label, fontdict=None, loc=None, pad=None, *, y=None, **options):
    """Writes a title over the axes."""
    return gca().set_title(label, fontdict, loc, pad, y=y, **options)


def xlabel(xlabel, fontdict=None, labelpad=None, *, loc=None, **options):
    """Says what the horizontal axis measures."""
    return gca().set_xlabel(xlabel, fontdict, labelpad, loc=loc, **options)


def ylabel(ylabel, fontdict=None, labelpad=None, *, loc=None, **options):
    """Says what the vertical axis measures."""
    return gca().set_ylabel(ylabel, fontdict, labelpad, loc=loc, **options)


def xlim(*args, **options):
    """Returns the ends of the horizontal axis, or sets them."""
    return gca().set_xlim(*args, **options) if args or options else gca().get_xlim()


def ylim(*args, **options):
    """Returns the ends of the vertical axis, or sets them."""
    return gca().set_ylim(*args, **options) if args or options else gca().get_ylim()


def xscale(value, **options):
    """Makes the horizontal axis ``'linear'`` or ``'log'``."""
    gca().set_xscale(value, **options)


def yscale(value, **options):
    """Makes the vertical axis ``'linear'`` or ``'log'``."""
    gca().set_yscale(value, **options)


def xticks(ticks=None, labels=None, *, minor=False, **options):
    """Sets where the horizontal axis has ticks, and what is written at them."""
    return _ticks("x", ticks, labels, options)


def yticks(ticks=None, labels=None, *, minor=False, **options):
    """Sets where the vertical axis has ticks, and what is written at them."""
    return _ticks("y", ticks, labels, options)


def _ticks(name, ticks, labels, options):
    axes = gca()
    if ticks is not None or labels is not None or options:
        axes._set_ticks(name, ticks, labels, options)
    chosen = axes._axis[name]["ticks"] or []
    return [tick["at"] for tick in chosen], [tick.get("label", "") for tick in chosen]


def colorbar(mappable=None, cax=None, ax=None, **options):
    """Puts the scale of its colors beside axes; without a mappable, of what was drawn last."""
    if mappable is None:
        mappable = gci()
        if mappable is None:
            raise RuntimeError("No mappable was found to use for colorbar creation. First define a mappable such as an "
                               "image (with imshow) or a contour set (with contourf).")
    return gcf().colorbar(mappable, cax=cax, ax=ax, **options)


def gci():
    """Returns what was drawn last whose colors stand for numbers."""
    drawn = [artist for artist in gca()._artists if hasattr(artist, "_shades")]
    drawn = [artist for artist in drawn if getattr(artist, "_values", True) is not None]
    return drawn[-1] if drawn else None


def clim(vmin=None, vmax=None):
    """Sets the numbers at the ends of the colors of what was drawn last."""
    mappable = gci()
    if mappable is None:
        raise RuntimeError("You must first define an image, e.g., with imshow")
    mappable.set_clim(vmin, vmax)


def twinx(ax=None):
    """Makes axes over the current ones, with a vertical axis of their own at the right."""
    made = (gca() if ax is None else ax).twinx()
    made.figure.sca(made)
    return made


def matshow(A, fignum=None, **options):
    """Draws a matrix in a figure of its own."""
    if fignum != 0:
        figure(fignum)
    return gca().matshow(A, **options)


def ion():
    """Is not there: a figure is shown when it is finished."""
    raise NotInLyceum("plt.ion is not part of Lyceum: figures are shown by plt.show(); the loss of a training loop is "
                      "shown while it runs without any plotting")


def pause(interval):
    """Is not there: a figure is shown when it is finished."""
    raise NotInLyceum("plt.pause is not part of Lyceum: figures are shown by plt.show(); the loss of a training loop is "
                      "shown while it runs without any plotting")


def ioff():
    """Is accepted: figures are shown by `show`."""


def isinteractive():
    """Returns False: figures are shown by `show`."""
    return False


def draw():
    """Is accepted: figures are shown by `show`."""


def _of_axes(name):
    def function(*args, **options):
        return getattr(gca(), name)(*args, **options)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = getattr(Axes, name).__doc__
    return function


for _name in (
    "annotate arrow autoscale axhline axhspan axis axline axvline axvspan bar bar_label barh clabel contour contourf "
    "errorbar fill fill_between fill_betweenx grid hist hlines imshow legend loglog margins minorticks_off minorticks_on "
    "pcolormesh plot quiver scatter semilogx semilogy stem step text tick_params vlines"
).split():
    globals()[_name] = _of_axes(_name)
del _name


def __getattr__(name):
    if cm.known(name):
        return lambda: rcParams.update({"image.cmap": name})
    raise _absent("matplotlib.pyplot", name)
