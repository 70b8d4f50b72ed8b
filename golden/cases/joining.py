"""Joining, padding and rearranging tensors."""

# --- cat
a = data(2, 3, grad=True)
b = data(1, 3, shift=8, grad=True)
grads(torch.cat([a, b]), a, b)
grads(torch.cat((a, a), dim=1), a)
grads(torch.cat([a, b, a], 0), a, b)
show(torch.cat([a.detach(), a.detach()], dim=-1), torch.concat([b.detach(), b.detach()]), torch.concatenate([b.detach(), b.detach()], axis=1))

# --- cat_empty_and_types
show(torch.cat([torch.zeros(0), torch.ones(2)]), torch.cat([torch.tensor([1]), torch.tensor([2.5])]), torch.cat([torch.zeros(0, 2), torch.ones(1, 2)]), torch.cat([torch.tensor([]), torch.ones(2, 2)]))

# --- cat_errors
fails(lambda: torch.cat([torch.zeros(2, 3), torch.zeros(2, 4)]))
fails(lambda: torch.cat([torch.zeros(2), torch.zeros(2, 2)]))
fails(lambda: torch.cat([]))
fails(lambda: torch.cat([torch.tensor(1.0), torch.tensor(2.0)]))
fails(lambda: torch.cat([torch.zeros(2)], dim=1))
fails(lambda: torch.cat(torch.zeros(2)))
fails(lambda: torch.cat([1, 2]))

# --- stack
a = data(2, 3, grad=True)
b = data(2, 3, shift=8, grad=True)
grads(torch.stack([a, b]), a, b)
grads(torch.stack((a, b), dim=1), a, b)
grads(torch.stack([a, b], -1), a, b)
show(torch.stack([torch.tensor(1.0), torch.tensor(2.0)]), torch.stack([torch.tensor([1]), torch.tensor([2.5])]))
fails(lambda: torch.stack([torch.zeros(2), torch.zeros(3)]))
fails(lambda: torch.stack([]))

# --- hstack_vstack_dstack
a = torch.tensor([1, 2])
b = torch.tensor([3, 4])
show(torch.hstack([a, b]), torch.vstack([a, b]), torch.dstack([a, b]).shape, torch.column_stack([a, b]), torch.vstack([torch.zeros(1, 2), torch.ones(2, 2)]), torch.hstack((torch.zeros(2, 1), torch.ones(2, 2))), torch.row_stack([a, b]))

# --- pad_constant
x = data(2, 3, grad=True)
grads(F.pad(x, (1, 2)), x)
grads(F.pad(x, (1, 0, 0, 2), value=9.0), x)
grads(F.pad(x, (-1, 0)), x)
grads(F.pad(x, (1, -1, -1, 1), "constant", 0.5), x)
show(F.pad(torch.tensor([1, 2]), (1, 1)), F.pad(torch.tensor([True]), (0, 1)), F.pad(x.detach(), (1, 1), mode="constant", value=float("-inf")))

# --- pad_reflect
x = data(1, 2, 5, grad=True)
grads(F.pad(x, (2, 1), mode="reflect"), x)
y = data(1, 1, 3, 4, grad=True)
grads(F.pad(y, (1, 1, 2, 1), mode="reflect"), y)

# --- pad_replicate
x = data(1, 2, 4, grad=True)
grads(F.pad(x, (2, 1), mode="replicate"), x)
y = data(1, 1, 3, 3, grad=True)
grads(F.pad(y, (1, 2, 0, 1), mode="replicate"), y)

# --- pad_circular
x = data(1, 2, 4, grad=True)
grads(F.pad(x, (2, 1), mode="circular"), x)
y = data(1, 1, 3, 3, grad=True)
grads(F.pad(y, (1, 2, 0, 1), mode="circular"), y)

# --- pad_errors
x = torch.zeros(2, 3)
fails(lambda: F.pad(x, (1,)))
fails(lambda: F.pad(x, (1, 1, 1, 1, 1, 1)))
fails(lambda: F.pad(torch.zeros(1, 1, 3), (3, 3), mode="reflect"))
fails(lambda: F.pad(x, (1, 1), mode="nonsense"))

# --- one_hot
show(F.one_hot(torch.tensor([0, 2, 1])), F.one_hot(torch.tensor([0, 2]), num_classes=4), F.one_hot(torch.tensor([[1], [0]]), 2), F.one_hot(torch.tensor(1), 3))
fails(lambda: F.one_hot(torch.tensor([3]), 2))
fails(lambda: F.one_hot(torch.tensor([-1])))
fails(lambda: F.one_hot(torch.tensor([1.0])))

# --- one_hot_matmul_idiom
w = data(4, 2, grad=True)
grads(F.one_hot(torch.tensor([1, 3, 1]), num_classes=4).float() @ w, w)

# --- cat_of_views_and_slices
x = data(4, 3, grad=True)
grads(torch.cat([x[2:], x[:2]], 0), x)
grads(torch.cat([x.t(), x.t()], 1), x)
grads(torch.stack([x[i] for i in (3, 0, 3)]), x)

# --- bag_of_columns
x = data(3, 2, grad=True)
grads(torch.cat([torch.ones(3, 1), x, x**2], dim=1), x)

# --- positional_encoding_idiom
pe = torch.zeros(4, 6)
position = torch.arange(0, 4).unsqueeze(1).float()
div = torch.exp(torch.arange(0, 6, 2).float() * -(math.log(10000.0) / 6))
pe[:, 0::2] = torch.sin(position * div)
pe[:, 1::2] = torch.cos(position * div)
show(pe)

# --- sliding_windows_idiom
text = torch.tensor([5, 3, 8, 1, 9, 2])
xs = torch.stack([text[i : i + 3] for i in range(3)])
ys = torch.stack([text[i + 1 : i + 4] for i in range(3)])
show(xs, ys)

# --- pad_sequence
from torch.nn.utils.rnn import pad_sequence

parts = [torch.tensor([1, 2, 3]), torch.tensor([4]), torch.tensor([5, 6])]
show(pad_sequence(parts), pad_sequence(parts, batch_first=True), pad_sequence(parts, batch_first=True, padding_value=-1))
