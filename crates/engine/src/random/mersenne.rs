//! The Mersenne Twister MT19937, seeded with one 32-bit word.
//!
//! Source: M. Matsumoto, T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
//! pseudorandom number generator", ACM TOMACS 8 (1998); seeding of 2002. The counters `left` and `next` are
//! kept as torch keeps them, because they are part of a saved state.

use super::RandomError;

/// The number of words in the state.
pub(super) const WORDS: usize = 624;
const MIDDLE: usize = 397;

/// A Mersenne Twister: 32 uniform bits a draw, period 2^19937 - 1.
#[derive(Clone)]
pub struct MersenneTwister {
    seed: u64,
    /// Draws left before the state is renewed, plus one.
    left: u32,
    /// The next word to hand out.
    next: u32,
    words: [u32; WORDS],
}

impl MersenneTwister {
    /// Starts from a seed. Only its low 32 bits reach the state, as in torch; the whole is remembered.
    pub fn new(seed: u64) -> Self {
        let mut words = [0u32; WORDS];
        words[0] = seed as u32;
        for j in 1..WORDS {
            let previous = words[j - 1];
            words[j] = (previous ^ (previous >> 30)).wrapping_mul(1_812_433_253).wrapping_add(j as u32);
        }
        Self { seed, left: 1, next: 0, words }
    }

    /// Rebuilds a twister from saved parts.
    ///
    /// # Errors
    /// [`RandomError::InvalidState`] if the counters point outside the state.
    pub(super) fn from_parts(seed: u64, left: i32, next: u64, words: [u32; WORDS]) -> Result<Self, RandomError> {
        let left = u32::try_from(left).map_err(|_| RandomError::InvalidState)?;
        let next = u32::try_from(next).map_err(|_| RandomError::InvalidState)?;
        let reaches_past_the_end = left as usize + next as usize > WORDS + 1;
        if left == 0 || left as usize > WORDS || reaches_past_the_end {
            return Err(RandomError::InvalidState);
        }
        Ok(Self { seed, left, next, words })
    }

    /// The seed it was started from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    pub(super) fn left(&self) -> u32 {
        self.left
    }

    pub(super) fn next_index(&self) -> u32 {
        self.next
    }

    pub(super) fn words(&self) -> &[u32; WORDS] {
        &self.words
    }

    /// Draws 32 bits.
    #[inline]
    pub fn draw(&mut self) -> u32 {
        self.left -= 1;
        if self.left == 0 {
            self.renew();
        }
        let mut word = self.words[self.next as usize];
        self.next += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    /// Computes the next 624 words from the last ones.
    fn renew(&mut self) {
        let words = &mut self.words;
        for k in 0..WORDS {
            let joined = (words[k] & 0x8000_0000) | (words[(k + 1) % WORDS] & 0x7fff_ffff);
            let twisted = (joined >> 1) ^ if joined & 1 == 1 { 0x9908_b0df } else { 0 };
            words[k] = words[(k + MIDDLE) % WORDS] ^ twisted;
        }
        self.left = WORDS as u32;
        self.next = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_published_words_of_seed_5489() {
        let mut twister = MersenneTwister::new(5489);
        assert_eq!(twister.draw(), 3_499_211_612);
        for _ in 0..9_998 {
            twister.draw();
        }
        assert_eq!(twister.draw(), 4_123_659_995, "the 10000th draw, as the C++ standard states it");
    }

    #[test]
    fn only_the_low_half_of_a_seed_counts() {
        assert_eq!(MersenneTwister::new(5).draw(), MersenneTwister::new(5 + (1 << 32)).draw());
    }

    #[test]
    fn impossible_counters_are_refused() {
        for (left, next) in [(0, 0), (-1, 0), (625, 0), (2, 624), (624, 2), (1, 1 << 40)] {
            assert!(MersenneTwister::from_parts(1, left, next, [1; WORDS]).is_err(), "left {left}, next {next}");
        }
    }
}
