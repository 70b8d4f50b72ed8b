"""Result types of mixed operands."""

DTYPES = [torch.bool, torch.uint8, torch.int32, torch.int64, torch.float32, torch.float64]


def table(operation):
    """The result's dtype for every pair of operand dtypes, or the error's class."""
    rows = []
    for first in DTYPES:
        row = []
        for second in DTYPES:
            try:
                row.append(str(operation(torch.ones(2, dtype=first), torch.ones(2, dtype=second)).dtype))
            except Exception as error:
                row.append(type(error).__name__)
        rows.append(row)
    return rows


def column(operation):
    """The result's dtype for every operand dtype, or the error's class."""
    row = []
    for first in DTYPES:
        try:
            row.append(str(operation(torch.ones(2, dtype=first)).dtype))
        except Exception as error:
            row.append(type(error).__name__)
    return row

# --- add
show(table(lambda a, b: a + b))

# --- sub
show(table(lambda a, b: a - b))

# --- mul
show(table(lambda a, b: a * b))

# --- div
show(table(lambda a, b: a / b))

# --- floor_divide
show(table(lambda a, b: a // b))

# --- remainder
show(table(lambda a, b: a % b))

# --- pow
show(table(lambda a, b: a**b))

# --- maximum
show(table(torch.maximum))

# --- comparison
show(table(lambda a, b: a < b))

# --- where
show(table(lambda a, b: torch.where(torch.tensor([True, False]), a, b)))

# --- cat
show(table(lambda a, b: torch.cat([a, b])))

# --- stack
show(table(lambda a, b: torch.stack([a, b])))

# --- matmul
show(table(lambda a, b: a @ b))

# --- bitwise_and
show(table(lambda a, b: a & b))

# --- atan2
show(table(torch.atan2))

# --- logical_and
show(table(torch.logical_and))

# --- promote_types
show([[str(torch.promote_types(a, b)) for b in DTYPES] for a in DTYPES])

# --- result_type
show(torch.result_type(torch.tensor([1]), 2.5), torch.result_type(torch.tensor([1], dtype=torch.uint8), 3), torch.result_type(torch.tensor([1.0]), torch.tensor(2.0, dtype=torch.float64)))

# --- can_cast
show([[torch.can_cast(a, b) for b in DTYPES] for a in DTYPES])

# --- zero_dim_second_operand
rows = []
for first in DTYPES:
    rows.append([str((torch.ones(2, dtype=first) + torch.tensor(1, dtype=second)).dtype) for second in DTYPES])
show(rows)

# --- zero_dim_both_operands
rows = []
for first in DTYPES:
    rows.append([str((torch.tensor(1, dtype=first) + torch.tensor(1, dtype=second)).dtype) for second in DTYPES])
show(rows)

# --- add_python_int
show(column(lambda a: a + 1), column(lambda a: 1 + a))

# --- add_python_float
show(column(lambda a: a + 1.5), column(lambda a: 1.5 + a))

# --- add_python_bool
show(column(lambda a: a + True))

# --- mul_python_numbers
show(column(lambda a: a * 2), column(lambda a: a * 2.5), column(lambda a: a * True))

# --- div_python_numbers
show(column(lambda a: a / 2), column(lambda a: 2 / a), column(lambda a: a // 2), column(lambda a: a // 2.0), column(lambda a: a % 2))

# --- pow_python_numbers
show(column(lambda a: a**2), column(lambda a: a**2.0), column(lambda a: 2**a), column(lambda a: 2.0**a))

# --- unary_functions
show(column(torch.exp), column(torch.abs), column(torch.neg), column(torch.sqrt), column(torch.sign), column(torch.floor), column(torch.sigmoid), column(torch.square))

# --- reductions
show(column(torch.sum), column(torch.prod), column(lambda a: a.max()), column(lambda a: a.mean()), column(torch.any), column(torch.all), column(lambda a: a.argmax()), column(lambda a: a.std()), column(lambda a: a.norm()))

# --- cumulative
show(column(lambda a: a.cumsum(0)), column(lambda a: a.cumprod(0)))

# --- activations
show(column(torch.relu), column(F.relu), column(lambda a: F.softmax(a, 0)), column(F.gelu), column(F.silu), column(F.leaky_relu))

# --- softmax_dtype_argument
show(column(lambda a: F.softmax(a, 0, dtype=torch.float32)), column(lambda a: a.sum(dtype=torch.float64)), column(lambda a: a.mean(dtype=torch.float32)))

# --- linspace_and_full_defaults
show(torch.full((1,), 1).dtype, torch.full((1,), 1.0).dtype, torch.full((1,), True).dtype, torch.arange(3).dtype, torch.arange(3.0).dtype, torch.linspace(0, 1, 2).dtype)

# --- in_place_keeps_dtype
a = torch.tensor([1.0])
a += torch.tensor([2], dtype=torch.int64)
a += torch.tensor([0.1], dtype=torch.float64)
show(a)
i = torch.tensor([1])
fails(lambda: i.add_(1.5))
fails(lambda: i.mul_(torch.tensor([0.5])))
fails(lambda: i.div_(2))
b = torch.tensor([True])
fails(lambda: b.add_(1))
i += True
show(i)

# --- comparison_keeps_precision
show(torch.tensor([0.1]) == 0.1, torch.tensor([0.1], dtype=torch.float64) == 0.1, torch.tensor([0.1]) == torch.tensor([0.1], dtype=torch.float64), torch.tensor([16777217]) == torch.tensor([16777216.0]))

# --- index_assignment_casts
i = torch.tensor([1, 2, 3])
i[0] = 2.7
i[1] = torch.tensor(9.9)
f = torch.zeros(2)
f[0] = 3
f[1] = torch.tensor(True)
show(i, f)

# --- scalar_tensor_times_integer_tensor
show(torch.tensor(0.5) * torch.tensor([1, 2]), torch.tensor([1, 2]) * torch.tensor(0.5, dtype=torch.float64), torch.tensor(2) * torch.tensor([0.5]), torch.tensor(True) + torch.tensor([1], dtype=torch.uint8))
