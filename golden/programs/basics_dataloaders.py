# A dataset of one's own read from a table, with transforms, and a loader.
import csv
import os
import tempfile

import torch
from torch.utils.data import DataLoader, Dataset, random_split

folder = tempfile.mkdtemp()
table = os.path.join(folder, "houses.csv")
torch.manual_seed(11)
with open(table, "w", newline="") as f:
    writer = csv.writer(f)
    writer.writerow(["rooms", "size", "kind"])
    for i in range(23):
        writer.writerow([int(torch.randint(1, 6, (1,))), round(torch.rand(1).item() * 100, 2), ["flat", "house"][i % 2]])


class HouseDataset(Dataset):
    def __init__(self, path, transform=None, target_transform=None):
        with open(path) as f:
            self.rows = list(csv.DictReader(f))
        self.classes = sorted({row["kind"] for row in self.rows})
        self.transform = transform
        self.target_transform = target_transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, idx):
        row = self.rows[idx]
        features = torch.tensor([float(row["rooms"]), float(row["size"])])
        label = self.classes.index(row["kind"])
        if self.transform:
            features = self.transform(features)
        if self.target_transform:
            label = self.target_transform(label)
        return features, label


one_hot = lambda y: torch.zeros(2, dtype=torch.float).scatter_(0, torch.tensor(y), value=1)
dataset = HouseDataset(table, transform=lambda x: x / torch.tensor([5.0, 100.0]), target_transform=one_hot)
print(len(dataset), dataset[0], dataset.classes)

train, valid = random_split(dataset, [0.8, 0.2], generator=torch.Generator().manual_seed(42))
print(len(train), len(valid), list(valid.indices))

loader = DataLoader(train, batch_size=8, shuffle=True)
for epoch in range(2):
    for batch, (features, labels) in enumerate(loader):
        print(f"epoch {epoch} batch {batch}: {features.size()} {labels.sum(0).tolist()} mean {features.mean():.4f}")

features, labels = next(iter(loader))
print(f"Feature batch shape: {features.size()}")
print(f"Labels batch shape: {labels.size()}")
print(features[0].squeeze(), labels[0].argmax().item())
