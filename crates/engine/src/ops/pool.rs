//! Pooling: the maximum or the average of each window of a signal or an image.
//!
//! The average is linear. The maximum keeps where it stands; seen from there it is linear too:
//! `y = x[places]`, `∂L/∂x[places] += ∂L/∂y`. So both have derivatives of any order (see `linear_map`).

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
use crate::kernels::avg_pool::{self, Divisor};
use crate::kernels::im2col::Windows;
use crate::kernels::{adaptive_pool, max_pool};
use crate::shape::{Dims, Shape};
use crate::storage::filled;
use crate::tensor::Tensor;

const MAX_1D: &str = "Returns the maximum of each window of a signal (N, C, L) or (C, L). stride is kernel_size where it \
                      is not given; the padding is minus infinity; ceil_mode rounds the number of windows up.";
const MAX_2D: &str = "Returns the maximum of each window of an image (N, C, H, W) or (C, H, W). stride is kernel_size \
                      where it is not given; the padding is minus infinity; ceil_mode rounds the number of windows up.";

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "max_pool1d(Tensor input, int[1] kernel_size, int[1]? stride=None, int[1] padding=0, int[1] dilation=1, bool ceil_mode=False, bool return_indices=False)",
        NN,
        MAX_1D,
        |a| maximum::<1>(a, a.bool(6)),
        &["~[2,2,7], 2", "~[2,5], 3, 1, 1, 2, True, True"],
    ),
    op(
        "max_pool1d(Tensor input, int[1] kernel_size, int[1]? stride=None, int[1] padding=0, int[1] dilation=1, bool ceil_mode=False)",
        TORCH,
        MAX_1D,
        |a| maximum::<1>(a, false),
        &["~[2,2,7], 2"],
    ),
    op(
        "max_pool1d_with_indices(Tensor input, int[1] kernel_size, int[1]? stride=None, int[1] padding=0, int[1] dilation=1, bool ceil_mode=False) -> (Tensor output, Tensor indices)",
        NN | TORCH,
        "Like max_pool1d, and says where in the signal each maximum stands.",
        |a| maximum::<1>(a, true),
        &["~[2,2,7], 2"],
    ),
    op(
        "max_pool2d(Tensor input, int[2] kernel_size, int[2]? stride=None, int[2] padding=0, int[2] dilation=1, bool ceil_mode=False, bool return_indices=False)",
        NN,
        MAX_2D,
        |a| maximum::<2>(a, a.bool(6)),
        &["~[2,2,4,5], 2", "~[2,5,4], (3,2), (1,2), 1, (1,2), True, True", "~[0,2,4,4], 2"],
    ),
    op(
        "max_pool2d(Tensor input, int[2] kernel_size, int[2]? stride=None, int[2] padding=0, int[2] dilation=1, bool ceil_mode=False)",
        TORCH,
        MAX_2D,
        |a| maximum::<2>(a, false),
        &["~[2,2,4,4], 2"],
    ),
    op(
        "max_pool2d_with_indices(Tensor input, int[2] kernel_size, int[2]? stride=None, int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> (Tensor output, Tensor indices)",
        NN,
        "Like max_pool2d, and says where in the image (row · width + column) each maximum stands.",
        |a| maximum::<2>(a, true),
        &["~[2,2,4,4], 2"],
    ),
    op(
        "max_unpool2d(Tensor input, Tensor indices, int[2] kernel_size, int[2]? stride=None, int[2] padding=0, int[]? output_size=None)",
        NN,
        "Puts each value back where max_pool2d found it; everything else is zero.",
        |a| value(unpool(a)),
        &["[2,2,1,1], i4[2,2,1,1], 2", "[2,1,1], i6[2,1,1], 2, None, 0, (2,3)"],
    ),
    op(
        "avg_pool1d(Tensor input, int[1] kernel_size, int[1]? stride=None, int[1] padding=0, bool ceil_mode=False, bool count_include_pad=True)",
        NN | TORCH,
        "Returns the average of each window of a signal (N, C, L) or (C, L). stride is kernel_size where it is not given.",
        |a| value(average::<1>(a, a.bool(5), None)),
        &["[2,2,5], 2", "[2,5], 3, 2, 1, True, False"],
    ),
    op(
        "avg_pool2d(Tensor input, int[2] kernel_size, int[2]? stride=None, int[2] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None)",
        NN,
        "Returns the average of each window of an image (N, C, H, W) or (C, H, W). Zeros of the padding count unless \
         count_include_pad=False; divisor_override divides by a number of your own.",
        |a| value(average::<2>(a, a.bool(5), a.int_opt(6))),
        &["[2,2,4,5], 2", "[2,5,4], (3,2), (1,2), 1, True, False", "[1,1,3,3], 2, 1, 1, False, True, 3"],
    ),
    op(
        "adaptive_avg_pool1d(Tensor input, any output_size)",
        NN | TORCH,
        "Averages a signal (N, C, L) over output_size windows that cover it.",
        |a| value(adaptive_average::<1>(a)),
        &["[2,2,5], 3", "[2,3], 5"],
    ),
    op(
        "adaptive_avg_pool2d(Tensor input, any output_size)",
        NN,
        "Averages an image (N, C, H, W) over windows that cover it, as many as output_size says (one number, or height \
         and width; None keeps a size).",
        |a| value(adaptive_average::<2>(a)),
        &["[2,2,4,5], 1", "[2,5,4], (3,None)", "[1,2,2,2], (3,3)"],
    ),
    op(
        "adaptive_max_pool1d(Tensor input, any output_size, bool return_indices=False)",
        NN,
        "Takes the maximum of a signal (N, C, L) over output_size windows that cover it.",
        |a| adaptive_maximum::<1>(a, a.bool(2)),
        &["~[2,2,5], 3", "~[2,3], 2, True"],
    ),
    op(
        "adaptive_max_pool2d(Tensor input, any output_size, bool return_indices=False)",
        NN,
        "Takes the maximum of an image (N, C, H, W) over windows that cover it, as many as output_size says.",
        |a| adaptive_maximum::<2>(a, a.bool(2)),
        &["~[2,2,4,5], 1", "~[2,5,4], (3,None), True"],
    ),
];

/// A tensor seen as planes (signals as images of height one): everything before the last `N` sizes counts planes.
struct Planes {
    lead: Shape,
    size: [usize; 2],
}

impl Planes {
    fn new<const N: usize>(t: &Tensor) -> Self {
        let (lead, size) = t.shape().split_at(t.rank() - N);
        let size = if N == 1 { [1, size[0]] } else { [size[0], size[1]] };
        Planes { lead: lead.into(), size }
    }

    /// The shape with planes of another size.
    fn shape<const N: usize>(&self, size: [usize; 2]) -> Shape {
        let mut shape = self.lead.clone();
        shape.extend_from_slice(&size[2 - N..]);
        shape
    }
}

/// Reads kernel size, stride and padding of `N` dimensions, with the sizes of a height of one where `N` is one.
struct Sizes {
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
    dilation: [usize; 2],
    ceil_mode: bool,
}

fn spread<const N: usize>(op: &str, name: &str, list: &[i64]) -> Result<[i64; N]> {
    match list {
        &[one] => Ok([one; N]),
        many => many.try_into().map_err(|_| {
            let omitted = if name == "stride" { "either be omitted, " } else { "either be " };
            let count = if N == 1 { "one int" } else { "two ints" };
            Error::Runtime(format!("{op}: {name} must {omitted}a single int, or a tuple of {count}"))
        }),
    }
}

impl Sizes {
    fn new<const N: usize>(
        op: &str,
        kernel: &[i64],
        stride: Option<&[i64]>,
        padding: &[i64],
        dilation: &[i64],
        ceil_mode: bool,
    ) -> Result<Self> {
        let kernel: [i64; N] = spread(op, "kernel_size", kernel)?;
        let stride: [i64; N] = match stride {
            None | Some([]) => kernel,
            Some(list) => spread(op, "stride", list)?,
        };
        let padding: [i64; N] = spread(op, "padding", padding)?;
        let dilation: [i64; N] = spread(op, "dilation", dilation)?;
        for axis in 0..N {
            let (k, s, p, d) = (kernel[axis], stride[axis], padding[axis], dilation[axis]);
            if k <= 0 {
                bail!("{op}() kernel_size must be greater than zero, but got {k}");
            }
            if s <= 0 {
                bail!("{op}() stride must be greater than zero, but got {s}");
            }
            if d <= 0 {
                bail!("{op}() dilation must be greater than zero, but got {d}");
            }
            if p < 0 {
                bail!("{op}() padding must be non-negative, but got {p}");
            }
            let extent = d.saturating_mul(k - 1).saturating_add(1);
            if p > extent / 2 {
                bail!(
                    "pad should be at most half of effective kernel size, but got pad={p}, kernel_size={k} and \
                     dilation={d}"
                );
            }
        }
        let planar = |sizes: [i64; N], height: usize| {
            let at = |axis: usize| sizes.get(axis).map_or(height, |&size| size as usize);
            if N == 1 { [height, at(0)] } else { [at(0), at(1)] }
        };
        Ok(Sizes {
            kernel: planar(kernel, 1),
            stride: planar(stride, 1),
            padding: planar(padding, 0),
            dilation: planar(dilation, 1),
            ceil_mode,
        })
    }

    fn windows<const N: usize>(&self, t: &Tensor, planes: &Planes) -> Result<Windows> {
        let count = |axis: usize| {
            let (kernel, stride) = (self.kernel[axis], self.stride[axis]);
            let (padding, dilation) = (self.padding[axis], self.dilation[axis]);
            max_pool::pooled_size(planes.size[axis], kernel, stride, padding, dilation, self.ceil_mode).unwrap_or(0)
        };
        let output = [count(0), count(1)];
        if output.contains(&0) {
            let channels = t.shape()[t.rank() - 1 - N];
            bail!(
                "Given input size: ({channels}x{}x{}). Calculated output size: ({channels}x{}x{}). Output size is too \
                 small",
                planes.size[0],
                planes.size[1],
                output[0],
                output[1]
            );
        }
        Ok(Windows {
            input: planes.size,
            kernel: self.kernel,
            stride: self.stride,
            padding: self.padding,
            dilation: self.dilation,
            output,
        })
    }
}

/// Checks the rank, and that only the batch may be empty.
fn check_input<const N: usize>(op: &str, t: &Tensor) -> Result<()> {
    let is_batched = t.rank() == N + 2;
    if !(is_batched || t.rank() == N + 1) || t.shape()[usize::from(is_batched)..].contains(&0) {
        bail!(
            "{op}: Expected {}D or {}D (batch mode) tensor with optional 0 dim batch size for input, but got:{}",
            N + 1,
            N + 2,
            Dims(t.shape())
        );
    }
    Ok(())
}

/// Runs an op on floats; integers go through float64, which is exact up to 2⁵³.
fn in_floats<R>(op: &'static str, t: &Tensor, run: impl Fn(&Tensor) -> Result<R>) -> Result<R> {
    match t.dtype() {
        DType::F32 | DType::F64 => run(t),
        DType::Bool => Err(Error::DTypeNotSupported { op, dtype: DType::Bool }),
        _ => run(&t.to_dtype(DType::F64)?),
    }
}

/// Where in its plane each value of a pooled tensor stood.
struct Places {
    places: Tensor,
    full: Shape,
    pooled: Shape,
    /// Elements of one plane before and after pooling.
    lens: [usize; 2],
}

impl LinearMap for Places {
    const OP: &'static str = "max_pool";

    fn grad_names(&self) -> [&'static str; 2] {
        ["GatherBackward0", "MaxPool2DWithIndicesBackwardBackward0"]
    }

    fn shapes(&self) -> [&[usize]; 2] {
        [&self.full, &self.pooled]
    }

    fn forward<T: Element + Real>(&self, input: &[T], out: &mut [T]) -> Result<()> {
        max_pool::take(self.lens[0], self.lens[1], input, &self.places.dense::<i64>()?, out);
        Ok(())
    }

    fn transposed<T: Element + Real>(&self, grad: &[T], out: &mut [T]) -> Result<()> {
        max_pool::backward(self.lens[0], self.lens[1], grad, &self.places.dense::<i64>()?, out);
        Ok(())
    }
}

/// Records `values` as what stands at `places` in `t`.
fn record_places(values: Tensor, places: &Tensor, t: &Tensor, lens: [usize; 2], name: &'static str) -> Tensor {
    let pooled = Shape::from(values.shape());
    record(values, name, [t], || {
        let (full, places) = (Shape::from(t.shape()), Saved::constant(places));
        move |cx| {
            let map = Places { places: places.get(cx)?, full: full.clone(), pooled: pooled.clone(), lens };
            grads![cx.when(0, || linear_map::apply(&Arc::new(map), &cx.grad()?, true))?]
        }
    })
}

fn with_indices(values: Tensor, places: Tensor, dtype: DType, return_indices: bool) -> Result<Value> {
    let values = values.to_dtype(dtype)?;
    Ok(if return_indices { (values, places).into() } else { values.into() })
}

fn maximum<const N: usize>(a: &Args, return_indices: bool) -> Result<Value> {
    fn data<T: Element + Real>(t: &Tensor, windows: &Windows, shape: &[usize]) -> Result<(Tensor, Tensor)> {
        let mut values = filled::<T>(shape, T::ZERO)?;
        let mut places = filled::<i64>(shape, 0)?;
        max_pool::forward(windows, &t.dense::<T>()?, &mut values, &mut places);
        Ok((Tensor::from_parts(values, shape), Tensor::from_parts(places, shape)))
    }
    let op = if N == 1 { "max_pool1d" } else { "max_pool2d" };
    let name = if N == 1 { "SqueezeBackward1" } else { "MaxPool2DWithIndicesBackward0" };
    let t = a.tensor(0);
    let stride = a.ints_opt(2);
    let sizes = Sizes::new::<N>(op, &a.ints(1), stride.as_deref(), &a.ints(3), &a.ints(4), a.bool(5))?;
    check_input::<N>(op, t)?;
    let planes = Planes::new::<N>(t);
    let windows = sizes.windows::<N>(t, &planes)?;
    let shape = planes.shape::<N>(windows.output);
    let (values, places) = in_floats(op, t, |t| {
        let (values, places) = crate::for_float!(t.dtype(), T => data::<T>(t, &windows, &shape)?, _ => {
            return Err(Error::DTypeNotSupported { op: "max_pool", dtype: t.dtype() })
        });
        let lens = [windows.input_len(), windows.output_len()];
        Ok((record_places(values, &places, t, lens, name), places))
    })?;
    with_indices(values, places, t.dtype(), return_indices)
}

fn unpool(a: &Args) -> Result<Tensor> {
    let (t, indices) = (a.tensor(0), a.tensor(1));
    let op = "max_unpool2d";
    let stride = a.ints_opt(3);
    let kernel: [i64; 2] = spread(op, "kernel_size", &a.ints(2))?;
    let stride: [i64; 2] = stride.filter(|s| !s.is_empty()).map_or(Ok(kernel), |s| spread(op, "stride", &s))?;
    let padding: [i64; 2] = spread(op, "padding", &a.ints(4))?;
    check_input::<2>(op, t)?;
    if indices.dtype() != DType::I64 {
        bail!("elements in indices should be type int64 but got: {}", indices.dtype().torch_name());
    }
    if indices.shape() != t.shape() {
        bail!(
            "Expected shape of indices to be same as that of the input tensor ({}) but got indices tensor with shape: {}",
            Dims(t.shape()),
            Dims(indices.shape())
        );
    }
    let planes = Planes::new::<2>(t);
    let mut size = [0i64; 2];
    for axis in 0..2 {
        // (n − 1)·s − 2p + k, the size that pooling came from when nothing was rounded off.
        let n = i128::from(planes.size[axis] as i64) - 1;
        let default = n * i128::from(stride[axis]) - 2 * i128::from(padding[axis]) + i128::from(kernel[axis]);
        size[axis] = i64::try_from(default).unwrap_or(-1);
    }
    if let Some(wanted) = a.ints_opt(5) {
        let wanted = &wanted[wanted.len().saturating_sub(2)..];
        let Ok(wanted) = <[i64; 2]>::try_from(wanted) else {
            bail!(Value: "output_size should be a sequence containing 2 or 4 elements, but it has a length of '{}'", wanted.len());
        };
        for axis in 0..2 {
            let (low, high) = (size[axis].saturating_sub(stride[axis]), size[axis].saturating_add(stride[axis]));
            if !(low < wanted[axis] && wanted[axis] < high) {
                bail!(Value:
                    "invalid output_size \"{}\" (dim {axis} must be between {low} and {high})", Dims(&wanted)
                );
            }
        }
        size = wanted;
    }
    if size.iter().any(|&size| size <= 0) {
        bail!("{op}: the output size must be positive, but got {}", Dims(&size));
    }
    let size = size.map(|size| size as usize);
    let shape = planes.shape::<2>(size);
    let image_len = size[0].checked_mul(size[1]);
    crate::shape::checked_numel(&shape)?;
    let lens = [image_len.unwrap_or(0), planes.size[0] * planes.size[1]];
    let places = indices.detach();
    in_floats(op, t, |t| {
        let out = crate::for_float!(t.dtype(), T => {
            let mut out = filled::<T>(&shape, 0.0)?;
            if !max_pool::put::<T>(lens[0], lens[1], &t.dense::<T>()?, &places.dense::<i64>()?, &mut out) {
                let outside = places.to_vec::<i64>()?.into_iter().find(|&p| p < 0 || p >= lens[0] as i64);
                bail!(
                    "Found an invalid max index: {} (output volumes are of size {}x{})",
                    outside.unwrap_or(0), size[0], size[1]
                );
            }
            Tensor::from_parts(out, &shape)
        }, _ => return Err(Error::DTypeNotSupported { op: "max_unpool2d", dtype: t.dtype() }));
        Ok(record(out, "MaxUnpool2DBackward0", [t], || {
            let (places, full, pooled) = (Saved::constant(&places), shape.clone(), Shape::from(t.shape()));
            move |cx| {
                let map = Places { places: places.get(cx)?, full: full.clone(), pooled: pooled.clone(), lens };
                grads![cx.when(0, || linear_map::apply(&Arc::new(map), &cx.grad()?, false))?]
            }
        }))
    })?
    .to_dtype(t.dtype())
}

/// The average of each window.
pub(super) struct Average {
    pub(super) windows: Windows,
    pub(super) divisor: Divisor,
    pub(super) input: Shape,
    pub(super) output: Shape,
    /// Pools a signal: torch does that as an image of height one, which it squeezes again.
    pub(super) is_signal: bool,
}

impl LinearMap for Average {
    const OP: &'static str = "avg_pool2d";

    fn grad_names(&self) -> [&'static str; 2] {
        [if self.is_signal { "SqueezeBackward1" } else { "AvgPool2DBackward0" }, "AvgPool2DBackwardBackward0"]
    }

    fn shapes(&self) -> [&[usize]; 2] {
        [&self.input, &self.output]
    }

    fn forward<T: Element + Real>(&self, input: &[T], out: &mut [T]) -> Result<()> {
        avg_pool::forward(&self.windows, self.divisor, input, out);
        Ok(())
    }

    fn transposed<T: Element + Real>(&self, grad: &[T], out: &mut [T]) -> Result<()> {
        avg_pool::backward(&self.windows, self.divisor, grad, out);
        Ok(())
    }
}

fn average<const N: usize>(a: &Args, count_include_pad: bool, divisor: Option<i64>) -> Result<Tensor> {
    let op = if N == 1 { "avg_pool1d" } else { "avg_pool2d" };
    let t = a.tensor(0);
    let stride = a.ints_opt(2);
    let sizes = Sizes::new::<N>(op, &a.ints(1), stride.as_deref(), &a.ints(3), &[1], a.bool(4))?;
    check_input::<N>(op, t)?;
    let divisor = match divisor {
        Some(0) => bail!("divisor must be not zero"),
        Some(divisor) => Divisor::Fixed(divisor as f64),
        None if count_include_pad => Divisor::Padded,
        None => Divisor::Inside,
    };
    let planes = Planes::new::<N>(t);
    let windows = sizes.windows::<N>(t, &planes)?;
    let output = planes.shape::<N>(windows.output);
    let map = Arc::new(Average { windows, divisor, input: t.shape().into(), output, is_signal: N == 1 });
    in_floats(op, t, |t| linear_map::apply(&map, t, false))?.to_dtype(t.dtype())
}

/// Reads an output size: one number for all, or one for each dimension; None keeps a size.
fn output_size<const N: usize>(op: &str, value: &Value, planes: &Planes) -> Result<[usize; 2]> {
    let entries: Vec<Value> = match value {
        Value::List(items) if items.len() == 1 && N == 2 => bail!("{op}: output_size must be 2"),
        Value::List(items) => items.clone(),
        one => vec![one.clone(); N],
    };
    if entries.len() != N {
        bail!("{op}: output_size must be {N} number{}, but got {}", if N == 1 { "" } else { "s" }, entries.len());
    }
    let mut size = [1; 2];
    for (axis, entry) in entries.iter().enumerate() {
        let axis = axis + 2 - N;
        size[axis] = match entry {
            Value::None => planes.size[axis],
            Value::Int(n) if *n >= 0 => *n as usize,
            Value::Int(n) => {
                bail!("{op}: elements of output_size must be greater than or equal to 0 but received {{{n}}}")
            }
            other => bail!(Type:
                "{op}(): argument 'output_size' must be int, tuple of ints or None, not {}", other.type_name()
            ),
        };
    }
    Ok(size)
}

fn check_adaptive<const N: usize>(op: &'static str, t: &Tensor) -> Result<()> {
    if t.rank() != N + 1 && t.rank() != N + 2 {
        bail!("{op}(): Expected {}D or {}D tensor, but got {}", N + 1, N + 2, Dims(t.shape()));
    }
    let first = t.rank() - N;
    if let Some(axis) = (first..t.rank()).find(|&axis| t.shape()[axis] == 0) {
        bail!(
            "{op}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes {} with \
             dimension {axis} being empty",
            Dims(t.shape())
        );
    }
    if !t.dtype().is_float() {
        return Err(Error::DTypeNotSupported { op, dtype: t.dtype() });
    }
    Ok(())
}

struct AdaptiveAverage {
    sizes: [[usize; 2]; 2],
    input: Shape,
    output: Shape,
    is_signal: bool,
}

impl LinearMap for AdaptiveAverage {
    const OP: &'static str = "adaptive_avg_pool2d";

    fn grad_names(&self) -> [&'static str; 2] {
        let name = match self.sizes {
            _ if self.is_signal => "SqueezeBackward1",
            [_, [1, 1]] => "MeanBackward1",
            _ => "AdaptiveAvgPool2DBackward0",
        };
        [name, "AdaptiveAvgPool2DBackwardBackward0"]
    }

    fn shapes(&self) -> [&[usize]; 2] {
        [&self.input, &self.output]
    }

    fn forward<T: Element + Real>(&self, input: &[T], out: &mut [T]) -> Result<()> {
        adaptive_pool::average(self.sizes[0], self.sizes[1], input, out);
        Ok(())
    }

    fn transposed<T: Element + Real>(&self, grad: &[T], out: &mut [T]) -> Result<()> {
        // Without windows there is nothing to add, and the zeros of `out` stand.
        if !grad.is_empty() {
            adaptive_pool::average_backward(self.sizes[0], self.sizes[1], grad, out);
        }
        Ok(())
    }
}

fn adaptive_average<const N: usize>(a: &Args) -> Result<Tensor> {
    let op = if N == 1 { "adaptive_avg_pool1d" } else { "adaptive_avg_pool2d" };
    average_to::<N>(op, a.tensor(0), a.value(1))
}

/// Averages over as many windows as `size` says: what `interpolate` calls the mode "area", too.
pub(super) fn average_to<const N: usize>(op: &'static str, t: &Tensor, size: &Value) -> Result<Tensor> {
    check_adaptive::<N>(op, t)?;
    let planes = Planes::new::<N>(t);
    let size = output_size::<N>(op, size, &planes)?;
    let output = planes.shape::<N>(size);
    crate::shape::checked_numel(&output)?;
    let map = AdaptiveAverage { sizes: [planes.size, size], input: t.shape().into(), output, is_signal: N == 1 };
    linear_map::apply(&Arc::new(map), t, false)
}

fn adaptive_maximum<const N: usize>(a: &Args, return_indices: bool) -> Result<Value> {
    let op = if N == 1 { "adaptive_max_pool1d" } else { "adaptive_max_pool2d" };
    let t = a.tensor(0);
    check_adaptive::<N>(op, t)?;
    let planes = Planes::new::<N>(t);
    let size = output_size::<N>(op, a.value(1), &planes)?;
    let shape = planes.shape::<N>(size);
    let (values, places) = crate::for_float!(t.dtype(), T => {
        let mut values = filled::<T>(&shape, 0.0)?;
        let mut places = filled::<i64>(&shape, 0)?;
        adaptive_pool::maximum::<T>(planes.size, size, &t.dense::<T>()?, &mut values, &mut places);
        (Tensor::from_parts(values, &shape), Tensor::from_parts(places, &shape))
    }, _ => return Err(Error::DTypeNotSupported { op, dtype: t.dtype() }));
    let lens = [planes.size, size].map(|[height, width]| height.saturating_mul(width));
    let name = if N == 1 { "SqueezeBackward1" } else { "AdaptiveMaxPool2DBackward0" };
    let values = record_places(values, &places, t, lens, name);
    with_indices(values, places, t.dtype(), return_indices)
}

#[cfg(test)]
mod tests {
    use crate::ops::{Value, table};
    use crate::{DType, Tensor};

    fn call(name: &str, arguments: &[Value], keywords: &[(&str, Value)]) -> crate::Result<Value> {
        table().functional[name].call(arguments, keywords, false)
    }

    fn numbers(shape: &[usize]) -> Value {
        let len = shape.iter().product::<usize>();
        Tensor::from_vec((0..len).map(|i| i as f32).collect(), shape).unwrap().into()
    }

    #[test]
    fn a_maximum_comes_with_its_place_in_the_plane() {
        let arguments = [numbers(&[1, 2, 4, 4]), Value::Int(2)];
        let Value::List(both) = call("max_pool2d", &arguments, &[("return_indices", Value::Bool(true))]).unwrap()
        else {
            panic!("two tensors");
        };
        let [Value::Tensor(values), Value::Tensor(places)] = &both[..] else { panic!("two tensors") };
        assert_eq!(values.to_vec::<f32>().unwrap(), [5.0, 7.0, 13.0, 15.0, 21.0, 23.0, 29.0, 31.0]);
        assert_eq!(places.to_vec::<i64>().unwrap(), [5, 7, 13, 15, 5, 7, 13, 15]);
        let back = [values.clone().into(), places.clone().into(), Value::Int(2)];
        let Value::Tensor(back) = call("max_unpool2d", &back, &[]).unwrap() else { panic!("a tensor") };
        assert_eq!(back.shape(), [1, 2, 4, 4]);
        assert_eq!(back.to_vec::<f32>().unwrap().iter().sum::<f32>(), 144.0);
    }

    #[test]
    fn integers_are_pooled_as_integers() {
        let t = Tensor::from_vec(vec![1i64, 2, 3, 5], &[1, 2, 2]).unwrap();
        let Value::Tensor(y) = call("avg_pool2d", &[t.into(), Value::Int(2)], &[]).unwrap() else { panic!("a tensor") };
        assert_eq!((y.dtype(), y.to_vec::<i64>().unwrap()), (DType::I64, vec![2]));
    }

    #[test]
    fn odd_sizes_are_refused_with_a_message() {
        let image = numbers(&[1, 2, 4, 4]);
        let huge = Value::Int(i64::MAX);
        for (name, arguments) in [
            ("max_pool2d", vec![numbers(&[4, 4]), Value::Int(2)]),
            ("max_pool2d", vec![image.clone(), Value::Int(0)]),
            ("max_pool2d", vec![image.clone(), Value::Int(5)]),
            ("max_pool2d", vec![image.clone(), huge.clone()]),
            ("max_pool2d", vec![image.clone(), Value::Int(2), Value::Int(1), Value::Int(2)]),
            ("avg_pool2d", vec![image.clone(), Value::Int(2), Value::Int(-1)]),
            ("avg_pool2d", vec![image.clone(), Value::List(vec![Value::Int(2); 3])]),
            ("avg_pool1d", vec![image.clone(), Value::Int(2)]),
            ("adaptive_avg_pool2d", vec![image.clone(), Value::Int(-1)]),
            ("adaptive_avg_pool2d", vec![image.clone(), Value::List(vec![huge.clone(); 2])]),
            ("adaptive_avg_pool2d", vec![numbers(&[1, 2, 0, 4]), Value::Int(1)]),
            ("adaptive_max_pool2d", vec![image.clone(), Value::Float(1.5)]),
        ] {
            assert!(call(name, &arguments, &[]).is_err(), "{name} {arguments:?}");
        }
    }
}
