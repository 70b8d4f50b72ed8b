"""The arithmetic of the transforms, on tensors `(..., C, H, W)`."""

import math

import torch
import torch.nn.functional as nnf

from _lyceum.missing import not_here

_LARGEST = {torch.uint8: 255, torch.int32: 2**31 - 1, torch.int64: 2**63 - 1, torch.bool: 1}


def bound(img):
    """Returns the brightest sample of a tensor's dtype."""
    return 1.0 if img.is_floating_point() else _LARGEST[img.dtype]


def convert_dtype(image, dtype):
    """Gives numbers another dtype and its range."""
    if image.dtype == dtype:
        return image
    if image.is_floating_point():
        if dtype.is_floating_point:
            return image.to(dtype)
        if dtype == torch.int64 or image.dtype == torch.float32 and dtype == torch.int32:
            raise RuntimeError(f"The cast from {image.dtype} to {dtype} cannot be performed safely.")
        return image.mul(_LARGEST[dtype] + 1.0 - 1e-3).to(dtype)
    most = _LARGEST[image.dtype]
    if dtype.is_floating_point:
        return image.to(dtype) / most
    new = _LARGEST[dtype]
    if most > new:
        return image.div((most + 1) // (new + 1), rounding_mode="floor").to(dtype)
    return image.to(dtype) * ((new + 1) // (most + 1))


def back_to(values, dtype):
    """Rounds numbers where they are to be whole."""
    return values if values.dtype == dtype else values.round().to(dtype) if not dtype.is_floating_point else values.to(dtype)


def crop(img, top, left, height, width):
    """Takes a part; what lies outside is 0."""
    h, w = img.shape[-2], img.shape[-1]
    bottom, right = top + height, left + width
    if left < 0 or top < 0 or right > w or bottom > h:
        part = img[..., max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
        sides = (max(min(right, 0) - left, 0), max(min(bottom, 0) - top, 0),
                 max(right - max(w, left), 0), max(bottom - max(h, top), 0))
        return pad(part, *sides, 0, "constant")
    return img[..., top:bottom, left:right]


def pad(img, left, top, right, bottom, fill, mode):
    """Puts a border around; negative widths take away."""
    height, width = img.shape[-2], img.shape[-1]
    if mode == "constant":
        new = img.new_zeros(*img.shape[:-2], height + top + bottom, width + left + right)
        colors = fill if isinstance(fill, (list, tuple)) else [fill or 0]
        if len(colors) == 1:
            new.fill_(colors[0])
        else:
            new[...] = torch.tensor(colors, dtype=img.dtype).reshape(-1, 1, 1)
        x0, y0 = max(left, 0), max(top, 0)
        inner = img[..., max(-top, 0) : height - max(-bottom, 0), max(-left, 0) : width - max(-right, 0)]
        new[..., y0 : y0 + inner.shape[-2], x0 : x0 + inner.shape[-1]] = inner
        return new
    rows = _places(height, top, bottom, mode)
    columns = _places(width, left, right, mode)
    return img.index_select(-2, rows).index_select(-1, columns)


def _places(size, before, after, mode):
    at = torch.arange(-before, size + after)
    if mode == "edge":
        return at.clamp(0, size - 1)
    if mode == "reflect":
        if max(before, after) >= size:
            raise ValueError("Padding size should be less than the corresponding input dimension")
        return (size - 1) - ((size - 1) - at.abs()).abs()
    at = torch.where(at < 0, -at - 1, at)
    return torch.where(at >= size, 2 * size - at - 1, at)


def resize(img, size, mode, antialias):
    """Gives another size, `(H, W)`."""
    if mode not in ("nearest", "nearest-exact", "bilinear", "bicubic"):
        raise ValueError("This Interpolation mode is unsupported with Tensor input")
    dtype = img.dtype
    values = img if dtype in (torch.float32, torch.float64) else img.to(torch.float32)
    if mode in ("bilinear", "bicubic") and antialias:
        down = _weights(img.shape[-2], size[0], mode, values.dtype)
        across = _weights(img.shape[-1], size[1], mode, values.dtype)
        values = down @ (values @ across.T)
    else:
        shape = values.shape
        flat = values.reshape(-1, 1, *shape[-2:])
        options = {"align_corners": False} if mode in ("bilinear", "bicubic") else {}
        values = nnf.interpolate(flat, size=list(size), mode=mode, **options).reshape(*shape[:-2], *size)
    if mode == "bicubic" and dtype == torch.uint8:
        values = values.clamp(0, 255)
    return back_to(values, dtype)


def _weights(size, count, mode, dtype):
    """The share of each input in each output: a filter as wide as what becomes one pixel, `(count, size)`."""
    scale = size / count
    stretch = max(scale, 1.0)
    reach = (1.0 if mode == "bilinear" else 2.0) * stretch
    center = scale * (torch.arange(count, dtype=torch.float64).unsqueeze(1) + 0.5)
    first = (center - reach + 0.5).to(torch.int64).clamp(min=0)
    end = (center + reach + 0.5).to(torch.int64).clamp(max=size)
    place = torch.arange(size).unsqueeze(0)
    x = ((place - center + 0.5) / stretch).abs()
    if mode == "bilinear":
        weight = (1.0 - x).clamp(min=0)
    else:
        near = (1.5 * x - 2.5) * x * x + 1.0
        far = -0.5 * (((x - 5.0) * x + 8.0) * x - 4.0)
        weight = torch.where(x < 1.0, near, torch.where(x < 2.0, far, torch.zeros_like(x)))
    weight = torch.where((place >= first) & (place < end), weight, torch.zeros_like(weight))
    return (weight / weight.sum(dim=1, keepdim=True)).to(dtype)


def affine(img, matrix, mode, fill, expand):
    """Takes each pixel of the result from the place that a matrix gives, both counted from the middle."""
    if mode not in ("nearest", "bilinear"):
        raise not_here(f"turning tensors with the interpolation {mode!r}")
    dtype = img.dtype
    values = img if dtype in (torch.float32, torch.float64) else img.to(torch.float32)
    height, width = values.shape[-2], values.shape[-1]
    out_w, out_h = _expanded(matrix, width, height) if expand else (width, height)
    theta = torch.tensor(matrix, dtype=values.dtype).reshape(2, 3)
    xs = torch.linspace(-out_w * 0.5 + 0.5, out_w * 0.5 - 0.5, out_w, dtype=values.dtype).expand(out_h, out_w)
    ys = torch.linspace(-out_h * 0.5 + 0.5, out_h * 0.5 - 0.5, out_h, dtype=values.dtype).unsqueeze(1).expand(out_h, out_w)
    base = torch.stack([xs, ys, torch.ones_like(xs)], dim=2).reshape(-1, 3)
    rescaled = theta.T / torch.tensor([0.5 * width, 0.5 * height], dtype=values.dtype)
    grid = (base @ rescaled).reshape(out_h, out_w, 2)
    x = ((grid[..., 0] + 1) * width - 1) / 2
    y = ((grid[..., 1] + 1) * height - 1) / 2
    sampled, seen = _sample(values, x, y, mode)
    if fill is not None:
        color = torch.tensor([float(part) for part in fill] if isinstance(fill, (list, tuple)) else [float(fill)])
        color = color.to(values.dtype).reshape(-1, 1, 1)
        sampled = torch.where(seen < 0.5, color, sampled) if mode == "nearest" else sampled * seen + (1.0 - seen) * color
    return back_to(sampled, dtype)


def _sample(values, x, y, mode):
    """The values at places, 0 outside, and how much of each place lies inside."""
    height, width = values.shape[-2], values.shape[-1]

    def at(row, column):
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        place = row.clamp(0, height - 1).long() * width + column.clamp(0, width - 1).long()
        flat = values.reshape(*values.shape[:-2], height * width)
        picked = flat.index_select(-1, place.reshape(-1)).reshape(*values.shape[:-2], *x.shape)
        return picked * inside, inside.to(values.dtype)

    if mode == "nearest":
        return at(y.round(), x.round())
    left, top = x.floor(), y.floor()
    total = seen = 0
    for row, column in ((top, left), (top, left + 1), (top + 1, left), (top + 1, left + 1)):
        weight = (1 - (x - column).abs()) * (1 - (y - row).abs())
        picked, inside = at(row, column)
        total, seen = total + picked * weight, seen + inside * weight
    return total, seen


def _expanded(matrix, width, height):
    """The size that has room for a turned picture."""
    corners = [[-0.5 * width, -0.5 * height], [-0.5 * width, 0.5 * height],
               [0.5 * width, 0.5 * height], [0.5 * width, -0.5 * height]]
    theta = torch.tensor(matrix, dtype=torch.float32).reshape(2, 3)
    points = torch.tensor([[x, y, 1.0] for x, y in corners]) @ theta.T
    low, high = points.min(dim=0).values, points.max(dim=0).values
    low, high = low + torch.tensor([width * 0.5, height * 0.5]), high + torch.tensor([width * 0.5, height * 0.5])
    cut = lambda value: torch.trunc(value / 1e-4) * 1e-4
    size = torch.ceil(cut(high)) - torch.floor(cut(low))
    return int(size[0]), int(size[1])


def grey(img):
    """Returns brightness, `(..., 1, H, W)`."""
    red, green, blue = img.unbind(dim=-3)
    return (0.2989 * red + 0.587 * green + 0.114 * blue).to(img.dtype).unsqueeze(-3)


def blend(first, second, ratio):
    """Mixes two pictures, also beyond them."""
    ratio = float(ratio)
    return (ratio * first + (1.0 - ratio) * second).clamp(0, bound(first)).to(first.dtype)


def turn_hue(img, part):
    """Turns the hues of floats or bytes."""
    dtype = img.dtype
    values = convert_dtype(img, torch.float32)
    hue, saturation, value = _to_hsv(values).unbind(dim=-3)
    hue = (hue + part) % 1.0
    return convert_dtype(_to_rgb(hue, saturation, value), dtype)


def _to_hsv(img):
    red, green, blue = img.unbind(dim=-3)
    most, least = torch.amax(img, dim=-3), torch.amin(img, dim=-3)
    is_grey = most == least
    spread = most - least
    ones = torch.ones_like(most)
    saturation = spread / torch.where(is_grey, ones, most)
    divisor = torch.where(is_grey, ones, spread)
    r, g, b = (most - red) / divisor, (most - green) / divisor, (most - blue) / divisor
    from_red = (most == red) * (b - g)
    from_green = ((most == green) & (most != red)) * (2.0 + r - b)
    from_blue = ((most != green) & (most != red)) * (4.0 + g - r)
    hue = torch.fmod((from_red + from_green + from_blue) / 6.0 + 1.0, 1.0)
    return torch.stack((hue, saturation, most), dim=-3)


def _to_rgb(hue, saturation, value):
    sector = torch.floor(hue * 6.0)
    rest = hue * 6.0 - sector
    sector = sector.to(torch.int32) % 6
    p = (value * (1.0 - saturation)).clamp(0.0, 1.0)
    q = (value * (1.0 - saturation * rest)).clamp(0.0, 1.0)
    t = (value * (1.0 - saturation * (1.0 - rest))).clamp(0.0, 1.0)
    return _by_sector(sector, value, p, q, t)


def _by_sector(sector, v, p, q, t):
    """Puts the four levels of a hue into red, green and blue."""
    order = ((v, t, p), (q, v, p), (p, v, t), (p, q, v), (t, p, v), (v, p, q))
    channels = []
    for channel in range(3):
        chosen = order[0][channel]
        for which in range(1, 6):
            chosen = torch.where(sector == which, order[which][channel], chosen)
        channels.append(chosen)
    return torch.stack(channels, dim=-3)


def turn_byte_hue(planes, step):
    """Turns the hues of bytes as Pillow keeps them: in 256 steps."""
    red, green, blue = planes[:3].to(torch.float32).unbind(dim=0)
    color = planes[:3].to(torch.float32)
    most, least = torch.amax(color, dim=0), torch.amin(color, dim=0)
    is_grey = most == least
    spread = torch.where(is_grey, torch.ones_like(most), most - least)
    r, g, b = (most - red) / spread, (most - green) / spread, (most - blue) / spread
    from_green, from_blue = 2.0 + r.double() - b, 4.0 + g.double() - r
    hue = torch.where(red == most, b - g, torch.where(green == most, from_green.float(), from_blue.float()))
    hue = torch.fmod(hue.double() / 6.0 + 1.0, 1.0).float()
    hue = torch.where(is_grey, torch.zeros_like(hue), (hue.double() * 255.0).trunc().float())
    saturation = torch.where(is_grey, torch.zeros_like(hue), (spread / most.clamp(min=1)).double().mul(255.0).trunc().float())
    hue = torch.fmod(hue + step, 256.0)
    angle = (hue.double() * 6.0 / 255.0).float()
    strength = (saturation.double() / 255.0).float()
    sector = angle.floor()
    rest = angle - sector
    half_up = lambda values: (values + 0.5).floor().clamp(0, 255)
    p = half_up(most.double() * (1.0 - strength.double()))
    q = half_up(most.double() * (1.0 - (strength * rest).double()))
    t = half_up(most.double() * (1.0 - strength.double() * (1.0 - rest.double())))
    rgb = _by_sector(sector.to(torch.int32) % 6, most.double(), p, q, t)
    grey_everywhere = most.double().unsqueeze(0).expand(3, *most.shape)
    rgb = torch.where((saturation == 0).unsqueeze(0), grey_everywhere, rgb).to(torch.uint8)
    return torch.cat([rgb, planes[3:]], dim=0)


def blur(img, sides, sigma):
    """Blurs: a bell for rows and one for columns, over a border that mirrors."""
    dtype = img.dtype
    values = img if img.is_floating_point() else img.to(torch.float32)

    def bell(side, width):
        half = (side - 1) * 0.5
        x = torch.linspace(-half, half, side, dtype=values.dtype)
        weight = torch.exp(-0.5 * (x / width).pow(2))
        return weight / weight.sum()

    kernel = torch.outer(bell(sides[1], sigma[1]), bell(sides[0], sigma[0]))
    shape = values.shape
    flat = values.reshape(-1, 1, *shape[-2:])
    across, down = sides[0] // 2, sides[1] // 2
    flat = pad(flat, across, down, across, down, 0, "reflect")
    blurred = nnf.conv2d(flat, kernel.reshape(1, 1, *kernel.shape)).reshape(shape)
    return back_to(blurred, dtype)
