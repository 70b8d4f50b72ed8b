"""Arrays of numpy: how they are made, what they are, how they are printed."""
import numpy as np

# --- array_of_ints
print(np.array([1, 2, 3]), repr(np.array([1, 2, 3])), np.array([1, 2, 3]).dtype)

# --- array_of_floats
print(repr(np.array([1.0, 2.5, 3])), np.array([[1, 2], [3, 4.5]]))

# --- array_of_bools
print(repr(np.array([True, False])), np.array([True, 2]).dtype, np.array([True, 0.5]))

# --- array_with_dtype
print(repr(np.array([1, 2], dtype=np.float32)), repr(np.array([1.7, -1.7], dtype=int)), repr(np.array([0, 1], dtype="float64")))

# --- array_of_scalars
print(repr(np.array(5)), np.array(5.0).shape, repr(np.array([np.float32(1.5), np.float32(2)])))

# --- array_copies
a = np.array([1, 2, 3])
b = np.array(a)
c = np.asarray(a)
b[0] = 9
c[1] = 7
print(a, b, c is a)

# --- array_of_arrays
print(np.array([np.arange(3), np.ones(3)]), np.array([(1, 2), (3, 4)]).shape, np.array([]).dtype, np.array([[]]).shape)

# --- array_ndmin
print(np.array([1, 2], ndmin=2), np.array(range(4)))

# --- ragged raises
np.array([[1, 2], [3]])

# --- ragged_message
try:
    np.array([[1, 2], [3]])
except ValueError as error:
    print(error)

# --- attributes
x = np.zeros((2, 3, 4))
print(x.ndim, x.shape, x.size, x.dtype, x.itemsize, x.nbytes, x.strides, len(x), type(x).__name__)

# --- attributes_of_int32
x = np.arange(6, dtype=np.int32).reshape(2, 3)
print(x.dtype, x.itemsize, x.strides, x.T.strides, x.T.shape, x.flags["C_CONTIGUOUS"])

# --- zeros_ones
print(np.zeros(3), np.ones((2, 2)), np.zeros((2,), dtype=int), np.ones(2, dtype=bool), np.full((2, 2), 7), np.full(2, 1.5))

# --- likes
a = np.array([[1, 2], [3, 4]])
print(np.zeros_like(a), np.ones_like(a, dtype=float), np.full_like(a, 9), np.empty_like(a).shape)

# --- arange_kinds
print(np.arange(5), np.arange(2, 8), np.arange(0, 1, 0.25), np.arange(5, 0, -1), np.arange(3.0), np.arange(0, 10, 3))

# --- arange_floats
print(repr(np.arange(0, 1, 0.1)), repr(np.arange(0.1, 0.5, 0.1)), np.arange(3, dtype=np.float32).dtype)

# --- linspace_kinds
print(np.linspace(0, 1, 5), np.linspace(0, 10, 4), np.linspace(0, 1, 4, endpoint=False), np.linspace(2, 3, 1), repr(np.linspace(0, 1, 11)))

# --- linspace_retstep
print(np.linspace(0, 1, 5, retstep=True), np.linspace(0, 5, 6, dtype=int), np.linspace([0, 10], [1, 20], 3))

# --- logspace close
print(np.logspace(0, 3, 4), np.logspace(0, 2, 3, base=2), np.geomspace(1, 1000, 4))

# --- eye_identity
print(np.eye(3), np.eye(2, 3, k=1), np.identity(2), np.eye(2, dtype=int))

# --- diag_kinds
print(np.diag([1, 2, 3]), np.diag(np.arange(9).reshape(3, 3)), np.diag([1, 2], k=1), np.diagflat([[1, 2]]))

# --- triangles
a = np.arange(1, 10).reshape(3, 3)
print(np.tril(a), np.triu(a), np.triu(a, 1), np.tri(2, 3), np.tril_indices(3), np.triu_indices(2))

# --- meshgrid_xy
X, Y = np.meshgrid(np.arange(3), np.arange(2))
print(X, Y, X.shape, np.meshgrid([1, 2], [3, 4], indexing="ij"))

# --- mgrid_ogrid
print(np.mgrid[0:2, 0:3], np.ogrid[0:2, 0:3], np.mgrid[0:1:3j])

# --- indices_fromfunction
print(np.indices((2, 2)), np.fromfunction(lambda i, j: i + j, (2, 3), dtype=int), np.fromfunction(lambda i: i * 2, (3,)))

# --- fromiter_frombuffer
print(np.fromiter((i * i for i in range(4)), dtype=float), np.frombuffer(b"\x01\x00\x00\x00\x02\x00\x00\x00", dtype=np.int32))

# --- vander_tile_repeat
print(np.vander([1, 2, 3]), np.tile([1, 2], 2), np.tile([[1, 2]], (2, 2)), np.repeat([1, 2], 2), np.repeat([[1, 2], [3, 4]], [1, 2], axis=0))

# --- vectorize
f = np.vectorize(lambda a, b: a if a > b else b)
print(f([1, 5, 3], 2), f([[1], [4]], [2, 3]))

# --- apply_along_axis
print(np.apply_along_axis(lambda row: row.sum(), 1, np.arange(6).reshape(2, 3)), np.apply_along_axis(sorted, 1, [[3, 1], [2, 0]]))

# --- dtype_objects
print(np.dtype("float32"), repr(np.dtype(np.int64)), np.dtype(float), np.dtype("int") == np.int64, np.float32 == np.dtype("float32"), np.dtype("f8").name)

# --- dtype_comparisons
x = np.zeros(1, dtype=np.float32)
print(x.dtype == np.float32, x.dtype == "float32", x.dtype == np.float64, x.dtype != "int64", x.dtype is np.dtype("float32"), x.dtype.kind, x.dtype.itemsize, x.dtype.str)

# --- dtype_types
x = np.zeros(1, dtype=np.uint8)
print(x.dtype.type is np.uint8, np.issubdtype(np.float32, np.floating) if hasattr(np, "issubdtype") else True, x.dtype, np.bool_, np.dtype(bool))

# --- astype_kinds
print(np.array([1.9, -1.9]).astype(int), np.array([0, 2]).astype(bool), np.array([1, 2]).astype("float32").dtype, np.array([300, 1]).astype(np.uint8), np.array([True, False]).astype(int))

# --- astype_of_text
print(np.array(["1", "2"]).astype(int), np.array(["1.5"]).astype(float), np.array([1, 2]).astype(str))

# --- limits
print(np.iinfo(np.int32).max, np.iinfo("int64").min, np.finfo(np.float32).eps, np.finfo(float).eps, np.finfo(float).max, np.iinfo(np.uint8))

# --- scalars_repr
print(repr(np.float64(1.5)), repr(np.float32(0.1)), repr(np.int64(3)), repr(np.int32(-1)), repr(np.uint8(7)), repr(np.bool_(True)), [np.float64(2)])

# --- scalars_str
print(np.float64(0.1), np.float32(0.1), np.float64(1e20), np.float64(1e-7), np.float32(16777216), np.float64(1e16), np.float64(123456789.0), np.float64("nan"), -np.inf)

# --- scalars_format
print(f"{np.float64(3.14159):.2f} {np.int64(42):05d} {np.float32(0.5):.3f} {np.float64(2.0)} {np.bool_(False)} {np.float32(2.25):>8}", "%.3f %d" % (np.float64(1.0), np.int64(3)))

# --- scalars_kinds
print(isinstance(np.float64(1), float), isinstance(np.int64(1), int), isinstance(np.float32(1), np.floating), isinstance(np.int64(1), np.integer), isinstance(np.int32(1), np.number), isinstance(np.bool_(1), np.generic))

# --- scalars_item
x = np.array([1.5, 2.5])
print(type(x[0]).__name__, x[0].item(), type(x[0].item()).__name__, x.item(1), float(x[0]), int(x[1]), np.array([[3]]).item(), x[0].dtype, x[0].shape, x[0].ndim)

# --- scalars_arithmetic
print(repr(np.float64(1) + 2), repr(np.float32(1) + 2.5), repr(np.float32(1) + np.float64(1)), repr(np.int64(3) / 2), repr(np.int32(3) * np.int64(2)), repr(np.int64(7) // 2), repr(np.int64(7) % 4), repr(2 ** np.int64(3)), repr(np.float64(2) ** 3))

# --- scalars_comparisons
print(repr(np.float64(1) < 2), repr(np.int64(1) == 1), np.float64(1) == np.float32(1), np.bool_(True) is np.True_, repr(np.int64(3) > np.float64(2.5)), bool(np.float64(0)))

# --- scalars_functions
print(repr(np.sqrt(2)), repr(np.exp(0)), repr(np.abs(-3)), repr(np.maximum(1, 2.5)), repr(np.float64(2.6).round()), repr(round(np.float64(2.567), 2)), repr(np.int64(-3).__abs__()), repr(-np.float32(2)))

# --- scalars_as_keys
d = {np.int64(1): "a", np.float64(0.5): "b"}
print(d[1], d[0.5], hash(np.int64(5)) == hash(5), [10, 20, 30][np.int64(1)], list(range(np.int64(3))))

# --- scalars_methods
x = np.float64(2.5)
print(x.sum(), x.mean(), x.max(), x.tolist(), x.astype(int), x.reshape(1), np.float32(3.0).is_integer(), x.T, x.size)

# --- zero_dimensional
a = np.array(3.0)
print(a, repr(a), a.ndim, a[()], repr(a[()]), float(a), repr(a + 1), a.tolist(), f"{a:.2f}")

# --- print_widths
print(np.array([1, 10, 100]), np.array([-1, 10]), np.array([1.5, 10.25, -3]), np.array([[1, 200], [30, 4]]))

# --- print_floats
print(np.array([0.1, 0.12, 0.123456789012]), np.array([1.0, 1e5]), np.array([1e-5, 1]), np.array([1e10, 1]), np.array([0.001, 100.0]))

# --- print_scientific
print(np.array([1e-10, 1e10]), np.array([1.5e8]), np.array([123456789.0]), np.array([1e-5, 2.5e-6]), np.array([1e100, 1]))

# --- print_thirds
print(np.array([1, 2, 3]) / 3, repr(np.array([1 / 3])), np.array([2 / 3], dtype=np.float32), repr(np.array([0.1, 0.2], dtype=np.float32)))

# --- print_special
print(np.array([np.nan, 1.0, np.inf]), np.array([-np.inf, 0.5]), np.array([np.nan]), np.array([np.inf, 1e10, 1.5]), repr(np.array([np.nan, -1])))

# --- print_negative_zero
print(np.array([-0.0, 0.0, 1.0]), np.array([-0.5, 0.25]), repr(np.float64(-0.0)))

# --- print_bools
print(np.array([True, False]), np.array([[True], [False]]), repr(np.array(True)), repr(np.array([[True, False]])))

# --- print_empty
print(np.array([]), repr(np.array([])), repr(np.zeros((0, 3))), repr(np.zeros((2, 0), dtype=int)), repr(np.array([], dtype=np.float32)))

# --- print_long_line
print(np.arange(40), repr(np.arange(40)), np.linspace(0, 1, 20))

# --- print_summary
print(np.arange(2000), repr(np.arange(2000)), np.arange(10000).reshape(100, 100))

# --- print_summary_three
print(np.zeros((20, 20, 20)), repr(np.arange(1200.0).reshape(2, 600)))

# --- print_three_dimensions
print(np.arange(24).reshape(2, 3, 4), repr(np.arange(8.0).reshape(2, 2, 2)))

# --- print_float32
x = np.array([1.1, 2.2, 3.3], dtype=np.float32)
print(x, repr(x), x * 100, x / 3, x[0], x.sum(), x.tolist())

# --- print_dtype_on_new_line
print(repr(np.linspace(0, 1, 9, dtype=np.float32)), repr(np.arange(12, dtype=np.int32) * 1000000))

# --- printoptions_precision
np.set_printoptions(precision=3)
print(np.array([0.123456, 1.0, 22.5]), np.pi * np.ones(2))
np.set_printoptions(precision=8)
print(np.array([0.123456]))

# --- printoptions_suppress
np.set_printoptions(suppress=True)
print(np.array([1e-10, 1.5]), np.array([1e-3, 1e4]))
np.set_printoptions(suppress=False)
print(np.array([1e-10, 1.5]))

# --- printoptions_threshold
with np.printoptions(threshold=5, edgeitems=1):
    print(np.arange(10), np.eye(6))
print(np.arange(10))

# --- printoptions_linewidth
with np.printoptions(linewidth=30):
    print(np.arange(20), repr(np.arange(20)))

# --- printoptions_formatter
with np.printoptions(formatter={"float": "{:.2f}".format}):
    print(np.array([1.0, 2.345]))
with np.printoptions(formatter={"float": lambda x: f"<{x:.1f}>", "int": lambda x: hex(x)}):
    print(np.array([1.0, 2.5]), np.array([10, 255]))

# --- printoptions_floatmode
for mode in ("fixed", "unique", "maxprec", "maxprec_equal"):
    with np.printoptions(floatmode=mode, precision=4):
        print(np.array([0.1, 0.12345678, 1.0]))

# --- printoptions_sign
with np.printoptions(sign="+"):
    print(np.array([1.0, -2.0]), np.array([1.5]))

# --- array2string
print(np.array2string(np.array([1.23456, 2]), precision=2), np.array2string(np.arange(3), separator=", "), np.array2string(np.eye(2), separator=","))

# --- array_str_repr
print(np.array_str(np.array([1.123456789])), np.array_repr(np.arange(3)), str(np.arange(3)), np.array_str(np.array([1.5, 2]), precision=1))

# --- texts
names = np.array(["cat", "dog", "horse"])
print(names, repr(names), names.dtype, names[1], names.shape, names == "dog", len(names), names[names != "cat"], names.tolist())

# --- texts_more
names = np.array([["a", "bb"], ["c", "d"]])
print(names, names[0], names[:, 1], names.T, np.unique(["b", "a", "b"]), np.array(["x", 1]), "bb" in names)

# --- texts_chosen
labels = np.array(["setosa", "versicolor"])
print(labels[np.array([0, 1, 1])], labels[1], np.where(np.array([1, 0]) > 0, "yes", "no"), np.unique(labels, return_counts=True))

# --- objects
x = np.array([1, "a", None], dtype=object)
print(x, repr(x), x.dtype, x[2], x.shape, np.array([[1, 2], [3]], dtype=object))

# --- constants
print(np.pi, np.e, np.inf, np.nan, np.newaxis, np.euler_gamma)

# --- conversion_errors
fails(lambda: float(np.array([1.0, 2.0])))
fails(lambda: bool(np.array([1, 2])))
fails(lambda: int(np.array([1])))
fails(lambda: len(np.array(1)))
fails(lambda: iter(np.array(1)))

# --- truth_message
try:
    if np.array([1, 2]) > 0:
        pass
except ValueError as error:
    print(error)

# --- iteration
for row in np.arange(4).reshape(2, 2):
    print(row, [int(x) for x in row])
print(list(np.array([1.5, 2])), [x for x in np.array([1, 2])], list(zip(np.arange(2), np.ones(2))))

# --- flat_ndenumerate
a = np.array([[1, 2], [3, 4]])
print(list(a.flat), a.flat[2], list(np.ndenumerate(a)), list(np.ndindex(2, 2)))

# --- tolist_tobytes
print(np.arange(4).reshape(2, 2).tolist(), np.array([1, 2], dtype=np.uint8).tobytes(), np.array(1.5).tolist(), np.array([1], dtype=np.int32).tobytes())

# --- copy_view
a = np.arange(3)
b, c = a.copy(), a.view()
a[0] = 9
print(b, c, b.base is None, c.base is a, np.shares_memory(a, c), np.shares_memory(a, b))

# --- contains_fill
a = np.arange(4)
print(2 in a, 9 in a, 1.5 in a)
a.fill(3)
print(a)

# --- sum_of_python
print(sum(np.arange(4)), max(np.array([1, 5, 2])), min(np.array([1.5, 0.5])), sorted(np.array([3, 1, 2])), abs(np.array([-1, 2])), round(np.float64(2.5)), any(np.array([0, 1])))

# --- r_c_objects
print(np.r_[1:4, 0, 4], np.r_[np.array([1, 2]), [3]], np.c_[[1, 2], [3, 4]], np.r_[0:1:3j], np.s_[1:3])

# --- result_types
print(np.result_type(np.float32, np.int64), np.promote_types("int32", "float32"), np.can_cast("int64", "float64"), np.can_cast(np.float64, np.int32), np.result_type(np.zeros(1, np.float32), 1.5))

# --- removed_names
fails(lambda: np.float)
fails(lambda: np.float_)
fails(lambda: np.nothing_like_this)
