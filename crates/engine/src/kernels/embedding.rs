//! Reading rows of a table, and adding gradients back to them.
//!
//! `out[i] = table[index[i]]`; `grad_table[index[i]] += grad[i]`, except for the padding row.

use super::Real;
use super::parallel::for_each_chunk;

/// Copies the row of each index. The caller has checked that every index is below the number of rows.
pub fn gather<T: Copy + Send + Sync>(table: &[T], columns: usize, indices: &[i64], out: &mut [T]) {
    let work = out.len();
    for_each_chunk(out, columns, work, |position, out| {
        let start = indices[position] as usize * columns;
        out.copy_from_slice(&table[start..start + columns]);
    });
}

/// Writes the gradient of the table. Rows are shared out among threads, each of which walks the indices in order.
pub fn scatter_add<R: Real>(
    grad: &[R],
    columns: usize,
    indices: &[i64],
    padding_index: Option<i64>,
    grad_table: &mut [R],
) {
    const PIECES: usize = 8;
    grad_table.fill(R::ZERO);
    if columns == 0 || grad_table.is_empty() {
        return;
    }
    let rows = grad_table.len() / columns;
    let piece_rows = rows.div_ceil(PIECES);
    let work = grad.len();
    for_each_chunk(grad_table, piece_rows * columns, work, |piece, grad_table| {
        let first = (piece * piece_rows) as i64;
        let here = first..first + (grad_table.len() / columns) as i64;
        for (position, index) in indices.iter().enumerate() {
            if here.contains(index) && Some(*index) != padding_index {
                let row = &mut grad_table[(index - first) as usize * columns..][..columns];
                for (total, &grad) in row.iter_mut().zip(&grad[position * columns..]) {
                    *total += grad;
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gather_and_scatter_add_agree_with_plain_loops() {
        for (rows, columns, count) in [(1, 1, 3), (10, 3, 0), (13, 4, 50), (300, 64, 2000)] {
            let table: Vec<f64> = (0..rows * columns).map(|i| i as f64).collect();
            let indices: Vec<i64> = (0..count).map(|i| (i * 7919 % rows) as i64).collect();
            let mut out = vec![0.0; count * columns];
            gather(&table, columns, &indices, &mut out);
            for (position, row) in out.chunks(columns).enumerate() {
                assert_eq!(row, &table[indices[position] as usize * columns..][..columns]);
            }
            for padding in [None, Some(0), Some(5)] {
                let mut expected = vec![0.0; table.len()];
                for (position, &index) in indices.iter().enumerate() {
                    for column in 0..columns {
                        if Some(index) != padding {
                            expected[index as usize * columns + column] += out[position * columns + column];
                        }
                    }
                }
                let mut got = vec![9.0; table.len()];
                scatter_add(&out, columns, &indices, padding, &mut got);
                assert_eq!(got, expected);
            }
        }
    }
}
