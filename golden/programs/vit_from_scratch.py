# A vision Transformer: patches by unfold and by a convolution, a class token, nn.MultiheadAttention.
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(0)


def img_to_patch(x, patch_size, flatten_channels=True):
    B, C, H, W = x.shape
    x = x.reshape(B, C, H // patch_size, patch_size, W // patch_size, patch_size)
    x = x.permute(0, 2, 4, 1, 3, 5)
    x = x.flatten(1, 2)
    if flatten_channels:
        x = x.flatten(2, 4)
    return x


class AttentionBlock(nn.Module):
    def __init__(self, embed_dim, hidden_dim, num_heads, dropout=0.0):
        super().__init__()
        self.layer_norm_1 = nn.LayerNorm(embed_dim)
        self.attn = nn.MultiheadAttention(embed_dim, num_heads)
        self.layer_norm_2 = nn.LayerNorm(embed_dim)
        self.linear = nn.Sequential(
            nn.Linear(embed_dim, hidden_dim), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden_dim, embed_dim), nn.Dropout(dropout))

    def forward(self, x):
        inp_x = self.layer_norm_1(x)
        x = x + self.attn(inp_x, inp_x, inp_x)[0]
        return x + self.linear(self.layer_norm_2(x))


class VisionTransformer(nn.Module):
    def __init__(self, embed_dim=24, hidden_dim=48, num_channels=3, num_heads=4, num_layers=2, num_classes=4, patch_size=4, num_patches=9, dropout=0.1):
        super().__init__()
        self.patch_size = patch_size
        self.input_layer = nn.Linear(num_channels * (patch_size**2), embed_dim)
        self.transformer = nn.Sequential(*(AttentionBlock(embed_dim, hidden_dim, num_heads, dropout=dropout) for _ in range(num_layers)))
        self.mlp_head = nn.Sequential(nn.LayerNorm(embed_dim), nn.Linear(embed_dim, num_classes))
        self.dropout = nn.Dropout(dropout)
        self.cls_token = nn.Parameter(torch.randn(1, 1, embed_dim))
        self.pos_embedding = nn.Parameter(torch.randn(1, 1 + num_patches, embed_dim))

    def forward(self, x):
        x = img_to_patch(x, self.patch_size)
        B, T, _ = x.shape
        x = self.input_layer(x)
        cls_token = self.cls_token.repeat(B, 1, 1)
        x = torch.cat([cls_token, x], dim=1)
        x = x + self.pos_embedding[:, : T + 1]
        x = self.dropout(x).transpose(0, 1)
        return self.mlp_head(self.transformer(x)[0])


images = torch.rand(48, 3, 12, 12) * 0.5
labels = torch.arange(48) % 4
for image, label in zip(images, labels):
    image[:, (label // 2) * 8 : (label // 2) * 8 + 4, (label % 2) * 8 : (label % 2) * 8 + 4] += 0.6
patches = img_to_patch(images, 4, flatten_channels=False)
by_unfold = F.unfold(images, kernel_size=4, stride=4).transpose(1, 2)
by_method = images.unfold(2, 4, 4).unfold(3, 4, 4).permute(0, 2, 3, 1, 4, 5).reshape(48, 9, 48)
print(patches.shape, torch.equal(by_unfold, patches.flatten(2)), torch.equal(by_method, by_unfold))
model = VisionTransformer()
print(sum(p.numel() for p in model.parameters()))
linear = model.input_layer
conv = nn.Conv2d(3, 24, 4, stride=4)
conv.load_state_dict({"weight": linear.weight.view(24, 3, 4, 4), "bias": linear.bias})
print(torch.allclose(conv(images).flatten(2).transpose(1, 2), linear(by_unfold), atol=1e-5))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
lr_scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[6, 8], gamma=0.1)
for epoch in range(10):
    model.train()
    correct = total = 0.0
    for idx in torch.randperm(48).chunk(3):
        preds = model(images[idx])
        loss = F.cross_entropy(preds, labels[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        correct += (preds.argmax(dim=-1) == labels[idx]).float().sum().item()
    lr_scheduler.step()
    if epoch % 3 == 0:
        print(f"epoch {epoch}: train_loss {total / 3:.3f} train_acc {correct / 48:.3f} lr {lr_scheduler.get_last_lr()[0]:.1e}")
model.eval()
with torch.no_grad():
    x = model.input_layer(by_unfold).transpose(0, 1)
    _, weights = model.transformer[0].attn(x, x, x, average_attn_weights=False)
print(weights.shape, f"{weights.sum(-1).mean():.4f}")
