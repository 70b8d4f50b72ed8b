//! Group norm, and its backward pass.
//!
//! The channels of an image are cut in groups; each group of (C/groups)·L elements is normalised by its own mean and
//! variance, then each channel is scaled and shifted: `y = x̂·w[c] + b[c]`. The gradients are those of layer norm with
//! the weight taken by channel. Instance norm is group norm with one channel in a group.

use super::Real;
use super::layer_norm::{row_backward, row_statistics};
use super::parallel::{collect, for_each_chunk, for_each_chunk_2, vectorise};
use super::reduce::{sum_columns, sum_map_2_inline, sum_map_inline};

/// The sizes of a group norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupNorm {
    /// Images.
    pub batch: usize,
    /// Channels, a multiple of the groups.
    pub channels: usize,
    /// Groups.
    pub groups: usize,
    /// Elements of one channel.
    pub places: usize,
}

impl GroupNorm {
    fn row_len(&self) -> usize {
        self.channels / self.groups.max(1) * self.places
    }

    fn channel(&self, row: usize, index: usize) -> usize {
        row % self.groups * (self.channels / self.groups) + index
    }

    fn assert_fits(&self, len: usize, statistics: usize) {
        assert!(self.groups > 0 && self.channels.is_multiple_of(self.groups), "groups do not divide the channels");
        assert_eq!(len, self.batch * self.channels * self.places, "input of a wrong size");
        assert_eq!(statistics, self.batch * self.groups, "one pair of statistics for each group");
    }
}

/// Normalises every group. `statistics` receives (mean, ρ) of each, image by image.
pub fn forward<R: Real>(
    norm: &GroupNorm,
    input: &[R],
    weight: Option<&[R]>,
    bias: Option<&[R]>,
    epsilon: R,
    out: &mut [R],
    statistics: &mut [[R; 2]],
) {
    norm.assert_fits(input.len(), statistics.len());
    let (row_len, places) = (norm.row_len(), norm.places);
    let work = input.len().saturating_mul(2);
    for_each_chunk_2((out, row_len), (statistics, 1), work, |row, out, statistics| {
        let x = &input[row * row_len..][..row_len];
        vectorise(
            #[inline(always)]
            || {
                let [mean, scale] = row_statistics::<R, true>(x, epsilon);
                statistics[0] = [mean, scale];
                for (index, (x, out)) in x.chunks_exact(places).zip(out.chunks_exact_mut(places)).enumerate() {
                    let channel = norm.channel(row, index);
                    let weight = weight.map_or(R::ONE, |weight| weight[channel]);
                    let bias = bias.map_or(R::ZERO, |bias| bias[channel]);
                    for (out, &x) in out.iter_mut().zip(x) {
                        *out = (x - mean) * scale * weight + bias;
                    }
                }
            },
        );
    });
}

/// Writes the gradient of the input.
pub fn backward<R: Real>(
    norm: &GroupNorm,
    grad: &[R],
    input: &[R],
    statistics: &[[R; 2]],
    weight: Option<&[R]>,
    grad_input: &mut [R],
) {
    norm.assert_fits(input.len(), statistics.len());
    let (row_len, places) = (norm.row_len(), norm.places);
    let work = input.len().saturating_mul(3);
    for_each_chunk(grad_input, row_len, work, |row, out| {
        let (grad, x, [mean, scale]) =
            (&grad[row * row_len..][..row_len], &input[row * row_len..][..row_len], statistics[row]);
        vectorise(
            #[inline(always)]
            || {
                for (index, (grad, out)) in grad.chunks_exact(places).zip(out.chunks_exact_mut(places)).enumerate() {
                    let weight = weight.map_or(R::ONE, |weight| weight[norm.channel(row, index)]);
                    for (out, &grad) in out.iter_mut().zip(grad) {
                        *out = grad * weight;
                    }
                }
                row_backward::<R, true>(out, x, mean, scale);
            },
        );
    });
}

/// Writes the gradients of weight and bias: Σ dy·x̂ and Σ dy over images and places of each channel.
pub fn affine_backward<R: Real>(
    norm: &GroupNorm,
    grad: &[R],
    input: &[R],
    statistics: &[[R; 2]],
    grad_weight: &mut [R],
    grad_bias: &mut [R],
) {
    norm.assert_fits(input.len(), statistics.len());
    let places = norm.places;
    let per_group = (norm.channels / norm.groups).max(1);
    let sums = collect(norm.batch * norm.channels, input.len().saturating_mul(2), |index| {
        let (grad, x) = (&grad[index * places..][..places], &input[index * places..][..places]);
        let [mean, scale] = statistics[index / per_group];
        vectorise(
            #[inline(always)]
            || {
                let weight = sum_map_2_inline(
                    grad,
                    x,
                    #[inline(always)]
                    |grad, x| grad * ((x - mean) * scale),
                );
                let bias = sum_map_inline(
                    grad,
                    #[inline(always)]
                    |grad| grad,
                );
                [weight, bias]
            },
        )
    });
    let part = |part: usize| sums.iter().map(|sums| sums[part]).collect::<Vec<_>>();
    sum_columns(&part(0), norm.channels, grad_weight);
    sum_columns(&part(1), norm.channels, grad_bias);
}

#[cfg(test)]
mod tests {
    use super::super::layer_norm::tests::{assert_close, differences, values};
    use super::*;

    #[test]
    fn every_grouping_agrees_with_the_formula_and_its_differences() {
        for (batch, channels, groups, places) in [(0, 2, 1, 3), (2, 6, 3, 5), (1, 4, 4, 7), (3, 4, 1, 1), (2, 3, 3, 2)]
        {
            let norm = GroupNorm { batch, channels, groups, places };
            let len = batch * channels * places;
            let (input, grad) = (values(len, 1), values(len, 2));
            let (weight, bias) = (values(channels, 3), values(channels, 4));
            let run = |x: &[f64], weight: &[f64], bias: &[f64]| {
                let (mut out, mut statistics) = (vec![0.0; len], vec![[0.0; 2]; batch * groups]);
                forward(&norm, x, Some(weight), Some(bias), 1e-5, &mut out, &mut statistics);
                (out, statistics)
            };
            let (out, statistics) = run(&input, &weight, &bias);
            let row_len = channels / groups * places;
            let expected: Vec<f64> = (0..len)
                .map(|index| {
                    let row = &input[index / row_len * row_len..][..row_len];
                    let mean = row.iter().sum::<f64>() / row_len as f64;
                    let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / row_len as f64;
                    let channel = index / places % channels;
                    (input[index] - mean) / (variance + 1e-5).sqrt() * weight[channel] + bias[channel]
                })
                .collect();
            assert_close(&out, &expected, 1e-12);
            let mut grad_input = vec![0.0; len];
            backward(&norm, &grad, &input, &statistics, Some(&weight), &mut grad_input);
            assert_close(&grad_input, &differences(&input, &grad, |x| run(x, &weight, &bias).0), 1e-5);
            let (mut grad_weight, mut grad_bias) = (vec![0.0; channels], vec![0.0; channels]);
            affine_backward(&norm, &grad, &input, &statistics, &mut grad_weight, &mut grad_bias);
            assert_close(&grad_weight, &differences(&weight, &grad, |w| run(&input, w, &bias).0), 1e-6);
            assert_close(&grad_bias, &differences(&bias, &grad, |b| run(&input, &weight, b).0), 1e-6);
        }
    }
}
