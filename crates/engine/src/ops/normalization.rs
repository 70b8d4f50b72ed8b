//! Normalisation of activations: layer, RMS, batch, group and instance norm; and vectors of length one.
//!
//! All are `y = x̂·w + b` with `x̂ = (x − μ)·ρ`, `ρ = 1/√(σ² + ε)`, and differ in which elements share μ and σ² and
//! which share w and b. With `g = ∂L/∂y·w` and means over the elements that share a μ:
//! `∂L/∂x = ρ·(g − mean g − x̂·mean(g·x̂))`, `∂L/∂w = Σ ∂L/∂y·x̂`, `∂L/∂b = Σ ∂L/∂y`.
//! RMS norm takes μ = 0 and leaves out `mean g`; with running statistics both means fall away. The kernels compute
//! this in a few passes; where derivatives of the derivative are wanted, it is written with engine ops instead.

use std::sync::Arc;

use smallvec::SmallVec;

use super::linear_map;
use super::matmul::distance::p_norm;
use super::pool::Average;
use super::value::Args;
use super::{NN, OpDef, TORCH, op, pointwise, reduce, value, view};
use crate::autograd::{BackwardCx, Grads, Saved, grad_enabled, no_grad, record};
use crate::bail;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::grads;
use crate::kernels::Real;
use crate::kernels::avg_pool::Divisor;
use crate::kernels::batch_norm::{self, BatchNorm};
use crate::kernels::group_norm::{self, GroupNorm};
use crate::kernels::im2col::Windows;
use crate::kernels::layer_norm;
use crate::shape::{Dims, Shape, wrap_dim};
use crate::storage::filled;
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "layer_norm(Tensor input, int[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1e-05)",
        NN | TORCH,
        "Normalises over the last dimensions, whose sizes normalized_shape names, to mean 0 and variance 1, then \
         scales by weight and shifts by bias.",
        |a| value(layer_norm(a)),
        &["[2,3,4], (4,), [4], [4]", "[2,3,2], (3,2)", "[3,5], (5,), [5]", "[0,3], (3,), [3], [3]"],
    ),
    op(
        "rms_norm(Tensor input, int[] normalized_shape, Tensor? weight=None, float? eps=None)",
        NN | TORCH,
        "Divides by the root mean square over the last dimensions, then scales by weight. eps is the smallest step of \
         the dtype where it is not given.",
        |a| value(rms_norm(a)),
        &["[2,3,4], (4,), [4]", "[2,3,2], (3,2), None, 0.01"],
    ),
    op(
        "batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight=None, Tensor? bias=None, bool training=False, float momentum=0.1, float eps=1e-05)",
        NN,
        "Normalises each channel (dimension 1): with training=True over the batch, and the running statistics move \
         towards the batch's by momentum; otherwise by the running statistics. Then scales by weight and shifts by bias.",
        |a| value(batch_norm(a)),
        &[
            "[4,3], None, None, [3], [3], True",
            "[2,2,5], None, None, None, None, True",
            "[2,3,2,2], c[3], c[3], [3], [3], True, 0.3",
            "[2,3,2], c[3], c[3], [3], [3], False, 0.1, 4.0",
        ],
    ),
    op(
        "batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps, bool cudnn_enabled)",
        TORCH,
        "Batch norm with its arguments in the order of torch.batch_norm.",
        |a| {
            let state = Running { mean: a.tensor_opt(3), variance: a.tensor_opt(4), momentum: a.float(6) };
            value(batch_norm_of(a.tensor(0), a.tensor_opt(1), a.tensor_opt(2), &state, a.bool(5), a.float(7)))
        },
        &["[4,3], [3], [3], None, None, True, 0.1, 1e-5, False"],
    ),
    op(
        "group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1e-05)",
        NN | TORCH,
        "Cuts the channels (dimension 1) in num_groups groups and normalises each group of each image, then scales and \
         shifts each channel by weight and bias.",
        |a| value(group_norm(a)),
        &["[2,4,3], 2, [4], [4]", "[2,4,2,2], 1", "[2,3,3], 3, [3]"],
    ),
    op(
        "instance_norm(Tensor input, Tensor? running_mean=None, Tensor? running_var=None, Tensor? weight=None, Tensor? bias=None, bool use_input_stats=True, float momentum=0.1, float eps=1e-05)",
        NN,
        "Normalises each channel of each image on its own, then scales and shifts it by weight and bias.",
        |a| value(instance_norm(a)),
        &["[2,3,4], None, None, [3], [3]", "[2,2,2,3], c[2], c[2]", "[2,3,2], c[3], c[3], [3], [3], False, 0.1, 4.0"],
    ),
    op(
        "normalize(Tensor input, float p=2.0, int dim=1, float eps=1e-12)",
        NN,
        "Divides each vector along dim by its length in the norm of order p (by eps at least).",
        |a| value(normalize(a.tensor(0), a.float(1), a.int(2), a.float(3))),
        &["[2,3]", "[2,3,2], 1.0, -1", "[3], 3.0, 0"],
    ),
    op(
        "local_response_norm(Tensor input, int size, float alpha=0.0001, float beta=0.75, float k=1.0)",
        NN,
        "Divides each element by (k + alpha · mean of the squares in size neighbouring channels) to the power beta.",
        |a| value(local_response_norm(a)),
        &["[2,4,3], 3, 0.5", "[1,3,2,2], 2, 0.1, 0.5, 2.0"],
    ),
];

/// The mean and the biased variance of each channel.
type Moments = [Vec<f64>; 2];

/// Which elements share their statistics, and which their weight.
#[derive(Clone, Copy)]
enum Kind {
    /// Rows of `columns` elements; weights by column. Without `centred` the mean stays.
    Rows { columns: usize, centred: bool },
    /// Groups of channels; weights by channel.
    Groups(GroupNorm),
    /// Channels over the whole batch; weights by channel. Without `training` the statistics are given.
    Batch { norm: BatchNorm, training: bool },
}

impl Kind {
    /// A shape of the input in which the next two are simple, the dimensions to take means over, and the shape in
    /// which the weight broadcasts.
    fn canonical(self, len: usize) -> ([usize; 4], SmallVec<[i64; 2]>, [usize; 4]) {
        match self {
            Kind::Rows { columns, .. } => {
                ([len / columns.max(1), columns, 1, 1], SmallVec::from_slice(&[1]), [1, columns, 1, 1])
            }
            Kind::Groups(GroupNorm { batch, channels, groups, places }) => {
                let each = channels / groups;
                ([batch, groups, each, places], SmallVec::from_slice(&[2, 3]), [1, groups, each, 1])
            }
            Kind::Batch { norm: BatchNorm { batch, channels, places }, .. } => {
                ([batch, channels, places, 1], SmallVec::from_slice(&[0, 2]), [1, channels, 1, 1])
            }
        }
    }

    fn is_centred(self) -> bool {
        !matches!(self, Kind::Rows { centred: false, .. })
    }

    fn has_given_statistics(self) -> bool {
        matches!(self, Kind::Batch { training: false, .. })
    }
}

/// The result of a norm's kernel, and what its derivative needs: pairs (μ, ρ) in the kernel's order.
fn forward_data<T: Element + Real>(
    kind: Kind,
    x: &Tensor,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    given: Option<&Moments>,
    epsilon: f64,
) -> Result<(Tensor, Tensor, Option<Moments>)> {
    let mut out = filled::<T>(x.shape(), T::ZERO)?;
    let data = x.dense::<T>()?;
    let (weight, bias) = (weight.map(|w| w.dense::<T>()).transpose()?, bias.map(|b| b.dense::<T>()).transpose()?);
    let (weight, bias) = (weight.as_deref(), bias.as_deref());
    let eps = <T as Real>::from_f64(epsilon);
    let rows = match kind {
        Kind::Rows { columns, .. } => data.len().checked_div(columns).unwrap_or(0),
        Kind::Groups(norm) => norm.batch * norm.groups,
        Kind::Batch { norm, .. } => norm.channels,
    };
    let mut statistics = filled::<T>(&[rows, 2], T::ZERO)?;
    let mut moments = None;
    match kind {
        Kind::Rows { columns, centred: true } => {
            let (pairs, _) = statistics.as_chunks_mut::<2>();
            layer_norm::layer_norm(&data, columns, weight, bias, eps, &mut out, pairs);
        }
        Kind::Rows { columns, centred: false } => {
            let (pairs, _) = statistics.as_chunks_mut::<2>();
            layer_norm::rms_norm(&data, columns, weight, eps, &mut out, pairs);
        }
        Kind::Groups(norm) => {
            let (pairs, _) = statistics.as_chunks_mut::<2>();
            group_norm::forward(&norm, &data, weight, bias, eps, &mut out, pairs);
        }
        Kind::Batch { norm, .. } => {
            let (mean, variance) = match given {
                Some([mean, variance]) => {
                    let narrow = |values: &[f64]| values.iter().map(|&v| <T as Real>::from_f64(v)).collect::<Vec<T>>();
                    (narrow(mean), narrow(variance))
                }
                None => batch_norm::statistics(&norm, &data),
            };
            let scale = batch_norm::inverse_deviation(&variance, eps);
            batch_norm::forward(&norm, &data, &mean, &scale, weight, bias, &mut out);
            let wide = |values: &[T]| values.iter().map(|&v| Real::to_f64(v)).collect::<Vec<f64>>();
            moments = Some([wide(&mean), wide(&variance)]);
            let (means, scales) = statistics.split_at_mut(rows);
            means.copy_from_slice(&mean);
            scales.copy_from_slice(&scale);
        }
    }
    Ok((Tensor::from_parts(out, x.shape()), Tensor::from_parts(statistics, &[rows, 2]), moments))
}

/// The gradients of input, weight and bias by the kernels.
fn backward_data<T: Element + Real>(
    kind: Kind,
    grad: &Tensor,
    x: &Tensor,
    weight: Option<&Tensor>,
    statistics: &Tensor,
    cx: &BackwardCx<'_>,
) -> Result<Grads> {
    let (grad, data, statistics) = (grad.dense::<T>()?, x.dense::<T>()?, statistics.dense::<T>()?);
    let dense_weight = weight.map(|w| w.dense::<T>()).transpose()?;
    let dense_weight = dense_weight.as_deref();
    let (needs_x, needs_affine) = (cx.needs(0), cx.needs(1) || cx.needs(2));
    let mut grad_x = if needs_x { filled::<T>(x.shape(), T::ZERO)? } else { Vec::new() };
    let mut affine = None;
    let pairs = statistics.as_chunks::<2>().0;
    match kind {
        Kind::Rows { columns, centred } => {
            if needs_x && centred {
                layer_norm::layer_norm_backward(&grad, &data, columns, pairs, dense_weight, &mut grad_x);
            } else if needs_x {
                layer_norm::rms_norm_backward(&grad, &data, columns, pairs, dense_weight, &mut grad_x);
            }
            if needs_affine {
                let mut sums = (filled::<T>(&[columns], T::ZERO)?, filled::<T>(&[columns], T::ZERO)?);
                layer_norm::affine_backward(&grad, &data, columns, pairs, &mut sums.0, &mut sums.1);
                affine = Some(sums);
            }
        }
        Kind::Groups(norm) => {
            if needs_x {
                group_norm::backward(&norm, &grad, &data, pairs, dense_weight, &mut grad_x);
            }
            if needs_affine {
                let mut sums = (filled::<T>(&[norm.channels], T::ZERO)?, filled::<T>(&[norm.channels], T::ZERO)?);
                group_norm::affine_backward(&norm, &grad, &data, pairs, &mut sums.0, &mut sums.1);
                affine = Some(sums);
            }
        }
        Kind::Batch { norm, training } => {
            let (mean, scale) = statistics.split_at(norm.channels);
            if needs_affine || training {
                affine = Some(batch_norm::affine_backward(&norm, &grad, &data, mean, scale));
            }
            if needs_x {
                let sums = affine.as_ref().filter(|_| training).map(|(weight, bias)| (&weight[..], &bias[..]));
                batch_norm::backward(&norm, &grad, &data, mean, scale, dense_weight, sums, &mut grad_x);
            }
        }
    }
    let (grad_weight, grad_bias) = affine.unwrap_or_default();
    // Weight and bias are as large as the part that shares nothing, in whatever shape they came.
    let like_weight = weight.map_or_else(|| Shape::from_slice(&[grad_weight.len()]), |w| w.shape().into());
    let wrap = |data: Vec<T>, shape: &[usize]| Tensor::from_vec(data, shape);
    grads![
        cx.when(0, || wrap(grad_x, x.shape()))?,
        cx.when(1, || wrap(grad_weight, &like_weight))?,
        cx.when(2, || {
            let len = grad_bias.len();
            wrap(grad_bias, &[len])
        })?,
    ]
}

/// The gradients of input, weight and bias by engine ops, which have derivatives in turn.
fn backward_ops(
    kind: Kind,
    grad: &Tensor,
    x: &Tensor,
    weight: Option<&Tensor>,
    statistics: &Tensor,
    epsilon: f64,
    cx: &BackwardCx<'_>,
) -> Result<Grads> {
    let (shape, over, broadcast) = kind.canonical(x.numel());
    let n: usize = over.iter().map(|&dim| shape[dim as usize]).product();
    let mean = |t: &Tensor| reduce::sum(t, &over, true, None)?.mul_scalar(1.0 / n as f64);
    let (grad, flat) = (grad.reshape_to(&shape)?, x.reshape_to(&shape)?);
    let (centred, scale) = if kind.has_given_statistics() {
        // The pairs of given statistics lie as all means, then all scales.
        let statistics = statistics.reshape_to(&[2, shape[1]])?;
        let part = |index| view::select(&statistics, 0, index)?.reshape_to(&broadcast);
        (flat.sub(&part(0)?)?, part(1)?)
    } else {
        let centred = if kind.is_centred() { flat.sub(&mean(&flat)?)? } else { flat };
        let variance = mean(&centred.mul(&centred)?)?;
        let scale = pointwise::rsqrt(&variance.add_scalar(epsilon)?)?;
        (centred, scale)
    };
    let hat = centred.mul(&scale)?;
    let weighted = match weight {
        Some(weight) => grad.mul(&weight.reshape_to(&broadcast)?)?,
        None => grad.clone(),
    };
    let grad_x = || {
        let mut inner = weighted.clone();
        if !kind.has_given_statistics() {
            if kind.is_centred() {
                inner = inner.sub(&mean(&weighted)?)?;
            }
            inner = inner.sub(&hat.mul(&mean(&weighted.mul(&hat)?)?)?)?;
        }
        inner.mul(&scale)?.reshape_to(x.shape())
    };
    let grad_weight = || {
        let sum = reduce::sum_to(&grad.mul(&hat)?, &broadcast)?;
        sum.reshape_to(weight.map_or(&[][..], Tensor::shape))
    };
    grads![
        cx.when(0, grad_x)?,
        cx.when(1, grad_weight)?,
        cx.when(2, || {
            let sum = reduce::sum_to(&grad, &broadcast)?;
            let len = sum.numel();
            sum.reshape_to(&[len])
        })?,
    ]
}

/// Runs a norm and records it. Returns the mean and the biased variance of each channel too, for a batch norm.
fn norm(
    name: &'static str,
    kind: Kind,
    x: &Tensor,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    given: Option<&Moments>,
    epsilon: f64,
) -> Result<(Tensor, Option<Moments>)> {
    let (out, statistics, moments) = crate::for_float!(x.dtype(), T => {
        forward_data::<T>(kind, x, weight, bias, given, epsilon)?
    }, _ => return Err(Error::DTypeNotSupported { op: "norm", dtype: x.dtype() }));
    let absent = || Tensor::scalar(0.0f32);
    let (weight_slot, bias_slot) = (weight.cloned().unwrap_or_else(absent), bias.cloned().unwrap_or_else(absent));
    let bias_shape = bias.map(|bias| Shape::from(bias.shape()));
    let out = record(out, name, [x, &weight_slot, &bias_slot], || {
        let (x, weight) = (Saved::input(x), weight.map(Saved::input));
        move |cx| {
            let (grad, x) = (cx.grad()?, x.get(cx)?);
            let weight = weight.as_ref().map(|weight| weight.get(cx)).transpose()?;
            let mut grads = if grad_enabled() {
                backward_ops(kind, &grad, &x, weight.as_ref(), &statistics, epsilon, cx)?
            } else {
                crate::for_float!(x.dtype(), T => {
                    backward_data::<T>(kind, &grad, &x, weight.as_ref(), &statistics, cx)?
                }, _ => return Err(Error::DTypeNotSupported { op: "norm", dtype: x.dtype() }))
            };
            if let (Some(shape), Some(Some(grad_bias))) = (&bias_shape, grads.get_mut(2)) {
                *grad_bias = grad_bias.reshape_to(shape)?;
            }
            Ok(grads)
        }
    });
    Ok((out, moments))
}

fn check_dtype(op: &'static str, x: &Tensor, parameters: [Option<&Tensor>; 2]) -> Result<()> {
    if !x.dtype().is_float() {
        return Err(Error::DTypeNotSupported { op, dtype: x.dtype() });
    }
    if parameters.iter().flatten().any(|p| p.dtype() != x.dtype()) {
        bail!("mixed dtype (CPU): expect parameter to have scalar type of {}", x.dtype().torch_name());
    }
    Ok(())
}

/// Checks the sizes that a norm over the last dimensions takes; returns the elements of one row.
fn check_normalized_shape(x: &Tensor, shape: &[i64], weight: Option<&Tensor>, bias: Option<&Tensor>) -> Result<usize> {
    if shape.is_empty() {
        bail!(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got \
             normalized_shape = []"
        );
    }
    let same = |sizes: &[usize]| sizes.len() == shape.len() && sizes.iter().zip(shape).all(|(&a, &b)| a as i64 == b);
    for (name, parameter) in [("weight", weight), ("bias", bias)] {
        if let Some(parameter) = parameter.filter(|parameter| !same(parameter.shape())) {
            bail!(
                "Expected {name} to be of same shape as normalized_shape, but got {name} of shape {} and \
                 normalized_shape = {}",
                Dims(parameter.shape()),
                Dims(shape)
            );
        }
    }
    let first = x.rank().checked_sub(shape.len());
    match first.map(|first| &x.shape()[first..]) {
        Some(last) if same(last) => Ok(last.iter().product()),
        _ => {
            let sizes: Vec<String> = shape.iter().map(i64::to_string).collect();
            bail!(
                "Given normalized_shape={}, expected input with shape [*, {}], but got input of size{}",
                Dims(shape),
                sizes.join(", "),
                Dims(x.shape())
            )
        }
    }
}

fn layer_norm(a: &Args) -> Result<Tensor> {
    let (x, weight, bias) = (a.tensor(0), a.tensor_opt(2), a.tensor_opt(3));
    let columns = check_normalized_shape(x, &a.ints(1), weight, bias)?;
    check_dtype("LayerNormKernelImpl", x, [weight, bias])?;
    let kind = Kind::Rows { columns, centred: true };
    Ok(norm("NativeLayerNormBackward0", kind, x, weight, bias, None, a.float(4))?.0)
}

fn rms_norm(a: &Args) -> Result<Tensor> {
    let (x, weight) = (a.tensor(0), a.tensor_opt(2));
    let columns = check_normalized_shape(x, &a.ints(1), weight, None)?;
    let weight = weight.map(|weight| weight.to_dtype(x.dtype())).transpose()?;
    check_dtype("rms_norm", x, [weight.as_ref(), None])?;
    let smallest = if x.dtype() == crate::DType::F64 { f64::EPSILON } else { f64::from(f32::EPSILON) };
    let kind = Kind::Rows { columns, centred: false };
    Ok(norm("MulBackward0", kind, x, weight.as_ref(), None, None, a.float_opt(3).unwrap_or(smallest))?.0)
}

/// The running statistics of a batch or instance norm.
struct Running<'a> {
    mean: Option<&'a Tensor>,
    variance: Option<&'a Tensor>,
    momentum: f64,
}

impl Running<'_> {
    /// Moves the running statistics towards new ones: `r ← (1 − m)·r + m·new`.
    fn update(&self, mean: &[f64], variance: &[f64]) -> Result<()> {
        for (running, new) in [(self.mean, mean), (self.variance, variance)] {
            let Some(running) = running else { continue };
            let moved: Vec<f64> = running
                .to_vec::<f64>()?
                .iter()
                .zip(new)
                .map(|(old, new)| self.momentum * new + (1.0 - self.momentum) * old)
                .collect();
            no_grad(|| running.write_data(&Tensor::from_vec(moved, running.shape())?.to_dtype(running.dtype())?))?;
        }
        Ok(())
    }

    fn values(&self) -> Result<Option<Moments>> {
        match (self.mean, self.variance) {
            (Some(mean), Some(variance)) => Ok(Some([mean.to_vec()?, variance.to_vec()?])),
            _ => Ok(None),
        }
    }

    fn check(&self, x: &Tensor, channels: usize, weight: Option<&Tensor>, bias: Option<&Tensor>) -> Result<()> {
        if self.mean.is_some() != self.variance.is_some() {
            bail!(Value: "running_mean and running_var must either both be None or neither be None");
        }
        let named = [("running_mean", self.mean), ("running_var", self.variance), ("weight", weight), ("bias", bias)];
        for (name, t) in named {
            let Some(t) = t else { continue };
            if t.numel() != channels || t.rank() != 1 {
                bail!("{name} should contain {channels} elements not {}", t.numel());
            }
        }
        if self.mean.iter().chain(&self.variance).any(|t| t.dtype() != x.dtype()) {
            bail!("mixed dtype (CPU): all inputs must share same datatype.");
        }
        Ok(())
    }
}

/// (N, C, rest) of an input; torch takes a vector for one without channels.
fn channels_last(x: &Tensor) -> BatchNorm {
    let shape = x.shape();
    let size = |dim: usize| shape.get(dim).copied();
    BatchNorm { batch: size(0).unwrap_or(1), channels: size(1).unwrap_or(0), places: shape.iter().skip(2).product() }
}

fn batch_norm(a: &Args) -> Result<Tensor> {
    let state = Running { mean: a.tensor_opt(1), variance: a.tensor_opt(2), momentum: a.float(6) };
    batch_norm_of(a.tensor(0), a.tensor_opt(3), a.tensor_opt(4), &state, a.bool(5), a.float(7))
}

fn batch_norm_of(
    x: &Tensor,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    running: &Running<'_>,
    training: bool,
    epsilon: f64,
) -> Result<Tensor> {
    let sizes = channels_last(x);
    if training && sizes.count() == 1 {
        bail!(Value:
            "Expected more than 1 value per channel when training, got input size torch.Size({})", Dims(x.shape())
        );
    }
    if x.rank() < 2 {
        bail!("batch_norm: expected input with at least 2 dimensions, but got input of size {}", Dims(x.shape()));
    }
    if !training && running.mean.is_none() {
        bail!("running_mean must be defined in evaluation mode");
    }
    if !x.dtype().is_float() {
        return Err(Error::DTypeNotSupported { op: "batch_norm", dtype: x.dtype() });
    }
    running.check(x, sizes.channels, weight, bias)?;
    check_dtype("batch_norm", x, [weight, bias])?;
    let kind = Kind::Batch { norm: sizes, training };
    let given = if training { None } else { running.values()? };
    let (out, moments) = norm("NativeBatchNormBackward0", kind, x, weight, bias, given.as_ref(), epsilon)?;
    if let (true, Some([mean, variance])) = (training && running.mean.is_some(), moments) {
        let n = sizes.count() as f64;
        let unbiased: Vec<f64> = variance.iter().map(|variance| variance * n / (n - 1.0)).collect();
        running.update(&mean, &unbiased)?;
    }
    Ok(out)
}

fn group_norm(a: &Args) -> Result<Tensor> {
    let (x, groups, weight, bias) = (a.tensor(0), a.int(1), a.tensor_opt(2), a.tensor_opt(3));
    if x.rank() < 2 {
        bail!("Expected at least 2 dimensions for input tensor but received {}", x.rank());
    }
    if groups <= 0 {
        bail!("Expected num groups to be greater than 0, got {groups}");
    }
    let sizes = channels_last(x);
    if sizes.channels as i64 % groups != 0 {
        bail!(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape {} and \
             num_groups={groups}",
            Dims(x.shape())
        );
    }
    for (name, parameter) in [("weight", weight), ("bias", bias)] {
        if let Some(parameter) = parameter.filter(|p| p.shape() != [sizes.channels]) {
            bail!(
                "Expected {name} to be a vector of size equal to the number of channels in input, but got {name} of \
                 shape {} and input of shape {}",
                Dims(parameter.shape()),
                Dims(x.shape())
            );
        }
    }
    let groups = groups as usize;
    if sizes.batch * sizes.channels / groups * sizes.places == 1 {
        bail!(Value: "Expected more than 1 value per channel when training, got input size {}", Dims(x.shape()));
    }
    check_dtype("GroupNormKernelImpl", x, [weight, bias])?;
    let BatchNorm { batch, channels, places } = sizes;
    let kind = Kind::Groups(GroupNorm { batch, channels, groups, places });
    Ok(norm("NativeGroupNormBackward0", kind, x, weight, bias, None, a.float(4))?.0)
}

fn instance_norm(a: &Args) -> Result<Tensor> {
    let (x, weight, bias) = (a.tensor(0), a.tensor_opt(3), a.tensor_opt(4));
    let running = Running { mean: a.tensor_opt(1), variance: a.tensor_opt(2), momentum: a.float(6) };
    let (use_input_stats, epsilon) = (a.bool(5), a.float(7));
    if !use_input_stats {
        if running.mean.is_none() || running.variance.is_none() {
            bail!("Expected running_mean and running_var to be defined when use_input_stats is false");
        }
        return batch_norm_of(x, weight, bias, &running, false, epsilon);
    }
    let sizes = channels_last(x);
    if x.rank() < 2 || sizes.places == 1 {
        bail!(Value:
            "Expected more than 1 spatial element when training, got input size torch.Size({})", Dims(x.shape())
        );
    }
    running.check(x, sizes.channels, weight, bias)?;
    check_dtype("instance_norm", x, [weight, bias])?;
    let BatchNorm { batch, channels, places } = sizes;
    if channels == 0 {
        return x.copy_op();
    }
    let kind = Kind::Groups(GroupNorm { batch, channels, groups: channels, places });
    let out = norm("ViewBackward0", kind, x, weight, bias, None, epsilon)?.0;
    if running.mean.is_some() && batch > 0 {
        // The running statistics follow the average over images of each channel's own.
        let data = x.to_vec::<f64>()?;
        let (mut mean, mut variance) = (vec![0.0; channels], vec![0.0; channels]);
        for (index, plane) in data.chunks_exact(places.max(1)).enumerate() {
            let (center, squares) = crate::kernels::reduce::mean_and_squares(plane);
            mean[index % channels] += center / batch as f64;
            variance[index % channels] += squares / (places as f64 - 1.0) / batch as f64;
        }
        running.update(&mean, &variance)?;
    }
    Ok(out)
}

/// `x / max(‖x‖ₚ, ε)` along a dimension.
pub fn normalize(x: &Tensor, p: f64, dim: i64, epsilon: f64) -> Result<Tensor> {
    let dim = wrap_dim(dim, x.rank())? as i64;
    if !x.dtype().is_float() {
        bail!(NotImplemented:
            "linalg.vector_norm: Expected a floating point or complex tensor as input. Got {}", x.dtype().torch_name()
        );
    }
    if x.rank() == 0 {
        return normalize(&x.reshape_to(&[1])?, p, 0, epsilon)?.reshape_to(&[]);
    }
    let length = view::transpose(&p_norm(&view::transpose(x, dim, -1)?, p, true)?, dim, -1)?;
    let length = pointwise::clamp(&length, Some(crate::Scalar::Float(epsilon)), None, "ClampMinBackward0")?;
    x.div(&length.expand_to(x.shape()))
}

fn local_response_norm(a: &Args) -> Result<Tensor> {
    let (x, size) = (a.tensor(0), a.int(1));
    if x.rank() < 3 {
        bail!(Value: "Expected 3D or higher dimensionality input (got {} dimensions)", x.rank());
    }
    if size <= 0 {
        bail!("kernel size should be greater than zero, but got {size}");
    }
    if x.numel() == 0 {
        return x.copy_op();
    }
    let BatchNorm { batch, channels, places } = channels_last(x);
    // The image (channels, places) is averaged over `size` channels, with zeros outside of it that count.
    let before = size as usize / 2;
    let map = Average {
        windows: Windows {
            input: [channels, places],
            kernel: [size as usize, 1],
            stride: [1, 1],
            padding: [before, 0],
            dilation: [1, 1],
            output: [channels, places],
        },
        divisor: Divisor::Fixed(size as f64),
        input: Shape::from_slice(&[batch, channels, places]),
        output: Shape::from_slice(&[batch, channels, places]),
        is_signal: false,
    };
    let squares = x.mul(x)?.reshape_to(&[batch, channels, places])?;
    let mean = linear_map::apply(&Arc::new(map), &squares, false)?.reshape_to(x.shape())?;
    let base = mean.mul_scalar(a.float(2))?.add_scalar(a.float(4))?;
    x.div(&pointwise::pow(&(&base).into(), &a.float(3).into())?)
}

#[cfg(test)]
mod tests {
    use crate::ops::{Value, table};
    use crate::{DType, Tensor};

    fn call(name: &str, arguments: &[Value], keywords: &[(&str, Value)]) -> crate::Result<Tensor> {
        match table().functional[name].call(arguments, keywords, false)? {
            Value::Tensor(t) => Ok(t),
            other => panic!("{}", other.type_name()),
        }
    }

    #[test]
    fn running_statistics_move_towards_the_batch() {
        let x = Tensor::from_vec(vec![0f32, 1.0, 2.0, 3.0, 4.0, 5.0], &[3, 2]).unwrap();
        let (mean, variance) = (Tensor::zeros(&[2], DType::F32).unwrap(), Tensor::ones(&[2], DType::F32).unwrap());
        let training = [("training", Value::Bool(true))];
        call("batch_norm", &[x.into(), mean.clone().into(), variance.clone().into()], &training).unwrap();
        let close = |t: &Tensor, expected: [f32; 2]| {
            t.to_vec::<f32>().unwrap().iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6)
        };
        // Means 2 and 3, unbiased variances 4.
        assert!(close(&mean, [0.2, 0.3]) && close(&variance, [1.3, 1.3]), "{mean:?} {variance:?}");
    }

    #[test]
    fn instance_norm_keeps_the_average_of_its_own_statistics() {
        let x = Tensor::from_vec((0..24).map(|i| i as f32).collect(), &[2, 3, 2, 2]).unwrap();
        let (mean, variance) = (Tensor::zeros(&[3], DType::F32).unwrap(), Tensor::ones(&[3], DType::F32).unwrap());
        call("instance_norm", &[x.into(), mean.clone().into(), variance.clone().into()], &[]).unwrap();
        // What PyTorch gives for the same input.
        let close = |t: &Tensor, expected: [f32; 3]| {
            t.to_vec::<f32>().unwrap().iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-4)
        };
        assert!(close(&mean, [0.75, 1.15, 1.55]) && close(&variance, [1.0667; 3]), "{mean:?} {variance:?}");
    }

    #[test]
    fn a_vector_of_zeros_stays_when_normalised() {
        let x = Tensor::from_vec(vec![3f32, 4.0, 0.0, 0.0], &[2, 2]).unwrap();
        let y = call("normalize", &[x.into()], &[]).unwrap();
        assert_eq!(y.to_vec::<f32>().unwrap(), [0.6, 0.8, 0.0, 0.0]);
    }

    #[test]
    fn wrong_sizes_are_refused_with_a_message() {
        let x: Value = Tensor::ones(&[2, 4, 3], DType::F32).unwrap().into();
        let vector = |n: usize| Value::from(Tensor::ones(&[n], DType::F32).unwrap());
        let list = |n: i64| Value::List(vec![Value::Int(n)]);
        for (name, arguments) in [
            ("layer_norm", vec![x.clone(), list(4)]),
            ("layer_norm", vec![x.clone(), Value::List(Vec::new())]),
            ("layer_norm", vec![x.clone(), list(3), vector(2)]),
            ("rms_norm", vec![x.clone(), list(-1)]),
            ("batch_norm", vec![x.clone(), Value::None, Value::None]),
            ("batch_norm", vec![x.clone(), vector(3), vector(4)]),
            ("batch_norm", vec![vector(3), vector(3), vector(3)]),
            ("group_norm", vec![x.clone(), Value::Int(3)]),
            ("group_norm", vec![x.clone(), Value::Int(0)]),
            ("instance_norm", vec![vector(3)]),
            ("normalize", vec![x.clone(), Value::Float(2.0), Value::Int(3)]),
            ("local_response_norm", vec![x.clone(), Value::Int(0)]),
        ] {
            assert!(call(name, &arguments, &[]).is_err(), "{name} {arguments:?}");
        }
    }
}
