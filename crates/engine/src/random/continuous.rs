//! Distributions by inversion, one float64 uniform `u` (two words) for each element: `exponential_`, `cauchy_`,
//! `geometric_`; and `log_normal_`, the exponential of a normal variate drawn one by one.

use std::f64::consts::PI;

use super::normal::draw_normal;
use super::{Draw, Generator, Real};

/// Fills with exponential values: `-ln(1 - u) / rate`.
pub fn exponential<T: Real>(generator: &mut Generator, out: &mut [T], rate: f64) {
    let scale = -1.0 / rate;
    out.fill_with(|| T::from_f64(scale * (-generator.unit_f64()).ln_1p()));
}

/// Fills with Cauchy values: `median + sigma tan(pi (u - 1/2))`.
pub fn cauchy<T: Real>(generator: &mut Generator, out: &mut [T], median: f64, sigma: f64) {
    out.fill_with(|| T::from_f64(sigma.mul_add((PI * (generator.unit_f64() - 0.5)).tan(), median)));
}

/// Fills with geometric values, the number of trials up to the first success: `ceil(ln u / ln(1 - p))`.
pub fn geometric<T: Draw>(generator: &mut Generator, out: &mut [T], p: f64) {
    let denominator = (-p).ln_1p();
    out.fill_with(|| T::from_f64((generator.unit_f64().ln() / denominator).ceil()));
}

/// Fills with log-normal values: `exp(mean + std z)` with `z` standard normal.
pub fn log_normal<T: Real>(generator: &mut Generator, out: &mut [T], mean: f64, std: f64) {
    out.fill_with(|| T::from_f64(draw_normal(generator, mean, std).exp()));
}
