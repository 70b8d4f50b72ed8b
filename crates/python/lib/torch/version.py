"""The version of PyTorch whose behaviour this package follows. It is Lyceum's own code, not PyTorch's."""

__version__ = "2.15.0"
debug = False
cuda = None
hip = None
git_version = "lyceum"
