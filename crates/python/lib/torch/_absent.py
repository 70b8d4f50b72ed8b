"""What PyTorch has and Lyceum has not: such a name answers with its own name, not with a riddle.

``torch.sparse`` raises :class:`NotInLyceum`, which is a ``NotImplementedError`` for a reader and an
``AttributeError`` for ``hasattr``. ``import torch.sparse`` and ``from torch.nn import Conv3d`` say the same.
The names are data, in `_absent_names`.
"""

import sys

_PACKAGE = __name__.rpartition(".")[0]


class NotInLyceum(NotImplementedError, AttributeError):
    """Raised for a name that PyTorch has and Lyceum has not; a learner reads it as a NotImplementedError."""


NotInLyceum.__module__ = "builtins"
NotInLyceum.__name__ = NotInLyceum.__qualname__ = "NotImplementedError"


def absent_names(module, name):
    """Returns the exception for the missing ``name`` of ``module`` (``""`` is torch itself)."""
    from ._absent_names import HINTS, NAMES

    path = f"{module}.{name}" if module else name
    if name in NAMES.get(module, "").split():
        hint = HINTS.get(path)
        return NotInLyceum(f"torch.{path} is not part of Lyceum yet" + (f": {hint}" if hint else ""))
    where = f"torch.{module}" if module else "torch"
    return AttributeError(f"module '{where}' has no attribute '{name}'")


def _load_submodule(package, name):
    """Imports ``package.name`` and returns it.

    For the ``__getattr__`` of a package, where ``from . import name`` would ask ``__getattr__`` again.
    """
    path = f"{package}.{name}"
    __import__(path)
    return sys.modules[path]


class _AbsentFinder:
    """Comes last among the finders, so that importing an absent module or name explains itself."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        package, _, name = fullname.rpartition(".")
        if package == _PACKAGE or package.startswith(_PACKAGE + "."):
            problem = absent_names(package[len(_PACKAGE) + 1 :], name)
            if isinstance(problem, NotInLyceum):
                raise problem
        return None


sys.meta_path.append(_AbsentFinder)
