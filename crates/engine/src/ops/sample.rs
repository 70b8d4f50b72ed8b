//! Sample arguments of ops, written in the table and used by the tests that walk it.
//!
//! A sample is a list of arguments, positional or `name=value`:
//! - `[2,3]`: a float64 tensor of that shape that wants a gradient, normal values;
//!   `+[2,3]`: between 0.1 and 2; `u[2,3]`: between -0.9 and 0.9; `p[2,3]`: between 0.05 and 0.95;
//!   `~[2,3]`: all elements at least 0.05 apart (for extremes and sorting);
//!   `c[2,3]`: normal values, `q[2,3]`: between 0.05 and 0.95, no gradient wanted;
//! - `i5[2,3]`: int64 indices below 5; `b[2,3]`: bool; `f32[2,3]`, `i32[..]`, `u8[..]`: other dtypes, no gradient;
//! - `1`, `2.5`, `True`, `None`, `'text'`, `float64` (a dtype);
//! - `(1,2)`: a list; of tensors too: `([2],[3])`.

use super::Value;
use super::schema::split_at_commas;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::random::Generator;
use crate::shape::numel;
use crate::tensor::Tensor;

/// Positional and named arguments.
pub type Sample = (Vec<Value>, Vec<(String, Value)>);

/// Makes the arguments of a sample; the same text and seed give the same values.
pub fn parse(text: &str, seed: u64) -> Result<Sample> {
    let mut generator = Generator::new(seed);
    let (mut positional, mut named) = (Vec::new(), Vec::new());
    for part in split_at_commas(text) {
        let keyword =
            part.split_once('=').filter(|(name, _)| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        match keyword {
            Some((name, text)) => named.push((name.to_owned(), argument(text, &mut generator)?)),
            None => positional.push(argument(part, &mut generator)?),
        }
    }
    Ok((positional, named))
}

fn argument(text: &str, generator: &mut Generator) -> Result<Value> {
    let malformed = || Error::Value(format!("malformed sample argument `{text}`"));
    Ok(match text {
        "None" => Value::None,
        "True" => Value::Bool(true),
        "False" => Value::Bool(false),
        _ if text.starts_with('(') => {
            let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).ok_or_else(malformed)?;
            Value::List(
                split_at_commas(inner).into_iter().map(|part| argument(part, generator)).collect::<Result<_>>()?,
            )
        }
        _ if text.starts_with('\'') => Value::Str(text.trim_matches('\'').to_owned()),
        _ if text.ends_with(']') => {
            let (kind, shape) = text.split_once('[').ok_or_else(malformed)?;
            let shape: Vec<usize> = split_at_commas(shape.trim_end_matches(']'))
                .into_iter()
                .map(|n| n.parse().map_err(|_| malformed()))
                .collect::<Result<_>>()?;
            Value::Tensor(tensor(kind, &shape, generator).ok_or_else(malformed)??)
        }
        _ => {
            if let Some(dtype) = DType::ALL.into_iter().find(|d| d.name() == text) {
                Value::DType(dtype)
            } else if let Ok(v) = text.parse::<i64>() {
                Value::Int(v)
            } else {
                Value::Float(text.parse().map_err(|_| malformed())?)
            }
        }
    })
}

fn tensor(kind: &str, shape: &[usize], generator: &mut Generator) -> Option<Result<Tensor>> {
    let n = numel(shape);
    let mut uniform = |low: f64, high: f64| -> Vec<f64> {
        (0..n).map(|_| low + (high - low) * (generator.draw32() as f64 / 4_294_967_296.0)).collect()
    };
    let leaf = |data: Vec<f64>| Tensor::from_vec(data, shape).and_then(|t| t.with_requires_grad(true));
    // A sum of three uniforms is near enough to normal here.
    let mut normal = || -> Vec<f64> {
        let (a, b, c) = (uniform(-1.0, 1.0), uniform(-1.0, 1.0), uniform(-1.0, 1.0));
        a.iter().zip(&b).zip(&c).map(|((a, b), c)| a + b + c).collect()
    };
    Some(match kind {
        "" => leaf(normal()),
        "c" => Tensor::from_vec(normal(), shape),
        "+" => leaf(uniform(0.1, 2.0)),
        "u" => leaf(uniform(-0.9, 0.9)),
        "p" => leaf(uniform(0.05, 0.95)),
        "q" => Tensor::from_vec(uniform(0.05, 0.95), shape),
        "~" => {
            let order = uniform(0.0, 1.0);
            let mut ranked: Vec<usize> = (0..n).collect();
            ranked.sort_by(|&i, &j| order[i].total_cmp(&order[j]));
            let mut data = vec![0.0; n];
            for (rank, &i) in ranked.iter().enumerate() {
                data[i] = (rank as f64 - n as f64 / 2.0) * 0.1 + 0.03;
            }
            leaf(data)
        }
        "b" => Tensor::from_vec(uniform(0.0, 1.0).into_iter().map(|v| v < 0.5).collect(), shape),
        "f32" => Tensor::from_vec(normal().into_iter().map(|v| v as f32).collect(), shape),
        "i32" => Tensor::from_vec(uniform(-5.0, 5.0).into_iter().map(|v| v as i32).collect(), shape),
        "u8" => Tensor::from_vec(uniform(0.0, 9.0).into_iter().map(|v| v as u8).collect(), shape),
        _ => {
            let below: f64 = kind.strip_prefix('i')?.parse().ok()?;
            Tensor::from_vec(uniform(0.0, below).into_iter().map(|v| v as i64).collect(), shape)
        }
    })
}
