"""Sums, means, extremes and norms, over every element and over dims, with gradients."""

# --- sum_forms
x = data(2, 3, 4, grad=True)
grads(x.sum(), x)
grads(torch.sum(x, 1), x)
grads(x.sum(dim=-1), x)
grads(x.sum((0, 2)), x)
grads(x.sum(dim=[0, 1], keepdim=True), x)
grads(torch.sum(x, dim=1, keepdim=True), x)

# --- sum_axis_name
x = data(2, 3)
show(x.sum(axis=0), x.mean(axis=1), torch.sum(x, axis=0, keepdims=True), x.max(axis=1).values, x.argmax(axis=0))

# --- sum_types
show(torch.tensor([1, 2]).sum(), torch.tensor([True, True]).sum(), torch.tensor([1], dtype=torch.uint8).sum(), torch.tensor([1, 2]).sum(dtype=torch.float32), torch.tensor([], dtype=torch.int64).sum(), torch.tensor(3.0).sum())

# --- sum_empty
show(torch.zeros(0).sum(), torch.zeros(0, 3).sum(0), torch.zeros(3, 0).sum(1), torch.zeros(0, 3).sum(dim=1), torch.ones(2, 3).sum(dim=()))

# --- sum_of_many exact
show(torch.ones(100000).sum(), torch.full((1000,), 0.5).sum())

# --- sum_accuracy rtol=1e-6
show(torch.full((100000,), 0.1).sum(), data(1000).sum(), torch.full((70000,), 0.1).mean())

# --- mean_forms
x = data(2, 3, 4, grad=True)
grads(x.mean(), x)
grads(torch.mean(x, 0), x)
grads(x.mean(dim=(1, 2)), x)
grads(x.mean(-1, keepdim=True), x)
show(torch.tensor([1, 2]).mean(dtype=torch.float32), torch.tensor([1, 2]).float().mean(), torch.zeros(0).mean(), torch.tensor(2.0).mean())
fails(lambda: torch.tensor([1, 2]).mean())

# --- var_std_forms
x = data(2, 3, 4, grad=True)
grads(x.var(), x)
grads(x.std(), x)
grads(torch.var(x, 1), x)
grads(x.std(dim=-1, keepdim=True), x)
grads(x.var(dim=(0, 2)), x)

# --- var_std_correction
x = data(3, 4, grad=True)
grads(x.var(unbiased=False), x)
grads(x.var(1, unbiased=False), x)
grads(x.std(dim=0, correction=0), x)
grads(torch.var(x, dim=1, correction=2), x)
grads(torch.std(x, 1, False, True), x)

# --- var_of_one_element
show(torch.tensor([3.0]).var(), torch.tensor([3.0]).std(), torch.tensor([3.0]).var(unbiased=False), torch.ones(2, 1).var(1))

# --- var_mean_std_mean
x = data(2, 5)
show(torch.var_mean(x, 1), torch.std_mean(x, dim=0), torch.var_mean(x))

# --- max_min_all
x = data(2, 3, grad=True)
grads(x.max(), x)
grads(torch.min(x), x)
show(torch.tensor([3, 1]).max(), torch.tensor([True, False]).min(), torch.tensor([1.0, float("nan")]).max())

# --- max_ties_share_gradient
x = torch.tensor([1.0, 3.0, 3.0, 0.0], requires_grad=True)
grads(x.max(), x)
grads(x.amax(), x)
values, indices = x.max(0)
grads(values, x)
show(indices)

# --- max_dim
x = data(2, 3, 4, grad=True)
values, indices = x.max(dim=1)
grads(values, x)
show(indices)
values, indices = torch.min(x, -1, keepdim=True)
grads(values, x)
show(indices)
result = torch.max(x, 0)
show(result.values, result.indices, result[0].shape, len(result))

# --- max_with_nan_dim
show(torch.tensor([[1.0, float("nan"), 3.0]]).max(1), torch.tensor([[1.0, float("nan"), 3.0]]).argmin(1))

# --- max_of_integers_dim
show(torch.tensor([[1, 9, 9], [4, 2, 4]]).max(1), torch.tensor([[1, 9, 9], [4, 2, 4]]).min(dim=0))

# --- amax_amin
x = data(2, 3, 4, grad=True)
grads(x.amax(), x)
grads(torch.amax(x, dim=1), x)
grads(x.amin(dim=(0, 2)), x)
grads(x.amax((1, 2), keepdim=True), x)

# --- aminmax
show(torch.aminmax(torch.tensor([3.0, 1.0, 2.0])), torch.tensor([[3, 1], [0, 5]]).aminmax(dim=1))

# --- prod
x = data(2, 3, grad=True)
grads(x.prod(), x)
grads(torch.prod(x, 1), x)
grads(x.prod(dim=0, keepdim=True), x)
show(torch.tensor([2, 3]).prod(), torch.tensor([True, False]).prod(), torch.zeros(0).prod())

# --- prod_with_zeros
x = torch.tensor([[2.0, 0.0, 3.0], [0.0, 0.0, 1.0], [1.0, 2.0, 3.0]], requires_grad=True)
grads(x.prod(1), x)
grads(x[2].prod(), x)
grads(x.prod(), x)

# --- norm_method
x = data(2, 3, grad=True)
grads(x.norm(), x)
grads(x.norm(p=1), x)
grads(x.norm(2, dim=1), x)
grads(x.norm(p=3, dim=0, keepdim=True), x)
grads(x.norm(p=float("inf")), x)
grads(torch.norm(x), x)
grads(torch.norm(x, p="fro"), x)
show(x.detach().norm(p=0), x.detach().norm(p=float("-inf"), dim=1))

# --- norm_at_zero
x = torch.zeros(3, requires_grad=True)
grads(x.norm(), x)

# --- linalg_norms
x = data(3, 4, grad=True)
grads(torch.linalg.norm(x), x)
grads(torch.linalg.vector_norm(x, ord=2, dim=1), x)
grads(torch.linalg.vector_norm(x, ord=1), x)
grads(torch.linalg.norm(x, dim=0), x)
show(torch.linalg.matrix_norm(x.detach()), torch.linalg.norm(x.detach()[0], ord=3))

# --- dist
a = data(5, grad=True)
b = data(5, shift=9, grad=True)
grads(torch.dist(a, b), a, b)
show(torch.dist(a.detach(), b.detach(), p=1))

# --- cdist
a = data(3, 2, grad=True)
b = data(4, 2, shift=9, grad=True)
grads(torch.cdist(a, b), a, b)
show(torch.cdist(a.detach(), b.detach(), p=1.0))

# --- logsumexp
x = data(2, 3, 4, grad=True)
grads(torch.logsumexp(x, 1), x)
grads(x.logsumexp(dim=(0, 2)), x)
grads(x.logsumexp(-1, keepdim=True), x)
show(torch.logsumexp(torch.tensor([1000.0, 1000.0]), 0), torch.logsumexp(torch.tensor([float("-inf"), float("-inf")]), 0))

# --- argmax_argmin
x = data(3, 4)
show(x.argmax(), x.argmin(), x.argmax(0), x.argmax(dim=1), torch.argmin(x, dim=-1), torch.argmax(x, 1, keepdim=True), x.argmin(dim=0, keepdim=True))

# --- argmax_ties
show(torch.tensor([1, 5, 5, 2]).argmax(), torch.tensor([[2.0, 2.0], [0.0, 0.0]]).argmax(1), torch.tensor([[2.0, 2.0], [0.0, 0.0]]).argmin(0), torch.tensor([0.0, float("nan"), 5.0]).argmax())

# --- median
x = torch.tensor([[5.0, 1.0, 3.0, 2.0], [4.0, 8.0, 6.0, 7.0]], requires_grad=True)
grads(x.median(), x)
values, indices = x.median(dim=1)
grads(values, x)
show(indices, torch.median(torch.tensor([3, 1, 2])))

# --- quantile
x = torch.tensor([1.0, 4.0, 2.0, 8.0], requires_grad=True)
grads(torch.quantile(x, 0.5), x)
grads(torch.quantile(x, torch.tensor([0.1, 0.75])), x)
show(torch.quantile(data(2, 4), 0.25, dim=1), x.detach().quantile(0.9))

# --- mode
show(torch.mode(torch.tensor([1, 2, 2, 3, 3, 3])).values, torch.tensor([[4, 4, 1], [2, 3, 3]]).mode(dim=1).values)

# --- nansum_nanmean
x = torch.tensor([1.0, float("nan"), 3.0])
show(torch.nansum(x), torch.nanmean(x), x.nansum(0))

# --- reductions_of_transposed_input
x = data(3, 4, grad=True)
y = x.t()
grads(y.sum(0), x)
grads(y.max(1).values, x)
grads(y.var(0), x)
grads(y.logsumexp(1), x)

# --- reductions_of_expanded_input
x = data(3, 1, grad=True)
grads(x.expand(3, 4).sum(1), x)
grads(x.expand(3, 4).mean(), x)
grads(x.expand(3, 4).prod(1), x)

# --- keepdim_everywhere
x = data(2, 3)
show(x.sum(1, keepdim=True), x.mean(0, True), x.max(1, keepdim=True).values, x.prod(1, True), x.std(0, keepdim=True), x.norm(dim=1, keepdim=True), x.argmax(1, keepdim=True), x.any(1, keepdim=True), x.logsumexp(1, keepdim=True), x.amax(1, True))

# --- zero_dim_reductions
x = torch.tensor(2.0, requires_grad=True)
grads(x.sum(), x)
grads(x.max(), x)
grads(x.sum(0), x)
grads(x.mean(-1), x)
show(x.detach().max(0), x.detach().argmax(), x.detach().norm(), x.detach().prod(0))

# --- empty_extremes
fails(lambda: torch.zeros(0).max())
fails(lambda: torch.zeros(0).argmax())
fails(lambda: torch.zeros(0, 3).max(0))
show(torch.zeros(0, 3).max(1).values.shape, torch.zeros(0, 3).argmax(1).shape)

# --- standardise
x = data(5, 3, grad=True)
grads((x - x.mean(0)) / x.std(0), x)
grads((x - x.mean(0, keepdim=True)) / torch.sqrt(x.var(0, unbiased=False, keepdim=True) + 1e-5), x)

# --- softmax_by_hand
x = data(3, 4, grad=True)
e = torch.exp(x - x.max(dim=1, keepdim=True).values)
grads(e / e.sum(dim=1, keepdim=True), x)

# --- bincount_histogram
show(torch.bincount(torch.tensor([0, 1, 1, 3])), torch.bincount(torch.tensor([1, 2]), minlength=5), torch.bincount(torch.tensor([0, 1, 1]), weights=torch.tensor([0.5, 1.0, 2.0])))
show(torch.histc(torch.tensor([1.0, 2.0, 1.0]), bins=4, min=0, max=3))

# --- cov_corrcoef
x = data(2, 5)
show(torch.cov(x), torch.corrcoef(x))

# --- trace
x = data(3, 3, grad=True)
grads(torch.trace(x), x)
grads(x.trace(), x)
