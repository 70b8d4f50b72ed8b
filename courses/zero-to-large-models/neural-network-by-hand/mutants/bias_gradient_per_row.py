# fails: linear-backward
import torch
import torch.nn.functional as F

import lyceum.data


def linear(x, weight, bias):
    return x @ weight.T + bias


def linear_backward(upstream, x, weight):
    return upstream @ weight, upstream.T @ x, upstream


def tanh_backward(upstream, h):
    return upstream * (1 - h**2)


def forward(x, w1, b1, w2, b2):
    h = torch.tanh(linear(x, w1, b1))
    return h, linear(h, w2, b2)


def loss(x, target, w1, b1, w2, b2):
    return F.cross_entropy(forward(x, w1, b1, w2, b2)[1], target)


def gradients(x, target, w1, b1, w2, b2):
    h, logits = forward(x, w1, b1, w2, b2)
    d_logits = (torch.softmax(logits, dim=1) - F.one_hot(target, logits.shape[1])) / len(target)
    d_h, d_w2, d_b2 = linear_backward(d_logits, h, w2)
    _, d_w1, d_b1 = linear_backward(tanh_backward(d_h, h), x, w1)
    return d_w1, d_b1, d_w2, d_b2


def train(images, target):
    torch.manual_seed(0)
    x = images.flatten(1)
    parameters = [torch.randn(32, 64) / 8, torch.zeros(32), torch.randn(10, 32) / 6, torch.zeros(10)]
    for step in range(300):
        slopes = gradients(x, target, *parameters)
        parameters = [value - 1.0 * slope for value, slope in zip(parameters, slopes)]
    print(f"loss {loss(x, target, *parameters).item():.4f}")
    return parameters


def predict(images):
    return forward(images.flatten(1), *parameters)[1].argmax(dim=1)


digits = lyceum.data.load("digits", size=8, split="train")
parameters = train(digits.data, digits.target)
