"""`torchvision.transforms.functional`: transforms as functions, of PIL pictures and of tensors `(..., C, H, W)`."""

import math

import torch
from PIL import Image, ImageEnhance

from _lyceum.missing import declare, not_here
from . import _numbers
from ._modes import PILLOW, InterpolationMode, mode_of

__getattr__ = declare(
    __name__, "adjust_sharpness autocontrast elastic_transform equalize perspective to_grayscale_image",
)


def _is_pil(img):
    return isinstance(img, Image.Image)


def _check(img):
    if not _is_pil(img) and not isinstance(img, torch.Tensor):
        raise TypeError(f"Unexpected type {type(img)}")


def _planes(img):
    """The samples of a picture as `(C, H, W)`."""
    return img._pixels.permute(2, 0, 1)


def _picture(planes, like):
    return Image.Image(planes.permute(1, 2, 0).contiguous(), like.mode)


def _on_both(change):
    """Makes a function of tensors one of pictures, too."""

    def changed(img, *args, **kwargs):
        _check(img)
        if _is_pil(img):
            return _picture(change(_planes(img), *args, **kwargs), img)
        return change(img, *args, **kwargs)

    changed.__name__ = changed.__qualname__ = change.__name__
    changed.__doc__ = change.__doc__
    return changed


# Sizes, and from one form to another

def get_dimensions(img):
    """Returns `[channels, height, width]`."""
    _check(img)
    if _is_pil(img):
        return [len(img.getbands()), img.height, img.width]
    return [1 if img.dim() == 2 else img.shape[-3], img.shape[-2], img.shape[-1]]


def get_image_size(img):
    """Returns `[width, height]`."""
    _, height, width = get_dimensions(img)
    return [width, height]


def get_image_num_channels(img):
    """Returns the number of channels."""
    return get_dimensions(img)[0]


def pil_to_tensor(pic):
    """Returns a picture's samples as a tensor `(C, H, W)`."""
    if not _is_pil(pic):
        raise TypeError(f"pic should be PIL Image. Got {type(pic)}")
    return _planes(pic).contiguous()


def to_tensor(pic):
    """Returns a picture, or an array `(H, W, C)`, as a tensor `(C, H, W)`; bytes become numbers from 0 to 1."""
    if _is_pil(pic):
        planes = _planes(pic).contiguous()
        return planes if pic.mode in ("I", "F") else planes.to(torch.get_default_dtype()).div(255)
    if isinstance(pic, torch.Tensor) or not hasattr(pic, "__array__"):
        raise TypeError(f"pic should be PIL Image or ndarray. Got {type(pic)}")
    if pic.ndim not in (2, 3):
        raise ValueError(f"pic should be 2/3 dimensional. Got {pic.ndim} dimensions.")
    values = torch.from_numpy(pic)
    values = (values.unsqueeze(2) if values.dim() == 2 else values).permute(2, 0, 1).contiguous()
    return values.to(torch.get_default_dtype()).div(255) if values.dtype == torch.uint8 else values


def to_pil_image(pic, mode=None):
    """Returns a tensor `(C, H, W)` or an array `(H, W, C)` as a picture."""
    if isinstance(pic, torch.Tensor):
        if pic.dim() not in (2, 3):
            raise ValueError(f"pic should be 2/3 dimensional. Got {pic.dim()} dimensions.")
        values = pic.unsqueeze(0) if pic.dim() == 2 else pic
        if values.shape[0] > 4:
            raise ValueError(f"pic should not have > 4 channels. Got {values.shape[0]} channels.")
        if values.is_floating_point() and mode != "F":
            # As a byte of a whole number: what is too bright begins again at 0.
            values = values.mul(255).to(torch.int64).remainder(256).to(torch.uint8)
        values = values.permute(1, 2, 0)
    elif hasattr(pic, "__array__") and not _is_pil(pic):
        values = torch.as_tensor(pic)
        values = values.unsqueeze(2) if values.dim() == 2 else values
    else:
        raise TypeError(f"pic should be Tensor or ndarray. Got {type(pic)}.")
    values = values.detach()
    kinds = {(1, torch.uint8): "L", (2, torch.uint8): "LA", (3, torch.uint8): "RGB", (4, torch.uint8): "RGBA",
             (1, torch.int32): "I", (1, torch.float32): "F"}
    kind = kinds.get((values.shape[2], values.dtype))
    if kind is None:
        raise TypeError(f"Input type {values.dtype} is not supported")
    if mode not in (None, kind):
        if values.shape[2] == 1 or values.shape[2] != len(Image._modes.BANDS.get(mode, ())):
            raise ValueError(f"Incorrect mode ({mode}) supplied for input type {values.dtype}. Should be {kind}")
        raise not_here(f"to_pil_image of {values.dtype} as {mode!r}")
    return Image.Image(values.clone(), kind)


def convert_image_dtype(image, dtype=torch.float32):
    """Gives a tensor another dtype, and its numbers the range of that."""
    if not isinstance(image, torch.Tensor):
        raise TypeError("Input img should be Tensor Image")
    return _numbers.convert_dtype(image, dtype)


def normalize(tensor, mean, std, inplace=False):
    """Takes a mean off each channel of floats `(..., C, H, W)` and divides by a deviation."""
    if not isinstance(tensor, torch.Tensor):
        raise TypeError(f"img should be Tensor Image. Got {type(tensor)}")
    if not tensor.is_floating_point():
        raise TypeError(f"Input tensor should be a float tensor. Got {tensor.dtype}.")
    if tensor.dim() < 3:
        raise ValueError(
            f"Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = {tensor.size()}"
        )
    mean = torch.as_tensor(mean, dtype=tensor.dtype)
    std = torch.as_tensor(std, dtype=tensor.dtype)
    if (std == 0).any():
        raise ValueError(f"std evaluated to zero after conversion to {tensor.dtype}, leading to division by zero.")
    mean = mean.view(-1, 1, 1) if mean.dim() == 1 else mean
    std = std.view(-1, 1, 1) if std.dim() == 1 else std
    return (tensor if inplace else tensor.clone()).sub_(mean).div_(std)


# Other sizes and places

def _resized_size(height, width, size, max_size):
    if isinstance(size, int):
        size = [size]
    if len(size) == 2:
        if max_size is not None:
            raise ValueError(
                "max_size should only be passed if size specifies the length of the smaller edge, "
                "i.e. size should be an int or a sequence of length 1 in torchscript mode."
            )
        return list(size)
    short, long = (width, height) if width <= height else (height, width)
    new_short, new_long = size[0], int(size[0] * long / short)
    if max_size is not None:
        if max_size <= size[0]:
            raise ValueError(
                f"max_size = {max_size} must be strictly greater than the requested size for the smaller edge "
                f"size = {size[0]}"
            )
        if new_long > max_size:
            new_short, new_long = int(max_size * new_short / new_long), max_size
    return [new_long, new_short] if width <= height else [new_short, new_long]


def resize(img, size, interpolation=InterpolationMode.BILINEAR, max_size=None, antialias=True):
    """Gives a picture another size; of one number, that of its shorter side."""
    interpolation = mode_of(interpolation)
    if isinstance(size, (list, tuple)) and len(size) not in (1, 2):
        raise ValueError(f"Size must be an int or a 1 or 2 element tuple/list, not a {len(size)} element tuple/list")
    _, height, width = get_dimensions(img)
    new = _resized_size(height, width, size, max_size)
    if [height, width] == new:
        return img
    if _is_pil(img):
        return img.resize((new[1], new[0]), PILLOW[interpolation])
    return _numbers.resize(img, new, interpolation.value, antialias)


@_on_both
def hflip(img):
    """Mirrors left and right."""
    return img.flip(-1)


@_on_both
def vflip(img):
    """Mirrors top and bottom."""
    return img.flip(-2)


@_on_both
def crop(img, top, left, height, width):
    """Takes a part; what lies outside is 0."""
    return _numbers.crop(img, top, left, height, width)


def _two(size):
    return (int(size), int(size)) if isinstance(size, (int, float)) else (size[0], size[-1])


def center_crop(img, output_size):
    """Takes the middle; a picture that is too small gets a border of 0."""
    wanted_h, wanted_w = _two(output_size)
    _, height, width = get_dimensions(img)
    if wanted_w > width or wanted_h > height:
        more_w, more_h = max(wanted_w - width, 0), max(wanted_h - height, 0)
        img = pad(img, [more_w // 2, more_h // 2, (more_w + 1) // 2, (more_h + 1) // 2], fill=0)
        _, height, width = get_dimensions(img)
        if wanted_w == width and wanted_h == height:
            return img
    return crop(img, int(round((height - wanted_h) / 2.0)), int(round((width - wanted_w) / 2.0)), wanted_h, wanted_w)


def resized_crop(img, top, left, height, width, size, interpolation=InterpolationMode.BILINEAR, antialias=True):
    """Takes a part, and gives it a size."""
    return resize(crop(img, top, left, height, width), size, interpolation, antialias=antialias)


def five_crop(img, size):
    """Returns the four corners and the middle."""
    h, w = _two(size)
    _, height, width = get_dimensions(img)
    if w > width or h > height:
        raise ValueError(f"Requested crop size {size} is bigger than input size {(height, width)}")
    return (
        crop(img, 0, 0, h, w), crop(img, 0, width - w, h, w), crop(img, height - h, 0, h, w),
        crop(img, height - h, width - w, h, w), center_crop(img, [h, w]),
    )


def ten_crop(img, size, vertical_flip=False):
    """Returns the four corners and the middle, and the same of the mirrored picture."""
    return five_crop(img, size) + five_crop(vflip(img) if vertical_flip else hflip(img), size)


def pad(img, padding, fill=0, padding_mode="constant"):
    """Puts a border around a picture: one number, `(sides, top and bottom)`, or `(left, top, right, bottom)`."""
    _check(img)
    if isinstance(padding, (int, float)):
        padding = [int(padding)]
    if len(padding) not in (1, 2, 4):
        raise ValueError(f"Padding must be an int or a 1, 2, or 4 element tuple, not a {len(padding)} element tuple")
    if padding_mode not in ("constant", "edge", "reflect", "symmetric"):
        raise ValueError("Padding mode should be either constant, edge, reflect or symmetric")
    left, top, right, bottom = padding if len(padding) == 4 else list(padding) * (4 // len(padding))
    if not _is_pil(img):
        return _numbers.pad(img, left, top, right, bottom, fill, padding_mode)
    if fill is None:
        fill = 0
    if padding_mode == "constant" and not isinstance(fill, str) and isinstance(fill, (int, float)):
        fill = tuple([int(fill)] * len(img.getbands()))
    color = Image._modes.color_of(fill, img.mode)
    return _picture(_numbers.pad(_planes(img), left, top, right, bottom, color, padding_mode), img)


def rotate(img, angle, interpolation=InterpolationMode.NEAREST, expand=False, center=None, fill=None):
    """Turns by degrees against the clock."""
    interpolation = mode_of(interpolation)
    if not isinstance(angle, (int, float)):
        raise TypeError("Argument angle should be int or float")
    if center is not None and not isinstance(center, (list, tuple)):
        raise TypeError("Argument center should be a sequence")
    if _is_pil(img):
        return img.rotate(angle, PILLOW[interpolation], expand, center, fillcolor=_pil_fill(fill, img))
    middle = [0.0, 0.0]
    if center is not None:
        _, height, width = get_dimensions(img)
        middle = [1.0 * (at - side * 0.5) for at, side in zip(center, [width, height])]
    matrix = _inverse_matrix(middle, -angle, [0.0, 0.0], 1.0, [0.0, 0.0])
    return _numbers.affine(img, matrix, interpolation.value, fill, expand)


def affine(
    img, angle, translate, scale, shear, interpolation=InterpolationMode.NEAREST, fill=None, center=None,
):
    """Turns by degrees with the clock, moves, scales and shears."""
    interpolation = mode_of(interpolation)
    if not isinstance(angle, (int, float)):
        raise TypeError("Argument angle should be int or float")
    if not isinstance(translate, (list, tuple)):
        raise TypeError("Argument translate should be a sequence")
    if len(translate) != 2:
        raise ValueError("Argument translate should be a sequence of length 2")
    if scale <= 0.0:
        raise ValueError("Argument scale should be positive")
    if isinstance(shear, (int, float)):
        shear = [shear, 0.0]
    shear = [shear[0], shear[0]] if len(shear) == 1 else list(shear)
    if len(shear) != 2:
        raise ValueError(f"Shear should be a sequence containing two values. Got {shear}")
    _, height, width = get_dimensions(img)
    if _is_pil(img):
        middle = [width * 0.5, height * 0.5] if center is None else center
        matrix = _inverse_matrix(middle, angle, translate, scale, shear)
        return img.transform(img.size, Image.AFFINE, matrix, PILLOW[interpolation], fillcolor=_pil_fill(fill, img))
    middle = [0.0, 0.0]
    if center is not None:
        middle = [1.0 * (at - side * 0.5) for at, side in zip(center, [width, height])]
    matrix = _inverse_matrix(middle, angle, [1.0 * part for part in translate], scale, shear)
    return _numbers.affine(img, matrix, interpolation.value, fill, False)


def _pil_fill(fill, img):
    if fill is None:
        fill = 0
    channels = len(img.getbands())
    if isinstance(fill, (int, float)):
        return tuple([int(fill)] * channels)
    if len(fill) == 1:
        return tuple([int(fill[0])] * channels)
    if len(fill) != channels:
        raise ValueError(
            f"The number of elements in 'fill' does not match the number of channels of the image ({len(fill)} != {channels})"
        )
    return tuple(int(part) for part in fill)


def _inverse_matrix(center, angle, translate, scale, shear):
    """The two rows that lead from a place of the result to one of the picture.

    The way there is `T(t) C R(angle) Sh(shear) S(scale) C⁻¹`, and this is its inverse.
    """
    turn = math.radians(angle)
    shear_x, shear_y = (math.radians(part) for part in shear)
    a = math.cos(turn - shear_y) / math.cos(shear_y)
    b = -math.cos(turn - shear_y) * math.tan(shear_x) / math.cos(shear_y) - math.sin(turn)
    c = math.sin(turn - shear_y) / math.cos(shear_y)
    d = -math.sin(turn - shear_y) * math.tan(shear_x) / math.cos(shear_y) + math.cos(turn)
    a, b, c, d = (part / scale for part in (d, -b, -c, a))
    x, y = -center[0] - translate[0], -center[1] - translate[1]
    return [a, b, a * x + b * y + center[0], c, d, c * x + d * y + center[1]]


# Colours

def adjust_brightness(img, brightness_factor):
    """Makes brighter (more than 1) or darker."""
    if _is_pil(img):
        return ImageEnhance.Brightness(img).enhance(brightness_factor)
    _not_negative(brightness_factor, "brightness_factor")
    return _numbers.blend(img, torch.zeros_like(img), brightness_factor)


def adjust_contrast(img, contrast_factor):
    """Takes samples away from their mean (more than 1) or towards it."""
    if _is_pil(img):
        return ImageEnhance.Contrast(img).enhance(contrast_factor)
    _not_negative(contrast_factor, "contrast_factor")
    dtype = img.dtype if img.is_floating_point() else torch.float32
    grey = _numbers.grey(img) if img.shape[-3] == 3 else img
    mean = grey.to(dtype).mean(dim=(-3, -2, -1), keepdim=True)
    return _numbers.blend(img, mean, contrast_factor)


def adjust_saturation(img, saturation_factor):
    """Makes colours stronger (more than 1) or weaker."""
    if _is_pil(img):
        return ImageEnhance.Color(img).enhance(saturation_factor)
    _not_negative(saturation_factor, "saturation_factor")
    return img if img.shape[-3] == 1 else _numbers.blend(img, _numbers.grey(img), saturation_factor)


def adjust_hue(img, hue_factor):
    """Turns the hues by a part of the circle, from -0.5 to 0.5."""
    _check(img)
    if not -0.5 <= hue_factor <= 0.5:
        raise ValueError(f"hue_factor ({hue_factor}) is not in [-0.5, 0.5].")
    if get_dimensions(img)[0] == 1 or _is_pil(img) and img.mode in ("L", "1", "I", "F"):
        return img
    if _is_pil(img):
        return _picture(_numbers.turn_byte_hue(_planes(img), int(hue_factor * 255) % 256), img)
    return _numbers.turn_hue(img, hue_factor)


def adjust_gamma(img, gamma, gain=1):
    """Raises samples to a power."""
    _not_negative(gamma, "gamma")
    if _is_pil(img):
        table = [int((255 + 1 - 1e-3) * gain * pow(value / 255.0, gamma)) for value in range(256)]
        return img.point(table * len(img.getbands()))
    result = _numbers.convert_dtype(img, torch.float32) if not img.is_floating_point() else img
    return _numbers.convert_dtype((gain * result**gamma).clamp(0, 1), img.dtype)


def _not_negative(factor, name):
    if factor < 0:
        raise ValueError(f"{name} ({factor}) is not non-negative.")


def rgb_to_grayscale(img, num_output_channels=1):
    """Makes grey, in one channel or in three that are the same."""
    if num_output_channels not in (1, 3):
        raise ValueError("num_output_channels should be either 1 or 3")
    if _is_pil(img):
        grey = img.convert("L")
        return grey if num_output_channels == 1 else grey.convert("RGB")
    if img.shape[-3] not in (1, 3):
        raise TypeError(f"Input image tensor permitted channel values are 1 or 3, but found {img.shape[-3]}")
    grey = _numbers.grey(img) if img.shape[-3] == 3 else img.clone()
    return grey if num_output_channels == 1 else grey.expand(img.shape)


def to_grayscale(img, num_output_channels=1):
    """Makes a picture grey."""
    if not _is_pil(img):
        raise TypeError("Input should be PIL Image")
    return rgb_to_grayscale(img, num_output_channels)


@_on_both
def invert(img):
    """Makes a negative."""
    return (1 if img.is_floating_point() else 255) - img


@_on_both
def solarize(img, threshold):
    """Makes a negative of what is not below a threshold."""
    return torch.where(img >= threshold, (1 if img.is_floating_point() else 255) - img, img)


@_on_both
def posterize(img, bits):
    """Keeps the highest bits of each sample."""
    if img.dtype != torch.uint8:
        raise TypeError(f"Only torch.uint8 image tensors are supported, but found {img.dtype}")
    step = 2 ** (8 - bits)
    return img.div(step, rounding_mode="floor") * step


def erase(img, i, j, h, w, v, inplace=False):
    """Overwrites a box of a tensor."""
    if not isinstance(img, torch.Tensor):
        raise TypeError(f"img should be Tensor Image. Got {type(img)}")
    img = img if inplace else img.clone()
    img[..., i : i + h, j : j + w] = v
    return img


def gaussian_blur(img, kernel_size, sigma=None):
    """Blurs with a bell of `kernel_size` and width `sigma`, both `(x, y)`."""
    sides = [kernel_size] * 2 if isinstance(kernel_size, int) else list(kernel_size) * (2 // len(kernel_size))
    if any(side % 2 == 0 or side < 0 for side in sides):
        raise ValueError(f"kernel_size should have odd and positive integers. Got {kernel_size}")
    if sigma is None:
        sigma = [side * 0.15 + 0.35 for side in sides]
    sigma = [float(sigma)] * 2 if isinstance(sigma, (int, float)) else list(sigma) * (2 // len(sigma))
    if any(width <= 0.0 for width in sigma):
        raise ValueError(f"sigma should have positive values. Got {sigma}")
    if _is_pil(img):
        return _picture(_numbers.blur(_planes(img), sides, sigma), img)
    return _numbers.blur(img, sides, sigma)
