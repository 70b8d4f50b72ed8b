"""Lyceum's `tqdm`: a line on stderr that shows how far a loop is.

    >>> from tqdm import tqdm
    >>> for batch in tqdm(loader, desc="epoch 1"):
    ...     ...

On a terminal the line is drawn again a few times a second. Elsewhere it is written once, when the loop has ended.
"""

from _lyceum.missing import declare

from .std import TqdmDeprecationWarning, TqdmTypeError, TqdmKeyError, TqdmWarning, tqdm, trange

tqdm_notebook = tqdm
tnrange = trange
__version__ = "4.67.1"

__all__ = ["tqdm", "trange", "tqdm_notebook", "tnrange"]

__getattr__ = declare(
    __name__,
    "asyncio cli dask gui keras rich tk tgrange tqdm_gui tqdm_pandas",
    submodules=("auto", "autonotebook", "contrib", "notebook", "std", "utils"),
)
