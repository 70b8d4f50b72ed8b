"""Saving and loading: state dicts, checkpoints, single tensors, files and buffers."""

import io

import torch
from torch import nn, optim


def round_trip(value):
    buffer = io.BytesIO()
    torch.save(value, buffer)
    buffer.seek(0)
    return torch.load(buffer, weights_only=True)


def test_state_dict():
    net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    loaded = round_trip(net.state_dict())
    assert type(loaded).__name__ == "OrderedDict" and list(loaded) == list(net.state_dict())
    assert loaded._metadata == net.state_dict()._metadata
    assert all(torch.equal(a, b) for a, b in zip(loaded.values(), net.state_dict().values()))
    net.load_state_dict(loaded)


def test_checkpoint():
    net = nn.Linear(2, 1)
    optimizer = optim.Adam(net.parameters(), lr=0.1)
    net(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    saved = {"epoch": 3, "model": net.state_dict(), "optimizer": optimizer.state_dict(), "loss": 0.1, "best": None}
    loaded = round_trip(saved)
    assert (loaded["epoch"], loaded["loss"], loaded["best"]) == (3, 0.1, None)
    optimizer.load_state_dict(loaded["optimizer"])
    assert optimizer.state_dict()["param_groups"] == saved["optimizer"]["param_groups"]
    assert list(loaded["optimizer"]["state"]) == [0, 1]


def test_values():
    for value in (5, "text", None, True, 2.5, [1, (2, 3)], {1: "a", "b": [2.0]}, {3, 4}):
        loaded = round_trip(value)
        assert loaded == value and type(loaded) is type(value), value
    assert torch.equal(round_trip(torch.arange(4)), torch.arange(4))
    assert round_trip(torch.empty(0, 3)).shape == (0, 3)
    assert round_trip(torch.ones(1, requires_grad=True)).requires_grad
    assert isinstance(round_trip(nn.Parameter(torch.ones(2))), nn.Parameter)
    tensors = round_trip({"x": torch.ones(2, 3).t(), "y": torch.tensor([True]), "z": torch.tensor(7, dtype=torch.uint8)})
    assert tensors["x"].shape == (3, 2) and tensors["y"].dtype == torch.bool and tensors["z"].item() == 7


def test_path():
    torch.save({"a": torch.ones(2)}, "saved.pt")
    assert torch.equal(torch.load("saved.pt")["a"], torch.ones(2))


test_state_dict()
test_checkpoint()
test_values()
test_path()
print("ok")
