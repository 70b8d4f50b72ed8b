//! Logic on the bits of integers and on bools.

use crate::bail;
use crate::dtype::DType;
use crate::element::Element;
use crate::elementwise::map;
use crate::error::{Error, Result};
use crate::ops::Operand;
use crate::ops::arithmetic::Pair;
use crate::tensor::Tensor;

fn on_bits(op: &'static str, a: &Operand, b: &Operand, f: fn(i64, i64) -> i64) -> Result<Tensor> {
    let pair = Pair::new(a, b, |d| d)?;
    if pair.dtype().is_float() {
        return Err(Error::DTypeNotSupported { op, dtype: pair.dtype() });
    }
    crate::for_dtype!(pair.dtype(), T => pair.apply::<T, T>(|x, y| T::from_i64(f(x.to_i64(), y.to_i64()))))
}

/// The bits set in both.
pub fn bitwise_and(a: &Operand, b: &Operand) -> Result<Tensor> {
    on_bits("bitwise_and_cpu", a, b, |x, y| x & y)
}

/// The bits set in one or both.
pub fn bitwise_or(a: &Operand, b: &Operand) -> Result<Tensor> {
    on_bits("bitwise_or_cpu", a, b, |x, y| x | y)
}

/// The bits set in exactly one.
pub fn bitwise_xor(a: &Operand, b: &Operand) -> Result<Tensor> {
    on_bits("bitwise_xor_cpu", a, b, |x, y| x ^ y)
}

/// All bits flipped.
pub fn bitwise_not(x: &Tensor) -> Result<Tensor> {
    match x.dtype() {
        dtype if dtype.is_float() => {
            bail!(Type: "~ (operator.invert) is only implemented on integer and Boolean-type tensors")
        }
        DType::Bool => map::<bool, bool>(x, |v| !v),
        dtype => crate::for_dtype!(dtype, T => map::<T, T>(x, |v| T::from_i64(!v.to_i64()))),
    }
}

/// `a 2ᵇ`; 0 where b is negative or not below the number of bits.
pub fn left_shift(a: &Operand, b: &Operand) -> Result<Tensor> {
    shifted("lshift_cpu", a, b, |x, by| by.map_or(0, |by| x.wrapping_shl(by)))
}

/// `⌊a / 2ᵇ⌋`; the sign alone where b is negative or not below the number of bits.
pub fn right_shift(a: &Operand, b: &Operand) -> Result<Tensor> {
    shifted("rshift_cpu", a, b, |x, by| x >> by.unwrap_or(63))
}

fn shifted(op: &'static str, a: &Operand, b: &Operand, f: fn(i64, Option<u32>) -> i64) -> Result<Tensor> {
    let pair = Pair::new(a, b, |d| d)?;
    if !pair.dtype().is_int() {
        return Err(Error::DTypeNotSupported { op, dtype: pair.dtype() });
    }
    crate::for_dtype!(pair.dtype(), T => {
        let bits = 8 * size_of::<T>() as i64;
        pair.apply::<T, T>(|x, by| T::from_i64(f(x.to_i64(), u32::try_from(by.to_i64()).ok().filter(|&by| i64::from(by) < bits))))
    })
}
