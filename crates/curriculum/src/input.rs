//! Values in `checks.toml`: what is handed to a learner's function, and what is expected of it.

use std::ops::RangeInclusive;

use lyceum_lab::{
    DType, TensorValue, Value,
    checks::{DataSlice, Distribution, Field, Input, Seed},
};
use toml::de::DeValue;

use crate::reader::{Item, Reader, listed};

/// The greatest number of elements that an input may have: 4 million.
const MAX_ELEMENTS: usize = 1 << 22;
/// The greatest size that a dimension may have.
const SIZES: RangeInclusive<i64> = 0..=MAX_ELEMENTS as i64;

/// Reads a value.
pub(crate) fn read(item: Item<'_>) -> Option<Input> {
    read_within(item, Value::MAX_DEPTH)
}

fn read_within(item: Item<'_>, depth: usize) -> Option<Input> {
    if depth == 0 {
        item.problem(format!("values stand in each other at most {} deep", Value::MAX_DEPTH));
        return None;
    }
    match item.value {
        DeValue::String(text) => Some(Input::Plain(Value::Str(text.to_string()))),
        DeValue::Integer(_) => Some(Input::Plain(Value::Int(item.integer()?))),
        DeValue::Float(_) => Some(Input::Plain(Value::Float(item.number()?))),
        DeValue::Boolean(value) => Some(Input::Plain(Value::Bool(*value))),
        DeValue::Datetime(_) => {
            item.problem("a date cannot be handed to a program");
            None
        }
        DeValue::Array(_) => Some(Input::List(list(item, depth)?)),
        DeValue::Table(_) => from_table(item, &item.table()?, depth),
    }
}

fn list(item: Item<'_>, depth: usize) -> Option<Vec<Input>> {
    let items = item.items()?;
    let read: Vec<Input> = items.iter().filter_map(|item| read_within(*item, depth - 1)).collect();
    (read.len() == items.len()).then_some(read)
}

fn from_table(item: Item<'_>, table: &Reader<'_>, depth: usize) -> Option<Input> {
    const KINDS: [&str; 7] = ["tensor", "randn", "rand", "randint", "data", "none", "tuple"];
    let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| table.has(kind)).collect();
    let [kind] = kinds.as_slice() else {
        item.problem(format!("expected a value: a table with exactly one of {}", listed(&KINDS)));
        return None;
    };
    let others: &[&str] = match *kind {
        "tensor" => &["dtype"],
        "randn" => &["dtype", "seed"],
        "rand" | "randint" => &["dtype", "seed", "low", "high"],
        "data" => &["field", "split", "size", "rows"],
        _ => &[],
    };
    for (key, value) in table.entries() {
        if key != *kind && !others.contains(&key) {
            value.problem(format!("`{key}` is not known beside `{kind}`"));
        }
    }
    match *kind {
        "tensor" => tensor(table).map(|tensor| Input::Plain(Value::Tensor(tensor))),
        "data" => data(table),
        "tuple" => Some(Input::Tuple(list(table.need("tuple")?, depth)?)),
        "none" => match table.need("none")?.boolean()? {
            true => Some(Input::Plain(Value::None)),
            false => {
                item.problem("`none` can only be true");
                None
            }
        },
        "randn" => random(table, "randn", Distribution::Normal, DType::Float32),
        "rand" => {
            let (low, high) = (table.number("low").unwrap_or(0.0), table.number("high").unwrap_or(1.0));
            if !(low <= high && low.is_finite() && high.is_finite()) {
                item.problem(format!("`low` must not be above `high`: {low}, {high}"));
                return None;
            }
            random(table, "rand", Distribution::Uniform { low, high }, DType::Float32)
        }
        _ => {
            let all = i64::from(i32::MIN)..=i64::from(i32::MAX);
            let low = table.whole("low", all.clone()).unwrap_or(0);
            let high = table.need("high").and_then(|item| item.whole(all))?;
            if low >= high {
                item.problem(format!("`high` must be above `low`: {low}, {high}"));
                return None;
            }
            random(table, "randint", Distribution::Integers { low, high }, DType::Int64)
        }
    }
}

fn random(table: &Reader<'_>, kind: &'static str, distribution: Distribution, default: DType) -> Option<Input> {
    let item = table.need(kind)?;
    let items = item.items()?;
    let shape: Vec<usize> =
        items.iter().filter_map(|size| size.whole(SIZES).and_then(|size| usize::try_from(size).ok())).collect();
    if shape.len() != items.len() {
        return None;
    }
    let numel = shape.iter().try_fold(1_usize, |product, size| product.checked_mul(*size));
    if numel.is_none_or(|numel| numel > MAX_ELEMENTS) {
        item.problem(format!("a tensor has at most {MAX_ELEMENTS} elements here"));
        return None;
    }
    let seed = match table.get("seed") {
        None => {
            table.problem("`seed` is missing: a number, or \"variant\"");
            return None;
        }
        Some(seed) => match seed.value {
            DeValue::String(word) if word == "variant" => Seed::Variant,
            _ => Seed::Fixed(seed.whole(0..=i64::MAX).and_then(|seed| u64::try_from(seed).ok())?),
        },
    };
    Some(Input::Random { distribution, shape, dtype: dtype(table, default)?, seed })
}

fn dtype(table: &Reader<'_>, default: DType) -> Option<DType> {
    let words: Vec<(&str, DType)> = DType::ALL.iter().map(|dtype| (dtype.name(), *dtype)).collect();
    match table.get("dtype") {
        None => Some(default),
        Some(item) => item.word(&words),
    }
}

/// A tensor that is written down. Without a dtype it has the one that `torch.tensor` would give it.
fn tensor(table: &Reader<'_>) -> Option<TensorValue> {
    let item = table.need("tensor")?;
    let mut found = Found { numbers: Vec::new(), shape: Vec::new(), default: DType::Bool };
    fill(item, 0, &mut found)?;
    if found.numbers.is_empty() {
        found.default = DType::Float32;
    }
    let dtype = dtype(table, found.default)?;
    let tensor = TensorValue::of_numbers(dtype, found.shape, &found.numbers);
    if tensor.is_none() {
        item.problem("the rows of a tensor must be equally long");
    }
    tensor
}

struct Found {
    numbers: Vec<f64>,
    shape: Vec<usize>,
    default: DType,
}

fn fill(item: Item<'_>, depth: usize, found: &mut Found) -> Option<()> {
    let number = match item.value {
        DeValue::Array(_) if depth >= 8 => {
            item.problem("a tensor has at most 8 dimensions here");
            return None;
        }
        DeValue::Array(_) => {
            let items = item.items()?;
            match found.shape.get(depth) {
                None if depth == found.shape.len() && found.numbers.is_empty() => found.shape.push(items.len()),
                Some(size) if *size == items.len() => {}
                _ => {
                    item.problem("the rows of a tensor must be equally long");
                    return None;
                }
            }
            return items.into_iter().try_for_each(|item| fill(item, depth + 1, found));
        }
        DeValue::Boolean(value) => f64::from(u8::from(*value)),
        DeValue::Integer(_) => {
            found.default = if found.default == DType::Float32 { DType::Float32 } else { DType::Int64 };
            item.integer()? as f64
        }
        _ => {
            found.default = DType::Float32;
            item.number()?
        }
    };
    if depth != found.shape.len() {
        item.problem("the rows of a tensor must be equally deep");
        return None;
    }
    found.numbers.push(number);
    Some(())
}

fn data(table: &Reader<'_>) -> Option<Input> {
    let set = table.string("data")?;
    let field = match table.get("field") {
        None => Field::Data,
        Some(item) => item.word(&[("data", Field::Data), ("target", Field::Target)])?,
    };
    Some(Input::Data(slice(table, set, field)?))
}

/// The part of a set that the keys `split`, `size` and `rows` of a table name.
pub(crate) fn slice(table: &Reader<'_>, set: String, field: Field) -> Option<DataSlice> {
    let split = match table.get("split") {
        None => None,
        Some(item) => Some(item.word(&[("train", "train"), ("test", "test")])?.to_owned()),
    };
    let size = match table.get("size") {
        None => None,
        Some(item) => Some(usize::try_from(item.whole(1..=1024)?).ok()?),
    };
    let rows = match table.get("rows") {
        None => None,
        Some(item) => {
            let bounds: Vec<usize> = item
                .items()?
                .iter()
                .filter_map(|bound| bound.whole(SIZES).and_then(|bound| usize::try_from(bound).ok()))
                .collect();
            match bounds.as_slice() {
                [first, end] if first <= end => Some((*first, *end)),
                _ => {
                    item.problem("expected the first row and the one after the last, such as [0, 32]");
                    return None;
                }
            }
        }
    };
    Some(DataSlice { set, split, size, field, rows })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{problem::Sink, reader};

    fn value(text: &str) -> Result<Input, String> {
        let text = format!("v = {text}");
        let sink = Sink::new(Path::new("checks.toml"), &text);
        let document = reader::parse(&text, &sink);
        let input = Reader::new(&sink, &document).need("v").and_then(read);
        let problems: Vec<String> = sink.into_problems().into_iter().map(|problem| problem.message).collect();
        input.filter(|_| problems.is_empty()).ok_or(problems.join("; "))
    }

    fn tensor(dtype: DType, shape: &[usize], numbers: &[f64]) -> Result<Input, String> {
        Ok(Input::Plain(Value::Tensor(TensorValue::of_numbers(dtype, shape.to_vec(), numbers).unwrap())))
    }

    #[test]
    fn a_tensor_has_the_dtype_that_torch_would_give_it() {
        assert_eq!(value("{ tensor = [[1.0, 2.0]] }"), tensor(DType::Float32, &[1, 2], &[1.0, 2.0]));
        assert_eq!(value("{ tensor = [1, 2] }"), tensor(DType::Int64, &[2], &[1.0, 2.0]));
        assert_eq!(value("{ tensor = [true] }"), tensor(DType::Bool, &[1], &[1.0]));
        assert_eq!(value("{ tensor = [1, 0.5] }"), tensor(DType::Float32, &[2], &[1.0, 0.5]));
        assert_eq!(value("{ tensor = 3 }"), tensor(DType::Int64, &[], &[3.0]));
        assert_eq!(value("{ tensor = [] }"), tensor(DType::Float32, &[0], &[]));
        assert_eq!(value("{ tensor = [1], dtype = \"float64\" }"), tensor(DType::Float64, &[1], &[1.0]));
        assert!(matches!(value("{ tensor = [inf, -inf, nan] }"), Ok(Input::Plain(_))));
    }

    #[test]
    fn what_is_no_value_is_said_to_be_none() {
        for (text, said) in [
            ("{ tensor = [[1], [2, 3]] }", "equally long"),
            ("{ tensor = [1, [2]] }", "equally"),
            ("{ tensor = [[1], 2] }", "equally deep"),
            ("{ tensor = [\"a\"] }", "expected a number"),
            ("{ tensor = [1], dtype = \"float16\" }", "possible are `bool`"),
            ("{ tensr = [1] }", "exactly one of"),
            ("{ randn = [2], rand = [2] }", "exactly one of"),
            ("{ randn = [2] }", "`seed` is missing"),
            ("{ randn = [2], seed = 1, low = 0 }", "`low` is not known beside `randn`"),
            ("{ randn = [4096, 4096], seed = 1 }", "at most"),
            ("{ randn = [-1], seed = 1 }", "from 0"),
            ("{ rand = [1], seed = 1, low = 2.0 }", "must not be above"),
            ("{ randint = [1], seed = 1, low = 3, high = 3 }", "must be above"),
            ("{ data = \"iris\", rows = [3] }", "first row"),
            ("{ none = false }", "only be true"),
            ("2026-01-01", "date"),
            ("[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "deep"),
        ] {
            let problems = value(text).unwrap_err();
            assert!(problems.contains(said), "{text}: {problems}");
        }
    }
}
