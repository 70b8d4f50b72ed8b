"""Arrays in files: ``.npy`` and ``.npz`` as numpy writes them, and tables of text."""

import ast
import struct

import torch

from . import _dtypes
from ._absent import NotInLyceum, refuse
from ._array import wrap
from ._convert import array, asarray

_MAGIC = b"\x93NUMPY"


def _header(made):
    text = f"{{'descr': {made.dtype.str!r}, 'fortran_order': False, 'shape': {made.shape}, }}"
    space = 64 - (len(_MAGIC) + 4 + len(text) + 1) % 64
    text = text + " " * (space % 64) + "\n"
    return _MAGIC + b"\x01\x00" + struct.pack("<H", len(text)) + text.encode("latin1")


def _as_bytes(made):
    if made._tensor is None:
        if made.dtype.kind == "U":
            width = made.dtype.itemsize
            return _header(made) + b"".join(item.encode("utf-32-le").ljust(width, b"\0") for item in made._items)
        raise NotInLyceum("saving arrays of objects is not part of Lyceum yet: a pickle can run code")
    return _header(made) + made.tobytes()


def _opened(file, mode, ending=None):
    """Returns an open file, and whether it has to be closed."""
    if hasattr(file, "write" if "w" in mode else "read"):
        return file, False
    path = str(file)
    if ending and not path.endswith(ending):
        path += ending
    return open(path, mode), True


def save(file, arr, allow_pickle=True):
    """Writes an array to a ``.npy`` file."""
    content = _as_bytes(asarray(arr))
    target, close = _opened(file, "wb", ".npy")
    try:
        target.write(content)
    finally:
        if close:
            target.close()


def savez(file, *args, allow_pickle=True, **arrays):
    """Writes several arrays to a ``.npz`` file."""
    _save_many(file, args, arrays, False)


def savez_compressed(file, *args, allow_pickle=True, **arrays):
    """Writes several arrays to a compressed ``.npz`` file."""
    _save_many(file, args, arrays, True)


def _save_many(file, args, arrays, is_compressed):
    import zipfile

    for place, each in enumerate(args):
        if f"arr_{place}" in arrays:
            raise ValueError(f"Cannot use un-named variables and keyword arr_{place}")
        arrays[f"arr_{place}"] = each
    target, close = _opened(file, "wb", ".npz")
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED if is_compressed else zipfile.ZIP_STORED) as archive:
            for name, each in arrays.items():
                archive.writestr(name + ".npy", _as_bytes(asarray(each)))
    finally:
        if close:
            target.close()


def _from_bytes(content):
    if content[:6] != _MAGIC:
        raise ValueError(
            "This file contains pickled (object) data or is no file of arrays; expected the beginning \\x93NUMPY"
        )
    size_bytes = 2 if content[6] == 1 else 4
    size = int.from_bytes(content[8 : 8 + size_bytes], "little")
    start = 8 + size_bytes + size
    try:
        header = ast.literal_eval(content[8 + size_bytes : start].decode("latin1"))
        descr, is_fortran, shape = header["descr"], header["fortran_order"], tuple(header["shape"])
    except (ValueError, SyntaxError, KeyError, TypeError):
        raise ValueError("Cannot parse header of the file of an array") from None
    if not isinstance(descr, str):
        raise NotInLyceum("structured arrays are not part of Lyceum yet")
    if descr[0] == ">":
        raise NotInLyceum("arrays with the largest byte first are not part of Lyceum yet")
    count = 1
    for each in shape:
        count *= each
    body = content[start:]
    kind = _dtypes.find(descr) if descr[1:] not in _WIDENED else None
    if kind is not None and kind.kind == "O":
        raise ValueError("Object arrays cannot be loaded when allow_pickle=False")
    if kind is not None and kind.kind == "U":
        from ._objects import build

        width = kind.itemsize
        items = [body[i * width : (i + 1) * width].decode("utf-32-le").rstrip("\0") for i in range(count)]
        return build(items, shape, kind)
    if kind is None:
        raise NotInLyceum(f"numpy.{_WIDENED[descr[1:]]} is not part of Lyceum yet")
    if len(body) < count * kind.itemsize:
        raise ValueError(f"cannot reshape array of size {len(body) // kind.itemsize} into shape {shape}")
    if count == 0:
        return wrap(torch.zeros(shape, dtype=kind.torch))
    flat = torch.frombuffer(bytearray(body[: count * kind.itemsize]), dtype=kind.torch)
    if is_fortran:
        return wrap(flat.reshape(tuple(reversed(shape))).permute(*reversed(range(len(shape)))))
    return wrap(flat.reshape(shape))


_WIDENED = {
    "i1": "int8",
    "i2": "int16",
    "u2": "uint16",
    "u4": "uint32",
    "u8": "uint64",
    "f2": "float16",
    "c8": "complex64",
    "c16": "complex128",
}


class NpzFile:
    """The arrays of a ``.npz`` file by name; each is read when it is asked for."""

    def __init__(self, content):
        import io
        import zipfile

        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self.files = [name[:-4] if name.endswith(".npy") else name for name in self._archive.namelist()]

    def __getitem__(self, name):
        if name not in self.files:
            raise KeyError(f"{name} is not a file in the archive")
        return _from_bytes(self._archive.read(name + ".npy"))

    def __contains__(self, name):
        return name in self.files

    def __iter__(self):
        return iter(self.files)

    def __len__(self):
        return len(self.files)

    def keys(self):
        return list(self.files)

    def values(self):
        return [self[name] for name in self.files]

    def items(self):
        return [(name, self[name]) for name in self.files]

    def get(self, name, default=None):
        return self[name] if name in self.files else default

    def close(self):
        self._archive.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


def load(file, mmap_mode=None, allow_pickle=False, fix_imports=True, encoding="ASCII"):
    """Reads a ``.npy`` file, or the arrays of a ``.npz`` file."""
    refuse("numpy.load", mmap_mode=mmap_mode)
    source, close = _opened(file, "rb")
    try:
        content = source.read()
    finally:
        if close:
            source.close()
    if not content:
        raise EOFError("No data left in file")
    if content[:2] == b"PK":
        return NpzFile(content)
    if content[:6] != _MAGIC:
        raise ValueError(
            "This file contains pickled (object) data. If you trust the file you can load it unsafely using the `allow_pickle=` keyword argument or `pickle.load()`."
        )
    return _from_bytes(content)


# ---------------------------------------------------------------- text


def savetxt(fname, X, fmt="%.18e", delimiter=" ", newline="\n", header="", footer="", comments="# ", encoding=None):
    """Writes a table as text, a row in a line."""
    made = asarray(X)
    if made.ndim > 2:
        raise ValueError(f"Expected 1D or 2D array, got {made.ndim}D array instead")
    rows = made.tolist()
    if made.ndim < 2:
        rows = [[each] for each in (rows if made.ndim else [rows])]
    lines = [comments + line for line in header.split("\n")] if header else []
    for row in rows:
        formats = [fmt] * len(row) if isinstance(fmt, str) and fmt.count("%") == 1 else fmt
        if isinstance(formats, str):
            lines.append(formats % tuple(row))
        else:
            lines.append(delimiter.join(each % value for each, value in zip(formats, row)))
    lines += [comments + line for line in footer.split("\n")] if footer else []
    target, close = _opened(fname, "w")
    try:
        target.write("".join(line + newline for line in lines))
    finally:
        if close:
            target.close()


def _lines(fname, comments, skip):
    if isinstance(fname, (list, tuple)):
        text = list(fname)
    else:
        source, close = _opened(fname, "r")
        try:
            text = source.read()
        finally:
            if close:
                source.close()
        text = (text.decode() if isinstance(text, bytes) else text).splitlines()
    for number, line in enumerate(text[skip:], skip + 1):
        if comments:
            line = line.partition(comments)[0]
        if line.strip():
            yield number, line


def loadtxt(
    fname,
    dtype=float,
    comments="#",
    delimiter=None,
    converters=None,
    skiprows=0,
    usecols=None,
    unpack=False,
    ndmin=0,
    encoding=None,
    max_rows=None,
    *,
    quotechar=None,
    like=None,
):
    """Reads a table of numbers from text, a row from each line."""
    refuse("numpy.loadtxt", quotechar=quotechar)
    kind = _dtypes.find(dtype)
    columns = [usecols] if isinstance(usecols, int) else usecols
    convert = str if kind.kind == "U" else (lambda text: int(text)) if kind.kind in "iu" else float
    rows = []
    for number, line in _lines(fname, comments, skiprows):
        if max_rows is not None and len(rows) == max_rows:
            break
        cells = [cell.strip() for cell in line.split(delimiter)]
        if columns is not None:
            cells = [cells[column] for column in columns]
        if rows and len(cells) != len(rows[0]):
            raise ValueError(
                f"the number of columns changed from {len(rows[0])} to {len(cells)} at row {len(rows) + 1}; use `usecols` to select a subset and avoid this error"
            )
        row = []
        for column, cell in enumerate(cells):
            own = converters.get(column) if isinstance(converters, dict) else converters
            try:
                row.append(own(cell) if own else convert(cell))
            except ValueError:
                raise ValueError(
                    f"could not convert string {cell!r} to {kind} at row {len(rows)}, column {column + 1}."
                ) from None
        rows.append(row)
    made = array(rows, kind) if rows else array([], kind)
    return _shaped(made, unpack, ndmin)


def _shaped(made, unpack, ndmin):
    if made.ndim == 2 and 1 in made.shape and ndmin < 2:
        made = made.reshape(-1) if made.size > 1 else made.reshape(())
    if made.ndim < ndmin:
        made = made.reshape((1,) * (ndmin - made.ndim) + made.shape)
    return made.T if unpack else made


def genfromtxt(
    fname,
    dtype=float,
    comments="#",
    delimiter=None,
    skip_header=0,
    skip_footer=0,
    converters=None,
    missing_values=None,
    filling_values=None,
    usecols=None,
    names=None,
    unpack=False,
    max_rows=None,
    **options,
):
    """Reads a table of numbers from text, in which some may be missing: they become nan."""
    for name in options:
        if name not in ("encoding", "invalid_raise", "autostrip", "ndmin"):
            refuse("numpy.genfromtxt", **{name: True})
    refuse("numpy.genfromtxt", names=names or None, converters=converters, missing_values=missing_values)
    kind = _dtypes.find(dtype if dtype is not None else float)
    fill = (float("nan") if kind.kind == "f" else -1) if filling_values is None else filling_values
    rows = []
    lines = list(_lines(fname, comments, skip_header))
    lines = lines[: len(lines) - skip_footer][:max_rows]
    for number, line in lines:
        cells = [cell.strip() for cell in line.split(delimiter)]
        if rows and len(cells) != len(rows[0]):
            raise ValueError(
                f"Some errors were detected !\n    Line #{number} (got {len(cells)} columns instead of {len(rows[0])})"
            )
        if kind.kind == "U":
            rows.append(cells)
            continue
        row = []
        for cell in cells:
            try:
                row.append(float(cell) if kind.kind == "f" else int(float(cell)))
            except ValueError:
                row.append(fill)
        rows.append(row)
    made = array(rows, kind)
    if usecols is not None:
        made = made[:, [usecols] if isinstance(usecols, int) else list(usecols)]
    return _shaped(made, unpack, 0)
