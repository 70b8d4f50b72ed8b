# A mixture of experts with noisy top-k gates, a loss for balance, and a count of who was asked.
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions.normal import Normal

torch.manual_seed(0)


class Expert(nn.Module):
    def __init__(self, n_embd):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_embd, 2 * n_embd), nn.ReLU(), nn.Linear(2 * n_embd, n_embd), nn.Dropout(0.1))

    def forward(self, x):
        return self.net(x)


class NoisyTopkRouter(nn.Module):
    def __init__(self, n_embed, num_experts, top_k):
        super().__init__()
        self.top_k = top_k
        self.topkroute_linear = nn.Linear(n_embed, num_experts)
        self.noise_linear = nn.Linear(n_embed, num_experts)

    def forward(self, x):
        logits = self.topkroute_linear(x)
        noise = torch.randn_like(logits) * F.softplus(self.noise_linear(x)) if self.training else 0.0
        noisy_logits = logits + noise
        top_k_logits, indices = noisy_logits.topk(self.top_k, dim=-1)
        zeros = torch.full_like(noisy_logits, float("-inf"))
        sparse_logits = zeros.scatter(-1, indices, top_k_logits)
        return F.softmax(sparse_logits, dim=-1), indices


class SparseMoE(nn.Module):
    def __init__(self, n_embed, num_experts, top_k):
        super().__init__()
        self.router = NoisyTopkRouter(n_embed, num_experts, top_k)
        self.experts = nn.ModuleList([Expert(n_embed) for _ in range(num_experts)])

    def forward(self, x):
        gating_output, indices = self.router(x)
        final_output = torch.zeros_like(x)
        flat_x = x.view(-1, x.size(-1))
        flat_gating_output = gating_output.view(-1, gating_output.size(-1))
        for i, expert in enumerate(self.experts):
            expert_mask = (indices == i).any(dim=-1)
            flat_mask = expert_mask.view(-1)
            if flat_mask.any():
                expert_output = expert(flat_x[flat_mask])
                gating_scores = flat_gating_output[flat_mask, i].unsqueeze(1)
                final_output[expert_mask] += (expert_output * gating_scores).squeeze(1)
        importance = flat_gating_output.sum(0)
        return final_output, (importance.float().var() / (importance.float().mean() ** 2 + 1e-10)), indices


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(12, 16)
        self.moe = SparseMoE(16, 4, 2)
        self.norm = nn.LayerNorm(16)
        self.head = nn.Linear(16, 12)

    def forward(self, x):
        h = self.embed(x)
        out, balance, indices = self.moe(self.norm(h))
        return self.head(h + out), balance, indices


def kaiming_init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.kaiming_normal_(m.weight)


model = Model()
model.apply(kaiming_init_weights)
x = torch.randint(0, 12, (8, 10))
y = (x * 5 + 3) % 12
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
for step in range(40):
    logits, balance, indices = model(x)
    loss = F.cross_entropy(logits.view(-1, 12), y.view(-1)) + 0.01 * balance
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 10 == 9:
        print(f"step {step + 1}: loss {loss.item():.4f} balance {balance.item():.4f} asked {torch.bincount(indices.flatten(), minlength=4).tolist()}")
model.eval()
with torch.no_grad():
    logits, _, indices = model(x)
print("accuracy", (logits.argmax(-1) == y).float().mean().item(), indices.shape)
normal = Normal(torch.tensor([0.0]), torch.tensor([1.0]))
print(normal.cdf(torch.linspace(-1, 1, 5)))
