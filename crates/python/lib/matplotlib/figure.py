"""Figures: axes in a grid, and how they are shown and saved."""

import _lyceum_figures as _native

from ._absent import NotInLyceum, absent, refuse_options
from ._axes import Axes
from ._grids import AxesArray

_LAID_OUT = ("tight_layout", "constrained_layout", "layout", "dpi", "facecolor", "edgecolor", "frameon", "linewidth")


def cell(rows, columns, row, column, row_span=1, column_span=1):
    """Describes a part of a grid."""
    return {"rows": rows, "columns": columns, "row": row, "column": column, "row_span": row_span,
            "column_span": column_span}


def _one_cell(args):
    """Returns the cell of ``(2, 2, 1)``, ``(221,)`` or ``(2, 2, (1, 2))``."""
    if len(args) == 1 and isinstance(args[0], int) and 100 <= args[0] <= 999:
        args = tuple(int(digit) for digit in str(args[0]))
    if not args:
        args = (1, 1, 1)
    if len(args) != 3:
        raise TypeError(f"subplot() takes 1 or 3 positional arguments but {len(args)} were given")
    rows, columns, index = args
    first, last = (index if isinstance(index, (tuple, list)) else (index, index))
    if rows < 1 or columns < 1 or not 1 <= first <= last <= rows * columns:
        raise ValueError(f"num must be an integer with 1 <= num <= {rows * columns}, not {index}")
    (top, left), (bottom, right) = divmod(first - 1, columns), divmod(last - 1, columns)
    return cell(rows, columns, top, left, bottom - top + 1, right - left + 1)


class Colorbar:
    """The scale of colors beside axes."""

    def __init__(self, mappable, label, ticks):
        self.mappable, self.ax = mappable, _ColorbarAxes(self)
        self._label, self._ticks = str(label or ""), None
        if ticks is not None:
            self.set_ticks(ticks)

    def set_label(self, label, **options):
        self._label = str(label)

    def set_ticks(self, ticks, labels=None, **options):
        from ._data import row

        self._ticks = [{"at": place} for place in row(ticks).tolist()]
        if labels is not None:
            self.set_ticklabels(labels)

    def set_ticklabels(self, labels, **options):
        for tick, label in zip(self._ticks or [], labels):
            tick["label"] = str(label)

    def _wire(self):
        from ._artists import ContourSet

        values = self.mappable._shaded_values()
        if values is None:
            raise RuntimeError("the points have no numbers that a color bar could tell about: give scatter c=...")
        wire = {**self.mappable._shades(values), "label": self._label, "ticks": self._ticks}
        if isinstance(self.mappable, ContourSet) and self.mappable._filled and self.mappable._given is None:
            wire["levels"] = self.mappable.levels
        return wire


class _ColorbarAxes:
    """`colorbar.ax`: the label of a color bar may be set there as well."""

    def __init__(self, colorbar):
        self._colorbar = colorbar

    def set_ylabel(self, label, **options):
        self._colorbar._label = str(label)

    set_title = set_xlabel = set_ylabel

    def tick_params(self, **options):
        """Is accepted: Lyceum's style decides how ticks look."""

    def __getattr__(self, name):
        raise NotInLyceum(f"Colorbar.ax.{name} is not part of Lyceum yet")


class Figure:
    """A figure: axes in a grid."""

    def __init__(self, figsize=None, dpi=None, number=None, **options):
        from ._settings import rcParams

        for name in _LAID_OUT:
            options.pop(name, None)
        refuse_options("figure", options)
        self.number, self.dpi = number, float(rcParams["figure.dpi"] if dpi is None else dpi)
        self._shown = False
        self.axes, self._title = [], ""
        self.set_size_inches(rcParams["figure.figsize"] if figsize is None else figsize)

    def __getattr__(self, name):
        raise absent("Figure", name)

    def set_size_inches(self, width, height=None, forward=True):
        if height is None:
            width, height = width
        width, height = float(width), float(height)
        if not (0 < width < 1e4 and 0 < height < 1e4):
            raise ValueError(f"figure size must be positive finite not ({width}, {height})")
        self._size = (width, height)

    def get_size_inches(self):
        return self._size

    def get_figwidth(self):
        return self._size[0]

    def get_figheight(self):
        return self._size[1]

    def set_figwidth(self, width):
        self.set_size_inches(width, self._size[1])

    def set_figheight(self, height):
        self.set_size_inches(self._size[0], height)

    def set_dpi(self, dpi):
        self.dpi = float(dpi)

    def suptitle(self, t, **options):
        """Writes a title over all axes."""
        self._title = str(t)

    def get_suptitle(self):
        return self._title

    def _add_axes(self, where, share=None):
        if len(self.axes) >= 144:
            raise NotInLyceum("a figure with more than 144 axes is not part of Lyceum yet")
        axes = Axes(self, where)
        for name, other in (share or {}).items():
            if other is not None:
                axes._shared[name] = other._shared[name]
                axes._shared[name].append(axes)
        self.axes.append(axes)
        return axes

    def add_subplot(self, *args, sharex=None, sharey=None, **options):
        """Adds axes at a place of a grid: ``add_subplot(2, 2, 1)`` or ``add_subplot(221)``."""
        self._refuse_projection(options)
        sets = {name: options.pop(name) for name in list(options) if hasattr(Axes, f"set_{name}")}
        refuse_options("add_subplot", options)
        axes = self._add_axes(_one_cell(args), {"x": sharex, "y": sharey})
        return axes.set(**sets)

    @staticmethod
    def _refuse_projection(options):
        if options.pop("projection", None) not in (None, "rectilinear") or options.pop("polar", False):
            raise NotInLyceum("axes in three dimensions or of another projection are not part of Lyceum yet")

    def subplots(self, nrows=1, ncols=1, *, sharex=False, sharey=False, squeeze=True, width_ratios=None,
                 height_ratios=None, subplot_kw=None, gridspec_kw=None):
        """Fills a grid with axes; returns them as an array, or alone when there is one."""
        grid = dict(gridspec_kw or {})
        if width_ratios is not None or height_ratios is not None or "width_ratios" in grid or "height_ratios" in grid:
            raise NotInLyceum("subplots: rows or columns of different sizes are not part of Lyceum yet")
        own = dict(subplot_kw or {})
        self._refuse_projection(own)
        if nrows < 1 or ncols < 1:
            raise ValueError(f"Number of rows and columns must be positive, not {nrows} and {ncols}")
        made = []
        for r in range(nrows):
            for c in range(ncols):
                share = {}
                for name, mode in (("x", sharex), ("y", sharey)):
                    mode = {True: "all", False: "none"}.get(mode, mode)
                    if mode not in ("all", "none", "row", "col"):
                        raise ValueError(f"{mode!r} is not a valid value for share{name}")
                    first = {"all": 0, "row": r * ncols, "col": c, "none": None}[mode]
                    share[name] = made[first] if first is not None and first < len(made) else None
                axes = self._add_axes(cell(nrows, ncols, r, c), share)
                if sharex in (True, "all", "col") and r < nrows - 1:
                    axes._axis["x"]["tick_labels"] = False
                if sharey in (True, "all", "row") and c > 0:
                    axes._axis["y"]["tick_labels"] = False
                made.append(axes.set(**own))
        if squeeze and nrows * ncols == 1:
            return made[0]
        if squeeze and (nrows == 1 or ncols == 1):
            return AxesArray(made, (nrows * ncols,))
        return AxesArray(made, (nrows, ncols))

    def gca(self):
        """Returns the axes that were used last, and makes some when there are none."""
        current = getattr(self, "_current", None) if "_current" in self.__dict__ else None
        if current is None or current not in self.axes:
            current = self.axes[-1] if self.axes else self.add_subplot()
        self._current = current
        return current

    def sca(self, axes):
        self._current = axes

    def colorbar(self, mappable, cax=None, ax=None, *, label="", ticks=None, orientation="vertical", **options):
        """Puts the scale of its colors beside axes."""
        if cax is not None:
            raise NotInLyceum("colorbar: the option 'cax' is not part of Lyceum yet")
        if orientation not in ("vertical", None) or options.pop("location", "right") not in ("right", None):
            raise NotInLyceum("colorbar: places other than at the right are not part of Lyceum yet")
        for name in ("shrink", "fraction", "pad", "aspect", "extend", "format", "anchor", "spacing", "drawedges"):
            options.pop(name, None)
        refuse_options("colorbar", options)
        if not hasattr(mappable, "_shades"):
            raise TypeError(f"colorbar expects what imshow, scatter or contourf returned, not {type(mappable).__name__}")
        if ax is None:
            ax = mappable.axes
        if not isinstance(ax, Axes):
            ax = list(ax.flat if hasattr(ax, "flat") else ax)[-1]
        ax._colorbar = Colorbar(mappable, label, ticks)
        return ax._colorbar

    def tight_layout(self, **options):
        """Is accepted: Lyceum always gives what is written around axes the room it needs."""

    subplots_adjust = set_layout_engine = set_tight_layout = set_constrained_layout = autofmt_xdate = tight_layout

    def set_facecolor(self, color):
        """Is accepted: the ground follows the reader's system."""

    def clear(self, keep_observers=False):
        """Takes everything out of the figure."""
        self.axes, self._title = [], ""

    clf = clear

    def show(self):
        """Shows the figure."""
        self._shown = True
        _native.send(self._wire())

    def savefig(self, fname, *, format=None, **options):
        """Writes the figure as SVG."""
        from ._saving import save

        for name in ("dpi", "bbox_inches", "facecolor", "edgecolor", "transparent", "pad_inches", "metadata",
                     "orientation", "backend", "bbox_extra_artists", "pil_kwargs"):
            options.pop(name, None)
        refuse_options("savefig", options)
        save(_native.draw(self._wire()), fname, format)

    def _wire(self):
        """Describes the figure."""
        described = {}
        for axes in self.axes:
            described[axes] = axes._wire()
        # Axes that share an axis show the same part of it.
        for name, which in (("x", 0), ("y", 1)):
            groups = {id(axes._shared[name]): axes._shared[name] for axes in self.axes}
            for group in groups.values():
                group = [axes for axes in group if axes in described]
                if len(group) < 2:
                    continue
                ends = [_native.limits_of(described[axes])[which] for axes in group if axes._artists]
                if ends:
                    low, high = min(min(pair) for pair in ends), max(max(pair) for pair in ends)
                    for axes in group:
                        axis = described[axes][name]
                        if axis["low"] is None and axis["high"] is None:
                            axis["low"], axis["high"] = (high, low) if axis["reversed"] else (low, high)
        return {"width": self._size[0] * 100.0, "height": self._size[1] * 100.0, "title": self._title,
                "axes": list(described.values())}

    def __repr__(self):
        return f"<Figure size {self._size[0] * 100:.0f}x{self._size[1] * 100:.0f} with {len(self.axes)} Axes>"
