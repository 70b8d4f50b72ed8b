"""What numpy has and Lyceum has not: such a name answers with its own name."""

import sys

_NAMES = {
    "numpy": (
        "apply_over_axes array2string asmatrix asfarray base_repr binary_repr block bmat broadcast busday_count "
        "busday_offset busdaycalendar bytes_ c16 char chararray choose clongdouble common_type complex64 complex128 "
        "complex256 complexfloating core csingle cdouble ctypeslib datetime64 datetime_as_string "
        "datetime_data dtypes emath exceptions f2py fft flexible float16 float128 format_float_positional "
        "format_float_scientific frexp from_dlpack fromfile fromiter frompyfunc fromregex fromstring half "
        "histogram2d histogramdd i0 imag in1d int8 int16 is_busday isfortran isnat iterable kaiser lexsort lib "
        "longdouble ma mask_indices matrix matrix_transpose matvec max_work may_share_memory memmap min_scalar_type "
        "mintypecode modf nanargmax_ nan_to_num_ ndindex_ nditer nested_iters nextafter nper packbits partition "
        "piecewise place poly poly1d polyadd polyder polydiv polyint polymul polynomial polysub putmask "
        "real_if_close rec recarray record require roots setbufsize sinc_ sort_complex source spacing strings "
        "test timedelta64 typecodes typing typename uint16 uint32 uint64 unpackbits unwrap vecdot vecmat void "
        "short ushort byte uint ulong ulonglong uintc uintp bitwise_count angle conj conjugate iscomplex "
        "iscomplexobj put put_along_axis select setxor1d_ fill_diagonal_ unique_all "
        "unique_counts unique_inverse unique_values ldexp histogram_bin_edges nanquantile nancumsum nancumprod "
        "bartlett blackman hamming hanning digitize_ copyto_ rot90_ kron_ resize_ savez_compressed_ array_repr array_str"
    ).split(),
    "numpy.random": (
        "PCG64DXSM Philox SFC64 f hypergeometric logseries multivariate_hypergeometric negative_binomial "
        "noncentral_chisquare noncentral_f vonmises wald zipf bit_generator mtrand"
    ).split(),
    "numpy.linalg": "eigvals eig tensorsolve tensorinv cond svdvals vecdot vector_norm matrix_norm".split(),
}


class NotInLyceum(NotImplementedError, AttributeError):
    """Raised for a name that numpy has and Lyceum has not; a learner reads it as a NotImplementedError."""


NotInLyceum.__module__ = "builtins"
NotInLyceum.__name__ = NotInLyceum.__qualname__ = "NotImplementedError"


def absent(where, name):
    """Returns the exception for a missing name of a module."""
    if name in _NAMES.get(where, ()):
        return NotInLyceum(f"{where}.{name} is not part of Lyceum yet")
    return AttributeError(f"module '{where}' has no attribute '{name}'")


def refuse(where, **options):
    """Raises for an option that is given and that nothing here knows: nothing is accepted and ignored."""
    for name, value in options.items():
        if value is not None:
            raise NotInLyceum(f"{where}: the option {name!r} is not part of Lyceum yet")


class _AbsentFinder:
    """Comes last among the finders, so that importing an absent module explains itself."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        package, _, name = fullname.rpartition(".")
        if name in _NAMES.get(package, ()):
            raise absent(package, name)
        return None


sys.meta_path.append(_AbsentFinder)
