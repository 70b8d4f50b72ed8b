//! Putting tensors together: end to end, on top of each other, side by side in a grid or in blocks.
//!
//! In [`split`]: taking them apart. In [`rearrange`]: turning, rolling and repeating. In [`triangle`]: triangles and
//! diagonals of matrices. In [`pad`]: borders.

pub mod pad;
pub mod rearrange;
pub mod split;
pub mod triangle;

use smallvec::SmallVec;

use super::indexing::{Index, index};
use super::view::dims::atleast;
use super::view::{narrow, select, transpose, unsqueeze};
use super::{OpDef, TORCH, op, value};
use crate::autograd::{Grads, no_grad, record_many};
use crate::bail;
use crate::dtype::{DType, Promotion};
use crate::element::Element;
use crate::error::Result;
use crate::shape::{Dims, Shape, broadcast, checked_numel, numel, wrap_dim};
use crate::storage::{allocate, filled};
use crate::tensor::Tensor;

/// The rows of this file.
pub static OPS: &[OpDef] = &[
    op(
        "cat(Tensor[] tensors, int dim=0)",
        TORCH,
        "Puts tensors end to end along an existing dimension; their other sizes must be equal.",
        |a| value(cat(&a.tensors(0), a.int(1))),
        &["([2,3],[1,3]), 0", "([2,3],[2,1],[2,0]), -1", "([0],[2]), 0", "([2,2],[0]), 1", "([3],[3])"],
    ),
    op(
        "concat(Tensor[] tensors, int dim=0)",
        TORCH,
        "The same as cat().",
        |a| value(cat(&a.tensors(0), a.int(1))),
        &["([2,3],[1,3]), 0"],
    ),
    op(
        "concatenate(Tensor[] tensors, int dim=0)",
        TORCH,
        "The same as cat().",
        |a| value(cat(&a.tensors(0), a.int(1))),
        &["([2,3],[1,3]), 0"],
    ),
    op(
        "stack(Tensor[] tensors, int dim=0)",
        TORCH,
        "Puts tensors of equal shape on top of each other along a new dimension.",
        |a| value(stack(&a.tensors(0), a.int(1))),
        &["([2,3],[2,3]), 0", "([2,3],[2,3],[2,3]), -1", "([],[])"],
    ),
    op(
        "hstack(Tensor[] tensors)",
        TORCH,
        "Puts tensors side by side: along dimension 1, or 0 where they are vectors.",
        |a| value(hstack(&a.tensors(0))),
        &["([2,3],[2,1])", "([2],[3])", "([],[])"],
    ),
    op(
        "vstack(Tensor[] tensors)",
        TORCH,
        "Puts tensors below each other; vectors are rows.",
        |a| value(cat_atleast("vstack", &a.tensors(0), 2, 0)),
        &["([2,3],[1,3])", "([3],[3])", "([],[])"],
    ),
    op(
        "row_stack(Tensor[] tensors)",
        TORCH,
        "The same as vstack().",
        |a| value(cat_atleast("vstack", &a.tensors(0), 2, 0)),
        &["([3],[3])"],
    ),
    op(
        "dstack(Tensor[] tensors)",
        TORCH,
        "Puts tensors behind each other, along dimension 2.",
        |a| value(cat_atleast("dstack", &a.tensors(0), 3, 2)),
        &["([2,3],[2,3])", "([3],[3])"],
    ),
    op(
        "column_stack(Tensor[] tensors)",
        TORCH,
        "Puts tensors side by side; vectors are columns.",
        |a| value(column_stack(&a.tensors(0))),
        &["([2],[2,3])", "([],[])"],
    ),
    op(
        "broadcast_tensors(Tensor[] tensors=())",
        TORCH,
        "Returns views of all tensors expanded to their common shape.",
        |a| value(broadcast_tensors(&a.tensors(0))),
        &["([2,1],[3])", "([],[2])", "()"],
    ),
    op(
        "meshgrid(Tensor[] tensors=(), *, str? indexing=None)",
        TORCH,
        "Returns a grid of coordinates for each of some vectors. indexing='ij' (the default): the first vector runs \
         along the rows; 'xy': along the columns.",
        |a| value(meshgrid(&a.tensors(0), a.str_opt(1).unwrap_or("ij"))),
        &["([3],[2])", "([3],[2]), indexing='xy'", "([],[2],[3]), indexing='xy'"],
    ),
    op(
        "cartesian_prod(Tensor[] tensors)",
        TORCH,
        "Returns all combinations of one element from each vector, a row each.",
        |a| value(cartesian_prod(&a.tensors(0))),
        &["([3],[2])", "([3])"],
    ),
    op(
        "combinations(Tensor input, int r=2, bool with_replacement=False)",
        TORCH,
        "Returns all choices of `r` elements of a vector in their order, a row each.",
        |a| value(combinations(a.tensor(0), a.int(1), a.bool(2))),
        &["[4]", "[3], 3", "[3], 2, True", "[3], 0", "[2], 4"],
    ),
    op(
        "block_diag(Tensor[] tensors=())",
        TORCH,
        "Returns the matrix with the given ones along its diagonal and zeros elsewhere.",
        |a| value(block_diag(&a.tensors(0))),
        &["([1,2],[2,1])", "([],[2])", "()"],
    ),
];

/// An empty vector, which cat() skips whatever the shapes of the others, as torch does for old programs' sake.
fn is_skipped(t: &Tensor) -> bool {
    t.shape() == [0]
}

fn common_dtype(tensors: &[Tensor]) -> DType {
    tensors.iter().fold(Promotion::default(), |p, t| p.tensor(t.dtype(), t.rank())).result()
}

/// Puts tensors end to end: the derivative hands each its part of the gradient.
pub fn cat(tensors: &[Tensor], dim: i64) -> Result<Tensor> {
    let Some(first) = tensors.first() else {
        bail!(Value: "torch.cat(): expected a non-empty list of Tensors");
    };
    if let Some(i) = tensors.iter().position(|t| t.rank() == 0) {
        bail!("zero-dimensional tensor (at position {i}) cannot be concatenated");
    }
    let model = tensors.iter().find(|t| !is_skipped(t)).unwrap_or(first);
    let d = if is_skipped(model) { 0 } else { wrap_dim(dim, model.rank())? };
    let mut shape = Shape::from(model.shape());
    shape[d] = 0;
    for (i, t) in tensors.iter().enumerate().filter(|(_, t)| !is_skipped(t)) {
        if t.rank() != model.rank() {
            bail!("Tensors must have same number of dimensions: got {} and {}", model.rank(), t.rank());
        }
        if let Some(other) = (0..t.rank()).find(|&k| k != d && t.shape()[k] != shape[k]) {
            bail!(
                "Sizes of tensors must match except in dimension {d}. Expected size {} but got size {} for tensor \
                 number {i} in the list.",
                shape[other],
                t.shape()[other]
            );
        }
        shape[d] += t.shape()[d];
    }
    let dtype = common_dtype(tensors);
    let parts = tensors.iter().map(|t| t.to_dtype(dtype)).collect::<Result<Vec<_>>>()?;
    let out = crate::for_dtype!(dtype, T => Tensor::from_parts(join::<T>(&parts, d, &shape)?, &shape));
    let lengths: Vec<Option<usize>> = parts.iter().map(|t| (!is_skipped(t)).then(|| t.shape()[d])).collect();
    let inputs: Vec<&Tensor> = parts.iter().collect();
    Ok(only(record_many(vec![out], "CatBackward0", &inputs, || {
        move |cx| {
            let grad = cx.grad()?;
            let mut start = 0;
            let mut grads = Grads::new();
            for (i, length) in lengths.iter().enumerate() {
                grads.push(match length {
                    Some(n) => cx.when(i, || narrow(&grad, d as i64, start, *n as i64))?,
                    None => None,
                });
                start += length.unwrap_or(0) as i64;
            }
            Ok(grads)
        }
    })))
}

/// Returns the output of an op recorded with several inputs.
fn only(outs: Vec<Tensor>) -> Tensor {
    outs.into_iter().next().expect("the op was recorded with one output")
}

fn join<T: Element>(parts: &[Tensor], d: usize, shape: &[usize]) -> Result<Vec<T>> {
    let mut out = allocate::<T>(shape)?;
    let sources = parts.iter().filter(|t| !is_skipped(t)).map(|t| Ok((t.dense::<T>()?, numel(&t.shape()[d..]))));
    let sources = sources.collect::<Result<Vec<_>>>()?;
    if numel(shape) > 0 {
        for row in 0..numel(&shape[..d]) {
            for (data, length) in &sources {
                out.extend_from_slice(&data[row * length..(row + 1) * length]);
            }
        }
    }
    Ok(out)
}

/// Puts tensors of equal shape along a new dimension.
pub fn stack(tensors: &[Tensor], dim: i64) -> Result<Tensor> {
    let Some(first) = tensors.first() else { bail!("stack expects a non-empty TensorList") };
    let d = wrap_dim(dim, first.rank() + 1)?;
    if let Some((i, other)) = tensors.iter().enumerate().find(|(_, t)| t.shape() != first.shape()) {
        bail!(
            "stack expects each tensor to be equal size, but got {} at entry 0 and {} at entry {i}",
            Dims(first.shape()),
            Dims(other.shape())
        );
    }
    let dtype = common_dtype(tensors);
    let out = no_grad(|| {
        let slices = tensors.iter().map(|t| unsqueeze(&t.to_dtype(dtype)?, d as i64));
        cat(&slices.collect::<Result<Vec<_>>>()?, d as i64)
    })?;
    let inputs: Vec<&Tensor> = tensors.iter().collect();
    let count = tensors.len();
    Ok(only(record_many(vec![out], "StackBackward0", &inputs, || {
        move |cx| {
            let grad = cx.grad()?;
            (0..count).map(|i| cx.when(i, || select(&grad, d as i64, i as i64))).collect()
        }
    })))
}

fn cat_atleast(op: &str, tensors: &[Tensor], rank: usize, dim: i64) -> Result<Tensor> {
    if tensors.is_empty() {
        bail!("{op} expects a non-empty TensorList");
    }
    cat(&tensors.iter().map(|t| atleast(t, rank)).collect::<Result<Vec<_>>>()?, dim)
}

/// Puts tensors side by side.
pub fn hstack(tensors: &[Tensor]) -> Result<Tensor> {
    cat_atleast("hstack", tensors, 1, i64::from(tensors.first().is_some_and(|t| t.rank() > 1)))
}

fn column_stack(tensors: &[Tensor]) -> Result<Tensor> {
    if tensors.is_empty() {
        bail!("column_stack expects a non-empty TensorList");
    }
    let columns = tensors.iter().map(|t| if t.rank() < 2 { t.reshape_to(&[t.numel(), 1]) } else { Ok(t.clone()) });
    cat(&columns.collect::<Result<Vec<_>>>()?, 1)
}

/// Expands tensors to their common shape.
pub fn broadcast_tensors(tensors: &[Tensor]) -> Result<Vec<Tensor>> {
    let mut common = Shape::new();
    for t in tensors {
        common = broadcast(&common, t.shape())?;
    }
    checked_numel(&common)?;
    Ok(tensors.iter().map(|t| t.expand_to(&common)).collect())
}

/// Returns grids of coordinates: of vectors of lengths `n, m, ...` tensors of shape `(n, m, ...)`, or `(m, n, ...)`
/// for "xy".
pub fn meshgrid(tensors: &[Tensor], indexing: &str) -> Result<Vec<Tensor>> {
    let Some(first) = tensors.first() else { bail!("meshgrid expects a non-empty TensorList") };
    let exchanged = match indexing {
        "ij" => false,
        "xy" => tensors.len() > 1,
        other => bail!("torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: {other}"),
    };
    for t in tensors {
        if t.rank() > 1 {
            bail!(
                "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got a tensor of shape {}",
                Dims(t.shape())
            );
        }
        if t.dtype() != first.dtype() {
            bail!("meshgrid expects all tensors to have the same dtype, but got {} and {}", first.dtype(), t.dtype());
        }
    }
    let grid: Shape = tensors.iter().map(Tensor::numel).collect();
    checked_numel(&grid)?;
    tensors
        .iter()
        .enumerate()
        .map(|(d, t)| {
            let mut shape = Shape::from_elem(1, grid.len());
            shape[d] = t.numel();
            let full = t.reshape_to(&shape)?.expand_to(&grid);
            if exchanged { transpose(&full, 0, 1) } else { Ok(full) }
        })
        .collect()
}

/// Returns the rows of the Cartesian product of vectors.
pub fn cartesian_prod(tensors: &[Tensor]) -> Result<Tensor> {
    if let Some(t) = tensors.iter().find(|t| t.rank() != 1) {
        bail!("Expect a 1D vector, but got shape {}", Dims(t.shape()));
    }
    if let [only] = tensors {
        return Ok(only.clone());
    }
    let columns = meshgrid(tensors, "ij")?;
    let columns = columns.iter().map(|t| t.reshape_to(&[t.numel()])).collect::<Result<Vec<_>>>()?;
    stack(&columns, 1)
}

/// Returns the choices of `r` elements of a vector, each row in the order of the vector.
pub fn combinations(t: &Tensor, r: i64, with_replacement: bool) -> Result<Tensor> {
    if t.rank() != 1 {
        bail!("Expect a 1D vector, but got shape {}", Dims(t.shape()));
    }
    let Ok(width) = usize::try_from(r) else { bail!("Expect a non-negative number, but got {r}") };
    if width == 0 {
        return Tensor::zeros(&[0], t.dtype());
    }
    let n = t.numel();
    let available = if with_replacement { (n + width).saturating_sub(1) } else { n };
    let count = if n == 0 { 0 } else { binomial(available, width) };
    let mut rows: Vec<i64> = allocate(&[count, width])?;
    let step = usize::from(!with_replacement);
    let mut row: Vec<usize> = if count == 0 { Vec::new() } else { (0..width).map(|k| k * step).collect() };
    for _ in 0..count {
        rows.extend(row.iter().map(|&k| k as i64));
        // The last place that can still grow, and everything after it at its lowest.
        let highest = |k: usize| n - 1 - (width - 1 - k) * step;
        let Some(k) = (0..width).rev().find(|&k| row[k] < highest(k)) else { break };
        row[k] += 1;
        for later in k + 1..width {
            row[later] = row[later - 1] + step;
        }
    }
    index(t, &[Index::Tensor(Tensor::from_parts(rows, &[count, width]))])
}

/// `n! / (k! (n - k)!)`, or the largest number where that does not fit.
fn binomial(n: usize, k: usize) -> usize {
    if k > n {
        return 0;
    }
    let mut result: u128 = 1;
    for i in 0..k.min(n - k) as u128 {
        result = result * (n as u128 - i) / (i + 1);
        if result > usize::MAX as u128 {
            return usize::MAX;
        }
    }
    result as usize
}

/// Returns the matrix with the given ones along its diagonal.
pub fn block_diag(tensors: &[Tensor]) -> Result<Tensor> {
    if let Some((i, t)) = tensors.iter().enumerate().find(|(_, t)| t.rank() > 2) {
        bail!("torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {i} has {} dimensions", t.rank());
    }
    let dtype = common_dtype(tensors);
    let blocks: Vec<Tensor> = tensors.iter().map(|t| atleast(&t.to_dtype(dtype)?, 2)).collect::<Result<_>>()?;
    if blocks.is_empty() {
        return Tensor::zeros(&[1, 0], dtype);
    }
    let corner =
        |upto: usize| -> [usize; 2] { std::array::from_fn(|d| blocks[..upto].iter().map(|t| t.shape()[d]).sum()) };
    let shape = corner(blocks.len());
    let corners: SmallVec<[[usize; 2]; 4]> = (0..blocks.len()).map(corner).collect();
    let out = crate::for_dtype!(dtype, T => {
        let mut data = filled::<T>(&shape, T::default())?;
        for (block, &[top, left]) in blocks.iter().zip(&corners) {
            let (source, width) = (block.dense::<T>()?, block.shape()[1]);
            for (i, row) in source.chunks_exact(width.max(1)).enumerate() {
                let at = (top + i) * shape[1] + left;
                data[at..at + width].copy_from_slice(row);
            }
        }
        Tensor::from_parts(data, &shape)
    });
    let sizes: Vec<[usize; 2]> = blocks.iter().map(|t| [t.shape()[0], t.shape()[1]]).collect();
    let inputs: Vec<&Tensor> = blocks.iter().collect();
    Ok(only(record_many(vec![out], "BlockDiagBackward0", &inputs, || {
        move |cx| {
            let grad = cx.grad()?;
            let part = |i: usize| {
                let ([top, left], [rows, columns]) = (corners[i], sizes[i]);
                narrow(&narrow(&grad, 0, top as i64, rows as i64)?, 1, left as i64, columns as i64)
            };
            (0..sizes.len()).map(|i| cx.when(i, || part(i))).collect()
        }
    })))
}
