# fails: classify
# Compares the logit itself with a threshold meant for probabilities.
import torch
import torch.nn as nn
import torch.optim as optim

from lyceum.data import load


def sigmoid(z):
    """1 / (1 + e^-z), entry by entry."""
    return 1 / (1 + torch.exp(-z))


def bce(w, b, x, y):
    """The mean binary cross-entropy of x (N, n) with targets y (N,)."""
    p = sigmoid(x @ w + b)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()


def bce_gradient(w, b, x, y):
    """1/N times Xᵀ(p - y), and the mean of p - y."""
    error = sigmoid(x @ w + b) - y
    return x.T @ error / len(y), error.mean()


def boundary(w, b, x1):
    """The x2 at which the probability is one half, for two features."""
    return -(b + w[0] * x1) / w[1]


def classify(z, threshold=0.5):
    """1 where the probability of the logit z exceeds threshold, else 0."""
    return (z > threshold).long()


class LogisticRegression(nn.Module):
    """A linear layer, then the sigmoid."""

    def __init__(self, input_dim, output_dim):
        super().__init__()
        self.linear = nn.Linear(input_dim, output_dim)

    def forward(self, x):
        return torch.sigmoid(self.linear(x))


tumours = load("breast_cancer", split="train")
malignant = tumours.target_names.index("malignant")
columns = [tumours.feature_names.index("worst_radius"), tumours.feature_names.index("worst_concave_points")]
mean = tumours.data[:, columns].mean(dim=0)
std = tumours.data[:, columns].std(dim=0)


def prepare(features):
    """(N, 30) -> the two standardised features (N, 2)."""
    return (features[:, columns] - mean) / std


def diagnose(features):
    """(N, 30) -> the data set's class numbers (N,): 0 malignant, 1 benign."""
    with torch.no_grad():
        probability = model(prepare(features)).squeeze(1)
    return torch.where(probability > 0.5, malignant, 1 - malignant)


torch.manual_seed(0)
x = prepare(tumours.data)
y = (tumours.target == malignant).float().unsqueeze(1)
model = LogisticRegression(input_dim=2, output_dim=1)
criterion = nn.BCELoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)

for epoch in range(1000):
    optimizer.zero_grad()
    y_pred = model(x)
    loss = criterion(y_pred, y)
    loss.backward()
    optimizer.step()

print(f"loss {loss.item():.4f}")
