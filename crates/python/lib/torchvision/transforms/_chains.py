"""Transforms made of transforms."""

import random

import torch


def lines(name, transforms, first=None):
    """Returns the printed form of a list of transforms."""
    parts = [name + "("] + ([first] if first else []) + [f"    {transform}" for transform in transforms]
    return "\n".join(parts) + "\n)"


class Compose:
    """Applies transforms one after the other."""

    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, img):
        for transform in self.transforms:
            img = transform(img)
        return img

    def __repr__(self):
        return lines(type(self).__name__, self.transforms)


class Lambda:
    """Applies a function."""

    def __init__(self, lambd):
        if not callable(lambd):
            raise TypeError(f"Argument lambd should be callable, got {repr(type(lambd).__name__)}")
        self.lambd = lambd

    def __call__(self, img):
        return self.lambd(img)

    def __repr__(self):
        return f"{type(self).__name__}()"


class RandomTransforms:
    """What lists of transforms have in common."""

    def __init__(self, transforms):
        if not isinstance(transforms, (list, tuple)):
            raise TypeError("Argument transforms should be a sequence")
        self.transforms = transforms

    def __repr__(self):
        return lines(type(self).__name__, self.transforms)


class RandomApply(torch.nn.Module):
    """Applies all of a list of transforms, or none."""

    def __init__(self, transforms, p=0.5):
        super().__init__()
        self.transforms = transforms
        self.p = p

    def forward(self, img):
        if self.p < torch.rand(1):
            return img
        for transform in self.transforms:
            img = transform(img)
        return img

    def __repr__(self):
        return lines(type(self).__name__, self.transforms, f"    p={self.p}")


class RandomOrder(RandomTransforms):
    """Applies transforms in an order that Python's `random` shuffles."""

    def __call__(self, img):
        order = list(range(len(self.transforms)))
        random.shuffle(order)
        for place in order:
            img = self.transforms[place](img)
        return img


class RandomChoice(RandomTransforms):
    """Applies one transform of a list, which Python's `random` chooses."""

    def __init__(self, transforms, p=None):
        super().__init__(transforms)
        if p is not None and not isinstance(p, (list, tuple)):
            raise TypeError("Argument p should be a sequence")
        self.p = p

    def __call__(self, *args):
        return random.choices(self.transforms, weights=self.p)[0](*args)

    def __repr__(self):
        return f"{super().__repr__()}(p={self.p})"
