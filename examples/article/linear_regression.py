# Linear regression on the article's program: how far diabetes goes on within a year, from two
# measurements of a patient, the body mass index and s5 (a logarithm of blood fats).
#
#     lyceum run examples/article/linear_regression.py
#
# Every fifth patient is held out. A number after `--` trains on that many of the others.
import sys

import torch

import lyceum.data

torch.manual_seed(0)
rows = int(sys.argv[1]) if len(sys.argv) > 1 else None
train = lyceum.data.load("diabetes", split="train")
held_out = lyceum.data.load("diabetes", split="test")
columns = [train.feature_names.index("bmi"), train.feature_names.index("s5")]
x = train.data[:rows, columns]
y = train.target[:rows].float().unsqueeze(1)
mean, std = x.mean(0), x.std(0)
x = (x - mean) / std

# From here to the last step of the optimiser the program is the article's, byte for byte.
import torch
import torch.nn as nn
import torch.optim as optim

# 定义线性回归模型
class LinearRegression(nn.Module):
    def __init__(self, input_dim, output_dim):
        super(LinearRegression, self).__init__()
        self.linear = nn.Linear(input_dim, output_dim)

    def forward(self, x):
        return self.linear(x)

# 创建模型实例
model = LinearRegression(input_dim=2, output_dim=1)

# 定义损失函数
criterion = nn.MSELoss()

# 定义优化器
optimizer = optim.SGD(model.parameters(), lr=0.01)

# 训练模型
for epoch in range(1000):
    optimizer.zero_grad()
    y_pred = model(x)
    loss = criterion(y_pred, y)
    loss.backward()
    optimizer.step()

# What the article leaves to the reader: how good is it?
with torch.no_grad():
    predicted = model((held_out.data[:, columns] - mean) / std)
    wanted = held_out.target.float().unsqueeze(1)
    held_out_loss = criterion(predicted, wanted)
    explained = 1 - held_out_loss / criterion(wanted.mean().expand_as(wanted), wanted)
print(f"loss on {len(y)} patients: {loss.item():.1f}")
print(f"loss on {len(wanted)} held-out patients: {held_out_loss.item():.1f}")
print(f"share of the variance explained: {explained.item():.3f}")
