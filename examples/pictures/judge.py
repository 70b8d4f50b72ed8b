"""The judge: a classifier that says of a picture which colour, thing, size and place it shows.

It is trained on the painter's own pictures alone and never sees the drawing model, so it can say whether what that one
drew is what the caption asked for.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from described import ATTRIBUTES, combinations

KINDS = [len(values) for values in ATTRIBUTES]


class Judge(nn.Module):
    """Pictures (B, 3, 24, 24) -> logits for each attribute, four tensors (B, values)."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(),
            nn.Flatten(), nn.Linear(64 * 6 * 6, 128), nn.ReLU(), nn.Linear(128, sum(KINDS)),
        )

    def forward(self, pictures):
        return self.features(pictures).split(KINDS, dim=1)

    @torch.no_grad()
    def says(self, pictures):
        """Returns the attributes of each picture, in words."""
        best = torch.stack([logits.argmax(dim=1) for logits in self(pictures)], dim=1)
        return [[values[i] for values, i in zip(ATTRIBUTES, row)] for row in best.tolist()]


def train_judge(model, painter, steps, batch):
    """Trains on pictures drawn afresh, of all combinations: a judge has to know everything that may be drawn."""
    optimizer = torch.optim.Adam(model.parameters())
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=steps)
    for step in range(1, steps + 1):
        pictures, attributes = painter.batch(combinations, batch)
        pictures = pictures + 0.1 * torch.rand(batch, 1, 1, 1) * torch.randn_like(pictures)
        truth = torch.tensor([[v.index(a) for v, a in zip(ATTRIBUTES, row)] for row in attributes])
        loss = sum(F.cross_entropy(logits, truth[:, i]) for i, logits in enumerate(model(pictures)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        if step % (steps // 5) == 0:
            print(f"judge, step {step}: loss {loss.item():.3f}")


def agreement(judge, pictures, wanted):
    """Returns the share of attributes that are as wanted, and that of pictures with all of them; None wants nothing."""
    right = [
        [said == want for said, want in zip(says, wants) if want is not None]
        for says, wants in zip(judge.says(pictures), wanted)
    ]
    return sum(map(sum, right)) / sum(map(len, right)), sum(map(all, right)) / len(right)
