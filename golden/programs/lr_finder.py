# Finding a learning rate by raising it step by step, then one cycle with it; both drawn.
import math

import matplotlib.pyplot as plt
import torch
import torch.nn as nn

torch.manual_seed(0)
X = torch.randn(256, 10)
y = torch.sin(X[:, 0]) + X[:, 1] * X[:, 2] * 0.5 + 0.1 * torch.randn(256)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, y), batch_size=16, shuffle=True)


def make_model():
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1), nn.Flatten(0))


def find_lr(model, init_value=1e-5, final_value=1.0, beta=0.9):
    optimizer = torch.optim.SGD(model.parameters(), lr=init_value)
    num = len(loader) * 2 - 1
    mult = (final_value / init_value) ** (1 / num)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: mult**step)
    avg_loss, best_loss, batch_num, losses, log_lrs = 0.0, 0.0, 0, [], []
    for _ in range(2):
        for inputs, labels in loader:
            batch_num += 1
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(inputs), labels)
            avg_loss = beta * avg_loss + (1 - beta) * loss.item()
            smoothed_loss = avg_loss / (1 - beta**batch_num)
            if batch_num > 1 and smoothed_loss > 4 * best_loss:
                return log_lrs, losses
            if smoothed_loss < best_loss or batch_num == 1:
                best_loss = smoothed_loss
            losses.append(smoothed_loss)
            log_lrs.append(math.log10(optimizer.param_groups[0]["lr"]))
            loss.backward()
            optimizer.step()
            scheduler.step()
    return log_lrs, losses


logs, losses = find_lr(make_model())
plt.plot(logs[2:-2], losses[2:-2])
plt.xlabel("log10 of the learning rate")
plt.ylabel("smoothed loss")
plt.show()
print(len(logs), f"lowest {min(losses):.4f} at 10^{logs[losses.index(min(losses))]:.3f}")

model = make_model()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.05, steps_per_epoch=len(loader), epochs=3)
lrs, momenta = [], []
for epoch in range(3):
    total = 0.0
    for inputs, labels in loader:
        loss = nn.functional.mse_loss(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step() if scheduler.last_epoch < 3 * len(loader) - 1 else None
        lrs.append(scheduler.get_last_lr()[0])
        momenta.append(optimizer.param_groups[0]["momentum"])
        total += loss.item() * len(labels)
    print(f"epoch {epoch} loss {total / len(X):.4f} lr {lrs[-1]:.6f} momentum {momenta[-1]:.4f}")
plt.semilogy(lrs)
plt.show()
warm = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.1, total_iters=3)
cool = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=5)
both = torch.optim.lr_scheduler.SequentialLR(optimizer, [warm, cool], milestones=[3])
for _ in range(7):
    optimizer.step()
    both.step()
    print("%.3g" % both.get_last_lr()[0], end=" ")
print()
