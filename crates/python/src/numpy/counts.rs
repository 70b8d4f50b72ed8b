//! Random numbers of the distributions that count: Poisson, binomial, geometric.

use super::stream::Stream;

impl Stream {
    /// Multiplies uniform numbers below a mean of ten, and rejects by Hörmann's PTRS (1993) from there on.
    pub(crate) fn poisson(&mut self, mean: f64) -> i64 {
        if mean == 0.0 {
            return 0;
        }
        if mean < 10.0 {
            let floor = (-mean).exp();
            let mut product = 1.0;
            let mut count = 0;
            loop {
                product *= self.double();
                if product <= floor {
                    return count;
                }
                count += 1;
            }
        }
        let root = mean.sqrt();
        let log_mean = mean.ln();
        let b = 0.931 + 2.53 * root;
        let a = -0.059 + 0.02483 * b;
        let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        let v_r = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let u = self.double() - 0.5;
            let v = self.double();
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
            if us >= 0.07 && v <= v_r {
                return k as i64;
            }
            if k < 0.0 || (us < 0.013 && v > us) {
                continue;
            }
            let left = v.ln() + inverse_alpha.ln() - (a / (us * us) + b).ln();
            if left <= -mean + k * log_mean - log_gamma(k + 1.0) {
                return k as i64;
            }
        }
    }

    /// Walks the distribution where the mean is at most 30, and rejects by BTPE from there on.
    pub(crate) fn binomial(&mut self, trials: i64, p: f64) -> i64 {
        if trials == 0 || p == 0.0 {
            return 0;
        }
        if p > 0.5 {
            return trials - self.rare(trials, 1.0 - p);
        }
        self.rare(trials, p)
    }

    fn rare(&mut self, trials: i64, p: f64) -> i64 {
        if p * trials as f64 <= 30.0 { self.binomial_walk(trials, p) } else { self.binomial_btpe(trials, p) }
    }

    fn binomial_walk(&mut self, trials: i64, p: f64) -> i64 {
        let n = trials as f64;
        let q = 1.0 - p;
        let none = (n * q.ln()).exp();
        let mean = n * p;
        let bound = n.min(mean + 10.0 * (mean * q + 1.0).sqrt()) as i64;
        let (mut count, mut probability, mut u) = (0, none, self.double());
        while u > probability {
            count += 1;
            if count > bound {
                (count, probability, u) = (0, none, self.double());
            } else {
                u -= probability;
                probability = (trials - count + 1) as f64 * p * probability / (count as f64 * q);
            }
        }
        count
    }

    /// Kachitvichyanukul and Schmeiser (1988): a triangle, two parallelograms and two exponential tails around the
    /// distribution; the names are those of the paper.
    fn binomial_btpe(&mut self, trials: i64, p: f64) -> i64 {
        let n = trials as f64;
        let r = p.min(1.0 - p);
        let q = 1.0 - r;
        let fm = n * r + r;
        let mode = fm.floor() as i64;
        let m = mode as f64;
        let p1 = (2.195 * (n * r * q).sqrt() - 4.6 * q).floor() + 0.5;
        let xm = m + 0.5;
        let (xl, xr) = (xm - p1, xm + p1);
        let c = 0.134 + 20.5 / (15.3 + m);
        let slope = |a: f64| a * (1.0 + a / 2.0);
        let left = slope((fm - xl) / (fm - xl * r));
        let right = slope((xr - fm) / (xr * q));
        let p2 = p1 * (1.0 + 2.0 * c);
        let p3 = p2 + c / left;
        let p4 = p3 + c / right;
        let nrq = n * r * q;
        loop {
            let u = self.double() * p4;
            let mut v = self.double();
            let y;
            if u <= p1 {
                return (xm - p1 * v + u).floor() as i64;
            } else if u <= p2 {
                let x = xl + (u - p1) / c;
                v = v * c + 1.0 - (m - x + 0.5).abs() / p1;
                if v > 1.0 {
                    continue;
                }
                y = x.floor();
            } else if u <= p3 {
                y = (xl + v.ln() / left).floor();
                if y < 0.0 || v == 0.0 {
                    continue;
                }
                v = v * (u - p2) * left;
            } else {
                y = (xr - v.ln() / right).floor();
                if y > n || v == 0.0 {
                    continue;
                }
                v = v * (u - p3) * right;
            }
            let k = (y - m).abs();
            if k <= 20.0 || k >= nrq / 2.0 - 1.0 {
                let s = r / q;
                let a = s * (n + 1.0);
                let mut ratio = 1.0;
                for i in mode + 1..=y as i64 {
                    ratio *= a / i as f64 - s;
                }
                for i in y as i64 + 1..=mode {
                    ratio /= a / i as f64 - s;
                }
                if v <= ratio {
                    return y as i64;
                }
                continue;
            }
            let rho = (k / nrq) * ((k * (k / 3.0 + 0.625) + 0.166_666_666_666_666_66) / nrq + 0.5);
            let t = -k * k / (2.0 * nrq);
            let log_v = v.ln();
            if log_v < t - rho {
                return y as i64;
            }
            if log_v > t + rho {
                continue;
            }
            let (x1, f1, z, w) = (y + 1.0, m + 1.0, n + 1.0 - m, n - y + 1.0);
            let bound = xm * (f1 / x1).ln()
                + (n - m + 0.5) * (z / w).ln()
                + (y - m) * (w * r / (x1 * q)).ln()
                + stirling(f1)
                + stirling(z)
                + stirling(x1)
                + stirling(w);
            if log_v <= bound {
                return y as i64;
            }
        }
    }

    /// The number of the first success: by walking where successes are frequent, else by the inverse.
    pub(crate) fn geometric(&mut self, p: f64) -> i64 {
        if p >= 1.0 / 3.0 {
            let u = self.double();
            let (mut count, mut product, mut sum) = (1, p, p);
            while u > sum {
                product *= 1.0 - p;
                sum += product;
                count += 1;
            }
            return count;
        }
        if self.is_legacy {
            return ((-self.double()).ln_1p() / (1.0 - p).ln()).ceil() as i64;
        }
        let z = (-self.exponential() / (-p).ln_1p()).ceil();
        if z >= 9.223_372_036_854_776e18 { i64::MAX } else { z as i64 }
    }
}

/// What Stirling's formula leaves out of the logarithm of a factorial.
fn stirling(x: f64) -> f64 {
    let square = x * x;
    (13_680.0 - (462.0 - (132.0 - (99.0 - 140.0 / square) / square) / square) / square) / x / 166_320.0
}

/// The logarithm of the gamma function by Stirling's series, as Zhang and Jin (1996) compute it; the numbers drawn
/// depend on its last digits.
fn log_gamma(x: f64) -> f64 {
    const SERIES: [f64; 10] = [
        8.333333333333333e-02,
        -2.777777777777778e-03,
        7.936507936507937e-04,
        -5.952380952380952e-04,
        8.417508417508418e-04,
        -1.917526917526918e-03,
        6.41025641025641e-3,
        -2.955065359477124e-02,
        1.796443723688307e-01,
        -1.3924322169059,
    ];
    const LOG_TWO_PI: f64 = 1.8378770664093453;
    if x == 1.0 || x == 2.0 {
        return 0.0;
    }
    let steps = if x < 7.0 { (7.0 - x) as i64 } else { 0 };
    let mut shifted = x + steps as f64;
    let inverse_square = (1.0 / shifted) * (1.0 / shifted);
    let series = SERIES.iter().rev().copied().reduce(|sum, term| sum * inverse_square + term).unwrap_or(0.0);
    let mut result = series / shifted + 0.5 * LOG_TWO_PI + (shifted - 0.5) * shifted.ln() - shifted;
    for _ in 0..steps {
        result -= (shifted - 1.0).ln();
        shifted -= 1.0;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::super::{bits::Bits, mt19937::Mt19937, pcg64::Pcg64, seed_sequence::SeedSequence};
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
    fn counts_are_numpys() {
        let draw = |is_legacy, one: fn(&mut Stream) -> i64, count: usize| -> Vec<i64> {
            let mut stream = stream(is_legacy);
            (0..count).map(|_| one(&mut stream)).collect()
        };
        assert_eq!(draw(false, |s| s.poisson(50.0), 4), [56, 59, 56, 41]);
        assert_eq!(draw(true, |s| s.binomial(1000, 0.4), 4), [387, 402, 375, 405]);
        assert_eq!(draw(false, |s| s.geometric(0.1), 4), [23, 23, 23, 3]);
        assert_eq!(draw(true, |s| s.poisson(3.0), 5), [4, 1, 3, 3, 2]);
    }
}
