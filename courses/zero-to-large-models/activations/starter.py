import torch
import torch.nn as nn
import torch.optim as optim

# 第一部分：函数与导数。Part one: functions and derivatives.


def sigmoid(z):
    """1 / (1 + e^-z)，逐个元素。Entry by entry."""
    raise NotImplementedError


def tanh(z):
    """双曲正切，z 很大时也不能是 nan。The hyperbolic tangent, without nan for large z."""
    raise NotImplementedError


def relu(z):
    """正的保留，其余为 0。Keeps what is positive, 0 elsewhere."""
    raise NotImplementedError


def sigmoid_derivative(z):
    """sigmoid 在 z 处的导数。The derivative of sigmoid at z."""
    raise NotImplementedError


def tanh_derivative(z):
    """tanh 在 z 处的导数。The derivative of tanh at z."""
    raise NotImplementedError


def relu_derivative(z):
    """relu 在 z 处的导数，在 0 处取 0。The derivative of relu at z, 0 at 0."""
    raise NotImplementedError


def back_through(name, z, upstream):
    """链式法则：upstream 是损失对激活值的梯度，返回损失对 z 的梯度。
    The chain rule: from the gradient of the loss with respect to the activation to that with respect to z."""
    raise NotImplementedError


def dead_fraction(z):
    """z (样本 samples, 神经元 units)：对所有样本都不为正的神经元所占的比例，零维张量。
    The share of units that are positive for no sample, a tensor without dimensions."""
    raise NotImplementedError


# 第二部分：圆里圆外。Part two: inside or outside the circle.


class Network(nn.Module):
    """self.hidden: 2 -> hidden_units，你的 tanh，self.out: hidden_units -> 1。With your tanh in between."""

    def __init__(self, hidden_units):
        super().__init__()
        self.hidden = nn.Linear(2, hidden_units)
        self.out = nn.Linear(hidden_units, 1)

    def forward(self, points):
        """(N, 2) -> logits (N,)"""
        raise NotImplementedError


def classify(points):
    """(N, 2) -> 整数类别 (N,)：圆内为 1。Integer classes (N,): 1 inside the circle."""
    raise NotImplementedError


torch.manual_seed(0)
points = 4 * torch.rand(300, 2) - 2
inside = (points.norm(dim=1) < 1.2).float()
model = Network(16)

# 损失、优化器和训练循环写在这里。Write loss, optimiser and training loop here.
