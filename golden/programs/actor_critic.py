# PPO with a clipped ratio, a Gaussian actor of two actions and advantages by GAE, on a point that seeks a goal.
import torch
import torch.nn as nn
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence
from torch.optim import Adam


class Seeker:
    """A point in the plane; each step moves it, the reward is how much nearer the goal it came."""

    def reset(self):
        self.at, self.time = torch.tensor([1.0, -1.0]), 0
        return self.at.clone()

    def step(self, action):
        before = self.at.norm()
        self.at = (self.at + 0.2 * action.clamp(-1, 1)).clamp(-2, 2)
        self.time += 1
        return self.at.clone(), (before - self.at.norm()).item(), self.time == 12


def mlp(sizes, activation, output_activation=nn.Identity):
    layers = []
    for j in range(len(sizes) - 1):
        act = activation if j < len(sizes) - 2 else output_activation
        layers += [nn.Linear(sizes[j], sizes[j + 1]), act()]
    return nn.Sequential(*layers)


class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.log_std = nn.Parameter(-0.5 * torch.ones(2))
        self.mu_net = mlp([2, 16, 2], nn.Tanh)

    def _distribution(self, obs):
        return Normal(self.mu_net(obs), torch.exp(self.log_std))

    def forward(self, obs, act=None):
        pi = self._distribution(obs)
        return pi, None if act is None else pi.log_prob(act).sum(axis=-1)


torch.manual_seed(0)
env, actor, critic = Seeker(), Actor(), mlp([2, 16, 1], nn.Tanh)
pi_optimizer, vf_optimizer = Adam(actor.parameters(), lr=1e-2), Adam(critic.parameters(), lr=1e-2)
gamma, lam, clip_ratio = 0.98, 0.95, 0.2
for epoch in range(6):
    obs_buf, act_buf, rew_buf, val_buf, logp_buf, adv_buf, ret_buf = ([] for _ in range(7))
    for _ in range(4):
        o, done, first = env.reset(), False, len(rew_buf)
        while not done:
            with torch.no_grad():
                pi = actor._distribution(o)
                a = pi.sample()
                logp, v = pi.log_prob(a).sum(-1), critic(o).squeeze(-1)
            obs_buf.append(o)
            o, r, done = env.step(a)
            act_buf.append(a)
            rew_buf.append(r)
            val_buf.append(v.item())
            logp_buf.append(logp)
        values, gae, ret = val_buf[first:] + [0.0], 0.0, 0.0
        advantages, returns = [], []
        for t in reversed(range(len(values) - 1)):
            delta = rew_buf[first + t] + gamma * values[t + 1] - values[t]
            gae = delta + gamma * lam * gae
            ret = rew_buf[first + t] + gamma * ret
            advantages.insert(0, gae)
            returns.insert(0, ret)
        adv_buf += advantages
        ret_buf += returns
    obs, act, logp_old = torch.stack(obs_buf), torch.stack(act_buf), torch.stack(logp_buf)
    adv, ret = torch.tensor(adv_buf), torch.tensor(ret_buf)
    adv = (adv - adv.mean()) / adv.std()
    old = Independent(Normal(actor.mu_net(obs).detach(), actor.log_std.detach().exp()), 1)
    for i in range(8):
        pi, logp = actor(obs, act)
        ratio = torch.exp(logp - logp_old)
        clip_adv = torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * adv
        loss_pi = -(torch.min(ratio * adv, clip_adv)).mean() - 0.001 * pi.entropy().sum(-1).mean()
        clipped = (ratio.gt(1 + clip_ratio) | ratio.lt(1 - clip_ratio)).float().mean().item()
        pi_optimizer.zero_grad()
        loss_pi.backward()
        pi_optimizer.step()
        loss_v = ((critic(obs).squeeze(-1) - ret) ** 2).mean()
        vf_optimizer.zero_grad()
        loss_v.backward()
        vf_optimizer.step()
    kl = kl_divergence(old, Independent(actor._distribution(obs), 1)).mean().item()
    print(f"epoch {epoch}: return {sum(rew_buf) / 4:.3f} loss_pi {loss_pi.item():.4f} loss_v {loss_v.item():.4f} kl {kl:.4f} clipped {clipped:.3f}")
cov_mat = torch.diag(torch.full((2,), 0.5))
dist = MultivariateNormal(actor.mu_net(obs[:3]), cov_mat)
action = dist.sample()
print(dist, dist.log_prob(action), dist.entropy()[0], sep="\n")
