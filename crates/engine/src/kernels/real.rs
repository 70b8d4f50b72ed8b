//! What a kernel may ask of `f32` and `f64`: arithmetic, a few functions, the layout of their bits, and `gemm`.
//!
//! The trait exists so that each kernel is written once. It is implemented for the two floating types and for
//! nothing else.

#![allow(
    clippy::excessive_precision,
    clippy::approx_constant,
    reason = "coefficients stand as they were fitted; the first of erf only happens to be near 2/√π"
)]

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A floating-point element type: `f32` or `f64`.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + 'static
{
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// One half.
    const HALF: Self;
    /// Two.
    const TWO: Self;
    /// Positive infinity.
    const INFINITY: Self;
    /// Negative infinity.
    const NEG_INFINITY: Self;
    /// Not a number.
    const NAN: Self;
    /// The distance from one to the next greater value.
    const EPSILON: Self;
    /// The smallest positive value of full precision.
    const MIN_POSITIVE: Self;
    /// 1.5 times two to the number of mantissa bits: adding it rounds a value of moderate size to an integer, which
    /// then stands in the low bits.
    const ROUNDER: Self;
    /// The leading bits of ln 2, few enough that a product with an exponent is exact.
    const LN_2_HIGH: Self;
    /// ln 2 less its leading bits.
    const LN_2_LOW: Self;
    /// The least argument whose exponential is worth computing; below it the result is zero.
    const EXP_LOWEST: Self;
    /// The greatest argument whose exponential is worth computing; above it the result is infinite.
    const EXP_HIGHEST: Self;
    /// 1/n! from n = 2 on: as many as `exp` needs.
    const EXP_SERIES: &'static [Self];
    /// 1/3, 1/5, 1/7 ...: as many terms of the inverse hyperbolic tangent as `ln` needs for |s| ≤ 0.172.
    const LN_SERIES: &'static [Self];
    /// 1/3, 1/5, 1/7 ...: as many terms of the inverse hyperbolic tangent as `ln_1p` needs for |s| ≤ 1/3.
    const LN_1P_SERIES: &'static [Self];
    /// Coefficients of erf(x)/x in x² for |x| ≤ 1.
    const ERF_SMALL: &'static [Self];
    /// Coefficients of exp(x²)·erfc(x) in 1/(1+x) for 1 ≤ x ≤ `ERF_HIGHEST`.
    const ERF_LARGE: &'static [Self];
    /// From here on erf is one.
    const ERF_HIGHEST: Self;

    /// Rounds an `f64` to this type.
    fn from_f64(value: f64) -> Self;
    /// Rounds a count to this type.
    fn from_usize(value: usize) -> Self;
    /// Widens to `f64`.
    fn to_f64(self) -> f64;
    /// The absolute value.
    fn abs(self) -> Self;
    /// The greatest integer not above the value.
    fn floor(self) -> Self;
    /// The least integer not below the value.
    fn ceil(self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// The exponential as the platform's library has it; `elementary::exp` is the one for slices.
    fn exp(self) -> Self;
    /// The natural logarithm as the platform's library has it.
    fn ln(self) -> Self;
    /// A power with a real exponent.
    fn powf(self, exponent: Self) -> Self;
    /// Takes the sign of another value.
    fn copysign(self, sign: Self) -> Self;
    /// True for NaN.
    fn is_nan(self) -> bool;
    /// True for neither NaN nor an infinity.
    fn is_finite(self) -> bool;
    /// Two factors whose product is two to the power of the integer in the low bits of `rounded`, which is a value
    /// to which `ROUNDER` was added. Two factors, because the power may lie outside the exponent's range.
    fn powers_of_two(rounded: Self) -> (Self, Self);
    /// Splits a positive value of full precision into m·2ᵉ with √½ ≤ m < √2.
    fn split(self) -> (Self, Self);

    /// out = a·b, or out + a·b when `accumulate`, by the `gemm` crate.
    ///
    /// # Safety
    /// The three matrices of (m, k), (k, n) and (m, n) elements with strides (row, column) in elements lie inside
    /// memory that may be read, and for `out` written by nobody else; no element of `out` is addressed twice.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a matrix product")]
    unsafe fn gemm(
        m: usize,
        k: usize,
        n: usize,
        a: *const Self,
        a_strides: [isize; 2],
        b: *const Self,
        b_strides: [isize; 2],
        out: *mut Self,
        out_strides: [isize; 2],
        accumulate: bool,
        parallelism: gemm::Parallelism,
    );
}

macro_rules! real {
    ($float:ident, $signed:ident, $unsigned:ident, mantissa $mantissa:literal, bias $bias:literal,
     $($constant:ident: $type:ty = $value:expr;)*) => {
        impl Real for $float {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const HALF: Self = 0.5;
            const TWO: Self = 2.0;
            const INFINITY: Self = $float::INFINITY;
            const NEG_INFINITY: Self = $float::NEG_INFINITY;
            const NAN: Self = $float::NAN;
            const EPSILON: Self = $float::EPSILON;
            const MIN_POSITIVE: Self = $float::MIN_POSITIVE;
            const ROUNDER: Self = 1.5 * (1u64 << $mantissa) as $float;
            $(const $constant: $type = $value;)*

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as $float
            }
            #[inline(always)]
            fn from_usize(value: usize) -> Self {
                value as $float
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $float::abs(self)
            }
            #[inline(always)]
            fn floor(self) -> Self {
                $float::floor(self)
            }
            #[inline(always)]
            fn ceil(self) -> Self {
                $float::ceil(self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                $float::sqrt(self)
            }
            #[inline(always)]
            fn exp(self) -> Self {
                $float::exp(self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                $float::ln(self)
            }
            #[inline(always)]
            fn powf(self, exponent: Self) -> Self {
                $float::powf(self, exponent)
            }
            #[inline(always)]
            fn copysign(self, sign: Self) -> Self {
                $float::copysign(self, sign)
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                $float::is_nan(self)
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                $float::is_finite(self)
            }
            #[inline(always)]
            fn powers_of_two(rounded: Self) -> (Self, Self) {
                let power = (rounded.to_bits() as $signed).wrapping_sub(Self::ROUNDER.to_bits() as $signed);
                let half = power >> 1;
                let factor =
                    |power: $signed| $float::from_bits((power.wrapping_add($bias) as $unsigned) << $mantissa);
                (factor(half), factor(power.wrapping_sub(half)))
            }
            #[inline(always)]
            fn split(self) -> ($float, $float) {
                const ONE_BITS: $unsigned = (1.0 as $float).to_bits();
                const ROOT_BITS: $unsigned = (std::f64::consts::FRAC_1_SQRT_2 as $float).to_bits();
                const FRACTION: $unsigned = (1 << $mantissa) - 1;
                let shifted = self.to_bits().wrapping_add(ONE_BITS - ROOT_BITS);
                let mantissa = $float::from_bits((shifted & FRACTION).wrapping_add(ROOT_BITS));
                let rounder = Self::ROUNDER.to_bits();
                let biased = $float::from_bits((shifted >> $mantissa).wrapping_add(rounder)) - Self::ROUNDER;
                (mantissa, biased - $bias as $float)
            }

            unsafe fn gemm(
                m: usize,
                k: usize,
                n: usize,
                a: *const Self,
                a_strides: [isize; 2],
                b: *const Self,
                b_strides: [isize; 2],
                out: *mut Self,
                out_strides: [isize; 2],
                accumulate: bool,
                parallelism: gemm::Parallelism,
            ) {
                // SAFETY: the caller's promise is the one that `gemm` asks for.
                unsafe {
                    gemm::gemm(
                        m, n, k, out, out_strides[1], out_strides[0], accumulate, a, a_strides[1], a_strides[0], b,
                        b_strides[1], b_strides[0], if accumulate { 1.0 } else { 0.0 }, 1.0, false, false, false,
                        parallelism,
                    );
                }
            }
        }
    };
}

real! {
    f32, i32, u32, mantissa 23, bias 127,
    LN_2_HIGH: f32 = 0.693_145_751_953_125;
    LN_2_LOW: f32 = 1.428_606_820_309_417_3e-6;
    EXP_LOWEST: f32 = -104.0;
    EXP_HIGHEST: f32 = 89.0;
    EXP_SERIES: &'static [f32] = &[1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0];
    LN_SERIES: &'static [f32] = &[1.0 / 3.0, 1.0 / 5.0, 1.0 / 7.0, 1.0 / 9.0];
    LN_1P_SERIES: &'static [f32] =
        &[1.0 / 3.0, 1.0 / 5.0, 1.0 / 7.0, 1.0 / 9.0, 1.0 / 11.0, 1.0 / 13.0, 1.0 / 15.0];
    ERF_SMALL: &'static [f32] = &[
        1.128_379_2, -0.376_126_27, 0.112_835_95, -0.026_854_212, 0.005_189_087_4, -0.000_801_686_43,
        0.000_078_758_75,
    ];
    ERF_LARGE: &'static [f32] = &[
        -0.000_130_824_22, 0.567_263_8, 0.534_454_96, 0.429_597_44, -0.636_252_9, -0.608_252_7, 1.294_818_8,
        -0.600_161_85,
    ];
    ERF_HIGHEST: f32 = 4.0;
}

real! {
    f64, i64, u64, mantissa 52, bias 1023,
    LN_2_HIGH: f64 = 0.693_147_180_485_539_1;
    LN_2_LOW: f64 = 7.440_617_110_012_397e-11;
    EXP_LOWEST: f64 = -746.0;
    EXP_HIGHEST: f64 = 710.0;
    EXP_SERIES: &'static [f64] = &[
        1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0, 1.0 / 40_320.0, 1.0 / 362_880.0,
        1.0 / 3_628_800.0, 1.0 / 39_916_800.0, 1.0 / 479_001_600.0, 1.0 / 6_227_020_800.0,
    ];
    LN_SERIES: &'static [f64] = &[
        1.0 / 3.0, 1.0 / 5.0, 1.0 / 7.0, 1.0 / 9.0, 1.0 / 11.0, 1.0 / 13.0, 1.0 / 15.0, 1.0 / 17.0, 1.0 / 19.0,
        1.0 / 21.0,
    ];
    LN_1P_SERIES: &'static [f64] = &[
        1.0 / 3.0, 1.0 / 5.0, 1.0 / 7.0, 1.0 / 9.0, 1.0 / 11.0, 1.0 / 13.0, 1.0 / 15.0, 1.0 / 17.0, 1.0 / 19.0,
        1.0 / 21.0, 1.0 / 23.0, 1.0 / 25.0, 1.0 / 27.0, 1.0 / 29.0, 1.0 / 31.0, 1.0 / 33.0,
    ];
    ERF_SMALL: &'static [f64] = &[
        1.128_379_167_095_512_57, -0.376_126_389_031_837_481, 0.112_837_916_709_548_787, -0.026_866_170_645_076_793_2,
        0.005_223_977_624_818_014_47, -0.000_854_832_698_083_378_991, 0.000_120_553_311_116_427_109,
        -0.000_014_925_595_266_831_181_6, 1.646_100_048_412_136_8e-6, -1.635_031_270_105_469_5e-7,
        1.465_977_527_404_743_58e-8, -1.137_284_885_679_169_37e-9, 5.957_176_147_748_911_4e-11,
    ];
    ERF_LARGE: &'static [f64] = &[
        -1.817_185_916_137_241_45e-8, 0.564_190_931_401_426_708, 0.564_142_674_642_521_615, 0.283_112_462_551_454_059,
        -0.297_511_218_394_677_736, -0.532_198_027_296_852_497, -1.630_396_759_493_271_07, 11.649_375_219_808_182_5,
        -51.284_361_861_071_910_9, 220.683_653_718_862_135, -752.237_173_893_575_439, 1_886.903_306_037_922_33,
        -3_503.947_003_951_259_84, 4_864.481_696_785_832_81, -5_028.601_973_086_148_84, 3_781.807_130_200_019_87,
        -1_964.679_849_509_119_06, 632.613_965_014_189_949, -95.359_651_861_152_868_8,
    ];
    ERF_HIGHEST: f64 = 6.0;
}
