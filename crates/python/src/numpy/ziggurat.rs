//! Normal and exponential numbers by the ziggurat of Marsaglia and Tsang (2000), as `numpy.random.Generator` draws them.
//!
//! The area under the density is covered by 256 layers of equal area. Layer `i` reaches to `x(i)`; `WIDTH[i]` is that
//! divided by the greatest number of bits drawn, `INSIDE[i]` says which draws certainly lie under the density, and
//! `HEIGHT[i]` is the density at `x(i)`.

mod tables;

use super::bits::Bits;
use tables::{EXPONENTIAL_HEIGHT, EXPONENTIAL_INSIDE, EXPONENTIAL_WIDTH};
use tables::{NORMAL_HEIGHT, NORMAL_INSIDE, NORMAL_INSIDE_SINGLE, NORMAL_WIDTH};

/// Where the tail of the normal distribution begins.
const NORMAL_TAIL: f64 = 3.654_152_885_361_009;
const NORMAL_TAIL_INVERSE: f64 = 0.273_661_237_329_758_3;
/// Where the tail of the exponential distribution begins.
const EXPONENTIAL_TAIL: f64 = 7.697_117_470_131_05;

pub(crate) fn normal(bits: &mut Bits) -> f64 {
    loop {
        let word = bits.next_u64();
        let layer = (word & 0xff) as usize;
        let is_negative = (word >> 8) & 1 == 1;
        let place = (word >> 9) & 0x000f_ffff_ffff_ffff;
        let x = place as f64 * f64::from_bits(NORMAL_WIDTH[layer]);
        let x = if is_negative { -x } else { x };
        if place < NORMAL_INSIDE[layer] {
            return x;
        }
        if layer == 0 {
            loop {
                let beyond = -NORMAL_TAIL_INVERSE * (-bits.next_double()).ln_1p();
                let y = -(-bits.next_double()).ln_1p();
                if y + y > beyond * beyond {
                    let x = NORMAL_TAIL + beyond;
                    return if (place >> 8) & 1 == 1 { -x } else { x };
                }
            }
        }
        let (low, high) = (f64::from_bits(NORMAL_HEIGHT[layer]), f64::from_bits(NORMAL_HEIGHT[layer - 1]));
        if (high - low) * bits.next_double() + low < (-0.5 * x * x).exp() {
            return x;
        }
    }
}

/// In single precision, from words of 32 bits.
pub(crate) fn normal_single(bits: &mut Bits) -> f32 {
    loop {
        let word = bits.next_u32();
        let layer = (word & 0xff) as usize;
        let is_negative = (word >> 8) & 1 == 1;
        let place = (word >> 9) & 0x007f_ffff;
        // A place has 29 bits less here.
        let x = place as f32 * (f64::from_bits(NORMAL_WIDTH[layer]) * f64::from(1u32 << 29)) as f32;
        let x = if is_negative { -x } else { x };
        if place < NORMAL_INSIDE_SINGLE[layer] {
            return x;
        }
        if layer == 0 {
            loop {
                let beyond = -(NORMAL_TAIL_INVERSE as f32) * (-bits.next_float()).ln_1p();
                let y = -(-bits.next_float()).ln_1p();
                if y + y > beyond * beyond {
                    let x = NORMAL_TAIL as f32 + beyond;
                    return if (place >> 8) & 1 == 1 { -x } else { x };
                }
            }
        }
        let (low, high) =
            (f64::from_bits(NORMAL_HEIGHT[layer]) as f32, f64::from_bits(NORMAL_HEIGHT[layer - 1]) as f32);
        if f64::from((high - low) * bits.next_float() + low) < (-0.5 * f64::from(x) * f64::from(x)).exp() {
            return x;
        }
    }
}

pub(crate) fn exponential(bits: &mut Bits) -> f64 {
    loop {
        let word = bits.next_u64() >> 3;
        let layer = (word & 0xff) as usize;
        let place = word >> 8;
        let x = place as f64 * f64::from_bits(EXPONENTIAL_WIDTH[layer]);
        if place < EXPONENTIAL_INSIDE[layer] {
            return x;
        }
        if layer == 0 {
            return EXPONENTIAL_TAIL - (-bits.next_double()).ln_1p();
        }
        let (low, high) = (f64::from_bits(EXPONENTIAL_HEIGHT[layer]), f64::from_bits(EXPONENTIAL_HEIGHT[layer - 1]));
        if (high - low) * bits.next_double() + low < (-x).exp() {
            return x;
        }
    }
}
