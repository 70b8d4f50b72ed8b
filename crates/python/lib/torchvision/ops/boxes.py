"""Boxes: areas, overlaps, and leaving out those that overlap a better one."""

import math

import torch

_FORMATS = ("xyxy", "xywh", "cxcywh")


def box_area(boxes, fmt="xyxy"):
    """Returns the areas of boxes `(N, 4)`."""
    boxes = _wide(boxes)
    if fmt != "xyxy":
        return boxes[..., 2] * boxes[..., 3]
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])


def _wide(values):
    if values.is_floating_point():
        return values if values.dtype in (torch.float32, torch.float64) else values.float()
    return values if values.dtype in (torch.int32, torch.int64) else values.int()


def _overlap(first, second):
    """The areas that each pair of boxes shares, and those that it covers together, `(N, M)`."""
    low = torch.max(first[..., None, :2], second[..., None, :, :2])
    high = torch.min(first[..., None, 2:], second[..., None, :, 2:])
    sides = _wide(high - low).clamp(min=0)
    shared = sides[..., 0] * sides[..., 1]
    return shared, box_area(first)[..., None] + box_area(second)[..., None, :] - shared


def box_iou(boxes1, boxes2, fmt="xyxy"):
    """Returns how far each of `(N, 4)` overlaps each of `(M, 4)`, `(N, M)`: what they share by what they cover."""
    if fmt != "xyxy":
        boxes1, boxes2 = box_convert(boxes1, fmt, "xyxy"), box_convert(boxes2, fmt, "xyxy")
    shared, together = _overlap(boxes1, boxes2)
    return shared / together


def _hull(first, second):
    """The sides of the smallest box around each pair, `(N, M, 2)`."""
    low = torch.min(first[:, None, :2], second[:, :2])
    high = torch.max(first[:, None, 2:], second[:, 2:])
    return _wide(high - low).clamp(min=0)


def generalized_box_iou(boxes1, boxes2):
    """Returns the overlap, less the empty part of the smallest box around both."""
    shared, together = _overlap(boxes1, boxes2)
    sides = _hull(boxes1, boxes2)
    around = sides[..., 0] * sides[..., 1]
    return shared / together - (around - together) / around


def distance_box_iou(boxes1, boxes2, eps=1e-7):
    """Returns the overlap, less the distance of the middles by the diagonal around both."""
    iou = box_iou(boxes1, boxes2)
    sides = _hull(boxes1, boxes2)
    diagonal = sides[..., 0] ** 2 + sides[..., 1] ** 2 + eps
    middle = lambda boxes: ((boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2)
    (x1, y1), (x2, y2) = middle(boxes1), middle(boxes2)
    distance = _wide(x1[:, None] - x2[None]) ** 2 + _wide(y1[:, None] - y2[None]) ** 2
    return iou - distance / diagonal


def complete_box_iou(boxes1, boxes2, eps=1e-7):
    """Returns `distance_box_iou`, less a measure of how much the shapes differ."""
    iou, near = box_iou(boxes1, boxes2), distance_box_iou(boxes1, boxes2, eps)
    angle = lambda boxes: torch.atan((boxes[:, 2] - boxes[:, 0]) / (boxes[:, 3] - boxes[:, 1]))
    v = (4 / math.pi**2) * (angle(boxes1)[:, None] - angle(boxes2)[None]) ** 2
    with torch.no_grad():
        alpha = v / (1 - iou + v + eps)
    return near - alpha * v


def nms(boxes, scores, iou_threshold):
    """Returns which boxes stay, the best first: those that overlap no better one by more than a threshold."""
    if boxes.dim() != 2 or boxes.shape[1] != 4:
        raise RuntimeError(f"boxes should be a 2d tensor with 4 columns, got {tuple(boxes.shape)}")
    if scores.dim() != 1 or scores.shape[0] != boxes.shape[0]:
        raise RuntimeError("boxes and scores should have same number of elements in dimension 0")
    order = torch.argsort(scores, descending=True, stable=True)
    ordered = boxes[order].detach()
    kept = []
    left = torch.arange(len(order))
    while len(left):
        best = int(left[0])
        kept.append(best)
        others = left[1:]
        if not len(others):
            break
        overlap = box_iou(ordered[best : best + 1], ordered[others])[0]
        left = others[~(overlap > iou_threshold)]
    return order[torch.tensor(kept, dtype=torch.int64)]


def batched_nms(boxes, scores, idxs, iou_threshold):
    """Returns which boxes stay, each class for itself."""
    if boxes.numel() == 0:
        return torch.empty((0,), dtype=torch.int64)
    apart = idxs.to(boxes.dtype) * (boxes.max() + 1)
    return nms(boxes + apart[:, None], scores, iou_threshold)


def remove_small_boxes(boxes, min_size):
    """Returns which boxes have no side below a size."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    return torch.where((width >= min_size) & (height >= min_size))[0]


def clip_boxes_to_image(boxes, size):
    """Cuts boxes off at the edges of a picture `(height, width)`."""
    height, width = size
    xs, ys = boxes[..., 0::2].clamp(0, width), boxes[..., 1::2].clamp(0, height)
    return torch.stack((xs, ys), dim=boxes.dim()).reshape(boxes.shape)


def box_convert(boxes, in_fmt, out_fmt):
    """Writes boxes in another form: corners (`xyxy`), a corner and sides (`xywh`), the middle and sides (`cxcywh`)."""
    if in_fmt not in _FORMATS or out_fmt not in _FORMATS:
        raise ValueError("Unsupported Bounding Box Conversions for given in_fmt and out_fmt")
    if in_fmt == out_fmt:
        return boxes.clone()
    a, b, c, d = boxes.unbind(-1)
    if in_fmt == "xywh":
        a, b, c, d = a, b, a + c, b + d
    elif in_fmt == "cxcywh":
        a, b, c, d = a - 0.5 * c, b - 0.5 * d, a + 0.5 * c, b + 0.5 * d
    if out_fmt == "xywh":
        a, b, c, d = a, b, c - a, d - b
    elif out_fmt == "cxcywh":
        a, b, c, d = (a + c) / 2, (b + d) / 2, c - a, d - b
    return torch.stack((a, b, c, d), dim=-1)


def masks_to_boxes(masks):
    """Returns the boxes around masks `(N, H, W)`."""
    boxes = torch.zeros((masks.shape[0], 4), dtype=torch.float32)
    for place, mask in enumerate(masks):
        y, x = torch.where(mask != 0)
        boxes[place] = torch.stack([x.min(), y.min(), x.max(), y.max()]).to(torch.float32)
    return boxes
