//! Places in an order: `searchsorted`, `bucketize`, `isin`.

use crate::bail;
use crate::dtype::DType;
use crate::error::Result;
use crate::ops::{Args, OpDef, Operand, TORCH, Value, op};
use crate::storage::allocate;
use crate::tensor::Tensor;

/// The rows of this file.
pub static OPS: &[OpDef] = &[
    op(
        "searchsorted(Tensor sorted_sequence, Operand input, *, bool out_int32=False, bool right=False)",
        TORCH,
        "Returns where each value would have to be put into a sorted sequence to keep it sorted.",
        |a| place(a, 0, 1),
        &["i9[4], i9[2,3]", "i9[4], 3, right=True"],
    ),
    op(
        "bucketize(Operand input, Tensor boundaries, *, bool out_int32=False, bool right=False)",
        TORCH,
        "Returns into which of the intervals between sorted boundaries each value falls.",
        |a| place(a, 1, 0),
        &["i9[2,3], i9[4]", "3, i9[4], right=True"],
    ),
    op(
        "isin(Operand elements, Operand test_elements, *, bool assume_unique=False, bool invert=False)",
        TORCH,
        "Tells of each element whether it is among the test elements.",
        isin,
        &["i5[2,3], i5[2]", "i5[3], 2, invert=True"],
    ),
];

fn as_tensor(operand: Operand) -> Result<Tensor> {
    match operand {
        Operand::Tensor(t) => Ok(t),
        Operand::Scalar(s) => Tensor::full(&[], s, s.dtype()),
    }
}

fn place(a: &Args, sequence: usize, values: usize) -> Result<Value> {
    let (sorted, values) = (a.tensor(sequence), as_tensor(a.operand(values))?);
    let right = a.bool(3);
    let Some(&n) = sorted.shape().last() else {
        bail!("boundaries tensor should have at least one dimension, but got a 0-d tensor");
    };
    if sorted.rank() != 1
        && (sorted.rank() != values.rank()
            || sorted.shape()[..sorted.rank() - 1] != values.shape()[..sorted.rank() - 1])
    {
        bail!("boundaries tensor should be 1 dimension or the first N-1 dimensions of both tensors must match");
    }
    let (order, wanted) = (sorted.to_vec::<f64>()?, values.to_vec::<f64>()?);
    let per_row = if sorted.rank() == 1 { wanted.len() } else { values.shape().last().copied().unwrap_or(1) };
    let mut places: Vec<i64> = allocate(values.shape())?;
    for (i, v) in wanted.iter().enumerate() {
        let row = &order[i / per_row * n..(i / per_row + 1) * n];
        places.push(row.partition_point(|x| if right { x <= v } else { x < v }) as i64);
    }
    let places = Tensor::from_vec(places, values.shape())?;
    Ok(if a.bool(2) { places.to_dtype(DType::I32)? } else { places }.into())
}

fn isin(a: &Args) -> Result<Value> {
    let (elements, tests) = (as_tensor(a.operand(0))?, as_tensor(a.operand(1))?);
    let mut among = tests.to_vec::<f64>()?;
    among.sort_by(f64::total_cmp);
    let invert = a.bool(3);
    let found = elements
        .to_vec::<f64>()?
        .into_iter()
        .map(|v| {
            let at = among.partition_point(|x| *x < v);
            (among.get(at) == Some(&v)) != invert
        })
        .collect();
    Ok(Tensor::from_vec::<bool>(found, elements.shape())?.into())
}
