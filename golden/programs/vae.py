# A variational autoencoder on drawn strokes, with the loss in two parts and prints of the log interval.
import torch
import torch.utils.data
from torch import nn, optim
from torch.nn import functional as F

torch.manual_seed(1)


def strokes(n):
    images = torch.zeros(n, 1, 8, 8)
    for i in range(n):
        at = torch.randint(1, 7, (1,)).item()
        if i % 2:
            images[i, 0, at, :] = 1
        else:
            images[i, 0, :, at] = 1
    return torch.utils.data.TensorDataset(images, torch.arange(n) % 2)


train_loader = torch.utils.data.DataLoader(strokes(256), batch_size=64, shuffle=True)
test_loader = torch.utils.data.DataLoader(strokes(64), batch_size=64, shuffle=False)


class VAE(nn.Module):
    def __init__(self):
        super(VAE, self).__init__()
        self.fc1 = nn.Linear(64, 40)
        self.fc21 = nn.Linear(40, 4)
        self.fc22 = nn.Linear(40, 4)
        self.fc3 = nn.Linear(4, 40)
        self.fc4 = nn.Linear(40, 64)

    def encode(self, x):
        h1 = F.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def decode(self, z):
        h3 = F.relu(self.fc3(z))
        return torch.sigmoid(self.fc4(h3))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, 64))
        z = self.reparameterize(mu, logvar)
        return self.decode(z), mu, logvar


model = VAE()
optimizer = optim.Adam(model.parameters(), lr=5e-3)


def loss_function(recon_x, x, mu, logvar):
    BCE = F.binary_cross_entropy(recon_x, x.view(-1, 64), reduction="sum")
    KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return BCE + KLD


def train(epoch):
    model.train()
    train_loss = 0
    for batch_idx, (data, _) in enumerate(train_loader):
        optimizer.zero_grad()
        recon_batch, mu, logvar = model(data)
        loss = loss_function(recon_batch, data, mu, logvar)
        loss.backward()
        train_loss += loss.item()
        optimizer.step()
        if batch_idx % 2 == 0:
            print("Train Epoch: {} [{}/{} ({:.0f}%)]\tLoss: {:.4f}".format(
                epoch, batch_idx * len(data), len(train_loader.dataset), 100.0 * batch_idx / len(train_loader), loss.item() / len(data)))
    print("====> Epoch: {} Average loss: {:.4f}".format(epoch, train_loss / len(train_loader.dataset)))


def test(epoch):
    model.eval()
    test_loss = 0
    with torch.no_grad():
        for i, (data, _) in enumerate(test_loader):
            recon_batch, mu, logvar = model(data)
            test_loss += loss_function(recon_batch, data, mu, logvar).item()
            if i == 0:
                comparison = torch.cat([data[:4], recon_batch.view(64, 1, 8, 8)[:4]])
    print("====> Test set loss: {:.4f} {}".format(test_loss / len(test_loader.dataset), tuple(comparison.shape)))


for epoch in range(1, 6):
    train(epoch)
    test(epoch)
with torch.no_grad():
    sample = model.decode(torch.randn(6, 4)).cpu()
    print(sample.view(6, 8, 8).sum((1, 2)))
