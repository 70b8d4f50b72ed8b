//! Clipping of gradients by their norm.

use crate::autograd::no_grad;
use crate::bail;
use crate::dtype::DType;
use crate::error::Result;
use crate::ops::matmul::p_norm;
use crate::tensor::Tensor;

/// Scales gradients in place by `max_norm / (norm + 10⁻⁶)` where that is below 1; `norm` is that of all gradients taken
/// as one vector, and is returned.
pub fn clip_grad_norm(grads: &[Tensor], max_norm: f64, norm_type: f64, error_if_nonfinite: bool) -> Result<Tensor> {
    no_grad(|| {
        let Some(first) = grads.first() else { return Ok(Tensor::scalar(0.0f32)) };
        let mut norms = Vec::with_capacity(grads.len());
        for grad in grads {
            super::check_float(grad)?;
            norms.push(p_norm(&grad.detach().reshape_to(&[grad.numel()])?, norm_type, false)?.item()?.to_f64());
        }
        let dtype = grads.iter().map(Tensor::dtype).max().unwrap_or(first.dtype());
        let norms = Tensor::from_vec(norms, &[grads.len()])?.cast_data(dtype)?;
        let total = p_norm(&norms, norm_type, false)?;
        let norm = total.item()?.to_f64();
        if error_if_nonfinite && !norm.is_finite() {
            bail!(
                "The total norm of order {norm_type:?} for gradients from `parameters` is non-finite, so it cannot be \
                 clipped. To disable this error and scale the gradients by the non-finite norm anyway, set \
                 `error_if_nonfinite=False`"
            );
        }
        let coefficient = match dtype {
            // torch divides a number by a tensor as the number times the reciprocal.
            DType::F32 => f64::from((1.0 / (norm as f32 + 1e-6)) * max_norm as f32),
            _ => (1.0 / (norm + 1e-6)) * max_norm,
        };
        // A norm that is not a number makes the gradients so too.
        let coefficient = if coefficient > 1.0 { 1.0 } else { coefficient };
        for grad in grads {
            let scaled = grad.detach().mul_scalar(coefficient)?;
            grad.write_data(&scaled)?;
        }
        Ok(total)
    })
}
