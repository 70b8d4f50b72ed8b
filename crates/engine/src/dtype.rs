//! Element types, Python numbers, and torch's promotion rules.

use std::cell::Cell;
use std::fmt;

thread_local! {
    static DEFAULT_FLOAT: Cell<DType> = const { Cell::new(DType::F32) };
}

/// The element type of a tensor.
///
/// The order of the variants is the order of promotion: of two dtypes of the same category, and of two categories,
/// the later one wins; only the two halves meet in float32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DType {
    /// `torch.bool`
    Bool,
    /// `torch.uint8`
    U8,
    /// `torch.int32`
    I32,
    /// `torch.int64`, the dtype of indices and of Python's `int`
    I64,
    /// `torch.float16`
    F16,
    /// `torch.bfloat16`
    BF16,
    /// `torch.float32`, the default
    F32,
    /// `torch.float64`
    F64,
}

impl DType {
    /// Every dtype, in the order of promotion.
    pub const ALL: [DType; 8] =
        [DType::Bool, DType::U8, DType::I32, DType::I64, DType::F16, DType::BF16, DType::F32, DType::F64];

    /// Returns the name in Python: `float32`, `int64`, ...
    pub fn name(self) -> &'static str {
        match self {
            DType::Bool => "bool",
            DType::U8 => "uint8",
            DType::I32 => "int32",
            DType::I64 => "int64",
            DType::F16 => "float16",
            DType::BF16 => "bfloat16",
            DType::F32 => "float32",
            DType::F64 => "float64",
        }
    }

    /// Returns the name that torch's error messages use: `Float`, `Long`, ...
    pub fn torch_name(self) -> &'static str {
        match self {
            DType::Bool => "Bool",
            DType::U8 => "Byte",
            DType::I32 => "Int",
            DType::I64 => "Long",
            DType::F16 => "Half",
            DType::BF16 => "BFloat16",
            DType::F32 => "Float",
            DType::F64 => "Double",
        }
    }

    /// Returns the size of one element in bytes.
    pub fn size(self) -> usize {
        match self {
            DType::Bool | DType::U8 => 1,
            DType::F16 | DType::BF16 => 2,
            DType::I32 | DType::F32 => 4,
            DType::I64 | DType::F64 => 8,
        }
    }

    /// Tells whether elements are floating-point numbers; only these carry gradients.
    pub fn is_float(self) -> bool {
        matches!(self, DType::F16 | DType::BF16 | DType::F32 | DType::F64)
    }

    /// Tells whether elements are floating-point numbers of 16 bits, which are stored so and computed in float32.
    pub fn is_half(self) -> bool {
        matches!(self, DType::F16 | DType::BF16)
    }

    /// Returns the dtype in which two tensors of the same category meet.
    pub fn promoted_with(self, other: DType) -> DType {
        if self.is_half() && other.is_half() && self != other { DType::F32 } else { self.max(other) }
    }

    /// Tells whether elements are integers (`bool` is not).
    pub fn is_int(self) -> bool {
        matches!(self, DType::U8 | DType::I32 | DType::I64)
    }

    /// Tells whether elements can be negative.
    pub fn is_signed(self) -> bool {
        !matches!(self, DType::Bool | DType::U8)
    }

    fn category(self) -> u8 {
        match self {
            DType::Bool => 0,
            DType::U8 | DType::I32 | DType::I64 => 1,
            DType::F16 | DType::BF16 | DType::F32 | DType::F64 => 2,
        }
    }

    /// Tells whether a value of this dtype may be written in place into one of `to`: never to a lower category.
    pub fn can_cast(self, to: DType) -> bool {
        self.category() <= to.category()
    }

    /// Returns this dtype if it is floating, else the default one: what `sqrt` or `mean` of integers computes in.
    pub fn to_float(self) -> DType {
        if self.is_float() { self } else { DType::default_float() }
    }

    /// Returns the dtype of tensors made of Python floats on this thread: what `torch.get_default_dtype()` gives.
    pub fn default_float() -> DType {
        DEFAULT_FLOAT.get()
    }

    /// Sets what [`DType::default_float`] returns on this thread. The dtype must be floating.
    pub fn set_default_float(dtype: DType) {
        debug_assert!(dtype.is_float());
        DEFAULT_FLOAT.set(dtype);
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "torch.{}", self.name())
    }
}

/// A Python number: it takes part in promotion by its category only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// Python `bool`
    Bool(bool),
    /// Python `int`
    Int(i64),
    /// Python `float`
    Float(f64),
}

impl Scalar {
    /// Returns the dtype that a tensor made of this number alone has.
    pub fn dtype(self) -> DType {
        match self {
            Scalar::Bool(_) => DType::Bool,
            Scalar::Int(_) => DType::I64,
            Scalar::Float(_) => DType::default_float(),
        }
    }

    /// Returns the value as a float.
    pub fn to_f64(self) -> f64 {
        match self {
            Scalar::Bool(b) => f64::from(u8::from(b)),
            Scalar::Int(i) => i as f64,
            Scalar::Float(f) => f,
        }
    }

    /// Returns the value as an integer (a float is cut towards zero).
    pub fn to_i64(self) -> i64 {
        match self {
            Scalar::Bool(b) => i64::from(b),
            Scalar::Int(i) => i,
            Scalar::Float(f) => f as i64,
        }
    }

    /// Returns whether the value is not zero.
    pub fn to_bool(self) -> bool {
        match self {
            Scalar::Bool(b) => b,
            Scalar::Int(i) => i != 0,
            Scalar::Float(f) => f != 0.0,
        }
    }

    /// Tells whether this is a Python `float`.
    pub fn is_float(self) -> bool {
        matches!(self, Scalar::Float(_))
    }
}

impl From<f64> for Scalar {
    fn from(v: f64) -> Self {
        Scalar::Float(v)
    }
}

impl From<i64> for Scalar {
    fn from(v: i64) -> Self {
        Scalar::Int(v)
    }
}

impl From<bool> for Scalar {
    fn from(v: bool) -> Self {
        Scalar::Bool(v)
    }
}

/// Collects the operands of an op and tells the dtype of its result, by torch's rules: tensors with dimensions
/// come before 0-d tensors, and these before Python numbers, unless a later one is of a higher category.
#[derive(Clone, Copy, Debug, Default)]
pub struct Promotion {
    dimensioned: Option<DType>,
    zero_dim: Option<DType>,
    number: Option<DType>,
}

impl Promotion {
    /// Adds a tensor operand.
    pub fn tensor(mut self, dtype: DType, rank: usize) -> Self {
        let slot = if rank == 0 { &mut self.zero_dim } else { &mut self.dimensioned };
        *slot = Some(slot.map_or(dtype, |before| before.promoted_with(dtype)));
        self
    }

    /// Adds a Python number.
    pub fn scalar(mut self, scalar: Scalar) -> Self {
        self.number = self.number.max(Some(scalar.dtype()));
        self
    }

    /// Returns the dtype of the result (the default one when nothing was added).
    pub fn result(self) -> DType {
        let combine = |high: Option<DType>, low: Option<DType>| match (high, low) {
            (Some(h), Some(l)) if l.category() > h.category() => Some(l),
            (Some(h), _) => Some(h),
            (None, l) => l,
        };
        combine(self.dimensioned, combine(self.zero_dim, self.number)).unwrap_or_else(DType::default_float)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_promotes_only_across_categories() {
        let p = Promotion::default().tensor(DType::I32, 1);
        assert_eq!(p.scalar(Scalar::Int(1)).result(), DType::I32);
        assert_eq!(p.scalar(Scalar::Float(1.0)).result(), DType::F32);
        assert_eq!(Promotion::default().tensor(DType::F32, 2).tensor(DType::F64, 0).result(), DType::F32);
        assert_eq!(Promotion::default().tensor(DType::I64, 2).tensor(DType::F64, 0).result(), DType::F64);
        assert_eq!(Promotion::default().tensor(DType::Bool, 1).tensor(DType::U8, 1).result(), DType::U8);
        assert_eq!(Promotion::default().tensor(DType::BF16, 1).tensor(DType::F16, 1).result(), DType::F32);
        assert_eq!(Promotion::default().tensor(DType::F16, 1).tensor(DType::F32, 0).result(), DType::F16);
        assert_eq!(Promotion::default().tensor(DType::I64, 1).tensor(DType::BF16, 1).result(), DType::BF16);
    }
}
