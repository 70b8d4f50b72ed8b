"""Comparison, logic, and questions about whole tensors."""

# --- operators
a = torch.tensor([1.0, 2.0, 3.0])
b = torch.tensor([3.0, 2.0, 1.0])
show(a < b, a <= b, a > b, a >= b, a == b, a != b)
show(a < 2, a <= 2, 2 > a, 2 >= a, a == 2, a != 2, 2 == a, 1.5 < a)

# --- functions
a = torch.tensor([1, 2, 3])
b = torch.tensor([3, 2, 1])
show(torch.lt(a, b), torch.le(a, b), torch.gt(a, b), torch.ge(a, b), torch.eq(a, b), torch.ne(a, b))
show(a.lt(2), a.le(2), a.gt(2), a.ge(2), a.eq(2), a.ne(2), torch.less(a, b), torch.greater_equal(a, b), torch.not_equal(a, b))

# --- broadcast
show(torch.arange(3) == torch.arange(3).unsqueeze(1), torch.tensor([[1, 5]]) > torch.tensor([[2], [0]]))

# --- with_nan
a = torch.tensor([float("nan"), 1.0])
show(a == a, a != a, a < 1, a >= 1, a > float("-inf"))

# --- of_bools
a = torch.tensor([True, False])
show(a == torch.tensor([True, True]), a == 1, a < torch.tensor([True, True]), a != False)

# --- with_something_else
show(torch.tensor([1]) == None, torch.tensor([1]) != None)

# --- equal
show(torch.equal(torch.tensor([1, 2]), torch.tensor([1, 2])), torch.equal(torch.tensor([1]), torch.tensor([1, 2])), torch.tensor([1.0]).equal(torch.tensor([2.0])), torch.equal(torch.tensor([float("nan")]), torch.tensor([float("nan")])))

# --- any_all
a = torch.tensor([[True, False], [True, True]])
show(a.any(), a.all(), a.any(0), a.all(1), torch.any(a, dim=1), torch.all(a, 0, keepdim=True), torch.tensor([0.0, 2.0]).any(), torch.tensor([1, 2]).all(), torch.zeros(0).any(), torch.zeros(0).all())

# --- any_all_several_dims
a = torch.tensor([[[True, False], [False, False]], [[True, True], [True, True]]])
show(a.any(dim=(1, 2)), a.all(dim=(0, 2)))

# --- any_of_uint8
show(torch.tensor([0, 2], dtype=torch.uint8).any(), torch.tensor([1, 2], dtype=torch.uint8).all())

# --- logical_functions
a = torch.tensor([0.0, 1.5, -2.0])
b = torch.tensor([0, 0, 3])
show(torch.logical_and(a, b), torch.logical_or(a, b), torch.logical_xor(a, b), torch.logical_not(a), a.logical_not(), torch.tensor([True]).logical_and(torch.tensor([False])))

# --- truth_value
show(bool(torch.tensor([1.0])), bool(torch.tensor(0)), bool(torch.tensor([[True]])), not torch.tensor(False))
fails(bool, torch.tensor([1, 2]))
fails(bool, torch.tensor([]))

# --- if_and_assert_on_tensors
x = torch.tensor(3.0)
if x > 2:
    show("bigger")
assert torch.tensor([1, 2]).sum() == 3
show(1 if torch.tensor(0.0) else 2)

# --- membership
show(2 in torch.tensor([1, 2, 3]), 5 in torch.tensor([1, 2, 3]), torch.tensor(3) in torch.tensor([1, 2, 3]))
show(torch.isin(torch.tensor([1, 2, 3]), torch.tensor([2, 9])))

# --- count_nonzero
a = torch.tensor([[0, 1], [2, 0], [0, 3]])
show(torch.count_nonzero(a), a.count_nonzero(dim=0), torch.count_nonzero(torch.tensor([0.0, 0.5])))

# --- nonzero
a = torch.tensor([[0, 1], [2, 0]])
show(a.nonzero(), torch.nonzero(a), torch.nonzero(a, as_tuple=True), torch.tensor([0.0]).nonzero(), torch.tensor([True, False, True]).nonzero().squeeze(1), torch.argwhere(a))

# --- accuracy_idioms
predictions = torch.tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]])
labels = torch.tensor([1, 0, 0])
correct = (predictions.argmax(1) == labels).type(torch.float).sum().item()
show(correct, (predictions.argmax(dim=1) == labels).float().mean(), (predictions.argmax(1) == labels).sum().item() / len(labels), predictions.argmax(1).eq(labels.view_as(predictions.argmax(1))).sum().item())

# --- comparison_has_no_gradient
x = torch.ones(2, requires_grad=True)
y = x > 0
show(y, y.grad_fn is None)

# --- in_place_comparison
a = torch.tensor([1.0, 5.0])
a.gt_(2)
show(a)

# --- python_max_min_sorted
show(max(torch.tensor([1, 3, 2])), min(torch.tensor([1.5, 0.5])), sorted(torch.tensor([3, 1, 2])), sum(torch.tensor([1, 2, 3])))
