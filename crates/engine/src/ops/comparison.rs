//! Comparisons, tests for special values, and logic on truth values and on bits.

mod bits;
mod closeness;

pub use bits::{bitwise_and, bitwise_not, bitwise_or, bitwise_xor, left_shift, right_shift};
pub use closeness::{allclose, equal, isclose};

use super::arithmetic::Pair;
use super::{INPLACE, METHOD, OpDef, Operand, TORCH, op, value};
use crate::dtype::DType;
use crate::elementwise::{map, zip};
use crate::error::Result;
use crate::tensor::Tensor;

const ALL: u8 = TORCH | METHOD | INPLACE;

/// A row for a comparison.
macro_rules! compared {
    ($name:literal, $doc:literal, $f:path) => {
        op(
            concat!($name, "(Tensor input, Operand other)"),
            ALL,
            $doc,
            |a| value($f(&a.operand(0), &a.operand(1))),
            &["[2,3], [2,3]", "[2,1], [3]", "i5[3], 2", "i5[3], 2.5", "b[2], b[2]", "[0], [1]"],
        )
    };
}

/// A row for a test of each element.
macro_rules! tested {
    ($name:literal, $doc:literal, $f:path) => {
        op(
            concat!($name, "(Tensor input)"),
            TORCH | METHOD,
            $doc,
            |a| value($f(a.tensor(0))),
            &["[2,3]", "i5[3]", "b[0]"],
        )
    };
}

/// A row for a function of two truth values.
macro_rules! logical {
    ($name:literal, $doc:literal, $f:expr) => {
        op(
            concat!($name, "(Tensor input, Tensor other)"),
            ALL,
            $doc,
            |a| value(logical(a.tensor(0), a.tensor(1), $f)),
            &["b[2,3], b[3]", "[2], i2[2]"],
        )
    };
}

/// A row for a function of the bits of two operands.
macro_rules! on_bits {
    ($place:expr, $schema:literal, $doc:literal, $f:path, $samples:expr) => {
        op($schema, $place, $doc, |a| value($f(&a.operand(0), &a.operand(1))), $samples)
    };
}

/// Where a row with a number as its first operand is seen: it cannot work in place.
const NUMBER_FIRST: u8 = TORCH | METHOD;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    compared!("eq", "Tells where input == other.", eq),
    compared!("ne", "Tells where input != other.", ne),
    compared!("not_equal", "Tells where input != other.", ne),
    compared!("lt", "Tells where input < other.", lt),
    compared!("less", "Tells where input < other.", lt),
    compared!("le", "Tells where input <= other.", le),
    compared!("less_equal", "Tells where input <= other.", le),
    compared!("gt", "Tells where input > other.", gt),
    compared!("greater", "Tells where input > other.", gt),
    compared!("ge", "Tells where input >= other.", ge),
    compared!("greater_equal", "Tells where input >= other.", ge),
    op(
        "equal(Tensor input, Tensor other) -> bool",
        TORCH | METHOD,
        "Tells whether two tensors have the same shape and the same elements.",
        |a| value(equal(a.tensor(0), a.tensor(1))),
        &["[2,3], [2,3]", "[2], [3]", "[0], [0]"],
    ),
    op(
        "allclose(Tensor input, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False) -> bool",
        TORCH | METHOD,
        "Tells whether |input - other| <= atol + rtol * |other| everywhere.",
        |a| value(allclose(a.tensor(0), a.tensor(1), a.float(2), a.float(3), a.bool(4))),
        &["[2,3], [2,3]", "[2,3], [3], 0.1, 10.0"],
    ),
    op(
        "isclose(Tensor input, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False)",
        TORCH | METHOD,
        "Tells where |input - other| <= atol + rtol * |other|.",
        |a| value(isclose(a.tensor(0), a.tensor(1), a.float(2), a.float(3), a.bool(4))),
        &["[2,3], [2,3]", "i5[3], i5[3]", "[2,1], [3], 0.1, 1.0, True"],
    ),
    tested!("isnan", "Tells where elements are NaN.", isnan),
    tested!("isinf", "Tells where elements are infinite.", isinf),
    tested!("isfinite", "Tells where elements are neither infinite nor NaN.", isfinite),
    tested!("isposinf", "Tells where elements are plus infinity.", isposinf),
    tested!("isneginf", "Tells where elements are minus infinity.", isneginf),
    tested!("isreal", "Tells where elements are real numbers, which here all are.", isreal),
    logical!("logical_and", "Tells where both are not zero.", |a, b| a && b),
    logical!("logical_or", "Tells where one or both are not zero.", |a, b| a || b),
    logical!("logical_xor", "Tells where exactly one is not zero.", |a, b| a != b),
    op(
        "logical_not(Tensor input)",
        ALL,
        "Tells where elements are zero.",
        |a| value(logical_not(a.tensor(0))),
        &["b[2,3]", "[2]"],
    ),
    on_bits!(
        ALL,
        "bitwise_and(Tensor input, Operand other)",
        "Returns the bits that are set in both.",
        bitwise_and,
        &["i5[3], i5[3]", "b[2], b[2]", "i5[3], 3"]
    ),
    on_bits!(
        NUMBER_FIRST,
        "bitwise_and(Scalar self, Tensor other)",
        "Returns the bits that are set in both.",
        bitwise_and,
        &["3, i5[3]"]
    ),
    on_bits!(
        ALL,
        "bitwise_or(Tensor input, Operand other)",
        "Returns the bits that are set in one or both.",
        bitwise_or,
        &["i5[3], i5[3]", "b[2], b[2]", "i5[3], 3"]
    ),
    on_bits!(
        NUMBER_FIRST,
        "bitwise_or(Scalar self, Tensor other)",
        "Returns the bits that are set in one or both.",
        bitwise_or,
        &["3, i5[3]"]
    ),
    on_bits!(
        ALL,
        "bitwise_xor(Tensor input, Operand other)",
        "Returns the bits that are set in exactly one.",
        bitwise_xor,
        &["i5[3], i5[3]", "b[2], b[2]", "i5[3], 3"]
    ),
    on_bits!(
        NUMBER_FIRST,
        "bitwise_xor(Scalar self, Tensor other)",
        "Returns the bits that are set in exactly one.",
        bitwise_xor,
        &["3, i5[3]"]
    ),
    on_bits!(
        ALL,
        "bitwise_left_shift(Tensor input, Operand other)",
        "Returns input * 2**other, by moving bits.",
        left_shift,
        &["i5[3], i5[3]", "i5[3], 2"]
    ),
    on_bits!(
        NUMBER_FIRST,
        "bitwise_left_shift(Scalar self, Tensor other)",
        "Returns input * 2**other, by moving bits.",
        left_shift,
        &["3, i5[3]"]
    ),
    on_bits!(
        ALL,
        "bitwise_right_shift(Tensor input, Operand other)",
        "Returns input / 2**other rounded down, by moving bits.",
        right_shift,
        &["i5[3], i5[3]", "i5[3], 2"]
    ),
    on_bits!(
        NUMBER_FIRST,
        "bitwise_right_shift(Scalar self, Tensor other)",
        "Returns input / 2**other rounded down, by moving bits.",
        right_shift,
        &["9, i5[3]"]
    ),
    op(
        "bitwise_not(Tensor input)",
        ALL,
        "Returns all bits flipped; of bools, the opposite.",
        |a| value(bitwise_not(a.tensor(0))),
        &["i5[3]", "b[2]"],
    ),
];

macro_rules! comparison {
    ($($(#[$doc:meta])* $name:ident = $operator:tt;)*) => {$(
        $(#[$doc])*
        pub fn $name(a: &Operand, b: &Operand) -> Result<Tensor> {
            let pair = Pair::new(a, b, |d| d)?;
            crate::for_dtype!(pair.dtype(), T => pair.apply::<T, bool>(|x, y| x $operator y))
        }
    )*};
}

comparison! {
    /// `a == b`
    eq = ==;
    /// `a != b`
    ne = !=;
    /// `a < b`
    lt = <;
    /// `a <= b`
    le = <=;
    /// `a > b`
    gt = >;
    /// `a >= b`
    ge = >=;
}

/// Tests each element of a float tensor; `otherwise` is the answer for integers and bools.
fn test(x: &Tensor, of_float: fn(f64) -> bool, otherwise: bool) -> Result<Tensor> {
    match x.dtype() {
        DType::F32 => map::<f32, bool>(x, |v| of_float(f64::from(v))),
        DType::F64 => map::<f64, bool>(x, of_float),
        dtype => crate::for_dtype!(dtype, T => map::<T, bool>(x, |_| otherwise)),
    }
}

/// True where NaN.
pub fn isnan(x: &Tensor) -> Result<Tensor> {
    test(x, f64::is_nan, false)
}

/// True where infinite.
pub fn isinf(x: &Tensor) -> Result<Tensor> {
    test(x, f64::is_infinite, false)
}

/// True where neither infinite nor NaN.
pub fn isfinite(x: &Tensor) -> Result<Tensor> {
    test(x, f64::is_finite, true)
}

/// True where plus infinity.
pub fn isposinf(x: &Tensor) -> Result<Tensor> {
    test(x, |v| v == f64::INFINITY, false)
}

/// True where minus infinity.
pub fn isneginf(x: &Tensor) -> Result<Tensor> {
    test(x, |v| v == f64::NEG_INFINITY, false)
}

/// True everywhere: there are no complex dtypes.
pub fn isreal(x: &Tensor) -> Result<Tensor> {
    test(x, |_| true, true)
}

/// The truth values of the elements: what is not zero is true.
fn truth(x: &Tensor) -> Result<Tensor> {
    crate::for_dtype!(x.dtype(), T => map::<T, bool>(x, |v| v != T::default()))
}

fn logical(a: &Tensor, b: &Tensor, f: fn(bool, bool) -> bool) -> Result<Tensor> {
    zip::<bool, bool, bool>(&truth(a)?, &truth(b)?, f)
}

/// True where zero.
pub fn logical_not(x: &Tensor) -> Result<Tensor> {
    crate::for_dtype!(x.dtype(), T => map::<T, bool>(x, |v| v == T::default()))
}
