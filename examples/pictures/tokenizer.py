"""A tokenizer for pictures: a VQ-VAE, which writes a picture as 36 tokens and draws it again from them.

An encoder turns each patch of 4 x 4 pixels into a vector, 6 x 6 of them. Each is replaced by the nearest one of a
codebook; the number of that entry is the token. The same patch is always the same token, so the ground is one word of
this language, and so is the inside of a red thing. A decoder draws the picture from the entries, each with a view of its
neighbours. Choosing the nearest has no derivative, so backward passes through as if nothing had been replaced
(straight-through).
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Tokenizer(nn.Module):
    def __init__(self, codes=512, width=32):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(3, 128, kernel_size=4, stride=4), nn.ReLU(),
            nn.Conv2d(128, 128, kernel_size=1), nn.ReLU(),
            nn.Conv2d(128, width, kernel_size=1), nn.BatchNorm2d(width),
        )
        self.register_buffer("codebook", torch.randn(codes, width))
        self.register_buffer("uses", torch.ones(codes))  # of each entry, lately
        self.decoder = nn.Sequential(
            nn.Conv2d(width, 128, kernel_size=3, padding=1), nn.ReLU(),
            nn.Conv2d(128, 128, kernel_size=1), nn.ReLU(),
            nn.Conv2d(128, 3 * 4 * 4, kernel_size=1), nn.PixelShuffle(4),
        )

    def forward(self, pictures):
        """Returns the pictures drawn again, and how far the vectors are from their entries."""
        z = self.encoder(pictures)
        tokens = self.nearest(z)
        if self.training:
            self.move_entries(z.detach().permute(0, 2, 3, 1).flatten(0, 2), tokens.flatten())
        entries = self.codebook[tokens].permute(0, 3, 1, 2)
        return self.decoder(z + (entries - z).detach()), F.mse_loss(z, entries)

    def nearest(self, z):
        """Returns for each of the vectors z (B, width, 6, 6) the number of the nearest entry: (B, 6, 6)."""
        z = z.detach().permute(0, 2, 3, 1)  # |z - c|^2 = |z|^2 - 2 z.c + |c|^2, of which the first does not matter
        return (self.codebook.pow(2).sum(dim=1) - 2 * z @ self.codebook.T).argmin(dim=-1)

    def move_entries(self, z, tokens, decay=0.9):
        """Moves each entry to the mean of the vectors that chose it lately, and unused ones to where vectors are."""
        chosen = F.one_hot(tokens, len(self.codebook)).float()
        count = chosen.sum(dim=0)
        self.uses.mul_(decay).add_(count, alpha=1 - decay)
        rate = ((1 - decay) * count / self.uses.clamp(min=1e-6))[:, None]
        self.codebook += rate * (chosen.T @ z / count.clamp(min=1)[:, None] - self.codebook)
        unused = (self.uses < 0.01).nonzero().flatten()
        self.codebook[unused] = z[torch.randint(len(z), (len(unused),))]
        self.uses[unused] = 0.1

    @torch.no_grad()
    def encode(self, pictures):
        """Pictures (B, 3, 24, 24) -> tokens (B, 36)."""
        return self.nearest(self.encoder(pictures)).flatten(1)

    @torch.no_grad()
    def decode(self, tokens):
        """Tokens (B, 36) -> pictures (B, 3, 24, 24)."""
        return self.decoder(self.codebook[tokens.view(-1, 6, 6)].permute(0, 3, 1, 2)).clamp(0, 1)


def train_tokenizer(model, pictures, steps, batch):
    optimizer = torch.optim.Adam(model.parameters())
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=steps, pct_start=0.1)
    for step in range(1, steps + 1):
        chosen = pictures[torch.randint(len(pictures), (batch,))]
        drawn, distance = model(chosen)
        error = F.mse_loss(drawn, chosen)
        optimizer.zero_grad()
        (error + 0.002 * distance).backward()
        optimizer.step()
        scheduler.step()
        if step % (steps // 5) == 0:
            print(f"tokenizer, step {step}: mean square error {error.item():.4f}")
