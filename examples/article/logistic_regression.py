# Logistic regression on the article's program: is a breast tumour malignant? From two measurements of
# its cells under the microscope, the mean radius and the mean number of dents (concave points).
#
#     lyceum run examples/article/logistic_regression.py
#
# Every fifth tumour is held out. A number after `--` trains on that many of the others.
import sys

import torch

import lyceum.data

torch.manual_seed(0)
rows = int(sys.argv[1]) if len(sys.argv) > 1 else None
train = lyceum.data.load("breast_cancer", split="train")
held_out = lyceum.data.load("breast_cancer", split="test")
malignant = train.target_names.index("malignant")
columns = [train.feature_names.index("mean_radius"), train.feature_names.index("mean_concave_points")]
x = train.data[:rows, columns]
y = (train.target[:rows] == malignant).float().unsqueeze(1)
mean, std = x.mean(0), x.std(0)
x = (x - mean) / std

# From here to the last step of the optimiser the program is the article's, byte for byte.
import torch
import torch.nn as nn
import torch.optim as optim

# 定义逻辑回归模型
class LogisticRegression(nn.Module):
    def __init__(self, input_dim, output_dim):
        super(LogisticRegression, self).__init__()
        self.linear = nn.Linear(input_dim, output_dim)

    def forward(self, x):
        return torch.sigmoid(self.linear(x))

# 创建模型实例
model = LogisticRegression(input_dim=2, output_dim=1)

# 定义损失函数
criterion = nn.BCELoss()

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
    probability = model((held_out.data[:, columns] - mean) / std)
    wanted = (held_out.target == malignant).float().unsqueeze(1)
    held_out_loss = criterion(probability, wanted)
    accuracy = ((probability > 0.5) == (wanted == 1)).float().mean()
print(f"loss on {len(y)} tumours: {loss.item():.4f}")
print(f"loss on {len(wanted)} held-out tumours: {held_out_loss.item():.4f}")
print(f"accuracy on them: {accuracy.item():.1%}")
