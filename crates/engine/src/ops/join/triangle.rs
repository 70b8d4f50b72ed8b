//! Triangles and diagonals of matrices.

use smallvec::SmallVec;

use crate::autograd::{no_grad, record};
use crate::bail;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::create::{Options, eye};
use crate::ops::reduce::sum;
use crate::ops::view::parts::diagonal;
use crate::ops::{Args, INPLACE, METHOD, OpDef, TORCH, Value, op, value};
use crate::shape::{Shape, checked_numel, wrap_dim};
use crate::storage::allocate;
use crate::tensor::Tensor;

const BOTH: u8 = TORCH | METHOD;

/// The rows of this file.
pub static OPS: &[OpDef] = &[
    op(
        "tril(Tensor input, int diagonal=0)",
        BOTH | INPLACE,
        "Returns a copy with zeros above a diagonal: the main one, or one above (positive) or below (negative) it.",
        |a| value(triangle(a.tensor(0), a.int(1), true)),
        &["[3,4]", "[3,4], 1", "[2,3,3], -1", "[0,2]"],
    ),
    op(
        "triu(Tensor input, int diagonal=0)",
        BOTH | INPLACE,
        "Returns a copy with zeros below a diagonal: the main one, or one above (positive) or below (negative) it.",
        |a| value(triangle(a.tensor(0), a.int(1), false)),
        &["[3,4]", "[3,4], 1", "[2,3,3], -1"],
    ),
    op(
        "tril_indices(int row, int col, int offset=0, *, ScalarType? dtype=None, any layout=None, Device? device=None, \
         bool requires_grad=False)",
        TORCH,
        "Returns the rows and columns of the lower triangle of a matrix, row by row.",
        |a| indices_row(a, true),
        &["3, 3", "3, 2, -1"],
    ),
    op(
        "triu_indices(int row, int col, int offset=0, *, ScalarType? dtype=None, any layout=None, Device? device=None, \
         bool requires_grad=False)",
        TORCH,
        "Returns the rows and columns of the upper triangle of a matrix, row by row.",
        |a| indices_row(a, false),
        &["3, 3", "3, 4, 1"],
    ),
    op(
        "diag(Tensor input, int diagonal=0)",
        BOTH,
        "Returns a diagonal of a matrix, or the matrix with a vector on its diagonal and zeros elsewhere.",
        |a| value(diag(a.tensor(0), a.int(1))),
        &["[3]", "[3], 1", "[3,4]", "[3,4], -1"],
    ),
    op(
        "diag_embed(Tensor input, int offset=0, int dim1=-2, int dim2=-1)",
        BOTH,
        "Returns matrices with the last dimension on their diagonal and zeros elsewhere.",
        |a| value(diag_embed(a.tensor(0), a.int(1), a.int(2), a.int(3))),
        &["[3]", "[2,3], 1", "[2,3], -1, 0, 2"],
    ),
    op(
        "diagflat(Tensor input, int offset=0)",
        BOTH,
        "Returns the matrix with all elements on its diagonal, row by row, and zeros elsewhere.",
        |a| value(diag_embed(&a.tensor(0).reshape_to(&[a.tensor(0).numel()])?, a.int(1), 0, 1)),
        &["[2,2]", "[], 1"],
    ),
    op(
        "trace(Tensor input)",
        BOTH,
        "Returns the sum of the main diagonal of a matrix.",
        |a| value(trace(a.tensor(0))),
        &["[3,3]", "[2,4]", "[0,2]"],
    ),
];

/// `y[i, j] = x[i, j]` where `j - i <= diagonal` (lower) or `j - i >= diagonal` (upper), else 0.
pub fn triangle(t: &Tensor, diagonal: i64, lower: bool) -> Result<Tensor> {
    let (op, name) = if lower { ("tril", "TrilBackward0") } else { ("triu", "TriuBackward0") };
    let &[.., rows, columns] = t.shape() else { bail!("{op}: input tensor must have at least 2 dimensions") };
    let out = crate::for_dtype!(t.dtype(), T => {
        let mut data = allocate::<T>(t.shape())?;
        data.extend_from_slice(&t.dense::<T>()?);
        for (i, row) in data.chunks_exact_mut(columns.max(1)).enumerate() {
            // The first column right of the diagonal, or the first one on it.
            let edge = ((i % rows.max(1)) as i64).saturating_add(diagonal).saturating_add(i64::from(lower));
            let edge = edge.clamp(0, columns as i64) as usize;
            let zeroed = if lower { edge..columns } else { 0..edge };
            row[zeroed].fill(T::default());
        }
        Tensor::from_parts(data, t.shape())
    });
    Ok(record(out, name, [t], || move |cx| grads![cx.when(0, || triangle(&cx.grad()?, diagonal, lower))?]))
}

fn indices_row(a: &Args, lower: bool) -> Result<Value> {
    let make = |dtype| triangle_indices(a.int(0), a.int(1), a.int(2), dtype, lower);
    value(Options::read(a, 3)?.make(Some(DType::I64), make))
}

/// Returns the indices of a triangle as a tensor of two rows.
pub fn triangle_indices(rows: i64, columns: i64, offset: i64, dtype: DType, lower: bool) -> Result<Tensor> {
    let op = if lower { "tril_indices" } else { "triu_indices" };
    if rows < 0 {
        bail!("{op}: row must be non-negative, got {rows}");
    }
    if columns < 0 {
        bail!("{op}: col must be non-negative, got {columns}");
    }
    if !matches!(dtype, DType::I32 | DType::I64) {
        return Err(Error::DTypeNotSupported { op, dtype });
    }
    let below = |offset: i128| lower_count(rows.into(), columns.into(), offset);
    let whole = i128::from(rows) * i128::from(columns);
    let count = if lower { below(offset.into()) } else { whole - below(i128::from(offset) - 1) };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let size = count.saturating_mul(2);
    let (mut data, mut second) = (allocate::<i64>(&[size])?, allocate::<i64>(&[count])?);
    // Only rows that have indices are walked, so that the work is bounded by the size of the result.
    let first_row = if lower { offset.saturating_neg().clamp(0, rows) } else { 0 };
    let end_row = if lower { rows } else { columns.saturating_sub(offset).clamp(0, rows) };
    if count > 0 {
        for row in first_row..end_row {
            let edge = row.saturating_add(offset);
            let range =
                if lower { 0..edge.saturating_add(1).clamp(0, columns) } else { edge.clamp(0, columns)..columns };
            for column in range {
                data.push(row);
                second.push(column);
            }
        }
    }
    data.extend(second);
    Tensor::from_vec(data, &[2, count])?.to_dtype(dtype)
}

/// Counts the elements on and below a diagonal.
fn lower_count(rows: i128, columns: i128, offset: i128) -> i128 {
    // Row i has i + offset + 1 of them, as long as that is between 0 and the number of columns.
    let first = (-offset).clamp(0, rows);
    let growing = (columns - (first + offset + 1)).clamp(0, rows - first);
    let start = (first + offset + 1).min(columns);
    growing * start + growing * (growing - 1) / 2 + (rows - first - growing) * columns
}

/// Returns a diagonal of a matrix, or the matrix of a diagonal.
pub fn diag(t: &Tensor, offset: i64) -> Result<Tensor> {
    match t.rank() {
        1 => diag_embed(t, offset, 0, 1),
        2 => {
            let out = no_grad(|| diagonal(t, offset, 0, 1)?.copy_op())?;
            let (rows, columns) = (t.shape()[0], t.shape()[1]);
            Ok(record(out, "DiagonalCopyBackward0", [t], || {
                move |cx| grads![cx.when(0, || on_diagonal(&cx.grad()?, offset, [rows, columns]))?]
            }))
        }
        rank => bail!("diag(): Supports 1D or 2D tensors. Got {rank}D"),
    }
}

/// Puts a vector on a diagonal of a matrix of zeros: the transpose of taking a diagonal.
fn on_diagonal(vector: &Tensor, offset: i64, shape: [usize; 2]) -> Result<Tensor> {
    let out = Tensor::zeros(&shape, vector.dtype())?;
    no_grad(|| diagonal(&out, offset, 0, 1)?.write_data(vector))?;
    Ok(record(out, "DiagonalBackward0", [vector], || {
        move |cx| grads![cx.when(0, || diagonal(&cx.grad()?, offset, 0, 1))?]
    }))
}

/// `y[..., i, i + offset] = x[..., i]`; the derivative takes the diagonal.
pub fn diag_embed(t: &Tensor, offset: i64, dim1: i64, dim2: i64) -> Result<Tensor> {
    let rank = t.rank() + 1;
    let (d1, d2) = (wrap_dim(dim1, rank)?, wrap_dim(dim2, rank)?);
    if t.rank() == 0 || d1 == d2 {
        bail!("diagonal dimensions cannot be identical {dim1}, {dim2}");
    }
    let Some(side) = usize::try_from(offset.unsigned_abs()).ok().and_then(|o| o.checked_add(t.shape()[rank - 2]))
    else {
        bail!("diag_embed(): the offset {offset} is too large");
    };
    let mut kept = t.shape()[..rank - 2].iter();
    let shape: Shape = (0..rank)
        .map(|d| if d == d1 || d == d2 { side } else { kept.next().copied().unwrap_or(1) })
        .collect::<SmallVec<_>>();
    checked_numel(&shape)?;
    let out = Tensor::zeros(&shape, t.dtype())?;
    no_grad(|| diagonal(&out, offset, d1 as i64, d2 as i64)?.write_data(t))?;
    Ok(record(out, "DiagEmbedBackward0", [t], || {
        move |cx| grads![cx.when(0, || diagonal(&cx.grad()?, offset, d1 as i64, d2 as i64))?]
    }))
}

/// `y = Σ x[i, i]`, `∂y/∂x` is the identity matrix.
pub fn trace(t: &Tensor) -> Result<Tensor> {
    let &[rows, columns] = t.shape() else {
        bail!("trace: expected a matrix, but got tensor with dim {}", t.rank());
    };
    if t.dtype() == DType::Bool {
        return Err(Error::DTypeNotSupported { op: "trace", dtype: t.dtype() });
    }
    let out = no_grad(|| sum(&diagonal(t, 0, 0, 1)?, &[], false, None))?;
    Ok(record(out, "TraceBackward0", [t], || {
        let dtype = t.dtype();
        move |cx| {
            let spread = || cx.grad()?.mul(&eye(rows as i64, Some(columns as i64), dtype)?);
            grads![cx.when(0, spread)?]
        }
    }))
}
