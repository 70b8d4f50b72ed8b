"""What Lyceum adds to Python and torch.

    >>> import lyceum
    >>> x, y = lyceum.data.load("iris")

`lyceum.data` loads data sets, `lyceum.text` makes numbers of texts, `lyceum.audio` reads sound and shows what is in it,
`lyceum.image` reads and writes pictures, `lyceum.export` writes what was trained for other programs. `help(lyceum.data)`
says more.
"""

from _lyceum.missing import declare

from . import data

__all__ = ["audio", "data", "export", "image", "text"]

__getattr__ = declare(__name__, "", submodules=("audio", "export", "image", "text"))
