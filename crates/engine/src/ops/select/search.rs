//! Places in an order: `searchsorted`, `bucketize`, `isin`.

use crate::bail;
use crate::dtype::DType;
use crate::error::Result;
use crate::ops::select::gather;
use crate::ops::{Args, OpDef, Operand, TORCH, Value, op};
use crate::shape::Dims;
use crate::storage::allocate;
use crate::tensor::Tensor;

/// The rows of this file.
pub static OPS: &[OpDef] = &[
    op(
        "searchsorted(Tensor sorted_sequence, Operand input, *, bool out_int32=False, bool right=False, str? side=None, Tensor? sorter=None)",
        TORCH,
        "Returns where each value would have to be put into a sorted sequence to keep it sorted: before equal elements, \
         or behind them with right=True or side='right'. sorter holds the indices that sort the sequence.",
        searchsorted,
        &["i9[4], i9[2,3]", "i9[4], 3, right=True", "i9[4], i9[3], side='right'", "i9[4], i9[3], sorter=i4[4]"],
    ),
    op(
        "bucketize(Operand input, Tensor boundaries, *, bool out_int32=False, bool right=False)",
        TORCH,
        "Returns into which of the intervals between sorted boundaries each value falls.",
        bucketize,
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

fn searchsorted(a: &Args) -> Result<Value> {
    const OP: &str = "torch.searchsorted()";
    let (sorted, values) = (a.tensor(0), as_tensor(a.operand(1))?);
    let right = match (a.str_opt(4), a.bool(3)) {
        (None, right) => right,
        (Some("right"), _) => true,
        (Some("left"), false) => false,
        (Some("left"), true) => {
            bail!("{OP}: side and right can't be set to opposites, got side of left while right was True")
        }
        (Some(side), _) => bail!("{OP}: side can only be 'left' or 'right' but got {side}"),
    };
    if values.rank() == 0 && sorted.rank() != 1 {
        bail!(
            "{OP}: input value can be a scalar only when boundaries tensor dimension is 1, but we got boundaries tensor \
             dim({}) and input value's dim(0) numel(1)",
            sorted.rank()
        );
    }
    if sorted.rank() != 1
        && (sorted.rank() != values.rank()
            || sorted.shape()[..sorted.rank() - 1] != values.shape()[..sorted.rank() - 1])
    {
        bail!(
            "{OP}: boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input \
             value tensor must match, but we got boundaries tensor {} and input value tensor {}",
            Dims(sorted.shape()),
            Dims(values.shape())
        );
    }
    let Some(sorter) = a.tensor_opt(5) else { return places(a, sorted, &values, right) };
    if sorter.shape() != sorted.shape() {
        bail!(
            "{OP}: boundary and sorter must have the same size, but got boundary tensor {} and got sorter tensor {}",
            Dims(sorted.shape()),
            Dims(sorter.shape())
        );
    }
    if sorter.dtype() != DType::I64 {
        bail!("{OP}: sorter must be a tensor of long dtype but got dtype {}", sorter.dtype().torch_name());
    }
    let n = sorted.shape().last().copied().unwrap_or(0) as i64;
    if sorter.to_vec::<i64>()?.iter().any(|i| !(0..n).contains(i)) {
        bail!("{OP}: sorter index out of range");
    }
    places(a, &gather(sorted, -1, sorter)?, &values, right)
}

fn bucketize(a: &Args) -> Result<Value> {
    let (values, boundaries) = (as_tensor(a.operand(0))?, a.tensor(1));
    if boundaries.rank() != 1 {
        bail!("boundaries tensor must be 1 dimension, but got dim({})", boundaries.rank());
    }
    places(a, boundaries, &values, a.bool(3))
}

/// The place of each value in its row of `sorted`, or in the only row there is.
fn places(a: &Args, sorted: &Tensor, values: &Tensor, right: bool) -> Result<Value> {
    let n = sorted.shape().last().copied().unwrap_or(0);
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
