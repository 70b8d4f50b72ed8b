//! `multinomial`: draws of category indices by weight.

use super::{Generator, RandomError, Real, exponential};

/// Draws `samples` indices for each row of `weights` (rows of `categories` weights) and returns them row by row.
///
/// Without replacement, or for a single sample, each category gets the score `weight / e` with `e` exponential,
/// and the best scores win, best first (the exponential race: the winner has index `i` with probability
/// proportional to `weight[i]`). With replacement, a float64 uniform is looked up in the cumulative weights.
///
/// # Errors
/// Weights that are negative or not finite, a row that sums to nothing, or more samples without replacement than
/// categories. Nothing is drawn then.
pub fn multinomial<T: Real>(
    generator: &mut Generator,
    weights: &[T],
    categories: usize,
    samples: usize,
    replacement: bool,
) -> Result<Vec<i64>, RandomError> {
    if !replacement && samples > categories {
        return Err(RandomError::TooManySamples);
    }
    if weights
        .iter()
        .any(|weight| !(weight.to_f64() >= 0.0 && weight.to_f64().is_finite()))
    {
        return Err(RandomError::Weight);
    }
    let rows = || weights.chunks_exact(categories.max(1));
    if rows().any(|row| row.iter().all(|weight| weight.to_f64() == 0.0)) {
        return Err(RandomError::NoWeight);
    }
    if replacement && samples != 1 {
        Ok(rows()
            .flat_map(|row| with_replacement(generator, row, samples))
            .collect())
    } else {
        let mut draws = vec![T::from_f64(0.0); weights.len()];
        exponential(generator, &mut draws, 1.0);
        let races = rows().zip(draws.chunks_exact(categories.max(1)));
        Ok(races
            .flat_map(|(row, draws)| winners(row, draws, samples))
            .collect())
    }
}

/// The indices of the `samples` largest `weight / draw`, largest first.
fn winners<T: Real>(row: &[T], draws: &[T], samples: usize) -> Vec<i64> {
    let scores: Vec<f64> = row
        .iter()
        .zip(draws)
        .map(|(weight, draw)| weight.over(*draw).to_f64())
        .collect();
    let mut order: Vec<usize> = (0..scores.len()).collect();
    // A draw of exactly 0 on a weight of 0 is no number, which torch ranks above all.
    let key = |index: usize| (scores[index].is_nan(), scores[index]);
    let better_first = |a: &usize, b: &usize| {
        let ((a_nan, a_score), (b_nan, b_score)) = (key(*a), key(*b));
        b_nan
            .cmp(&a_nan)
            .then(b_score.total_cmp(&a_score))
            .then(a.cmp(b))
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
        let weights = [0.1f32, 0.5, 0.2, 0.2];
        let mut drawn = multinomial(&mut Generator::new(0), &weights, 4, 4, false).unwrap();
        drawn.sort_unstable();
        assert_eq!(drawn, [0, 1, 2, 3]);
    }

    #[test]
    fn bad_weights_are_refused() {
        let draw = |weights: &[f64], samples| {
            multinomial(
                &mut Generator::new(0),
                weights,
                weights.len(),
                samples,
                false,
            )
        };
        assert_eq!(draw(&[0.5, -0.5], 1), Err(RandomError::Weight));
        assert_eq!(draw(&[0.5, f64::NAN], 1), Err(RandomError::Weight));
        assert_eq!(draw(&[0.0, 0.0], 1), Err(RandomError::NoWeight));
        assert_eq!(draw(&[1.0], 2), Err(RandomError::TooManySamples));
        assert_eq!(draw(&[], 0), Ok(vec![]));
    }
}
