"""`open`, `io.FileIO` and the standard streams, over the run's files (the native module `posix`)."""

import _io
import builtins
import sys

import posix

_BUFFER_SIZE = 1 << 16

# mode letter -> flags of posix.open, without the access mode
_FLAGS = {
    "r": 0,
    "w": posix.O_CREAT | posix.O_TRUNC,
    "a": posix.O_CREAT | posix.O_APPEND,
    "x": posix.O_CREAT | posix.O_EXCL,
}


class FileIO(_io._RawIOBase):
    """An open file, read and written without a buffer."""

    def __init__(self, file, mode="r", closefd=True, opener=None):
        self._number = -1
        self._close_number = closefd
        letters = mode.replace("b", "").replace("+", "")
        if len(letters) != 1 or letters not in _FLAGS or mode.count("+") > 1:
            raise ValueError(
                "Must have exactly one of create/read/write/append mode and at most one plus"
                if set(mode) <= set("rwaxb+")
                else f"invalid mode: {mode}"
            )
        plus = "+" in mode
        self._readable = plus or letters == "r"
        self._writable = plus or letters != "r"
        self._appending = letters == "a"
        self._creating = letters == "x"
        if isinstance(file, bool):
            file = int(file)
        if isinstance(file, int):
            if file < 0:
                raise ValueError("negative file descriptor")
            if opener is not None:
                raise ValueError("Cannot use opener with file descriptor")
            posix.fstat(file)
            self._number = file
        else:
            if not closefd:
                raise ValueError("Cannot use closefd=False with file name")
            access = posix.O_RDWR if plus else posix.O_RDONLY if letters == "r" else posix.O_WRONLY
            flags = _FLAGS[letters] | access
            if opener is None:
                self._number = posix.open(file, flags, 0o666)
            else:
                number = opener(file, flags)
                if not isinstance(number, int):
                    raise TypeError("expected integer from opener")
                if number < 0:
                    raise ValueError(f"opener returned {number}")
                self._number = number
        self.name = file
        if self._appending and self.seekable():
            posix.lseek(self._number, 0, 2)

    def _check(self):
        if self._number < 0:
            raise ValueError("I/O operation on closed file")

    def _check_readable(self):
        self._check()
        if not self._readable:
            raise _io.UnsupportedOperation("File not open for reading")

    def _check_writable(self):
        self._check()
        if not self._writable:
            raise _io.UnsupportedOperation("File not open for writing")

    @property
    def mode(self):
        letter = "x" if self._creating else "a" if self._appending else "r" if self._readable else "w"
        return letter + "b" + ("+" if self._readable and self._writable else "")

    @property
    def closefd(self):
        return self._close_number

    @property
    def closed(self):
        return self._number < 0

    def __repr__(self):
        kind = f"{type(self).__module__}.{type(self).__qualname__}"
        if self._number < 0:
            return f"<{kind} [closed]>"
        return f"<{kind} name={self.name!r} mode={self.mode!r} closefd={self._close_number}>"

    def __getstate__(self):
        raise TypeError(f"cannot pickle {type(self).__name__!r} object")

    def fileno(self):
        self._check()
        return self._number

    def isatty(self):
        self._check()
        return posix.isatty(self._number)

    def readable(self):
        self._check()
        return self._readable

    def writable(self):
        self._check()
        return self._writable

    def seekable(self):
        self._check()
        if self._number <= 2:
            return False
        try:
            posix.lseek(self._number, 0, 1)
        except OSError:
            return False
        return True

    def seek(self, offset, whence=0):
        self._check()
        return posix.lseek(self._number, offset, whence)

    def tell(self):
        self._check()
        return posix.lseek(self._number, 0, 1)

    def truncate(self, size=None):
        self._check_writable()
        if size is None:
            size = self.tell()
        posix.ftruncate(self._number, size)
        return size

    def read(self, size=-1):
        self._check_readable()
        if size is None or size < 0:
            return posix._read_to_end(self._number)
        return posix.read(self._number, size)

    def readall(self):
        self._check_readable()
        return posix._read_to_end(self._number)

    def readinto(self, buffer):
        self._check_readable()
        return posix.readinto(self._number, buffer)

    def write(self, data):
        self._check_writable()
        return posix.write(self._number, data)

    def close(self):
        if self._number >= 0:
            try:
                super().close()
            finally:
                number, self._number = self._number, -1
                if self._close_number:
                    posix.close(number)


FileIO.__module__ = "_io"


def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    """Opens a file and returns it as a stream; raises OSError if it cannot be opened.

    mode: "r" reads (the default), "w" writes anew, "x" creates and fails if the file exists, "a" appends;
    with "b" for bytes or "t" for text (the default), and "+" to read and write.
    Text is UTF-8 unless `encoding` says otherwise. What a program writes lands in the run's folder.
    """
    if not isinstance(file, int):
        file = posix.fspath(file)
    if not isinstance(mode, str):
        raise TypeError(f"open() argument 'mode' must be str, not {type(mode).__name__}")
    if not isinstance(buffering, int):
        raise TypeError(f"'{type(buffering).__name__}' object cannot be interpreted as an integer")
    for name, value in (("encoding", encoding), ("errors", errors), ("newline", newline)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"open() argument '{name}' must be str or None, not {type(value).__name__}")
    letters = set(mode)
    if letters - set("axrwb+t") or len(mode) > len(letters):
        raise ValueError(f"invalid mode: {mode!r}")
    binary = "b" in letters
    if binary and "t" in letters:
        raise ValueError("can't have text and binary mode at once")
    actions = letters & set("axrw")
    if len(actions) != 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    if binary:
        for name, value in (("encoding", encoding), ("errors", errors), ("newline", newline)):
            if value is not None:
                raise ValueError(f"binary mode doesn't take {'an' if name[0] == 'e' else 'a'} {name} argument")
    elif newline not in (None, "", "\n", "\r", "\r\n"):
        raise ValueError(f"illegal newline value: {newline!r}")

    action = actions.pop()
    plus = "+" in letters
    raw = FileIO(file, action + ("+" if plus else ""), closefd, opener)
    result = raw
    try:
        line_buffering = buffering == 1 and not binary
        if buffering == 1 or buffering < 0:
            buffering = _BUFFER_SIZE
        if buffering == 0:
            if binary:
                return raw
            raise ValueError("can't have unbuffered text I/O")
        if plus:
            result = _io.BufferedRandom(raw, buffering)
        elif action == "r":
            result = _io.BufferedReader(raw, buffering)
        else:
            result = _io.BufferedWriter(raw, buffering)
        if binary:
            return result
        if encoding is None or encoding == "locale":
            encoding = "utf-8"
        result = _io.TextIOWrapper(result, encoding, errors, newline, line_buffering)
        result.mode = mode
        return result
    except BaseException:
        result.close()
        raise


def open_code(path):
    """Opens a file with Python code for reading."""
    return open(path, "rb")


def input(prompt="", /):
    """Reads a line from standard input, after writing the prompt; raises EOFError at the end of the input."""
    sys.stdout.write(str(prompt))
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line[:-1] if line.endswith("\n") else line


def standard_stream(number, mode, name, errors):
    """Makes sys.stdin, sys.stdout or sys.stderr. What is printed goes out with each line."""
    raw = FileIO(number, mode, closefd=False)
    raw.name = name
    buffer = _io.BufferedReader(raw) if mode == "r" else _io.BufferedWriter(raw)
    stream = _io.TextIOWrapper(buffer, "utf-8", errors, None if mode == "r" else "\n", mode == "w")
    stream.mode = mode
    return stream


def install():
    """Puts `open` and `FileIO` where Python looks for them."""
    _io.FileIO = FileIO
    _io.open = builtins.open = open
    _io.open_code = open_code
    for function in (open, open_code):
        function.__module__ = "_io"
    input.__module__ = "builtins"
