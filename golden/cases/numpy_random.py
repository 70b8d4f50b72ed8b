"""Random numbers of numpy: every one of them the same."""
import numpy as np

# --- seed_rand exact
np.random.seed(42)
print(np.random.rand(3).tolist(), np.random.rand(), np.random.rand(2, 2))

# --- seed_randn
np.random.seed(0)
print(np.random.randn(4).tolist(), np.random.randn(), np.random.randn(2, 3))

# --- seed_randint
np.random.seed(1)
print(np.random.randint(10, size=8), np.random.randint(0, 2, 5), np.random.randint(5, 15, (2, 3)), np.random.randint(3), np.random.randint(0, 10**12), np.random.randint(-5, 5, size=4))

# --- randint_dtypes
np.random.seed(3)
print(repr(np.random.randint(0, 256, 5, dtype=np.uint8)), repr(np.random.randint(0, 9, 4, dtype=np.int32)), np.random.randint(0, 2, 6, dtype=bool), type(np.random.randint(5)).__name__)

# --- randint_arrays
np.random.seed(4)
print(np.random.randint([1, 10, 100]), np.random.randint(0, [5, 50], size=(2, 2)))

# --- randint_errors
fails(lambda: np.random.randint(0))
fails(lambda: np.random.randint(5, 2))
fails(lambda: np.random.seed(-1))
fails(lambda: np.random.seed(1.5))
fails(lambda: np.random.normal(0, -1))

# --- random_uniform
np.random.seed(2)
print(np.random.random(2).tolist(), np.random.random_sample(), np.random.uniform(-1, 1, 3).tolist(), np.random.uniform(size=2), np.random.uniform([0, 10], [1, 20]))

# --- normal
np.random.seed(5)
print(np.random.normal(5, 2, 3).tolist(), np.random.normal(), np.random.normal(size=(2, 2)), np.random.standard_normal(2), np.random.normal([0, 100], [1, 10]))

# --- choice
np.random.seed(6)
print(np.random.choice(5), np.random.choice(5, 3), np.random.choice([10, 20, 30], 4), np.random.choice(5, 5, replace=False), np.random.choice(["a", "b"]), np.random.choice(10, (2, 2)))

# --- choice_p
np.random.seed(7)
print(np.random.choice(3, 6, p=[0.1, 0.2, 0.7]), np.random.choice([1, 2, 3], p=[0.5, 0.25, 0.25]), np.random.choice(4, 3, replace=False, p=[0.1, 0.2, 0.3, 0.4]))

# --- choice_errors
fails(lambda: np.random.choice(3, 4, replace=False))
fails(lambda: np.random.choice(2, p=[0.5, 0.6]))
fails(lambda: np.random.choice([]))

# --- shuffle
np.random.seed(8)
a, b, c = np.arange(8), [1, 2, 3, 4], np.arange(6).reshape(3, 2)
np.random.shuffle(a)
np.random.shuffle(b)
np.random.shuffle(c)
print(a, b, c)

# --- permutation
np.random.seed(9)
print(np.random.permutation(6), np.random.permutation([4, 5, 6]), np.random.permutation(np.arange(6).reshape(3, 2)))

# --- distributions
np.random.seed(10)
print(np.random.exponential(2, 2).tolist(), np.random.gamma(2, 1, 2).tolist(), np.random.beta(2, 3, 2).tolist(), np.random.laplace(size=2).tolist(), np.random.lognormal(size=1).tolist(), np.random.chisquare(3, 2).tolist(), np.random.standard_t(4), np.random.gumbel(), np.random.logistic())

# --- distributions_more
np.random.seed(11)
print(np.random.rayleigh(2), np.random.pareto(3), np.random.power(2), np.random.weibull(1.5), np.random.triangular(0, 1, 3), np.random.standard_cauchy(), np.random.standard_gamma(0.5), np.random.dirichlet([1, 2, 3]), np.random.standard_exponential(2))

# --- counts
np.random.seed(12)
print(np.random.poisson(3, 6), np.random.poisson(100, 3), np.random.binomial(10, 0.3, 5), np.random.binomial(1000, 0.6, 3), np.random.geometric(0.2, 3), np.random.multinomial(10, [0.2, 0.3, 0.5]), np.random.poisson(), np.random.binomial(1, 0.5))

# --- random_state
rng = np.random.RandomState(0)
other = np.random.RandomState(0)
print(rng.rand(2).tolist(), rng.randn(2).tolist(), rng.randint(10, size=3), rng.permutation(4), rng.choice(5, 2), other.rand(2).tolist(), rng.uniform(1, 2), rng.normal(3, 1))

# --- random_state_array_seed
print(np.random.RandomState([1, 2, 3]).rand(2).tolist(), np.random.RandomState(2**32 - 1).randint(100, size=3))

# --- state
np.random.seed(13)
np.random.randn(3)
state = np.random.get_state()
first = np.random.randn(3)
np.random.set_state(state)
print(np.array_equal(first, np.random.randn(3)), state[0], state[2], state[3])

# --- seeds_repeat
np.random.seed(1)
a = np.random.rand(3)
np.random.seed(1)
print((a == np.random.rand(3)).all())

# --- random_integers_bytes
np.random.seed(14)
print(np.random.bytes(5), np.random.ranf(2).tolist(), np.random.sample())

# --- generator_random
rng = np.random.default_rng(42)
print(rng.random(3).tolist(), rng.random(), rng.random((2, 2)), rng.random(2, dtype=np.float32).tolist(), rng)

# --- generator_normal
rng = np.random.default_rng(0)
print(rng.normal(size=3).tolist(), rng.standard_normal(2).tolist(), rng.normal(10, 2), rng.normal([0, 10], 1), rng.standard_normal(3, dtype=np.float32).tolist(), rng.standard_normal((2, 2)))

# --- generator_integers
rng = np.random.default_rng(1)
print(rng.integers(10, size=6), rng.integers(5, 10, 3), rng.integers(1, 6, size=4, endpoint=True), repr(rng.integers(100)), rng.integers(0, 10**12, 2), rng.integers(0, 256, 3, dtype=np.uint8), rng.integers(0, 5, 3, dtype=np.int32), rng.integers([10, 100]), rng.integers(2, size=(2, 2)))

# --- generator_choice
rng = np.random.default_rng(2)
print(rng.choice(5), rng.choice(10, 3), rng.choice(10, 4, replace=False), rng.choice([1.5, 2.5], 3), rng.choice(3, 5, p=[0.2, 0.3, 0.5]), rng.choice(6, 3, replace=False, p=[0.1, 0.1, 0.2, 0.2, 0.2, 0.2]), rng.choice(np.arange(6).reshape(3, 2), 2), rng.choice(["x", "y", "z"]))

# --- generator_choice_large
rng = np.random.default_rng(3)
print(rng.choice(20000, 5, replace=False), rng.choice(20000, 1000, replace=False)[:5], rng.choice(100, 10, replace=False, shuffle=False))

# --- generator_shuffle
rng = np.random.default_rng(4)
a, b = np.arange(6), [1, 2, 3]
rng.shuffle(a)
rng.shuffle(b)
c = np.arange(6).reshape(3, 2)
rng.shuffle(c)
print(a, b, c, rng.permutation(5), rng.permutation([7, 8, 9]), rng.permutation(np.arange(6).reshape(2, 3), axis=1))

# --- generator_distributions
rng = np.random.default_rng(5)
print(rng.uniform(-1, 1, 2).tolist(), rng.exponential(2, 2).tolist(), rng.gamma(2, 1, 2).tolist(), rng.beta(2, 3), rng.laplace(), rng.poisson(4, 4), rng.poisson(40, 2), rng.binomial(10, 0.4, 3), rng.geometric(0.3, 2), rng.lognormal(), rng.chisquare(2), rng.standard_t(3), rng.rayleigh(), rng.weibull(2), rng.triangular(0, 1, 2), rng.pareto(2), rng.power(3))

# --- generator_seeds
print(np.random.default_rng([1, 2]).random(), np.random.default_rng(2**70).random(), np.random.default_rng(np.random.SeedSequence(5)).random(), np.random.Generator(np.random.PCG64(7)).random(), np.random.Generator(np.random.MT19937(7)).random())

# --- generator_spawn
children = np.random.SeedSequence(9).spawn(2)
print([np.random.default_rng(child).random() for child in children], [child.random() for child in np.random.default_rng(3).spawn(2)])

# --- generator_errors
rng = np.random.default_rng(0)
fails(lambda: rng.integers(5, 2))
fails(lambda: rng.choice(3, 4, replace=False))
fails(lambda: np.random.default_rng(-1))
fails(lambda: rng.choice(2, p=[0.5, 0.6]))

# --- multivariate_normal close
np.random.seed(0)
print(np.random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 3), np.random.multivariate_normal([1, 2], [[1, 0], [0, 4]], 2))

# --- multivariate_normal_more close
np.random.seed(1)
print(np.random.multivariate_normal([0, 0], [[2, -0.3], [-0.3, 0.5]], 2), np.random.multivariate_normal([0, 0], np.eye(2)), np.random.default_rng(0).multivariate_normal([0, 0], [[2, 0.7], [0.7, 1]], 2))

# --- blobs
np.random.seed(0)
X = np.vstack([np.random.randn(3, 2) + [2, 2], np.random.randn(3, 2) - [2, 2]])
y = np.hstack([np.zeros(3), np.ones(3)])
order = np.random.permutation(len(X))
print(X[order], y[order])

# --- noise
np.random.seed(0)
x = np.linspace(0, 1, 5)
y = 3 * x + 2 + np.random.normal(0, 0.1, x.shape)
print(y.tolist())

# --- weights
rng = np.random.default_rng(0)
W = rng.standard_normal((3, 2)) * np.sqrt(2 / 3)
print(W.tolist(), (rng.random((2, 3)) > 0.5) / 0.5)

# --- long_streams
np.random.seed(123)
print(np.random.randn(10000).sum(), np.random.rand(10000).mean(), np.random.randint(0, 1000, 10000).sum(), np.random.default_rng(1).standard_normal(100000).std(), np.random.default_rng(1).exponential(size=100000).mean())
