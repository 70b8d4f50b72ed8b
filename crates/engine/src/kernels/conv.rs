//! Two-dimensional convolution (cross-correlation, as in torch) and its three gradients, NCHW.
//!
//! `out[b, o, y, x] = bias[o] + Σ_{c, i, j} weight[o, c, i, j] · input[b, c, y·s − p + i·d, x·s − p + j·d]`
//!
//! With `cols` the unfolded image (see `im2col`), W the weight as a matrix (O, C·kh·kw), and G the gradient of `out`:
//! - out = W·cols;
//! - the gradient of the input is fold(Wᵀ·G);
//! - the gradient of the weight is Σ_b G·colsᵀ;
//! - the gradient of the bias is the sum of G over images and places.
//!
//! A group of channels is a convolution of its own. Images are shared out among threads, each with one buffer for
//! `cols`, which holds only as many rows of outputs as fit a near cache. A transposed convolution is `input_gradient`
//! read as a forward pass; one dimension is two with a height of one.

use std::cell::RefCell;
use std::mem::MaybeUninit;
use std::ops::Range;

use super::Real;
use super::im2col::{Windows, fold, unfold};
use super::matmul::{Matrix, product};
use super::parallel::{THRESHOLD, collect, cut, fill, vectorise, write_chunks};
use super::reduce;

/// The sizes of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv2d {
    /// Images.
    pub batch: usize,
    /// Channels of the input, all groups together.
    pub channels_in: usize,
    /// Channels of the output, all groups together.
    pub channels_out: usize,
    /// Groups; both numbers of channels are multiples of it.
    pub groups: usize,
    /// The windows over one image.
    pub windows: Windows,
}

/// Elements of one block of `cols`.
const BLOCK: usize = 1 << 17;

/// A group's kernel of at most this many elements is multiplied by [`short_product`] instead of `gemm`.
const SHORT: usize = 32;

/// Pieces in which the gradient of the weight is accumulated before they are added in order.
const WEIGHT_PIECES: usize = 16;

/// Batches of fewer images share the threads inside each image instead of by image.
const FEW_IMAGES: usize = 4;

impl Conv2d {
    fn input_len(&self) -> usize {
        self.channels_in.saturating_mul(self.windows.input_len())
    }

    fn output_len(&self) -> usize {
        self.channels_out.saturating_mul(self.windows.output_len())
    }

    /// Rows of `cols` in one group.
    fn depth(&self) -> usize {
        self.channels_in / self.groups * self.windows.kernel_len()
    }

    /// Output channels of one group.
    fn outs(&self) -> usize {
        self.channels_out / self.groups
    }

    /// Elements of the weight, (O, C/groups, kh, kw).
    pub fn weight_len(&self) -> usize {
        self.outs() * self.groups * self.depth()
    }

    fn work(&self) -> usize {
        self.batch.saturating_mul(self.output_len()).saturating_mul(self.depth())
    }

    /// Blocks of rows of outputs whose `cols` fit the buffer.
    fn row_blocks(&self) -> impl Iterator<Item = Range<usize>> + Clone + use<> {
        let row = self.depth().saturating_mul(self.windows.output[1]).max(1);
        let rows = (BLOCK / row).max(1);
        cut(self.windows.output[0], self.windows.output[0].div_ceil(rows))
    }

    fn assert_fits(&self, input: usize, weight: usize, output: usize) {
        assert!(self.groups > 0 && self.channels_in.is_multiple_of(self.groups), "groups do not divide the channels");
        assert!(self.channels_out.is_multiple_of(self.groups), "groups do not divide the output channels");
        assert_eq!(input, self.batch.saturating_mul(self.input_len()), "input of a wrong size");
        assert_eq!(weight, self.weight_len(), "weight of a wrong size");
        assert_eq!(output, self.batch.saturating_mul(self.output_len()), "output of a wrong size");
    }

    /// True when threads take whole images. Decided by sizes alone, because the two ways may round differently.
    fn goes_by_image(&self) -> bool {
        self.batch >= FEW_IMAGES || self.work() < THRESHOLD
    }

    fn is_empty(&self) -> bool {
        self.batch == 0 || self.output_len() == 0
    }
}

/// Lends a buffer of this thread for the time of one call; a nested call gets a fresh one.
fn with_buffer<R: Real, T>(len: usize, f: impl FnOnce(&mut [R]) -> T) -> T {
    thread_local! {
        static BUFFER: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
    }
    let words = (len * size_of::<R>()).div_ceil(size_of::<u64>());
    let mut buffer = BUFFER.take();
    if buffer.len() < words {
        buffer.resize(words, 0);
    }
    // SAFETY: the words are initialised, aligned to 8 bytes, at least `len` elements long, and borrowed mutably by
    // `buffer` alone; every pattern of bits is a valid f32 or f64, the only types that implement `Real`.
    let values = unsafe { std::slice::from_raw_parts_mut(buffer.as_mut_ptr().cast::<R>(), len) };
    let result = f(values);
    BUFFER.replace(buffer);
    result
}

/// out[m, n] += a[m, k]·b[k, n] for a short k: a few rows of `out` at a time stay in registers.
fn short_product<R: Real>(m: usize, k: usize, n: usize, a: &[R], b: &[R], out: &mut [R], out_stride: usize) {
    vectorise(
        #[inline(always)]
        || {
            let mut row = 0;
            while row < m {
                match m - row {
                    1 => short_rows::<R, 1>(k, n, &a[row * k..], b, &mut out[row * out_stride..], out_stride),
                    2 => short_rows::<R, 2>(k, n, &a[row * k..], b, &mut out[row * out_stride..], out_stride),
                    3 => short_rows::<R, 3>(k, n, &a[row * k..], b, &mut out[row * out_stride..], out_stride),
                    _ => short_rows::<R, 4>(k, n, &a[row * k..], b, &mut out[row * out_stride..], out_stride),
                }
                row += 4;
            }
        },
    );
}

#[inline(always)]
fn short_rows<R: Real, const ROWS: usize>(k: usize, n: usize, a: &[R], b: &[R], out: &mut [R], out_stride: usize) {
    const LANES: usize = 32;
    let mut start = 0;
    while start + LANES <= n {
        let mut sums = [[R::ZERO; LANES]; ROWS];
        for p in 0..k {
            let b: &[R; LANES] = b[p * n + start..][..LANES].try_into().expect("LANES elements");
            for (row, sums) in sums.iter_mut().enumerate() {
                let a = a[row * k + p];
                for (sum, &b) in sums.iter_mut().zip(b) {
                    *sum += a * b;
                }
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            for (out, &sum) in out[row * out_stride + start..][..LANES].iter_mut().zip(sums) {
                *out += sum;
            }
        }
        start += LANES;
    }
    for row in 0..ROWS {
        for column in start..n {
            let mut sum = R::ZERO;
            for p in 0..k {
                sum += a[row * k + p] * b[p * n + column];
            }
            out[row * out_stride + column] += sum;
        }
    }
}

/// Writes the convolution of every image.
pub fn forward<'a, R: Real>(
    conv: &Conv2d,
    input: &[R],
    weight: &[R],
    bias: Option<&[R]>,
    output: &'a mut [MaybeUninit<R>],
) -> &'a mut [R] {
    conv.assert_fits(input.len(), weight.len(), output.len());
    assert!(bias.is_none_or(|bias| bias.len() == conv.channels_out), "bias of a wrong size");
    if conv.is_empty() {
        return fill(output, R::ZERO);
    }
    let by_image = conv.goes_by_image();
    let work = if by_image { conv.work() } else { 0 };
    write_chunks(output, conv.output_len(), work, |index, output| {
        let places = conv.windows.output_len();
        let output =
            write_chunks(output, places, 0, |channel, output| fill(output, bias.map_or(R::ZERO, |bias| bias[channel])));
        let input = &input[index * conv.input_len()..][..conv.input_len()];
        forward_image(conv, input, weight, output, !by_image);
        output
    })
}

/// Adds the convolution of one image.
fn forward_image<R: Real>(conv: &Conv2d, input: &[R], weight: &[R], output: &mut [R], parallel: bool) {
    let windows = &conv.windows;
    let (depth, outs, places) = (conv.depth(), conv.outs(), windows.output_len());
    let group_input = conv.channels_in / conv.groups * windows.input_len();
    for group in 0..conv.groups {
        let input = &input[group * group_input..][..group_input];
        let weight = &weight[group * outs * depth..][..outs * depth];
        let output = &mut output[group * outs * places..][..outs * places];
        let mut multiply = |cols: &[R], first: usize, len: usize| {
            let output = &mut output[first..];
            if depth <= SHORT && !parallel {
                short_product(outs, depth, len, weight, cols, output, places);
            } else {
                let (weight, cols) = (Matrix::rows(weight, depth), Matrix::rows(cols, len));
                product(outs, depth, len, weight, cols, output, places, true, parallel);
            }
        };
        if windows.is_identity() {
            multiply(input, 0, places);
            continue;
        }
        for rows in conv.row_blocks() {
            let (first, len) = (rows.start * windows.output[1], rows.len() * windows.output[1]);
            with_buffer(depth * len, |cols| {
                unfold(windows, input, rows, cols, parallel);
                multiply(cols, first, len);
            });
        }
    }
}

/// Writes the gradient of the input; read as a forward pass it is the transposed convolution.
pub fn input_gradient<'a, R: Real>(
    conv: &Conv2d,
    grad_output: &[R],
    weight: &[R],
    grad_input: &'a mut [MaybeUninit<R>],
) -> &'a mut [R] {
    conv.assert_fits(grad_input.len(), weight.len(), grad_output.len());
    if conv.is_empty() || conv.input_len() == 0 {
        return fill(grad_input, R::ZERO);
    }
    let by_image = conv.goes_by_image();
    let work = if by_image { conv.work() } else { 0 };
    write_chunks(grad_input, conv.input_len(), work, |index, grad_input| {
        let grad_input = fill(grad_input, R::ZERO);
        let grad_output = &grad_output[index * conv.output_len()..][..conv.output_len()];
        input_gradient_image(conv, grad_output, weight, grad_input, !by_image);
        grad_input
    })
}

/// Adds the gradient of one image, which comes filled with zeros.
fn input_gradient_image<R: Real>(conv: &Conv2d, grad_output: &[R], weight: &[R], grad_input: &mut [R], parallel: bool) {
    let windows = &conv.windows;
    let (depth, outs, places) = (conv.depth(), conv.outs(), windows.output_len());
    let group_input = conv.channels_in / conv.groups * windows.input_len();
    for group in 0..conv.groups {
        let grad_input = &mut grad_input[group * group_input..][..group_input];
        let weight = Matrix::rows(&weight[group * outs * depth..][..outs * depth], depth).transposed();
        let grad_output = &grad_output[group * outs * places..][..outs * places];
        if windows.is_identity() {
            let grad_output = Matrix::rows(grad_output, places);
            product(depth, outs, places, weight, grad_output, grad_input, places, false, parallel);
            continue;
        }
        for rows in conv.row_blocks() {
            let (first, len) = (rows.start * windows.output[1], rows.len() * windows.output[1]);
            with_buffer(depth * len, |cols| {
                let grad_output = Matrix { values: grad_output, offset: first, strides: [places, 1] };
                product(depth, outs, len, weight, grad_output, cols, len, false, parallel);
                fold(windows, cols, rows, grad_input, parallel);
            });
        }
    }
}

/// Writes the gradient of the weight.
///
/// Images are cut in pieces by their number alone; each piece adds its images in order, and the pieces are added in
/// order, so the sum is the same for every number of threads.
pub fn weight_gradient<R: Real>(conv: &Conv2d, input: &[R], grad_output: &[R], grad_weight: &mut [R]) {
    conv.assert_fits(input.len(), grad_weight.len(), grad_output.len());
    grad_weight.fill(R::ZERO);
    if conv.is_empty() || grad_weight.is_empty() {
        return;
    }
    let images = |range: Range<usize>, grad_weight: &mut [R], parallel: bool| {
        for index in range {
            let input = &input[index * conv.input_len()..][..conv.input_len()];
            let grad_output = &grad_output[index * conv.output_len()..][..conv.output_len()];
            weight_gradient_image(conv, input, grad_output, grad_weight, parallel);
        }
    };
    if conv.batch < FEW_IMAGES {
        return images(0..conv.batch, grad_weight, true);
    }
    // A large weight is not worth sixteen copies: at most 64 MiB are spent on them.
    let copies = ((1 << 24) / grad_weight.len()).clamp(2, WEIGHT_PIECES);
    let pieces: Vec<_> = cut(conv.batch, copies).collect();
    let sums = collect(pieces.len(), conv.work(), |piece| {
        let mut sum = vec![R::ZERO; grad_weight.len()];
        images(pieces[piece].clone(), &mut sum, false);
        sum
    });
    for sum in &sums {
        for (total, &value) in grad_weight.iter_mut().zip(sum) {
            *total += value;
        }
    }
}

fn weight_gradient_image<R: Real>(
    conv: &Conv2d,
    input: &[R],
    grad_output: &[R],
    grad_weight: &mut [R],
    parallel: bool,
) {
    let windows = &conv.windows;
    let (depth, outs, places) = (conv.depth(), conv.outs(), windows.output_len());
    let group_input = conv.channels_in / conv.groups * windows.input_len();
    for group in 0..conv.groups {
        let input = &input[group * group_input..][..group_input];
        let grad_output = &grad_output[group * outs * places..][..outs * places];
        let grad_weight = &mut grad_weight[group * outs * depth..][..outs * depth];
        let mut multiply = |cols: &[R], first: usize, len: usize| {
            let grad_output = Matrix { values: grad_output, offset: first, strides: [places, 1] };
            let cols = Matrix::rows(cols, len).transposed();
            product(outs, len, depth, grad_output, cols, grad_weight, depth, true, parallel);
        };
        if windows.is_identity() {
            multiply(input, 0, places);
            continue;
        }
        for rows in conv.row_blocks() {
            let (first, len) = (rows.start * windows.output[1], rows.len() * windows.output[1]);
            with_buffer(depth * len, |cols| {
                unfold(windows, input, rows, cols, parallel);
                multiply(cols, first, len);
            });
        }
    }
}

/// Writes the gradient of the bias: the sum over images and places of each channel.
pub fn bias_gradient<R: Real>(conv: &Conv2d, grad_output: &[R], grad_bias: &mut [R]) {
    let places = conv.windows.output_len();
    assert_eq!(grad_bias.len(), conv.channels_out, "bias of a wrong size");
    assert_eq!(grad_output.len(), conv.batch * conv.output_len(), "output of a wrong size");
    let mut sums = vec![R::ZERO; conv.batch * conv.channels_out];
    reduce::sum_rows(grad_output, places, &mut sums);
    reduce::sum_columns(&sums, conv.channels_out, grad_bias);
}

#[cfg(test)]
mod tests {
    use super::super::im2col::tests::{each, geometries};
    use super::*;

    fn written<R: Real>(len: usize, write: impl for<'a> FnOnce(&'a mut [MaybeUninit<R>]) -> &'a mut [R]) -> Vec<R> {
        write(&mut vec![MaybeUninit::uninit(); len]).to_vec()
    }

    fn values<R: Real>(len: usize, seed: usize) -> Vec<R> {
        (0..len).map(|i| R::from_f64(((i * 7919 + seed * 104_729) % 1013) as f64 / 1013.0 - 0.5)).collect()
    }

    /// Calls `f(input, weight, output)` with the indices of every product in the definition.
    fn products(conv: &Conv2d, mut f: impl FnMut(usize, usize, usize)) {
        let (ins, outs) = (conv.channels_in / conv.groups, conv.outs());
        let windows = &conv.windows;
        for image in 0..conv.batch {
            for out_channel in 0..conv.channels_out {
                for channel in 0..ins {
                    let in_channel = out_channel / outs * ins + channel;
                    each(windows, |tap, out, place| {
                        f(
                            (image * conv.channels_in + in_channel) * windows.input_len() + place,
                            (out_channel * ins + channel) * windows.kernel_len() + tap,
                            (image * conv.channels_out + out_channel) * windows.output_len() + out,
                        );
                    });
                }
            }
        }
    }

    fn check<R: Real>(conv: &Conv2d, tolerance: f64) {
        let input = values::<R>(conv.batch * conv.input_len(), 1);
        let weight = values::<R>(conv.weight_len(), 2);
        let bias = values::<R>(conv.channels_out, 3);
        let grad = values::<R>(conv.batch * conv.output_len(), 4);
        let mut expected = [vec![0.0; grad.len()], vec![0.0; input.len()], vec![0.0; weight.len()]];
        products(conv, |i, w, o| {
            let [output, grad_input, grad_weight] = &mut expected;
            output[o] += input[i].to_f64() * weight[w].to_f64();
            grad_input[i] += grad[o].to_f64() * weight[w].to_f64();
            grad_weight[w] += grad[o].to_f64() * input[i].to_f64();
        });
        let places = conv.windows.output_len();
        for (index, output) in expected[0].iter_mut().enumerate() {
            *output += bias[index / places % conv.channels_out].to_f64();
        }
        let mut grad_weight = vec![R::NAN; weight.len()];
        weight_gradient(conv, &input, &grad, &mut grad_weight);
        let got = [
            written(grad.len(), |out| forward(conv, &input, &weight, Some(&bias), out)),
            written(input.len(), |out| input_gradient(conv, &grad, &weight, out)),
            grad_weight,
        ];
        for (got, expected) in got.iter().zip(&expected) {
            for (got, expected) in got.iter().zip(expected) {
                let error = (got.to_f64() - expected).abs();
                assert!(error <= tolerance * (1.0 + expected.abs()), "{conv:?}: {got:?} {expected}");
            }
        }
        let mut grad_bias = vec![R::NAN; conv.channels_out];
        bias_gradient(conv, &grad, &mut grad_bias);
        for (channel, got) in grad_bias.iter().enumerate() {
            let of_channel = |&index: &usize| index / places % conv.channels_out == channel;
            let expected: f64 = (0..grad.len()).filter(of_channel).map(|index| grad[index].to_f64()).sum();
            assert!((got.to_f64() - expected).abs() < tolerance * 10.0);
        }
    }

    #[test]
    fn every_geometry_agrees_with_the_definition() {
        for windows in geometries() {
            for (batch, channels_in, channels_out, groups) in [(1, 2, 3, 1), (5, 4, 6, 2), (2, 3, 3, 3), (4, 12, 5, 1)]
            {
                check::<f64>(&Conv2d { batch, channels_in, channels_out, groups, windows }, 1e-12);
            }
        }
    }

    #[test]
    fn larger_images_agree_with_the_definition() {
        let windows = |input, kernel, padding| Windows::new(input, kernel, [1, 1], padding, [1, 1]).expect("it fits");
        for (batch, channels_in, channels_out, windows) in [
            (6, 1, 9, windows([28, 28], [3, 3], [1, 1])),
            (2, 16, 24, windows([40, 37], [3, 3], [1, 1])),
            (1, 70, 20, windows([50, 50], [1, 1], [0, 0])),
            (1, 300, 4, windows([30, 30], [3, 3], [0, 0])),
        ] {
            let conv = Conv2d { batch, channels_in, channels_out, groups: 1, windows };
            check::<f32>(&conv, 3e-5);
            check::<f64>(&conv, 1e-12);
        }
    }

    #[test]
    fn empty_sizes_give_empty_or_zero_results() {
        let windows = Windows::new([4, 4], [3, 3], [1, 1], [0, 0], [1, 1]).expect("it fits");
        check::<f64>(&Conv2d { batch: 0, channels_in: 2, channels_out: 3, groups: 1, windows }, 1e-12);
        check::<f64>(&Conv2d { batch: 2, channels_in: 0, channels_out: 3, groups: 1, windows }, 1e-12);
        check::<f64>(&Conv2d { batch: 2, channels_in: 2, channels_out: 0, groups: 1, windows }, 1e-12);
    }

    #[test]
    fn results_do_not_depend_on_the_number_of_threads() {
        let windows = Windows::new([20, 20], [3, 3], [1, 1], [1, 1], [1, 1]).expect("it fits");
        for (batch, channels_in) in [(1, 40), (3, 40), (1, 2), (3, 1), (9, 1), (17, 24)] {
            let conv = Conv2d { batch, channels_in, channels_out: 32, groups: 1, windows };
            let input = values::<f32>(conv.batch * conv.input_len(), 1);
            let weight = values::<f32>(conv.weight_len(), 2);
            let grad = values::<f32>(conv.batch * conv.output_len(), 4);
            let run = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
                let mut grad_weight = vec![0.0; weight.len()];
                pool.install(|| {
                    weight_gradient(&conv, &input, &grad, &mut grad_weight);
                    let output = written(grad.len(), |out| forward(&conv, &input, &weight, None, out));
                    let grad_input = written(input.len(), |out| input_gradient(&conv, &grad, &weight, out));
                    [output, grad_input, grad_weight]
                })
            };
            let alone = run(1);
            assert!(alone == run(2) && alone == run(3));
        }
    }
}
