"""float16 and bfloat16: stored so, computed with in float32, rounded back."""

# --- conversion_rounds
x = torch.tensor([1.0, 1.001, 3.14159, -2.71828, 1e-8, 70000.0, 65504.0, 0.1])
show(x.to(torch.bfloat16).float(), x.half().float(), x.bfloat16().dtype, x.half().dtype)

# --- printing
x = torch.tensor([[1.0, 2.5], [3.14159, -0.001]])
print(x.bfloat16())
print(x.half())
print(torch.tensor(1.5, dtype=torch.bfloat16))
show(str(x.bfloat16()), repr(x.half()), str(torch.arange(5).to(torch.bfloat16)))

# --- making
show(torch.tensor([1, 2, 3], dtype=torch.float16), torch.zeros(2, 3, dtype=torch.bfloat16), torch.ones(3, dtype=torch.half), torch.full((2,), 0.1, dtype=torch.bfloat16), torch.arange(4, dtype=torch.bfloat16))

# --- arithmetic rtol=0.01 atol=0.002
a = data(3, 4).bfloat16()
b = data(4).bfloat16()
show(a + b, a * b, a - 1.5, a / 3, -a, a**2, 2 * a, a + 1)

# --- promotion
h, b, f, d, i = (torch.ones(2, dtype=t) for t in (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int64))
show((h + b).dtype, (h + f).dtype, (b + d).dtype, (h + i).dtype, (b * 2.5).dtype, (h + torch.tensor(1.0)).dtype, torch.result_type(h, b), torch.promote_types(torch.float16, torch.bfloat16))

# --- functions rtol=0.01 atol=0.002
x = data(2, 5).bfloat16()
show(x.exp(), x.sigmoid(), x.relu(), F.gelu(x), x.softmax(-1), x.sum(), x.mean(0), x.max(), x.argmax(-1), x.abs().sqrt())

# --- products rtol=0.01 atol=0.002
a, b = data(3, 4).half(), data(4, 2).half()
show(a @ b, torch.mm(a, b), F.linear(a, b.t()))

# --- comparison
x = data(5).bfloat16()
show(x > 0, x == x, x.isnan(), torch.where(x > 0, x, torch.zeros_like(x)), torch.allclose(x, x))

# --- views_and_indexing
x = data(3, 4).bfloat16()
show(x[1], x[:, ::2], x.t(), x.reshape(-1), x[x > 0], x[torch.tensor([0, 2])], torch.cat([x, x], 0).shape, torch.stack([x, x]).dtype, x.unsqueeze(0).shape, x.gather(1, torch.tensor([[0], [1], [2]])))

# --- changes_in_place
x = data(3).half()
x += 1
x.mul_(2)
x[0] = 7
x[1:] = torch.tensor([0.1, 0.2])
show(x)
x.zero_()
show(x, x.dtype)

# --- gradients rtol=0.01 atol=0.002
x = data(3, 4).bfloat16().requires_grad_()
w = data(4, 2).bfloat16().requires_grad_()
loss = ((x @ w) ** 2).mean()
loss.backward()
show(loss, x.grad, w.grad, x.grad.dtype)

# --- gradient_through_a_cast
x = data(4, grad=True)
(x.bfloat16() * 3).float().sum().backward()
show(x.grad, x.grad.dtype)

# --- a_leaf_used_twice rtol=0.01 atol=0.002
x = data(3).half().requires_grad_()
(x * 2 + x * x).sum().backward()
show(x.grad)

# --- module_to_half
net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2)).bfloat16()
show([p.dtype for p in net.parameters()], net(data(2, 4).bfloat16()).dtype, net(data(2, 4).bfloat16()).shape)
show(net.float()[0].weight.dtype, nn.Linear(2, 2).half().weight.dtype, nn.Linear(2, 2).to(torch.bfloat16).bias.dtype)

# --- mixed_product_raises
fails(lambda: nn.Linear(2, 2)(torch.ones(1, 2).bfloat16()))

# --- load_state_dict_casts
net = nn.Linear(2, 2)
half = {name: value.bfloat16() for name, value in net.state_dict().items()}
other = nn.Linear(2, 2)
other.load_state_dict(half)
show(other.weight.dtype, other.weight)

# --- item_and_lists
x = torch.tensor([0.1, 2.5], dtype=torch.bfloat16)
show(x.tolist(), x[0].item(), x.element_size(), x.is_floating_point(), x.to(torch.int64), x.numel())

# --- limits
show(torch.finfo(torch.bfloat16).max, torch.finfo(torch.float16).eps, torch.tensor(1e6).half(), torch.tensor(float("nan")).bfloat16())

# --- embedding_and_norm
e = nn.Embedding(5, 4).bfloat16()
n = nn.LayerNorm(4).bfloat16()
out = n(e(torch.tensor([1, 3])))
show(out.dtype, out.shape)

# --- attention
q = data(1, 2, 3, 4).bfloat16()
show(F.scaled_dot_product_attention(q, q, q, is_causal=True).dtype)
