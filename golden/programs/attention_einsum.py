# Multi-head attention by einsum, an encoder block with a hand-written LayerNorm, and padding masks.
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)


class SelfAttention(nn.Module):
    def __init__(self, embed_size, heads):
        super(SelfAttention, self).__init__()
        self.embed_size, self.heads, self.head_dim = embed_size, heads, embed_size // heads
        assert self.head_dim * heads == embed_size, "Embedding size needs to be divisible by heads"
        self.values = nn.Linear(embed_size, embed_size)
        self.keys = nn.Linear(embed_size, embed_size)
        self.queries = nn.Linear(embed_size, embed_size)
        self.fc_out = nn.Linear(embed_size, embed_size)

    def forward(self, values, keys, query, mask):
        N = query.shape[0]
        value_len, key_len, query_len = values.shape[1], keys.shape[1], query.shape[1]
        values = self.values(values).reshape(N, value_len, self.heads, self.head_dim)
        keys = self.keys(keys).reshape(N, key_len, self.heads, self.head_dim)
        queries = self.queries(query).reshape(N, query_len, self.heads, self.head_dim)
        energy = torch.einsum("nqhd,nkhd->nhqk", [queries, keys])
        if mask is not None:
            energy = energy.masked_fill(mask == 0, float("-1e20"))
        attention = torch.softmax(energy / (self.embed_size ** (1 / 2)), dim=3)
        out = torch.einsum("nhql,nlhd->nqhd", [attention, values]).reshape(N, query_len, self.heads * self.head_dim)
        return self.fc_out(out), attention


class LayerNorm(nn.Module):
    def __init__(self, features, eps=1e-6):
        super().__init__()
        self.a_2 = nn.Parameter(torch.ones(features))
        self.b_2 = nn.Parameter(torch.zeros(features))
        self.eps = eps

    def forward(self, x):
        mean = x.mean(-1, keepdim=True)
        std = x.std(-1, keepdim=True)
        return self.a_2 * (x - mean) / (std + self.eps) + self.b_2


class TransformerBlock(nn.Module):
    def __init__(self, embed_size, heads, dropout, forward_expansion):
        super(TransformerBlock, self).__init__()
        self.attention = SelfAttention(embed_size, heads)
        self.norm1, self.norm2 = LayerNorm(embed_size), LayerNorm(embed_size)
        self.feed_forward = nn.Sequential(
            nn.Linear(embed_size, forward_expansion * embed_size), nn.ReLU(), nn.Linear(forward_expansion * embed_size, embed_size))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask):
        attended, weights = self.attention(x, x, x, mask)
        x = self.dropout(self.norm1(attended + x))
        return self.dropout(self.norm2(self.feed_forward(x) + x)), weights


class Encoder(nn.Module):
    def __init__(self, vocab, size=24, heads=4, layers=2, max_length=10):
        super().__init__()
        self.word_embedding = nn.Embedding(vocab, size)
        self.position_embedding = nn.Embedding(max_length, size)
        self.layers = nn.ModuleList([TransformerBlock(size, heads, 0.1, 2) for _ in range(layers)])
        self.out = nn.Linear(size, vocab)

    def forward(self, x, mask):
        N, seq_length = x.shape
        positions = torch.arange(0, seq_length).expand(N, seq_length).to(x.device)
        h = self.word_embedding(x) + self.position_embedding(positions)
        maps = []
        for layer in self.layers:
            h, weights = layer(h, mask)
            maps.append(weights)
        return self.out(h), maps


PAD = 0
x = torch.randint(1, 9, (16, 8))
for row, n in enumerate(torch.randint(3, 9, (16,)).tolist()):
    x[row, n:] = PAD
reverse = torch.stack([torch.cat((r[r != PAD].flip(0), r[r == PAD])) for r in x])
mask = (x != PAD).unsqueeze(1).unsqueeze(2)
print(mask.shape, x[0], reverse[0])
model = Encoder(9)
for p in model.parameters():
    if p.dim() > 1:
        nn.init.xavier_uniform_(p)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3, betas=(0.9, 0.98), eps=1e-9)
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lr_lambda=lambda step: min((step + 1) / 10, (10 / (step + 1)) ** 0.5))
for step in range(40):
    logits, maps = model(x, mask)
    loss = F.cross_entropy(logits.reshape(-1, 9), reverse.reshape(-1), ignore_index=PAD)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()
    if step % 10 == 9:
        print(step + 1, f"{loss.item():.4f}", f"{math.exp(loss.item()):.3f}", f"{optimizer.param_groups[0]['lr']:.5f}")
model.eval()
with torch.no_grad():
    _, maps = model(x, mask)
print(maps[0].shape, maps[0].sum(-1).mean().item(), (maps[0] * (~mask)).abs().max().item())
