"""Lyceum's `PIL`: pictures as Pillow has them, over tensors.

    >>> from PIL import Image
    >>> picture = Image.open("cat.png").convert("L").resize((28, 28))

A picture is in PNG or JPEG, and has a mode of "1", "L", "LA", "RGB", "RGBA", "I" or "F". `show()` sends it to Lyceum as a
figure. What Pillow has and Lyceum has not raises NotImplementedError with its name.
"""

from _lyceum.missing import declare

__version__ = "13.0.0"


class UnidentifiedImageError(OSError):
    """Raised by `Image.open` for a file that is no picture."""


__getattr__ = declare(
    __name__,
    "ExifTags FontFile ImageChops ImageCms ImageColor ImageDraw ImageDraw2 ImageFile ImageFilter ImageFont ImageGrab ImageMath "
    "ImageMode ImageMorph ImagePalette ImagePath ImageQt ImageSequence ImageShow ImageStat ImageText ImageTk "
    "ImageTransform ImageWin PSDraw features",
    submodules=("Image", "ImageEnhance", "ImageOps"),
)
