//! Ops that index one dimension, or the elements counted through, with a vector of positions.

use std::sync::Arc;

use super::places::{self, Places};
use crate::bail;
use crate::dtype::{DType, Scalar};
use crate::error::{Error, Result};
use crate::ops::arithmetic::mul;
use crate::ops::{INPLACE, METHOD, OpDef, Operand, TORCH, op, value};
use crate::shape::{Dims, wrap_dim};
use crate::tensor::Tensor;

const ALL: u8 = TORCH | METHOD | INPLACE;

/// The rows of this file.
pub static OPS: &[OpDef] = &[
    op(
        "index_select(Tensor input, int dim, Tensor index)",
        TORCH | METHOD,
        "Returns a copy of the parts of a dimension at the positions `index`, in that order.",
        |a| value(index_select(a.tensor(0), a.int(1), a.tensor(2))),
        &["[3,4], 0, i3[5]", "[3,4], -1, i4[2]", "[3], 0, i3[]", "[], 0, i1[1]", "[3,4], 1, i4[0]"],
    ),
    op(
        "index_add(Tensor input, int dim, Tensor index, Tensor source, *, Scalar alpha=1)",
        ALL,
        "Returns a copy with the parts of `source`, times alpha, added at the positions `index` of a dimension.",
        |a| value(index_add(a.tensor(0), a.int(1), a.tensor(2), a.tensor(3), a.scalar(4))),
        &["[3,4], 0, i3[5], [5,4]", "[3,4], 1, i4[2], [3,2], alpha=2", "[3], 0, i3[0], [0]"],
    ),
    op(
        "index_copy(Tensor input, int dim, Tensor index, Tensor source)",
        ALL,
        "Returns a copy with the parts of `source` put at the positions `index` of a dimension.",
        |a| value(index_copy(a.tensor(0), a.int(1), a.tensor(2), a.tensor(3))),
        &["[3,4], 0, i3[1], [1,4]", "[3,4], 1, i4[1], [3,1]", "[3], 0, i3[0], [0]"],
    ),
    op(
        "index_fill(Tensor input, int dim, Tensor index, Operand value)",
        ALL,
        "Returns a copy with the positions `index` of a dimension filled with one number.",
        |a| value(index_fill(a.tensor(0), a.int(1), a.tensor(2), &a.operand(3))),
        &["[3,4], 0, i3[2], 7", "[3,4], 1, i4[1], []"],
    ),
    op(
        "put(Tensor input, Tensor index, Tensor source, bool accumulate=False)",
        ALL,
        "Returns a copy with elements put at positions counted through the whole tensor, row by row, or added there.",
        |a| value(put(a.tensor(0), a.tensor(1), a.tensor(2), a.bool(3))),
        &["[2,3], i6[1], [1]", "[2,3], i6[4], [2,2], True"],
    ),
];

/// Checks a vector of positions along `dim` and, where `wrap` says so, takes negative ones from the end.
fn positions(index: &Tensor, size: usize, wrap: bool, refuse: impl Fn(i64) -> Error) -> Result<Vec<usize>> {
    let low = if wrap { -(size as i64) } else { 0 };
    index
        .to_vec::<i64>()?
        .into_iter()
        .map(|i| {
            if i < low || i >= size as i64 {
                return Err(refuse(i));
            }
            Ok(if i < 0 { (i + size as i64) as usize } else { i as usize })
        })
        .collect()
}

/// A tensor with at least one dimension: a 0-d one has a single place.
fn at_least_1d(t: &Tensor) -> Result<Tensor> {
    if t.rank() == 0 { t.reshape_to(&[1]) } else { Ok(t.clone()) }
}

fn size_along(t: &Tensor, d: usize) -> usize {
    t.shape().get(d).copied().unwrap_or(1)
}

/// `y[..., k, ...] = x[..., index[k], ...]`
pub fn index_select(t: &Tensor, dim: i64, index: &Tensor) -> Result<Tensor> {
    let d = wrap_dim(dim, t.rank())?;
    if index.rank() > 1 {
        bail!(Index: "index_select(): Index is supposed to be a vector");
    }
    if !matches!(index.dtype(), DType::I32 | DType::I64) {
        bail!("index_select(): Expected dtype int32 or int64 for index");
    }
    if t.rank() == 0 && index.numel() != 1 {
        bail!("index_select(): Index to scalar can have only 1 value, got {} value(s)", index.numel());
    }
    let size = size_along(t, d);
    let at = positions(index, size, false, |i| {
        Error::Index(format!("index out of range in self: index_select() got {i} for dimension {d} of size {size}"))
    })?;
    let source = at_least_1d(t)?;
    let places = Arc::new(Places::along(source.shape(), d, at, index));
    let out = places::pick(&source, &places, "IndexSelectBackward0")?;
    if t.rank() == 0 { out.reshape_to(&[]) } else { Ok(out) }
}

/// `y = x`, then `y[..., index[k], ...] += alpha source[..., k, ...]`
pub fn index_add(t: &Tensor, dim: i64, index: &Tensor, source: &Tensor, alpha: Scalar) -> Result<Tensor> {
    let d = wrap_dim(dim, t.rank())?;
    if !matches!(index.dtype(), DType::I32 | DType::I64) {
        bail!("index_add_(): Expected dtype int32/int64 for index but got: {}", index.dtype().torch_name());
    }
    if index.rank() > 1 {
        bail!(Index:
            "index_add_(): Index is supposed to be a vector, but got dim: {} with type: {} and size: {}",
            index.rank(),
            index.dtype().torch_name(),
            Dims(index.shape())
        );
    }
    if source.dtype() != t.dtype() {
        bail!(
            "index_add_(): self ({}) and source ({}) must have the same scalar type",
            t.dtype().torch_name(),
            source.dtype().torch_name()
        );
    }
    let (whole, part) = (at_least_1d(t)?, at_least_1d(source)?);
    if index.numel() != size_along(&part, d) {
        bail!(
            "index_add_(): Number of indices ({}) should be equal to source.size(dim): ({}), for dim: {d}",
            index.numel(),
            size_along(&part, d)
        );
    }
    if !same_but(d, whole.shape(), part.shape()) {
        bail!(
            "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = {} \
             source.shape = {}",
            Dims(t.shape()),
            Dims(source.shape())
        );
    }
    let size = size_along(&whole, d);
    let at = positions(index, size, false, |i| {
        Error::Runtime(format!("index {i} is out of bounds for dimension {d} with size {size}"))
    })?;
    let part = match alpha {
        Scalar::Int(1) => part,
        _ => {
            mul(&(&part).into(), &Scalar::into(if t.dtype().is_float() { alpha } else { Scalar::Int(alpha.to_i64()) }))?
        }
    };
    let places = Arc::new(Places::along(whole.shape(), d, at, index));
    places::put(&whole, &part, &places, true, "IndexAddBackward0")?.reshape_to(t.shape())
}

fn same_but(d: usize, a: &[usize], b: &[usize]) -> bool {
    a.len() == b.len() && a.iter().zip(b).enumerate().all(|(i, (x, y))| i == d || x == y)
}

/// `y = x`, then `y[..., index[k], ...] = source[..., k, ...]`
pub fn index_copy(t: &Tensor, dim: i64, index: &Tensor, source: &Tensor) -> Result<Tensor> {
    let d = wrap_dim(dim, t.rank())?;
    if index.rank() > 1 {
        bail!(Index: "index_copy_(): Index should have dimension 1 or 0 (got {})", index.rank());
    }
    if t.rank() != source.rank() && t.rank() != 0 && source.rank() != 0 {
        bail!(Index:
            "index_copy_(): When source and destination are not scalars, their dimensionality must match. Source \
             dimensionality ({}), destination dimensionality ({})",
            source.rank(),
            t.rank()
        );
    }
    if index.dtype() != DType::I64 {
        bail!("index_copy_(): Expected a long tensor for index, but got {}", index.dtype().torch_name());
    }
    if source.dtype() != t.dtype() {
        bail!(
            "index_copy_(): self and source expected to have the same dtype, but got (self) {} and (source) {}",
            t.dtype().torch_name(),
            source.dtype().torch_name()
        );
    }
    let (whole, part) = (at_least_1d(t)?, at_least_1d(source)?);
    if !same_but(d, whole.shape(), part.shape()) {
        bail!(
            "index_copy_(): Source/destination tensor must have same slice shapes. Destination shape: {}, source \
             shape: {}, dimension {d}",
            Dims(t.shape()),
            Dims(source.shape())
        );
    }
    if index.numel() != size_along(&part, d) {
        bail!(Index:
            "index_copy_(): Number of indices ({}) should be equal to source.size(dim) ({})",
            index.numel(),
            size_along(&part, d)
        );
    }
    let size = size_along(&whole, d);
    let at = positions(index, size, false, |i| {
        Error::Index(format!("index_copy_(): index {i} is out of bounds for dimension {d} with size {size}"))
    })?;
    let places = Arc::new(Places::along(whole.shape(), d, at, index));
    places::put(&whole, &part, &places, false, "IndexCopyBackward0")?.reshape_to(t.shape())
}

/// `y = x`, then `y[..., index[k], ...] = value`
pub fn index_fill(t: &Tensor, dim: i64, index: &Tensor, fill: &Operand) -> Result<Tensor> {
    let d = wrap_dim(dim, t.rank())?;
    let fill = match fill {
        Operand::Scalar(s) => Tensor::full(&[], crate::ops::create::fitting(*s, t.dtype())?, t.dtype())?,
        Operand::Tensor(v) if v.rank() == 0 => v.to_dtype(t.dtype())?,
        Operand::Tensor(v) => bail!(
            "index_fill_ only supports a 0-dimensional value tensor, but got tensor with {} dimension(s).",
            v.rank()
        ),
    };
    if index.dtype() != DType::I64 {
        bail!(Index: "index_fill_(): Expected dtype int64 for index.");
    }
    if index.rank() > 1 {
        bail!("Index has to be a vector/scalar");
    }
    let whole = at_least_1d(t)?;
    let size = size_along(&whole, d);
    let at = positions(index, size, true, |i| {
        Error::Index(format!("index {i} is out of bounds for dimension {d} with size {size}"))
    })?;
    let places = Arc::new(Places::along(whole.shape(), d, at, index));
    places::put(&whole, &fill, &places, false, "IndexFillBackward0")?.reshape_to(t.shape())
}

/// Checks positions counted through a whole tensor; the places are in its elements laid in a row.
fn flat_places(op: &str, t: &Tensor, index: &Tensor) -> Result<Arc<Places>> {
    if index.dtype() != DType::I64 {
        bail!("{op}(): Expected a long tensor for index, but got {}", index.dtype().torch_name());
    }
    let n = t.numel();
    if n == 0 && index.numel() != 0 {
        bail!(Index: "{op}(): tried to take from an empty tensor");
    }
    let at = positions(index, n, true, |i| {
        Error::Index(format!("out of range: tried to access index {i} on a tensor of {n} elements."))
    })?;
    Ok(Arc::new(Places::along(&[n], 0, at, index)))
}

/// `y = x`, then `y.flatten()[index[k]] = source[k]`, or `+=`
pub fn put(t: &Tensor, index: &Tensor, source: &Tensor, accumulate: bool) -> Result<Tensor> {
    if source.dtype() != t.dtype() {
        bail!(
            "put_(): self and source expected to have the same dtype, but got self.dtype = {} and source.dtype = {}",
            t.dtype().torch_name(),
            source.dtype().torch_name()
        );
    }
    if source.numel() != index.numel() {
        bail!(Index:
            "put_(): Expected source and index to have the same number of elements, but got source.numel() = {}, \
             index.numel() = {}",
            source.numel(),
            index.numel()
        );
    }
    let places = flat_places("put_", t, index)?;
    let (flat, source) = (t.reshape_to(&[t.numel()])?, source.reshape_to(&[source.numel()])?);
    places::put(&flat, &source, &places, accumulate, "PutBackward0")?.reshape_to(t.shape())
}
