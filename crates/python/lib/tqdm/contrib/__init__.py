"""`tqdm.contrib`: Python's own functions with a line."""

from _lyceum.missing import declare
from ..std import tqdm

__getattr__ = declare(__name__, "DummyTqdmFile bells concurrent discord itertools logging slack telegram utils_worker")


def tenumerate(iterable, start=0, total=None, tqdm_class=tqdm, **tqdm_kwargs):
    """`enumerate`, with a line."""
    return enumerate(tqdm_class(iterable, total=total, **tqdm_kwargs), start)


def tzip(iter1, *iter2plus, **tqdm_kwargs):
    """`zip`, with a line."""
    make = tqdm_kwargs.pop("tqdm_class", tqdm)
    return zip(make(iter1, **tqdm_kwargs), *iter2plus)


def tmap(function, *sequences, **tqdm_kwargs):
    """`map`, with a line."""
    for items in tzip(*sequences, **tqdm_kwargs):
        yield function(*items)
