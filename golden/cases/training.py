"""Ten training runs of twenty steps each, from the seed to the last loss."""

# --- linear_regression rtol=1e-4
x = torch.randn(40, 2)
y = x @ torch.tensor([[1.5], [-2.0]]) + 0.7 + 0.05 * torch.randn(40, 1)
model = nn.Linear(2, 1)
criterion = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)
for step in range(20):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    show(loss.item())
show(model.weight, model.bias)

# --- logistic_regression rtol=1e-4
torch.manual_seed(1)
x = torch.cat([torch.randn(30, 2) + 1.5, torch.randn(30, 2) - 1.5])
y = torch.cat([torch.ones(30, 1), torch.zeros(30, 1)])


class LogisticRegression(nn.Module):
    def __init__(self, input_dim):
        super().__init__()
        self.linear = nn.Linear(input_dim, 1)

    def forward(self, x):
        return torch.sigmoid(self.linear(x))


model = LogisticRegression(2)
optimizer = optim.SGD(model.parameters(), lr=0.5)
for step in range(20):
    optimizer.zero_grad()
    loss = nn.BCELoss()(model(x), y)
    loss.backward()
    optimizer.step()
    show(loss.item())
show(((model(x) > 0.5).float() == y).float().mean())

# --- mlp_with_adam rtol=1e-4
torch.manual_seed(42)
x = torch.randn(64, 8)
y = (x[:, 0] * x[:, 1] > 0).long() + (x[:, 2] > 0.5).long()
model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 16), nn.Tanh(), nn.Linear(16, 3))
optimizer = optim.Adam(model.parameters(), lr=0.01)
for step in range(20):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    show(loss.item())
show((model(x).argmax(1) == y).sum())

# --- cnn_with_sgd rtol=1e-4
x = torch.rand(16, 1, 14, 14)
y = torch.randint(0, 4, (16,))


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3, padding=1)
        self.conv2 = nn.Conv2d(6, 8, 3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(8 * 3 * 3, 4)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        return self.fc(x.view(-1, 8 * 3 * 3))


model = CNN()
optimizer = optim.SGD(model.parameters(), lr=0.1)
for step in range(20):
    optimizer.zero_grad()
    loss = nn.CrossEntropyLoss()(model(x), y)
    loss.backward()
    optimizer.step()
    show(loss.item())

# --- cnn_with_batch_norm_and_dropout rtol=1e-4
x = torch.randn(12, 2, 8, 8)
y = torch.randint(0, 3, (12,))
model = nn.Sequential(
    nn.Conv2d(2, 6, 3, padding=1, bias=False),
    nn.BatchNorm2d(6),
    nn.ReLU(inplace=True),
    nn.MaxPool2d(2),
    nn.Dropout(0.25),
    nn.Conv2d(6, 8, 3),
    nn.BatchNorm2d(8),
    nn.LeakyReLU(0.1),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Dropout(0.5),
    nn.Linear(8, 3),
)
optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
for step in range(20):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    show(loss.item())
model.eval()
with torch.no_grad():
    show(F.cross_entropy(model(x), y), model[1].running_mean, model[6].running_var, model[1].num_batches_tracked)

# --- bag_of_words rtol=1e-4
tokens = torch.randint(1, 30, (24, 6))
tokens[::3, 4:] = 0
y = (tokens > 15).sum(1) % 2


class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(30, 8, padding_idx=0)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        mask = (x != 0).unsqueeze(-1).float()
        e = self.embedding(x) * mask
        return self.fc(e.sum(1) / mask.sum(1).clamp(min=1))


model = Bag()
optimizer = optim.Adam(model.parameters(), lr=0.05)
for step in range(20):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(tokens), y)
    loss.backward()
    optimizer.step()
    show(loss.item())
show(model.embedding.weight[0])

# --- autoencoder_with_adamw_and_schedule rtol=1e-4
x = torch.rand(20, 16)
model = nn.Sequential(nn.Linear(16, 8), nn.GELU(), nn.Linear(8, 3), nn.GELU(), nn.Linear(3, 8), nn.SiLU(), nn.Linear(8, 16), nn.Sigmoid())
optimizer = optim.AdamW(model.parameters(), lr=0.02, weight_decay=0.05)
scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=20, eta_min=1e-4)
for step in range(20):
    optimizer.zero_grad()
    loss = F.mse_loss(model(x), x)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    optimizer.step()
    scheduler.step()
    show(loss.item(), scheduler.get_last_lr()[0])

# --- attention_block_by_hand rtol=1e-4
class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(dim)
        self.norm2 = nn.LayerNorm(dim)
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.out = nn.Linear(dim, dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Linear(2 * dim, dim))

    def forward(self, x):
        B, T, D = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(B, T, 3, self.heads, D // self.heads).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-2, -1) / (D // self.heads) ** 0.5
        mask = torch.triu(torch.ones(T, T, dtype=torch.bool), diagonal=1)
        weights = F.softmax(scores.masked_fill(mask, float("-inf")), dim=-1)
        y = (weights @ v).transpose(1, 2).reshape(B, T, D)
        x = x + self.out(y)
        return x + self.mlp(self.norm2(x))


class Language(nn.Module):
    def __init__(self, vocabulary, length, dim):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, dim)
        self.positions = nn.Parameter(torch.zeros(length, dim))
        self.block = Attention(dim, 2)
        self.head = nn.Linear(dim, vocabulary)

    def forward(self, x):
        return self.head(self.block(self.tokens(x) + self.positions[: x.shape[1]]))


x = torch.randint(0, 12, (6, 8))
y = torch.roll(x, -1, dims=1)
model = Language(12, 8, 8)
optimizer = optim.Adam(model.parameters(), lr=0.01)
for step in range(20):
    optimizer.zero_grad()
    logits = model(x)
    loss = F.cross_entropy(logits.view(-1, 12), y.reshape(-1))
    loss.backward()
    optimizer.step()
    show(loss.item())

# --- rmsprop_regression rtol=1e-4
x = torch.linspace(-2, 2, 50).unsqueeze(1)
y = torch.sin(2 * x) + 0.1 * torch.randn(50, 1)
model = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 1))
optimizer = optim.RMSprop(model.parameters(), lr=0.01, alpha=0.9, momentum=0.5)
for step in range(20):
    optimizer.zero_grad()
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    optimizer.step()
    show(loss.item())

# --- loader_with_nesterov rtol=1e-4
from torch.utils.data import DataLoader, TensorDataset, random_split

features = torch.randn(50, 4)
labels = (features.sum(1) > 0).long()
train, held_out = random_split(TensorDataset(features, labels), [40, 10])
loader = DataLoader(train, batch_size=8, shuffle=True)
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 2))
optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-3)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
for epoch in range(4):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        show(loss.item())
    scheduler.step()
model.eval()
with torch.no_grad():
    x, y = next(iter(DataLoader(held_out, batch_size=10)))
    show((model(x).argmax(1) == y).float().mean(), optimizer.param_groups[0]["lr"])

# --- article_linear_regression rtol=1e-4
class LinearRegression(nn.Module):
    def __init__(self, input_dim, output_dim):
        super(LinearRegression, self).__init__()
        self.linear = nn.Linear(input_dim, output_dim)

    def forward(self, x):
        return self.linear(x)


x = data(30, 2)
y = 3 * x[:, :1] - x[:, 1:] + 2
model = LinearRegression(input_dim=2, output_dim=1)
criterion = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.01)
for epoch in range(20):
    optimizer.zero_grad()
    y_pred = model(x)
    loss = criterion(y_pred, y)
    loss.backward()
    optimizer.step()
    show(loss.item())

# --- gradient_accumulation_and_amsgrad rtol=1e-4
x = torch.randn(32, 5)
y = torch.randn(32, 1)
model = nn.Sequential(nn.Linear(5, 12), nn.ELU(), nn.Linear(12, 1))
optimizer = optim.Adam(model.parameters(), lr=0.02, amsgrad=True, weight_decay=0.01)
for step in range(20):
    optimizer.zero_grad()
    total = 0.0
    for part in range(4):
        loss = F.huber_loss(model(x[part::4]), y[part::4]) / 4
        loss.backward()
        total += loss.item()
    optimizer.step()
    show(total)
