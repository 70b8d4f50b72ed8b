# The article's convolutional network in its everyday form: all training digits, in shuffled batches
# of 64, for a few epochs.
#
#     lyceum run examples/cnn_minibatch.py
#
# A number after `--` makes it that many epochs.
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

import lyceum.data

torch.manual_seed(0)
epochs = int(sys.argv[1]) if len(sys.argv) > 1 else 8
train = lyceum.data.load("digits", size=28, split="train")
held_out = lyceum.data.load("digits", size=28, split="test")
mean, std = train.data.mean(), train.data.std()
loader = DataLoader(TensorDataset((train.data - mean) / std, train.target), batch_size=64, shuffle=True)


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, padding=1)
        self.fc1 = nn.Linear(64 * 7 * 7, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


def accuracy(model, x, y):
    model.eval()
    with torch.no_grad():
        return (model(x).argmax(dim=1) == y).float().mean().item()


model = CNN()
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters())
scheduler = optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, epochs=epochs, steps_per_epoch=len(loader))

for epoch in range(epochs):
    model.train()
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        scheduler.step()
        total += loss.item() * len(y)
    right = accuracy(model, (held_out.data - mean) / std, held_out.target)
    print(f"epoch {epoch + 1}: loss {total / len(train.target):.4f}, held-out accuracy {right:.1%}")
