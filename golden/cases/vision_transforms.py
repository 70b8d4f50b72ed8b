"""torchvision.transforms: the same pictures from the same random draws, and the same printed forms."""

import zlib

import torchvision.transforms.functional as F
from PIL import Image
from torchvision import transforms as T
from torchvision.transforms import InterpolationMode, v2


def noise(mode, width, height, seed=1):
    values, channels = bytearray(), {"L": 1, "RGB": 3}[mode]
    for _ in range(width * height * channels):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        values.append((seed >> 16) & 255)
    return Image.frombytes(mode, (width, height), bytes(values))


COLOR, GREY = noise("RGB", 24, 18), noise("L", 14, 14, 5)
FLOATS = F.to_tensor(noise("RGB", 9, 7))


def apply(*transforms, pictures=(COLOR, GREY, FLOATS)):
    """Applies each transform to pictures and a tensor, and shows what came and what is drawn next."""
    for transform in transforms:
        show(str(transform))
        for picture in pictures:
            torch.manual_seed(3)
            made = transform(picture)
            for part in made if isinstance(made, tuple) else (made,):
                if isinstance(part, torch.Tensor):
                    show(part)
                else:
                    show(part.mode, list(part.size), zlib.crc32(part.tobytes()))
            show(float(torch.rand(1)))


# --- to_tensor
apply(T.ToTensor(), T.PILToTensor(), pictures=(noise("RGB", 4, 3), noise("L", 4, 3)))
show(F.get_dimensions(COLOR), F.get_image_size(COLOR), F.get_dimensions(FLOATS))

# --- normalize
apply(T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), T.Normalize((0.5,), (0.5,)), pictures=(FLOATS,))
fails(lambda: T.Normalize((0.5,), (0.0,))(FLOATS))
fails(lambda: T.Normalize((0.5, 0.5, 0.5), (1, 1, 1))(F.to_tensor(GREY)))
fails(lambda: T.Normalize((0.5,), (0.5,))(FLOATS.to(torch.uint8)))
fails(lambda: T.Normalize((0.5,), (0.5,))(GREY))

# --- resize
apply(T.Resize(10), T.Resize((7, 20)), T.Resize(30, max_size=32), T.Resize((5, 5), InterpolationMode.NEAREST), T.Resize((5, 12), InterpolationMode.BICUBIC), T.Resize(5, antialias=False))

# --- crop_and_pad
apply(T.CenterCrop(8), T.CenterCrop((20, 5)), T.Pad(2), T.Pad((1, 2)), T.Pad((1, 2, 3, 4), fill=7), T.FiveCrop(5), T.TenCrop(4))
apply(*(T.Pad(2, padding_mode=mode) for mode in ("edge", "reflect", "symmetric")))

# --- random_crop
apply(T.RandomCrop(6), T.RandomCrop(9, padding=3), T.RandomCrop((40, 5), pad_if_needed=True), T.RandomCrop(6, padding=2, padding_mode="reflect"))
fails(lambda: T.RandomCrop(40)(COLOR))

# --- random_flips
apply(T.RandomHorizontalFlip(), T.RandomVerticalFlip(), T.RandomHorizontalFlip(p=0.9), T.RandomVerticalFlip(1.0))

# --- random_rotation
apply(T.RandomRotation(30), T.RandomRotation((10, 60), InterpolationMode.BILINEAR, fill=9), T.RandomRotation(20, center=(3, 4)), T.RandomRotation(40, expand=True))
fails(lambda: T.RandomRotation(-1))

# --- random_affine
apply(T.RandomAffine(20), T.RandomAffine(10, translate=(0.1, 0.2), scale=(0.8, 1.2), shear=5), T.RandomAffine(0, shear=(1, 2, 3, 4), interpolation=InterpolationMode.BILINEAR, fill=4))

# --- random_resized_crop
apply(T.RandomResizedCrop(8), T.RandomResizedCrop((5, 10), scale=(0.3, 0.6)), T.RandomResizedCrop(6, ratio=(2.0, 3.0)))

# --- color
apply(T.ColorJitter(0.4, 0.3, 0.2, 0.1), T.ColorJitter(brightness=0.5), T.ColorJitter(contrast=(0.5, 2)), T.ColorJitter(saturation=0.5), T.ColorJitter(hue=0.3))
fails(lambda: T.ColorJitter(hue=0.7))

# --- grey
apply(T.Grayscale(), T.Grayscale(3), T.RandomGrayscale(0.9))

# --- erasing
apply(T.RandomErasing(p=1.0), T.RandomErasing(p=1.0, value="random"), T.RandomErasing(p=1.0, value=(1, 2, 3)), T.RandomErasing(), pictures=(FLOATS,))

# --- blur_and_invert
apply(T.GaussianBlur(5), T.GaussianBlur((3, 5), (0.5, 0.5)), T.RandomInvert(1.0), T.RandomSolarize(0.4, 1.0), pictures=(FLOATS,))
apply(T.RandomPosterize(3, 1.0), T.RandomInvert(1.0), pictures=(COLOR, GREY))

# --- chains
apply(T.Compose([T.Resize(12), T.RandomCrop(10), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize((0.5, 0.5, 0.5), (0.2, 0.2, 0.2))]), pictures=(COLOR,))
apply(T.RandomApply([T.RandomRotation(20)], p=0.9), T.Lambda(lambda picture: picture), pictures=(COLOR,))

# --- functions
for made in (F.rotate(FLOATS, 33, fill=0.3), F.affine(FLOATS, 30, (1, 2), 1.2, (5, 3), fill=0.5, center=(1, 2)), F.adjust_gamma(FLOATS, 2.0), F.crop(FLOATS, -2, -3, 12, 13), F.convert_image_dtype(FLOATS, torch.uint8)):
    show(made)
for made in (F.affine(COLOR, 30, (1, 2), 1.2, 5), F.adjust_hue(COLOR, 0.4), F.adjust_hue(COLOR, -0.2), F.adjust_gamma(COLOR, 2.0), F.to_pil_image(FLOATS)):
    show(made.mode, list(made.size), zlib.crc32(made.tobytes()))
fails(lambda: F.adjust_hue(COLOR, 0.6))

# --- newer_names
chain = v2.Compose([v2.ToImage(), v2.RandomHorizontalFlip(), v2.RandomCrop(8, padding=2), v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.5, 0.5, 0.5], [0.2, 0.2, 0.2])])
apply(chain, v2.Identity(), pictures=(COLOR,))
for transform in (v2.Resize(10), v2.CenterCrop(5), v2.RandomRotation(10), v2.ColorJitter(0.1, 0.2), v2.Grayscale(), v2.RandomVerticalFlip(0.3), v2.Pad(2), v2.GaussianBlur(3)):
    show(str(transform))
