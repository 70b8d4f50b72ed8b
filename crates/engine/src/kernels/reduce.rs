//! Sums over contiguous slices.
//!
//! A block of 1,024 elements is summed in 32 lanes, the lanes pairwise, and the blocks' sums pairwise again, so the
//! error grows with log n instead of n. The order of additions depends on the length alone.

use super::Real;
use super::parallel::{collect, vectorise};

const LANES: usize = 32;
const BLOCK: usize = 1024;
const PIECE: usize = 64 * BLOCK;

#[inline(always)]
fn lanes_total<R: Real>(mut lanes: [R; LANES]) -> R {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// Adds `values` pairwise: halves of halves, in order.
pub fn pairwise<R: Real>(values: &[R]) -> R {
    match values {
        [] => R::ZERO,
        [one] => *one,
        _ => {
            let (left, right) = values.split_at(values.len().next_power_of_two() / 2);
            pairwise(left) + pairwise(right)
        }
    }
}

/// A stack of partial sums of 1, 2, 4, ... blocks: the pairwise sum without recursion.
#[inline(always)]
fn blocks_total<R: Real>(blocks: impl Iterator<Item = R>) -> R {
    let mut levels = [R::ZERO; usize::BITS as usize];
    let mut count = 0usize;
    for block in blocks {
        let mut sum = block;
        let mut level = 0;
        while count >> level & 1 == 1 {
            sum = levels[level] + sum;
            level += 1;
        }
        levels[level] = sum;
        count += 1;
    }
    let mut total = R::ZERO;
    for (level, &sum) in levels.iter().enumerate() {
        if count >> level & 1 == 1 {
            total = sum + total;
        }
    }
    total
}

#[inline(always)]
fn block_sum<R: Real>(block: &[R], f: impl Fn(R) -> R) -> R {
    let mut lanes = [R::ZERO; LANES];
    let (groups, rest) = block.as_chunks::<LANES>();
    for group in groups {
        for lane in 0..LANES {
            lanes[lane] += f(group[lane]);
        }
    }
    for (lane, &x) in rest.iter().enumerate() {
        lanes[lane] += f(x);
    }
    lanes_total(lanes)
}

#[inline(always)]
fn block_sum_2<R: Real>(left: &[R], right: &[R], f: impl Fn(R, R) -> R) -> R {
    let mut lanes = [R::ZERO; LANES];
    let ((lefts, left_rest), (rights, right_rest)) = (left.as_chunks::<LANES>(), right.as_chunks::<LANES>());
    for (left, right) in lefts.iter().zip(rights) {
        for lane in 0..LANES {
            lanes[lane] += f(left[lane], right[lane]);
        }
    }
    for (lane, (&x, &y)) in left_rest.iter().zip(right_rest).enumerate() {
        lanes[lane] += f(x, y);
    }
    lanes_total(lanes)
}

/// Σ f(x) on this thread; inlined, for use inside vector code.
#[inline(always)]
pub fn sum_map_inline<R: Real>(values: &[R], f: impl Fn(R) -> R + Copy) -> R {
    if values.len() <= BLOCK {
        return block_sum(values, f);
    }
    blocks_total(values.chunks(BLOCK).map(
        #[inline(always)]
        |block| block_sum(block, f),
    ))
}

/// Σ f(x, y) on this thread; inlined, for use inside vector code.
#[inline(always)]
pub fn sum_map_2_inline<R: Real>(left: &[R], right: &[R], f: impl Fn(R, R) -> R + Copy) -> R {
    if left.len() <= BLOCK {
        return block_sum_2(left, right, f);
    }
    blocks_total(left.chunks(BLOCK).zip(right.chunks(BLOCK)).map(
        #[inline(always)]
        |(left, right)| block_sum_2(left, right, f),
    ))
}

/// Σ f(x).
#[inline(always)]
pub fn sum_map<R: Real>(values: &[R], f: impl Fn(R) -> R + Copy + Send + Sync) -> R {
    let pieces = values.len().div_ceil(PIECE);
    let sums = collect(pieces, values.len(), |piece| {
        let values = &values[piece * PIECE..((piece + 1) * PIECE).min(values.len())];
        vectorise(
            #[inline(always)]
            || sum_map_inline(values, f),
        )
    });
    pairwise(&sums)
}

/// Σ f(x, y).
#[inline(always)]
pub fn sum_map_2<R: Real>(left: &[R], right: &[R], f: impl Fn(R, R) -> R + Copy + Send + Sync) -> R {
    let len = left.len().min(right.len());
    let sums = collect(len.div_ceil(PIECE), len, |piece| {
        let range = piece * PIECE..((piece + 1) * PIECE).min(len);
        let (left, right) = (&left[range.clone()], &right[range]);
        vectorise(
            #[inline(always)]
            || sum_map_2_inline(left, right, f),
        )
    });
    pairwise(&sums)
}

/// Σ x.
pub fn sum<R: Real>(values: &[R]) -> R {
    sum_map(
        values,
        #[inline(always)]
        |x| x,
    )
}

/// Σ x².
pub fn sum_of_squares<R: Real>(values: &[R]) -> R {
    sum_map(
        values,
        #[inline(always)]
        |x| x * x,
    )
}

/// Σ x·y.
pub fn dot<R: Real>(left: &[R], right: &[R]) -> R {
    sum_map_2(
        left,
        right,
        #[inline(always)]
        |x, y| x * y,
    )
}

/// The mean and the sum of squared distances from it, in two passes.
pub fn mean_and_squares<R: Real>(values: &[R]) -> (R, R) {
    let mean = sum(values) / R::from_usize(values.len());
    let squares = sum_map(
        values,
        #[inline(always)]
        |x| (x - mean) * (x - mean),
    );
    (mean, squares)
}

/// Sums every row of a (rows, columns) matrix: `out[row] = Σ values[row, ·]`.
pub fn sum_rows<R: Real>(values: &[R], columns: usize, out: &mut [R]) {
    let work = values.len();
    if columns >= PIECE {
        for (out, row) in out.iter_mut().zip(values.chunks_exact(columns)) {
            *out = sum(row);
        }
        return;
    }
    let rows = super::parallel::rows_per_piece(columns);
    super::parallel::for_each_chunk(out, rows, work, |piece, out| {
        let values = values.get(piece * rows * columns..).unwrap_or_default();
        vectorise(
            #[inline(always)]
            || {
                for (row, out) in out.iter_mut().enumerate() {
                    *out = sum_map_inline(
                        &values[row * columns..(row + 1) * columns],
                        #[inline(always)]
                        |x| x,
                    );
                }
            },
        );
    });
}

/// Sums every column of a (rows, columns) matrix: out[column] = Σ values[·, column].
///
/// Blocks of 32 rows are added in order and the blocks pairwise.
pub fn sum_columns<R: Real>(values: &[R], columns: usize, out: &mut [R]) {
    const ROWS: usize = 32;
    const COLUMNS: usize = 64;
    if columns == 0 {
        return;
    }
    let rows = values.len() / columns;
    let work = values.len();
    super::parallel::for_each_chunk(out, COLUMNS, work, |piece, out| {
        let first = piece * COLUMNS;
        vectorise(
            #[inline(always)]
            || {
                let width = out.len();
                let mut levels = [[R::ZERO; COLUMNS]; 48];
                let mut count = 0usize;
                let mut start = 0;
                while start < rows {
                    let mut block = [R::ZERO; COLUMNS];
                    for row in start..(start + ROWS).min(rows) {
                        let values = &values[row * columns + first..][..width];
                        for (sum, &x) in block.iter_mut().zip(values) {
                            *sum += x;
                        }
                    }
                    let mut level = 0;
                    while count >> level & 1 == 1 {
                        for (sum, &below) in block.iter_mut().zip(&levels[level]) {
                            *sum = below + *sum;
                        }
                        level += 1;
                    }
                    levels[level] = block;
                    count += 1;
                    start += ROWS;
                }
                out.fill(R::ZERO);
                for (level, sums) in levels.iter().enumerate() {
                    if count >> level & 1 == 1 {
                        for (out, &sum) in out.iter_mut().zip(sums) {
                            *out = sum + *out;
                        }
                    }
                }
            },
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(len: usize) -> Vec<f32> {
        (0..len).map(|i| ((i * 7919 % 1009) as f32) / 1009.0 - 0.25).collect()
    }

    #[test]
    fn sums_agree_with_double_precision() {
        for len in [0, 1, 2, 31, 32, 33, 1023, 1024, 1025, 5000, 65_536, 65_537, 1_000_003] {
            let values = values(len);
            let expected: f64 = values.iter().map(|&x| f64::from(x)).sum();
            let scale: f64 = values.iter().map(|&x| f64::from(x).abs()).sum::<f64>().max(1.0);
            assert!((f64::from(sum(&values)) - expected).abs() <= 3e-7 * scale, "{len}");
            let expected: f64 = values.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
            assert!((f64::from(dot(&values, &values)) - expected).abs() <= 3e-7 * scale, "{len}");
            assert_eq!(dot(&values, &values), sum_of_squares(&values));
        }
    }

    #[test]
    fn a_long_sum_of_ones_over_ten_stays_exact_to_single_precision() {
        let values = vec![0.1f32; 10_000_000];
        assert!((sum(&values) - 1_000_000.0).abs() < 1.0);
    }

    #[test]
    fn matrix_sums_agree_with_plain_loops() {
        for (rows, columns) in [(0, 3), (1, 1), (5, 7), (33, 65), (1000, 130), (2, 70_000)] {
            let values = values(rows * columns);
            let mut out = vec![0.0; rows];
            sum_rows(&values, columns, &mut out);
            for (row, &out) in out.iter().enumerate() {
                let expected: f64 = values[row * columns..][..columns].iter().map(|&x| f64::from(x)).sum();
                assert!((f64::from(out) - expected).abs() < 1e-6 * (columns as f64));
            }
            let mut out = vec![0.0; columns];
            sum_columns(&values, columns, &mut out);
            for (column, &out) in out.iter().enumerate() {
                let expected: f64 = (0..rows).map(|row| f64::from(values[row * columns + column])).sum();
                assert!((f64::from(out) - expected).abs() < 1e-6 * (rows as f64).max(1.0));
            }
        }
    }

    #[test]
    fn a_sum_does_not_depend_on_the_number_of_threads() {
        let values = values(700_001);
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one");
        let many = rayon::ThreadPoolBuilder::new().num_threads(4).build().expect("a pool of four");
        assert_eq!(alone.install(|| sum(&values)), many.install(|| sum(&values)));
    }
}
