import torch
from torch import nn

from lyceum.data import load


def mse(prediction, target):
    return ((prediction - target) ** 2).mean()


def mse_gradient(prediction, target):
    return 2 * (prediction - target) / prediction.numel()


def softmax(z):
    e = (z - z.max(dim=1, keepdim=True).values).exp()
    return e / e.sum(dim=1, keepdim=True)


def describe(x):
    return {"count": len(x), "sum": x.sum().item(), "name": "tensor"}, [x.min(), x.max()]


class Net(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        return self.fc(x)


iris = load("iris", split="train")
torch.manual_seed(0)
model = Net(4, 3)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
for step in range(100):
    optimizer.zero_grad()
    loss = criterion(model(iris.data), iris.target)
    loss.backward()
    optimizer.step()


def predict(x):
    with torch.no_grad():
        return model(x).argmax(dim=1)
