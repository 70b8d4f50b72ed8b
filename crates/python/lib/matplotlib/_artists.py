"""What is drawn in axes: each artist keeps what a program may change later, and describes itself as a mark."""

import math

from . import colors
from ._absent import NotInLyceum, refuse_options
from ._data import is_number, numbers, row, shorten_cloud, shorten_curve

# Options of matplotlib that change nothing that can be seen here.
UNSEEN = ("antialiased", "aa", "clip_on", "clip_box", "rasterized", "animated", "picker", "snap", "solid_capstyle",
          "dash_capstyle", "solid_joinstyle", "dash_joinstyle", "gid", "url", "in_layout", "figure")

DASHES = {
    "-": "solid", "solid": "solid", "--": "dashed", "dashed": "dashed", ":": "dotted", "dotted": "dotted",
    "-.": "dashdot", "dashdot": "dashdot",
}
NO_LINE = ("", " ", "none", "None")
SHAPES = {
    "o": "circle", ".": "point", ",": "pixel", "s": "square", "D": "diamond", "d": "thin_diamond", "^": "triangle_up",
    "v": "triangle_down", "<": "triangle_left", ">": "triangle_right", "+": "plus", "x": "cross", "P": "filled_plus",
    "X": "filled_cross", "*": "star", "p": "pentagon", "h": "hexagon", "H": "hexagon", "8": "octagon",
    "|": "vertical_line", "_": "horizontal_line",
}


def dash_of(style):
    """Returns how a line is broken, or None for no line."""
    if style is None:
        return "solid"
    if isinstance(style, (tuple, list)):
        pattern = style[1] if len(style) == 2 and isinstance(style[1], (tuple, list)) else style
        if not pattern:
            return "solid"
        return "dashdot" if len(pattern) > 2 else "dotted" if pattern[0] <= 1 else "dashed"
    if style in NO_LINE:
        return None
    if style not in DASHES:
        raise ValueError(f"{style!r} is not a valid value for ls; supported values are '-', '--', '-.', ':', 'None'")
    return DASHES[style]


def shape_of(marker):
    """Returns the shape of a marker, or None for no marker."""
    if marker is None or marker in NO_LINE:
        return None
    if isinstance(marker, str) and marker.startswith("$"):
        raise NotInLyceum(f"the marker {marker!r}: markers of text are not part of Lyceum yet")
    if marker not in SHAPES:
        raise ValueError(f"Unrecognized marker style {marker!r}")
    return SHAPES[marker]


def stroke(color, width, dash="solid"):
    """Describes a line."""
    return {"color": color, "width": float(width), "dash": dash}


def take(options, *names, default=None):
    """Takes an option that may have several names."""
    found = [name for name in names if name in options]
    if len(found) > 1:
        raise TypeError(f"Got both {found[0]!r} and {found[1]!r}, which are aliases of one another")
    return options.pop(found[0]) if found else default


def drop_unseen(options):
    """Takes away the options that change nothing that can be seen."""
    for name in UNSEEN:
        options.pop(name, None)


class Artist:
    """Something that is drawn."""

    zorder = 1
    _kind = "artist"

    def __init__(self, axes, options):
        self.axes = axes
        self._label = options.pop("label", None)
        self._alpha = options.pop("alpha", None)
        self._visible = bool(options.pop("visible", True))
        self.zorder = options.pop("zorder", None) or type(self).zorder
        drop_unseen(options)
        if options.pop("transform", None) is not None:
            raise NotInLyceum(f"{self._kind}: the option 'transform' is not part of Lyceum yet")

    def _finish(self, options):
        refuse_options(self._kind, options)

    def _marks(self):
        raise NotImplementedError

    def _common(self):
        common = {"alpha": 1.0 if self._alpha is None else float(self._alpha)}
        if self._label is not None:
            common["label"] = str(self._label)
        return common

    def get_label(self):
        return "" if self._label is None else str(self._label)

    def set_label(self, label):
        self._label = label

    def get_alpha(self):
        return self._alpha

    def set_alpha(self, alpha):
        self._alpha = alpha

    def get_zorder(self):
        return self.zorder

    def set_zorder(self, level):
        self.zorder = level

    def get_visible(self):
        return self._visible

    def set_visible(self, visible):
        self._visible = bool(visible)

    def remove(self):
        self.axes._artists.remove(self)

    def set(self, **values):
        for name, value in values.items():
            setter = getattr(self, f"set_{name}", None)
            if setter is None:
                raise AttributeError(f"{type(self).__name__}.set() got an unexpected keyword argument {name!r}")
            setter(value)
        return self

    def __repr__(self):
        return f"<{type(self).__name__}{f' {self._label!r}' if self._label else ''}>"


class Line2D(Artist):
    """A curve through points, with or without markers."""

    zorder = 2
    _kind = "plot"

    def __init__(self, xdata, ydata, *, axes=None, steps="none", **options):
        from ._settings import rcParams

        super().__init__(axes, options)
        self.set_data(xdata, ydata)
        self._steps = {"default": "none", "steps": "pre", "steps-pre": "pre", "steps-post": "post",
                       "steps-mid": "mid"}.get(options.pop("drawstyle", None), steps)
        self._color = take(options, "color", "c", default="C0")
        self._linestyle = take(options, "linestyle", "ls", default=None)
        if self._linestyle is None:
            self._linestyle = rcParams["lines.linestyle"]
        self._linewidth = take(options, "linewidth", "lw", default=None)
        if self._linewidth is None:
            self._linewidth = rcParams["lines.linewidth"]
        self._marker = options.pop("marker", None)
        if self._marker is None:
            self._marker = rcParams["lines.marker"]
        self._markersize = take(options, "markersize", "ms", default=None)
        if self._markersize is None:
            self._markersize = rcParams["lines.markersize"]
        self._face = take(options, "markerfacecolor", "mfc", default="auto")
        self._edge = take(options, "markeredgecolor", "mec", default="auto")
        self._edgewidth = take(options, "markeredgewidth", "mew", default=1.0)
        self._fillstyle = options.pop("fillstyle", "full")
        self._every = options.pop("markevery", 1)
        if self._fillstyle not in ("full", "none"):
            raise NotInLyceum(f"plot: fillstyle={self._fillstyle!r} is not part of Lyceum yet")
        self._finish(options)
        # What is wrong is said where it is written.
        colors.encode(self._color), dash_of(self._linestyle), shape_of(self._marker)
        if self._face != "auto":
            colors.encode(self._face)

    def set_data(self, x, y=None):
        if y is None:
            x, y = x
        x, y = row(x, "x"), row(y, "y")
        if x.numel() != y.numel():
            raise ValueError(
                f"x and y must have same first dimension, but have shapes {tuple(x.shape)} and {tuple(y.shape)}"
            )
        self._x, self._y = x, y

    def set_xdata(self, x):
        self._x = row(x, "x")

    def set_ydata(self, y):
        self._y = row(y, "y")

    def get_xdata(self, orig=True):
        return self._x

    def get_ydata(self, orig=True):
        return self._y

    def get_data(self, orig=True):
        return self._x, self._y

    def get_color(self):
        return self._color

    def set_color(self, color):
        colors.encode(color)
        self._color = color

    set_c = set_color

    def get_linestyle(self):
        return self._linestyle

    def set_linestyle(self, style):
        dash_of(style)
        self._linestyle = style

    set_ls = set_linestyle

    def get_linewidth(self):
        return self._linewidth

    def set_linewidth(self, width):
        self._linewidth = float(width)

    set_lw = set_linewidth

    def get_marker(self):
        return self._marker

    def set_marker(self, marker):
        shape_of(marker)
        self._marker = marker

    def set_markersize(self, size):
        self._markersize = float(size)

    def _stroke(self):
        dash, color = dash_of(self._linestyle), colors.encode(self._color)
        return None if dash is None or color is None else stroke(color, self._linewidth, dash)

    def _marker_wire(self):
        shape, color = shape_of(self._marker), colors.encode(self._color)
        if shape is None:
            return None
        fill = color if self._face == "auto" else colors.encode(self._face)
        if self._fillstyle == "none" and shape not in ("plus", "cross", "vertical_line", "horizontal_line"):
            fill = None
        edge = color if self._edge == "auto" else colors.encode(self._edge)
        # A rim in the marker's own color only makes it larger.
        rim = None if edge is None or edge == fill else stroke(edge, self._edgewidth)
        every = self._every
        if isinstance(every, (tuple, list)):
            every = every[1] if len(every) == 2 else 1
        every = max(1, int(every)) if isinstance(every, (int, float)) and not isinstance(every, bool) else 1
        return {"shape": shape, "size": float(self._markersize), "fill": fill, "edge": rim, "every": every}

    def _marks(self):
        x, y = shorten_curve(self._x, self._y)
        return [{"mark": "line", "x": x, "y": y, "stroke": self._stroke(), "marker": self._marker_wire(),
                 "steps": self._steps, **self._common()}]


class Rule(Line2D):
    """A line straight across the axes."""

    _kind = "axline"

    def __init__(self, axes, at, vertical, low, high, options):
        if not is_number(at):
            raise ValueError("the place of the line must be a single number")
        value = float(at)
        super().__init__([], [], axes=axes, **options)
        self._at, self._vertical, self._span = value, vertical, (float(low), float(high))

    def _marks(self):
        line = self._stroke()
        return [] if line is None else [{"mark": "rule", "at": self._at, "vertical": self._vertical,
                                         "span": list(self._span), "stroke": line, **self._common()}]


class Slope(Line2D):
    """A straight line without ends."""

    _kind = "axline"

    def __init__(self, axes, point, slope, options):
        super().__init__([], [], axes=axes, **options)
        self._point, self._slope = (float(point[0]), float(point[1])), float(slope)

    def _marks(self):
        line = self._stroke()
        return [] if line is None else [{"mark": "slope", "x": self._point[0], "y": self._point[1],
                                         "slope": self._slope, "stroke": line, **self._common()}]


class Mappable(Artist):
    """Something whose colors stand for numbers: what a color bar tells about."""

    def _take_shades(self, options):
        from ._settings import rcParams

        cmap = options.pop("cmap", None)
        self._norm = options.pop("norm", None)
        self._vmin, self._vmax = options.pop("vmin", None), options.pop("vmax", None)
        if self._norm is not None:
            if not isinstance(self._norm, colors.Normalize):
                if self._norm != "log" and self._norm != "linear":
                    raise NotInLyceum(f"{self._kind}: norm={self._norm!r} is not part of Lyceum yet")
                self._norm = colors.LogNorm() if self._norm == "log" else None
            elif self._vmin is not None or self._vmax is not None:
                raise ValueError("Passing a Normalize instance simultaneously with vmin/vmax is not supported.")
        self.set_cmap(rcParams["image.cmap"] if cmap is None else cmap)

    def set_cmap(self, cmap):
        from .cm import get_cmap

        if isinstance(cmap, colors.ListedColormap):
            self._listed, self._cmap = cmap, "viridis"
        else:
            self._listed, self._cmap = None, get_cmap(cmap).name

    def get_cmap(self):
        from .cm import get_cmap

        return self._listed or get_cmap(self._cmap)

    def set_clim(self, vmin=None, vmax=None):
        if isinstance(vmin, (tuple, list)):
            vmin, vmax = vmin
        self._vmin = self._vmin if vmin is None else float(vmin)
        self._vmax = self._vmax if vmax is None else float(vmax)

    def get_clim(self):
        return self._ends(self._shaded_values())

    def _shaded_values(self):
        raise NotImplementedError

    def _ends(self, values):
        from ._data import finite

        low, high = self._vmin, self._vmax
        if self._norm is not None:
            low, high = self._norm.vmin, self._norm.vmax
        seen = finite(values) if low is None or high is None else None
        if seen is not None and self._is_log():
            seen = seen[seen > 0]
        if low is None:
            low = seen.min() if seen.numel() else (0.1 if self._is_log() else 0.0)
        if high is None:
            high = seen.max() if seen.numel() else 1.0
        return float(low), float(high)

    def _is_log(self):
        return isinstance(self._norm, colors.LogNorm)

    def _shades(self, values):
        low, high = self._ends(values)
        return {"cmap": self._cmap, "low": low, "high": high, "log": self._is_log()}

    def _listed_colors(self, values, low, high):
        """Returns the color of each number out of a list of colors."""
        listed = [colors.encode(color) for color in self._listed.colors]
        span = (high - low) or 1.0
        places = ((values - low) / span * len(listed)).tolist()
        return [
            None if math.isnan(place) else listed[max(0, min(int(place), len(listed) - 1))] for place in places
        ]


class PathCollection(Mappable):
    """A cloud of points."""

    _kind = "scatter"

    def __init__(self, axes, x, y, sizes, c, color, options):
        from ._settings import rcParams

        super().__init__(axes, options)
        self._x, self._y = row(x, "x"), row(y, "y")
        if self._x.numel() != self._y.numel():
            raise ValueError("x and y must be the same size")
        self._sizes = row(rcParams["lines.markersize"] ** 2 if sizes is None else sizes, "s")
        if self._sizes.numel() not in (1, self._x.numel()):
            raise ValueError("s must be a scalar, or float array-like with the same size as x and y")
        marker = options.pop("marker", None)
        self._marker = rcParams["scatter.marker"] if marker is None else marker
        self._edge = take(options, "edgecolors", "edgecolor", "ec", default=None)
        self._edgewidth = take(options, "linewidths", "linewidth", "lw", default=None)
        face = take(options, "facecolors", "facecolor", "fc", default="unset")
        self._take_shades(options)
        self._plotnonfinite = options.pop("plotnonfinite", False)
        self._finish(options)
        shape_of(self._marker)
        self._values, self._colors = None, None
        if isinstance(face, str) and face != "unset" or face is None:
            if face is None or face == "none":
                self._colors = [None]
                if self._edge is None:
                    self._edge = color if c is None else c
            else:
                self._colors = [colors.encode(face)]
        elif not isinstance(face, str):
            self._colors = self._list_of_colors(face)
        elif c is None:
            self._colors = [colors.encode(color)]
        else:
            self._take_colors(c)

    def _list_of_colors(self, given):
        if colors.is_color_like(given):
            return [colors.encode(given)]
        return [colors.encode(one) for one in given]

    def _take_colors(self, c):
        count = self._x.numel()
        if isinstance(c, str):
            self._colors = [colors.encode(c)]
            return
        if isinstance(c, (list, tuple)) and c and all(isinstance(one, str) for one in c):
            self._colors = [colors.encode(one) for one in c]
            if len(c) not in (1, count):
                raise ValueError(f"'c' argument has {len(c)} elements, which is inconsistent with 'x' and 'y' with "
                                 f"size {count}.")
            return
        values = numbers(c)
        if values.numel() == count:
            self._values = values.reshape(-1)
        elif values.dim() == 1 and values.numel() in (3, 4):
            self._colors = [colors.encode(tuple(values.tolist()))]
        elif values.dim() == 2 and values.shape[1] in (3, 4) and values.shape[0] in (1, count):
            self._colors = [colors.encode(tuple(one)) for one in values.tolist()]
        else:
            raise ValueError(f"'c' argument has {values.numel()} elements, which is inconsistent with 'x' and 'y' with "
                             f"size {count}.")

    def set_offsets(self, pairs):
        pairs = numbers(pairs)
        self._x, self._y = pairs[:, 0], pairs[:, 1]

    def get_offsets(self):
        import torch

        return torch.stack([self._x, self._y], 1)

    def set_sizes(self, sizes):
        self._sizes = row(sizes, "s")

    def set_array(self, values):
        self._values, self._colors = row(values, "c"), None

    def get_array(self):
        return self._values

    def set_color(self, color):
        self._values, self._colors = None, self._list_of_colors(color)

    set_facecolor = set_color

    def set_edgecolor(self, color):
        self._edge = color

    def legend_elements(self, prop="colors", num="auto", **options):
        """Returns a handle and a label for each of the numbers that colors stand for."""
        refuse_options("legend_elements", options)
        if prop != "colors" or self._values is None:
            raise NotInLyceum(f"legend_elements: prop={prop!r} is not part of Lyceum yet")
        import torch

        values = torch.unique(self._values).tolist()
        if len(values) > 9 and num == "auto":
            values = [values[round(i * (len(values) - 1) / 5)] for i in range(6)]
        low, high = self._ends(self._values)
        handles = []
        for value in values:
            if self._listed is not None:
                color = self._listed_colors(numbers([value]), low, high)[0]
            else:
                place = (value - low) / (high - low) if high > low else 0.5
                color = colors.encode(self.get_cmap()(float(place)))
            handle = Line2D([], [], axes=self.axes, linestyle="None", marker=self._marker, color="C0")
            handle._marker_wire = lambda color=color: {"shape": shape_of(self._marker), "size": 6.0, "fill": color}
            handles.append(handle)
        return handles, [f"{value:g}" for value in values]

    def _shaded_values(self):
        return self._values

    def _marks(self):
        step = shorten_cloud(self._x.numel())
        every = lambda tensor: tensor if step == 1 or tensor.numel() == 1 else tensor[::step]
        of = self._x.numel() if step > 1 else 0
        if self._values is None:
            listed = self._colors if len(self._colors) == 1 or step == 1 else self._colors[::step]
            if len(listed) == 1:
                paint = {"one": listed[0]}
            else:
                paint = {"each": [color or "#00000000" for color in listed]}
        elif self._listed is not None:
            low, high = self._ends(self._values)
            listed = self._listed_colors(every(self._values), low, high)
            paint = {"each": [color or "#00000000" for color in listed]}
        else:
            paint = {"shaded": {"values": every(self._values), **self._shades(self._values)}}
        edge = self._edge
        rim = None
        if edge is not None and not (isinstance(edge, str) and edge in ("face", "none")):
            edge = self._list_of_colors(edge)[0]
            if edge is not None:
                width = 1.0 if self._edgewidth is None else float(row(self._edgewidth, "linewidths")[0])
                rim = stroke(edge, width)
        return [{"mark": "points", "x": every(self._x), "y": every(self._y), "sizes": every(self._sizes),
                 "paint": paint, "shape": shape_of(self._marker), "edge": rim, "of": of, **self._common()}]


class Rectangle:
    """One bar."""

    def __init__(self, bars, index):
        self._bars, self._index = bars, index

    def get_x(self):
        return float(self._bars._left[self._index])

    def get_y(self):
        return float(self._bars._bottom[self._index])

    def get_width(self):
        return float(self._bars._right[self._index]) - self.get_x()

    def get_height(self):
        return float(self._bars._top[self._index]) - self.get_y()

    def get_facecolor(self):
        return colors.to_rgba(self._bars._color_of(self._index))

    def set_facecolor(self, color):
        self._bars._set_color_of(self._index, color)

    set_color = set_facecolor

    def set_alpha(self, alpha):
        raise NotInLyceum("Rectangle.set_alpha is not part of Lyceum yet; a color may hold its opacity")


class BarContainer(Artist):
    """Bars: it is also the list of its rectangles."""

    _kind = "bar"

    def __init__(self, axes, left, right, bottom, top, color, lying, options):
        super().__init__(axes, options)
        self._left, self._right, self._bottom, self._top = left, right, bottom, top
        self._lying = lying
        self._face = color if isinstance(color, list) else [color]
        self._edge = take(options, "edgecolor", "ec", default=None)
        self._edgewidth = take(options, "linewidth", "lw", default=None)
        if options.get("hatch") is not None:
            raise NotInLyceum(f"{self._kind}: the option 'hatch' is not part of Lyceum yet")
        options.pop("hatch", None)
        self._fill = options.pop("fill", True)
        self._finish(options)
        self.errorbar = None

    @property
    def patches(self):
        return list(self)

    def __len__(self):
        return self._left.numel()

    def __iter__(self):
        return (Rectangle(self, index) for index in range(len(self)))

    def __getitem__(self, index):
        return list(self)[index]

    def _color_of(self, index):
        return self._face[index % len(self._face)] or "#00000000"

    def _set_color_of(self, index, color):
        count = len(self)
        self._face = [self._face[i % len(self._face)] for i in range(count)]
        self._face[index] = colors.encode(color)

    def set_color(self, color):
        self._face = [colors.encode(color)]

    def _marks(self):
        faces = self._face if self._fill else [None]
        paint = {"one": faces[0]} if len(faces) == 1 else {"each": [face or "#00000000" for face in faces]}
        edge = None if self._edge is None else colors.encode(self._edge if isinstance(self._edge, str) else self._edge)
        width = 1.0 if self._edgewidth is None else float(self._edgewidth)
        if edge is None and not self._fill:
            edge = faces[0] or "ink"
        rim = None if edge is None else stroke(edge, width)
        return [{"mark": "bars", "left": self._left, "right": self._right, "bottom": self._bottom, "top": self._top,
                 "paint": paint, "edge": rim, "lying": self._lying, **self._common()}]


class Area(Artist):
    """The area between two curves."""

    _kind = "fill_between"

    def __init__(self, axes, x, low, high, color, lying, options):
        super().__init__(axes, options)
        self._x, self._low, self._high, self._lying = x, low, high, lying
        self._steps = options.pop("step", None) or "none"
        color = take(options, "color", "facecolor", "fc", "facecolors", default=color)
        self._edge = take(options, "edgecolor", "ec", "edgecolors", default=None)
        self._edgewidth = take(options, "linewidth", "lw", "linewidths", default=1.0)
        take(options, "linestyle", "ls")
        options.pop("interpolate", None)
        if options.get("hatch") is not None:
            raise NotInLyceum(f"{self._kind}: the option 'hatch' is not part of Lyceum yet")
        options.pop("hatch", None)
        self._finish(options)
        self._color = colors.encode(color) or "#00000000"

    def set_color(self, color):
        self._color = colors.encode(color) or "#00000000"

    def _marks(self):
        edge = None if self._edge is None else colors.encode(self._edge)
        return [{"mark": "area", "x": self._x, "low": self._low, "high": self._high, "color": self._color,
                 "edge": None if edge is None else stroke(edge, self._edgewidth), "lying": self._lying,
                 "steps": self._steps, **self._common()}]


class Polygon(Artist):
    """A closed outline, and what a program puts into a legend by hand."""

    _kind = "fill"

    def __init__(self, axes, x, y, options):
        super().__init__(axes, options)
        self._x, self._y = row(x, "x"), row(y, "y")
        color = take(options, "color", "c", default=None)
        face = take(options, "facecolor", "fc", default=color if color is not None else "C0")
        edge = take(options, "edgecolor", "ec", default=None)
        self._width = take(options, "linewidth", "lw", default=1.0)
        self._fill = options.pop("fill", True)
        take(options, "linestyle", "ls")
        self._finish(options)
        self._face = colors.encode(face) if self._fill else None
        self._edge = colors.encode(edge) if edge is not None else None if self._fill else colors.encode(color or "ink")

    def _marks(self):
        return [{"mark": "polygon", "x": self._x, "y": self._y, "fill": self._face,
                 "edge": None if self._edge is None else stroke(self._edge, self._width), **self._common()}]


class Band(Artist):
    """A band straight across the axes."""

    _kind = "axspan"

    def __init__(self, axes, low, high, vertical, options):
        super().__init__(axes, options)
        self._low, self._high, self._vertical = float(low), float(high), vertical
        color = take(options, "color", "facecolor", "fc", default="C0")
        take(options, "edgecolor", "ec"), take(options, "linewidth", "lw"), take(options, "linestyle", "ls")
        self._finish(options)
        self._color = colors.encode(color) or "#00000000"

    def _marks(self):
        return [{"mark": "band", "low": self._low, "high": self._high, "vertical": self._vertical,
                 "color": self._color, **self._common()}]


class Segments(Artist):
    """Straight lines from point to point."""

    zorder = 2
    _kind = "lines"

    def __init__(self, axes, x0, y0, x1, y1, color, options, caps=0.0, arrows=False):
        super().__init__(axes, options)
        self._ends = (x0, y0, x1, y1)
        color = take(options, "colors", "color", "ecolor", default=color)
        if isinstance(color, (list, tuple)) and not colors.is_color_like(color):
            color = color[0]
        self._color = colors.encode(color) or "#00000000"
        width = take(options, "linewidth", "linewidths", "lw", "elinewidth", default=1.5)
        self._width = float(width)
        self._dash = dash_of(take(options, "linestyles", "linestyle", "ls", default="-")) or "solid"
        self._caps, self._arrows = float(caps), arrows
        self._finish(options)

    def set_color(self, color):
        self._color = colors.encode(color)

    def _marks(self):
        x0, y0, x1, y1 = self._ends
        return [{"mark": "segments", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "caps": self._caps,
                 "stroke": stroke(self._color, self._width, self._dash), "arrows": self._arrows, **self._common()}]


class AxesImage(Mappable):
    """A picture of rows and columns."""

    zorder = 0
    _kind = "imshow"
    _MOST = 512

    def __init__(self, axes, data, extent, origin, interpolation, options):
        super().__init__(axes, options)
        self._take_shades(options)
        for name in ("filternorm", "filterrad", "resample", "interpolation_stage"):
            options.pop(name, None)
        self._finish(options)
        self._smooth = interpolation not in (None, "none", "None", "nearest", "antialiased", "auto")
        self._origin, self._given_extent = origin, extent
        self.set_data(data)

    def set_data(self, data):
        import torch

        whole = isinstance(data, torch.Tensor) and not data.dtype.is_floating_point
        if isinstance(data, (list, tuple)):
            flat = data
            while isinstance(flat, (list, tuple)) and flat:
                flat = flat[0]
            whole = isinstance(flat, int) and not isinstance(flat, bool)
        pixels = numbers(data)
        if pixels.dim() == 3 and pixels.shape[2] == 1:
            pixels = pixels[:, :, 0]
        if pixels.dim() not in (2, 3) or pixels.dim() == 3 and pixels.shape[2] not in (3, 4):
            hint = ""
            if pixels.dim() == 3 and pixels.shape[0] in (1, 3, 4):
                hint = ": imshow expects (rows, columns) or (rows, columns, 3); "
                hint += "squeeze(0) drops the channel" if pixels.shape[0] == 1 else "permute(1, 2, 0) puts channels last"
            raise TypeError(f"Invalid shape {tuple(pixels.shape)} for image data{hint}")
        if pixels.numel() == 0:
            raise ValueError("the image has no pixels")
        self._pixels, self._whole = pixels, whole
        rows, columns = pixels.shape[:2]
        if self._given_extent is not None:
            self._extent = [float(side) for side in self._given_extent]
        elif self._origin == "upper":
            self._extent = [-0.5, columns - 0.5, rows - 0.5, -0.5]
        else:
            self._extent = [-0.5, columns - 0.5, -0.5, rows - 0.5]

    def get_extent(self):
        return list(self._extent)

    def get_array(self):
        return self._pixels

    def set_extent(self, extent):
        self._extent = [float(side) for side in extent]

    def _shaded_values(self):
        return self._pixels

    def _marks(self):
        import torch
        import _lyceum_figures as native

        pixels = self._pixels
        steps = [max(1, -(-size // self._MOST)) for size in pixels.shape[:2]]
        if max(steps) > 1:
            pixels = pixels[:: steps[0], :: steps[1]]
        if self._origin == "lower":
            pixels = pixels.flip(0)
        rows, columns = pixels.shape[:2]
        if pixels.dim() == 3:
            scaled = pixels if self._whole else pixels * 255.0
            levels = torch.nan_to_num(scaled).round().clamp(0, 255)
            kind = "rgb" if pixels.shape[2] == 3 else "rgba"
        elif self._listed is not None:
            low, high = self._ends(self._pixels)
            listed = [colors.to_rgba(color) for color in self._listed.colors]
            places = ((pixels - low) / ((high - low) or 1.0) * len(listed)).long().clamp(0, len(listed) - 1)
            levels = (torch.tensor(listed, dtype=torch.float64)[places] * 255.0).round()
            kind = "rgba"
        else:
            low, high = self._ends(self._pixels)
            places = pixels
            if self._is_log():
                places, low, high = pixels.log(), math.log(low), math.log(high)
            places = ((places - low) / (high - low)).clamp(0, 1) if high > low else torch.zeros_like(places)
            levels = torch.where(torch.isnan(pixels), torch.full_like(pixels, 255.0), (places * 254.0).round())
            levels = torch.nan_to_num(levels, nan=255.0)
            kind = {"shaded": {"cmap": self._cmap}}
        common = self._common()
        common.pop("label", None)
        return [{"mark": "image", "rows": rows, "columns": columns, "pixels": kind,
                 "bytes": native.base64(levels.contiguous()), "extent": self._extent, "smooth": self._smooth, **common}]


class ContourSet(Mappable):
    """Lines of equal height, or the bands between them."""

    _kind = "contour"

    def __init__(self, axes, x, y, z, levels, filled, options):
        super().__init__(axes, options)
        if not filled:
            self.zorder = options.get("zorder") or 2
        self._x, self._y, self._z, self.levels, self._filled = x, y, z, levels, filled
        given = options.pop("colors", None)
        self._width = take(options, "linewidths", "linewidth", default=None)
        self._dash = take(options, "linestyles", "linestyle", default=None)
        if isinstance(self._dash, (list, tuple)):
            self._dash = self._dash[0]
        if isinstance(self._width, (list, tuple)):
            self._width = self._width[0]
        extend = options.pop("extend", "neither")
        self._below, self._above = extend in ("both", "min"), extend in ("both", "max")
        self._labelled = False
        self._take_shades(options)
        for name in ("corner_mask", "nchunk", "algorithm", "hatches"):
            options.pop(name, None)
        self._finish(options)
        self._given = None
        if given is not None:
            one = colors.is_color_like(given)
            self._given = [colors.encode(color) or "#00000000" for color in ([given] if one else given)]
            self._one = one

    def clabel(self, *args, **options):
        """Writes the heights on the lines."""
        self._labelled = True
        return []

    def _shaded_values(self):
        return self.levels

    def _marks(self):
        levels = self.levels
        if self._given is not None:
            paint = {"one": self._given[0]} if self._one else {"each": self._given}
        else:
            low, high = self._ends(levels)
            values = levels
            if self._filled:
                values = (levels[1:] + levels[:-1]) / 2
                ends = [levels[:1]] if self._below else []
                tail = [levels[-1:]] if self._above else []
                import torch

                values = torch.cat([*ends, values, *tail])
            if self._listed is not None:
                paint = {"each": self._listed_colors(values, low, high)}
            else:
                paint = {"shaded": {"values": values, "cmap": self._cmap, "low": low, "high": high,
                                    "log": self._is_log()}}
        common = self._common()
        common.pop("label", None)
        mark = {"mark": "contour", "x": self._x, "y": self._y, "z": self._z, "levels": levels, "filled": self._filled,
                "below": self._below, "above": self._above, "paint": paint, "labels": self._labelled, **common}
        if self._width is not None:
            mark["width"] = float(self._width)
        if self._dash is not None:
            mark["dash"] = dash_of(self._dash) or "solid"
        return [mark]


_SIZES = {"xx-small": 6.0, "x-small": 7.0, "small": 8.3, "medium": 10.0, "large": 12.0, "x-large": 14.4,
          "xx-large": 17.3, "smaller": 8.3, "larger": 12.0}


class Text(Artist):
    """Words in the axes."""

    zorder = 3
    _kind = "text"

    def __init__(self, axes, x, y, text, options, of_axes=False):
        options.update(options.pop("fontdict", None) or {})
        transform = options.pop("transform", None)
        super().__init__(axes, options)
        if transform is not None:
            if transform is axes.transAxes:
                of_axes = True
            elif transform is not axes.transData:
                raise NotInLyceum("text: a transform other than ax.transAxes is not part of Lyceum yet")
        self._x, self._y, self._text, self._of_axes = float(x), float(y), str(text), of_axes
        across = take(options, "horizontalalignment", "ha", default="left")
        upright = take(options, "verticalalignment", "va", default="baseline")
        if across not in ("left", "center", "right"):
            raise ValueError(f"{across!r} is not a valid value for align; supported values are 'left', 'right', 'center'")
        if upright not in ("baseline", "bottom", "center", "center_baseline", "top"):
            raise ValueError(f"{upright!r} is not a valid value for align; supported values are 'top', 'bottom', "
                             "'center', 'baseline', 'center_baseline'")
        self._across, self._upright = across, "center" if upright == "center_baseline" else upright
        size = take(options, "fontsize", "size", default=10.0)
        self._size = _SIZES.get(size, 10.0) if isinstance(size, str) else float(size)
        weight = take(options, "fontweight", "weight", default="normal")
        self._bold = weight in ("bold", "semibold", "heavy", "black", "demibold") or (isinstance(weight, int) and weight > 500)
        self._italic = take(options, "fontstyle", "style", default="normal") in ("italic", "oblique")
        rotation = options.pop("rotation", 0) or 0
        self._rotation = {"horizontal": 0.0, "vertical": 90.0}.get(rotation) if isinstance(rotation, str) else float(rotation)
        self._color = colors.encode(take(options, "color", "c", default="k")) or "#00000000"
        box = options.pop("bbox", None)
        self._ground = None
        if box is not None:
            ground = colors.encode(box.get("facecolor", box.get("fc", box.get("color", "w")))) or "#00000000"
            if box.get("alpha") is not None and ground not in ("paper", "ink", "muted") and ground[0] == "#":
                ground = colors._with_alpha(ground, float(box["alpha"]))
            self._ground = ground
        for name in ("backgroundcolor", "fontfamily", "family", "fontname", "linespacing", "wrap", "multialignment",
                     "ma", "rotation_mode", "usetex", "parse_math", "math_fontfamily", "fontproperties", "fontstretch"):
            options.pop(name, None)
        self._finish(options)

    def set_text(self, text):
        self._text = str(text)

    def get_text(self):
        return self._text

    def set_position(self, place):
        self._x, self._y = float(place[0]), float(place[1])

    def set_color(self, color):
        self._color = colors.encode(color)

    def set_fontsize(self, size):
        self._size = float(size)

    def _marks(self):
        common = self._common()
        common.pop("label", None)
        return [{"mark": "text", "x": self._x, "y": self._y, "text": self._text, "of_axes": self._of_axes,
                 "across": self._across, "upright": self._upright, "size": self._size, "bold": self._bold,
                 "italic": self._italic, "rotation": self._rotation or 0.0, "color": self._color,
                 "ground": self._ground, **common}]


class Annotation(Text):
    """Words about a point, with or without an arrow to it."""

    _kind = "annotate"

    def __init__(self, axes, text, xy, xytext, xycoords, textcoords, arrowprops, options):
        if xycoords not in ("data", None) and xycoords != "axes fraction":
            raise NotInLyceum(f"annotate: xycoords={xycoords!r} is not part of Lyceum yet")
        textcoords = textcoords or xycoords or "data"
        place = xy if xytext is None else xytext
        self._offset = (0.0, 0.0)
        of_axes = textcoords == "axes fraction"
        if textcoords in ("offset points", "offset pixels"):
            self._offset = (float(place[0]), float(place[1]))
            place, of_axes = xy, xycoords == "axes fraction"
        elif textcoords not in ("data", "axes fraction"):
            raise NotInLyceum(f"annotate: textcoords={textcoords!r} is not part of Lyceum yet")
        super().__init__(axes, place[0], place[1], text, options, of_axes=of_axes)
        self.xy = (float(xy[0]), float(xy[1]))
        self._arrow = None
        if arrowprops is not None and xytext is not None:
            style = arrowprops.get("arrowstyle", "->")
            color = arrowprops.get("color", arrowprops.get("ec", arrowprops.get("facecolor", arrowprops.get("fc", "gray"))))
            width = arrowprops.get("lw", arrowprops.get("linewidth", 1.2))
            self._arrow = stroke(colors.encode(color) or "muted", width, dash_of(arrowprops.get("ls", "-")) or "solid")
            self._head = style != "-"

    def _marks(self):
        [mark] = super()._marks()
        mark["offset"] = list(self._offset)
        if self._arrow is not None:
            mark.update(arrow_to=list(self.xy), arrow=self._arrow, arrow_head=self._head)
        return [mark]
