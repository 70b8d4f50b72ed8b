import torch

import lyceum.data
from lyceum import exhibit

KERNELS = torch.tensor(
    [
        [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]],
        [[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]],
        [[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]],
        [[1 / 9, 1 / 9, 1 / 9], [1 / 9, 1 / 9, 1 / 9], [1 / 9, 1 / 9, 1 / 9]],
    ]
)


def digit():
    digits = lyceum.data.load("digits", size=28)
    return digits.data[(digits.target == 5).nonzero()[0, 0], 0]


@exhibit.show
def edges():
    title = (
        "你的互相关：竖直边缘、水平边缘、拉普拉斯、平均",
        "Your cross-correlation: vertical edges, horizontal edges, Laplace, mean",
    )
    image = digit()
    exhibit.feature_maps(title, image, torch.stack([correlate(image, kernel) for kernel in KERNELS]))


@exhibit.show
def pooled():
    title = ("你的池化：最大值、平均值", "Your pooling: maximum, mean")
    image = digit()
    exhibit.feature_maps(title, image, torch.stack([max_pool(image), average_pool(image)]))
