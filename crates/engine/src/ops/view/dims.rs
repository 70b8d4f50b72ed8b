//! Views that put in, take out, join, part and move dimensions.

use smallvec::SmallVec;

use super::{as_ints, permute_by, reshape, squeeze_like, transpose, unsqueeze, view};
use crate::autograd::inplace::check_writable;
use crate::bail;
use crate::error::Result;
use crate::ops::{METHOD, OpDef, TORCH, Value, op, value};
use crate::shape::{Dims, Shape, Strides, wrap_dim};
use crate::tensor::Tensor;

const BOTH: u8 = TORCH | METHOD;

/// The rows of this file.
pub static OPS: &[OpDef] = &[
    op(
        "squeeze(Tensor input)",
        BOTH,
        "Returns a view without the dimensions of size 1.",
        |a| value(squeeze(a.tensor(0))),
        &["[1,3,1]", "[]", "[2]", "[1]"],
    ),
    op(
        "squeeze(Tensor input, int dim)",
        BOTH,
        "With `dim`: takes out only that dimension, if its size is 1.",
        |a| value(squeeze_dim(a.tensor(0), a.int(1))),
        &["[1,3,1], 0", "[1,3,1], 1", "[1,3,1], -1", "[], 0"],
    ),
    op(
        "squeeze(Tensor input, int[] dim)",
        BOTH,
        "With several `dim`: takes out those of them whose size is 1.",
        |a| value(squeeze_dims(a.tensor(0), &a.ints(1))),
        &["[1,3,1], (0,1,2)", "[1,3,1], ()"],
    ),
    op(
        "flatten(Tensor input, int start_dim=0, int end_dim=-1)",
        BOTH,
        "Joins the dimensions from `start_dim` to `end_dim` into one; a view where that is possible, a copy otherwise.",
        |a| value(flatten(a.tensor(0), a.int(1), a.int(2))),
        &["[2,3,4]", "[2,3,4], 1", "[2,3,4], 0, 1", "[]", "[0,3]", "[3], 0, 0"],
    ),
    op(
        "unflatten(Tensor input, int dim, int[] sizes)",
        BOTH,
        "Parts a dimension into several; one of their sizes may be -1 and is then worked out.",
        |a| value(unflatten(a.tensor(0), a.int(1), &a.ints(2))),
        &["[2,6], 1, (2,3)", "[6,2], 0, (-1,2)"],
    ),
    op(
        "movedim(Tensor input, int source, int destination)",
        BOTH,
        "Returns a view in which dimension `source` has moved to place `destination`; the others keep their order.",
        |a| value(movedim(a.tensor(0), &[a.int(1)], &[a.int(2)])),
        &["[2,3,4], 0, 2", "[2,3], -1, 0"],
    ),
    op(
        "movedim(Tensor input, int[] source, int[] destination)",
        BOTH,
        "Returns a view in which dimension `source` has moved to place `destination`; the others keep their order.",
        |a| value(movedim(a.tensor(0), &a.ints(1), &a.ints(2))),
        &["[2,3,4], (0,1), (1,2)"],
    ),
    op(
        "moveaxis(Tensor input, int source, int destination)",
        BOTH,
        "The same as movedim().",
        |a| value(movedim(a.tensor(0), &[a.int(1)], &[a.int(2)])),
        &["[2,3,4], 0, 2"],
    ),
    op(
        "moveaxis(Tensor input, int[] source, int[] destination)",
        BOTH,
        "The same as movedim().",
        |a| value(movedim(a.tensor(0), &a.ints(1), &a.ints(2))),
        &["[2,3,4], (0,1), (1,2)"],
    ),
    op(
        "swapaxes(Tensor input, int axis0, int axis1)",
        BOTH,
        "The same as transpose().",
        |a| value(transpose(a.tensor(0), a.int(1), a.int(2))),
        &["[2,3], 0, 1"],
    ),
    op(
        "swapdims(Tensor input, int dim0, int dim1)",
        BOTH,
        "The same as transpose().",
        |a| value(transpose(a.tensor(0), a.int(1), a.int(2))),
        &["[2,3], 0, 1"],
    ),
    op(
        "adjoint(Tensor input)",
        BOTH,
        "Returns a view with the last two dimensions exchanged (for real numbers that is the adjoint).",
        |a| value(matrix_transpose(a.tensor(0), "tensor.adjoint()")),
        &["[2,3]", "[2,3,4]"],
    ),
    op(
        "atleast_1d(Tensor input)",
        TORCH,
        "Returns a view with at least one dimension.",
        |a| value(atleast(a.tensor(0), 1)),
        &["[]", "[2]"],
    ),
    op(
        "atleast_1d(Tensor[] tensors)",
        TORCH,
        "Returns a view with at least one dimension.",
        |a| atleast_row(&a.tensors(0), 1),
        &["([],[2])"],
    ),
    op(
        "atleast_2d(Tensor input)",
        TORCH,
        "Returns a view with at least two dimensions: a vector becomes a row.",
        |a| value(atleast(a.tensor(0), 2)),
        &["[]", "[2]", "[2,3]"],
    ),
    op(
        "atleast_2d(Tensor[] tensors)",
        TORCH,
        "Returns a view with at least two dimensions: a vector becomes a row.",
        |a| atleast_row(&a.tensors(0), 2),
        &["([],[2])"],
    ),
    op(
        "atleast_3d(Tensor input)",
        TORCH,
        "Returns a view with at least three dimensions: a vector of n becomes (1, n, 1), a matrix (n, m, 1).",
        |a| value(atleast(a.tensor(0), 3)),
        &["[]", "[2]", "[2,3]", "[1,2,3]"],
    ),
    op(
        "atleast_3d(Tensor[] tensors)",
        TORCH,
        "Returns a view with at least three dimensions: a vector of n becomes (1, n, 1), a matrix (n, m, 1).",
        |a| atleast_row(&a.tensors(0), 3),
        &["([],[2])"],
    ),
];

/// Takes out every dimension of size 1.
pub fn squeeze(t: &Tensor) -> Result<Tensor> {
    Ok(without(t, |d| t.shape()[d] == 1, "SqueezeBackward0"))
}

/// Takes out a dimension if its size is 1.
pub fn squeeze_dim(t: &Tensor, dim: i64) -> Result<Tensor> {
    let dim = wrap_dim(dim, t.rank())?;
    Ok(without(t, |d| d == dim && t.shape()[d] == 1, "SqueezeBackward1"))
}

/// Takes out those of some dimensions whose size is 1.
pub fn squeeze_dims(t: &Tensor, dims: &[i64]) -> Result<Tensor> {
    let dims = distinct_dims(dims, t.rank(), |d| format!("dim {d} appears multiple times in the list of dims"))?;
    Ok(without(t, |d| dims.contains(&d) && t.shape()[d] == 1, "SqueezeBackward2"))
}

fn without(t: &Tensor, leave_out: impl Fn(usize) -> bool, name: &'static str) -> Tensor {
    let kept: SmallVec<[usize; 4]> = (0..t.rank()).filter(|&d| !leave_out(d)).collect();
    let shape: Shape = kept.iter().map(|&d| t.shape()[d]).collect();
    let strides: Strides = kept.iter().map(|&d| t.strides()[d]).collect();
    squeeze_like(t, shape, strides, name)
}

/// Wraps dimension numbers, which must differ.
fn distinct_dims(dims: &[i64], rank: usize, repeated: impl Fn(usize) -> String) -> Result<SmallVec<[usize; 4]>> {
    let mut wrapped = SmallVec::new();
    for &dim in dims {
        let d = wrap_dim(dim, rank)?;
        if wrapped.contains(&d) {
            return Err(crate::Error::Runtime(repeated(d)));
        }
        wrapped.push(d);
    }
    Ok(wrapped)
}

/// Joins the dimensions from `start` to `end`, both included, into one.
pub fn flatten(t: &Tensor, start: i64, end: i64) -> Result<Tensor> {
    let (start, end) = (wrap_dim(start, t.rank())?, wrap_dim(end, t.rank())?);
    if start > end {
        bail!("flatten() has invalid args: start_dim cannot come after end_dim");
    }
    if t.rank() == 0 {
        return reshape(t, &[1]);
    }
    if start == end {
        return Ok(t.clone());
    }
    let mut shape = Shape::from(&t.shape()[..start]);
    shape.push(t.shape()[start..=end].iter().product());
    shape.extend_from_slice(&t.shape()[end + 1..]);
    t.reshape_to(&shape)
}

/// Parts a dimension into several, of which one size may be -1.
pub fn unflatten(t: &Tensor, dim: i64, sizes: &[i64]) -> Result<Tensor> {
    let d = wrap_dim(dim, t.rank())?;
    if t.rank() == 0 {
        bail!("unflatten: a 0-d tensor has no dimension to part");
    }
    if sizes.is_empty() {
        bail!("unflatten: sizes must be non-empty");
    }
    let whole = t.shape()[d];
    let Ok(parts) = crate::shape::infer_shape(sizes, whole) else {
        bail!(
            "unflatten: Provided sizes {} don't multiply up to the size of dim {d} ({whole}) in the input tensor",
            Dims(sizes)
        );
    };
    let mut shape = as_ints(&t.shape()[..d]);
    shape.extend(as_ints(&parts));
    shape.extend(as_ints(&t.shape()[d + 1..]));
    view(t, &shape)
}

/// Moves dimensions to other places.
pub fn movedim(t: &Tensor, source: &[i64], destination: &[i64]) -> Result<Tensor> {
    if source.len() != destination.len() {
        bail!(
            "movedim: Invalid source or destination dims: source ({} dims) should contain the same number of dims as \
             destination ({} dims)",
            Dims(source),
            Dims(destination)
        );
    }
    let repeated = |which, dims| move |_| format!("movedim: repeated dim in `{which}` ({})", Dims(dims));
    let source = distinct_dims(source, t.rank(), repeated("source", source))?;
    let destination = distinct_dims(destination, t.rank(), repeated("destination", destination))?;
    if t.rank() == 0 {
        return Ok(t.clone());
    }
    let mut rest = (0..t.rank()).filter(|d| !source.contains(d));
    let order: SmallVec<[usize; 4]> = (0..t.rank())
        .filter_map(|place| match destination.iter().position(|&d| d == place) {
            Some(i) => Some(source[i]),
            None => rest.next(),
        })
        .collect();
    Ok(permute_by(t, &order))
}

/// Exchanges the last two dimensions: what `.mT` and `.mH` are. `property` names the caller.
pub fn matrix_transpose(t: &Tensor, property: &str) -> Result<Tensor> {
    match t.rank() {
        0 => Ok(t.clone()),
        1 => bail!("{property} is only supported on matrices or batches of matrices. Got 1-D tensor."),
        _ => transpose(t, -2, -1),
    }
}

/// Reverses the order of the dimensions: what `.T` is.
pub fn reverse_dims(t: &Tensor) -> Result<Tensor> {
    let order: SmallVec<[usize; 4]> = (0..t.rank()).rev().collect();
    Ok(permute_by(t, &order))
}

/// Transposes a matrix: what `.H` is.
pub fn hermitian(t: &Tensor) -> Result<Tensor> {
    match t.rank() {
        0 => Ok(t.clone()),
        2 => transpose(t, 0, 1),
        rank => bail!(
            "tensor.H is only supported on matrices (2-D tensors). Got {rank}-D tensor.{}",
            if rank > 2 { " For batches of matrices, consider using tensor.mH" } else { "" }
        ),
    }
}

/// Computes what a tensor becomes by an op that changes its shape in place (`squeeze_`, `unsqueeze_`, `t_`,
/// `transpose_`, ...): `change` is the op that gives the view. The caller puts the result in the tensor's place.
pub fn change_shape_in_place(t: &Tensor, change: impl FnOnce(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
    check_writable(t)?;
    change(t)
}

/// Adds dimensions of size 1 until there are `rank` of them.
pub fn atleast(t: &Tensor, rank: usize) -> Result<Tensor> {
    match (rank, t.rank()) {
        (_, 0) => reshape(t, &[1, 1, 1][..rank.min(3)]),
        (2.., 1) if rank == 2 => unsqueeze(t, 0),
        (3, 1) => unsqueeze(&unsqueeze(t, 0)?, -1),
        (3, 2) => unsqueeze(t, -1),
        _ => Ok(t.clone()),
    }
}

fn atleast_row(tensors: &[Tensor], rank: usize) -> Result<Value> {
    value(tensors.iter().map(|t| atleast(t, rank)).collect::<Result<Vec<_>>>())
}
