//! What the random numbers of an element type are: the range of its integers, and how floats are drawn.

use super::Generator;
use crate::element::Element;

/// A type whose tensors can be filled with random integers.
pub trait Draw: Element {
    /// The largest integer that `random_(from, to=None)` may give: the type's maximum, or for a float the
    /// power of two up to which all integers are exact.
    const LARGEST: i64;

    /// Draws for `random_()` without bounds: from 0 to [`Draw::LARGEST`], both included.
    fn draw(generator: &mut Generator) -> Self;

    /// Moves a range inwards to the integers that the type can hold; the identity for integer types.
    fn representable_range(from: i64, to: i64) -> (i64, i64) {
        (from, to)
    }
}

/// A floating-point element.
pub trait Real: Draw {
    /// The uniform distribution on `[from, to)`.
    fn fill_uniform(generator: &mut Generator, out: &mut [Self], from: f64, to: f64);

    /// The normal distribution by whole blocks; `out` has at least 16 elements.
    fn fill_normal_blocks(generator: &mut Generator, out: &mut [Self], mean: f64, std: f64);

    /// A uniform value in `[0, 1)` with as many bits as the type holds.
    fn unit(generator: &mut Generator) -> Self;

    /// Sum in the type's own precision.
    fn plus(self, other: Self) -> Self;

    /// Quotient in the type's own precision.
    fn over(self, other: Self) -> Self;
}

impl Draw for bool {
    const LARGEST: i64 = 1;

    fn draw(generator: &mut Generator) -> Self {
        generator.draw32() & 1 == 1
    }
}

impl Draw for u8 {
    const LARGEST: i64 = u8::MAX as i64;

    fn draw(generator: &mut Generator) -> Self {
        generator.draw32() as u8
    }
}

impl Draw for i32 {
    const LARGEST: i64 = i32::MAX as i64;

    fn draw(generator: &mut Generator) -> Self {
        (generator.draw32() & 0x7fff_ffff) as i32
    }
}

impl Draw for i64 {
    const LARGEST: i64 = i64::MAX;

    fn draw(generator: &mut Generator) -> Self {
        (generator.draw64() & 0x7fff_ffff_ffff_ffff) as i64
    }
}

impl Draw for f32 {
    const LARGEST: i64 = 1 << f32::MANTISSA_DIGITS;

    fn draw(generator: &mut Generator) -> Self {
        (generator.draw32() % ((1 << f32::MANTISSA_DIGITS) + 1)) as f32
    }

    fn representable_range(from: i64, to: i64) -> (i64, i64) {
        inward(from, to, f32::MANTISSA_DIGITS, |value| value as f32 as i64)
    }
}

impl Draw for f64 {
    const LARGEST: i64 = 1 << f64::MANTISSA_DIGITS;

    fn draw(generator: &mut Generator) -> Self {
        (generator.draw64() % ((1 << f64::MANTISSA_DIGITS) + 1)) as f64
    }

    fn representable_range(from: i64, to: i64) -> (i64, i64) {
        inward(from, to, f64::MANTISSA_DIGITS, |value| value as f64 as i64)
    }
}

macro_rules! draw_half {
    ($t:ty) => {
        impl Draw for $t {
            const LARGEST: i64 = 1 << <$t>::MANTISSA_DIGITS;

            fn draw(generator: &mut Generator) -> Self {
                Self::from_i64(i64::from(generator.draw32() % ((1 << <$t>::MANTISSA_DIGITS) + 1)))
            }

            fn representable_range(from: i64, to: i64) -> (i64, i64) {
                inward(from, to, <$t>::MANTISSA_DIGITS, |value| Self::from_i64(value).to_i64())
            }
        }
    };
}

draw_half!(half::f16);
draw_half!(half::bf16);

/// Moves the ends of `[from, to)` inwards where rounding to a float would carry a value outside the range.
fn inward(from: i64, to: i64, digits: u32, round: impl Fn(i64) -> i64) -> (i64, i64) {
    let spacing = |value: i64| {
        let magnitude = value.unsigned_abs();
        let exponent = magnitude.checked_ilog2().unwrap_or(0);
        1i64.checked_shl((exponent + 1).saturating_sub(digits)).unwrap_or(i64::MAX)
    };
    let lowest = from.saturating_add(1);
    let from = match round(lowest) {
        rounded if rounded < from => rounded.saturating_add(spacing(lowest)),
        _ => from,
    };
    let highest = to.saturating_sub(1);
    let to = match round(highest) {
        rounded if rounded >= to => rounded.saturating_sub(spacing(highest)),
        _ => to,
    };
    (from, to)
}

impl Real for f32 {
    fn fill_uniform(generator: &mut Generator, out: &mut [Self], from: f64, to: f64) {
        super::uniform::fill_f32(generator, out, from, to);
    }

    fn fill_normal_blocks(generator: &mut Generator, out: &mut [Self], mean: f64, std: f64) {
        super::normal::fill_blocks_f32(generator, out, mean, std);
    }

    fn unit(generator: &mut Generator) -> Self {
        generator.unit_f32()
    }

    fn plus(self, other: Self) -> Self {
        self + other
    }

    fn over(self, other: Self) -> Self {
        self / other
    }
}

impl Real for f64 {
    fn fill_uniform(generator: &mut Generator, out: &mut [Self], from: f64, to: f64) {
        super::uniform::fill_f64(generator, out, from, to);
    }

    fn fill_normal_blocks(generator: &mut Generator, out: &mut [Self], mean: f64, std: f64) {
        super::normal::fill_blocks_f64(generator, out, mean, std);
    }

    fn unit(generator: &mut Generator) -> Self {
        generator.unit_f64()
    }

    fn plus(self, other: Self) -> Self {
        self + other
    }

    fn over(self, other: Self) -> Self {
        self / other
    }
}
