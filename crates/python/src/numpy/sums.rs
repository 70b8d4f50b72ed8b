//! Sums in the order in which numpy adds, so that they agree to the last digit.
//!
//! Along the axis that lies closest in memory numpy adds in pairs of halves, with eight running sums at the bottom;
//! along others it adds one row after another.

use std::ops::{Add, AddAssign};

/// What can be summed.
pub(crate) trait Number: Copy + Add<Output = Self> + AddAssign {
    const NOTHING: Self;
}

impl Number for f32 {
    const NOTHING: f32 = -0.0;
}

impl Number for f64 {
    const NOTHING: f64 = -0.0;
}

/// The sum of a row.
fn pairwise<T: Number>(row: &[T]) -> T {
    if row.len() < 8 {
        return row.iter().fold(T::NOTHING, |sum, &value| sum + value);
    }
    if row.len() > 128 {
        let half = row.len() / 2;
        let (left, right) = row.split_at(half - half % 8);
        return pairwise(left) + pairwise(right);
    }
    let (eights, rest) = row.as_chunks::<8>();
    let mut r = eights[0];
    for eight in &eights[1..] {
        for (sum, &value) in r.iter_mut().zip(eight) {
            *sum += value;
        }
    }
    let sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    rest.iter().fold(sum, |sum, &value| sum + value)
}

/// Sums row-major `data` over the axes that are marked; returns what is left, row by row.
pub(crate) fn sum<T: Number>(data: &[T], axes: &[(usize, bool)]) -> Vec<T> {
    // Neighbouring axes that are both summed, or both kept, are one.
    let mut merged: Vec<(usize, bool)> = Vec::new();
    for &(size, is_summed) in axes.iter().filter(|axis| axis.0 != 1) {
        match merged.last_mut() {
            Some(last) if last.1 == is_summed => last.0 *= size,
            _ => merged.push((size, is_summed)),
        }
    }
    let kept: usize = merged.iter().filter(|axis| !axis.1).map(|axis| axis.0).product();
    let mut sums = vec![T::NOTHING; kept];
    let (inner, inner_is_summed) = merged.pop().unwrap_or((1, true));
    if data.is_empty() || inner == 0 {
        return sums;
    }
    let width = if inner_is_summed { 1 } else { inner };
    // How far a step along each outer axis moves in `sums`.
    let mut steps = vec![0; merged.len()];
    let mut step = width;
    for (axis, &(size, is_summed)) in merged.iter().enumerate().rev() {
        if !is_summed {
            steps[axis] = step;
            step *= size;
        }
    }
    let mut place = vec![0; merged.len()];
    let mut at = 0;
    for row in data.chunks_exact(inner) {
        if inner_is_summed {
            sums[at] += pairwise(row);
        } else {
            for (sum, &value) in sums[at..at + inner].iter_mut().zip(row) {
                *sum += value;
            }
        }
        for axis in (0..merged.len()).rev() {
            place[axis] += 1;
            at += steps[axis];
            if place[axis] < merged[axis].0 {
                break;
            }
            at -= steps[axis] * merged[axis].0;
            place[axis] = 0;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_row_is_added_in_halves() {
        // np.full(1000, 0.1).sum(), where adding one after another gives 99.9999999999986
        assert_eq!(sum(&[0.1; 1000], &[(1000, true)]), [100.000_000_000_000_01]);
    }

    #[test]
    fn every_choice_of_axes_sums_what_it_should() {
        let data: Vec<f64> = (0..24).map(f64::from).collect();
        let shape = [2, 3, 4];
        for marks in 0..8 {
            let axes: Vec<_> = (0..3).map(|axis| (shape[axis], marks >> axis & 1 == 1)).collect();
            let mut expected = std::collections::BTreeMap::new();
            for (i, value) in data.iter().enumerate() {
                let place = [i / 12, i / 4 % 3, i % 4];
                let kept: Vec<_> = (0..3).filter(|&axis| !axes[axis].1).map(|axis| place[axis]).collect();
                *expected.entry(kept).or_insert(0.0) += value;
            }
            assert_eq!(sum(&data, &axes), expected.into_values().collect::<Vec<_>>(), "{axes:?}");
        }
    }

    #[test]
    fn nothing_sums_to_nothing() {
        assert_eq!(sum::<f64>(&[], &[(0, true), (2, false)]), [0.0, 0.0]);
    }
}
