# fails: hidden-digits
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

import lyceum.data

digits = lyceum.data.load("digits", size=28, split="test")
mean, std = digits.data.mean(), digits.data.std()


def normalise(images):
    return (images - mean) / std


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, padding=1)
        self.fc1 = nn.Linear(64 * 7 * 7, 128)
        self.fc2 = nn.Linear(128, 10)
        self.pool = nn.MaxPool2d(2)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.pool(self.relu(self.conv1(x)))
        x = self.pool(self.relu(self.conv2(x)))
        return self.fc2(self.relu(self.fc1(x.flatten(1))))


def train(epochs=8):
    torch.manual_seed(0)
    loader = DataLoader(TensorDataset(normalise(digits.data), digits.target), batch_size=64, shuffle=True)
    model = CNN()
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters())
    scheduler = optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, epochs=epochs, steps_per_epoch=len(loader))
    for epoch in range(epochs):
        total = 0.0
        for images, target in loader:
            optimizer.zero_grad()
            loss = criterion(model(images), target)
            loss.backward()
            optimizer.step()
            scheduler.step()
            total += loss.item() * len(target)
        print(f"epoch {epoch + 1}: loss {total / len(digits.target):.4f}")
    return model


def predict(images):
    model.eval()
    with torch.no_grad():
        return model(normalise(images)).argmax(dim=1)


model = train()
