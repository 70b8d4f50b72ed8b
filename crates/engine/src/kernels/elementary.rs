//! exp, ln, tanh, sigmoid, erf, gelu, silu and softplus over slices.
//!
//! - exp(x) = 2ⁿ·exp(r) with n = round(x/ln 2), r = x − n·ln 2, and exp(r) by its power series;
//! - ln(x) = e·ln 2 + 2·artanh((m−1)/(m+1)) where x = m·2ᵉ, √½ ≤ m < √2;
//! - tanh(x) = t/(t+2) with t = exp(2x) − 1;
//! - erf(x) = x·P(x²) for |x| ≤ 1 and 1 − exp(−x²)·Q(1/(1+x)) above, P and Q fitted to 10⁻⁹ (f32) and 10⁻¹⁸ (f64).
//!
//! The one-element forms (`exp_of`, ...) hold no branch and no table, so that a loop over them becomes vector code;
//! the loops are compiled for AVX-512, AVX2 and the baseline, and one is picked at run time. No product is fused with
//! a sum, so all three give the same bits.

use super::Real;
use super::parallel::{PIECE, for_each_chunk, vectorise};

#[inline(always)]
fn polynomial<R: Real>(coefficients: &[R], x: R) -> R {
    let mut sum = R::ZERO;
    for &coefficient in coefficients.iter().rev() {
        sum = sum * x + coefficient;
    }
    sum
}

/// exp(r) − 1 and the two factors of 2ⁿ.
#[inline(always)]
fn exp_parts<R: Real>(x: R) -> (R, R, R) {
    let x = if x > R::EXP_HIGHEST { R::EXP_HIGHEST } else { x };
    let x = if x < R::EXP_LOWEST { R::EXP_LOWEST } else { x };
    let rounded = x * R::from_f64(std::f64::consts::LOG2_E) + R::ROUNDER;
    let n = rounded - R::ROUNDER;
    let r = (x - n * R::LN_2_HIGH) - n * R::LN_2_LOW;
    let (low, high) = R::powers_of_two(rounded);
    (r + r * r * polynomial(R::EXP_SERIES, r), low, high)
}

/// eˣ.
#[inline(always)]
pub fn exp_of<R: Real>(x: R) -> R {
    let (less_one, low, high) = exp_parts(x);
    (less_one + R::ONE) * low * high
}

/// eˣ − 1 for x ≥ 0, exact near zero.
#[inline(always)]
fn exp_m1_of_positive<R: Real>(x: R) -> R {
    let (less_one, low, high) = exp_parts(x);
    let scale = low * high;
    less_one * scale + (scale - R::ONE)
}

/// ln x.
#[inline(always)]
pub fn ln_of<R: Real>(x: R) -> R {
    let two_to_54 = R::from_f64((1u64 << 54) as f64);
    let is_small = x < R::MIN_POSITIVE;
    let (mantissa, exponent) = (if is_small { x * two_to_54 } else { x }).split();
    let exponent = if is_small { exponent - R::from_f64(54.0) } else { exponent };
    let s = (mantissa - R::ONE) / (mantissa + R::ONE);
    let square = s * s;
    let twice = s + s;
    let series = twice + twice * (square * polynomial(R::LN_SERIES, square));
    let value = exponent * R::LN_2_HIGH + (series + exponent * R::LN_2_LOW);
    let value = if x == R::ZERO { R::NEG_INFINITY } else { value };
    let value = if x == R::INFINITY { R::INFINITY } else { value };
    if x >= R::ZERO { value } else { R::NAN }
}

/// ln(1 + y) for 0 ≤ y ≤ 1.
#[inline(always)]
fn ln_1p_of_unit<R: Real>(y: R) -> R {
    let s = y / (y + R::TWO);
    let square = s * s;
    let twice = s + s;
    twice + twice * (square * polynomial(R::LN_1P_SERIES, square))
}

/// The hyperbolic tangent.
#[inline(always)]
pub fn tanh_of<R: Real>(x: R) -> R {
    let size = x.abs();
    let limit = R::from_f64(20.0);
    let size = if size > limit { limit } else { size };
    let t = exp_m1_of_positive(size + size);
    (t / (t + R::TWO)).copysign(x)
}

/// 1/(1 + e⁻ˣ).
#[inline(always)]
pub fn sigmoid_of<R: Real>(x: R) -> R {
    R::ONE / (R::ONE + exp_of(-x))
}

/// The error function 2/√π ∫₀ˣ exp(−t²) dt.
#[inline(always)]
pub fn erf_of<R: Real>(x: R) -> R {
    let size = x.abs();
    let size = if size > R::ERF_HIGHEST { R::ERF_HIGHEST } else { size };
    let square = size * size;
    let near = size * polynomial(R::ERF_SMALL, square);
    let far = R::ONE - exp_of(-square) * polynomial(R::ERF_LARGE, R::ONE / (R::ONE + size));
    (if size <= R::ONE { near } else { far }).copysign(x)
}

/// x·Φ(x), Φ the normal distribution function.
#[inline(always)]
pub fn gelu_of<R: Real>(x: R) -> R {
    x * normal_cdf_of(x)
}

#[inline(always)]
fn normal_cdf_of<R: Real>(x: R) -> R {
    R::HALF * (R::ONE + erf_of(x * R::from_f64(std::f64::consts::FRAC_1_SQRT_2)))
}

/// Φ(x) + x·φ(x), the derivative of gelu.
#[inline(always)]
pub fn gelu_derivative_of<R: Real>(x: R) -> R {
    let density = exp_of(-R::HALF * x * x) * R::from_f64(0.398_942_280_401_432_7);
    normal_cdf_of(x) + x * density
}

/// ½x·(1 + tanh(√(2/π)·(x + 0.044715x³))).
#[inline(always)]
pub fn gelu_tanh_of<R: Real>(x: R) -> R {
    let inner = R::from_f64(0.797_884_560_802_865_4) * (x + R::from_f64(0.044715) * x * x * x);
    R::HALF * x * (R::ONE + tanh_of(inner))
}

/// The derivative of [`gelu_tanh_of`].
#[inline(always)]
pub fn gelu_tanh_derivative_of<R: Real>(x: R) -> R {
    let beta = R::from_f64(0.797_884_560_802_865_4);
    let kappa = R::from_f64(0.044715);
    let t = tanh_of(beta * (x + kappa * x * x * x));
    let slope = beta * (R::ONE + R::from_f64(3.0) * kappa * x * x);
    R::HALF * (R::ONE + t) + R::HALF * x * (R::ONE - t * t) * slope
}

/// x·sigmoid(x).
#[inline(always)]
pub fn silu_of<R: Real>(x: R) -> R {
    x / (R::ONE + exp_of(-x))
}

/// The derivative of silu: s·(1 + x·(1 − s)) with s = sigmoid(x).
#[inline(always)]
pub fn silu_derivative_of<R: Real>(x: R) -> R {
    let s = sigmoid_of(x);
    s * (R::ONE + x * (R::ONE - s))
}

/// ln(1 + exp(βx))/β, and x itself where βx exceeds the threshold.
#[inline(always)]
pub fn softplus_of<R: Real>(x: R, beta: R, threshold: R) -> R {
    let scaled = x * beta;
    let size = scaled.abs();
    let positive = if scaled > R::ZERO { scaled } else { R::ZERO };
    let value = (positive + ln_1p_of_unit(exp_of(-size))) / beta;
    if scaled > threshold { x } else { value }
}

/// Writes f(x) for every x.
#[inline(always)]
pub fn map<R: Real>(input: &[R], output: &mut [R], f: impl Fn(R) -> R + Copy + Send + Sync) {
    let len = input.len();
    for_each_chunk(output, PIECE, len, |index, output| {
        let input = &input[index * PIECE..];
        vectorise(
            #[inline(always)]
            || {
                for (output, &x) in output.iter_mut().zip(input) {
                    *output = f(x);
                }
            },
        )
    });
}

/// Writes f(x, y) for every pair: a backward pass takes the upstream gradient as x.
#[inline(always)]
pub fn map_2<R: Real>(left: &[R], right: &[R], output: &mut [R], f: impl Fn(R, R) -> R + Copy + Send + Sync) {
    let len = left.len();
    for_each_chunk(output, PIECE, len, |index, output| {
        let (left, right) = (&left[index * PIECE..], &right[index * PIECE..]);
        vectorise(
            #[inline(always)]
            || {
                for ((output, &x), &y) in output.iter_mut().zip(left).zip(right) {
                    *output = f(x, y);
                }
            },
        )
    });
}

macro_rules! slices {
    ($($(#[$doc:meta])* $name:ident = $one:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<R: Real>(input: &[R], output: &mut [R]) {
            map(input, output, #[inline(always)] |x| $one(x));
        }
    )*};
}

slices! {
    /// eˣ of every element.
    exp = exp_of;
    /// The natural logarithm of every element.
    ln = ln_of;
    /// The hyperbolic tangent of every element.
    tanh = tanh_of;
    /// The logistic function of every element.
    sigmoid = sigmoid_of;
    /// The error function of every element.
    erf = erf_of;
    /// x·Φ(x) of every element.
    gelu = gelu_of;
    /// The usual approximation of gelu by tanh.
    gelu_tanh = gelu_tanh_of;
    /// x·sigmoid(x) of every element.
    silu = silu_of;
}

/// ln(1 + exp(βx))/β of every element, linear above the threshold.
pub fn softplus<R: Real>(input: &[R], output: &mut [R], beta: R, threshold: R) {
    map(
        input,
        output,
        #[inline(always)]
        |x| softplus_of(x, beta, threshold),
    );
}

/// grad·gelu′(x).
pub fn gelu_backward<R: Real>(grad: &[R], input: &[R], output: &mut [R]) {
    map_2(
        grad,
        input,
        output,
        #[inline(always)]
        |grad, x| grad * gelu_derivative_of(x),
    );
}

/// grad times the derivative of the tanh form of gelu.
pub fn gelu_tanh_backward<R: Real>(grad: &[R], input: &[R], output: &mut [R]) {
    map_2(
        grad,
        input,
        output,
        #[inline(always)]
        |grad, x| grad * gelu_tanh_derivative_of(x),
    );
}

/// grad·silu′(x).
pub fn silu_backward<R: Real>(grad: &[R], input: &[R], output: &mut [R]) {
    map_2(
        grad,
        input,
        output,
        #[inline(always)]
        |grad, x| grad * silu_derivative_of(x),
    );
}

/// grad·y·(1 − y) from the sigmoid's own result y.
pub fn sigmoid_backward<R: Real>(grad: &[R], result: &[R], output: &mut [R]) {
    map_2(
        grad,
        result,
        output,
        #[inline(always)]
        |grad, y| grad * y * (R::ONE - y),
    );
}

/// grad·(1 − y²) from the tangent's own result y.
pub fn tanh_backward<R: Real>(grad: &[R], result: &[R], output: &mut [R]) {
    map_2(
        grad,
        result,
        output,
        #[inline(always)]
        |grad, y| grad * (R::ONE - y * y),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(lowest: f64, highest: f64) -> Vec<f64> {
        (0..=40_000).map(|i| lowest + (highest - lowest) * i as f64 / 40_000.0).collect()
    }

    /// The largest error in units of the last place of the expected value (or of one, when it is smaller than that).
    fn worst<R: Real>(points: &[f64], f: fn(&[R], &mut [R]), expected: impl Fn(f64) -> f64, absolute: bool) -> f64 {
        let input: Vec<R> = points.iter().map(|&x| R::from_f64(x)).collect();
        let mut output = vec![R::ZERO; input.len()];
        f(&input, &mut output);
        input.iter().zip(&output).fold(0.0, |worst: f64, (&x, &y)| {
            let expected = expected(x.to_f64());
            let unit = if absolute { 1.0 } else { expected.abs().max(R::MIN_POSITIVE.to_f64()) };
            worst.max((y.to_f64() - expected).abs() / (unit * R::EPSILON.to_f64()))
        })
    }

    #[test]
    fn exp_ln_tanh_are_within_a_few_units_of_the_last_place() {
        assert!(worst::<f32>(&points(-87.0, 88.7), exp, f64::exp, false) < 1.5);
        assert!(worst::<f64>(&points(-708.0, 709.7), exp, f64::exp, false) < 2.0);
        assert!(worst::<f32>(&points(1e-3, 50.0), ln, f64::ln, false) < 2.0);
        assert!(worst::<f64>(&points(1e-3, 50.0), ln, f64::ln, false) < 2.0);
        assert!(worst::<f32>(&points(-12.0, 12.0), tanh, f64::tanh, false) < 3.5);
        assert!(worst::<f64>(&points(-12.0, 12.0), tanh, f64::tanh, false) < 3.5);
        assert!(worst::<f32>(&points(-1e-3, 1e-3), tanh, f64::tanh, false) < 3.5);
    }

    #[test]
    fn erf_agrees_with_its_series() {
        // erf x = 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!, whose terms are all positive.
        fn series(x: f64) -> f64 {
            let (mut term, mut sum) = (x, x);
            for n in 1..400 {
                term *= 2.0 * x * x / (2 * n + 1) as f64;
                sum += term;
            }
            std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() * sum
        }
        assert!(worst::<f32>(&points(-5.0, 5.0), erf, series, true) < 1.5);
        assert!(worst::<f64>(&points(-3.0, 3.0), erf, series, true) < 8.0);
        assert!(worst::<f32>(&points(-0.5, 0.5), erf, series, false) < 2.0);
        let gelu_reference = |x: f64| x * 0.5 * (1.0 + series(x / std::f64::consts::SQRT_2));
        assert!(worst::<f32>(&points(-6.0, 6.0), gelu, gelu_reference, true) < 4.0);
    }

    #[test]
    fn sigmoid_silu_softplus_agree_with_their_formulas() {
        let sigmoid_reference = |x: f64| 1.0 / (1.0 + (-x).exp());
        assert!(worst::<f32>(&points(-80.0, 40.0), sigmoid, sigmoid_reference, false) < 3.0);
        assert!(worst::<f64>(&points(-80.0, 40.0), sigmoid, sigmoid_reference, false) < 3.0);
        assert!(worst::<f32>(&points(-30.0, 30.0), silu, |x| x / (1.0 + (-x).exp()), false) < 3.0);
        let plus = |x: &[f64], y: &mut [f64]| softplus(x, y, 1.0, 20.0);
        assert!(worst::<f64>(&points(-30.0, 19.9), plus, |x| x.max(0.0) + (-x.abs()).exp().ln_1p(), false) < 3.0);
    }

    #[test]
    fn limits_and_nan_are_kept() {
        fn check<R: Real>() {
            let one = |f: fn(&[R], &mut [R]), x: R| {
                let mut y = [R::ZERO];
                f(&[x], &mut y);
                y[0].to_f64()
            };
            let (plus, minus) = (R::INFINITY, R::NEG_INFINITY);
            assert_eq!([one(exp, plus), one(exp, minus), one(exp, R::ZERO)], [f64::INFINITY, 0.0, 1.0]);
            assert_eq!([one(ln, plus), one(ln, R::ZERO), one(ln, R::ONE)], [f64::INFINITY, f64::NEG_INFINITY, 0.0]);
            assert!(one(ln, -R::ONE).is_nan());
            assert_eq!([one(tanh, plus), one(tanh, minus)], [1.0, -1.0]);
            assert_eq!([one(sigmoid, plus), one(sigmoid, minus)], [1.0, 0.0]);
            assert_eq!([one(erf, plus), one(erf, minus)], [1.0, -1.0]);
            assert_eq!(one(gelu, plus), f64::INFINITY);
            assert_eq!(one(silu, plus), f64::INFINITY);
            for f in [exp, ln, tanh, sigmoid, erf, gelu, gelu_tanh, silu] {
                assert!(one(f, R::NAN).is_nan());
            }
        }
        check::<f32>();
        check::<f64>();
    }

    #[test]
    fn derivatives_agree_with_differences() {
        type Pair = (fn(f64) -> f64, fn(f64) -> f64);
        let pairs: [Pair; 3] =
            [(gelu_of, gelu_derivative_of), (gelu_tanh_of, gelu_tanh_derivative_of), (silu_of, silu_derivative_of)];
        for (f, derivative) in pairs {
            for x in points(-5.0, 5.0).into_iter().step_by(100) {
                let difference = (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;
                assert!((difference - derivative(x)).abs() < 1e-9, "{x}");
            }
        }
    }
}
