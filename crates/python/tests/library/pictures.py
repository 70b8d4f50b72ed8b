# Picture files that are broken: an exception each, under CPython with Pillow and torchvision as well.
import io
import os
import tempfile

import torch
from PIL import Image, UnidentifiedImageError
from torchvision import transforms
from torchvision.io import read_image
from torchvision.utils import save_image


def raises(errors, action):
    try:
        action()
    except errors:
        return
    raise AssertionError(f"expected one of {errors}")


def read(content):
    return Image.open(io.BytesIO(content)).convert("RGB")


picture = Image.new("RGB", (20, 12), (200, 30, 90))
for x in range(20):
    picture.putpixel((x, x % 12), (x, 2 * x, 3 * x))

for form in ("PNG", "JPEG"):
    file = io.BytesIO()
    picture.save(file, form)
    content = file.getvalue()
    assert read(content).size == (20, 12)
    # Cut before the last quarter, a file holds no whole picture.
    for length in range(0, len(content) * 3 // 4, 7):
        raises((OSError, SyntaxError), lambda: read(content[:length]))

raises(UnidentifiedImageError, lambda: read(b"this is a text"))
raises(UnidentifiedImageError, lambda: read(b""))
raises((FileNotFoundError,), lambda: Image.open("nowhere.png"))

# What is saved comes back, through each of the ways to read it.
path = os.path.join(tempfile.mkdtemp(), "picture.png")
values = torch.arange(3 * 4 * 5).reshape(3, 4, 5) / 59
save_image(values, path)
expected = values.mul(255).add(0.5).to(torch.uint8)
assert torch.equal(read_image(path), expected)
assert torch.equal(transforms.PILToTensor()(Image.open(path)), expected)
assert torch.equal(transforms.ToTensor()(Image.open(path)), expected / 255)
with open(path, "rb") as file:
    short = file.read()[:40]
with open(path, "wb") as file:
    file.write(short)
raises((RuntimeError,), lambda: read_image(path))

print("ok")
