//! Indexing with everything that may stand between Python's brackets, for reading and for assignment.
//!
//! Numbers, slices, None and `...` give views; tensors of positions and masks give copies. [`places`] works out which
//! elements tensors of positions name; [`along`] holds the ops that index a single dimension.

pub mod along;
pub mod places;

use std::sync::Arc;

use smallvec::SmallVec;

use super::view::dims::squeeze_dim;
use super::view::parts::python_slice;
use super::view::{alias, select, unsqueeze};
use super::{Args, INPLACE, METHOD, OpDef, Operand, TORCH, Value, op, value};
use crate::autograd::{grad_enabled, inplace};
use crate::bail;
use crate::dtype::DType;
use crate::error::Result;
use crate::shape::Dims;
use crate::tensor::Tensor;
use places::{Pick, Places};

/// The rows of this family; the others are in [`along`].
pub static OPS: &[OpDef] = &[op(
    "index_put(Tensor input, any indices, Tensor values, bool accumulate=False)",
    TORCH | METHOD | INPLACE,
    "Returns a copy in which input[indices] is replaced by `values`, or has them added with accumulate=True (also \
     several times to one place). `indices` is a tuple of tensors.",
    |a| value(index_put(a.tensor(0), &index_list(a, 1)?, a.tensor(2), a.bool(3))),
    &[
        "[3,2], (i3[4],), [4,2], True",
        "[3,2], (i3[1],i2[1]), [1]",
        "[3,2], (b[3],), []",
        "[3,2], (b[3,2],), []",
        "[2,3,4], (i2[5],i3[5]), [5,4], True",
        "[3,2], (i3[2],), [], True",
    ],
)];

/// Dimension numbers.
type DimList = SmallVec<[usize; 4]>;

/// What may stand between the brackets of `tensor[...]`.
#[derive(Clone, Debug)]
pub enum Index {
    /// A number.
    Int(i64),
    /// `start:stop:step`
    Slice {
        /// The first index.
        start: Option<i64>,
        /// The index to stop before.
        stop: Option<i64>,
        /// The distance between indices.
        step: Option<i64>,
    },
    /// `None`: a new dimension of size 1.
    NewAxis,
    /// `...`
    Ellipsis,
    /// `True` or `False`: a new dimension of size 1 or 0.
    Bool(bool),
    /// A tensor of positions, or a mask.
    Tensor(Tensor),
}

/// Returns `t[indices]`: a view where only numbers, slices, None and `...` are used, a copy otherwise.
///
/// `∂L/∂t` is zero but for the elements picked, where it is the sum of the gradients of all copies of the element.
pub fn index(t: &Tensor, indices: &[Index]) -> Result<Tensor> {
    let (view, picks) = apply_basic(t, indices)?;
    if picks.is_empty() {
        return Ok(if view.is_same(t) { alias(t) } else { view });
    }
    places::pick(&view, &Arc::new(Places::new(view.shape(), &picks)?), "IndexBackward0")
}

/// Computes `t[indices] = value`. The value is broadcast and cast; gradients flow to it and to the rest of `t`.
pub fn index_assign(t: &Tensor, indices: &[Index], value: &Operand) -> Result<()> {
    let (view, picks) = apply_basic(t, indices)?;
    if picks.is_empty() {
        return assign_view(&view, value);
    }
    let values = match value {
        Operand::Scalar(s) => Tensor::full(&[], super::create::fitting(*s, t.dtype())?, t.dtype())?,
        Operand::Tensor(v) => fit_dtype(t, v, &picks)?,
    };
    let places = Arc::new(Places::new(view.shape(), &picks)?);
    let values = fit_shape(values, &places)?;
    if grad_enabled() && (view.requires_grad() || values.requires_grad()) {
        inplace::check_writable(&view)?;
        let result = places::put(&inplace::snapshot(&view)?, &values, &places, false, "IndexPutBackward0")?;
        return inplace::assign(&view, &result);
    }
    places::write(&view, &values, &places, false)
}

/// Returns a copy of `t` with `values` at the elements that tensors pick, or added to them.
///
/// `∂L/∂values` is the gradient at these elements; `∂L/∂t` the gradient elsewhere (everywhere, if added).
pub fn index_put(t: &Tensor, indices: &[Tensor], values: &Tensor, accumulate: bool) -> Result<Tensor> {
    let mut target = t.clone();
    let mut picks = Vec::new();
    let mut dim = 0;
    for index in indices {
        // A 0-d mask picks from a new dimension of size 1, as in index().
        let pick = if is_mask(index) && index.rank() == 0 {
            target = unsqueeze(&target, dim as i64)?;
            Pick::of_bool(dim, index.item()?.to_bool())?
        } else {
            Pick::new(dim, index)?
        };
        dim += pick.span();
        picks.push(pick);
        if dim > target.rank() {
            bail!(Index: "too many indices for tensor of dimension {} (got {dim})", t.rank());
        }
    }
    let values = if accumulate { fit_dtype(t, values, &[])? } else { fit_dtype(t, values, &picks)? };
    let places = Arc::new(Places::new(target.shape(), &picks)?);
    let values = fit_shape(values, &places)?;
    let out = places::put(&target, &values, &places, accumulate, "IndexPutBackward0")?;
    if target.rank() == t.rank() { Ok(out) } else { out.reshape_to(t.shape()) }
}

fn index_list(a: &Args, i: usize) -> Result<Vec<Tensor>> {
    let mistyped = |value: &Value| {
        crate::Error::Type(format!(
            "{}(): argument 'indices' must be tuple of Tensors, not {}",
            a.op,
            value.type_name()
        ))
    };
    let Value::List(items) = a.value(i) else { return Err(mistyped(a.value(i))) };
    if items.is_empty() {
        bail!("{}(): at least one index is needed", a.op);
    }
    items.iter().map(|v| if let Value::Tensor(t) = v { Ok(t.clone()) } else { Err(mistyped(a.value(i))) }).collect()
}

/// Checks the dtype of values to be put. A lone mask takes one element of any dtype, as masked_fill() does.
fn fit_dtype(t: &Tensor, values: &Tensor, picks: &[Pick]) -> Result<Tensor> {
    if values.numel() == 1 && matches!(picks, [pick] if pick.is_mask()) {
        return values.to_dtype(t.dtype())?.reshape_to(&[]);
    }
    if values.dtype() != t.dtype() {
        bail!(
            "Index put requires the source and destination dtypes match, got {} for the destination and {} for the source.",
            t.dtype().torch_name(),
            values.dtype().torch_name()
        );
    }
    Ok(values.clone())
}

/// Drops leading dimensions of size 1 that the places do not have, and checks that the rest broadcasts to them.
fn fit_shape(values: Tensor, places: &Places) -> Result<Tensor> {
    let result = places.result_shape();
    let fitted = drop_leading_ones(&values, result.len())?;
    let lead = result.len().saturating_sub(fitted.rank());
    let fits =
        fitted.rank() <= result.len() && fitted.shape().iter().zip(&result[lead..]).all(|(&v, &r)| v == 1 || v == r);
    if !fits {
        bail!(
            "shape mismatch: value tensor of shape {} cannot be broadcast to indexing result of shape {}",
            Dims(values.shape()),
            Dims(&result)
        );
    }
    Ok(fitted)
}

fn drop_leading_ones(values: &Tensor, rank: usize) -> Result<Tensor> {
    let mut values = values.clone();
    while values.rank() > rank && values.shape()[0] == 1 {
        values = squeeze_dim(&values, 0)?;
    }
    Ok(values)
}

fn assign_view(view: &Tensor, value: &Operand) -> Result<()> {
    let values = match value {
        Operand::Scalar(s) => Tensor::full(&[], super::create::fitting(*s, view.dtype())?, view.dtype())?,
        Operand::Tensor(v) => drop_leading_ones(v, view.rank())?.to_dtype(view.dtype())?,
    };
    inplace::assign(view, &super::view::expand(&values, &super::view::as_ints(view.shape()))?)
}

/// Applies everything that gives views; what is left are the tensors, with the dimensions of the view they index.
fn apply_basic(t: &Tensor, indices: &[Index]) -> Result<(Tensor, Vec<Pick>)> {
    let specified: usize = indices
        .iter()
        .map(|index| match index {
            Index::Int(_) | Index::Slice { .. } => 1,
            Index::NewAxis | Index::Ellipsis | Index::Bool(_) => 0,
            Index::Tensor(index) if is_mask(index) => index.rank(),
            Index::Tensor(_) => 1,
        })
        .sum();
    if t.rank() == 0 && matches!(indices, [Index::Int(_)]) {
        bail!(Index:
            "invalid index of a 0-dim tensor. Use `tensor.item()` to convert a 0-dim tensor to a number"
        );
    }
    if t.rank() == 0 && matches!(indices, [Index::Slice { .. }]) {
        bail!(Index: "slice() cannot be applied to a 0-dim tensor.");
    }
    if specified > t.rank() {
        bail!(Index: "too many indices for tensor of dimension {}", t.rank());
    }
    let mut view = t.clone();
    let mut picks = Vec::new();
    let mut dim = 0;
    for (position, index) in indices.iter().enumerate() {
        match index {
            Index::Int(i) => view = select_checked(&view, dim, *i, position)?,
            Index::Slice { start, stop, step } => {
                view = python_slice(&view, dim as i64, *start, *stop, *step)?;
                dim += 1;
            }
            Index::Ellipsis => dim += t.rank() - specified,
            Index::NewAxis => {
                view = unsqueeze(&view, dim as i64)?;
                dim += 1;
            }
            Index::Bool(keep) => {
                view = unsqueeze(&view, dim as i64)?;
                picks.push(Pick::of_bool(dim, *keep)?);
                dim += 1;
            }
            Index::Tensor(index) if index.rank() == 0 && !index.dtype().is_float() => {
                if is_mask(index) {
                    view = unsqueeze(&view, dim as i64)?;
                    picks.push(Pick::of_bool(dim, index.item()?.to_bool())?);
                    dim += 1;
                } else {
                    view = select_checked(&view, dim, index.item()?.to_i64(), position)?;
                }
            }
            Index::Tensor(index) => {
                let pick = Pick::new(dim, index)?;
                dim += pick.span();
                // A second `...` skips past the last dimension.
                if dim > view.rank() {
                    bail!(Index: "too many indices for tensor of dimension {} (got {dim})", view.rank());
                }
                picks.push(pick);
            }
        }
    }
    Ok((view, picks))
}

/// Tells whether an index tensor is a mask; torch still takes uint8 for one.
fn is_mask(index: &Tensor) -> bool {
    matches!(index.dtype(), DType::Bool | DType::U8)
}

fn select_checked(view: &Tensor, dim: usize, index: i64, position: usize) -> Result<Tensor> {
    let size = view.shape().get(dim).copied().unwrap_or(0) as i64;
    if index < -size || index >= size {
        bail!(Index: "index {index} is out of bounds for dimension {position} with size {size}");
    }
    select(view, dim as i64, index)
}
