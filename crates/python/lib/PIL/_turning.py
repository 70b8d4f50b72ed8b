"""Methods of a picture that change its size, or move its pixels."""

import math

import torch
import _lyceum_image as _native

from _lyceum.missing import not_here
from . import _modes
from ._options import Resampling, Transform, Transpose

_FILTERS = {
    Resampling.NEAREST: "nearest", Resampling.BOX: "box", Resampling.BILINEAR: "bilinear",
    Resampling.HAMMING: "hamming", Resampling.BICUBIC: "bicubic", Resampling.LANCZOS: "lanczos",
}


class Turning:
    """What `Image` can do with the places of its pixels."""

    def resize(self, size, resample=None, box=None, reducing_gap=None):
        """Returns the picture in another size, `(width, height)`; bicubic unless told otherwise."""
        if reducing_gap is not None and (reducing_gap < 1.0 or box is not None):
            if reducing_gap < 1.0:
                raise ValueError("reducing_gap must be 1.0 or greater")
            raise not_here("Image.resize of a part with reducing_gap")
        default = Resampling.NEAREST if self.mode == "1" else Resampling.BICUBIC
        resample = default if resample is None else resample
        if resample not in _FILTERS:
            raise ValueError(f"Unknown resampling filter ({resample}).")
        width, height = (int(side) for side in size)
        box = (0, 0, *self.size) if box is None else tuple(box)
        if self.size == (width, height) and box == (0, 0, width, height):
            return self.copy()
        name = "nearest" if self.mode == "1" else _FILTERS[resample]
        if self._pixels.dtype != torch.uint8:
            return self._like(self._resized_numbers(width, height, name, box))
        has_alpha = self.mode in ("LA", "RGBA") and name != "nearest"
        pixels = _modes.multiplied(self._pixels) if has_alpha else self._pixels
        if reducing_gap is not None and name != "nearest":
            across = int(self.width / width / reducing_gap) or 1
            down = int(self.height / height / reducing_gap) or 1
            pixels, box = _means(pixels, across, down), (0, 0, self.width / across, self.height / down)
        pixels = _native.resize(pixels, height, width, name, *(float(side) for side in box))
        return self._like(_modes.divided(pixels) if has_alpha else pixels)

    def _resized_numbers(self, width, height, name, box):
        if name != "nearest":
            raise not_here(f"Image.resize of mode {self.mode!r} with another filter than NEAREST")
        left, top, right, bottom = box
        columns = (left + (torch.arange(width) + 0.5) * (right - left) / width).long().clamp(max=self.width - 1)
        rows = (top + (torch.arange(height) + 0.5) * (bottom - top) / height).long().clamp(max=self.height - 1)
        return self._pixels[rows][:, columns].contiguous()

    def thumbnail(self, size, resample=Resampling.BICUBIC, reducing_gap=2.0):
        """Makes the picture smaller in place, so that it fits into a size and keeps its shape."""
        width, height = (int(math.floor(side)) for side in size)
        if width >= self.width and height >= self.height:
            return
        aspect = self.width / self.height
        if width / height >= aspect:
            width = _nearest_side(height * aspect, lambda side: abs(aspect - side / height))
        else:
            height = _nearest_side(width / aspect, lambda side: 0 if side == 0 else abs(aspect - width / side))
        self._pixels = self.resize((width, height), resample, reducing_gap=reducing_gap)._pixels

    def reduce(self, factor, box=None):
        """Returns the picture made smaller by whole factors: each pixel is the mean of a block."""
        across, down = (factor, factor) if isinstance(factor, int) else factor
        source = self if box is None else self.crop(box)
        if (across, down) == (1, 1):
            return source.copy()
        if source._pixels.dtype != torch.uint8:
            raise not_here(f"Image.reduce of mode {self.mode!r}")
        has_alpha = self.mode in ("LA", "RGBA")
        means = _means(_modes.multiplied(source._pixels) if has_alpha else source._pixels, across, down)
        return self._like(_modes.divided(means) if has_alpha else means)

    def crop(self, box=None):
        """Returns the part `(left, upper, right, lower)`; what lies outside is black."""
        if box is None:
            return self.copy()
        left, top, right, bottom = (int(round(side)) for side in box)
        if right < left:
            raise ValueError("Coordinate 'right' is less than 'left'")
        if bottom < top:
            raise ValueError("Coordinate 'lower' is less than 'upper'")
        if 0 <= left and 0 <= top and right <= self.width and bottom <= self.height:
            return self._like(self._pixels[top:bottom, left:right].clone())
        pixels = torch.zeros(bottom - top, right - left, self._pixels.shape[2], dtype=self._pixels.dtype)
        x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, self.width), min(bottom, self.height)
        if x0 < x1 and y0 < y1:
            pixels[y0 - top : y1 - top, x0 - left : x1 - left] = self._pixels[y0:y1, x0:x1]
        return self._like(pixels)

    def paste(self, im, box=None, mask=None):
        """Puts a picture or a colour into this one, in place, at `(left, upper)` or into a box."""
        if hasattr(box, "_pixels"):
            box, mask = None, box
        box = (0, 0) if box is None else tuple(int(side) for side in box)
        source = im if hasattr(im, "_pixels") else None
        if len(box) == 2:
            over = source or mask
            size = self.size if over is None else over.size
            box = (*box, box[0] + size[0], box[1] + size[1])
        left, top, right, bottom = box
        if source is None:
            color = torch.tensor(_modes.color_of(im, self.mode), dtype=self._pixels.dtype)
            new = color.expand(bottom - top, right - left, -1)
        else:
            if source.size != (right - left, bottom - top):
                raise ValueError("images do not match")
            new = source._pixels if source.mode == self.mode else source.convert(self.mode)._pixels
        x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, self.width), min(bottom, self.height)
        if x0 >= x1 or y0 >= y1:
            return
        part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
        place = (slice(y0, y1), slice(x0, x1))
        new = new[part]
        if mask is not None:
            share = mask._pixels[:, :, -1:][part].to(torch.int32)
            product = new.to(torch.int32) * share + self._pixels[place].to(torch.int32) * (255 - share) + 128
            new = (product.div(256, rounding_mode="floor") + product).div(256, rounding_mode="floor")
        self._pixels[place] = new.to(self._pixels.dtype)

    def transpose(self, method):
        """Returns the picture mirrored or turned by a quarter."""
        pixels = self._pixels
        if method in (Transpose.TRANSPOSE, Transpose.ROTATE_90, Transpose.ROTATE_270, Transpose.TRANSVERSE):
            pixels = pixels.transpose(0, 1)
        flipped = {
            Transpose.FLIP_LEFT_RIGHT: [1], Transpose.FLIP_TOP_BOTTOM: [0], Transpose.ROTATE_180: [0, 1],
            Transpose.ROTATE_90: [0], Transpose.ROTATE_270: [1], Transpose.TRANSVERSE: [0, 1], Transpose.TRANSPOSE: [],
        }
        if method not in flipped:
            raise ValueError("No such transpose operation")
        return self._like(torch.flip(pixels, flipped[method]).contiguous())

    def rotate(self, angle, resample=Resampling.NEAREST, expand=False, center=None, translate=None, fillcolor=None):
        """Returns the picture turned by degrees against the clock."""
        angle = angle % 360.0
        if not (center or translate):
            if angle == 0:
                return self.copy()
            if angle == 180:
                return self.transpose(Transpose.ROTATE_180)
            if angle in (90, 270) and (expand or self.width == self.height):
                return self.transpose(Transpose.ROTATE_90 if angle == 90 else Transpose.ROTATE_270)
        width, height = self.size
        shift = (0, 0) if translate is None else translate
        middle = (width / 2, height / 2) if center is None else center
        turn = -math.radians(angle)
        matrix = [
            round(math.cos(turn), 15), round(math.sin(turn), 15), 0.0,
            round(-math.sin(turn), 15), round(math.cos(turn), 15), 0.0,
        ]

        def moved(x, y):
            a, b, c, d, e, f = matrix
            return a * x + b * y + c, d * x + e * y + f

        matrix[2], matrix[5] = moved(-middle[0] - shift[0], -middle[1] - shift[1])
        matrix[2] += middle[0]
        matrix[5] += middle[1]
        if expand:
            corners = [moved(x, y) for x, y in ((0, 0), (width, 0), (width, height), (0, height))]
            xs, ys = zip(*corners)
            new_width = math.ceil(max(xs)) - math.floor(min(xs))
            new_height = math.ceil(max(ys)) - math.floor(min(ys))
            matrix[2], matrix[5] = moved(-(new_width - width) / 2.0, -(new_height - height) / 2.0)
            width, height = new_width, new_height
        return self.transform((width, height), Transform.AFFINE, matrix, resample, fillcolor=fillcolor)

    def transform(self, size, method, data=None, resample=Resampling.NEAREST, fill=1, fillcolor=None):
        """Returns a picture whose pixels come from the places that a matrix gives for theirs."""
        if method != Transform.AFFINE:
            raise not_here("Image.transform with another method than AFFINE")
        if resample not in (Resampling.NEAREST, Resampling.BILINEAR):
            raise not_here("Image.transform with another filter than NEAREST or BILINEAR")
        if self._pixels.dtype != torch.uint8:
            raise not_here(f"Image.transform of mode {self.mode!r}")
        width, height = size
        is_bilinear = resample == Resampling.BILINEAR and self.mode != "1"
        color = _modes.color_of(fillcolor, self.mode) if fillcolor is not None else [0] * self._pixels.shape[2]
        has_alpha = is_bilinear and self.mode in ("LA", "RGBA")
        pixels = _modes.multiplied(self._pixels) if has_alpha else self._pixels
        pixels = _native.affine(pixels, height, width, list(data)[:6], is_bilinear, color)
        return self._like(_modes.divided(pixels) if has_alpha else pixels)


def _means(pixels, across, down):
    """The means of blocks of bytes."""
    if (across, down) == (1, 1):
        return pixels
    sums, counts = pixels.to(torch.int64), torch.ones(pixels.shape[0], pixels.shape[1], 1, dtype=torch.int64)
    for dim, size in ((0, down), (1, across)):
        sums, counts = (_sum_blocks(values, dim, size) for values in (sums, counts))
    return ((sums + counts // 2) * (2**24 // counts) // 2**24).to(torch.uint8)


def _sum_blocks(values, dim, size):
    """Sums stretches of a dimension; the last one may be shorter."""
    count = values.shape[dim]
    wanted = -(-count // size) * size
    if wanted != count:
        shape = list(values.shape)
        shape[dim] = wanted - count
        values = torch.cat([values, torch.zeros(shape, dtype=values.dtype)], dim=dim)
    return values.unflatten(dim, (wanted // size, size)).sum(dim=dim + 1)


def _nearest_side(number, error):
    return max(min(math.floor(number), math.ceil(number), key=error), 1)
