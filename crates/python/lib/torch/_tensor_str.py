"""How tensors are printed: columns of equal width, long ones shortened in the middle, as PyTorch prints them."""

from math import ceil, isinf, isnan

from ._C import bool as bool_dtype
from ._C import get_default_dtype, int64

_PROFILES = {
    "default": (4, 1000, 3, 80),
    "short": (2, 1000, 2, 80),
    "full": (4, float("inf"), 3, 80),
}


class _Options:
    precision, threshold, edgeitems, linewidth = _PROFILES["default"]
    sci_mode = None


PRINT_OPTS = _Options()


def set_printoptions(
    precision=None, threshold=None, edgeitems=None, linewidth=None, profile=None, sci_mode=None
):
    """Sets how tensors are printed.

    ``precision``: digits after the point (4). ``threshold``: with more elements a tensor is shortened (1000).
    ``edgeitems``: how many are shown at each end then (3). ``linewidth``: characters in a line (80).
    ``profile``: ``"default"``, ``"short"`` or ``"full"``. ``sci_mode``: True or False for 1.0000e+03, None to choose.
    """
    if profile is not None:
        if profile not in _PROFILES:
            raise ValueError(f"unknown profile {profile!r}: expected one of {', '.join(_PROFILES)}")
        values = _PROFILES[profile]
        PRINT_OPTS.precision, PRINT_OPTS.threshold, PRINT_OPTS.edgeitems, PRINT_OPTS.linewidth = values
    if precision is not None:
        PRINT_OPTS.precision = precision
    if threshold is not None:
        PRINT_OPTS.threshold = threshold
    if edgeitems is not None:
        PRINT_OPTS.edgeitems = edgeitems
    if linewidth is not None:
        PRINT_OPTS.linewidth = linewidth
    PRINT_OPTS.sci_mode = sci_mode


def get_printoptions():
    """Returns the settings of :func:`set_printoptions` as a dict."""
    names = ("precision", "threshold", "edgeitems", "linewidth", "sci_mode")
    return {name: getattr(PRINT_OPTS, name) for name in names}


class printoptions:
    """``with torch._tensor_str.printoptions(precision=2):`` prints differently inside the block."""

    def __init__(self, **options):
        self.options = options

    def __enter__(self):
        self.previous = get_printoptions()
        set_printoptions(**self.options)

    def __exit__(self, *exc_info):
        set_printoptions(**self.previous)


class _Formatter:
    """Chooses one format for all the values that are shown, and their common width."""

    def __init__(self, values, is_floating):
        self.is_floating = is_floating
        self.is_integral = True
        self.is_scientific = False
        self.width = 1
        if not is_floating:
            for value in values:
                self.width = max(self.width, len(str(value)))
            return
        shown = [value for value in values if value != 0 and not isinf(value) and not isnan(value)]
        if not shown:
            return
        largest = max(map(abs, shown))
        smallest = min(map(abs, shown))
        self.is_integral = all(value == ceil(value) for value in shown)
        is_wide = largest / smallest > 1000.0 or largest > 1.0e8 or smallest < 1.0e-4
        self.is_scientific = is_wide if PRINT_OPTS.sci_mode is None else PRINT_OPTS.sci_mode
        if self.is_integral and not self.is_scientific:
            self.width = max(len(f"{value:.0f}") + 1 for value in shown)
        else:
            spec = "e" if self.is_scientific else "f"
            self.width = max(len(f"{value:.{PRINT_OPTS.precision}{spec}}") for value in shown)

    def format(self, value):
        if not self.is_floating:
            text = str(value)
        elif self.is_scientific:
            text = f"{value:{self.width}.{PRINT_OPTS.precision}e}"
        elif self.is_integral:
            text = f"{value:.0f}"
            if not (isinf(value) or isnan(value)):
                text += "."
        else:
            text = f"{value:.{PRINT_OPTS.precision}f}"
        return " " * (self.width - len(text)) + text


def _shown_values(tensor, summarize):
    """Every value that will be printed, as a flat list."""
    if not summarize:
        values = tensor.tolist()
        return _flatten(values) if isinstance(values, list) else [values]
    if tensor.dim() == 0:
        return [tensor.item()]
    edge = PRINT_OPTS.edgeitems
    size = tensor.size(0)
    if tensor.dim() == 1:
        if size > 2 * edge:
            return tensor[:edge].tolist() + tensor[size - edge :].tolist()
        return tensor.tolist()
    rows = range(size)
    if size > 2 * edge:
        rows = [*range(edge), *range(size - edge, size)]
    values = []
    for row in rows:
        values += _shown_values(tensor[row], True)
    return values


def _flatten(values):
    if values and isinstance(values[0], list):
        flat = []
        for inner in values:
            flat += _flatten(inner)
        return flat
    return values


def _row(tensor, indent, summarize, formatter):
    width = formatter.width + 2
    per_line = max(1, (PRINT_OPTS.linewidth - indent) // width)
    edge = PRINT_OPTS.edgeitems
    size = tensor.size(0)
    if summarize and not edge:
        texts = ["..."]
    elif summarize and size > 2 * edge:
        texts = [formatter.format(value) for value in tensor[:edge].tolist()]
        texts.append(" ...")
        texts += [formatter.format(value) for value in tensor[size - edge :].tolist()]
    else:
        texts = [formatter.format(value) for value in tensor.tolist()]
    lines = [", ".join(texts[i : i + per_line]) for i in range(0, len(texts), per_line)]
    return "[" + ("," + "\n" + " " * (indent + 1)).join(lines) + "]"


def _body(tensor, indent, summarize, formatter):
    dim = tensor.dim()
    if dim == 0:
        return formatter.format(tensor.item())
    if dim == 1:
        return _row(tensor, indent, summarize, formatter)
    edge = PRINT_OPTS.edgeitems
    size = tensor.size(0)

    def body(index):
        return _body(tensor[index], indent + 1, summarize, formatter)

    if summarize and size > 2 * edge:
        parts = [body(i) for i in range(edge)] + ["..."] + [body(i) for i in range(size - edge, size)]
    else:
        parts = [body(i) for i in range(size)]
    return "[" + ("," + "\n" * (dim - 1) + " " * (indent + 1)).join(parts) + "]"


def _with_suffixes(text, suffixes, indent):
    lines = [text]
    last_line = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        length = len(suffix)
        if last_line + length + 2 > PRINT_OPTS.linewidth:
            lines.append(",\n" + " " * indent + suffix)
            last_line = indent + length
        else:
            lines.append(", " + suffix)
            last_line += length + 2
    lines.append(")")
    return "".join(lines)


def _str(self, *, tensor_contents=None):
    """Returns the printed form of a tensor."""
    name = type(self).__name__
    prefix = "tensor(" if name in ("Tensor", "Parameter", "Buffer") else name + "("
    indent = len(prefix)
    suffixes = []
    value = self.detach()
    has_default_dtype = value.dtype in (get_default_dtype(), int64, bool_dtype)
    if value.device.type != "cpu":
        suffixes.append(f"device='{value.device}'")
    if value.numel() == 0:
        if value.dim() != 1:
            suffixes.append("size=" + str(tuple(value.shape)))
        if value.dtype != get_default_dtype():
            suffixes.append(f"dtype={value.dtype}")
        body = "[]"
    else:
        if not PRINT_OPTS.edgeitems:
            suffixes.append("size=" + str(tuple(value.shape)))
        if not has_default_dtype:
            suffixes.append(f"dtype={value.dtype}")
        if tensor_contents is not None:
            body = tensor_contents
        else:
            summarize = value.numel() > PRINT_OPTS.threshold
            formatter = _Formatter(_shown_values(value, summarize), value.dtype.is_floating_point)
            body = _body(value, indent, summarize, formatter)
    grad_fn = self.grad_fn
    if grad_fn is not None:
        suffixes.append(f"grad_fn=<{grad_fn.name().rpartition('::')[2]}>")
    elif self.requires_grad:
        suffixes.append("requires_grad=True")
    return _with_suffixes(prefix + body, suffixes, indent)
