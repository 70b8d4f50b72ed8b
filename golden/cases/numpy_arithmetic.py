"""Arithmetic of arrays: operators, broadcasting, dtypes, functions of elements."""
import numpy as np

a = np.array([1, 2, 3, 4])
b = np.array([10.0, 20.0, 30.0, 40.0])

# --- operators
print(a + b, a - b, a * b, a / b, a ** 2, b // 3, b % 7, -a, +a, abs(-b))

# --- operators_reversed
print(2 + a, 10 - a, 3 * b, 12 / a, 2 ** a, 7 // a, 7 % a, 2.5 - a)

# --- whole_division
print(np.array([7, -7]) // 2, np.array([7, -7]) % 3, np.array([7, -7]) / 2, divmod(np.array([7, 8]), 3), np.array([7.5, -7.5]) // 2, np.fmod([-7, 7], 3))

# --- powers
print(a ** 2, a ** 0.5, 2.0 ** a, a ** -1.0, np.power(a, 3), b ** 2, np.power(2, [1, 2, 3]), np.float_power(2, 3))

# --- powers_of_negative raises
a ** -1

# --- comparisons
print(a > 2, a == 2, a != 2, a <= 3, a >= np.array([0, 5, 3, 4]), (a > 1) & (a < 4), a == a, a == "x")

# --- bits
print(a & 1, a | 8, a ^ 3, ~a, a << 1, a >> 1, np.bitwise_and(a, 2), np.array([True, False]) & True, ~np.array([True, False]))

# --- promotion_arrays
f32, i32, u8 = np.ones(1, np.float32), np.ones(1, np.int32), np.ones(1, np.uint8)
print((f32 + i32).dtype, (i32 + a[:1]).dtype, (u8 + i32).dtype, (f32 + u8).dtype, (f32 * b[:1]).dtype, (u8 + u8).dtype, (i32 / i32).dtype, (np.array([True]) + 1).dtype, (np.array([True]) + np.array([True])))

# --- promotion_numbers
f32, i32, u8 = np.ones(1, np.float32), np.ones(1, np.int32), np.ones(1, np.uint8)
print((f32 + 1.5).dtype, (f32 * 2).dtype, (i32 + 1).dtype, (i32 + 1.5).dtype, (u8 * 2).dtype, (f32 + np.float64(1)).dtype, (f32 + np.int64(1)).dtype, (i32 * np.float32(2)).dtype, (a + True).dtype, (a / 2).dtype)

# --- uint8_wraps
u8 = np.array([250, 10], dtype=np.uint8)
print(u8 + np.uint8(10), u8 * u8, u8 - np.array([251, 0], dtype=np.uint8))

# --- uint8_out_of_range raises
np.array([1], dtype=np.uint8) + 300

# --- broadcasting
m = np.arange(6).reshape(2, 3)
print(m + np.array([10, 20, 30]), m * np.array([[1], [2]]), np.arange(3)[:, None] + np.arange(2), m + 1, m - m.mean(axis=0), m / m.sum(axis=1, keepdims=True))

# --- broadcasting_error
try:
    np.ones((2, 3)) + np.ones(2)
except ValueError as error:
    print(error)

# --- in_place
c = np.array([1.0, 2.0, 3.0])
d = c
c += 1
c *= np.array([1, 2, 3])
c /= 2
c -= 0.5
c **= 2
print(c, d is c)
e = np.arange(4)
e += 2
e //= 2
e %= 2
print(e)

# --- in_place_cast raises
e = np.arange(3)
e += 0.5

# --- in_place_message
e = np.arange(3)
try:
    e /= 2
except TypeError as error:
    print(error)

# --- in_place_view
c = np.zeros((2, 3))
c[0] += 1
c[:, 1] -= 2
c.T[2] += [5, 6]
print(c)

# --- exponentials close
print(np.exp([0, 1, 2]), np.exp2([1, 3]), np.expm1(1e-3), np.log([1, np.e]), np.log2(8), np.log10([10, 1000]), np.log1p(0.5), np.sqrt([4, 2]), np.cbrt([8, 27]), np.square([3, -2]))

# --- trigonometry close
x = np.linspace(0, np.pi, 4)
print(np.sin(x), np.cos(x), np.tan(x[:2]), np.arcsin([0, 1]), np.arccos(0.5), np.arctan(1), np.arctan2(1, -1), np.sinh(1), np.cosh(1), np.tanh([0.5]), np.arcsinh(1), np.hypot(3, 4), np.deg2rad(180), np.degrees(np.pi), np.radians([90]))

# --- rounding
print(np.round([1.5, 2.5, -0.5, 1.2345]), np.round(1.2345, 2), np.around([1.25, 1.35], 1), np.floor([1.7, -1.7]), np.ceil([1.2, -1.2]), np.trunc([1.7, -1.7]), np.rint([0.5, 1.5]), np.round([123, 155], -1), np.array([1.567]).round(1), np.fix([2.7, -2.7]))

# --- signs
print(np.sign([-2, 0, 3]), np.sign([-1.5, 0.0]), np.abs([-1, 2]), np.absolute(-2.5), np.negative([1, -1]), np.copysign(3, -0.5), np.signbit([-1.0, 1.0]), np.heaviside([-1, 0, 1], 0.5), np.reciprocal([2.0, 4.0]), np.positive([1]))

# --- extremes
print(np.maximum(a, 2), np.minimum([1, 5], [3, 2]), np.maximum(np.nan, 1.0), np.fmax([np.nan, 1], 0), np.clip(a, 2, 3), a.clip(max=2), np.clip([1.5, -1], 0, None), np.clip(b, 15, 35))

# --- not_finite
x = np.array([1.0, np.nan, np.inf, -np.inf])
print(np.isnan(x), np.isinf(x), np.isfinite(x), np.nan_to_num(x), np.nan_to_num([np.nan, 1], nan=-1), np.isnan(np.nan), np.isneginf(x), x == x)

# --- logic
print(np.logical_not([True, False]), np.logical_or([0, 1], [0, 0]), np.logical_xor(True, False), np.logical_and(1, [0, 2]), not np.bool_(False))

# --- out_arguments
out = np.zeros(4)
r = np.add(a, b, out=out)
print(out, r is out)
np.multiply(out, 2, out=out)
np.exp(np.zeros(4), out=out)
print(out, np.sqrt([4.0], where=[True], out=np.zeros(1)))

# --- ufunc_reduce
print(np.add.reduce(a), np.multiply.reduce(a), np.maximum.reduce([3, 1, 4]), np.add.reduce([[1, 2], [3, 4]], axis=1), np.add.accumulate(a), np.multiply.accumulate(a), np.add.outer([1, 2], [10, 20]), np.subtract.outer([1, 2], [1, 2]), np.maximum.accumulate([1, 3, 2]))

# --- ufunc_at
c = np.zeros(4)
np.add.at(c, [0, 0, 2], 1)
np.add.at(c, [1, 3], [5, 6])
print(c, np.add, np.add.nin, np.add.identity)

# --- dtype_argument
print(np.add(a, a, dtype=np.float32).dtype, np.multiply(1, 2, dtype=float), np.sqrt(a, dtype=np.float32))

# --- isclose
print(np.isclose([1.0, 2.0], [1.0 + 1e-9, 2.1]), np.allclose([1, 2], [1, 2 + 1e-9]), np.allclose([1.0], [1.1]), np.isclose(np.nan, np.nan), np.isclose(np.nan, np.nan, equal_nan=True), np.array_equal([1, 2], [1, 2]), np.array_equal([1], [1, 2]), np.array_equiv([1, 1], [1]))

# --- sigmoid close
x = np.array([-2.0, 0.0, 2.0])
print(1 / (1 + np.exp(-x)), np.maximum(0, x), np.exp(x) / np.exp(x).sum(), np.where(x > 0, x, 0.01 * x), np.tanh(x))

# --- softmax_rows close
z = np.array([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]])
e = np.exp(z - z.max(axis=1, keepdims=True))
print(e / e.sum(axis=1, keepdims=True))

# --- standardise close
x = np.array([[1.0, 200.0], [2.0, 300.0], [3.0, 400.0]])
print((x - x.mean(axis=0)) / x.std(axis=0), (x - x.min(0)) / (x.max(0) - x.min(0)))

# --- losses
y, p = np.array([1.0, 0.0, 1.0]), np.array([0.9, 0.2, 0.7])
print(np.mean((y - p) ** 2), np.abs(y - p).mean(), np.sqrt(np.mean((y - p) ** 2)))

# --- cross_entropy close
y, p = np.array([1.0, 0.0, 1.0]), np.array([0.9, 0.2, 0.7])
print(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))

# --- accuracy
y, p = np.array([1, 0, 2, 1]), np.array([1, 1, 2, 1])
print((y == p).mean(), np.mean(y == p), (y == p).sum(), np.sum(y != p), repr((y == p).mean()))

# --- warnings
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(np.array([1.0, 0.0, -1.0]) / 0, np.log(np.array([0.0, -1.0])), np.sqrt([-1.0]), np.exp(1000.0), np.array([1, 2]) // 0)
print([str(w.message) for w in caught], {w.category.__name__ for w in caught})

# --- warnings_scalar
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(np.float64(1) / 0)
print(caught[0].category.__name__)

# --- errstate
with np.errstate(divide="ignore", invalid="ignore"):
    print(np.array([1.0, 0.0]) / 0)
with np.errstate(divide="raise"):
    fails(lambda: np.array([1.0]) / 0)
old = np.seterr(all="ignore")
print(np.log([0.0]), old["divide"])
np.seterr(**old)

# --- lists_and_arrays
print(a + [1, 1, 1, 1], [1, 1, 1, 1] * a, a + (1, 2, 3, 4), np.add([1, 2], [3, 4]), np.multiply([1, 2], 2.5))

# --- boolean_arithmetic
m = np.array([True, True, False])
print(m + m, m * 2, m.sum(), m.mean(), m * np.array([1.5, 2, 3]), 1 - m, m.astype(int) - 1)

# --- boolean_subtract raises
np.array([True]) - np.array([False])

# --- float32_stays
x = np.array([1, 2, 3], dtype=np.float32)
print((x * 2).dtype, (x / 3), np.exp(x).dtype, x.mean().dtype, np.sqrt(x), (x + 1e-3), x.sum() / 7, repr(x.mean()))

# --- int_functions
print(np.sqrt(np.array([1, 4])).dtype, np.exp(np.array([0])).dtype, np.abs(np.array([-1])).dtype, np.sin(np.int32([0])).dtype if False else np.sin(np.array([0], np.int32)).dtype, np.floor(np.array([1])).dtype)

# --- overflow_int
print(np.array([2**62]) * 2, np.array([2**63 - 1]) + 1)

# --- gcd_lcm
print(np.gcd(12, 18), np.lcm([4, 6], 10))
