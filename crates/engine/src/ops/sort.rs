//! Order: sort, topk, median, quantiles, unique, counting.

pub mod counting;
pub mod quantile;
pub mod unique;

use super::reduce::Reduction;
use super::reduce::extremes::{pick, record_taken, sorted_places};
use super::select::gather;
use super::{METHOD, OpDef, TORCH, op, value};
use crate::autograd::no_grad;
use crate::bail;
use crate::error::Result;
use crate::shape::{Shape, wrap_dim};
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "sort(Tensor input, int dim=-1, bool descending=False, *, bool stable=True) -> (Tensor values, Tensor indices)",
        TORCH | METHOD,
        "Returns the elements in order along a dimension, and where each came from. Equal ones keep their order.",
        |a| value(sort(a.tensor(0), a.int(1), a.bool(2))),
        &["~[2,3]", "~[2,3], 0, True", "~[]", "~[0]"],
    ),
    op(
        "argsort(Tensor input, int dim=-1, bool descending=False, *, bool stable=True)",
        TORCH | METHOD,
        "Returns the indices that sort the elements along a dimension.",
        |a| value(sort(a.tensor(0), a.int(1), a.bool(2)).map(|pair| pair[1].clone())),
        &["~[2,3]", "~[2,3], 0, True"],
    ),
    op(
        "msort(Tensor input)",
        TORCH | METHOD,
        "Returns the elements in order along the first dimension.",
        |a| value(sort(a.tensor(0), 0, false).map(|pair| pair[0].clone())),
        &["~[3,2]"],
    ),
    op(
        "topk(Tensor input, int k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)",
        TORCH | METHOD,
        "Returns the k largest (or smallest) elements along a dimension, in order, and their indices.",
        |a| value(topk(a.tensor(0), a.int(1), a.int(2), a.bool(3))),
        &["~[2,4], 2", "~[4,2], 1, 0, False", "~[3], 0"],
    ),
    op(
        "kthvalue(Tensor input, int k, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)",
        TORCH | METHOD,
        "Returns the k-th smallest element along a dimension (counted from 1), and its index.",
        |a| value(kth(a.tensor(0), Some(a.int(1)), a.int(2), a.bool(3), "KthvalueBackward0")),
        &["~[2,4], 2", "~[4,2], 1, 0, True"],
    ),
    op(
        "median(Tensor input)",
        TORCH | METHOD,
        "Returns the middle element in order; of an even number the lower of the two in the middle.",
        |a| {
            let t = a.tensor(0).reshape_to(&[a.tensor(0).numel()])?;
            value(kth(&t, None, 0, false, "MedianBackward0").map(|pair| pair[0].clone()))
        },
        &["~[2,3]", "~[4]"],
    ),
    op(
        "median(Tensor input, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
        TORCH | METHOD,
        "Returns the middle elements along a dimension, and their indices.",
        |a| value(kth(a.tensor(0), None, a.int(1), a.bool(2), "MedianBackward1")),
        &["~[2,3], 1", "~[4,2], 0, True"],
    ),
    op(
        "mode(Tensor input, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)",
        TORCH | METHOD,
        "Returns the most frequent element along a dimension (the smallest of equally frequent ones) and its index.",
        |a| value(mode(a.tensor(0), a.int(1), a.bool(2))),
        &["~[2,3]", "i5[6]"],
    ),
];

/// Returns the places that put each lane of a dimension in order, `k` of each.
fn places(t: &Tensor, dim: i64, descending: bool, k: usize) -> Result<Tensor> {
    let d = wrap_dim(dim, t.rank())?;
    if t.rank() == 0 {
        return Tensor::zeros(&[], crate::DType::I64);
    }
    let over = Reduction::new(t, &[dim])?;
    let rows = over.rows(t)?;
    let n = over.count();
    let mut ordered: Vec<i64> = crate::storage::allocate(&[rows.numel() / n.max(1), k])?;
    crate::for_dtype!(t.dtype(), T => {
        let data = rows.dense::<T>()?;
        for row in data.chunks_exact(n.max(1)) {
            ordered.extend_from_slice(&sorted_places(row, descending)?[..k]);
        }
    });
    // The rows have the sorted dimension last: put it back in its place.
    let mut shape: Shape = t.shape().iter().enumerate().filter(|(i, _)| *i != d).map(|(_, &s)| s).collect();
    shape.push(k);
    let last = shape.len() - 1;
    let mut order: Vec<i64> = (0..last as i64).collect();
    order.insert(d, last as i64);
    let sorted = Tensor::from_vec(ordered, &shape)?;
    no_grad(|| super::view::permute(&sorted, &order)?.copy_data())
}

/// Takes the elements at `indices` of a dimension; the derivative puts them back there.
fn take(t: &Tensor, dim: i64, indices: Tensor, name: &'static str) -> Result<Vec<Tensor>> {
    let values = if t.rank() == 0 { t.copy_data()? } else { no_grad(|| gather(&t.detach(), dim, &indices))? };
    let kept = Shape::from(indices.shape());
    Ok(record_taken(t, values, indices, wrap_dim(dim, t.rank())?, kept, name))
}

/// The elements in order along a dimension, and where each came from. NaN counts as the largest.
pub fn sort(t: &Tensor, dim: i64, descending: bool) -> Result<Vec<Tensor>> {
    let n = t.size(dim)?;
    take(t, dim, places(t, dim, descending, n)?, "SortBackward0")
}

/// The `k` largest or smallest elements along a dimension, in order, and where they are.
pub fn topk(t: &Tensor, k: i64, dim: i64, largest: bool) -> Result<Vec<Tensor>> {
    let n = t.size(dim)?;
    match usize::try_from(k) {
        Ok(k) if k <= n => {
            if t.rank() == 0 && k == 0 {
                bail!("selected index k out of range");
            }
            take(t, dim, places(t, dim, largest, k)?, "TopkBackward0")
        }
        _ => bail!("selected index k out of range"),
    }
}

/// The `k`-th smallest element along a dimension (the middle one, where no `k` is given), and its index. With NaN among
/// the elements the median is NaN.
fn kth(t: &Tensor, k: Option<i64>, dim: i64, keepdim: bool, name: &'static str) -> Result<Vec<Tensor>> {
    let over = Reduction::new(t, &[dim])?;
    let n = over.count();
    if n == 0 {
        if k.is_none() && t.rank() == 1 {
            let nan = Tensor::full(&[], f64::NAN.into(), t.dtype())?;
            return Ok(vec![nan, Tensor::zeros(&[], crate::DType::I64)?]);
        }
        bail!(Index: "median(): Expected reduction dim {dim} to have non-zero size.");
    }
    let rank = match k {
        Some(k) if k < 1 || k > n as i64 => bail!("kthvalue(): selected number k out of range for dimension {dim}"),
        Some(k) => k as usize - 1,
        None => (n - 1) / 2,
    };
    let is_median = k.is_none();
    let indices = crate::for_dtype!(t.dtype(), T => over.map::<T, i64>(t, keepdim, &|row: &[T]| {
        use crate::element::Element;
        if is_median && let Some(nan) = row.iter().position(|&v| Element::is_nan(v)) {
            return nan as i64;
        }
        // Allocation was possible for the row itself, so it is for its indices.
        sorted_places(row, false).map_or(0, |places| places[rank])
    })?);
    pick(t, dim, keepdim, indices, name)
}

/// The most frequent element along a dimension and the last index of it.
fn mode(t: &Tensor, dim: i64, keepdim: bool) -> Result<Vec<Tensor>> {
    let over = Reduction::new(t, &[dim])?;
    if over.count() == 0 {
        bail!(Index: "mode(): Expected reduction dim {dim} to have non-zero size.");
    }
    let indices = crate::for_dtype!(t.dtype(), T => over.map::<T, i64>(t, keepdim, &|row: &[T]| {
        let places = sorted_places(row, false).unwrap_or_default();
        let (mut best, mut best_count, mut start) = (0, 0, 0);
        for i in 0..places.len() {
            let ends = i + 1 == places.len() || row[places[i] as usize] != row[places[i + 1] as usize];
            if ends {
                if i + 1 - start > best_count {
                    (best, best_count) = (places[i], i + 1 - start);
                }
                start = i + 1;
            }
        }
        best
    })?);
    pick(t, dim, keepdim, indices, "ModeBackward0")
}
