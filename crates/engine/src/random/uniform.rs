//! The continuous uniform distribution: `rand`, `uniform_`.
//!
//! `value = unit * (to - from) + from` with one rounding (a fused multiply-add), in the element's precision. A
//! value that rounds up to `to` becomes `from`, so the range stays half open.

use super::{Generator, Real};

/// Fills with uniform values in `[from, to)`: one word a float32, two a float64.
pub fn uniform<T: Real>(generator: &mut Generator, out: &mut [T], from: f64, to: f64) {
    T::fill_uniform(generator, out, from, to);
}

/// `x <- x * scale + shift`, rounded once; `ceiling` becomes `shift`.
macro_rules! define_stretch {
    ($name:ident, $with_fma:ident, $lanes:ident, $real:ty) => {
        #[inline(always)]
        fn $lanes(values: &mut [$real], scale: $real, shift: $real, ceiling: $real) {
            for value in values {
                let stretched = value.mul_add(scale, shift);
                *value = if stretched == ceiling { shift } else { stretched };
            }
        }

        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        fn $with_fma(values: &mut [$real], scale: $real, shift: $real, ceiling: $real) {
            $lanes(values, scale, shift, ceiling);
        }

        pub(super) fn $name(values: &mut [$real], scale: $real, shift: $real, ceiling: $real) {
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                // SAFETY: the features were just detected.
                unsafe { $with_fma(values, scale, shift, ceiling) };
                return;
            }
            $lanes(values, scale, shift, ceiling);
        }
    };
}

define_stretch!(stretch_f32, stretch_f32_with_fma, stretch_f32_lanes, f32);
define_stretch!(stretch_f64, stretch_f64_with_fma, stretch_f64_lanes, f64);

pub(super) fn fill_f32(generator: &mut Generator, out: &mut [f32], from: f64, to: f64) {
    out.fill_with(|| generator.unit_f32());
    let (from, to) = (from as f32, to as f32);
    if from != 0.0 || to != 1.0 {
        stretch_f32(out, to - from, from, to);
    }
}

pub(super) fn fill_f64(generator: &mut Generator, out: &mut [f64], from: f64, to: f64) {
    out.fill_with(|| generator.unit_f64());
    if from != 0.0 || to != 1.0 {
        stretch_f64(out, to - from, from, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upper_end_is_never_reached() {
        let from = 1.0f32;
        let to = f32::from_bits(from.to_bits() + 1);
        let mut out = [0f32; 64];
        uniform(&mut Generator::new(1), &mut out, f64::from(from), f64::from(to));
        assert!(out.iter().all(|&value| value == from));
    }
}
