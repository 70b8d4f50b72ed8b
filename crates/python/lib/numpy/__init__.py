"""Lyceum's ``numpy``: the surface and the behaviour of numpy 2.4, over the engine's tensors.

An ``ndarray`` holds a tensor, so an array and a tensor can share memory; a file here is one subject of numpy. What is
not there says so by its name. ``docs/numpy.md`` has the list.
"""

import _numpy

from ._absent import absent
from ._array import ndarray
from ._scalars import (
    bool_,
    character,
    flexible,
    float32,
    float64,
    floating,
    generic,
    inexact,
    int32,
    int64,
    integer,
    number,
    object_,
    signedinteger,
    str_,
    uint8,
    unsignedinteger,
)
from ._scalars import false as False_
from ._scalars import true as True_

_numpy.register(ndarray, generic)

from math import e, inf, nan, pi

from ._convert import array, asanyarray, asarray, asarray_chkfinite, ascontiguousarray, astype, copy, frombuffer
from ._convert import share as _share
from ._creation import (
    apply_along_axis,
    arange,
    diag,
    diagflat,
    diagonal,
    empty,
    empty_like,
    eye,
    fromfunction,
    fromiter,
    full,
    full_like,
    geomspace,
    hamming,
    hanning,
    identity,
    indices,
    linspace,
    logspace,
    meshgrid,
    ones,
    ones_like,
    tri,
    tril,
    triu,
    vander,
    vectorize,
    zeros,
    zeros_like,
)
from ._dtypes import can_cast, dtype, finfo, iinfo, issubdtype, promote_types, result_type
from ._files import genfromtxt, load, loadtxt, save, savetxt, savez, savez_compressed
from ._places import (
    argwhere,
    c_,
    copyto,
    diag_indices,
    fill_diagonal,
    flatnonzero,
    index_exp,
    ix_,
    mgrid,
    ndenumerate,
    ndindex,
    nonzero,
    ogrid,
    place,
    put_along_axis,
    r_,
    ravel_multi_index,
    s_,
    select,
    take,
    take_along_axis,
    tril_indices,
    triu_indices,
    unravel_index,
    where,
)
from ._joining import (
    append,
    array_split,
    block,
    column_stack,
    compress,
    concat,
    concatenate,
    delete,
    dsplit,
    dstack,
    extract,
    hsplit,
    hstack,
    insert,
    row_stack,
    split,
    stack,
    trim_zeros,
    unstack,
    vsplit,
    vstack,
)
from ._numerics import (
    convolve,
    diff,
    ediff1d,
    gcd,
    gradient,
    interp,
    lcm,
    polyadd,
    polyder,
    polyfit,
    polyint,
    polymul,
    polyval,
    trapezoid,
)
from ._printing import array2string, array_repr, array_str, get_printoptions, printoptions, set_printoptions
from . import _operators
from ._products import cross, dot, einsum, inner, kron, matmul, outer, tensordot, trace, vdot
from ._reductions import (
    all,
    amax,
    amin,
    any,
    argmax,
    argmin,
    average,
    count_nonzero,
    cumprod,
    cumsum,
    max,
    mean,
    min,
    nanargmax,
    nanargmin,
    nanmax,
    nanmean,
    nanmin,
    nanprod,
    nanstd,
    nansum,
    nanvar,
    prod,
    ptp,
    std,
    sum,
    var,
)
from ._shaping import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    broadcast_arrays,
    broadcast_shapes,
    broadcast_to,
    expand_dims,
    flip,
    fliplr,
    flipud,
    moveaxis,
    ndim,
    pad,
    permute_dims,
    ravel,
    repeat,
    reshape,
    resize,
    roll,
    rollaxis,
    rot90,
    shape,
    size,
    squeeze,
    swapaxes,
    tile,
    transpose,
)
from ._sorting import (
    argpartition,
    argsort,
    digitize,
    intersect1d,
    isin,
    lexsort,
    partition,
    searchsorted,
    setdiff1d,
    setxor1d,
    sort,
    union1d,
    unique,
)
from ._statistics import (
    bincount,
    corrcoef,
    correlate,
    cov,
    histogram,
    histogram2d,
    histogram_bin_edges,
    median,
    nanmedian,
    nanpercentile,
    percentile,
    quantile,
)
from ._elementwise import (
    allclose,
    around,
    array_equal,
    array_equiv,
    clip,
    isclose,
    isneginf,
    isposinf,
    nan_to_num,
    round,
    sinc,
)
from ._floating_errors import errstate, geterr, seterr
from ._ufunc import ufunc
from ._ufuncs import (
    abs,
    absolute,
    acos,
    acosh,
    add,
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    bitwise_and,
    bitwise_invert,
    bitwise_left_shift,
    bitwise_not,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    cbrt,
    ceil,
    copysign,
    cos,
    cosh,
    deg2rad,
    degrees,
    divide,
    divmod,
    equal,
    exp,
    exp2,
    expm1,
    fabs,
    fix,
    float_power,
    floor,
    floor_divide,
    fmax,
    fmin,
    fmod,
    greater,
    greater_equal,
    heaviside,
    hypot,
    invert,
    isfinite,
    isinf,
    isnan,
    left_shift,
    less,
    less_equal,
    log,
    log10,
    log1p,
    log2,
    logaddexp,
    logaddexp2,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    maximum,
    minimum,
    mod,
    multiply,
    negative,
    not_equal,
    positive,
    pow,
    power,
    rad2deg,
    radians,
    reciprocal,
    remainder,
    right_shift,
    rint,
    sign,
    signbit,
    sin,
    sinh,
    sqrt,
    square,
    subtract,
    tan,
    tanh,
    true_divide,
    trunc,
)

__version__ = "2.4.6"
newaxis = None
bool = bool_
double, single, intp, int_, long, longlong, intc, ubyte = float64, float32, int64, int64, int64, int64, int32, uint8
euler_gamma = 0.5772156649015329
little_endian = True

_MODULES = ("linalg", "random", "testing", "exceptions")
_REMOVED = {
    "float": "float",
    "int": "int",
    "object": "object",
    "str": "str",
    "complex": "complex",
}
_EXPIRED = {
    "float_": "np.float64",
    "Inf": "np.inf",
    "Infinity": "np.inf",
    "NaN": "np.nan",
    "infty": "np.inf",
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "sometrue": "np.any",
    "alltrue": "np.all",
    "round_": "np.round",
    "trapz": "np.trapezoid",
    "in1d": "np.isin",
    "mat": "np.asmatrix",
    "string_": "np.bytes_",
    "unicode_": "np.str_",
    "PINF": "np.inf",
    "NINF": "-np.inf",
    "msort": "np.sort(a, axis=0)",
}


def shares_memory(a, b, /, max_work=None):
    """Says whether two arrays lie in the same memory; they are not compared element by element."""
    first, second = (x if x.base is None else x.base for x in (asarray(a), asarray(b)))
    return first is second


may_share_memory = shares_memory


def isscalar(element):
    """Says whether something is a number or a text, of Python or of numpy."""
    return isinstance(element, (int, float, complex, str, bytes, generic))


def iterable(y):
    """Says whether something can be iterated."""
    try:
        iter(y)
    except TypeError:
        return False
    return True


def isrealobj(x):
    """Says whether something holds no complex numbers: here, always."""
    return True


def iscomplexobj(x):
    """Says whether something holds complex numbers: here, never."""
    return False


def real(val):
    """Returns the real part: the numbers themselves."""
    return asarray(val)


def __getattr__(name):
    if name in _MODULES:
        import sys

        __import__(f"numpy.{name}")
        return sys.modules[f"numpy.{name}"]
    if name in _REMOVED:
        raise AttributeError(
            f"module 'numpy' has no attribute '{name}'.\n`np.{name}` was a deprecated alias for the builtin `{name}`. To avoid this "
            f"error in existing code, use `{name}` by itself."
        )
    if name in _EXPIRED:
        raise AttributeError(f"`np.{name}` was removed in the NumPy 2.0 release. Use `{_EXPIRED[name]}` instead.")
    raise absent("numpy", name)
