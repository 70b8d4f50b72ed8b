# A first program: a small network learns to tell three kinds of iris apart by the sizes of their petals and sepals.
#
#     lyceum run examples/first.py
import torch
import torch.nn as nn

import lyceum.data

torch.manual_seed(0)
x, y = lyceum.data.load("iris")
x = (x - x.mean(0)) / x.std(0)

model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)

for step in range(101):
    loss = criterion(model(x), y)
    if step % 20 == 0:
        print(f"step {step:3d}  loss {loss.item():.4f}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

right = (model(x).argmax(dim=1) == y).sum().item()
print(f"{right} of {len(y)} flowers told apart")
