# torch.func as its tutorials use it: per-sample gradients, Jacobians, ensembles, and an average of weights.
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.func import functional_call, grad, hessian, jacrev, stack_module_state, vjp, vmap
from torch.optim.swa_utils import AveragedModel, SWALR, get_ema_multi_avg_fn, update_bn

torch.manual_seed(0)
weight, bias, x = torch.randn(3, 4), torch.randn(3), torch.randn(4)


def predict(weight, bias, x):
    return F.linear(x, weight, bias).tanh()


jacobian = jacrev(predict, argnums=2)(weight, bias, x)
expected = (1 - predict(weight, bias, x) ** 2).unsqueeze(-1) * weight
print(jacobian.shape, torch.allclose(jacobian, expected, atol=1e-6))
print(hessian(lambda x: predict(weight, bias, x).sum())(x).diagonal())
_, vjp_fn = vjp(lambda x: predict(weight, bias, x), x)
print(torch.allclose(torch.stack([vjp_fn(v)[0] for v in torch.eye(3)]), jacobian))


class SimpleMLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(6, 10), nn.Linear(10, 3)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


data, targets = torch.randn(12, 1, 2, 3), torch.randint(3, (12,))
model = SimpleMLP()
params = {k: v.detach() for k, v in model.named_parameters()}
buffers = {k: v.detach() for k, v in model.named_buffers()}


def compute_loss(params, buffers, sample, target):
    predictions = functional_call(model, (params, buffers), (sample.unsqueeze(0),))
    return F.cross_entropy(predictions, target.unsqueeze(0))


ft_per_sample_grads = vmap(grad(compute_loss), in_dims=(None, None, 0, 0))(params, buffers, data, targets)
for name, g in ft_per_sample_grads.items():
    print(name, tuple(g.shape), f"{g.flatten(1).norm(dim=1).max():.4f}")
F.cross_entropy(model(data), targets).backward()
print(all(torch.allclose(g.mean(0), dict(model.named_parameters())[k].grad, atol=1e-6) for k, g in ft_per_sample_grads.items()))

models = [SimpleMLP() for _ in range(4)]
base_model = copy.deepcopy(models[0])
stacked, stacked_buffers = stack_module_state(models)
predictions = vmap(lambda p, b, x: functional_call(base_model, (p, b), (x,)), in_dims=(0, 0, None))(stacked, stacked_buffers, data)
print(predictions.shape, torch.allclose(predictions, torch.stack([m(data) for m in models]), atol=1e-5))

net = nn.Sequential(nn.Flatten(), nn.Linear(6, 8, bias=False), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))
swa_model, ema_model = AveragedModel(net), AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(0.8))
optimizer = torch.optim.SGD(net.parameters(), lr=0.2)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
swa_scheduler = SWALR(optimizer, swa_lr=0.05, anneal_epochs=4)
for epoch in range(12):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(data), targets)
    loss.backward()
    optimizer.step()
    ema_model.update_parameters(net)
    if epoch > 6:
        swa_model.update_parameters(net)
        swa_scheduler.step()
    else:
        scheduler.step()
    if epoch % 4 == 3:
        print(f"epoch {epoch} loss {loss.item():.4f} lr {optimizer.param_groups[0]['lr']:.4f}")
update_bn(torch.utils.data.DataLoader(data, batch_size=6), swa_model)
for m in (net, swa_model, ema_model):
    print(f"{F.cross_entropy(m.eval()(data), targets).item():.4f}", end=" ")
print(swa_model.n_averaged)
