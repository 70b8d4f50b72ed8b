import torch

from lyceum import exhibit


@exhibit.show
def way_down():
    title = ("代价的曲面，和你的程序走下来的路", "The surface of the cost, and the way your program came down")
    path = descend(torch.tensor([-5.0, 5.0]), 0.05, 50)
    exhibit.loss_surface(title, lambda a, b: cost(torch.stack([a, b])), path.tolist(), ("θ₀", "θ₁"))
