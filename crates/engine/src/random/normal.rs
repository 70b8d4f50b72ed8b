//! The normal distribution: `randn`, `normal_`, by the Box-Muller transform.
//!
//! With `u, v` uniform in `[0, 1)`, `r = sqrt(-2 ln(1 - u))` and `t = 2 pi v`, the pair `r cos t`, `r sin t` is
//! two independent standard normal variates (G. Box, M. Muller, 1958).
//!
//! torch has two paths, and both are here, because they use the words in different orders:
//! - **one by one** (under 16 elements, or not contiguous): always in float64, `v` is drawn first, and the sine
//!   is kept by the generator for the next call;
//! - **by blocks of 16** (contiguous, at least 16): all uniforms first, then each block of 16 takes its first
//!   eight as `u` and its last eight as `v`. If the length is no multiple of 16, the last 16 elements are drawn
//!   and transformed a second time. float32 uses the single-precision polynomials of the Cephes library for
//!   logarithm, sine and cosine (S. Moshier), as the AVX2 kernels do, with fused multiply-adds.

use std::f64::consts::PI;

use super::{Generator, Real};

/// From this length on, a contiguous tensor is filled by blocks.
pub const VECTOR_LENGTH: usize = 16;

/// Fills with normal values as torch fills a contiguous tensor.
pub fn normal<T: Real>(generator: &mut Generator, out: &mut [T], mean: f64, std: f64) {
    if out.len() >= VECTOR_LENGTH {
        T::fill_normal_blocks(generator, out, mean, std);
    } else {
        normal_serial(generator, out, mean, std);
    }
}

/// Fills with normal values one by one, as torch fills a short or a non-contiguous tensor.
pub fn normal_serial<T: Real>(generator: &mut Generator, out: &mut [T], mean: f64, std: f64) {
    out.fill_with(|| T::from_f64(draw_normal(generator, mean, std)));
}

/// One normal variate in float64.
#[inline]
pub(super) fn draw_normal(generator: &mut Generator, mean: f64, std: f64) -> f64 {
    let standard = generator.take_spare_normal().unwrap_or_else(|| {
        let angle = 2.0 * PI * generator.unit_f64();
        let radius = (-2.0 * (-generator.unit_f64()).ln_1p()).sqrt();
        let (sine, cosine) = angle.sin_cos();
        generator.keep_spare_normal(radius * sine);
        radius * cosine
    });
    standard.mul_add(std, mean)
}

/// Draws the uniforms and runs `transform` over them as the block path does.
fn fill_blocks<T: Real>(generator: &mut Generator, out: &mut [T], transform: impl Fn(&mut [T])) {
    out.fill_with(|| T::unit(generator));
    let whole = out.len() - out.len() % VECTOR_LENGTH;
    transform(&mut out[..whole]);
    if whole < out.len() {
        let start = out.len() - VECTOR_LENGTH;
        let tail = &mut out[start..];
        tail.fill_with(|| T::unit(generator));
        transform(tail);
    }
}

pub(super) fn fill_blocks_f64(generator: &mut Generator, out: &mut [f64], mean: f64, std: f64) {
    fill_blocks(generator, out, |values| {
        for block in values.chunks_exact_mut(VECTOR_LENGTH) {
            let (first, second) = block.split_at_mut(VECTOR_LENGTH / 2);
            for (u, v) in first.iter_mut().zip(second) {
                let radius = (-2.0 * (1.0 - *u).ln()).sqrt();
                let (sine, cosine) = (2.0 * PI * *v).sin_cos();
                *u = (radius * cosine).mul_add(std, mean);
                *v = (radius * sine).mul_add(std, mean);
            }
        }
    });
}

pub(super) fn fill_blocks_f32(generator: &mut Generator, out: &mut [f32], mean: f64, std: f64) {
    let (mean, std) = (mean as f32, std as f32);
    fill_blocks(generator, out, |values| {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the features were just detected.
            unsafe { box_muller_with_fma(values, mean, std) };
            return;
        }
        box_muller(values, mean, std);
    });
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn box_muller_with_fma(values: &mut [f32], mean: f32, std: f32) {
    box_muller(values, mean, std);
}

#[inline(always)]
fn box_muller(values: &mut [f32], mean: f32, std: f32) {
    for block in values.chunks_exact_mut(VECTOR_LENGTH) {
        let (first, second) = block.split_at_mut(VECTOR_LENGTH / 2);
        for (u, v) in first.iter_mut().zip(second) {
            let radius = (-2.0 * ln_f32(1.0 - *u)).sqrt();
            let (sine, cosine) = sin_cos_f32((2.0 * PI) as f32 * *v);
            *u = (radius * cosine).mul_add(std, mean);
            *v = (radius * sine).mul_add(std, mean);
        }
    }
}

/// `ln x` for a normal `x > 0`, to single precision.
///
/// `x = 2^e m` with `m` in `[sqrt(1/2), sqrt(2))`, then a polynomial in `m - 1`; the constant `ln 2` is split in two
/// parts so that `e ln 2` is exact in its first part.
#[inline(always)]
fn ln_f32(x: f32) -> f32 {
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    const COEFFICIENTS: [f32; 9] = [
        7.037_683_6e-2,
        -1.151_461e-1,
        1.167_699_87e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_7e-1,
        2.000_071_4e-1,
        -2.499_999_4e-1,
        3.333_333e-1,
    ];
    let bits = x.to_bits() as i32;
    let mantissa = f32::from_bits((bits as u32 & 0x007f_ffff) | 0x3f00_0000);
    let below = mantissa < std::f32::consts::FRAC_1_SQRT_2;
    let exponent = ((bits >> 23) - if below { 127 } else { 126 }) as f32;
    let m = (mantissa - 1.0) + if below { mantissa } else { 0.0 };

    let square = m * m;
    let mut series = COEFFICIENTS[0];
    for &coefficient in &COEFFICIENTS[1..] {
        series = series.mul_add(m, coefficient);
    }
    let mut tail = (series * m).mul_add(square, exponent * LN_2_LOW);
    tail = (-square).mul_add(0.5, tail);
    exponent.mul_add(LN_2_HIGH, m + tail)
}

/// `(sin x, cos x)` for `0 <= x <= 2 pi`, to single precision.
///
/// `x` is reduced by the nearest even multiple `j` of pi/4, subtracted in three parts; the two polynomials then
/// change places and signs with the octant.
#[inline(always)]
fn sin_cos_f32(x: f32) -> (f32, f32) {
    const FOUR_OVER_PI: f32 = 1.273_239_5;
    const QUARTER_PI: [f32; 3] = [0.785_156_25, 2.418_756_5e-4, 3.774_895e-8];
    const SINE: [f32; 3] = [-1.951_529_6e-4, 8.332_161e-3, -1.666_665_5e-1];
    const COSINE: [f32; 3] = [2.443_315_7e-5, -1.388_731_6e-3, 4.166_664_6e-2];

    let octant = ((x * FOUR_OVER_PI) as i32 + 1) & !1;
    let turns = octant as f32;
    let mut rest = x;
    for part in QUARTER_PI {
        rest = turns.mul_add(-part, rest);
    }
    let square = rest * rest;

    let mut cosine = COSINE[0].mul_add(square, COSINE[1]).mul_add(square, COSINE[2]);
    cosine = (cosine * square).mul_add(square, -(0.5 * square)) + 1.0;
    let mut sine = SINE[0].mul_add(square, SINE[1]).mul_add(square, SINE[2]);
    sine = (sine * square).mul_add(rest, rest);

    let swapped = octant & 2 != 0;
    let (sine, cosine) = if swapped { (cosine, sine) } else { (sine, cosine) };
    let sine = if octant & 4 != 0 { -sine } else { sine };
    let cosine = if (octant + 2) & 4 != 0 { -cosine } else { cosine };
    (sine, cosine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_single_precision_functions_are_within_two_ulp() {
        for k in 1..100_000u32 {
            let x = k as f32 / 100_000.0;
            let ln = f64::from(x).ln();
            assert!((f64::from(ln_f32(x)) - ln).abs() <= 2e-7 * ln.abs().max(1e-6), "ln {x}");
            let angle = x * (2.0 * PI) as f32;
            let (sine, cosine) = sin_cos_f32(angle);
            assert!((f64::from(sine) - f64::from(angle).sin()).abs() < 1.5e-7, "sin {angle}");
            assert!((f64::from(cosine) - f64::from(angle).cos()).abs() < 1.5e-7, "cos {angle}");
        }
    }

    #[test]
    fn the_widest_and_narrowest_uniforms_stay_finite() {
        let mut values = [0.0f32; 16];
        values[..8].fill(1.0 - 1.0 / 16_777_216.0);
        box_muller(&mut values, 0.0, 1.0);
        assert!(values.iter().all(|value| value.is_finite()), "{values:?}");
        let mut zeros = [0.0f32; 16];
        box_muller(&mut zeros, 2.0, 1.0);
        assert_eq!(zeros, [2.0; 16]);
    }

    #[test]
    fn the_spare_variate_carries_over_between_dtypes() {
        let mut generator = Generator::new(0);
        let mut one = [0f32; 1];
        normal(&mut generator, &mut one, 0.0, 1.0);
        let mut other = [0f64; 1];
        normal(&mut generator, &mut other, 0.0, 1.0);
        let mut both = [0f64; 2];
        normal(&mut Generator::new(0), &mut both, 0.0, 1.0);
        assert_eq!([f64::from(one[0]), other[0]], [f64::from(both[0] as f32), both[1]]);
    }
}
