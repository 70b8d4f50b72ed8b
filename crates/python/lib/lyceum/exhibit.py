"""Figures of what a program has trained, made by a unit's ``exhibits.py``.

That file runs after the learner's program, among the names that it left. Each figure is made by a function under
:func:`show`; one that fails, because the program has not come so far, is left out. A title is ``(zh, en)``::

    from lyceum import exhibit

    @exhibit.show
    def boundary():
        title = ("决策边界", "The decision boundary")
        exhibit.decision_boundary(title, lambda grid: model(grid), x, y, ("radius", "texture"))
"""

import torch
import _lyceum_figures

_paths = {}
_LONGEST_PATH = 256
_LARGEST_ON_A_PATH = 16


def show(make):
    """Makes a figure at once; what it raises is told to the course's author alone."""
    try:
        make()
    except Exception as error:
        _lyceum_figures.missed(f"{make.__name__}: {type(error).__name__}: {error}")
    return make


def decision_boundary(title, probability, points, target, labels, steps=60):
    """Shows what ``probability`` gives for each place of a plane, with the points (N, 2) and their targets (N,) 0 or 1.

    ``probability`` takes places (M, 2) and returns the probability of class 1, M numbers; ``labels`` name the axes.
    """
    points, target = points[:400].double(), target.reshape(-1)[:400].double()
    low, high = points.min(dim=0).values, points.max(dim=0).values
    low, high = low - 0.1 * (high - low), high + 0.1 * (high - low)
    xs, ys = (torch.linspace(float(a), float(b), steps) for a, b in zip(low, high))
    grid = torch.stack(torch.meshgrid(xs, ys, indexing="xy"), dim=-1).reshape(-1, 2)
    with torch.no_grad():
        z = probability(grid).reshape(-1)
    _send(
        "decision_boundary", title, x=_ends(xs), y=_ends(ys), nx=steps, ny=steps, z=_numbers(z),
        points=[[float(a), float(b), float(c)] for (a, b), c in zip(points.tolist(), target.tolist())],
        x_label=labels[0], y_label=labels[1],
    )


def loss_surface(title, loss, path, names, steps=40):
    """Shows ``loss(a, b)`` around a path of pairs, with the path on it; ``names`` are those of a and b."""
    path = [(float(a), float(b)) for a, b in path]
    sides = []
    for name, values in zip(names, zip(*path)):
        low, high = min(values), max(values)
        margin = 0.25 * (high - low) or 1.0
        sides.append((name, low - margin, high + margin))
    (_, left, right), (_, bottom, top) = sides
    with torch.no_grad():
        height = lambda a, b: float(loss(torch.tensor(a), torch.tensor(b)))
        z = [
            height(a, b)
            for b in torch.linspace(bottom, top, steps).tolist()
            for a in torch.linspace(left, right, steps).tolist()
        ]
        walked = [[a, b, height(a, b)] for a, b in path]
    x, y = ({"name": name, "lo": low, "hi": high, "n": steps} for name, low, high in sides)
    _send("loss_surface", title, x=x, y=y, z=_numbers(torch.tensor(z)), path=walked)


def filters(title, weight, most=64):
    """Shows the kernels of a convolution (out, in, kh, kw), those of the first channel that comes in."""
    weight = weight.detach()[:most, :1]
    _send("filters", title, shape=list(weight.shape), values=_numbers(weight))


def feature_maps(title, image, maps, most=64):
    """Shows an image (h, w) and what a layer makes of it (c, h, w)."""
    image, maps = image.detach(), maps.detach()[:most]
    _send(
        "feature_maps", title,
        input={"h": image.shape[0], "w": image.shape[1], "values": _numbers(image)},
        maps={"c": maps.shape[0], "h": maps.shape[1], "w": maps.shape[2], "values": _numbers(maps)},
    )


def path(parameter):
    """Returns what a small parameter was after each step of an optimiser, as lists; steps are left out of long runs."""
    return _paths[id(parameter)].values


class _Path:
    """The values of a parameter; when there are too many, every other one is left out."""

    def __init__(self, parameter):
        self.parameter = parameter
        self.values = []
        self.every = 1
        self.steps = 0

    def step(self):
        if self.steps % self.every == 0:
            self.values.append(self.parameter.detach().reshape(-1).tolist())
            if len(self.values) > _LONGEST_PATH:
                self.values = self.values[::2]
                self.every *= 2
        self.steps += 1


def _remember_paths():
    """Called before the program: remembers where small parameters go."""
    from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

    def begin(optimizer, args, kwargs):
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.numel() <= _LARGEST_ON_A_PATH and id(parameter) not in _paths:
                    _paths[id(parameter)] = _Path(parameter)
                    _paths[id(parameter)].step()

    def step(optimizer, args, kwargs):
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if id(parameter) in _paths:
                    _paths[id(parameter)].step()

    register_optimizer_step_pre_hook(begin)
    register_optimizer_step_post_hook(step)


def _ends(values):
    return [float(values[0]), float(values[-1])]


def _numbers(values):
    return values.detach().double().nan_to_num(0.0, 1e30, -1e30).reshape(-1)


def _send(kind, title, **fields):
    zh, en = title
    _lyceum_figures.exhibit({"kind": kind, **fields}, zh, en)
