//! Shapes and strides: broadcasting, dimension numbers, contiguity, and when a view can have a new shape.
//! Pure arithmetic on small vectors; no data.

use std::fmt;

use smallvec::SmallVec;

use crate::bail;
use crate::error::{Error, Result};

/// The size of each dimension.
pub type Shape = SmallVec<[usize; 4]>;

/// The step, in elements, from one index to the next of each dimension.
pub type Strides = SmallVec<[isize; 4]>;

/// Displays numbers as torch displays a shape in its messages: `[2, 3]`.
pub struct Dims<'a, T>(pub &'a [T]);

impl<T: fmt::Display> fmt::Display for Dims<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (i, size) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{size}")?;
        }
        f.write_str("]")
    }
}

/// The largest number of dimensions of a tensor, as in torch.
pub const MAX_RANK: usize = 64;

/// Returns the number of elements of a shape, or an error where it does not fit.
pub fn checked_numel(shape: &[usize]) -> Result<usize> {
    if shape.len() > MAX_RANK {
        bail!("a tensor has at most {MAX_RANK} dimensions, but got {}", shape.len());
    }
    if shape.contains(&0) {
        return Ok(0);
    }
    shape
        .iter()
        .try_fold(1usize, |n, &d| n.checked_mul(d))
        .filter(|&n| n <= isize::MAX as usize / 16)
        .ok_or_else(|| Error::Runtime(format!("Storage size calculation overflowed with sizes={}", Dims(shape))))
}

/// Returns the number of elements of a shape that is known to fit. A shape with a size of 0 fits whatever the others.
pub fn numel(shape: &[usize]) -> usize {
    shape.iter().fold(1, |n, &size| n.wrapping_mul(size))
}

/// Returns the row-major strides of a shape.
pub fn contiguous_strides(shape: &[usize]) -> Strides {
    let mut strides = Strides::from_elem(1, shape.len());
    for d in (0..shape.len().saturating_sub(1)).rev() {
        strides[d] = strides[d + 1].wrapping_mul(shape[d + 1].max(1) as isize);
    }
    strides
}

/// Tells whether elements lie in row-major order without gaps (dimensions of size 1 may have any stride).
pub fn is_contiguous(shape: &[usize], strides: &[isize]) -> bool {
    if shape.contains(&0) {
        return true;
    }
    let mut expected = 1isize;
    for (&size, &stride) in shape.iter().zip(strides).rev() {
        if size != 1 {
            if stride != expected {
                return false;
            }
            expected *= size as isize;
        }
    }
    true
}

/// Tells whether elements fill a block of memory exactly, in any order of the dimensions.
pub fn is_dense(shape: &[usize], strides: &[isize]) -> bool {
    if shape.contains(&0) {
        return true;
    }
    let mut dims: SmallVec<[(isize, usize); 4]> =
        strides.iter().copied().zip(shape.iter().copied()).filter(|&(_, size)| size > 1).collect();
    dims.sort_unstable();
    let mut expected = 1isize;
    for (stride, size) in dims {
        if stride != expected {
            return false;
        }
        expected *= size as isize;
    }
    true
}

/// Returns `dim` as an index into a shape of this rank; negative numbers count from the end. A 0-d tensor takes
/// 0 and -1, as in torch.
pub fn wrap_dim(dim: i64, rank: usize) -> Result<usize> {
    let n = rank.max(1) as i64;
    if dim < -n || dim >= n {
        return Err(Error::DimOutOfRange { dim, rank });
    }
    Ok(if dim < 0 { (dim + n) as usize } else { dim as usize })
}

/// Returns dimension numbers as sorted indices; an empty list means all dimensions.
pub fn wrap_dims(dims: &[i64], rank: usize) -> Result<SmallVec<[usize; 4]>> {
    if dims.is_empty() {
        return Ok((0..rank).collect());
    }
    let mut wrapped = SmallVec::new();
    for &dim in dims {
        let d = wrap_dim(dim, rank)?;
        if wrapped.contains(&d) {
            bail!("dim {d} appears multiple times in the list of dims");
        }
        wrapped.push(d);
    }
    wrapped.sort_unstable();
    Ok(wrapped)
}

/// Returns the shape that two shapes broadcast to.
pub fn broadcast(a: &[usize], b: &[usize]) -> Result<Shape> {
    let rank = a.len().max(b.len());
    let mut out = Shape::from_elem(1, rank);
    for (i, size) in out.iter_mut().enumerate() {
        let at = |s: &[usize]| (i + s.len()).checked_sub(rank).map_or(1, |d| s[d]);
        *size = match (at(a), at(b)) {
            (x, y) if x == y => x,
            (1, y) => y,
            (x, 1) => x,
            (x, y) => return Err(Error::Broadcast { a: x, b: y, dim: i }),
        };
    }
    Ok(out)
}

/// Returns the strides that read a tensor of (`shape`, `strides`) as `target`, to which it must broadcast.
pub fn broadcast_strides(shape: &[usize], strides: &[isize], target: &[usize]) -> Strides {
    let lead = target.len() - shape.len();
    let mut out = Strides::from_elem(0, target.len());
    for d in 0..shape.len() {
        if shape[d] != 1 || target[lead + d] == 1 {
            out[lead + d] = strides[d];
        }
    }
    out
}

/// Returns a shape given with at most one -1 as a full shape of `numel` elements.
pub fn infer_shape(shape: &[i64], numel: usize) -> Result<Shape> {
    let invalid = || Error::InvalidShape { shape: shape.to_vec(), numel };
    let mut known = 1usize;
    let mut unknown = None;
    for (d, &size) in shape.iter().enumerate() {
        match size {
            -1 if unknown.is_none() => unknown = Some(d),
            -1 => bail!("only one dimension can be inferred"),
            size if size < 0 => bail!("invalid shape dimension {size}"),
            size => known = known.checked_mul(size as usize).ok_or_else(invalid)?,
        }
    }
    let mut out: Shape = shape.iter().map(|&size| size.max(0) as usize).collect();
    match unknown {
        Some(_) if known == 0 => bail!(
            "cannot reshape tensor of {numel} elements into shape {} because the unspecified dimension size -1 can be any value and is ambiguous",
            Dims(shape)
        ),
        Some(d) if numel.is_multiple_of(known) => out[d] = numel / known,
        None if known == numel => {}
        _ => return Err(invalid()),
    }
    Ok(out)
}

/// Returns the strides with which the same memory can be read in a new shape of equally many elements, or `None`
/// where a copy is needed.
pub fn view_strides(shape: &[usize], strides: &[isize], new: &[usize]) -> Option<Strides> {
    if numel(shape) == 0 {
        return Some(if shape == new { strides.into() } else { contiguous_strides(new) });
    }
    if shape.is_empty() {
        return Some(Strides::from_elem(1, new.len()));
    }
    let mut out = Strides::from_elem(0, new.len());
    let mut view_d = new.len();
    let mut chunk_base = strides[shape.len() - 1];
    let (mut tensor_n, mut view_n) = (1usize, 1usize);
    for d in (0..shape.len()).rev() {
        tensor_n *= shape[d];
        let chunk_ends = d == 0 || (shape[d - 1] != 1 && strides[d - 1] != tensor_n as isize * chunk_base);
        if !chunk_ends {
            continue;
        }
        while view_d > 0 && (view_n < tensor_n || new[view_d - 1] == 1) {
            out[view_d - 1] = view_n as isize * chunk_base;
            view_n *= new[view_d - 1];
            view_d -= 1;
        }
        if view_n != tensor_n {
            return None;
        }
        if d > 0 {
            chunk_base = strides[d - 1];
            (tensor_n, view_n) = (1, 1);
        }
    }
    (view_d == 0).then_some(out)
}

/// Calls `f` with the element offset of every index of a strided layout, in row-major order.
pub fn for_each_offset(shape: &[usize], strides: &[isize], offset: usize, mut f: impl FnMut(usize)) {
    for_each_row(shape, [strides], [offset], &mut |[start], n, [stride]| {
        let mut at = start as isize;
        for _ in 0..n {
            f(at as usize);
            at += stride;
        }
    });
}

/// Calls `f(starts, length, steps)` for each innermost row of `N` layouts of one shape, in row-major order. Dimensions
/// that can be walked as one are merged first, so rows are as long as the layouts allow.
pub fn for_each_row<const N: usize>(
    shape: &[usize],
    strides: [&[isize]; N],
    offsets: [usize; N],
    f: &mut dyn FnMut([usize; N], usize, [isize; N]),
) {
    if shape.contains(&0) {
        return;
    }
    let (sizes, steps) = merge_dims(shape, strides);
    let Some((&row, outer)) = sizes.split_last() else {
        return f(offsets, 1, [1; N]);
    };
    let row_steps = steps[outer.len()];
    let mut at = offsets.map(|o| o as isize);
    let mut index: SmallVec<[usize; 6]> = SmallVec::from_elem(0, outer.len());
    loop {
        f(at.map(|a| a as usize), row, row_steps);
        let mut d = outer.len();
        loop {
            if d == 0 {
                return;
            }
            d -= 1;
            index[d] += 1;
            if index[d] < outer[d] {
                for k in 0..N {
                    at[k] += steps[d][k];
                }
                break;
            }
            for k in 0..N {
                at[k] -= steps[d][k] * (outer[d] as isize - 1);
            }
            index[d] = 0;
        }
    }
}

type Merged<const N: usize> = (SmallVec<[usize; 6]>, SmallVec<[[isize; N]; 6]>);

fn merge_dims<const N: usize>(shape: &[usize], strides: [&[isize]; N]) -> Merged<N> {
    let mut sizes: SmallVec<[usize; 6]> = SmallVec::new();
    let mut steps: SmallVec<[[isize; N]; 6]> = SmallVec::new();
    for d in 0..shape.len() {
        if shape[d] == 1 {
            continue;
        }
        let step: [isize; N] = std::array::from_fn(|k| strides[k][d]);
        match (sizes.last_mut(), steps.last_mut()) {
            (Some(size), Some(last)) if (0..N).all(|k| last[k] == step[k] * shape[d] as isize) => {
                *size *= shape[d];
                *last = step;
            }
            _ => {
                sizes.push(shape[d]);
                steps.push(step);
            }
        }
    }
    (sizes, steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broadcasting_aligns_right() {
        assert_eq!(broadcast(&[2, 1, 3], &[4, 1]).unwrap().as_slice(), &[2, 4, 3]);
        assert_eq!(broadcast(&[0], &[1]).unwrap().as_slice(), &[0]);
        assert!(broadcast(&[2], &[3]).is_err());
    }

    #[test]
    fn a_view_exists_exactly_where_chunks_fit() {
        assert_eq!(view_strides(&[2, 3], &[3, 1], &[3, 2]).unwrap().as_slice(), &[2, 1]);
        assert_eq!(view_strides(&[2, 3], &[1, 2], &[6]), None);
        assert_eq!(view_strides(&[4, 3], &[1, 4], &[2, 2, 3]).unwrap().as_slice(), &[2, 1, 4]);
    }

    #[test]
    fn rows_merge_dimensions_that_walk_together() {
        let mut rows = Vec::new();
        for_each_row(&[2, 3, 4], [&[12, 4, 1]], [5], &mut |[at], n, [s]| rows.push((at, n, s)));
        assert_eq!(rows, [(5, 24, 1)]);
        let mut offsets = Vec::new();
        for_each_offset(&[3, 2], &[1, 3], 0, |o| offsets.push(o));
        assert_eq!(offsets, [0, 3, 1, 4, 2, 5]);
    }

    #[test]
    fn one_size_can_be_inferred() {
        assert_eq!(infer_shape(&[2, -1], 6).unwrap().as_slice(), &[2, 3]);
        assert!(infer_shape(&[4, -1], 6).is_err());
        assert!(infer_shape(&[0, -1], 0).is_err());
    }
}
