"""Arrays of numpy and tensors, which share their memory."""
import numpy as np

# --- from_numpy_shares
a = np.ones(3)
t = torch.from_numpy(a)
a[0] = 5
t[1] = 7
print(a, t, t.dtype)
np.add(a, 1, out=a)
t.mul_(2)
print(a, t)

# --- numpy_shares
t = torch.ones(3)
a = t.numpy()
t.add_(1)
a[2] = 9
print(a, t, a.dtype)

# --- from_numpy_dtypes
for kind in (np.float32, np.float64, np.int32, np.int64, np.uint8, np.bool_):
    t = torch.from_numpy(np.zeros(2, dtype=kind))
    print(t.dtype, t.numpy().dtype)

# --- from_numpy_views
a = np.arange(6).reshape(2, 3)
t = torch.from_numpy(a.T)
print(t, t.shape, torch.from_numpy(a[:, 1]), torch.from_numpy(a[::2]))
a[0, 1] = 50
print(t)

# --- from_numpy_errors
fails(lambda: torch.from_numpy([1, 2]))
fails(lambda: torch.from_numpy(np.arange(3)[::-1]))
fails(lambda: torch.ones(2, requires_grad=True).numpy())
print(torch.ones(2, requires_grad=True).detach().numpy(), torch.from_numpy(np.arange(3)[::-1].copy()))

# --- tensor_copies
a = np.array([1.0, 2.0])
t = torch.tensor(a)
u = torch.as_tensor(a)
a[0] = 9
print(t, u, torch.tensor(np.arange(3)), torch.tensor(a, dtype=torch.float32), torch.as_tensor(a, dtype=torch.float32))

# --- tensor_of_numbers
print(torch.tensor(np.float64(1)), torch.tensor(np.float32(1.5)), torch.tensor(np.int32(2)), torch.tensor(np.bool_(True)), torch.tensor([np.float64(1), 2]), torch.tensor([np.float32(1), 2]), torch.tensor([np.int64(1)]))

# --- tensor_of_lists
print(torch.tensor([np.ones(2), np.zeros(2)]), torch.as_tensor([np.arange(2)]), torch.Tensor(np.ones(2)), torch.FloatTensor(np.array([1.0, 2.0])), torch.LongTensor(np.arange(2)))

# --- array_of_tensors
print(repr(np.array(torch.ones(2))), repr(np.asarray(torch.arange(2))), np.array([torch.tensor(1.0), torch.tensor(2.0)]), np.array([torch.ones(2), torch.zeros(2)]), repr(np.array(torch.tensor(3))))

# --- numpy_of_scalars
print(repr(torch.tensor(3).numpy()), repr(torch.tensor(2.5).numpy()), repr(torch.tensor([[1, 2]]).numpy()), torch.tensor(True).numpy(), torch.tensor([1.5]).numpy()[0])

# --- arithmetic_numbers
print(torch.ones(2) * np.float64(2), torch.ones(2) + np.float32(1), np.float64(2) * torch.ones(2), np.int64(3) + torch.arange(2), torch.arange(2) * np.int64(2), torch.ones(2) / np.sqrt(4.0), torch.arange(2) * np.float32(2), 1 - torch.ones(1) * np.float64(0.5))

# --- arithmetic_arrays
print(torch.ones(2) + np.ones(2, dtype=np.float32), torch.ones(2) == np.ones(2, dtype=np.float32))

# --- arithmetic_refused
fails(lambda: np.ones(2) * torch.ones(2))
fails(lambda: torch.add(torch.ones(2), np.ones(2)))
fails(lambda: torch.relu(np.ones(2)))
fails(lambda: torch.sum(np.ones(2)))

# --- indexing_tensors
t = torch.arange(5)
print(t[np.array([0, 2])], t[np.int64(1)], t[np.array([True, False, True, False, True])], torch.eye(3)[np.array([0, 2]), 1])

# --- functions_of_numbers
print(torch.full((2,), np.float64(3)), torch.zeros(np.int64(2)), torch.linspace(np.float64(0), 1, np.int64(3)), torch.add(torch.ones(2), np.float32(1)), torch.randn(*np.array([2, 3])).shape, torch.zeros(tuple(np.array([1, 2]))).shape)

# --- ufuncs_of_tensors
print(np.sqrt(torch.tensor([4.0, 9.0])), np.exp(torch.zeros(2)), np.add(torch.ones(2), 1))

# --- random_streams_apart
np.random.seed(0)
torch.manual_seed(0)
a, t = np.random.rand(), torch.rand(1)
torch.manual_seed(0)
print(np.random.rand(), torch.equal(t, torch.rand(1)))

# --- dataset
X = np.random.RandomState(0).randn(6, 2).astype(np.float32)
y = (X.sum(1) > 0).astype(np.int64)
dataset = torch.utils.data.TensorDataset(torch.from_numpy(X), torch.from_numpy(y))
for xb, yb in torch.utils.data.DataLoader(dataset, batch_size=4):
    print(xb.shape, xb.dtype, yb)

# --- dataset_of_arrays
class Rows(torch.utils.data.Dataset):
    def __init__(self):
        self.x = np.arange(8, dtype=np.float32).reshape(4, 2)
        self.y = np.array([0, 1, 0, 1])

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


for xb, yb in torch.utils.data.DataLoader(Rows(), batch_size=2):
    print(xb, yb)

# --- training close
np.random.seed(0)
torch.manual_seed(0)
X = np.random.rand(20, 1)
y = 2 * X + 1 + 0.1 * np.random.randn(20, 1)
x, t = torch.from_numpy(X).float(), torch.from_numpy(y).float()
model = nn.Linear(1, 1)
opt = optim.SGD(model.parameters(), lr=0.5)
losses = []
for epoch in range(20):
    opt.zero_grad()
    loss = F.mse_loss(model(x), t)
    loss.backward()
    opt.step()
    losses.append(loss.item())
print(np.round(losses[-1], 5), np.array(losses)[:2].round(4), model.weight.detach().numpy().round(3), np.mean(losses).round(4))

# --- accuracy
logits = torch.tensor([[1.0, 2.0], [3.0, 0.0]])
p = logits.argmax(1).numpy()
print(p, (p == np.array([1, 1])).mean(), np.concatenate([p, p]), logits.numpy().max(axis=1))

# --- gradient_through
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (x * np.float32(3)).sum() * np.float64(2)
y.backward()
print(x.grad.numpy(), y.detach().numpy())

# --- image_axes
image = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
t = torch.from_numpy(image.transpose(2, 0, 1)).float() / 255
print(t.shape, t[0], torch.from_numpy(image).permute(2, 0, 1).shape, (t.permute(1, 2, 0).numpy() * 255).astype(np.uint8)[0])

# --- state_as_arrays
layer = nn.Linear(2, 1)
with torch.no_grad():
    layer.weight.copy_(torch.from_numpy(np.array([[1.0, 2.0]])))
    layer.bias.fill_(np.float64(0.5))
print({k: v.numpy() for k, v in layer.state_dict().items()}, layer(torch.from_numpy(np.ones((1, 2), dtype=np.float32))))
