//! The largest and smallest elements, and where they are.

use crate::autograd::{Saved, record, record_many};
use crate::bail;
use crate::dtype::DType;
use crate::element::Element;
use crate::error::Result;
use crate::grads;
use crate::ops::select::{gather, scatter};
use crate::ops::{METHOD, OpDef, Operand, TORCH, op, pointwise, value};
use crate::shape::{Shape, wrap_dim};
use crate::storage::allocate;
use crate::tensor::Tensor;

use super::{Reduction, sum};

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "max(Tensor input)",
        TORCH | METHOD,
        "Returns the largest element.",
        |a| value(extreme_over(a.tensor(0), &[], false, Extreme::Max, "MaxBackward1")),
        &["~[2,3]", "~[]"],
    ),
    op(
        "max(Tensor input, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
        TORCH | METHOD,
        "Returns the largest elements along a dimension, and their indices.",
        |a| value(extreme(a.tensor(0), a.int(1), a.bool(2), Extreme::Max)),
        &["~[2,3], 0", "~[2,3,2], 1, True", "~[], 0"],
    ),
    op(
        "max(Tensor input, Tensor other)",
        TORCH | METHOD,
        "Returns the larger of two elements, element by element.",
        |a| value(pointwise::maximum(a.tensor(0), a.tensor(1))),
        &["~[2,3], [2,3]"],
    ),
    op(
        "min(Tensor input)",
        TORCH | METHOD,
        "Returns the smallest element.",
        |a| value(extreme_over(a.tensor(0), &[], false, Extreme::Min, "MinBackward1")),
        &["~[2,3]", "~[]"],
    ),
    op(
        "min(Tensor input, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
        TORCH | METHOD,
        "Returns the smallest elements along a dimension, and their indices.",
        |a| value(extreme(a.tensor(0), a.int(1), a.bool(2), Extreme::Min)),
        &["~[2,3], 0", "~[2,3,2], 1, True"],
    ),
    op(
        "min(Tensor input, Tensor other)",
        TORCH | METHOD,
        "Returns the smaller of two elements, element by element.",
        |a| value(pointwise::minimum(a.tensor(0), a.tensor(1))),
        &["~[2,3], [2,3]"],
    ),
    op(
        "amax(Tensor input, int[1] dim=(), bool keepdim=False)",
        TORCH | METHOD,
        "Returns the largest elements over dimensions; equal ones share the gradient.",
        |a| value(extreme_over(a.tensor(0), &a.ints(1), a.bool(2), Extreme::Max, "AmaxBackward0")),
        &["~[2,3]", "~[2,3], 0", "~[2,3,2], (0,2), True"],
    ),
    op(
        "amin(Tensor input, int[1] dim=(), bool keepdim=False)",
        TORCH | METHOD,
        "Returns the smallest elements over dimensions; equal ones share the gradient.",
        |a| value(extreme_over(a.tensor(0), &a.ints(1), a.bool(2), Extreme::Min, "AminBackward0")),
        &["~[2,3]", "~[2,3], 0", "~[2,3,2], (0,2), True"],
    ),
    op(
        "aminmax(Tensor input, *, int? dim=None, bool keepdim=False) -> (Tensor min, Tensor max)",
        TORCH | METHOD,
        "Returns the smallest and the largest elements.",
        |a| {
            let dims: Vec<i64> = a.int_opt(1).into_iter().collect();
            let min = extreme_over(a.tensor(0), &dims, a.bool(2), Extreme::Min, "AminmaxBackward0")?;
            let max = extreme_over(a.tensor(0), &dims, a.bool(2), Extreme::Max, "AminmaxBackward0")?;
            Ok((min, max).into())
        },
        &["~[2,3]", "~[2,3], dim=0"],
    ),
    op(
        "argmax(Tensor input, int? dim=None, bool keepdim=False)",
        TORCH | METHOD,
        "Returns the index of the largest element: of all (counted in row-major order), or along a dimension.",
        |a| value(arg_extreme(a.tensor(0), a.int_opt(1), a.bool(2), Extreme::Max)),
        &["~[2,3]", "~[2,3], 1", "~[2,3], 0, True", "i5[4]"],
    ),
    op(
        "argmin(Tensor input, int? dim=None, bool keepdim=False)",
        TORCH | METHOD,
        "Returns the index of the smallest element: of all (counted in row-major order), or along a dimension.",
        |a| value(arg_extreme(a.tensor(0), a.int_opt(1), a.bool(2), Extreme::Min)),
        &["~[2,3]", "~[2,3], 1", "~[2,3], 0, True", "i5[4]"],
    ),
];

/// Which end of the order is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extreme {
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

impl Extreme {
    fn name(self) -> &'static str {
        match self {
            Extreme::Max => "max",
            Extreme::Min => "min",
        }
    }

    /// Returns the place of the extreme; the first NaN, if there is one; the first of equals.
    fn place<T: Element>(self, row: &[T]) -> usize {
        let mut best = 0;
        for (i, v) in row.iter().enumerate() {
            if v.is_nan() {
                return i;
            }
            let better = match self {
                Extreme::Max => *v > row[best],
                Extreme::Min => *v < row[best],
            };
            if better {
                best = i;
            }
        }
        best
    }
}

fn refuse_empty(over: &Reduction, name: &str) -> Result<()> {
    if over.count() == 0 {
        bail!(Index: "{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim \
               with non-zero size.");
    }
    Ok(())
}

/// The extreme along one dimension and its index. `∂L/∂x` is `∂L/∂y` at that index.
pub fn extreme(t: &Tensor, dim: i64, keepdim: bool, which: Extreme) -> Result<Vec<Tensor>> {
    let over = Reduction::new(t, &[dim])?;
    refuse_empty(&over, which.name())?;
    let indices = crate::for_dtype!(t.dtype(), T => {
        over.map::<T, i64>(t, keepdim, &|row| which.place(row) as i64)?
    });
    pick(t, dim, keepdim, indices, if which == Extreme::Max { "MaxBackward0" } else { "MinBackward0" })
}

/// Returns the elements at `indices` along a dimension and the indices, as one recorded op.
pub(crate) fn pick(t: &Tensor, dim: i64, keepdim: bool, indices: Tensor, name: &'static str) -> Result<Vec<Tensor>> {
    let d = wrap_dim(dim, t.rank())?;
    let over = Reduction::new(t, &[dim])?;
    let kept = over.kept.clone();
    let values = crate::autograd::no_grad(|| {
        if t.rank() == 0 {
            return t.copy_data();
        }
        gather(&t.detach(), d as i64, &indices.reshape_to(&kept)?)?.reshape_to(&over.shape(keepdim))?.copy_data()
    })?;
    Ok(record_taken(t, values, indices, d, kept, name))
}

/// Records the elements of `t` that stand at `indices` of dimension `d`, and the indices; the derivative puts gradients
/// back there. `kept` is the shape of both with dimension `d` in its place.
pub(crate) fn record_taken(
    t: &Tensor,
    values: Tensor,
    indices: Tensor,
    d: usize,
    kept: Shape,
    name: &'static str,
) -> Vec<Tensor> {
    let index = indices.clone();
    record_many(vec![values, indices], name, &[t], || {
        let (full, index) = (Shape::from(t.shape()), Saved::constant(&index));
        move |cx| {
            let spread = || {
                let grad = cx.grad_at(0)?;
                if full.is_empty() {
                    return Ok(grad);
                }
                let zeros = Tensor::zeros(&full, grad.dtype())?;
                scatter(&zeros, d as i64, &index.get(cx)?.reshape_to(&kept)?, &grad.reshape_to(&kept)?)
            };
            grads![cx.when(0, spread)?]
        }
    })
}

/// The extreme over any dimensions. Equal extremes share the gradient equally.
pub fn extreme_over(t: &Tensor, dims: &[i64], keepdim: bool, which: Extreme, name: &'static str) -> Result<Tensor> {
    let over = Reduction::new(t, dims)?;
    if over.count() == 0 {
        if dims.is_empty() {
            bail!(
                "{0}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with \
                 the 'dim' argument.",
                which.name()
            );
        }
        refuse_empty(&over, which.name())?;
    }
    let out = crate::for_dtype!(t.dtype(), T => {
        over.map::<T, T>(t, keepdim, &|row| row[which.place(row)])?
    });
    Ok(record(out.clone(), name, [t], || {
        let (input, output) = (Saved::input(t), Saved::output(&out));
        move |cx| {
            let share = || {
                let (x, y) = crate::autograd::no_grad(|| Ok::<_, crate::Error>((input.get(cx)?, output.get(cx)?)))?;
                let equal = crate::ops::comparison::eq(&Operand::from(&x), &Operand::from(&over.spread(&y)?))?;
                let equal = equal.to_dtype(x.dtype())?;
                let dims: Vec<i64> = over.dims.iter().map(|&d| d as i64).collect();
                let count = if dims.is_empty() { equal.clone() } else { sum(&equal, &dims, true, None)? };
                over.spread(&cx.grad()?)?.mul(&equal.div(&count)?)
            };
            grads![cx.when(0, share)?]
        }
    }))
}

/// The index of the extreme, of all elements or along one dimension.
pub fn arg_extreme(t: &Tensor, dim: Option<i64>, keepdim: bool, which: Extreme) -> Result<Tensor> {
    if t.dtype() == DType::Bool {
        bail!(NotImplemented: "\"arg{}_cpu\" not implemented for 'Bool'", which.name());
    }
    let dims: Vec<i64> = dim.into_iter().collect();
    let over = Reduction::new(t, &dims)?;
    if over.count() == 0 {
        bail!(Index: "arg{}(): Expected reduction dim to be specified for input.numel() == 0.", which.name());
    }
    crate::for_dtype!(t.dtype(), T => over.map::<T, i64>(t, keepdim, &|row| which.place(row) as i64))
}

/// Sorts indices of a row by value; NaN counts as the largest. Equal elements keep their order.
pub(crate) fn sorted_places<T: Element>(row: &[T], descending: bool) -> Result<Vec<i64>> {
    let mut places: Vec<i64> = allocate(&[row.len()])?;
    places.extend(0..row.len() as i64);
    let order = |a: &T, b: &T| match (a.is_nan(), b.is_nan()) {
        (true, true) => std::cmp::Ordering::Equal,
        (true, false) => std::cmp::Ordering::Greater,
        (false, true) => std::cmp::Ordering::Less,
        (false, false) => a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal),
    };
    if descending {
        places.sort_by(|&i, &j| order(&row[j as usize], &row[i as usize]));
    } else {
        places.sort_by(|&i, &j| order(&row[i as usize], &row[j as usize]));
    }
    Ok(places)
}
