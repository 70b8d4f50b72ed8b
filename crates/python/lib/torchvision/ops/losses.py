"""Losses of detection."""

import math

import torch
import torch.nn.functional as F


def _reduced(loss, reduction):
    if reduction == "none":
        return loss
    if reduction == "mean":
        return loss.mean() if loss.numel() > 0 else 0.0 * loss.sum()
    if reduction == "sum":
        return loss.sum()
    raise ValueError(
        f"Invalid Value for arg 'reduction': '{reduction} \n Supported reduction modes: 'none', 'mean', 'sum'"
    )


def sigmoid_focal_loss(inputs, targets, alpha=0.25, gamma=2, reduction="none"):
    """Binary cross-entropy of logits in which what is certain already counts little: `(1 - p)^gamma`."""
    if not (0 <= alpha <= 1) and alpha != -1:
        raise ValueError(f"Invalid alpha value: {alpha}. alpha must be in the range [0,1] or -1 for ignore.")
    p = torch.sigmoid(inputs)
    ce = F.binary_cross_entropy_with_logits(inputs, targets, reduction="none")
    p_t = p * targets + (1 - p) * (1 - targets)
    loss = ce * ((1 - p_t) ** gamma)
    if alpha >= 0:
        loss = (alpha * targets + (1 - alpha) * (1 - targets)) * loss
    return _reduced(loss, reduction)


def _pairs(first, second, eps):
    """The overlap of boxes pair by pair, what both cover, and the sides of the smallest box around both."""
    low, high = torch.max(first[..., :2], second[..., :2]), torch.min(first[..., 2:], second[..., 2:])
    sides = (high - low).clamp(min=0)
    shared = sides[..., 0] * sides[..., 1]
    area = lambda box: (box[..., 2] - box[..., 0]) * (box[..., 3] - box[..., 1])
    together = area(first) + area(second) - shared
    around = torch.max(first[..., 2:], second[..., 2:]) - torch.min(first[..., :2], second[..., :2])
    return shared / (together + eps), together, around


def generalized_box_iou_loss(boxes1, boxes2, reduction="none", eps=1e-7):
    """Returns `1 - generalized_box_iou` of boxes pair by pair."""
    iou, together, around = _pairs(boxes1, boxes2, eps)
    area = around[..., 0] * around[..., 1]
    return _reduced(1 - (iou - (area - together) / (area + eps)), reduction)


def _distance(boxes1, boxes2, eps):
    iou, _, around = _pairs(boxes1, boxes2, eps)
    diagonal = (around**2).sum(dim=-1) + eps
    apart = (boxes1[..., :2] + boxes1[..., 2:]) / 2 - (boxes2[..., :2] + boxes2[..., 2:]) / 2
    return 1 - iou + (apart**2).sum(dim=-1) / diagonal, iou


def distance_box_iou_loss(boxes1, boxes2, reduction="none", eps=1e-7):
    """Returns `1 - distance_box_iou` of boxes pair by pair."""
    return _reduced(_distance(boxes1, boxes2, eps)[0], reduction)


def complete_box_iou_loss(boxes1, boxes2, reduction="none", eps=1e-7):
    """Returns `1 - complete_box_iou` of boxes pair by pair."""
    loss, iou = _distance(boxes1, boxes2, eps)
    angle = lambda box: torch.atan((box[..., 2] - box[..., 0]) / (box[..., 3] - box[..., 1]))
    v = (4 / math.pi**2) * (angle(boxes2) - angle(boxes1)) ** 2
    with torch.no_grad():
        alpha = v / (1 - iou + v + eps)
    return _reduced(loss + alpha * v, reduction)
