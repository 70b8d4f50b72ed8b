//! Random numbers of the continuous distributions, as numpy draws them: with the same bits, in the same order.
//!
//! numpy has two families. `RandomState` keeps the methods of its first years for good (Marsaglia's polar method, the
//! logarithm); `Generator` has the ziggurat of Marsaglia and Tsang (2000). What is built of normal and exponential
//! numbers differs only by them.

use super::{bits::Bits, ziggurat};

/// A source of bits, the family of methods, and the second number of the polar method if it is still to be given out.
#[derive(Clone)]
pub(crate) struct Stream {
    pub(crate) bits: Bits,
    pub(crate) is_legacy: bool,
    pub(crate) spare: Option<f64>,
}

impl Stream {
    pub(crate) fn double(&mut self) -> f64 {
        self.bits.next_double()
    }

    pub(crate) fn normal(&mut self) -> f64 {
        if !self.is_legacy {
            return ziggurat::normal(&mut self.bits);
        }
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let x = 2.0 * self.double() - 1.0;
            let y = 2.0 * self.double() - 1.0;
            let square = x * x + y * y;
            if square < 1.0 && square != 0.0 {
                let factor = (-2.0 * square.ln() / square).sqrt();
                self.spare = Some(factor * x);
                return factor * y;
            }
        }
    }

    pub(crate) fn exponential(&mut self) -> f64 {
        if self.is_legacy { -(1.0 - self.double()).ln() } else { ziggurat::exponential(&mut self.bits) }
    }

    /// Ahrens and Dieter (1974) below a shape of one, Marsaglia and Tsang (2000) above.
    pub(crate) fn gamma(&mut self, shape: f64) -> f64 {
        if shape == 1.0 {
            return self.exponential();
        }
        if shape == 0.0 {
            return 0.0;
        }
        if shape < 1.0 {
            loop {
                let u = self.double();
                let v = self.exponential();
                if u <= 1.0 - shape {
                    let x = u.powf(1.0 / shape);
                    if x <= v {
                        return x;
                    }
                } else {
                    let y = -((1.0 - u) / shape).ln();
                    let x = (1.0 - shape + shape * y).powf(1.0 / shape);
                    if x <= v + y {
                        return x;
                    }
                }
            }
        }
        let b = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * b).sqrt();
        loop {
            let (x, v) = loop {
                let x = self.normal();
                let v = 1.0 + c * x;
                if v > 0.0 {
                    break (x, v * v * v);
                }
            };
            let u = self.double();
            if u < 1.0 - 0.0331 * (x * x) * (x * x) || u.ln() < 0.5 * x * x + b * (1.0 - v + v.ln()) {
                return b * v;
            }
        }
    }

    /// Jöhnk (1964) where neither parameter is above one, else by two gamma numbers.
    pub(crate) fn beta(&mut self, a: f64, b: f64) -> f64 {
        if a > 1.0 || b > 1.0 {
            let x = self.gamma(a);
            let y = self.gamma(b);
            return x / (x + y);
        }
        loop {
            let (u, v) = (self.double(), self.double());
            let (x, y) = (u.powf(1.0 / a), v.powf(1.0 / b));
            if x + y > 1.0 || u + v == 0.0 {
                continue;
            }
            if x + y > 0.0 {
                return x / (x + y);
            }
            let (x, y) = (u.ln() / a, v.ln() / b);
            let larger = x.max(y);
            let (x, y) = (x - larger, y - larger);
            return (x - (x.exp() + y.exp()).ln()).exp();
        }
    }

    pub(crate) fn laplace(&mut self, location: f64, scale: f64) -> f64 {
        loop {
            let u = self.double();
            if u >= 0.5 {
                return location - scale * (2.0 - u - u).ln();
            }
            if u > 0.0 {
                return location + scale * (u + u).ln();
            }
        }
    }

    pub(crate) fn gumbel(&mut self, location: f64, scale: f64) -> f64 {
        loop {
            let u = 1.0 - self.double();
            if u < 1.0 {
                return location - scale * (-u.ln()).ln();
            }
        }
    }

    pub(crate) fn logistic(&mut self, location: f64, scale: f64) -> f64 {
        loop {
            let u = self.double();
            if u > 0.0 {
                return location + scale * (u / (1.0 - u)).ln();
            }
        }
    }

    pub(crate) fn rayleigh(&mut self, scale: f64) -> f64 {
        if self.is_legacy {
            scale * (-2.0 * (-self.double()).ln_1p()).sqrt()
        } else {
            scale * (2.0 * self.exponential()).sqrt()
        }
    }

    pub(crate) fn pareto(&mut self, a: f64) -> f64 {
        let x = self.exponential() / a;
        if self.is_legacy { x.exp() - 1.0 } else { x.exp_m1() }
    }

    pub(crate) fn power(&mut self, a: f64) -> f64 {
        let x = -self.exponential();
        let below = if self.is_legacy { 1.0 - x.exp() } else { -x.exp_m1() };
        below.powf(1.0 / a)
    }

    pub(crate) fn weibull(&mut self, a: f64) -> f64 {
        if a == 0.0 { 0.0 } else { self.exponential().powf(1.0 / a) }
    }

    pub(crate) fn student(&mut self, freedom: f64) -> f64 {
        let above = self.normal();
        let below = self.gamma(freedom / 2.0);
        (freedom / 2.0).sqrt() * above / below.sqrt()
    }

    pub(crate) fn triangular(&mut self, left: f64, mode: f64, right: f64) -> f64 {
        let base = right - left;
        let u = self.double();
        if u <= (mode - left) / base {
            left + (u * ((mode - left) * base)).sqrt()
        } else {
            right - ((1.0 - u) * ((right - mode) * base)).sqrt()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{mt19937::Mt19937, pcg64::Pcg64, seed_sequence::SeedSequence};
    use super::*;

    /// `RandomState(42)` or `default_rng(42)`.
    fn stream(is_legacy: bool) -> Stream {
        let words = SeedSequence::new(&[42], &[]).long_words(4);
        let bits = if is_legacy {
            Bits::Mt(Box::new(Mt19937::from_word(42)))
        } else {
            Bits::Pcg(Pcg64::from_words([words[0], words[1], words[2], words[3]]))
        };
        Stream { bits, is_legacy, spare: None }
    }

    #[test]
    fn floats_are_numpys() {
        let draw = |is_legacy, one: fn(&mut Stream) -> f64, count: usize| -> Vec<f64> {
            let mut stream = stream(is_legacy);
            (0..count).map(|_| one(&mut stream)).collect()
        };
        assert_eq!(draw(true, Stream::normal, 3), [0.4967141530112327, -0.13826430117118466, 0.6476885381006925]);
        assert_eq!(draw(false, Stream::normal, 3), [0.30471707975443135, -1.0399841062404955, 0.7504511958064572]);
        assert_eq!(draw(true, |s| s.gamma(2.5), 2), [2.983135365424813, 1.9694529574820125]);
        assert_eq!(draw(false, Stream::exponential, 3), [2.4042086039659947, 2.3361896558244535, 2.384760999874255]);
    }

    #[test]
    fn whole_numbers_are_numpys() {
        let mut generator = stream(false);
        assert_eq!((0..6).map(|_| generator.bits.lemire(9)).collect::<Vec<_>>(), [0, 7, 6, 4, 4, 8]);
        let mut state = stream(true);
        assert_eq!((0..6).map(|_| state.bits.masked(9)).collect::<Vec<_>>(), [6, 3, 7, 4, 6, 9]);
        let mut items = [0, 1, 2, 3, 4, 5];
        stream(false).bits.shuffle(&mut items, 1, true);
        assert_eq!(items, [3, 2, 5, 4, 1, 0]);
    }
}
