"""Functions of functions, and averages of weights."""
from torch.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, stack_module_state, vjp, vmap

# --- jacobians
x = torch.tensor([0.1, 0.5, -0.3])
f = lambda x: torch.stack([x.sin().sum(), (x**2).prod()])
show(jacrev(f)(x), jacfwd(f)(x), hessian(lambda x: (x**3).sum() * x[0])(x))
show(jacrev(lambda x, y: x * y, argnums=(0, 1))(x, x + 1))
show(jacrev(lambda p: (p["a"] * x).sum(0, keepdim=True) + p["b"])({"a": x, "b": torch.ones(1)}))

# --- products
x = torch.tensor([0.1, 0.5, -0.3])
out, pull = vjp(torch.sin, x)
show(out, pull(torch.ones(3)), jvp(torch.sin, (x,), (torch.tensor([1.0, 2.0, 3.0]),)))
out, pull = vjp(lambda x, y: (x * y, x + y), x, 2 * x)
show(out, pull((torch.ones(3), 2 * torch.ones(3))))

# --- vmap
x, y = data(4, 3), data(4, 3, shift=1)
show(vmap(torch.dot)(x, y), torch.vmap(torch.dot, in_dims=(1, 1))(x, y), vmap(torch.mul, in_dims=(0, None))(x, 2.0))
show(vmap(lambda a, b: (a + b, a.sum()), in_dims=(0, None), out_dims=(1, 0))(x, y[0]), vmap(vmap(torch.sin))(x))
show(vmap(lambda d: d["a"] * d["b"])({"a": x, "b": y}), vmap(jacrev(torch.sin))(x))
fails(lambda: vmap(torch.dot)(x, y[:3]))
fails(lambda: vmap(torch.dot, in_dims=(0,))(x, y))

# --- per_sample_gradients
net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
params = {k: v.detach() for k, v in net.named_parameters()}
def loss(params, x, y):
    return F.mse_loss(functional_call(net, params, (x.unsqueeze(0),)).squeeze(0), y)
grads = vmap(grad(loss), in_dims=(None, 0, 0))(params, data(5, 3), data(5, 1))
show(grads)

# --- ensembles
models = [nn.Linear(3, 2) for _ in range(3)]
params, buffers = stack_module_state(models)
show(params, len(buffers))
x = data(4, 3)
show(vmap(lambda p, b, x: functional_call(models[0], (p, b), (x,)), in_dims=(0, 0, None))(params, buffers, x))

# --- averaged_weights
net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
average = optim.swa_utils.AveragedModel(net)
moving = optim.swa_utils.AveragedModel(net, multi_avg_fn=optim.swa_utils.get_ema_multi_avg_fn(0.9))
single = optim.swa_utils.AveragedModel(net, avg_fn=optim.swa_utils.get_ema_avg_fn(0.9), use_buffers=False)
opt = optim.SGD(net.parameters(), lr=0.1)
schedule = optim.swa_utils.SWALR(opt, swa_lr=0.02, anneal_epochs=3)
x = data(8, 3)
for _ in range(5):
    opt.zero_grad()
    net(x).square().mean().backward()
    opt.step()
    for model in (average, moving, single):
        model.update_parameters(net)
    schedule.step()
    show(schedule.get_last_lr())
optim.swa_utils.update_bn([x[:4], x[4:]], average)
show(dict(average.state_dict()), dict(moving.state_dict()), dict(single.state_dict()), average(x))

# --- special
x = data(5)
show(torch.special.expit(x), torch.special.erf(x), torch.special.logsumexp(x, 0), torch.special.gammaln(x.abs() + 1))
