"""What a package of others has and Lyceum's has not: such a name answers with its own name.

``torchvision.models.resnet18`` raises :class:`NotInLyceum`, which is a ``NotImplementedError`` for a reader and an
``AttributeError`` for ``hasattr``; ``from torchvision.models import resnet18`` says the same.
"""

import sys


class NotInLyceum(NotImplementedError, AttributeError):
    """Raised for a name that the original has and Lyceum has not; a learner reads it as a NotImplementedError."""


NotInLyceum.__module__ = "builtins"
NotInLyceum.__name__ = NotInLyceum.__qualname__ = "NotImplementedError"

_names = {}


def declare(module, names, submodules=(), hints=None):
    """Returns the ``__getattr__`` of a module: loads ``submodules`` when they are asked for, and knows what is missing.

    ``names`` are those that the original has beside what is here; ``hints`` say what to do instead.
    """
    _names[module] = (frozenset(names.split()), hints or {})
    if len(_names) == 1:
        sys.meta_path.append(_Finder)
    # `from module import name` looks among the submodules of a package alone; there the finder answers.
    vars(sys.modules[module]).setdefault("__path__", [])

    def __getattr__(name):
        if name in submodules:
            __import__(f"{module}.{name}")
            return sys.modules[f"{module}.{name}"]
        raise _error(module, name)

    return __getattr__


def not_here(what, hint=""):
    """Returns the exception for something that has no name of its own, such as a mode or an option."""
    return NotInLyceum(f"{what} is not part of Lyceum yet" + (f": {hint}" if hint else ""))


def _error(module, name):
    names, hints = _names[module]
    if name in names:
        return not_here(f"{module}.{name}", hints.get(name, ""))
    return AttributeError(f"module {module!r} has no attribute {name!r}")


class _Finder:
    """Comes last among the finders, so that importing a missing module explains itself."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        package, _, name = fullname.rpartition(".")
        if package in _names and name in _names[package][0]:
            raise _error(package, name)
        return None
