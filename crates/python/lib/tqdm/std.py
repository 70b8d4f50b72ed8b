"""The line: what it says, and when it is drawn."""

import sys
import time
from datetime import datetime, timedelta

from _lyceum.missing import not_here


class TqdmTypeError(TypeError):
    """Raised where an argument has the wrong type."""


class TqdmKeyError(KeyError):
    """Raised where an argument is unknown."""


class TqdmWarning(Warning):
    """A warning of tqdm."""


class TqdmDeprecationWarning(TqdmWarning, DeprecationWarning):
    """A warning of what will go."""


_SYMBOLS = " " + "".join(chr(code) for code in range(0x258F, 0x2587, -1))
_ASCII = " 123456789#"
_UNKNOWN = ("gui", "lock_args", "nrows")


class tqdm:
    """Goes through an iterable, and shows how far it is."""

    monitor_interval = 0
    _open = []

    def __init__(
        self, iterable=None, desc=None, total=None, leave=True, file=None, ncols=None, mininterval=0.1, maxinterval=10.0,
        miniters=None, ascii=None, disable=False, unit="it", unit_scale=False, dynamic_ncols=False, smoothing=0.3,
        bar_format=None, initial=0, position=None, postfix=None, unit_divisor=1000, write_bytes=False, lock_args=None,
        nrows=None, colour=None, delay=0.0, gui=False, **kwargs,
    ):
        if kwargs:
            raise TqdmKeyError(f"Unknown argument(s): {kwargs}")
        if gui:
            raise not_here("tqdm(gui=True)")
        self.iterable = iterable
        self.desc = desc or ""
        if total is None and iterable is not None:
            try:
                total = len(iterable)
            except (TypeError, AttributeError):
                total = None
        self.total = None if total == float("inf") else total
        self.leave = True if leave is None else leave
        self.fp = sys.stderr if file is None else file
        self.ncols = ncols
        # A few times a second is enough for eyes; more only makes the program slower.
        self.mininterval = max(mininterval, 0.1)
        self.maxinterval = maxinterval
        self.miniters = miniters or 0
        self.ascii = bool(ascii) if not isinstance(ascii, str) else ascii
        self.is_terminal = _is_terminal(self.fp)
        self.disable = not self.is_terminal if disable is None else disable
        self.unit = unit
        self.unit_scale = unit_scale
        self.unit_divisor = unit_divisor
        self.smoothing = smoothing
        self.bar_format = bar_format
        self.initial = initial
        self.postfix = None
        self.colour = colour
        self.delay = delay
        self.n = initial
        self.pos = 0 if position is None else position
        self.start_t = self.last_print_t = time.monotonic()
        self.last_print_n = initial
        self._pace = _Pace(smoothing)
        self._width = 0
        self._is_closed = False
        if postfix:
            if isinstance(postfix, dict):
                self.set_postfix(refresh=False, **postfix)
            else:
                self.postfix = postfix
        if not self.disable:
            if position is None:
                self.pos = len(tqdm._open)
            tqdm._open.append(self)
            if self.is_terminal and delay <= 0:
                self.display()

    def __bool__(self):
        if self.total is not None:
            return self.total > 0
        if self.iterable is None:
            raise TypeError("bool() undefined when iterable == total == None")
        return bool(self.iterable)

    def __len__(self):
        if self.iterable is None:
            return self.total
        return len(self.iterable) if hasattr(self.iterable, "__len__") else self.total

    def __contains__(self, item):
        return item in self.iterable if hasattr(self.iterable, "__contains__") else item in self.__iter__()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __iter__(self):
        if self.disable:
            yield from self.iterable
            return
        try:
            for item in self.iterable:
                yield item
                self.update(1)
        finally:
            self.close()

    def update(self, n=1):
        """Goes on by `n`; returns whether the line was drawn."""
        if self.disable:
            return None
        self.n += n
        if not self.is_terminal or self.n - self.last_print_n < self.miniters:
            return None
        now = time.monotonic()
        if now - self.last_print_t < self.mininterval or now < self.start_t + self.delay:
            return None
        self._pace.take(self.n - self.last_print_n, now - self.last_print_t)
        self.display()
        self.last_print_n, self.last_print_t = self.n, now
        return True

    def close(self):
        """Ends the line: it stays, or goes if `leave` is False."""
        if self.disable or self._is_closed:
            return
        self._is_closed = True
        if self in tqdm._open:
            tqdm._open.remove(self)
        if time.monotonic() < self.start_t + self.delay:
            return
        if not self.is_terminal:
            if self.leave:
                self._write(str(self) + "\n")
            return
        if self.leave and self.pos == 0:
            self._pace = _Pace(0)
            self.display()
            self._write("\n")
        else:
            self.display("")
            self._write("\r" if self.pos == 0 else "")

    def clear(self, nolock=False):
        """Wipes the line."""
        if not self.disable and self.is_terminal:
            self.display("")
            self._write("\r")

    def refresh(self, nolock=False, lock_args=None):
        """Draws the line."""
        if not self.disable and self.is_terminal:
            self.display()
        return True

    def unpause(self):
        """Goes on after a pause, which does not count."""
        now = time.monotonic()
        self.start_t += now - self.last_print_t
        self.last_print_t = now

    def reset(self, total=None):
        """Begins again."""
        self.n = 0
        self.total = self.total if total is None else total
        self.start_t = self.last_print_t = time.monotonic()
        self.last_print_n = 0
        self._pace = _Pace(self.smoothing)
        self.refresh()

    def set_description(self, desc=None, refresh=True):
        """Sets what stands before the line; a colon comes after it."""
        self.desc = desc + ": " if desc else ""
        if refresh:
            self.refresh()

    def set_description_str(self, desc=None, refresh=True):
        """Sets what stands before the line, as it is."""
        self.desc = desc or ""
        if refresh:
            self.refresh()

    def set_postfix(self, ordered_dict=None, refresh=True, **kwargs):
        """Sets what stands after the line: names and values."""
        values = dict(ordered_dict or {})
        values.update((name, kwargs[name]) for name in sorted(kwargs))
        shown = []
        for name, value in values.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                value = self.format_num(value)
            elif not isinstance(value, str):
                value = str(value)
            shown.append(f"{name}={value.strip()}")
        self.postfix = ", ".join(shown)
        if refresh:
            self.refresh()

    def set_postfix_str(self, s="", refresh=True):
        """Sets what stands after the line, as it is."""
        self.postfix = str(s)
        if refresh:
            self.refresh()

    def moveto(self, n):
        """Moves by lines."""
        if self.is_terminal:
            self._write("\n" * n + "\x1b[A" * -n)

    @property
    def format_dict(self):
        """What the line is made of."""
        elapsed = time.monotonic() - self.start_t
        width = self.ncols
        if width is None and self.is_terminal:
            width = _columns()
        return dict(
            n=self.n, total=self.total, elapsed=elapsed, ncols=width, prefix=self.desc, ascii=self.ascii,
            unit=self.unit, unit_scale=self.unit_scale, rate=self._pace.rate(), bar_format=self.bar_format,
            postfix=self.postfix, unit_divisor=self.unit_divisor, initial=self.initial, colour=self.colour,
        )

    def display(self, msg=None, pos=None):
        """Draws a text in the line's place."""
        text = str(self) if msg is None else msg
        pos = self.pos if pos is None else pos
        self._write("\n" * pos + "\r" + text + " " * max(self._width - len(text), 0) + "\x1b[A" * pos)
        self._width = len(text)
        return True

    def _write(self, text):
        if text:
            self.fp.write(text)
            getattr(self.fp, "flush", lambda: None)()

    def __str__(self):
        return self.format_meter(**self.format_dict)

    def __repr__(self):
        return str(self)

    def __hash__(self):
        return id(self)

    @classmethod
    def write(cls, s, file=None, end="\n", nolock=False):
        """Prints a line above those of the loops."""
        file = sys.stdout if file is None else file
        shown = [bar for bar in cls._open if bar.is_terminal and _is_terminal(file)]
        for bar in shown:
            bar.clear()
        file.write(s + end)
        getattr(file, "flush", lambda: None)()
        for bar in shown:
            bar.refresh()

    @classmethod
    def pandas(cls, *args, **kwargs):
        raise not_here("tqdm.pandas")

    @classmethod
    def get_lock(cls):
        """Returns None: nothing draws at the same time."""
        return None

    @classmethod
    def set_lock(cls, lock):
        """Does nothing: nothing draws at the same time."""

    @staticmethod
    def format_sizeof(num, suffix="", divisor=1000):
        """Returns a number in three digits, with k, M, G and so on."""
        for unit in ("", "k", "M", "G", "T", "P", "E", "Z"):
            if abs(num) < 999.5:
                if abs(num) < 99.95:
                    return f"{num:1.2f}{unit}{suffix}" if abs(num) < 9.995 else f"{num:2.1f}{unit}{suffix}"
                return f"{num:3.0f}{unit}{suffix}"
            num /= divisor
        return f"{num:3.1f}Y{suffix}"

    @staticmethod
    def format_interval(t):
        """Returns seconds as hours, minutes and seconds."""
        sign = "-" if t < 0 else ""
        minutes, seconds = divmod(abs(int(t)), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{sign}{hours:d}:{minutes:02d}:{seconds:02d}" if hours else f"{sign}{minutes:02d}:{seconds:02d}"

    @staticmethod
    def format_num(n):
        """Returns a number in three digits, or shorter."""
        short = f"{n:.3g}".replace("e+0", "e+").replace("e-0", "e-")
        return short if len(short) < len(str(n)) else str(n)

    @staticmethod
    def format_meter(
        n, total, elapsed, ncols=None, prefix="", ascii=False, unit="it", unit_scale=False, rate=None, bar_format=None,
        postfix=None, unit_divisor=1000, initial=0, colour=None, **extra_kwargs,
    ):
        """Returns the line."""
        if total and n >= total + 0.5:
            total = None
        if unit_scale and unit_scale not in (True, 1):
            total, n = total * unit_scale if total else total, n * unit_scale
            rate = rate * unit_scale if rate else rate
            unit_scale = False
        elapsed_str = tqdm.format_interval(elapsed)
        if rate is None and elapsed:
            rate = (n - initial) / elapsed
        inverse = 1 / rate if rate else None
        rate_noinv_fmt = (tqdm.format_sizeof(rate) if unit_scale else f"{rate:5.2f}") if rate else "?"
        rate_noinv_fmt += unit + "/s"
        rate_inv_fmt = (tqdm.format_sizeof(inverse) if unit_scale else f"{inverse:5.2f}") if inverse else "?"
        rate_inv_fmt += "s/" + unit
        rate_fmt = rate_inv_fmt if inverse and inverse > 1 else rate_noinv_fmt
        if unit_scale:
            n_fmt = tqdm.format_sizeof(n, divisor=unit_divisor)
            total_fmt = tqdm.format_sizeof(total, divisor=unit_divisor) if total is not None else "?"
        else:
            n_fmt, total_fmt = str(n), str(total) if total is not None else "?"
        postfix = ", " + postfix if postfix else ""
        remaining = (total - n) / rate if rate and total else 0
        remaining_str = tqdm.format_interval(remaining) if rate else "?"
        bool_prefix_colon_already = prefix[-2:] == ": " if prefix else False
        left = (prefix if bool_prefix_colon_already else prefix + ": ") if prefix else ""
        right = f"| {n_fmt}/{total_fmt} [{elapsed_str}<{remaining_str}, {rate_fmt}{postfix}]"
        facts = dict(
            n=n, n_fmt=n_fmt, total=total, total_fmt=total_fmt, elapsed=elapsed_str, elapsed_s=elapsed, ncols=ncols,
            desc=prefix or "", unit=unit, rate=inverse if inverse and inverse > 1 else rate, rate_fmt=rate_fmt,
            rate_noinv=rate, rate_noinv_fmt=rate_noinv_fmt, rate_inv=inverse, rate_inv_fmt=rate_inv_fmt,
            postfix=postfix, unit_divisor=unit_divisor, colour=colour, remaining=remaining_str,
            remaining_s=remaining, l_bar=left, r_bar=right, eta=datetime.now() + timedelta(seconds=remaining),
            **extra_kwargs,
        )
        if total:
            fraction = n / total
            facts.update(percentage=fraction * 100)
            left += f"{fraction * 100:3.0f}%|"
            facts.update(l_bar=left)
            template = bar_format or "{l_bar}{bar}{r_bar}"
            if ncols == 0:
                return left[:-1] + right[1:]
            place = _Place()
            empty = template.format(bar=place, **facts)
            if "\0" not in empty:
                return empty
            room = place.width or (max(1, ncols - len(empty) + 1) if ncols else 10)
            return _cut(empty.replace("\0", _bar(fraction, room, ascii)), ncols)
        if bar_format:
            empty = bar_format.format(bar="\0", percentage=0, **facts)
            return _cut(empty.replace("\0", ""), ncols)
        prefix = (prefix if bool_prefix_colon_already else prefix + ": ") if prefix else ""
        return f"{prefix}{n_fmt}{unit} [{elapsed_str}, {rate_fmt}{postfix}]"


class _Place:
    """Where the bar will stand in a format, and how wide the format wants it: `{bar:20}`."""

    width = None

    def __format__(self, wanted):
        if wanted.rstrip("abu"):
            self.width = max(int(wanted.rstrip("abu")), 1)
        return "\0"


class _Pace:
    """The pace of late: a mean in which what is longer ago counts less."""

    def __init__(self, smoothing):
        self.alpha = smoothing
        self.steps = self.seconds = 0.0
        self.count = 0

    def take(self, steps, seconds):
        if self.alpha and steps and seconds:
            self.steps = self.alpha * steps + (1 - self.alpha) * self.steps
            self.seconds = self.alpha * seconds + (1 - self.alpha) * self.seconds
            self.count += 1

    def rate(self):
        return self.steps / self.seconds if self.count else None


def _bar(fraction, width, ascii):
    symbols = ascii if isinstance(ascii, str) else _ASCII if ascii else _SYMBOLS
    fraction = min(max(fraction, 0.0), 1.0)
    whole, part = divmod(int(fraction * width * (len(symbols) - 1)), len(symbols) - 1)
    bar = symbols[-1] * whole
    return bar + symbols[part] + symbols[0] * (width - whole - 1) if whole < width else bar


def _cut(text, width):
    return text[:width] if width else text


def _is_terminal(file):
    try:
        return bool(file.isatty())
    except AttributeError:
        return False


def _columns():
    import os

    try:
        return int(os.environ.get("COLUMNS", "")) - 1
    except ValueError:
        return 79


def trange(*args, **kwargs):
    """`tqdm(range(...))`."""
    return tqdm(range(*args), **kwargs)
