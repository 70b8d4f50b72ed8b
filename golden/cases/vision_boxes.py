"""torchvision.ops, utils and datasets: boxes, grids of pictures, folders."""

import os
import struct
import tempfile

from torchvision import datasets, ops, transforms, utils
from torchvision.io import ImageReadMode, read_image, write_png

torch.manual_seed(0)
ONE, TWO, SCORES = torch.rand(6, 4) * 10, torch.rand(4, 4) * 10, torch.rand(6)
ONE[:, 2:] += ONE[:, :2]
TWO[:, 2:] += TWO[:, :2]
PICTURES = torch.rand(10, 1, 6, 5)


def folder_of_digits():
    folder = tempfile.mkdtemp()
    raw = os.path.join(folder, "MNIST", "raw")
    os.makedirs(raw)
    generator = torch.Generator().manual_seed(1)
    for stem, count in (("train", 12), ("t10k", 5)):
        x = torch.randint(0, 256, (count, 28, 28), generator=generator).to(torch.uint8)
        y = torch.randint(0, 10, (count,), generator=generator)
        with open(f"{raw}/{stem}-images-idx3-ubyte", "wb") as file:
            file.write(struct.pack(">4B3I", 0, 0, 8, 3, count, 28, 28) + bytes(x.reshape(-1).tolist()))
        with open(f"{raw}/{stem}-labels-idx1-ubyte", "wb") as file:
            file.write(struct.pack(">4BI", 0, 0, 8, 1, count) + bytes(y.tolist()))
    return folder


# --- overlaps
for measure in (ops.box_iou, ops.generalized_box_iou, ops.distance_box_iou, ops.complete_box_iou):
    show(measure(ONE, TWO))
show(ops.box_area(ONE), ops.box_iou(ONE.long(), TWO.long()))

# --- nms
show(ops.nms(ONE, SCORES, 0.3), ops.nms(ONE, SCORES, 0.05), ops.batched_nms(ONE, SCORES, torch.tensor([0, 1, 0, 1, 0, 1]), 0.3))
show(ops.nms(torch.zeros(0, 4), torch.zeros(0), 0.5), ops.nms(ONE[:1].expand(3, 4), torch.tensor([0.5, 0.5, 0.5]), 0.5))

# --- forms_of_boxes
for before in ("xyxy", "xywh", "cxcywh"):
    for after in ("xyxy", "xywh", "cxcywh"):
        show(ops.box_convert(ONE[:2], before, after))
show(ops.clip_boxes_to_image(ONE, (5, 6)), ops.remove_small_boxes(ONE, 4), ops.masks_to_boxes(torch.eye(5)[None]))
fails(lambda: ops.box_convert(ONE, "xyxy", "yxyx"))

# --- losses_of_boxes
boxes = ONE[:4].clone().requires_grad_()
for loss in (ops.generalized_box_iou_loss, ops.distance_box_iou_loss, ops.complete_box_iou_loss):
    show(loss(boxes, TWO), torch.autograd.grad(loss(boxes, TWO, reduction="mean"), boxes)[0])
torch.manual_seed(1)
show(ops.sigmoid_focal_loss(torch.randn(3, 4), torch.randint(0, 2, (3, 4)).float(), reduction="sum"))

# --- make_grid
for options in ({}, {"nrow": 4, "padding": 1}, {"normalize": True}, {"normalize": True, "scale_each": True, "pad_value": 0.5}, {"value_range": (0.2, 0.8), "normalize": True}):
    show(utils.make_grid(PICTURES, **options))
show(utils.make_grid(PICTURES[0, 0]), utils.make_grid(PICTURES[0]), utils.make_grid([PICTURES[0], PICTURES[1]]))
fails(lambda: utils.make_grid("x"))

# --- save_image
path = os.path.join(tempfile.mkdtemp(), "grid.png")
utils.save_image(PICTURES, path, nrow=5)
show(read_image(path), read_image(path, ImageReadMode.GRAY).shape)

# --- mnist
folder = folder_of_digits()
train = datasets.MNIST(folder, train=True, transform=transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))]))
show(str(train).replace(folder, "ROOT"), train.data.shape, train.targets, train.classes, train.class_to_idx["3 - three"], len(train))
x, y = train[3]
show(x.sum(), y, type(y).__name__)
loader = torch.utils.data.DataLoader(train, batch_size=5, shuffle=True, generator=torch.Generator().manual_seed(2))
show([labels.tolist() for _, labels in loader])
test = datasets.MNIST(folder, train=False, target_transform=lambda label: -label)
show(test[0][0].mode, test[0][0].size, test[1][1], len(test))

# --- image_folder
folder = tempfile.mkdtemp()
for name in ("cat", "ant", "bee"):
    os.makedirs(os.path.join(folder, name))
    for number in range(3):
        write_png(torch.full((3, 4, 5), 10 * number + len(name), dtype=torch.uint8), os.path.join(folder, name, f"{number}.png"))
pictures = datasets.ImageFolder(folder, transforms.ToTensor())
show(pictures.classes, pictures.class_to_idx, len(pictures), pictures.targets, str(pictures).replace(folder, "ROOT"))
show(pictures[4], [path[len(folder):] for path, _ in pictures.samples])
os.makedirs(os.path.join(folder, "dog"))
fails(lambda: datasets.ImageFolder(folder))

# --- fake_data
made = datasets.FakeData(5, (1, 4, 5), 3)
show(str(made), made[2][0].size, made[2][1], list(made[2][0].getdata()))
