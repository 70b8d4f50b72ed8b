//! The elements that tensors of positions and masks pick, and the loops that read and write them.
//!
//! With index tensors `i, j, ...` broadcast to one shape `I`, `x[i, j]` has the shape `I + rest`; the indexed
//! dimensions stand where the first of them stood if they are neighbours in `x`, and in front if they are not.

use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use super::{DimList, is_mask};
use crate::autograd::{BackwardCx, Saved, record};
use crate::bail;
use crate::dtype::{DType, Scalar};
use crate::element::{Element, cast};
use crate::error::Result;
use crate::grads;
use crate::shape::{
    Dims, Shape, Strides, broadcast, broadcast_strides, contiguous_strides, for_each_offset, for_each_row,
};
use crate::storage::{allocate, filled};
use crate::tensor::Tensor;

/// An index tensor and the first dimension that it indexes.
pub(crate) struct Pick {
    dim: usize,
    index: Tensor,
}

impl Pick {
    /// Makes a pick of an index tensor: of integers, or a mask.
    pub(crate) fn new(dim: usize, index: &Tensor) -> Result<Pick> {
        if index.dtype().is_float() {
            bail!(Index: "tensors used as indices must be long, int, byte or bool tensors");
        }
        Ok(Pick { dim, index: index.clone() })
    }

    /// Makes the pick that keeps or drops a dimension of size 1.
    pub(crate) fn of_bool(dim: usize, keep: bool) -> Result<Pick> {
        Ok(Pick { dim, index: Tensor::zeros(&[usize::from(keep)], DType::I64)? })
    }

    /// Tells whether the index is a mask.
    pub(crate) fn is_mask(&self) -> bool {
        is_mask(&self.index)
    }

    /// Returns how many dimensions are indexed.
    pub(crate) fn span(&self) -> usize {
        if self.is_mask() { self.index.rank() } else { 1 }
    }
}

/// Positions along some dimensions of a tensor of a known shape.
pub(crate) struct Places {
    /// The shape of the tensor.
    whole: Shape,
    /// The indexed dimensions, ascending.
    dims: DimList,
    /// The common shape of the index tensors.
    index_shape: Shape,
    /// For each indexed dimension, the positions in row-major order of `index_shape`.
    at: SmallVec<[Vec<usize>; 2]>,
    /// The tensors that the positions came from, to notice that they changed before a backward pass.
    sources: Vec<Tensor>,
}

impl Places {
    /// Works out the elements of a tensor of shape `whole` that `picks` name.
    pub(crate) fn new(whole: &[usize], picks: &[Pick]) -> Result<Places> {
        let mut dims = DimList::new();
        let mut positions: Vec<(Shape, Vec<i64>)> = Vec::new();
        for pick in picks {
            if pick.is_mask() {
                for (j, column) in mask_positions(whole, pick)?.into_iter().enumerate() {
                    dims.push(pick.dim + j);
                    positions.push((smallvec![column.len()], column));
                }
            } else {
                dims.push(pick.dim);
                positions.push((pick.index.shape().into(), pick.index.to_vec::<i64>()?));
            }
        }
        let mut index_shape = Shape::new();
        for (shape, _) in &positions {
            let Ok(common) = broadcast(&index_shape, shape) else {
                let shapes: Vec<String> = positions.iter().map(|(shape, _)| Dims(shape).to_string()).collect();
                bail!(Index:
                    "shape mismatch: indexing tensors could not be broadcast together with shapes {}",
                    shapes.join(", ")
                );
            };
            index_shape = common;
        }
        let mut at = SmallVec::new();
        for (&dim, (shape, values)) in dims.iter().zip(&positions) {
            at.push(positions_in(whole, dim, shape, values, &index_shape)?);
        }
        let sources = picks.iter().map(|pick| pick.index.clone()).collect();
        Ok(Places { whole: whole.into(), dims, index_shape, at, sources })
    }

    /// Makes the places of a vector of positions along one dimension, which were checked.
    pub(crate) fn along(whole: &[usize], dim: usize, at: Vec<usize>, source: &Tensor) -> Places {
        Places {
            whole: whole.into(),
            dims: smallvec![dim],
            index_shape: smallvec![at.len()],
            at: smallvec![at],
            sources: vec![source.clone()],
        }
    }

    /// Returns where the shape of the index goes in the result, and whether that is where the dimensions stood.
    fn front(&self) -> usize {
        let neighbours = self.dims.windows(2).all(|pair| pair[1] == pair[0] + 1);
        if neighbours { self.dims.first().copied().unwrap_or(0) } else { 0 }
    }

    /// Returns the dimensions that are not indexed, parted into those before and after the index in the result.
    fn rest(&self) -> (DimList, DimList) {
        let front = self.front();
        (0..self.whole.len()).filter(|d| !self.dims.contains(d)).partition(|&d| d < front)
    }

    /// Returns the shape of `x[places]`.
    pub(crate) fn result_shape(&self) -> Shape {
        let (before, after) = self.rest();
        let size = |&d: &usize| self.whole[d];
        before.iter().map(size).chain(self.index_shape.iter().copied()).chain(after.iter().map(size)).collect()
    }

    /// Calls `f(start, length, step)` for each run of picked elements in memory laid out by `strides`, in row-major
    /// order of the result.
    fn visit(&self, strides: &[isize], base: usize, mut f: impl FnMut(usize, usize, isize)) {
        let (before, after) = self.rest();
        let part = |dims: &DimList| -> (Shape, Strides) { dims.iter().map(|&d| (self.whole[d], strides[d])).unzip() };
        let ((before, before_strides), (after, after_strides)) = (part(&before), part(&after));
        if after.contains(&0) {
            return;
        }
        let count = self.at.first().map_or(0, Vec::len);
        let offset =
            |i: usize| -> isize { self.dims.iter().zip(&self.at).map(|(&d, at)| at[i] as isize * strides[d]).sum() };
        let offsets: Vec<isize> = (0..count).map(offset).collect();
        for_each_offset(&before, &before_strides, base, |start| {
            for &offset in &offsets {
                let at = (start as isize + offset) as usize;
                if after.is_empty() {
                    f(at, 1, 1);
                } else {
                    for_each_row(&after, [&after_strides[..]], [at], &mut |[at], n, [step]| f(at, n, step));
                }
            }
        });
    }

    fn read<T: Element>(&self, memory: &[T], strides: &[isize], base: usize) -> Result<Vec<T>> {
        let mut out = allocate(&self.result_shape())?;
        self.visit(strides, base, |at, n, step| {
            if step == 1 {
                out.extend_from_slice(&memory[at..at + n]);
            } else {
                out.extend((0..n as isize).map(|i| memory[(at as isize + i * step) as usize]));
            }
        });
        Ok(out)
    }

    fn write<T: Element>(
        &self,
        memory: &mut [T],
        strides: &[isize],
        base: usize,
        values: &[T],
        put: impl Fn(&mut T, T),
    ) {
        let mut values = values.iter();
        self.visit(strides, base, |at, n, step| {
            for i in 0..n as isize {
                if let Some(&v) = values.next() {
                    put(&mut memory[(at as isize + i * step) as usize], v);
                }
            }
        });
    }

    /// Keeps the index tensors for a derivative, so that a change in place of one of them is noticed.
    fn guard(&self) -> impl Fn(&BackwardCx<'_>) -> Result<()> + Send + Sync + use<> {
        let saved: Vec<Saved> = self.sources.iter().map(Saved::constant).collect();
        move |cx| saved.iter().try_for_each(|s| s.get(cx).map(drop))
    }
}

/// Returns the positions of the true elements of a mask, a column for each of its dimensions.
fn mask_positions(whole: &[usize], pick: &Pick) -> Result<Vec<Vec<i64>>> {
    let mask = &pick.index;
    for (j, &size) in mask.shape().iter().enumerate() {
        if whole.get(pick.dim + j) != Some(&size) {
            bail!(Index:
                "The shape of the mask {} at index {j} does not match the shape of the indexed tensor {} at index {}",
                Dims(mask.shape()),
                Dims(whole),
                pick.dim + j
            );
        }
    }
    let strides = contiguous_strides(mask.shape());
    let mut columns = vec![Vec::new(); mask.rank()];
    for (i, _) in mask.to_vec::<bool>()?.into_iter().enumerate().filter(|&(_, picked)| picked) {
        let mut left = i;
        for (column, &stride) in columns.iter_mut().zip(&strides) {
            column.push((left / stride as usize) as i64);
            left %= stride as usize;
        }
    }
    Ok(columns)
}

/// Checks positions along a dimension, wraps negative ones, and repeats them to the common shape.
fn positions_in(whole: &[usize], dim: usize, shape: &[usize], values: &[i64], target: &[usize]) -> Result<Vec<usize>> {
    let size = whole[dim] as i64;
    for &v in values {
        if v < -size || v >= size {
            bail!(Index: "index {v} is out of bounds for dimension {dim} with size {size}");
        }
    }
    let wrap = |v: i64| if v < 0 { (v + size) as usize } else { v as usize };
    if shape == target {
        return Ok(values.iter().map(|&v| wrap(v)).collect());
    }
    let strides = broadcast_strides(shape, &contiguous_strides(shape), target);
    let mut out = allocate::<i64>(target)?;
    for_each_offset(target, &strides, 0, |at| out.push(values[at]));
    Ok(out.into_iter().map(wrap).collect())
}

/// Returns the elements at `places`.
pub(crate) fn pick(t: &Tensor, places: &Arc<Places>, name: &'static str) -> Result<Tensor> {
    let out = crate::for_dtype!(t.dtype(), T => {
        let data = places.read::<T>(&t.memory::<T>(), t.strides(), t.storage_offset())?;
        Tensor::from_parts(data, &places.result_shape())
    });
    Ok(record(out, name, [t], || {
        let (places, unchanged) = (places.clone(), places.guard());
        move |cx| {
            unchanged(cx)?;
            grads![cx.when(0, || spread(&cx.grad()?, &places))?]
        }
    }))
}

/// Adds the elements of `grad` into zeros at `places`: the transpose of [`pick`].
pub(crate) fn spread(grad: &Tensor, places: &Arc<Places>) -> Result<Tensor> {
    let strides = contiguous_strides(&places.whole);
    let grad_values = grad.expand_to(&places.result_shape());
    let out = crate::for_dtype!(grad.dtype(), T => {
        let mut memory = filled::<T>(&places.whole, T::default())?;
        places.write(&mut memory, &strides, 0, &grad_values.dense::<T>()?, |a, b| *a = sum(*a, b));
        Tensor::from_parts(memory, &places.whole)
    });
    Ok(record(out, "IndexPutBackward0", [grad], || {
        let places = places.clone();
        move |cx| grads![cx.when(0, || pick(&cx.grad()?, &places, "IndexBackward0"))?]
    }))
}

/// Returns a copy of `t` with `values` put at `places`, or added there.
pub(crate) fn put(
    t: &Tensor,
    values: &Tensor,
    places: &Arc<Places>,
    accumulate: bool,
    name: &'static str,
) -> Result<Tensor> {
    let out = t.copy_data()?;
    write(&out, values, places, accumulate)?;
    Ok(record(out, name, [t, values], || {
        let (places, unchanged) = (places.clone(), places.guard());
        let dtype = t.dtype();
        move |cx| {
            unchanged(cx)?;
            let grad = cx.grad()?;
            let elsewhere = || match accumulate {
                true => Ok(grad.clone()),
                false => put(&grad, &Tensor::full(&[], Scalar::Int(0), dtype)?, &places, false, name),
            };
            grads![cx.when(0, elsewhere)?, cx.when(1, || pick(&grad, &places, "IndexBackward0"))?]
        }
    }))
}

/// Writes `values`, which broadcast to the shape of `t[places]`, into the memory of `t`. Autograd is not told.
pub(crate) fn write(t: &Tensor, values: &Tensor, places: &Places, accumulate: bool) -> Result<()> {
    let values = values.expand_to(&places.result_shape());
    crate::for_dtype!(t.dtype(), T => {
        let data = if values.shares_storage(t) { values.copy_data()? } else { values };
        let data = data.dense::<T>()?;
        let own_strides = t.strides();
        t.write_with::<T>(|memory, layout| {
            let (strides, base) = match layout {
                None => (contiguous_strides(t.shape()), 0),
                Some(_) => (own_strides.into(), t.storage_offset()),
            };
            if accumulate {
                places.write(memory, &strides, base, &data, |a, b| *a = sum(*a, b));
            } else {
                places.write(memory, &strides, base, &data, |a, b| *a = b);
            }
        });
    });
    Ok(())
}

/// Adds as numbers; of bools, tells whether one is true.
pub(crate) fn sum<T: Element>(a: T, b: T) -> T {
    match T::DTYPE {
        dtype if dtype.is_float() => cast::<f64, T>(a.to_f64() + b.to_f64()),
        _ => T::from_i64(a.to_i64().wrapping_add(b.to_i64())),
    }
}
