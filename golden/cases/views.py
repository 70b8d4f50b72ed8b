"""Shapes: views that share storage, copies, and their gradients."""

# --- view
x = data(2, 6, grad=True)
grads(x.view(3, 4), x)
grads(x.view(-1), x)
grads(x.view(2, -1, 3), x)
grads(x.view((4, 3)), x)
grads(x.view(torch.Size([12])), x)
show(x.view(size=(1, 12)).shape)

# --- view_shares_storage
x = torch.zeros(2, 3)
y = x.view(6)
y[0] = 5
x[1, 2] = 7
show(x, y, x.data_ptr() == y.data_ptr())

# --- view_of_transposed_fails
x = data(2, 3).t()
fails(lambda: x.view(6))
show(x.reshape(6), x.contiguous().view(6))

# --- view_of_transposed_that_fits
x = data(2, 3, 4).transpose(0, 1)
show(x.view(3, 2, 2, 2).stride(), x.view(3, 2, 4).shape)

# --- view_errors
x = torch.zeros(2, 3)
fails(lambda: x.view(4))
fails(lambda: x.view(-1, -1))
fails(lambda: x.view(-1, 4))
fails(lambda: x.reshape(5, 2))

# --- view_as_dtype_argument
x = torch.zeros(2, 3)
show(torch.zeros(6).view_as(x), torch.zeros(6).reshape_as(x))

# --- reshape
x = data(3, 4, grad=True)
grads(x.reshape(2, 6), x)
grads(torch.reshape(x, (-1,)), x)
grads(x.t().reshape(3, 4), x)
grads(x.reshape(3, 2, -1), x)
show(torch.tensor(3.0).reshape(1, 1), torch.tensor([3.0]).reshape(()), torch.zeros(0, 3).reshape(3, 0).shape, torch.zeros(0).view(0, 5).shape)

# --- reshape_aliases_when_it_can
x = torch.zeros(2, 3)
x.reshape(6)[0] = 1
x.t().reshape(6)[1] = 9
show(x)

# --- flatten
x = data(2, 3, 4, grad=True)
grads(torch.flatten(x), x)
grads(x.flatten(1), x)
grads(torch.flatten(x, start_dim=0, end_dim=1), x)
show(x.flatten(-2).shape, torch.tensor(2.0).flatten(), x.ravel().shape)

# --- unflatten
x = data(2, 6, grad=True)
grads(x.unflatten(1, (2, 3)), x)
show(torch.unflatten(x, -1, (3, -1)).shape)

# --- squeeze
x = data(1, 3, 1, grad=True)
grads(x.squeeze(), x)
grads(x.squeeze(0), x)
grads(torch.squeeze(x, -1), x)
show(x.squeeze(1).shape, x.squeeze((0, 2)).shape, torch.zeros(1).squeeze().shape)

# --- unsqueeze
x = data(2, 3, grad=True)
grads(x.unsqueeze(0), x)
grads(torch.unsqueeze(x, -1), x)
grads(x.unsqueeze(dim=1), x)
show(torch.tensor(1.0).unsqueeze(0))
fails(lambda: x.unsqueeze(4))

# --- transpose
x = data(2, 3, 4, grad=True)
grads(x.transpose(0, 2), x)
grads(torch.transpose(x, 1, -1), x)
show(x.transpose(0, 1).is_contiguous(), x.swapaxes(0, 1).shape, torch.swapdims(x, 0, 2).shape, x.mT.shape)

# --- t_and_T
x = data(2, 3, grad=True)
grads(x.t(), x)
grads(x.T, x)
show(torch.t(x).stride(), torch.tensor([1, 2]).t(), data(2, 3, 4).mT.shape)
fails(lambda: torch.zeros(2, 2, 2).t())

# --- permute
x = data(2, 3, 4, grad=True)
grads(x.permute(2, 0, 1), x)
grads(torch.permute(x, (1, 0, 2)), x)
show(x.permute(-1, 0, 1).shape, x.permute((0, 2, 1)).stride(), x.permute(dims=(2, 1, 0)).shape)
fails(lambda: x.permute(0, 1))
fails(lambda: x.permute(0, 0, 1))

# --- movedim
x = data(2, 3, 4, grad=True)
grads(torch.movedim(x, 0, 2), x)
show(x.movedim((0, 1), (1, 2)).shape, x.moveaxis(-1, 0).shape)

# --- expand
x = data(3, 1, grad=True)
grads(x.expand(3, 4), x)
grads(x.expand(2, -1, 2), x)
show(x.expand(3, 4).stride(), torch.tensor(2.0).expand(2, 2), x.expand_as(torch.zeros(3, 2)).shape, torch.tensor([1, 2]).expand((3, 2)))
fails(lambda: x.expand(2, 4))
fails(lambda: x.expand(4))

# --- expanded_memory_is_shared
x = torch.zeros(2, 1)
y = x.expand(2, 3)
x[0] = 5
show(y)
fails(lambda: y.add_(1))

# --- contiguous
x = data(2, 3, grad=True)
y = x.t().contiguous()
grads(y, x)
show(y.is_contiguous(), y.stride(), x.contiguous() is x)

# --- strides_of_views
x = data(4, 5)
show(x[1:].storage_offset(), x[:, 2].stride(), x[::2].stride(), x[1:, 1:].is_contiguous(), x.unsqueeze(1).stride(), x[2, 3].storage_offset(), x.t()[1].stride())

# --- contiguity_with_size_one
show(torch.zeros(1, 3).t().is_contiguous(), torch.zeros(3, 1).t().is_contiguous(), torch.zeros(0, 3).t().is_contiguous(), torch.zeros(2, 1, 3).transpose(0, 1).is_contiguous())

# --- writing_through_views
x = torch.zeros(3, 4)
x.t()[0] = 1
x[1:, 2].fill_(5)
x.view(12)[11] = 9
x.permute(1, 0)[3, 0] = 7
x.unsqueeze(0)[0, 1, 1] = -1
show(x)

# --- slices_alias
x = torch.arange(6.0)
a = x[1:4]
b = a[::2]
b += 10
show(x, a, b)

# --- chain_of_views_gradient
x = data(4, 6, grad=True)
grads(x[1:].t()[::2].reshape(-1)[2:7].view(5, 1).expand(5, 2), x)

# --- in_place_on_view_of_graph
x = data(2, 3, grad=True)
y = x * 2
y[0].mul_(3)
y.t()[2].add_(1)
grads(y, x)

# --- split
x = data(5, 2, grad=True)
grads(torch.split(x, 2), x)
grads(x.split([1, 4]), x)
show([part.shape for part in x.split(3, dim=0)], [part.shape for part in torch.split(x, 1, dim=1)])
fails(lambda: x.split([1, 1]))

# --- chunk
x = data(5, 4, grad=True)
grads(torch.chunk(x, 2), x)
grads(x.chunk(2, dim=1), x)
show([part.shape for part in x.chunk(3)], [part.shape for part in torch.chunk(torch.zeros(2), 5)], [part.shape for part in torch.zeros(7).chunk(4)])

# --- qkv_split_idiom
x = data(2, 3, 6, grad=True)
q, k, v = x.split(2, dim=2)
grads([q, k * 2, v * 3], x)
q, k, v = torch.chunk(x, 3, dim=-1)
grads(q * k + v, x)

# --- tensor_split
show(torch.tensor_split(torch.arange(7), 3), torch.tensor_split(torch.arange(7), (1, 4)), torch.hsplit(torch.arange(4), 2))

# --- unbind
x = data(3, 2, grad=True)
grads(torch.unbind(x), x)
grads(x.unbind(1), x)

# --- split_writes_to_the_base
x = torch.zeros(4)
a, b = x.chunk(2)
a += 1
b[1] = 5
show(x)

# --- unfold_method
x = data(8, grad=True)
grads(x.unfold(0, 3, 2), x)
show(x.unfold(0, 3, 1).stride(), data(2, 5).unfold(1, 2, 1).shape)

# --- as_strided
x = torch.arange(9.0).requires_grad_()
grads(torch.as_strided(x, (2, 2), (3, 1), 1), x)

# --- diagonal
x = data(3, 4, grad=True)
grads(torch.diagonal(x), x)
grads(x.diagonal(offset=1), x)
show(data(2, 3, 3).diagonal(dim1=1, dim2=2), torch.diag_embed(torch.tensor([1.0, 2.0])), torch.diagflat(torch.tensor([[1, 2]])))

# --- repeat
x = data(2, 3, grad=True)
grads(x.repeat(2, 1), x)
grads(x.repeat(2, 1, 2), x)
show(torch.tensor([1, 2]).repeat(3), torch.tensor([1, 2]).repeat((2, 2)), torch.tile(torch.tensor([1, 2]), (2,)), torch.tensor(3).repeat(2), x.repeat(0, 1).shape)
fails(lambda: x.repeat(2))

# --- repeat_interleave
x = data(3, 2, grad=True)
grads(x.repeat_interleave(2, dim=0), x)
grads(torch.repeat_interleave(x, torch.tensor([1, 0, 2]), dim=0), x)
show(torch.tensor([1, 2]).repeat_interleave(2), torch.tensor([[1, 2], [3, 4]]).repeat_interleave(2))

# --- flip
x = data(2, 3, grad=True)
grads(torch.flip(x, [0]), x)
grads(x.flip(0, 1), x)
grads(x.flip(-1), x)
show(torch.fliplr(torch.tensor([[1, 2]])), torch.flipud(torch.tensor([[1], [2]])), x.flip(dims=(1,)))

# --- roll
x = data(2, 3, grad=True)
grads(torch.roll(x, 1), x)
grads(x.roll(1, 0), x)
grads(torch.roll(x, shifts=(1, -1), dims=(0, 1)), x)
grads(x.roll(-4, dims=1), x)

# --- rot90
show(torch.rot90(torch.tensor([[1, 2], [3, 4]])).contiguous(), torch.rot90(torch.arange(6).view(2, 3), 3, [0, 1]).contiguous())

# --- tril_triu
x = data(3, 4, grad=True)
grads(torch.tril(x), x)
grads(torch.triu(x), x)
grads(x.tril(-1), x)
grads(x.triu(diagonal=1), x)
show(torch.tril(torch.ones(3, 3)), torch.ones(2, 3, 3).triu(1)[0], torch.tril(torch.ones(3, 3, dtype=torch.bool)), torch.triu(torch.full((3, 3), float("-inf")), diagonal=1))

# --- causal_mask_idiom
w = data(4, 4, grad=True)
mask = torch.tril(torch.ones(4, 4))
grads(F.softmax(w.masked_fill(mask == 0, float("-inf")), dim=-1), w)

# --- atleast
show(torch.atleast_1d(torch.tensor(1)), torch.atleast_2d(torch.tensor([1, 2])), torch.atleast_3d(torch.tensor([1])).shape)

# --- base_and_is_view
x = torch.zeros(2, 3, requires_grad=True)
y = x.view(6)
show(y._base is not None, x._base is None, y.is_leaf, y.requires_grad, x[0]._is_view(), x._is_view())

# --- detach_shares_storage
x = torch.tensor([1.0, 2.0], requires_grad=True)
d = x.detach()
d[0] = 9
show(x, x.data, x.data.requires_grad)

# --- data_attribute
x = torch.tensor([1.0, 2.0], requires_grad=True)
x.data -= 0.5
x.data[1] = 7
show(x)
x.data = torch.tensor([3.0, 4.0, 5.0])
show(x)

# --- element_of_view_gradient_of_strided_leaf
x = data(3, 2).t().requires_grad_()
grads(x * 2, x)
show(x.is_leaf)
(x**2).sum().backward()
show(x.grad.contiguous())

# --- shape_idioms
x = data(2, 3, 4)
b, t, c = x.shape
show(x.view(b * t, c).shape, x.view(b, t, 2, c // 2).transpose(1, 2).shape, x.size()[1:], x.shape[-1], x.view(x.size(0), -1).shape, x.view(-1, x.shape[-1]).shape)

# --- heads_idiom
x = data(2, 3, 4, grad=True)
heads = x.view(2, 3, 2, 2).transpose(1, 2)
back = heads.transpose(1, 2).contiguous().view(2, 3, 4)
grads(back * heads.sum(), x)
show(torch.equal(back, x))

# --- stride_tricks_empty
show(torch.zeros(0, 3).stride(), torch.zeros(2, 0, 3).stride(), torch.zeros(()).stride(), torch.zeros(2, 0, 3).transpose(0, 2).stride())

# --- narrow_out_of_range
x = torch.zeros(3)
fails(lambda: x.narrow(0, 2, 2))
fails(lambda: x.narrow(1, 0, 1))

# --- scatters_of_slices
x = data(3, 4, grad=True)
s = data(3, 2, shift=5, grad=True)
grads(torch.slice_scatter(x, s, dim=1, start=1, end=3), x, s)
r = data(4, shift=9, grad=True)
grads(x.select_scatter(r, 0, 1), x, r)
d = data(3, shift=2, grad=True)
grads(torch.diagonal_scatter(x, d), x, d)
