//! Derivatives of derivatives for ops whose own derivative is a kernel: the op is written with other ops too, and is
//! computed once more, with a history, when a graph of its derivative is wanted.

use super::view::alias;
use crate::autograd::{self, BackwardCx, GradOptions, Grads};
use crate::error::Result;
use crate::tensor::Tensor;

/// The gradients of an op's inputs through `compute`, which gives the op's outputs by other ops.
///
/// `inputs` are the op's inputs in the order of its edges, with their history; one that the op was called without is
/// `None`.
pub(crate) fn gradients(
    cx: &BackwardCx<'_>,
    inputs: &[Option<Tensor>],
    compute: impl FnOnce(&[Option<Tensor>]) -> Result<Vec<Tensor>>,
) -> Result<Grads> {
    // Aliases, so that one tensor given as two inputs has a gradient for each.
    let inputs: Vec<Option<Tensor>> = inputs.iter().map(|input| input.as_ref().map(alias)).collect();
    let (mut outputs, mut grads) = (Vec::new(), Vec::new());
    for (slot, output) in compute(&inputs)?.into_iter().enumerate() {
        if let Some(grad) = cx.grad_opt(slot)
            && output.requires_grad()
        {
            outputs.push(output);
            grads.push(Some(grad.clone()));
        }
    }
    let wanted: Vec<usize> = (0..inputs.len()).filter(|&i| cx.needs(i) && inputs[i].is_some()).collect();
    let leaves: Vec<Tensor> = wanted.iter().filter_map(|&i| inputs[i].clone()).collect();
    let mut all: Grads = inputs.iter().map(|_| None).collect();
    if outputs.is_empty() {
        return Ok(all);
    }
    let options = GradOptions { create_graph: true, allow_unused: true, ..GradOptions::default() };
    for (i, grad) in wanted.into_iter().zip(autograd::grad(&outputs, &leaves, &grads, options)?) {
        all[i] = grad;
    }
    Ok(all)
}
