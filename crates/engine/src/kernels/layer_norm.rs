//! Layer norm and RMS norm of rows, and their backward passes.
//!
//! Layer norm: y = x̂·w + b with x̂ = (x − μ)·ρ, ρ = 1/√(σ² + ε), where μ and σ² are the row's mean and variance;
//! dx = ρ·(g − mean g − x̂·mean(g·x̂)) with g = dy·w, dw = Σ dy·x̂, db = Σ dy.
//! RMS norm: y = x·ρ·w with ρ = 1/√(mean x² + ε); dx = ρ·(g − x̂·mean(g·x̂)) with x̂ = x·ρ.

use super::Real;
use super::parallel::{collect, cut, for_each_chunk, for_each_chunk_2, rows_per_piece, vectorise};
use super::reduce::{sum_map_2_inline, sum_map_inline};

/// Pieces in which the gradients of weight and bias are accumulated before they are added in order.
const PIECES: usize = 16;

/// Applies y = x̂·w + b to one row; absent w and b stand for one and zero.
#[inline(always)]
fn affine_row<R: Real>(x: &[R], mean: R, scale: R, weight: Option<&[R]>, bias: Option<&[R]>, out: &mut [R]) {
    match (weight, bias) {
        (Some(weight), Some(bias)) => {
            for (((out, &x), &weight), &bias) in out.iter_mut().zip(x).zip(weight).zip(bias) {
                *out = (x - mean) * scale * weight + bias;
            }
        }
        (Some(weight), None) => {
            for ((out, &x), &weight) in out.iter_mut().zip(x).zip(weight) {
                *out = (x - mean) * scale * weight;
            }
        }
        (None, Some(bias)) => {
            for ((out, &x), &bias) in out.iter_mut().zip(x).zip(bias) {
                *out = (x - mean) * scale + bias;
            }
        }
        (None, None) => {
            for (out, &x) in out.iter_mut().zip(x) {
                *out = (x - mean) * scale;
            }
        }
    }
}

/// Normalises rows of `columns` elements. `statistics` receives (mean, ρ) of every row.
pub fn layer_norm<R: Real>(
    input: &[R],
    columns: usize,
    weight: Option<&[R]>,
    bias: Option<&[R]>,
    epsilon: R,
    out: &mut [R],
    statistics: &mut [[R; 2]],
) {
    forward::<R, true>(input, columns, weight, bias, epsilon, out, statistics);
}

/// Scales rows of `columns` elements to a root mean square of one. `statistics` receives (0, ρ) of every row.
pub fn rms_norm<R: Real>(
    input: &[R],
    columns: usize,
    weight: Option<&[R]>,
    epsilon: R,
    out: &mut [R],
    statistics: &mut [[R; 2]],
) {
    forward::<R, false>(input, columns, weight, None, epsilon, out, statistics);
}

fn forward<R: Real, const CENTRED: bool>(
    input: &[R],
    columns: usize,
    weight: Option<&[R]>,
    bias: Option<&[R]>,
    epsilon: R,
    out: &mut [R],
    statistics: &mut [[R; 2]],
) {
    assert!(input.len() == out.len() && statistics.len() * columns == out.len(), "sizes differ");
    let rows = rows_per_piece(columns);
    let work = input.len().saturating_mul(2);
    for_each_chunk_2((out, rows * columns), (statistics, rows), work, |piece, out, statistics| {
        vectorise(
            #[inline(always)]
            || {
                let input = &input[piece * rows * columns..];
                let lines = input.chunks_exact(columns).zip(out.chunks_exact_mut(columns)).zip(statistics);
                for ((x, out), statistics) in lines {
                    *statistics = row_statistics::<R, CENTRED>(x, epsilon);
                    affine_row(x, statistics[0], statistics[1], weight, bias, out);
                }
            },
        );
    });
}

/// The mean (zero when not centred) and ρ of one row.
#[inline(always)]
pub(super) fn row_statistics<R: Real, const CENTRED: bool>(x: &[R], epsilon: R) -> [R; 2] {
    let n = R::from_usize(x.len());
    let mean = if CENTRED {
        sum_map_inline(
            x,
            #[inline(always)]
            |x| x,
        ) / n
    } else {
        R::ZERO
    };
    let variance = sum_map_inline(
        x,
        #[inline(always)]
        |x| (x - mean) * (x - mean),
    ) / n;
    [mean, R::ONE / (variance + epsilon).sqrt()]
}

/// Writes the gradient of the input of [`layer_norm`].
pub fn layer_norm_backward<R: Real>(
    grad: &[R],
    input: &[R],
    columns: usize,
    statistics: &[[R; 2]],
    weight: Option<&[R]>,
    grad_input: &mut [R],
) {
    backward::<R, true>(grad, input, columns, statistics, weight, grad_input);
}

/// Writes the gradient of the input of [`rms_norm`].
pub fn rms_norm_backward<R: Real>(
    grad: &[R],
    input: &[R],
    columns: usize,
    statistics: &[[R; 2]],
    weight: Option<&[R]>,
    grad_input: &mut [R],
) {
    backward::<R, false>(grad, input, columns, statistics, weight, grad_input);
}

fn backward<R: Real, const CENTRED: bool>(
    grad: &[R],
    input: &[R],
    columns: usize,
    statistics: &[[R; 2]],
    weight: Option<&[R]>,
    grad_input: &mut [R],
) {
    assert!(grad.len() == input.len() && statistics.len() * columns == input.len(), "sizes differ");
    let rows = rows_per_piece(columns);
    let work = input.len().saturating_mul(3);
    for_each_chunk(grad_input, rows * columns, work, |piece, grad_input| {
        vectorise(
            #[inline(always)]
            || {
                for (index, out) in grad_input.chunks_exact_mut(columns).enumerate() {
                    let row = piece * rows + index;
                    let range = row * columns..(row + 1) * columns;
                    let (grad, x, [mean, scale]) = (&grad[range.clone()], &input[range], statistics[row]);
                    match weight {
                        Some(weight) => out.iter_mut().zip(grad).zip(weight).for_each(
                            #[inline(always)]
                            |((out, &grad), &weight)| *out = grad * weight,
                        ),
                        None => out.copy_from_slice(grad),
                    }
                    row_backward::<R, CENTRED>(out, x, mean, scale);
                }
            },
        );
    });
}

/// Replaces g by ρ·(g − mean g − x̂·mean(g·x̂)) in one row.
#[inline(always)]
pub(super) fn row_backward<R: Real, const CENTRED: bool>(g: &mut [R], x: &[R], mean: R, scale: R) {
    let n = R::from_usize(x.len());
    let mean_g = if CENTRED {
        sum_map_inline(
            g,
            #[inline(always)]
            |g| g,
        ) / n
    } else {
        R::ZERO
    };
    let mean_gx = sum_map_2_inline(
        g,
        x,
        #[inline(always)]
        |g, x| g * ((x - mean) * scale),
    ) / n;
    for (g, &x) in g.iter_mut().zip(x) {
        *g = scale * (*g - mean_g - (x - mean) * scale * mean_gx);
    }
}

/// Writes the gradients of weight and bias: Σ dy·x̂ and Σ dy over the rows. Serves both norms.
pub fn affine_backward<R: Real>(
    grad: &[R],
    input: &[R],
    columns: usize,
    statistics: &[[R; 2]],
    grad_weight: &mut [R],
    grad_bias: &mut [R],
) {
    assert!(grad.len() == input.len() && statistics.len() * columns == input.len(), "sizes differ");
    let pieces: Vec<_> = cut(statistics.len(), PIECES).collect();
    let sums = collect(pieces.len(), input.len().saturating_mul(2), |piece| {
        let (mut weight_sum, mut bias_sum) = (vec![R::ZERO; columns], vec![R::ZERO; columns]);
        vectorise(
            #[inline(always)]
            || {
                for row in pieces[piece].clone() {
                    let range = row * columns..(row + 1) * columns;
                    let [mean, scale] = statistics[row];
                    let sums = weight_sum.iter_mut().zip(&mut bias_sum);
                    for ((weight_sum, bias_sum), (&grad, &x)) in sums.zip(grad[range.clone()].iter().zip(&input[range]))
                    {
                        *weight_sum += grad * ((x - mean) * scale);
                        *bias_sum += grad;
                    }
                }
            },
        );
        (weight_sum, bias_sum)
    });
    grad_weight.fill(R::ZERO);
    grad_bias.fill(R::ZERO);
    for (weight_sum, bias_sum) in &sums {
        grad_weight.iter_mut().zip(weight_sum).for_each(|(total, &sum)| *total += sum);
        grad_bias.iter_mut().zip(bias_sum).for_each(|(total, &sum)| *total += sum);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn values(len: usize, seed: usize) -> Vec<f64> {
        (0..len).map(|i| ((i * 7919 + seed * 104_729) % 1013) as f64 / 300.0 - 1.5).collect()
    }

    /// The gradient of Σ grad·f(x) by central differences.
    pub(in super::super) fn differences(x: &[f64], grad: &[f64], f: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
        let total = |x: &[f64]| f(x).iter().zip(grad).map(|(y, grad)| y * grad).sum::<f64>();
        let step = 1e-5;
        let mut x = x.to_vec();
        (0..x.len())
            .map(|i| {
                let kept = x[i];
                x[i] = kept + step;
                let above = total(&x);
                x[i] = kept - step;
                let below = total(&x);
                x[i] = kept;
                (above - below) / (2.0 * step)
            })
            .collect()
    }

    pub(in super::super) fn assert_close(got: &[f64], expected: &[f64], tolerance: f64) {
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() <= tolerance * (1.0 + expected.abs()), "{got} {expected}");
        }
    }

    #[test]
    fn layer_norm_agrees_with_its_formula_and_its_differences() {
        for (rows, columns) in [(0, 3), (1, 1), (3, 5), (4, 37)] {
            let (input, grad) = (values(rows * columns, 1), values(rows * columns, 2));
            let (weight, bias) = (values(columns, 3), values(columns, 4));
            let run = |x: &[f64], weight: &[f64], bias: &[f64]| {
                let (mut out, mut statistics) = (vec![0.0; x.len()], vec![[0.0; 2]; rows]);
                layer_norm(x, columns, Some(weight), Some(bias), 1e-5, &mut out, &mut statistics);
                (out, statistics)
            };
            let (out, statistics) = run(&input, &weight, &bias);
            let mut expected = Vec::new();
            for row in input.chunks_exact(columns) {
                let mean = row.iter().sum::<f64>() / columns as f64;
                let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / columns as f64;
                for (j, x) in row.iter().enumerate() {
                    expected.push((x - mean) / (variance + 1e-5).sqrt() * weight[j] + bias[j]);
                }
            }
            assert_close(&out, &expected, 1e-12);
            let mut grad_input = vec![0.0; input.len()];
            layer_norm_backward(&grad, &input, columns, &statistics, Some(&weight), &mut grad_input);
            assert_close(&grad_input, &differences(&input, &grad, |x| run(x, &weight, &bias).0), 1e-6);
            let (mut grad_weight, mut grad_bias) = (vec![0.0; columns], vec![0.0; columns]);
            affine_backward(&grad, &input, columns, &statistics, &mut grad_weight, &mut grad_bias);
            assert_close(&grad_weight, &differences(&weight, &grad, |w| run(&input, w, &bias).0), 1e-6);
            assert_close(&grad_bias, &differences(&bias, &grad, |b| run(&input, &weight, b).0), 1e-6);
        }
    }

    #[test]
    fn rms_norm_agrees_with_its_formula_and_its_differences() {
        for (rows, columns) in [(1, 1), (3, 5), (4, 37)] {
            let (input, grad) = (values(rows * columns, 1), values(rows * columns, 2));
            let weight = values(columns, 3);
            let run = |x: &[f64], weight: Option<&[f64]>| {
                let (mut out, mut statistics) = (vec![0.0; x.len()], vec![[0.0; 2]; rows]);
                rms_norm(x, columns, weight, 1e-6, &mut out, &mut statistics);
                (out, statistics)
            };
            let (out, statistics) = run(&input, Some(&weight));
            for (index, (got, x)) in out.iter().zip(&input).enumerate() {
                let row = &input[index / columns * columns..][..columns];
                let mean = row.iter().map(|x| x * x).sum::<f64>() / columns as f64;
                assert!((got - x / (mean + 1e-6).sqrt() * weight[index % columns]).abs() < 1e-12);
            }
            let mut grad_input = vec![0.0; input.len()];
            rms_norm_backward(&grad, &input, columns, &statistics, Some(&weight), &mut grad_input);
            assert_close(&grad_input, &differences(&input, &grad, |x| run(x, Some(&weight)).0), 1e-6);
            rms_norm_backward(&grad, &input, columns, &statistics, None, &mut grad_input);
            assert_close(&grad_input, &differences(&input, &grad, |x| run(x, None).0), 1e-6);
        }
    }
}
