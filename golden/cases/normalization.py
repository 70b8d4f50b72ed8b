"""Normalisation layers, dropout in its deterministic forms, and embeddings."""

# --- layer_norm
x = data(2, 3, 4, grad=True)
w = data(4, shift=3, grad=True)
b = data(4, shift=9, grad=True)
grads(F.layer_norm(x, (4,)), x)
grads(F.layer_norm(x, (4,), w, b), x, w, b)
grads(F.layer_norm(x, [3, 4]), x)
grads(F.layer_norm(x, x.shape[1:], eps=0.1), x)
grads(F.layer_norm(x, (4,), weight=w), x, w)

# --- layer_norm_module
m = nn.LayerNorm(4)
x = data(2, 3, 4, grad=True)
grads(m(x), x, m.weight, m.bias)
m = nn.LayerNorm((3, 4), eps=1e-3)
grads(m(x), x, m.weight, m.bias)
m = nn.LayerNorm(4, elementwise_affine=False)
grads(m(x), x)
show(len(list(m.parameters())), list(nn.LayerNorm(4, bias=False).state_dict()))
fails(lambda: nn.LayerNorm(5)(x))

# --- layer_norm_of_constant_row
x = torch.full((2, 3), 2.0, requires_grad=True)
grads(F.layer_norm(x, (3,)), x)

# --- layer_norm_double
x = data(2, 5, dtype=torch.float64, grad=True)
grads(F.layer_norm(x, (5,)), x)

# --- batch_norm_1d
m = nn.BatchNorm1d(3)
x = data(4, 3, grad=True)
grads(m(x), x, m.weight, m.bias)
show(m.running_mean, m.running_var, m.num_batches_tracked)
grads(m(x * 2 + 1), x, m.weight, m.bias)
show(m.running_mean, m.running_var, m.num_batches_tracked)

# --- batch_norm_1d_sequences
m = nn.BatchNorm1d(3)
x = data(2, 3, 4, grad=True)
grads(m(x), x, m.weight, m.bias)
show(m.running_mean, m.running_var)

# --- batch_norm_2d
m = nn.BatchNorm2d(2)
x = data(2, 2, 3, 3, grad=True)
grads(m(x), x, m.weight, m.bias)
show(m.running_mean, m.running_var)
m.eval()
grads(m(x), x, m.weight, m.bias)
show(m.running_mean, m.num_batches_tracked)

# --- batch_norm_options
x = data(4, 3, grad=True)
m = nn.BatchNorm1d(3, eps=1e-2, momentum=0.5)
grads(m(x), x)
show(m.running_mean, m.running_var)
m = nn.BatchNorm1d(3, affine=False)
grads(m(x), x)
show(list(m.state_dict()), list(m.parameters()))
m = nn.BatchNorm1d(3, track_running_stats=False)
grads(m(x), x)
m.eval()
grads(m(x), x)
m = nn.BatchNorm1d(3, momentum=None)
m(x)
m(x + 1)
show(m.running_mean, m.running_var)

# --- batch_norm_function
x = data(4, 3, grad=True)
mean = torch.tensor([0.1, -0.2, 0.3])
var = torch.tensor([1.0, 2.0, 0.5])
w = data(3, shift=3, grad=True)
b = data(3, shift=9, grad=True)
grads(F.batch_norm(x, mean, var), x)
grads(F.batch_norm(x, mean, var, w, b, training=False, eps=0.01), x, w, b)
grads(F.batch_norm(x, mean, var, w, b, training=True, momentum=0.2), x, w, b)
show(mean, var)
grads(F.batch_norm(x, None, None, training=True), x)

# --- batch_norm_errors
m = nn.BatchNorm1d(3)
fails(lambda: m(torch.zeros(4, 2)))
fails(lambda: m(torch.zeros(1, 3)))
fails(lambda: m(torch.zeros(4)))
fails(lambda: nn.BatchNorm2d(3)(torch.zeros(4, 3)))

# --- batch_norm_by_hand
x = data(6, 3, grad=True)
gain = torch.ones(1, 3, requires_grad=True)
bias = torch.zeros(1, 3, requires_grad=True)
grads(gain * (x - x.mean(0, keepdim=True)) / (x.std(0, keepdim=True) + 1e-5) + bias, x, gain, bias)

# --- group_norm
m = nn.GroupNorm(2, 4)
x = data(2, 4, 3, grad=True)
grads(m(x), x, m.weight, m.bias)
w = data(4, shift=3, grad=True)
grads(F.group_norm(x, 4, w), x, w)
grads(F.group_norm(x, 1), x)
grads(nn.GroupNorm(2, 4, affine=False)(data(1, 4, 2, 2) * x.sum()), x)
fails(lambda: nn.GroupNorm(3, 4))

# --- instance_norm
x = data(2, 3, 4, grad=True)
grads(F.instance_norm(x), x)
grads(nn.InstanceNorm1d(3)(x), x)
y = data(1, 2, 3, 3, grad=True)
m = nn.InstanceNorm2d(2, affine=True)
grads(m(y), y, m.weight, m.bias)

# --- rms_norm
x = data(2, 3, 4, grad=True)
w = data(4, shift=3, grad=True)
grads(F.rms_norm(x, (4,)), x)
grads(F.rms_norm(x, (4,), w), x, w)
m = nn.RMSNorm(4, eps=1e-5)
grads(m(x), x, m.weight)
grads(nn.RMSNorm([3, 4])(x), x)

# --- local_response_norm
x = data(1, 5, 2, 2, grad=True)
grads(F.local_response_norm(x, 3), x)

# --- dropout_without_effect
x = data(3, 4, grad=True)
grads(F.dropout(x, 0.5, training=False), x)
m = nn.Dropout(0.5)
m.eval()
grads(m(x), x)
grads(nn.Dropout(0.0)(x), x)
grads(F.dropout(x, p=1.0), x)
fails(lambda: F.dropout(x, 1.5))
fails(lambda: nn.Dropout(-0.1))

# --- dropout_in_training
x = torch.ones(4, 5, requires_grad=True)
grads(F.dropout(x, 0.4), x)
m = nn.Dropout(0.25)
grads(m(x), x)
show(F.dropout(torch.ones(20), 0.9), nn.Dropout(p=0.5, inplace=True)(torch.ones(6)))

# --- dropout_2d
x = torch.ones(2, 4, 2, 2, requires_grad=True)
grads(nn.Dropout2d(0.5)(x), x)
show(nn.Dropout1d(0.5)(torch.ones(2, 3, 2)))

# --- embedding
w = data(5, 3, grad=True)
grads(F.embedding(torch.tensor([0, 3, 3]), w), w)
grads(F.embedding(torch.tensor([[1, 2], [4, 1]]), w), w)
grads(F.embedding(torch.tensor(2), w), w)
grads(F.embedding(torch.tensor([0, 1, 1, 2]), w, padding_idx=1), w)

# --- embedding_module
m = nn.Embedding(6, 3)
x = torch.tensor([[1, 2, 4], [5, 1, 0]])
grads(m(x), m.weight)
m = nn.Embedding(4, 2, padding_idx=0)
show(m.weight)
grads(m(torch.tensor([0, 2, 0])), m.weight)
show(nn.Embedding.from_pretrained(data(3, 2)).weight, nn.Embedding(3, 2, padding_idx=-1).padding_idx)

# --- embedding_max_norm
m = nn.Embedding(4, 3, max_norm=1.0)
show(m(torch.tensor([0, 1])), m.weight)

# --- embedding_errors
m = nn.Embedding(4, 2)
fails(lambda: m(torch.tensor([4])))
fails(lambda: m(torch.tensor([-1])))
fails(lambda: m(torch.tensor([1.0])))
show(m(torch.tensor([1], dtype=torch.int32)).shape)

# --- embedding_bag
w = data(5, 3, grad=True)
x = torch.tensor([1, 2, 4, 3, 0])
offsets = torch.tensor([0, 2])
grads(F.embedding_bag(x, w, offsets), w)
grads(F.embedding_bag(x, w, offsets, mode="sum"), w)
grads(F.embedding_bag(torch.tensor([[0, 1], [2, 2]]), w, mode="mean"), w)
m = nn.EmbeddingBag(5, 3, mode="max")
show(m(x, offsets))

# --- embedding_repeated_in_batch
w = data(3, 2, grad=True)
grads(F.embedding(torch.tensor([[0, 0], [0, 2]]), w) * torch.tensor([1.0, 10.0]), w)

# --- alpha_dropout
x = data(3, 4, grad=True)
grads(F.alpha_dropout(x, 0.5, training=False), x)
grads(F.alpha_dropout(x, 0.4, training=True), x)
grads(nn.AlphaDropout(0.2)(x), x)
show(nn.FeatureAlphaDropout(0.5)(torch.ones(2, 3, 2, 2)))
