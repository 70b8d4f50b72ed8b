# fails: padding, stride-and-padding
import torch


def output_size(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel) // stride + 1


def pad(image, padding):
    height, width = image.shape
    result = image.new_zeros(height + 2 * padding, width + 2 * padding)
    result[:height, :width] = image
    return result


def correlate(image, kernel, stride=1, padding=0):
    image = pad(image, padding)
    rows = output_size(image.shape[0], kernel.shape[0], stride)
    columns = output_size(image.shape[1], kernel.shape[1], stride)
    result = image.new_zeros(rows, columns)
    for p in range(kernel.shape[0]):
        for q in range(kernel.shape[1]):
            result += kernel[p, q] * image[p : p + rows * stride : stride, q : q + columns * stride : stride]
    return result


def convolve(image, kernel):
    return correlate(image, kernel.flip(0, 1))


def max_pool(image, size=2, stride=2):
    rows = output_size(image.shape[0], size, stride)
    columns = output_size(image.shape[1], size, stride)
    result = image.new_full((rows, columns), -torch.inf)
    for p in range(size):
        for q in range(size):
            result = torch.maximum(result, image[p : p + rows * stride : stride, q : q + columns * stride : stride])
    return result


def average_pool(image, size=2, stride=2):
    return correlate(image, image.new_full((size, size), 1 / size**2), stride)


def kernel_gradient(image, kernel, upstream):
    return correlate(image, upstream)


def conv_layer(x, weight, bias, stride=1, padding=0):
    def channel(image, kernels, shift):
        return sum(correlate(plane, kernel, stride, padding) for plane, kernel in zip(image, kernels)) + shift

    return torch.stack([torch.stack([channel(image, *output) for output in zip(weight, bias)]) for image in x])


def weighted_sum(image, kernel, upstream):
    """What `kernel_gradient` is the gradient of; only the check uses it."""
    return (upstream * correlate(image, kernel)).sum()
