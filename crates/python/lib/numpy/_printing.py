"""How arrays are printed: the shortest digits that tell a number, columns of equal width, long ones shortened."""

import torch

from ._scalars import _single, repr_of_single

_OPTIONS = {
    "precision": 8,
    "threshold": 1000,
    "edgeitems": 3,
    "linewidth": 75,
    "suppress": False,
    "nanstr": "nan",
    "infstr": "inf",
    "sign": "-",
    "formatter": None,
    "floatmode": "maxprec",
    "legacy": False,
    "override_repr": None,
}


def set_printoptions(
    precision=None,
    threshold=None,
    edgeitems=None,
    linewidth=None,
    suppress=None,
    nanstr=None,
    infstr=None,
    formatter=None,
    sign=None,
    floatmode=None,
    *,
    legacy=None,
    override_repr=None,
):
    """Sets how arrays are printed.

    ``precision``: digits after the point (8). ``threshold``: with more elements an array is shortened (1000).
    ``edgeitems``: how many are shown at each end then (3). ``linewidth``: characters in a line (75). ``suppress``: never
    1.e-05. ``formatter``: functions by kind, as in ``{"float": "{:.2f}".format}``. ``sign``: ``"+"`` shows it always.
    ``floatmode``: ``"fixed"``, ``"unique"``, ``"maxprec"`` or ``"maxprec_equal"``.
    """
    _OPTIONS.update(
        _given(
            precision=precision,
            threshold=threshold,
            edgeitems=edgeitems,
            linewidth=linewidth,
            suppress=suppress,
            nanstr=nanstr,
            infstr=infstr,
            sign=sign,
            floatmode=floatmode,
        )
    )
    if floatmode not in (None, "fixed", "unique", "maxprec", "maxprec_equal"):
        raise ValueError('floatmode option must be one of "fixed", "unique", "maxprec", "maxprec_equal"')
    _OPTIONS["formatter"] = formatter


def _given(**options):
    return {name: value for name, value in options.items() if value is not None}


def get_printoptions():
    """Returns the settings of :func:`set_printoptions` as a dict."""
    return dict(_OPTIONS)


class printoptions:
    """``with np.printoptions(precision=2):`` prints differently inside the block."""

    def __init__(self, **options):
        self._options = options

    def __enter__(self):
        self._previous = dict(_OPTIONS)
        set_printoptions(**self._options)
        return get_printoptions()

    def __exit__(self, *exception):
        _OPTIONS.update(self._previous)


# ---------------------------------------------------------------- one number


def _shortest(value, is_single):
    """Returns the shortest digits that tell a positive number, and its power of ten: (digits, exponent)."""
    text = repr_of_single(value) if is_single else repr(value)
    mantissa, _, exponent = text.partition("e")
    whole, _, part = mantissa.partition(".")
    digits = (whole + part).lstrip("0")
    power = int(exponent or 0) + len(whole) - 1
    if whole.strip("0") == "":
        power = int(exponent or 0) - 1 - (len(part) - len(part.lstrip("0")))
    digits = digits.rstrip("0") or "0"
    return digits, power if digits != "0" else 0


def _positional(value, precision, unique, is_single):
    """Returns the part before and after the point; at most ``precision`` digits after it, without zeros at the end."""
    sign = "-" if value < 0 or (value == 0 and str(value)[0] == "-") else ""
    value = abs(value)
    if unique:
        digits, power = _shortest(value, is_single)
        if precision is None or len(digits) - 1 - power <= precision:
            if power < 0:
                whole, part = "0", "0" * (-power - 1) + digits
            else:
                padded = digits.ljust(power + 1, "0")
                whole, part = padded[: power + 1], padded[power + 1 :]
            return sign + whole, part if value else ""
    whole, _, part = f"{value:.{precision}f}".partition(".")
    return sign + whole, part.rstrip("0") if unique else part


def _scientific(value, precision, unique, is_single):
    """Returns the part before and after the point, and the exponent with its sign."""
    sign = "-" if value < 0 or (value == 0 and str(value)[0] == "-") else ""
    value = abs(value)
    digits, power = _shortest(value, is_single)
    if not unique or (precision is not None and len(digits) - 1 > precision):
        mantissa, _, exponent = f"{value:.{precision}e}".partition("e")
        digits, power = mantissa.replace(".", ""), int(exponent)
        if unique:
            digits = digits.rstrip("0") or "0"
    return sign + digits[0], digits[1:], f"{'-' if power < 0 else '+'}{abs(power):02d}"


class _Floats:
    """One format for all the floats that are shown."""

    def __init__(self, values, is_single, options):
        self.options, self.is_single = options, is_single
        mode, precision = options["floatmode"], options["precision"]
        self.precision = None if mode == "unique" else precision
        self.unique = mode != "fixed"
        self.exponent_width = None
        finite = [value for value in values if value - value == 0]
        sizes = [abs(value) for value in finite if value != 0]
        self.is_scientific = False
        if sizes:
            largest, smallest = max(sizes), min(sizes)
            least = _single(0.0001) if is_single else 0.0001
            self.is_scientific = largest >= (1e6 if is_single else 1e8) or (
                not options["suppress"] and (smallest < least or largest / smallest > 1000.0)
            )
        self.left = self.right = 0
        self.pads_zeros = False
        if finite and self.is_scientific:
            parts = [
                _scientific(value, self.precision, self.unique or mode == "fixed" and False, is_single)
                for value in finite
            ]
            self.left = max(len(whole) for whole, _, _ in parts)
            self.right = max(len(part) for _, part, _ in parts)
            self.exponent_width = max(len(exponent) for _, _, exponent in parts)
            self.pads_zeros = True
        elif finite:
            parts = [_positional(value, self.precision, self.unique, is_single) for value in finite]
            self.left = max(len(whole) for whole, _ in parts)
            self.right = max(len(part) for _, part in parts)
            if mode in ("fixed", "maxprec_equal"):
                self.pads_zeros = True
        if options["sign"] == "+" and not any(value < 0 for value in finite):
            self.left += 1
        elif options["sign"] == " " and not any(value < 0 for value in finite):
            self.left += 1
        self.tail = self.right + (self.exponent_width + 1 if self.exponent_width else 0)
        if len(finite) < len(values):
            negative = any(value == float("-inf") for value in values)
            width_nan = len(options["nanstr"]) if any(value != value for value in values) else 0
            width_inf = len(options["infstr"]) + negative if any(abs(value) == float("inf") for value in values) else 0
            self.left = max(self.left, width_nan - self.tail - 1, width_inf - self.tail - 1)

    def __call__(self, value):
        if value - value != 0:
            text = (
                self.options["nanstr"]
                if value != value
                else ("-" if value < 0 else "+" if self.options["sign"] == "+" else "") + self.options["infstr"]
            )
            return text.rjust(self.left + 1 + self.tail)
        if self.is_scientific:
            whole, part, exponent = _scientific(
                value, self.right if self.unique else self.precision, self.unique, self.is_single
            )
            text = f"{self._signed(whole, value).rjust(self.left)}.{part.ljust(self.right, '0')}e{exponent[0]}{exponent[1:].rjust(self.exponent_width - 1, '0')}"
            return text
        whole, part = _positional(
            value,
            self.precision if not self.pads_zeros else self.right if self.unique else self.precision,
            self.unique,
            self.is_single,
        )
        part = part.ljust(self.right, "0") if self.pads_zeros else part.ljust(self.right)
        return f"{self._signed(whole, value).rjust(self.left)}.{part}"

    def _signed(self, whole, value):
        if whole[0] != "-" and self.options["sign"] in ("+", " "):
            return self.options["sign"] + whole
        return whole


def _formatter(array, values, options):
    """Returns the function that makes texts of the elements."""
    kind = array.dtype.kind
    custom = options["formatter"]
    if custom:
        names = {
            "f": ("float", "float_kind", "all"),
            "i": ("int", "int_kind", "all"),
            "u": ("int", "int_kind", "all"),
            "b": ("bool", "all"),
            "U": ("numpystr", "str_kind", "all"),
            "O": ("object", "all"),
        }[kind]
        for name in names:
            if name in custom:
                return custom[name]
    if kind == "f":
        return _Floats(values, array.dtype.name == "float32", options)
    if kind in "iu":
        width = max(len(str(max(values))), len(str(min(values)))) if values else 0
        return lambda value: str(value).rjust(width)
    if kind == "b":
        return lambda value: ("True" if value else "False").rjust(5 if array.ndim else 0)
    if kind == "U":
        return str.__repr__
    # A list in an array of objects is shown as one, not as another dimension.
    return lambda value: f"list({value!r})" if type(value) is list else repr(value)


# ---------------------------------------------------------------- the array


def _edges(array, edge):
    """Returns the elements that will be shown of an array that is shortened."""
    tensor = array._tensor
    for dim, size in enumerate(tensor.shape):
        if size > 2 * edge:
            places = torch.tensor([*range(edge), *range(size - edge, size)])
            tensor = torch.index_select(tensor, dim, places)
    return tensor.reshape(-1).tolist()


def _rows(data, shape, form, options, indent, width, separator, summary):
    """Returns the text of nested lists, as numpy breaks it into lines."""
    axis = len(shape)
    if axis == 0:
        return form(data)
    next_indent, next_width = indent + " ", width - 1
    edge = options["edgeitems"]
    size = shape[0]
    is_short = summary and 2 * edge < size
    head, tail = (edge, edge) if is_short else (0, size)
    places = list(range(head)) + ([None] if is_short else []) + list(range(size - tail, size))
    if axis == 1:
        limit = width - max(len(separator.rstrip()), 1)
        text, line = "", indent
        for number, place in enumerate(places):
            word = "..." if place is None else form(data[place])
            for part_number, part in enumerate(word.split("\n")):
                if len(line) + len(part) > limit and len(line) > len(indent):
                    text += line.rstrip() + "\n"
                    line = indent
                line += part
            if number < len(places) - 1:
                line += separator
        text += line
    else:
        between = separator.rstrip() + "\n" * (axis - 1)
        text = ""
        for number, place in enumerate(places):
            part = (
                "..."
                if place is None
                else _rows(data[place], shape[1:], form, options, next_indent, next_width, separator, summary)
            )
            text += indent + part + (between if number < len(places) - 1 else "")
    return "[" + text[len(indent) :] + "]"


def array2string(
    a,
    max_line_width=None,
    precision=None,
    suppress_small=None,
    separator=" ",
    prefix="",
    *,
    formatter=None,
    threshold=None,
    edgeitems=None,
    sign=None,
    floatmode=None,
    suffix="",
    legacy=None,
):
    """Returns an array as text."""
    options = dict(_OPTIONS)
    options.update(
        _given(
            linewidth=max_line_width,
            precision=precision,
            suppress=suppress_small,
            formatter=formatter,
            threshold=threshold,
            edgeitems=edgeitems,
            sign=sign,
            floatmode=floatmode,
        )
    )
    options["in_repr"] = True
    if a.size == 0:
        return "[]"
    summary = a.size > options["threshold"]
    if a._tensor is None:
        values, data = a._items, a
    else:
        values = _edges(a, options["edgeitems"]) if summary else a._tensor.reshape(-1).tolist()
        data = a._tensor.tolist() if not summary else _Lazy(a._tensor)
    form = _formatter(a, values, options)
    if a.ndim == 0:
        return form(a._tensor.item() if a._tensor is not None else a._items[0])
    indent = " " + " " * len(prefix)
    return _rows(data, a.shape, form, options, indent, options["linewidth"] - len(suffix), separator, summary)


class _Lazy:
    """A tensor of which only some rows are made into numbers."""

    def __init__(self, tensor):
        self.tensor = tensor

    def __getitem__(self, place):
        part = self.tensor[place]
        return part.item() if part.ndim == 0 else _Lazy(part)


def array_str(a, max_line_width=None, precision=None, suppress_small=None):
    """Returns an array as ``str`` shows it."""
    if a.ndim == 0:
        return (
            str(a._tensor.item() if a._tensor is None or a.dtype.name != "float32" else a[()])
            if a._tensor is not None
            else str(a._items[0])
        )
    return array2string(a, max_line_width, precision, suppress_small, " ")


def array_repr(arr, max_line_width=None, precision=None, suppress_small=None):
    """Returns an array as ``repr`` shows it."""
    width = max_line_width or _OPTIONS["linewidth"]
    extras = []
    if arr.size or arr.shape == (0,):
        body = array2string(arr, max_line_width, precision, suppress_small, ", ", "array(", suffix=")")
    else:
        body = "[]"
    if (arr.size == 0 and arr.shape != (0,)) or arr.size > _OPTIONS["threshold"]:
        extras.append(f"shape={arr.shape}")
    if arr.dtype.name not in ("float64", "int64", "bool") or arr.size == 0:
        extras.append(
            f"dtype={arr.dtype.name if arr._tensor is not None else repr(arr.dtype.str) if arr.dtype.kind == 'U' else 'object'}"
        )
    text = "array(" + body
    if not extras:
        return text + ")"
    extra = ", ".join(extras) + ")"
    text += ","
    last = len(text) - (text.rfind("\n") + 1)
    spacer = "\n" + " " * 6 if last + len(extra) + 1 > width else " "
    return text + spacer + extra
