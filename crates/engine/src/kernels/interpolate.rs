//! Resizing by nearest neighbour, by linear and by bilinear interpolation, and the gradients.
//!
//! Along an axis, output o reads the source position
//! - nearest: min(⌊o·s⌋, n − 1);
//! - linear: max(s·(o + ½) − ½, 0), or o·s when the corners are aligned, between its two neighbours;
//!
//! where s is the input's size over the output's, or (n − 1)/(m − 1) with aligned corners, or the inverse of the
//! scale factor that the caller gave. One dimension is two with a height of one.

use super::Real;
use super::parallel::for_each_chunk;

/// The source of one output along one axis: two neighbours and the weight of the second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tap<R> {
    /// The neighbour on the left.
    pub low: usize,
    /// The neighbour on the right, or the same at the end.
    pub high: usize,
    /// The weight of the right neighbour.
    pub weight: R,
}

/// The sources of every output along one axis for nearest-neighbour resizing, or with `exact` for the nearest
/// neighbour of the output's centre, min(⌊(o + ½)·s⌋, n − 1).
///
/// `scale` is the scale factor if the caller gave one and wants it used as given. Positions are computed in single
/// precision for every element type, and doubling is exact whatever the scale, as in torch.
pub fn nearest_taps<R: Real>(input: usize, output: usize, scale: Option<f64>, exact: bool) -> Vec<Tap<R>> {
    let step = step(input, output, scale) as f32;
    (0..output)
        .map(|index| {
            let at = match exact {
                true => ((index as f32 + 0.5) * step) as usize,
                false if output == input => index,
                false if Some(output) == input.checked_mul(2) => index / 2,
                false => (index as f32 * step) as usize,
            };
            let at = at.min(input.saturating_sub(1));
            Tap { low: at, high: at, weight: R::ZERO }
        })
        .collect()
}

/// The sources of every output along one axis for linear resizing.
pub fn linear_taps<R: Real>(input: usize, output: usize, align_corners: bool, scale: Option<f64>) -> Vec<Tap<R>> {
    let step = match (align_corners, output) {
        (true, 0 | 1) => R::ZERO,
        (true, _) => R::from_usize(input.saturating_sub(1)) / R::from_usize(output - 1),
        (false, _) => R::from_f64(step(input, output, scale)),
    };
    (0..output)
        .map(|index| {
            let index = R::from_usize(index);
            let position = if align_corners { index * step } else { step * (index + R::HALF) - R::HALF };
            let position = if position < R::ZERO { R::ZERO } else { position };
            let low = (position.to_f64() as usize).min(input.saturating_sub(1));
            let weight = position - R::from_usize(low);
            let weight = if weight > R::ONE { R::ONE } else { weight };
            Tap { low, high: (low + 1).min(input.saturating_sub(1)), weight }
        })
        .collect()
}

fn step(input: usize, output: usize, scale: Option<f64>) -> f64 {
    match scale {
        Some(scale) if scale > 0.0 => 1.0 / scale,
        _ if output == 0 => 0.0,
        // Rounded to single precision for float32 by the caller's conversion, as torch does.
        _ => input as f64 / output as f64,
    }
}

/// Writes every resized image (channels count as images); `input_size` is (height, width).
pub fn forward<R: Real>(input_size: [usize; 2], rows: &[Tap<R>], columns: &[Tap<R>], input: &[R], out: &mut [R]) {
    let (image_len, out_len) = (input_size[0] * input_size[1], rows.len() * columns.len());
    let work = out.len().saturating_mul(4);
    for_each_chunk(out, out_len, work, |index, out| {
        let image = &input[index * image_len..][..image_len];
        for (row, out) in rows.iter().zip(out.chunks_exact_mut(columns.len())) {
            let (upper, lower) = (&image[row.low * input_size[1]..], &image[row.high * input_size[1]..]);
            for (column, out) in columns.iter().zip(out) {
                let (right, down) = (column.weight, row.weight);
                if right == R::ZERO && down == R::ZERO {
                    *out = upper[column.low];
                    continue;
                }
                let (left, up) = (R::ONE - right, R::ONE - down);
                *out = up * (left * upper[column.low] + right * upper[column.high])
                    + down * (left * lower[column.low] + right * lower[column.high]);
            }
        }
    });
}

/// Writes the gradient of the input.
pub fn backward<R: Real>(
    input_size: [usize; 2],
    rows: &[Tap<R>],
    columns: &[Tap<R>],
    grad: &[R],
    grad_input: &mut [R],
) {
    let (image_len, out_len) = (input_size[0] * input_size[1], rows.len() * columns.len());
    let work = grad.len().saturating_mul(4);
    for_each_chunk(grad_input, image_len, work, |index, grad_input| {
        grad_input.fill(R::ZERO);
        if out_len == 0 {
            return;
        }
        let grad = &grad[index * out_len..][..out_len];
        for (row, grad) in rows.iter().zip(grad.chunks_exact(columns.len())) {
            for (column, &grad) in columns.iter().zip(grad) {
                let mut add = |y: usize, x: usize, weight: R| grad_input[y * input_size[1] + x] += weight * grad;
                let (right, down) = (column.weight, row.weight);
                if right == R::ZERO && down == R::ZERO {
                    add(row.low, column.low, R::ONE);
                    continue;
                }
                let (left, up) = (R::ONE - right, R::ONE - down);
                add(row.low, column.low, up * left);
                add(row.low, column.high, up * right);
                add(row.high, column.low, down * left);
                add(row.high, column.high, down * right);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::layer_norm::tests::{assert_close, differences, values};
    use super::*;

    #[test]
    fn nearest_repeats_and_skips() {
        let low = |taps: Vec<Tap<f32>>| taps.iter().map(|tap| tap.low).collect::<Vec<_>>();
        assert_eq!(low(nearest_taps(3, 6, None, false)), [0, 0, 1, 1, 2, 2]);
        assert_eq!(low(nearest_taps(5, 2, None, false)), [0, 2]);
        assert_eq!(low(nearest_taps(4, 3, Some(0.9), false)), [0, 1, 2]);
        assert_eq!(low(nearest_taps(2, 5, Some(2.6), false)), [0, 0, 0, 1, 1]);
        assert_eq!(low(nearest_taps(5, 2, None, true)), [1, 3]);
    }

    #[test]
    fn linear_weights_follow_the_two_conventions() {
        // Four places from 0 to 1 with aligned corners: thirds.
        let taps = linear_taps::<f64>(2, 4, true, None);
        for (index, tap) in taps.iter().enumerate() {
            assert!((tap.low as f64 + tap.weight - index as f64 / 3.0).abs() < 1e-12);
        }
        // Half-pixel centres: 0.25 steps beginning at -0.25, which is clamped.
        let positions: Vec<f64> =
            linear_taps::<f64>(2, 4, false, None).iter().map(|t| t.low as f64 + t.weight).collect();
        assert_eq!(positions, [0.0, 0.25, 0.75, 1.25]);
        assert_eq!(linear_taps::<f64>(2, 4, false, None)[3].high, 1);
    }

    #[test]
    fn values_and_gradients_agree_with_the_definition() {
        for (input_size, output_size) in [([1, 1], [2, 3]), ([3, 4], [5, 7]), ([5, 6], [2, 3]), ([1, 5], [1, 9])] {
            for kind in 0..3 {
                let taps = |axis: usize| match kind {
                    0 => nearest_taps(input_size[axis], output_size[axis], None, false),
                    1 => linear_taps(input_size[axis], output_size[axis], true, None),
                    _ => linear_taps(input_size[axis], output_size[axis], false, None),
                };
                let (rows, columns) = (taps(0), taps(1));
                let input = values(2 * input_size[0] * input_size[1], 1);
                let grad = values(2 * output_size[0] * output_size[1], 2);
                let run = |x: &[f64]| {
                    let mut out = vec![0.0; grad.len()];
                    forward(input_size, &rows, &columns, x, &mut out);
                    out
                };
                let weight = |tap: &Tap<f64>, at: usize| {
                    let left = if tap.low == at { 1.0 - tap.weight } else { 0.0 };
                    left + if tap.high == at { tap.weight } else { 0.0 }
                };
                for (index, out) in run(&input).iter().enumerate() {
                    let (channel, place) = (index / (rows.len() * columns.len()), index % (rows.len() * columns.len()));
                    let (row, column) = (&rows[place / columns.len()], &columns[place % columns.len()]);
                    let expected: f64 = (0..input_size[0] * input_size[1])
                        .map(|at| {
                            let (y, x) = (at / input_size[1], at % input_size[1]);
                            weight(row, y) * weight(column, x) * input[channel * input_size[0] * input_size[1] + at]
                        })
                        .sum();
                    assert!((out - expected).abs() < 1e-12);
                }
                let mut grad_input = vec![9.0; input.len()];
                backward(input_size, &rows, &columns, &grad, &mut grad_input);
                assert_close(&grad_input, &differences(&input, &grad, run), 1e-8);
            }
        }
    }
}
