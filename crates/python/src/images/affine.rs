//! Pictures turned, moved and sheared: each pixel is taken from `(a x + b y + c, d x + e y + f)`, as Pillow does it.

use super::{
    Pixels,
    codec::{MOST_ON_A_SIDE, MOST_PIXELS},
};

/// Makes a picture of another one; `fill` is the colour of what lies outside.
pub(super) fn transform(
    pixels: &Pixels,
    height: usize,
    width: usize,
    matrix: &[f64; 6],
    is_bilinear: bool,
    fill: &[u8],
) -> Result<Pixels, String> {
    if height > MOST_ON_A_SIDE || width > MOST_ON_A_SIDE || height * width > MOST_PIXELS {
        return Err(format!("{width} x {height} pixels are too many"));
    }
    let mut values = Vec::with_capacity(height * width * pixels.channels);
    let nearest = Nearest::new(matrix, [(0, 0), (width, 0), (0, height), (width, height)]);
    for y in 0..height {
        for x in 0..width {
            if is_bilinear {
                let [a, b, c, d, e, f] = *matrix;
                let (middle_x, middle_y) = (x as f64 + 0.5, y as f64 + 0.5);
                mean(pixels, a * middle_x + b * middle_y + c, d * middle_x + e * middle_y + f, fill, &mut values);
            } else {
                match nearest.place(x, y).filter(|(column, row)| *column < pixels.width && *row < pixels.height) {
                    Some((column, row)) => {
                        values.extend_from_slice(&pixels.row(row)[column * pixels.channels..][..pixels.channels]);
                    }
                    None => values.extend_from_slice(fill),
                }
            }
        }
    }
    Ok(Pixels { height, width, channels: pixels.channels, values })
}

/// Finds the pixel that a place falls into: in 16 bits after the point where all corners have room in 32.
enum Nearest {
    Fixed([i64; 6]),
    Float([f64; 6]),
}

impl Nearest {
    fn new(matrix: &[f64; 6], corners: [(usize, usize); 4]) -> Self {
        let [a, b, c, d, e, f] = *matrix;
        let is_straight = b == 0.0 && d == 0.0;
        let fits = corners.iter().all(|&(x, y)| {
            let (x, y) = (x as f64, y as f64);
            (a * x + b * y + c).abs() < 32768.0 && (d * x + e * y + f).abs() < 32768.0
        });
        if is_straight || !fits {
            return Self::Float(*matrix);
        }
        let fixed = |value: f64| (value * 65536.0 + 0.5).floor() as i64;
        Self::Fixed([
            fixed(a),
            fixed(b),
            fixed(c + a * 0.5 + b * 0.5),
            fixed(d),
            fixed(e),
            fixed(f + d * 0.5 + e * 0.5),
        ])
    }

    fn place(&self, x: usize, y: usize) -> Option<(usize, usize)> {
        match self {
            Self::Fixed([a, b, c, d, e, f]) => {
                let (x, y) = (x as i64, y as i64);
                let place = |value: i64| usize::try_from(value >> 16).ok();
                Some((place(c + a * x + b * y)?, place(f + d * x + e * y)?))
            }
            Self::Float([a, b, c, d, e, f]) => {
                let (x, y) = (x as f64 + 0.5, y as f64 + 0.5);
                let place = |value: f64| (value >= 0.0).then_some(value as usize);
                Some((place(a * x + b * y + c)?, place(d * x + e * y + f)?))
            }
        }
    }
}

/// Mixes the four pixels around a place.
fn mean(pixels: &Pixels, x: f64, y: f64, fill: &[u8], values: &mut Vec<u8>) {
    let (right, bottom) = (pixels.width as f64, pixels.height as f64);
    if !(0.0..right).contains(&x) || !(0.0..bottom).contains(&y) {
        values.extend_from_slice(fill);
        return;
    }
    let (x, y) = (x - 0.5, y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (share_x, share_y) = (x - left, y - top);
    let column = |at: f64| at.clamp(0.0, right - 1.0) as usize;
    let (first, second) = (column(left), column(left + 1.0));
    let upper = pixels.row(top.clamp(0.0, bottom - 1.0) as usize);
    let below = top + 1.0;
    let lower = if (0.0..bottom).contains(&below) { pixels.row(below as usize) } else { upper };
    for channel in 0..pixels.channels {
        let mix = |row: &[u8]| {
            let (a, b) = (row[first * pixels.channels + channel], row[second * pixels.channels + channel]);
            f64::from(a) + (f64::from(b) - f64::from(a)) * share_x
        };
        let (above, under) = (mix(upper), mix(lower));
        values.push((above + (under - above) * share_y) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_moves_every_pixel() {
        let pixels = Pixels { height: 2, width: 3, channels: 1, values: vec![1, 2, 3, 4, 5, 6] };
        // The new picture's (x, y) comes from (y, 2 - x): the first column becomes the first row, read upwards.
        let turned = transform(&pixels, 3, 2, &[0.0, 1.0, 0.0, -1.0, 0.0, 2.0], false, &[0]).unwrap();
        assert_eq!(turned.values, [4, 1, 5, 2, 6, 3]);
    }

    #[test]
    fn what_lies_outside_has_the_colour_that_was_given() {
        let pixels = Pixels { height: 1, width: 2, channels: 1, values: vec![10, 20] };
        for is_bilinear in [false, true] {
            let moved = transform(&pixels, 1, 2, &[1.0, 0.0, 1.0, 0.0, 1.0, 0.0], is_bilinear, &[7]).unwrap();
            assert_eq!(moved.values, [20, 7]);
        }
    }

    #[test]
    fn half_a_pixel_further_is_a_mean() {
        let pixels = Pixels { height: 1, width: 3, channels: 1, values: vec![10, 20, 40] };
        let moved = transform(&pixels, 1, 2, &[1.0, 0.0, 0.5, 0.0, 1.0, 0.0], true, &[0]).unwrap();
        assert_eq!(moved.values, [15, 30]);
    }
}
