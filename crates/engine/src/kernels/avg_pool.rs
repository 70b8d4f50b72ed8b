//! Average pooling over windows, and its gradient.
//!
//! out[y, x] = (Σ input over the window)/n, where n counts the window's elements inside the padded image, or only
//! those inside the image when padding does not count, or is the caller's own divisor. Each element of a window
//! receives 1/n of the window's gradient.

use std::ops::Range;

use super::Real;
use super::im2col::Windows;
use super::parallel::for_each_chunk;

/// What a window's sum is divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Divisor {
    /// The window's elements inside the image or its padding.
    Padded,
    /// The window's elements inside the image.
    Inside,
    /// A fixed number.
    Fixed(f64),
}

/// One window along one axis: the part of the image it covers, and how much of the padded image.
fn window(windows: &Windows, axis: usize, out: usize) -> (Range<usize>, usize) {
    let (input, padding) = (windows.input[axis], windows.padding[axis]);
    let start = out * windows.stride[axis];
    let padded_end = (start + windows.kernel[axis]).min(input + 2 * padding);
    let end = padded_end.saturating_sub(padding).min(input);
    (start.saturating_sub(padding).min(end)..end, padded_end.saturating_sub(start))
}

/// Calls `f(window, part of the rows, part of the columns, 1/n)` for every window of an image.
#[inline(always)]
fn for_each_window<R: Real>(
    windows: &Windows,
    divisor: Divisor,
    mut f: impl FnMut(usize, Range<usize>, Range<usize>, R),
) {
    for y in 0..windows.output[0] {
        let (rows, padded_rows) = window(windows, 0, y);
        for x in 0..windows.output[1] {
            let (columns, padded_columns) = window(windows, 1, x);
            let n = match divisor {
                Divisor::Padded => R::from_usize(padded_rows * padded_columns),
                Divisor::Inside => R::from_usize(rows.len() * columns.len()),
                Divisor::Fixed(n) => R::from_f64(n),
            };
            f(y * windows.output[1] + x, rows.clone(), columns, n);
        }
    }
}

/// Writes the average of every window of every image (channels count as images). The dilation is one.
pub fn forward<R: Real>(windows: &Windows, divisor: Divisor, input: &[R], out: &mut [R]) {
    let (image_len, out_len) = (windows.input_len(), windows.output_len());
    let work = out.len().saturating_mul(windows.kernel_len());
    for_each_chunk(out, out_len, work, |index, out| {
        let image = &input[index * image_len..][..image_len];
        for_each_window(windows, divisor, |index, rows, columns, n: R| {
            let mut sum = R::ZERO;
            for y in rows.clone() {
                for &x in &image[y * windows.input[1]..][columns.clone()] {
                    sum += x;
                }
            }
            out[index] = if rows.is_empty() || columns.is_empty() { R::ZERO } else { sum / n };
        });
    });
}

/// Writes the gradient of the input.
pub fn backward<R: Real>(windows: &Windows, divisor: Divisor, grad: &[R], grad_input: &mut [R]) {
    let (image_len, out_len) = (windows.input_len(), windows.output_len());
    let work = grad.len().saturating_mul(windows.kernel_len());
    for_each_chunk(grad_input, image_len, work, |index, grad_input| {
        grad_input.fill(R::ZERO);
        let grad = &grad[index * out_len..][..out_len];
        for_each_window(windows, divisor, |index, rows, columns, n: R| {
            let share = grad[index] / n;
            for y in rows {
                for target in &mut grad_input[y * windows.input[1]..][columns.clone()] {
                    *target += share;
                }
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::super::im2col::tests::{each, geometries};
    use super::*;

    #[test]
    fn every_geometry_agrees_with_the_definition() {
        for windows in geometries().into_iter().filter(|windows| windows.dilation == [1, 1]) {
            if (0..2).any(|axis| windows.padding[axis] > windows.kernel[axis] / 2) {
                continue;
            }
            let (image, count) = (windows.input_len(), windows.output_len());
            let input: Vec<f64> = (0..2 * image).map(|i| ((i * 7919) % 11) as f64).collect();
            let grad: Vec<f64> = (0..2 * count).map(|i| i as f64 + 1.0).collect();
            for divisor in [Divisor::Padded, Divisor::Inside, Divisor::Fixed(3.0)] {
                let mut n = vec![0.0; count];
                each(&windows, |_, out, _| n[out] += 1.0);
                // Without rounding up, every window lies inside the padded image.
                match divisor {
                    Divisor::Padded => n.fill(windows.kernel_len() as f64),
                    Divisor::Inside => {}
                    Divisor::Fixed(fixed) => n.fill(fixed),
                }
                let (mut expected, mut expected_grad) = (vec![0.0; 2 * count], vec![0.0; 2 * image]);
                for channel in 0..2 {
                    each(&windows, |_, out, place| {
                        expected[channel * count + out] += input[channel * image + place] / n[out];
                        expected_grad[channel * image + place] += grad[channel * count + out] / n[out];
                    });
                }
                let (mut out, mut grad_input) = (vec![9.0; 2 * count], vec![9.0; 2 * image]);
                forward(&windows, divisor, &input, &mut out);
                backward(&windows, divisor, &grad, &mut grad_input);
                for (got, expected) in out.iter().chain(&grad_input).zip(expected.iter().chain(&expected_grad)) {
                    assert!((got - expected).abs() < 1e-12, "{windows:?} {divisor:?}");
                }
            }
        }
    }

    #[test]
    fn a_window_past_the_end_counts_only_what_the_padded_image_holds() {
        // Five elements, windows of two, rounded up: the last window holds one element and nothing else.
        let windows = Windows {
            input: [1, 5],
            kernel: [1, 2],
            stride: [1, 2],
            padding: [0, 0],
            dilation: [1, 1],
            output: [1, 3],
        };
        let mut out = [0.0f32; 3];
        forward(&windows, Divisor::Padded, &[1.0, 3.0, 5.0, 7.0, 9.0], &mut out);
        assert_eq!(out, [2.0, 6.0, 9.0]);
    }
}
