"""The line of tqdm 4.67."""

import io

from tqdm import tqdm, trange

# --- line
for options in (
    {"n": 3, "total": 10, "elapsed": 2.5}, {"n": 0, "total": 10, "elapsed": 0},
    {"n": 10, "total": 10, "elapsed": 12.34, "prefix": "epoch 1"}, {"n": 5, "total": None, "elapsed": 3, "postfix": "loss=0.3"},
    {"n": 1234, "total": 50000, "elapsed": 3700, "ncols": 60, "unit": "B", "unit_scale": True},
    {"n": 7, "total": 9, "elapsed": 100, "ncols": 80, "prefix": "a: ", "postfix": "x=1"},
    {"n": 7, "total": 9, "elapsed": 100, "ascii": True}, {"n": 12, "total": 9, "elapsed": 1},
    {"n": 1, "total": 3, "elapsed": 9, "bar_format": "{desc} {percentage:3.0f}% {bar} {n_fmt}/{total_fmt} {rate_fmt}", "prefix": "q", "ncols": 50},
    {"n": 1, "total": 3, "elapsed": 9, "ncols": 0}, {"n": 1, "total": 3, "elapsed": 0.5, "bar_format": "{l_bar}{bar:20}{r_bar}"},
    {"n": 2, "total": 4, "elapsed": 1, "unit_scale": 32, "unit": "img"}, {"n": 3, "total": 10, "elapsed": 2.5, "ncols": 20},
):
    show(tqdm.format_meter(**options))

# --- numbers
show([tqdm.format_sizeof(number) for number in (1, 9.999, 12.3, 99.96, 123, 999.6, 12345, 1e9)])
show([tqdm.format_interval(seconds) for seconds in (1, 61, 3600, 86399)])
show([tqdm.format_num(number) for number in (0.123456, 1e-5, 123456789, 12, 0.5, 1e10)])

# --- use
bar = tqdm(total=5, disable=True)
bar.update(3)
show(bar.n, list(trange(3, disable=True)))
bar = tqdm([1, 2], file=io.StringIO())
bar.set_postfix(loss=0.123456, acc="9", b=3)
show(bar.postfix)
bar.set_description("hi")
show(bar.desc, len(bar), bool(bar))
fails(lambda: tqdm([1], foo=3))
