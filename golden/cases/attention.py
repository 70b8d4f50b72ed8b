"""Attention: scaled_dot_product_attention, MultiheadAttention and its function, masks, weights, dropout, errors."""


def gradients(module):
    """The gradient of every parameter, by name."""
    return [(name, parameter.grad) for name, parameter in module.named_parameters()]


def causal(size):
    """True where a key is hidden from a query."""
    return torch.triu(torch.ones(size, size, dtype=torch.bool), diagonal=1)

# --- sdpa
q, k, v = data(2, 3, 4, 5, grad=True), data(2, 3, 6, 5, grad=True, shift=3), data(2, 3, 6, 7, grad=True, shift=5)
grads(F.scaled_dot_product_attention(q, k, v), q, k, v)

# --- sdpa_causal
q, k, v = data(2, 4, 6, grad=True), data(2, 4, 6, grad=True, shift=3), data(2, 4, 6, grad=True, shift=5)
grads(F.scaled_dot_product_attention(q, k, v, is_causal=True), q, k, v)

# --- sdpa_causal_of_other_lengths
q = data(1, 2, 3, 4)
show(F.scaled_dot_product_attention(q, data(1, 2, 5, 4, shift=1), data(1, 2, 5, 4, shift=2), is_causal=True))
show(F.scaled_dot_product_attention(data(1, 2, 5, 4), q, data(1, 2, 3, 4, shift=2), is_causal=True))

# --- sdpa_bool_mask
q, k, v = data(2, 3, 4, grad=True), data(2, 5, 4, grad=True, shift=3), data(2, 5, 4, grad=True, shift=5)
mask = torch.arange(15).reshape(3, 5) % 3 != 0
grads(F.scaled_dot_product_attention(q, k, v, attn_mask=mask), q, k, v)

# --- sdpa_float_mask
q, k, v = data(2, 3, 4, grad=True), data(2, 5, 4, grad=True, shift=3), data(2, 5, 4, grad=True, shift=5)
mask = data(2, 3, 5, low=-1, high=1).requires_grad_()
grads(F.scaled_dot_product_attention(q, k, v, attn_mask=mask), q, k, v, mask)

# --- sdpa_hidden_rows
q, k, v = data(1, 3, 4, grad=True), data(1, 3, 4, grad=True, shift=3), data(1, 3, 4, grad=True, shift=5)
mask = torch.tensor([[True, False, True], [False, False, False], [True, True, True]])
grads(F.scaled_dot_product_attention(q, k, v, mask), q, k, v)

# --- sdpa_hidden_rows_of_floats
q, k, v = data(1, 3, 4, grad=True), data(1, 3, 4, grad=True, shift=3), data(1, 3, 4, grad=True, shift=5)
mask = torch.zeros(3, 3)
mask[1] = -math.inf
mask[0, 2] = -math.inf
grads(F.scaled_dot_product_attention(q, k, v, mask), q, k, v)

# --- sdpa_scale
q, k, v = data(2, 3, 4, grad=True), data(2, 5, 4, grad=True, shift=3), data(2, 5, 4, grad=True, shift=5)
grads(F.scaled_dot_product_attention(q, k, v, scale=0.3), q, k, v)
show(F.scaled_dot_product_attention(q, k, v, scale=1.0))

# --- sdpa_grouped_query
q, k, v = data(2, 6, 3, 4, grad=True), data(2, 2, 5, 4, grad=True, shift=3), data(2, 2, 5, 4, grad=True, shift=5)
grads(F.scaled_dot_product_attention(q, k, v, enable_gqa=True), q, k, v)
show(F.scaled_dot_product_attention(q, data(2, 1, 3, 4), data(2, 3, 3, 4), is_causal=True, enable_gqa=True))

# --- sdpa_broadcast_mask
mask = torch.tensor([[True, True, False, False], [True, True, True, False]])[:, None, None, :]
q = data(2, 3, 4, 5)
show(F.scaled_dot_product_attention(q, q, q, attn_mask=mask))

# --- sdpa_dropout
q = data(2, 3, 4)
show(F.scaled_dot_product_attention(q, q, q, dropout_p=0.4), F.scaled_dot_product_attention(q, q, q, dropout_p=0.0))

# --- sdpa_dropout_of_four_dims
torch.manual_seed(3)
q = data(2, 2, 3, 4)
show(F.scaled_dot_product_attention(q, q, q, dropout_p=0.3, is_causal=True), torch.rand(1))

# --- sdpa_double
q, k, v = (data(1, 3, 4, dtype=torch.float64, shift=shift, grad=True) for shift in (0, 3, 5))
grads(F.scaled_dot_product_attention(q, k, v, is_causal=True), q, k, v)
show(torch.autograd.gradcheck(F.scaled_dot_product_attention, (q, k, v)))

# --- sdpa_longer_than_a_tile
q, k, v = data(1, 2, 150, 8, grad=True), data(1, 2, 150, 8, grad=True, shift=3), data(1, 2, 150, 8, grad=True, shift=5)
output = F.scaled_dot_product_attention(q, k, v, is_causal=True)
show(output[:, :, ::37])
weigh(output).backward()
show(q.grad[:, :, ::37], k.grad[:, :, ::37], v.grad[:, :, ::37])

# --- sdpa_errors
q = data(2, 3, 4)
fails(lambda: F.scaled_dot_product_attention(q, q, q, attn_mask=torch.ones(3, 3, dtype=torch.bool), is_causal=True))
fails(lambda: F.scaled_dot_product_attention(q, data(2, 3, 5), q))
fails(lambda: F.scaled_dot_product_attention(q, q, q, attn_mask=torch.ones(2, 2, dtype=torch.bool)))

# --- attention_by_hand
q, k, v = data(2, 3, 4), data(2, 5, 4, shift=3), data(2, 5, 4, shift=5)
scores = q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))
scores = scores.masked_fill(torch.arange(5) > 3, float("-inf"))
weights = F.softmax(scores, dim=-1)
show(weights, weights @ v, torch.allclose(weights @ v, F.scaled_dot_product_attention(q, k, v, torch.arange(5) <= 3), atol=1e-6))

# --- multihead
mha = nn.MultiheadAttention(8, 2)
q, k, v = data(3, 2, 8, grad=True), data(5, 2, 8, grad=True, shift=3), data(5, 2, 8, grad=True, shift=7)
output, weights = mha(q, k, v)
show(output, weights)
(weigh(output) + weigh(weights)).backward()
show(q.grad, k.grad, v.grad, gradients(mha))

# --- multihead_to_itself
mha = nn.MultiheadAttention(8, 4, batch_first=True)
x = data(2, 5, 8, grad=True)
output, weights = mha(x, x, x)
show(output, weights)
weigh(output).backward()
show(x.grad, gradients(mha))

# --- multihead_without_weights
mha = nn.MultiheadAttention(8, 4, batch_first=True)
x = data(2, 5, 8, grad=True)
output, weights = mha(x, x, x, need_weights=False)
show(output, weights)
weigh(output).backward()
show(x.grad, gradients(mha))

# --- multihead_to_memory
mha = nn.MultiheadAttention(6, 3, batch_first=True)
x, memory = data(2, 3, 6, grad=True), data(2, 4, 6, grad=True, shift=5)
for need in (True, False):
    output, weights = mha(x, memory, memory, need_weights=need)
    show(output, weights)
weigh(output).backward()
show(x.grad, memory.grad, gradients(mha))

# --- weights_of_each_head
mha = nn.MultiheadAttention(8, 2, batch_first=True)
x = data(2, 3, 8)
output, weights = mha(x, x, x, average_attn_weights=False)
show(output, weights, weights.sum(-1))

# --- key_padding_mask
mha = nn.MultiheadAttention(8, 2, batch_first=True)
x = data(2, 4, 8, grad=True)
mask = torch.tensor([[False, False, False, True], [False, False, True, True]])
output, weights = mha(x, x, x, key_padding_mask=mask)
show(output, weights, mha(x, x, x, key_padding_mask=mask, need_weights=False)[0])
weigh(output).backward()
show(x.grad)

# --- float_key_padding_mask
mha = nn.MultiheadAttention(8, 2, batch_first=True)
x = data(2, 4, 8)
mask = torch.tensor([[0.0, 0.0, -1.0, -math.inf], [0.0, 0.5, 0.0, 0.0]])
show(*mha(x, x, x, key_padding_mask=mask), mha(x, x, x, key_padding_mask=mask, need_weights=False))

# --- causal_masks
mha = nn.MultiheadAttention(8, 2)
x = data(4, 2, 8)
show(*mha(x, x, x, attn_mask=causal(4)))
floats = nn.Transformer.generate_square_subsequent_mask(4)
show(floats, *mha(x, x, x, attn_mask=floats), mha(x, x, x, attn_mask=floats, need_weights=False)[0])
show(mha(x, x, x, attn_mask=causal(4), is_causal=True, need_weights=False)[0], *mha(x, x, x, attn_mask=causal(4), is_causal=True))

# --- mask_for_each_head
mha = nn.MultiheadAttention(8, 2, batch_first=True)
x = data(2, 3, 8)
mask = torch.arange(36).reshape(4, 3, 3) % 5 == 2
show(*mha(x, x, x, attn_mask=mask), mha(x, x, x, attn_mask=mask, need_weights=False)[0])

# --- both_masks
mha = nn.MultiheadAttention(8, 2, batch_first=True)
x = data(2, 4, 8, grad=True)
padding = torch.tensor([[False, False, False, True], [False, False, True, True]])
output, weights = mha(x, x, x, key_padding_mask=padding, attn_mask=causal(4))
show(output, weights)
output, _ = mha(x, x, x, key_padding_mask=padding, attn_mask=causal(4), need_weights=False, is_causal=True)
show(output)
weigh(output).backward()
show(x.grad)

# --- hidden_rows
mha = nn.MultiheadAttention(4, 2, batch_first=True)
x = data(2, 3, 4)
mask = torch.tensor([[False, False, True], [True, True, True]])
show(*mha(x, x, x, key_padding_mask=mask))
show(mha(x, x, x, key_padding_mask=mask, need_weights=False)[0])

# --- other_sizes_of_key_and_value
mha = nn.MultiheadAttention(8, 2, kdim=5, vdim=6, batch_first=True)
q, k, v = data(2, 3, 8, grad=True), data(2, 4, 5, grad=True), data(2, 4, 6, grad=True)
output, weights = mha(q, k, v)
show(output, weights)
weigh(output).backward()
show(q.grad, k.grad, v.grad, gradients(mha), list(mha.state_dict()))

# --- add_bias_kv
mha = nn.MultiheadAttention(8, 2, add_bias_kv=True)
x = data(3, 2, 8, grad=True)
output, weights = mha(x, x, x, attn_mask=causal(3))
show(output, weights)
weigh(output).backward()
show(x.grad, gradients(mha), list(mha.state_dict()))

# --- add_zero_attn
mha = nn.MultiheadAttention(8, 2, add_zero_attn=True, batch_first=True)
x = data(2, 3, 8)
mask = torch.tensor([[False, False, True], [False, False, False]])
show(*mha(x, x, x, key_padding_mask=mask), mha(x, x, x, key_padding_mask=mask, need_weights=False)[0])

# --- without_bias
mha = nn.MultiheadAttention(6, 2, bias=False)
x = data(3, 2, 6)
show(*mha(x, x, x), list(mha.state_dict()), mha.in_proj_bias)

# --- unbatched
mha = nn.MultiheadAttention(8, 2, batch_first=True)
q, k = data(3, 8), data(4, 8, shift=5)
show(*mha(q, k, k), *mha(q, k, k, average_attn_weights=False))
show(mha(q, k, k, need_weights=False, key_padding_mask=torch.tensor([False, False, True, False])))
show(*mha(q, q, q, attn_mask=torch.stack([causal(3), causal(3)])))

# --- evaluation_without_gradients
mha = nn.MultiheadAttention(8, 2, batch_first=True, dropout=0.5).eval()
x = data(2, 4, 8)
with torch.no_grad():
    show(*mha(x, x, x), mha(x, x, x, need_weights=False)[0], *mha(x, x, x, average_attn_weights=False))
    show(*mha(x, x, x, attn_mask=causal(4)))

# --- dropout_with_weights
mha = nn.MultiheadAttention(8, 2, dropout=0.4, batch_first=True)
x = data(2, 3, 8)
torch.manual_seed(8)
show(*mha(x, x, x), torch.rand(1))

# --- dropout_without_weights
mha = nn.MultiheadAttention(8, 2, dropout=0.4)
x = data(3, 2, 8)
torch.manual_seed(8)
show(mha(x, x, x, need_weights=False)[0], mha(x, x, x, need_weights=False, attn_mask=causal(3))[0], torch.rand(1))

# --- initialization exact
show([(name, p) for name, p in nn.MultiheadAttention(4, 2).named_parameters()])
show([(name, p) for name, p in nn.MultiheadAttention(4, 1, kdim=2, vdim=3, bias=False).named_parameters()])

# --- initialization_of_bias_kv rtol=1e-6
show([(name, p) for name, p in nn.MultiheadAttention(4, 2, add_bias_kv=True).named_parameters()])

# --- double_precision
mha = nn.MultiheadAttention(4, 2, dtype=torch.float64)
x = data(3, 1, 4, dtype=torch.float64, grad=True)
grads(mha(x, x, x)[0], x, *mha.parameters())

# --- second_derivatives
mha = nn.MultiheadAttention(4, 2).double()
x = data(3, 1, 4, dtype=torch.float64, grad=True)
second(mha(x, x, x)[0], x, mha.in_proj_weight)

# --- printed
print(nn.MultiheadAttention(8, 2))
print(nn.MultiheadAttention(8, 2, bias=False, dropout=0.1, kdim=3))
mha = nn.MultiheadAttention(8, 2)
show(mha.head_dim, mha.embed_dim, mha.num_heads, mha.dropout, mha.batch_first, mha.kdim, type(mha.out_proj).__name__)

# --- function_itself
mha = nn.MultiheadAttention(8, 2)
x = data(3, 2, 8)
output, weights = F.multi_head_attention_forward(
    x, x, x, 8, 2, mha.in_proj_weight, mha.in_proj_bias, None, None, False, 0.0, mha.out_proj.weight, mha.out_proj.bias
)
show(output, weights)

# --- constructor_errors
fails(lambda: nn.MultiheadAttention(8, 3))
fails(lambda: nn.MultiheadAttention(0, 1))
fails(lambda: nn.MultiheadAttention(8, 0))
fails(lambda: nn.MultiheadAttention(8))

# --- call_errors
mha = nn.MultiheadAttention(8, 2)
x = data(3, 2, 8)
fails(lambda: mha(data(8), x, x))
fails(lambda: mha(x, data(3, 8), x))
fails(lambda: mha(data(3, 2, 6), x, x))
fails(lambda: mha(x, x, data(4, 2, 8)))
fails(lambda: mha(x, x, x, attn_mask=torch.zeros(2, 2)))
fails(lambda: mha(x, x, x, attn_mask=torch.zeros(3, 3, 3)))
fails(lambda: mha(x, x, x, attn_mask=torch.zeros(3)))
fails(lambda: mha(x, x, x, attn_mask=torch.zeros(3, 3, dtype=torch.int64)))
fails(lambda: mha(x, x, x, key_padding_mask=torch.zeros(3, 2, dtype=torch.bool)))
fails(lambda: mha(x, x, x, key_padding_mask=torch.zeros(3)))
fails(lambda: mha(x, x, x, is_causal=True))
fails(lambda: mha(data(3, 8), data(3, 8), data(3, 8), attn_mask=torch.zeros(3, 3, 3)))
fails(lambda: mha(x, x))

# --- attention_classifier rtol=2e-4
torch.manual_seed(6)
x = torch.randint(1, 6, (10, 6))
y = (x == 3).any(1).long()


class Pooled(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(6, 16)
        self.attention = nn.MultiheadAttention(16, 4, batch_first=True)
        self.norm = nn.LayerNorm(16)
        self.head = nn.Linear(16, 2)

    def forward(self, x):
        h = self.embed(x)
        found, weights = self.attention(h, h, h)
        return self.head(self.norm(h + found).mean(1)), weights


model = Pooled()
optimizer = optim.AdamW(model.parameters(), lr=0.01)
for step in range(10):
    logits, _ = model(x)
    loss = F.cross_entropy(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    show(loss.item())
