"""Functions of each element, with their derivatives."""

# --- exp
x = data(2, 3, grad=True)
grads(torch.exp(x), x)
grads(x.exp(), x)

# --- log
x = data(2, 3, low=0.1, high=3.0, grad=True)
grads(torch.log(x), x)
show(torch.log(torch.tensor([0.0, -1.0, 1.0])))

# --- log2
x = data(5, low=0.1, high=3.0, grad=True)
grads(torch.log2(x), x)

# --- log10
x = data(5, low=0.1, high=3.0, grad=True)
grads(x.log10(), x)

# --- log1p
x = data(5, low=-0.9, high=3.0, grad=True)
grads(torch.log1p(x), x)
show(torch.log1p(torch.tensor([1e-7])))

# --- expm1
x = data(5, grad=True)
grads(torch.expm1(x), x)
show(torch.expm1(torch.tensor([1e-7])))

# --- exp2
x = data(5, grad=True)
grads(torch.exp2(x), x)

# --- sqrt
x = data(2, 3, low=0.1, high=3.0, grad=True)
grads(torch.sqrt(x), x)
show(torch.sqrt(torch.tensor([0.0, -1.0, 4.0])))

# --- rsqrt
x = data(5, low=0.1, high=3.0, grad=True)
grads(torch.rsqrt(x), x)
show(torch.tensor([0.0]).rsqrt())

# --- square
x = data(5, grad=True)
grads(torch.square(x), x)
show(torch.tensor([3, -4]).square())

# --- abs
x = data(5, grad=True)
grads(torch.abs(x), x)
z = torch.zeros(2, requires_grad=True)
grads(abs(z), z)
show(torch.tensor([-3, 4]).abs(), torch.absolute(torch.tensor([-1.5])))

# --- neg
x = data(5, grad=True)
grads(-x, x)
grads(torch.neg(x), x)
show(-torch.tensor([1, -2]), +torch.tensor([1, -2]), torch.tensor([1.5]).negative())

# --- sign
x = data(5, grad=True)
grads(torch.sign(x), x)
show(torch.tensor([-2, 0, 3]).sign(), torch.sgn(torch.tensor([-2.5, 0.0])), torch.sign(torch.tensor([True, False])))

# --- sin
x = data(5, grad=True)
grads(torch.sin(x), x)

# --- cos
x = data(5, grad=True)
grads(torch.cos(x), x)

# --- tan
x = data(5, low=-1.4, high=1.4, grad=True)
grads(torch.tan(x), x)

# --- asin
x = data(5, low=-0.9, high=0.9, grad=True)
grads(torch.asin(x), x)
show(torch.arcsin(x.detach()))

# --- acos
x = data(5, low=-0.9, high=0.9, grad=True)
grads(torch.acos(x), x)

# --- atan
x = data(5, grad=True)
grads(torch.atan(x), x)

# --- sinh
x = data(5, grad=True)
grads(torch.sinh(x), x)

# --- cosh
x = data(5, grad=True)
grads(torch.cosh(x), x)

# --- tanh
x = data(2, 3, grad=True)
grads(torch.tanh(x), x)
grads(x.tanh(), x)
show(torch.tanh(torch.tensor([100.0, -100.0])))

# --- asinh_acosh_atanh
x = data(5, low=1.1, high=3.0, grad=True)
grads(torch.asinh(x), x)
grads(torch.acosh(x), x)
y = data(5, low=-0.9, high=0.9, grad=True)
grads(torch.atanh(y), y)

# --- sigmoid
x = data(2, 3, grad=True)
grads(torch.sigmoid(x), x)
show(torch.sigmoid(torch.tensor([100.0, -100.0, 0.0])), torch.tensor([1, 0]).sigmoid())

# --- erf
x = data(6, grad=True)
grads(torch.erf(x), x)
grads(torch.erfc(x), x)

# --- lgamma_digamma
x = data(6, low=0.2, high=4.0, grad=True)
grads(torch.lgamma(x), x)
show(torch.digamma(x.detach()))

# --- reciprocal
x = data(5, grad=True)
grads(torch.reciprocal(x), x)
show(torch.tensor([2, 4]).reciprocal(), torch.tensor([0.0]).reciprocal())

# --- floor_ceil_round_trunc
x = torch.tensor([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4, -2.6], requires_grad=True)
grads(torch.floor(x), x)
grads(torch.ceil(x), x)
grads(torch.round(x), x)
grads(torch.trunc(x), x)
grads(torch.frac(x), x)

# --- round_decimals
show(torch.round(torch.tensor([1.2345, -2.678]), decimals=2), torch.tensor([1234.5]).round(decimals=-2))

# --- floor_on_integers
show(torch.tensor([1, -2]).floor(), torch.tensor([1, -2]).round(), torch.tensor([3]).ceil())

# --- clamp_scalars
x = data(6, grad=True)
grads(torch.clamp(x, -0.5, 0.5), x)
grads(x.clamp(min=0), x)
grads(x.clamp(max=0.3), x)
show(torch.clamp(torch.tensor([1, 5, 9]), 2, 6), torch.tensor([1, 5]).clamp(min=2.5), x.detach().clip(-1, 1))

# --- clamp_at_the_bound
x = torch.tensor([-1.0, 0.0, 1.0], requires_grad=True)
grads(x.clamp(-1, 1), x)
grads(x.clamp(min=0.0), x)

# --- clamp_tensors
x = data(2, 3, grad=True)
low = torch.tensor([-0.5, 0.0, -1.0], requires_grad=True)
high = torch.tensor([0.5, 1.0, -0.2], requires_grad=True)
grads(torch.clamp(x, low, high), x, low, high)
show(torch.clamp(x.detach(), min=low.detach()))

# --- clamp_min_max
show(torch.clamp_min(torch.tensor([-1.0, 2.0]), 0), torch.tensor([-1.0, 2.0]).clamp_max(1))

# --- pow_scalar_exponent
x = data(5, low=0.2, high=2.0, grad=True)
grads(x**2, x)
grads(x**3, x)
grads(x**0.5, x)
grads(x**-1, x)
grads(torch.pow(x, 2.5), x)
grads(x**0, x)

# --- pow_negative_base
x = torch.tensor([-2.0, -1.0, 0.0, 3.0], requires_grad=True)
grads(x**2, x)
grads(x**3, x)
show(x.detach() ** 0.5, x.detach() ** -2)

# --- pow_tensor_exponent
x = data(2, 3, low=0.2, high=2.0, grad=True)
p = data(3, shift=5, grad=True)
grads(x**p, x, p)
grads(torch.pow(x, p), x, p)

# --- pow_scalar_base
p = data(4, grad=True)
grads(2**p, p)
grads(torch.pow(0.5, p), p)

# --- pow_integers
show(torch.tensor([2, -3]) ** 3, torch.tensor([2, 3]) ** torch.tensor([3, 2]), 2 ** torch.arange(5), torch.tensor([2, 3]) ** 2.0, torch.tensor([2, 3]) ** 0.5, torch.tensor(3.0).pow(2))

# --- maximum_minimum
x = data(2, 3, grad=True)
y = data(3, shift=9, grad=True)
grads(torch.maximum(x, y), x, y)
grads(torch.minimum(x, y), x, y)

# --- maximum_tie
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.tensor([1.0, 3.0], requires_grad=True)
grads(torch.maximum(x, y), x, y)
grads(torch.max(x, y), x, y)

# --- maximum_of_nan
show(torch.maximum(torch.tensor([1.0, float("nan")]), torch.tensor([float("nan"), 1.0])), torch.fmax(torch.tensor([1.0, float("nan")]), torch.tensor([float("nan"), 1.0])))

# --- atan2
y = data(5, grad=True)
x = data(5, shift=20, grad=True)
grads(torch.atan2(y, x), y, x)

# --- hypot
y = data(5, grad=True)
x = data(5, shift=20, grad=True)
grads(torch.hypot(y, x), y, x)

# --- lerp
a = data(4, grad=True)
b = data(4, shift=7, grad=True)
grads(torch.lerp(a, b, 0.3), a, b)
w = data(4, low=0.0, high=1.0, grad=True)
grads(a.lerp(b, w), a, b, w)

# --- addcmul_addcdiv
a = data(4, grad=True)
b = data(4, shift=7, grad=True)
c = data(4, low=0.5, high=2.0, shift=9, grad=True)
grads(torch.addcmul(a, b, c, value=0.5), a, b, c)
grads(torch.addcdiv(a, b, c, value=2), a, b, c)

# --- logaddexp
a = data(4, grad=True)
b = data(4, shift=7, grad=True)
grads(torch.logaddexp(a, b), a, b)

# --- xlogy
a = data(4, low=0.0, high=2.0, grad=True)
b = data(4, low=0.2, high=2.0, shift=3, grad=True)
grads(torch.xlogy(a, b), a, b)
show(torch.xlogy(torch.tensor([0.0]), torch.tensor([0.0])))

# --- nan_to_num
x = torch.tensor([float("nan"), float("inf"), float("-inf"), 1.5])
show(torch.nan_to_num(x), x.nan_to_num(nan=0.5, posinf=9.0, neginf=-9.0))

# --- logit
x = data(4, low=0.1, high=0.9, grad=True)
grads(torch.logit(x), x)
show(torch.logit(torch.tensor([0.0, 1.0]), eps=1e-3))

# --- heaviside_and_step
show(torch.heaviside(torch.tensor([-1.0, 0.0, 2.0]), torch.tensor([0.5])))

# --- integer_input_gives_float
x = torch.tensor([1, 2, 3])
show(x.exp(), x.sqrt(), x.sin(), torch.log(x), torch.tanh(torch.tensor([True])), x.sigmoid(), torch.exp(torch.tensor([1], dtype=torch.int32)))

# --- float64_precision
x = data(4, low=0.3, high=2.0, dtype=torch.float64, grad=True)
grads(x.exp(), x)
grads(x.log(), x)
grads(x.sin(), x)
grads(x.tanh(), x)
grads(x.sigmoid(), x)
grads(torch.erf(x), x)
grads(x**1.7, x)

# --- on_transposed_input
x = data(2, 3, grad=True)
y = x.t().exp()
show(y.is_contiguous(), y.stride())
grads(y, x)

# --- on_empty_input
x = torch.zeros(0, 3, requires_grad=True)
grads(x.exp(), x)
show(torch.sigmoid(torch.tensor([])))

# --- on_zero_dim_input
x = torch.tensor(0.7, requires_grad=True)
grads(x.sin() * x.exp(), x)

# --- where_with_gradient
x = data(2, 3, grad=True)
y = data(3, shift=4, grad=True)
grads(torch.where(x > 0, x, y), x, y)
grads(x.where(x > 0, y), x, y)
show(torch.where(x > 0, 1.0, 0.0), torch.where(x > 0, x, 0.0), torch.where(x > 0, 1, 0), torch.where(torch.tensor([True, False]), torch.tensor([1, 2]), 0.5))

# --- where_one_argument
show(torch.where(torch.tensor([[0, 1], [2, 0]])))

# --- where_blocks_nan_value
x = torch.tensor([0.0, 4.0], requires_grad=True)
grads(torch.where(x > 0, x, torch.zeros_like(x)), x)

# --- masked_fill
x = data(2, 3, grad=True)
mask = torch.tensor([[True, False, True], [False, False, True]])
grads(x.masked_fill(mask, -1.0), x)
grads(torch.masked_fill(x, mask, float("-inf")).exp(), x)
v = torch.tensor(2.0, requires_grad=True)
grads(x.masked_fill(mask, v), x, v)
show(torch.tensor([1, 2, 3]).masked_fill(torch.tensor([True, False, False]), 9), x.detach().masked_fill(mask[0], 0))

# --- cumulative_functions
x = data(2, 3, grad=True)
grads(torch.cumsum(x, 0), x)
grads(x.cumsum(-1), x)
grads(torch.cumprod(x, dim=1), x)
show(torch.tensor([1, 2, 3]).cumsum(0), torch.tensor([True, True]).cumsum(0), torch.cumsum(torch.tensor([1, 2]), 0, dtype=torch.float32), torch.tensor([[2, 3], [4, 5]]).cumprod(0))

# --- cumprod_with_zeros
x = torch.tensor([2.0, 0.0, 3.0, 0.0, 4.0], requires_grad=True)
grads(x.cumprod(0), x)

# --- cummax_cummin
values, indices = torch.cummax(torch.tensor([1.0, 3.0, 2.0, 3.0, 5.0]), 0)
show(values, indices)
values, indices = torch.tensor([[3, 1], [2, 5]]).cummin(dim=0)
show(values, indices)

# --- logcumsumexp
x = data(2, 4, grad=True)
grads(torch.logcumsumexp(x, 1), x)

# --- diff
x = torch.tensor([1.0, 4.0, 9.0, 16.0], requires_grad=True)
grads(torch.diff(x), x)
show(torch.diff(torch.tensor([[1, 3], [6, 10]]), dim=0), torch.diff(x.detach(), n=2))

# --- sinc_and_deg
show(torch.deg2rad(torch.tensor([180.0, 90.0])), torch.rad2deg(torch.tensor([math.pi])), torch.sinc(torch.tensor([0.0, 0.5])))

# --- isclose_allclose
a = torch.tensor([1.0, 2.0, float("nan")])
b = torch.tensor([1.0 + 1e-6, 2.1, float("nan")])
show(torch.isclose(a, b), torch.allclose(a, b), torch.allclose(a[:1], b[:1]), torch.isclose(a, b, rtol=0.1), torch.isclose(a, b, equal_nan=True), a[:2].allclose(b[:2], atol=0.2))

# --- floats_classified
x = torch.tensor([1.0, float("nan"), float("inf"), float("-inf")])
show(torch.isnan(x), torch.isinf(x), torch.isfinite(x), x.isnan().any(), torch.isposinf(x), torch.isneginf(x), torch.isnan(torch.tensor([1, 2])))

# --- functions_through_a_chain
x = data(3, 4, grad=True)
y = ((x * 2 + 1).sigmoid() - x.tanh() ** 2).exp() / (1 + x.abs())
grads(y, x)

# --- erfinv
x = data(5, low=-0.9, high=0.9, grad=True)
grads(torch.erfinv(x), x)

# --- polygamma
x = data(4, low=0.3, high=4.0, grad=True)
show(torch.polygamma(1, x.detach()), torch.polygamma(0, x.detach()))

# --- positive_signbit_fmin
x = torch.tensor([-1.5, 0.0, -0.0, 2.0, float("nan")])
show(torch.positive(x), torch.signbit(x), torch.fmin(x, torch.tensor(1.0)), torch.signbit(torch.tensor([-1, 1])), torch.copysign(torch.tensor([1.0, -2.0]), torch.tensor([-1.0, 1.0])))
fails(lambda: torch.positive(torch.tensor([True])))

# --- clamp_tensors_at_their_bounds
for low, high in ((0.0, 6.0), (3.0, 3.0), (3.0, 2.0)):
    x = torch.tensor([-1.0, 0.0, 1.0, 2.0, 2.5, 3.0, 4.0, 6.0, 7.0], requires_grad=True)
    lower, upper = torch.tensor(low, requires_grad=True), torch.tensor(high, requires_grad=True)
    grads(torch.clamp(x, lower, upper), x, lower, upper)
    grads(torch.clamp(x, min=lower), x, lower)
    grads(torch.clamp(x, max=upper), x, upper)

# --- masked_fill_of_integers
whole = torch.tensor([1, 2, 3])
mask = torch.tensor([True, False, True])
show(whole.masked_fill(mask, 1.7), whole.masked_fill(mask, -1.7), mask.masked_fill(mask, 0.5), whole.to(torch.uint8).masked_fill(mask, -1))
for number in (float("nan"), 1e30):
    fails(lambda: whole.masked_fill(mask, number))
fails(lambda: whole.to(torch.uint8).masked_fill(mask, 300))
fails(lambda: whole.float().masked_fill(mask, 1e300))
