# Low-rank adapters put into a trained net, alone trainable, merged at the end; parametrize does the same.
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.nn.utils.parametrize as parametrize

_ = torch.manual_seed(0)


class LoRALinear(nn.Module):
    def __init__(self, linear: nn.Linear, rank: int = 2, alpha: float = 4.0):
        super().__init__()
        self.linear = linear
        self.linear.requires_grad_(False)
        self.lora_A = nn.Parameter(torch.empty(rank, linear.in_features))
        self.lora_B = nn.Parameter(torch.zeros(linear.out_features, rank))
        nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))
        self.scaling = alpha / rank

    def forward(self, x):
        return self.linear(x) + (x @ self.lora_A.T @ self.lora_B.T) * self.scaling

    @torch.no_grad()
    def merge(self):
        self.linear.weight += (self.lora_B @ self.lora_A) * self.scaling
        return self.linear


def replace_linear(module, rank):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear):
            setattr(module, name, LoRALinear(child, rank))
        else:
            replace_linear(child, rank)


def train(model, x, y, steps, lr):
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=lr)
    for step in range(steps):
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"loss after {steps} steps: {loss.item():.4f}")


centers = torch.randn(4, 8)
y = torch.randint(0, 4, (120,))
x = centers[y] + 0.6 * torch.randn(120, 8)
model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Sequential(nn.Linear(32, 32), nn.ReLU()), nn.Linear(32, 4))
train(model, x, y, 40, 0.01)
original_weights = {name: param.clone().detach() for name, param in model.named_parameters()}
x_new = x.flip(1)
print(f"accuracy on mirrored inputs before: {(model(x_new).argmax(1) == y).float().mean().item():.3f}")
replace_linear(model, rank=2)
trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
total = sum(p.numel() for p in model.parameters())
print(f"trainable params: {trainable} || all params: {total} || trainable%: {100 * trainable / total:.2f}")
train(model, x_new, y, 40, 0.02)
assert torch.equal(model[0].linear.weight, original_weights["0.weight"])
before = model(x_new)
model[0], model[2][0], model[3] = model[0].merge(), model[2][0].merge(), model[3].merge()
print(model, torch.allclose(before, model(x_new), atol=1e-4))
print(f"accuracy after: {(model(x_new).argmax(1) == y).float().mean().item():.3f}")


class LoRAParametrization(nn.Module):
    def __init__(self, features_in, features_out, rank=1, alpha=1):
        super().__init__()
        self.lora_A = nn.Parameter(torch.zeros((rank, features_out)))
        self.lora_B = nn.Parameter(torch.zeros((features_in, rank)))
        nn.init.normal_(self.lora_A, mean=0, std=1)
        self.scale = alpha / rank
        self.enabled = True

    def forward(self, original_weights):
        if self.enabled:
            return original_weights + torch.matmul(self.lora_B, self.lora_A).view(original_weights.shape) * self.scale
        return original_weights


for layer in (model[0], model[3]):
    parametrize.register_parametrization(layer, "weight", LoRAParametrization(*layer.weight.shape))
for name, param in model.named_parameters():
    if "lora" not in name:
        param.requires_grad = False
print([name for name, p in model.named_parameters() if p.requires_grad])
train(model, x, y, 20, 0.02)
model[0].parametrizations["weight"][0].enabled = model[3].parametrizations["weight"][0].enabled = False
print(torch.allclose(model(x_new), before, atol=1e-4), parametrize.is_parametrized(model[0]))
