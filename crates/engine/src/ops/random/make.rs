//! Making tensors of random numbers.

use super::fill::{IntegerRange, check_probability, check_std, check_uniform, normal_in_order, unsupported};
use super::{draw_like, draw_shape, record_random};
use crate::bail;
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::ops::view::sizes;
use crate::random::{self, Real, SharedGenerator};
use crate::shape::broadcast;
use crate::tensor::Tensor;

/// The most categories of `multinomial`, as in torch: the integers that float32 holds exactly.
const MOST_CATEGORIES: usize = 1 << 24;

/// Uniform values in `[0, 1)`.
pub fn rand(size: &[i64], dtype: DType, generator: &SharedGenerator) -> Result<Tensor> {
    let shape = sizes("rand", size)?;
    check_uniform(dtype, 0.0, 1.0)?;
    crate::for_float!(dtype, T => draw_shape::<T>(&shape, |out| {
        random::uniform(&mut generator.lock(), out, 0.0, 1.0);
        Ok(())
    }), _ => Err(Error::DTypeNotSupported { op: "check_uniform_bounds", dtype }))
}

/// Standard normal values.
pub fn randn(size: &[i64], dtype: DType, generator: &SharedGenerator) -> Result<Tensor> {
    normal(size, 0.0, 1.0, dtype, generator)
}

/// Normal values of one mean and standard deviation.
pub(super) fn normal(size: &[i64], mean: f64, std: f64, dtype: DType, generator: &SharedGenerator) -> Result<Tensor> {
    check_std(std)?;
    let shape = sizes("normal", size)?;
    crate::for_float!(dtype, T => draw_shape::<T>(&shape, |out| {
        random::normal(&mut generator.lock(), out, mean, std);
        Ok(())
    }), _ => Err(Error::DTypeNotSupported { op: "normal_kernel_cpu", dtype }))
}

/// Integers of `[low, high)`.
pub fn randint(low: i64, high: i64, size: &[i64], dtype: DType, generator: &SharedGenerator) -> Result<Tensor> {
    let shape = sizes("randint", size)?;
    crate::for_dtype!(dtype, T => {
        let range = IntegerRange::new::<T>(dtype, low, Some(high))?;
        draw_shape::<T>(&shape, |out| {
            range.draw(&mut generator.lock(), out);
            Ok(())
        })
    })
}

/// The integers `0..n` in random order.
pub fn randperm(n: i64, dtype: DType, generator: &SharedGenerator) -> Result<Tensor> {
    let shape = sizes("randperm", &[n])?;
    let most = match dtype {
        DType::Bool => return Err(Error::DTypeNotSupported { op: "randperm", dtype }),
        DType::U8 => i64::from(u8::MAX),
        DType::I32 => i64::from(i32::MAX),
        DType::I64 => i64::MAX,
        DType::F16 => (1 << half::f16::MANTISSA_DIGITS) + 1,
        DType::BF16 => (1 << half::bf16::MANTISSA_DIGITS) + 1,
        DType::F32 => (1 << f32::MANTISSA_DIGITS) + 1,
        DType::F64 => (1 << f64::MANTISSA_DIGITS) + 1,
    };
    if n > most {
        bail!("randperm: n cannot be greater than {most} for {dtype}, but got {n}");
    }
    crate::for_dtype!(dtype, T => draw_shape::<T>(&shape, |out| {
        random::randperm(&mut generator.lock(), out);
        Ok(())
    }))
}

/// Uniform values in `[0, 1)` in the shape and layout of `t`.
pub fn rand_like(t: &Tensor, dtype: DType, generator: &SharedGenerator) -> Result<Tensor> {
    check_uniform(dtype, 0.0, 1.0)?;
    crate::for_float!(dtype, T => draw_like::<T>(t, |out| {
        random::uniform(&mut generator.lock(), out, 0.0, 1.0);
        Ok(())
    }), _ => Err(Error::DTypeNotSupported { op: "check_uniform_bounds", dtype }))
}

/// Standard normal values in the shape and layout of `t`.
pub fn randn_like(t: &Tensor, dtype: DType, generator: &SharedGenerator) -> Result<Tensor> {
    let is_contiguous = crate::shape::is_contiguous(t.shape(), &crate::ops::create::dense_strides(t));
    crate::for_float!(dtype, T => draw_like::<T>(t, |out| {
        normal_in_order(&mut generator.lock(), out, 0.0, 1.0, is_contiguous);
        Ok(())
    }), _ => Err(Error::DTypeNotSupported { op: "normal_kernel_cpu", dtype }))
}

/// Integers of `[low, high)` in the shape and layout of `t`.
pub fn randint_like(t: &Tensor, low: i64, high: i64, dtype: DType, generator: &SharedGenerator) -> Result<Tensor> {
    crate::for_dtype!(dtype, T => {
        let range = IntegerRange::new::<T>(dtype, low, Some(high))?;
        draw_like::<T>(t, |out| {
            range.draw(&mut generator.lock(), out);
            Ok(())
        })
    })
}

/// Normal values, each of its own mean: `mean + std z`.
pub fn normal_around(mean: &Tensor, std: f64, generator: &SharedGenerator) -> Result<Tensor> {
    check_std(std)?;
    let dtype = mean.dtype();
    let drawn = crate::for_float!(dtype, T => draw_shape::<T>(mean.shape(), |out| {
        random::normal(&mut generator.lock(), out, 0.0, std);
        Ok(())
    })?, _ => return Err(unsupported("normal_kernel_cpu", mean)));
    let shifted = drawn.add(&mean.detach())?;
    Ok(record_random(shifted, "NormalBackward1", [mean]))
}

/// Normal values, each of its own standard deviation and of one mean or its own: `std z + mean`. The dtype is that of
/// `mean` if it is a tensor, else of `std`.
pub fn normal_scaled(
    mean: Option<&Tensor>,
    mean_value: f64,
    std: &Tensor,
    generator: &SharedGenerator,
) -> Result<Tensor> {
    if std.to_vec::<f64>()?.iter().any(|std| std.is_nan() || *std < 0.0) {
        bail!("normal expects all elements of std >= 0.0");
    }
    let model = mean.unwrap_or(std);
    let shape = broadcast(model.shape(), std.shape())?;
    let dtype = model.dtype();
    let drawn = crate::for_float!(dtype, T => draw_shape::<T>(&shape, |out| {
        random::normal(&mut generator.lock(), out, 0.0, 1.0);
        Ok(())
    })?, _ => return Err(unsupported("normal_kernel_cpu", model)));
    let scaled = drawn.mul(&std.detach())?.to_dtype(dtype)?;
    Ok(match mean {
        None => record_random(scaled.add_scalar(mean_value)?, "NormalBackward2", [std]),
        Some(mean) => record_random(scaled.add(&mean.detach())?, "NormalBackward3", [mean, std]),
    })
}

/// 1 with the probability that each element is, else 0.
pub fn bernoulli(p: &Tensor, generator: &SharedGenerator) -> Result<Tensor> {
    let drawn = crate::for_float!(p.dtype(), T => {
        let probabilities = p.dense::<T>()?;
        draw_shape::<T>(p.shape(), |out| Ok(random::bernoulli_each(&mut generator.lock(), out, &probabilities)?))?
    }, _ => return Err(unsupported("bernoulli_tensor_cpu_p_", p)));
    Ok(record_random(drawn, "BernoulliBackward0", [p]))
}

/// 1 with probability `p`, else 0, in the shape and dtype of `t`.
pub(super) fn bernoulli_like(t: &Tensor, p: f64, generator: &SharedGenerator) -> Result<Tensor> {
    check_probability(p)?;
    let drawn = crate::for_dtype!(t.dtype(), T => draw_shape::<T>(t.shape(), |out| {
        Ok(random::bernoulli(&mut generator.lock(), out, p)?)
    })?);
    Ok(record_random(drawn, "BernoulliBackward2", [t]))
}

/// Indices drawn with probabilities proportional to the weights: of shape `(samples,)` for one row of weights,
/// `(rows, samples)` for several.
pub fn multinomial(weights: &Tensor, samples: i64, replacement: bool, generator: &SharedGenerator) -> Result<Tensor> {
    let &categories = match weights.shape() {
        [categories] | [_, categories] => categories,
        _ => bail!("multinomial: prob_dist must be 1 or 2 dim, but got {}", weights.rank()),
    };
    if !weights.dtype().is_float() {
        bail!("multinomial only supports floating-point dtypes for input, got: {}", weights.dtype().torch_name());
    }
    let samples = match usize::try_from(samples) {
        Ok(samples) if samples > 0 => samples,
        _ => bail!("cannot sample n_sample <= 0 samples"),
    };
    if !replacement && samples > categories {
        bail!("cannot sample n_sample > prob_dist.size(-1) samples without replacement ({samples} of {categories})");
    }
    if categories > MOST_CATEGORIES {
        bail!("multinomial: number of categories cannot exceed 2^24, but got {categories}");
    }
    let mut shape = weights.shape().to_vec();
    if let Some(last) = shape.last_mut() {
        *last = samples;
    }
    crate::shape::checked_numel(&shape)?;
    if categories == 0 && shape.iter().product::<usize>() > 0 {
        bail!("multinomial: there are no categories to draw from");
    }
    // Refuses what cannot be allocated before anything is drawn.
    drop(crate::storage::allocate::<i64>(&shape)?);
    let indices = crate::for_float!(weights.dtype(), T => draw_indices::<T>(weights, categories, samples, replacement, generator)?,
        _ => return Err(unsupported("multinomial", weights)));
    Tensor::from_vec(indices, &shape)
}

fn draw_indices<T: Real>(
    weights: &Tensor,
    categories: usize,
    samples: usize,
    replacement: bool,
    generator: &SharedGenerator,
) -> Result<Vec<i64>> {
    let rows = weights.dense::<T>()?;
    if replacement && samples > 1 {
        return Ok(random::multinomial_with_replacement(&mut generator.lock(), &rows, categories, samples)?);
    }
    random::check_weights(&rows, categories)?;
    let draws = draw_like::<T>(weights, |out| {
        random::exponential(&mut generator.lock(), out, 1.0);
        Ok(())
    })?;
    Ok(random::multinomial_race(&rows, &draws.dense::<T>()?, categories, samples))
}

/// Poisson values, each of its own rate.
pub fn poisson(rates: &Tensor, generator: &SharedGenerator) -> Result<Tensor> {
    let drawn = crate::for_float!(rates.dtype(), T => {
        let values = rates.dense::<T>()?;
        draw_shape::<T>(rates.shape(), |out| Ok(random::poisson(&mut generator.lock(), out, &values)?))?
    }, _ => return Err(unsupported("poisson_cpu", rates)));
    Ok(record_random(drawn, "PoissonBackward0", [rates]))
}
