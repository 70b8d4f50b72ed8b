import torch


def mean(x):
    """返回 x 的平均数。 Returns the mean of x."""
    return x.sum() / len(x)


if __name__ == "__main__":
    print(mean(torch.tensor([1.0, 2.0, 6.0])))
