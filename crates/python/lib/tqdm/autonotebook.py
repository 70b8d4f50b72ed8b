"""`tqdm.autonotebook`: the same line everywhere."""

from .std import tqdm, trange

tqdm_notebook = tqdm
tnrange = trange

__all__ = ["tqdm", "trange"]
