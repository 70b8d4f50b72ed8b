import torch
from torch import nn

from lyceum.data import load


def softmax(z):
    e = (z - z.max(dim=1, keepdim=True).values).exp()
    return e / e.sum(dim=1, keepdim=True)


def share(part, whole):
    return part / whole


def train(data, target, outputs, criterion):
    torch.manual_seed(0)
    model = nn.Linear(data.shape[1], outputs)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for step in range(150):
        optimizer.zero_grad()
        loss = criterion(model(data), target)
        loss.backward()
        optimizer.step()
    return model


iris = load("iris", split="train")
flowers = train(iris.data, iris.target, 3, nn.CrossEntropyLoss())
tumours = load("breast_cancer", split="train")
x = (tumours.data - tumours.data.mean(dim=0)) / tumours.data.std(dim=0)
cells = train(x, tumours.target.float().unsqueeze(1), 1, nn.BCEWithLogitsLoss())


def predict(x):
    return flowers(x)


def probability(x):
    return torch.sigmoid(cells(x))
