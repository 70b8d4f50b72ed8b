import torch
import torch.nn as nn
import torch.optim as optim

from lyceum.data import load

# 第一部分：手算。Part one: by hand.


def sigmoid(z):
    """逐个元素的 1 / (1 + e^-z)。1 / (1 + e^-z), entry by entry."""
    raise NotImplementedError


def bce(w, b, x, y):
    """二元交叉熵的平均值，零维张量。The mean binary cross-entropy, a tensor without dimensions."""
    raise NotImplementedError


def bce_gradient(w, b, x, y):
    """bce 对 w 和 b 的梯度 (dw, db)。The gradient of bce with respect to w and b."""
    raise NotImplementedError


def boundary(w, b, x1):
    """两项特征时，决策边界上与 x1 对应的 x2。The x2 of the decision boundary at x1, for two features."""
    raise NotImplementedError


def classify(z, threshold=0.5):
    """logit -> 类别：概率大于 threshold 为 1，否则为 0。Logits to classes: 1 where the probability exceeds threshold."""
    raise NotImplementedError


# 第二部分：真正的程序。Part two: a real program.


class LogisticRegression(nn.Module):
    """线性层 self.linear，然后是 sigmoid。A layer self.linear, then the sigmoid."""

    def __init__(self, input_dim, output_dim):
        super().__init__()
        # 在这里建立这一层。Make the layer here.

    def forward(self, x):
        raise NotImplementedError


tumours = load("breast_cancer", split="train")
malignant = tumours.target_names.index("malignant")
columns = [tumours.feature_names.index("worst_radius"), tumours.feature_names.index("worst_concave_points")]
mean = tumours.data[:, columns].mean(dim=0)
std = tumours.data[:, columns].std(dim=0)


def prepare(features):
    """(N, 30) -> 标准化的两项特征 (N, 2)。The two standardised features (N, 2)."""
    return (features[:, columns] - mean) / std


def diagnose(features):
    """(N, 30) -> 数据集里的类别编号 (N,)：0 恶性，1 良性。The data set's class numbers: 0 malignant, 1 benign."""
    raise NotImplementedError


torch.manual_seed(0)
x = prepare(tumours.data)
y = (tumours.target == malignant).float().unsqueeze(1)
model = LogisticRegression(input_dim=2, output_dim=1)

# 损失、优化器和训练循环写在这里。Write loss, optimiser and training loop here.
