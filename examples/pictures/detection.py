"""A detector that finds handwritten digits in cluttered scenes: where they are, and which.

Run:    lyceum run examples/pictures/detection.py
Result: mAP50 > 0.8
Short:  loss < 6

One look at the picture, one guess for each cell of a grid; that is the idea of single-shot detectors such as YOLO. A
convolutional network turns a scene of 64 x 64 pixels into 8 x 8 cells. The cell in which the centre of a digit lies is
responsible for it: it says that there is something (objectness), where the centre is within the cell and how large the
box is (four numbers), and which digit it is (ten). All other cells have to say "nothing here". Neighbouring cells often
find the same digit; non-maximum suppression keeps the surest.

The training scenes are drawn afresh for every step (`scenes.py`). The measure is mean average precision at an
intersection over union of 0.5 (`boxes.py`), on scenes made of digits that were not used for training. With
`lyceum run --figures DIR` some of them are drawn with what was found.
"""
import sys

import matplotlib.pyplot as plt
import torch
import torch.nn as nn
import torch.nn.functional as F

from boxes import average_precision, non_maximum_suppression
from scenes import Scenes

SHORT = "--short" in sys.argv
STEPS, BATCH, HELD_OUT = (40, 8, 16) if SHORT else (700, 32, 400)
STRIDE = 8  # pixels from cell to cell
USUAL = 18.0  # a usual width and height in pixels; the network says how far a box is from it, in logarithms


def block(inputs, outputs, kernel_size=3, stride=1):
    convolution = nn.Conv2d(inputs, outputs, kernel_size, stride, padding=kernel_size // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


class Detector(nn.Module):
    """Images (B, 1, H, W) -> for each cell 1 objectness, 4 numbers of a box, 10 classes: (B, H/8, W/8, 15)."""

    def __init__(self, classes=10):
        super().__init__()
        self.backbone = nn.Sequential(
            block(1, 16, kernel_size=5, stride=2),
            block(16, 32), nn.MaxPool2d(2),
            block(32, 64), nn.MaxPool2d(2),
            block(64, 96), block(96, 96),
        )
        self.head = nn.Conv2d(96, 5 + classes, kernel_size=1)
        with torch.no_grad():
            self.head.bias[0] = -4.0  # at first there is hardly anything anywhere

    def forward(self, images):
        return self.head(self.backbone(images)).permute(0, 2, 3, 1)


def take_apart(predictions):
    """Returns objectness logits (B, R, C), centres and sizes in pixels (B, R, C, 2), and class logits."""
    rows, columns = predictions.shape[1:3]
    cells = torch.stack(torch.meshgrid(torch.arange(columns), torch.arange(rows), indexing="xy"), dim=-1)
    centres = (cells + predictions[..., 1:3].sigmoid()) * STRIDE
    sizes = USUAL * predictions[..., 3:5].clamp(-3, 3).exp()
    return predictions[..., 0], centres, sizes, predictions[..., 5:]


def detection_loss(predictions, truth):
    """Sums three losses: is there something (all cells), where is it and what is it (responsible cells only)."""
    objectness, centres, sizes, classes = take_apart(predictions)
    scene = torch.cat([torch.full((len(labels),), i) for i, (_, labels) in enumerate(truth)])
    boxes = torch.cat([boxes for boxes, _ in truth])
    labels = torch.cat([labels for _, labels in truth])
    true_centres, true_sizes = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
    column, row = (true_centres / STRIDE).long().unbind(dim=1)
    responsible = scene, row, column

    present = torch.zeros_like(objectness)
    present[responsible] = 1.0
    presence = F.binary_cross_entropy_with_logits(objectness, present, reduction="sum") / len(boxes)
    place = F.smooth_l1_loss(centres[responsible] / STRIDE, true_centres / STRIDE, beta=0.2)
    extent = F.smooth_l1_loss(sizes[responsible].log(), true_sizes.log(), beta=0.2)
    return presence + 4 * (place + extent) + F.cross_entropy(classes[responsible], labels)


def train(model, scenes):
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.01)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=5e-3, total_steps=STEPS, pct_start=0.15)
    recent = []
    for step in range(1, STEPS + 1):
        images, truth = scenes.batch(BATCH)
        loss = detection_loss(model(images), truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        recent.append(loss.item())
        if step % (STEPS // 10) == 0:
            print(f"step {step}: loss {sum(recent) / len(recent):.3f}")
            recent.clear()


def detect(predictions, at_least=0.05):
    """Returns for each picture the boxes (n, 4), scores (n,) and labels (n,) of what was found, the surest first."""
    objectness, centres, sizes, classes = take_apart(predictions)
    certainty, labels = classes.softmax(dim=-1).max(dim=-1)
    scores = objectness.sigmoid() * certainty
    boxes = torch.cat([centres - sizes / 2, centres + sizes / 2], dim=-1)
    found = []
    for box, score, label in zip(boxes, scores, labels):
        likely = score > at_least
        box, score, label = box[likely], score[likely], label[likely]
        kept = non_maximum_suppression(box, score)
        found.append((box[kept], score[kept], label[kept]))
    return found


def draw(images, found):
    figure, axes = plt.subplots(2, 4, figsize=(10, 5.4))
    for ax, image, (boxes, scores, labels) in zip(axes.flat, images, found):
        ax.imshow(image[0], cmap="gray", vmin=0, vmax=1)
        for (left, top, right, bottom), score, label in zip(boxes.tolist(), scores.tolist(), labels.tolist()):
            if score > 0.4:
                ax.add_patch(plt.Rectangle((left, top), right - left, bottom - top, fill=False, edgecolor="orange"))
                ax.text(left, top - 1, str(label), color="orange")
        ax.axis("off")
    figure.suptitle("What the detector finds in scenes that it has not seen")
    plt.show()


torch.manual_seed(0)
model = Detector()
train(model, Scenes("train", seed=1))

model.eval()
images, truth = Scenes("test", seed=2).batch(HELD_OUT)
with torch.no_grad():
    predictions = model(images)
found = detect(predictions)
each = [average_precision(found, truth, label) for label in range(10)]
strict = [average_precision(found, truth, label, overlap=0.75) for label in range(10)]
print("average precision of 0 to 9:", " ".join(f"{ap:.2f}" for ap in each))
draw(images, found)
loss = detection_loss(predictions, truth).item()
print(f"RESULT mAP50={sum(each) / 10:.4f} mAP75={sum(strict) / 10:.4f} loss={loss:.4f}")
