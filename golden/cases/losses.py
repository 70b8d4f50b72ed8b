"""Loss functions and modules with every option, and their gradients."""

# --- mse
x = data(3, 2, grad=True)
y = data(3, 2, shift=7, grad=True)
grads(F.mse_loss(x, y), x, y)
grads(F.mse_loss(x, y, reduction="sum"), x, y)
grads(F.mse_loss(x, y, reduction="none"), x, y)
grads(nn.MSELoss()(x, y), x, y)
grads(nn.MSELoss(reduction="sum")(x, y), x)

# --- mse_broadcasts
x = data(3, 1, grad=True)
y = data(3, shift=7)
grads(F.mse_loss(x, y), x)

# --- l1
x = data(3, 2, grad=True)
y = data(3, 2, shift=7, grad=True)
grads(F.l1_loss(x, y), x, y)
grads(nn.L1Loss(reduction="none")(x, y), x, y)
grads(nn.L1Loss(reduction="sum")(x, x.detach()), x)

# --- smooth_l1
x = data(3, 2, grad=True)
y = data(3, 2, shift=7, grad=True)
grads(F.smooth_l1_loss(x, y), x, y)
grads(F.smooth_l1_loss(x, y, beta=0.5, reduction="none"), x, y)
grads(nn.SmoothL1Loss(beta=2.0)(x, y), x)
grads(F.smooth_l1_loss(x, y, beta=0.0), x)

# --- huber
x = data(3, 2, grad=True)
y = data(3, 2, shift=7, grad=True)
grads(F.huber_loss(x, y), x, y)
grads(F.huber_loss(x, y, delta=0.5, reduction="none"), x, y)
grads(nn.HuberLoss(delta=2.0, reduction="sum")(x, y), x)

# --- bce
x = data(3, 2, low=0.05, high=0.95, grad=True)
y = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.3, 1.0]])
grads(F.binary_cross_entropy(x, y), x)
grads(F.binary_cross_entropy(x, y, reduction="none"), x)
grads(nn.BCELoss()(x, y), x)
grads(nn.BCELoss(weight=torch.tensor([1.0, 2.0]), reduction="sum")(x, y), x)

# --- bce_at_the_ends
x = torch.tensor([0.0, 1.0, 0.0, 1.0], requires_grad=True)
grads(F.binary_cross_entropy(x, torch.tensor([0.0, 1.0, 1.0, 0.0]), reduction="none"), x)

# --- bce_errors
fails(lambda: F.binary_cross_entropy(torch.tensor([1.5]), torch.tensor([1.0])))
fails(lambda: F.binary_cross_entropy(torch.tensor([0.5]), torch.tensor([1.0, 0.0])))
fails(lambda: F.binary_cross_entropy(torch.tensor([0.5]), torch.tensor([1])))
fails(lambda: nn.BCELoss()(torch.rand(3, 1), torch.rand(3)))

# --- bce_with_logits
x = data(3, 2, grad=True)
y = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.3, 1.0]])
grads(F.binary_cross_entropy_with_logits(x, y), x)
grads(F.binary_cross_entropy_with_logits(x, y, reduction="none"), x)
grads(F.binary_cross_entropy_with_logits(x, y, pos_weight=torch.tensor([2.0, 0.5])), x)
grads(nn.BCEWithLogitsLoss(weight=torch.tensor([1.0, 3.0]))(x, y), x)
big = torch.tensor([100.0, -100.0], requires_grad=True)
grads(nn.BCEWithLogitsLoss()(big, torch.tensor([1.0, 1.0])), big)

# --- cross_entropy
x = data(3, 5, grad=True)
y = torch.tensor([1, 0, 4])
grads(F.cross_entropy(x, y), x)
grads(F.cross_entropy(x, y, reduction="sum"), x)
grads(F.cross_entropy(x, y, reduction="none"), x)
grads(nn.CrossEntropyLoss()(x, y), x)

# --- cross_entropy_weight
x = data(3, 5, grad=True)
y = torch.tensor([1, 0, 4])
w = torch.tensor([1.0, 2.0, 0.5, 1.0, 3.0])
grads(F.cross_entropy(x, y, weight=w), x)
grads(nn.CrossEntropyLoss(weight=w, reduction="none")(x, y), x)
grads(nn.CrossEntropyLoss(w, reduction="sum")(x, y), x)

# --- cross_entropy_ignore_index
x = data(4, 3, grad=True)
grads(F.cross_entropy(x, torch.tensor([1, -100, 2, -100])), x)
grads(F.cross_entropy(x, torch.tensor([1, 0, 2, 0]), ignore_index=0), x)
grads(nn.CrossEntropyLoss(ignore_index=2, reduction="none")(x, torch.tensor([1, 0, 2, 0])), x)
grads(F.cross_entropy(x, torch.tensor([0, 0, 0, 0]), ignore_index=0), x)

# --- cross_entropy_label_smoothing
x = data(3, 4, grad=True)
y = torch.tensor([1, 0, 3])
w = torch.tensor([1.0, 2.0, 0.5, 1.5])
grads(F.cross_entropy(x, y, label_smoothing=0.1), x)
grads(F.cross_entropy(x, y, weight=w, label_smoothing=0.2), x)
grads(nn.CrossEntropyLoss(label_smoothing=0.3, reduction="none")(x, y), x)
grads(F.cross_entropy(x, torch.tensor([1, -100, 2]), label_smoothing=0.1), x)

# --- cross_entropy_probability_targets
x = data(3, 4, grad=True)
p = F.softmax(data(3, 4, shift=9), 1).requires_grad_()
grads(F.cross_entropy(x, p), x, p)
grads(F.cross_entropy(x, p, reduction="none", label_smoothing=0.1), x)
grads(F.cross_entropy(x, p, weight=torch.tensor([1.0, 2.0, 0.5, 1.5])), x)

# --- cross_entropy_images
x = data(2, 3, 2, 2, grad=True)
y = torch.tensor([[[0, 1], [2, 0]], [[1, 1], [0, 2]]])
grads(F.cross_entropy(x, y), x)
grads(F.cross_entropy(x, y, reduction="none"), x)
grads(F.cross_entropy(x, y, weight=torch.tensor([1.0, 0.0, 2.0]), ignore_index=1), x)

# --- cross_entropy_sequences
x = data(2, 3, 5, grad=True)
y = torch.tensor([[0, 4, 2], [1, 1, 3]])
grads(F.cross_entropy(x.view(-1, 5), y.view(-1)), x)
grads(F.cross_entropy(x.transpose(1, 2), y), x)

# --- cross_entropy_unbatched
x = data(4, grad=True)
grads(F.cross_entropy(x, torch.tensor(2)), x)
grads(F.cross_entropy(x, torch.tensor([0.1, 0.2, 0.3, 0.4])), x)

# --- cross_entropy_large_logits
x = torch.tensor([[1000.0, 0.0], [-1000.0, 1000.0]], requires_grad=True)
grads(F.cross_entropy(x, torch.tensor([0, 0]), reduction="none"), x)

# --- cross_entropy_errors
x = torch.zeros(3, 4)
fails(lambda: F.cross_entropy(x, torch.tensor([0, 1, 4])))
fails(lambda: F.cross_entropy(x, torch.tensor([0, 1])))
fails(lambda: F.cross_entropy(x, torch.tensor([0.0, 1.0, 2.0])))
fails(lambda: F.cross_entropy(x, torch.tensor([[0], [1], [2]])))
fails(lambda: F.cross_entropy(x, torch.tensor([0, 1, -1])))
fails(lambda: F.cross_entropy(x, torch.tensor([0, 1, 2]), reduction="average"))
fails(lambda: F.cross_entropy(x, torch.tensor([0, 1, 2]), weight=torch.ones(3)))
fails(lambda: F.cross_entropy(x, torch.tensor([0, 1, 2], dtype=torch.int32)))
fails(lambda: F.cross_entropy(x, torch.tensor([0, 1, 2]), label_smoothing=2.0))

# --- cross_entropy_two_ways_agree
x = data(4, 3)
y = torch.tensor([0, 2, 1, 1])
a = F.cross_entropy(x, y)
b = F.nll_loss(F.log_softmax(x, dim=1), y)
c = -F.log_softmax(x, 1).gather(1, y[:, None]).mean()
d = (torch.logsumexp(x, 1) - x[torch.arange(4), y]).mean()
show(a, torch.allclose(a, b), torch.allclose(a, c), torch.allclose(a, d))

# --- nll
x = F.log_softmax(data(3, 4), 1).requires_grad_()
y = torch.tensor([1, 0, 3])
grads(F.nll_loss(x, y), x)
grads(F.nll_loss(x, y, reduction="none"), x)
grads(F.nll_loss(x, y, weight=torch.tensor([1.0, 2.0, 3.0, 4.0])), x)
grads(nn.NLLLoss(ignore_index=0)(x, y), x)
z = data(2, 3, 2, 2, grad=True)
grads(F.nll_loss(z, torch.tensor([[[0, 1], [2, 0]], [[1, 1], [0, 2]]])), z)

# --- kl_div
x = F.log_softmax(data(3, 4), 1).requires_grad_()
p = F.softmax(data(3, 4, shift=9), 1).requires_grad_()
grads(F.kl_div(x, p), x, p)
grads(F.kl_div(x, p, reduction="batchmean"), x)
grads(F.kl_div(x, p, reduction="sum"), x)
grads(F.kl_div(x, p, reduction="none"), x)
q = F.log_softmax(data(3, 4, shift=9), 1).requires_grad_()
grads(F.kl_div(x, q, reduction="batchmean", log_target=True), x, q)
grads(nn.KLDivLoss(reduction="batchmean")(x, p), x)
show(F.kl_div(torch.tensor([-1.0]), torch.tensor([0.0]), reduction="sum"))

# --- cosine_embedding
a = data(3, 4, grad=True)
b = data(3, 4, shift=7, grad=True)
y = torch.tensor([1, -1, 1])
grads(F.cosine_embedding_loss(a, b, y), a, b)
grads(F.cosine_embedding_loss(a, b, y, margin=0.2, reduction="none"), a, b)
grads(nn.CosineEmbeddingLoss(margin=-0.5)(a, b, -y), a, b)

# --- cosine_similarity_module
a = data(3, 4, grad=True)
b = data(3, 4, shift=7, grad=True)
grads(nn.CosineSimilarity(dim=1)(a, b), a, b)

# --- margin_losses
x = data(4, grad=True)
y = torch.tensor([1.0, -1.0, -1.0, 1.0])
grads(F.hinge_embedding_loss(x, y), x)
grads(F.soft_margin_loss(x, y), x)
z = data(4, shift=7, grad=True)
grads(F.margin_ranking_loss(x, z, y, margin=0.1), x, z)

# --- triplet
a = data(3, 4, grad=True)
p = data(3, 4, shift=7, grad=True)
n = data(3, 4, shift=15, grad=True)
grads(F.triplet_margin_loss(a, p, n, margin=1.0), a, p, n)

# --- gaussian_and_poisson_nll
x = data(4, grad=True)
y = data(4, shift=7)
v = data(4, low=0.5, high=2.0, shift=3, grad=True)
grads(F.gaussian_nll_loss(x, y, v), x, v)
grads(F.poisson_nll_loss(x, y.abs()), x)

# --- multi_label
x = data(2, 3, grad=True)
y = torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
grads(F.multilabel_soft_margin_loss(x, y), x)
grads(F.multi_margin_loss(x, torch.tensor([0, 2])), x)

# --- losses_in_double
x = data(3, 4, dtype=torch.float64, grad=True)
y = torch.tensor([1, 0, 3])
grads(F.cross_entropy(x, y), x)
grads(F.mse_loss(x, torch.zeros(3, 4, dtype=torch.float64)), x)
grads(F.binary_cross_entropy_with_logits(x, torch.ones(3, 4, dtype=torch.float64)), x)

# --- losses_of_empty_input
x = torch.zeros(0, 3, requires_grad=True)
grads(F.cross_entropy(x, torch.zeros(0, dtype=torch.int64)), x)
grads(F.mse_loss(x, torch.zeros(0, 3)), x)
grads(F.cross_entropy(x, torch.zeros(0, dtype=torch.int64), reduction="sum"), x)

# --- loss_dtype_errors
fails(lambda: F.mse_loss(torch.zeros(2), torch.zeros(3)))
fails(lambda: F.binary_cross_entropy_with_logits(torch.zeros(2), torch.zeros(3)))
fails(lambda: F.nll_loss(torch.zeros(2, 3), torch.tensor([0, 3])))
fails(lambda: F.l1_loss(torch.zeros(2), torch.zeros(2), reduction="nothing"))

# --- regularised_loss
w = data(3, 2, grad=True)
x = data(4, 3, shift=5)
y = data(4, 2, shift=8)
grads(F.mse_loss(x @ w, y) + 0.01 * w.abs().sum() + 0.1 * (w**2).sum(), w)

# --- variational_loss_idiom
mu = data(3, 2, grad=True)
logvar = data(3, 2, shift=6, grad=True)
grads(-0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp()), mu, logvar)
