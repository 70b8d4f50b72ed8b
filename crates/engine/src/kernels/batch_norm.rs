//! Batch norm over (N, C, L), and its backward pass.
//!
//! `y = x̂·w[c] + b[c]` with `x̂ = (x − μ[c])·ρ[c]`, ρ = 1/√(σ² + ε); in training μ and σ² are the mean and the biased
//! variance over the N·L elements of a channel, otherwise they are the running ones. With g = dy:
//! training dx = w·ρ·(g − mean g − x̂·mean(g·x̂)), otherwise dx = w·ρ·g; dw = Σ g·x̂, db = Σ g.

use super::Real;
use super::parallel::{collect, for_each_chunk, vectorise};
use super::reduce::{pairwise, sum_columns, sum_map_2_inline};

/// The sizes of a batch norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchNorm {
    /// N.
    pub batch: usize,
    /// C.
    pub channels: usize,
    /// L.
    pub places: usize,
}

impl BatchNorm {
    fn len(&self) -> usize {
        self.batch * self.channels * self.places
    }

    /// Elements of one channel in all images.
    pub fn count(&self) -> usize {
        self.batch * self.places
    }

    /// Σ f(channel, x, y) over images and places, for every channel.
    #[inline(always)]
    fn channel_sums<R: Real>(&self, x: &[R], y: &[R], f: impl Fn(usize, R, R) -> R + Copy + Send + Sync) -> Vec<R> {
        assert!(x.len() == self.len() && y.len() == self.len(), "input of a wrong size");
        let (channels, places) = (self.channels, self.places);
        if places == 1 {
            let mut terms = vec![R::ZERO; x.len()];
            for_each_chunk(&mut terms, channels, x.len(), |image, terms| {
                let range = image * channels..(image + 1) * channels;
                for (channel, (term, (&x, &y))) in
                    terms.iter_mut().zip(x[range.clone()].iter().zip(&y[range])).enumerate()
                {
                    *term = f(channel, x, y);
                }
            });
            let mut sums = vec![R::ZERO; channels];
            sum_columns(&terms, channels, &mut sums);
            return sums;
        }
        collect(channels, x.len(), |channel| {
            let image_sums: Vec<R> = (0..self.batch)
                .map(|image| {
                    let range = (image * channels + channel) * places..(image * channels + channel + 1) * places;
                    let (x, y) = (&x[range.clone()], &y[range]);
                    vectorise(
                        #[inline(always)]
                        || {
                            sum_map_2_inline(
                                x,
                                y,
                                #[inline(always)]
                                |x, y| f(channel, x, y),
                            )
                        },
                    )
                })
                .collect();
            pairwise(&image_sums)
        })
    }

    /// out = f(channel)(x, y) for every element.
    #[inline(always)]
    fn for_each<R: Real>(&self, out: &mut [R], x: &[R], y: &[R], f: impl Fn(usize, R, R) -> R + Copy + Send + Sync) {
        assert!(x.len() == self.len() && y.len() == self.len() && out.len() == self.len(), "sizes differ");
        let (channels, places) = (self.channels, self.places);
        let work = x.len().saturating_mul(2);
        let image_len = channels * places;
        for_each_chunk(out, image_len, work, |image, out| {
            let range = image * image_len..(image + 1) * image_len;
            let (x, y) = (&x[range.clone()], &y[range]);
            vectorise(
                #[inline(always)]
                || {
                    if places == 1 {
                        for (channel, (out, (&x, &y))) in out.iter_mut().zip(x.iter().zip(y)).enumerate() {
                            *out = f(channel, x, y);
                        }
                        return;
                    }
                    let lines = x.chunks_exact(places).zip(y.chunks_exact(places));
                    for (channel, (out, (x, y))) in out.chunks_exact_mut(places).zip(lines).enumerate() {
                        for (out, (&x, &y)) in out.iter_mut().zip(x.iter().zip(y)) {
                            *out = f(channel, x, y);
                        }
                    }
                },
            );
        });
    }
}

/// The mean and the biased variance of every channel.
pub fn statistics<R: Real>(norm: &BatchNorm, input: &[R]) -> (Vec<R>, Vec<R>) {
    let n = R::from_usize(norm.count());
    let divide = |mut sums: Vec<R>| {
        sums.iter_mut().for_each(|sum| *sum /= n);
        sums
    };
    let mean = divide(norm.channel_sums(
        input,
        input,
        #[inline(always)]
        |_, x, _| x,
    ));
    let variance = divide(norm.channel_sums(
        input,
        input,
        #[inline(always)]
        |channel, x, _| (x - mean[channel]) * (x - mean[channel]),
    ));
    (mean, variance)
}

/// ρ = 1/√(σ² + ε) of every channel.
pub fn inverse_deviation<R: Real>(variance: &[R], epsilon: R) -> Vec<R> {
    variance.iter().map(|&variance| R::ONE / (variance + epsilon).sqrt()).collect()
}

/// Writes y = (x − μ)·ρ·w + b.
pub fn forward<R: Real>(
    norm: &BatchNorm,
    input: &[R],
    mean: &[R],
    scale: &[R],
    weight: Option<&[R]>,
    bias: Option<&[R]>,
    out: &mut [R],
) {
    let weighted: Vec<R> = by_channel(scale, weight);
    let shift: Vec<R> = (0..norm.channels)
        .map(|channel| bias.map_or(R::ZERO, |bias| bias[channel]) - mean[channel] * weighted[channel])
        .collect();
    norm.for_each(
        out,
        input,
        input,
        #[inline(always)]
        |channel, x, _| x * weighted[channel] + shift[channel],
    );
}

fn by_channel<R: Real>(scale: &[R], weight: Option<&[R]>) -> Vec<R> {
    match weight {
        Some(weight) => scale.iter().zip(weight).map(|(&scale, &weight)| scale * weight).collect(),
        None => scale.to_vec(),
    }
}

/// The gradients of weight and bias: Σ dy·x̂ and Σ dy of every channel.
pub fn affine_backward<R: Real>(
    norm: &BatchNorm,
    grad: &[R],
    input: &[R],
    mean: &[R],
    scale: &[R],
) -> (Vec<R>, Vec<R>) {
    let grad_weight = norm.channel_sums(
        grad,
        input,
        #[inline(always)]
        |channel, grad, x| grad * ((x - mean[channel]) * scale[channel]),
    );
    let grad_bias = norm.channel_sums(
        grad,
        grad,
        #[inline(always)]
        |_, grad, _| grad,
    );
    (grad_weight, grad_bias)
}

/// Writes the gradient of the input. `sums` are the results of [`affine_backward`] in training, else `None`.
#[allow(clippy::too_many_arguments, reason = "the sizes, four inputs and one output are all there is")]
pub fn backward<R: Real>(
    norm: &BatchNorm,
    grad: &[R],
    input: &[R],
    mean: &[R],
    scale: &[R],
    weight: Option<&[R]>,
    sums: Option<(&[R], &[R])>,
    grad_input: &mut [R],
) {
    let weighted = by_channel(scale, weight);
    let Some((grad_weight, grad_bias)) = sums else {
        return norm.for_each(
            grad_input,
            grad,
            grad,
            #[inline(always)]
            |channel, grad, _| grad * weighted[channel],
        );
    };
    let n = R::from_usize(norm.count());
    let mean_g: Vec<R> = grad_bias.iter().map(|&sum| sum / n).collect();
    let mean_gx: Vec<R> = grad_weight.iter().zip(scale).map(|(&sum, &scale)| sum / n * scale).collect();
    norm.for_each(
        grad_input,
        grad,
        input,
        #[inline(always)]
        |channel, grad, x| weighted[channel] * (grad - mean_g[channel] - (x - mean[channel]) * mean_gx[channel]),
    );
}

#[cfg(test)]
mod tests {
    use super::super::layer_norm::tests::{assert_close, differences, values};
    use super::*;

    #[test]
    fn training_agrees_with_the_formula_and_its_differences() {
        for (batch, channels, places) in [(5, 3, 1), (2, 3, 4), (3, 2, 33), (1, 1, 2)] {
            let norm = BatchNorm { batch, channels, places };
            let len = batch * channels * places;
            let (input, grad) = (values(len, 1), values(len, 2));
            let (weight, bias) = (values(channels, 3), values(channels, 4));
            let run = |x: &[f64], weight: &[f64], bias: &[f64]| {
                let (mean, variance) = statistics(&norm, x);
                let mut out = vec![0.0; len];
                let scale = inverse_deviation(&variance, 1e-5);
                forward(&norm, x, &mean, &scale, Some(weight), Some(bias), &mut out);
                out
            };
            let (mean, variance) = statistics(&norm, &input);
            let scale = inverse_deviation(&variance, 1e-5);
            let members =
                |channel: usize| (0..len).filter(move |index| index / places % channels == channel).collect::<Vec<_>>();
            for channel in 0..channels {
                let members = members(channel);
                let n = members.len() as f64;
                let expected_mean = members.iter().map(|&index| input[index]).sum::<f64>() / n;
                let expected = members.iter().map(|&index| (input[index] - expected_mean).powi(2)).sum::<f64>() / n;
                assert!((mean[channel] - expected_mean).abs() < 1e-12);
                assert!((variance[channel] - expected).abs() < 1e-12);
            }
            let out = run(&input, &weight, &bias);
            for (index, out) in out.iter().enumerate() {
                let channel = index / places % channels;
                let expected = (input[index] - mean[channel]) * scale[channel] * weight[channel] + bias[channel];
                assert!((out - expected).abs() < 1e-11);
            }
            let (grad_weight, grad_bias) = affine_backward(&norm, &grad, &input, &mean, &scale);
            assert_close(&grad_weight, &differences(&weight, &grad, |w| run(&input, w, &bias)), 1e-6);
            assert_close(&grad_bias, &differences(&bias, &grad, |b| run(&input, &weight, b)), 1e-6);
            let mut grad_input = vec![0.0; len];
            let sums = Some((&grad_weight[..], &grad_bias[..]));
            backward(&norm, &grad, &input, &mean, &scale, Some(&weight), sums, &mut grad_input);
            assert_close(&grad_input, &differences(&input, &grad, |x| run(x, &weight, &bias)), 1e-5);
            backward(&norm, &grad, &input, &mean, &scale, Some(&weight), None, &mut grad_input);
            let fixed = |x: &[f64]| {
                let mut out = vec![0.0; len];
                forward(&norm, x, &mean, &scale, Some(&weight), Some(&bias), &mut out);
                out
            };
            assert_close(&grad_input, &differences(&input, &grad, fixed), 1e-6);
        }
    }
}
