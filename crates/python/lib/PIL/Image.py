"""`PIL.Image`: a picture, and what makes one.

A picture's samples are a tensor `(height, width, channels)`; its size is `(width, height)`, as in Pillow.
"""

import builtins
import io

import torch
import _lyceum_image as _native

from _lyceum.missing import declare, not_here
from . import UnidentifiedImageError, __version__
from . import _modes
from ._options import Dither, Palette, Quantize, Resampling, Transform, Transpose
from ._turning import Turning

NEAREST, LANCZOS, BILINEAR, BICUBIC, BOX, HAMMING = (
    Resampling.NEAREST, Resampling.LANCZOS, Resampling.BILINEAR, Resampling.BICUBIC, Resampling.BOX,
    Resampling.HAMMING,
)
ANTIALIAS = LANCZOS
FLIP_LEFT_RIGHT, FLIP_TOP_BOTTOM, ROTATE_90, ROTATE_180, ROTATE_270, TRANSPOSE, TRANSVERSE = Transpose
AFFINE = Transform.AFFINE
MAX_IMAGE_PIXELS = 40_000_000

__getattr__ = declare(
    __name__,
    "DecompressionBombError DecompressionBombWarning Exif ImagePointHandler ImageTransformHandler SupportsArrayInterface "
    "SupportsGetData alpha_composite effect_mandelbrot effect_noise fromarrow frombuffer fromqimage fromqpixmap "
    "linear_gradient radial_gradient register_open register_save",
)


class Image(Turning):
    """A picture: `size`, `mode`, `width`, `height`, and methods that make other pictures of it."""

    format = None
    format_description = None
    filename = ""

    def __init__(self, pixels=None, mode="L"):
        self._pixels = pixels
        self._mode = mode
        self.info = {}

    @property
    def mode(self):
        return self._mode

    @property
    def width(self):
        return 0 if self._pixels is None else self._pixels.shape[1]

    @property
    def height(self):
        return 0 if self._pixels is None else self._pixels.shape[0]

    @property
    def size(self):
        return (self.width, self.height)

    def getbands(self):
        """Returns the names of the channels."""
        return _modes.BANDS[self.mode]

    def __repr__(self):
        kind = type(self)
        return f"<{kind.__module__}.{kind.__name__} image mode={self.mode} size={self.width}x{self.height} at 0x{id(self):X}>"

    def __eq__(self, other):
        if type(self) is not type(other):
            return False
        same = self.mode == other.mode and self.size == other.size and self.info == other.info
        return same and torch.equal(self._pixels, other._pixels)

    __hash__ = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return None

    def close(self):
        """Does nothing: a picture has been read when it is opened."""

    def verify(self):
        """Does nothing: what is wrong with a file has been said when it was opened."""

    def _like(self, pixels, mode=None):
        made = Image(pixels, mode or self._mode)
        made.info = dict(self.info)
        return made

    # Samples

    def __array__(self, dtype=None, copy=None):
        pixels = self._pixels[:, :, 0] if self._pixels.shape[2] == 1 else self._pixels
        if self.mode == "1":
            pixels = pixels != 0
        array = pixels.contiguous().numpy()
        return array.copy() if dtype is None else array.astype(dtype)

    def tobytes(self, encoder_name="raw", *args):
        """Returns the samples row by row, as bytes."""
        if encoder_name != "raw" or args:
            raise not_here("Image.tobytes with an encoder")
        if self.mode == "1":
            raise not_here("Image.tobytes in the mode '1'")
        return bytes(self._pixels.contiguous().view(torch.uint8).reshape(-1).tolist())

    def getdata(self, band=None):
        """Returns the samples pixel by pixel: numbers, or tuples of them."""
        if band is not None:
            return self._pixels[:, :, band].reshape(-1).tolist()
        rows = self._pixels.reshape(-1, self._pixels.shape[2]).tolist()
        return [row[0] for row in rows] if self._pixels.shape[2] == 1 else [tuple(row) for row in rows]

    get_flattened_data = getdata

    def putdata(self, data, scale=1.0, offset=0.0):
        """Sets the samples, pixel by pixel, from the first one on."""
        values = torch.tensor(list(data), dtype=torch.float64).reshape(-1, self._pixels.shape[2]) * scale + offset
        flat = self._pixels.reshape(-1, self._pixels.shape[2]).clone()
        if len(values) > len(flat):
            raise TypeError("too many data entries")
        flat[: len(values)] = values.to(self._pixels.dtype)
        self._pixels = flat.reshape(self._pixels.shape)

    def getpixel(self, xy):
        """Returns the samples at `(x, y)`: a number, or a tuple of them."""
        x, y = self._place(xy)
        values = self._pixels[y, x].tolist()
        return values[0] if len(values) == 1 else tuple(values)

    def putpixel(self, xy, value):
        """Sets the samples at `(x, y)`."""
        x, y = self._place(xy)
        self._pixels[y, x] = torch.tensor(_modes.color_of(value, self.mode), dtype=self._pixels.dtype)

    def _place(self, xy):
        x, y = (int(place) for place in xy)
        x, y = (x + self.width if x < 0 else x), (y + self.height if y < 0 else y)
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise IndexError("image index out of range")
        return x, y

    def load(self):
        """Returns the pixels as something that is indexed by `[x, y]`."""
        return PixelAccess(self)

    def getextrema(self):
        """Returns the least and the greatest sample of each channel."""
        pairs = [(int(band.min()), int(band.max())) for band in self._pixels.unbind(dim=2)]
        if self.mode == "F":
            pairs = [(float(band.min()), float(band.max())) for band in self._pixels.unbind(dim=2)]
        return pairs[0] if len(pairs) == 1 else tuple(pairs)

    def histogram(self, mask=None):
        """Returns how often each of 256 values stands in each channel, one channel after the other."""
        if mask is not None or self._pixels.dtype != torch.uint8:
            raise not_here("Image.histogram with a mask, or of numbers that are no bytes")
        counts = [torch.bincount(band.reshape(-1).to(torch.int64), minlength=256) for band in self._pixels.unbind(2)]
        return torch.cat(counts).tolist()

    def getbbox(self, *, alpha_only=True):
        """Returns the box around all that is not zero, or None."""
        seen = self._pixels[:, :, -1:] if alpha_only and self.mode in ("LA", "RGBA") else self._pixels
        lit = (seen != 0).any(dim=2)
        if not bool(lit.any()):
            return None
        rows, columns = lit.any(dim=1).nonzero().reshape(-1), lit.any(dim=0).nonzero().reshape(-1)
        return (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)

    # Modes and channels

    def convert(self, mode=None, matrix=None, dither=None, palette=Palette.WEB, colors=256):
        """Returns the picture in another mode."""
        if matrix is not None:
            raise not_here("Image.convert with a matrix")
        if mode is None or mode == self.mode:
            return self.copy()
        is_diffused = dither is None or dither == Dither.FLOYDSTEINBERG
        return self._like(_modes.convert(self._pixels, self.mode, mode, is_diffused), mode)

    def split(self):
        """Returns a picture of each channel."""
        return tuple(Image(band.unsqueeze(2).contiguous(), "L" if len(self.getbands()) > 1 else self.mode)
                     for band in self._pixels.unbind(dim=2))

    def getchannel(self, channel):
        """Returns one channel, by its number or name."""
        if isinstance(channel, str):
            if channel not in self.getbands():
                raise ValueError(f'The image has no channel "{channel}"')
            channel = self.getbands().index(channel)
        return self.split()[channel]

    def putalpha(self, alpha):
        """Gives the picture opacity, in place: a number or a picture of mode "L"."""
        mode = "LA" if self.mode in ("1", "L", "LA") else "RGBA"
        pixels = _modes.convert(self._pixels, self.mode, mode)
        pixels[:, :, -1] = alpha._pixels[:, :, 0] if isinstance(alpha, Image) else int(alpha)
        self._pixels, self._mode = pixels, mode

    def point(self, lut, mode=None):
        """Returns the picture with each sample looked up in a table, or passed through a function."""
        if mode not in (None, self.mode) or self._pixels.dtype != torch.uint8:
            raise not_here("Image.point into another mode, or for numbers that are no bytes")
        table = [lut(value) for value in range(256)] if callable(lut) else list(lut)
        channels = self._pixels.shape[2]
        if callable(lut):
            table = table * channels
        if len(table) != 256 * channels:
            raise ValueError("wrong number of lut entries")
        table = torch.tensor([min(max(int(value), 0), 255) for value in table], dtype=torch.uint8)
        places = self._pixels.to(torch.int64) + torch.arange(channels) * 256
        return self._like(table[places])

    # Files

    def copy(self):
        """Returns a copy."""
        return self._like(self._pixels.clone())

    def save(self, fp, format=None, **params):
        """Writes the picture as PNG or JPEG into a file, by the ending of its name or by `format`."""
        name = fp if isinstance(fp, str) else getattr(fp, "__fspath__", lambda: "")()
        if format is None:
            ending = name[name.rfind("."):].lower() if "." in name else ""
            format = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".jpe": "JPEG"}.get(ending)
            if format is None:
                raise ValueError(f"unknown file extension: {ending}: Lyceum writes .png and .jpg")
        data = _encode(self, format.upper(), params)
        if name:
            with builtins.open(name, "wb") as file:
                file.write(data)
        else:
            fp.write(data)

    def show(self, title=None):
        """Shows the picture as a figure."""
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots()
        shown = self if self.mode in ("RGB", "RGBA") else self.convert("RGB")
        axes.imshow(shown._pixels)
        axes.axis("off")
        if title:
            axes.set_title(title)
        plt.show()

    def tell(self):
        """Returns the number of the frame: 0, since there is one."""
        return 0

    def seek(self, frame):
        """Goes to a frame, of which there is one."""
        if frame != 0:
            raise EOFError("no more images in file")

    def __getattr__(self, name):
        if name in _METHODS:
            raise not_here(f"PIL.Image.Image.{name}")
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")


_METHODS = frozenset(
    "alpha_composite apply_transparency draft effect_spread entropy filter frombytes get_child_images getcolors getexif "
    "getim getpalette getprojection getxmp has_transparency_data putpalette quantize remap_palette show tobitmap toqimage "
    "toqpixmap".split()
)


class PixelAccess:
    """The pixels of a picture, by `[x, y]`."""

    def __init__(self, image):
        self._image = image

    def __getitem__(self, xy):
        return self._image.getpixel(xy)

    def __setitem__(self, xy, value):
        self._image.putpixel(xy, value)


def _encode(image, format, options):
    if format == "JPG":
        format = "JPEG"
    for name in ("optimize", "progressive", "subsampling", "dpi", "exif", "icc_profile", "pnginfo"):
        if options.pop(name, None):
            raise not_here(f"Image.save with {name}")
    if format == "PNG":
        pixels = image._pixels
        if pixels.dtype != torch.uint8:
            raise OSError(f"cannot write mode {image.mode} as PNG")
        return _native.encode_png(pixels, int(options.get("compress_level", 6)))
    if format == "JPEG":
        if image.mode not in ("1", "L", "RGB"):
            raise OSError(f"cannot write mode {image.mode} as JPEG")
        quality = options.get("quality", 75)
        return _native.encode_jpeg(image._pixels, 75 if quality in (-1, 0) else min(max(int(quality), 1), 100))
    raise not_here(f"PIL.Image: writing {format}", "Lyceum writes PNG and JPEG")


def open(fp, mode="r", formats=None):
    """Opens a picture: a path, or a file that is open for bytes."""
    if mode != "r":
        raise ValueError(f"bad mode {mode!r}")
    name = fp if isinstance(fp, str) else getattr(fp, "__fspath__", lambda: "")()
    if name:
        with builtins.open(name, "rb") as file:
            data = file.read()
    elif isinstance(fp, io.StringIO):
        raise ValueError("StringIO cannot be used to open an image. Binary data must be used instead.")
    else:
        data = fp.read()
    try:
        facts = _native.decode(data)
    except ValueError as error:
        message = str(error)
        if message.startswith("cannot identify"):
            raise UnidentifiedImageError(f"cannot identify image file {fp!r}: Lyceum reads PNG and JPEG") from None
        raise OSError(message) from None
    pixels = facts["pixels"]
    channels = pixels.shape[2]
    picture_mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[channels]
    if channels == 1 and facts["bits"] == 1:
        picture_mode = "1"
    if pixels.dtype == torch.int32:
        picture_mode = "I"
    image = Image(pixels, picture_mode)
    image.format = facts["format"]
    image.filename = name
    return image


def new(mode, size, color=0):
    """Makes a picture of one colour; `size` is `(width, height)`."""
    _modes.check(mode)
    width, height = size
    if width < 0 or height < 0:
        raise ValueError("Width and height must be >= 0")
    parts = _modes.color_of(0 if color is None else color, mode)
    pixels = torch.tensor(parts, dtype=_modes.dtype_of(mode)).reshape(1, 1, -1).expand(height, width, -1)
    return Image(pixels.clone(), mode)


def fromarray(obj, mode=None):
    """Makes a picture of an array `(height, width)` or `(height, width, channels)`."""
    values = obj if isinstance(obj, torch.Tensor) else torch.as_tensor(obj)
    if values.dim() not in (2, 3):
        raise TypeError(f"Cannot handle this data type: {tuple(values.shape)}, {values.dtype}")
    pixels = values.detach().unsqueeze(2) if values.dim() == 2 else values.detach()
    kinds = {(torch.uint8, 1): "L", (torch.uint8, 2): "LA", (torch.uint8, 3): "RGB", (torch.uint8, 4): "RGBA",
             (torch.bool, 1): "1", (torch.int32, 1): "I", (torch.float32, 1): "F", (torch.float64, 1): "F"}
    kind = kinds.get((pixels.dtype, pixels.shape[2]))
    if kind is None:
        raise TypeError(f"Cannot handle this data type: {tuple(values.shape[2:]) or (1, 1)}, {values.dtype}")
    if mode not in (None, kind):
        raise not_here(f"PIL.Image.fromarray of {values.dtype} as {mode!r}")
    pixels = pixels.to(torch.uint8) * 255 if kind == "1" else pixels.to(_modes.dtype_of(kind))
    return Image(pixels.clone(), kind)


def frombytes(mode, size, data, decoder_name="raw", *args):
    """Makes a picture of its samples, row by row."""
    _modes.check(mode)
    if decoder_name != "raw" or args or _modes.dtype_of(mode) != torch.uint8 or mode == "1":
        raise not_here("PIL.Image.frombytes in this form")
    width, height = size
    channels = len(_modes.BANDS[mode])
    if len(data) != width * height * channels:
        raise ValueError("not enough image data" if len(data) < width * height * channels else "cannot decode image data")
    return Image(torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(height, width, channels).clone(), mode)


def merge(mode, bands):
    """Makes a picture of one picture for each channel."""
    _modes.check(mode)
    if len(bands) != len(_modes.BANDS[mode]):
        raise ValueError("wrong number of bands")
    if any(band.size != bands[0].size for band in bands):
        raise ValueError("size mismatch")
    return Image(torch.cat([band._pixels for band in bands], dim=2), mode)


def blend(im1, im2, alpha):
    """Mixes two pictures: `im1 * (1 - alpha) + im2 * alpha`."""
    if im1.size != im2.size or im1.mode != im2.mode:
        raise ValueError("images do not match")
    first, second = im1._pixels.to(torch.float32), im2._pixels.to(torch.float32)
    return Image(_modes.to_bytes(first + alpha * (second - first)), im1.mode)


def composite(image1, image2, mask):
    """Takes each pixel from the first picture where a mask is lit, and from the second elsewhere."""
    image = image2.copy()
    image.paste(image1, None, mask)
    return image


def eval(image, *args):
    """Passes each sample through a function."""
    return image.point(args[0])


def isImageType(t):
    """Tells whether something is a picture."""
    return isinstance(t, Image)
