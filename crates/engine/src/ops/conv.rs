//! Convolutions, transposed convolutions, and the unfolding of images into windows.
//!
//! With x ∗ w the cross-correlation of `kernels::conv`, the form ⟨g, x ∗ w⟩ is linear in each of g, x and w, so its
//! three partial derivatives make one another's derivatives, to any order:
//! `∂/∂g = x ∗ w`, `∂/∂x = input_gradient(g, w)`, `∂/∂w = weight_gradient(x, g)`.
//! A transposed convolution is `input_gradient` called as an op. One dimension is two with a height of one.

use std::sync::Arc;

use super::linear_map::{self, LinearMap};
use super::value::{Args, Value};
use super::{NN, OpDef, TORCH, op, value};
use crate::autograd::{Saved, record};
use crate::bail;
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::grads;
use crate::kernels::Real;
use crate::kernels::conv::{self as kernel, Conv2d};
use crate::kernels::im2col::{self, Windows};
use crate::shape::{Dims, Shape, contiguous_strides};
use crate::storage::{filled, written};
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "conv1d(Tensor input, Tensor weight, Tensor? bias=None, int[1] stride=1, any padding=0, int[1] dilation=1, int groups=1)",
        TORCH | NN,
        "Slides filters over a signal. input: (N, C, L) or (C, L); weight: (O, C/groups, k); the result: (N, O, L'). \
         padding is a number of zeros on each side, 'valid' for none, or 'same' for as many as keep the length.",
        |a| value(convolution::<1>(a)),
        &[
            "[2,3,5], [4,3,2], [4]",
            "[3,7], [2,3,3], None, 2, 1, 2",
            "[1,4,6], [2,2,4], [2], 1, 'same', 1, 2",
            "[2,2,4], [3,2,1]",
            "[0,2,4], [3,2,2], [3]",
        ],
    ),
    op(
        "conv2d(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=1, any padding=0, int[2] dilation=1, int groups=1)",
        TORCH | NN,
        "Slides filters over an image. input: (N, C, H, W) or (C, H, W); weight: (O, C/groups, kh, kw); the result: \
         (N, O, H', W') with H' = (H + 2 padding - dilation (kh - 1) - 1) / stride + 1, rounded down. padding is a \
         number of zeros on each side, 'valid' for none, or 'same' for as many as keep the size.",
        |a| value(convolution::<2>(a)),
        &[
            "[2,2,4,5], [3,2,3,2], [3]",
            "[2,5,4], [2,2,2,2], None, (2,1), (1,2), (1,2)",
            "[1,4,3,4], [2,2,2,3], [2], 1, 'same', 1, 2",
            "[1,2,4,4], [2,1,3,3], [2], 1, 'valid', 1, 2",
            "[5,2,2,3], [3,2,1,1], [3]",
            "[0,2,4,4], [3,2,2,2], [3]",
        ],
    ),
    op(
        "conv_transpose1d(Tensor input, Tensor weight, Tensor? bias=None, int[1] stride=1, int[1] padding=0, int[1] output_padding=0, int groups=1, int[1] dilation=1)",
        TORCH | NN,
        "The transpose of conv1d: maps what a convolution gives back to the size of what it takes. input: (N, C, L) or \
         (C, L); weight: (C, O/groups, k).",
        |a| value(transposed_convolution::<1>(a)),
        &["[2,3,4], [3,2,3], [2]", "[4,3], [4,1,2], None, 2, 1, 1, 2, 2"],
    ),
    op(
        "conv_transpose2d(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=1, int[2] padding=0, int[2] output_padding=0, int groups=1, int[2] dilation=1)",
        TORCH | NN,
        "The transpose of conv2d: maps what a convolution gives back to the size of what it takes. input: (N, C, H, W) \
         or (C, H, W); weight: (C, O/groups, kh, kw); the result: (N, O, H', W') with \
         H' = (H - 1) stride - 2 padding + dilation (kh - 1) + output_padding + 1.",
        |a| value(transposed_convolution::<2>(a)),
        &[
            "[2,2,3,2], [2,3,2,3], [3]",
            "[4,2,3], [4,1,3,2], None, 2, (1,0), 1, 2, (1,2)",
            "[1,2,2,2], [2,2,1,1], [2], 1, 0, 1, 1, 2",
            "[0,2,2,2], [2,2,2,2]",
        ],
    ),
    op(
        "unfold(Tensor input, int[2] kernel_size, int[2] dilation=1, int[2] padding=0, int[2] stride=1)",
        NN,
        "Lists the windows of an image as columns: (N, C, H, W) becomes (N, C kh kw, number of windows).",
        |a| value(unfold(a)),
        &["[2,2,4,3], 2", "[2,3,4], (2,1), (1,2), (1,0), (2,1)"],
    ),
    op(
        "fold(Tensor input, int[2] output_size, int[2] kernel_size, int[2] dilation=1, int[2] padding=0, int[2] stride=1)",
        NN,
        "Adds windows, listed as columns, to the image they were taken from: the transpose of unfold.",
        |a| value(fold(a)),
        &["[2,8,6], (4,3), 2", "[6,4], (3,4), (2,1), 1, (1,0), (2,2)"],
    ),
];

/// Reads a list that has an entry for each of `N` dimensions, or one for all.
fn spread<const N: usize>(list: &[i64], name: &str) -> Result<[i64; N]> {
    match list {
        &[one] => Ok([one; N]),
        many => many.try_into().map_err(|_| {
            Error::Runtime(format!(
                "expected {name} to be a single integer value or a list of {N} values to match the convolution \
                 dimensions, but got {name}={}",
                Dims(many)
            ))
        }),
    }
}

/// Puts the sizes of one or two dimensions as (height, width), the height of one dimension being `height`.
fn planar<const N: usize>(sizes: [i64; N], height: usize) -> [usize; 2] {
    let at = |axis: usize| sizes.get(axis).map_or(0, |&size| size.max(0) as usize);
    if N == 1 { [height, at(0)] } else { [at(0), at(1)] }
}

/// How the windows of a convolution lie.
struct Layout<const N: usize> {
    stride: [i64; N],
    padding: [i64; N],
    dilation: [i64; N],
    groups: i64,
}

impl<const N: usize> Layout<N> {
    fn check(&self) -> Result<()> {
        if self.padding.iter().any(|&p| p < 0) {
            bail!("negative padding is not supported");
        }
        if self.padding.iter().any(|&p| p > i64::MAX / 2) {
            bail!("padding={} is too large", Dims(&self.padding));
        }
        if self.stride.iter().any(|&s| s <= 0) {
            bail!("non-positive stride is not supported");
        }
        if self.dilation.iter().any(|&d| d <= 0) {
            bail!("dilation should be greater than zero, but got {}", Dims(&self.dilation));
        }
        if self.groups <= 0 {
            bail!("non-positive groups is not supported");
        }
        Ok(())
    }

    fn windows(&self, input: [usize; 2], kernel: [usize; 2], output: [usize; 2]) -> Windows {
        Windows {
            input,
            kernel,
            stride: planar(self.stride, 1),
            padding: planar(self.padding, 0),
            dilation: planar(self.dilation, 1),
            output,
        }
    }
}

/// Brings (C, L), (N, C, L), (C, H, W) or (N, C, H, W) to four dimensions.
fn batched<const N: usize>(op: &str, t: &Tensor) -> Result<Tensor> {
    let rank = t.rank();
    if rank != N + 1 && rank != N + 2 {
        bail!(
            "Expected {}D (unbatched) or {}D (batched) input to {op}, but got input of size: {}",
            N + 1,
            N + 2,
            Dims(t.shape())
        );
    }
    to_planar::<N>(t, rank == N + 1)
}

/// Puts in a batch of one in front, where `alone`, and a height of one.
fn to_planar<const N: usize>(t: &Tensor, alone: bool) -> Result<Tensor> {
    let mut shape = Shape::from(t.shape());
    if alone {
        shape.insert(0, 1);
    }
    if N == 1 {
        shape.insert(2, 1);
    }
    if shape.as_slice() == t.shape() { Ok(t.clone()) } else { t.reshape_to(&shape) }
}

/// Undoes [`batched`] for the result.
fn unbatched<const N: usize>(t: Tensor, alone: bool) -> Result<Tensor> {
    let mut shape = Shape::from(t.shape());
    if N == 1 {
        shape.remove(2);
    }
    if alone {
        shape.remove(0);
    }
    if shape.as_slice() == t.shape() {
        return Ok(t);
    }
    let t = t.contiguous()?;
    let strides = contiguous_strides(&shape);
    Ok(super::view::squeeze_like(&t, shape, strides, if alone { "SqueezeBackward1" } else { BACKWARD }))
}

fn check_dtypes(input: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Result<()> {
    if input.dtype() != weight.dtype() {
        bail!("expected scalar type {} but found {}", input.dtype().torch_name(), weight.dtype().torch_name());
    }
    if let Some(bias) = bias.filter(|bias| bias.dtype() != input.dtype()) {
        bail!(
            "Input type ({}) and bias type ({}) should be the same",
            input.dtype().torch_name().to_lowercase(),
            bias.dtype().torch_name().to_lowercase()
        );
    }
    if input.dtype() == DType::Bool {
        return Err(Error::DTypeNotSupported { op: "conv", dtype: DType::Bool });
    }
    Ok(())
}

fn check_bias(weight: &Tensor, bias: Option<&Tensor>, channels: usize, transposed: &str) -> Result<()> {
    match bias {
        Some(bias) if bias.shape() != [channels] => bail!(
            "Given {transposed}weight of size {}, expected bias to be 1-dimensional with {channels} elements, but got \
             bias of size {} instead",
            Dims(weight.shape()),
            Dims(bias.shape())
        ),
        _ => Ok(()),
    }
}

fn check_weight<const N: usize>(input: &Tensor, weight: &Tensor, groups: i64) -> Result<()> {
    if weight.rank() != N + 2 {
        bail!(
            "Expected {}-dimensional weight for {}-dimensional input {}, but got weight of size {} instead",
            N + 2,
            input.rank(),
            Dims(input.shape()),
            Dims(weight.shape())
        );
    }
    if weight.shape()[2..].contains(&0) {
        bail!("kernel size should be greater than zero, but got weight of size {}", Dims(weight.shape()));
    }
    let channels = weight.shape()[0] as i64;
    if channels < groups {
        bail!(
            "Given groups={groups}, expected weight to be at least {groups} at dimension 0, but got weight of size {} \
             instead",
            Dims(weight.shape())
        );
    }
    if channels % groups != 0 {
        bail!(
            "Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, but got weight of size \
             [{}] instead",
            Dims(weight.shape())
        );
    }
    Ok(())
}

/// A size for a message: one number, or two as `(2 x 2)`.
fn across(sizes: &[i64]) -> String {
    let text: Vec<String> = sizes.iter().map(i64::to_string).collect();
    format!("({})", text.join(" x "))
}

fn convolution<const N: usize>(a: &Args) -> Result<Tensor> {
    let op = if N == 1 { "conv1d" } else { "conv2d" };
    let (input, weight, bias) = (a.tensor(0), a.tensor(1), a.tensor_opt(2));
    let x = batched::<N>(op, input)?;
    let mut layout = Layout::<N> {
        stride: spread(&a.ints(3), "stride")?,
        padding: [0; N],
        dilation: spread(&a.ints(5), "dilation")?,
        groups: a.int(6),
    };
    layout.check()?;
    check_weight::<N>(input, weight, layout.groups)?;
    // Where 'same' needs an odd number of zeros, the extra one goes to the right: with as many on the left, the first
    // output is one too far to the left and is left out.
    let mut leave_out = [0usize; N];
    match a.value(4) {
        Value::Str(text) if text == "valid" => {}
        Value::Str(text) if text == "same" => {
            if layout.stride.iter().any(|&s| s != 1) {
                bail!("padding='same' is not supported for strided convolutions");
            }
            for (axis, left_out) in leave_out.iter_mut().enumerate() {
                let total = layout.dilation[axis].saturating_mul(weight.shape()[2 + axis] as i64 - 1);
                layout.padding[axis] = total / 2 + total % 2;
                *left_out = (total % 2) as usize;
            }
        }
        Value::Str(text) => bail!("Invalid padding string: '{text}'"),
        other => layout.padding = spread(&integers(op, other)?, "padding")?,
    }
    layout.check()?;
    check_dtypes(input, weight, bias)?;
    check_bias(weight, bias, weight.shape()[0], "")?;
    let channels = x.shape()[1];
    let groups = layout.groups as usize;
    if weight.shape()[1].checked_mul(groups) != Some(channels) {
        bail!(
            "Given groups={groups}, weight of size {}, expected input{} to have {} channels, but got {channels} \
             channels instead",
            Dims(weight.shape()),
            Dims(input.shape()),
            weight.shape()[1].saturating_mul(groups)
        );
    }
    let weight = to_planar::<N>(weight, false)?;
    let (size, kernel) = ([x.shape()[2], x.shape()[3]], [weight.shape()[2], weight.shape()[3]]);
    let windows = layout.windows(size, kernel, [0, 0]);
    let Some(windows) = Windows::new(size, kernel, windows.stride, windows.padding, windows.dilation) else {
        let first = 2 - N;
        let padded: Vec<i64> = (first..2)
            .map(|axis| (size[axis] as i64).saturating_add(windows.padding[axis].saturating_mul(2) as i64))
            .collect();
        let kernel: Vec<i64> = (first..2)
            .map(|axis| (kernel[axis] as i64 - 1).saturating_mul(windows.dilation[axis] as i64).saturating_add(1))
            .collect();
        bail!(
            "Calculated padded input size per channel: {}. Kernel size: {}. Kernel size can't be greater than actual \
             input size",
            across(&padded),
            across(&kernel)
        );
    };
    if size.contains(&0) {
        bail!("Only zero batch or zero channel inputs are supported, but got input shape: {}", Dims(input.shape()));
    }
    let conv = Conv2d { batch: x.shape()[0], channels_in: channels, channels_out: weight.shape()[0], groups, windows };
    let mut out = in_floats(&x, &weight, bias, |x, weight, bias| apply(&conv, x, weight, bias, BACKWARD))?;
    for (axis, &left_out) in leave_out.iter().enumerate().filter(|(_, left_out)| **left_out > 0) {
        let dim = axis + 4 - N;
        let length = out.shape()[dim];
        out = super::view::slice(&out, dim, left_out, length, 1)?.contiguous()?;
    }
    unbatched::<N>(out, input.rank() == N + 1)
}

fn transposed_convolution<const N: usize>(a: &Args) -> Result<Tensor> {
    let op = if N == 1 { "conv_transpose1d" } else { "conv_transpose2d" };
    let (input, weight, bias) = (a.tensor(0), a.tensor(1), a.tensor_opt(2));
    let x = batched::<N>(op, input)?;
    let layout = Layout::<N> {
        stride: spread(&a.ints(3), "stride")?,
        padding: spread(&a.ints(4), "padding")?,
        dilation: spread(&a.ints(7), "dilation")?,
        groups: a.int(6),
    };
    let output_padding: [i64; N] = spread(&a.ints(5), "output_padding")?;
    layout.check()?;
    if output_padding.iter().any(|&p| p < 0) {
        bail!("negative output_padding is not supported");
    }
    for (axis, &extra) in output_padding.iter().enumerate() {
        if extra >= layout.stride[axis] && extra >= layout.dilation[axis] {
            bail!(
                "output padding must be smaller than either stride or dilation, but got output_padding={}, stride={}, \
                 dilation={}",
                Dims(&output_padding),
                Dims(&layout.stride),
                Dims(&layout.dilation)
            );
        }
    }
    check_weight::<N>(input, weight, layout.groups)?;
    check_dtypes(input, weight, bias)?;
    let groups = layout.groups as usize;
    let channels_out = weight.shape()[1].saturating_mul(groups);
    check_bias(weight, bias, channels_out, "transposed=1, ")?;
    if x.shape()[1] != weight.shape()[0] {
        bail!(
            "Given transposed=1, weight of size {}, expected input{} to have {} channels, but got {} channels instead",
            Dims(weight.shape()),
            Dims(input.shape()),
            weight.shape()[0],
            x.shape()[1]
        );
    }
    let weight = to_planar::<N>(weight, false)?;
    let (size, kernel) = ([x.shape()[2], x.shape()[3]], [weight.shape()[2], weight.shape()[3]]);
    let mut output = [1i64; 2];
    for (axis, &extra) in output_padding.iter().enumerate() {
        let plane = axis + 2 - N;
        // In i128 nothing here can overflow: each factor fits 64 bits and there are few terms.
        let (n, k) = (size[plane] as i128, kernel[plane] as i128);
        let stride = i128::from(layout.stride[axis]);
        let length = (n - 1) * stride - 2 * i128::from(layout.padding[axis])
            + i128::from(layout.dilation[axis]) * (k - 1)
            + i128::from(extra)
            + 1;
        output[plane] = length.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
    }
    let first = 2 - N;
    if output[first..].iter().any(|&size| size <= 0) {
        let size: Vec<i64> = size[first..].iter().map(|&size| size as i64).collect();
        bail!(
            "Given input size per channel: {}. Calculated output size per channel: {}. Output size is too small",
            across(&size),
            across(&output[first..])
        );
    }
    if output.iter().any(|&size| size > i64::MAX / 4) {
        return Err(Error::OutOfMemory { bytes: usize::MAX, shape: output.map(|size| size as usize).to_vec() });
    }
    let windows = layout.windows(output.map(|size| size as usize), kernel, size);
    let conv = Conv2d { batch: x.shape()[0], channels_in: channels_out, channels_out: x.shape()[1], groups, windows };
    let out = in_floats(&x, &weight, bias, |x, weight, bias| {
        let out = input_gradient(&conv, x, weight, BACKWARD)?;
        match bias {
            Some(bias) => out.add(&bias.reshape_to(&[1, channels_out, 1, 1])?),
            None => Ok(out),
        }
    })?;
    unbatched::<N>(out, input.rank() == N + 1)
}

/// Runs an op on floats; integers go through float64, which is exact up to 2⁵³.
fn in_floats(
    x: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
    run: impl Fn(&Tensor, &Tensor, Option<&Tensor>) -> Result<Tensor>,
) -> Result<Tensor> {
    if x.dtype().is_float() {
        return run(x, weight, bias);
    }
    let bias = bias.map(|bias| bias.to_dtype(DType::F64)).transpose()?;
    run(&x.to_dtype(DType::F64)?, &weight.to_dtype(DType::F64)?, bias.as_ref())?.to_dtype(x.dtype())
}

/// Reads a number or a list of numbers.
pub(super) fn integers(op: &str, value: &Value) -> Result<Vec<i64>> {
    let one = |value: &Value| match value {
        Value::Int(v) => Some(*v),
        _ => None,
    };
    match value {
        Value::List(items) => items.iter().map(one).collect(),
        value => one(value).map(|v| vec![v]),
    }
    .ok_or_else(|| {
        Error::Type(format!("{op}(): argument 'padding' must be str or tuple of ints, not {}", value.type_name()))
    })
}

const BACKWARD: &str = "ConvolutionBackward0";
const BACKWARD_OF_BACKWARD: &str = "ConvolutionBackwardBackward0";

impl Conv2d {
    fn input_shape(&self) -> [usize; 4] {
        [self.batch, self.channels_in, self.windows.input[0], self.windows.input[1]]
    }

    fn output_shape(&self) -> [usize; 4] {
        [self.batch, self.channels_out, self.windows.output[0], self.windows.output[1]]
    }

    fn weight_shape(&self) -> [usize; 4] {
        let [height, width] = self.windows.kernel;
        [self.channels_out, self.channels_in / self.groups, height, width]
    }
}

/// `x ∗ w + b`
fn apply(conv: &Conv2d, x: &Tensor, weight: &Tensor, bias: Option<&Tensor>, name: &'static str) -> Result<Tensor> {
    fn data<T: Element + Real>(conv: &Conv2d, x: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
        let shape = conv.output_shape();
        let bias = bias.map(|bias| bias.dense::<T>()).transpose()?;
        let (x, weight) = (x.dense::<T>()?, weight.dense::<T>()?);
        let out = written(&shape, |out| kernel::forward(conv, &x, &weight, bias.as_deref(), out))?;
        Ok(Tensor::from_parts(out, &shape))
    }
    let out = crate::for_float!(x.dtype(), T => data::<T>(conv, x, weight, bias)?, _ => return unsupported(x));
    let make = || {
        let (conv, x, weight) = (*conv, Saved::input(x), Saved::input(weight));
        move |cx: &crate::autograd::BackwardCx<'_>| {
            let grad = cx.grad()?;
            grads![
                cx.when(0, || input_gradient(&conv, &grad, &weight.get(cx)?, BACKWARD_OF_BACKWARD))?,
                cx.when(1, || weight_gradient(&conv, &x.get(cx)?, &grad))?,
                cx.when(2, || bias_gradient(&conv, &grad))?,
            ]
        }
    };
    Ok(match bias {
        Some(bias) => record(out, name, [x, weight, bias], make),
        None => record(out, name, [x, weight], make),
    })
}

/// The gradient of the input, which is the transposed convolution of `grad`.
fn input_gradient(conv: &Conv2d, grad: &Tensor, weight: &Tensor, name: &'static str) -> Result<Tensor> {
    fn data<T: Element + Real>(conv: &Conv2d, grad: &Tensor, weight: &Tensor) -> Result<Tensor> {
        let shape = conv.input_shape();
        let (grad, weight) = (grad.dense::<T>()?, weight.dense::<T>()?);
        let out = written(&shape, |out| kernel::input_gradient(conv, &grad, &weight, out))?;
        Ok(Tensor::from_parts(out, &shape))
    }
    let out = crate::for_float!(grad.dtype(), T => data::<T>(conv, grad, weight)?, _ => return unsupported(grad));
    Ok(record(out, name, [grad, weight], || {
        let (conv, grad, weight) = (*conv, Saved::input(grad), Saved::input(weight));
        move |cx| {
            let upstream = cx.grad()?;
            grads![
                cx.when(0, || apply(&conv, &upstream, &weight.get(cx)?, None, BACKWARD_OF_BACKWARD))?,
                cx.when(1, || weight_gradient(&conv, &upstream, &grad.get(cx)?))?,
            ]
        }
    }))
}

/// The gradient of the weight.
fn weight_gradient(conv: &Conv2d, x: &Tensor, grad: &Tensor) -> Result<Tensor> {
    fn data<T: Element + Real>(conv: &Conv2d, x: &Tensor, grad: &Tensor) -> Result<Tensor> {
        let shape = conv.weight_shape();
        let mut out = filled::<T>(&shape, T::ZERO)?;
        kernel::weight_gradient(conv, &x.dense::<T>()?, &grad.dense::<T>()?, &mut out);
        Ok(Tensor::from_parts(out, &shape))
    }
    let out = crate::for_float!(grad.dtype(), T => data::<T>(conv, x, grad)?, _ => return unsupported(grad));
    Ok(record(out, BACKWARD_OF_BACKWARD, [x, grad], || {
        let (conv, x, grad) = (*conv, Saved::input(x), Saved::input(grad));
        move |cx| {
            let upstream = cx.grad()?;
            grads![
                cx.when(0, || input_gradient(&conv, &grad.get(cx)?, &upstream, BACKWARD_OF_BACKWARD))?,
                cx.when(1, || apply(&conv, &x.get(cx)?, &upstream, None, BACKWARD_OF_BACKWARD))?,
            ]
        }
    }))
}

/// The gradient of the bias: the sum over images and places.
fn bias_gradient(conv: &Conv2d, grad: &Tensor) -> Result<Tensor> {
    fn data<T: Element + Real>(conv: &Conv2d, grad: &Tensor) -> Result<Tensor> {
        let mut out = filled::<T>(&[conv.channels_out], T::ZERO)?;
        kernel::bias_gradient(conv, &grad.dense::<T>()?, &mut out);
        Ok(Tensor::from_parts(out, &[conv.channels_out]))
    }
    let out = crate::for_float!(grad.dtype(), T => data::<T>(conv, grad)?, _ => return unsupported(grad));
    Ok(record(out, "SumBackward1", [grad], || {
        let conv = *conv;
        move |cx| {
            let spread = || Ok(cx.grad()?.reshape_to(&[1, conv.channels_out, 1, 1])?.expand_to(&conv.output_shape()));
            grads![cx.when(0, spread)?]
        }
    }))
}

#[cold]
fn unsupported(t: &Tensor) -> Result<Tensor> {
    Err(Error::DTypeNotSupported { op: "conv", dtype: t.dtype() })
}

/// The listing of an image's windows as columns.
struct Unfold {
    planes: usize,
    windows: Windows,
    image: Shape,
    columns: Shape,
}

impl LinearMap for Unfold {
    const OP: &'static str = "im2col_out_cpu";

    fn grad_names(&self) -> [&'static str; 2] {
        ["Im2ColBackward0", "Col2ImBackward0"]
    }

    fn shapes(&self) -> [&[usize]; 2] {
        [&self.image, &self.columns]
    }

    // Channels follow one another in both layouts, so all images are unfolded as one with many channels.
    fn forward<T: Element + Real>(&self, input: &[T], out: &mut [T]) -> Result<()> {
        if self.planes > 0 {
            im2col::unfold(&self.windows, input, 0..self.windows.output[0], out, true);
        }
        Ok(())
    }

    fn transposed<T: Element + Real>(&self, grad: &[T], out: &mut [T]) -> Result<()> {
        if self.planes > 0 {
            im2col::fold(&self.windows, &mut grad.to_vec(), 0..self.windows.output[0], out, true);
        }
        Ok(())
    }
}

/// The sizes that `unfold` and `fold` share, checked.
struct Sliding {
    kernel: [i64; 2],
    dilation: [i64; 2],
    padding: [i64; 2],
    stride: [i64; 2],
}

impl Sliding {
    fn new(a: &Args, first: usize) -> Result<Self> {
        let sliding = Sliding {
            kernel: a.ints_exact(first, "kernel_size")?,
            dilation: a.ints_exact(first + 1, "dilation")?,
            padding: a.ints_exact(first + 2, "padding")?,
            stride: a.ints_exact(first + 3, "stride")?,
        };
        for (what, sizes) in
            [("kernel size", sliding.kernel), ("stride", sliding.stride), ("dilation", sliding.dilation)]
        {
            if sizes.iter().any(|&size| size <= 0) {
                let name = what.split(' ').next().unwrap_or(what);
                bail!(
                    "{what} should be greater than zero, but got {name}_height: {} {name}_width: {}",
                    sizes[0],
                    sizes[1]
                );
            }
        }
        if sliding.padding.iter().any(|&size| size < 0) {
            bail!(
                "padding should be non-negative, but got pad_height: {} pad_width: {}",
                sliding.padding[0],
                sliding.padding[1]
            );
        }
        Ok(sliding)
    }

    fn windows(&self, image: [usize; 2]) -> Option<Windows> {
        let sizes = |sizes: [i64; 2]| sizes.map(|size| size as usize);
        Windows::new(image, sizes(self.kernel), sizes(self.stride), sizes(self.padding), sizes(self.dilation))
    }

    /// The number of windows along an axis as torch's messages count them: zero or less where none fits.
    fn count(&self, axis: usize, size: i128) -> i128 {
        let wide = |sizes: [i64; 2]| i128::from(sizes[axis]);
        let room = size + 2 * wide(self.padding) - wide(self.dilation) * (wide(self.kernel) - 1) - 1;
        room.div_euclid(wide(self.stride)) + 1
    }

    fn kernel_len(&self) -> Option<usize> {
        (self.kernel[0] as usize).checked_mul(self.kernel[1] as usize)
    }
}

fn pair(sizes: &[i64]) -> String {
    let text: Vec<String> = sizes.iter().map(i64::to_string).collect();
    format!("({})", text.join(", "))
}

fn unfold(a: &Args) -> Result<Tensor> {
    let t = a.tensor(0);
    let sliding = Sliding::new(a, 1)?;
    if !matches!(t.rank(), 3 | 4) || t.shape()[t.rank() - 3..].contains(&0) {
        bail!(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, \
             but got: {}",
            Dims(t.shape())
        );
    }
    let lead = &t.shape()[..t.rank() - 3];
    let [channels, height, width] = [t.shape()[t.rank() - 3], t.shape()[t.rank() - 2], t.shape()[t.rank() - 1]];
    let Some(windows) = sliding.windows([height, width]) else {
        bail!(
            "Given input with spatial size ({height}, {width}), kernel_size={}, dilation={}, padding={}, calculated \
             shape of the array of sliding blocks as ({}, {}), but its components must be at least one.",
            pair(&sliding.kernel),
            pair(&sliding.dilation),
            pair(&sliding.padding),
            sliding.count(0, height as i128),
            sliding.count(1, width as i128)
        );
    };
    let depth = sliding.kernel_len().and_then(|len| len.checked_mul(channels));
    let count = windows.output[0].checked_mul(windows.output[1]);
    let (Some(depth), Some(count)) = (depth, count) else {
        return Err(Error::OutOfMemory { bytes: usize::MAX, shape: t.shape().to_vec() });
    };
    let mut columns = Shape::from(lead);
    columns.extend([depth, count]);
    let planes = lead.iter().product::<usize>() * channels;
    linear_map::apply(&Arc::new(Unfold { planes, windows, image: t.shape().into(), columns }), t, false)
}

fn fold(a: &Args) -> Result<Tensor> {
    let t = a.tensor(0);
    let output: [i64; 2] = a.ints_exact(1, "output_size")?;
    let sliding = Sliding::new(a, 2)?;
    if output.iter().any(|&size| size <= 0) {
        bail!("Expected output spatial size to be positive, but got: output_size={}", pair(&output));
    }
    if !matches!(t.rank(), 2 | 3) || t.shape()[t.rank() - 2..].contains(&0) {
        bail!(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for \
             input, but got: {}",
            Dims(t.shape())
        );
    }
    let lead = &t.shape()[..t.rank() - 2];
    let [depth, count] = [t.shape()[t.rank() - 2], t.shape()[t.rank() - 1]];
    let kernel_len = sliding.kernel_len().filter(|len| depth.is_multiple_of(*len));
    let Some(kernel_len) = kernel_len else {
        bail!(
            "Expected size of input's dimension {} to be divisible by the product of kernel_size, but got \
             input.size({})={depth} and kernel_size={}.",
            lead.len(),
            lead.len(),
            pair(&sliding.kernel)
        );
    };
    let windows = sliding.windows(output.map(|size| size as usize));
    let fits = windows.filter(|windows| windows.output[0].checked_mul(windows.output[1]) == Some(count));
    let Some(windows) = fits else {
        let (rows, columns) = (sliding.count(0, output[0].into()), sliding.count(1, output[1].into()));
        bail!(
            "Given output_size={}, kernel_size={}, dilation={}, padding={}, stride={}, expected size of input's \
             dimension {} to match the calculated number of sliding blocks {rows} * {columns} = {}, but got \
             input.size({})={count}.",
            pair(&output),
            pair(&sliding.kernel),
            pair(&sliding.dilation),
            pair(&sliding.padding),
            pair(&sliding.stride),
            lead.len() + 1,
            rows.saturating_mul(columns),
            lead.len() + 1
        );
    };
    let channels = depth / kernel_len;
    let mut image = Shape::from(lead);
    image.extend([channels, windows.input[0], windows.input[1]]);
    let planes = lead.iter().product::<usize>() * channels;
    linear_map::apply(&Arc::new(Unfold { planes, windows, image, columns: t.shape().into() }), t, true)
}

#[cfg(test)]
mod tests {
    use crate::ops::{Value, table};
    use crate::{DType, Tensor};

    fn ones(shape: &[usize]) -> Value {
        Tensor::ones(shape, DType::F32).unwrap().into()
    }

    fn call(name: &str, arguments: &[Value], keywords: &[(&str, Value)]) -> crate::Result<Tensor> {
        match table().functional[name].call(arguments, keywords, false)? {
            Value::Tensor(t) => Ok(t),
            other => panic!("{}", other.type_name()),
        }
    }

    #[test]
    fn sizes_follow_the_formulas() {
        let (image, weight) = (ones(&[2, 3, 8, 9]), ones(&[4, 3, 3, 2]));
        let arguments = [image.clone(), weight];
        assert_eq!(call("conv2d", &arguments, &[]).unwrap().shape(), [2, 4, 6, 8]);
        assert_eq!(call("conv2d", &arguments, &[("stride", Value::Int(2))]).unwrap().shape(), [2, 4, 3, 4]);
        let same = [("padding", Value::Str("same".into()))];
        assert_eq!(call("conv2d", &arguments, &same).unwrap().shape(), [2, 4, 8, 9]);
        let back = [("stride", Value::Int(2)), ("output_padding", Value::Int(1))];
        assert_eq!(call("conv_transpose2d", &[image, ones(&[3, 4, 3, 2])], &back).unwrap().shape(), [2, 4, 18, 19]);
        assert_eq!(call("conv1d", &[ones(&[3, 8]), ones(&[4, 3, 3])], &[]).unwrap().shape(), [4, 6]);
    }

    #[test]
    fn an_odd_same_padding_puts_the_extra_zero_on_the_right() {
        let x = Tensor::from_vec(vec![1f32, 2.0, 3.0], &[1, 1, 3]).unwrap();
        let same = [("padding", Value::Str("same".into()))];
        let y = call("conv1d", &[x.into(), ones(&[1, 1, 2])], &same).unwrap();
        assert_eq!(y.to_vec::<f32>().unwrap(), [3.0, 5.0, 3.0]);
    }

    #[test]
    fn errors_say_what_was_expected_and_what_came() {
        let (image, weight) = (ones(&[1, 2, 5, 5]), ones(&[4, 3, 3, 3]));
        let message = |arguments: &[Value], keywords: &[(&str, Value)]| {
            call("conv2d", arguments, keywords).unwrap_err().to_string()
        };
        assert_eq!(
            message(&[image, weight.clone()], &[]),
            "Given groups=1, weight of size [4, 3, 3, 3], expected input[1, 2, 5, 5] to have 3 channels, but got 2 \
             channels instead"
        );
        assert_eq!(
            message(&[ones(&[1, 3, 2, 2]), weight.clone()], &[]),
            "Calculated padded input size per channel: (2 x 2). Kernel size: (3 x 3). Kernel size can't be greater \
             than actual input size"
        );
        for (name, value) in [
            ("stride", Value::Int(0)),
            ("padding", Value::Int(-1)),
            ("padding", Value::Int(i64::MAX)),
            ("dilation", Value::Int(i64::MAX)),
            ("groups", Value::Int(0)),
            ("padding", Value::Str("around".into())),
            ("padding", Value::Float(1.5)),
        ] {
            message(&[ones(&[1, 3, 5, 5]), weight.clone()], &[(name, value)]);
        }
    }

    #[test]
    fn fold_of_unfold_counts_the_windows_over_each_place() {
        let image = ones(&[1, 1, 3, 3]);
        let columns = call("unfold", &[image, Value::Int(2)], &[]).unwrap();
        assert_eq!(columns.shape(), [1, 4, 4]);
        let sizes = Value::List(vec![Value::Int(3), Value::Int(3)]);
        let folded = call("fold", &[columns.into(), sizes, Value::Int(2)], &[]).unwrap();
        assert_eq!(folded.to_vec::<f32>().unwrap(), [1.0, 2.0, 1.0, 2.0, 4.0, 2.0, 1.0, 2.0, 1.0]);
    }
}
