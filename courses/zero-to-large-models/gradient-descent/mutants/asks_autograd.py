# fails: by-hand
# Right numbers, but autograd found them.
import torch


def cost(theta):
    """Booth's function at theta (2,)."""
    first = theta[0] + 2 * theta[1] - 7
    second = 2 * theta[0] + theta[1] - 5
    return first**2 + second**2


def gradient(theta):
    """The chain rule for both squares, shape (2,)."""
    theta = theta.clone().requires_grad_()
    cost(theta).backward()
    return theta.grad


def numerical_gradient(theta, h=1e-4):
    """Nudges one parameter at a time in both directions."""
    nudges = h * torch.eye(len(theta), dtype=theta.dtype)
    return torch.stack([(cost(theta + nudge) - cost(theta - nudge)) / (2 * h) for nudge in nudges])


def descend(theta, lr, steps):
    """The whole path, shape (steps + 1, 2)."""
    path = [theta]
    for _ in range(steps):
        theta = theta - lr * gradient(theta)
        path.append(theta)
    return torch.stack(path)


def steps_needed(theta, lr, tolerance=1e-3, max_steps=1000):
    """The first step at which the gradient is shorter than tolerance."""
    for step in range(max_steps):
        slope = gradient(theta)
        if slope.norm() < tolerance:
            return step
        theta = theta - lr * slope
    return max_steps

