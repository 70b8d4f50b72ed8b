"""In-place forms, aliasing, and the errors that keep gradients right."""

# --- arithmetic_methods
x = torch.tensor([1.0, 2.0, 3.0])
show(x.add_(1).clone(), x.sub_(0.5).clone(), x.mul_(2).clone(), x.div_(4).clone(), x.pow_(2).clone(), x.neg_().clone(), x.abs_().clone(), x.add_(torch.ones(3), alpha=3).clone())

# --- returns_itself
x = torch.zeros(2)
show(x.add_(1) is x, x.zero_() is x, x.fill_(3) is x, x.requires_grad_() is x, x.detach_() is x)

# --- unary_methods
x = torch.tensor([0.25, 0.81])
show(x.sqrt_().clone(), x.exp_().clone(), x.log_().clone(), x.sigmoid_().clone(), x.tanh_().clone(), x.sin_().clone(), x.cos_().clone(), x.floor_().clone(), x.reciprocal_().clone())

# --- fill_zero_copy
x = torch.empty(2, 3)
show(x.fill_(2.5).clone(), x.zero_().clone(), x.copy_(torch.arange(3)).clone(), x.fill_(torch.tensor(7)).clone(), x.copy_(torch.tensor([[1.0], [2.0]])).clone())

# --- clamp_relu
x = torch.tensor([-1.0, 0.5, 2.0])
show(x.clone().clamp_(0, 1), x.clone().clamp_(min=0), x.clone().relu_(), torch.relu_(x.clone()), F.relu(x.clone(), inplace=True), F.relu_(x.clone()), x.clone().clip_(max=1))

# --- masked_and_indexed
x = torch.arange(4.0)
show(x.masked_fill_(x > 2, -1).clone(), x.index_fill_(0, torch.tensor([0]), 9).clone(), x.index_add_(0, torch.tensor([1, 1]), torch.ones(2)).clone(), x.index_copy_(0, torch.tensor([2]), torch.tensor([5.0])).clone(), x.scatter_(0, torch.tensor([3]), 8.0).clone())

# --- shape_methods
x = torch.arange(6.0).view(2, 3)
show(x.t_().shape, x.unsqueeze_(0).shape, x.squeeze_(0).shape, x.transpose_(0, 1).shape, x.tril_().clone())

# --- addcmul_addcdiv_lerp
x = torch.tensor([1.0, 2.0])
show(x.addcmul_(torch.tensor([2.0, 3.0]), torch.tensor([4.0, 5.0]), value=0.1).clone(), x.addcdiv_(torch.tensor([1.0, 1.0]), torch.tensor([2.0, 4.0]), value=-1).clone(), x.lerp_(torch.tensor([0.0, 0.0]), 0.5).clone(), x.mul_(0.9).add_(torch.ones(2), alpha=0.1).clone())

# --- gradient_through_in_place
x = data(3, grad=True)
y = x * 2
y.add_(1).mul_(x)
grads(y, x)

# --- gradient_through_exp_in_place
x = data(3, grad=True)
y = x * 1
y.exp_()
grads(y, x)

# --- gradient_through_in_place_tensor_operand
x = data(3, grad=True)
w = data(3, shift=5, grad=True)
y = x.clone()
y.mul_(w)
y.sub_(w)
grads(y, x, w)

# --- gradient_through_copy
x = data(3, grad=True)
y = torch.zeros(2, 3)
y.copy_(x)
grads(y, x)
z = torch.zeros(2, 3)
z[1].copy_(x * 2)
grads(z, x)

# --- in_place_on_leaf_fails
x = torch.ones(2, requires_grad=True)
fails(lambda: x.add_(1))
fails(lambda: x.__setitem__(0, 5.0))
fails(lambda: x.zero_())
fails(lambda: x.view(2).mul_(2))
fails(lambda: x.__iadd__(1))

# --- in_place_on_leaf_without_grad_mode
x = torch.ones(2, requires_grad=True)
with torch.no_grad():
    x += 1
    x[0] = 5
    x.mul_(2)
show(x, x.is_leaf)

# --- update_by_hand
w = torch.tensor([1.0, 2.0], requires_grad=True)
for _ in range(3):
    loss = (w**2).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        w.grad.zero_()
show(w, w.grad)

# --- update_by_data
w = torch.tensor([1.0, 2.0], requires_grad=True)
for _ in range(3):
    loss = (w**2).sum()
    loss.backward()
    w.data -= 0.1 * w.grad.data
    w.grad = None
show(w, w.grad)

# --- saved_value_changed
x = data(3, grad=True)
y = x * 1
z = y**2
y.add_(1)
fails(lambda: z.sum().backward())

# --- saved_output_changed
x = data(3, grad=True)
y = x.exp()
y.mul_(2)
fails(lambda: y.sum().backward())

# --- saved_output_of_sigmoid_changed
x = data(3, grad=True)
y = torch.sigmoid(x)
y[0] = 0
fails(lambda: y.sum().backward())

# --- unsaved_value_changed_is_fine
x = data(3, grad=True)
y = x + 1
z = y + 2
y.mul_(5)
grads(z + y, x)

# --- saved_through_a_view_changed
x = data(4, grad=True)
y = x * 1
v = y[:2]
z = v * v
y[3] = 0
fails(lambda: z.sum().backward())

# --- weight_changed_before_backward
w = torch.tensor([2.0], requires_grad=True)
x = torch.tensor([3.0], requires_grad=True)
y = w * x
with torch.no_grad():
    w.add_(1)
fails(lambda: y.backward())

# --- detached_alias_changed
x = data(3, grad=True)
y = x * 1
z = y * y
y.detach().zero_()
fails(lambda: z.sum().backward())

# --- data_alias_changed_is_not_noticed
x = torch.tensor([2.0], requires_grad=True)
y = x * 1
z = y * y
y.data.fill_(10.0)
z.backward()
show(x.grad)

# --- version_numbers
x = torch.zeros(3)
versions = [x._version]
x.add_(1)
versions.append(x._version)
x[0] = 1
versions.append(x._version)
v = x.view(3)
v.mul_(2)
versions += [x._version, v._version]
x.data.add_(1)
versions.append(x._version)
show(versions)

# --- in_place_dtype_errors
x = torch.tensor([1, 2])
fails(lambda: x.div_(2))
fails(lambda: x.exp_())
fails(lambda: x.add_(0.5))
show(x.add_(1), torch.tensor([1.0]).add_(torch.tensor([1.0], dtype=torch.float64)))

# --- in_place_shape_errors
x = torch.zeros(3)
fails(lambda: x.add_(torch.zeros(2, 3)))
fails(lambda: torch.zeros(1).add_(torch.zeros(2)))
show(torch.zeros(2, 3).add_(torch.ones(3)))

# --- overlapping_input_and_output
x = torch.arange(5.0)
x[1:] = x[:-1].clone()
show(x)
y = torch.arange(6.0).view(2, 3)
y[0] += y[1]
show(y)

# --- alias_of_the_same_tensor
a = torch.tensor([1.0, 2.0])
b = a
b += 1
c = a + 0
c += 100
show(a, b, c, a is b)

# --- list_of_views_updated_in_a_loop
x = torch.zeros(3, 2)
for i, row in enumerate(x):
    row += i
show(x)

# --- in_place_under_inference_mode
with torch.inference_mode():
    x = torch.ones(2)
    x.add_(1)
    show(x, x.requires_grad, x.is_inference())

# --- requires_grad_toggle
x = torch.zeros(2)
x.requires_grad = True
show(x.requires_grad)
x.requires_grad_(False)
show(x.requires_grad)
fails(lambda: torch.tensor([1]).requires_grad_())
y = (torch.ones(1, requires_grad=True) * 2)
fails(lambda: setattr(y, "requires_grad", False))

# --- detach_in_place
x = torch.ones(2, requires_grad=True)
y = x * 2
y.detach_()
show(y, y.is_leaf, y.grad_fn is None)

# --- swap_rows
x = torch.arange(6).view(3, 2)
x[[0, 2]] = x[[2, 0]]
show(x)

# --- set_grad_by_hand
w = torch.ones(2, requires_grad=True)
w.grad = torch.tensor([0.5, 0.25])
show(w.grad)
w.grad += 1
w.grad *= 2
show(w.grad)
fails(lambda: setattr(w, "grad", torch.zeros(3)))
fails(lambda: setattr(w, "grad", 1.0))
