//! Quantiles.

use crate::bail;
use crate::error::Result;
use crate::ops::reduce::Reduction;
use crate::ops::{Args, METHOD, OpDef, Operand, TORCH, Value, op, pointwise, view};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[op(
    "quantile(Tensor input, Operand q, int? dim=None, bool keepdim=False, *, str interpolation='linear')",
    TORCH | METHOD,
    "Returns the q-th quantiles (0 <= q <= 1) of all elements or along a dimension.",
    quantile_row,
    &["~[2,3], 0.4", "~[4,2], 0.25, 0, True", "~[5], 0.3, interpolation='nearest'"],
)];

fn quantile_row(a: &Args) -> Result<Value> {
    let t = a.tensor(0);
    if !t.dtype().is_float() {
        bail!("quantile() input tensor must be either float or double dtype");
    }
    let (q, q_shape) = match a.operand(1) {
        Operand::Scalar(s) => (vec![s.to_f64()], Shape::new()),
        Operand::Tensor(q) if q.rank() <= 1 => (q.to_vec::<f64>()?, q.shape().into()),
        Operand::Tensor(_) => bail!("quantile() q must be a scalar or 1D tensor"),
    };
    if q.iter().any(|q| !(0.0..=1.0).contains(q)) {
        bail!("quantile() q values must be in the range [0, 1]");
    }
    let keepdim = a.bool(3);
    let (flat, dim, shape) = match a.int_opt(2) {
        Some(dim) => (t.clone(), dim, Reduction::new(t, &[dim])?.shape(keepdim)),
        None => (t.reshape_to(&[t.numel()])?, 0, Reduction::new(t, &[])?.shape(keepdim)),
    };
    let n = flat.size(dim)?;
    if n == 0 {
        bail!("quantile() input tensor must be non-empty");
    }
    let sorted = super::sort(&flat, dim, false)?.swap_remove(0);
    let at = |index: f64| -> Result<Tensor> {
        let part = if sorted.rank() == 0 { sorted.clone() } else { view::select(&sorted, dim, index as i64)? };
        part.reshape_to(&shape)
    };
    let mut results = Vec::with_capacity(q.len());
    for q in q {
        let place = q * (n - 1) as f64;
        let (low, high) = (place.floor(), place.ceil());
        results.push(match a.str(4) {
            "linear" => pointwise::lerp(&at(low)?, &at(high)?, &Operand::from(place - low))?,
            "lower" => at(low)?,
            "higher" => at(high)?,
            "nearest" => at(place.round_ties_even())?,
            "midpoint" => pointwise::lerp(&at(low)?, &at(high)?, &Operand::from(0.5))?,
            other => bail!(
                "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got {other}"
            ),
        });
    }
    if q_shape.is_empty() {
        return Ok(results.swap_remove(0).into());
    }
    Ok(crate::ops::join::stack(&results, 0)?.into())
}
