"""Colours: how programs name them, and what they become.

The plain names (`"red"`, `"b"`, `"tab:orange"`) are hues of Lyceum's palette, which can be told apart without seeing
red or green, and by day and by night. Any other colour is drawn exactly as it is given.
"""

from ._absent import NotInLyceum

_SERIES = {
    "b": 0, "blue": 0, "orange": 1, "g": 2, "green": 2, "r": 3, "red": 3, "purple": 4, "brown": 5, "m": 6, "pink": 6,
    "magenta": 6, "olive": 8, "y": 8, "c": 9, "cyan": 9,
}
_GROUNDS = {"k": "ink", "black": "ink", "w": "paper", "white": "paper", "gray": "muted", "grey": "muted"}
_NAMED = """
aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4
blanchedalmond ffebcd blueviolet 8a2be2 burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e
coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c darkblue 00008b darkcyan 008b8b
darkgoldenrod b8860b darkgray a9a9a9 darkgrey a9a9a9 darkgreen 006400 darkkhaki bdb76b darkmagenta 8b008b
darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a darkseagreen 8fbc8f
darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1 darkviolet 9400d3
deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff firebrick b22222
floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff gold ffd700
goldenrod daa520 greenyellow adff2f honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0
khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6
lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgrey d3d3d3 lightgreen 90ee90
lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899
lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6
maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db
mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc
mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead
navy 000080 oldlace fdf5e6 olivedrab 6b8e23 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98
paleturquoise afeeee palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f plum dda0dd
powderblue b0e0e6 rebeccapurple 663399 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 salmon fa8072
sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue 6a5acd
slategray 708090 slategrey 708090 snow fffafa springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080
thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee wheat f5deb3 whitesmoke f5f5f5 yellow ffff00
yellowgreen 9acd32
""".split()
_CSS = dict(zip(_NAMED[::2], _NAMED[1::2]))

# The palette by day, for programs that ask what a colour is.
_PALETTE = ("0072b2", "e69100", "00966e", "cc4c1b", "8a5fb8", "8c5a3c", "d173a8", "7a8087", "a3971a", "3fa9d6")
_GROUND_COLORS = {"ink": "1c2128", "paper": "ffffff", "muted": "555f6b"}

CSS4_COLORS = {name: f"#{digits}" for name, digits in _CSS.items()}
TABLEAU_COLORS = {
    f"tab:{name}": f"#{_PALETTE[index]}"
    for index, name in enumerate("blue orange green red purple brown pink gray olive cyan".split())
}


def encode(color, alpha=None):
    """Returns a colour in the form of a figure's description, or None for no colour.

    Raises:
        ValueError: when it is no colour
    """
    if color is None or (isinstance(color, str) and color.lower() == "none"):
        return None
    if isinstance(color, str):
        return _encode_text(color)
    if hasattr(color, "tolist"):
        color = color.tolist()
    if isinstance(color, (tuple, list)):
        if len(color) == 2 and isinstance(color[0], (str, tuple, list)):
            return _with_alpha(encode(color[0]), color[1])
        parts = [part.item() if hasattr(part, "item") else part for part in color]
        if len(parts) in (3, 4) and all(isinstance(part, (int, float)) for part in parts):
            if not all(0 <= part <= 1 for part in parts):
                raise ValueError(f"RGBA values should be within 0-1 range, not {color!r}")
            return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
    raise ValueError(f"{color!r} is not a valid color")


def _encode_text(text):
    name = text.lower()
    if len(name) == 2 and name[0] == "c" and name[1].isdigit():
        return f"C{name[1]}"
    if len(name) > 2 and name[0] == "c" and name[1:].isdigit():
        return f"C{int(name[1:]) % 10}"
    if name in _GROUNDS:
        return _GROUNDS[name]
    if name in _SERIES:
        return f"C{_SERIES[name]}"
    if name.startswith("tab:"):
        color = TABLEAU_COLORS.get(name.replace("grey", "gray"))
        if color is not None:
            return f"C{_PALETTE.index(color[1:])}"
    if name in _CSS:
        return "#" + _CSS[name]
    if name.startswith("#"):
        digits = name[1:]
        if all(digit in "0123456789abcdef" for digit in digits):
            if len(digits) in (3, 4):
                digits = "".join(digit * 2 for digit in digits)
            if len(digits) in (6, 8):
                return "#" + digits
    if name.startswith("xkcd:"):
        raise NotInLyceum(f"the color {text!r}: the colors of xkcd are not part of Lyceum")
    try:
        level = float(name)
    except ValueError:
        level = -1.0
    if 0 <= level <= 1:
        return "#" + f"{round(level * 255):02x}" * 3
    raise ValueError(f"{text!r} is not a valid color")


def _with_alpha(color, alpha):
    red, green, blue, _ = to_rgba(color)
    return "#" + "".join(f"{round(part * 255):02x}" for part in (red, green, blue, alpha))


def is_color_like(color):
    """Says whether a value is a colour."""
    try:
        encode(color)
    except (ValueError, TypeError, NotImplementedError):
        return False
    return True


def to_rgba(color, alpha=None):
    """Returns red, green, blue and opacity, from 0 to 1."""
    code = encode(color) if color not in ("ink", "paper", "muted") else color
    if code is None:
        return (0.0, 0.0, 0.0, 0.0)
    if code in _GROUND_COLORS:
        digits = _GROUND_COLORS[code]
    elif code[0] == "C":
        digits = _PALETTE[int(code[1:])]
    else:
        digits = code[1:]
    parts = [int(digits[i : i + 2], 16) / 255 for i in range(0, len(digits), 2)]
    opacity = parts[3] if len(parts) == 4 else 1.0
    return (*parts[:3], opacity if alpha is None else float(alpha))


def to_rgb(color):
    """Returns red, green and blue, from 0 to 1."""
    return to_rgba(color)[:3]


def to_hex(color, keep_alpha=False):
    """Returns a colour as ``#rrggbb``."""
    parts = to_rgba(color)
    return "#" + "".join(f"{round(part * 255):02x}" for part in (parts if keep_alpha else parts[:3]))


class Normalize:
    """Takes numbers from `vmin` to `vmax` to numbers from 0 to 1."""

    _log = False

    def __init__(self, vmin=None, vmax=None, clip=False):
        self.vmin, self.vmax, self.clip = vmin, vmax, clip

    def autoscale_None(self, tensor):
        from ._data import finite

        values = finite(tensor)
        if self._log:
            values = values[values > 0]
        if values.numel():
            self.vmin = float(values.min()) if self.vmin is None else self.vmin
            self.vmax = float(values.max()) if self.vmax is None else self.vmax

    def __call__(self, value):
        import math
        from ._data import is_number, numbers

        tensor = numbers(value)
        self.autoscale_None(tensor)
        low, high = (math.log(self.vmin), math.log(self.vmax)) if self._log else (self.vmin, self.vmax)
        placed = ((tensor.log() if self._log else tensor) - low) / ((high - low) or 1.0)
        return placed.item() if is_number(value) else placed


class LogNorm(Normalize):
    """Takes numbers from `vmin` to `vmax` to numbers from 0 to 1 by their logarithms."""

    _log = True


class ListedColormap:
    """A list of colours, a number's share of the way choosing among them."""

    def __init__(self, colors, name="from_list", N=None):
        self.colors = list(colors)[:N] if N else list(colors)
        self.name = name
        self.N = len(self.colors)
        if not self.colors:
            raise ValueError("ListedColormap needs at least one color")

    def __call__(self, value):
        if isinstance(value, int):
            index = value
        else:
            index = int(float(value) * self.N)
        return to_rgba(self.colors[max(0, min(index, self.N - 1))])


def __getattr__(name):
    if name in ("LinearSegmentedColormap", "BoundaryNorm", "PowerNorm", "SymLogNorm", "TwoSlopeNorm", "CenteredNorm",
                "Colormap", "LightSource", "FuncNorm", "AsinhNorm", "NoNorm", "XKCD_COLORS"):
        raise NotInLyceum(f"matplotlib.colors.{name} is not part of Lyceum yet")
    raise AttributeError(f"module 'matplotlib.colors' has no attribute '{name}'")
