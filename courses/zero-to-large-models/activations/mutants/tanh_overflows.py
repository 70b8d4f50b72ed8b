# fails: tanh
# The textbook formula: inf / inf for large z.
import torch
import torch.nn as nn
import torch.optim as optim


def sigmoid(z):
    """1 / (1 + e^-z)."""
    return 1 / (1 + torch.exp(-z))


def tanh(z):
    """A sigmoid stretched to the range from -1 to 1."""
    return (torch.exp(z) - torch.exp(-z)) / (torch.exp(z) + torch.exp(-z))


def relu(z):
    """z where it is positive, else 0."""
    return torch.where(z > 0, z, 0.0)


def sigmoid_derivative(z):
    """s (1 - s) with s = sigmoid(z)."""
    s = sigmoid(z)
    return s * (1 - s)


def tanh_derivative(z):
    """1 - tanh(z)^2."""
    return 1 - tanh(z) ** 2


def relu_derivative(z):
    """1 where z is positive, else 0."""
    return (z > 0).to(z.dtype)


def back_through(name, z, upstream):
    """The chain rule through one activation: upstream times its derivative at z."""
    derivatives = {"sigmoid": sigmoid_derivative, "tanh": tanh_derivative, "relu": relu_derivative}
    return upstream * derivatives[name](z)


def dead_fraction(z):
    """The share of the units (columns of z) that are positive for no sample (row)."""
    return (z <= 0).all(dim=0).float().mean()


class Network(nn.Module):
    """A hidden layer with tanh between two linear layers."""

    def __init__(self, hidden_units):
        super().__init__()
        self.hidden = nn.Linear(2, hidden_units)
        self.out = nn.Linear(hidden_units, 1)

    def forward(self, points):
        return self.out(tanh(self.hidden(points))).squeeze(1)


def classify(points):
    """1 for points inside the circle, else 0."""
    with torch.no_grad():
        return (model(points) > 0).long()


torch.manual_seed(0)
points = 4 * torch.rand(300, 2) - 2
inside = (points.norm(dim=1) < 1.2).float()
model = Network(16)
criterion = nn.BCEWithLogitsLoss()
optimizer = optim.SGD(model.parameters(), lr=1.0)

for step in range(800):
    optimizer.zero_grad()
    loss = criterion(model(points), inside)
    loss.backward()
    optimizer.step()

print(f"loss {loss.item():.4f}")
