"""Axes: what can be drawn in them, and how they are set."""

import math

import torch

import _lyceum_figures as _native

from . import colors
from ._absent import NotInLyceum, absent, refuse_options
from ._artists import (
    NO_LINE, SHAPES, DASHES, Annotation, Area, Artist, AxesImage, Band, BarContainer, ContourSet, Line2D,
    PathCollection, Polygon, Rule, Segments, Slope, Text, take,
)
from ._data import finite, is_number, is_texts, numbers, row, spread

_FORMAT_COLORS = "bgrcmykw"


def parse_format(text):
    """Takes a format such as ``'r--o'`` apart into color, marker and line style, each None when it is not given.

    Raises:
        ValueError: when something in it is not understood
    """
    if colors.is_color_like(text) and text not in ("1", "2", "3", "4", "8", "0"):
        return text, None, None
    color = marker = line = None
    at = 0
    while at < len(text):
        two, one = text[at : at + 2], text[at]
        if two in ("--", "-."):
            line, at = _once(line, two, text, "linestyle"), at + 2
        elif one in ("-", ":"):
            line, at = _once(line, one, text, "linestyle"), at + 1
        elif one == "C" and text[at + 1 : at + 2].isdigit():
            color, at = _once(color, two, text, "color"), at + 2
        elif one in _FORMAT_COLORS:
            color, at = _once(color, one, text, "color"), at + 1
        elif one in SHAPES:
            marker, at = _once(marker, one, text, "marker"), at + 1
        else:
            raise ValueError(f"{text!r} is not a valid format string (unrecognized character {one!r})")
    return color, marker, line


def _once(before, value, text, what):
    if before is not None:
        raise ValueError(f"{text!r} is not a valid format string (two {what} symbols)")
    return value


class AxisProxy:
    """`ax.xaxis` and `ax.yaxis`."""

    def __init__(self, axes, name):
        self._axes, self._name = axes, name

    def _settings(self):
        return self._axes._axis[self._name]

    def set_major_locator(self, locator):
        from . import ticker

        settings = self._settings()
        if isinstance(locator, ticker.MaxNLocator):
            settings["whole"] = bool(locator.integer)
        elif isinstance(locator, ticker.NullLocator):
            settings["ticks"] = []
        elif isinstance(locator, ticker.FixedLocator):
            settings["ticks"] = [{"at": float(at)} for at in row(locator.locs).tolist()]
        elif isinstance(locator, ticker.MultipleLocator):
            settings["every"] = (locator.base, locator.offset)
        else:
            raise NotInLyceum(f"set_major_locator({type(locator).__name__}) is not part of Lyceum yet")

    def set_ticks(self, ticks, labels=None, **options):
        getattr(self._axes, f"set_{self._name}ticks")(ticks, labels, **options)

    def set_ticklabels(self, labels, **options):
        getattr(self._axes, f"set_{self._name}ticklabels")(labels, **options)

    def set_label_text(self, text, **options):
        getattr(self._axes, f"set_{self._name}label")(text, **options)

    def set_visible(self, visible):
        settings = self._settings()
        settings["tick_labels"] = bool(visible)
        if not visible:
            settings["ticks"], settings["label"] = [], ""

    def grid(self, visible=True, which="major", **options):
        self._axes.grid(visible, which=which, axis=self._name, **options)

    def set_inverted(self, inverted):
        self._settings()["reversed"] = bool(inverted)

    def __getattr__(self, name):
        if name.startswith(("set_", "get_", "tick_", "axis_", "label")):
            raise NotInLyceum(f"Axis.{name} is not part of Lyceum yet")
        raise AttributeError(f"'Axis' object has no attribute '{name}'")


class Spines:
    """`ax.spines`: Lyceum draws the left and the lower one; hiding those above and at the right is no change."""

    def __getitem__(self, name):
        names = [name] if isinstance(name, str) else list(name) if not isinstance(name, slice) else []
        for one in names:
            if one not in ("left", "right", "top", "bottom"):
                raise KeyError(one)
        return self

    def __getattr__(self, name):
        if name in ("left", "right", "top", "bottom"):
            return self
        raise AttributeError(f"'Spine' object has no attribute '{name}'")

    def values(self):
        return [self] * 4

    def items(self):
        return [(name, self) for name in ("left", "right", "bottom", "top")]

    def set_visible(self, visible):
        """Is accepted: the frame is Lyceum's own."""

    set_color = set_linewidth = set_edgecolor = set_visible

    def set_position(self, position):
        raise NotInLyceum("Spine.set_position is not part of Lyceum yet")


class Legend:
    """The legend of axes."""

    _PLACES = {
        "best": "best", "upper right": "upper_right", "upper left": "upper_left", "lower left": "lower_left",
        "lower right": "lower_right", "right": "center_right", "center left": "center_left",
        "center right": "center_right", "lower center": "lower_center", "upper center": "upper_center",
        "center": "center",
    }
    _NUMBERS = tuple(_PLACES)

    def __init__(self, axes, handles, labels, options):
        from ._settings import rcParams

        loc = options.pop("loc", None)
        loc = rcParams["legend.loc"] if loc is None else loc
        self.place = "upper_left"
        if isinstance(loc, int):
            loc = self._NUMBERS[loc] if 0 <= loc < len(self._NUMBERS) else loc
        if isinstance(loc, str):
            if loc not in self._PLACES:
                raise ValueError(f"{loc!r} is not a valid value for loc; supported values are "
                                 f"{', '.join(map(repr, self._PLACES))}")
            self.place = self._PLACES[loc]
        elif not (isinstance(loc, (tuple, list)) and len(loc) == 2):
            raise ValueError(f"{loc!r} is not a valid value for loc")
        anchor = options.pop("bbox_to_anchor", None)
        if anchor is not None and float(anchor[0]) >= 1.0:
            self.place = "outside"
        self.title = str(options.pop("title", None) or "")
        self.columns = int(take(options, "ncol", "ncols", default=1))
        for name in ("fontsize", "frameon", "framealpha", "fancybox", "shadow", "markerscale", "handlelength",
                     "labelspacing", "borderpad", "handletextpad", "columnspacing", "borderaxespad", "numpoints",
                     "scatterpoints", "prop", "title_fontsize", "facecolor", "edgecolor", "labelcolor", "mode",
                     "handleheight", "alignment", "draggable"):
            options.pop(name, None)
        refuse_options("legend", options)
        self.extra = []
        if handles is None and labels is not None:
            named = [artist for artist in axes._artists if artist._kind in _LEGEND_KINDS]
            for artist, label in zip(named, labels):
                artist.set_label(label)
        elif handles is not None:
            handles = list(handles)
            chosen = []
            for index, handle in enumerate(handles):
                handle = handle[0] if isinstance(handle, (tuple, list)) else handle
                if labels is not None and index < len(labels):
                    handle.set_label(labels[index])
                chosen.append(handle)
            for artist in axes._artists:
                if artist not in chosen and artist._kind in _LEGEND_KINDS:
                    artist._in_legend = False
            self.extra = [handle for handle in chosen if handle not in axes._artists]

    def set_title(self, title, **options):
        self.title = str(title)

    def get_texts(self):
        return []

    def remove(self):
        raise NotInLyceum("Legend.remove is not part of Lyceum yet")


# The parts of a mark that say where it is.
_PLACES = ("x", "y", "left", "right", "bottom", "top", "x0", "y0", "x1", "y1")
_LEGEND_KINDS = ("plot", "axline", "scatter", "bar", "hist", "fill_between", "fill", "axspan", "lines")


class Axes:
    """A pair of axes, and what is drawn in them."""

    transData = "data"
    transAxes = "axes"

    def __init__(self, figure, cell):
        from ._settings import rcParams

        self.figure, self._cell = figure, cell
        self._shared, self._over = {"x": [self], "y": [self]}, False
        self.xaxis, self.yaxis, self.spines = AxisProxy(self, "x"), AxisProxy(self, "y"), Spines()
        self._rc = rcParams
        self.clear()

    def clear(self):
        """Takes everything out of the axes."""
        grid = self._rc["axes.grid"]
        which = self._rc["axes.grid.axis"]
        self._artists, self._title, self._legend, self._colorbar = [], "", None, None
        self._axis = {
            name: {"label": "", "scale": "linear", "low": None, "high": None, "reversed": False, "ticks": None,
                   "whole": False, "grid": bool(grid) and which in ("both", name), "tick_labels": True,
                   "tick_rotation": 0.0, "categories": [], "every": None}
            for name in "xy"
        }
        self._aspect, self._bare = "auto", False
        self._cycle = {"line": 0, "patch": 0}

    cla = clear

    def __getattr__(self, name):
        raise absent("Axes", name)

    # What is drawn

    def _add(self, artist):
        self._artists.append(artist)
        return artist

    def _next_color(self, cycle="line"):
        color = f"C{self._cycle[cycle] % 10}"
        self._cycle[cycle] += 1
        return color

    def _places(self, value, axis, name=None):
        """Returns numbers; names of categories become 0, 1, 2, ... and ticks."""
        if not is_texts(value):
            return row(value, name or axis)
        known = self._axis[axis]["categories"]
        places = []
        for text in [value] if isinstance(value, str) else value:
            if text not in known:
                known.append(text)
            places.append(float(known.index(text)))
        return torch.tensor(places, dtype=torch.float64)

    def plot(self, *args, scalex=True, scaley=True, data=None, **options):
        """Draws curves: ``plot(y)``, ``plot(x, y)``, ``plot(x, y, "r--o")``, and several of these in a row."""
        if data is not None:
            args = tuple(data[arg] if isinstance(arg, str) and arg in data else arg for arg in args)
        lines, rest = [], list(args)
        while rest:
            group = [rest.pop(0)]
            if rest and not isinstance(rest[0], str):
                group.append(rest.pop(0))
            elif rest and is_texts(group[0]) and not isinstance(rest[0], str):
                group.append(rest.pop(0))
            text = rest.pop(0) if rest and isinstance(rest[0], str) else None
            lines += self._plot_group(group, text, dict(options), many=bool(rest) or bool(lines))
        return lines

    def _plot_group(self, group, text, options, many):
        color, marker, line = parse_format(text) if text else (None, None, None)
        if marker is not None and line is None:
            line = "None"
        if color is not None and "color" not in options and "c" not in options:
            options["color"] = color
        if marker is not None and "marker" not in options:
            options["marker"] = marker
        if line is not None and "linestyle" not in options and "ls" not in options:
            options["linestyle"] = line
        y = group[-1]
        y = self._places(y, "y") if is_texts(y) else numbers(y)
        if y.dim() == 0:
            y = y.reshape(1)
        if y.dim() > 2:
            raise ValueError(f"x and y can be no greater than 2D, but have shape {tuple(y.shape)}")
        columns = [y] if y.dim() == 1 else list(y.unbind(1))
        if len(group) == 2:
            x = self._places(group[0], "x") if is_texts(group[0]) else numbers(group[0])
            x = x.reshape(1) if x.dim() == 0 else x
            if x.dim() == 2 and x.shape[1] == 1 and y.dim() == 1:
                x = x.reshape(-1)
            xs = [x] * len(columns) if x.dim() == 1 else list(x.unbind(1))
            if x.shape[0] != y.shape[0]:
                raise ValueError(
                    f"x and y must have same first dimension, but have shapes {tuple(x.shape)} and {tuple(y.shape)}"
                )
            if len(xs) != len(columns):
                columns = columns * len(xs) if len(columns) == 1 else columns
                if len(xs) != len(columns):
                    raise ValueError(f"x has {len(xs)} columns but y has {len(columns)} columns")
        else:
            xs = [torch.arange(y.shape[0], dtype=torch.float64)] * len(columns)
        label = options.pop("label", None)
        made = []
        for index, (x, column) in enumerate(zip(xs, columns)):
            own = dict(options)
            if isinstance(label, (list, tuple)):
                own["label"] = label[index]
            elif label is not None:
                own["label"] = label
            if own.get("color") is None and own.get("c") is None:
                own.pop("color", None), own.pop("c", None)
                own["color"] = self._next_color()
            made.append(self._add(Line2D(x, column, axes=self, **own)))
        return made

    def step(self, x, y, *args, where="pre", **options):
        """Draws a curve that goes in steps."""
        if where not in ("pre", "post", "mid"):
            raise ValueError(f"{where!r} is not a valid value for where; supported values are 'pre', 'post', 'mid'")
        return self.plot(x, y, *args, drawstyle=f"steps-{where}", **options)

    def semilogy(self, *args, base=10, **options):
        """Draws curves over a logarithmic vertical axis."""
        self.set_yscale("log", base=base)
        return self.plot(*args, **options)

    def semilogx(self, *args, base=10, **options):
        """Draws curves over a logarithmic horizontal axis."""
        self.set_xscale("log", base=base)
        return self.plot(*args, **options)

    def loglog(self, *args, base=10, **options):
        """Draws curves over two logarithmic axes."""
        self.set_xscale("log", base=base)
        self.set_yscale("log", base=base)
        return self.plot(*args, **options)

    def scatter(self, x, y, s=None, c=None, *, data=None, **options):
        """Draws points; `c` is a color, a color for each, or a number for each that a colormap makes a color of."""
        if data is not None:
            x, y = (data[v] if isinstance(v, str) else v for v in (x, y))
            c = data[c] if isinstance(c, str) and c in data else c
        color = options.pop("color", None)
        if color is not None:
            if c is not None:
                raise ValueError("Supply a 'c' argument or a 'color' kwarg but not both")
            c = color
        own = self._next_color("patch") if c is None else "C0"
        places = (self._places(x, "x"), self._places(y, "y")) if is_texts(x) or is_texts(y) else (
            numbers(x).reshape(-1), numbers(y).reshape(-1))
        return self._add(PathCollection(self, *places, s, c, own, options))

    def bar(self, x, height, width=0.8, bottom=None, *, align="center", data=None, **options):
        """Draws standing bars at `x`."""
        return self._bars(x, height, width, bottom, align, False, options)

    def barh(self, y, width, height=0.8, left=None, *, align="center", data=None, **options):
        """Draws lying bars at `y`."""
        return self._bars(y, width, height, left, align, True, options)

    def _bars(self, at, length, thick, foot, align, lying, options):
        if align not in ("center", "edge"):
            raise ValueError(f"{align!r} is not a valid value for align; supported values are 'center', 'edge'")
        along, across = ("y", "x") if lying else ("x", "y")
        at, length = self._places(at, along), row(length, "width" if lying else "height")
        count = max(at.numel(), length.numel())
        at, length = spread(at, count, along), spread(length, count, "height")
        thick = spread(thick, count, "width")
        foot = spread(0.0 if foot is None else foot, count, "bottom")
        start = at - thick / 2 if align == "center" else torch.where(thick < 0, at + thick, at)
        color = take(options, "color", "facecolor", "fc", default=None)
        if color is None:
            color = colors.encode(self._next_color("patch"))
        elif colors.is_color_like(color) or color == "none":
            color = colors.encode(color)
        else:
            color = [colors.encode(one) for one in (color.tolist() if hasattr(color, "tolist") else color)]
        errors = {name: options.pop(name, None) for name in ("xerr", "yerr")}
        error_options = {"ecolor": options.pop("ecolor", "k"), "capsize": options.pop("capsize", 0.0)}
        error_options.update(options.pop("error_kw", None) or {})
        if options.pop("log", False):
            (self.set_xscale if lying else self.set_yscale)("log")
        ticks = options.pop("tick_label", None)
        if ticks is not None:
            (self.set_yticks if lying else self.set_xticks)(at, [ticks] * count if isinstance(ticks, str) else ticks)
        labels = options.get("label")
        if isinstance(labels, (list, tuple)):
            options.pop("label")
        sides = (foot, foot + length, start, start + thick.abs()) if lying else (start, start + thick.abs(), foot, foot + length)
        if isinstance(labels, (list, tuple)):
            # One label for each bar: each is an artist of its own, so that each is in the legend.
            if len(labels) != count:
                raise ValueError(f"number of labels ({len(labels)}) does not match number of bars ({count}).")
            listed = color if isinstance(color, list) else [color]
            for index, label in enumerate(labels):
                one = [side[index : index + 1] for side in sides]
                made = self._add(BarContainer(self, *one, listed[index % len(listed)], lying, dict(options, label=label)))
            return made
        bars = self._add(BarContainer(self, *sides, color, lying, options))
        if any(error is not None for error in errors.values()):
            tips = (foot + length, at) if lying else (at, foot + length)
            bars.errorbar = self.errorbar(*tips, yerr=errors["yerr"], xerr=errors["xerr"], fmt="none", **error_options)
        return bars

    def bar_label(self, container, labels=None, *, fmt="%g", label_type="edge", padding=3, **options):
        """Writes the length of each bar at its end."""
        if label_type not in ("edge", "center"):
            raise ValueError(f"{label_type!r} is not a valid value for label_type")
        texts, center = [], label_type == "center"
        lying = container._lying
        near, far = (container._left, container._right) if lying else (container._bottom, container._top)
        sides = (container._bottom, container._top) if lying else (container._left, container._right)
        for index in range(len(container)):
            value = float(far[index] - near[index])
            text = labels[index] if labels is not None else (
                fmt(value) if callable(fmt) else fmt.format(value) if "{" in fmt else fmt % value)
            end = float(near[index] + far[index]) / 2 if center else float(far[index])
            middle = float(sides[0][index] + sides[1][index]) / 2
            off = 0 if center else padding if value >= 0 else -padding
            place, offset = ((end, middle), (off, 0)) if lying else ((middle, end), (0, off))
            align = {"ha": "center" if center or not lying else "left" if value >= 0 else "right",
                     "va": "center" if center or lying else "bottom" if value >= 0 else "top"}
            texts.append(self.annotate(text, place, xytext=offset, textcoords="offset points", **{**align, **options}))
        return texts

    def hist(self, x, bins=None, range=None, density=False, weights=None, cumulative=False, bottom=None,
             histtype="bar", align="mid", orientation="vertical", rwidth=None, log=False, color=None, label=None,
             stacked=False, *, data=None, **options):
        """Counts numbers in bins and draws the counts. Returns the counts, the borders of the bins, and the bars."""
        if histtype not in ("bar", "step", "stepfilled", "barstacked"):
            raise ValueError(f"{histtype!r} is not a valid value for histtype; supported values are 'bar', "
                             "'barstacked', 'step', 'stepfilled'")
        stacked = stacked or histtype == "barstacked"
        several = isinstance(x, (list, tuple)) and len(x) > 0 and not is_number(x[0])
        if not several and isinstance(x, torch.Tensor) and x.dim() == 2:
            several, x = True, list(x.unbind(1))
        sets = [numbers(one).reshape(-1) for one in x] if several else [numbers(x).reshape(-1)]
        if weights is None:
            weighted = [None] * len(sets)
        else:
            weighted = [numbers(one).reshape(-1) for one in weights] if several else [numbers(weights).reshape(-1)]
        bins = self._rc["hist.bins"] if bins is None else bins
        edges = _bin_edges(torch.cat(sets) if sets else torch.zeros(0), bins, range)
        counts = []
        for one, weight in zip(sets, weighted):
            count = _histogram(one, edges, weight)
            if density:
                count = count / (count.sum() * (edges[1:] - edges[:-1]))
            if cumulative:
                steps = count * (edges[1:] - edges[:-1]) if density else count
                count = steps.flip(0).cumsum(0).flip(0) if cumulative == -1 else steps.cumsum(0)
            counts.append(count)
        own = color if isinstance(color, (list, tuple)) and several else [color] * len(sets)
        names = label if isinstance(label, (list, tuple)) and several else [label] + [None] * (len(sets) - 1)
        lying = orientation == "horizontal"
        if log:
            (self.set_xscale if lying else self.set_yscale)("log")
        foot = torch.zeros(edges.numel() - 1, dtype=torch.float64)
        foot = foot if bottom is None else spread(bottom, foot.numel(), "bottom").clone()
        wide = edges[1:] - edges[:-1]
        side_by_side = several and not stacked and histtype == "bar" and len(sets) > 1
        made = []
        for index, count in enumerate(counts):
            face = self._next_color("patch") if own[index] is None else own[index]
            given = dict(options)
            if names[index] is not None:
                given["label"] = names[index]
            if histtype == "step":
                xs = torch.stack([edges, edges], 1).reshape(-1)
                ys = torch.cat([foot[:1] * 0, torch.stack([foot + count] * 2, 1).reshape(-1), foot[:1] * 0])
                given.setdefault("linewidth", take(given, "linewidth", "lw", default=1.5))
                edge = take(given, "edgecolor", "ec", default=None)
                take(given, "fill"), take(given, "facecolor", "fc")
                xs, ys = (ys, xs) if lying else (xs, ys)
                made.append(self._add(Line2D(xs, ys, axes=self, color=edge or face, **given)))
            else:
                start, share = edges[:-1], wide
                if side_by_side:
                    share = wide * 0.8 / len(sets)
                    start = edges[:-1] + wide * 0.1 + share * index
                elif rwidth is not None:
                    share = wide * float(rwidth)
                    start = edges[:-1] + (wide - share) / 2
                ends = (start, start + share)
                tall = (foot, foot + count)
                sides = (*tall, *ends) if lying else (*ends, *tall)
                if histtype == "bar" and "edgecolor" not in given and "ec" not in given:
                    # A hairline of the ground tells neighbours apart.
                    given.update(edgecolor="w", linewidth=take(given, "linewidth", "lw", default=0.5))
                bars = BarContainer(self, *sides, colors.encode(face), lying, given)
                bars._kind = "hist"
                made.append(self._add(bars))
            if stacked:
                foot = foot + count
        if several and len(sets) > 1:
            return counts, edges, made
        return counts[0], edges, made[0]

    def fill_between(self, x, y1, y2=0, where=None, interpolate=False, step=None, *, data=None, **options):
        """Fills the area between two curves over `x`."""
        return self._fill(x, y1, y2, where, step, False, options)

    def fill_betweenx(self, y, x1, x2=0, where=None, step=None, interpolate=False, *, data=None, **options):
        """Fills the area between two curves beside `y`."""
        return self._fill(y, x1, x2, where, step, True, options)

    def _fill(self, along, first, second, where, step, lying, options):
        along = row(along)
        count = along.numel()
        first, second = spread(first, count, "y1"), spread(second, count, "y2")
        if where is not None:
            keep = numbers(where).reshape(-1).bool()
            first = torch.where(keep, first, torch.full_like(first, math.nan))
        own = "C0"
        if not any(name in options for name in ("color", "facecolor", "fc", "facecolors")):
            own = self._next_color("patch")
        if step is not None:
            options["step"] = step
        return self._add(Area(self, along, second, first, own, lying, options))

    def fill(self, *args, data=None, **options):
        """Draws closed outlines: ``fill(x, y, "r")``."""
        made, rest = [], list(args)
        while len(rest) >= 2:
            x, y = rest.pop(0), rest.pop(0)
            given = dict(options)
            if rest and isinstance(rest[0], str):
                given.setdefault("color", rest.pop(0))
            elif not any(name in given for name in ("color", "c", "facecolor", "fc")):
                given["color"] = self._next_color("patch")
            made.append(self._add(Polygon(self, x, y, given)))
        return made

    def errorbar(self, x, y, yerr=None, xerr=None, fmt="", ecolor=None, elinewidth=None, capsize=None, capthick=None,
                 barsabove=False, *, data=None, **options):
        """Draws a curve with bars that show how uncertain it is."""
        x, y = self._places(x, "x"), self._places(y, "y")
        count = max(x.numel(), y.numel())
        x, y = spread(x, count, "x"), spread(y, count, "y")
        label, alpha = options.get("label"), options.get("alpha")
        line, color = None, take(options, "color", "c", default=None)
        if fmt != "none":
            text = (fmt,) if fmt else ()
            given = dict(options) if color is None else dict(options, color=color)
            [line] = self.plot(x, y, *text, **given)
            color = line.get_color() if color is None else color
        elif color is None:
            color = ecolor or self._next_color()
        bars = []
        width = elinewidth if elinewidth is not None else take(options, "linewidth", "lw", default=1.5)
        for error, upright in ((yerr, True), (xerr, False)):
            if error is None:
                continue
            error = numbers(error)
            if error.dim() == 2:
                if error.shape[0] != 2:
                    raise ValueError(f"'{'yerr' if upright else 'xerr'}' must be a scalar, 1D, or have the shape (2, n)")
                low, high = spread(error[0], count, "yerr"), spread(error[1], count, "yerr")
            else:
                low = high = spread(error, count, "yerr" if upright else "xerr")
            if bool((low < 0).any()) or bool((high < 0).any()):
                raise ValueError(f"'{'yerr' if upright else 'xerr'}' must not contain negative values")
            ends = (x, y - low, x, y + high) if upright else (x - low, y, x + high, y)
            given = {"linewidth": width}
            if alpha is not None:
                given["alpha"] = alpha
            if fmt == "none" and label is not None and not bars:
                given["label"] = label
            bars.append(self._add(Segments(self, *ends, ecolor or color, given, caps=2.0 * float(capsize or 0.0))))
        return line, (), tuple(bars)

    def stem(self, *args, linefmt=None, markerfmt=None, basefmt=None, bottom=0, label=None, orientation="vertical"):
        """Draws a marker at each point and a line down from it."""
        y = row(args[-1])
        x = row(args[0]) if len(args) > 1 else torch.arange(y.numel(), dtype=torch.float64)
        color = (parse_format(linefmt)[0] if linefmt else None) or self._next_color()
        foot = torch.full_like(y, float(bottom))
        ends = (x, foot, x, y) if orientation == "vertical" else (foot, x, y, x)
        lines = self._add(Segments(self, *ends, color, {}))
        places = (x, y) if orientation == "vertical" else (y, x)
        tip_color, marker, _ = parse_format(markerfmt) if markerfmt else (None, "o", None)
        given = {} if label is None else {"label": label}
        tips = self._add(Line2D(*places, axes=self, color=tip_color or color, marker=marker or "o", linestyle="None", **given))
        base = self.axhline(float(bottom), color="gray", linewidth=1.0)
        return tips, lines, base

    def hlines(self, y, xmin, xmax, colors=None, linestyles="solid", label="", *, data=None, **options):
        """Draws horizontal lines from `xmin` to `xmax`."""
        y = row(y)
        low, high = spread(xmin, y.numel(), "xmin"), spread(xmax, y.numel(), "xmax")
        return self._rules(low, y, high, y, colors, linestyles, label, options)

    def vlines(self, x, ymin, ymax, colors=None, linestyles="solid", label="", *, data=None, **options):
        """Draws vertical lines from `ymin` to `ymax`."""
        x = row(x)
        low, high = spread(ymin, x.numel(), "ymin"), spread(ymax, x.numel(), "ymax")
        return self._rules(x, low, x, high, colors, linestyles, label, options)

    def _rules(self, x0, y0, x1, y1, color, style, label, options):
        if label:
            options["label"] = label
        if color is not None:
            options["colors"] = color
        if not any(name in options for name in ("linestyle", "ls")):
            options["linestyles"] = style
        return self._add(Segments(self, x0, y0, x1, y1, "C0", options))

    def axhline(self, y=0, xmin=0, xmax=1, **options):
        """Draws a horizontal line across the axes."""
        options.setdefault("color", take(options, "color", "c", default="C0"))
        return self._add(Rule(self, y, False, xmin, xmax, options))

    def axvline(self, x=0, ymin=0, ymax=1, **options):
        """Draws a vertical line across the axes."""
        options.setdefault("color", take(options, "color", "c", default="C0"))
        return self._add(Rule(self, x, True, ymin, ymax, options))

    def axline(self, xy1, xy2=None, *, slope=None, **options):
        """Draws a straight line through two points, or through one with a slope."""
        if (xy2 is None) == (slope is None):
            raise TypeError("Exactly one of 'xy2' and 'slope' must be given")
        if slope is None:
            run = float(xy2[0]) - float(xy1[0])
            rise = float(xy2[1]) - float(xy1[1])
            if run == 0 and rise == 0:
                raise ValueError("Cannot draw a line through two identical points (xy1 and xy2)")
            slope = rise / run if run else math.inf
        color = take(options, "color", "c", default=None) or self._next_color()
        return self._add(Slope(self, xy1, slope, dict(options, color=color)))

    def axhspan(self, ymin, ymax, xmin=0, xmax=1, **options):
        """Draws a horizontal band across the axes."""
        return self._add(Band(self, ymin, ymax, False, options))

    def axvspan(self, xmin, xmax, ymin=0, ymax=1, **options):
        """Draws a vertical band across the axes."""
        return self._add(Band(self, xmin, xmax, True, options))

    def quiver(self, *args, scale=None, angles="uv", scale_units=None, units=None, width=None, pivot="tail", data=None,
               **options):
        """Draws arrows: ``quiver(x, y, u, v)``."""
        if len(args) not in (2, 4):
            if len(args) in (3, 5):
                raise NotInLyceum("quiver: colors by numbers are not part of Lyceum yet")
            raise TypeError(f"quiver expects u, v or x, y, u, v; got {len(args)} arguments")
        u, v = numbers(args[-2]), numbers(args[-1])
        if len(args) == 4:
            x, y = numbers(args[0]), numbers(args[1])
            if u.dim() == 2 and x.dim() == 1:
                x, y = x.reshape(1, -1).expand(u.shape), y.reshape(-1, 1).expand(u.shape)
        else:
            u = u if u.dim() == 2 else u.reshape(1, -1)
            y, x = (g.to(torch.float64) for g in torch.meshgrid(torch.arange(u.shape[0]), torch.arange(u.shape[1]), indexing="ij"))
        x, y, u, v = (t.reshape(-1) for t in (x, y, u, v))
        if scale is None:
            # The longest arrow is about as long as the arrows are apart.
            longest = float(finite((u * u + v * v).sqrt()).max()) if u.numel() else 1.0
            span = float(x.max() - x.min()) or float(y.max() - y.min()) or 1.0
            share = 1.0 / ((span / max(1.0, x.numel() ** 0.5 - 1)) / (longest or 1.0)) if angles != "xy" or scale_units != "xy" else 1.0
        else:
            share = float(scale)
        color = take(options, "color", "c", default="C0")
        take(options, "headwidth"), take(options, "headlength"), take(options, "headaxislength"), take(options, "zorder")
        return self._add(Segments(self, x, y, x + u / share, y + v / share, color, options, arrows=True))

    def arrow(self, x, y, dx, dy, **options):
        """Draws an arrow."""
        for name in ("width", "head_width", "head_length", "length_includes_head", "shape", "overhang", "head_starts_at_zero"):
            options.pop(name, None)
        color = take(options, "color", "fc", "facecolor", default="k")
        take(options, "ec", "edgecolor")
        ends = [torch.tensor([float(value)], dtype=torch.float64) for value in (x, y, x + dx, y + dy)]
        return self._add(Segments(self, *ends, color, options, arrows=True))

    def imshow(self, X, cmap=None, norm=None, *, aspect=None, interpolation=None, alpha=None, vmin=None, vmax=None,
               origin=None, extent=None, data=None, **options):
        """Draws a picture: rows and columns of numbers, or of colors with red, green and blue last."""
        origin = self._rc["image.origin"] if origin is None else origin
        if origin not in ("upper", "lower"):
            raise ValueError(f"{origin!r} is not a valid value for origin; supported values are 'upper', 'lower'")
        interpolation = self._rc["image.interpolation"] if interpolation is None else interpolation
        given = dict(options, cmap=cmap, norm=norm, vmin=vmin, vmax=vmax)
        if alpha is not None:
            given["alpha"] = alpha
        if given.get("alpha") is not None and not is_number(given["alpha"]):
            raise NotInLyceum("imshow: an alpha for each pixel is not part of Lyceum yet")
        image = AxesImage(self, X, extent, origin, interpolation, given)
        self._add(image)
        self.set_aspect("equal" if aspect is None else aspect)
        for name, (low, high) in zip("xy", (image._extent[:2], image._extent[2:])):
            self._axis[name]["reversed"] = low > high
            if extent is None:
                self._axis[name]["whole"] = True
        return image

    def matshow(self, Z, **options):
        """Draws a matrix as a picture."""
        return self.imshow(Z, **options)

    def pcolormesh(self, *args, shading=None, alpha=None, norm=None, cmap=None, vmin=None, vmax=None, data=None,
                   **options):
        """Draws a grid of numbers as a picture: ``pcolormesh(x, y, z)``."""
        for name in ("edgecolors", "edgecolor", "linewidth", "linewidths", "lw"):
            options.pop(name, None)
        z = numbers(args[-1])
        if z.dim() != 2:
            raise ValueError(f"the numbers to draw must be 2D, but have shape {tuple(z.shape)}")
        rows, columns = z.shape
        if len(args) == 1:
            extent = [0.0, float(columns), 0.0, float(rows)]
        else:
            x, y, z = _rectangular("pcolormesh", args[0], args[1], z, loose=True)
            rows, columns = z.shape
            extent = [*_even("pcolormesh", x, columns), *_even("pcolormesh", y, rows)]
        image = self._add(AxesImage(self, z, extent, "lower", "none", dict(
            options, cmap=cmap, norm=norm, vmin=vmin, vmax=vmax, alpha=alpha)))
        return image

    def contour(self, *args, levels=None, data=None, **options):
        """Draws lines of equal height: ``contour(x, y, z, levels)``."""
        return self._contours(args, levels, False, options)

    def contourf(self, *args, levels=None, data=None, **options):
        """Fills the bands between heights: ``contourf(x, y, z, levels)``."""
        return self._contours(args, levels, True, options)

    def _contours(self, args, levels, filled, options):
        name = "contourf" if filled else "contour"
        args = list(args)
        if len(args) in (2, 4):
            levels = args.pop()
        if len(args) not in (1, 3):
            raise TypeError(f"{name} expects z or x, y, z, and levels; got {len(args)} arguments")
        z = numbers(args[-1])
        if z.dim() != 2:
            raise TypeError(f"Input z must be 2D, not {z.dim()}D")
        if min(z.shape) < 2:
            raise TypeError(f"Input z must be at least a (2, 2) shaped array, but has shape {tuple(z.shape)}")
        extent, origin = options.pop("extent", None), options.pop("origin", None)
        if len(args) == 3:
            x, y, z = _rectangular(name, args[0], args[1], z)
        else:
            rows, columns = z.shape
            if extent is not None:
                left, right, bottom, top = (float(side) for side in extent)
                x = torch.linspace(left, right, columns, dtype=torch.float64)
                y = torch.linspace(bottom, top, rows, dtype=torch.float64)
            else:
                x, y = (torch.arange(size, dtype=torch.float64) for size in (columns, rows))
            if origin == "upper":
                z = z.flip(0)
        most = 300
        steps = [max(1, -(-size // most)) for size in z.shape]
        if max(steps) > 1:
            # The last row and column stay, so that the border does.
            rows, columns = (sorted({*range(0, size, step), size - 1}) for size, step in zip(z.shape, steps))
            z, x, y = z[torch.tensor(rows)][:, torch.tensor(columns)], x[torch.tensor(columns)], y[torch.tensor(rows)]
        levels = _levels(z, levels, filled, options.get("norm"))
        return self._add(ContourSet(self, x, y, z.contiguous(), levels, filled, options))

    def clabel(self, contours, *args, **options):
        """Writes the heights on contour lines."""
        return contours.clabel()

    def text(self, x, y, s, fontdict=None, **options):
        """Writes words at a place."""
        if fontdict:
            options["fontdict"] = fontdict
        x = self._places(x, "x")[0] if isinstance(x, str) else x
        return self._add(Text(self, x, y, s, options))

    def annotate(self, text, xy, xytext=None, xycoords="data", textcoords=None, arrowprops=None, annotation_clip=None,
                 **options):
        """Writes words about a point, with an arrow to it when `arrowprops` is given."""
        return self._add(Annotation(self, text, xy, xytext, xycoords, textcoords, arrowprops, options))

    def add_patch(self, patch):
        """Adds an area that was made by hand."""
        patch.axes = self
        return self._add(patch)

    # How the axes are set

    def set_title(self, label, fontdict=None, loc=None, pad=None, *, y=None, **options):
        self._title = str(label)
        return self

    def get_title(self, loc="center"):
        return self._title

    def set_xlabel(self, xlabel, fontdict=None, labelpad=None, *, loc=None, **options):
        self._axis["x"]["label"] = str(xlabel)

    def set_ylabel(self, ylabel, fontdict=None, labelpad=None, *, loc=None, **options):
        self._axis["y"]["label"] = str(ylabel)

    def get_xlabel(self):
        return self._axis["x"]["label"]

    def get_ylabel(self):
        return self._axis["y"]["label"]

    def _set_ends(self, name, low, high):
        if high is None and isinstance(low, (tuple, list, torch.Tensor)):
            low, high = low
        for other in self._shared[name]:
            axis = other._axis[name]
            for key, value in (("low", low), ("high", high)):
                if value is not None:
                    value = float(value)
                    if not math.isfinite(value):
                        raise ValueError("Axis limits cannot be NaN or Inf")
                    axis[key] = value
            if low is not None and high is not None:
                axis["reversed"] = float(low) > float(high)
        return self._ends(name)

    def set_xlim(self, left=None, right=None, *, emit=True, auto=False, xmin=None, xmax=None):
        """Sets the ends of the horizontal axis."""
        return self._set_ends("x", left if xmin is None else xmin, right if xmax is None else xmax)

    def set_ylim(self, bottom=None, top=None, *, emit=True, auto=False, ymin=None, ymax=None):
        """Sets the ends of the vertical axis."""
        return self._set_ends("y", bottom if ymin is None else ymin, top if ymax is None else ymax)

    def _ends(self, name):
        return _native.limits_of(self._wire())[0 if name == "x" else 1]

    def get_xlim(self):
        return self._ends("x")

    def get_ylim(self):
        return self._ends("y")

    get_xbound, get_ybound = get_xlim, get_ylim
    set_xbound, set_ybound = set_xlim, set_ylim

    def _set_scale(self, name, scale, options):
        if scale not in ("linear", "log"):
            if scale in ("symlog", "logit", "asinh", "function", "functionlog", "mercator"):
                raise NotInLyceum(f"the scale {scale!r} is not part of Lyceum yet")
            raise ValueError(f"{scale!r} is not a valid value for scale; supported values are 'linear', 'log'")
        base = options.pop("base", 10)
        if base not in (10, 10.0):
            raise NotInLyceum(f"a logarithmic scale with base {base!r} is not part of Lyceum yet")
        options.pop("nonpositive", None), options.pop("subs", None)
        refuse_options(f"set_{name}scale", options)
        for other in self._shared[name]:
            other._axis[name]["scale"] = scale

    def set_xscale(self, value, **options):
        self._set_scale("x", value, options)

    def set_yscale(self, value, **options):
        self._set_scale("y", value, options)

    def get_xscale(self):
        return self._axis["x"]["scale"]

    def get_yscale(self):
        return self._axis["y"]["scale"]

    def _set_ticks(self, name, ticks, labels, options):
        axis = self._axis[name]
        options.pop("minor", None)
        rotation = take(options, "rotation", default=None)
        if rotation is not None:
            axis["tick_rotation"] = {"horizontal": 0.0, "vertical": 90.0}[rotation] if isinstance(rotation, str) else float(rotation)
        for known in ("fontsize", "size", "color", "ha", "horizontalalignment", "va", "verticalalignment", "fontweight",
                      "rotation_mode"):
            options.pop(known, None)
        refuse_options(f"set_{name}ticks", options)
        if ticks is not None:
            places = self._places(ticks, name).tolist() if is_texts(ticks) else row(ticks).tolist() if len(ticks) else []
            axis["ticks"] = [{"at": place} for place in places]
        if labels is not None:
            labels = [str(label.get_text() if isinstance(label, Text) else label) for label in labels]
            if axis["ticks"] is None:
                raise NotInLyceum(f"set_{name}ticklabels without set_{name}ticks is not part of Lyceum yet") if labels else None
            if labels and len(labels) != len(axis["ticks"]):
                raise ValueError(f"The number of FixedLocator locations ({len(axis['ticks'])}), usually from a call to "
                                 f"set_ticks, does not match the number of labels ({len(labels)}).")
            for index, tick in enumerate(axis["ticks"]):
                tick["label"] = labels[index] if labels else ""

    def set_xticks(self, ticks, labels=None, *, minor=False, **options):
        """Sets where the horizontal axis has ticks, and what is written at them."""
        self._set_ticks("x", ticks, labels, options)

    def set_yticks(self, ticks, labels=None, *, minor=False, **options):
        """Sets where the vertical axis has ticks, and what is written at them."""
        self._set_ticks("y", ticks, labels, options)

    def set_xticklabels(self, labels, **options):
        if not labels:
            self._axis["x"]["tick_labels"] = False
            return
        self._set_ticks("x", None, labels, options)

    def set_yticklabels(self, labels, **options):
        if not labels:
            self._axis["y"]["tick_labels"] = False
            return
        self._set_ticks("y", None, labels, options)

    def get_xticks(self):
        return [tick["at"] for tick in self._axis["x"]["ticks"] or []]

    def get_yticks(self):
        return [tick["at"] for tick in self._axis["y"]["ticks"] or []]

    def tick_params(self, axis="both", **options):
        """Sets how ticks look; of that, Lyceum's style leaves open whether their numbers are shown, and their angle."""
        names = "xy" if axis == "both" else axis
        rotation = take(options, "rotation", "labelrotation", default=None)
        for name in names:
            if rotation is not None:
                self._axis[name]["tick_rotation"] = float(rotation)
            side = "labelbottom" if name == "x" else "labelleft"
            if side in options:
                self._axis[name]["tick_labels"] = bool(options[side])

    def grid(self, visible=None, which="major", axis="both", **options):
        """Shows or hides lines at the ticks."""
        for name in "xy" if axis == "both" else axis:
            settings = self._axis[name]
            settings["grid"] = (not settings["grid"] if visible is None and not options else visible is None or bool(visible))

    def legend(self, *args, handles=None, labels=None, **options):
        """Shows what the labels of curves, points and areas stand for."""
        if len(args) == 2:
            handles, labels = args
        elif len(args) == 1:
            labels = args[0]
        if isinstance(labels, str):
            labels = [labels]
        for artist in self._artists:
            artist._in_legend = True
        self._legend = Legend(self, handles, labels, options)
        return self._legend

    def get_legend(self):
        return self._legend

    def get_legend_handles_labels(self):
        """Returns what a legend would show."""
        named = [a for a in self._artists if a._kind in _LEGEND_KINDS and a.get_label() and a.get_label()[0] != "_"]
        return named, [artist.get_label() for artist in named]

    def set_aspect(self, aspect, adjustable=None, anchor=None, share=False):
        if aspect in ("equal", 1, 1.0):
            self._aspect = "equal_wider" if adjustable == "datalim" else "equal"
        elif aspect == "auto":
            self._aspect = "auto"
        elif is_number(aspect):
            raise NotInLyceum(f"set_aspect({aspect!r}): aspects other than 'equal' and 'auto' are not part of Lyceum yet")
        else:
            raise ValueError(f"{aspect!r} is not a valid value for aspect")

    def get_aspect(self):
        return "auto" if self._aspect == "auto" else 1.0

    def set_box_aspect(self, aspect=None):
        raise NotInLyceum("Axes.set_box_aspect is not part of Lyceum yet")

    def axis(self, arg=None, /, *, emit=True, **ends):
        """Hides the axes with ``'off'``, makes units equal with ``'equal'``, or sets ``[xmin, xmax, ymin, ymax]``."""
        if isinstance(arg, str):
            if arg in ("off", "on"):
                self._bare = arg == "off"
            elif arg in ("equal", "scaled", "image", "square"):
                self._aspect = "equal_wider" if arg == "equal" else "equal"
            elif arg in ("auto", "tight"):
                self._aspect = "auto" if arg == "auto" else self._aspect
                for axis in self._axis.values():
                    axis["low"] = axis["high"] = None
                if arg == "tight":
                    for name, (low, high) in zip("xy", self._data_ends()):
                        self._set_ends(name, low, high)
            else:
                raise ValueError(f"Unrecognized string {arg!r} to axis; try 'on' or 'off'")
        elif isinstance(arg, bool):
            self._bare = not arg
        elif arg is not None:
            if len(arg) != 4:
                raise TypeError("the first argument to axis() must be an iterable of the form [xmin, xmax, ymin, ymax]")
            left, right, bottom, top = arg
            self.set_xlim(left, right)
            self.set_ylim(bottom, top)
        if ends:
            self.set_xlim(ends.pop("xmin", None), ends.pop("xmax", None))
            self.set_ylim(ends.pop("ymin", None), ends.pop("ymax", None))
            refuse_options("axis", ends)
        return (*self.get_xlim(), *self.get_ylim())

    def _data_ends(self):
        """Returns what is drawn from end to end, without margins."""
        ends = []
        for low, high in _native.limits_of(self._wire()):
            # The margin is a twentieth of what is drawn, on each side.
            margin = (high - low) / 22
            ends.append((low + margin, high - margin))
        return ends

    def set_axis_off(self):
        self._bare = True

    def set_axis_on(self):
        self._bare = False

    def margins(self, *margins, x=None, y=None, tight=True):
        if any(value for value in (*margins, x, y)):
            raise NotInLyceum("margins other than 0 are not part of Lyceum yet")
        for name, (low, high) in zip("xy", self._data_ends()):
            if margins or (x if name == "x" else y) is not None:
                self._set_ends(name, low, high)

    def autoscale(self, enable=True, axis="both", tight=None):
        for name in "xy" if axis == "both" else axis:
            self._axis[name].update(low=None, high=None)

    def relim(self, visible_only=False):
        """Is not needed: the ends follow what is drawn."""

    def autoscale_view(self, tight=None, scalex=True, scaley=True):
        """Is not needed: the ends follow what is drawn."""

    def invert_xaxis(self):
        self._invert("x")

    def invert_yaxis(self):
        self._invert("y")

    def _invert(self, name):
        axis = self._axis[name]
        axis["low"], axis["high"], axis["reversed"] = axis["high"], axis["low"], not axis["reversed"]

    def xaxis_inverted(self):
        return self._axis["x"]["reversed"]

    def yaxis_inverted(self):
        return self._axis["y"]["reversed"]

    def set_facecolor(self, color):
        """Is accepted: the ground follows the reader's system."""

    def set_axisbelow(self, below):
        """Is accepted: the grid lies below what is drawn."""

    def minorticks_on(self):
        """Is accepted: a logarithmic axis has them by itself."""

    minorticks_off = minorticks_on

    def label_outer(self):
        """Hides the numbers at ticks that have a neighbour below or at the left."""
        cell = self._cell
        if cell["row"] + cell["row_span"] < cell["rows"]:
            self._axis["x"].update(tick_labels=False, label="")
        if cell["column"] > 0:
            self._axis["y"].update(tick_labels=False, label="")

    def set(self, **values):
        """Sets several things: ``ax.set(title=..., xlabel=..., ylim=(0, 1))``."""
        for name, value in values.items():
            setter = getattr(type(self), f"set_{name}", None)
            if setter is None:
                raise AttributeError(f"Axes.set() got an unexpected keyword argument {name!r}")
            setter(self, value)
        return self

    def twinx(self):
        """Makes axes over these, with the same horizontal axis and a vertical one of their own at the right."""
        other = self.figure._add_axes(self._cell, {"x": self, "y": None})
        other._over = True
        return other

    def set_visible(self, visible):
        if not visible:
            self.remove()

    def remove(self):
        """Takes the axes out of their figure."""
        self.figure.axes.remove(self)

    def get_figure(self):
        return self.figure

    @property
    def lines(self):
        return [artist for artist in self._artists if isinstance(artist, Line2D)]

    @property
    def collections(self):
        return [artist for artist in self._artists if isinstance(artist, (PathCollection, Area, ContourSet, Segments))]

    @property
    def images(self):
        return [artist for artist in self._artists if isinstance(artist, AxesImage)]

    @property
    def texts(self):
        return [artist for artist in self._artists if isinstance(artist, Text)]

    @property
    def patches(self):
        return [bar for artist in self._artists if isinstance(artist, BarContainer) for bar in artist]

    @property
    def containers(self):
        return [artist for artist in self._artists if isinstance(artist, BarContainer)]

    def get_lines(self):
        return self.lines

    # How the axes are described

    def _axis_wire(self, name):
        axis = dict(self._axis[name])
        categories, every = axis.pop("categories"), axis.pop("every")
        if axis["ticks"] is None and categories:
            axis["ticks"] = [{"at": float(index), "label": text} for index, text in enumerate(categories)]
        axis["every"] = every
        return axis

    def _wire(self):
        """Describes the axes."""
        marks = []
        for artist in sorted((a for a in self._artists if a._visible), key=lambda artist: artist.zorder):
            for mark in artist._marks():
                if not getattr(artist, "_in_legend", True):
                    mark.pop("label", None)
                marks.append(mark)
        for artist in self._legend.extra if self._legend is not None else ():
            # What belongs to other axes, or to none, is in the legend and not in these axes.
            for mark in artist._marks():
                marks.append({key: [] if key in _PLACES or key in ("low", "high") and mark["mark"] == "area"
                              else math.nan if key in ("at", "low", "high") else value
                              for key, value in mark.items()})
        wire = {"cell": self._cell, "title": self._title, "x": self._axis_wire("x"), "y": self._axis_wire("y"),
                "aspect": self._aspect, "bare": self._bare, "over": self._over, "marks": marks}
        every = {name: wire[name].pop("every") for name in "xy"}
        if any(every.values()):
            for name, ends in zip("xy", _native.limits_of(wire)):
                if every[name] and wire[name]["ticks"] is None:
                    wire[name]["ticks"] = _multiples(*every[name], *sorted(ends))
        if self._legend is not None:
            wire["legend"] = {"place": self._legend.place, "title": self._legend.title, "columns": min(self._legend.columns, 8)}
        if self._colorbar is not None:
            wire["colorbar"] = self._colorbar._wire()
        return wire


def _multiples(base, offset, low, high):
    first, last = math.ceil((low - offset) / base - 1e-9), math.floor((high - offset) / base + 1e-9)
    if last - first > 200:
        raise RuntimeError(f"MultipleLocator({base}) would make {last - first + 1} ticks")
    return [{"at": offset + index * base} for index in range(first, last + 1)]


def _bin_edges(values, bins, span):
    if isinstance(bins, str):
        count = max(1, finite(values).numel())
        if bins == "sqrt":
            bins = math.ceil(math.sqrt(count))
        elif bins in ("auto", "sturges"):
            bins = math.ceil(math.log2(count) + 1)
        else:
            raise NotInLyceum(f"hist: bins={bins!r} is not part of Lyceum yet")
    if is_number(bins):
        count = int(bins)
        if count < 1:
            raise ValueError("`bins` must be positive, when an integer")
        seen = finite(values)
        if span is not None:
            low, high = (float(end) for end in span)
        elif seen.numel():
            low, high = float(seen.min()), float(seen.max())
        else:
            low, high = 0.0, 1.0
        if not low <= high:
            raise ValueError("max must be larger than min in range parameter.")
        if low == high:
            low, high = low - 0.5, high + 0.5
        return torch.linspace(low, high, count + 1, dtype=torch.float64)
    edges = row(bins, "bins")
    if edges.numel() < 2 or bool((edges[1:] < edges[:-1]).any()):
        raise ValueError("`bins` must increase monotonically, when an array")
    return edges


def _histogram(values, edges, weights):
    places = torch.searchsorted(edges, values.contiguous(), right=True) - 1
    # The last bin holds its upper border as well.
    places = torch.where(values == edges[-1], torch.full_like(places, edges.numel() - 2), places)
    keep = (values >= edges[0]) & (values <= edges[-1])
    weighted = {} if weights is None else {"weights": weights[keep]}
    return torch.bincount(places[keep], minlength=edges.numel() - 1, **weighted).to(torch.float64)


def _rectangular(name, x, y, z, loose=False):
    """Makes of a grid its columns and rows in ascending order, and the numbers in that order."""
    x, y = numbers(x), numbers(y)
    if x.dim() == 2 and y.dim() == 2:
        if bool((x == x[:1]).all()) and bool((y == y[:, :1]).all()):
            x, y = x[0], y[:, 0]
        elif bool((x == x[:, :1]).all()) and bool((y == y[:1]).all()):
            # The grid has its rows along x, as torch.meshgrid makes it when it is not asked otherwise.
            x, y, z = x[:, 0], y[0], z.t()
        else:
            raise NotInLyceum(f"{name}: a grid whose rows and columns are not straight is not part of Lyceum yet")
    if x.dim() != 1 or y.dim() != 1:
        raise TypeError(f"Inputs x and y must be 1D or 2D, but have shapes {tuple(x.shape)} and {tuple(y.shape)}")
    fits = lambda places, size: places.numel() == size or loose and places.numel() == size + 1
    if not fits(x, z.shape[1]) or not fits(y, z.shape[0]):
        raise TypeError(f"Shapes of x {tuple(x.shape)}, y {tuple(y.shape)} and z {tuple(z.shape)} do not fit: z must "
                        f"have a row for each y and a column for each x")
    for dim, places in ((1, x), (0, y)):
        steps = places[1:] - places[:-1]
        if bool((steps < 0).all()):
            z = z.flip(dim)
            x, y = (places.flip(0), y) if dim == 1 else (x, places.flip(0))
        elif not bool((steps > 0).all()):
            raise ValueError(f"{name}: the places of rows and columns must be in order, and no two the same")
    return x, y, z


def _even(name, places, cells):
    """Returns where evenly spaced cells start and end."""
    steps = places[1:] - places[:-1]
    step = float(steps.mean())
    if bool(((steps - step).abs() > abs(step) * 1e-3).any()):
        raise NotInLyceum(f"{name}: rows or columns of different sizes are not part of Lyceum yet")
    low, high = float(places[0]), float(places[-1])
    return (low, high) if places.numel() == cells + 1 else (low - step / 2, high + step / 2)


def _levels(z, levels, filled, norm):
    """Returns the heights of contours: those that are given, or round numbers."""
    if levels is not None and not is_number(levels):
        levels = row(levels, "levels")
        if filled and levels.numel() < 2:
            raise ValueError("Filled contours require at least 2 levels.")
        if bool((levels[1:] <= levels[:-1]).any()):
            raise ValueError("Contour levels must be increasing")
        return levels
    seen = finite(z)
    if not seen.numel():
        raise ValueError("contours need at least one finite number")
    low, high = float(seen.min()), float(seen.max())
    if isinstance(norm, colors.LogNorm):
        low = float(seen[seen > 0].min())
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        return torch.tensor([10.0**power for power in range(first, last + 1)], dtype=torch.float64)
    count = 7 if levels is None else max(1, int(levels))
    if high <= low:
        around = abs(low) * 0.1 or 1.0
        low, high = low - around, high + around
    rough = (high - low) / (count + (1 if levels is None else 0))
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 20) if size * factor >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if not filled:
        first, last = (first if first * step >= low else first + 1), (last if last * step <= high else last - 1)
    return torch.tensor([index * step for index in range(first, max(last, first + 1) + 1)], dtype=torch.float64)
