"""MNIST and the sets that have its form: pictures of 28 x 28 in ten classes."""

import gzip
import os.path
import struct

import torch
import _lyceum_data as _native
from PIL import Image

from .vision import VisionDataset


class MNIST(VisionDataset):
    """Handwritten digits: 60,000 to train with and 10,000 to test with.

    `data` is `(N, 28, 28)` in uint8, `targets` `(N,)` in int64. The files are those under `root`, in `MNIST/raw` or beside
    it, if they are there, and otherwise what `lyceum data pull mnist` has brought into the catalogue.
    """

    training_file = "training.pt"
    test_file = "test.pt"
    classes = [
        "0 - zero", "1 - one", "2 - two", "3 - three", "4 - four", "5 - five", "6 - six", "7 - seven", "8 - eight",
        "9 - nine",
    ]
    _set = "mnist"

    def __init__(self, root=None, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.train = train
        self.data, self.targets = self._load(download)

    def _load(self, download):
        stem = "train" if self.train else "t10k"
        for folder in self._folders():
            images = _idx_file(folder, f"{stem}-images-idx3-ubyte")
            labels = _idx_file(folder, f"{stem}-labels-idx1-ubyte")
            if images and labels:
                return _read_idx(images), _read_idx(labels).to(torch.int64)
        if self._set is not None:
            try:
                data, targets, _ = _native.images(self._set, self.train)
                return data, targets
            except ValueError as error:
                if "withheld" in str(error):
                    raise
        name = type(self).__name__
        hint = f"run `lyceum data pull {self._set}` in a terminal, or put" if self._set else "put"
        raise RuntimeError(
            ("Dataset not found." if not download else f"{name} cannot be downloaded from within a program.")
            + f" Lyceum's programs have no network: {hint} the IDX files into {self.raw_folder or 'the root folder'}"
        )

    def _folders(self):
        if self.root is None:
            return []
        return [self.raw_folder, os.path.join(self.root, type(self).__name__), str(self.root)]

    @property
    def raw_folder(self):
        """Where the original files lie."""
        return None if self.root is None else os.path.join(self.root, type(self).__name__, "raw")

    @property
    def processed_folder(self):
        """Where older versions of torchvision kept what they had read."""
        return None if self.root is None else os.path.join(self.root, type(self).__name__, "processed")

    @property
    def train_labels(self):
        return self.targets

    @property
    def test_labels(self):
        return self.targets

    @property
    def train_data(self):
        return self.data

    @property
    def test_data(self):
        return self.data

    @property
    def class_to_idx(self):
        return {name: number for number, name in enumerate(self.classes)}

    def __getitem__(self, index):
        picture, target = Image.Image(self.data[index].unsqueeze(2), "L"), int(self.targets[index])
        if self.transform is not None:
            picture = self.transform(picture)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return picture, target

    def __len__(self):
        return len(self.data)

    def extra_repr(self):
        return "Split: " + ("Train" if self.train is True else "Test")


class FashionMNIST(MNIST):
    """Clothes: 60,000 pictures to train with and 10,000 to test with."""

    classes = [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ]
    _set = "fashion-mnist"


class KMNIST(MNIST):
    """Japanese characters in cursive; only from files under `root`."""

    classes = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"]
    _set = None


def _idx_file(folder, name):
    for path in (os.path.join(folder, name), os.path.join(folder, name + ".gz")):
        if os.path.isfile(path):
            return path
    return None


def _read_idx(path):
    """Reads an IDX file of bytes: two zeros, 8 for uint8, the number of dimensions, their sizes, the numbers."""
    with (gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")) as file:
        content = file.read()
    if len(content) < 4 or content[:3] != b"\0\0\x08" or len(content) < 4 + 4 * content[3]:
        raise ValueError(f"{path} is no IDX file of bytes")
    sizes = struct.unpack(f">{content[3]}I", content[4 : 4 + 4 * content[3]])
    count = 1
    for size in sizes:
        count *= size
    values = content[4 + 4 * content[3]:]
    if len(values) != count or not count:
        raise ValueError(f"{path} is broken: it says that it has {count} numbers, and has {len(values)}")
    return torch.frombuffer(bytearray(values), dtype=torch.uint8).reshape(sizes)
