"""Tensors from nothing, from Python values and from other tensors."""

# --- tensor_from_lists
show(torch.tensor([1, 2, 3]), torch.tensor([1.0, 2, 3]), torch.tensor([[1, 2], [3, 4]]))
show(torch.tensor([True, False]), torch.tensor([[1.5], [2.5]]), torch.tensor([[[1]], [[2]]]))

# --- tensor_from_scalars
show(torch.tensor(3), torch.tensor(3.5), torch.tensor(True), torch.tensor(-0.0))

# --- tensor_mixed_elements
show(torch.tensor([1, 2.5]), torch.tensor([True, 2]), torch.tensor([True, 2.5]), torch.tensor([False, 1, 2.0]))

# --- tensor_with_dtype
for dtype in (torch.float32, torch.float64, torch.int64, torch.int32, torch.uint8, torch.bool):
    show(torch.tensor([0, 1, 2], dtype=dtype))
show(torch.tensor([0.9, -1.9, 2.5], dtype=torch.int64), torch.tensor([0.0, 0.1], dtype=torch.bool))

# --- tensor_empty_lists
show(torch.tensor([]), torch.tensor([[], []]), torch.tensor([], dtype=torch.int64))

# --- tensor_of_tensors
a = torch.tensor(1.5)
show(torch.tensor([a, 2.5]), torch.tensor(a), torch.tensor([a.item(), a.item()]))

# --- tensor_from_tuple_and_range
show(torch.tensor((1, 2)), torch.tensor(range(4)), torch.tensor([(1, 2), (3, 4)]))

# --- tensor_special_values
show(torch.tensor([float("inf"), float("-inf"), float("nan"), math.pi, 1e-40, 3e38]))

# --- tensor_big_integers
show(torch.tensor([2**62, -(2**63), 2**53 + 1]), torch.tensor(2**31 - 1, dtype=torch.int32))

# --- tensor_requires_grad
show(torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor(3.0, requires_grad=True))

# --- legacy_constructors
show(torch.Tensor([1, 2, 3]), torch.FloatTensor([1, 2]), torch.LongTensor([1, 2]), torch.DoubleTensor([0.1]))
show(torch.Tensor(2, 3).shape, torch.Tensor().shape, torch.Tensor(0, 4).shape)

# --- as_tensor
a = torch.tensor([1.0, 2.0])
b = torch.as_tensor(a)
show(b is a, torch.as_tensor([1, 2]), torch.as_tensor(a, dtype=torch.float64), torch.as_tensor(2.5))

# --- zeros_ones
show(torch.zeros(2, 3), torch.zeros((2, 3)), torch.zeros([2, 3]), torch.zeros(torch.Size([2])), torch.zeros(0), torch.zeros(()))
show(torch.ones(2, dtype=torch.int64), torch.ones(1, 2, dtype=torch.bool), torch.ones(3, requires_grad=True))

# --- zeros_keyword
show(torch.zeros(size=(2, 2)), torch.ones(2, 2, dtype=torch.float64, device="cpu"))

# --- full
show(torch.full((2, 2), 7), torch.full((2,), 7.0), torch.full((2,), True), torch.full((2,), 3, dtype=torch.float64), torch.full((), 2.5))

# --- full_keywords
show(torch.full(size=(3,), fill_value=0.25), torch.full([2], float("-inf")))

# --- like_functions
a = torch.tensor([[1, 2], [3, 4]])
show(torch.zeros_like(a), torch.ones_like(a), torch.full_like(a, 9), torch.empty_like(a).shape)
show(torch.zeros_like(a, dtype=torch.float32), torch.ones_like(a, dtype=torch.bool), torch.full_like(a, 2.5, dtype=torch.float64))

# --- like_keeps_no_grad
a = torch.ones(2, requires_grad=True)
show(torch.zeros_like(a), torch.ones_like(a, requires_grad=True))

# --- new_methods
a = torch.tensor([1, 2], dtype=torch.int32)
show(a.new_zeros(2), a.new_ones((1, 2)), a.new_full((2,), 5), a.new_tensor([7, 8, 9]), a.new_empty(3).shape, a.new_zeros(2, dtype=torch.float32))

# --- arange_forms
show(torch.arange(5), torch.arange(2, 5), torch.arange(1, 10, 3), torch.arange(5, 0, -2), torch.arange(0))

# --- arange_floats
show(torch.arange(3.0), torch.arange(0, 1, 0.25), torch.arange(1.0, 2.0, 0.1), torch.arange(0.5, 3), torch.arange(1, 0, -0.3))

# --- arange_dtypes
show(torch.arange(3, dtype=torch.float32), torch.arange(0, 2, 0.5, dtype=torch.float64), torch.arange(3, dtype=torch.int32), torch.arange(2.5, dtype=torch.int64))

# --- arange_keywords
show(torch.arange(start=1, end=4), torch.arange(end=3), torch.arange(0, end=6, step=2))

# --- linspace
show(torch.linspace(0, 1, 5), torch.linspace(-1, 1, 4), torch.linspace(3, 3, 1), torch.linspace(0, 10, 0), torch.linspace(start=1, end=2, steps=3))
show(torch.linspace(0, 1, 7, dtype=torch.float64), torch.linspace(0, 10, 4, dtype=torch.int64), torch.linspace(5, -5, 6))

# --- linspace_long
show(torch.linspace(-5, 5, 100))

# --- logspace
show(torch.logspace(0, 2, 3), torch.logspace(-1, 1, 5), torch.logspace(0, 4, 5, base=2))

# --- eye
show(torch.eye(3), torch.eye(2, 4), torch.eye(3, 2), torch.eye(2, dtype=torch.int64), torch.eye(0))

# --- diag
a = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
grads(torch.diag(a), a)
b = data(3, 4, grad=True)
grads(b.diag(), b)
show(torch.diag(a, 1), b.diag(-1), b.diag(diagonal=2))

# --- meshgrid
x, y = torch.meshgrid(torch.arange(3), torch.arange(2), indexing="ij")
show(x, y)
x, y = torch.meshgrid(torch.arange(3), torch.arange(2), indexing="xy")
show(x, y)

# --- complete_set_of_factories_device
show(torch.zeros(1, device=torch.device("cpu")).device, torch.tensor([1.0], device="cpu").device)

# --- empty_shapes
show(torch.empty(2, 3).shape, torch.empty((4,)).shape, torch.empty(2, dtype=torch.int64).dtype, torch.empty(0, 3).numel())

# --- clone_and_detach
a = torch.tensor([1.0, 2.0], requires_grad=True)
b = a.clone()
c = a.detach()
show(b, c, b.is_leaf, c.is_leaf, a.detach().clone().requires_grad_(True))

# --- clone_gradient
a = data(2, 3, grad=True)
grads(torch.clone(a) * 2, a)

# --- conversions
a = torch.tensor([0.0, 1.7, -1.7, 200.0])
show(a.int(), a.long(), a.double(), a.bool(), a.float(), a.to(torch.int32), a.type(torch.float64), torch.tensor([1, 0]).bool(), torch.tensor([True]).float())

# --- to_forms
a = torch.tensor([1.5])
show(a.to("cpu"), a.to(torch.device("cpu")), a.to("cpu", torch.float64), a.to(dtype=torch.int64), a.to(torch.zeros(1, dtype=torch.int32)), a.to(device="cpu", dtype=torch.bool))
show(a.to(torch.float32) is a, a.to(torch.float64) is a, a.to(torch.float32, copy=True) is a, a.float() is a, a.cpu() is a)

# --- conversion_gradient
a = data(3, grad=True)
b = a.double() * 2
grads(b, a)
show(b.dtype, a.dtype)

# --- type_strings
a = torch.tensor([1.0])
show(a.type(), torch.tensor([1]).type(), torch.tensor([True]).type(), a.double().type(), torch.tensor([1], dtype=torch.uint8).type())

# --- uint8_wraps
show(torch.tensor([250, 5], dtype=torch.uint8) + 10, torch.tensor([0], dtype=torch.uint8) - 1)

# --- default_dtype
show(torch.get_default_dtype())
torch.set_default_dtype(torch.float64)
show(torch.get_default_dtype(), torch.tensor([1.5]), torch.zeros(2), torch.arange(0, 1, 0.5), torch.tensor([1]), torch.tensor(1) / 2)

# --- item_and_tolist
show(torch.tensor(3).item(), torch.tensor([[2.5]]).item(), torch.tensor(True).item(), torch.tensor([[1, 2], [3, 4]]).tolist(), torch.tensor(1.5).tolist(), torch.tensor([]).tolist(), torch.tensor([True]).tolist())

# --- python_numbers_from_tensors
show(int(torch.tensor(3.9)), float(torch.tensor(2)), bool(torch.tensor([0.0])), bool(torch.tensor(5)), int(torch.tensor([7])), round(torch.tensor(2.567).item(), 2))
show([10, 20, 30][torch.tensor(1)], list(range(torch.tensor(3))), len(torch.zeros(4, 2)), math.sqrt(torch.tensor(4.0)))

# --- attributes
a = torch.zeros(2, 3, 4)
show(a.shape, a.size(), a.size(0), a.size(-1), a.dim(), a.ndim, a.numel(), a.nelement(), a.stride(), a.stride(1), a.element_size(), a.dtype, a.device, a.is_leaf, a.requires_grad, a.storage_offset(), a.is_contiguous())
show(torch.is_tensor(a), torch.is_tensor([1]), torch.numel(a), torch.is_floating_point(a), a.is_floating_point(), torch.tensor(1).is_floating_point(), a.itemsize, a.nbytes, a.is_cuda)

# --- size_behaves_like_a_tuple
s = torch.zeros(2, 3).shape
show(s[0], s[-1], len(s), s == (2, 3), s[1:], s.numel(), list(s), tuple(s), s + (4,), isinstance(s, tuple), torch.Size([1, 2]))
rows, columns = s
show(rows, columns, torch.Size((2, 3)) == s, hash(s) == hash((2, 3)))

# --- dtype_properties
show(torch.float32.is_floating_point, torch.int64.is_floating_point, torch.float is torch.float32, torch.double is torch.float64, torch.long is torch.int64, torch.int is torch.int32)
show(str(torch.float32), repr(torch.bool), torch.float32.itemsize, torch.int64.itemsize, torch.float32 == torch.float64)

# --- finfo_iinfo
f = torch.finfo(torch.float32)
show(f.eps, f.max, f.min, f.tiny, f.bits, torch.finfo(torch.float64).eps, torch.iinfo(torch.int64).max, torch.iinfo(torch.uint8).min, torch.iinfo(torch.int32).bits)

# --- device_objects
d = torch.device("cpu")
show(d, d.type, d.index, d == torch.device("cpu"), str(d), repr(d), torch.device("cpu", 0).index, torch.cuda.is_available())

# --- constants
show(torch.pi, torch.inf, torch.nan, torch.e, torch.isnan(torch.tensor(torch.nan)))

# --- from_numpy_free_tolist_roundtrip
a = data(2, 3, 2)
show(torch.tensor(a.tolist()) .equal(a))

# --- complex_of_dims
show(torch.zeros(1, 0, 2), torch.ones(2, 1, 2, 1), torch.ones((3,) * 3).sum())

# --- triangular_indices
show(torch.tril_indices(3, 3), torch.triu_indices(3, 4, 1))

# --- vander_by_hand
x = torch.tensor([1.0, 2.0, 3.0])
show(x.unsqueeze(1) ** torch.arange(4), torch.stack([x**i for i in range(3)], dim=1))

# --- cartesian_prod_combinations
show(torch.cartesian_prod(torch.tensor([1, 2]), torch.tensor([3, 4])), torch.combinations(torch.tensor([1, 2, 3])))

# --- block_diag
show(torch.block_diag(torch.ones(1, 2), torch.full((2, 1), 2.0)))

# --- type_as_and_byte
show(torch.tensor([1.7]).type_as(torch.tensor([1])), torch.tensor([300, 2]).byte(), torch.scalar_tensor(3), torch.tensor([1.5]).byte())
