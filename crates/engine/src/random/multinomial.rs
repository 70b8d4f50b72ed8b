//! `multinomial`: draws of category indices by weight.

use super::{Generator, RandomError, Real};

/// Checks rows of weights before a race: all finite and not negative, and something to draw in every row.
///
/// # Errors
/// [`RandomError::Weight`] or [`RandomError::NoWeight`].
pub fn check_weights<T: Real>(weights: &[T], categories: usize) -> Result<(), RandomError> {
    if weights.iter().any(|weight| !(weight.to_f64() >= 0.0 && weight.to_f64().is_finite())) {
        return Err(RandomError::Weight);
    }
    let mut rows = weights.chunks_exact(categories.max(1));
    if rows.any(|row| row.iter().all(|weight| weight.to_f64() == 0.0)) {
        return Err(RandomError::NoWeight);
    }
    Ok(())
}

/// Draws `samples` indices for each row without replacement, best first, and returns them row by row: what torch
/// also does for a single sample.
///
/// Each category gets the score `weight / draw`, where the draws are exponential, and the best scores win (the
/// exponential race: the winner has index `i` with a probability proportional to `weight[i]`). There are as many
/// draws as weights, and at least `samples` categories.
pub fn multinomial_race<T: Real>(weights: &[T], draws: &[T], categories: usize, samples: usize) -> Vec<i64> {
    let rows = weights.chunks_exact(categories.max(1)).zip(draws.chunks_exact(categories.max(1)));
    rows.flat_map(|(weights, draws)| winners(weights, draws, samples)).collect()
}

/// Draws `samples` indices for each row with replacement and returns them row by row: a float64 uniform each, looked
/// up in the cumulative weights.
///
/// # Errors
/// [`RandomError::Weight`] or [`RandomError::NoWeight`]; nothing is drawn then.
pub fn multinomial_with_replacement<T: Real>(
    generator: &mut Generator,
    weights: &[T],
    categories: usize,
    samples: usize,
) -> Result<Vec<i64>, RandomError> {
    check_weights(weights, categories)?;
    let rows = weights.chunks_exact(categories.max(1));
    Ok(rows.flat_map(|row| with_replacement(generator, row, samples)).collect())
}

/// The indices of the `samples` largest `weight / draw`, largest first.
fn winners<T: Real>(row: &[T], draws: &[T], samples: usize) -> Vec<i64> {
    let scores: Vec<f64> = row.iter().zip(draws).map(|(weight, draw)| weight.over(*draw).to_f64()).collect();
    let mut order: Vec<usize> = (0..scores.len()).collect();
    // A draw of exactly 0 on a weight of 0 is no number, which torch ranks above all.
    let key = |index: usize| (scores[index].is_nan(), scores[index]);
    let better_first = |a: &usize, b: &usize| {
        let ((a_nan, a_score), (b_nan, b_score)) = (key(*a), key(*b));
        b_nan.cmp(&a_nan).then(b_score.total_cmp(&a_score)).then(a.cmp(b))
    };
    if samples < order.len() {
        order.select_nth_unstable_by(samples, better_first);
        order.truncate(samples);
    }
    order.sort_unstable_by(better_first);
    order.into_iter().map(|index| index as i64).collect()
}

/// Indices found by bisection of the cumulative weights, which are kept in the precision of the weights.
fn with_replacement<T: Real>(generator: &mut Generator, row: &[T], samples: usize) -> Vec<i64> {
    let mut sum = T::from_f64(0.0);
    let mut cumulative: Vec<T> = row
        .iter()
        .map(|&weight| {
            sum = sum.plus(weight);
            sum
        })
        .collect();
    for entry in &mut cumulative {
        *entry = entry.over(sum);
    }
    if let Some(last) = cumulative.last_mut() {
        *last = T::from_f64(1.0);
    }
    (0..samples)
        .map(|_| {
            let uniform = generator.unit_f64();
            cumulative.partition_point(|entry| entry.to_f64() < uniform) as i64
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_replacement_every_index_comes_once() {
        let mut drawn = multinomial_race(&[0.1f32, 0.5, 0.2, 0.2], &[0.3, 2.0, 0.1, 1.0], 4, 4);
        assert_eq!(drawn, [2, 0, 1, 3]);
        drawn = multinomial_race(&[0.1f32, 0.5, 0.2, 0.2], &[0.3, 2.0, 0.1, 1.0], 2, 1);
        assert_eq!(drawn, [0, 0]);
    }

    #[test]
    fn bad_weights_are_refused() {
        assert_eq!(check_weights(&[0.5, -0.5], 2), Err(RandomError::Weight));
        assert_eq!(check_weights(&[0.5, f64::NAN], 2), Err(RandomError::Weight));
        assert_eq!(check_weights(&[1.0, 1.0, 0.0, 0.0], 2), Err(RandomError::NoWeight));
        assert_eq!(check_weights::<f32>(&[], 0), Ok(()));
    }
}
