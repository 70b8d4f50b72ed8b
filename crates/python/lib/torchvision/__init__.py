"""Lyceum's `torchvision`: data sets, transforms and operations on pictures.

    >>> from torchvision import datasets, transforms
    >>> train = datasets.MNIST("data", train=True, download=True, transform=transforms.ToTensor())

The transforms draw the same random numbers as torchvision's. What torchvision has and Lyceum has not raises
NotImplementedError with its name.
"""

from _lyceum.missing import declare

__version__ = "0.29.2"

_image_backend = "PIL"


def get_image_backend():
    """Returns the name of the package that pictures come from."""
    return _image_backend


def set_image_backend(backend):
    """Chooses the package that pictures come from: "PIL"."""
    if backend != "PIL":
        raise ValueError(f"Invalid backend '{backend}'. Options are 'PIL' in Lyceum")


def disable_beta_transforms_warning():
    """Does nothing: no such warning is given."""


__getattr__ = declare(
    __name__,
    "extension get_video_backend set_video_backend prototype tv_tensors",
    submodules=("datasets", "io", "models", "ops", "transforms", "utils"),
)
