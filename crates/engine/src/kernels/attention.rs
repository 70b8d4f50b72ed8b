//! Scaled dot-product attention for one head: `O = softmax(Q Kᵀ·s + M) V`, and its gradients, tile by tile.
//!
//! The scores of all queries with all keys are never held. Forward, a block of queries meets one block of keys after
//! the other, and keeps for each query the greatest score m so far and the sum l of `exp(score − m)`; when a greater
//! score comes, what was added up before is scaled down ("online softmax"). What is kept for the way back is
//! `L = m + ln l` alone: with it the weights `P = exp(score − L)` of any tile can be computed anew, and
//! `dV = Pᵀ dO`, `dS = P∘(dO Vᵀ − rowsum(dO∘O))`, `dQ = s·dS K`, `dK = s·dSᵀ Q`.
//!
//! A query that may see no key gives zeros.

use super::Real;
use super::elementary::{exp_of, ln_of};
use super::matmul::{Matrix, product};
use super::parallel::vectorise;
use super::reduce::{dot, sum_map_inline};
use super::softmax::{greater, row_max};

/// Queries in a tile.
const QUERIES: usize = 128;
/// Keys in a tile.
const KEYS: usize = 256;

/// What is done to the scores before the softmax; a position in a mask is its offset and its strides, as in [`Matrix`].
#[derive(Clone, Copy)]
pub enum Mask<'a, R> {
    /// Nothing.
    None,
    /// Query i sees keys 0 to i.
    Causal,
    /// A query sees the keys where this is true.
    Keep(&'a [bool], usize, [usize; 2]),
    /// This is added to the scores.
    Add(&'a [R], usize, [usize; 2]),
}

/// The sizes of a head.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// The number of queries.
    pub queries: usize,
    /// The number of keys and values.
    pub keys: usize,
    /// The length of a query and of a key.
    pub width: usize,
    /// The length of a value.
    pub value_width: usize,
}

/// What a head looks at.
#[derive(Clone, Copy)]
pub struct Head<'a, R> {
    /// (queries, width)
    pub q: Matrix<'a, R>,
    /// (keys, width)
    pub k: Matrix<'a, R>,
    /// (keys, value_width)
    pub v: Matrix<'a, R>,
    /// What is done to the scores.
    pub mask: Mask<'a, R>,
    /// The factor of the scores.
    pub scale: R,
}

fn rows_from<'a, R>(matrix: Matrix<'a, R>, row: usize) -> Matrix<'a, R> {
    Matrix { offset: matrix.offset + row * matrix.strides[0], ..matrix }
}

impl<R: Real> Head<'_, R> {
    /// The number of queries that are computed together.
    pub const BLOCK: usize = QUERIES;

    /// The end of the keys that queries before `query_end` may see.
    fn visible(&self, keys: usize, query_end: usize) -> usize {
        if matches!(self.mask, Mask::Causal) { keys.min(query_end) } else { keys }
    }

    /// Computes the masked scores of `m` queries from `i` on with `n` keys from `j` on.
    fn scores(&self, sizes: Sizes, [i, m]: [usize; 2], [j, n]: [usize; 2], out: &mut [R]) {
        let (q, k) = (rows_from(self.q, i), rows_from(self.k, j).transposed());
        product(m, sizes.width, n, q, k, out, n, false, false);
        let scale = self.scale;
        let mask = self.mask;
        vectorise(
            #[inline(always)]
            || {
                for (row, out) in out.chunks_exact_mut(n).take(m).enumerate() {
                    out.iter_mut().for_each(|s| *s *= scale);
                    match mask {
                        Mask::None => {}
                        Mask::Causal => {
                            let seen = (i + row + 1).saturating_sub(j).min(n);
                            out[seen..].fill(R::NEG_INFINITY);
                        }
                        Mask::Keep(values, offset, [down, across]) => {
                            let start = offset + (i + row) * down + j * across;
                            for (column, s) in out.iter_mut().enumerate() {
                                if !values[start + column * across] {
                                    *s = R::NEG_INFINITY;
                                }
                            }
                        }
                        Mask::Add(values, offset, [down, across]) => {
                            let start = offset + (i + row) * down + j * across;
                            for (column, s) in out.iter_mut().enumerate() {
                                *s += values[start + column * across];
                            }
                        }
                    }
                }
            },
        );
    }

    /// Computes the outputs, and `L`, of the queries of one block: `first` to `first + logs.len()`.
    ///
    /// `out` is (queries of the block, value_width) without gaps.
    pub fn forward(&self, sizes: Sizes, first: usize, out: &mut [R], logs: &mut [R]) {
        let (m, width) = (logs.len(), sizes.value_width);
        let mut scores = vec![R::ZERO; m * KEYS.min(sizes.keys)];
        let mut greatest = vec![R::NEG_INFINITY; m];
        let mut sums = vec![R::ZERO; m];
        out.fill(R::ZERO);
        let end = self.visible(sizes.keys, first + m);
        for j in (0..end).step_by(KEYS) {
            let n = KEYS.min(end - j);
            let scores = &mut scores[..m * n];
            self.scores(sizes, [first, m], [j, n], scores);
            vectorise(
                #[inline(always)]
                || {
                    for (row, scores) in scores.chunks_exact_mut(n).enumerate() {
                        let old = greatest[row];
                        let max = greater(row_max(scores), old);
                        if max == R::NEG_INFINITY {
                            scores.fill(R::ZERO);
                            continue;
                        }
                        scores.iter_mut().for_each(|s| *s = exp_of(*s - max));
                        let sum = sum_map_inline(
                            scores,
                            #[inline(always)]
                            |s| s,
                        );
                        if old == R::NEG_INFINITY {
                            sums[row] = sum;
                        } else {
                            let shrink = exp_of(old - max);
                            sums[row] = sums[row] * shrink + sum;
                            if shrink != R::ONE {
                                out[row * width..][..width].iter_mut().for_each(|o| *o *= shrink);
                            }
                        }
                        greatest[row] = max;
                    }
                },
            );
            product(m, n, width, Matrix::rows(scores, n), rows_from(self.v, j), out, width, true, false);
        }
        for (row, log) in logs.iter_mut().enumerate() {
            if greatest[row] == R::NEG_INFINITY {
                // So that every weight is exp(score − ∞) = 0 on the way back.
                *log = R::INFINITY;
                continue;
            }
            *log = greatest[row] + ln_of(sums[row]);
            let inverse = R::ONE / sums[row];
            out[row * width..][..width].iter_mut().for_each(|o| *o *= inverse);
        }
    }

    /// Adds the gradients of a head to `dq`, `dk` and `dv`, which are without gaps.
    ///
    /// `out` and `logs` are what [`forward`](Self::forward) gave for all queries, `d_out` is the gradient of `out`.
    #[allow(clippy::too_many_arguments, reason = "what went in, what came out, and a gradient for each")]
    pub fn backward(&self, sizes: Sizes, out: &[R], logs: &[R], d_out: &[R], dq: &mut [R], dk: &mut [R], dv: &mut [R]) {
        let Sizes { queries, keys, width, value_width } = sizes;
        let both: Vec<R> = (0..queries)
            .map(|row| dot(&out[row * value_width..][..value_width], &d_out[row * value_width..][..value_width]))
            .collect();
        let tile = QUERIES.min(queries) * KEYS.min(keys);
        let (mut weights, mut slopes) = (vec![R::ZERO; tile], vec![R::ZERO; tile]);
        for i in (0..queries).step_by(QUERIES) {
            let m = QUERIES.min(queries - i);
            let d_rows = Matrix { values: d_out, offset: i * value_width, strides: [value_width, 1] };
            let end = self.visible(keys, i + m);
            for j in (0..end).step_by(KEYS) {
                let n = KEYS.min(end - j);
                let (weights, slopes) = (&mut weights[..m * n], &mut slopes[..m * n]);
                self.scores(sizes, [i, m], [j, n], weights);
                let values = rows_from(self.v, j).transposed();
                product(m, value_width, n, d_rows, values, slopes, n, false, false);
                let scale = self.scale;
                vectorise(
                    #[inline(always)]
                    || {
                        let rows = weights.chunks_exact_mut(n).zip(slopes.chunks_exact_mut(n));
                        for ((weights, slopes), row) in rows.zip(i..) {
                            let (log, both) = (logs[row], both[row]);
                            for (weight, slope) in weights.iter_mut().zip(slopes) {
                                let p = exp_of(*weight - log);
                                *weight = p;
                                *slope = p * (*slope - both) * scale;
                            }
                        }
                    },
                );
                let (p, ds) = (Matrix::rows(weights, n), Matrix::rows(slopes, n));
                let d_values = &mut dv[j * value_width..];
                product(n, m, value_width, p.transposed(), d_rows, d_values, value_width, true, false);
                product(m, n, width, ds, rows_from(self.k, j), &mut dq[i * width..], width, true, false);
                let queries = rows_from(self.q, i);
                product(n, m, width, ds.transposed(), queries, &mut dk[j * width..], width, true, false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(len: usize, seed: usize) -> Vec<f64> {
        (0..len).map(|i| ((i * 7919 + seed * 104_729) % 1013) as f64 / 506.0 - 1.0).collect()
    }

    fn scores(q: &[f64], k: &[f64], sizes: Sizes, keep: impl Fn(usize, usize) -> bool, scale: f64) -> Vec<f64> {
        let Sizes { queries, keys, width, .. } = sizes;
        let mut out = vec![f64::NEG_INFINITY; queries * keys];
        for i in 0..queries {
            for j in (0..keys).filter(|&j| keep(i, j)) {
                out[i * keys + j] = scale * (0..width).map(|d| q[i * width + d] * k[j * width + d]).sum::<f64>();
            }
        }
        out
    }

    type Seen<'a> = Box<dyn Fn(usize, usize) -> bool + 'a>;

    /// Plain attention: outputs and weights.
    fn reference(scores: &[f64], v: &[f64], sizes: Sizes) -> (Vec<f64>, Vec<f64>) {
        let Sizes { queries, keys, value_width, .. } = sizes;
        let (mut out, mut weights) = (vec![0.0; queries * value_width], vec![0.0; queries * keys]);
        for i in 0..queries {
            let row = &scores[i * keys..][..keys];
            let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            if max == f64::NEG_INFINITY {
                continue;
            }
            let sum: f64 = row.iter().map(|s| (s - max).exp()).sum();
            for j in 0..keys {
                let weight = (row[j] - max).exp() / sum;
                weights[i * keys + j] = weight;
                for d in 0..value_width {
                    out[i * value_width + d] += weight * v[j * value_width + d];
                }
            }
        }
        (out, weights)
    }

    #[test]
    fn tiles_give_what_the_formula_gives() {
        for (queries, keys) in [(1, 1), (5, 3), (130, 300), (300, 290)] {
            let sizes = Sizes { queries, keys, width: 6, value_width: 4 };
            let (q, k, v) = (values(queries * 6, 1), values(keys * 6, 2), values(keys * 4, 3));
            // Query 2 sees nothing.
            let keep: Vec<bool> = (0..queries * keys).map(|p| p % 3 != 1 && p / keys != 2).collect();
            let add = values(keys, 4);
            for kind in 0..4 {
                let (mask, seen): (Mask<'_, f64>, Seen<'_>) = match kind {
                    0 => (Mask::None, Box::new(|_, _| true)),
                    1 => (Mask::Causal, Box::new(|i, j| j <= i)),
                    2 => (Mask::Keep(&keep, 0, [keys, 1]), Box::new(|i, j| keep[i * keys + j])),
                    _ => (Mask::Add(&add, 0, [0, 1]), Box::new(|_, _| true)),
                };
                let head =
                    Head { q: Matrix::rows(&q, 6), k: Matrix::rows(&k, 6), v: Matrix::rows(&v, 4), mask, scale: 0.7 };
                let mut expected = scores(&q, &k, sizes, seen, 0.7);
                if kind == 3 {
                    expected.iter_mut().enumerate().for_each(|(p, s)| *s += add[p % keys]);
                }
                let (expected, weights) = reference(&expected, &v, sizes);
                let (mut out, mut logs) = (vec![9.0; queries * 4], vec![0.0; queries]);
                for first in (0..queries).step_by(QUERIES) {
                    let m = QUERIES.min(queries - first);
                    head.forward(sizes, first, &mut out[first * 4..][..m * 4], &mut logs[first..][..m]);
                }
                let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-10);
                assert!(close(&out, &expected), "outputs, {queries} x {keys}, mask {kind}");

                let d_out = values(queries * 4, 5);
                let (mut dq, mut dk, mut dv) = (vec![0.0; q.len()], vec![0.0; k.len()], vec![0.0; v.len()]);
                head.backward(sizes, &out, &logs, &d_out, &mut dq, &mut dk, &mut dv);
                let (mut rq, mut rk, mut rv) = (vec![0.0; q.len()], vec![0.0; k.len()], vec![0.0; v.len()]);
                for i in 0..queries {
                    let both: f64 = (0..4).map(|d| d_out[i * 4 + d] * expected[i * 4 + d]).sum();
                    for j in 0..keys {
                        let weight = weights[i * keys + j];
                        let slope: f64 = (0..4).map(|d| d_out[i * 4 + d] * v[j * 4 + d]).sum();
                        let ds = weight * (slope - both) * 0.7;
                        (0..4).for_each(|d| rv[j * 4 + d] += weight * d_out[i * 4 + d]);
                        (0..6).for_each(|d| rq[i * 6 + d] += ds * k[j * 6 + d]);
                        (0..6).for_each(|d| rk[j * 6 + d] += ds * q[i * 6 + d]);
                    }
                }
                let good = close(&dq, &rq) && close(&dk, &rk) && close(&dv, &rv);
                assert!(good, "gradients, {queries} x {keys}, mask {kind}");
            }
        }
    }
}
