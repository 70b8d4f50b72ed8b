"""Pictures with descriptions: one coloured thing on black, 24 x 24 pixels, and words that say what it is.

A thing is a circle, a square, a triangle, or a handwritten digit. It has four attributes: a colour, what it is, a size
and a place. A small thing is 8 pixels high, a big one 16. A caption says all of them or only some, in English or in Chinese. One combination of attributes in ten is
held out: who draws it from its caption has put together what it has never seen together.
"""
import random
from itertools import product

import torch
import torch.nn.functional as F

import lyceum.data

SIZE = 24
COLOURS = {  # English, Chinese, red-green-blue
    "red": ("红色", (1.0, 0.15, 0.15)),
    "green": ("绿色", (0.1, 0.8, 0.2)),
    "blue": ("蓝色", (0.2, 0.35, 1.0)),
    "yellow": ("黄色", (1.0, 0.9, 0.1)),
    "white": ("白色", (1.0, 1.0, 1.0)),
}
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
THINGS = dict(zip(DIGITS, (f"数字{digit}" for digit in "零一二三四五六七八九")))
THINGS |= {"circle": "圆形", "square": "正方形", "triangle": "三角形"}
SIZES = {"small": "小的", "big": "大的"}
PIXELS = {"small": 8, "big": 16}
PLACES = {
    "at the top left": "左上角", "at the top right": "右上角", "in the middle": "中间",
    "at the bottom left": "左下角", "at the bottom right": "右下角",
}
ATTRIBUTES = [list(COLOURS), list(THINGS), list(SIZES), list(PLACES)]

combinations = list(product(*ATTRIBUTES))
random.Random(0).shuffle(combinations)
HELD_OUT, TRAINING = combinations[: len(combinations) // 10], combinations[len(combinations) // 10 :]


def caption(attributes, chance, whole=False):
    """Describes attributes in words; unless `whole`, size and place are each left out one time in three."""
    colour, thing, size, place = attributes
    with_size, with_place = (whole or chance.random() < 2 / 3 for _ in range(2))
    if chance.random() < 0.5:
        return " ".join(["a", *[size] * with_size, colour, thing, *[place] * with_place])
    beginning = PLACES[place] + "有" if with_place else ""
    return beginning + "一个" + SIZES[size] * with_size + COLOURS[colour][0] + THINGS[thing]


def words(text):
    """An English word is a token, and so is a Chinese character."""
    return text.split() if text.isascii() else list(text)


class Vocabulary:
    """Words as numbers from 1 on; 0 fills captions up to the same length."""

    LENGTH = 13  # of the longest caption

    def __init__(self):
        text = " ".join(" ".join(a) for a in ATTRIBUTES) + " a"
        chinese = "有一个" + "".join([c for c, _ in COLOURS.values()] + [*THINGS.values(), *SIZES.values(), *PLACES.values()])
        self.number = {word: i + 1 for i, word in enumerate(sorted(set(text.split()) | set(chinese)))}

    def __len__(self):
        return len(self.number) + 1

    def encode(self, texts):
        """Returns the numbers of the captions' words: (B, LENGTH)."""
        rows = [[self.number[word] for word in words(text)] for text in texts]
        return torch.tensor([row + [0] * (self.LENGTH - len(row)) for row in rows])


class Painter:
    """Draws described things; its digits are those of one split of the data set."""

    def __init__(self, split, seed):
        digits = lyceum.data.load("digits", split=split)
        self.glyphs = [[cut_out(image[0]) for image in digits.data[digits.target == digit]] for digit in range(10)]
        self.chance = random.Random(seed)
        self.shapes = {(shape, size): draw_shape(shape, PIXELS[size]) for shape in ATTRIBUTES[1][10:] for size in SIZES}

    def batch(self, combinations, count):
        """Returns `count` pictures (count, 3, 24, 24) with random ones of the combinations, and these."""
        chosen = [self.chance.choice(combinations) for _ in range(count)]
        return torch.stack([self.draw(attributes) for attributes in chosen]), chosen

    def draw(self, attributes):
        colour, thing, size, place = attributes
        side = PIXELS[size]
        if thing in DIGITS:
            glyph = self.chance.choice(self.glyphs[DIGITS.index(thing)])
            width = min(max(round(side * glyph.shape[1] / glyph.shape[0]), 3), side)
            ink = F.interpolate(glyph[None, None], size=(side, width), mode="bilinear")[0, 0]
        else:
            ink = self.shapes[thing, size]
        room = SIZE - side
        top = 0 if "top" in place else room if "bottom" in place else room // 2
        left = 0 if "left" in place else room if "right" in place else room // 2
        left += (side - ink.shape[1]) // 2
        picture = torch.zeros(3, SIZE, SIZE)
        colour = torch.tensor(COLOURS[colour][1])
        picture[:, top : top + side, left : left + ink.shape[1]] = ink * colour[:, None, None]
        return picture


def cut_out(image):
    """Returns the smallest rectangle of the image that holds all of its ink."""
    ink = image > 0.2
    rows, columns = ink.any(dim=1).nonzero(), ink.any(dim=0).nonzero()
    return image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def draw_shape(shape, size):
    """Returns how much of each pixel of a square the shape covers: 1 inside, 0 outside, between them on its edge."""
    axis = torch.arange(size) + 0.5 - size / 2
    y, x = axis[:, None], axis[None, :]
    if shape == "circle":
        inside = size / 2 - (x * x + y * y).sqrt()
    elif shape == "square":
        inside = size / 2 - torch.maximum(x.abs(), y.abs())
    else:  # two slopes meet at the top; the height of the lines through them is twice the width
        inside = (size / 2 + y - 2 * x.abs()) / 5**0.5
    return (inside + 0.5).clamp(0, 1)
