"""Distributions: their samples, log-probabilities, entropies, divergences and errors."""
from torch import distributions as D

# --- normal
d = D.Normal(torch.tensor([0.0, 1.0]), torch.tensor([1.0, 2.5]))
show(repr(d), d.sample(), d.sample((3,)), d.rsample((2, 2)))
show(d.log_prob(torch.tensor([0.5, -1.0])), d.entropy(), d.cdf(torch.tensor([0.1, 0.2])), d.icdf(torch.tensor([0.1, 0.7])))
show(d.mean, d.stddev, d.variance, d.mode, d.batch_shape, d.event_shape)
show(repr(D.Normal(0.0, 1.0)), D.Normal(0.0, torch.tensor([1.0, 2.0])).sample())

# --- normal_gradients
loc = torch.tensor([0.3, -0.2], requires_grad=True)
scale = torch.tensor([0.5, 1.5], requires_grad=True)
d = D.Normal(loc, scale)
(d.rsample((4,)).square().mean() + d.entropy().sum()).backward()
show(loc.grad, scale.grad, d.sample().requires_grad)

# --- categorical
d = D.Categorical(torch.tensor([0.2, 0.3, 0.5]))
show(repr(d), d.sample(), d.sample((6,)), d.entropy(), d.mode, d.logits)
show(d.log_prob(torch.tensor([0, 1, 2])), d.enumerate_support(), d.mean, d.perplexity())
d = D.Categorical(logits=torch.randn(4, 3))
show(repr(d), d.sample(), d.sample((2, 2)).shape, d.probs, d.log_prob(torch.tensor([0, 1, 2, 0])), d.entropy())
show(d.expand((2, 4)).sample().shape, D.Categorical(probs=torch.tensor([1.0, 3.0])).probs)

# --- categorical_gradients
logits = torch.tensor([[0.1, 0.5, -0.3], [1.0, 0.0, 0.2]], requires_grad=True)
d = D.Categorical(logits=logits)
action = d.sample()
show(action)
(-(d.log_prob(action) * torch.tensor([1.0, -0.5])).sum() - 0.01 * d.entropy().mean()).backward()
show(logits.grad)

# --- bernoulli
d = D.Bernoulli(torch.tensor([0.3, 0.9]))
show(repr(d), d.sample((5,)), d.log_prob(torch.tensor([1.0, 0.0])), d.entropy(), d.mean, d.variance)
d = D.Bernoulli(logits=torch.tensor([0.5, -2.0, 0.0]))
show(repr(d), d.probs, d.sample(), d.log_prob(torch.ones(3)), d.mode, d.enumerate_support())
show(D.Bernoulli(0.25).log_prob(torch.tensor(1.0)))

# --- uniform_exponential_laplace
u = D.Uniform(torch.tensor([0.0, -1.0]), torch.tensor([1.0, 3.0]))
show(repr(u), u.sample(), u.rsample((2,)), u.log_prob(torch.tensor([0.5, 2.0])), u.entropy(), u.mean, u.stddev)
e = D.Exponential(torch.tensor([0.5, 2.0]))
show(repr(e), e.sample((3,)), e.log_prob(torch.tensor([1.0, 0.2])), e.entropy(), e.mean, e.icdf(torch.tensor(0.5)))
p = D.Laplace(0.0, torch.tensor([1.0, 2.0]))
show(repr(p), p.sample((2,)), p.log_prob(torch.tensor([1.0, -0.2])), p.entropy(), p.cdf(torch.tensor(0.3)))
n = D.LogNormal(torch.tensor([0.1, 0.2]), 0.5)
show(n.sample(), n.log_prob(torch.tensor([1.0, 2.0])), n.mean, n.variance, n.entropy(), n.mode)

# --- one_hot
d = D.OneHotCategorical(torch.tensor([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]]))
show(d.sample(), d.log_prob(torch.eye(3)[:2]), d.entropy(), d.event_shape, d.mode, repr(d))

# --- independent
d = D.Independent(D.Normal(torch.zeros(3, 2), torch.ones(3, 2)), 1)
show(repr(d), d.sample(), d.log_prob(torch.ones(3, 2)), d.entropy(), d.batch_shape, d.event_shape)
show(d.expand((4, 3)).batch_shape, d.mean)

# --- multivariate_normal
d = D.MultivariateNormal(torch.tensor([1.0, -1.0]), torch.tensor([[2.0, 0.5], [0.5, 1.0]]))
show(repr(d), d.sample(), d.rsample((3,)), d.log_prob(torch.zeros(2)), d.log_prob(torch.ones(4, 2)), d.entropy())
show(d.variance, d.scale_tril, d.precision_matrix)
d = D.MultivariateNormal(torch.zeros(3, 2), scale_tril=torch.eye(2))
show(d.sample().shape, d.log_prob(torch.ones(2)), d.covariance_matrix.shape, repr(d))

# --- divergences
show(D.kl_divergence(D.Normal(torch.tensor([0.0, 1.0]), 1.0), D.Normal(0.5, torch.tensor([2.0, 0.3]))))
show(D.kl_divergence(D.Bernoulli(torch.tensor([0.2, 0.0])), D.Bernoulli(torch.tensor([0.6, 0.4]))))
show(D.kl_divergence(D.Categorical(torch.tensor([0.2, 0.8, 0.0])), D.Categorical(torch.tensor([0.5, 0.3, 0.2]))))
show(D.kl_divergence(D.Exponential(torch.tensor(2.0)), D.Exponential(torch.tensor(3.0))))
show(D.kl_divergence(D.Laplace(0.0, 1.0), D.Laplace(1.0, 2.0)), D.kl_divergence(D.Uniform(0.0, 1.0), D.Uniform(-1.0, 2.0)))
a = D.MultivariateNormal(torch.zeros(2), torch.eye(2))
b = D.MultivariateNormal(torch.ones(2), torch.tensor([[2.0, 0.5], [0.5, 1.0]]))
show(D.kl_divergence(a, b), D.kl_divergence(b, a))
i = D.Independent(D.Normal(torch.zeros(3), 1.0), 1)
show(D.kl_divergence(i, D.Independent(D.Normal(torch.ones(3), 2.0), 1)))
fails(lambda: D.kl_divergence(a, D.Normal(0.0, 1.0)))

# --- triangular
a = torch.tensor([[2.0, 1.0, 0.5], [0.0, 1.5, -1.0], [7.0, 0.0, 3.0]], requires_grad=True)
b = data(3, 2, grad=True)
grads(torch.linalg.solve_triangular(a, b, upper=True), a, b)
show(torch.linalg.solve_triangular(a, b, upper=False), torch.linalg.solve_triangular(a, b, upper=True, unitriangular=True))
show(torch.linalg.solve_triangular(a, b.T, upper=True, left=False), torch.linalg.solve_triangular(a.expand(2, 3, 3), b, upper=True))

# --- batched_cholesky
a = torch.tensor([[[2.0, 0.5], [0.5, 1.0]], [[4.0, -1.0], [-1.0, 3.0]]], requires_grad=True)
grads(torch.linalg.cholesky(a), a)
d = D.MultivariateNormal(torch.zeros(3, 2), torch.diag(torch.full((2,), 0.5)))
show(d.sample(), d.log_prob(torch.ones(2)), repr(d))
from torch.distributions.categorical import Categorical
from torch.distributions.normal import Normal
show(Categorical is D.Categorical, Normal is D.Normal)

# --- errors
fails(lambda: D.Normal(torch.tensor([0.0, float("nan")]), torch.ones(2)))
fails(lambda: D.Normal(0.0, -1.0))
fails(lambda: D.Categorical(torch.tensor([-1.0, 2.0])))
fails(lambda: D.Categorical(logits=torch.tensor(1.0)))
fails(lambda: D.Categorical())
fails(lambda: D.Categorical(torch.tensor([0.5, 0.5])).log_prob(torch.tensor(2)))
fails(lambda: D.Bernoulli(torch.tensor([0.5, 1.5])))
fails(lambda: D.Bernoulli(0.5).log_prob(torch.tensor(0.3)))
fails(lambda: D.Uniform(1.0, 0.0))
fails(lambda: D.Normal(torch.zeros(3), 1.0).log_prob(torch.zeros(2)))
fails(lambda: D.Normal(0.0, 1.0).log_prob(0.5))
fails(lambda: D.MultivariateNormal(torch.zeros(2)))
fails(lambda: D.Independent(D.Normal(0.0, 1.0), 1))
d = D.Normal(0.0, -1.0, validate_args=False)
show(d.scale)
