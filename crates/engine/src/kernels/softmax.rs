//! Softmax and log-softmax over the middle axis of (outer, dim, inner), and their backward passes.
//!
//! softmax: yᵢ = exp(xᵢ − max x)/Σⱼ exp(xⱼ − max x), with gradient dxᵢ = yᵢ·(dyᵢ − Σⱼ dyⱼ·yⱼ);
//! log-softmax: yᵢ = xᵢ − max x − ln Σⱼ exp(xⱼ − max x), with gradient dxᵢ = dyᵢ − exp(yᵢ)·Σⱼ dyⱼ.

use super::Real;
use super::elementary::{exp_of, ln_of};
use super::parallel::{for_each_chunk, rows_per_piece, vectorise};
use super::reduce::{sum_map_2_inline, sum_map_inline};

/// Neighbouring lines that are computed together when they do not lie along the memory.
const LINES: usize = 32;

/// The greater of two values; NaN wins.
#[inline(always)]
pub(super) fn greater<R: Real>(a: R, b: R) -> R {
    if a >= b || a.is_nan() { a } else { b }
}

/// The greatest value of a row; NaN wins.
#[inline(always)]
pub(super) fn row_max<R: Real>(row: &[R]) -> R {
    const LANES: usize = 16;
    let mut lanes = [R::NEG_INFINITY; LANES];
    let (groups, rest) = row.as_chunks::<LANES>();
    for group in groups {
        for lane in 0..LANES {
            lanes[lane] = greater(lanes[lane], group[lane]);
        }
    }
    let max = rest.iter().fold(R::NEG_INFINITY, |max, &x| greater(max, x));
    lanes.iter().fold(max, |max, &x| greater(max, x))
}

/// Runs `row(outer row of out)` for rows along the memory, in pieces, as vector code.
#[inline(always)]
fn for_each_row<R: Real>(out: &mut [R], dim: usize, row: impl Fn(usize, &mut [R]) + Sync + Send) {
    let rows = rows_per_piece(dim);
    let work = out.len().saturating_mul(4);
    for_each_chunk(out, rows * dim, work, |piece, out| {
        vectorise(
            #[inline(always)]
            || {
                for (index, out) in out.chunks_exact_mut(dim).enumerate() {
                    row(piece * rows + index, out);
                }
            },
        );
    });
}

/// Runs `lines(start of the outer block, first line, out block)` for blocks across the memory, as vector code.
#[inline(always)]
fn for_each_outer<R: Real>(
    out: &mut [R],
    dim: usize,
    inner: usize,
    block: impl Fn(usize, usize, usize, &mut [R]) + Sync + Send,
) {
    let work = out.len().saturating_mul(4);
    for_each_chunk(out, dim * inner, work, |outer, out| {
        vectorise(
            #[inline(always)]
            || {
                let mut first = 0;
                while first < inner {
                    block(outer * dim * inner, first, LINES.min(inner - first), out);
                    first += LINES;
                }
            },
        );
    });
}

#[inline(always)]
fn softmax_row<R: Real, const LOG: bool>(input: &[R], out: &mut [R]) {
    let max = row_max(input);
    if LOG {
        let sum = sum_map_inline(
            input,
            #[inline(always)]
            |x| exp_of(x - max),
        );
        let shift = ln_of(sum);
        for (out, &x) in out.iter_mut().zip(input) {
            *out = (x - max) - shift;
        }
    } else {
        for (out, &x) in out.iter_mut().zip(input) {
            *out = exp_of(x - max);
        }
        let sum = sum_map_inline(
            out,
            #[inline(always)]
            |x| x,
        );
        for out in out.iter_mut() {
            *out /= sum;
        }
    }
}

#[inline(always)]
fn softmax_lines<R: Real, const LOG: bool>(
    input: &[R],
    first: usize,
    width: usize,
    dim: usize,
    inner: usize,
    out: &mut [R],
) {
    let mut max = [R::NEG_INFINITY; LINES];
    let mut sum = [R::ZERO; LINES];
    for i in 0..dim {
        for (max, &x) in max.iter_mut().zip(&input[i * inner + first..][..width]) {
            *max = greater(*max, x);
        }
    }
    for i in 0..dim {
        let line = i * inner + first;
        let (input, out) = (&input[line..][..width], &mut out[line..][..width]);
        for (((out, &x), &max), sum) in out.iter_mut().zip(input).zip(&max).zip(&mut sum) {
            let power = exp_of(x - max);
            *sum += power;
            *out = if LOG { x - max } else { power };
        }
    }
    if LOG {
        for sum in &mut sum {
            *sum = ln_of(*sum);
        }
    }
    for i in 0..dim {
        for (out, &sum) in out[i * inner + first..][..width].iter_mut().zip(&sum) {
            *out = if LOG { *out - sum } else { *out / sum };
        }
    }
}

#[inline(always)]
fn forward<R: Real, const LOG: bool>(input: &[R], dim: usize, inner: usize, out: &mut [R]) {
    assert_eq!(input.len(), out.len(), "sizes differ");
    if inner == 1 {
        for_each_row(
            out,
            dim,
            #[inline(always)]
            |row, out| softmax_row::<R, LOG>(&input[row * dim..][..dim], out),
        );
    } else {
        for_each_outer(
            out,
            dim,
            inner,
            #[inline(always)]
            |start, first, width, out| {
                softmax_lines::<R, LOG>(&input[start..][..dim * inner], first, width, dim, inner, out);
            },
        );
    }
}

#[inline(always)]
fn backward<R: Real, const LOG: bool>(grad: &[R], result: &[R], dim: usize, inner: usize, out: &mut [R]) {
    assert!(grad.len() == out.len() && result.len() == out.len(), "sizes differ");
    #[inline(always)]
    fn term<R: Real, const LOG: bool>(grad: R, y: R) -> R {
        if LOG { grad } else { grad * y }
    }
    #[inline(always)]
    fn gradient<R: Real, const LOG: bool>(grad: R, y: R, sum: R) -> R {
        if LOG { grad - exp_of(y) * sum } else { y * (grad - sum) }
    }
    if inner == 1 {
        for_each_row(
            out,
            dim,
            #[inline(always)]
            |row, out| {
                let (grad, result) = (&grad[row * dim..][..dim], &result[row * dim..][..dim]);
                let sum = sum_map_2_inline(
                    grad,
                    result,
                    #[inline(always)]
                    |grad, y| term::<R, LOG>(grad, y),
                );
                for ((out, &grad), &y) in out.iter_mut().zip(grad).zip(result) {
                    *out = gradient::<R, LOG>(grad, y, sum);
                }
            },
        );
    } else {
        for_each_outer(
            out,
            dim,
            inner,
            #[inline(always)]
            |start, first, width, out| {
                let mut sum = [R::ZERO; LINES];
                for i in 0..dim {
                    let line = start + i * inner + first;
                    let pairs = grad[line..][..width].iter().zip(&result[line..][..width]);
                    for (sum, (&grad, &y)) in sum.iter_mut().zip(pairs) {
                        *sum += term::<R, LOG>(grad, y);
                    }
                }
                for i in 0..dim {
                    let line = i * inner + first;
                    let pairs = grad[start + line..][..width].iter().zip(&result[start + line..][..width]);
                    for ((out, &sum), (&grad, &y)) in out[line..][..width].iter_mut().zip(&sum).zip(pairs) {
                        *out = gradient::<R, LOG>(grad, y, sum);
                    }
                }
            },
        );
    }
}

/// Softmax along the middle axis.
pub fn softmax<R: Real>(input: &[R], dim: usize, inner: usize, out: &mut [R]) {
    forward::<R, false>(input, dim, inner, out);
}

/// The logarithm of softmax along the middle axis.
pub fn log_softmax<R: Real>(input: &[R], dim: usize, inner: usize, out: &mut [R]) {
    forward::<R, true>(input, dim, inner, out);
}

/// The gradient of softmax's input from its result.
pub fn softmax_backward<R: Real>(grad: &[R], result: &[R], dim: usize, inner: usize, out: &mut [R]) {
    backward::<R, false>(grad, result, dim, inner, out);
}

/// The gradient of log-softmax's input from its result.
pub fn log_softmax_backward<R: Real>(grad: &[R], result: &[R], dim: usize, inner: usize, out: &mut [R]) {
    backward::<R, true>(grad, result, dim, inner, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(len: usize, seed: usize) -> Vec<f64> {
        (0..len).map(|i| ((i * 7919 + seed * 104_729) % 1013) as f64 / 100.0 - 5.0).collect()
    }

    #[test]
    fn forward_and_backward_agree_with_the_formulas() {
        for (outer, dim, inner) in
            [(1, 1, 1), (3, 10, 1), (2, 5, 3), (2, 3, 70), (300, 100, 1), (4, 1500, 33), (0, 3, 2)]
        {
            let len = outer * dim * inner;
            let (input, grad) = (values(len, 1), values(len, 2));
            let mut got = [vec![0.0; len], vec![0.0; len], vec![0.0; len], vec![0.0; len]];
            let [soft, log, soft_grad, log_grad] = &mut got;
            softmax(&input, dim, inner, soft);
            log_softmax(&input, dim, inner, log);
            softmax_backward(&grad, soft, dim, inner, soft_grad);
            log_softmax_backward(&grad, log, dim, inner, log_grad);
            for line in 0..outer * inner {
                let at = |i: usize| (line / inner * dim + i) * inner + line % inner;
                let max = (0..dim).fold(f64::NEG_INFINITY, |max, i| max.max(input[at(i)]));
                let sum: f64 = (0..dim).map(|i| (input[at(i)] - max).exp()).sum();
                let y = |i: usize| (input[at(i)] - max).exp() / sum;
                let product: f64 = (0..dim).map(|i| grad[at(i)] * y(i)).sum();
                let total: f64 = (0..dim).map(|i| grad[at(i)]).sum();
                for i in 0..dim {
                    let expected = [
                        y(i),
                        input[at(i)] - max - sum.ln(),
                        y(i) * (grad[at(i)] - product),
                        grad[at(i)] - y(i) * total,
                    ];
                    for (got, expected) in got.iter().zip(expected) {
                        assert!((got[at(i)] - expected).abs() < 1e-12, "{outer} {dim} {inner}");
                    }
                }
            }
        }
    }

    #[test]
    fn nan_and_infinities_behave_as_in_torch() {
        let mut out = [0.0f32; 3];
        softmax(&[f32::NEG_INFINITY, 0.0, 0.0], 3, 1, &mut out);
        assert_eq!(out, [0.0, 0.5, 0.5]);
        softmax(&[f32::NEG_INFINITY; 3], 3, 1, &mut out);
        assert!(out.iter().all(|x| x.is_nan()));
        softmax(&[0.0, f32::NAN, 1.0], 3, 1, &mut out);
        assert!(out.iter().all(|x| x.is_nan()));
        log_softmax(&[1000.0, 0.0, -1000.0], 3, 1, &mut out);
        assert_eq!(out, [0.0, -1000.0, -2000.0]);
    }
}
