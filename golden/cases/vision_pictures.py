"""PIL: pictures, their sizes, modes and files, byte for byte."""

import io
import zlib

from PIL import Image, ImageEnhance, ImageOps


def noise(mode, width=23, height=17, seed=1):
    values, channels = bytearray(), {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}[mode]
    for _ in range(width * height * channels):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        values.append((seed >> 16) & 255)
    return Image.frombytes(mode, (width, height), bytes(values))


def mark(*pictures):
    """Shows the form of pictures and a checksum of their bytes."""
    for picture in pictures:
        data = bytes(255 if lit else 0 for lit in picture.getdata()) if picture.mode == "1" else picture.tobytes()
        show(picture.mode, list(picture.size), zlib.crc32(data))


ALL = [noise(mode) for mode in ("L", "LA", "RGB", "RGBA")]

# --- resize_filters
for picture in ALL:
    for resample in range(6):
        mark(*(picture.resize(size, resample) for size in ((11, 9), (40, 31), (23, 5), (7, 17), (30, 8), (9, 30))))

# --- resize_part
for picture in ALL:
    mark(picture.resize((10, 10)), picture.resize((10, 10), 2, box=(3.5, 2.25, 20, 15)), picture.resize((23, 17)))

# --- thumbnail
for size in ((9, 9), (100, 5), (50, 50), (23, 4)):
    picture = noise("RGB")
    picture.thumbnail(size)
    mark(picture)

# --- reduce
for picture in ALL:
    mark(picture.reduce(2), picture.reduce((3, 4)), picture.resize((5, 4), 2, reducing_gap=1.5))

# --- rotate
for picture in ALL:
    for angle in (0, 13, 90, 180, 270, -30.5, 359):
        mark(*(picture.rotate(angle, resample, expand) for resample in (0, 2) for expand in (False, True)))
    mark(picture.rotate(30, center=(3, 4), translate=(2, -1)))

# --- rotate_fill
mark(noise("L").rotate(30, fillcolor=9), noise("RGB").rotate(30, fillcolor=(1, 2, 3)), noise("RGB").rotate(30, fillcolor="red"))

# --- transpose
for picture in ALL:
    mark(*(picture.transpose(method) for method in range(7)))

# --- affine
for resample in (0, 2):
    mark(noise("RGB").transform((20, 20), Image.AFFINE, (0.7, 0.2, 1.5, -0.1, 1.3, 2.0), resample))

# --- crop_and_paste
for picture in ALL:
    mark(picture.crop((-3, -2, 10, 30)), picture.crop((2, 3, 10, 12)))
    changed = picture.copy()
    changed.paste(5, (2, 3, 8, 9))
    changed.paste(noise(picture.mode, 5, 4, 7), (-2, 15))
    mark(changed)

# --- paste_mask
changed = noise("RGB")
changed.paste(noise("RGB", seed=9), (0, 0), noise("L", seed=7))
mark(changed, Image.composite(noise("RGB"), noise("RGB", seed=9), noise("L", seed=7)), Image.blend(noise("RGB"), noise("RGB", seed=9), 0.3))

# --- convert
for picture in ALL:
    mark(*(picture.convert(mode) for mode in ("1", "L", "LA", "RGB", "RGBA")), picture.convert("1", dither=0))
show(noise("RGB").convert("I").getpixel((1, 1)), noise("RGB").convert("F").getpixel((1, 1)))

# --- new
mark(Image.new("RGB", (4, 3), "orange"), Image.new("L", (4, 3), "#ff8040"), Image.new("RGBA", (4, 3), (1, 2, 3)))
for mode in ("L", "LA", "RGB", "RGBA"):
    show([Image.new(mode, (1, 1), color).getpixel((0, 0)) for color in (5, 300, -1, 0x01020304, (7,))])
show(Image.new("F", (2, 2), 1.5).getpixel((0, 0)), Image.new("I", (2, 2), 70000).getpixel((1, 1)))

# --- pixels
for picture in ALL:
    show(picture.getextrema(), picture.getbbox(), picture.getpixel((3, 4)), picture.getpixel((-1, -1)), picture.histogram()[:20])
picture = noise("RGB")
pixels = picture.load()
pixels[1, 1] = (9, 8, 7)
picture.putpixel((2, 2), (1, 2, 3))
show(pixels[1, 1], picture.getpixel((2, 2)), list(picture.split()[0].getdata())[:9])
mark(Image.merge("RGB", picture.split()[::-1]), picture.point(lambda value: value * 2 if value < 100 else 255 - value))

# --- enhance
for picture in (noise("L"), noise("RGB"), noise("RGBA")):
    for factor in (0.0, 0.5, 1.7):
        mark(ImageEnhance.Brightness(picture).enhance(factor), ImageEnhance.Contrast(picture).enhance(factor), ImageEnhance.Color(picture).enhance(factor))

# --- operations
for picture in (noise("L"), noise("RGB")):
    mark(ImageOps.invert(picture), ImageOps.mirror(picture), ImageOps.flip(picture), ImageOps.grayscale(picture))
    mark(ImageOps.solarize(picture, 100), ImageOps.expand(picture, 2, 7), ImageOps.fit(picture, (9, 9)), ImageOps.pad(picture, (20, 30)))

# --- png
for picture in ALL:
    file = io.BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    read = Image.open(file)
    mark(read)
    show(read.format, read.size, read.mode)

# --- jpeg
file = io.BytesIO()
Image.new("RGB", (16, 16), (90, 90, 90)).save(file, "JPEG", quality=90)
file.seek(0)
read = Image.open(file)
show(read.format, read.size, read.mode, read.getpixel((3, 3)))

# --- mistakes
fails(lambda: Image.new("XYZ", (1, 1)))
fails(lambda: noise("L").getpixel((100, 0)))
fails(lambda: noise("L").resize((0, 5)))
fails(lambda: noise("L").crop((5, 5, 2, 9)))
fails(lambda: noise("RGBA").save(io.BytesIO(), "JPEG"))
fails(lambda: noise("L").paste(noise("L", 3, 3), (0, 0, 9, 9)))
fails(lambda: Image.open("nothere.png"))
