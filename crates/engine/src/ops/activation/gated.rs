//! Activations with a weight, a random slope, or a gate.

use super::{check_float, leaky_relu, sigmoid};
use crate::autograd::{Saved, record};
use crate::bail;
use crate::elementwise::{map, zip};
use crate::error::Result;
use crate::grads;
use crate::ops::pointwise::{ended_by, keep_where};
use crate::ops::view::slice;
use crate::random::default_generator;
use crate::shape::{Shape, wrap_dim};
use crate::storage::allocate;
use crate::tensor::Tensor;

/// `y = x` where x > 0, else `w x`: one w for all, or one for each index of dimension 1.
///
/// `∂y/∂x` is 1 or w; `∂y/∂w` is 0 or x.
pub fn prelu(x: &Tensor, weight: &Tensor) -> Result<Tensor> {
    check_float("prelu_cpu", x)?;
    if x.dtype() != weight.dtype() {
        bail!(
            "prelu: Type promoting not supported. Got {} and {}",
            x.dtype().torch_name(),
            weight.dtype().torch_name()
        );
    }
    let weight = if weight.numel() == 1 && weight.rank() == 0 {
        weight.clone()
    } else if weight.numel() == 1 {
        weight.reshape_to(&Shape::from_elem(1, x.rank()))?
    } else {
        if x.rank() == 0 {
            bail!("Not allow zero-dim input tensor.");
        }
        let channels = if x.rank() > 1 { x.shape()[1] } else { 1 };
        if channels != weight.numel() || weight.rank() != 1 {
            bail!(
                "Mismatch of parameter numbers and input channel size. Found parameter numbers = {} and channel size = \
                 {channels}.",
                weight.numel()
            );
        }
        let shape: Shape = (0..x.rank()).map(|d| if d == 1 { channels } else { 1 }).collect();
        weight.reshape_to(&shape)?
    };
    let out = crate::for_float!(x.dtype(), T => zip::<T, T, T>(x, &weight, |x, w| if x > 0.0 { x } else { w * x })?,
        _ => bail!("prelu of integers"));
    Ok(record(out, "PreluKernelBackward0", [x, &weight], || {
        let (keep_x, keep_w) = (Saved::input(x), Saved::input(&weight));
        move |cx| {
            let (g, x) = (cx.grad()?, keep_x.get(cx)?);
            let is = |positive: bool| {
                crate::for_float!(x.dtype(), T => map::<T, bool>(&x, |v| (v > 0.0) == positive),
                _ => bail!("prelu of integers"))
            };
            let below = is(false)?;
            grads![
                cx.when(0, || {
                    let above = keep_where(&g, &is(true)?)?;
                    above.add(&keep_where(&g.mul(&keep_w.get(cx)?)?, &below)?)
                })?,
                cx.when(1, || keep_where(&g.mul(&x)?, &below))?,
            ]
        }
    }))
}

/// `y = x` where x > 0, else `r x` with r drawn uniformly from [lower, upper] for each element while training, and
/// their mean otherwise.
pub fn rrelu(x: &Tensor, lower: f64, upper: f64, training: bool) -> Result<Tensor> {
    if lower > upper {
        bail!("Lower bound should be less than or equal to the upper bound");
    }
    if !training {
        return Ok(ended_by("RreluWithNoiseBackward0", &leaky_relu(x, (lower + upper) / 2.0)?));
    }
    check_float("rrelu_with_noise_out_cpu", x)?;
    let slopes = crate::for_float!(x.dtype(), T => {
        let mut slopes: Vec<T> = allocate(x.shape())?;
        let mut generator = default_generator().lock();
        slopes.extend(x.dense::<T>()?.iter().map(|&v| {
            if v <= 0.0 { (generator.unit_f64() * (upper - lower) + lower) as T } else { 1.0 }
        }));
        Tensor::from_parts(slopes, x.shape())
    }, _ => bail!("rrelu of integers"));
    let out =
        crate::for_float!(x.dtype(), T => zip::<T, T, T>(x, &slopes, |x, r| x * r)?, _ => bail!("rrelu of integers"));
    Ok(record(out, "RreluWithNoiseBackward0", [x], || {
        let keep = Saved::constant(&slopes);
        move |cx| grads![Some(cx.grad()?.mul(&keep.get(cx)?)?)]
    }))
}

/// `y = a sigmoid(b)` with a and b the halves of x along a dimension.
pub fn glu(x: &Tensor, dim: i64) -> Result<Tensor> {
    if x.rank() == 0 {
        bail!("glu does not support scalars because halving size must be even");
    }
    check_float("glu_cpu", x)?;
    let d = wrap_dim(dim, x.rank())?;
    let size = x.shape()[d];
    if !size.is_multiple_of(2) {
        bail!("Halving dimension must be even, but dimension {d} is size {size}");
    }
    let gated = slice(x, d, 0, size / 2, 1)?.mul(&sigmoid(&slice(x, d, size / 2, size, 1)?)?)?;
    Ok(ended_by("GluBackward0", &gated))
}
