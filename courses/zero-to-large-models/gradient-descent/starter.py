import torch


def cost(theta):
    """Booth 函数在 theta 处的值，零维张量。
    Booth's function at theta (2,), a tensor without dimensions."""
    raise NotImplementedError


def gradient(theta):
    """手推的梯度，形状 (2,)。
    The gradient worked out by hand, shape (2,)."""
    raise NotImplementedError


def numerical_gradient(theta, h=1e-4):
    """用中心差分近似 cost 的梯度，形状 (2,)。
    The gradient of cost by central differences, shape (2,)."""
    raise NotImplementedError


def descend(theta, lr, steps):
    """走 steps 步，返回整条路线，形状 (steps + 1, 2)。
    Takes steps steps and returns the whole path, shape (steps + 1, 2)."""
    raise NotImplementedError


def steps_needed(theta, lr, tolerance=1e-3, max_steps=1000):
    """梯度的长度小于 tolerance 之前要走几步。
    How many steps until the length of the gradient is below tolerance."""
    raise NotImplementedError


if __name__ == "__main__":
    start = torch.tensor([-5.0, 5.0])
    for lr in (0.01, 0.05, 0.1):
        path = descend(start, lr, 50)
        print(lr, path[-1].tolist(), steps_needed(start, lr))
