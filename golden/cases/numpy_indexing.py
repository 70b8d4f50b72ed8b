"""Places in arrays: what stands between brackets, read and written."""
import numpy as np

a = np.arange(12).reshape(3, 4)
x = np.array([10, 20, 30, 40, 50])

# --- one_dimension
print(x[0], x[-1], x[1:3], x[::2], x[::-1], x[-3:], x[10:], x[1:-1])

# --- two_dimensions
print(a[1, 2], a[1], a[:, 1], a[0:2, 1:3], a[-1, -1], a[..., 0], a[1:, ::2], a[:, -1:])

# --- negative_steps
print(a[::-1], a[:, ::-1], a[::-1, ::-1], x[3:0:-1], x[4:1:-2], a[2:0:-1, 1])

# --- newaxis
print(x[:, np.newaxis].shape, x[None].shape, a[:, None, :].shape, x[:3, None], a[None, 1])

# --- lists
print(x[[0, 2]], a[[0, 2]], a[[0, 1], [1, 2]], a[:, [0, 3]], a[[2, 0]][:, [1, 0]], x[[]], x[[-1, 0]])

# --- arrays_of_places
i = np.array([[0, 1], [3, 4]])
print(x[i], a[np.array([0, 2])], a[np.arange(3), [0, 1, 2]], x[np.array([1])], x[np.int64(2)])

# --- masks
print(x[x > 20], x[x % 20 == 0], a[a > 5], x[[True, False, True, False, False]], a[a[:, 0] > 3], x[~(x > 20)], x[(x > 10) & (x < 50)])

# --- mask_and_column
print(a[a[:, 1] > 2, 1], a[np.array([True, False, True]), 1:3], a[:, np.array([True, False, False, True])])

# --- mixed
print(a[1:, [0, 2]], a[[0, 2], 1:3], a[0, [1, 2]], np.arange(24).reshape(2, 3, 4)[:, [0, 1], 2], np.arange(24).reshape(2, 3, 4)[0, :, [0, 1]].shape)

# --- views_share
b = np.arange(6)
v = b[1:4]
v[0] = 99
print(b, v.base is b)
w = b.reshape(2, 3)
w[1, 2] = -1
print(b)
t = w.T
t[0, 0] = 7
print(b)

# --- copies_do_not_share
b = np.arange(6)
c = b[[0, 1]]
c[0] = 99
d = b[b > 3]
d[:] = 0
print(b)

# --- assign_numbers
b = np.zeros(5)
b[0] = 1
b[1:3] = 2
b[-1] = 5.5
print(b)
c = np.zeros(3, dtype=int)
c[0] = 2.9
print(c)

# --- assign_rows
b = np.zeros((3, 2))
b[0] = [1, 2]
b[:, 1] = 7
b[1:] = np.array([[3, 4], [5, 6]])
print(b)
b[:] = [8, 9]
print(b)

# --- assign_masks
b = np.arange(6)
b[b > 3] = 0
print(b)
b[b == 0] = [7, 8, 9]
print(b)
b = np.arange(6.0).reshape(2, 3)
b[b % 2 == 0] *= 10
print(b)

# --- assign_lists
b = np.zeros(5, dtype=int)
b[[0, 2, 4]] = [1, 2, 3]
print(b)
b[[1, 1]] = [5, 6]
print(b)
m = np.zeros((3, 3))
m[np.arange(3), [2, 1, 0]] = 1
print(m)
m[[0, 2], :] += 1
print(m)

# --- one_hot
labels = np.array([0, 2, 1])
print(np.eye(3)[labels])
out = np.zeros((3, 3))
out[np.arange(3), labels] = 1
print(out)

# --- assign_backwards
b = np.arange(4)
b[::-1] = [1, 2, 3, 4]
print(b)
b[::2] = b[1::2]
print(b)
b[1:] = b[:-1]
print(b)

# --- swap_rows
b = np.arange(6).reshape(3, 2)
b[[0, 2]] = b[[2, 0]]
print(b)

# --- augmented
b = np.arange(5)
b[1:3] += 10
b[-1] *= 2
b[[0, 0]] += 1
print(b)

# --- where_two
print(np.where(x > 20, x, 0), np.where(x > 20, 1, -1), np.where([True, False], 1.5, 2), np.where(a > 5, a, -a))

# --- where_places
print(np.where(x > 20), np.where(a > 8), np.nonzero([0, 3, 0, 4]), np.argwhere(a > 8), np.flatnonzero([0, 1, 1]))

# --- take
print(np.take(x, [0, 2]), a.take([1, 2], axis=1), np.take(a, 5), np.take_along_axis(a, np.array([[0], [1], [2]]), axis=1), x.take(1))

# --- take_modes
print(np.take(x, [5, 7], mode="wrap"), np.take(x, [9, -3], mode="clip"))

# --- ix
print(a[np.ix_([0, 2], [1, 3])], np.ix_([0, 1], [2])[0].shape)

# --- unravel
print(np.unravel_index(7, (3, 4)), np.ravel_multi_index((1, 3), (3, 4)), np.unravel_index([1, 5], (2, 3)), np.unravel_index(a.argmax(), a.shape))

# --- put_along_axis
b = np.zeros((2, 3))
np.put_along_axis(b, np.array([[1], [2]]), 5, axis=1)
print(b)

# --- fill_diagonal
b = np.zeros((3, 3), dtype=int)
np.fill_diagonal(b, 4)
print(b)

# --- select_place_copyto
print(np.select([x < 20, x < 40], [0, 1], default=2), np.select([x > 30], [x]))
b = np.arange(4)
np.place(b, b > 1, [9, 8])
np.copyto(b, 0, where=b > 8)
print(b)

# --- out_of_bounds
fails(lambda: x[5])
fails(lambda: a[3])
fails(lambda: a[0, 4])
fails(lambda: a[0, 0, 0])
fails(lambda: x[1.0])
fails(lambda: x["a"])
fails(lambda: x[[0, 9]])
fails(lambda: x[np.array([True, False])])

# --- out_of_bounds_messages
for bad in (lambda: x[5], lambda: a[3, 0], lambda: a[0, 9], lambda: a[0, 0, 0], lambda: x[1.5], lambda: x[[7]], lambda: x[np.array([True, False])]):
    try:
        bad()
    except IndexError as error:
        print(error)

# --- assign_errors
def bad_shape():
    x[:3] = [1, 2]


def bad_mask():
    b = np.arange(4)
    b[b > 1] = [1, 2, 3]


for bad in (bad_shape, bad_mask):
    try:
        bad()
    except ValueError as error:
        print(error)

# --- masks_combined
print((x > 10) | (x == 10), (x > 10) ^ (x > 30), ~(x > 10), np.logical_and(x > 10, x < 40), np.any(x > 40), (x > 0).all(), np.sum(x > 20))

# --- ellipsis
t = np.arange(24).reshape(2, 3, 4)
print(t[..., 1], t[0, ..., 2], t[..., None].shape, t[:, 1].shape, t[1, 2, 3], t[0][1][2], t[..., -1, :].shape)

# --- empty_results
print(x[x > 100], x[x > 100].sum(), a[:0].shape, x[2:2])

# --- none_is_nan
b = np.ones(3)
b[1] = None
print(b, np.array(["1", "2.5"], dtype=float), [0] * np.int64(2))
fails(lambda: np.array(["a"], dtype=float))
fails(lambda: np.transpose(np.ones((2, 3)), (0, 0)))
