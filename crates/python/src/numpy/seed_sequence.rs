//! numpy's `SeedSequence`: O'Neill's `seed_seq_fe` (2015), which spreads any number over as many words as are needed.

const POOL: usize = 4;
const XSHIFT: u32 = 16;

/// Multiplies and mixes one word; the factor moves on with each call.
struct Hash {
    factor: u32,
    step: u32,
}

impl Hash {
    fn entropy() -> Hash {
        Hash { factor: 0x43b0_d7e5, step: 0x931e_8875 }
    }

    fn output() -> Hash {
        Hash { factor: 0x8b51_f9dd, step: 0x58f3_8ded }
    }

    fn word(&mut self, word: u32) -> u32 {
        let mut word = word ^ self.factor;
        self.factor = self.factor.wrapping_mul(self.step);
        word = word.wrapping_mul(self.factor);
        word ^ (word >> XSHIFT)
    }
}

fn mix(x: u32, y: u32) -> u32 {
    let word = 0xca01_f9ddu32.wrapping_mul(x).wrapping_sub(0x4973_f715u32.wrapping_mul(y));
    word ^ (word >> XSHIFT)
}

/// Words of entropy, stirred into a small pool.
pub(crate) struct SeedSequence {
    pool: [u32; POOL],
}

impl SeedSequence {
    /// Stirs `entropy`, and then `spawn_key`, which tells children of one sequence apart.
    pub(crate) fn new(entropy: &[u32], spawn_key: &[u32]) -> SeedSequence {
        let mut words = entropy.to_vec();
        if words.is_empty() {
            words.push(0);
        }
        if !spawn_key.is_empty() {
            // A spawn key must not look like more entropy of a short seed.
            words.resize(words.len().max(POOL), 0);
            words.extend_from_slice(spawn_key);
        }
        let mut hash = Hash::entropy();
        let mut pool = [0; POOL];
        for (i, place) in pool.iter_mut().enumerate() {
            *place = hash.word(words.get(i).copied().unwrap_or(0));
        }
        for source in 0..POOL {
            for target in (0..POOL).filter(|&target| target != source) {
                pool[target] = mix(pool[target], hash.word(pool[source]));
            }
        }
        for &word in words.iter().skip(POOL) {
            for place in &mut pool {
                *place = mix(*place, hash.word(word));
            }
        }
        SeedSequence { pool }
    }

    /// Returns so many words of state.
    pub(crate) fn words(&self, count: usize) -> Vec<u32> {
        let mut hash = Hash::output();
        (0..count).map(|i| hash.word(self.pool[i % POOL])).collect()
    }

    /// Returns so many words of 64 bits, each of two words, the second above the first.
    pub(crate) fn long_words(&self, count: usize) -> Vec<u64> {
        self.words(2 * count).chunks(2).map(|pair| u64::from(pair[0]) | (u64::from(pair[1]) << 32)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_is_numpys() {
        // np.random.SeedSequence(42).generate_state(4), and of its first child.
        let plain = SeedSequence::new(&[42], &[]);
        assert_eq!(plain.words(4), [3_444_837_047, 2_669_555_309, 2_046_530_742, 3_581_440_988]);
        let child = SeedSequence::new(&[42], &[0]);
        assert_eq!(child.words(2), [2_684_470_948, 3_757_501_821]);
    }
}
