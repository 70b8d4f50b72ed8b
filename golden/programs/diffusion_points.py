# Denoising diffusion of points in the plane: a noise schedule, embeddings of time, and the way back.
import argparse
import math
import os
import tempfile

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
from tqdm.auto import tqdm


class SinusoidalEmbedding(nn.Module):
    def __init__(self, size: int, scale: float = 1.0):
        super().__init__()
        self.size = size
        self.scale = scale

    def forward(self, x: torch.Tensor):
        x = x * self.scale
        half_size = self.size // 2
        emb = torch.log(torch.Tensor([10000.0])) / (half_size - 1)
        emb = torch.exp(-emb * torch.arange(half_size))
        emb = x.unsqueeze(-1) * emb.unsqueeze(0)
        return torch.cat((torch.sin(emb), torch.cos(emb)), dim=-1)

    def __len__(self):
        return self.size


class Block(nn.Module):
    def __init__(self, size: int):
        super().__init__()
        self.ff = nn.Linear(size, size)
        self.act = nn.GELU()

    def forward(self, x: torch.Tensor):
        return x + self.act(self.ff(x))


class MLP(nn.Module):
    def __init__(self, hidden_size: int = 48, hidden_layers: int = 2, emb_size: int = 16):
        super().__init__()
        self.time_mlp = SinusoidalEmbedding(emb_size)
        self.input_mlp1 = SinusoidalEmbedding(emb_size, scale=25.0)
        self.input_mlp2 = SinusoidalEmbedding(emb_size, scale=25.0)
        layers = [nn.Linear(3 * emb_size, hidden_size), nn.GELU()]
        for _ in range(hidden_layers):
            layers.append(Block(hidden_size))
        layers.append(nn.Linear(hidden_size, 2))
        self.joint_mlp = nn.Sequential(*layers)

    def forward(self, x, t):
        x = torch.cat((self.input_mlp1(x[:, 0]), self.input_mlp2(x[:, 1]), self.time_mlp(t)), dim=-1)
        return self.joint_mlp(x)


class NoiseScheduler:
    def __init__(self, num_timesteps=30, beta_start=0.0001, beta_end=0.2):
        self.num_timesteps = num_timesteps
        self.betas = torch.linspace(beta_start, beta_end, num_timesteps, dtype=torch.float32)
        self.alphas = 1.0 - self.betas
        self.alphas_cumprod = torch.cumprod(self.alphas, axis=0)
        self.alphas_cumprod_prev = F.pad(self.alphas_cumprod[:-1], (1, 0), value=1.0)

    def add_noise(self, x_start, x_noise, timesteps):
        s1 = self.alphas_cumprod[timesteps].sqrt().reshape(-1, 1)
        s2 = (1 - self.alphas_cumprod[timesteps]).sqrt().reshape(-1, 1)
        return s1 * x_start + s2 * x_noise

    def step(self, model_output, timestep, sample):
        t = timestep
        pred = (sample - (1 - self.alphas_cumprod[t]).sqrt() * model_output) / self.alphas_cumprod[t].sqrt()
        c1 = self.betas[t] * self.alphas_cumprod_prev[t].sqrt() / (1 - self.alphas_cumprod[t])
        c2 = (1 - self.alphas_cumprod_prev[t]) * self.alphas[t].sqrt() / (1 - self.alphas_cumprod[t])
        prev = c1 * pred.clamp(-3, 3) + c2 * sample
        variance = 0
        if t > 0:
            var = (self.betas[t] * (1 - self.alphas_cumprod_prev[t]) / (1 - self.alphas_cumprod[t])).clip(1e-20)
            variance = var**0.5 * torch.randn_like(model_output)
        return prev + variance

    def __len__(self):
        return self.num_timesteps


config = argparse.Namespace(batch=64, epochs=6, lr=3e-3)
torch.manual_seed(0)
rng = np.random.default_rng(42)
theta = rng.uniform(0, 2 * np.pi, 512)
points = np.stack((np.cos(theta), np.sin(theta)), axis=1) + rng.normal(size=(512, 2)) * 0.05
dataset = TensorDataset(torch.from_numpy(points.astype(np.float32)))
dataloader = DataLoader(dataset, batch_size=config.batch, shuffle=True, drop_last=True)
model, noise_scheduler = MLP(), NoiseScheduler()
optimizer = torch.optim.AdamW(model.parameters(), lr=config.lr)
global_step, losses = 0, []
for epoch in range(config.epochs):
    model.train()
    progress_bar = tqdm(total=len(dataloader), disable=True)
    progress_bar.set_description(f"Epoch {epoch}")
    for step, batch in enumerate(dataloader):
        batch = batch[0]
        noise = torch.randn(batch.shape)
        timesteps = torch.randint(0, noise_scheduler.num_timesteps, (batch.shape[0],)).long()
        noisy = noise_scheduler.add_noise(batch, noise, timesteps)
        noise_pred = model(noisy, timesteps)
        loss = F.mse_loss(noise_pred, noise)
        loss.backward(loss)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        progress_bar.update(1)
        losses.append(loss.detach().item())
        progress_bar.set_postfix(loss=losses[-1], step=global_step)
        global_step += 1
    progress_bar.close()
    print(f"epoch {epoch} loss {np.mean(losses[-len(dataloader):]):.4f}")
model.eval()
sample = torch.randn(200, 2)
with torch.no_grad():
    for t in reversed(range(len(noise_scheduler))):
        t = torch.from_numpy(np.repeat(t, 200)).long()
        residual = model(sample, t)
        sample = noise_scheduler.step(residual, t[0], sample)
frames = sample.numpy()
outdir = tempfile.mkdtemp()
np.save(os.path.join(outdir, "frames.npy"), frames)
print(np.load(f"{outdir}/frames.npy").shape, f"mean radius {np.linalg.norm(frames, axis=1).mean():.3f}")
