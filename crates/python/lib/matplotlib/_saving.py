"""`savefig`: a figure as a file."""

import os
import warnings

_OTHER_FORMATS = ("png", "pdf", "jpg", "jpeg", "eps", "ps", "tif", "tiff", "webp", "gif", "pgf", "raw", "rgba", "svgz")


def save(svg, target, format):
    """Writes SVG to a file or to an open one. The name of another format gets the ending .svg, and a warning."""
    if hasattr(target, "write"):
        if format not in (None, "svg"):
            _warn(f"format={format!r}", "the figure is written as SVG")
        try:
            target.write(svg)
        except TypeError:
            target.write(svg.encode("utf-8"))
        return
    path = os.fspath(target)
    stem, ending = os.path.splitext(path)
    if format is not None and format.lower() not in ("svg", *_OTHER_FORMATS) or (
        format is None and ending and ending[1:].lower() not in ("svg", *_OTHER_FORMATS)
    ):
        raise ValueError(f"Format {format or ending[1:]!r} is not supported (supported formats: svg)")
    wanted = (format or ending[1:] or "svg").lower()
    if wanted != "svg":
        written = (stem if ending else path) + ".svg"
        _warn(f"{path!r}", f"the figure is written to {written!r}")
    else:
        written = path if ending.lower() == ".svg" else path + ".svg"
    with open(written, "w", encoding="utf-8") as file:
        file.write(svg)


def _warn(what, instead):
    warnings.warn(f"savefig({what}): Lyceum writes SVG and no other format, so {instead}", UserWarning, stacklevel=4)
