//! Special functions that the standard library lacks: the error function and its relatives, the logarithm of the
//! gamma function, and its derivatives.
//!
//! All work in float64; a float32 result is the float64 one rounded, which is correct to half a unit in the last
//! place in all but a few cases in a billion. Nothing here panics: outside its domain a function returns NaN or
//! an infinity, as in torch.

use std::f64::consts::{FRAC_2_SQRT_PI, PI};

/// The error function, `erf x = 2/sqrt(pi) * integral of exp(-t^2) from 0 to x`.
///
/// ```
/// assert!((lyceum_engine::special::erf(1.0) - 0.842_700_792_949_714_9).abs() < 1e-15);
/// ```
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// The complementary error function, `1 - erf x` without cancellation.
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// The logarithm of the absolute value of the gamma function.
pub fn lgamma(x: f64) -> f64 {
    if x == f64::NEG_INFINITY { f64::INFINITY } else { libm::lgamma(x) }
}

/// The inverse of [`erf`] on `(-1, 1)`; infinite at the ends, NaN outside.
///
/// A polynomial in `ln(1 - y^2)` (M. Giles, "Approximating the erfinv function", GPU Computing Gems, 2010) gives
/// seven digits, or far out the asymptotic form of `erfc`; Halley's method on `erf x - y`, or on
/// `erfc x - (1 - y)`, gives the rest.
///
/// ```
/// use lyceum_engine::special::{erf, erfinv};
/// assert!((erfinv(erf(0.3)) - 0.3).abs() < 1e-15);
/// ```
pub fn erfinv(y: f64) -> f64 {
    let magnitude = y.abs();
    if magnitude.is_nan() || magnitude > 1.0 {
        return f64::NAN;
    }
    if magnitude == 1.0 {
        return f64::INFINITY.copysign(y);
    }
    if magnitude < 1e-150 {
        return y / FRAC_2_SQRT_PI;
    }
    let tail = 1.0 - magnitude;
    let far = tail < 1e-7;
    let mut x = if far {
        // erfc x is about exp(-x^2) / (x sqrt(pi)).
        let first = (-tail.ln()).sqrt();
        (-(tail * PI.sqrt() * first).ln()).sqrt()
    } else {
        magnitude * erfinv_guess(-(tail * (1.0 + magnitude)).ln())
    };
    for _ in 0..if far { 3 } else { 1 } {
        let excess = if magnitude < 0.5 { erf(x) - magnitude } else { tail - erfc(x) };
        let newton = excess / (FRAC_2_SQRT_PI * (-x * x).exp());
        x -= newton / (1.0 + x * newton);
    }
    x.copysign(y)
}

/// `erfinv(y) / y` to about seven digits, from `w = -ln(1 - y^2)`.
fn erfinv_guess(w: f64) -> f64 {
    const CENTRE: [f64; 9] = [
        2.810_226_36e-8,
        3.432_739_39e-7,
        -3.523_387_7e-6,
        -4.391_506_54e-6,
        2.185_808_7e-4,
        -1.253_725_03e-3,
        -4.177_681_64e-3,
        0.246_640_727,
        1.501_409_41,
    ];
    const TAIL: [f64; 9] = [
        -2.002_142_57e-4,
        1.009_505_58e-4,
        1.349_343_22e-3,
        -3.673_428_44e-3,
        5.739_507_73e-3,
        -7.622_461_3e-3,
        9.438_870_47e-3,
        1.001_674_06,
        2.832_976_82,
    ];
    if w < 5.0 { polynomial(&CENTRE, w - 2.5) } else { polynomial(&TAIL, w.sqrt() - 3.0) }
}

/// The logarithmic derivative of the gamma function.
///
/// Reflection for negative `x`; near its zero at 1.4616... a Taylor series, so that the relative accuracy holds
/// there; else the recurrence up to `x >= 10` and the asymptotic series.
/// At 0 it is an infinity of the other sign, at negative integers NaN.
///
/// ```
/// let euler = 0.577_215_664_901_532_9;
/// assert!((lyceum_engine::special::digamma(1.0) + euler).abs() < 1e-15);
/// ```
pub fn digamma(x: f64) -> f64 {
    if x == 0.0 {
        return f64::INFINITY.copysign(-x);
    }
    if x < 0.0 {
        if x == x.trunc() {
            return f64::NAN;
        }
        // The remainder keeps the tangent's argument exact for large |x|.
        return digamma(1.0 - x) - PI / (PI * (x - x.round())).tan();
    }
    let from_zero = (x - DIGAMMA_ZERO) - DIGAMMA_ZERO_REST;
    if from_zero.abs() < 0.3 {
        return from_zero * polynomial(&DIGAMMA_TAYLOR, from_zero);
    }
    let mut x = x;
    let mut below = 0.0;
    while x < 10.0 {
        below += 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    x.ln() - 0.5 / x - square * polynomial(&DIGAMMA_ASYMPTOTIC, square) - below
}

const DIGAMMA_ZERO: f64 = 1.461_632_144_968_362_2;
const DIGAMMA_ZERO_REST: f64 = 9.549_995_429_965_697e-17;

/// `B(2k) / 2k`, highest first.
const DIGAMMA_ASYMPTOTIC: [f64; 7] =
    [1.0 / 12.0, -691.0 / 32_760.0, 1.0 / 132.0, -1.0 / 240.0, 1.0 / 252.0, -1.0 / 120.0, 1.0 / 12.0];

/// The Taylor coefficients at the zero, `polygamma(k) / k!` for k = 26 down to 1.
const DIGAMMA_TAYLOR: [f64; 26] = [
    -3.543_007_094_765_960_4e-5,
    5.178_575_795_222_081e-5,
    -7.569_179_582_195_066e-5,
    1.106_337_276_874_741e-4,
    -1.617_062_209_197_480_4e-4,
    2.363_560_156_402_705_3e-4,
    -3.454_680_251_063_077e-4,
    5.049_532_658_346_02e-4,
    -7.380_709_389_960_052e-4,
    1.078_825_201_916_296_7e-3,
    -1.576_936_771_430_197_2e-3,
    2.305_126_326_734_928e-3,
    -3.369_801_655_439_328e-3,
    4.926_781_395_729_853e-3,
    -7.204_534_386_356_869e-3,
    1.053_879_161_161_217_5e-2,
    -1.542_476_590_494_896e-2,
    2.259_764_823_221_810_4e-2,
    -3.316_112_647_484_736e-2,
    4.880_428_816_416_311e-2,
    -7.219_956_125_645_471e-2,
    1.078_240_506_912_623_7e-1,
    -1.639_427_054_424_065_2e-1,
    2.584_997_609_556_51e-1,
    -4.427_631_689_835_921e-1,
    9.676_722_454_476_212e-1,
];

/// The `n`-th derivative of [`digamma`]: `(-1)^(n+1) n! zeta(n + 1, x)` for `n >= 1`. Infinite at 0 and the negative
/// integers.
pub fn polygamma(n: u32, x: f64) -> f64 {
    if n == 0 {
        return digamma(x);
    }
    // Above 170 the factorial is infinite.
    let factorial: f64 = (1..=n.min(171)).map(f64::from).product();
    let value = factorial * hurwitz_zeta(n, x);
    if n % 2 == 1 { value } else { -value }
}

/// `sum over k >= 0 of (k + x)^(-s)` with `s = n + 1 >= 2`.
///
/// The terms at negative arguments are a difference of two such sums at positive ones.
fn hurwitz_zeta(n: u32, x: f64) -> f64 {
    let s = f64::from(n) + 1.0;
    if x == f64::INFINITY {
        return 0.0;
    }
    if x > 0.0 || x.is_nan() {
        return positive_hurwitz_zeta(s, x);
    }
    let fraction = x - x.floor();
    if fraction == 0.0 || x.is_infinite() {
        return if x.is_infinite() { f64::NAN } else { f64::INFINITY };
    }
    let mirrored = positive_hurwitz_zeta(s, 1.0 - fraction) - positive_hurwitz_zeta(s, 1.0 - x);
    positive_hurwitz_zeta(s, fraction) + if n % 2 == 1 { mirrored } else { -mirrored }
}

/// The terms below `x = 12` one by one, the rest by the Euler-Maclaurin formula.
fn positive_hurwitz_zeta(s: f64, x: f64) -> f64 {
    /// `B(2k) / (2k)!`.
    const RATIOS: [f64; 9] = [
        1.0 / 12.0,
        -1.0 / 720.0,
        1.0 / 30_240.0,
        -1.0 / 1_209_600.0,
        1.0 / 47_900_160.0,
        -691.0 / 1_307_674_368_000.0,
        1.0 / 74_724_249_600.0,
        -3_617.0 / 10_670_622_842_880_000.0,
        43_867.0 / 5_109_094_217_170_944_000.0,
    ];
    let mut sum = 0.0;
    let mut x = x;
    // For large s the expansion needs a larger argument; the terms before it vanish quickly then.
    while x < 12.0 + s && x < 200.0 {
        let term = x.powf(-s);
        sum += term;
        if term < sum * 1e-18 {
            return sum;
        }
        x += 1.0;
    }
    let power = x.powf(-s);
    sum += x * power / (s - 1.0) + 0.5 * power;
    let mut term = s * power / x;
    for (k, ratio) in RATIOS.iter().enumerate() {
        sum += ratio * term;
        let next = 2.0 * k as f64 + 1.0;
        term *= (s + next) * (s + next + 1.0) / (x * x);
    }
    sum
}

/// Horner's rule, highest coefficient first.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, &coefficient| sum * x + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(got: f64, expected: f64, relative: f64, what: &str) {
        let error = (got - expected).abs();
        assert!(error <= relative * expected.abs(), "{what}: got {got:e}, expected {expected:e}");
    }

    #[test]
    fn known_values() {
        assert_close(erf(0.5), 0.520_499_877_813_046_5, 4e-16, "erf");
        assert_close(erfc(5.0), 1.537_459_794_428_034_7e-12, 4e-16, "erfc");
        assert_close(erfinv(0.5), 0.476_936_276_204_469_9, 4e-16, "erfinv");
        assert_close(erfinv(-0.999_999_999), -4.320_005_388_105_362, 1e-15, "erfinv");
        assert_close(erfinv(1e-20), 8.862_269_254_527_58e-21, 4e-16, "erfinv");
        assert_close(lgamma(10.0), 12.801_827_480_081_469, 4e-16, "lgamma");
        assert_close(digamma(10.0), 2.251_752_589_066_721, 4e-16, "digamma");
        assert_close(digamma(-0.5), 0.036_489_973_978_576_52, 1e-14, "digamma");
        assert_close(digamma(1.46), -0.001_580_561_987_083_452, 4e-15, "digamma");
        assert_close(polygamma(1, 1.0), PI * PI / 6.0, 1e-15, "trigamma");
        assert_close(polygamma(1, -0.5), 8.934_802_200_544_68, 1e-14, "trigamma");
        assert_close(polygamma(2, 1.0), -2.404_113_806_319_188_6, 1e-15, "tetragamma");
        assert_close(polygamma(3, 0.1), 60_004.512_876_790_25, 1e-14, "pentagamma");
    }

    #[test]
    fn erfinv_inverts_erf_everywhere() {
        for k in 1..4000 {
            let x = f64::from(k) * 0.001;
            assert_close(erfinv(erf(x)), x, 3e-16 * (1.0 + (x * x).exp() / x), "erfinv(erf)");
            assert_close(erf(erfinv(x / 4.0)), x / 4.0, 5e-16, "erf(erfinv)");
        }
        let below_one = 1.0 - f64::EPSILON / 2.0;
        assert_close(erfc(erfinv(below_one)), f64::EPSILON / 2.0, 1e-14, "tail");
    }

    #[test]
    fn edges_are_infinite_or_not_a_number() {
        assert_eq!(erfinv(1.0), f64::INFINITY);
        assert_eq!(erfinv(-1.0), f64::NEG_INFINITY);
        assert!(erfinv(1.5).is_nan() && erfinv(f64::NAN).is_nan());
        assert_eq!(erfinv(-0.0).to_bits(), (-0.0f64).to_bits());
        assert_eq!(digamma(0.0), f64::NEG_INFINITY);
        assert_eq!(digamma(-0.0), f64::INFINITY);
        assert!(digamma(-3.0).is_nan());
        assert_eq!(digamma(f64::INFINITY), f64::INFINITY);
        assert!(digamma(f64::NEG_INFINITY).is_nan());
        assert_eq!(lgamma(0.0), f64::INFINITY);
        assert_eq!(lgamma(-2.0), f64::INFINITY);
        assert_eq!(lgamma(f64::NEG_INFINITY), f64::INFINITY);
        assert_eq!(polygamma(1, 0.0), f64::INFINITY);
        assert!(polygamma(2, f64::NAN).is_nan() && polygamma(2, f64::NEG_INFINITY).is_nan());
        assert_eq!(polygamma(1, f64::INFINITY), 0.0);
        assert!(polygamma(u32::MAX, 0.5).is_infinite());
    }
}
