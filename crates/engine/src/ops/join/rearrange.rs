//! Turning, rolling and repeating: outputs whose elements are elements of the input, found through a map of indices
//! for each dimension, `y[i, j, ...] = x[f(i), g(j), ...]`.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::autograd::{no_grad, record};
use crate::bail;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::grads;
use crate::ops::indexing::along::index_select;
use crate::ops::indexing::places::sum as sum_elements;
use crate::ops::reduce::sum;
use crate::ops::view::transpose;
use crate::ops::{METHOD, OpDef, TORCH, op, value};
use crate::shape::{Shape, checked_numel, contiguous_strides, numel, wrap_dim, wrap_dims};
use crate::storage::{allocate, filled, reserve};
use crate::tensor::Tensor;

const BOTH: u8 = TORCH | METHOD;

/// The rows of this file.
pub static OPS: &[OpDef] = &[
    op(
        "roll(Tensor input, int[1] shifts, int[1] dims=())",
        BOTH,
        "Returns a copy moved by `shifts` along `dims`; what leaves at one end comes back at the other. Without `dims` \
         the elements are moved row by row.",
        |a| value(roll(a.tensor(0), &a.ints(1), &a.ints(2))),
        &["[2,3], 1", "[2,3], -1, 1", "[2,3], (1,2), (0,1)", "[0], 1", "[], 1"],
    ),
    op(
        "flip(Tensor input, int[] dims)",
        BOTH,
        "Returns a copy with the order of some dimensions reversed.",
        |a| value(flip(a.tensor(0), &a.ints(1))),
        &["[2,3], (0,)", "[2,3,2], (0,-1)", "[2], ()"],
    ),
    op(
        "fliplr(Tensor input)",
        BOTH,
        "Returns a copy with dimension 1 reversed.",
        |a| {
            if a.tensor(0).rank() < 2 {
                bail!("fliplr(): Input must be >= 2-d.");
            }
            value(flip(a.tensor(0), &[1]))
        },
        &["[2,3]"],
    ),
    op(
        "flipud(Tensor input)",
        BOTH,
        "Returns a copy with dimension 0 reversed.",
        |a| {
            if a.tensor(0).rank() < 1 {
                bail!("flipud(): Input must be >= 1-d.");
            }
            value(flip(a.tensor(0), &[0]))
        },
        &["[2,3]", "[3]"],
    ),
    op(
        "rot90(Tensor input, int k=1, int[] dims=(0,1))",
        BOTH,
        "Returns a copy turned by `k` quarters, from the first of two dimensions towards the second.",
        |a| value(rot90(a.tensor(0), a.int(1), &a.ints(2))),
        &["[2,3]", "[2,3], 2", "[2,3,2], -1, (1,2)", "[2,3], 4"],
    ),
    op(
        "repeat(Tensor input, int[] repeats)",
        METHOD,
        "Returns copies of the whole tensor next to each other, `repeats` of them along each dimension.",
        |a| value(repeat(a.tensor(0), &a.ints(1))),
        &["[2,3], (2,1)", "[2,3], (2,1,2)", "[2], (0,)", "[], (2,)", "[], ()", "[1,2], (3,2)"],
    ),
    op(
        "tile(Tensor input, int[] dims)",
        BOTH,
        "Returns copies of the whole tensor next to each other; `dims` that are left out in front are 1.",
        |a| {
            let t = a.tensor(0);
            let mut repeats: SmallVec<[i64; 4]> = SmallVec::from_elem(1, t.rank().saturating_sub(a.ints(1).len()));
            repeats.extend(a.ints(1));
            value(repeat(t, &repeats))
        },
        &["[2,3], (2,)", "[2], (2,2)", "[2,3], ()"],
    ),
    op(
        "repeat_interleave(Tensor repeats, *, int? output_size=None)",
        TORCH,
        "Returns each index as often as `repeats` says: 0 repeats[0] times, then 1 repeats[1] times, and so on.",
        |a| value(repeated_indices(a.tensor(0), a.int_opt(1))),
        &["i4[3]"],
    ),
    op(
        "repeat_interleave(Tensor input, Tensor repeats, int? dim=None, *, int? output_size=None)",
        BOTH,
        "Returns each part of a dimension (without `dim`: each element) `repeats` times in a row.",
        |a| value(repeat_interleave(a.tensor(0), a.tensor(1), a.int_opt(2), a.int_opt(3))),
        &["[3,2], i4[3], 0", "[3], i4[3]", "[2,2], i4[], 1"],
    ),
    op(
        "repeat_interleave(Tensor input, int repeats, int? dim=None, *, int? output_size=None)",
        BOTH,
        "Returns each part of a dimension (without `dim`: each element) `repeats` times in a row.",
        |a| value(repeat_each(a.tensor(0), a.int(1), a.int_opt(2), a.int_opt(3))),
        &["[3,2], 2, 0", "[3,2], 3, -1", "[2,2], 2", "[2], 0", "[], 3"],
    ),
];

/// For each dimension of an output, the index in the input that each of its indices reads.
pub(super) struct Maps {
    input: Shape,
    output: Shape,
    maps: SmallVec<[Vec<usize>; 4]>,
}

impl Maps {
    /// Makes the maps: `map(d, i)` is the index of dimension `d` that index `i` of the output reads.
    pub(super) fn new(input: &[usize], output: &[usize], map: impl Fn(usize, usize) -> usize) -> Result<Maps> {
        checked_numel(output)?;
        // Nothing is read for an output without elements, of which another dimension may still be huge.
        let length = |d: usize| if output.contains(&0) { 0 } else { output[d] };
        let maps = (0..output.len()).map(|d| {
            let mut places = Vec::new();
            reserve(&mut places, length(d), output)?;
            places.extend((0..length(d)).map(|i| map(d, i)));
            Ok(places)
        });
        Ok(Maps { input: input.into(), output: output.into(), maps: maps.collect::<Result<_>>()? })
    }

    /// Calls `f` with the place in row-major order of the input that each element of the output reads.
    fn visit(&self, f: &mut dyn FnMut(usize)) {
        fn walk(maps: &[Vec<usize>], at: usize, f: &mut dyn FnMut(usize)) {
            match maps {
                [] => f(at),
                [last] => last.iter().for_each(|&i| f(at + i)),
                [map, rest @ ..] => map.iter().for_each(|&i| walk(rest, at + i, f)),
            }
        }
        if self.output.contains(&0) {
            return;
        }
        let strides = contiguous_strides(&self.input);
        let scaled: SmallVec<[Vec<usize>; 4]> = self
            .maps
            .iter()
            .zip(&strides)
            .map(|(map, &stride)| map.iter().map(|&i| i * stride as usize).collect())
            .collect();
        walk(&scaled, 0, f);
    }
}

/// Returns `y[i, ...] = x[f(i), ...]`; the derivative adds each gradient to the element that was read.
pub(super) fn pull(t: &Tensor, maps: &Arc<Maps>, name: &'static str) -> Result<Tensor> {
    let out = crate::for_dtype!(t.dtype(), T => {
        let source = t.dense::<T>()?;
        let mut data = allocate::<T>(&maps.output)?;
        maps.visit(&mut |at| data.push(source[at]));
        Tensor::from_parts(data, &maps.output)
    });
    Ok(record(out, name, [t], || {
        let maps = maps.clone();
        move |cx| grads![cx.when(0, || push(&cx.grad()?, &maps, name))?]
    }))
}

/// Adds each element to the one that it was read from: the transpose of [`pull`].
fn push(grad: &Tensor, maps: &Arc<Maps>, name: &'static str) -> Result<Tensor> {
    let out = crate::for_dtype!(grad.dtype(), T => {
        let mut data = filled::<T>(&maps.input, T::default())?;
        let source = grad.dense::<T>()?;
        let mut values = source.iter();
        maps.visit(&mut |at| {
            if let Some(&v) = values.next() {
                data[at] = sum_elements(data[at], v);
            }
        });
        Tensor::from_parts(data, &maps.input)
    });
    Ok(record(out, name, [grad], || {
        let maps = maps.clone();
        move |cx| grads![cx.when(0, || pull(&cx.grad()?, &maps, name))?]
    }))
}

/// Moves the elements along dimensions: `y[i] = x[(i - shift) mod n]`.
pub fn roll(t: &Tensor, shifts: &[i64], dims: &[i64]) -> Result<Tensor> {
    if shifts.is_empty() {
        bail!("`shifts` required");
    }
    if dims.is_empty() && shifts.len() == 1 {
        return roll(&t.reshape_to(&[t.numel()])?, shifts, &[0])?.reshape_to(t.shape());
    }
    if shifts.len() != dims.len() {
        bail!("shifts and dimensions must align. shifts: {}, dims:{}", shifts.len(), dims.len());
    }
    let mut by: SmallVec<[usize; 4]> = SmallVec::from_elem(0, t.rank());
    for (&shift, &dim) in shifts.iter().zip(dims) {
        let d = wrap_dim(dim, t.rank())?;
        if let Some(n) = t.shape().get(d).copied().filter(|&n| n > 0) {
            by[d] = (by[d] + shift.rem_euclid(n as i64) as usize) % n;
        }
    }
    let maps = Maps::new(t.shape(), t.shape(), |d, i| (i + t.shape()[d] - by[d]) % t.shape()[d])?;
    pull(t, &Arc::new(maps), "RollBackward0")
}

/// Reverses dimensions: `y[i] = x[n - 1 - i]`.
pub fn flip(t: &Tensor, dims: &[i64]) -> Result<Tensor> {
    let dims = if dims.is_empty() { SmallVec::new() } else { wrap_dims(dims, t.rank())? };
    let maps = Maps::new(t.shape(), t.shape(), |d, i| if dims.contains(&d) { t.shape()[d] - 1 - i } else { i })?;
    pull(t, &Arc::new(maps), "FlipBackward0")
}

/// Turns by `k` quarters in the plane of two dimensions.
pub fn rot90(t: &Tensor, k: i64, dims: &[i64]) -> Result<Tensor> {
    let &[dim0, dim1] = dims else { bail!("expected total rotation dims == 2, but got dims = {}", dims.len()) };
    if t.rank() < 2 {
        bail!("expected total dims >= 2, but got total dims = {}", t.rank());
    }
    let (d0, d1) = (wrap_dim(dim0, t.rank())?, wrap_dim(dim1, t.rank())?);
    if d0 == d1 {
        bail!("expected rotation dims to be different, but got dim0 = {dim0} and dim1 = {dim1}");
    }
    let out = no_grad(|| match k.rem_euclid(4) {
        1 => transpose(&flip(t, &[dim1])?, dim0, dim1),
        2 => flip(t, &[dim0, dim1]),
        3 => transpose(&flip(t, &[dim0])?, dim0, dim1),
        _ => t.copy_op(),
    })?;
    Ok(record(out, "Rot90Backward0", [t], || {
        move |cx| grads![cx.when(0, || rot90(&cx.grad()?, -k.rem_euclid(4), &[dim0, dim1]))?]
    }))
}

/// Puts copies next to each other: `y[i] = x[i mod n]`; the derivative sums over the copies.
pub fn repeat(t: &Tensor, repeats: &[i64]) -> Result<Tensor> {
    if repeats.len() < t.rank() {
        bail!("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
    }
    let mut own = Shape::from_elem(1, repeats.len() - t.rank());
    own.extend_from_slice(t.shape());
    let times = super::super::view::sizes("repeat", repeats)?;
    let (mut apart, mut parted, mut joined) = (Shape::new(), Shape::new(), Shape::new());
    for (&n, &r) in own.iter().zip(&times) {
        let Some(size) = n.checked_mul(r) else { bail!("repeat(): a dimension of {n} times {r} is too large") };
        apart.extend([1, n]);
        parted.extend([r, n]);
        joined.push(size);
    }
    checked_numel(&joined)?;
    let out = no_grad(|| {
        let spread = t.reshape_to(&apart)?.expand_to(&parted);
        // reshape_to() gives a view where nothing is repeated; the result is a copy always.
        if numel(&times) == 1 { t.copy_op()?.reshape_to(&joined) } else { spread.copy_op()?.reshape_to(&joined) }
    })?;
    let whole = Shape::from(t.shape());
    Ok(record(out, "RepeatBackward0", [t], || {
        let copies: SmallVec<[i64; 4]> = (0..times.len() as i64).map(|d| 2 * d).collect();
        move |cx| {
            let gather = || {
                let grad = cx.grad()?.reshape_to(&parted)?;
                if copies.is_empty() { Ok(grad) } else { sum(&grad, &copies, false, None)?.reshape_to(&whole) }
            };
            grads![cx.when(0, gather)?]
        }
    }))
}

/// Returns index `i` `repeats[i]` times.
pub fn repeated_indices(repeats: &Tensor, output_size: Option<i64>) -> Result<Tensor> {
    if repeats.rank() != 1 {
        bail!("repeat_interleave only accept 1D vector as repeat");
    }
    if !matches!(repeats.dtype(), DType::I32 | DType::I64) {
        return Err(Error::DTypeNotSupported { op: "repeat_interleave_cpu", dtype: repeats.dtype() });
    }
    let repeats = repeats.to_vec::<i64>()?;
    if repeats.iter().any(|&r| r < 0) {
        bail!("repeats can not be negative");
    }
    let total = repeats.iter().try_fold(0usize, |sum, &r| sum.checked_add(r as usize)).unwrap_or(usize::MAX);
    if output_size.is_some_and(|size| size != total as i64) {
        bail!(
            "allocated size does not match required size: output_size is {}, the repeats give {total}",
            output_size.unwrap_or(0)
        );
    }
    let mut indices: Vec<i64> = allocate(&[total])?;
    for (i, &r) in repeats.iter().enumerate() {
        indices.extend(std::iter::repeat_n(i as i64, r as usize));
    }
    Ok(Tensor::from_parts(indices, &[total]))
}

/// Repeats each part of a dimension its own number of times.
pub fn repeat_interleave(t: &Tensor, repeats: &Tensor, dim: Option<i64>, output_size: Option<i64>) -> Result<Tensor> {
    let (t, dim) = along(t, dim)?;
    let d = wrap_dim(dim, t.rank())?;
    let size = t.shape()[d];
    if repeats.rank() > 1 {
        bail!("repeats must be 0-dim or 1-dim tensor");
    }
    let repeats = match repeats.numel() {
        1 if size != 1 || repeats.rank() == 0 => repeats.reshape_to(&[1])?.expand_to(&[size]),
        n if n != size => bail!(
            "repeats must have the same size as input along dim, but got repeats.size(0) = {n} and input.size({d}) = {size}"
        ),
        _ => repeats.clone(),
    };
    index_select(&t, dim, &repeated_indices(&repeats, output_size)?)
}

/// Repeats each part of a dimension equally often.
pub fn repeat_each(t: &Tensor, repeats: i64, dim: Option<i64>, output_size: Option<i64>) -> Result<Tensor> {
    let Ok(times) = usize::try_from(repeats) else { bail!("Repeats must be non-negative, but got {repeats}") };
    let (t, dim) = along(t, dim)?;
    let d = wrap_dim(dim, t.rank())?;
    let mut joined = Shape::from(t.shape());
    joined[d] = joined[d].saturating_mul(times);
    checked_numel(&joined)?;
    if output_size.is_some_and(|size| size != joined[d] as i64) {
        bail!("repeat_interleave: Invalid output_size, expected {}", joined[d]);
    }
    let (mut apart, mut parted) = (Shape::from(t.shape()), Shape::from(t.shape()));
    apart.insert(d + 1, 1);
    parted.insert(d + 1, times);
    t.reshape_to(&apart)?.expand_to(&parted).copy_op()?.reshape_to(&joined)
}

/// Without a dimension, ops go through the elements row by row.
fn along(t: &Tensor, dim: Option<i64>) -> Result<(Tensor, i64)> {
    match dim {
        None => Ok((t.reshape_to(&[t.numel()])?, 0)),
        Some(dim) if t.rank() == 0 => {
            wrap_dim(dim, 0)?;
            Ok((t.reshape_to(&[1])?, 0))
        }
        Some(dim) => Ok((t.clone(), dim)),
    }
}
