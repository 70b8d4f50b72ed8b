//! Unfolds an image into the matrix of its windows, and folds such a matrix back by adding.
//!
//! cols[(c, i, j), (y, x)] = image[c, y·s − p + i·d, x·s − p + j·d], zero outside the image (unfold);
//! image[c, y·s − p + i·d, x·s − p + j·d] += cols[(c, i, j), (y, x)] (fold, the transpose of unfold).

use std::ops::Range;

use super::Real;
use super::parallel::{for_each_chunk, for_each_chunk_2, vectorise};

/// How windows lie over an image: sizes along (height, width).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// The image.
    pub input: [usize; 2],
    /// The window.
    pub kernel: [usize; 2],
    /// The distance of neighbouring windows.
    pub stride: [usize; 2],
    /// Zeros around the image, on each side.
    pub padding: [usize; 2],
    /// The distance of neighbouring elements of a window.
    pub dilation: [usize; 2],
    /// The number of windows.
    pub output: [usize; 2],
}

impl Windows {
    /// The number of windows along one axis: ⌊(n + 2p − d·(k − 1) − 1)/s⌋ + 1.
    ///
    /// `None` when the window does not fit, when the stride is zero, or when a size overflows.
    pub fn count(input: usize, kernel: usize, stride: usize, padding: usize, dilation: usize) -> Option<usize> {
        let padded = input.checked_add(padding.checked_mul(2)?)?;
        let extent = dilation.checked_mul(kernel.checked_sub(1)?)?.checked_add(1)?;
        padded.checked_sub(extent)?.checked_div(stride)?.checked_add(1)
    }

    /// The windows of a convolution over an image, or `None` as in [`Windows::count`].
    pub fn new(
        input: [usize; 2],
        kernel: [usize; 2],
        stride: [usize; 2],
        padding: [usize; 2],
        dilation: [usize; 2],
    ) -> Option<Self> {
        let count = |axis: usize| Self::count(input[axis], kernel[axis], stride[axis], padding[axis], dilation[axis]);
        Some(Windows { input, kernel, stride, padding, dilation, output: [count(0)?, count(1)?] })
    }

    /// Elements of the image; of one larger than any memory, of which there is none, the largest number.
    pub fn input_len(&self) -> usize {
        self.input[0].saturating_mul(self.input[1])
    }

    /// Elements of one window; of a window larger than any memory, the largest number.
    pub fn kernel_len(&self) -> usize {
        self.kernel[0].saturating_mul(self.kernel[1])
    }

    /// The number of windows; at most the largest number.
    pub fn output_len(&self) -> usize {
        self.output[0].saturating_mul(self.output[1])
    }

    /// True when each window is one element and the windows are the image itself.
    pub fn is_identity(&self) -> bool {
        self.kernel == [1, 1] && self.stride == [1, 1] && self.padding == [0, 0] && self.output == self.input
    }

    /// The windows for which element `tap` of the kernel lies inside the image along one axis.
    #[inline(always)]
    fn inside(&self, axis: usize, tap: usize) -> Range<usize> {
        inside(self.input[axis], self.stride[axis], self.padding[axis], tap * self.dilation[axis], self.output[axis])
    }
}

/// The outputs o below `count` with 0 ≤ o·stride + shift − padding < input.
#[inline(always)]
fn inside(input: usize, stride: usize, padding: usize, shift: usize, count: usize) -> Range<usize> {
    let first = padding.saturating_sub(shift).div_ceil(stride);
    let end = if input + padding > shift { (input + padding - shift).div_ceil(stride) } else { 0 };
    let end = end.min(count);
    first.min(end)..end
}

/// The place of one tap of one channel: which rows and columns of outputs find it inside the image.
struct Tap {
    y: usize,
    x: usize,
    inside_y: Range<usize>,
    inside_x: Range<usize>,
}

impl Windows {
    /// The tap and the channel that row `index` of `cols` stands for, seen from outputs in `rows`.
    fn tap(&self, index: usize, rows: &Range<usize>) -> (Tap, usize) {
        let tap = index % self.kernel_len();
        let (y, x) = (tap / self.kernel[1], tap % self.kernel[1]);
        let inside = self.inside(0, y);
        let start = inside.start.clamp(rows.start, rows.end);
        let inside_y = start..inside.end.clamp(start, rows.end);
        let inside_x = self.inside(1, x);
        // A tap that no column sees is seen by no row either.
        let inside_y = if inside_x.is_empty() { start..start } else { inside_y };
        (Tap { y, x, inside_y, inside_x }, index / self.kernel_len())
    }

    /// Where in a channel output (y, x) of a tap reads; the output is one that finds the tap inside.
    #[inline(always)]
    fn place(&self, tap: &Tap, y: usize, x: usize) -> usize {
        let row = y * self.stride[0] + tap.y * self.dilation[0] - self.padding[0];
        row * self.input[1] + x * self.stride[1] + tap.x * self.dilation[1] - self.padding[1]
    }

    /// True when a tap of all outputs is the image itself, moved: then whole planes are copied at once, and what ran
    /// over the end of one row into the next is set to zero afterwards.
    fn moves_planes(&self) -> bool {
        self.stride == [1, 1] && self.output[1] == self.input[1]
    }
}

/// Sets to zero what a moved plane shows of neighbouring rows.
#[inline(always)]
fn clear_edges<R: Real>(plane: &mut [R], width: usize, inside: &Range<usize>) {
    for row in plane.chunks_exact_mut(width) {
        for value in &mut row[..inside.start] {
            *value = R::ZERO;
        }
        for value in &mut row[inside.end..] {
            *value = R::ZERO;
        }
    }
}

/// Copies in steps of eight, which for the short rows of small images beats a call of `memcpy`.
#[inline(always)]
fn copy_short<R: Real>(target: &mut [R], source: &[R]) {
    let (sources, source_rest) = source[..target.len()].as_chunks::<8>();
    let (targets, target_rest) = target.as_chunks_mut::<8>();
    for (target, source) in targets.iter_mut().zip(sources) {
        *target = *source;
    }
    for (target, &source) in target_rest.iter_mut().zip(source_rest) {
        *target = source;
    }
}

/// Writes the windows of rows `rows` of outputs: `cols` is (channels·kernel, rows·output width).
pub fn unfold<R: Real>(windows: &Windows, image: &[R], rows: Range<usize>, cols: &mut [R], parallel: bool) {
    let width = windows.output[1];
    let row_len = rows.len() * width;
    if row_len == 0 {
        return;
    }
    let work = if parallel { cols.len() } else { 0 };
    for_each_chunk(cols, row_len, work, |index, cols| {
        let (tap, channel) = windows.tap(index, &rows);
        let channel = &image[channel * windows.input_len()..][..windows.input_len()];
        let (first, end) = ((tap.inside_y.start - rows.start) * width, (tap.inside_y.end - rows.start) * width);
        cols[..first].fill(R::ZERO);
        cols[end..].fill(R::ZERO);
        if tap.inside_y.is_empty() {
            return;
        }
        let cols = &mut cols[first..end];
        let start = windows.place(&tap, tap.inside_y.start, tap.inside_x.start);
        if windows.moves_planes() {
            // From the first element that is inside to the last one.
            let len = cols.len() - tap.inside_x.start - (width - tap.inside_x.end);
            cols[tap.inside_x.start..][..len].copy_from_slice(&channel[start..][..len]);
            clear_edges(cols, width, &tap.inside_x);
            return;
        }
        for (y, cols) in tap.inside_y.clone().zip(cols.chunks_exact_mut(width)) {
            let source = &channel[windows.place(&tap, y, tap.inside_x.start)..];
            cols[..tap.inside_x.start].fill(R::ZERO);
            cols[tap.inside_x.end..].fill(R::ZERO);
            let target = &mut cols[tap.inside_x.clone()];
            if windows.stride[1] == 1 {
                copy_short(target, source);
            } else {
                for (target, &value) in target.iter_mut().zip(source.iter().step_by(windows.stride[1])) {
                    *target = value;
                }
            }
        }
    });
}

/// Adds the windows of rows `rows` of outputs to the image that they were taken from. Uses up `cols`.
pub fn fold<R: Real>(windows: &Windows, cols: &mut [R], rows: Range<usize>, image: &mut [R], parallel: bool) {
    let width = windows.output[1];
    let channel_len = rows.len() * width * windows.kernel_len();
    if channel_len == 0 || windows.input_len() == 0 {
        return;
    }
    let work = if parallel { cols.len() } else { 0 };
    for_each_chunk_2((image, windows.input_len()), (cols, channel_len), work, |_, image, cols| {
        vectorise(
            #[inline(always)]
            || {
                for (index, cols) in cols.chunks_exact_mut(rows.len() * width).enumerate() {
                    fold_tap(windows, &windows.tap(index, &rows).0, cols, &rows, image);
                }
            },
        );
    });
}

#[inline(always)]
fn fold_tap<R: Real>(windows: &Windows, tap: &Tap, cols: &mut [R], rows: &Range<usize>, image: &mut [R]) {
    if tap.inside_y.is_empty() {
        return;
    }
    let width = windows.output[1];
    let cols = &mut cols[(tap.inside_y.start - rows.start) * width..(tap.inside_y.end - rows.start) * width];
    if windows.moves_planes() {
        clear_edges(cols, width, &tap.inside_x);
        let start = windows.place(tap, tap.inside_y.start, tap.inside_x.start);
        let len = cols.len() - tap.inside_x.start - (width - tap.inside_x.end);
        for (target, &value) in image[start..][..len].iter_mut().zip(&cols[tap.inside_x.start..][..len]) {
            *target += value;
        }
        return;
    }
    for (y, cols) in tap.inside_y.clone().zip(cols.chunks_exact(width)) {
        let target = &mut image[windows.place(tap, y, tap.inside_x.start)..];
        let source = &cols[tap.inside_x.clone()];
        if windows.stride[1] == 1 {
            for (target, &value) in target.iter_mut().zip(source) {
                *target += value;
            }
        } else {
            for (target, &value) in target.iter_mut().step_by(windows.stride[1]).zip(source) {
                *target += value;
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Every small geometry worth trying: overlapping and gapped windows, padding beyond the kernel, one-element sides.
    pub(crate) fn geometries() -> Vec<Windows> {
        let mut all = Vec::new();
        for input in [[1, 1], [3, 5], [6, 4], [7, 7]] {
            for kernel in [[1, 1], [2, 3], [3, 3], [3, 5]] {
                for stride in [[1, 1], [2, 1], [3, 2]] {
                    for padding in [[0, 0], [1, 1], [1, 2], [4, 1]] {
                        for dilation in [[1, 1], [2, 1], [1, 3]] {
                            all.extend(Windows::new(input, kernel, stride, padding, dilation));
                        }
                    }
                }
            }
        }
        all
    }

    /// Calls `f(row of cols, window, place in the channel)` for every element of a window that lies in the image.
    pub(crate) fn each(windows: &Windows, mut f: impl FnMut(usize, usize, usize)) {
        for tap in 0..windows.kernel_len() {
            for out in 0..windows.output_len() {
                let place = |axis: usize, out: usize, tap: usize| {
                    (out * windows.stride[axis] + tap * windows.dilation[axis]).checked_sub(windows.padding[axis])
                };
                let y = place(0, out / windows.output[1], tap / windows.kernel[1]);
                let x = place(1, out % windows.output[1], tap % windows.kernel[1]);
                if let (Some(y), Some(x)) = (y, x)
                    && y < windows.input[0]
                    && x < windows.input[1]
                {
                    f(tap, out, y * windows.input[1] + x);
                }
            }
        }
    }

    #[test]
    fn unfold_and_fold_agree_with_the_definition() {
        const CHANNELS: usize = 2;
        for windows in geometries() {
            let (input, output) = (windows.input_len(), windows.output_len());
            let image: Vec<f64> = (0..CHANNELS * input).map(|i| i as f64 + 1.0).collect();
            let mut expected = vec![0.0; CHANNELS * windows.kernel_len() * output];
            let mut expected_image = vec![0.0; CHANNELS * input];
            for channel in 0..CHANNELS {
                each(&windows, |tap, out, place| {
                    let row = channel * windows.kernel_len() + tap;
                    expected[row * output + out] = image[channel * input + place];
                    expected_image[channel * input + place] += (row * output + out) as f64;
                });
            }
            let mut cols = vec![9.0; expected.len()];
            unfold(&windows, &image, 0..windows.output[0], &mut cols, true);
            assert_eq!(cols, expected, "{windows:?}");
            let mut numbers: Vec<f64> = (0..cols.len()).map(|i| i as f64).collect();
            let mut folded = vec![0.0; image.len()];
            fold(&windows, &mut numbers, 0..windows.output[0], &mut folded, true);
            assert_eq!(folded, expected_image, "{windows:?}");

            // Row by row gives the same.
            let (width, depth) = (windows.output[1], CHANNELS * windows.kernel_len());
            let mut folded = vec![0.0; image.len()];
            for row in 0..windows.output[0] {
                let mut part = vec![9.0; depth * width];
                unfold(&windows, &image, row..row + 1, &mut part, false);
                for (line, part) in part.chunks_mut(width).enumerate() {
                    let place = line * output + row * width;
                    assert_eq!(part, &expected[place..place + width], "{windows:?}");
                    part.iter_mut().enumerate().for_each(|(x, value)| *value = (place + x) as f64);
                }
                fold(&windows, &mut part, row..row + 1, &mut folded, false);
            }
            assert_eq!(folded, expected_image, "{windows:?}");
        }
    }

    #[test]
    fn counts_of_windows_never_overflow() {
        assert_eq!(Windows::count(28, 3, 1, 1, 1), Some(28));
        assert_eq!(Windows::count(2, 3, 1, 0, 1), None);
        assert_eq!(Windows::count(5, 3, 0, 0, 1), None);
        assert_eq!(Windows::count(5, 0, 1, 0, 1), None);
        assert_eq!(Windows::count(usize::MAX, 3, 1, usize::MAX, 1), None);
        assert_eq!(Windows::count(5, usize::MAX, 1, 0, usize::MAX), None);
    }
}
