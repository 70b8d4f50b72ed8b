//! The Rust types behind the dtypes, and the macros that pick one at run time.

use crate::dtype::{DType, Scalar};
use crate::storage::Buffer;

/// A Rust type that can be an element of a tensor.
pub trait Element: Copy + Default + PartialOrd + PartialEq + Send + Sync + std::fmt::Debug + 'static {
    /// The dtype of this type.
    const DTYPE: DType;
    /// Converts from a float as torch casts: towards zero for integers, not-zero for bool.
    fn from_f64(v: f64) -> Self;
    /// Converts from an integer, wrapping.
    fn from_i64(v: i64) -> Self;
    /// Converts to a float.
    fn to_f64(self) -> f64;
    /// Converts to an integer; floats are cut towards zero.
    fn to_i64(self) -> i64;
    /// Returns the elements of a buffer of this dtype; a buffer of another dtype is a bug in the caller.
    fn slice(buffer: &Buffer) -> &[Self];
    /// Returns the elements of a buffer of this dtype for writing.
    fn slice_mut(buffer: &mut Buffer) -> &mut [Self];
    /// Makes a buffer of a vector.
    fn buffer(data: Vec<Self>) -> Buffer;
    /// Converts a Python number as torch casts it.
    fn from_scalar(s: Scalar) -> Self {
        match s {
            Scalar::Bool(b) => Self::from_i64(i64::from(b)),
            Scalar::Int(i) => Self::from_i64(i),
            Scalar::Float(f) => Self::from_f64(f),
        }
    }
    /// Converts to a Python number.
    fn to_scalar(self) -> Scalar {
        match Self::DTYPE {
            DType::Bool => Scalar::Bool(self.to_i64() != 0),
            dtype if dtype.is_float() => Scalar::Float(self.to_f64()),
            _ => Scalar::Int(self.to_i64()),
        }
    }
    /// Tells whether this is a floating-point NaN.
    #[allow(clippy::eq_op, reason = "NaN is the one value that differs from itself")]
    fn is_nan(self) -> bool {
        self != self
    }
}

macro_rules! number_element {
    ($t:ty, $dtype:ident) => {
        impl Element for $t {
            const DTYPE: DType = DType::$dtype;
            #[inline]
            fn from_f64(v: f64) -> Self {
                v as $t
            }
            #[inline]
            fn from_i64(v: i64) -> Self {
                v as $t
            }
            #[inline]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline]
            fn to_i64(self) -> i64 {
                self as i64
            }
            element_buffer!($dtype);
        }
    };
}

macro_rules! element_buffer {
    ($dtype:ident) => {
        fn slice(buffer: &Buffer) -> &[Self] {
            match buffer {
                Buffer::$dtype(data) => data,
                other => unreachable!("a {} buffer read as {}", other.dtype(), DType::$dtype),
            }
        }
        fn slice_mut(buffer: &mut Buffer) -> &mut [Self] {
            match buffer {
                Buffer::$dtype(data) => data,
                other => unreachable!("a {} buffer written as {}", other.dtype(), DType::$dtype),
            }
        }
        fn buffer(data: Vec<Self>) -> Buffer {
            Buffer::$dtype(data)
        }
    };
}

number_element!(u8, U8);
number_element!(i32, I32);
number_element!(i64, I64);
number_element!(f32, F32);
number_element!(f64, F64);

macro_rules! half_element {
    ($t:ty, $dtype:ident) => {
        impl Element for $t {
            const DTYPE: DType = DType::$dtype;
            #[inline]
            fn from_f64(v: f64) -> Self {
                // By way of float32, as torch casts.
                <$t>::from_f32(v as f32)
            }
            #[inline]
            fn from_i64(v: i64) -> Self {
                <$t>::from_f32(v as f32)
            }
            #[inline]
            fn to_f64(self) -> f64 {
                f64::from(self.to_f32())
            }
            #[inline]
            fn to_i64(self) -> i64 {
                self.to_f32() as i64
            }
            element_buffer!($dtype);
        }
    };
}

half_element!(half::f16, F16);
half_element!(half::bf16, BF16);

impl Element for bool {
    const DTYPE: DType = DType::Bool;
    #[inline]
    fn from_f64(v: f64) -> Self {
        v != 0.0
    }
    #[inline]
    fn from_i64(v: i64) -> Self {
        v != 0
    }
    #[inline]
    fn to_f64(self) -> f64 {
        f64::from(u8::from(self))
    }
    #[inline]
    fn to_i64(self) -> i64 {
        i64::from(self)
    }
    element_buffer!(Bool);
}

/// An element that can be calculated with. Integers wrap; division of an integer by zero gives zero (ops refuse it
/// before).
pub trait Number: Element {
    /// `self + o`
    fn add(self, o: Self) -> Self;
    /// `self - o`
    fn sub(self, o: Self) -> Self;
    /// `self * o`
    fn mul(self, o: Self) -> Self;
    /// `-self`
    fn neg(self) -> Self;
    /// `|self|`
    fn abs(self) -> Self;
    /// `⌊self / o⌋`
    fn div_floor(self, o: Self) -> Self;
    /// `self / o` cut towards zero
    fn div_trunc(self, o: Self) -> Self;
    /// `self - o ⌊self / o⌋`: has the sign of `o`, as Python's `%`
    fn rem_floor(self, o: Self) -> Self;
    /// `self - o trunc(self / o)`: has the sign of `self`, as C's `%`
    fn rem_trunc(self, o: Self) -> Self;
}

macro_rules! integer_number {
    ($t:ty) => {
        impl Number for $t {
            #[inline]
            fn add(self, o: Self) -> Self {
                self.wrapping_add(o)
            }
            #[inline]
            fn sub(self, o: Self) -> Self {
                self.wrapping_sub(o)
            }
            #[inline]
            fn mul(self, o: Self) -> Self {
                self.wrapping_mul(o)
            }
            #[inline]
            fn neg(self) -> Self {
                self.wrapping_neg()
            }
            #[inline]
            #[allow(unused_comparisons, reason = "for u8 the comparison is always false")]
            fn abs(self) -> Self {
                if self < 0 { self.wrapping_neg() } else { self }
            }
            #[inline]
            #[allow(unused_comparisons, reason = "for u8 the comparison is always false")]
            fn div_floor(self, o: Self) -> Self {
                if o == 0 {
                    return 0;
                }
                let q = self.wrapping_div(o);
                if self.wrapping_rem(o) != 0 && ((self < 0) != (o < 0)) { q.wrapping_sub(1) } else { q }
            }
            #[inline]
            fn div_trunc(self, o: Self) -> Self {
                if o == 0 { 0 } else { self.wrapping_div(o) }
            }
            #[inline]
            #[allow(unused_comparisons, reason = "for u8 the comparison is always false")]
            fn rem_floor(self, o: Self) -> Self {
                if o == 0 {
                    return 0;
                }
                let r = self.wrapping_rem(o);
                if r != 0 && ((r < 0) != (o < 0)) { r.wrapping_add(o) } else { r }
            }
            #[inline]
            fn rem_trunc(self, o: Self) -> Self {
                if o == 0 { 0 } else { self.wrapping_rem(o) }
            }
        }
    };
}

macro_rules! float_number {
    ($t:ty) => {
        impl Number for $t {
            #[inline]
            fn add(self, o: Self) -> Self {
                self + o
            }
            #[inline]
            fn sub(self, o: Self) -> Self {
                self - o
            }
            #[inline]
            fn mul(self, o: Self) -> Self {
                self * o
            }
            #[inline]
            fn neg(self) -> Self {
                -self
            }
            #[inline]
            fn abs(self) -> Self {
                <$t>::abs(self)
            }
            #[inline]
            fn div_floor(self, o: Self) -> Self {
                if o == 0.0 {
                    return self / o;
                }
                let r = self % o;
                let q = (self - r) / o;
                let q = if r != 0.0 && ((r < 0.0) != (o < 0.0)) { q - 1.0 } else { q };
                if q == 0.0 {
                    return (0.0 as $t).copysign(self / o);
                }
                let floor = q.floor();
                if q - floor > 0.5 { floor + 1.0 } else { floor }
            }
            #[inline]
            fn div_trunc(self, o: Self) -> Self {
                (self / o).trunc()
            }
            #[inline]
            fn rem_floor(self, o: Self) -> Self {
                let r = self % o;
                if r != 0.0 && ((r < 0.0) != (o < 0.0)) { r + o } else { r }
            }
            #[inline]
            fn rem_trunc(self, o: Self) -> Self {
                self % o
            }
        }
    };
}

integer_number!(u8);
integer_number!(i32);
integer_number!(i64);
float_number!(f32);
float_number!(f64);

/// Converts one element to another type as torch casts.
#[inline]
pub fn cast<A: Element, B: Element>(a: A) -> B {
    match A::DTYPE {
        dtype if dtype.is_float() => B::from_f64(a.to_f64()),
        _ => B::from_i64(a.to_i64()),
    }
}

/// Evaluates an expression with `$T` standing for the Rust type of a dtype.
#[macro_export]
macro_rules! for_dtype {
    ($dtype:expr, $T:ident => $body:expr) => {
        match $dtype {
            $crate::DType::F16 => {
                type $T = $crate::half::f16;
                $body
            }
            $crate::DType::BF16 => {
                type $T = $crate::half::bf16;
                $body
            }
            dtype => $crate::for_number!(dtype, $T => $body, _ => {
                type $T = bool;
                $body
            }),
        }
    };
}

/// Like [`for_dtype!`], for the float dtypes that are computed with; `$other` is the value for the rest.
#[macro_export]
macro_rules! for_float {
    ($dtype:expr, $T:ident => $body:expr, _ => $other:expr) => {
        match $dtype {
            $crate::DType::F32 => {
                type $T = f32;
                $body
            }
            $crate::DType::F64 => {
                type $T = f64;
                $body
            }
            _ => $other,
        }
    };
}

/// Like [`for_dtype!`], for the dtypes that are computed with; `$other` is the value for bool and for the halves.
#[macro_export]
macro_rules! for_number {
    ($dtype:expr, $T:ident => $body:expr, _ => $other:expr) => {
        match $dtype {
            $crate::DType::Bool | $crate::DType::F16 | $crate::DType::BF16 => $other,
            $crate::DType::U8 => {
                type $T = u8;
                $body
            }
            $crate::DType::I32 => {
                type $T = i32;
                $body
            }
            $crate::DType::I64 => {
                type $T = i64;
                $body
            }
            $crate::DType::F32 => {
                type $T = f32;
                $body
            }
            $crate::DType::F64 => {
                type $T = f64;
                $body
            }
        }
    };
}
