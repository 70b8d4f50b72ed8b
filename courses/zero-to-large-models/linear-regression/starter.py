import torch
import torch.nn as nn
import torch.optim as optim

from lyceum.data import load

# 第一部分：手算。Part one: by hand.


def linear(x, w, b):
    """x (N, n), w (n,), b () -> 预测 predictions (N,)."""
    raise NotImplementedError


def mse(w, b, x, y):
    """均方误差，零维张量。The mean squared error, a tensor without dimensions."""
    raise NotImplementedError


def mse_gradient(w, b, x, y):
    """均方误差对 w 和 b 的梯度 (dw, db)。The gradient of mse with respect to w and b."""
    raise NotImplementedError


# 第二部分：真正的程序。Part two: a real program.


class LinearRegression(nn.Module):
    """线性层 self.linear。A single layer, self.linear."""

    def __init__(self, input_dim, output_dim):
        super().__init__()
        # 在这里建立这一层。Make the layer here.

    def forward(self, x):
        raise NotImplementedError


patients = load("diabetes", split="train")
columns = [patients.feature_names.index("bmi"), patients.feature_names.index("s5")]


def prepare(features):
    """(N, 10) -> 标准化的 bmi 和 s5 (N, 2)。Standardised bmi and s5 (N, 2)."""
    ...


def predict(features):
    """(N, 10) -> 预测 predictions (N,)."""
    with torch.no_grad():
        return model(prepare(features)).squeeze(1)


torch.manual_seed(0)
x = prepare(patients.data)
y = patients.target  # 形状对吗？Is this the right shape?
model = LinearRegression(input_dim=2, output_dim=1)

# 损失、优化器和训练循环写在这里。Write loss, optimiser and training loop here.
