"""Scenes: pictures of 64 x 64 pixels with one to five handwritten digits somewhere in them.

Every digit is cut out along its ink, stretched, made brighter or darker and laid on a cloudy, noisy ground on which
a few pen strokes lie that are no digits. The answer comes for free: we know where we put what. Training scenes are
drawn afresh for every step, so no scene is ever seen twice.
"""
import random

import torch
import torch.nn.functional as F

import lyceum.data

SIZE = 64


class Scenes:
    """Draws scenes of the digits of one split, "train" or "test", the same ones for the same seed."""

    def __init__(self, split, seed):
        digits = lyceum.data.load("digits", split=split)
        self.glyphs = [cut_out(image[0]) for image in digits.data]
        self.labels = digits.target.tolist()
        self.random = random.Random(seed)
        self.noise = torch.Generator().manual_seed(seed)
        axis = torch.arange(SIZE) + 0.5
        self.y, self.x = axis[:, None], axis[None, :]

    def batch(self, count):
        """Returns images (count, 1, 64, 64) and the truth about each: boxes (n, 4) and labels (n,)."""
        scenes = [self.scene() for _ in range(count)]
        return torch.stack([image for image, _ in scenes]), [truth for _, truth in scenes]

    def scene(self):
        """Draws one scene. A box is (left, top, right, bottom) in pixels."""
        clouds = F.interpolate(torch.rand(1, 1, 5, 5, generator=self.noise), size=(SIZE, SIZE), mode="bilinear")[0]
        image = 0.35 * clouds + 0.15 * torch.rand(1, SIZE, SIZE, generator=self.noise)
        for _ in range(self.random.randint(0, 3)):
            image = torch.maximum(image, self.stroke())
        boxes, labels = [], []
        for _ in range(self.random.randint(1, 5)):
            which = self.random.randrange(len(self.glyphs))
            glyph = self.glyphs[which]
            height = self.random.randint(14, 28)
            width = round(height * glyph.shape[1] / glyph.shape[0] * self.random.uniform(0.85, 1.2))
            box = self.place(max(width, 4), height, boxes)
            if box is None:
                continue
            left, top, right, bottom = box
            ink = F.interpolate(glyph[None, None], size=(bottom - top, right - left), mode="bilinear")[0]
            region = image[:, top:bottom, left:right]
            region.copy_(torch.maximum(region, ink * self.random.uniform(0.6, 1.0)))
            boxes.append(box)
            labels.append(self.labels[which])
        return image, (torch.tensor(boxes, dtype=torch.float32), torch.tensor(labels))

    def place(self, width, height, others):
        """Returns a box that covers at most a tenth of every other one, or None when there is no room left."""
        for _ in range(20):
            left, top = self.random.randint(0, SIZE - width), self.random.randint(0, SIZE - height)
            right, bottom = left + width, top + height
            for l, t, r, b in others:
                common = max(0, min(r, right) - max(l, left)) * max(0, min(b, bottom) - max(t, top))
                if common > 0.1 * min(width * height, (r - l) * (b - t)):
                    break
            else:
                return left, top, right, bottom
        return None

    def stroke(self):
        """Draws a straight stroke about as thick as a digit's: bright within a pixel of a segment."""
        x0, y0 = self.random.uniform(0, SIZE), self.random.uniform(0, SIZE)
        dx, dy = self.random.uniform(-24, 24), self.random.uniform(-24, 24)
        along = ((self.x - x0) * dx + (self.y - y0) * dy) / (dx * dx + dy * dy + 1e-6)
        along = along.clamp(0, 1)
        distance = ((self.x - x0 - along * dx) ** 2 + (self.y - y0 - along * dy) ** 2).sqrt()
        return self.random.uniform(0.4, 0.9) * (2 - distance).clamp(0, 1)[None]


def cut_out(image):
    """Returns the smallest rectangle of the image that holds all of its ink."""
    ink = image > 0.2
    rows, columns = ink.any(dim=1).nonzero(), ink.any(dim=0).nonzero()
    return image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
