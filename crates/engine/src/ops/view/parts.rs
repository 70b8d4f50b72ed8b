//! Parts of a tensor that are not rows or columns: diagonals and windows; and copies with a part replaced.

use super::{narrow, scatter_strided, select, slice};
use crate::autograd::{inplace, record};
use crate::bail;
use crate::error::Result;
use crate::grads;
use crate::ops::{METHOD, OpDef, TORCH, op, value};
use crate::shape::{Dims, Shape, Strides, contiguous_strides, wrap_dim};
use crate::tensor::Tensor;

const BOTH: u8 = TORCH | METHOD;

/// The rows of this file.
pub static OPS: &[OpDef] = &[
    op(
        "diagonal(Tensor input, int offset=0, int dim1=0, int dim2=1)",
        BOTH,
        "Returns a view of the diagonal of two dimensions, as a new last dimension. A positive `offset` is above the \
         main diagonal, a negative one below.",
        |a| value(diagonal(a.tensor(0), a.int(1), a.int(2), a.int(3))),
        &["[3,4]", "[3,4], 1", "[3,4], -1", "[2,3,3], 0, 1, 2", "[3,4], 7", "[2,3,4], 0, -1, 0"],
    ),
    op(
        "unfold(Tensor input, int dimension, int size, int step)",
        METHOD,
        "Returns a view of all windows of `size` along a dimension, `step` apart: the windows become that dimension, \
         and their elements a new last one.",
        |a| value(unfold(a.tensor(0), a.int(1), a.int(2), a.int(3))),
        &["[7], 0, 3, 2", "[2,5], 1, 2, 1", "[4,2], 0, 2, 3", "[], 0, 1, 1"],
    ),
    op(
        "narrow_copy(Tensor input, int dim, int start, int length)",
        BOTH,
        "Returns a copy of the part from `start`, `length` long, of a dimension.",
        |a| value(narrow(a.tensor(0), a.int(1), a.int(2), a.int(3)).and_then(|part| part.copy_op())),
        &["[4,3], 0, 1, 2"],
    ),
    op(
        "select_scatter(Tensor input, Tensor src, int dim, int index)",
        BOTH,
        "Returns a copy in which the part at one index of a dimension is replaced by `src`.",
        |a| value(with_part(a.tensor(0), a.tensor(1), |t| select(t, a.int(2), a.int(3)))),
        &["[2,3], [3], 0, 1", "[2,3], [2], -1, 0"],
    ),
    op(
        "slice_scatter(Tensor input, Tensor src, int dim=0, int? start=None, int? end=None, int step=1)",
        BOTH,
        "Returns a copy in which a slice of a dimension is replaced by `src`.",
        |a| {
            let part = |t: &Tensor| python_slice(t, a.int(2), a.int_opt(3), a.int_opt(4), Some(a.int(5)));
            value(with_part(a.tensor(0), a.tensor(1), part))
        },
        &["[4,3], [2,3], 0, 1, 3", "[4,3], [4,2], 1, None, None, 2"],
    ),
    op(
        "diagonal_scatter(Tensor input, Tensor src, int offset=0, int dim1=0, int dim2=1)",
        BOTH,
        "Returns a copy in which a diagonal is replaced by `src`.",
        |a| value(with_part(a.tensor(0), a.tensor(1), |t| diagonal(t, a.int(2), a.int(3), a.int(4)))),
        &["[3,4], [3]", "[3,3], [2], 1"],
    ),
];

/// A view whose layout is worked out from the strides of its input: `layout` gives shape, strides and the distance of
/// the first element from the input's.
fn part_view(t: &Tensor, name: &'static str, layout: impl Fn(&[isize]) -> (Shape, Strides, usize)) -> Tensor {
    let (shape, strides, skip) = layout(t.strides());
    let out = t.view_of(shape, strides, t.storage_offset() + skip);
    record(out, name, [t], || {
        let whole = Shape::from(t.shape());
        let whole_strides = contiguous_strides(&whole);
        let (_, part, skip) = layout(&whole_strides);
        move |cx| grads![cx.when(0, || scatter_strided(&cx.grad()?, &whole, &whole_strides, &part, skip))?]
    })
}

/// Returns a diagonal of two dimensions: `y[..., i] = x[..., i, ..., i + offset, ...]`.
pub fn diagonal(t: &Tensor, offset: i64, dim1: i64, dim2: i64) -> Result<Tensor> {
    let (d1, d2) = (wrap_dim(dim1, t.rank())?, wrap_dim(dim2, t.rank())?);
    if d1 == d2 {
        bail!("diagonal dimensions cannot be identical {dim1}, {dim2}");
    }
    let (down, right) = (offset.min(0).unsigned_abs() as usize, offset.max(0) as usize);
    let (rows, columns) = (t.shape()[d1].saturating_sub(down), t.shape()[d2].saturating_sub(right));
    let length = rows.min(columns);
    Ok(part_view(t, "DiagonalBackward0", |strides| {
        let mut shape = Shape::from(t.shape());
        let mut steps = Strides::from(strides);
        for d in [d1.max(d2), d1.min(d2)] {
            shape.remove(d);
            steps.remove(d);
        }
        shape.push(length);
        // The strides of a tensor without elements may be anything.
        steps.push(strides[d1].wrapping_add(strides[d2]));
        let skip =
            if t.numel() == 0 || length == 0 { 0 } else { down * strides[d1] as usize + right * strides[d2] as usize };
        (shape, steps, skip)
    }))
}

/// Returns the windows of a dimension: `y[..., w, ..., i] = x[..., w step + i, ...]`.
pub fn unfold(t: &Tensor, dimension: i64, size: i64, step: i64) -> Result<Tensor> {
    let d = wrap_dim(dimension, t.rank())?;
    let whole = t.shape().get(d).copied().unwrap_or(1);
    if size < 0 {
        bail!("size is {size} but must be >= 0");
    }
    if size as u64 > whole as u64 {
        bail!("maximum size for tensor at dimension {d} is {whole} but size is {size}");
    }
    if step <= 0 {
        bail!("step is {step} but must be > 0");
    }
    let (size, step) = (size as usize, step as usize);
    let windows = (whole - size) / step + 1;
    Ok(part_view(t, "UnfoldBackward0", |strides| {
        let mut shape = Shape::from(t.shape());
        let mut steps = Strides::from(strides);
        let stride = strides.get(d).copied().unwrap_or(1);
        if !shape.is_empty() {
            shape[d] = windows;
            // With one window the step is never taken, and may be too large to multiply.
            steps[d] = if windows > 1 { stride * step as isize } else { stride };
        }
        shape.push(size);
        steps.push(stride);
        (shape, steps, 0)
    }))
}

/// Returns `t[start:end:step]` of a dimension by Python's rules: bounds are wrapped and clamped. The whole of a
/// dimension is the tensor itself.
pub fn python_slice(t: &Tensor, dim: i64, start: Option<i64>, end: Option<i64>, step: Option<i64>) -> Result<Tensor> {
    if t.rank() == 0 {
        bail!(Index: "slice() cannot be applied to a 0-dim tensor.");
    }
    let d = wrap_dim(dim, t.rank())?;
    let size = t.shape()[d] as i64;
    let step = step.unwrap_or(1);
    if step <= 0 {
        bail!(Value: "step must be greater than zero");
    }
    let clamp = |bound: Option<i64>, default: i64| match bound {
        Some(b) if b < 0 => b.saturating_add(size).max(0) as usize,
        Some(b) => b.min(size) as usize,
        None => default as usize,
    };
    let (start, end) = (clamp(start, 0), clamp(end, size));
    if (start, end, step) == (0, size as usize, 1) {
        return Ok(t.clone());
    }
    slice(t, d, start, end, step as usize)
}

/// Returns a copy of `t` in which the part that `view` shows is `src`.
fn with_part(t: &Tensor, src: &Tensor, view: impl FnOnce(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
    let out = t.copy_op()?;
    let part = view(&out)?;
    if part.shape() != src.shape() {
        bail!(
            "expected src to have a size equal to the slice of self. src size = {}, slice size = {}",
            Dims(src.shape()),
            Dims(part.shape())
        );
    }
    inplace::assign(&part, &src.to_dtype(t.dtype())?)?;
    Ok(out)
}
