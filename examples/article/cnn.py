# The article's convolutional network on handwritten digits, drawn on 28x28 pixels.
#
#     lyceum run examples/article/cnn.py
#
# As printed it takes 1,000 steps, each over all of its data, so it trains on 512 digits and takes
# minutes; a number after `--` makes it that many digits. 360 others are held out.
# `examples/cnn_minibatch.py` is the everyday form: all training digits, in batches.
import sys

import torch

import lyceum.data

torch.manual_seed(0)
rows = int(sys.argv[1]) if len(sys.argv) > 1 else 512
train = lyceum.data.load("digits", size=28, split="train")
held_out = lyceum.data.load("digits", size=28, split="test")
chosen = torch.randperm(len(train.target))[:rows]
x = train.data[chosen]
y = train.target[chosen]
mean, std = x.mean(), x.std()
x = (x - mean) / std

# From here to the last step of the optimiser the program is the article's, byte for byte.
import torch
import torch.nn as nn
import torch.optim as optim

# 定义卷积神经网络模型
class CNN(nn.Module):
    def __init__(self):
        super(CNN, self).__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=32, kernel_size=3, stride=1, padding=1)
        self.conv2 = nn.Conv2d(in_channels=32, out_channels=64, kernel_size=3, stride=1, padding=1)
        self.fc1 = nn.Linear(in_features=64 * 7 * 7, out_features=128)
        self.fc2 = nn.Linear(in_features=128, out_features=10)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.pool(self.relu(self.conv1(x)))
        x = self.pool(self.relu(self.conv2(x)))
        x = x.view(-1, 64 * 7 * 7)
        x = self.relu(self.fc1(x))
        x = self.fc2(x)
        return x

# 创建模型实例
model = CNN()

# 定义损失函数
criterion = nn.CrossEntropyLoss()

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
    scores = model((held_out.data - mean) / std)
    held_out_loss = criterion(scores, held_out.target)
    accuracy = (scores.argmax(dim=1) == held_out.target).float().mean()
print(f"loss on {len(y)} digits: {loss.item():.4f}")
print(f"loss on {len(scores)} held-out digits: {held_out_loss.item():.4f}")
print(f"accuracy on them: {accuracy.item():.1%}")
