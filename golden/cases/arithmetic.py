"""Operators and functions of two tensors: values, gradients, broadcasting, signs, integer forms."""

# --- add
x = data(2, 3, grad=True)
y = data(2, 3, shift=8, grad=True)
grads(x + y, x, y)
grads(torch.add(x, y, alpha=3), x, y)
grads(x.add(2.5), x)
grads(1 + x, x)

# --- sub
x = data(2, 3, grad=True)
y = data(2, 3, shift=8, grad=True)
grads(x - y, x, y)
grads(torch.sub(x, y, alpha=2), x, y)
grads(5 - x, x)
grads(x.subtract(y), x, y)
show(torch.rsub(x.detach(), 1))

# --- mul
x = data(2, 3, grad=True)
y = data(2, 3, shift=8, grad=True)
grads(x * y, x, y)
grads(torch.mul(x, y), x, y)
grads(x.multiply(3), x)
grads(-2 * x, x)
grads(x * x, x)

# --- div
x = data(2, 3, grad=True)
y = data(2, 3, low=0.5, high=2.0, shift=8, grad=True)
grads(x / y, x, y)
grads(torch.div(x, y), x, y)
grads(x.true_divide(2), x)
grads(1 / y, y)
grads(torch.divide(x, 4), x)

# --- div_rounding_modes
a = torch.tensor([7.0, -7.0, 7.0, -7.0], requires_grad=True)
b = torch.tensor([2.0, 2.0, -2.0, -2.0], requires_grad=True)
grads(torch.div(a, b, rounding_mode="floor"), a, b)
grads(torch.div(a, b, rounding_mode="trunc"), a, b)
i = torch.tensor([7, -7, 7, -7])
j = torch.tensor([2, 2, -2, -2])
show(torch.div(i, j, rounding_mode="floor"), torch.div(i, j, rounding_mode="trunc"), torch.div(i, j), i.div(2, rounding_mode="floor"))

# --- true_division_of_integers
show(torch.tensor([1, 2, 3]) / 2, torch.tensor([1, 2]) / torch.tensor([4, 5]), 3 / torch.tensor([2, 4]), torch.tensor([True]) / 2, torch.tensor([1], dtype=torch.int32) / torch.tensor([3]))

# --- floor_division_signs
i = torch.tensor([7, -7, 7, -7, 0])
j = torch.tensor([2, 2, -2, -2, 3])
show(i // j, i // 2, i // -2, 7 // j, torch.floor_divide(i, j))
a = torch.tensor([7.5, -7.5, 7.5, -7.5])
b = torch.tensor([2.0, 2.0, -2.0, -2.0])
show(a // b, a // 2, a // 0.7, 1 // b, i // 2.0)

# --- remainder_signs
i = torch.tensor([7, -7, 7, -7, 0])
j = torch.tensor([3, 3, -3, -3, 3])
show(i % j, i % 3, i % -3, 7 % j, torch.remainder(i, j), torch.fmod(i, j), torch.fmod(i, 3))
a = torch.tensor([7.5, -7.5, 7.5, -7.5])
b = torch.tensor([2.0, 2.0, -2.0, -2.0])
show(a % b, a % 2, a % -0.7, 10 % b, torch.fmod(a, b), a.fmod(2), i % 2.5)

# --- remainder_gradient
x = data(5, grad=True)
y = torch.tensor([0.7, -0.7, 1.1, 0.4, 2.0], requires_grad=True)
grads(x % y, x, y)
grads(x % 0.5, x)
grads(torch.fmod(x, 0.5), x)

# --- division_by_zero
show(torch.tensor([1.0, -1.0, 0.0]) / 0, torch.tensor([1.0]) // 0, torch.tensor([1, 2]) / 0, torch.tensor([1.0]) % 0)
fails(lambda: torch.tensor([1]) // 0)
fails(lambda: torch.tensor([1]) % torch.tensor([0]))

# --- broadcasting_row_and_column
x = data(3, 1, grad=True)
y = data(1, 4, shift=5, grad=True)
grads(x + y, x, y)
grads(x * y, x, y)

# --- broadcasting_missing_dims
x = data(2, 3, 4, grad=True)
y = data(4, shift=5, grad=True)
z = data(3, 1, shift=9, grad=True)
grads(x * y + z, x, y, z)

# --- broadcasting_scalar_tensor
x = data(2, 2, grad=True)
s = torch.tensor(1.5, requires_grad=True)
grads(x * s, x, s)
grads(s - x, x, s)
grads(x / s, x, s)

# --- broadcasting_size_one_and_empty
x = torch.ones(1, 3, requires_grad=True)
y = torch.zeros(0, 3, requires_grad=True)
grads(x + y, x, y)
show((torch.zeros(0) + 1).shape, (torch.zeros(2, 0) * torch.ones(1)).shape)

# --- broadcasting_repeated_input
x = data(3, grad=True)
grads(x.unsqueeze(0) - x.unsqueeze(1), x)

# --- broadcast_functions
a, b = torch.broadcast_tensors(torch.arange(3), torch.tensor([[1], [2]]))
show(a, b, torch.broadcast_to(torch.tensor([1, 2]), (2, 2)), torch.broadcast_shapes((2, 1), (3,)), torch.broadcast_shapes((1, 3, 1), (4, 1, 5)))

# --- operators_with_python_numbers
x = torch.tensor([1.0, 2.0, 3.0])
show(x + 1, 1 + x, x - 1, 1 - x, x * 2, 2 * x, x / 2, 2 / x, x // 2, x % 2, x**2, 2**x, -x, abs(-x))

# --- operators_with_bool
a = torch.tensor([True, False])
show(a + a, a * a, a + 1, a * 2.5, a.sum(), ~a, a & torch.tensor([True, True]), a | torch.tensor([False, False]), a ^ torch.tensor([True, True]))
fails(lambda: a - a)
fails(lambda: -a)

# --- bitwise_operators
a = torch.tensor([5, 12, -7])
b = torch.tensor([3, 10, 6])
show(a & b, a | b, a ^ b, ~a, a << 1, a >> 1, a & 1, 1 | a, torch.bitwise_and(a, b), torch.bitwise_not(a), torch.bitwise_xor(a, b))

# --- bitwise_operators_reject_floats
fails(lambda: torch.tensor([1.0]) & torch.tensor([1.0]))
fails(lambda: ~torch.tensor([1.0]))

# --- integer_overflow
show(torch.tensor([2**31 - 1], dtype=torch.int32) + 1, torch.tensor([2**63 - 1]) + 1, torch.tensor([200], dtype=torch.uint8) * 2)

# --- dot_like_sums
x = data(4, grad=True)
y = data(4, shift=3, grad=True)
grads((x * y).sum(), x, y)
grads(sum([x, y, x]), x, y)

# --- in_place_operators
x = torch.tensor([1.0, 2.0])
x += 1
show(x)
x -= torch.tensor([0.5, 0.5])
show(x)
x *= 3
x /= 2
show(x)
x **= 2
x //= 1
x %= 3
show(x)
i = torch.tensor([5, 6])
i &= 3
i |= 8
i ^= 1
i <<= 1
i >>= 2
show(i)

# --- accumulated_gradient_of_reused_tensor
x = data(3, grad=True)
y = x * 2
z = y * x + y
grads(z, x)

# --- gcd_lcm
show(torch.gcd(torch.tensor([12, 18]), torch.tensor([8, 27])), torch.lcm(torch.tensor([4, 6]), torch.tensor([6, 8])))

# --- cross_product
a = data(2, 3, grad=True)
b = data(2, 3, shift=11, grad=True)
grads(torch.cross(a, b, dim=1), a, b)
grads(torch.linalg.cross(a, b), a, b)

# --- mixed_float_and_double
x = torch.tensor([1.0], requires_grad=True)
y = torch.tensor([2.0], dtype=torch.float64, requires_grad=True)
grads(x * y, x, y)

# --- mixed_float_and_integer
x = data(3, grad=True)
grads(x * torch.tensor([1, 2, 3]), x)
grads(x / torch.tensor(2), x)
grads(x * torch.tensor([True, False, True]), x)

# --- named_function_forms
x = torch.tensor([4.0, 9.0])
show(torch.add(input=x, other=1), torch.sub(x, other=x), torch.mul(input=x, other=2), torch.div(x, other=2), torch.pow(x, exponent=2), torch.pow(input=x, exponent=0.5))

# --- float_power
show(torch.float_power(torch.tensor([2, 3]), 2), torch.tensor([2.0]).float_power(0.5))

# --- out_argument
x = torch.tensor([1.0, 2.0])
y = torch.empty(2)
z = torch.add(x, 1, out=y)
show(y, z is y)

# --- constants_of_higher_precision
show(torch.tensor([1.0]) + 1e-9, torch.tensor([1.0], dtype=torch.float64) + 1e-9, torch.tensor([0.1]) * 3, torch.tensor([16777216.0]) + 1, torch.tensor([16777217]) + 0.5)

# --- comparisons_of_sums_in_order
x = torch.tensor([1e8, 1.0, -1e8, 1.0])
show(x.sum() >= 0, x.double().sum())
