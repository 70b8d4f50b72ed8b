//! Resizing of signals and images. Every mode is linear in its input (see `linear_map` and `kernels::interpolate`).

use std::sync::Arc;

use super::linear_map::{self, LinearMap};
use super::value::{Args, Value};
use super::{NN, OpDef, op, pool, value};
use crate::bail;
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::kernels::Real;
use crate::kernels::interpolate::{self as kernel, Tap};
use crate::shape::{Dims, Shape};
use crate::tensor::Tensor;

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "interpolate(Tensor input, any size=None, any scale_factor=None, str mode='nearest', bool? align_corners=None, bool? recompute_scale_factor=None, bool antialias=False)",
        NN,
        "Resizes a signal (N, C, L) or an image (N, C, H, W) to size, or by scale_factor. mode: 'nearest', \
         'nearest-exact', 'linear' (signals), 'bilinear' (images), or 'area' (averages). align_corners=True puts the \
         outermost points on one another.",
        |a| value(interpolate(a, "interpolate")),
        &[
            "[1,2,3], 5",
            "[1,2,2,3], (4,5)",
            "[1,2,4], None, 1.7, 'linear'",
            "[1,1,3,4], (5,3), None, 'bilinear'",
            "[1,1,3,4], (5,7), None, 'bilinear', True",
            "[1,2,3,3], None, (2.0,0.7), 'nearest-exact'",
            "[1,1,4,4], 3, None, 'area'",
            "[1,1,3,3], None, 1.5, 'bilinear', False, True",
        ],
    ),
    op(
        "upsample(Tensor input, any size=None, any scale_factor=None, str mode='nearest', bool? align_corners=None)",
        NN,
        "The older name of interpolate.",
        |a| value(interpolate(a, "upsample")),
        &["[1,2,2,3], None, 2"],
    ),
];

/// Resizing by two neighbours along each axis.
struct Resize {
    size: [usize; 2],
    /// The sources along rows and columns; in single precision the positions are rounded as torch rounds them.
    single: [Vec<Tap<f32>>; 2],
    double: [Vec<Tap<f64>>; 2],
    input: Shape,
    output: Shape,
    names: [&'static str; 2],
}

impl Resize {
    /// The taps of a type, made on demand for the one that is in use.
    fn taps<T: Element + Real>(&self) -> [Vec<Tap<T>>; 2] {
        fn convert<A: Real, B: Real>(taps: &[Tap<A>]) -> Vec<Tap<B>> {
            let convert = |tap: &Tap<A>| Tap { low: tap.low, high: tap.high, weight: B::from_f64(tap.weight.to_f64()) };
            taps.iter().map(convert).collect()
        }
        match T::DTYPE {
            DType::F32 => [convert(&self.single[0]), convert(&self.single[1])],
            _ => [convert(&self.double[0]), convert(&self.double[1])],
        }
    }
}

impl LinearMap for Resize {
    const OP: &'static str = "upsample";

    fn grad_names(&self) -> [&'static str; 2] {
        self.names
    }

    fn shapes(&self) -> [&[usize]; 2] {
        [&self.input, &self.output]
    }

    fn forward<T: Element + Real>(&self, input: &[T], out: &mut [T]) -> Result<()> {
        let [rows, columns] = self.taps::<T>();
        kernel::forward(self.size, &rows, &columns, input, out);
        Ok(())
    }

    fn transposed<T: Element + Real>(&self, grad: &[T], out: &mut [T]) -> Result<()> {
        let [rows, columns] = self.taps::<T>();
        kernel::backward(self.size, &rows, &columns, grad, out);
        Ok(())
    }
}

/// Reads one number, or one for each dimension.
fn numbers(name: &str, value: &Value, count: usize, t: &Tensor) -> Result<Option<Vec<f64>>> {
    let number = |value: &Value| match value {
        Value::Int(n) => Ok(*n as f64),
        Value::Float(n) => Ok(*n),
        other => Err(Error::Type(format!(
            "interpolate(): argument '{name}' must be a number or a tuple of numbers, not {}",
            other.type_name()
        ))),
    };
    match value {
        Value::None => Ok(None),
        Value::List(items) if items.len() != count => bail!(Value:
            "Input and {name} must have the same number of spatial dimensions, but got input with spatial dimensions \
             of {} and {} numbers for {name}. Please provide input tensor in (N, C, d1, d2, ...,dK) format.",
            Dims(&t.shape()[2..]),
            items.len()
        ),
        Value::List(items) => items.iter().map(number).collect::<Result<_>>().map(Some),
        one => Ok(Some(vec![number(one)?; count])),
    }
}

fn interpolate(a: &Args, op: &str) -> Result<Tensor> {
    let (t, mode, align_corners) = (a.tensor(0), a.str(3), a.bool_opt(4));
    let (recompute, antialias) = if op == "upsample" { (None, false) } else { (a.bool_opt(5), a.bool(6)) };
    let mode = mode.to_owned();
    match mode.as_str() {
        "nearest" | "nearest-exact" | "area" if align_corners.is_some() => bail!(Value:
            "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear"
        ),
        "nearest" | "nearest-exact" | "area" | "linear" | "bilinear" => {}
        "bicubic" | "trilinear" | "lanczos" => {
            bail!(NotImplemented: "{op}: mode='{mode}' is not available in Lyceum; use 'nearest', 'linear', 'bilinear' or 'area'")
        }
        _ => bail!(NotImplemented:
            "Input Error: Only 3D and 4D input Tensors supported (got {}D) for the modes: nearest | linear | bilinear | \
             area | nearest-exact (got {mode})",
            t.rank()
        ),
    }
    if !matches!(t.rank(), 3 | 4) {
        bail!(NotImplemented:
            "Input Error: Only 3D and 4D input Tensors supported (got {}D) for the modes: nearest | linear | bilinear | \
             area | nearest-exact (got {mode})",
            t.rank()
        );
    }
    match (mode.as_str(), t.rank()) {
        ("linear", 4) => bail!(NotImplemented: "Got 4D input, but linear mode needs 3D input"),
        ("bilinear", 3) => bail!(NotImplemented: "Got 3D input, but bilinear mode needs 4D input"),
        _ => {}
    }
    if antialias {
        if mode != "bilinear" {
            bail!(Value:
                "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input"
            );
        }
        bail!(NotImplemented: "{op}: antialias=True is not available in Lyceum");
    }
    let count = t.rank() - 2;
    let sizes = numbers("output size", a.value(1), count, t)?;
    let factors = numbers("scale_factor", a.value(2), count, t)?;
    let spatial = &t.shape()[2..];
    let (size, scales): (Vec<i64>, Vec<Option<f64>>) = match (sizes, factors) {
        (Some(_), Some(_)) => bail!(Value: "only one of size or scale_factor should be defined"),
        (None, None) => bail!(Value: "either size or scale_factor should be defined"),
        (Some(_), None) if recompute == Some(true) => {
            bail!(Value: "recompute_scale_factor is not meaningful with an explicit size.")
        }
        (Some(sizes), None) => (sizes.iter().map(|&size| size as i64).collect(), vec![None; count]),
        (None, Some(factors)) => {
            let size = spatial.iter().zip(&factors).map(|(&n, &factor)| (n as f64 * factor).floor() as i64);
            let keep = recompute != Some(true);
            (size.collect(), factors.iter().map(|&factor| keep.then_some(factor)).collect())
        }
    };
    if size.iter().any(|&size| size <= 0) || spatial.contains(&0) {
        bail!(
            "Input and output sizes should be greater than 0, but got input {} output {}",
            Dims(spatial),
            Dims(&size)
        );
    }
    if t.shape()[1] == 0 {
        bail!("Non-empty {}D data tensor expected but got a tensor with sizes {}", t.rank(), Dims(t.shape()));
    }
    if mode == "area" {
        let size = Value::List(size.into_iter().map(Value::Int).collect());
        return if count == 1 {
            pool::average_to::<1>("adaptive_avg_pool1d", t, &size)
        } else {
            pool::average_to::<2>("adaptive_avg_pool2d", t, &size)
        };
    }
    let mut output = Shape::from(&t.shape()[..2]);
    output.extend(size.iter().map(|&size| size as usize));
    crate::shape::checked_numel(&output)?;
    // Asked before the tables of an axis are made, which a huge size would fill the memory with.
    for &n in &output[2..] {
        drop(crate::storage::allocate::<f64>(&[n.saturating_mul(3)])?);
    }
    let taken = |axis: usize| (spatial[axis], output[2 + axis], scales[axis]);
    let align_corners = align_corners.unwrap_or(false);
    fn taps<R: Real>(
        (input, output, scale): (usize, usize, Option<f64>),
        mode: &str,
        align_corners: bool,
    ) -> Vec<Tap<R>> {
        match mode {
            "nearest" => kernel::nearest_taps(input, output, scale, false),
            "nearest-exact" => kernel::nearest_taps(input, output, scale, true),
            _ => kernel::linear_taps(input, output, align_corners, scale),
        }
    }
    fn both<R: Real>(
        axes: [Option<(usize, usize, Option<f64>)>; 2],
        mode: &str,
        align_corners: bool,
    ) -> [Vec<Tap<R>>; 2] {
        // A signal is an image of height one, which stays as it is.
        let alone = || vec![Tap { low: 0, high: 0, weight: R::ZERO }];
        axes.map(|axis| axis.map_or_else(alone, |axis| taps(axis, mode, align_corners)))
    }
    let axes = if count == 1 { [None, Some(taken(0))] } else { [Some(taken(0)), Some(taken(1))] };
    let is_single = t.dtype() == DType::F32;
    let map = Resize {
        size: if count == 1 { [1, spatial[0]] } else { [spatial[0], spatial[1]] },
        single: if is_single { both(axes, &mode, align_corners) } else { [Vec::new(), Vec::new()] },
        double: if is_single { [Vec::new(), Vec::new()] } else { both(axes, &mode, align_corners) },
        input: t.shape().into(),
        output: output.clone(),
        names: match (mode.as_str(), count) {
            ("nearest", 1) => ["UpsampleNearest1DBackward0", "UpsampleNearest1DBackwardBackward0"],
            ("nearest", _) => ["UpsampleNearest2DBackward0", "UpsampleNearest2DBackwardBackward0"],
            ("nearest-exact", 1) => ["UpsampleNearestExact1DBackward0", "UpsampleNearestExact1DBackwardBackward0"],
            ("nearest-exact", _) => ["UpsampleNearestExact2DBackward0", "UpsampleNearestExact2DBackwardBackward0"],
            ("linear", _) => ["UpsampleLinear1DBackward0", "UpsampleLinear1DBackwardBackward0"],
            _ => ["UpsampleBilinear2DBackward0", "UpsampleBilinear2DBackwardBackward0"],
        },
    };
    match t.dtype() {
        // Pixels: computed in float64 and rounded, which for the nearest neighbour changes nothing.
        DType::U8 => {
            let out = linear_map::apply(&Arc::new(map), &t.to_dtype(DType::F64)?, false)?;
            let rounded: Vec<u8> = out.to_vec::<f64>()?.iter().map(|v| v.round() as u8).collect();
            Tensor::from_vec(rounded, out.shape())
        }
        _ => linear_map::apply(&Arc::new(map), t, false),
    }
}

#[cfg(test)]
mod tests {
    use crate::Tensor;
    use crate::ops::{Value, table};

    fn call(t: &Tensor, keywords: &[(&str, Value)]) -> crate::Result<Tensor> {
        match table().functional["interpolate"].call(&[t.clone().into()], keywords, false)? {
            Value::Tensor(t) => Ok(t),
            other => panic!("{}", other.type_name()),
        }
    }

    #[test]
    fn the_modes_agree_with_values_worked_out_by_hand() {
        let t = Tensor::from_vec(vec![0f32, 1.0], &[1, 1, 2]).unwrap();
        let mode = |mode: &str| ("mode", Value::Str(mode.into()));
        let size = ("size", Value::Int(4));
        let values = |keywords: &[(&str, Value)]| call(&t, keywords).unwrap().to_vec::<f32>().unwrap();
        assert_eq!(values(std::slice::from_ref(&size)), [0.0, 0.0, 1.0, 1.0]);
        assert_eq!(values(&[size.clone(), mode("linear")]), [0.0, 0.25, 0.75, 1.0]);
        let aligned = values(&[size.clone(), mode("linear"), ("align_corners", Value::Bool(true))]);
        assert!(aligned.iter().zip([0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0]).all(|(a, b)| (a - b).abs() < 1e-6));
        assert_eq!(values(&[("size", Value::Int(1)), mode("area")]), [0.5]);
    }

    #[test]
    fn bad_arguments_are_refused() {
        let t = Tensor::from_vec(vec![0f32; 16], &[1, 1, 4, 4]).unwrap();
        for keywords in [
            vec![],
            vec![("size", Value::Int(0))],
            vec![("size", Value::Int(i64::MAX))],
            vec![("size", Value::Float(f64::NAN))],
            vec![("scale_factor", Value::Float(f64::INFINITY))],
            vec![("scale_factor", Value::Float(-1.0))],
            vec![("size", Value::List(vec![Value::Int(2); 3]))],
            vec![("size", Value::Str("large".into()))],
            vec![("size", Value::Int(2)), ("mode", Value::Str("linear".into()))],
            vec![("size", Value::Int(2)), ("align_corners", Value::Bool(true))],
        ] {
            assert!(call(&t, &keywords).is_err(), "{keywords:?}");
        }
    }
}
