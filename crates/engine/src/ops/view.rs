//! Views: other shapes and parts of the same memory. The derivative of a view is the view undone.
//!
//! Here: shapes, expansion, selection, and views of any layout. In [`dims`]: dimensions put in, taken out and moved.
//! In [`parts`]: diagonals, windows, and copies with a part replaced.

pub mod dims;
pub mod parts;

use smallvec::SmallVec;

use super::{METHOD, OpDef, TORCH, op, value};
use crate::autograd::record;
use crate::bail;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::grads;
use crate::shape::{
    Dims, Shape, Strides, broadcast_strides, checked_numel, contiguous_strides, for_each_offset, infer_shape,
    is_contiguous, numel, view_strides, wrap_dim,
};
use crate::storage::{allocate, filled};
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "view(Tensor input, int[] size)",
        METHOD,
        "Returns the same memory in another shape; one size may be -1 and is then worked out. Raises where the memory \
         order does not allow it: use reshape() there.",
        |a| value(view(a.tensor(0), &a.ints(1))),
        &["[2,3], (3,2)", "[2,3], (-1,)", "[4,1,3], (2,2,3)", "[0,2], (0,)", "[], (1,1)"],
    ),
    op(
        "view(Tensor input, ScalarType dtype)",
        METHOD,
        "Reads the same memory as another dtype: only the dtype that the tensor has already is supported.",
        |a| value(view_dtype(a.tensor(0), a.dtype_opt(1).unwrap_or(a.tensor(0).dtype()))),
        &["[2,3], float64"],
    ),
    op(
        "view_as(Tensor input, Tensor other)",
        METHOD,
        "Returns the same memory in the shape of another tensor.",
        |a| value(view(a.tensor(0), &as_ints(a.tensor(1).shape()))),
        &["[2,3], c[3,2]"],
    ),
    op(
        "reshape(Tensor input, int[] shape)",
        TORCH | METHOD,
        "Returns the elements in another shape; a view where that is possible, a copy otherwise.",
        |a| value(reshape(a.tensor(0), &a.ints(1))),
        &["[2,3], (3,2)", "[2,3], (-1,)", "[0,2], (2,0)", "[], (1,)"],
    ),
    op(
        "reshape_as(Tensor input, Tensor other)",
        METHOD,
        "Returns the elements in the shape of another tensor; a view where that is possible, a copy otherwise.",
        |a| value(reshape(a.tensor(0), &as_ints(a.tensor(1).shape()))),
        &["[2,3], c[3,2]"],
    ),
    op(
        "ravel(Tensor input)",
        TORCH | METHOD,
        "Returns the elements in one dimension; a view where that is possible, a copy otherwise.",
        |a| value(reshape(a.tensor(0), &[-1])),
        &["[2,3]", "[]", "[0]"],
    ),
    op(
        "permute(Tensor input, int[] dims)",
        TORCH | METHOD,
        "Returns a view with the dimensions in another order.",
        |a| value(permute(a.tensor(0), &a.ints(1))),
        &["[2,3,4], (2,0,1)", "[2,3], (-1,0)", "[], ()"],
    ),
    op(
        "transpose(Tensor input, int dim0, int dim1)",
        TORCH | METHOD,
        "Returns a view with two dimensions exchanged.",
        |a| value(transpose(a.tensor(0), a.int(1), a.int(2))),
        &["[2,3], 0, 1", "[2,3,4], -1, 0", "[3], 0, 0"],
    ),
    op(
        "t(Tensor input)",
        TORCH | METHOD,
        "Returns the transpose of a matrix (vectors and 0-d tensors as they are).",
        |a| value(t(a.tensor(0))),
        &["[2,3]", "[3]", "[]"],
    ),
    op(
        "expand(Tensor input, int[] size, *, bool implicit=False)",
        METHOD,
        "Returns a view in which dimensions of size 1 are repeated without copying; -1 keeps a size.",
        |a| value(expand(a.tensor(0), &a.ints(1))),
        &["[3,1], (3,4)", "[1], (2,3)", "[3,1], (2,-1,4)", "[], (2,)"],
    ),
    op(
        "expand_as(Tensor input, Tensor other)",
        METHOD,
        "Returns a view expanded to the shape of another tensor.",
        |a| value(expand(a.tensor(0), &as_ints(a.tensor(1).shape()))),
        &["[3,1], c[2,3,4]"],
    ),
    op(
        "broadcast_to(Tensor input, int[] size)",
        TORCH | METHOD,
        "Returns a view expanded to a shape that the tensor broadcasts to.",
        |a| value(expand(a.tensor(0), &a.ints(1))),
        &["[3,1], (2,3,4)"],
    ),
    op(
        "select(Tensor input, int dim, int index)",
        TORCH | METHOD,
        "Returns the part at one index of a dimension, without that dimension.",
        |a| value(select(a.tensor(0), a.int(1), a.int(2))),
        &["[2,3], 0, 1", "[2,3,2], -2, -1"],
    ),
    op(
        "narrow(Tensor input, int dim, int start, int length)",
        TORCH | METHOD,
        "Returns the part from `start`, `length` long, of a dimension.",
        |a| value(narrow(a.tensor(0), a.int(1), a.int(2), a.int(3))),
        &["[4,3], 0, 1, 2", "[4,3], 1, -2, 1", "[4], 0, 1, 0"],
    ),
    op(
        "as_strided(Tensor input, int[] size, int[] stride, int? storage_offset=None)",
        TORCH | METHOD,
        "Returns a view of the memory with sizes, steps and a start of one's own.",
        |a| {
            let t = a.tensor(0);
            let size = sizes("as_strided", &a.ints(1))?;
            let stride: Strides = a.ints(2).iter().map(|&s| s as isize).collect();
            let offset = match a.int_opt(3) {
                Some(o) => usize::try_from(o)
                    .map_err(|_| Error::Runtime(format!("as_strided(): storage_offset {o} is negative")))?,
                None => t.storage_offset(),
            };
            value(as_strided_checked(t, &size, &stride, offset))
        },
        &["[3,4], (2,2), (4,1), 1", "[6], (2,3), (1,1), 0", "[4], (), (), 2"],
    ),
    op(
        "unsqueeze(Tensor input, int dim)",
        TORCH | METHOD,
        "Returns a view with a dimension of size 1 put in at `dim`.",
        |a| value(unsqueeze(a.tensor(0), a.int(1))),
        &["[2,3], 0", "[2,3], -1", "[], 0"],
    ),
];

/// Checks sizes given by a caller: none may be negative, and the product must fit.
pub fn sizes(op: &str, size: &[i64]) -> Result<Shape> {
    let mut shape = Shape::new();
    for &s in size {
        match usize::try_from(s) {
            Ok(s) => shape.push(s),
            Err(_) => bail!("{op}: a tensor with a negative dimension {s} was asked for: {}", Dims(size)),
        }
    }
    checked_numel(&shape)?;
    Ok(shape)
}

/// Reads the same memory in another shape.
pub fn view(t: &Tensor, size: &[i64]) -> Result<Tensor> {
    let shape = infer_shape(size, t.numel())?;
    let Some(strides) = view_strides(t.shape(), t.strides(), &shape) else {
        bail!(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two \
             contiguous subspaces). Use .reshape(...) instead."
        );
    };
    Ok(squeeze_like(t, shape, strides, "ViewBackward0"))
}

/// A view of the same elements in the same order, in another shape.
pub(crate) fn squeeze_like(t: &Tensor, shape: Shape, strides: Strides, name: &'static str) -> Tensor {
    let out = t.view_of(shape, strides, t.storage_offset());
    record(out, name, [t], || {
        let shape = Shape::from(t.shape());
        move |cx| grads![cx.when(0, || cx.grad()?.reshape_to(&shape))?]
    })
}

/// Returns another tensor of the same elements in the same memory: what `x[...]` is.
pub(crate) fn alias(t: &Tensor) -> Tensor {
    let out = t.view_of(t.shape().into(), t.strides().into(), t.storage_offset());
    record(out, "AliasBackward0", [t], || move |cx| grads![Some(cx.grad()?)])
}

/// Returns a shape as a caller would write it.
pub(crate) fn as_ints(shape: &[usize]) -> SmallVec<[i64; 4]> {
    shape.iter().map(|&n| n as i64).collect()
}

fn view_dtype(t: &Tensor, dtype: DType) -> Result<Tensor> {
    if dtype != t.dtype() {
        bail!(NotImplemented: "view(dtype) cannot read the memory of a {} tensor as {dtype}: use to(dtype) to convert", t.dtype());
    }
    view(t, &as_ints(t.shape()))
}

/// Gives the elements another shape; copies only where a view is impossible.
pub fn reshape(t: &Tensor, size: &[i64]) -> Result<Tensor> {
    let shape = infer_shape(size, t.numel())?;
    t.reshape_to(&shape)
}

/// Puts the dimensions in another order.
pub fn permute(t: &Tensor, dims: &[i64]) -> Result<Tensor> {
    if dims.len() != t.rank() {
        bail!(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired \
             ordering of dimensions i.e. input.dim() = {} is not equal to len(dims) = {}",
            t.rank(),
            dims.len()
        );
    }
    let mut order: SmallVec<[usize; 4]> = SmallVec::new();
    for &dim in dims {
        let d = wrap_dim(dim, t.rank())?;
        if order.contains(&d) {
            bail!("permute(): duplicate dims are not allowed.");
        }
        order.push(d);
    }
    Ok(permute_by(t, &order))
}

pub(crate) fn permute_by(t: &Tensor, order: &[usize]) -> Tensor {
    let shape = order.iter().map(|&d| t.shape()[d]).collect();
    let strides = order.iter().map(|&d| t.strides()[d]).collect();
    let out = t.view_of(shape, strides, t.storage_offset());
    record(out, "PermuteBackward0", [t], || {
        let mut inverse: SmallVec<[usize; 4]> = SmallVec::from_elem(0, order.len());
        for (to, &from) in order.iter().enumerate() {
            inverse[from] = to;
        }
        move |cx| grads![cx.when(0, || Ok(permute_by(&cx.grad()?, &inverse)))?]
    })
}

/// Exchanges two dimensions.
pub fn transpose(t: &Tensor, dim0: i64, dim1: i64) -> Result<Tensor> {
    let (d0, d1) = (wrap_dim(dim0, t.rank())?, wrap_dim(dim1, t.rank())?);
    Ok(transpose_dims(t, d0, d1, "TransposeBackward0"))
}

fn transpose_dims(t: &Tensor, d0: usize, d1: usize, name: &'static str) -> Tensor {
    let (mut shape, mut strides) = (Shape::from(t.shape()), Strides::from(t.strides()));
    if !shape.is_empty() {
        shape.swap(d0, d1);
        strides.swap(d0, d1);
    }
    let out = t.view_of(shape, strides, t.storage_offset());
    record(out, name, [t], || move |cx| grads![cx.when(0, || Ok(transpose_dims(&cx.grad()?, d0, d1, name)))?])
}

/// Transposes a matrix.
pub fn t(t: &Tensor) -> Result<Tensor> {
    if t.rank() > 2 {
        bail!("t() expects a tensor with <= 2 dimensions, but self is {}D", t.rank());
    }
    Ok(transpose_dims(t, 0, t.rank().saturating_sub(1), "TBackward0"))
}

/// Repeats dimensions of size 1 without copying. -1 keeps a size.
pub fn expand(t: &Tensor, size: &[i64]) -> Result<Tensor> {
    if size.len() < t.rank() {
        bail!(
            "expand(torch.{}Tensor{{{}}}, size={}): the number of sizes provided ({}) must be greater or equal to the \
             number of dimensions in the tensor ({})",
            t.dtype().torch_name(),
            Dims(t.shape()),
            Dims(size),
            size.len(),
            t.rank()
        );
    }
    let lead = size.len() - t.rank();
    let mut shape = Shape::new();
    for (d, &s) in size.iter().enumerate() {
        let own = d.checked_sub(lead).map(|d| t.shape()[d]);
        match (s, own) {
            (-1, Some(own)) => shape.push(own),
            (-1, None) => {
                bail!("The expanded size of the tensor ({s}) isn't allowed in a leading, non-existing dimension {d}")
            }
            (s, own) if s >= 0 && own.is_none_or(|own| own == 1 || own == s as usize) => shape.push(s as usize),
            (s, own) => bail!(
                "The expanded size of the tensor ({s}) must match the existing size ({}) at non-singleton dimension \
                 {d}.  Target sizes: {}.  Tensor sizes: {}",
                own.unwrap_or(1),
                Dims(size),
                Dims(t.shape())
            ),
        }
    }
    checked_numel(&shape)?;
    Ok(t.expand_to(&shape))
}

/// Returns the part at one index of a dimension, without that dimension.
pub fn select(t: &Tensor, dim: i64, index: i64) -> Result<Tensor> {
    if t.rank() == 0 {
        bail!(Index: "select() cannot be applied to a 0-dim tensor.");
    }
    let d = wrap_dim(dim, t.rank())?;
    let size = t.shape()[d] as i64;
    if index < -size || index >= size {
        bail!(Index: "select(): index {index} out of range for tensor of size {} at dimension {d}", Dims(t.shape()));
    }
    let index = if index < 0 { index + size } else { index };
    let (mut shape, mut strides) = (Shape::from(t.shape()), Strides::from(t.strides()));
    let offset = t.storage_offset() as isize + index as isize * strides[d];
    shape.remove(d);
    strides.remove(d);
    let out = t.view_of(shape, strides, offset as usize);
    Ok(record(out, "SelectBackward0", [t], || part_backward(t, d, index as usize, 1, 1, true)))
}

/// Returns every `step`-th index from `start` up to `end` of a dimension: Python's slice, already clamped.
pub fn slice(t: &Tensor, d: usize, start: usize, end: usize, step: usize) -> Result<Tensor> {
    let (mut shape, mut strides) = (Shape::from(t.shape()), Strides::from(t.strides()));
    let length = end.saturating_sub(start).div_ceil(step);
    let offset = t.storage_offset() as isize + if length > 0 { start as isize * strides[d] } else { 0 };
    shape[d] = length;
    strides[d] = if length > 1 { strides[d] * step as isize } else { strides[d] };
    let out = t.view_of(shape, strides, offset as usize);
    Ok(record(out, "SliceBackward0", [t], || part_backward(t, d, start, length, step, false)))
}

/// Returns `length` indices from `start` of a dimension.
pub fn narrow(t: &Tensor, dim: i64, start: i64, length: i64) -> Result<Tensor> {
    if t.rank() == 0 {
        bail!("narrow() cannot be applied to a 0-dim tensor.");
    }
    let d = wrap_dim(dim, t.rank())?;
    let size = t.shape()[d] as i64;
    if length < 0 {
        bail!("narrow(): length must be non-negative.");
    }
    if start < -size || start > size {
        bail!(Index: "start out of range (expected to be in range of [{}, {size}], but got {start})", -size);
    }
    let start = if start < 0 { start + size } else { start };
    if length > size - start {
        bail!("start ({start}) + length ({length}) exceeds dimension size ({size}).");
    }
    slice(t, d, start as usize, (start + length) as usize, 1)
}

/// The derivative of taking a part: the gradient in that part of zeros.
fn part_backward(
    t: &Tensor,
    d: usize,
    start: usize,
    length: usize,
    step: usize,
    squeezed: bool,
) -> impl Fn(&crate::autograd::BackwardCx<'_>) -> Result<crate::autograd::Grads> + Send + Sync + 'static {
    let shape = Shape::from(t.shape());
    move |cx| {
        let spread = || {
            let grad = cx.grad()?;
            let grad = if squeezed { unsqueeze(&grad, d as i64)? } else { grad };
            let strides = contiguous_strides(&shape);
            let mut part = strides.clone();
            let offset = if length > 0 { start * strides[d] as usize } else { 0 };
            if length > 1 {
                part[d] *= step as isize;
            }
            scatter_strided(&grad, &shape, &strides, &part, offset)
        };
        grads![cx.when(0, spread)?]
    }
}

/// Puts in a dimension of size 1.
pub fn unsqueeze(t: &Tensor, dim: i64) -> Result<Tensor> {
    let d = wrap_dim(dim, t.rank() + 1)?;
    let (mut shape, mut strides) = (Shape::from(t.shape()), Strides::from(t.strides()));
    let stride = if d < t.rank() { strides[d] * shape[d] as isize } else { 1 };
    shape.insert(d, 1);
    strides.insert(d, stride);
    Ok(squeeze_like(t, shape, strides, "UnsqueezeBackward0"))
}

fn as_strided_checked(t: &Tensor, shape: &[usize], strides: &[isize], offset: usize) -> Result<Tensor> {
    if shape.len() != strides.len() {
        bail!("mismatch in length of strides and shape: {} and {}", Dims(strides), Dims(shape));
    }
    if strides.iter().any(|&s| s < 0) {
        bail!("as_strided: Negative strides are not supported at the moment, got strides: {}", Dims(strides));
    }
    let last = shape
        .iter()
        .zip(strides)
        .try_fold(offset, |last, (&n, &s)| last.checked_add(n.saturating_sub(1).checked_mul(s as usize)?));
    let fits = numel(shape) == 0 || last.is_some_and(|last| last < t.storage_len());
    if !fits {
        bail!(
            "setStorage: sizes {}, strides {}, storage offset {offset} require more elements than the storage of size {} has",
            Dims(shape),
            Dims(strides),
            t.storage_len()
        );
    }
    as_strided(t, shape, strides, offset)
}

/// Views the memory with a layout that is known to lie within it.
pub(crate) fn as_strided(t: &Tensor, shape: &[usize], strides: &[isize], offset: usize) -> Result<Tensor> {
    let out = t.view_of(shape.into(), strides.into(), offset);
    let (own_shape, own_strides, own_offset) = (Shape::from(t.shape()), Strides::from(t.strides()), t.storage_offset());
    let part: Strides = strides.into();
    Ok(record(out, "AsStridedBackward0", [t], || {
        move |cx: &crate::autograd::BackwardCx<'_>| {
            let spread = || {
                let offset = offset.checked_sub(own_offset).ok_or_else(|| {
                    Error::NotImplemented("the derivative of as_strided before the start of its input".into())
                })?;
                scatter_strided(&cx.grad()?, &own_shape, &own_strides, &part, offset)
            };
            grads![cx.when(0, spread)?]
        }
    }))
}

/// Adds the elements of `grad`, placed by (`part`, `offset`), into zeros of a base laid out by (`shape`, `strides`):
/// the transpose of [`as_strided`].
pub(crate) fn scatter_strided(
    grad: &Tensor,
    shape: &[usize],
    strides: &[isize],
    part: &[isize],
    offset: usize,
) -> Result<Tensor> {
    let part: Strides = part.into();
    let part_shape = Shape::from(grad.shape());
    let end = |shape: &[usize], strides: &[isize]| {
        shape.iter().zip(strides).map(|(&n, &s)| n.saturating_sub(1) * s as usize).sum::<usize>() + 1
    };
    let span = end(shape, strides).max(offset + end(&part_shape, &part));
    let out = crate::for_dtype!(grad.dtype(), T => {
        let mut memory = filled::<T>(&[span], T::default())?;
        let source = grad.dense::<T>()?;
        let mut values = source.iter();
        for_each_offset(&part_shape, &part, offset, |at| {
            if let Some(&v) = values.next() {
                memory[at] = add_elements(memory[at], v);
            }
        });
        if is_contiguous(shape, strides) {
            memory.truncate(numel(shape));
            Tensor::from_parts(memory, shape)
        } else {
            let mut data = allocate(shape)?;
            for_each_offset(shape, strides, 0, |at| data.push(memory[at]));
            Tensor::from_parts(data, shape)
        }
    });
    let base_strides = Strides::from(strides);
    Ok(record(out, "AsStridedScatterBackward0", [grad], || {
        move |cx| {
            let gather = || {
                let laid_out = cx.grad()?.copy_with_strides(&base_strides)?;
                as_strided(&laid_out, &part_shape, &part, offset)
            };
            grads![cx.when(0, gather)?]
        }
    }))
}

fn add_elements<T: crate::element::Element>(a: T, b: T) -> T {
    if T::DTYPE.is_float() {
        T::from_f64(a.to_f64() + b.to_f64())
    } else {
        T::from_i64(a.to_i64().wrapping_add(b.to_i64()))
    }
}

impl Tensor {
    /// Gives the elements another full shape of equally many elements.
    pub fn reshape_to(&self, shape: &[usize]) -> Result<Tensor> {
        if numel(shape) != self.numel() {
            return Err(Error::InvalidShape { shape: shape.iter().map(|&s| s as i64).collect(), numel: self.numel() });
        }
        match view_strides(self.shape(), self.strides(), shape) {
            Some(strides) => Ok(squeeze_like(self, shape.into(), strides, "ViewBackward0")),
            None => {
                let copy = self.copy_op()?;
                Ok(squeeze_like(&copy, shape.into(), contiguous_strides(shape), "UnsafeViewBackward0"))
            }
        }
    }

    /// Expands to a shape that this one broadcasts to.
    pub(crate) fn expand_to(&self, shape: &[usize]) -> Tensor {
        if shape == self.shape() {
            return self.clone();
        }
        let strides = broadcast_strides(self.shape(), self.strides(), shape);
        let out = self.view_of(shape.into(), strides, self.storage_offset());
        record(out, "ExpandBackward0", [self], || {
            let shape = Shape::from(self.shape());
            move |cx| grads![cx.when(0, || super::reduce::sum_to(&cx.grad()?, &shape))?]
        })
    }

    /// Returns a copy in row-major order, with history.
    pub fn copy_op(&self) -> Result<Tensor> {
        let out = self.copy_data()?;
        Ok(record(out, "CloneBackward0", [self], || move |cx| grads![Some(cx.grad()?)]))
    }

    /// Returns this tensor if it is in row-major order, else a copy that is.
    pub fn contiguous(&self) -> Result<Tensor> {
        if self.is_contiguous() { Ok(self.clone()) } else { self.copy_op() }
    }

    /// Returns the elements laid out densely by `strides` from offset 0, with history; itself where it is so already.
    pub(crate) fn copy_with_strides(&self, strides: &[isize]) -> Result<Tensor> {
        let dense = crate::shape::is_dense(self.shape(), strides);
        if !dense || is_contiguous(self.shape(), strides) {
            return self.copy_op();
        }
        let out = crate::for_dtype!(self.dtype(), T => {
            let source = self.dense::<T>()?;
            let mut memory = filled::<T>(self.shape(), T::default())?;
            let mut values = source.iter();
            for_each_offset(self.shape(), strides, 0, |at| {
                if let Some(&v) = values.next() {
                    memory[at] = v;
                }
            });
            Tensor::from_strided_parts(memory, self.shape(), strides.into())
        });
        Ok(record(out, "CloneBackward0", [self], || move |cx| grads![Some(cx.grad()?)]))
    }
}
