//! float16 and bfloat16: tensors are stored so, and computed with in float32.
//!
//! An op that moves elements does so as they are. For any other one the halves among its arguments are widened, and a
//! float32 result is rounded back, as PyTorch does on a CPU within its kernels. Gradients take the same way, because
//! widening and rounding are ops with derivatives.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{Args, OpDef, Operand, Value};
use super::{conv, convert, create, indexing, join, matmul, optim, random, select, view};
use crate::bail;
use crate::dtype::{DType, Promotion};
use crate::error::{Error, Result};
use crate::tensor::Tensor;

/// The families whose rows move elements without computing, as far as they can.
static MOVING: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    schemas(&[
        convert::OPS,
        create::OPS,
        indexing::OPS,
        indexing::along::OPS,
        join::OPS,
        join::pad::OPS,
        join::rearrange::OPS,
        join::split::OPS,
        join::triangle::OPS,
        random::OPS,
        select::masks::OPS,
        view::OPS,
        view::dims::OPS,
        view::parts::OPS,
    ])
});

/// The rows that take one dtype only: where halves meet other floats, they say so themselves.
static STRICT: LazyLock<HashSet<&'static str>> = LazyLock::new(|| schemas(&[conv::OPS, matmul::OPS]));

/// The rows that write into their arguments, beside those whose names say so.
static WRITING: LazyLock<HashSet<&'static str>> = LazyLock::new(|| schemas(&[optim::OPS]));

fn schemas(families: &[&'static [OpDef]]) -> HashSet<&'static str> {
    families.iter().flat_map(|family| family.iter()).map(|def| def.schema).collect()
}

/// Calls a row.
pub(super) fn run(def: &'static OpDef, args: Args) -> Result<Value> {
    if args.values.iter().any(holds_half) { run_with_halves(def, args) } else { (def.run)(&args) }
}

/// Computes an operation of two operands in float32 where they meet in a half.
pub(super) fn of_two(op: fn(&Operand, &Operand) -> Result<Tensor>, a: &Operand, b: &Operand) -> Option<Result<Tensor>> {
    let is_half = |operand: &Operand| matches!(operand, Operand::Tensor(t) if t.dtype().is_half());
    if !is_half(a) && !is_half(b) {
        return None;
    }
    let wide = |operand: &Operand| match operand {
        Operand::Tensor(t) if t.dtype().is_half() => Ok(Operand::Tensor(t.to_dtype(DType::F32)?)),
        other => Ok(other.clone()),
    };
    let add = |promotion: Promotion, operand: &Operand| match operand {
        Operand::Tensor(t) => promotion.tensor(t.dtype(), t.rank()),
        Operand::Scalar(s) => promotion.scalar(*s),
    };
    let dtype = add(add(Promotion::default(), a), b).result();
    Some(wide(a).and_then(|a| op(&a, &wide(b)?)).and_then(|out| out.to_dtype(dtype)))
}

/// Computes an operation of one tensor in float32 where it is a half.
pub(super) fn of_one(op: impl FnOnce(&Tensor) -> Result<Tensor>, t: &Tensor) -> Option<Result<Tensor>> {
    let in_float32 = || op(&t.to_dtype(DType::F32)?)?.to_dtype(t.dtype());
    t.dtype().is_half().then(in_float32)
}

fn holds_half(value: &Value) -> bool {
    match value {
        Value::Tensor(t) => t.dtype().is_half(),
        Value::DType(dtype) => dtype.is_half(),
        Value::List(items) => items.iter().any(holds_half),
        _ => false,
    }
}

fn run_with_halves(def: &'static OpDef, args: Args) -> Result<Value> {
    let writes = args.op.ends_with('_') || WRITING.contains(def.schema);
    if writes || MOVING.contains(def.schema) || (STRICT.contains(def.schema) && is_mixed(&args)) {
        match (def.run)(&args) {
            Err(Error::DTypeNotSupported { .. }) if !writes => {}
            result => return result,
        }
    }
    if matches!(args.op, "batch_norm" | "instance_norm") && args.values[1..3].iter().any(holds_half) {
        let trains = args.values.iter().any(|value| matches!(value, Value::Bool(true)));
        if trains {
            bail!(NotImplemented: "{}: running statistics of 16 bits cannot be moved; keep them in float32", args.op);
        }
    }
    let narrow = result_dtype(&args);
    let values = args.values.iter().map(widened).collect::<Result<_>>()?;
    let result = (def.run)(&Args { op: args.op, values })?;
    narrow.map_or(Ok(result.clone()), |dtype| narrowed(&result, dtype))
}

/// The dtype that float32 results are rounded to: the one that was asked for, or the half that all float tensors have.
fn result_dtype(args: &Args) -> Option<DType> {
    if let Some(asked) = args.values.iter().find_map(|value| if let Value::DType(d) = value { Some(*d) } else { None })
    {
        return Some(asked).filter(|dtype| dtype.is_half());
    }
    let mut found = None;
    for value in &args.values {
        visit(value, &mut |t| {
            if t.dtype().is_float() {
                found = Some(found.map_or(t.dtype(), |before: DType| before.promoted_with(t.dtype())));
            }
        });
    }
    found.filter(|dtype| dtype.is_half())
}

/// Whether both halves and other floats are among the tensors.
fn is_mixed(args: &Args) -> bool {
    let (mut halves, mut others) = (false, false);
    for value in &args.values {
        visit(value, &mut |t| {
            halves |= t.dtype().is_half();
            others |= t.dtype().is_float() && !t.dtype().is_half();
        });
    }
    halves && others
}

fn visit(value: &Value, f: &mut impl FnMut(&Tensor)) {
    match value {
        Value::Tensor(t) => f(t),
        Value::List(items) => items.iter().for_each(|item| visit(item, f)),
        _ => {}
    }
}

fn widened(value: &Value) -> Result<Value> {
    Ok(match value {
        Value::Tensor(t) if t.dtype().is_half() => t.to_dtype(DType::F32)?.into(),
        Value::DType(dtype) if dtype.is_half() => Value::DType(DType::F32),
        Value::List(items) => Value::List(items.iter().map(widened).collect::<Result<_>>()?),
        other => other.clone(),
    })
}

fn narrowed(value: &Value, dtype: DType) -> Result<Value> {
    Ok(match value {
        Value::Tensor(t) if t.dtype() == DType::F32 => t.to_dtype(dtype)?.into(),
        Value::List(items) => Value::List(items.iter().map(|item| narrowed(item, dtype)).collect::<Result<_>>()?),
        other => other.clone(),
    })
}
