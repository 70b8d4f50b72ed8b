# fails: cross-entropy
import torch


def mse(prediction, target):
    return ((prediction - target) ** 2).mean()


def mse_gradient(prediction, target):
    return 2 * (prediction - target) / prediction.numel()


def bce(probability, target):
    log_yes = torch.log(probability).clamp(min=-100)
    log_no = torch.log(1 - probability).clamp(min=-100)
    return -(target * log_yes + (1 - target) * log_no).mean()


def bce_with_logits(logits, target):
    return (logits.clamp(min=0) - logits * target + torch.log1p(torch.exp(-logits.abs()))).mean()


def log_sum_exp(logits):
    largest = logits.max(dim=1, keepdim=True).values
    return largest.squeeze(1) + torch.log(torch.exp(logits - largest).sum(dim=1))


def cross_entropy(logits, target):
    rows = torch.arange(len(target))
    logits = torch.softmax(logits, dim=1)
    return (log_sum_exp(logits) - logits[rows, target]).mean()


def cross_entropy_gradient(logits, target):
    rows = torch.arange(len(target))
    gradient = torch.exp(logits - log_sum_exp(logits).unsqueeze(1))
    gradient[rows, target] -= 1
    return gradient / len(target)
