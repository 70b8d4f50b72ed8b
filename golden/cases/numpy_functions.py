"""Functions of whole arrays: shapes, sums, orders, differences, histograms, files."""
import numpy as np

a = np.arange(12).reshape(3, 4)
x = np.array([3.0, 1.0, 2.0, 5.0, 4.0])

# --- reshape
print(a.reshape(4, 3), a.reshape(-1), a.reshape(2, -1), np.reshape(a, (6, 2)), a.reshape((2, 2, 3)).shape, a.ravel(), a.flatten(), a.reshape(3, 4, order="F"), a.ravel(order="F"))

# --- reshape_error
try:
    a.reshape(5, 2)
except ValueError as error:
    print(error)

# --- transpose
print(a.T, a.transpose(), np.transpose(a).shape, np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1).shape, np.swapaxes(a, 0, 1).shape, np.moveaxis(np.zeros((2, 3, 4)), 0, -1).shape, np.rollaxis(np.zeros((2, 3, 4)), 2).shape, x.T)

# --- squeeze_expand
y = np.zeros((1, 3, 1))
print(y.squeeze().shape, np.squeeze(y, axis=0).shape, np.expand_dims(x, 0).shape, np.expand_dims(x, 1).shape, np.expand_dims(x, (0, 2)).shape, np.atleast_2d(x).shape, np.atleast_1d(3.0))

# --- squeeze_error
fails(lambda: np.squeeze(np.zeros((2, 1)), axis=0))
fails(lambda: a.sum(axis=2))
fails(lambda: np.expand_dims(a, 5))

# --- concatenate
print(np.concatenate([[1, 2], [3]]), np.concatenate([a, a], axis=1).shape, np.concatenate((a, [[1, 2, 3, 4]])), np.concatenate([a, a], axis=None).shape, np.concatenate([[1], [2.5]]))

# --- concatenate_errors
for bad in (lambda: np.concatenate([np.ones((2, 3)), np.ones((2, 2))]), lambda: np.concatenate([np.ones(2), np.ones((2, 2))]), lambda: np.stack([np.ones(2), np.ones(3)]), lambda: np.concatenate([])):
    try:
        bad()
    except ValueError as error:
        print(error)

# --- stacking
print(np.stack([[1, 2], [3, 4]]), np.stack([[1, 2], [3, 4]], axis=1), np.vstack([[1, 2], [3, 4]]), np.hstack([[1, 2], [3]]), np.column_stack([[1, 2], [3, 4]]), np.dstack([[1, 2], [3, 4]]).shape, np.hstack([a, a]).shape, np.block([[np.eye(2), np.zeros((2, 1))], [np.ones((1, 3))]]))

# --- splitting
print(np.split(np.arange(6), 3), np.array_split(np.arange(5), 2), np.split(np.arange(6), [2, 5]), np.hsplit(a, 2), np.vsplit(a, 3)[1], [p.shape for p in np.array_split(a, 2, axis=1)])

# --- split_error raises
np.split(np.arange(5), 2)

# --- append_insert_delete
print(np.append([1, 2], 3), np.append([[1, 2]], [[3, 4]], axis=0), np.append(a, 5).shape, np.insert([1, 2, 3], 1, 9), np.delete([1, 2, 3, 4], 1), np.delete(a, [0, 2], axis=1), np.delete(a, 1, 0), np.insert([[1, 2], [3, 4]], 1, 7, axis=1))

# --- padding
print(np.pad([1, 2], 1), np.pad([1, 2], (1, 2), constant_values=9), np.pad(np.ones((2, 2)), 1), np.pad([1, 2, 3], 2, mode="edge"), np.pad([1, 2, 3], 2, mode="reflect"), np.pad([1, 2, 3], 2, mode="wrap"), np.pad([1, 2, 3], 2, mode="symmetric"), np.pad([[1, 2]], ((0, 1), (1, 0))))

# --- rolling_flipping
print(np.roll([1, 2, 3], 1), np.roll(a, 1, axis=1), np.roll(a, 1), np.flip([1, 2, 3]), np.flip(a, 0), np.fliplr(a), np.flipud(a), np.rot90([[1, 2], [3, 4]]), a[::-1].copy())

# --- broadcast_to
print(np.broadcast_to([1, 2], (2, 2)), np.broadcast_shapes((2, 1), (3,)), [b.shape for b in np.broadcast_arrays([[1], [2]], [1, 2, 3])], np.resize([1, 2, 3], (2, 2)))

# --- sums
print(a.sum(), a.sum(axis=0), a.sum(axis=1), a.sum(axis=1, keepdims=True), np.sum(a, axis=-1), a.sum(axis=(0, 1)), np.sum([[1.5, 2], [3, 4]]), np.sum([True, True]), np.sum([]), repr(np.sum([1, 2])), np.sum(a, initial=10), np.sum(a, where=a > 5))

# --- sums_exact
print(repr(np.full(1000, 0.1).sum()), repr(np.sum(np.arange(1, 101) / 7)), repr(np.linspace(0, 1, 333).sum()), repr(np.mean(np.sqrt(np.arange(1000)))), repr(np.full(100000, 0.1, dtype=np.float32).sum()))

# --- sums_of_rows_exact
m = np.arange(1, 1001).reshape(20, 50) / 7
print(m.sum(axis=0).tolist()[:3], m.sum(axis=1).tolist()[:3], m.T.sum(axis=0).tolist()[:3], repr(m.mean()), m.std(axis=0).tolist()[:2], repr(m.var()), m[:, ::2].sum(axis=1).tolist()[:2])

# --- means
print(a.mean(), a.mean(axis=0), np.mean([1, 2, 4]), repr(np.mean([1, 2, 4])), np.mean(a, axis=1, keepdims=True), np.mean(np.array([1, 2], dtype=np.float32)), np.mean([True, False]), a.mean(axis=(0, 1)))

# --- deviations
print(np.std([1, 2, 3, 4]), np.var([1, 2, 3, 4]), np.std([1, 2, 3, 4], ddof=1), a.std(axis=0), a.var(axis=1, ddof=1), repr(x.std()), np.var(np.array([1, 2, 4], dtype=np.float32)))

# --- minima
print(a.min(), a.max(), a.min(axis=0), a.max(axis=1), x.argmax(), x.argmin(), a.argmax(axis=0), np.argmax(a, axis=1), np.ptp(x), np.max([1, np.nan]), np.amin(a), a.max(axis=1, keepdims=True), repr(x.max()), np.argmax([1, 3, 3]), np.argmax([False, True]))

# --- minima_of_nothing raises
np.max([])

# --- products_of_elements
print(np.prod([1, 2, 3, 4]), np.prod(a + 1, axis=0), np.cumsum([1, 2, 3]), np.cumsum(a), np.cumsum(a, axis=0), a.cumsum(axis=1), np.cumprod([1, 2, 3]), np.cumsum([0.5, 1.5]), np.prod([]))

# --- truths
print(np.any([0, 1]), np.all([1, 0]), np.any(a > 10, axis=0), (a >= 0).all(), np.all(a > 3, axis=1), repr(np.any([False])), np.count_nonzero(a > 5), np.count_nonzero(a, axis=0), np.all([]))

# --- medians
print(np.median([3, 1, 2]), np.median([4, 1, 2, 3]), np.median(a, axis=0), np.median(a), np.percentile(x, 50), np.percentile(x, [25, 75]), np.quantile(x, 0.9), np.percentile(a, 30, axis=1), np.quantile([1, 2, 3, 4], [0.1, 0.5]), np.percentile([1, 2, 3, 4], 40, method="lower"), repr(np.median([1, 2])))

# --- averages
print(np.average([1, 2, 3]), np.average([1, 2, 3], weights=[3, 1, 0]), np.average(a, axis=1, weights=[1, 0, 0, 1]), np.average([[1, 2], [3, 4]], axis=0), np.average([1, 2], weights=[1, 3], returned=True))

# --- without_nan
y = np.array([1.0, np.nan, 3.0])
print(np.nansum(y), np.nanmean(y), np.nanmax(y), np.nanmin(y), np.nanstd(y), np.nanmedian(y), np.mean(y), np.nanargmax(y), np.nanmean([[1, np.nan], [3, 4]], axis=0), np.nanpercentile(y, 50), y[~np.isnan(y)])

# --- counting
print(np.bincount([0, 1, 1, 3]), np.bincount([0, 1, 1], weights=[0.5, 1, 2]), np.bincount([1], minlength=4), np.unique([3, 1, 3, 2]), np.unique([3, 1, 3], return_counts=True), np.unique([3, 1, 3], return_index=True), np.unique([3, 1, 3], return_inverse=True))

# --- unique_more
print(np.unique([[1, 2], [2, 1]]), np.unique([[1, 2], [1, 2], [0, 5]], axis=0), np.unique([1.5, 0.5, 1.5]), np.unique([True, False, True]), *np.unique(["b", "a", "b"], return_counts=True))

# --- histograms
print(np.histogram([1, 2, 1, 5], bins=4), np.histogram(x, bins=[0, 2, 4, 6]), np.histogram([1, 2, 3], bins=2, range=(0, 4)), np.histogram([1, 2, 2, 3], bins=3, density=True), np.histogram([0.5, 1.5], bins=2, weights=[2, 3]), np.histogram_bin_edges([0, 1, 2], 4))

# --- digitize
print(np.digitize([0.5, 1.5, 2.5], [1, 2]), np.searchsorted([1, 3, 5], [0, 3, 6]), np.searchsorted([1, 3, 5], 3, side="right"), repr(np.searchsorted([1, 2], 1.5)))

# --- sorting
print(np.sort(x), np.sort([[3, 1], [2, 0]]), np.sort([[3, 1], [2, 0]], axis=0), np.argsort(x), x.argsort()[::-1], np.sort(x)[::-1], np.argsort(-x), np.sort(["b", "a"]), np.sort([3, 1, np.nan]), np.argsort([1, 1, 0], kind="stable"), np.lexsort(([1, 0, 1], [2, 2, 1])))

# --- sort_in_place
y = np.array([3, 1, 2])
y.sort()
print(y, np.sort([[3, 1], [2, 0]], axis=None), np.partition([3, 1, 2], 1)[1], np.argpartition([3, 1, 2], 0)[0])

# --- top_k
y = np.array([0.1, 0.7, 0.2])
top = np.argsort(y)[-2:][::-1]
print(top, y[top], np.argsort(y)[::-1][:2])

# --- sets
print(np.isin([1, 2, 3], [2, 5]), np.intersect1d([1, 2, 3], [3, 2, 7]), np.union1d([1, 2], [2, 3]), np.setdiff1d([1, 2, 3], [2]), np.isin([1, 2], [2], invert=True), np.setxor1d([1, 2], [2, 3]))

# --- differences
print(np.diff([1, 4, 9]), np.diff(a, axis=0), np.diff([1, 4, 9], n=2), np.ediff1d([1, 3, 6]), np.gradient([1.0, 4.0, 9.0, 16.0]), np.gradient([1.0, 4.0, 9.0], 0.5), np.diff([1, 2], prepend=0), np.gradient(np.arange(6.0).reshape(2, 3))[1], np.diff([True, False]))

# --- areas
print(np.trapezoid([1, 2, 3]), np.trapezoid([1, 2, 3], x=[0, 2, 4]), np.trapezoid([1, 2, 3], dx=0.5), np.trapezoid(np.ones((2, 3)), axis=1))

# --- interpolation
print(np.interp(1.5, [1, 2], [10, 20]), np.interp([0, 1.25, 5], [1, 2, 3], [10, 20, 40]), np.interp(0, [1, 2], [3, 4], left=-1))

# --- polynomials close
x1 = np.array([0.0, 1.0, 2.0, 3.0])
p = np.polyfit(x1, 2 * x1 + 1, 1)
print(np.round(p, 6) + 0, np.polyval([1, 2, 3], 2), np.polyval([1, 0], [1, 2]), np.round(np.polyfit(x1, x1**2, 2), 6) + 0, np.polyder([3, 2, 1]), np.polyint([2, 1]), np.polymul([1, 1], [1, -1]), np.polyadd([1, 2], [1]))

# --- convolutions
print(np.convolve([1, 2, 3], [0, 1, 0.5]), np.convolve([1, 2, 3], [1, 1], mode="same"), np.convolve([1, 2, 3, 4], [1, 1], "valid"), np.correlate([1, 2, 3], [0, 1, 0.5]), np.convolve(np.arange(5), np.ones(3) / 3, mode="valid"))

# --- covariances close
print(np.cov([1, 2, 3], [2, 4, 7]), np.corrcoef([1, 2, 3], [2, 4, 7]), np.cov([[1, 2, 3], [3, 1, 1]]), np.cov([1.0, 2, 4]), np.cov([[1, 2], [2, 3], [4, 7]], rowvar=False), np.corrcoef([[1, 2, 3], [1, 3, 2]]))

# --- histogram2d
h, xe, ye = np.histogram2d([0, 1, 1], [0, 0, 1], bins=2)
print(h, xe, ye)

# --- moving_average
y = np.arange(6.0)
print(np.cumsum(y)[2:] / 3, np.convolve(y, np.ones(2), "valid") / 2)

# --- train_test_split
order = np.array([3, 1, 4, 0, 2])
data = np.arange(10).reshape(5, 2)
cut = int(0.8 * len(data))
print(data[order[:cut]], data[order[cut:]])

# --- batches
data = np.arange(10)
for start in range(0, len(data), 4):
    print(data[start : start + 4])

# --- one_hot_matrix
y = np.array([1, 0, 3])
print((np.arange(4) == y[:, None]).astype(float), np.eye(y.max() + 1)[y])

# --- confusion_matrix
y, p = np.array([0, 1, 1, 2]), np.array([0, 1, 2, 2])
m = np.zeros((3, 3), dtype=int)
np.add.at(m, (y, p), 1)
print(m, m.diagonal(), np.trace(m), m.diagonal() / m.sum(axis=1))

# --- distances close
p = np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 1.0]])
d = np.sqrt(((p[:, None, :] - p[None, :, :]) ** 2).sum(axis=-1))
print(d, d.argsort(axis=1), np.linalg.norm(p[0] - p[1]))

# --- kmeans_step
p = np.array([[0.0, 0.0], [0.0, 1.0], [5.0, 5.0]])
c = np.array([[0.0, 0.5], [4.0, 4.0]])
labels = np.argmin(((p[:, None] - c) ** 2).sum(-1), axis=1)
print(labels, np.array([p[labels == k].mean(axis=0) for k in range(2)]))

# --- gradient_descent close
X = np.c_[np.ones(4), np.array([0.0, 1.0, 2.0, 3.0])]
y = np.array([1.0, 3.0, 5.0, 7.0])
w = np.zeros(2)
for step in range(200):
    w -= 0.1 * X.T @ (X @ w - y) / len(y)
print(w)

# --- save_load
import os
import tempfile
folder = tempfile.mkdtemp()
path = os.path.join(folder, "x.npy")
np.save(path, a)
np.savez(os.path.join(folder, "y.npz"), a=a, b=x)
loaded = np.load(os.path.join(folder, "y.npz"))
print(np.load(path), np.load(path).dtype, sorted(loaded.files), loaded["b"], "a" in loaded)
np.save(os.path.join(folder, "z"), np.array([True, False]))
print(np.load(os.path.join(folder, "z.npy")))

# --- npy_bytes
import io
buffer = io.BytesIO()
np.save(buffer, np.arange(3, dtype=np.float32))
print(buffer.getvalue())
buffer.seek(0)
print(repr(np.load(buffer)))

# --- text_files
import io
text = io.StringIO()
np.savetxt(text, [[1.5, 2], [3, 4]], fmt="%.2f", delimiter=",", header="a,b")
print(text.getvalue())
print(np.loadtxt(io.StringIO("1 2\n3 4\n")), np.loadtxt(io.StringIO("# head\n1,2\n3,4"), delimiter=","), np.loadtxt(io.StringIO("1,2\n3,4"), delimiter=",", usecols=1), np.loadtxt(io.StringIO("a\n1 2"), skiprows=1, dtype=int, unpack=True))

# --- savetxt_default
import io
text = io.StringIO()
np.savetxt(text, [1.0, 2.5])
print(text.getvalue(), np.genfromtxt(io.StringIO("1,2\n3,\n"), delimiter=","), np.genfromtxt(["h1,h2", "1,x"], delimiter=",", skip_header=1))

# --- testing
np.testing.assert_allclose([1.0, 2.0], [1.0, 2.0 + 1e-9])
np.testing.assert_array_equal([1, np.nan], [1, np.nan])
np.testing.assert_almost_equal(1.0, 1.0 + 1e-9)
np.testing.assert_equal({"a": [1, 2]}, {"a": [1, 2]})
fails(lambda: np.testing.assert_allclose([1.0], [1.1]))
fails(lambda: np.testing.assert_array_equal([1, 2], [1, 3]))
fails(lambda: np.testing.assert_array_equal([1, 2], [1, 2, 3]))

# --- numbers_converted
print(repr(np.float64(2.7).astype(int)), repr(np.int64(3).astype(np.float32)), np.histogram([1, 2, 3], bins="sturges"), np.arange(np.float32(2)).dtype)
print(np.ravel_multi_index(([0, 1], [2, 1]), (2, 3)), np.array([1, 2, 3]).compress([True, False, True]))
