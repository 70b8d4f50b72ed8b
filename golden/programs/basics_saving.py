# Saving and loading: weights, a general checkpoint, and going on where the run was cut off.
import os
import tempfile

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

PATH = os.path.join(tempfile.gettempdir(), "model.pt")
torch.manual_seed(5)


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc1 = nn.Linear(6 * 3 * 3, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = x.view(-1, 6 * 3 * 3)
        return self.fc1(x)


net = Net()
optimizer = optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
print("Model's state_dict:")
for param_tensor in net.state_dict():
    print(param_tensor, "\t", net.state_dict()[param_tensor].size())
print("Optimizer's state_dict:")
for var_name in optimizer.state_dict():
    print(var_name, "\t", optimizer.state_dict()[var_name])

X, y = torch.randn(32, 1, 8, 8), torch.randint(0, 10, (32,))


def train(net, optimizer, epochs):
    for epoch in epochs:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X), y)
        loss.backward()
        optimizer.step()
        print("epoch %d loss %.5f" % (epoch, loss.item()))
    return epoch, loss


epoch, loss = train(net, optimizer, range(4))
torch.save({
    "epoch": epoch,
    "model_state_dict": net.state_dict(),
    "optimizer_state_dict": optimizer.state_dict(),
    "loss": loss,
}, PATH)
train(net, optimizer, range(4, 7))

resumed = Net()
optimizer = optim.SGD(resumed.parameters(), lr=0.01, momentum=0.9)
checkpoint = torch.load(PATH, weights_only=True)
print(resumed.load_state_dict(checkpoint["model_state_dict"]))
optimizer.load_state_dict(checkpoint["optimizer_state_dict"])
print(checkpoint["epoch"], f"{checkpoint['loss'].item():.4f}", optimizer.param_groups[0]["lr"])
train(resumed, optimizer, range(checkpoint["epoch"] + 1, 7))

resumed.eval()
with torch.no_grad():
    print(torch.allclose(resumed(X), net(X)), resumed(X).argmax(1)[:8])

torch.save(resumed.state_dict(), PATH)
other = Net()
other.load_state_dict(torch.load(PATH))
partial = {k: v for k, v in torch.load(PATH, map_location="cpu").items() if k.startswith("conv")}
print(other.load_state_dict(partial, strict=False))
try:
    other.load_state_dict(partial)
except RuntimeError as e:
    print(e)
os.remove(PATH)
