//! The Bernoulli distribution: `bernoulli`, `bernoulli_`, and through them every dropout.

use super::{Draw, Generator, RandomError, Real};

fn checked(probability: f64) -> Result<f64, RandomError> {
    if (0.0..=1.0).contains(&probability) {
        Ok(probability)
    } else {
        Err(RandomError::Probability { got: probability })
    }
}

/// Fills with 1 with probability `p`, else 0: a float64 uniform (two words) for each element, whatever its type.
///
/// # Errors
/// `p` outside `[0, 1]`; nothing is drawn then.
pub fn bernoulli<T: Draw>(generator: &mut Generator, out: &mut [T], p: f64) -> Result<(), RandomError> {
    let p = checked(p)?;
    out.fill_with(|| T::from_i64((generator.unit_f64() < p) as i64));
    Ok(())
}

/// Fills with 1 with each element's own probability: a uniform in the precision of the probabilities, so one
/// word each for float32 and two for float64.
///
/// # Errors
/// A probability outside `[0, 1]`; the elements before it have been drawn, as in torch.
pub fn bernoulli_each<T: Draw, P: Real>(
    generator: &mut Generator,
    out: &mut [T],
    probabilities: &[P],
) -> Result<(), RandomError> {
    for (slot, &probability) in out.iter_mut().zip(probabilities) {
        checked(probability.to_f64())?;
        *slot = T::from_i64((P::unit(generator) < probability) as i64);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_certain() {
        let mut out = [true; 50];
        bernoulli(&mut Generator::new(1), &mut out, 0.0).unwrap();
        assert_eq!(out, [false; 50]);
        bernoulli(&mut Generator::new(1), &mut out, 1.0).unwrap();
        assert_eq!(out, [true; 50]);
    }

    #[test]
    fn bad_probabilities_are_refused() {
        let mut out = [0f32; 2];
        for p in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert!(bernoulli(&mut Generator::new(1), &mut out, p).is_err());
            assert!(bernoulli_each(&mut Generator::new(1), &mut out, &[0.5, p]).is_err());
        }
    }
}
