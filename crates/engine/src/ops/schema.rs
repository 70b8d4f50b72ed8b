//! Schemas: the signature of an op as text, and the binding of a call's arguments to it by torch's rules.
//!
//! `"softmax(Tensor input, int dim, *, ScalarType? dtype=None) -> Tensor"`
//!
//! Types: `Tensor`, `Operand` (a tensor or a number), `Scalar` (a number or a 0-d tensor), `int`, `float`, `bool`,
//! `str`, `ScalarType`, `Device`, `Generator`, `any` (passed as it came), each with `?` where None is allowed, and
//! lists `Tensor[]`, `int[]`, `float[]`, `int[2]` (one number stands for all). Parameters after `*` go by name only.

use smallvec::SmallVec;

use super::value::{Args, Value};
use crate::bail;
use crate::dtype::Scalar;
use crate::error::{Error, Result};

/// A parsed signature.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The op's name.
    pub name: &'static str,
    /// The parameters in order.
    pub params: Vec<Param>,
    /// The names of a result of several tensors, as in `(Tensor values, Tensor indices)`.
    pub result_names: Vec<&'static str>,
    /// The signature as it was written, without the name and the result.
    signature: &'static str,
    positional: usize,
}

/// A parameter of a signature.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// Whether None is allowed.
    pub optional: bool,
    /// Its default, if it may be left out.
    pub default: Option<Value>,
    /// Whether it goes by name only.
    pub keyword_only: bool,
}

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the types")]
pub enum Type {
    Tensor,
    Tensors,
    Operand,
    Scalar,
    Int,
    /// A list of ints; with a length where one number may stand for all.
    Ints(Option<usize>),
    Float,
    Floats,
    Bool,
    Str,
    DType,
    Device,
    Generator,
    Any,
}

impl Type {
    fn parse(text: &str) -> Option<Type> {
        Some(match text {
            "Tensor" => Type::Tensor,
            "Tensor[]" => Type::Tensors,
            "Operand" => Type::Operand,
            "Scalar" => Type::Scalar,
            "int" => Type::Int,
            "int[]" => Type::Ints(None),
            "float" => Type::Float,
            "float[]" => Type::Floats,
            "bool" => Type::Bool,
            "str" => Type::Str,
            "ScalarType" => Type::DType,
            "Device" => Type::Device,
            "Generator" => Type::Generator,
            "any" => Type::Any,
            _ => Type::Ints(Some(text.strip_prefix("int[")?.strip_suffix(']')?.parse().ok()?)),
        })
    }

    fn display(self) -> &'static str {
        match self {
            Type::Tensor => "Tensor",
            Type::Tensors => "tuple of Tensors",
            Type::Operand => "Tensor or Number",
            Type::Scalar => "Number",
            Type::Int => "int",
            Type::Ints(_) => "tuple of ints",
            Type::Float => "float",
            Type::Floats => "tuple of floats",
            Type::Bool => "bool",
            Type::Str => "str",
            Type::DType => "torch.dtype",
            Type::Device => "torch.device",
            Type::Generator => "torch.Generator",
            Type::Any => "object",
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Tensor(t) => t.fmt(f),
            Value::List(items) => items.fmt(f),
            Value::Bool(v) => v.fmt(f),
            Value::Int(v) => v.fmt(f),
            Value::Float(v) => v.fmt(f),
            Value::Str(v) => v.fmt(f),
            other => f.write_str(&other.type_name()),
        }
    }
}

impl Schema {
    /// Parses a signature; `None` where it is malformed (a test parses every row of the table).
    pub fn parse(text: &'static str) -> Option<Schema> {
        let (call, result) = text.split_once(" -> ").unwrap_or((text, "Tensor"));
        let (name, rest) = call.split_once('(')?;
        let signature = rest.strip_suffix(')')?;
        let mut params = Vec::new();
        let mut keyword_only = false;
        for part in split_at_commas(signature) {
            if part == "*" {
                keyword_only = true;
                continue;
            }
            let (declaration, default) = match part.split_once('=') {
                Some((d, v)) => (d, Some(parse_default(v)?)),
                None => (part, None),
            };
            let (ty, name) = declaration.rsplit_once(' ')?;
            let (ty, optional) = ty.strip_suffix('?').map_or((ty, false), |ty| (ty, true));
            let ty = Type::parse(ty)?;
            let default = match (default, ty) {
                (Some(Value::Int(v)), Type::Float) => Some(Value::Float(v as f64)),
                (Some(Value::Int(v)), Type::Ints(Some(n))) => Some(Value::List(vec![Value::Int(v); n])),
                (default, _) => default,
            };
            params.push(Param { name, ty, optional, default, keyword_only });
        }
        let result_names = match result.strip_prefix('(').and_then(|r| r.strip_suffix(')')) {
            Some(results) => results.split(", ").filter_map(|r| r.split_once(' ').map(|(_, name)| name)).collect(),
            None => Vec::new(),
        };
        let positional = params.iter().filter(|p| !p.keyword_only).count();
        Some(Schema { name, params, result_names, signature, positional })
    }

    /// Returns the signature for a message: `(Tensor input, int dim, *, torch.dtype dtype)`.
    pub fn signature(&self) -> String {
        format!("({})", self.signature.replace("ScalarType", "torch.dtype").replace("Operand", "Tensor or Number"))
    }

    /// Binds the arguments of a call. For a method, the tensor itself comes first in `positional`, and
    /// `is_method` keeps it out of the count of what the caller wrote.
    pub fn bind(&self, positional: &[Value], keywords: &[(&str, Value)], is_method: bool) -> Result<Args> {
        let first = usize::from(is_method);
        let spread;
        let mut positional = positional;
        // view(2, 3) means view((2, 3)) where the list is the only positional parameter
        if self.positional == first + 1
            && matches!(self.params[first].ty, Type::Ints(_))
            && matches!(positional.get(first), Some(Value::Int(_)))
        {
            spread = gathered(positional, first);
            positional = &spread;
        }
        // einsum("ij,jk", a, b) means einsum("ij,jk", (a, b)): a last list of tensors may be spread
        let last = self.positional.saturating_sub(1);
        let spread_tensors;
        if self.params.get(last).is_some_and(|p| p.ty == Type::Tensors)
            && matches!(positional.get(last), Some(Value::Tensor(_)))
        {
            spread_tensors = gathered(positional, last);
            positional = &spread_tensors;
        }
        if positional.len() > self.positional {
            bail!(Type:
                "{}() takes {} positional argument{} but {} were given",
                self.name,
                self.positional - first,
                if self.positional - first == 1 { "" } else { "s" },
                positional.len() - first
            );
        }
        let mut values: SmallVec<[Value; 6]> = SmallVec::with_capacity(self.params.len());
        let mut used = 0;
        for (i, param) in self.params.iter().enumerate() {
            let by_name = keywords.iter().find(|(name, _)| names_match(name, param.name));
            let given = match (positional.get(i).filter(|_| !param.keyword_only), by_name) {
                (Some(_), Some(_)) => {
                    bail!(Type: "{}() got multiple values for argument '{}'", self.name, param.name)
                }
                (Some(value), None) => Some(value),
                (None, Some((_, value))) => {
                    used += 1;
                    Some(value)
                }
                (None, None) => None,
            };
            let value = match (given, &param.default) {
                (Some(value), _) => param.accept(value).ok_or_else(|| self.mistyped(i, param, value, is_method))?,
                (None, Some(default)) => default.clone(),
                (None, None) => bail!(Type:
                    "{}() missing 1 required positional arguments: \"{}\"", self.name, param.name
                ),
            };
            values.push(value);
        }
        if used < keywords.len() {
            for (name, _) in keywords {
                if !self.params.iter().any(|p| names_match(name, p.name)) {
                    bail!(Type: "{}() got an unexpected keyword argument '{name}'", self.name);
                }
            }
        }
        Ok(Args { op: self.name, values })
    }

    #[cold]
    fn mistyped(&self, i: usize, param: &Param, value: &Value, is_method: bool) -> Error {
        let place =
            if param.keyword_only { String::new() } else { format!(" (position {})", i + 1 - usize::from(is_method)) };
        Error::Type(format!(
            "{}(): argument '{}'{place} must be {}, not {}",
            self.name,
            param.name,
            param.ty.display(),
            value.type_name()
        ))
    }
}

/// Puts the arguments from `first` on into one list.
fn gathered(positional: &[Value], first: usize) -> Vec<Value> {
    let mut values = positional[..first].to_vec();
    values.push(Value::List(positional[first..].to_vec()));
    values
}

/// numpy's names are understood too, as torch does.
fn names_match(given: &str, name: &str) -> bool {
    given == name
        || matches!((given, name), ("axis", "dim") | ("keepdims", "keepdim") | ("x", "input") | ("x1", "input"))
        || (given == "x2" && name == "other")
}

impl Param {
    fn accept(&self, value: &Value) -> Option<Value> {
        if matches!(value, Value::None) {
            return (self.optional || self.ty == Type::Any).then_some(Value::None);
        }
        match (self.ty, value) {
            (Type::Any, v) => Some(v.clone()),
            (Type::Tensor, Value::Tensor(_)) | (Type::Operand, Value::Tensor(_)) => Some(value.clone()),
            (Type::Operand | Type::Scalar, v) if v.as_scalar().is_some() => Some(v.clone()),
            (Type::Scalar, Value::Tensor(t)) if t.rank() == 0 => t.item().ok().map(Value::from),
            (Type::Int, v) => as_int(v).map(Value::Int),
            (Type::Float, v) => as_float(v).map(Value::Float),
            (Type::Bool, Value::Bool(b)) => Some(Value::Bool(*b)),
            (Type::Bool, Value::Tensor(t)) if t.rank() == 0 => Some(Value::Bool(t.item().ok()?.to_bool())),
            (Type::Str, Value::Str(_)) | (Type::DType, Value::DType(_)) | (Type::Device, Value::Device) => {
                Some(value.clone())
            }
            (Type::Generator, Value::Generator(_)) => Some(value.clone()),
            (Type::Tensors, Value::List(items)) if items.iter().all(|v| matches!(v, Value::Tensor(_))) => {
                Some(value.clone())
            }
            (Type::Ints(_), Value::List(items)) => {
                items.iter().map(|v| as_int(v).map(Value::Int)).collect::<Option<_>>().map(Value::List)
            }
            (Type::Ints(Some(n)), v) => as_int(v).map(|i| Value::List(vec![Value::Int(i); n])),
            (Type::Floats, Value::List(items)) => {
                items.iter().map(|v| as_float(v).map(Value::Float)).collect::<Option<_>>().map(Value::List)
            }
            _ => None,
        }
    }
}

fn as_int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(v) => Some(*v),
        Value::Bool(b) => Some(i64::from(*b)),
        Value::Tensor(t) if t.numel() == 1 && !t.dtype().is_float() => match t.item().ok()? {
            Scalar::Float(_) => None,
            s => Some(s.to_i64()),
        },
        _ => None,
    }
}

fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Tensor(t) if t.numel() == 1 => Some(t.item().ok()?.to_f64()),
        v => v.as_scalar().map(Scalar::to_f64),
    }
}

/// Splits at commas outside of brackets and quotes; parts without text are left out.
pub(super) fn split_at_commas(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut quoted) = (0, 0, false);
    for (i, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

fn parse_default(text: &str) -> Option<Value> {
    Some(match text {
        "None" => Value::None,
        "True" => Value::Bool(true),
        "False" => Value::Bool(false),
        "inf" => Value::Float(f64::INFINITY),
        _ => {
            if let Some(quoted) = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
                Value::Str(quoted.into())
            } else if let Some(list) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
                let items = list.split(',').map(str::trim).filter(|t| !t.is_empty());
                Value::List(items.map(parse_default).collect::<Option<_>>()?)
            } else if let Ok(v) = text.parse::<i64>() {
                Value::Int(v)
            } else {
                Value::Float(text.parse().ok()?)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_bind_by_position_and_by_name() {
        let schema =
            Schema::parse("f(Tensor input, int dim, *, bool keepdim=False) -> (Tensor values, Tensor indices)")
                .unwrap();
        assert_eq!(schema.result_names, ["values", "indices"]);
        let t = Value::Tensor(Tensor::scalar(1.0f32));
        let args = schema
            .bind(std::slice::from_ref(&t), &[("dim", Value::Int(1)), ("keepdim", Value::Bool(true))], false)
            .unwrap();
        assert_eq!((args.int(1), args.bool(2)), (1, true));
        assert!(schema.bind(&[t.clone(), Value::Float(1.5)], &[], false).is_err());
        assert!(schema.bind(&[t], &[("dim", Value::Int(1)), ("dims", Value::Int(1))], false).is_err());
    }

    #[test]
    fn a_lone_list_may_be_spread() {
        let schema = Schema::parse("view(Tensor input, int[] size)").unwrap();
        let t = Value::Tensor(Tensor::scalar(1.0f32));
        let args = schema.bind(&[t, Value::Int(2), Value::Int(3)], &[], true).unwrap();
        assert_eq!(args.ints(1).as_slice(), &[2, 3]);
    }

    use crate::Tensor;
}
