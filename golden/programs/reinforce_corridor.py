# REINFORCE with Categorical in a corridor of our own: walk right to the goal, against a wind.
import argparse
from collections import deque
from itertools import count

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.distributions import Categorical

parser = argparse.ArgumentParser(description="REINFORCE example")
parser.add_argument("--gamma", type=float, default=0.95, metavar="G", help="discount factor (default: 0.95)")
parser.add_argument("--seed", type=int, default=543, metavar="N", help="random seed (default: 543)")
parser.add_argument("--render", action="store_true", help="render the environment")
parser.add_argument("--log-interval", type=int, default=10, metavar="N")
args = parser.parse_args([])


class Corridor:
    """Seven cells; the goal is at the right end. A step costs a little; sometimes the wind pushes back."""

    def __init__(self, seed):
        self.rng = np.random.RandomState(seed)

    def reset(self):
        self.at = 2
        return self.observe(), {}

    def observe(self):
        return np.eye(7, dtype=np.float32)[self.at]

    def step(self, action):
        move = 1 if action == 1 else -1
        if self.rng.rand() < 0.1:
            move = -1
        self.at = int(np.clip(self.at + move, 0, 6))
        done = self.at == 6
        return self.observe(), (1.0 if done else -0.05), done, False, {}


env = Corridor(args.seed)
torch.manual_seed(args.seed)


class Policy(nn.Module):
    def __init__(self):
        super(Policy, self).__init__()
        self.affine1 = nn.Linear(7, 32)
        self.dropout = nn.Dropout(p=0.2)
        self.affine2 = nn.Linear(32, 2)
        self.saved_log_probs = []
        self.rewards = []

    def forward(self, x):
        x = self.dropout(self.affine1(x))
        return F.softmax(self.affine2(F.relu(x)), dim=1)


policy = Policy()
optimizer = optim.Adam(policy.parameters(), lr=1e-2)
eps = np.finfo(np.float32).eps.item()


def select_action(state):
    state = torch.from_numpy(state).float().unsqueeze(0)
    probs = policy(state)
    m = Categorical(probs)
    action = m.sample()
    policy.saved_log_probs.append(m.log_prob(action))
    return action.item()


def finish_episode():
    R = 0
    policy_loss = []
    returns = deque()
    for r in policy.rewards[::-1]:
        R = r + args.gamma * R
        returns.appendleft(R)
    returns = torch.tensor(returns)
    returns = (returns - returns.mean()) / (returns.std() + eps)
    for log_prob, R in zip(policy.saved_log_probs, returns):
        policy_loss.append(-log_prob * R)
    optimizer.zero_grad()
    policy_loss = torch.cat(policy_loss).sum()
    policy_loss.backward()
    optimizer.step()
    del policy.rewards[:]
    del policy.saved_log_probs[:]


running_reward = 0
for i_episode in count(1):
    state, _ = env.reset()
    ep_reward = 0
    for t in range(1, 60):
        action = select_action(state)
        state, reward, done, _, _ = env.step(action)
        policy.rewards.append(reward)
        ep_reward += reward
        if done:
            break
    running_reward = 0.1 * ep_reward + 0.9 * running_reward
    finish_episode()
    if i_episode % args.log_interval == 0:
        print("Episode {}\tLast reward: {:.2f}\tAverage reward: {:.2f}\tLength: {}".format(i_episode, ep_reward, running_reward, t))
    if running_reward > 0.55 or i_episode == 60:
        print("Stopped at {:.2f} after {} episodes".format(running_reward, i_episode))
        break
