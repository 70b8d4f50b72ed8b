"""Areas that a program makes by hand, most often for a legend or to mark a region."""

import math

from . import _artists
from ._absent import NotInLyceum


class Patch(_artists.Polygon):
    """An area of a color, for a legend."""

    def __init__(self, **options):
        super().__init__(None, [], [], options)


class Polygon(_artists.Polygon):
    """A closed outline through points."""

    def __init__(self, xy, *, closed=True, **options):
        points = [(float(x), float(y)) for x, y in xy]
        super().__init__(None, [x for x, _ in points], [y for _, y in points], options)


class Rectangle(_artists.Polygon):
    """A rectangle from its lower left corner."""

    def __init__(self, xy, width, height, *, angle=0.0, **options):
        if angle:
            raise NotInLyceum("Rectangle: the option 'angle' is not part of Lyceum yet")
        x, y = float(xy[0]), float(xy[1])
        super().__init__(None, [x, x + width, x + width, x], [y, y, y + height, y + height], options)


class Circle(_artists.Polygon):
    """A circle around a point."""

    def __init__(self, xy, radius=5, **options):
        super().__init__(None, *_ellipse(xy, radius, radius), options)


class Ellipse(_artists.Polygon):
    """An ellipse around a point."""

    def __init__(self, xy, width, height, *, angle=0.0, **options):
        super().__init__(None, *_ellipse(xy, width / 2, height / 2, angle), options)


def _ellipse(xy, wide, tall, angle=0.0):
    turn = math.radians(angle)
    xs, ys = [], []
    for step in range(96):
        along = math.tau * step / 96
        x, y = wide * math.cos(along), tall * math.sin(along)
        xs.append(xy[0] + x * math.cos(turn) - y * math.sin(turn))
        ys.append(xy[1] + x * math.sin(turn) + y * math.cos(turn))
    return xs, ys


def __getattr__(name):
    if name in ("Arc", "Arrow", "ArrowStyle", "BoxStyle", "CirclePolygon", "ConnectionPatch", "ConnectionStyle",
                "FancyArrow", "FancyArrowPatch", "FancyBboxPatch", "PathPatch", "RegularPolygon", "Shadow", "StepPatch",
                "Wedge", "Annulus"):
        raise NotInLyceum(f"matplotlib.patches.{name} is not part of Lyceum yet")
    raise AttributeError(f"module 'matplotlib.patches' has no attribute '{name}'")
