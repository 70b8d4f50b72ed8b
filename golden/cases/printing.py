"""The printed forms of tensors."""

# --- scalars
for t in (torch.tensor(1), torch.tensor(1.5), torch.tensor(2.0), torch.tensor(True), torch.tensor(-0.1234567), torch.tensor(1e10), torch.tensor(1e-10), torch.tensor(123456.789)):
    print(t)
    show(repr(t), str(t))

# --- integers
for t in (torch.arange(5), torch.tensor([[1, -20], [300, 4]]), torch.tensor([100, 2000, -3]), torch.tensor([0]), torch.tensor([2**40, 1])):
    print(t)

# --- booleans
for t in (torch.tensor([True, False]), torch.tensor([[True, True], [False, True]]), torch.tensor([True])):
    print(t)

# --- floats
for t in (torch.tensor([1.0, 2.5, -3.25]), torch.tensor([0.1, 0.123456789]), torch.tensor([[1.5, 2.0], [-3.0, 4.0]]), torch.tensor([0.5]), torch.tensor([-0.5, 0.25])):
    print(t)

# --- whole_floats
for t in (torch.tensor([1.0, 2.0, 3.0]), torch.zeros(2, 2), torch.ones(3), torch.tensor([100.0, -2.0]), torch.tensor([0.0]), torch.tensor(-0.0), torch.tensor([12345678.0])):
    print(t)

# --- rounding_of_digits
for t in (torch.tensor([0.99995, 0.99996]), torch.tensor([1.00005]), torch.tensor([0.00005, 0.5]), torch.tensor([2.67565, 2.67575]), torch.tensor([9.99999])):
    print(t)

# --- scientific_by_magnitude
for t in (torch.tensor([1e-5, 1.0]), torch.tensor([1e5, 1.5]), torch.tensor([1e-8]), torch.tensor([1e8, 0.5]), torch.tensor([1e6, 1e-3]), torch.tensor([1234567.5]), torch.tensor([99999.5, 1.5]), torch.tensor([0.0001, 0.05])):
    print(t)

# --- scientific_by_ratio
for t in (torch.tensor([1000.5, 0.5]), torch.tensor([1001.5, 1.0]), torch.tensor([2000.25, 1.25]), torch.tensor([0.001, 2.0]), torch.tensor([500.5, 0.4])):
    print(t)

# --- scientific_whole_numbers
for t in (torch.tensor([1e9]), torch.tensor([1e9, 1.0]), torch.tensor([1e7]), torch.tensor([99999999.0]), torch.tensor([100000000.0]), torch.tensor([3e20, 1.0])):
    print(t)

# --- negatives
for t in (torch.tensor([-1.0, -2.0]), torch.tensor([-1.5, 2.25]), torch.tensor([[-0.001, 0.002]]), torch.tensor([-1e-6, 1e-6]), torch.tensor([-7, 7])):
    print(t)

# --- nan_and_inf
inf, nan = float("inf"), float("nan")
for t in (torch.tensor([nan, 1.0]), torch.tensor([inf, -inf, 1.5]), torch.tensor(nan), torch.tensor([inf]), torch.tensor([nan, 12345.678, 1e-5]), torch.tensor([-inf, 3.0]), torch.tensor([[nan, inf], [1.0, 2.0]])):
    print(t)

# --- dtypes
for t in (torch.tensor([1.5], dtype=torch.float64), torch.tensor([1, 2], dtype=torch.int32), torch.tensor([1, 2], dtype=torch.uint8), torch.tensor([1], dtype=torch.int64), torch.zeros(2, dtype=torch.bool), torch.tensor(2.5, dtype=torch.float64), torch.tensor(7, dtype=torch.int32)):
    print(t)

# --- empty
for t in (torch.tensor([]), torch.zeros(0, 3), torch.zeros(2, 0), torch.zeros(0, dtype=torch.int64), torch.zeros(0, 2, dtype=torch.bool), torch.zeros(1, 0, 2, dtype=torch.float64)):
    print(t)

# --- requires_grad
x = torch.tensor([1.0, 2.0], requires_grad=True)
print(x)
print(torch.tensor(3.0, requires_grad=True))
print(torch.tensor([1.5], dtype=torch.float64, requires_grad=True))
print(x.detach())
print(torch.zeros(0, requires_grad=True))

# --- grad_fn
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
for t in (x + 1, x - 1, x * 2, x / 2, x**2, x.sum(), x.mean(), x @ x, (x / 4).exp(), x.log(), x.sqrt(), x.relu(), x.sigmoid(), x.tanh(), -x, x.abs()):
    print(t)

# --- grad_fn_of_views
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
for t in (x.t(), x.view(4), x[0], x[:, 1], x[x > 1], x.reshape(1, 4), x.t().reshape(4), x.unsqueeze(0), x.expand(1, 2, 2), x.permute(1, 0), x.transpose(0, 1), x.clone(), x.squeeze(), x.flatten()):
    print(t)

# --- grad_fn_of_reductions
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
for t in (x.sum(0), x.mean(1), x.max(), x.max(1).values, x.min(), x.prod(), x.norm(), x.var(), x.std(), x.logsumexp(0), x.cumsum(0), x.amax(0), x.median()):
    print(t)

# --- grad_fn_of_networks
x = torch.tensor([[1.0, 2.25]])
w = torch.tensor([[0.5, -0.5], [1.0, 1.0]], requires_grad=True)
y = F.linear(x, w)
for t in (y, F.linear(x, w, torch.zeros(2, requires_grad=True)), F.softmax(y, 1), F.log_softmax(y, 1), F.cross_entropy(y, torch.tensor([1])), F.mse_loss(y, x), F.gelu(y), F.leaky_relu(y), F.dropout(y, 0.0), torch.cat([y, y]), torch.stack([y, y]), F.embedding(torch.tensor([1]), w), F.layer_norm(y, (2,)), torch.where(y > 0, y, y * 2), F.binary_cross_entropy_with_logits(y, x), F.silu(y), F.elu(y)):
    print(t)

# --- grad_fn_of_convolution
x = torch.ones(1, 1, 2, 2)
w = torch.ones(1, 1, 2, 2, requires_grad=True)
y = F.conv2d(x, w)
for t in (y, F.max_pool2d(y, 1), F.avg_pool2d(y, 1), y.view(-1, 1)):
    print(t)

# --- grad_fn_of_in_place
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
y += 1
print(y)
y.mul_(2)
print(y)
y[0] = 0
print(y)
z = x.clone()
z.relu_()
print(z)

# --- two_dims
print(torch.arange(12).view(3, 4))
print(torch.tensor([[1.0, 20.5], [300.25, 4.0]]))
print(torch.tensor([[1e-3, 1.0], [10.0, 100.0]]))

# --- three_dims
print(torch.arange(12).view(2, 3, 2))
print(torch.zeros(2, 2, 2))
print(torch.tensor([[[1.5]], [[2.5]]]))

# --- four_dims
print(torch.arange(8.0).view(2, 1, 2, 2))
print(torch.zeros(1, 1, 1, 1))

# --- size_one
print(torch.zeros(1, 1))
print(torch.tensor([[5]]))
print(torch.ones(3, 1))

# --- long_rows_wrap
print(torch.arange(30))
print(torch.arange(40) / 7)
print(torch.arange(25).float())
print(torch.arange(50) % 2 == 0)

# --- long_rows_in_matrix
print(torch.arange(60).view(2, 30))
print(data(2, 15))

# --- summarised
print(torch.arange(1001))
print(torch.zeros(2000))
print(torch.arange(2000.0) / 10)

# --- summarised_matrix
print(torch.arange(2000).view(40, 50))
print(torch.zeros(100, 20))
print(torch.zeros(3, 1000))

# --- summarised_three_dims
print(torch.zeros(10, 20, 30))
print(torch.arange(2400).view(2, 400, 3))

# --- summarised_with_grad_fn
x = torch.zeros(1100, requires_grad=True)
print(x)
print(x * 2)

# --- not_summarised_at_the_threshold
print(torch.zeros(1000, dtype=torch.int64)[:30])
print(repr(torch.zeros(1000, dtype=torch.int64)).count("0"))
print(repr(torch.zeros(1001, dtype=torch.int64)).count("..."))

# --- precision_option
torch.set_printoptions(precision=2)
print(torch.tensor([1.23456, 2.0]))
torch.set_printoptions(precision=8)
print(torch.tensor([1.23456, 2.0]))
print(torch.tensor([0.1], dtype=torch.float64))

# --- precision_zero_and_ten
torch.set_printoptions(precision=0)
print(torch.tensor([1.6, 22.3]))
torch.set_printoptions(precision=10)
print(torch.tensor([1 / 3], dtype=torch.float64), torch.tensor(math.pi))

# --- threshold_and_edgeitems
torch.set_printoptions(threshold=5)
print(torch.arange(6))
print(torch.arange(10))
torch.set_printoptions(edgeitems=2)
print(torch.arange(10))
print(torch.arange(100).view(10, 10))

# --- linewidth_option
torch.set_printoptions(linewidth=40)
print(torch.arange(20))
print(torch.tensor([[1.5, 2.5, 3.5, 4.5, 5.5, 6.5]]))

# --- sci_mode_option
torch.set_printoptions(sci_mode=False)
print(torch.tensor([1e-5, 1.0]), torch.tensor([1e8, 0.5]))
torch.set_printoptions(sci_mode=True)
print(torch.tensor([1.0, 2.0]), torch.tensor([1.5]))

# --- profiles
torch.set_printoptions(profile="short")
print(torch.tensor([1.23456]), torch.arange(1001))
torch.set_printoptions(profile="full")
print(torch.tensor([1.23456]), repr(torch.zeros(1001)).count("0."))
torch.set_printoptions(profile="default")
print(torch.tensor([1.23456]))

# --- format_of_scalars
t = torch.tensor(3.14159265)
show(f"{t}", f"{t:.2f}", f"{t.item():.4f}", f"{t:8.3f}|", "{:.3f}".format(t), "%.2f" % t, "%s" % t, str(t.item()), f"{t!r}")
i = torch.tensor(42)
show(f"{i}", f"{i:5d}|", f"{i:>5}|", "%d" % i, f"{i.item():,}", f"{torch.tensor(1234567.0):,.1f}", f"{torch.tensor(True)}")

# --- format_with_grad
t = torch.tensor(0.12345, requires_grad=True)
show(f"{t:.4f}", f"{t}", f"{(t * 2):.3f}", f"{(t * 2).item():.3f}", f"{t * 2}")

# --- format_of_vectors
v = torch.tensor([1.0, 2.5])
show(f"{v}", "{}".format(v), f"values: {v.tolist()}", f"{v.shape}", f"{v.dtype}", f"{v.size()}", f"{v[0]:.1f} {v[1]:.1f}")
fails(lambda: f"{v:.2f}")

# --- training_lines
loss = torch.tensor(0.693147, requires_grad=True) * 1.5
right = torch.tensor(37)
print(f"loss {loss.item():>7f}, seen {640:>5d} of {60000:>5d}")
print(f"right: {(100 * 0.7125):>0.1f}%, mean loss: {loss.item():>8f} \n")
print("epoch", 3, "loss", loss.item())
print("epoch {}/{} loss {:.4f}".format(1, 10, loss.item()))
print("epoch %d, loss %.3f" % (2, loss))
print(f"{right} of {60}, {right / 60:.1%}, {right.item():03d}")
print(f"y = {torch.tensor(0.5).item()} + {torch.tensor(-0.25).item()} x")

# --- print_of_several_things
x = torch.tensor([1, 2])
print(x, x.float(), "text", 5)
print([x, x])
print((x,), {"a": x})
print(x.shape, x.dtype, x.device, x.size(0))

# --- size_forms
s = torch.zeros(2, 3).shape
show(str(s), repr(s), f"{s}", str(torch.Size([])), str(tuple(s)), repr(torch.zeros(5).size()))
print(s, list(s))

# --- dtype_and_device_forms
show(str(torch.float32), repr(torch.int64), str(torch.device("cpu")), repr(torch.device("cpu")), f"{torch.float64}", f"{torch.device('cpu')}", str(torch.bool), str(torch.uint8))

# --- results_of_max_and_sort
print(torch.tensor([[1.0, 3.0], [4.0, 2.0]]).max(1))
print(torch.tensor([3, 1, 2]).sort())
print(torch.tensor([3.0, 1.0, 2.0]).topk(2))
print(torch.tensor([[1.0, 3.0]]).min(dim=0))

# --- parameters
print(nn.Parameter(torch.tensor([1.0, 2.0])))
print(nn.Parameter(torch.zeros(2, 2), requires_grad=False))
show(repr(nn.Parameter(torch.tensor(1.5))))

# --- gradients_printed
x = torch.tensor([1.0, 2.0], requires_grad=True)
print(x.grad)
(x**2).sum().backward()
print(x.grad)

# --- unusual_layouts
x = torch.arange(6).view(2, 3)
print(x.t())
print(x[:, 1])
print(x[::2])
print(torch.tensor([1.0]).expand(3))

# --- named_parameters_printed
net = nn.Linear(2, 1)
net.weight.data = torch.tensor([[0.5, -0.25]])
net.bias.data.zero_()
for name, p in net.named_parameters():
    print(name, p.data, p.shape)
print(list(net.parameters()))
print(dict(net.state_dict()))

# --- mixed_widths
print(torch.tensor([1, 10, 100, 1000]))
print(torch.tensor([0.5, 10.25, 100.125]))
print(torch.tensor([[1.0, -1.0], [100.0, 0.0]]))
print(torch.tensor([1.0, float("nan")]))
print(torch.tensor([1.5, float("-inf"), 100.25]))

# --- tiny_and_denormal
print(torch.tensor([1e-40]))
print(torch.tensor([1e-30, 1.0]))
print(torch.tensor(5e-324, dtype=torch.float64))
print(torch.tensor([0.0, 1e-9]))

# --- tolist_printed
print(torch.tensor([0.1, 0.2]).tolist())
print(torch.tensor([[1, 2], [3, 4]]).tolist())
print(torch.tensor(0.1).item())
print(torch.tensor(0.1, dtype=torch.float64).item())
