//! Adaptive pooling: the image is cut into a given number of overlapping windows.
//!
//! Window o of n along an axis of length h covers ⌊o·h/n⌋ .. ⌈(o+1)·h/n⌉. Average pooling gives each element of a
//! window 1/size of its gradient; maximum pooling goes by places as in `max_pool`.

use std::ops::Range;

use super::Real;
use super::parallel::{for_each_chunk, for_each_chunk_2};

/// The part of an axis of `input` elements that window `index` of `count` covers.
pub fn window(index: usize, count: usize, input: usize) -> Range<usize> {
    // In u128, because the product of two sizes may not fit a usize.
    let at = |index: usize| index as u128 * input as u128;
    (at(index) / count as u128) as usize..at(index + 1).div_ceil(count as u128) as usize
}

fn for_each_window(input: [usize; 2], output: [usize; 2], mut f: impl FnMut(usize, Range<usize>, Range<usize>)) {
    for y in 0..output[0] {
        for x in 0..output[1] {
            f(y * output[1] + x, window(y, output[0], input[0]), window(x, output[1], input[1]));
        }
    }
}

/// Writes the average of every window of every image (channels count as images).
pub fn average<R: Real>(input_size: [usize; 2], output_size: [usize; 2], input: &[R], out: &mut [R]) {
    // Without images the sizes may be anything.
    if out.is_empty() {
        return;
    }
    let (image_len, out_len) = (input_size[0] * input_size[1], output_size[0] * output_size[1]);
    let work = input.len();
    for_each_chunk(out, out_len, work, |index, out| {
        let image = &input[index * image_len..][..image_len];
        for_each_window(input_size, output_size, |index, rows, columns| {
            let n = R::from_usize(rows.len() * columns.len());
            let mut sum = R::ZERO;
            for y in rows {
                for &x in &image[y * input_size[1]..][columns.clone()] {
                    sum += x;
                }
            }
            out[index] = sum / n;
        });
    });
}

/// Writes the gradient of the averages' input.
pub fn average_backward<R: Real>(input_size: [usize; 2], output_size: [usize; 2], grad: &[R], grad_input: &mut [R]) {
    if grad_input.is_empty() {
        return;
    }
    let (image_len, out_len) = (input_size[0] * input_size[1], output_size[0] * output_size[1]);
    let work = grad_input.len();
    for_each_chunk(grad_input, image_len, work, |index, grad_input| {
        grad_input.fill(R::ZERO);
        let grad = &grad[index * out_len..][..out_len];
        for_each_window(input_size, output_size, |index, rows, columns| {
            let share = grad[index] / R::from_usize(rows.len() * columns.len());
            for y in rows {
                for target in &mut grad_input[y * input_size[1]..][columns.clone()] {
                    *target += share;
                }
            }
        });
    });
}

/// Writes the maximum of every window of every image and where in its image it stands.
pub fn maximum<R: Real>(
    input_size: [usize; 2],
    output_size: [usize; 2],
    input: &[R],
    out: &mut [R],
    places: &mut [i64],
) {
    if out.is_empty() {
        return;
    }
    let (image_len, out_len) = (input_size[0] * input_size[1], output_size[0] * output_size[1]);
    assert_eq!(out.len(), places.len(), "one place for each maximum");
    let work = input.len();
    for_each_chunk_2((out, out_len), (places, out_len), work, |index, out, places| {
        let image = &input[index * image_len..][..image_len];
        for_each_window(input_size, output_size, |index, rows, columns| {
            let first = rows.start * input_size[1] + columns.start;
            let mut best = (R::NEG_INFINITY, first);
            for y in rows {
                for x in columns.clone() {
                    let place = y * input_size[1] + x;
                    if image[place] > best.0 || image[place].is_nan() {
                        best = (image[place], place);
                    }
                }
            }
            (out[index], places[index]) = (best.0, best.1 as i64);
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_the_axis() {
        for input in 1..12 {
            for count in 1..15 {
                let windows: Vec<_> = (0..count).map(|index| window(index, count, input)).collect();
                assert!(windows.iter().all(|window| !window.is_empty()));
                assert_eq!((windows[0].start, windows[count - 1].end), (0, input));
                assert!(windows.windows(2).all(|pair| pair[1].start <= pair[0].end));
            }
        }
        assert_eq!((0..3).map(|index| window(index, 3, 7)).collect::<Vec<_>>(), [0..3, 2..5, 4..7]);
    }

    #[test]
    fn averages_maxima_and_gradients_agree_with_the_definition() {
        for (input_size, output_size) in [([1, 1], [1, 1]), ([5, 7], [2, 3]), ([4, 4], [1, 1]), ([2, 3], [4, 6])] {
            let (image, count) = (input_size[0] * input_size[1], output_size[0] * output_size[1]);
            let input: Vec<f64> = (0..2 * image).map(|i| ((i * 7919) % 23) as f64).collect();
            let grad: Vec<f64> = (0..2 * count).map(|i| i as f64 + 1.0).collect();
            let (mut out, mut grad_input) = (vec![0.0; 2 * count], vec![9.0; 2 * image]);
            average(input_size, output_size, &input, &mut out);
            average_backward(input_size, output_size, &grad, &mut grad_input);
            let (mut maxima, mut places) = (vec![0.0; 2 * count], vec![0; 2 * count]);
            maximum(input_size, output_size, &input, &mut maxima, &mut places);
            let mut expected_grad = vec![0.0; 2 * image];
            for index in 0..2 * count {
                let (channel, y, x) = (index / count, index % count / output_size[1], index % output_size[1]);
                let members: Vec<usize> = (0..image)
                    .filter(|place| {
                        window(y, output_size[0], input_size[0]).contains(&(place / input_size[1]))
                            && window(x, output_size[1], input_size[1]).contains(&(place % input_size[1]))
                    })
                    .collect();
                let of = |place: &usize| input[channel * image + place];
                let n = members.len() as f64;
                assert!((out[index] - members.iter().map(of).sum::<f64>() / n).abs() < 1e-12);
                let maximum = members.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
                assert_eq!(maxima[index], maximum);
                assert_eq!(places[index] as usize, *members.iter().find(|place| of(place) == maximum).expect("one"));
                members.iter().for_each(|place| expected_grad[channel * image + place] += grad[index] / n);
            }
            assert!(grad_input.iter().zip(&expected_grad).all(|(got, expected)| (got - expected).abs() < 1e-12));
        }
    }
}
