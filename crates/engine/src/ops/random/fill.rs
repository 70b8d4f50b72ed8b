//! Filling a tensor with random numbers in place.

use super::{draw_like, memory_order, record_random};
use crate::autograd::inplace;
use crate::bail;
use crate::dtype::DType;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::ops::view;
use crate::random::{self, Draw, Generator, Real, SharedGenerator};
use crate::tensor::Tensor;

/// Fills a tensor in the order of its memory, and gives it the history of a tensor that no longer depends on what it
/// was.
fn fill<T: Element>(
    target: &Tensor,
    name: &'static str,
    generator: &SharedGenerator,
    draw: impl FnOnce(&mut Generator, &mut [T]) -> Result<()>,
) -> Result<Tensor> {
    let tracked = inplace::check_writable(target)?;
    if target.shape().iter().zip(target.strides()).any(|(&size, &stride)| size > 1 && stride == 0) {
        bail!(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory \
             location. Please clone() the tensor before performing the operation."
        );
    }
    if !tracked && target.is_contiguous() {
        let mut outcome = Ok(());
        target.write_with::<T>(|memory, _| outcome = draw(&mut generator.lock(), memory));
        outcome?;
    } else {
        let drawn = draw_like::<T>(target, |values| draw(&mut generator.lock(), values))?;
        inplace::assign(target, &record_random(drawn, name, [target]))?;
    }
    Ok(target.clone())
}

pub(super) fn unsupported(op: &'static str, t: &Tensor) -> Error {
    Error::DTypeNotSupported { op, dtype: t.dtype() }
}

/// The name that torch's messages have for a dtype here.
fn c_name(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "bool",
        DType::U8 => "unsigned char",
        DType::I32 => "int",
        DType::I64 => "long int",
        DType::F16 => "c10::Half",
        DType::BF16 => "c10::BFloat16",
        DType::F32 => "float",
        DType::F64 => "double",
    }
}

/// The largest finite value of a float dtype.
fn largest_float(dtype: DType) -> f64 {
    if dtype == DType::F64 { f64::MAX } else { f64::from(f32::MAX) }
}

/// Checks the ends of a uniform distribution.
pub(super) fn check_uniform(dtype: DType, from: f64, to: f64) -> Result<()> {
    if !dtype.is_float() {
        return Err(Error::DTypeNotSupported { op: "check_uniform_bounds", dtype });
    }
    let largest = largest_float(dtype);
    for (end, name) in [(from, "from"), (to, "to")] {
        if !(-largest..=largest).contains(&end) {
            bail!("uniform_: {name} is out of bounds for {}: {end}", c_name(dtype));
        }
    }
    if from > to {
        bail!("uniform_ expects to return a [from, to) range, but found from={from} > to={to}");
    }
    if to - from > largest {
        bail!(
            "uniform_ expects to-from to be at most the largest {}, but found to={to} and from={from}",
            c_name(dtype)
        );
    }
    Ok(())
}

/// Checks the standard deviation of a normal distribution.
pub(super) fn check_std(std: f64) -> Result<()> {
    if std.is_nan() || std < 0.0 {
        bail!("normal expects std >= 0.0, but found std {std}");
    }
    Ok(())
}

/// Fills with uniform values in `[from, to)`.
pub fn uniform_(target: &Tensor, from: f64, to: f64, generator: &SharedGenerator) -> Result<Tensor> {
    check_uniform(target.dtype(), from, to)?;
    crate::for_float!(target.dtype(), T => fill::<T>(target, "UniformBackward0", generator, |generator, out| {
        random::uniform(generator, out, from, to);
        Ok(())
    }), _ => Err(unsupported("check_uniform_bounds", target)))
}

/// Fills with normal values.
pub fn normal_(target: &Tensor, mean: f64, std: f64, generator: &SharedGenerator) -> Result<Tensor> {
    check_std(std)?;
    if target.numel() == 0 {
        return Ok(target.clone());
    }
    crate::for_float!(target.dtype(), T => fill::<T>(target, "NormalBackward0", generator, |generator, out| {
        normal_in_order(generator, out, mean, std, target.is_contiguous());
        Ok(())
    }), _ => Err(unsupported("normal_kernel_cpu", target)))
}

/// Draws normal values by the way that torch takes for a tensor that is contiguous or not.
pub(super) fn normal_in_order<T: Real>(
    generator: &mut Generator,
    out: &mut [T],
    mean: f64,
    std: f64,
    is_contiguous: bool,
) {
    if is_contiguous {
        random::normal(generator, out, mean, std);
    } else {
        random::normal_serial(generator, out, mean, std);
    }
}

/// Fills with integers from 0 to the largest that the dtype holds with all below it.
pub fn random_(target: &Tensor, generator: &SharedGenerator) -> Result<Tensor> {
    crate::for_dtype!(target.dtype(), T => fill::<T>(target, "RandomBackward2", generator, |generator, out| {
        random::random(generator, out);
        Ok(())
    }))
}

/// Fills with integers of `[from, to)`; without `to`, up to the dtype's largest.
pub fn random_between_(
    target: &Tensor,
    from: i64,
    to: Option<i64>,
    name: &'static str,
    generator: &SharedGenerator,
) -> Result<Tensor> {
    let dtype = target.dtype();
    let range = crate::for_dtype!(dtype, T => IntegerRange::new::<T>(dtype, from, to)?);
    crate::for_dtype!(dtype, T => fill::<T>(target, name, generator, |generator, out| {
        range.draw(generator, out);
        Ok(())
    }))
}

/// A range of integers that a dtype can hold.
#[derive(Clone, Copy)]
pub(super) enum IntegerRange {
    /// `range` values from `from` on.
    Part { from: i64, range: u64 },
    /// All of 64 bits.
    Full,
}

impl IntegerRange {
    /// Checks the ends of `[from, to)`, or of all from `from` on.
    pub(super) fn new<T: Draw>(dtype: DType, from: i64, to: Option<i64>) -> Result<IntegerRange> {
        let (from, last) = match to {
            Some(to) => {
                let (inner_from, inner_to) = T::representable_range(from, to);
                if from >= to || inner_from >= inner_to {
                    bail!("random_ expects 'from' to be less than 'to', but got from={from} >= to={to}");
                }
                (inner_from, inner_to - 1)
            }
            None if from == i64::MIN => {
                if !dtype.is_float() && dtype != DType::I64 {
                    bail!("random_ over all 64 bits needs int64, float32 or float64, but got {dtype}");
                }
                return Ok(IntegerRange::Full);
            }
            None => {
                let from = T::representable_range(from, i64::MAX).0;
                if dtype.is_float() && from >= T::LARGEST {
                    bail!("random_ expects 'from' to be less than {}, but got from={from}", T::LARGEST);
                }
                (from, T::LARGEST)
            }
        };
        let (lowest, highest) = match dtype {
            DType::Bool => (0, 1),
            DType::U8 => (0, i64::from(u8::MAX)),
            DType::I32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
            DType::F16 => (-65_504, 65_504),
            DType::I64 | DType::BF16 | DType::F32 | DType::F64 => (i64::MIN, i64::MAX),
        };
        if !(lowest..=highest).contains(&from) {
            bail!("random_: from is out of bounds for {}: {from}", c_name(dtype));
        }
        if !(lowest..=highest).contains(&last) {
            bail!("random_: to - 1 is out of bounds for {}: {last}", c_name(dtype));
        }
        Ok(IntegerRange::Part { from, range: (last as u64).wrapping_sub(from as u64).wrapping_add(1) })
    }

    pub(super) fn draw<T: Draw>(self, generator: &mut Generator, out: &mut [T]) {
        match self {
            IntegerRange::Part { from, range } => random::random_in_range(generator, out, range, from),
            IntegerRange::Full => random::random_full_range(generator, out),
        }
    }
}

/// Fills with 1 with probability `p`, else 0.
pub fn bernoulli_(target: &Tensor, p: f64, generator: &SharedGenerator) -> Result<Tensor> {
    check_probability(p)?;
    crate::for_dtype!(target.dtype(), T => fill::<T>(target, "BernoulliBackward2", generator, |generator, out| {
        Ok(random::bernoulli(generator, out, p)?)
    }))
}

pub(super) fn check_probability(p: f64) -> Result<()> {
    if !(0.0..=1.0).contains(&p) {
        bail!("bernoulli_ expects p to be in [0, 1], but got p={p}");
    }
    Ok(())
}

/// Fills with 1, each with its own probability of `p`, which is expanded to the shape of the tensor.
pub fn bernoulli_each_(target: &Tensor, p: &Tensor, generator: &SharedGenerator) -> Result<Tensor> {
    if target.numel() == 0 {
        return Ok(target.clone());
    }
    let shape: Vec<i64> = target.shape().iter().map(|&size| size as i64).collect();
    let order: Vec<i64> = memory_order(target).iter().map(|&d| d as i64).collect();
    let p = view::permute(&view::expand(&p.detach(), &shape)?, &order)?;
    crate::for_float!(p.dtype(), P => {
        let probabilities = p.dense::<P>()?.into_vec();
        crate::for_dtype!(target.dtype(), T => fill::<T>(target, "BernoulliBackward1", generator, |generator, out| {
            Ok(random::bernoulli_each(generator, out, &probabilities)?)
        }))
    }, _ => Err(unsupported("bernoulli_tensor_cpu_p_", &p)))
}

/// Fills with exponential values.
pub fn exponential_(target: &Tensor, rate: f64, generator: &SharedGenerator) -> Result<Tensor> {
    if rate.is_nan() || rate <= 0.0 {
        bail!("exponential_ expects lambda > 0.0, but found lambda={rate}");
    }
    crate::for_float!(target.dtype(), T => fill::<T>(target, "ExponentialBackward0", generator, |generator, out| {
        random::exponential(generator, out, rate);
        Ok(())
    }), _ => bail!("exponential_ needs a floating-point dtype, but got {}", target.dtype()))
}

/// Fills with geometric values.
pub fn geometric_(target: &Tensor, p: f64, generator: &SharedGenerator) -> Result<Tensor> {
    if p.is_nan() || p <= 0.0 || p >= 1.0 {
        bail!("geometric_ expects p to be in (0, 1), but got p={p}");
    }
    crate::for_number!(target.dtype(), T => fill::<T>(target, "GeometricBackward0", generator, |generator, out| {
        random::geometric(generator, out, p);
        Ok(())
    }), _ => Err(Error::DTypeNotSupported { op: "geometric_cpu", dtype: DType::Bool }))
}

/// Fills with Cauchy values.
pub fn cauchy_(target: &Tensor, median: f64, sigma: f64, generator: &SharedGenerator) -> Result<Tensor> {
    if sigma.is_nan() || sigma <= 0.0 {
        bail!("cauchy_ expects sigma > 0.0, but found sigma={sigma}");
    }
    crate::for_float!(target.dtype(), T => fill::<T>(target, "CauchyBackward0", generator, |generator, out| {
        random::cauchy(generator, out, median, sigma);
        Ok(())
    }), _ => bail!("cauchy_ needs a floating-point dtype, but got {}", target.dtype()))
}

/// Fills with log-normal values.
pub fn log_normal_(target: &Tensor, mean: f64, std: f64, generator: &SharedGenerator) -> Result<Tensor> {
    if std.is_nan() || std <= 0.0 {
        bail!("log_normal_ expects std > 0.0, but found std={std}");
    }
    crate::for_float!(target.dtype(), T => fill::<T>(target, "LogNormalBackward0", generator, |generator, out| {
        random::log_normal(generator, out, mean, std);
        Ok(())
    }), _ => Err(unsupported("log_normal_cpu", target)))
}
