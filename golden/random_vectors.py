"""Writes crates/engine/tests/data/random.json: what real PyTorch 2.15 draws, for the tests of crates/engine/src/random.

Run by hand with a Python that has torch, from the root of the project:
    python golden/random_vectors.py
Floats are written as the integers of their bits, so that the comparison is exact.
"""

import json
import math
from pathlib import Path

import torch

BITS = {torch.float32: torch.int32, torch.float64: torch.int64}
NAMES = {
    torch.bool: "bool", torch.uint8: "u8", torch.int32: "i32", torch.int64: "i64",
    torch.float32: "f32", torch.float64: "f64",
}
LIMIT = 8
cases = []


def integers(tensor):
    tensor = tensor.detach().reshape(-1)
    if tensor.dtype in BITS:
        tensor = tensor.view(BITS[tensor.dtype])
    return [int(value) for value in tensor.tolist()]


def case(op, tensor, seed, **arguments):
    """Records `tensor`, drawn after `torch.manual_seed(seed)`, and the words that follow it."""
    values = integers(tensor)
    cases.append({
        "op": op, "dtype": NAMES[tensor.dtype], "seed": seed, "length": len(values), **arguments,
        "first": values[:LIMIT], "last": values[-LIMIT:], "fnv": fnv(values),
        "next": int(torch.randint(0, 1 << 27, (1,)).item()),
    })


def fnv(values):
    """FNV-1a over the values as 64-bit little-endian integers; as text, since JSON numbers are doubles to many readers."""
    state = 0xCBF29CE484222325
    for value in values:
        for byte in (value & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "little"):
            state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return format(state, "016x")


FLOATS = (torch.float32, torch.float64)

for dtype in FLOATS:
    for seed, length in ((0, 5), (42, 700), (1234, 5000)):
        torch.manual_seed(seed)
        case("uniform", torch.rand(length, dtype=dtype), seed, **{"from": 0.0, "to": 1.0})
    for low, high in ((-0.37, 1.1), (-1 / math.sqrt(784), 1 / math.sqrt(784)), (3.0, 3.0), (-1e30, 1e30)):
        torch.manual_seed(7)
        case("uniform", torch.empty(3000, dtype=dtype).uniform_(low, high), 7, **{"from": low, "to": high})
    for length in (1, 2, 3, 8, 15, 16, 17, 20, 31, 32, 33, 100, 1000, 4099):
        torch.manual_seed(length)
        case("normal", torch.randn(length, dtype=dtype), length, mean=0.0, std=1.0)
    for length in (7, 64, 777):
        torch.manual_seed(3)
        case("normal", torch.empty(length, dtype=dtype).normal_(0.3, 1.7), 3, mean=0.3, std=1.7)
    torch.manual_seed(5)
    case("normal_serial", torch.empty(6, 7, dtype=dtype).t().normal_(-2.0, 0.02).t(), 5, mean=-2.0, std=0.02)
    for rate in (1.0, 0.3):
        torch.manual_seed(11)
        case("exponential", torch.empty(500, dtype=dtype).exponential_(rate), 11, rate=rate)
    torch.manual_seed(12)
    case("cauchy", torch.empty(500, dtype=dtype).cauchy_(0.3, 1.7), 12, median=0.3, sigma=1.7)
    torch.manual_seed(13)
    case("log_normal", torch.empty(500, dtype=dtype).log_normal_(0.3, 0.7), 13, mean=0.3, std=0.7)
    torch.manual_seed(14)
    case("poisson", torch.poisson(torch.empty(400, dtype=dtype).uniform_(0, 60)), 14)

for dtype in NAMES:
    torch.manual_seed(21)
    case("random", torch.empty(300, dtype=dtype).random_(), 21)
    for p in (0.0, 0.25, 0.5, 0.9, 1.0):
        torch.manual_seed(22)
        case("bernoulli", torch.empty(300, dtype=dtype).bernoulli_(p), 22, p=p)
    for probabilities in FLOATS:
        torch.manual_seed(23)
        p = torch.rand(200, dtype=probabilities)
        case("bernoulli_each", torch.empty(200, dtype=dtype).bernoulli_(p), 23, probabilities=NAMES[probabilities])
    if dtype != torch.bool:
        torch.manual_seed(24)
        case("geometric", torch.empty(300, dtype=dtype).geometric_(0.3), 24, p=0.3)
    ranges = [(0, 2), (0, 10), (0, 100)]
    if dtype not in (torch.bool, torch.uint8):
        ranges += [(-5, 5), (0, (1 << 28) - 1), (0, 1 << 28), (-(1 << 30), 1 << 30)]
    if dtype in (torch.int64, torch.float64):
        ranges += [(0, 1 << 32), (-(1 << 62), 1 << 62)]
    for low, high in ranges:
        if dtype == torch.bool and high > 2:
            continue
        torch.manual_seed(25)
        case("random_between", torch.empty(200, dtype=dtype).random_(low, high), 25, **{"from": low, "to": high})

for dtype in (torch.int64, torch.float32, torch.float64):
    torch.manual_seed(26)
    case("random_full_range", torch.empty(100, dtype=dtype).random_(-(1 << 63), None), 26)

for length in (*range(1, 101), 20_000, 100_000):
    torch.manual_seed(length)
    case("randperm", torch.randperm(length), length)

for dtype in FLOATS:
    for rows, categories, samples, replacement in (
        (1, 10, 4, False), (1, 10, 1, True), (1, 10, 1, False), (1, 10, 10, False), (1, 10, 500, True),
        (3, 65, 1, False), (3, 65, 20, False), (2, 50_257, 3, False), (2, 5_000, 40, True),
    ):
        torch.manual_seed(31)
        weights = torch.rand(rows, categories, dtype=dtype)
        drawn = torch.multinomial(weights, samples, replacement=replacement)
        case("multinomial", drawn, 31, weights=NAMES[dtype], rows=rows, categories=categories, samples=samples,
             replacement=replacement)

states = []
for seed, draws in ((0, 0), (42, 1), (42, 700), (2**40 + 3, 623), (5, 624)):
    generator = torch.Generator().manual_seed(seed)
    torch.rand(draws, generator=generator)
    spare = draws % 2 == 1
    if spare:
        torch.randn(1, generator=generator)
    state = generator.get_state().tolist()
    states.append({"seed": seed, "draws": draws, "spare": spare, "fnv": fnv(state),
                   "next": int(torch.randint(0, 1 << 27, (1,), generator=generator).item())})

special = {}
torch.manual_seed(41)
grids = {
    "erf": torch.linspace(-5, 5, 101, dtype=torch.float64),
    "erfc": torch.linspace(-5, 20, 101, dtype=torch.float64),
    "erfinv": torch.cat([torch.linspace(-0.999, 0.999, 101, dtype=torch.float64),
                         torch.tensor([1e-12, -1e-6, 0.9999999, 1 - 1e-12], dtype=torch.float64)]),
    "lgamma": torch.cat([torch.linspace(0.05, 30, 101, dtype=torch.float64), torch.tensor([-0.5, -2.3, 1e5], dtype=torch.float64)]),
    "digamma": torch.cat([torch.linspace(0.05, 30, 101, dtype=torch.float64), torch.tensor([-0.5, -2.3, 1e5], dtype=torch.float64)]),
}
for name, grid in grids.items():
    special[name] = {"x": integers(grid), "y": integers(getattr(torch, name)(grid))}

ops = {}


def op(name, call):
    """Records what an op gives after `torch.manual_seed(99)`, in row-major order."""
    torch.manual_seed(99)
    tensor = call()
    ops[name] = {"values": integers(tensor.contiguous()), "next": int(torch.randint(0, 1 << 27, (1,)).item())}


ramp = torch.linspace(0.05, 0.95, 40).reshape(5, 8)
functional = torch.nn.functional
op("uniform_ transposed", lambda: torch.empty(5, 8).t().uniform_(-1, 1))
op("uniform_ sliced", lambda: torch.empty(5, 16)[:, ::2].uniform_())
op("normal_ transposed", lambda: torch.empty(5, 8).t().normal_(1, 2))
op("normal_ sliced", lambda: torch.empty(5, 16)[:, ::2].normal_())
op("normal_ contiguous", lambda: torch.empty(5, 8).normal_(1, 2))
op("rand_like transposed", lambda: torch.rand_like(ramp.t()))
op("randn_like transposed", lambda: torch.randn_like(ramp.t()))
op("randn_like sliced", lambda: torch.randn_like(torch.ones(5, 16)[:, ::2]))
op("randint_like", lambda: torch.randint_like(ramp, -3, 9))
op("normal mean", lambda: torch.normal(ramp, 0.5))
op("normal std", lambda: torch.normal(0.25, ramp))
op("normal both", lambda: torch.normal(ramp, ramp[0].double()))
op("bernoulli", lambda: torch.bernoulli(ramp.t()))
op("bernoulli_ each", lambda: torch.empty(8, 5).t().bernoulli_(ramp))
op("bernoulli_ row", lambda: torch.empty(5, 8).bernoulli_(ramp[1]))
op("multinomial transposed", lambda: torch.multinomial(ramp.t(), 3))
op("dropout", lambda: functional.dropout(ramp, 0.3))
op("dropout float64 transposed", lambda: functional.dropout(ramp.double().t(), 0.3))
op("dropout all", lambda: functional.dropout(ramp, 1.0))
op("feature_dropout", lambda: torch.feature_dropout(ramp.reshape(5, 4, 2), 0.4, True))
op("alpha_dropout", lambda: torch.alpha_dropout(ramp, 0.3, True))
op("feature_alpha_dropout", lambda: torch.feature_alpha_dropout(ramp.reshape(5, 4, 2), 0.4, True))
op("poisson", lambda: torch.poisson(ramp.t() * 30))

path = Path("crates/engine/tests/data/random.json")
path.parent.mkdir(parents=True, exist_ok=True)
lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases)
others = json.dumps({"states": states, "ops": ops, "special": special}, separators=(",", ":"))[1:]
path.write_text(f'{{"torch":"{torch.__version__}","cases":[\n{lines}\n],\n{others}\n')
print(f"{len(cases)} cases, {path.stat().st_size} bytes")
