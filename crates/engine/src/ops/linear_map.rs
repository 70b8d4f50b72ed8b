//! Ops that are linear in their input, such as average pooling or resizing: the derivative of the map is its
//! transpose, whose derivative is the map again.
//!
//! `y = A·x`, `∂L/∂x = Aᵀ·∂L/∂y`

use std::sync::Arc;

use crate::autograd::record;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::grads;
use crate::kernels::Real;
use crate::storage::filled;
use crate::tensor::Tensor;

/// A linear map between the tensors of two shapes.
pub(crate) trait LinearMap: Send + Sync + 'static {
    /// The name for messages about dtypes.
    const OP: &'static str;
    /// What `grad_fn` is called behind the map, and behind its transpose.
    fn grad_names(&self) -> [&'static str; 2];
    /// The shapes of the map's input and of its output.
    fn shapes(&self) -> [&[usize]; 2];
    /// Writes A·x; `out` comes filled with zeros.
    fn forward<T: Element + Real>(&self, input: &[T], out: &mut [T]) -> Result<()>;
    /// Writes Aᵀ·x; `out` comes filled with zeros.
    fn transposed<T: Element + Real>(&self, grad: &[T], out: &mut [T]) -> Result<()>;
}

/// Applies a linear map, or its transpose.
pub(crate) fn apply<M: LinearMap>(map: &Arc<M>, t: &Tensor, transposed: bool) -> Result<Tensor> {
    let [input, output] = map.shapes();
    let shape = if transposed { input } else { output };
    let out = crate::for_float!(t.dtype(), T => {
        let mut out = filled::<T>(shape, 0.0)?;
        let data = t.dense::<T>()?;
        if transposed { map.transposed::<T>(&data, &mut out)? } else { map.forward::<T>(&data, &mut out)? }
        Tensor::from_parts(out, shape)
    }, _ => return Err(Error::DTypeNotSupported { op: M::OP, dtype: t.dtype() }));
    Ok(record(out, map.grad_names()[usize::from(transposed)], [t], || {
        let map = map.clone();
        move |cx| grads![cx.when(0, || apply(&map, &cx.grad()?, !transposed))?]
    }))
}
