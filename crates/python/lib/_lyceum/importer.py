"""Imports the modules that lie beside a program.

They come before the standard library, as in Python itself, except that a file cannot take the place of `torch`,
`numpy`, `lyceum` or what is built on them: a program saved as `torch.py` would otherwise import itself. The other
packages of Lyceum, such as `tqdm`, give way to a file of that name, as they would anywhere.
"""

import sys
from _frozen_importlib import ModuleSpec

import posix

_OURS = frozenset(("PIL", "_lyceum", "lyceum", "numpy", "torch", "torchvision"))

# Packages of Lyceum that give way to a file or a package, and not to a folder that only has such a name.
_GIVING_WAY = frozenset(("matplotlib", "tensorboardX", "tokenizers", "tqdm"))

# Parts of the standard library that cannot work here, and why.
_ABSENT = {
    "asyncio": "Lyceum runs no event loop",
    "ctypes": "a Lyceum program cannot call the machine's libraries",
    "curses": "a Lyceum program does not own the terminal",
    "select": "a Lyceum program has no network",
    "sqlite3": "Lyceum has no SQLite",
    "ssl": "a Lyceum program has no network",
    "tkinter": "a Lyceum program has no windows",
}

# Packages that many programs import.
_NOT_INCLUDED = frozenset((
    "IPython", "accelerate", "cv2", "datasets", "einops", "jax", "keras", "lightning", "numba", "onnx", "pandas",
    "plotly", "pytest", "pytorch_lightning", "requests", "safetensors", "scipy", "seaborn", "sklearn",
    "tensorboard", "tensorflow", "tiktoken", "torchaudio", "torchmetrics", "torchtext", "transformers", "triton",
    "wandb", "yaml",
))
_HERE = "torch, torchvision, numpy, matplotlib, PIL, tokenizers, tqdm, lyceum and Python's standard library"
_FOLDER, _FILE = 0o040000, 0o100000


def _kind(path):
    try:
        return posix.stat(path).st_mode & 0o170000
    except (OSError, ValueError):
        return 0


class SourceLoader:
    """Compiles and runs a module's file."""

    def __init__(self, name, path):
        self.name = name
        self.path = path

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        # Set here: the import system would also ask for the name of a compiled file, and there is none.
        module.__file__ = self.path
        exec(self.get_code(self.name), module.__dict__)

    def get_code(self, name=None):
        return compile(self.get_data(self.path), self.path, "exec", dont_inherit=True)

    def get_data(self, path):
        return posix._read_file(path)

    def get_source(self, name=None):
        return self.get_data(self.path).decode("utf-8-sig")

    def get_filename(self, name=None):
        return self.path

    def is_package(self, name=None):
        return self.path.endswith("/__init__.py")


class FolderLoader:
    """A folder without `__init__.py`, imported as a package."""

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        pass


class SourceFinder:
    """Finds modules in the folders of `sys.path`, or of their package."""

    def find_spec(self, name, path=None, target=None):
        top, _, rest = name.partition(".")
        if top in _OURS:
            return None
        last = name.rpartition(".")[2]
        folders = []
        for folder in sys.path if path is None else path:
            if not isinstance(folder, str):
                continue
            base = (folder or ".").rstrip("/") + "/" + last
            if _kind(base) == _FOLDER:
                if _kind(base + "/__init__.py") == _FILE:
                    return self._spec(name, base + "/__init__.py", [base])
                folders.append(base)
            if _kind(base + ".py") == _FILE:
                return self._spec(name, base + ".py", None)
        if folders and (rest or name not in sys.stdlib_module_names and name not in _GIVING_WAY):
            spec = ModuleSpec(name, FolderLoader(), is_package=True)
            spec.submodule_search_locations = folders
            return spec
        if top in _ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}: {_ABSENT[top]}", name=name)
        return None

    def _spec(self, name, path, locations):
        spec = ModuleSpec(name, SourceLoader(name, path), origin=path, is_package=locations is not None)
        if locations is not None:
            spec.submodule_search_locations = locations
        return spec

    def invalidate_caches(self):
        pass


class MissingPackages:
    """Says of a well-known package that is not there what is."""

    def find_spec(self, name, path=None, target=None):
        if name in _NOT_INCLUDED:
            message = f"No module named {name!r}: Lyceum has {_HERE}"
            raise ModuleNotFoundError(message, name=name)
        return None


def install():
    # After the built-in modules, before the frozen library.
    sys.meta_path.insert(1, SourceFinder())
    sys.meta_path.append(MissingPackages())
