"""Calls everything that torch shows with arguments that no one should pass.

Each call must end in a result or in one of the exceptions that torch raises. The seed makes a failure repeatable:
    lyceum run bad_input.py -- SEED CALLS
"""
import inspect
import io
import random
import sys
import time
import traceback

import torch
import torch.nn as nn
import torch.nn.functional as F

import lyceum.data

seed, calls = int(sys.argv[1]), int(sys.argv[2])
dice = random.Random(seed)

# What torch raises; MemoryError and RecursionError are Python's own.
EXPECTED = (
    RuntimeError, TypeError, ValueError, IndexError, KeyError, AttributeError, NotImplementedError, ZeroDivisionError,
    OverflowError, StopIteration, OSError, EOFError, MemoryError, AssertionError, UnicodeError, LookupError, ImportError,
)
# They end or change the process of the test, or do nothing but wait.
LEFT_OUT = {"set_num_threads", "set_num_interop_threads", "set_default_device", "set_default_dtype", "set_printoptions",
            "seed", "manual_seed", "set_rng_state", "compile", "breakpoint"}


class Odd:
    """An object whose protocols misbehave."""

    def __len__(self):
        return 3

    def __getitem__(self, index):
        raise KeyError(index)

    def __index__(self):
        return 2 ** 70

    def __float__(self):
        return "no number"

    def __iter__(self):
        return iter([1, "two", None])


class Mine(torch.Tensor):
    """A tensor of one's own class."""


def nested(depth):
    value = [1.0]
    for _ in range(depth):
        value = [value]
    return value


def values():
    """New hostile and harmless values, since a call may change them."""
    image = torch.randn(2, 3, 5, 5)
    leaf = torch.randn(3, 4, requires_grad=True)
    circle = []
    circle.append(circle)
    return [
        0, 1, -1, 2, 3, 7, 2 ** 31, 2 ** 40, 2 ** 63 - 1, -2 ** 63, 2 ** 63, 2 ** 200, True, False, None,
        0.0, -0.0, 0.5, -1.5, 1e300, float("nan"), float("inf"), -float("inf"), 1j,
        "", "mean", "sum", "none", "no such mode", "cpu", "cuda:0", "cpu:99999999999999999999", "mps", "ij,jk->ik", "\0", "数据", b"bytes",
        [], [1], [1, 2], (2, 3), [1, [2]], [[1, 2], [3]], [0, -1], (2 ** 40, 2 ** 40), [None], ["a", 1], range(3), {}, {"a": 1}, set(),
        slice(None), slice(5, 1, 2), slice(None, None, -1), Ellipsis, (Ellipsis, None), object(), Odd(), int, lambda x: x, nested(70), circle,
        torch.float32, torch.float64, torch.int64, torch.bool, torch.uint8, torch.device("cpu"), torch.Size([2, 3]),
        torch.tensor(1.0), torch.tensor(2), torch.tensor(True), torch.tensor(float("nan")), torch.tensor([]), torch.zeros(0, 3),
        torch.arange(6), torch.arange(6.0).reshape(2, 3), torch.randn(3, 3), torch.randn(3, 3, dtype=torch.float64), torch.randn(2, 3, 4),
        torch.ones(2, 3, dtype=torch.bool), torch.full((2, 3), 255, dtype=torch.uint8), torch.tensor([-1, 9, 2 ** 40]),
        torch.randn(4, 3).t(), torch.randn(3, 1).expand(3, 4), torch.randn(1).expand(2 ** 20), torch.zeros(2, 0, 2 ** 33),
        torch.randn(6)[::2], image, image[:, :, ::2], leaf, leaf * 2, leaf.t() @ leaf, torch.full((3,), float("inf")),
        torch.randn((1,) * 20), nn.Parameter(torch.randn(2, 2)), torch.Tensor._make_subclass(Mine, torch.randn(2, 3)), nn.Linear(3, 2), [leaf, image], (image, image),
        torch.Generator(), torch.no_grad(), io.BytesIO(b"PK\x03\x04 broken"), nn.ReLU(), torch.optim.SGD([leaf], lr=0.1),
    ]


def public(owner, prefix):
    for name in sorted(dir(owner)):
        if name.startswith("_") and not (name.startswith("__") and owner is torch.Tensor):
            continue
        if name in LEFT_OUT or name in ("__class__", "__init_subclass__", "__subclasshook__", "__del__", "__reduce__", "__reduce_ex__"):
            continue
        try:
            member = getattr(owner, name)
        except NotImplementedError:
            continue
        if callable(member) and not (inspect.isclass(member) and issubclass(member, BaseException)):
            yield f"{prefix}.{name}", member


targets = [
    *public(torch, "torch"), *public(torch.Tensor, "Tensor"), *public(F, "F"), *public(nn, "nn"), *public(nn.init, "init"),
    *public(nn.utils, "nn.utils"), *public(torch.optim, "optim"), *public(torch.optim.lr_scheduler, "lr_scheduler"),
    *public(torch.autograd, "autograd"), *public(torch.utils.data, "data"), *public(torch.linalg, "linalg"), *public(lyceum.data, "lyceum.data"),
]
operators = ["+", "-", "*", "/", "//", "%", "**", "@", "<", "==", "&", "|", "^", "<<", ">>"]
assert len(targets) > 900, len(targets)


def show(value):
    try:
        return repr(value)[:60].replace("\n", " ")
    except EXPECTED as error:
        return f"<{type(value).__name__}: {error}>"[:80]


def use(result):
    """What a learner would do with a result: print it, go back through it, and call it when it is a module."""
    if isinstance(result, torch.Tensor):
        repr(result[:2] if result.dim() and result.numel() > 2000 else result)
        if result.requires_grad and result.numel() < 100_000:
            result.sum().backward()
    elif isinstance(result, nn.Module):
        repr(result)
        result(dice.choice(pool))
    elif isinstance(result, (int, float, str, list, tuple)):
        repr(result)


def one_call():
    kind = dice.random()
    if kind < 0.08:
        left, right, operator = dice.choice(pool), dice.choice(pool), dice.choice(operators)
        if isinstance(left, torch.Tensor) or isinstance(right, torch.Tensor):
            return f"{show(left)} {operator} {show(right)}", lambda: eval(f"left {operator} right", {"left": left, "right": right})
    elif kind < 0.16:
        tensor, index, value = dice.choice(tensors), dice.choice(pool), dice.choice(pool)
        if dice.random() < 0.5:
            index = tuple(dice.choice(pool) for _ in range(dice.randrange(4)))
        if dice.random() < 0.5:
            return f"{show(tensor)}[{show(index)}]", lambda: tensor[index]
        return f"{show(tensor)}[{show(index)}] = {show(value)}", lambda: tensor.__setitem__(index, value)
    name, target = dice.choice(targets)
    args = [dice.choice(pool) for _ in range(dice.choice([0, 1, 1, 1, 1, 2, 2, 2, 3, 4]))]
    if dice.random() < 0.7 and not name.startswith(("nn.", "data.", "lyceum")):
        args[:1] = [dice.choice(tensors)]
    names = ["dim", "keepdim", "dtype", "out", "reduction", "weight", "bias", "size", "p", "lr", "no_such_argument"]
    kwargs = {dice.choice(names): dice.choice(pool)} if dice.random() < 0.1 else {}
    shown = ", ".join([*map(show, args), *(f"{key}={show(value)}" for key, value in kwargs.items())])
    return f"{name}({shown})", lambda: target(*args, **kwargs)


failures, outcomes, slowest = [], {}, (0.0, "")
for number in range(calls):
    if number % 50 == 0:
        pool = values()
        tensors = [value for value in pool if isinstance(value, torch.Tensor)]
    shown, call = one_call()
    started = time.perf_counter()
    try:
        use(call())
        outcome = "result"
    except EXPECTED as error:
        outcome = type(error).__name__
        text = str(error)
        if "bug in Lyceum" in text or "panicked" in text:
            failures.append(f"{shown}: {text}")
    except BaseException as error:
        outcome = type(error).__name__
        failures.append(f"{shown}: {outcome}: {error}\n{traceback.format_exc()}")
    outcomes[outcome] = outcomes.get(outcome, 0) + 1
    slowest = max(slowest, (time.perf_counter() - started, shown))

print(f"{calls} calls of {len(targets)} functions: {dict(sorted(outcomes.items()))}")
print(f"slowest: {slowest[0]:.2f} s, {slowest[1]}")
for failure in failures[:50]:
    print("FAILED", failure)
print(f"{len(failures)} failed")
sys.exit(1 if failures else 0)
