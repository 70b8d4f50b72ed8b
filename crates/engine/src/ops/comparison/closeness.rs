//! Equality as a whole, and equality up to rounding.

use crate::bail;
use crate::element::Element;
use crate::elementwise::zip;
use crate::error::Result;
use crate::tensor::Tensor;

/// Same shape, same elements.
pub fn equal(a: &Tensor, b: &Tensor) -> Result<bool> {
    if a.shape() != b.shape() {
        return Ok(false);
    }
    let same = super::eq(&(&a.detach()).into(), &(&b.detach()).into())?;
    Ok(same.dense::<bool>()?.iter().all(|&v| v))
}

/// `|a - b| <= atol + rtol |b|`, element by element; infinities only equal themselves.
pub fn isclose(a: &Tensor, b: &Tensor, rtol: f64, atol: f64, equal_nan: bool) -> Result<Tensor> {
    if a.dtype() != b.dtype() {
        bail!("{} did not match {}", a.dtype().torch_name(), b.dtype().torch_name());
    }
    for (name, v) in [("rtol", rtol), ("atol", atol)] {
        if v < 0.0 {
            bail!("{name} must be greater than or equal to zero, but got {v}");
        }
    }
    crate::for_dtype!(a.dtype(), T => zip::<T, T, bool>(a, b, |x, y| {
        if x == y || (equal_nan && x.is_nan() && y.is_nan()) {
            return true;
        }
        let (x, y) = (Element::to_f64(x), Element::to_f64(y));
        let distance = (x - y).abs();
        distance.is_finite() && distance <= atol + rtol * y.abs()
    }))
}

/// [`isclose`] everywhere.
pub fn allclose(a: &Tensor, b: &Tensor, rtol: f64, atol: f64, equal_nan: bool) -> Result<bool> {
    Ok(isclose(a, b, rtol, atol, equal_nan)?.dense::<bool>()?.iter().all(|&v| v))
}
