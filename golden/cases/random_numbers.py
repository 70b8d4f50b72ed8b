"""Random numbers: the same seed gives the same numbers."""

# --- rand exact
for n in (1, 2, 8, 15, 16, 17, 23, 32, 33):
    show(torch.rand(n))

# --- rand_shapes exact
show(torch.rand(2, 3), torch.rand((3, 2)), torch.rand(()), torch.rand(0), torch.rand(size=(2,)), torch.rand(2, 2, dtype=torch.float64), torch.rand([4]))

# --- rand_hundred exact
show(torch.rand(100))

# --- rand_double exact
for n in (1, 15, 16, 17, 23):
    show(torch.rand(n, dtype=torch.float64))

# --- randn_below_sixteen
for n in (1, 2, 3, 5, 8, 15):
    show(torch.randn(n))

# --- randn_from_sixteen
for n in (16, 17, 23, 24, 31, 32, 33):
    show(torch.randn(n))

# --- randn_hundred
show(torch.randn(100))

# --- randn_double
for n in (1, 3, 15, 16, 17, 23, 40):
    show(torch.randn(n, dtype=torch.float64))

# --- randn_shapes
show(torch.randn(2, 3), torch.randn((4, 4)), torch.randn(()), torch.randn(0), torch.randn(3, 3, requires_grad=True), torch.randn(size=(2,)))

# --- randn_odd_then_even
show(torch.randn(3), torch.randn(3), torch.rand(1), torch.randn(1), torch.randn(1))

# --- randn_pair_cache
show(torch.randn(1), torch.randn(1), torch.randn(1), torch.rand(2), torch.randn(2), torch.randn(16), torch.randn(1))

# --- seeds
for seed in (0, 1, 42, 1337, 2**31, 2**40 + 7, -1):
    torch.manual_seed(seed)
    show(torch.rand(2), torch.randn(2), torch.randint(0, 100, (3,)))

# --- manual_seed_returns_generator
g = torch.manual_seed(5)
show(torch.rand(2), torch.initial_seed(), g.initial_seed())

# --- randint
show(torch.randint(10, (5,)), torch.randint(3, 8, (2, 3)), torch.randint(low=0, high=2, size=(4,)), torch.randint(-5, 5, (6,)), torch.randint(0, 1, (2,)), torch.randint(10, (2,), dtype=torch.int32), torch.randint(0, 10, (3,), dtype=torch.float32), torch.randint(100, ()))

# --- randint_large_ranges
show(torch.randint(0, 2**31, (4,)), torch.randint(0, 2**32, (4,)), torch.randint(0, 2**33, (4,)), torch.randint(0, 2**62, (4,)), torch.randint(-(2**40), 2**40, (3,)), torch.randint(0, 2**32 - 1, (2,)))

# --- randint_long
show(torch.randint(0, 1000, (40,)))

# --- randint_errors
fails(lambda: torch.randint(5, 5, (2,)))
fails(lambda: torch.randint(0, 300, (2,), dtype=torch.uint8))

# --- randint_like_rand_like
x = torch.zeros(2, 3)
show(torch.rand_like(x), torch.randn_like(x), torch.randint_like(x, 5), torch.randint_like(x, 2, 9), torch.rand_like(x, dtype=torch.float64), torch.randn_like(torch.zeros(4, 5)))

# --- rand_like_of_transposed
x = torch.zeros(3, 2).t()
show(torch.rand_like(x), torch.randn_like(torch.zeros(5, 4).t()))

# --- randperm
for n in (0, 1, 2, 5, 10, 20):
    show(torch.randperm(n))

# --- randperm_long
show(torch.randperm(100), torch.randperm(7, dtype=torch.int32))

# --- randperm_shuffle_idiom
x = torch.arange(6) * 10
order = torch.randperm(6)
show(x[order], x[torch.randperm(len(x))[:3]])

# --- uniform_ rtol=1e-6 atol=1e-7
x = torch.zeros(5)
show(x.uniform_().clone(), x.uniform_(-1, 1).clone(), x.uniform_(5, 6).clone(), torch.empty(20).uniform_(0, 10), torch.empty(3, dtype=torch.float64).uniform_(-2, 2), torch.FloatTensor(4).uniform_(-0.1, 0.1))

# --- uniform_on_strided
x = torch.zeros(2, 3)
x.t().uniform_()
show(x)
y = torch.zeros(4, 4)
y[1].uniform_()
y[:, 2].uniform_(-1, 0)
show(y)

# --- normal_
x = torch.zeros(5)
show(x.normal_().clone(), x.normal_(2, 3).clone(), torch.empty(20).normal_(mean=-1, std=0.5), torch.empty(17, dtype=torch.float64).normal_(0, 0.02), torch.empty(3, 5).normal_(std=0.1))

# --- normal_on_strided
x = torch.zeros(4, 5)
x.t().normal_()
show(x)
y = torch.zeros(5, 4)
y[:, 1].normal_()
show(y)

# --- normal_function
show(torch.normal(0.0, 1.0, (3,)), torch.normal(2, 0.5, size=(2, 2)), torch.normal(torch.tensor([0.0, 10.0]), torch.tensor([1.0, 0.1])), torch.normal(torch.arange(3.0), 0.5), torch.normal(1.0, torch.tensor([1.0, 2.0])), torch.normal(0, 0.01, size=(20,)))

# --- normal_errors
fails(lambda: torch.empty(2).normal_(0, -1))
fails(lambda: torch.empty(2).uniform_(1, 0))
fails(lambda: torch.rand(-1))
fails(lambda: torch.zeros(2, dtype=torch.int64).normal_())

# --- bernoulli
p = torch.full((20,), 0.3)
show(torch.bernoulli(p), torch.bernoulli(torch.tensor([0.0, 1.0, 0.5])), torch.empty(10).bernoulli_(0.5), torch.empty(10).bernoulli_(p[:10]), torch.zeros(4).bernoulli(0.7), torch.empty(5, dtype=torch.int64).bernoulli_(0.5), torch.bernoulli(p.double()))
fails(lambda: torch.bernoulli(torch.tensor([1.5])))

# --- bernoulli_long
show(torch.empty(100).bernoulli_(0.2), torch.empty(3, 7).bernoulli_(0.6))

# --- dropout_masks
x = torch.ones(40)
show(F.dropout(x, 0.5), F.dropout(x, 0.1), F.dropout(torch.ones(4, 4), 0.7))

# --- dropout_double
show(F.dropout(torch.ones(25, dtype=torch.float64), 0.3))

# --- dropout_of_transposed
show(F.dropout(data(3, 4).t(), 0.5))

# --- dropout_sequence
m = nn.Dropout(0.5)
show(m(torch.ones(3)), m(torch.ones(3)), torch.rand(1), m(torch.ones(17)))

# --- multinomial
w = torch.tensor([0.1, 0.2, 0.3, 0.4])
show(torch.multinomial(w, 1), torch.multinomial(w, 4), torch.multinomial(w, 10, replacement=True), torch.multinomial(w, 2), w.multinomial(num_samples=3, replacement=True))

# --- multinomial_rows
w = torch.tensor([[0.0, 10.0, 3.0, 0.0], [1.0, 1.0, 1.0, 1.0]])
show(torch.multinomial(w, 2), torch.multinomial(w, 5, replacement=True), torch.multinomial(w, 1))

# --- multinomial_double
show(torch.multinomial(torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64), 6, replacement=True), torch.multinomial(torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64), 2))

# --- multinomial_errors
fails(lambda: torch.multinomial(torch.tensor([1.0, 0.0]), 3))
fails(lambda: torch.multinomial(torch.tensor([-1.0, 1.0]), 1))
fails(lambda: torch.multinomial(torch.tensor([0.0, 0.0]), 1))
fails(lambda: torch.multinomial(torch.tensor([1, 2]), 1))

# --- multinomial_with_generator
g = torch.Generator().manual_seed(2147483647)
p = torch.rand(3, generator=g)
p = p / p.sum()
show(p, torch.multinomial(p, num_samples=20, replacement=True, generator=g))

# --- sampling_letters
g = torch.Generator().manual_seed(2147483647)
probs = F.softmax(data(27), dim=0)
out = []
for _ in range(12):
    out.append(torch.multinomial(probs, num_samples=1, replacement=True, generator=g).item())
show(out)

# --- exponential
show(torch.empty(5).exponential_(), torch.empty(20).exponential_(2.0), torch.empty(3, dtype=torch.float64).exponential_())

# --- other_distributions
show(torch.empty(5).cauchy_(), torch.empty(5).log_normal_(), torch.empty(5).geometric_(0.4))

# --- poisson
show(torch.poisson(torch.tensor([0.5, 3.0, 20.0, 1.0])))

# --- random_
show(torch.zeros(4, dtype=torch.int64).random_(0, 10), torch.zeros(4, dtype=torch.int64).random_(5), torch.zeros(3, dtype=torch.int32).random_(), torch.zeros(3).random_(), torch.zeros(3, dtype=torch.uint8).random_(), torch.zeros(4, dtype=torch.bool).random_())

# --- generator_objects
g = torch.Generator()
g.manual_seed(7)
show(torch.rand(2, generator=g), torch.randn(2, generator=g), torch.randint(10, (3,), generator=g), torch.randperm(4, generator=g), g.initial_seed())
show(torch.rand(2))
h = torch.Generator().manual_seed(7)
show(torch.rand(2, generator=h), torch.empty(2).uniform_(generator=h), torch.empty(2).normal_(generator=h), torch.bernoulli(torch.tensor([0.5, 0.5]), generator=h), torch.normal(0.0, 1.0, (2,), generator=h))

# --- generator_default_seed
g = torch.Generator()
show(g.initial_seed(), torch.rand(2, generator=g), torch.rand(1, generator=torch.Generator()))

# --- generator_of_the_default
show(torch.default_generator.initial_seed(), torch.rand(1, generator=torch.default_generator), torch.rand(1))

# --- rng_state
state = torch.get_rng_state()
a = torch.rand(3)
b = torch.randn(3)
torch.set_rng_state(state)
show(torch.equal(a, torch.rand(3)), torch.equal(b, torch.randn(3)), state.dtype)
g = torch.Generator().manual_seed(3)
s = g.get_state()
c = torch.randn(1, generator=g)
d = torch.randn(1, generator=g)
g.set_state(s)
show(torch.equal(c, torch.randn(1, generator=g)), torch.equal(d, torch.randn(1, generator=g)))

# --- fork_rng
a = torch.rand(1)
with torch.random.fork_rng():
    torch.rand(10)
b = torch.rand(1)
show(a, b)

# --- seed_reset_repeats
torch.manual_seed(123)
a = torch.randn(4)
torch.manual_seed(123)
show(torch.equal(a, torch.randn(4)), a)

# --- consecutive_calls_of_different_kinds
show(torch.rand(1), torch.randint(0, 10, (1,)), torch.rand(1, dtype=torch.float64), torch.randperm(3), torch.rand(1), torch.randn(20), torch.rand(1), torch.bernoulli(torch.tensor([0.5])), torch.rand(1))

# --- twister_wraps_around
torch.rand(620)
show(torch.rand(8))
torch.randn(640)
show(torch.randn(4))
show(torch.rand(700)[690:])

# --- regression_data
x = torch.normal(0, 1, (10, 2))
y = torch.matmul(x, torch.tensor([1.5, -2.5])) + 0.75
y += torch.normal(0, 0.05, y.shape)
show(x, y.reshape((-1, 1)))

# --- noise_on_a_curve
x = torch.linspace(-1, 1, 20).unsqueeze(1)
y = x.pow(2) + 0.2 * torch.rand(x.size())
z = x + 0.1 * torch.randn(20, 1)
show(y, z)

# --- batch_of_offsets
torch.manual_seed(1337)
text = torch.arange(100)
ix = torch.randint(len(text) - 8, (4,))
x = torch.stack([text[i : i + 8] for i in ix])
show(ix, x)

# --- weights_and_batches_of_one_generator
g = torch.Generator().manual_seed(2147483647)
table = torch.randn((27, 2), generator=g)
first = torch.randn((6, 5), generator=g)
bias = torch.randn(5, generator=g)
show(table.sum(), first, bias, torch.randint(0, 32033, (32,), generator=g))

# --- large_samples rtol=1e-4
x = torch.randn(10000)
u = torch.rand(10000)
show(x.mean(), x.std(), x.min(), x.max(), u.mean(), u.var(), torch.randint(0, 6, (6000,)).bincount())
