//! Values as plain data: what a check hands to a learner's function, and what came back.
//!
//! A value never runs code and never compares itself: a tensor is its dtype, its shape and its
//! bytes, a Python object that is none of the plain types is the name of its class.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The element type of a tensor, by torch's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DType {
    /// `torch.bool`
    Bool,
    /// `torch.uint8`
    Uint8,
    /// `torch.int32`
    Int32,
    /// `torch.int64`
    Int64,
    /// `torch.float32`
    Float32,
    /// `torch.float64`
    Float64,
}

impl DType {
    /// Every dtype.
    pub const ALL: [DType; 6] = [DType::Bool, DType::Uint8, DType::Int32, DType::Int64, DType::Float32, DType::Float64];

    /// Returns the name in Python, without `torch.`.
    pub fn name(self) -> &'static str {
        match self {
            DType::Bool => "bool",
            DType::Uint8 => "uint8",
            DType::Int32 => "int32",
            DType::Int64 => "int64",
            DType::Float32 => "float32",
            DType::Float64 => "float64",
        }
    }

    /// Finds a dtype by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dtype| dtype.name() == name)
    }

    /// Returns the size of an element in bytes.
    pub fn size(self) -> usize {
        match self {
            DType::Bool | DType::Uint8 => 1,
            DType::Int32 | DType::Float32 => 4,
            DType::Int64 | DType::Float64 => 8,
        }
    }

    /// Tells whether elements are floating-point numbers.
    pub fn is_float(self) -> bool {
        matches!(self, DType::Float32 | DType::Float64)
    }
}

/// A tensor as plain data. Its bytes always fit its dtype and shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TensorValue {
    dtype: DType,
    shape: Vec<usize>,
    #[serde(serialize_with = "encode")]
    bytes: Vec<u8>,
}

fn encode<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

impl<'de> Deserialize<'de> for TensorValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Wire {
            dtype: DType,
            shape: Vec<usize>,
            bytes: String,
        }
        let wire = Wire::deserialize(deserializer)?;
        let bytes = STANDARD.decode(wire.bytes).map_err(D::Error::custom)?;
        let (dtype, shape) = (wire.dtype, wire.shape);
        Self::new(dtype, shape.clone(), bytes).ok_or_else(|| {
            D::Error::custom(format!("the bytes do not fit a {} tensor of shape {shape:?}", dtype.name()))
        })
    }
}

impl TensorValue {
    /// Makes a tensor of its little-endian, row-major bytes. Returns `None` when they do not fit.
    pub fn new(dtype: DType, shape: Vec<usize>, bytes: Vec<u8>) -> Option<Self> {
        let numel = shape.iter().try_fold(1_usize, |product, size| product.checked_mul(*size))?;
        (numel.checked_mul(dtype.size())? == bytes.len()).then_some(Self { dtype, shape, bytes })
    }

    /// Makes a tensor of numbers, rounded to the dtype. Returns `None` when there are not as many as
    /// the shape says.
    pub fn of_numbers(dtype: DType, shape: Vec<usize>, numbers: &[f64]) -> Option<Self> {
        let mut bytes = Vec::with_capacity(numbers.len().checked_mul(dtype.size())?);
        for number in numbers {
            match dtype {
                DType::Bool => bytes.push(u8::from(*number != 0.0)),
                DType::Uint8 => bytes.push(*number as u8),
                DType::Int32 => bytes.extend((*number as i32).to_le_bytes()),
                DType::Int64 => bytes.extend((*number as i64).to_le_bytes()),
                DType::Float32 => bytes.extend((*number as f32).to_le_bytes()),
                DType::Float64 => bytes.extend(number.to_le_bytes()),
            }
        }
        Self::new(dtype, shape, bytes)
    }

    /// Returns the element type.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// Returns the size of each dimension.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Returns the little-endian, row-major bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns how many elements there are.
    pub fn numel(&self) -> usize {
        self.bytes.len() / self.dtype.size()
    }

    /// Returns the elements as numbers. Whole numbers beyond 2⁵³ are rounded.
    pub fn numbers(&self) -> Vec<f64> {
        let element = |chunk: &[u8]| match (self.dtype, chunk) {
            (DType::Bool, [byte]) => f64::from(u8::from(*byte != 0)),
            (DType::Uint8, [byte]) => f64::from(*byte),
            (DType::Int32, &[a, b, c, d]) => f64::from(i32::from_le_bytes([a, b, c, d])),
            (DType::Float32, &[a, b, c, d]) => f64::from(f32::from_le_bytes([a, b, c, d])),
            (DType::Int64, &[a, b, c, d, e, f, g, h]) => i64::from_le_bytes([a, b, c, d, e, f, g, h]) as f64,
            (_, &[a, b, c, d, e, f, g, h]) => f64::from_le_bytes([a, b, c, d, e, f, g, h]),
            _ => f64::NAN,
        };
        self.bytes.chunks_exact(self.dtype.size()).map(element).collect()
    }

    /// Returns the rows from `first` up to `end` along the first dimension; `None` when there are not so many.
    pub fn rows(&self, first: usize, end: usize) -> Option<Self> {
        let (rows, rest) = self.shape.split_first()?;
        if first > end || end > *rows {
            return None;
        }
        let row = self.bytes.len().checked_div(*rows).unwrap_or_default();
        let shape = std::iter::once(end - first).chain(rest.iter().copied()).collect();
        Self::new(self.dtype, shape, self.bytes[first * row..end * row].to_vec())
    }
}

/// A Python value as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// `None`
    None,
    /// A `bool`.
    Bool(bool),
    /// An `int` of up to 64 bits; a larger one is [`Value::Other`].
    Int(i64),
    /// A `float`.
    Float(#[serde(with = "crate::number")] f64),
    /// A `str`.
    Str(String),
    /// A `list`.
    List(Vec<Value>),
    /// A `tuple`.
    Tuple(Vec<Value>),
    /// A `dict` with the keys that can be plain.
    Dict(Vec<(Value, Value)>),
    /// A tensor.
    Tensor(TensorValue),
    /// Anything else: the name of its class.
    Other(String),
}

impl Value {
    /// How deep lists may stand in each other. Deeper ones are [`Value::Other`].
    pub const MAX_DEPTH: usize = 16;

    /// Returns the name of its type, as a learner would write it.
    pub fn type_name(&self) -> &str {
        match self {
            Value::None => "None",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Str(_) => "str",
            Value::List(_) => "list",
            Value::Tuple(_) => "tuple",
            Value::Dict(_) => "dict",
            Value::Tensor(_) => "Tensor",
            Value::Other(class) => class,
        }
    }

    /// Returns the number that a Python number or a tensor of one element is.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Bool(value) => Some(f64::from(u8::from(*value))),
            Value::Int(value) => Some(*value as f64),
            Value::Float(value) => Some(*value),
            Value::Tensor(tensor) if tensor.numel() == 1 => tensor.numbers().first().copied(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tensor_survives_its_wire_form() {
        for dtype in DType::ALL {
            let tensor = TensorValue::of_numbers(dtype, vec![2, 1], &[0.0, 1.0]).unwrap();
            let line = serde_json::to_string(&tensor).unwrap();
            assert_eq!(serde_json::from_str::<TensorValue>(&line).unwrap(), tensor);
            assert_eq!(tensor.numbers(), [0.0, 1.0]);
            assert_eq!(DType::named(dtype.name()), Some(dtype));
        }
    }

    #[test]
    fn bytes_that_do_not_fit_are_refused() {
        for line in [
            r#"{"dtype":"float32","shape":[2],"bytes":"AAAAAA=="}"#,
            r#"{"dtype":"float32","shape":[18446744073709551615,4],"bytes":""}"#,
            r#"{"dtype":"float16","shape":[0],"bytes":""}"#,
            r#"{"dtype":"float32","shape":[1],"bytes":"?"}"#,
        ] {
            assert!(serde_json::from_str::<TensorValue>(line).is_err(), "{line}");
        }
    }

    #[test]
    fn rows_are_cut_out_along_the_first_dimension() {
        let tensor = TensorValue::of_numbers(DType::Int64, vec![3, 2], &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert_eq!(tensor.rows(1, 3).unwrap().numbers(), [2.0, 3.0, 4.0, 5.0]);
        assert_eq!(tensor.rows(3, 3).unwrap().shape(), [0, 2]);
        assert_eq!((tensor.rows(2, 4), tensor.rows(2, 1)), (None, None));
        assert_eq!(TensorValue::of_numbers(DType::Int64, vec![], &[7.0]).unwrap().rows(0, 0), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = serde_json::from_slice::<Value>(&bytes);
        }
    }
}
