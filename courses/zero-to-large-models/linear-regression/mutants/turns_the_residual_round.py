# fails: gradient-by-hand
# Target minus prediction: the same loss, the opposite gradient.
import torch
import torch.nn as nn
import torch.optim as optim

from lyceum.data import load


def linear(x, w, b):
    """x (N, n), w (n,), b () -> (N,)."""
    return x @ w + b


def mse(w, b, x, y):
    """The mean of the squared residuals."""
    return ((linear(x, w, b) - y) ** 2).mean()


def mse_gradient(w, b, x, y):
    """2/N times Xᵀ(ŷ - y), and twice the mean residual."""
    residual = y - linear(x, w, b)
    return 2 * (x.T @ residual) / len(y), 2 * residual.mean()


class LinearRegression(nn.Module):
    """A single layer, self.linear."""

    def __init__(self, input_dim, output_dim):
        super().__init__()
        self.linear = nn.Linear(input_dim, output_dim)

    def forward(self, x):
        return self.linear(x)


patients = load("diabetes", split="train")
columns = [patients.feature_names.index("bmi"), patients.feature_names.index("s5")]
mean = patients.data[:, columns].mean(dim=0)
std = patients.data[:, columns].std(dim=0)


def prepare(features):
    """(N, 10) -> standardised bmi and s5 (N, 2)."""
    return (features[:, columns] - mean) / std


def predict(features):
    """(N, 10) -> (N,)."""
    with torch.no_grad():
        return model(prepare(features)).squeeze(1)


torch.manual_seed(0)
x = prepare(patients.data)
y = patients.target.unsqueeze(1)
model = LinearRegression(input_dim=2, output_dim=1)
criterion = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.01)

for epoch in range(1000):
    optimizer.zero_grad()
    y_pred = model(x)
    loss = criterion(y_pred, y)
    loss.backward()
    optimizer.step()

print(f"loss {loss.item():.1f}")
