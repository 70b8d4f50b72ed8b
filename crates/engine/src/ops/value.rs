//! What an op takes and gives: values as they come from Python, without Python.

use smallvec::SmallVec;

use crate::dtype::{DType, Scalar};
use crate::error::Result;
use crate::random::{SharedGenerator, default_generator};
use crate::tensor::Tensor;

/// An argument or a result of an op.
#[derive(Clone)]
pub enum Value {
    /// `None`, and what an argument left out without a default is.
    None,
    /// `bool`
    Bool(bool),
    /// `int`
    Int(i64),
    /// `float`
    Float(f64),
    /// `str`
    Str(String),
    /// `torch.dtype`
    DType(DType),
    /// `torch.device`; the only device is the CPU
    Device,
    /// `torch.Generator`
    Generator(SharedGenerator),
    /// `torch.Tensor`
    Tensor(Tensor),
    /// `list` or `tuple`
    List(Vec<Value>),
    /// An object that no op takes; holds the name of its type, for the message.
    Other(String),
}

impl Value {
    /// Returns the name that torch's messages use for the type of this value.
    pub fn type_name(&self) -> String {
        match self {
            Value::None => "NoneType".into(),
            Value::Bool(_) => "bool".into(),
            Value::Int(_) => "int".into(),
            Value::Float(_) => "float".into(),
            Value::Str(_) => "str".into(),
            Value::DType(_) => "torch.dtype".into(),
            Value::Device => "torch.device".into(),
            Value::Generator(_) => "torch.Generator".into(),
            Value::Tensor(_) => "Tensor".into(),
            Value::List(items) => {
                let names: Vec<String> = items.iter().take(4).map(Value::type_name).collect();
                let more = if items.len() > 4 { ", ..." } else { "" };
                format!("tuple of ({}{more})", names.join(", "))
            }
            Value::Other(name) => name.clone(),
        }
    }

    /// Returns the Python number that this value is.
    pub fn as_scalar(&self) -> Option<Scalar> {
        match self {
            Value::Bool(b) => Some(Scalar::Bool(*b)),
            Value::Int(i) => Some(Scalar::Int(*i)),
            Value::Float(f) => Some(Scalar::Float(*f)),
            _ => None,
        }
    }
}

impl From<Tensor> for Value {
    fn from(t: Tensor) -> Self {
        Value::Tensor(t)
    }
}

impl From<Vec<Tensor>> for Value {
    fn from(tensors: Vec<Tensor>) -> Self {
        Value::List(tensors.into_iter().map(Value::Tensor).collect())
    }
}

impl From<(Tensor, Tensor)> for Value {
    fn from((a, b): (Tensor, Tensor)) -> Self {
        vec![a, b].into()
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Value::Bool(b)
    }
}

impl From<i64> for Value {
    fn from(i: i64) -> Self {
        Value::Int(i)
    }
}

impl From<f64> for Value {
    fn from(f: f64) -> Self {
        Value::Float(f)
    }
}

impl From<()> for Value {
    fn from((): ()) -> Self {
        Value::None
    }
}

impl From<Scalar> for Value {
    fn from(s: Scalar) -> Self {
        match s {
            Scalar::Bool(b) => Value::Bool(b),
            Scalar::Int(i) => Value::Int(i),
            Scalar::Float(f) => Value::Float(f),
        }
    }
}

/// A tensor or a Python number: what arithmetic takes.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A tensor.
    Tensor(Tensor),
    /// A number, which promotes by its category only.
    Scalar(Scalar),
}

impl From<&Tensor> for Operand {
    fn from(t: &Tensor) -> Self {
        Operand::Tensor(t.clone())
    }
}

impl From<Scalar> for Operand {
    fn from(s: Scalar) -> Self {
        Operand::Scalar(s)
    }
}

impl From<f64> for Operand {
    fn from(v: f64) -> Self {
        Operand::Scalar(Scalar::Float(v))
    }
}

impl From<i64> for Operand {
    fn from(v: i64) -> Self {
        Operand::Scalar(Scalar::Int(v))
    }
}

/// The bound arguments of a call: one value for each parameter of the schema, in its order, each of the type that the
/// schema says, so the accessors do not fail for a parameter of their type.
pub struct Args {
    pub(crate) op: &'static str,
    pub(crate) values: SmallVec<[Value; 6]>,
}

impl Args {
    #[cold]
    fn mistyped(&self, i: usize, wanted: &str) -> ! {
        let found = self.values.get(i).map_or("nothing".into(), Value::type_name);
        unreachable!("{}: parameter {i} is read as {wanted} but its schema gave {found}", self.op)
    }

    /// Returns a `Tensor` parameter.
    pub fn tensor(&self, i: usize) -> &Tensor {
        self.tensor_opt(i).unwrap_or_else(|| self.mistyped(i, "Tensor"))
    }

    /// Returns a `Tensor?` parameter.
    pub fn tensor_opt(&self, i: usize) -> Option<&Tensor> {
        match &self.values[i] {
            Value::Tensor(t) => Some(t),
            Value::None => None,
            _ => self.mistyped(i, "Tensor?"),
        }
    }

    /// Returns a `Tensor[]` parameter.
    pub fn tensors(&self, i: usize) -> Vec<Tensor> {
        match &self.values[i] {
            Value::List(items) => items
                .iter()
                .map(|v| match v {
                    Value::Tensor(t) => t.clone(),
                    _ => self.mistyped(i, "Tensor[]"),
                })
                .collect(),
            _ => self.mistyped(i, "Tensor[]"),
        }
    }

    /// Returns an `Operand` parameter: a tensor or a number.
    pub fn operand(&self, i: usize) -> Operand {
        match &self.values[i] {
            Value::Tensor(t) => Operand::Tensor(t.clone()),
            v => Operand::Scalar(v.as_scalar().unwrap_or_else(|| self.mistyped(i, "Operand"))),
        }
    }

    /// Returns a `Scalar` parameter.
    pub fn scalar(&self, i: usize) -> Scalar {
        self.scalar_opt(i).unwrap_or_else(|| self.mistyped(i, "Scalar"))
    }

    /// Returns a `Scalar?` parameter.
    pub fn scalar_opt(&self, i: usize) -> Option<Scalar> {
        match &self.values[i] {
            Value::None => None,
            v => Some(v.as_scalar().unwrap_or_else(|| self.mistyped(i, "Scalar?"))),
        }
    }

    /// Returns an `int` parameter.
    pub fn int(&self, i: usize) -> i64 {
        self.int_opt(i).unwrap_or_else(|| self.mistyped(i, "int"))
    }

    /// Returns an `int?` parameter.
    pub fn int_opt(&self, i: usize) -> Option<i64> {
        match &self.values[i] {
            Value::Int(v) => Some(*v),
            Value::None => None,
            _ => self.mistyped(i, "int?"),
        }
    }

    /// Returns an `int[]` parameter.
    pub fn ints(&self, i: usize) -> SmallVec<[i64; 4]> {
        self.ints_opt(i).unwrap_or_else(|| self.mistyped(i, "int[]"))
    }

    /// Returns an `int[]?` parameter.
    pub fn ints_opt(&self, i: usize) -> Option<SmallVec<[i64; 4]>> {
        match &self.values[i] {
            Value::None => None,
            Value::List(items) => Some(
                items
                    .iter()
                    .map(|v| match v {
                        Value::Int(v) => *v,
                        _ => self.mistyped(i, "int[]"),
                    })
                    .collect(),
            ),
            _ => self.mistyped(i, "int[]?"),
        }
    }

    /// Returns an `int[N]` parameter that must have exactly `N` entries after a single number was repeated.
    pub fn ints_exact<const N: usize>(&self, i: usize, name: &str) -> Result<[i64; N]> {
        let ints = self.ints(i);
        match ints.as_slice() {
            &[one] => Ok([one; N]),
            many => many.try_into().map_err(|_| {
                crate::Error::Runtime(format!(
                    "{}(): expected {name} to be a single integer or a list of {N}, but got {} numbers",
                    self.op,
                    many.len()
                ))
            }),
        }
    }

    /// Returns a `float` parameter.
    pub fn float(&self, i: usize) -> f64 {
        self.float_opt(i).unwrap_or_else(|| self.mistyped(i, "float"))
    }

    /// Returns a `float?` parameter.
    pub fn float_opt(&self, i: usize) -> Option<f64> {
        match &self.values[i] {
            Value::Float(v) => Some(*v),
            Value::None => None,
            _ => self.mistyped(i, "float?"),
        }
    }

    /// Returns a `float[]?` parameter.
    pub fn floats_opt(&self, i: usize) -> Option<Vec<f64>> {
        match &self.values[i] {
            Value::None => None,
            Value::List(items) => Some(
                items
                    .iter()
                    .map(|v| match v {
                        Value::Float(v) => *v,
                        _ => self.mistyped(i, "float[]"),
                    })
                    .collect(),
            ),
            _ => self.mistyped(i, "float[]?"),
        }
    }

    /// Returns a `bool` parameter.
    pub fn bool(&self, i: usize) -> bool {
        self.bool_opt(i).unwrap_or_else(|| self.mistyped(i, "bool"))
    }

    /// Returns a `bool?` parameter.
    pub fn bool_opt(&self, i: usize) -> Option<bool> {
        match &self.values[i] {
            Value::Bool(v) => Some(*v),
            Value::None => None,
            _ => self.mistyped(i, "bool?"),
        }
    }

    /// Returns a `str` parameter.
    pub fn str(&self, i: usize) -> &str {
        self.str_opt(i).unwrap_or_else(|| self.mistyped(i, "str"))
    }

    /// Returns a `str?` parameter.
    pub fn str_opt(&self, i: usize) -> Option<&str> {
        match &self.values[i] {
            Value::Str(v) => Some(v),
            Value::None => None,
            _ => self.mistyped(i, "str?"),
        }
    }

    /// Returns a `ScalarType?` parameter.
    pub fn dtype_opt(&self, i: usize) -> Option<DType> {
        match &self.values[i] {
            Value::DType(v) => Some(*v),
            Value::None => None,
            _ => self.mistyped(i, "ScalarType?"),
        }
    }

    /// Returns a `Generator?` parameter, or the default generator of this thread.
    pub fn generator(&self, i: usize) -> SharedGenerator {
        match &self.values[i] {
            Value::Generator(g) => g.clone(),
            Value::None => default_generator().clone(),
            _ => self.mistyped(i, "Generator?"),
        }
    }

    /// Returns a parameter as it came.
    pub fn value(&self, i: usize) -> &Value {
        &self.values[i]
    }
}
