//! Distinct values.

use std::cmp::Ordering;

use crate::bail;
use crate::dtype::DType;
use crate::element::Element;
use crate::error::Result;
use crate::ops::{Args, METHOD, NO_GRAD, OpDef, TORCH, Value, op};
use crate::shape::{Shape, wrap_dim};
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "unique(Tensor input, bool sorted=True, bool return_inverse=False, bool return_counts=False, int? dim=None) -> any",
        TORCH | METHOD | NO_GRAD,
        "Returns the distinct elements in order (or the distinct slices of `dim`), and on demand where each element's \
         value is among them, and how often each occurs.",
        |a| unique_row(a, a.bool(2), a.bool(3), a.int_opt(4), false),
        &["i5[6]", "i5[2,3], True, True, True", "i5[4,2], dim=0", "~[0]"],
    ),
    op(
        "unique_consecutive(Tensor input, bool return_inverse=False, bool return_counts=False, int? dim=None) -> any",
        TORCH | METHOD | NO_GRAD,
        "Like unique, but only runs of equal neighbours become one.",
        |a| unique_row(a, a.bool(1), a.bool(2), a.int_opt(3), true),
        &["i5[6]", "i5[6], True, True"],
    ),
];

fn unique_row(a: &Args, inverse: bool, counts: bool, dim: Option<i64>, consecutive: bool) -> Result<Value> {
    let (values, places, numbers) = unique(a.tensor(0), dim, consecutive)?;
    let mut results = vec![values];
    if inverse {
        results.push(places);
    }
    if counts {
        results.push(numbers);
    }
    Ok(if results.len() == 1 { results.swap_remove(0).into() } else { results.into() })
}

/// Returns the distinct values, for each element the place of its value among them, and the number of each.
pub fn unique(t: &Tensor, dim: Option<i64>, consecutive: bool) -> Result<(Tensor, Tensor, Tensor)> {
    // Rows of `width` elements are compared as wholes.
    let (rows, width, d) = match dim {
        None => (t.detach(), 1, None),
        Some(dim) => {
            let d = wrap_dim(dim, t.rank())?;
            if t.rank() == 0 {
                bail!("unique(): there are no dimensions to compare slices of");
            }
            let mut order: Vec<i64> = (0..t.rank() as i64).collect();
            order.remove(d);
            order.insert(0, d as i64);
            let moved = crate::ops::view::permute(&t.detach(), &order)?;
            let width = moved.numel() / moved.shape()[0].max(1);
            (moved, width, Some(d))
        }
    };
    let n = rows.numel().checked_div(width).unwrap_or_else(|| rows.shape().first().copied().unwrap_or(1));
    crate::for_dtype!(t.dtype(), T => {
        let data = rows.dense::<T>()?;
        let row = |i: usize| &data[i * width..(i + 1) * width];
        let compare = |i: usize, j: usize| -> Ordering {
            row(i)
                .iter()
                .zip(row(j))
                .map(|(a, b)| a.partial_cmp(b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan())))
                .find(|o| *o != Ordering::Equal)
                .unwrap_or(Ordering::Equal)
        };
        // NaN differs from everything, also from itself.
        let equal = |i: usize, j: usize| row(i).iter().zip(row(j)).all(|(a, b)| a == b);
        let mut order: Vec<usize> = (0..n).collect();
        if !consecutive {
            order.sort_by(|&i, &j| compare(i, j));
        }
        let mut values: Vec<T> = Vec::new();
        let mut counts: Vec<i64> = Vec::new();
        let mut places = vec![0i64; n];
        for (k, &i) in order.iter().enumerate() {
            if k == 0 || !equal(order[k - 1], i) {
                values.extend_from_slice(row(i));
                counts.push(0);
            }
            let last = counts.len() - 1;
            counts[last] += 1;
            places[i] = last as i64;
        }
        let found = counts.len();
        let values = match d {
            None => Tensor::from_vec(values, &[found])?,
            Some(d) => {
                let mut shape: Shape = rows.shape().into();
                shape[0] = found;
                let mut order: Vec<i64> = (1..t.rank() as i64).collect();
                order.insert(d, 0);
                crate::ops::view::permute(&Tensor::from_vec(values, &shape)?, &order)?.copy_data()?
            }
        };
        let places_shape: Shape = if d.is_some() { Shape::from_slice(&[n]) } else { t.shape().into() };
        let counts = Tensor::from_vec(counts, &[found])?;
        debug_assert_eq!(counts.dtype(), DType::I64);
        Ok((values, Tensor::from_vec(places, &places_shape)?, counts))
    })
}
