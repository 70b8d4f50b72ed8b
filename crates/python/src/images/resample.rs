//! Pictures in other sizes, with the filters of Pillow and its arithmetic, so that the bytes are the same.
//!
//! A pixel of the result is a weighted mean of those that its area covers: `out(x) = Σ w((i + ½ - c) / s) in(i)`, where
//! `c = (x + ½) · scale` and `s = max(scale, 1)`, so a picture that becomes smaller does not alias. Rows and
//! columns one after the other; weights in 22 bits after the point, and a byte after each of the two.

use std::f64::consts::PI;

use super::{
    Pixels,
    codec::{MOST_ON_A_SIDE, MOST_PIXELS},
};

const BITS: u32 = 22;

/// Resizes the part `(left, top, right, bottom)`.
pub(super) fn resize(
    pixels: &Pixels,
    height: usize,
    width: usize,
    filter: &str,
    part: (f64, f64, f64, f64),
) -> Result<Pixels, String> {
    let (left, top, right, bottom) = part;
    if height == 0 || width == 0 {
        return Err("height and width must be > 0".to_owned());
    }
    if height > MOST_ON_A_SIDE || width > MOST_ON_A_SIDE || height * width > MOST_PIXELS {
        return Err(format!("{width} x {height} pixels are too many"));
    }
    let is_inside = left >= 0.0
        && top >= 0.0
        && right <= pixels.width as f64
        && bottom <= pixels.height as f64
        && left < right
        && top < bottom;
    if !is_inside {
        return Err("Box can't exceed original image size, and must not be empty".to_owned());
    }
    if filter == "nearest" {
        return Ok(nearest(pixels, height, width, part));
    }
    let filter = Filter::named(filter).ok_or_else(|| format!("there is no filter {filter:?}"))?;
    let is_wide = width != pixels.width || left != 0.0 || right != width as f64;
    let is_high = height != pixels.height || top != 0.0 || bottom != height as f64;
    let in_width = |pixels: Pixels| {
        if is_wide { across(&pixels, &Weights::new(pixels.width, left, right, width, filter)) } else { pixels }
    };
    let in_height = |pixels: Pixels| {
        if is_high { down(&pixels, &Weights::new(pixels.height, top, bottom, height, filter)) } else { pixels }
    };
    // A byte comes after each of the two, so which of them is first shows; Pillow 13 chooses by what there is less of
    // to do.
    let (narrower, lower) = (pixels.width as f64 - width as f64, pixels.height as f64 - height as f64);
    let is_height_first = lower > 0.0 && 2.0 * narrower < lower;
    let pixels = pixels.clone();
    Ok(if is_height_first { in_width(in_height(pixels)) } else { in_height(in_width(pixels)) })
}

fn nearest(pixels: &Pixels, height: usize, width: usize, part: (f64, f64, f64, f64)) -> Pixels {
    let (left, top, right, bottom) = part;
    let places = |from: f64, to: f64, count: usize, limit: usize| -> Vec<usize> {
        let step = (to - from) / count as f64;
        let mut at = from + step * 0.5;
        let mut next = || {
            let place = (at as usize).min(limit - 1);
            at += step;
            place
        };
        (0..count).map(|_| next()).collect()
    };
    let columns = places(left, right, width, pixels.width);
    let mut values = Vec::with_capacity(height * width * pixels.channels);
    for y in places(top, bottom, height, pixels.height) {
        let row = pixels.row(y);
        for &x in &columns {
            values.extend_from_slice(&row[x * pixels.channels..(x + 1) * pixels.channels]);
        }
    }
    Pixels { height, width, channels: pixels.channels, values }
}

/// A filter: how far it reaches, and its weight at a distance.
#[derive(Clone, Copy)]
struct Filter {
    support: f64,
    weight: fn(f64) -> f64,
}

impl Filter {
    fn named(name: &str) -> Option<Self> {
        let (support, weight): (f64, fn(f64) -> f64) = match name {
            "box" => (0.5, |x| f64::from(u8::from(x > -0.5 && x <= 0.5))),
            "bilinear" => (1.0, |x| (1.0 - x.abs()).max(0.0)),
            "hamming" => (1.0, |x| match x.abs() {
                0.0 => 1.0,
                x if x >= 1.0 => 0.0,
                x => (PI * x).sin() / (PI * x) * (0.54 + 0.46 * (PI * x).cos()),
            }),
            // Keys' cubic with a = -½.
            "bicubic" => (2.0, |x| match x.abs() {
                x if x < 1.0 => (1.5 * x - 2.5) * x * x + 1.0,
                x if x < 2.0 => -0.5 * (((x - 5.0) * x + 8.0) * x - 4.0),
                _ => 0.0,
            }),
            "lanczos" => (3.0, |x| {
                let sinc = |x: f64| if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) };
                if (-3.0..3.0).contains(&x) { sinc(x) * sinc(x / 3.0) } else { 0.0 }
            }),
            _ => return None,
        };
        Some(Self { support, weight })
    }
}

/// For each place of the result where its inputs begin, and their weights.
struct Weights(Vec<(usize, Vec<i32>)>);

impl Weights {
    fn new(size: usize, from: f64, to: f64, count: usize, filter: Filter) -> Self {
        let scale = (to - from) / count as f64;
        let stretch = scale.max(1.0);
        let reach = filter.support * stretch;
        let of_place = |place: usize| {
            let center = from + (place as f64 + 0.5) * scale;
            let first = (center - reach + 0.5).max(0.0) as usize;
            let end = ((center + reach + 0.5).max(0.0) as usize).min(size).max(first);
            let weights: Vec<f64> =
                (first..end).map(|i| (filter.weight)((i as f64 - center + 0.5) * (1.0 / stretch))).collect();
            let sum: f64 = weights.iter().sum();
            let share = if sum == 0.0 { 1.0 } else { 1.0 / sum };
            let fixed = weights.iter().map(|weight| (weight * share * f64::from(1 << BITS)).round() as i32).collect();
            (first, fixed)
        };
        Self((0..count).map(of_place).collect())
    }
}

fn byte(sum: i32) -> u8 {
    (sum >> BITS).clamp(0, 255) as u8
}

fn across(pixels: &Pixels, weights: &Weights) -> Pixels {
    let (channels, width) = (pixels.channels, weights.0.len());
    let mut values = Vec::with_capacity(pixels.height * width * channels);
    for y in 0..pixels.height {
        let row = pixels.row(y);
        for (first, weights) in &weights.0 {
            for channel in 0..channels {
                let inputs = row[first * channels + channel..].iter().step_by(channels);
                let sum = weights.iter().zip(inputs).map(|(weight, value)| weight.wrapping_mul(i32::from(*value)));
                values.push(byte(sum.fold(1 << (BITS - 1), i32::wrapping_add)));
            }
        }
    }
    Pixels { height: pixels.height, width, channels, values }
}

fn down(pixels: &Pixels, weights: &Weights) -> Pixels {
    let length = pixels.width * pixels.channels;
    let mut values = Vec::with_capacity(weights.0.len() * length);
    let mut sums = vec![0i32; length];
    for (first, weights) in &weights.0 {
        sums.fill(1 << (BITS - 1));
        for (offset, weight) in weights.iter().enumerate() {
            for (sum, value) in sums.iter_mut().zip(pixels.row(first + offset)) {
                *sum = sum.wrapping_add(weight.wrapping_mul(i32::from(*value)));
            }
        }
        values.extend(sums.iter().map(|sum| byte(*sum)));
    }
    Pixels { height: weights.0.len(), width: pixels.width, channels: pixels.channels, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILTERS: [&str; 6] = ["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"];

    #[test]
    fn one_colour_stays_one_colour() {
        let pixels = Pixels { height: 9, width: 7, channels: 3, values: vec![137; 9 * 7 * 3] };
        for filter in FILTERS {
            for (height, width) in [(1, 1), (3, 20), (9, 7), (40, 2)] {
                let resized = resize(&pixels, height, width, filter, (0.0, 0.0, 7.0, 9.0)).unwrap();
                assert_eq!(resized.values, vec![137; height * width * 3], "{filter} {height} {width}");
            }
        }
    }

    #[test]
    fn halving_with_a_box_takes_means() {
        let pixels = Pixels { height: 2, width: 4, channels: 1, values: vec![10, 20, 30, 40, 30, 40, 50, 60] };
        let resized = resize(&pixels, 1, 2, "box", (0.0, 0.0, 4.0, 2.0)).unwrap();
        assert_eq!(resized.values, [25, 45]);
    }

    /// What Pillow 13 gives: the first is made lower and then wider, the second narrower and then higher.
    #[test]
    fn the_order_of_width_and_height_is_pillows() {
        let pixels =
            Pixels { height: 4, width: 3, channels: 1, values: vec![9, 200, 31, 64, 255, 8, 77, 3, 190, 120, 45, 66] };
        let whole = (0.0, 0.0, 3.0, 4.0);
        assert_eq!(resize(&pixels, 2, 4, "bilinear", whole).unwrap().values, [42, 138, 138, 44, 94, 71, 77, 111]);
        assert_eq!(
            resize(&pixels, 5, 2, "bilinear", whole).unwrap().values,
            [81, 94, 120, 99, 93, 111, 62, 101, 92, 58]
        );
    }

    #[test]
    fn impossible_sizes_and_parts_are_errors() {
        let pixels = Pixels { height: 2, width: 2, channels: 1, values: vec![0; 4] };
        let whole = (0.0, 0.0, 2.0, 2.0);
        for (height, width, filter, part) in [
            (0, 1, "box", whole),
            (30_000, 1, "box", whole),
            (1, 1, "cubic", whole),
            (1, 1, "box", (0.0, 0.0, 3.0, 2.0)),
            (1, 1, "nearest", (1.0, 0.0, 1.0, 2.0)),
            (1, 1, "box", (f64::NAN, 0.0, 1.0, 2.0)),
        ] {
            assert!(resize(&pixels, height, width, filter, part).is_err(), "{height} {width} {filter} {part:?}");
        }
    }
}
