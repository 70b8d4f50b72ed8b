"""Sorting, the largest elements, unique values and searching."""

# --- sort
x = data(3, 4, grad=True)
values, indices = x.sort()
grads(values, x)
show(indices)
values, indices = torch.sort(x, dim=0, descending=True)
grads(values, x)
show(indices)
result = torch.sort(torch.tensor([3, 1, 2]))
show(result.values, result.indices, torch.sort(torch.tensor([True, False]))[0])

# --- sort_stable
x = torch.tensor([1, 0, 1, 0, 1])
show(x.sort(stable=True), torch.sort(x, stable=True, descending=True), x.sort(dim=-1, stable=True).indices)

# --- sort_nan_and_infinities
show(torch.tensor([1.0, float("nan"), float("-inf"), float("inf")]).sort(), torch.tensor([1.0, float("nan"), 0.0]).sort(descending=True))

# --- sort_small_cases
show(torch.tensor(3.0).sort(), torch.zeros(0).sort(), torch.zeros(2, 0).sort(), torch.tensor([[5]]).sort(0))

# --- argsort
x = data(3, 4)
show(x.argsort(), torch.argsort(x, dim=0), x.argsort(descending=True), torch.argsort(x, 1, True))

# --- topk
x = data(3, 5, grad=True)
values, indices = x.topk(2)
grads(values, x)
show(indices)
values, indices = torch.topk(x, 2, dim=0, largest=False)
grads(values, x)
show(indices)
show(torch.topk(torch.tensor([1, 5, 3]), k=3), torch.tensor([1.0, 2.0]).topk(0), torch.topk(x.detach(), 1).values.shape)

# --- topk_accuracy_idiom
logits = data(4, 6)
labels = torch.tensor([0, 3, 5, 2])
top = logits.topk(3, dim=1).indices
show((top == labels.unsqueeze(1)).any(dim=1).float().mean())

# --- top_k_sampling_filter_idiom
logits = data(2, 6)
v, _ = torch.topk(logits, 3)
logits[logits < v[:, [-1]]] = -float("inf")
show(logits, F.softmax(logits, dim=-1))

# --- kthvalue
x = data(2, 5, grad=True)
values, indices = torch.kthvalue(x, 2)
grads(values, x)
show(indices)

# --- unique
x = torch.tensor([3, 1, 2, 3, 1])
show(torch.unique(x), x.unique(return_inverse=True), torch.unique(x, return_counts=True), torch.unique(x, return_inverse=True, return_counts=True))
show(torch.tensor([2.5, 1.5, 2.5]).unique(), torch.tensor([[1, 2], [2, 1]]).unique(), torch.tensor([True, False, True]).unique())

# --- unique_dim
x = torch.tensor([[1, 2], [3, 4], [1, 2]])
show(torch.unique(x, dim=0), torch.unique(x, dim=0, return_inverse=True, return_counts=True))

# --- unique_consecutive
show(torch.unique_consecutive(torch.tensor([1, 1, 2, 2, 1])), torch.unique_consecutive(torch.tensor([1, 1, 2]), return_counts=True))

# --- searchsorted_bucketize
edges = torch.tensor([1.0, 3.0, 5.0])
show(torch.searchsorted(edges, torch.tensor([0.0, 1.0, 2.0, 5.0, 9.0])), torch.searchsorted(edges, torch.tensor([1.0, 5.0]), right=True), torch.bucketize(torch.tensor([2.0, 3.0]), edges))

# --- errors
fails(lambda: torch.tensor([1.0, 2.0]).topk(3))
fails(lambda: torch.zeros(2, 2).sort(dim=2))
fails(lambda: torch.zeros(2, 2).argsort(5))

# --- rank_by_double_argsort
x = torch.tensor([0.3, 0.1, 0.7, 0.2])
show(x.argsort().argsort())

# --- sort_integers_and_bytes
show(torch.tensor([5, -3, 0], dtype=torch.int32).sort(), torch.tensor([200, 3], dtype=torch.uint8).sort(descending=True), torch.tensor([2.0, 1.0], dtype=torch.float64).sort().values)

# --- searchsorted_with_side_and_sorter
order = torch.tensor([1.0, 3.0, 5.0])
show(torch.searchsorted(order, torch.tensor([3.0]), side="right"), torch.searchsorted(order, torch.tensor([3.0]), side="left"))
mixed, sorter = torch.tensor([5.0, 1.0, 3.0]), torch.tensor([1, 2, 0])
show(torch.searchsorted(mixed, torch.tensor([3.0, 4.0]), sorter=sorter), torch.searchsorted(mixed, torch.tensor([3.0, 4.0]), sorter=sorter, right=True))
fails(lambda: torch.searchsorted(order, torch.tensor([3.0]), side="left", right=True))
fails(lambda: torch.searchsorted(order, 3.0, side="middle"))
fails(lambda: torch.searchsorted(mixed, 3.0, sorter=torch.tensor([1, 2, 9])))
fails(lambda: torch.searchsorted(mixed, 3.0, sorter=torch.tensor([1.0, 2.0, 0.0])))
fails(lambda: torch.bucketize(torch.tensor([3.0]), torch.tensor([[1.0, 2.0]])))
fails(lambda: torch.searchsorted(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), 3.0))
