//! Maximum pooling over windows, with the places of the maxima, and pooling's way back by places.
//!
//! out[y, x] = max_{i, j} input[y·s − p + i·d, x·s − p + j·d] over the elements inside the image. The first of equal
//! maxima counts, and NaN counts as greater than everything. The gradient goes to the place of each maximum.

use super::Real;
use super::im2col::Windows;
use super::parallel::{for_each_chunk, for_each_chunk_2};

/// The number of windows along one axis, rounded down, or up when `ceil_mode`.
///
/// Rounding up leaves out a last window that would begin in the padding on the right. `None` as in
/// [`Windows::count`].
pub fn pooled_size(
    input: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
    dilation: usize,
    ceil_mode: bool,
) -> Option<usize> {
    if !ceil_mode {
        return Windows::count(input, kernel, stride, padding, dilation);
    }
    let extra = stride.checked_sub(1)?;
    let padded = input.checked_add(padding.checked_mul(2)?)?.checked_add(extra)?;
    let extent = dilation.checked_mul(kernel.checked_sub(1)?)?.checked_add(1)?;
    let count = padded.checked_sub(extent)? / stride + 1;
    let begins_in_padding = (count - 1).checked_mul(stride)? >= input.checked_add(padding)?;
    Some(if begins_in_padding { count - 1 } else { count })
}

/// Writes the maximum of every window of every image (channels count as images), and where in its image it stands.
pub fn forward<R: Real>(windows: &Windows, input: &[R], out: &mut [R], places: &mut [i64]) {
    let (image_len, out_len) = (windows.input_len(), windows.output_len());
    assert_eq!(out.len(), places.len(), "one place for each maximum");
    if out_len == 0 || out.is_empty() {
        return;
    }
    assert_eq!(out.len() / out_len * image_len, input.len(), "input of a wrong size");
    let work = out.len().saturating_mul(windows.kernel_len());
    let is_plain_2x2 = *windows
        == Windows {
            kernel: [2, 2],
            stride: [2, 2],
            padding: [0, 0],
            dilation: [1, 1],
            output: [windows.input[0] / 2, windows.input[1] / 2],
            ..*windows
        };
    for_each_chunk_2((out, out_len), (places, out_len), work, |index, out, places| {
        let image = &input[index * image_len..][..image_len];
        if is_plain_2x2 { halve(windows, image, out, places) } else { pool_image(windows, image, out, places) }
    });
}

/// The first of four values that is the greatest, or the last NaN, with its place.
#[inline(always)]
fn better<R: Real>(best: (R, i64), value: R, place: i64) -> (R, i64) {
    if value > best.0 || value.is_nan() { (value, place) } else { best }
}

/// Windows of 2x2 side by side: the common case, without a test per element.
fn halve<R: Real>(windows: &Windows, image: &[R], out: &mut [R], places: &mut [i64]) {
    let [width, out_width] = [windows.input[1], windows.output[1]];
    for (y, (out, places)) in out.chunks_exact_mut(out_width).zip(places.chunks_exact_mut(out_width)).enumerate() {
        let start = 2 * y * width;
        let (upper, lower) = image[start..start + 2 * width].split_at(width);
        let pairs = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
        for (x, ((upper, lower), (out, place))) in pairs.zip(out.iter_mut().zip(places)).enumerate() {
            let first = (start + 2 * x) as i64;
            let best = better((upper[0], first), upper[1], first + 1);
            let best = better(best, lower[0], first + width as i64);
            (*out, *place) = better(best, lower[1], first + width as i64 + 1);
        }
    }
}

fn pool_image<R: Real>(windows: &Windows, image: &[R], out: &mut [R], places: &mut [i64]) {
    let inside = |axis: usize, out: usize| {
        let start = out * windows.stride[axis];
        let dilation = windows.dilation[axis];
        let first = windows.padding[axis].saturating_sub(start).div_ceil(dilation);
        (first..windows.kernel[axis])
            .map(move |tap| start + tap * dilation - windows.padding[axis])
            .take_while(move |&place| place < windows.input[axis])
    };
    for y in 0..windows.output[0] {
        for x in 0..windows.output[1] {
            let start = inside(0, y).next().zip(inside(1, x).next());
            let start = start.map_or(0, |(y, x)| (y * windows.input[1] + x) as i64);
            let mut best = (R::NEG_INFINITY, start);
            for source_y in inside(0, y) {
                for source_x in inside(1, x) {
                    let place = source_y * windows.input[1] + source_x;
                    best = better(best, image[place], place as i64);
                }
            }
            let index = y * windows.output[1] + x;
            (out[index], places[index]) = best;
        }
    }
}

/// Adds each gradient to the place of its maximum; places outside of `grad_input` are left out.
pub fn backward<R: Real>(image_len: usize, out_len: usize, grad: &[R], places: &[i64], grad_input: &mut [R]) {
    let work = grad.len().saturating_add(grad_input.len());
    for_each_chunk(grad_input, image_len, work, |index, grad_input| {
        let range = index * out_len..(index + 1) * out_len;
        for (&grad, &place) in grad[range.clone()].iter().zip(&places[range]) {
            if let Some(target) = usize::try_from(place).ok().and_then(|place| grad_input.get_mut(place)) {
                *target += grad;
            }
        }
    });
}

/// Reads each value at its place: the way the gradient of [`backward`]'s result goes, and of its gradient again.
pub fn take<R: Real>(image_len: usize, out_len: usize, input: &[R], places: &[i64], out: &mut [R]) {
    let work = out.len();
    for_each_chunk(out, out_len, work, |index, out| {
        let image = &input[index * image_len..][..image_len];
        for (out, &place) in out.iter_mut().zip(&places[index * out_len..]) {
            *out = usize::try_from(place).ok().and_then(|place| image.get(place)).copied().unwrap_or(R::ZERO);
        }
    });
}

/// Writes each value to its place, the last one where places repeat; false where a place lies outside the image.
pub fn put<R: Real>(image_len: usize, out_len: usize, input: &[R], places: &[i64], out: &mut [R]) -> bool {
    out.fill(R::ZERO);
    let pairs = input.iter().zip(places).enumerate();
    pairs.fold(true, |inside, (index, (&value, &place))| {
        let place = usize::try_from(place).ok().filter(|&place| place < image_len);
        match place.and_then(|place| out.get_mut(index / out_len * image_len + place)) {
            Some(target) => {
                *target = value;
                inside
            }
            None => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::im2col::tests::{each, geometries};
    use super::*;

    #[test]
    fn every_geometry_agrees_with_the_definition() {
        for windows in geometries() {
            // A window that lies wholly in the padding has no maximum; torch refuses such paddings.
            if (0..2).any(|axis| windows.padding[axis] > windows.kernel[axis] / 2) {
                continue;
            }
            let (image, count) = (windows.input_len(), windows.output_len());
            let input: Vec<f64> = (0..3 * image).map(|i| ((i * 7919) % 11) as f64).collect();
            let mut expected = vec![(f64::NEG_INFINITY, 0); 3 * count];
            for channel in 0..3 {
                each(&windows, |_, out, place| {
                    let value = input[channel * image + place];
                    let best = &mut expected[channel * count + out];
                    if value > best.0 {
                        *best = (value, place as i64);
                    }
                });
            }
            let (mut out, mut places) = (vec![0.0; 3 * count], vec![0; 3 * count]);
            forward(&windows, &input, &mut out, &mut places);
            let got: Vec<_> = out.iter().copied().zip(places.iter().copied()).collect();
            assert_eq!(got, expected, "{windows:?}");

            let grad: Vec<f64> = (0..3 * count).map(|i| i as f64 + 1.0).collect();
            let mut expected = vec![0.0; 3 * image];
            for (index, &place) in places.iter().enumerate() {
                expected[index / count * image + place as usize] += grad[index];
            }
            let mut grad_input = vec![0.0; 3 * image];
            backward(image, count, &grad, &places, &mut grad_input);
            assert_eq!(grad_input, expected);
            let mut taken = vec![0.0; 3 * count];
            take(image, count, &input, &places, &mut taken);
            // A window that finds nothing inside has no place; only dilation makes one.
            assert!(taken.iter().zip(&out).all(|(taken, out)| taken == out || *out == f64::NEG_INFINITY));
        }
    }

    #[test]
    fn two_by_two_agrees_with_the_general_way_and_nan_wins() {
        let windows = Windows::new([5, 7], [2, 2], [2, 2], [0, 0], [1, 1]).expect("it fits");
        let mut input: Vec<f32> = (0..35).map(|i| ((i * 7919) % 13) as f32).collect();
        input[8] = f32::NAN;
        input[25] = f32::NEG_INFINITY;
        let (mut out, mut places) = (vec![0.0; 6], vec![0; 6]);
        let (mut expected, mut expected_places) = (vec![0.0; 6], vec![0; 6]);
        forward(&windows, &input, &mut out, &mut places);
        pool_image(&windows, &input, &mut expected, &mut expected_places);
        assert_eq!(places, expected_places);
        assert!(out[0].is_nan() && expected[0].is_nan());
        assert_eq!(out[1..], expected[1..]);
    }

    #[test]
    fn rounding_up_leaves_out_windows_that_begin_in_the_padding() {
        assert_eq!(pooled_size(5, 2, 2, 0, 1, false), Some(2));
        assert_eq!(pooled_size(5, 2, 2, 0, 1, true), Some(3));
        assert_eq!(pooled_size(4, 2, 3, 1, 1, true), Some(2));
        assert_eq!(pooled_size(3, 2, 4, 1, 1, true), Some(1));
        assert_eq!(pooled_size(usize::MAX, 2, 2, 1, 1, true), None);
        assert_eq!(pooled_size(1, 3, 1, 0, 1, true), None);
    }
}
