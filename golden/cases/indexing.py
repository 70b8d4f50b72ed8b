"""Reading and writing elements, with gradients."""

# --- integer
x = data(3, 4, grad=True)
grads(x[0], x)
grads(x[-1], x)
grads(x[1, 2], x)
grads(x[1][2], x)
grads(x[-2, -3], x)

# --- slices
x = data(4, 5, grad=True)
grads(x[1:3], x)
grads(x[:, 1:4], x)
grads(x[::2, ::3], x)
grads(x[1:, :-1], x)
grads(x[-2:], x)
show(x[5:10].shape, x[2:1].shape, x[:100].shape, x[-100:2].shape, x[3:4, 0])

# --- slice_edge_cases
x = torch.arange(6)
show(x[2:2], x[4:2], x[:0], x[6:], x[:-6], x[::6], x[1:None], x[None:2], x[slice(1, 4)], x[slice(None, None, 2)])
fails(lambda: x[::-1])
fails(lambda: x[::0])

# --- ellipsis
x = data(2, 3, 4, grad=True)
grads(x[..., 0], x)
grads(x[0, ...], x)
grads(x[..., 1:3, 0], x)
show(x[...].shape, x[0, ..., 1].shape, x[0, 1, 2, ...])

# --- none
x = data(2, 3, grad=True)
grads(x[None], x)
grads(x[:, None], x)
grads(x[:, :, None], x)
grads(x[None, 0, None], x)
show(x[..., None].shape, x[None, ..., None].shape, x[:, None, :, None].shape)

# --- bool_mask
x = data(2, 3, grad=True)
grads(x[x > 0], x)
grads(x[torch.tensor([True, False])], x)
grads(x[:, torch.tensor([True, False, True])], x)
grads(x[torch.tensor([False, False])], x)
show(x[torch.zeros(2, 3, dtype=torch.bool)])

# --- bool_scalar_index
x = torch.tensor([1.0, 2.0])
show(x[True], x[False].shape, x[torch.tensor(True)])

# --- integer_tensor
x = data(4, 3, grad=True)
grads(x[torch.tensor([0, 2])], x)
grads(x[torch.tensor([0, 0, 3])], x)
grads(x[torch.tensor([-1, 1])], x)
grads(x[torch.tensor([[0, 1], [2, 3]])], x)
grads(x[:, torch.tensor([2, 0])], x)
grads(x[torch.tensor(1)], x)
grads(x[torch.tensor([], dtype=torch.int64)], x)

# --- lists
x = data(4, 3, grad=True)
grads(x[[0, 2]], x)
grads(x[[1, 1], [0, 2]], x)
grads(x[:, [2, 1]], x)
show(x[[True, False, True, False]], x[[[0, 1], [2, 2]]].shape)

# --- two_integer_tensors
x = data(4, 3, grad=True)
grads(x[torch.tensor([0, 1, 2]), torch.tensor([2, 0, 1])], x)
grads(x[torch.tensor([[0], [3]]), torch.tensor([0, 2])], x)
grads(x[torch.arange(4), torch.tensor([0, 1, 2, 0])], x)

# --- range_and_labels_idiom
logits = data(3, 5, grad=True)
labels = torch.tensor([1, 0, 4])
grads(-F.log_softmax(logits, 1)[range(3), labels].mean(), logits)
grads(-torch.log(F.softmax(logits, 1)[torch.arange(3), labels]), logits)

# --- tensor_and_integer
x = data(3, 4, 5, grad=True)
grads(x[torch.tensor([0, 2]), 1], x)
grads(x[1, torch.tensor([0, 2])], x)
grads(x[torch.tensor([0, 2]), :, 3], x)
show(x[0, :, torch.tensor([1, 2])].shape, x[:, torch.tensor([1, 2]), 0].shape)

# --- tensors_apart_move_first
x = data(2, 3, 4, 5)
i = torch.tensor([0, 1, 1])
show(x[i, :, i].shape, x[:, i, :, i].shape, x[:, i, i].shape, x[..., i, i].shape, x[i, :, :, i].shape, x[i, ..., i])

# --- tensor_and_slice
x = data(3, 4, grad=True)
grads(x[torch.tensor([2, 0]), 1:3], x)
grads(x[1:, torch.tensor([3, 0])], x)

# --- tensor_and_none
x = data(3, 4)
i = torch.tensor([0, 2])
show(x[i, None].shape, x[None, i].shape, x[:, None, i].shape, x[i, None, i].shape)

# --- mask_and_integer_tensor
x = data(3, 4, grad=True)
m = torch.tensor([True, False, True])
grads(x[m, torch.tensor([1, 2])], x)
grads(x[m][:, 0], x)
grads(x[m, 1], x)
grads(x[m, 1:], x)

# --- mask_over_two_dims
x = data(2, 3, 2, grad=True)
m = torch.tensor([[True, False, False], [False, True, True]])
grads(x[m], x)
grads(x[m, 0], x)

# --- uint8_index_is_a_mask
show(torch.tensor([1, 2, 3])[torch.tensor([1, 0, 1], dtype=torch.uint8)])

# --- int32_index
show(torch.tensor([1, 2, 3])[torch.tensor([2, 0], dtype=torch.int32)])

# --- embedding_lookup_idiom
C = data(5, 2, grad=True)
X = torch.tensor([[0, 1, 1], [4, 2, 0]])
grads(C[X].view(2, 6), C)

# --- zero_dim
x = torch.tensor(3.0, requires_grad=True)
grads(x[None], x)
grads(x[...], x)
fails(lambda: x[0])
fails(lambda: x[:])

# --- tuple_index
x = data(3, 4)
show(x[(1, 2)], x[(slice(0, 2), 1)], x[(torch.tensor([0, 1]), torch.tensor([0, 1]))])

# --- set_integer_and_slice
x = torch.zeros(3, 4)
x[0] = 1
x[1, 2] = 5
x[2, :2] = torch.tensor([7.0, 8.0])
x[:, -1] = -1
x[::2, 1] += 10
show(x)

# --- set_broadcasts
x = torch.zeros(2, 3)
x[:] = torch.tensor([1.0, 2.0, 3.0])
show(x.clone())
x[:, 0:2] = torch.tensor([[9.0], [8.0]])
show(x.clone())
x[...] = 4
show(x.clone())
x[0] = torch.ones(1, 1, 3)
show(x)

# --- set_with_mask
x = data(2, 3)
x[x < 0] = 0
show(x.clone())
x[x > 1] = torch.tensor([1.0])
show(x.clone())
m = torch.tensor([[True, False, True], [False, True, False]])
x[m] = torch.tensor([10.0, 20.0, 30.0])
show(x.clone())
x[torch.tensor([True, False])] = -5
show(x)

# --- set_with_integer_tensors
x = torch.zeros(4, 3)
x[torch.tensor([0, 2])] = 1.0
x[torch.tensor([1, 3]), torch.tensor([0, 2])] = torch.tensor([5.0, 6.0])
x[[0, 1], 1] = -1
x[:, torch.tensor([2])] += 0.5
show(x)

# --- set_repeated_index_add
x = torch.zeros(3)
x[torch.tensor([0, 0, 1])] += 1
show(x)

# --- one_hot_by_assignment
y = torch.zeros(3, 4)
y[torch.arange(3), torch.tensor([1, 3, 0])] = 1
show(y)

# --- set_gradient
x = data(2, 3, grad=True)
v = data(3, shift=7, grad=True)
y = x * 1
y[0] = v
grads(y, x, v)
z = x * 1
z[:, 1] = v[:2] * 2
grads(z, x, v)
w = x.clone()
w[w > 0] = 0.0
grads(w, x)

# --- set_gradient_with_tensors
x = data(4, grad=True)
v = data(2, shift=7, grad=True)
y = x.clone()
y[torch.tensor([3, 1])] = v
grads(y, x, v)
z = x.clone()
z[torch.tensor([True, False, False, True])] = v
grads(z, x, v)

# --- fill_a_buffer_with_graph
x = data(3, grad=True)
out = torch.zeros(3)
for i in range(3):
    out[i] = x[i] * (i + 1)
grads(out, x)

# --- set_casts_and_shape_errors
x = torch.zeros(2, 3)
x[0] = torch.tensor([1, 2, 3])
show(x)
fails(lambda: x.__setitem__(0, torch.zeros(2)))
fails(lambda: x.__setitem__((slice(None), 0), torch.zeros(3)))

# --- set_returns_to_the_base
base = torch.zeros(2, 3)
view = base[1]
view[0] = 3
base[1, 2] = 4
show(base, view)

# --- advanced_indexing_copies
base = torch.arange(4.0)
copy = base[torch.tensor([0, 1])]
copy[0] = 100
view = base[0:2]
view[0] = 50
show(base, copy)

# --- errors
x = torch.zeros(3, 4)
fails(lambda: x[3])
fails(lambda: x[-4])
fails(lambda: x[0, 4])
fails(lambda: x[0, 0, 0])
fails(lambda: x[torch.tensor([3])])
fails(lambda: x[torch.tensor([True, False])])
fails(lambda: x[torch.tensor([0.5])])
fails(lambda: x["a"])
fails(lambda: x[1.5])
fails(lambda: x[torch.tensor([0, 1]), torch.tensor([0, 1, 2])])

# --- iteration
x = data(3, 2, grad=True)
rows = [row.sum() for row in x]
grads(torch.stack(rows), x)
a, b, c = x
show(a, c, [v.item() for v in torch.tensor([1.5, 2.5])], len(x), list(enumerate(torch.arange(2))), [i for i in reversed(torch.arange(3))])
fails(lambda: list(torch.tensor(1)))

# --- zip_and_loop
total = 0
for a, b in zip(torch.arange(3), torch.tensor([[1, 2], [3, 4], [5, 6]])):
    total += a * b.sum()
show(total)

# --- gather
x = data(3, 4, grad=True)
index = torch.tensor([[0, 1], [3, 3], [2, 0]])
grads(torch.gather(x, 1, index), x)
grads(x.gather(0, torch.tensor([[2, 0, 1, 1]])), x)
grads(x.gather(dim=-1, index=torch.tensor([[1], [0], [3]])).squeeze(1), x)

# --- scatter
x = torch.zeros(3, 4)
index = torch.tensor([[0], [2], [3]])
show(x.scatter(1, index, 1.0), x.scatter(1, index, torch.tensor([[5.0], [6.0], [7.0]])), torch.zeros(2, 3).scatter_(1, torch.tensor([[1], [2]]), 1))
s = data(3, 1, grad=True)
b = data(3, 4, shift=3, grad=True)
grads(torch.scatter(b, 1, index, s), b, s)

# --- scatter_add
b = data(3, 4, grad=True)
s = data(2, 4, shift=7, grad=True)
index = torch.tensor([[0, 1, 2, 0], [2, 0, 0, 1]])
grads(b.scatter_add(0, index, s), b, s)
show(torch.zeros(3).scatter_add_(0, torch.tensor([0, 0, 2]), torch.ones(3)))

# --- scatter_reduce
show(torch.zeros(3).scatter_reduce(0, torch.tensor([0, 0, 2]), torch.tensor([1.0, 5.0, 2.0]), reduce="amax"), torch.ones(3).scatter_reduce(0, torch.tensor([0, 0, 2]), torch.tensor([2.0, 5.0, 2.0]), reduce="prod"), torch.zeros(2).scatter_reduce(0, torch.tensor([0, 0, 1]), torch.tensor([2.0, 4.0, 6.0]), reduce="mean", include_self=False))

# --- index_select
x = data(3, 4, grad=True)
grads(torch.index_select(x, 0, torch.tensor([2, 0, 0])), x)
grads(x.index_select(1, torch.tensor([1, 3])), x)

# --- index_add_copy_fill
x = data(3, 2, grad=True)
s = data(2, 2, shift=5, grad=True)
index = torch.tensor([0, 2])
grads(x.index_add(0, index, s), x, s)
grads(torch.index_add(x, 0, torch.tensor([1, 1]), s, alpha=2), x, s)
grads(x.index_copy(0, index, s), x, s)
grads(x.index_fill(0, index, 9.0), x)

# --- index_put
x = data(3, 2, grad=True)
v = data(2, shift=5, grad=True)
where = (torch.tensor([0, 0]), torch.tensor([1, 1]))
grads(x.index_put(where, v, accumulate=True), x, v)
show(torch.zeros(2, 2).index_put_((torch.tensor([0, 1]),), torch.tensor(3.0)), torch.zeros(3).index_put((torch.tensor([1, 1]),), torch.tensor([2.0, 3.0]), accumulate=True))

# --- masked_select
x = data(2, 3, grad=True)
grads(torch.masked_select(x, x > 0.2), x)
grads(x.masked_select(torch.tensor([True, False, True])), x)

# --- masked_scatter
x = data(2, 3, grad=True)
s = data(6, shift=7, grad=True)
grads(x.masked_scatter(torch.tensor([[True, False, True], [False, True, False]]), s), x, s)

# --- take_and_put
x = data(2, 3, grad=True)
grads(torch.take(x, torch.tensor([0, 5, 2])), x)
show(x.take(torch.tensor([[1, -1]])))

# --- take_along_dim
x = data(3, 4, grad=True)
order = torch.argsort(x.detach(), dim=1)
grads(torch.take_along_dim(x, order, dim=1), x)

# --- select_and_narrow
x = data(3, 4, grad=True)
grads(torch.select(x, 1, 2), x)
grads(x.select(0, -1), x)
grads(torch.narrow(x, 1, 1, 2), x)
grads(x.narrow(0, 1, 2), x)

# --- nested_writes_through_views
x = torch.zeros(2, 2, 2)
x[0][1][0] = 5
x[1][0] = torch.tensor([1.0, 2.0])
x[1, 1].fill_(7)
show(x)

# --- delete_by_mask_and_roll
x = torch.arange(5)
show(x[x != 2], x[torch.arange(len(x)) != 0], x[torch.tensor([4, 3, 2, 1, 0])])

# --- take_along_dim_wraps_around
x = torch.arange(6.0).reshape(2, 3).requires_grad_()
grads(torch.take_along_dim(x, torch.tensor([[-1, 0, 3, -4]]), 1), x)
