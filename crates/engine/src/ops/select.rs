//! Choosing elements: by condition (`where`, masks), by index along a dimension (`gather`, `scatter`), by truth
//! (`nonzero`), by place in an order (`searchsorted`).

pub mod masks;
pub mod search;

use super::pointwise::remainder;
use super::{Args, INPLACE, METHOD, OpDef, Operand, TORCH, Value, op, value};
use crate::autograd::{Saved, grad_enabled, record};
use crate::bail;
use crate::dtype::{DType, Scalar};
use crate::element::{Element, Number};
use crate::error::Result;
use crate::grads;
use crate::shape::{Dims, Shape, Strides, contiguous_strides, wrap_dim};
use crate::storage::allocate;
use crate::tensor::Tensor;

pub use masks::{masked_fill, where_};

/// The rows of this file.
pub static OPS: &[OpDef] = &[
    op(
        "gather(Tensor input, int dim, Tensor index, *, bool sparse_grad=False)",
        TORCH | METHOD,
        "Returns for each index the element at that place of `dim`: out[i][j] = input[index[i][j]][j] for dim=0.",
        |a| value(gather(a.tensor(0), a.int(1), a.tensor(2))),
        &["[3,4], 1, i4[3,2]", "[3,4], 0, i3[2,4]", "[], 0, i1[]", "[5], -1, i5[0]"],
    ),
    op(
        "scatter(Tensor input, int dim, Tensor index, Tensor src)",
        TORCH | METHOD | INPLACE,
        "Returns a copy in which the elements of src stand at the indexed places of `dim`.",
        |a| value(scatter(a.tensor(0), a.int(1), a.tensor(2), a.tensor(3))),
        &["[3,4], 0, i1[1,4], [1,4]"],
    ),
    op(
        "scatter(Tensor input, int dim, Tensor index, Tensor src, *, str reduce)",
        TORCH | METHOD | INPLACE,
        "Returns a copy in which the elements of src are added to, or multiplied with, those at the indexed places.",
        |a| value(scatter_with(a.tensor(0), a.int(1), a.tensor(2), a.tensor(3), a.str(4))),
        &["c[3,4], 0, i3[2,4], c[2,4], reduce='add'", "c[3,4], 0, i3[2,4], c[2,4], reduce='multiply'"],
    ),
    op(
        "scatter(Tensor input, int dim, Tensor index, Scalar value)",
        TORCH | METHOD | INPLACE,
        "Returns a copy in which a number stands at the indexed places of `dim`.",
        |a| value(scatter(a.tensor(0), a.int(1), a.tensor(2), &filled_like(a, 3)?)),
        &["[3,4], 1, i4[3,1], 2.5"],
    ),
    op(
        "scatter(Tensor input, int dim, Tensor index, Scalar value, *, str reduce)",
        TORCH | METHOD | INPLACE,
        "Returns a copy in which a number is added to, or multiplied with, the elements at the indexed places.",
        |a| value(scatter_with(a.tensor(0), a.int(1), a.tensor(2), &filled_like(a, 3)?, a.str(4))),
        &["c[3,4], 1, i4[3,2], 2.5, reduce='add'"],
    ),
    op(
        "scatter_add(Tensor input, int dim, Tensor index, Tensor src)",
        TORCH | METHOD | INPLACE,
        "Returns a copy with the elements of src added at the indexed places of `dim`.",
        |a| value(scatter_add(a.tensor(0), a.int(1), a.tensor(2), a.tensor(3))),
        &["[3,4], 0, i3[2,4], [2,4]", "[5], 0, i5[8], [8]", "[2,3], 1, i3[2,0], [2,0]"],
    ),
    op(
        "scatter_reduce(Tensor input, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True)",
        TORCH | METHOD | INPLACE,
        "Returns a copy in which the elements of src are combined by 'sum', 'prod', 'mean', 'amax' or 'amin' at the \
         indexed places of `dim`.",
        scatter_reduce_row,
        &["[3,4], 0, i3[2,4], [2,4], 'sum'", "c[3,4], 0, i3[2,4], c[2,4], 'amax', include_self=False"],
    ),
    op(
        "take_along_dim(Tensor input, Tensor indices, int dim)",
        TORCH | METHOD,
        "Returns for each index the element at that place of `dim`; input and indices broadcast elsewhere.",
        |a| value(take_along_dim(a.tensor(0), a.tensor(1), a.int(2))),
        &["[3,4], i3[2,4], 0", "[3,4], i4[1,2], 1"],
    ),
    op(
        "take_along_dim(Tensor input, Tensor indices)",
        TORCH | METHOD,
        "Returns the elements at flat indices.",
        |a| value(take(a.tensor(0), &a.tensor(1).reshape_to(&[a.tensor(1).numel()])?)),
        &["[3,4], i12[5]"],
    ),
    op(
        "take(Tensor input, Tensor index)",
        TORCH | METHOD,
        "Returns the elements at indices counted in row-major order.",
        |a| value(take(a.tensor(0), a.tensor(1))),
        &["[3,4], i12[2,3]"],
    ),
];

fn filled_like(a: &Args, at: usize) -> Result<Tensor> {
    Tensor::full(a.tensor(2).shape(), a.scalar(at), a.tensor(0).dtype())
}

/// Checks an index tensor for gather and scatter and returns the dimension.
fn check(op: &str, t: &Tensor, dim: i64, index: &Tensor) -> Result<usize> {
    let d = wrap_dim(dim, t.rank())?;
    if !matches!(index.dtype(), DType::I64 | DType::I32) {
        bail!("{op}(): Expected dtype int64 for index, but got {}", index.dtype());
    }
    if index.numel() == 0 {
        return Ok(d);
    }
    if index.rank().max(1) != t.rank().max(1) {
        bail!("Index tensor must have the same number of dimensions as input tensor");
    }
    for k in 0..t.rank().min(index.rank()) {
        if k != d && index.shape()[k] > t.shape()[k] {
            bail!(
                "Size does not match at dimension {k} expected index {} to be no larger than self {} apart from \
                 dimension {d}",
                Dims(index.shape()),
                Dims(t.shape())
            );
        }
    }
    Ok(d)
}

/// Calls `f(place in the index, place in the tensor)` for every element of the index; an index out of bounds is an
/// error, checked before anything is written.
fn each_place(op: &str, shape: &[usize], d: usize, index: &Tensor, mut f: impl FnMut(usize, usize)) -> Result<()> {
    let indices = index.to_vec::<i64>()?;
    let size = shape.get(d).copied().unwrap_or(1);
    if let Some(bad) = indices.iter().find(|&&i| i < 0 || i >= size as i64) {
        bail!("index {bad} is out of bounds for dimension {d} with size {size} ({op})");
    }
    let mut strides = contiguous_strides(shape);
    let step = strides.get(d).copied().unwrap_or(1) as usize;
    if let Some(stride) = strides.get_mut(d) {
        *stride = 0;
    }
    // A 0-d index into a vector (and the other way round) walks one element.
    strides.resize(index.rank(), 0);
    let walk: Strides = strides;
    let mut k = 0;
    crate::shape::for_each_offset(index.shape(), &walk, 0, |base| {
        f(k, base + indices[k] as usize * step);
        k += 1;
    });
    Ok(())
}

/// `y[i…] = x[…, index[i…], …]`; `∂L/∂x` adds `∂L/∂y` up at the indexed places.
pub fn gather(t: &Tensor, dim: i64, index: &Tensor) -> Result<Tensor> {
    let d = check("gather", t, dim, index)?;
    let out = crate::for_dtype!(t.dtype(), T => {
        let data = t.dense::<T>()?;
        let mut out: Vec<T> = allocate(index.shape())?;
        each_place("gather", t.shape(), d, index, |_, at| out.push(data[at]))?;
        Tensor::from_parts(out, index.shape())
    });
    Ok(record(out, "GatherBackward0", [t], || {
        let (index, shape) = (Saved::constant(index), Shape::from(t.shape()));
        move |cx| {
            let spread = || {
                let grad = cx.grad()?;
                scatter_add(&Tensor::zeros(&shape, grad.dtype())?, d as i64, &index.get(cx)?, &grad)
            };
            grads![cx.when(0, spread)?]
        }
    }))
}

fn same_dtype(op: &str, t: &Tensor, src: &Tensor) -> Result<()> {
    if t.dtype() != src.dtype() {
        bail!("{op}(): Expected self.dtype to be equal to src.dtype");
    }
    Ok(())
}

/// Checks src against the index and cuts it to the index's shape.
fn fitted(op: &str, index: &Tensor, src: &Tensor) -> Result<Tensor> {
    if index.numel() > 0
        && (src.rank().max(1) != index.rank().max(1) || index.shape().iter().zip(src.shape()).any(|(i, s)| i > s))
    {
        bail!(
            "{op}(): Expected index {} to be no larger than src {} in every dimension",
            Dims(index.shape()),
            Dims(src.shape())
        );
    }
    let mut part = src.clone();
    for (d, &n) in index.shape().iter().enumerate().take(src.rank()) {
        if part.shape()[d] > n {
            part = super::view::narrow(&part, d as i64, 0, n as i64)?;
        }
    }
    if part.shape() == index.shape() { Ok(part) } else { part.reshape_to(index.shape()) }
}

/// A copy of `t` with `src` at the indexed places. The gradient of `t` is zero there; that of `src` is gathered.
pub fn scatter(t: &Tensor, dim: i64, index: &Tensor, src: &Tensor) -> Result<Tensor> {
    let d = check("scatter", t, dim, index)?;
    same_dtype("scatter", t, src)?;
    let src = fitted("scatter", index, src)?;
    let out = combined("scatter", t, d, index, &src, &Combine::Replace)?;
    Ok(record(out, "ScatterBackward0", [t, &src], || {
        let index = Saved::constant(index);
        move |cx| {
            let (grad, index) = (cx.grad()?, index.get(cx)?);
            let outside = || {
                let zeros = Tensor::zeros(index.shape(), grad.dtype())?;
                scatter(&grad, d as i64, &index, &zeros)
            };
            grads![cx.when(0, outside)?, cx.when(1, || gather(&grad, d as i64, &index))?]
        }
    }))
}

/// `t` with `src` added at the indexed places.
pub fn scatter_add(t: &Tensor, dim: i64, index: &Tensor, src: &Tensor) -> Result<Tensor> {
    let d = check("scatter_add", t, dim, index)?;
    same_dtype("scatter_add", t, src)?;
    let src = fitted("scatter_add", index, src)?;
    let out = combined("scatter_add", t, d, index, &src, &Combine::Add)?;
    Ok(record(out, "ScatterAddBackward0", [t, &src], || {
        let index = Saved::constant(index);
        move |cx| {
            let grad = cx.grad()?;
            let gathered = cx.when(1, || gather(&grad, d as i64, &index.get(cx)?))?;
            grads![cx.needs(0).then_some(grad), gathered]
        }
    }))
}

enum Combine {
    Replace,
    Add,
    Multiply,
    Max,
    Min,
}

fn combined(op: &str, t: &Tensor, d: usize, index: &Tensor, src: &Tensor, how: &Combine) -> Result<Tensor> {
    crate::for_number!(t.dtype(), T => {
        let mut data = t.dense::<T>()?.into_vec();
        let src = src.dense::<T>()?;
        each_place(op, t.shape(), d, index, |k, at| {
            let (old, new) = (data[at], src[k]);
            data[at] = match how {
                Combine::Replace => new,
                Combine::Add => Number::add(old, new),
                Combine::Multiply => Number::mul(old, new),
                Combine::Max => if new > old || new.is_nan() { new } else { old },
                Combine::Min => if new < old || new.is_nan() { new } else { old },
            };
        })?;
        Ok(Tensor::from_parts(data, t.shape()))
    }, _ => {
        let mut data = t.dense::<bool>()?.into_vec();
        let src = src.dense::<bool>()?;
        each_place(op, t.shape(), d, index, |k, at| {
            data[at] = match how {
                Combine::Replace => src[k],
                Combine::Add | Combine::Max => data[at] | src[k],
                Combine::Multiply | Combine::Min => data[at] & src[k],
            };
        })?;
        Ok(Tensor::from_parts(data, t.shape()))
    })
}

fn scatter_with(t: &Tensor, dim: i64, index: &Tensor, src: &Tensor, reduce: &str) -> Result<Tensor> {
    match reduce {
        "add" => scatter_add(t, dim, index, src),
        "multiply" => {
            let d = check("scatter", t, dim, index)?;
            same_dtype("scatter", t, src)?;
            let src = fitted("scatter", index, src)?;
            without_derivative("scatter(reduce='multiply')", &[t, &src])?;
            combined("scatter", t, d, index, &src, &Combine::Multiply)
        }
        other => bail!("reduce argument must be either add or multiply, but got {other}."),
    }
}

fn without_derivative(op: &str, inputs: &[&Tensor]) -> Result<()> {
    if grad_enabled() && inputs.iter().any(|t| t.requires_grad()) {
        bail!(NotImplemented: "the derivative of {op} is not part of Lyceum");
    }
    Ok(())
}

fn scatter_reduce_row(a: &Args) -> Result<Value> {
    let (t, dim, index, src, include_self) = (a.tensor(0), a.int(1), a.tensor(2), a.tensor(3), a.bool(5));
    let d = check("scatter_reduce", t, dim, index)?;
    same_dtype("scatter_reduce", t, src)?;
    let fit = fitted("scatter_reduce", index, src)?;
    // Where the tensor's own elements do not count, the indexed places start from what changes nothing.
    let start = |neutral: f64| -> Result<Tensor> {
        if include_self {
            return Ok(t.clone());
        }
        scatter(t, dim, index, &Tensor::full(index.shape(), Scalar::Float(neutral), t.dtype())?)
    };
    value(match a.str(4) {
        "sum" => scatter_add(&start(0.0)?, dim, index, &fit),
        "mean" => {
            let ones = Tensor::ones(index.shape(), t.dtype())?;
            let own = Tensor::ones(t.shape(), t.dtype())?;
            let own = if include_self { own } else { scatter(&own, dim, index, &ones.zeros_like()?)? };
            let count = scatter_add(&own, dim, index, &ones)?;
            let count =
                masked_fill(&count, &super::comparison::eq(&(&count).into(), &Scalar::Int(0).into())?, Scalar::Int(1))?;
            let total = scatter_add(&start(0.0)?, dim, index, &fit)?;
            if t.dtype().is_float() {
                total.div(&count)
            } else {
                super::arithmetic::floor_divide(&(&total).into(), &(&count).into())
            }
        }
        reduce @ ("prod" | "amax" | "amin") => {
            without_derivative("scatter_reduce", &[t, src])?;
            let (how, neutral) = match reduce {
                "prod" => (Combine::Multiply, 1.0),
                "amax" => (Combine::Max, lowest(t.dtype())),
                _ => (Combine::Min, highest(t.dtype())),
            };
            combined("scatter_reduce", &start(neutral)?, d, index, &fit, &how)
        }
        other => bail!("reduce argument must be either sum, prod, mean, amax or amin, got {other}."),
    })
}

fn lowest(dtype: DType) -> f64 {
    match dtype {
        DType::Bool | DType::U8 => 0.0,
        DType::I32 => f64::from(i32::MIN),
        DType::I64 => i64::MIN as f64,
        DType::F16 | DType::BF16 | DType::F32 | DType::F64 => f64::NEG_INFINITY,
    }
}

fn highest(dtype: DType) -> f64 {
    match dtype {
        DType::Bool => 1.0,
        DType::U8 => 255.0,
        DType::I32 => f64::from(i32::MAX),
        DType::I64 => i64::MAX as f64,
        DType::F16 | DType::BF16 | DType::F32 | DType::F64 => f64::INFINITY,
    }
}

fn take_along_dim(t: &Tensor, indices: &Tensor, dim: i64) -> Result<Tensor> {
    let d = wrap_dim(dim, t.rank())?;
    if t.rank() != indices.rank() {
        bail!(
            "torch.take_along_dim(): input and indices should have the same number of dimensions, but got {} \
             dimensions for input, and {} dimensions for indices",
            t.rank(),
            indices.rank()
        );
    }
    let without = |shape: &[usize]| {
        let mut shape = Shape::from(shape);
        if let Some(size) = shape.get_mut(d) {
            *size = 1;
        }
        shape
    };
    let mut shape = crate::shape::broadcast(&without(t.shape()), &without(indices.shape()))?;
    let mut index_shape = shape.clone();
    if !shape.is_empty() {
        shape[d] = t.shape()[d];
        index_shape[d] = indices.shape()[d];
    }
    // Negative indices count from the end, and all of them wrap around.
    let wrapped = match shape.get(d) {
        Some(&size) if size > 0 => remainder(&Operand::from(indices), &Operand::Scalar(Scalar::Int(size as i64)))?,
        _ => indices.clone(),
    };
    gather(&t.expand_to(&shape), dim, &wrapped.expand_to(&index_shape))
}

fn take(t: &Tensor, index: &Tensor) -> Result<Tensor> {
    if index.dtype() != DType::I64 {
        bail!("take(): Expected a long tensor for index, but got {}", index.dtype().torch_name());
    }
    let n = t.numel() as i64;
    let flat = index.reshape_to(&[index.numel()])?;
    let positive = crate::elementwise::map::<i64, i64>(&flat, |i| if i < 0 { i + n } else { i })?;
    if positive.to_vec::<i64>()?.iter().any(|&i| i < 0 || i >= n) {
        bail!(Index: "out of range: tried to access an index of a tensor of {n} elements");
    }
    gather(&t.reshape_to(&[t.numel()])?, 0, &positive)?.reshape_to(index.shape())
}
