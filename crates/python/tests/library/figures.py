# What a program sees of matplotlib: the same under CPython with matplotlib and numpy.
import math

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib import cm, colors
from matplotlib.lines import Line2D
from matplotlib.patches import Patch


def close(a, b, tolerance=1e-9):
    assert abs(float(a) - float(b)) <= tolerance * max(1.0, abs(float(b))), (a, b)


def pair(ends, expected):
    for a, b in zip(ends, expected):
        close(a, b)


def raises(error, action):
    try:
        action()
    except error:
        return
    except Exception as other:
        raise AssertionError(f"expected {error.__name__}, got {type(other).__name__}: {other}")
    raise AssertionError(f"expected {error.__name__}")


# The ends of axes: a twentieth of room on each side, none at the foot of bars and at the border of an image.
fig, ax = plt.subplots()
ax.plot([0, 10], [0, 1])
pair(ax.get_xlim(), (-0.5, 10.5))
pair(ax.get_ylim(), (-0.05, 1.05))
ax.set_xlim(3)
pair(ax.get_xlim(), (3, 10.5))
assert tuple(ax.set_ylim(2, -1)) == (2, -1) and ax.yaxis_inverted()
plt.close(fig)

fig, ax = plt.subplots()
bars = ax.bar([1, 2, 3], [2, 5, 1])
pair(ax.get_ylim(), (0, 5.25))
pair(ax.get_xlim(), (0.46, 3.54))
assert len(bars) == 3 and bars[1].get_height() == 5
close(bars[0].get_x(), 0.6)
plt.close(fig)

fig, ax = plt.subplots()
ax.imshow([[0, 1, 2], [3, 4, 5]])
pair(ax.get_xlim(), (-0.5, 2.5))
pair(ax.get_ylim(), (1.5, -0.5))
plt.close(fig)

fig, ax = plt.subplots()
ax.semilogy([1, 2], [0.1, 100])
assert ax.get_yscale() == "log"
low, high = ax.get_ylim()
close(math.log10(low), -1.15)
close(math.log10(high), 2.15)
plt.close(fig)

# Histograms: counts, borders, density.
fig, ax = plt.subplots()
counts, edges, _ = ax.hist([1, 2, 2, 3, 5], bins=4)
assert [float(c) for c in counts] == [1, 2, 1, 1] and [float(e) for e in edges] == [1, 2, 3, 4, 5]
counts, _, _ = ax.hist([1, 2, 2, 3, 5], bins=4, density=True, cumulative=True)
pair(counts, (0.2, 0.6, 0.8, 1.0))
counts, _, _ = ax.hist([0.5, 1.5, 9.0], bins=[0, 1, 2], weights=[2.0, 3.0, 4.0])
assert [float(c) for c in counts] == [2, 3]
counts, edges, _ = ax.hist([0.1, 0.2], bins=5, range=(0, 1))
assert [float(c) for c in counts] == [1, 1, 0, 0, 0]
assert len(ax.hist(list(range(100)), bins="auto")[0]) == 8
plt.close(fig)

# Formats, colors and what lines tell.
fig, ax = plt.subplots()
[line] = ax.plot([1, 2, 3], [1, 4, 9], "r--o", label="squares")
assert (line.get_color(), line.get_linestyle(), line.get_marker()) == ("r", "--", "o")
first, second = ax.plot([1, 2], [3, 4], "g", [1, 2], [5, 6], ":")
assert second.get_linestyle() == ":"
three = ax.plot([[1, 2, 3], [4, 5, 6]])
assert len(three) == 3 and list(three[1].get_ydata()) == [2, 5]
assert [line.get_label() for line in ax.lines if not line.get_label().startswith("_")][:1] == ["squares"]
handles, labels = ax.get_legend_handles_labels()
assert labels == ["squares"]
ax.legend(handles=[*handles, Patch(color="C1", label="area"), Line2D([], [], color="k", label="line")])
raises(ValueError, lambda: ax.plot([1], "r?"))
raises(ValueError, lambda: ax.plot([1, 2], [1, 2, 3]))
raises(ValueError, lambda: ax.plot([1], color="nosuchcolor"))
raises(ValueError, lambda: ax.scatter([1, 2], [1]))
raises(ValueError, lambda: ax.scatter([1, 2], [1, 2], c=[1, 2, 3]))
raises(ValueError, lambda: ax.legend(loc="somewhere"))
raises(ValueError, lambda: ax.axis("nosuch"))
raises(ValueError, lambda: ax.imshow([[1]], cmap="nosuchmap"))
raises(TypeError, lambda: ax.imshow([1, 2, 3]))
raises(AttributeError, lambda: ax.nosuch)
raises(ValueError, lambda: plt.subplot(2, 2, 5))
assert colors.to_hex((1.0, 0.0, 0.5)) == "#ff0080" and colors.to_hex("tomato") == "#ff6347"
assert colors.is_color_like("C7") and colors.is_color_like("0.5") and not colors.is_color_like("12")
assert colors.to_rgba("#00ff0080")[:3] == (0.0, 1.0, 0.0)
assert len(plt.cm.viridis(0.5)) == 4 and cm.viridis(0.0)[2] > 0.3
assert plt.get_cmap("tab10").N == 10
close(colors.Normalize(0, 10)(2.5), 0.25)
plt.close(fig)

# Arrays of axes.
fig, axes = plt.subplots(2, 3, figsize=(9, 4), sharex=True, sharey="row")
assert axes.shape == (2, 3) and len(axes) == 2 and axes.size == 6 and axes.ndim == 2
assert axes[0, 1] is axes.flat[1] if hasattr(axes.flat, "__getitem__") else True
assert axes[1][2] is axes[1, -1] and list(axes.ravel())[3] is axes[1, 0]
assert [a is b for a, b in zip(axes[:, 1], (axes[0, 1], axes[1, 1]))] == [True, True]
assert axes.T.shape == (3, 2) and axes.reshape(-1).shape == (6,) and axes[0].shape == (3,)
raises(IndexError, lambda: axes[2, 0])
axes[0, 0].set(title="one", xlabel="x", ylim=(0, 2))
pair(axes[0, 2].get_ylim(), (0, 2))
assert axes[0, 0].get_title() == "one" and fig.axes[5] is axes[1, 2]
assert len(fig.get_size_inches()) == 2 and float(fig.get_size_inches()[0]) == 9.0
plt.close(fig)

fig, ax = plt.subplots()
other = ax.twinx()
other.plot([1, 2], [100, 200])
assert len(fig.axes) == 2
plt.close("all")

# The current figure and axes.
assert plt.get_fignums() == []
plt.plot([1, 2, 3])
assert plt.gcf().axes == [plt.gca()] and plt.get_fignums() == [1]
left = plt.subplot(1, 2, 1)
right = plt.subplot(122)
assert plt.gca() is right and plt.subplot(1, 2, 1) is left
plt.title("left")
assert left.get_title() == "left"
plt.figure("named")
plt.plot([1], [1])
plt.figure(1)
assert plt.gca() is left
plt.close("all")
assert not plt.fignum_exists(1)

# Categories, ticks, contours, error bars.
plt.bar(["a", "b", "c"], [1, 2, 3])
plt.plot(["b", "c"], [1, 1])
plt.xticks([0, 1], ["first", "second"], rotation=30)
plt.figure()
grid = [[x * x + y * y for x in range(5)] for y in range(4)]
bands = plt.contourf(range(5), range(4), grid, levels=[0, 5, 10, 25], cmap="Blues")
assert [float(level) for level in bands.levels] == [0, 5, 10, 25]
plt.colorbar(bands, label="height")
lines = plt.contour(grid, levels=[4, 9], colors="k")
plt.clabel(lines)
raises(TypeError, lambda: plt.contour([1, 2, 3]))
raises(ValueError, lambda: plt.contourf(grid, levels=[3, 1]))
plt.figure()
plt.errorbar([1, 2], [3, 4], yerr=[0.1, 0.2], fmt="o", capsize=3)
raises(ValueError, lambda: plt.errorbar([1], [1], yerr=-1))
plt.fill_between([0, 1, 2], [1, 2, 3], where=[True, False, True], alpha=0.3)
plt.axhline(0.5, color="gray", ls="--")
plt.axvspan(0, 1, alpha=0.1)
plt.annotate("here", xy=(1, 1), xytext=(2, 2), arrowprops={"arrowstyle": "->"})
plt.text(0.5, 0.5, "$x^2$", transform=plt.gca().transAxes)
plt.step([1, 2], [3, 4], where="mid")
plt.stem([1, 2], [3, 4])
plt.hlines([1, 2], 0, 3)
plt.grid(True, alpha=0.3)
plt.tight_layout()
with plt.style.context("ggplot"):
    pass
raises(OSError, lambda: plt.style.use("nosuchstyle"))
with plt.rc_context({"lines.linewidth": 4}):
    assert plt.plot([1])[0].get_linewidth() == 4
assert plt.rcParams["lines.linewidth"] == 1.5
plt.close("all")
print("ok")
