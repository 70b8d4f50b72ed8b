//! The Poisson distribution: `torch.poisson`, by float64 uniforms (two words each).
//!
//! Under a rate of 10, uniforms are multiplied until the product falls to `exp(-rate)`. From 10 on, transformed
//! rejection (W. Hörmann, "The transformed rejection method for generating Poisson random variables", Insurance:
//! Mathematics and Economics 12, 1993, algorithm PTRS).

use super::{Generator, RandomError, Real};
use crate::special::lgamma;

/// Fills with Poisson values, each of its own rate.
///
/// # Errors
/// A rate that is negative or not a number; the elements before it have been drawn, as in torch.
pub fn poisson<T: Real>(generator: &mut Generator, out: &mut [T], rates: &[T]) -> Result<(), RandomError> {
    for (slot, rate) in out.iter_mut().zip(rates) {
        let rate = rate.to_f64();
        if rate.is_nan() || rate < 0.0 {
            return Err(RandomError::Rate);
        }
        *slot = T::from_f64(if rate >= 10.0 { by_rejection(generator, rate) } else { by_product(generator, rate) });
    }
    Ok(())
}

fn by_product(generator: &mut Generator, rate: f64) -> f64 {
    if rate == 0.0 {
        return 0.0;
    }
    let limit = (-rate).exp();
    let mut product = 1.0;
    let mut count = 0.0;
    loop {
        product *= generator.unit_f64();
        if product <= limit {
            return count;
        }
        count += 1.0;
    }
}

fn by_rejection(generator: &mut Generator, rate: f64) -> f64 {
    if rate.is_infinite() {
        // No proposal can be accepted.
        return f64::NAN;
    }
    let b = 0.931 + 2.53 * rate.sqrt();
    let a = -0.059 + 0.024_83 * b;
    let inverse_alpha = 1.123_9 + 1.132_8 / (b - 3.4);
    let accepted = 0.927_7 - 3.622_4 / (b - 2.0);
    loop {
        let u = generator.unit_f64() - 0.5;
        let v = generator.unit_f64();
        let distance = 0.5 - u.abs();
        let count = ((2.0 * a / distance + b) * u + rate + 0.43).floor();
        if distance >= 0.07 && v <= accepted {
            return count;
        }
        if count < 0.0 || (distance < 0.013 && v > distance) {
            continue;
        }
        let proposal = v.ln() + inverse_alpha.ln() - (a / (distance * distance) + b).ln();
        if proposal <= -rate + count * rate.ln() - lgamma(count + 1.0) {
            return count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extreme_rates_end() {
        let mut out = [0f64; 4];
        let rates = [0.0, 1e-300, 1e15, f64::INFINITY];
        poisson(&mut Generator::new(1), &mut out, &rates).unwrap();
        assert_eq!(out[..2], [0.0, 0.0]);
        assert!((out[2] - 1e15).abs() < 1e9);
        assert!(poisson(&mut Generator::new(1), &mut out, &[-1.0]).is_err());
        assert!(poisson(&mut Generator::new(1), &mut out, &[f64::NAN]).is_err());
    }
}
