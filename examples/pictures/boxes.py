"""Boxes as (left, top, right, bottom): how much they overlap, which to keep, and how good detections are.

Mean average precision, the measure of detectors, is this. Of one class: all detections of all pictures are put into one
list, the surest first. A detection is right when it overlaps an object of its class that no surer detection has taken,
with an intersection over union of at least one half. Down the list recall grows (more and more objects are found) while
precision falls (more and more detections are wrong); the area under that curve, with all of its points, is the average
precision. The mean over the classes is the mAP.
"""
import torch


def iou(a, b):
    """Intersection over union of every box of a (N, 4) with every box of b (M, 4): (N, M)."""
    overlap = torch.minimum(a[:, None, 2:], b[:, 2:]) - torch.maximum(a[:, None, :2], b[:, :2])
    common = overlap.clamp(min=0).prod(dim=2)
    area_a, area_b = (a[:, 2:] - a[:, :2]).prod(dim=1), (b[:, 2:] - b[:, :2]).prod(dim=1)
    return common / (area_a[:, None] + area_b - common)


def non_maximum_suppression(boxes, scores, threshold=0.5):
    """Goes from the surest box to the least sure one; keeps those that overlap no kept box by more than the threshold."""
    overlaps = iou(boxes, boxes).tolist()
    kept = []
    for candidate in scores.argsort(descending=True).tolist():
        if all(overlaps[candidate][other] <= threshold for other in kept):
            kept.append(candidate)
    return kept


def average_precision(found, truth, label, overlap=0.5):
    """Returns the area under the curve of precision over recall of one class.

    `found` has (boxes, scores, labels) for each picture, the surest first; `truth` has (boxes, labels).
    """
    detections = []  # (score, right?) of all pictures
    objects = 0
    for (found_boxes, scores, found_labels), (true_boxes, true_labels) in zip(found, truth):
        true_boxes = true_boxes[true_labels == label]
        objects += len(true_boxes)
        mine = found_labels == label
        taken = set()
        for score, overlaps in zip(scores[mine].tolist(), iou(found_boxes[mine], true_boxes).tolist()):
            free = [(o, i) for i, o in enumerate(overlaps) if i not in taken and o >= overlap]
            if free:
                taken.add(max(free)[1])
            detections.append((score, bool(free)))
    if not objects or not detections:
        return 0.0
    detections.sort(key=lambda detection: -detection[0])
    right = torch.tensor([right for _, right in detections], dtype=torch.float64).cumsum(0)
    precision = right / torch.arange(1, len(right) + 1)
    recall = right / objects
    # The curve may only fall: at each recall, the best precision that is reached there or later.
    envelope = precision.flip(0).cummax(0).values.flip(0)
    gained = torch.diff(recall, prepend=torch.zeros(1, dtype=torch.float64))
    return (envelope * gained).sum().item()
