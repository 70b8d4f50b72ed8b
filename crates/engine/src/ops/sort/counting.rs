//! Counts of values: `bincount`, `histc`.

use crate::bail;
use crate::dtype::DType;
use crate::element::Element;
use crate::error::Result;
use crate::ops::{METHOD, NO_GRAD, OpDef, TORCH, op, value};
use crate::storage::filled;
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "bincount(Tensor input, Tensor? weights=None, int minlength=0)",
        TORCH | METHOD | NO_GRAD,
        "Returns how often each number 0, 1, 2, ... occurs, or the sums of the weights of its occurrences.",
        |a| value(bincount(a.tensor(0), a.tensor_opt(1), a.int(2))),
        &["i5[6]", "i5[6], f32[6], 8", "i5[0]"],
    ),
    op(
        "histc(Tensor input, int bins=100, Scalar min=0, Scalar max=0)",
        TORCH | METHOD | NO_GRAD,
        "Returns how many elements fall into each of equally wide bins from min to max.",
        |a| value(histc(a.tensor(0), a.int(1), a.scalar(2).to_f64(), a.scalar(3).to_f64())),
        &["[2,3], 4", "[6], 3, -1, 1"],
    ),
];

/// Counts (or adds the weights of) each value of a vector of small non-negative integers.
pub fn bincount(t: &Tensor, weights: Option<&Tensor>, minlength: i64) -> Result<Tensor> {
    if t.rank() != 1 || t.dtype().is_float() {
        bail!("bincount only supports 1-d non-negative integral inputs.");
    }
    let Ok(least) = usize::try_from(minlength) else { bail!("minlength should be >= 0") };
    let values = t.to_vec::<i64>()?;
    if values.iter().any(|&v| v < 0) {
        bail!("bincount only supports 1-d non-negative integral inputs.");
    }
    let n = values.iter().max().map_or(0, |&m| m as usize + 1).max(least);
    match weights {
        None => {
            let mut counts = filled::<i64>(&[n], 0)?;
            values.iter().for_each(|&v| counts[v as usize] += 1);
            Tensor::from_vec(counts, &[n])
        }
        Some(weights) => {
            if weights.shape() != t.shape() {
                bail!("weights should be 1-d and have the same length as input");
            }
            let dtype = if weights.dtype() == DType::F32 { DType::F32 } else { DType::F64 };
            let mut sums = filled::<f64>(&[n], 0.0)?;
            for (&v, w) in values.iter().zip(weights.to_vec::<f64>()?) {
                sums[v as usize] += w;
            }
            Tensor::from_vec(sums, &[n])?.to_dtype(dtype)
        }
    }
}

/// Counts elements in `bins` equal parts of `[min, max]`; of the data's own range where both are equal.
pub fn histc(t: &Tensor, bins: i64, min: f64, max: f64) -> Result<Tensor> {
    if !t.dtype().is_float() {
        bail!("\"histogram_cpu\" not implemented for '{}'", t.dtype().torch_name());
    }
    let Some(n) = usize::try_from(bins).ok().filter(|&n| n > 0) else { bail!("bins must be > 0") };
    let values = t.to_vec::<f64>()?;
    let (mut low, mut high) = (min, max);
    if low == high {
        low = values.iter().copied().fold(f64::INFINITY, f64::min);
        high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if values.is_empty() {
            (low, high) = (min, max);
        }
        if low == high {
            (low, high) = (low - 1.0, high + 1.0);
        }
    }
    if !(low.is_finite() && high.is_finite()) {
        bail!("range of [{low}, {high}] is not finite");
    }
    if low > high {
        bail!("max must be larger than min");
    }
    let mut counts = filled::<f64>(&[n], 0.0)?;
    for v in values.into_iter().filter(|v| (low..=high).contains(v)) {
        let bin = ((v - low) / (high - low) * n as f64) as usize;
        counts[bin.min(n - 1)] += 1.0;
    }
    crate::for_float!(t.dtype(), T => Tensor::from_vec(counts.into_iter().map(T::from_f64).collect(), &[n]),
        _ => unreachable!("the dtype was checked to be a float"))
}
