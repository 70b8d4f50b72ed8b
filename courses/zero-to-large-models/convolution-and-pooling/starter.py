import torch


def output_size(size, kernel, stride=1, padding=0):
    """窗口能放的位置数，int。 / In how many places the window fits, an int."""
    raise NotImplementedError


def pad(image, padding):
    """四周补零。 / Zeros on all four sides. (H, W) -> (H + 2·padding, W + 2·padding)"""
    raise NotImplementedError


def correlate(image, kernel, stride=1, padding=0):
    """互相关。 / The cross-correlation. (H, W), (P, Q) -> (H', W')"""
    raise NotImplementedError


def convolve(image, kernel):
    """真正的卷积，只算放得下的位置。 / The true convolution, where the kernel fits."""
    raise NotImplementedError


def max_pool(image, size=2, stride=2):
    """每个窗口的最大值。 / The maximum of each window. (H, W) -> (H', W')"""
    raise NotImplementedError


def average_pool(image, size=2, stride=2):
    """每个窗口的平均值。 / The mean of each window. (H, W) -> (H', W')"""
    raise NotImplementedError


def kernel_gradient(image, kernel, upstream):
    """(upstream * correlate(image, kernel)).sum() 对 kernel 的梯度。 / Its gradient with respect to kernel."""
    raise NotImplementedError


def conv_layer(x, weight, bias, stride=1, padding=0):
    """卷积层。 / A layer. (N, C, H, W), (O, C, P, Q), (O,) -> (N, O, H', W')"""
    raise NotImplementedError
