//! Taking a tensor apart along a dimension. All parts are views, and share one node: its derivative joins their
//! gradients, with zeros for the parts that were not used.

use super::{cat, stack};
use crate::autograd::{BackwardCx, record_many};
use crate::bail;
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::view::parts::python_slice;
use crate::ops::{Args, METHOD, OpDef, TORCH, Value, op, value};
use crate::shape::{Dims, Shape, Strides, wrap_dim};
use crate::storage::reserve;
use crate::tensor::Tensor;

const BOTH: u8 = TORCH | METHOD;

/// The rows of this file.
pub static OPS: &[OpDef] = &[
    op(
        "split(Tensor tensor, int split_size_or_sections, int dim=0)",
        TORCH,
        "Returns views of a dimension cut into parts of one size (the last may be smaller), or of given sizes.",
        |a| value(split(a.tensor(0), a.int(1), a.int(2))),
        &["[5,2], 2", "[2,4], 1, -1", "[0,2], 3"],
    ),
    op(
        "split(Tensor tensor, int[] split_size_or_sections, int dim=0)",
        TORCH,
        "Returns views of a dimension cut into parts of one size (the last may be smaller), or of given sizes.",
        |a| value(split_with_sizes(a.tensor(0), &a.ints(1), a.int(2))),
        &["[5,2], (1,4)", "[2,3], (0,1,2), 1"],
    ),
    op(
        "split(Tensor input, int split_size, int dim=0)",
        METHOD,
        "Returns views of a dimension cut into parts of one size (the last may be smaller), or of given sizes.",
        |a| value(split(a.tensor(0), a.int(1), a.int(2))),
        &["[5,2], 2"],
    ),
    op(
        "split(Tensor input, int[] split_size, int dim=0)",
        METHOD,
        "Returns views of a dimension cut into parts of one size (the last may be smaller), or of given sizes.",
        |a| value(split_with_sizes(a.tensor(0), &a.ints(1), a.int(2))),
        &["[5,2], (1,4)"],
    ),
    op(
        "split_with_sizes(Tensor input, int[] split_sizes, int dim=0)",
        BOTH,
        "Returns views of a dimension cut into parts of given sizes.",
        |a| value(split_with_sizes(a.tensor(0), &a.ints(1), a.int(2))),
        &["[5,2], (1,4)"],
    ),
    op(
        "chunk(Tensor input, int chunks, int dim=0)",
        BOTH,
        "Returns views of a dimension cut into at most `chunks` parts of equal size (the last may be smaller).",
        |a| value(chunk(a.tensor(0), a.int(1), a.int(2))),
        &["[5,2], 2", "[2,6], 3, -1", "[7], 4", "[0,2], 3"],
    ),
    op(
        "tensor_split(Tensor input, Tensor tensor_indices_or_sections, int dim=0)",
        BOTH,
        "Returns views of a dimension cut into `sections` parts whose sizes differ by at most one, or at given indices.",
        tensor_split_row,
        &["[7], i5[2]", "[7], i1[0]"],
    ),
    op(
        "tensor_split(Tensor input, int sections, int dim=0)",
        BOTH,
        "Returns views of a dimension cut into `sections` parts whose sizes differ by at most one, or at given indices.",
        |a| value(tensor_split(a.tensor(0), a.int(1), a.int(2))),
        &["[7], 3", "[2,3], 5, 1"],
    ),
    op(
        "tensor_split(Tensor input, int[] indices, int dim=0)",
        BOTH,
        "Returns views of a dimension cut into `sections` parts whose sizes differ by at most one, or at given indices.",
        |a| value(tensor_split_at(a.tensor(0), &a.ints(1), a.int(2))),
        &["[7], (1,4)", "[7], (-2,9)"],
    ),
    op("hsplit(Tensor input, int sections)", BOTH, HSPLIT, |a| split_row(a, "hsplit"), &["[2,4], 2", "[4], 2"]),
    op("hsplit(Tensor input, int[] indices)", BOTH, HSPLIT, |a| split_row(a, "hsplit"), &["[2,4], (1,)"]),
    op("vsplit(Tensor input, int sections)", BOTH, VSPLIT, |a| split_row(a, "vsplit"), &["[4,2], 2"]),
    op("vsplit(Tensor input, int[] indices)", BOTH, VSPLIT, |a| split_row(a, "vsplit"), &["[4,2], (1,3)"]),
    op("dsplit(Tensor input, int sections)", BOTH, DSPLIT, |a| split_row(a, "dsplit"), &["[1,2,4], 2"]),
    op("dsplit(Tensor input, int[] indices)", BOTH, DSPLIT, |a| split_row(a, "dsplit"), &["[1,2,4], (3,)"]),
    op(
        "unbind(Tensor input, int dim=0)",
        BOTH,
        "Returns views of all parts of a dimension, without that dimension.",
        |a| value(unbind(a.tensor(0), a.int(1))),
        &["[3,2]", "[3,2], -1", "[0,2]"],
    ),
];

const HSPLIT: &str = "Cuts side by side: tensor_split() along dimension 1, or 0 of a vector, into equal parts.";
const VSPLIT: &str = "Cuts one below the other: tensor_split() along dimension 0, into equal parts.";
const DSPLIT: &str = "Cuts one behind the other: tensor_split() along dimension 2, into equal parts.";

/// Cuts a dimension into parts of given sizes, which are known to fill it.
fn cut(t: &Tensor, d: usize, sizes: &[usize], name: &'static str) -> Result<Vec<Tensor>> {
    let mut parts = Vec::new();
    reserve(&mut parts, sizes.len(), t.shape())?;
    let mut start = 0;
    parts.extend(sizes.iter().map(|&n| {
        let mut shape = Shape::from(t.shape());
        shape[d] = n;
        let skip = if n > 0 { start * t.strides()[d] as usize } else { 0 };
        start += n;
        t.view_of(shape, t.strides().into(), t.storage_offset() + skip)
    }));
    let count = parts.len();
    Ok(record_many(parts, name, &[t], || {
        move |cx: &BackwardCx<'_>| {
            let join = || cat(&(0..count).map(|i| cx.grad_at(i)).collect::<Result<Vec<_>>>()?, d as i64);
            grads![cx.when(0, join)?]
        }
    }))
}

fn dim_of(op: &str, t: &Tensor, dim: i64) -> Result<usize> {
    if t.rank() == 0 {
        bail!("{op} expects at least a 1-dimensional tensor");
    }
    wrap_dim(dim, t.rank())
}

/// Cuts a dimension into parts of one size.
pub fn split(t: &Tensor, size: i64, dim: i64) -> Result<Vec<Tensor>> {
    let d = dim_of("split", t, dim)?;
    let Ok(size) = usize::try_from(size) else {
        bail!("split expects split_size be non-negative, but got split_size={size}");
    };
    let whole = t.shape()[d];
    if size == 0 && whole != 0 {
        bail!("split_size can only be 0 if dimension size is 0, but got dimension size of {whole}");
    }
    cut(t, d, &part_sizes(whole, size)?, "SplitBackward0")
}

fn part_sizes(whole: usize, size: usize) -> Result<Vec<usize>> {
    if whole == 0 {
        return Ok(vec![0]);
    }
    let mut sizes = Vec::new();
    let count = whole.div_ceil(size);
    reserve(&mut sizes, count, &[whole])?;
    sizes.extend((0..count).map(|i| size.min(whole - i * size)));
    Ok(sizes)
}

/// Cuts a dimension into parts of given sizes.
pub fn split_with_sizes(t: &Tensor, sizes: &[i64], dim: i64) -> Result<Vec<Tensor>> {
    let d = dim_of("split_with_sizes", t, dim)?;
    if sizes.iter().any(|&n| n < 0) {
        bail!(
            "split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes={}",
            Dims(sizes)
        );
    }
    let total = sizes.iter().try_fold(0i64, |sum, &n| sum.checked_add(n));
    if total != Some(t.shape()[d] as i64) {
        bail!(
            "split_with_sizes expects split_sizes to sum exactly to {} (input tensor's size at dimension {d}), but got \
             split_sizes={}",
            t.shape()[d],
            Dims(sizes)
        );
    }
    let sizes: Vec<usize> = sizes.iter().map(|&n| n as usize).collect();
    cut(t, d, &sizes, "SplitWithSizesBackward0")
}

/// Cuts a dimension into at most `chunks` parts of equal size.
pub fn chunk(t: &Tensor, chunks: i64, dim: i64) -> Result<Vec<Tensor>> {
    let d = dim_of("chunk", t, dim)?;
    if chunks <= 0 {
        bail!("chunk expects `chunks` to be greater than 0, got: {chunks}");
    }
    let (whole, chunks) = (t.shape()[d], chunks as usize);
    if whole == 0 {
        crate::shape::checked_numel(&[chunks])?;
        let sizes = crate::storage::filled::<i64>(&[chunks], 0)?;
        return split_with_sizes(t, &sizes, dim);
    }
    cut(t, d, &part_sizes(whole, whole.div_ceil(chunks))?, "SplitBackward0")
}

/// Cuts a dimension into parts whose sizes differ by at most one.
pub fn tensor_split(t: &Tensor, sections: i64, dim: i64) -> Result<Vec<Tensor>> {
    let d = splittable(t, dim)?;
    if sections <= 0 {
        bail!("number of sections must be larger than 0, got {sections}");
    }
    let count = sections as usize;
    let mut parts = crate::storage::allocate::<i64>(&[count])?;
    let (size, larger) = ((t.shape()[d] / count) as i64, t.shape()[d] % count);
    let mut start = 0;
    parts.extend((0..count).map(|i| {
        start += size + i64::from(i < larger);
        start
    }));
    parts.pop();
    tensor_split_at(t, &parts, dim)
}

/// Cuts a dimension before each of some indices.
pub fn tensor_split_at(t: &Tensor, indices: &[i64], dim: i64) -> Result<Vec<Tensor>> {
    splittable(t, dim)?;
    let mut parts = Vec::new();
    let mut start = 0;
    for &end in indices {
        parts.push(python_slice(t, dim, Some(start), Some(end), None)?);
        start = end;
    }
    parts.push(python_slice(t, dim, Some(start), None, None)?);
    Ok(parts)
}

fn splittable(t: &Tensor, dim: i64) -> Result<usize> {
    if t.rank() == 0 {
        bail!("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims");
    }
    wrap_dim(dim, t.rank())
}

fn tensor_split_row(a: &Args) -> Result<Value> {
    let (t, places, dim) = (a.tensor(0), a.tensor(1), a.int(2));
    if places.dtype() != crate::DType::I64 {
        bail!(
            "tensor_split expected tensor_indices_or_sections to have dtype of long, but got {}",
            places.dtype().torch_name()
        );
    }
    match places.rank() {
        0 => value(tensor_split(t, places.item()?.to_i64(), dim)),
        1 => value(tensor_split_at(t, &places.to_vec::<i64>()?, dim)),
        rank => bail!(
            "tensor_split expected tensor_indices_or_sections to be a zero-dimensional or one-dimensional tensor, but \
             got a tensor with {rank} dims"
        ),
    }
}

fn split_row(a: &Args, op: &'static str) -> Result<Value> {
    let t = a.tensor(0);
    let (needed, dim) = match op {
        "hsplit" => (1, i64::from(t.rank() > 1)),
        "vsplit" => (2, 0),
        _ => (3, 2),
    };
    if t.rank() < needed {
        bail!(
            "torch.{op} requires a tensor with at least {needed} dimension, but got a tensor with {} dimensions!",
            t.rank()
        );
    }
    match a.value(1) {
        Value::Int(sections) => {
            let size = t.shape()[dim as usize] as i64;
            if *sections == 0 || size % sections != 0 {
                bail!(
                    "torch.{op} attempted to split along dimension {dim}, but the size of the dimension {size} is not \
                     divisible by the split_size {sections}!"
                );
            }
            value(tensor_split(t, *sections, dim))
        }
        _ => value(tensor_split_at(t, &a.ints(1), dim)),
    }
}

/// Returns the parts of a dimension, without it; the derivative stacks their gradients.
pub fn unbind(t: &Tensor, dim: i64) -> Result<Vec<Tensor>> {
    if t.rank() == 0 {
        return Err(Error::Index("Dimension specified as 0 but tensor has no dimensions".into()));
    }
    let d = wrap_dim(dim, t.rank())?;
    let (mut shape, mut strides) = (Shape::from(t.shape()), Strides::from(t.strides()));
    let (count, step) = (shape.remove(d), strides.remove(d) as usize);
    let mut parts = Vec::new();
    reserve(&mut parts, count, t.shape())?;
    parts.extend((0..count).map(|i| t.view_of(shape.clone(), strides.clone(), t.storage_offset() + i * step)));
    Ok(record_many(parts, "UnbindBackward0", &[t], || {
        move |cx: &BackwardCx<'_>| {
            let join = || stack(&(0..count).map(|i| cx.grad_at(i)).collect::<Result<Vec<_>>>()?, d as i64);
            grads![cx.when(0, join)?]
        }
    }))
}
