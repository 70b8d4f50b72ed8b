# Draws the loss of a run from the events that `lyceum run --events` wrote, as an SVG picture.
#
#     lyceum run examples/first.py --events docs/pictures/first.jsonl
#     lyceum run docs/pictures/draw_loss.py --out docs/pictures -- first.jsonl first.svg "examples/first.py"
import json
import math
import sys

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 34, 40


def read_losses(path):
    """Returns the steps and the losses of a run."""
    with open(path, encoding="utf-8") as file:
        events = [json.loads(line) for line in file]
    pairs = [(event["step"], event["value"]) for event in events if event["event"] == "scalar" and event["name"] == "loss"]
    return [(step, float(value)) for step, value in pairs if math.isfinite(float(value))]


def nice_steps(top, count):
    """Returns round numbers from 0 to the top, about so many."""
    rough = top / count
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    return [step * i for i in range(int(top / step) + 1)]


def draw(losses, title):
    """Returns the picture as text."""
    last = max(step for step, _ in losses)
    highest = max(value for _, value in losses) * 1.05

    def x(step):
        return LEFT + (WIDTH - LEFT - RIGHT) * step / last

    def y(value):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / highest

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="12">',
        f"<title>The loss of {title}, step by step: from {losses[0][1]:.2f} to {losses[-1][1]:.3f}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="20" fill="#333333">{title}</text>',
    ]
    for value in nice_steps(highest, 5):
        at = y(value)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end" fill="#555555">{value:g}</text>')
    for step in nice_steps(last, 6):
        parts.append(f'<text x="{x(step):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#555555">{step:g}</text>')
    points = " ".join(f"{x(step):.1f},{y(value):.1f}" for step, value in losses)
    parts.append(f'<polyline points="{points}" fill="none" stroke="#b3541e" stroke-width="2" stroke-linejoin="round"/>')
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end" fill="#555555">step</text>')
    parts.append(f'<text x="{LEFT - 8}" y="{TOP - 8}" text-anchor="end" fill="#555555">loss</text>')
    parts.append("</svg>\n")
    return "\n".join(parts)


source, target, title = sys.argv[1:4]
losses = read_losses(source)
with open(target, "w", encoding="utf-8") as file:
    file.write(draw(losses, title))
print(f"{target}: {len(losses)} steps")
