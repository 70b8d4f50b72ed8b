//! PCG64, the generator behind `numpy.random.default_rng`: O'Neill's PCG XSL RR 128/64 (2014).

const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

/// The state of a linear congruential generator of 128 bits, and the half of a draw that is still to be given out.
#[derive(Clone)]
pub(crate) struct Pcg64 {
    pub(crate) state: u128,
    pub(crate) increment: u128,
    pub(crate) half: Option<u32>,
}

impl Pcg64 {
    /// Seeds with four words of 64 bits: two for where to begin, two for which stream.
    pub(crate) fn from_words(words: [u64; 4]) -> Pcg64 {
        let wide = |high: u64, low: u64| (u128::from(high) << 64) | u128::from(low);
        let increment = (wide(words[2], words[3]) << 1) | 1;
        let mut pcg = Pcg64 { state: 0, increment, half: None };
        pcg.step();
        pcg.state = pcg.state.wrapping_add(wide(words[0], words[1]));
        pcg.step();
        pcg
    }

    fn step(&mut self) {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        self.step();
        let folded = (self.state >> 64) as u64 ^ self.state as u64;
        folded.rotate_right((self.state >> 122) as u32)
    }

    /// The lower half of a draw, and at the next call its upper half.
    pub(crate) fn next_u32(&mut self) -> u32 {
        if let Some(half) = self.half.take() {
            return half;
        }
        let word = self.next_u64();
        self.half = Some((word >> 32) as u32);
        word as u32
    }

    /// A number in [0, 1) with 53 bits.
    pub(crate) fn next_double(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::seed_sequence::SeedSequence, *};

    #[test]
    fn draws_are_numpys() {
        // np.random.PCG64(42).random_raw(3)
        let words = SeedSequence::new(&[42], &[]).long_words(4);
        let mut pcg = Pcg64::from_words([words[0], words[1], words[2], words[3]]);
        let drawn: Vec<u64> = (0..3).map(|_| pcg.next_u64()).collect();
        assert_eq!(drawn, [14_276_969_152_011_380_360, 8_095_878_257_575_067_585, 15_838_336_090_824_644_132]);
    }
}
