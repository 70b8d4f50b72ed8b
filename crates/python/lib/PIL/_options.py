"""The numbers by which Pillow names filters and ways to turn."""

from enum import IntEnum


class Resampling(IntEnum):
    """How pixels are mixed where a picture gets another size."""

    NEAREST = 0
    LANCZOS = 1
    BILINEAR = 2
    BICUBIC = 3
    BOX = 4
    HAMMING = 5


class Transpose(IntEnum):
    """Mirrors and quarter turns."""

    FLIP_LEFT_RIGHT = 0
    FLIP_TOP_BOTTOM = 1
    ROTATE_90 = 2
    ROTATE_180 = 3
    ROTATE_270 = 4
    TRANSPOSE = 5
    TRANSVERSE = 6


class Transform(IntEnum):
    """Kinds of transformations."""

    AFFINE = 0
    EXTENT = 1
    PERSPECTIVE = 2
    QUAD = 3
    MESH = 4


class Dither(IntEnum):
    """How grey becomes black and white."""

    NONE = 0
    ORDERED = 1
    RASTERIZE = 2
    FLOYDSTEINBERG = 3


class Palette(IntEnum):
    """Kinds of palettes."""

    WEB = 0
    ADAPTIVE = 1


class Quantize(IntEnum):
    """Ways to find a palette."""

    MEDIANCUT = 0
    MAXCOVERAGE = 1
    FASTOCTREE = 2
    LIBIMAGEQUANT = 3
