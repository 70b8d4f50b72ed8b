//! Connectionist temporal classification: how likely a label sequence is, summed over all of its alignments, and the
//! gradient (A. Graves et al., ICML 2006).
//!
//! With blanks between and around the labels, `l'` has 2S+1 places. For one sequence, in logarithms,
//! `α[t, s] = y[t, l'ₛ]·(α[t−1, s] + α[t−1, s−1] + α[t−1, s−2])`, the last term where `l'ₛ` is a label other than the
//! one before; `β` is the same from the end. The loss is `−ln(α[T, 2S] + α[T, 2S−1])`. The gradient is
//! `exp(y[t, c]) − Σ_{s: l'ₛ = c} exp(α[t, s] + β[t, s] − y[t, c] + loss)`: as in torch, that of what a log-softmax took,
//! and it passes through the log-softmax unchanged.

use super::Real;
use super::elementary::{exp_of, ln_of};

/// One sequence of a batch.
#[derive(Clone, Copy)]
pub struct Sequence<'a, R> {
    /// The logarithms of the probabilities.
    pub log_probabilities: &'a [R],
    /// The index of class 0 at step 0, and the distance of steps.
    pub start: usize,
    /// The distance of steps.
    pub stride: usize,
    /// The number of steps.
    pub steps: usize,
    /// The number of classes.
    pub classes: usize,
    /// The labels, each a class.
    pub labels: &'a [usize],
    /// The class of no label.
    pub blank: usize,
}

fn log_sum<R: Real, const N: usize>(terms: [R; N]) -> R {
    let max = terms.iter().fold(R::NEG_INFINITY, |max, &x| if x > max { x } else { max });
    if max == R::NEG_INFINITY {
        return max;
    }
    max + ln_of(terms.iter().fold(R::ZERO, |sum, &x| sum + exp_of(x - max)))
}

impl<R: Real> Sequence<'_, R> {
    fn places(&self) -> usize {
        2 * self.labels.len() + 1
    }

    /// The class at a place of the labels with blanks.
    fn class(&self, place: usize) -> usize {
        if place % 2 == 1 { self.labels[place / 2] } else { self.blank }
    }

    fn at(&self, step: usize, class: usize) -> R {
        self.log_probabilities[self.start + step * self.stride + class]
    }

    /// True when an alignment may go from `place` − 2 to `place` in one step.
    fn may_skip(&self, place: usize) -> bool {
        place % 2 == 1 && place >= 3 && self.labels[place / 2] != self.labels[place / 2 - 1]
    }

    /// Returns the loss and `α`, (steps, places).
    pub fn forward(&self) -> (R, Vec<R>) {
        let places = self.places();
        let mut alpha = vec![R::NEG_INFINITY; self.steps * places];
        if self.steps == 0 {
            return (if self.labels.is_empty() { R::ZERO } else { R::INFINITY }, alpha);
        }
        for (place, alpha) in alpha.iter_mut().enumerate().take(places.min(2)) {
            *alpha = self.at(0, self.class(place));
        }
        for step in 1..self.steps {
            let (before, now) = alpha[(step - 1) * places..].split_at_mut(places);
            for place in 0..places {
                let one = if place >= 1 { before[place - 1] } else { R::NEG_INFINITY };
                let two = if self.may_skip(place) { before[place - 2] } else { R::NEG_INFINITY };
                now[place] = log_sum([before[place], one, two]) + self.at(step, self.class(place));
            }
        }
        let last = &alpha[(self.steps - 1) * places..];
        let ends = if places > 1 { [last[places - 1], last[places - 2]] } else { [last[0], R::NEG_INFINITY] };
        (-log_sum(ends), alpha)
    }

    /// Returns the gradient of the loss times `factor`, (steps, classes).
    pub fn backward(&self, loss: R, alpha: &[R], factor: R) -> Vec<R> {
        let (places, classes) = (self.places(), self.classes);
        let mut grad = vec![R::ZERO; self.steps * classes];
        let mut beta = vec![R::NEG_INFINITY; places];
        let mut sums = vec![R::NEG_INFINITY; classes];
        for step in (0..self.steps).rev() {
            if step == self.steps - 1 {
                for (place, beta) in beta.iter_mut().enumerate().skip(places.saturating_sub(2)) {
                    *beta = self.at(step, self.class(place));
                }
            } else {
                for place in 0..places {
                    let one = if place + 1 < places { beta[place + 1] } else { R::NEG_INFINITY };
                    let skips = place + 2 < places && self.may_skip(place + 2);
                    let two = if skips { beta[place + 2] } else { R::NEG_INFINITY };
                    // Places behind this one still hold the step after, and this one is not read again.
                    beta[place] = log_sum([beta[place], one, two]) + self.at(step, self.class(place));
                }
            }
            sums.fill(R::NEG_INFINITY);
            for place in 0..places {
                let class = self.class(place);
                sums[class] = log_sum([sums[class], alpha[step * places + place] + beta[place]]);
            }
            for (class, grad) in grad[step * classes..][..classes].iter_mut().enumerate() {
                let y = self.at(step, class);
                *grad = (exp_of(y) - exp_of(sums[class] + loss - y)) * factor;
            }
        }
        grad
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The probability of the labels: the sum over every path that becomes them.
    fn by_paths(probabilities: &[f64], steps: usize, classes: usize, labels: &[usize], blank: usize) -> f64 {
        let mut total = 0.0;
        for mut code in 0..classes.pow(steps as u32) {
            let (mut product, mut path) = (1.0, Vec::new());
            let mut last = usize::MAX;
            for step in 0..steps {
                let class = code % classes;
                code /= classes;
                product *= probabilities[step * classes + class];
                if class != last && class != blank {
                    path.push(class);
                }
                last = class;
            }
            if path == labels {
                total += product;
            }
        }
        total
    }

    #[test]
    fn the_loss_sums_over_all_alignments() {
        let (steps, classes) = (5, 3);
        for (labels, blank) in [(vec![1, 2], 0), (vec![1, 1], 0), (vec![], 0), (vec![0, 1, 0], 2), (vec![1; 4], 0)] {
            let raw: Vec<f64> = (0..15).map(|i| 0.1 + ((i * 7) % 11) as f64).collect();
            let probabilities: Vec<f64> =
                raw.chunks(3).flat_map(|row| row.iter().map(|p| p / row.iter().sum::<f64>())).collect();
            let log_probabilities: Vec<f64> = probabilities.iter().map(|p| p.ln()).collect();
            let sequence = Sequence {
                log_probabilities: &log_probabilities,
                start: 0,
                stride: classes,
                steps,
                classes,
                labels: &labels,
                blank,
            };
            let expected = -by_paths(&probabilities, steps, classes, &labels, blank).ln();
            let (loss, _) = sequence.forward();
            let same = if expected.is_infinite() { loss == expected } else { (loss - expected).abs() < 1e-12 };
            assert!(same, "{labels:?}: {loss} but by paths {expected}");
        }
    }
}
