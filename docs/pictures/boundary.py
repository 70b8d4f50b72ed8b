# A network learns to tell two half-moons apart: its loss, and where it draws the line.
#
#     lyceum run docs/pictures/boundary.py --figures docs/pictures
import math

import matplotlib.pyplot as plt
import torch
import torch.nn as nn

torch.manual_seed(0)
angle = torch.rand(200) * math.pi
upper = torch.stack([torch.cos(angle), torch.sin(angle)], 1)
lower = torch.stack([1 - torch.cos(angle), 0.5 - torch.sin(angle)], 1)
x = torch.cat([upper, lower]) + 0.15 * torch.randn(400, 2)
y = torch.cat([torch.zeros(200), torch.ones(200)])

model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
losses = []
for step in range(300):
    loss = criterion(model(x).squeeze(1), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())

grid_x, grid_y = torch.meshgrid(torch.linspace(-1.7, 2.7, 90), torch.linspace(-1.2, 1.7, 60), indexing="xy")
with torch.no_grad():
    points = torch.stack([grid_x.reshape(-1), grid_y.reshape(-1)], 1)
    probability = torch.sigmoid(model(points)).reshape(grid_x.shape)

fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
left.semilogy(losses)
left.set(title="The loss falls", xlabel="step", ylabel="cross-entropy")
left.grid(True)
bands = right.contourf(grid_x, grid_y, probability, levels=10, cmap="RdBu_r", alpha=0.5)
right.contour(grid_x, grid_y, probability, levels=[0.5], colors="k")
right.scatter(x[:, 0], x[:, 1], c=["C0" if label == 0 else "C3" for label in y], s=14)
right.set(title="Where the network draws the line", xlabel="$x_1$", ylabel="$x_2$")
fig.colorbar(bands, label="probability")
plt.show()
