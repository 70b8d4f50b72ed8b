"""Modules: what assigning registers, the errors of wrong assignments, names, state and copies."""

import copy

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 4)
        self.norm = nn.BatchNorm1d(4)
        self.rest = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2))
        self.shift = nn.Parameter(torch.ones(2))
        self.register_buffer("count", torch.zeros(2))
        self.register_buffer("scratch", torch.zeros(1), persistent=False)
        self.again = self.first

    def forward(self, x):
        return self.rest(self.norm(self.first(x))) + self.shift


def raised(function, *arguments):
    try:
        function(*arguments)
    except Exception as error:
        return type(error).__name__, str(error.args[0]) if error.args else ""
    return None


def test_names():
    net = Net()
    names = [name for name, _ in net.named_parameters()]
    assert names == [
        "shift", "first.weight", "first.bias", "norm.weight", "norm.bias",
        "rest.0.weight", "rest.0.bias", "rest.2.weight", "rest.2.bias",
    ]
    assert len(dict(net.named_parameters(remove_duplicate=False))) == len(names) + 2
    assert [name for name, _ in net.named_children()] == ["first", "norm", "rest"]
    assert [name for name, _ in net.named_modules()] == ["", "first", "norm", "rest", "rest.0", "rest.1", "rest.2"]
    assert [name for name, _ in net.named_buffers()] == [
        "count", "scratch", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked",
    ]
    assert net.get_submodule("rest.0") is net.rest[0]
    assert net.get_parameter("rest.0.bias") is net.rest[0].bias
    assert net.get_buffer("norm.running_mean") is net.norm.running_mean


def test_assignment_errors():
    net = Net()
    plain = torch.zeros(2)
    assert raised(setattr, net, "shift", plain) == (
        "TypeError", "cannot assign 'torch.FloatTensor' as parameter 'shift' (torch.nn.Parameter or None expected)",
    )
    assert raised(setattr, net, "first", 3) == (
        "TypeError", "cannot assign 'int' as child module 'first' (torch.nn.Module or None expected)",
    )
    assert raised(setattr, net, "count", 3)[0] == "TypeError"
    assert raised(net.register_buffer, "shift", plain) == ("KeyError", "attribute 'shift' already exists")
    assert raised(net.register_parameter, "a.b", None) == ("KeyError", 'parameter name can\'t contain "."')
    assert raised(net.add_module, "x", 3) == ("TypeError", "int is not a Module subclass")
    assert raised(getattr, net, "nothing") == ("AttributeError", "'Net' object has no attribute 'nothing'")

    class Early(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(1, 1)

    assert raised(Early) == ("AttributeError", "cannot assign module before Module.__init__() call")
    assert raised(nn.Module(), 1) == (
        "NotImplementedError", 'Module [Module] is missing the required "forward" function',
    )


def test_reassignment():
    net = Net()
    net.shift = None
    assert "shift" not in net.state_dict() and net.shift is None
    net.count = torch.ones(2)
    assert dict(net.named_buffers())["count"] is net.count
    del net.rest
    assert raised(getattr, net, "rest")[0] == "AttributeError"
    net.first = nn.ReLU()
    assert "first.weight" not in net.state_dict()
    del net.again
    net.again = 5
    assert net.again == 5 and "again" not in dict(net.named_children())


def test_state_dict():
    net, other = Net(), Net()
    state = net.state_dict()
    assert type(state).__name__ == "OrderedDict" and "scratch" not in state
    assert state._metadata["norm"] == {"version": 2}
    assert not state["shift"].requires_grad and net.state_dict(keep_vars=True)["shift"].requires_grad
    assert str(other.load_state_dict(state)) == "<All keys matched successfully>"
    assert all(torch.equal(a, b) for a, b in zip(net.state_dict().values(), other.state_dict().values()))
    wrong = dict(state)
    del wrong["shift"]
    wrong["extra"] = torch.zeros(1)
    wrong["first.bias"] = torch.zeros(7)
    name, message = raised(other.load_state_dict, wrong)
    assert name == "RuntimeError" and message == (
        'Error(s) in loading state_dict for Net:\n\tMissing key(s) in state_dict: "shift". '
        '\n\tUnexpected key(s) in state_dict: "extra". '
        "\n\tsize mismatch for first.bias: copying a param with shape torch.Size([7]) from checkpoint, "
        "the shape in current model is torch.Size([4])."
    ), message
    del wrong["first.bias"]
    result = other.load_state_dict(wrong, strict=False)
    assert result.missing_keys == ["shift", "first.bias"] and result.unexpected_keys == ["extra"]
    fresh = {"weight": torch.ones(4, 3), "bias": torch.ones(4)}
    net.first.load_state_dict(fresh, assign=True)
    assert net.first.weight.data_ptr() == fresh["weight"].data_ptr() and isinstance(net.first.weight, nn.Parameter)


def test_modes_and_dtypes():
    net = Net()
    assert not any(module.training for module in net.eval().modules())
    assert all(module.training for module in net.train().modules())
    net.double()
    assert net.shift.dtype == torch.float64 and net.norm.num_batches_tracked.dtype == torch.int64
    assert net.to(torch.float32).count.dtype == torch.float32
    assert net.to("cpu") is net
    assert raised(net.to, torch.int64)[0] == "TypeError"
    assert not any(p.requires_grad for p in net.requires_grad_(False).parameters())
    order = []
    net.apply(lambda module: order.append(type(module).__name__))
    assert order == ["Linear", "BatchNorm1d", "Linear", "ReLU", "Linear", "Sequential", "Net"]


def test_copies():
    net = Net()
    twin = copy.deepcopy(net)
    assert torch.equal(twin.shift, net.shift) and twin.shift is not net.shift
    assert twin.again is twin.first and isinstance(twin.shift, nn.Parameter)
    with torch.no_grad():
        twin.shift.add_(1)
    assert not torch.equal(twin.shift, net.shift)


def test_containers():
    a, b, c = nn.ReLU(), nn.Tanh(), nn.Sigmoid()
    chain = nn.Sequential(a, b, c)
    assert len(chain) == 3 and chain[-1] is c and list(chain[:2]) == [a, b]
    assert list(chain + nn.Sequential(a)) == [a, b, c, a]
    chain.insert(1, nn.GELU())
    assert type(chain[1]) is nn.GELU and chain.pop(1) is not None and list(chain) == [a, b, c]
    assert raised(lambda: chain[5])[0] == "IndexError"
    del chain[0]
    assert list(dict(chain.named_children())) == ["0", "1"]
    layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(3)])
    layers.append(a)
    assert len(layers) == 4 and len(layers[1:3]) == 2 and a in layers
    heads = nn.ModuleDict({"x": nn.Linear(1, 1)})
    heads["y"] = b
    assert list(heads) == ["x", "y"] and "x" in heads and heads.pop("x") is not None and len(heads) == 1
    values = nn.ParameterList([torch.zeros(2), torch.zeros(3)])
    assert [name for name, _ in values.named_parameters()] == ["0", "1"] and len(values) == 2
    table = nn.ParameterDict({"b": torch.zeros(1), "a": torch.zeros(2)})
    assert list(table.keys()) == ["a", "b"] and isinstance(table["a"], nn.Parameter)


def test_printed_forms():
    assert repr(nn.Sequential(nn.Linear(2, 3), nn.ReLU())) == (
        "Sequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n  (1): ReLU()\n)"
    )
    assert repr(nn.ModuleList([nn.ReLU(), nn.ReLU(), nn.Tanh()])) == (
        "ModuleList(\n  (0-1): 2 x ReLU()\n  (2): Tanh()\n)"
    )
    assert repr(nn.Conv2d(1, 2, (3, 5), stride=2, padding=1, bias=False)) == (
        "Conv2d(1, 2, kernel_size=(3, 5), stride=(2, 2), padding=(1, 1), bias=False)"
    )


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
print("ok")
