"""A line search for the strong Wolfe conditions, by cubic interpolation (Nocedal and Wright, chapter 3)."""

from math import isinf, isnan, sqrt


def cubic_minimum(x1, f1, g1, x2, f2, g2, bounds=None):
    """Where the cubic through two points with their slopes is lowest, held within ``bounds``."""
    low, high = bounds if bounds is not None else ((x1, x2) if x1 <= x2 else (x2, x1))
    d1 = g1 + g2 - 3 * (f1 - f2) / (x1 - x2)
    square = d1**2 - g1 * g2
    if square < 0:
        return (low + high) / 2.0
    d2 = sqrt(square)
    if x1 <= x2:
        lowest = x2 - (x2 - x1) * ((g2 + d2 - d1) / (g2 - g1 + 2 * d2))
    else:
        lowest = x1 - (x1 - x2) * ((g1 + d2 - d1) / (g1 - g2 + 2 * d2))
    return min(max(lowest, low), high)


def strong_wolfe(evaluate, length, direction, loss, grad, slope, tolerance_change, c1=1e-4, c2=0.9, max_ls=25):
    """Finds a step length with a low loss and a small slope.

    ``evaluate(length)`` gives loss and gradient. Returns loss, gradient, length and the number of evaluations.
    """
    size = direction.abs().max().item()
    grad = grad.clone()
    new_loss, new_grad = evaluate(length)
    evaluations = 1
    new_slope = new_grad.dot(direction).item()

    # Widen until there is a bracket around a good point.
    previous = (0.0, loss, grad, slope)
    bracket = None
    for tries in range(max_ls):
        now = (length, new_loss, new_grad.clone(), new_slope)
        if new_loss > loss + c1 * length * slope or (tries > 1 and new_loss >= previous[1]):
            bracket = [previous, now]
            break
        if abs(new_slope) <= -c2 * slope:
            return new_loss, new_grad, length, evaluations
        if new_slope >= 0:
            bracket = [previous, now]
            break
        low = length + 0.01 * (length - previous[0])
        high = length * 10
        length = cubic_minimum(*_point(previous), *_point(now), bounds=(low, high))
        previous = now
        new_loss, new_grad = evaluate(length)
        evaluations += 1
        new_slope = new_grad.dot(direction).item()
    else:
        tries = max_ls
    if bracket is None:
        bracket = [(0.0, loss, grad, slope), (length, new_loss, new_grad.clone(), new_slope)]
    return _zoom(evaluate, bracket, direction, size, loss, slope, tolerance_change, c1, c2, tries, max_ls, evaluations)


def _point(entry):
    return entry[0], entry[1], entry[3]


def _zoom(evaluate, bracket, direction, size, loss, slope, tolerance_change, c1, c2, tries, max_ls, evaluations):
    """Narrows the bracket down to a point that fulfils the conditions."""
    is_stuck = False
    low, high = (0, 1) if bracket[0][1] <= bracket[1][1] else (1, 0)
    while tries < max_ls:
        width = abs(bracket[1][0] - bracket[0][0])
        if width * size < tolerance_change:
            break
        length = cubic_minimum(*_point(bracket[0]), *_point(bracket[1]))
        left, right = sorted((bracket[0][0], bracket[1][0]))
        margin = 0.1 * (right - left)
        if min(right - length, length - left) < margin:
            if is_stuck or length >= right or length <= left:
                length = right - margin if abs(length - right) < abs(length - left) else left + margin
                is_stuck = False
            else:
                is_stuck = True
        else:
            is_stuck = False
        new_loss, new_grad = evaluate(length)
        evaluations += 1
        new_slope = new_grad.dot(direction).item()
        tries += 1
        now = (length, new_loss, new_grad.clone(), new_slope)
        if isnan(new_loss) or isinf(new_loss) or new_loss > loss + c1 * length * slope or new_loss >= bracket[low][1]:
            bracket[high] = now
            low, high = (0, 1) if bracket[0][1] <= bracket[1][1] else (1, 0)
        else:
            is_done = abs(new_slope) <= -c2 * slope
            if not is_done and new_slope * (bracket[high][0] - bracket[low][0]) >= 0:
                bracket[high] = bracket[low]
            bracket[low] = now
            if is_done:
                break
    length, best_loss, best_grad, _ = bracket[low]
    return best_loss, best_grad, length, evaluations
