# A seasonal series, scaled and windowed in numpy, forecast by an LSTM, and drawn.
import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn as nn
import torch.utils.data as data

np.random.seed(0)
torch.manual_seed(0)
months = np.arange(120)
timeseries = (100 + 0.8 * months + 15 * np.sin(2 * np.pi * months / 12) + np.random.randn(120)).astype("float32")
mean, std = timeseries[:80].mean(), timeseries[:80].std()
series = ((timeseries - mean) / std).reshape(-1, 1)
train_size = int(len(series) * 0.67)
train, test = series[:train_size], series[train_size:]


def create_dataset(dataset, lookback):
    X, y = [], []
    for i in range(len(dataset) - lookback):
        X.append(dataset[i : i + lookback])
        y.append(dataset[i + 1 : i + lookback + 1])
    return torch.tensor(np.array(X)), torch.tensor(np.array(y))


lookback = 12
X_train, y_train = create_dataset(train, lookback)
X_test, y_test = create_dataset(test, lookback)
print(X_train.shape, y_train.shape, X_test.shape, X_train.dtype)


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(input_size=1, hidden_size=24, num_layers=1, batch_first=True)
        self.linear = nn.Linear(24, 1)

    def forward(self, x):
        x, _ = self.lstm(x)
        return self.linear(x)


model = Forecaster()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
loss_fn = nn.MSELoss()
loader = data.DataLoader(data.TensorDataset(X_train, y_train), shuffle=True, batch_size=16)
for epoch in range(12):
    model.train()
    for X_batch, y_batch in loader:
        loss = loss_fn(model(X_batch), y_batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 3 != 2:
        continue
    model.eval()
    with torch.no_grad():
        train_rmse = np.sqrt(loss_fn(model(X_train), y_train))
        test_rmse = np.sqrt(loss_fn(model(X_test), y_test))
    print("Epoch %d: train RMSE %.4f, test RMSE %.4f" % (epoch, train_rmse, test_rmse))
with torch.no_grad():
    train_plot = np.ones_like(series) * np.nan
    train_plot[lookback:train_size] = model(X_train)[:, -1, :]
    test_plot = np.ones_like(series) * np.nan
    test_plot[train_size + lookback : len(series)] = model(X_test)[:, -1, :]
forecast = test_plot[~np.isnan(test_plot)] * std + mean
print(np.isnan(train_plot).sum(), forecast.shape, np.round(forecast[-3:], 1))
fig, ax = plt.subplots(figsize=(8, 3))
ax.plot(timeseries, label="series")
ax.plot(train_plot * std + mean, c="r", label="train")
ax.plot(test_plot * std + mean, c="g", linestyle="--", label="test")
ax.legend(loc="upper left")
ax.set_xlabel("month")
plt.tight_layout()
plt.show()
