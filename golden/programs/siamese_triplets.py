# Embeddings by contrastive and triplet losses, one-shot by the nearest anchor; an autoencoder first.
import random

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

random.seed(0)
torch.manual_seed(0)
prototypes = torch.randn(5, 16)
labels = torch.arange(60) % 5
points = prototypes[labels] + 0.5 * torch.randn(60, 16)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(16, 12), nn.ReLU(True), nn.Linear(12, 3))
        self.decoder = nn.Sequential(nn.Linear(3, 12), nn.ReLU(True), nn.Linear(12, 16))

    def forward(self, x):
        x = self.encoder(x)
        return self.decoder(x)


auto = Autoencoder()
optimizer = torch.optim.Adam(auto.parameters(), lr=1e-2, weight_decay=1e-5)
for epoch in range(30):
    noisy = points + 0.2 * torch.randn_like(points)
    loss = F.mse_loss(auto(noisy), points)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if (epoch + 1) % 10 == 0:
        print(f"epoch [{epoch + 1}/30], loss:{loss.item():.4f}")


class ContrastiveLoss(nn.Module):
    def __init__(self, margin=2.0):
        super(ContrastiveLoss, self).__init__()
        self.margin = margin

    def forward(self, output1, output2, label):
        euclidean_distance = F.pairwise_distance(output1, output2, keepdim=True)
        return torch.mean((1 - label) * torch.pow(euclidean_distance, 2)
                          + label * torch.pow(torch.clamp(self.margin - euclidean_distance, min=0.0), 2))


class Triplets(Dataset):
    def __init__(self):
        self.by_label = {c: [i for i, y in enumerate(labels.tolist()) if y == c] for c in range(5)}

    def __len__(self):
        return len(points)

    def __getitem__(self, i):
        c = labels[i].item()
        positive = random.choice(self.by_label[c])
        negative = random.choice(self.by_label[random.choice([k for k in range(5) if k != c])])
        return points[i], points[positive], points[negative]


class Embedder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(16, 24), nn.PReLU(), nn.Linear(24, 4))

    def forward(self, x):
        return F.normalize(self.net(x), p=2, dim=1)


loader = DataLoader(Triplets(), batch_size=12, shuffle=True)
for name in ("contrastive", "triplet"):
    model = Embedder()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    contrastive, triplet = ContrastiveLoss(), nn.TripletMarginLoss(margin=0.5, p=2)
    for epoch in range(6):
        total = 0.0
        for anchor, positive, negative in loader:
            a, p, n = model(anchor), model(positive), model(negative)
            if name == "triplet":
                loss = triplet(a, p, n)
            else:
                same = torch.zeros(len(a), 1)
                loss = contrastive(torch.cat([a, a]), torch.cat([p, n]), torch.cat([same, same + 1]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        if epoch % 2:
            print(f"{name} epoch {epoch + 1}: {total / len(loader):.4f}")
    with torch.no_grad():
        e = model(points)
        distances = torch.cdist(e, e) + torch.diag(torch.full((60,), torch.inf)).nan_to_num(posinf=1e9)
        nearest = distances.argmin(dim=1)
        print(f"nearest neighbour of the same kind: {(labels[nearest] == labels).float().mean():.3f}")
