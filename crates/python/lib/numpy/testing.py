"""Assertions about arrays."""

from ._elementwise import isclose
from ._convert import asarray
from ._printing import array_repr
from ._ufuncs import isnan


def _fail(text, err_msg):
    raise AssertionError(text + (f"\n{err_msg}" if err_msg else ""))


def _shown(actual, desired):
    return f" ACTUAL: {array_repr(asarray(actual))}\n DESIRED: {array_repr(asarray(desired))}"


def _compare(name, same, actual, desired, err_msg, verbose):
    a, b = asarray(actual), asarray(desired)
    if a.shape != b.shape and a.ndim and b.ndim:
        _fail(f"\n{name}\n\n(shapes {a.shape}, {b.shape} mismatch)\n{_shown(a, b)}", err_msg)
    agrees = asarray(same(a, b))
    if bool(agrees.all()):
        return
    wrong = int((~agrees).sum())
    share = 100 * wrong / agrees.size
    lines = [f"\n{name}\n", f"Mismatched elements: {wrong} / {agrees.size} ({share:.3g}%)"]
    if a._tensor is not None and b._tensor is not None and "b" not in (a.dtype.kind, b.dtype.kind):
        off = abs(a - b)
        lines.append(
            f"Max absolute difference among violations: {asarray(off)[~agrees].max() if asarray(off).ndim else off}"
        )
    _fail("\n".join(lines) + (f"\n{_shown(a, b)}" if verbose else ""), err_msg)


def assert_allclose(actual, desired, rtol=1e-07, atol=0, equal_nan=True, err_msg="", verbose=True, *, strict=False):
    """Raises unless elements differ by no more than ``atol + rtol * abs(desired)``."""
    name = f"Not equal to tolerance rtol={rtol:g}, atol={atol:g}"
    _compare(name, lambda a, b: isclose(a, b, rtol, atol, equal_nan), actual, desired, err_msg, verbose)


def assert_array_equal(actual, desired, err_msg="", verbose=True, *, strict=False):
    """Raises unless all elements are equal; nan equals nan."""

    def same(a, b):
        if a._tensor is None or b._tensor is None:
            return a == b
        equal = asarray(a == b)
        return equal | (isnan(a) & isnan(b)) if a.dtype.kind == b.dtype.kind == "f" else equal

    if strict and asarray(actual).dtype != asarray(desired).dtype:
        _fail(f"\nArrays are not equal\n\n(dtypes {asarray(actual).dtype}, {asarray(desired).dtype} mismatch)", err_msg)
    _compare("Arrays are not equal", same, actual, desired, err_msg, verbose)


def assert_array_almost_equal(actual, desired, decimal=6, err_msg="", verbose=True):
    """Raises unless elements agree to a number of decimals."""
    limit = 1.5 * 10.0**-decimal
    _compare(
        f"Arrays are not almost equal to {decimal} decimals",
        lambda a, b: isclose(a, b, 0, limit, True),
        actual,
        desired,
        err_msg,
        verbose,
    )


def assert_array_less(x, y, err_msg="", verbose=True, *, strict=False):
    """Raises unless every element is less."""
    _compare("Arrays are not strictly ordered `x < y`", lambda a, b: a < b, x, y, err_msg, verbose)


assert_almost_equal = lambda actual, desired, decimal=7, err_msg="", verbose=True: assert_array_almost_equal(
    actual, desired, decimal, err_msg, verbose
)


def assert_equal(actual, desired, err_msg="", verbose=True, *, strict=False):
    """Raises unless two objects are equal, arrays element by element."""
    if isinstance(desired, dict):
        if not isinstance(actual, dict) or len(actual) != len(desired):
            _fail(f"\nItems are not equal:\n ACTUAL: {actual!r}\n DESIRED: {desired!r}", err_msg)
        for key in desired:
            assert_equal(actual[key], desired[key], f"key={key!r}\n{err_msg}", verbose)
        return
    if isinstance(desired, str) or isinstance(actual, str) or desired is None:
        if actual != desired:
            _fail(f"\nItems are not equal:\n ACTUAL: {actual!r}\n DESIRED: {desired!r}", err_msg)
        return
    assert_array_equal(actual, desired, err_msg, verbose)


def assert_(val, msg=""):
    """Raises unless a value is true."""
    if not val:
        raise AssertionError(msg)


def assert_raises(exception_class, callable=None, *args, **options):
    """Raises unless a call, or a block, raises an exception of a class."""
    import unittest

    case = unittest.TestCase()
    return (
        case.assertRaises(exception_class)
        if callable is None
        else case.assertRaises(exception_class, callable, *args, **options)
    )
