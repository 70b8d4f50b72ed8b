//! Cross-entropy with its softmax, for class indices over (outer, classes, inner).
//!
//! With ℓ = log-softmax(x), K classes, smoothing s and class weights w, the loss of one place with class t is
//! `−(1 − s)·w[t]·ℓ[t] − (s/K)·Σₖ w[k]·ℓ[k]`; a mean divides the sum by `Σ w[t]` over the places that are not ignored.
//! Its gradient in x is (Σₖ qₖ)·softmax(x) − q with `q = (1 − s)·w[t]·onehot(t) + (s/K)·w`, times the upstream one.

use super::Real;
use super::parallel::{for_each_chunk, for_each_chunk_2};

/// What besides logits and classes defines the loss.
#[derive(Clone, Copy, Debug)]
pub struct CrossEntropy<'a, R> {
    /// K.
    pub classes: usize,
    /// Places per class: the product of the sizes behind the class axis.
    pub inner: usize,
    /// The weight of each class, if any.
    pub weight: Option<&'a [R]>,
    /// The class that adds nothing.
    pub ignore_index: i64,
    /// The share of the probability that is spread over all classes.
    pub smoothing: R,
}

impl<R: Real> CrossEntropy<'_, R> {
    fn class(&self, target: i64) -> Option<usize> {
        let class = usize::try_from(target).ok().filter(|&class| class < self.classes)?;
        (target != self.ignore_index).then_some(class)
    }

    fn weight(&self, class: usize) -> R {
        self.weight.map_or(R::ONE, |weight| weight[class])
    }

    fn total_weight(&self) -> R {
        (0..self.classes).fold(R::ZERO, |total, class| total + self.weight(class))
    }

    /// The sum of `w[t]` over the places that are not ignored: what a mean divides by.
    pub fn target_weight(&self, targets: &[i64]) -> R {
        let weights: Vec<R> = targets.iter().filter_map(|&target| Some(self.weight(self.class(target)?))).collect();
        super::reduce::sum(&weights)
    }
}

/// Writes the loss of every place, zero where it is ignored; `log_probabilities` is log-softmax of the logits.
///
/// The caller has checked that every target is a class or the one to ignore; another counts as ignored.
pub fn forward<R: Real>(loss: &CrossEntropy<'_, R>, log_probabilities: &[R], targets: &[i64], out: &mut [R]) {
    let (classes, inner) = (loss.classes, loss.inner);
    assert!(targets.len() == out.len() && log_probabilities.len() == out.len() * classes, "sizes differ");
    let spread = loss.smoothing / R::from_usize(classes.max(1));
    let work = if loss.smoothing == R::ZERO { out.len() } else { log_probabilities.len() };
    for_each_chunk(out, inner, work, |outer, out| {
        let lines = &log_probabilities[outer * classes * inner..][..classes * inner];
        for (place, (out, &target)) in out.iter_mut().zip(&targets[outer * inner..]).enumerate() {
            let Some(class) = loss.class(target) else {
                *out = R::ZERO;
                continue;
            };
            let at = |class: usize| lines[class * inner + place] * loss.weight(class);
            *out = -at(class);
            if loss.smoothing != R::ZERO {
                let all = (0..classes).fold(R::ZERO, |sum, class| sum + at(class));
                *out = (R::ONE - loss.smoothing) * *out - spread * all;
            }
        }
    });
}

/// Writes the gradient of the logits; `grad` holds the upstream gradient of every place.
pub fn backward<R: Real>(
    loss: &CrossEntropy<'_, R>,
    grad: &[R],
    log_probabilities: &[R],
    targets: &[i64],
    grad_logits: &mut [R],
) {
    let (classes, inner) = (loss.classes, loss.inner);
    assert!(targets.len() == grad.len() && log_probabilities.len() == grad_logits.len(), "sizes differ");
    let mut probabilities = vec![R::ZERO; log_probabilities.len()];
    super::elementary::exp(log_probabilities, &mut probabilities);
    let spread = loss.smoothing / R::from_usize(classes.max(1));
    let all_spread = spread * loss.total_weight();
    let work = grad_logits.len().saturating_mul(2);
    let line_len = classes * inner;
    for_each_chunk_2((grad_logits, line_len), (&mut probabilities, line_len), work, |outer, out, probabilities| {
        let range = outer * inner..(outer + 1) * inner;
        for (place, (&target, &grad)) in targets[range.clone()].iter().zip(&grad[range]).enumerate() {
            let class = loss.class(target);
            let sharp = class.map_or(R::ZERO, |class| (R::ONE - loss.smoothing) * loss.weight(class));
            let total = sharp + all_spread;
            for k in 0..classes {
                let at = k * inner + place;
                let mut share = spread * loss.weight(k);
                if class == Some(k) {
                    share += sharp;
                }
                out[at] = if class.is_some() { grad * (total * probabilities[at] - share) } else { R::ZERO };
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::layer_norm::tests::{assert_close, differences, values};
    use super::super::softmax::log_softmax;
    use super::*;

    #[test]
    fn losses_and_gradients_agree_with_the_formula_and_its_differences() {
        for (outer, classes, inner) in [(0, 3, 1), (4, 3, 1), (2, 5, 3), (1, 1, 2)] {
            let logits = values(outer * classes * inner, 1);
            let grad = values(outer * inner, 2);
            let mut targets: Vec<i64> = (0..outer * inner).map(|i| (i * 7 % classes) as i64).collect();
            if let Some(first) = targets.first_mut() {
                *first = -100;
            }
            let weights = values(classes, 3);
            for weight in [None, Some(&weights[..])] {
                for smoothing in [0.0, 0.1] {
                    let loss = CrossEntropy { classes, inner, weight, ignore_index: -100, smoothing };
                    let log = |x: &[f64]| {
                        let mut out = vec![0.0; x.len()];
                        log_softmax(x, classes, inner, &mut out);
                        out
                    };
                    let run = |x: &[f64]| {
                        let mut out = vec![0.0; targets.len()];
                        forward(&loss, &log(x), &targets, &mut out);
                        out
                    };
                    let log_probabilities = log(&logits);
                    for (index, out) in run(&logits).iter().enumerate() {
                        let at = |k: usize| {
                            log_probabilities[(index / inner * classes + k) * inner + index % inner] * loss.weight(k)
                        };
                        let all: f64 = (0..classes).map(at).sum();
                        let expected = match targets[index] {
                            -100 => 0.0,
                            t => -(1.0 - smoothing) * at(t as usize) - smoothing / classes as f64 * all,
                        };
                        assert!((out - expected).abs() < 1e-12);
                    }
                    let mut grad_logits = vec![9.0; logits.len()];
                    backward(&loss, &grad, &log_probabilities, &targets, &mut grad_logits);
                    assert_close(&grad_logits, &differences(&logits, &grad, run), 1e-7);
                }
            }
        }
    }
}
