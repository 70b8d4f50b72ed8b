"""`torch.testing`: comparing results within a tolerance."""

from ._C import Tensor, bfloat16, float16, float32, float64, tensor

_TOLERANCES = {
    float16: (1e-3, 1e-5),
    bfloat16: (1.6e-2, 1e-5),
    float32: (1.3e-6, 1e-5),
    float64: (1e-7, 1e-7),
}


def assert_close(
    actual, expected, *, allow_subclasses=True, rtol=None, atol=None, equal_nan=False, check_device=True,
    check_dtype=True, check_layout=True, check_stride=False, msg=None,
):
    """Raises AssertionError unless |actual − expected| ≤ atol + rtol·|expected| everywhere.

    Takes tensors, numbers, and lists, tuples and dicts of them. The tolerances depend on the dtype unless given.
    """
    if (rtol is None) != (atol is None):
        raise ValueError(
            f"rtol and atol must both be specified or both be unspecified, but got rtol={rtol} and atol={atol}."
        )
    problem = _difference(actual, expected, rtol, atol, equal_nan, check_dtype, "")
    if problem is not None:
        if callable(msg):
            problem = msg(problem)
        elif msg is not None:
            problem = msg
        raise AssertionError(problem)


def _difference(actual, expected, rtol, atol, equal_nan, check_dtype, where):
    if isinstance(expected, dict) and isinstance(actual, dict):
        if set(actual) != set(expected):
            return f"The keys of the mappings do not match{where}: {list(actual)} and {list(expected)}"
        parts = [(actual[key], expected[key], f"{where}[{key!r}]") for key in expected]
    elif isinstance(expected, (list, tuple)) and isinstance(actual, (list, tuple)):
        if len(actual) != len(expected):
            return f"The length of the sequences mismatch{where}: {len(actual)} != {len(expected)}"
        parts = [(a, e, f"{where}[{i}]") for i, (a, e) in enumerate(zip(actual, expected))]
    else:
        return _tensor_difference(actual, expected, rtol, atol, equal_nan, check_dtype, where)
    for a, e, place in parts:
        problem = _difference(a, e, rtol, atol, equal_nan, check_dtype, place)
        if problem is not None:
            return problem
    return None


def _tensor_difference(actual, expected, rtol, atol, equal_nan, check_dtype, where):
    are_numbers = not isinstance(actual, Tensor) and not isinstance(expected, Tensor)
    if are_numbers:
        check_dtype = False
    actual = actual if isinstance(actual, Tensor) else tensor(actual, dtype=float64)
    expected = expected if isinstance(expected, Tensor) else tensor(expected, dtype=float64)
    if actual.shape != expected.shape:
        return f"The values for attribute 'shape'{where} do not match: {actual.shape} != {expected.shape}."
    if check_dtype and actual.dtype != expected.dtype:
        return f"The values for attribute 'dtype'{where} do not match: {actual.dtype} != {expected.dtype}."
    if rtol is None:
        tolerances = [_TOLERANCES.get(t.dtype, (0.0, 0.0)) for t in (actual, expected)]
        rtol = max(pair[0] for pair in tolerances)
        atol = max(pair[1] for pair in tolerances)
    actual = actual.detach().to(float64)
    expected = expected.detach().to(float64)
    close = actual.isclose(expected, rtol=rtol, atol=atol, equal_nan=equal_nan)
    wrong = int((~close).sum().item())
    if wrong == 0:
        return None
    distance = (actual - expected).abs()
    if actual.dim() == 0:
        return (
            f"Scalars are not close{where}!\n\nExpected {expected.item()} but got {actual.item()}.\n"
            f"Absolute difference: {distance.item()} (up to {atol} allowed)"
        )
    largest = distance.masked_fill(close, 0).max().item()
    return (
        f"Tensor-likes are not close{where}!\n\n"
        f"Mismatched elements: {wrong} / {actual.numel()} ({100 * wrong / actual.numel():.1f}%)\n"
        f"Greatest absolute difference: {largest} (up to {atol} allowed, relative {rtol})"
    )


def __getattr__(name):
    from ._absent import absent_names

    raise absent_names("testing", name)
