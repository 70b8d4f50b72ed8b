//! Compares what a program gave with what is expected: kind first, then shape, then dtype, then numbers.

use crate::{DType, Failure, TensorValue, Value, checks::Tolerance};

/// How two values differ first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mismatch {
    pub(super) failure: Failure,
    /// Where in a list or a dict, as in `[1]`; empty at the top.
    pub(super) place: String,
    pub(super) expected_type: String,
    pub(super) seen_type: String,
    pub(super) expected_shape: Vec<usize>,
    pub(super) shape: Vec<usize>,
    pub(super) expected_dtype: Option<DType>,
    pub(super) dtype: Option<DType>,
    /// The largest distance between two numbers; NaN where one of them is none.
    pub(super) difference: f64,
    /// The number with the largest distance, as it was seen.
    pub(super) value: f64,
}

impl Mismatch {
    fn new(failure: Failure, expected: &Value, seen: &Value) -> Self {
        let shape = |value: &Value| match value {
            Value::Tensor(tensor) => tensor.shape().to_vec(),
            Value::List(items) | Value::Tuple(items) => vec![items.len()],
            _ => Vec::new(),
        };
        let dtype = |value: &Value| match value {
            Value::Tensor(tensor) => Some(tensor.dtype()),
            _ => None,
        };
        Self {
            failure,
            place: String::new(),
            expected_type: expected.type_name().to_owned(),
            seen_type: seen.type_name().to_owned(),
            expected_shape: shape(expected),
            shape: shape(seen),
            expected_dtype: dtype(expected),
            dtype: dtype(seen),
            difference: 0.0,
            value: seen.as_number().unwrap_or_default(),
        }
    }

    fn within(mut self: Box<Self>, place: String) -> Box<Self> {
        self.place.insert_str(0, &place);
        self
    }
}

/// What is compared beside numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub(super) tolerance: Tolerance,
    pub(super) dtype: bool,
}

/// Compares two values.
///
/// A list and a tuple are the same kind, and so are `int` and `float`; everything else has to be what is expected.
pub(super) fn compare(expected: &Value, seen: &Value, rules: Rules) -> Result<(), Box<Mismatch>> {
    let differ = |failure| Err(Box::new(Mismatch::new(failure, expected, seen)));
    match (expected, seen) {
        (Value::Tensor(a), Value::Tensor(b)) => tensors(a, b, rules, || Mismatch::new(Failure::Value, expected, seen)),
        (Value::None, Value::None) => Ok(()),
        (Value::Bool(a), Value::Bool(b)) if a == b => Ok(()),
        (Value::Str(a), Value::Str(b)) if a == b => Ok(()),
        (Value::Bool(_), Value::Bool(_)) | (Value::Str(_), Value::Str(_)) => differ(Failure::Value),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            let (a, b) = (expected.as_number().unwrap_or(f64::NAN), seen.as_number().unwrap_or(f64::NAN));
            if are_close(a, b, rules.tolerance) {
                return Ok(());
            }
            Err(Box::new(Mismatch { difference: distance(a, b), ..Mismatch::new(Failure::Value, expected, seen) }))
        }
        (Value::List(a) | Value::Tuple(a), Value::List(b) | Value::Tuple(b)) => {
            if a.len() != b.len() {
                return differ(Failure::Shape);
            }
            a.iter().zip(b).enumerate().try_for_each(|(at, (a, b))| {
                compare(a, b, rules).map_err(|mismatch| mismatch.within(format!("[{at}]")))
            })
        }
        (Value::Dict(a), Value::Dict(b)) => {
            if a.len() != b.len() {
                return differ(Failure::Shape);
            }
            a.iter().try_for_each(|(key, value)| match b.iter().find(|(other, _)| other == key) {
                Some((_, other)) => {
                    compare(value, other, rules).map_err(|mismatch| mismatch.within(format!("[{key:?}]")))
                }
                None => differ(Failure::Shape),
            })
        }
        _ => differ(Failure::Type),
    }
}

fn tensors(
    expected: &TensorValue,
    seen: &TensorValue,
    rules: Rules,
    mismatch: impl Fn() -> Mismatch,
) -> Result<(), Box<Mismatch>> {
    if expected.shape() != seen.shape() {
        return Err(Box::new(Mismatch { failure: Failure::Shape, ..mismatch() }));
    }
    if rules.dtype && expected.dtype() != seen.dtype() {
        return Err(Box::new(Mismatch { failure: Failure::Dtype, ..mismatch() }));
    }
    if expected == seen && expected.dtype() == DType::Int64 {
        return Ok(());
    }
    let (mut worst, mut value, mut good) = (0.0_f64, 0.0, true);
    for (a, b) in expected.numbers().into_iter().zip(seen.numbers()) {
        if !are_close(a, b, rules.tolerance) {
            let distance = distance(a, b);
            if good || distance > worst || (distance.is_nan() && !worst.is_nan()) {
                (worst, value) = (distance, b);
            }
            good = false;
        }
    }
    if good { Ok(()) } else { Err(Box::new(Mismatch { difference: worst, value, ..mismatch() })) }
}

fn distance(a: f64, b: f64) -> f64 {
    if a == b { 0.0 } else { (a - b).abs() }
}

/// Says whether two numbers are close. NaN is close to NaN, an infinity to itself, and neither to anything else.
pub(super) fn are_close(expected: f64, seen: f64, tolerance: Tolerance) -> bool {
    if expected.is_nan() || seen.is_nan() {
        return expected.is_nan() && seen.is_nan();
    }
    if expected.is_infinite() || seen.is_infinite() {
        return expected == seen;
    }
    (expected - seen).abs() <= tolerance.atol + tolerance.rtol * expected.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules { tolerance: Tolerance { rtol: 1e-4, atol: 1e-6 }, dtype: true };

    fn tensor(dtype: DType, shape: &[usize], numbers: &[f64]) -> Value {
        Value::Tensor(TensorValue::of_numbers(dtype, shape.to_vec(), numbers).unwrap())
    }

    fn failure(expected: &Value, seen: &Value) -> Option<Failure> {
        compare(expected, seen, RULES).err().map(|mismatch| mismatch.failure)
    }

    #[test]
    fn the_first_difference_is_told() {
        let expected = tensor(DType::Float32, &[2], &[1.0, 2.0]);
        assert_eq!(failure(&expected, &expected), None);
        assert_eq!(failure(&expected, &tensor(DType::Float32, &[2], &[1.0, 2.0001])), None);
        assert_eq!(failure(&expected, &tensor(DType::Float32, &[2], &[1.0, 2.1])), Some(Failure::Value));
        assert_eq!(failure(&expected, &tensor(DType::Float64, &[2], &[1.0, 2.0])), Some(Failure::Dtype));
        assert_eq!(failure(&expected, &tensor(DType::Float64, &[2, 1], &[1.0, 2.0])), Some(Failure::Shape));
        assert_eq!(failure(&expected, &Value::List(vec![Value::Float(1.0), Value::Float(2.0)])), Some(Failure::Type));
        assert_eq!(failure(&expected, &Value::Other("Liar".into())), Some(Failure::Type));
    }

    #[test]
    fn kinds_of_python_are_kept_apart_where_it_matters() {
        assert_eq!(failure(&Value::Int(2), &Value::Float(2.0)), None);
        assert_eq!(failure(&Value::Int(1), &Value::Bool(true)), Some(Failure::Type));
        assert_eq!(failure(&Value::Bool(true), &Value::Int(1)), Some(Failure::Type));
        assert_eq!(failure(&Value::None, &Value::Int(0)), Some(Failure::Type));
        assert_eq!(failure(&Value::Other("A".into()), &Value::Other("A".into())), Some(Failure::Type));
        let pair = |b: i64| Value::Tuple(vec![Value::Int(1), Value::Int(b)]);
        assert_eq!(failure(&pair(2), &Value::List(vec![Value::Int(1), Value::Int(2)])), None);
        assert_eq!(compare(&pair(2), &pair(3), RULES).unwrap_err().place, "[1]");
        assert_eq!(failure(&pair(2), &Value::Tuple(vec![Value::Int(1)])), Some(Failure::Shape));
        let dict = |value: i64| Value::Dict(vec![(Value::Str("w".into()), Value::Int(value))]);
        assert_eq!((failure(&dict(1), &dict(1)), failure(&dict(1), &dict(2))), (None, Some(Failure::Value)));
    }

    #[test]
    fn nothing_that_is_no_number_is_close_to_one() {
        let close = |a, b| are_close(a, b, Tolerance { rtol: 1.0, atol: f64::MAX });
        assert!(close(f64::NAN, f64::NAN) && close(f64::INFINITY, f64::INFINITY));
        for (a, b) in [(1.0, f64::NAN), (f64::NAN, 1.0), (1.0, f64::INFINITY), (f64::NEG_INFINITY, f64::INFINITY)] {
            assert!(!close(a, b), "{a} {b}");
        }
        let nan = tensor(DType::Float32, &[2], &[1.0, f64::NAN]);
        let mismatch = compare(&tensor(DType::Float32, &[2], &[1.0, 2.0]), &nan, RULES).unwrap_err();
        assert!(mismatch.difference.is_nan() && mismatch.value.is_nan());
    }
}
