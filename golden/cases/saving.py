"""torch.save and torch.load, through memory."""

import io


def through_memory(value, **keywords):
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return torch.load(file, **keywords)

# --- tensors
for t in (torch.tensor([1.0, 2.5]), torch.arange(6).view(2, 3), torch.tensor(True), torch.tensor(2.5, dtype=torch.float64), torch.zeros(0, 3), torch.tensor([1, 2], dtype=torch.int32), torch.tensor([7], dtype=torch.uint8), torch.tensor(3)):
    show(through_memory(t))

# --- special_values
show(through_memory(torch.tensor([float("nan"), float("inf"), -0.0, 1e-40])))

# --- state_dict_roundtrip
a = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))
a(data(4, 2))
state = through_memory(a.state_dict())
b = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))
show(str(b.load_state_dict(state)), list(state))
a.eval()
b.eval()
show(torch.equal(a(data(4, 2)), b(data(4, 2))), b[1].running_mean, b[1].num_batches_tracked)

# --- dict_of_tensors
loaded = through_memory({"w": torch.ones(2), "b": torch.zeros(1, dtype=torch.int64)})
show(loaded, sorted(loaded))

# --- weights_only_argument
show(through_memory(torch.ones(2), weights_only=True), through_memory({"a": torch.ones(1)}, map_location="cpu"), through_memory(torch.ones(1), map_location=torch.device("cpu")))

# --- checkpoint_idiom
net = nn.Linear(2, 1)
optimizer = optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
for _ in range(2):
    optimizer.zero_grad()
    net(data(3, 2)).pow(2).mean().backward()
    optimizer.step()
checkpoint = through_memory({"epoch": 5, "model_state_dict": net.state_dict(), "optimizer_state_dict": optimizer.state_dict(), "loss": 0.25})
other = nn.Linear(2, 1)
other_optimizer = optim.SGD(other.parameters(), lr=0.5)
other.load_state_dict(checkpoint["model_state_dict"])
other_optimizer.load_state_dict(checkpoint["optimizer_state_dict"])
show(checkpoint["epoch"], checkpoint["loss"], other.weight, other_optimizer.param_groups[0]["lr"], other_optimizer.param_groups[0]["momentum"])
for n, o in ((net, optimizer), (other, other_optimizer)):
    o.zero_grad()
    n(data(3, 2)).pow(2).mean().backward()
    o.step()
show(torch.equal(net.weight, other.weight))

# --- nested_plain_values
show(through_memory({"list": [1, 2.5, "text", None, True], "tuple": (1, 2), "dict": {"a": torch.tensor([1])}, 3: "three"}))

# --- list_of_tensors
show(through_memory([torch.ones(1), torch.zeros(2)]))

# --- shared_storage_is_shared_again
a = torch.zeros(3)
loaded = through_memory([a, a])
loaded[0][0] = 5
show(loaded[1])

# --- noncontiguous_and_views
x = torch.arange(6).view(2, 3)
show(through_memory(x.t()), through_memory(x[:, 1]), through_memory(x.expand(2, 2, 3)))

# --- requires_grad_of_parameters
p = through_memory(nn.Parameter(torch.ones(2)))
show(p.requires_grad, p.detach())

# --- adam_state
w = torch.tensor([1.0, 2.0], requires_grad=True)
optimizer = optim.Adam([w], lr=0.1)
(w**2).sum().backward()
optimizer.step()
state = through_memory(optimizer.state_dict())
show(state["state"][0]["exp_avg"], state["param_groups"][0]["betas"], state["param_groups"][0]["params"])

# --- broken_files
def load(content):
    return torch.load(io.BytesIO(content))


for content in (b"", b"not a file of tensors"):
    try:
        load(content)
        show("loaded")
    except Exception:
        show("refused")

# --- load_into_network_of_other_shape
state = through_memory(nn.Linear(2, 3).state_dict())
fails(lambda: nn.Linear(2, 4).load_state_dict(state))

# --- file_of_a_tensor
show(torch.load(FILES + "/tensor.pt"))
with open(FILES + "/tensor.pt", "rb") as file:
    show(torch.load(file, weights_only=True))

# --- file_of_a_state_dict
state = torch.load(FILES + "/state_dict.pt")
show(type(state).__name__, list(state), *state.values())
model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
show(str(model.load_state_dict(state)))
model.eval()
show(model(data(2, 3)))

# --- file_of_a_checkpoint
checkpoint = torch.load(FILES + "/checkpoint.pt", map_location="cpu")
show(checkpoint["epoch"], checkpoint["loss"], checkpoint["tags"], sorted(checkpoint))
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
optimizer = optim.Adam(model.parameters())
model.load_state_dict(checkpoint["model"])
optimizer.load_state_dict(checkpoint["optimizer"])
show(optimizer.param_groups[0]["lr"])
model(data(4, 3)).pow(2).sum().backward()
optimizer.step()
show(*model.parameters())

# --- file_of_every_dtype
tensors = torch.load(FILES + "/tensors.pt")
show(tensors)
tensors["float64"][0, 1] = 100
show(tensors["column"], tensors["transposed"].stride())

# --- file_of_a_module_is_refused
try:
    torch.load(FILES + "/module.pt")
    show("loaded")
except Exception:
    show("refused")

# --- file_that_is_missing
fails(lambda: torch.load(FILES + "/nothing.pt"))
