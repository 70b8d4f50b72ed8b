//! The Mersenne Twister of Matsumoto and Nishimura (1998), seeded in the two ways that numpy seeds it.

const N: usize = 624;
const M: usize = 397;

/// The state: 624 words, and how many of them were given out.
#[derive(Clone)]
pub(crate) struct Mt19937 {
    pub(crate) key: [u32; N],
    pub(crate) position: usize,
}

impl Mt19937 {
    /// Seeds with one word, as `numpy.random.seed(number)` does.
    pub(crate) fn from_word(seed: u32) -> Mt19937 {
        let mut key = [0; N];
        let mut word = seed;
        for (i, place) in key.iter_mut().enumerate() {
            *place = word;
            word = 1_812_433_253u32.wrapping_mul(word ^ (word >> 30)).wrapping_add(i as u32 + 1);
        }
        Mt19937 { key, position: N }
    }

    /// Seeds with several words: the authors' `init_by_array` (2002).
    pub(crate) fn from_words(words: &[u32]) -> Mt19937 {
        let mut mt = Mt19937::from_word(19_650_218);
        let key = &mut mt.key;
        let mix =
            |key: &mut [u32; N], i: usize, factor: u32| key[i] ^ (key[i - 1] ^ (key[i - 1] >> 30)).wrapping_mul(factor);
        let mut i = 1;
        for step in 0..N.max(words.len()) {
            let j = step % words.len();
            key[i] = mix(key, i, 1_664_525).wrapping_add(words[j]).wrapping_add(j as u32);
            i += 1;
            if i == N {
                key[0] = key[N - 1];
                i = 1;
            }
        }
        for _ in 0..N - 1 {
            key[i] = mix(key, i, 1_566_083_941).wrapping_sub(i as u32);
            i += 1;
            if i == N {
                key[0] = key[N - 1];
                i = 1;
            }
        }
        key[0] = 0x8000_0000;
        mt
    }

    fn renew(&mut self) {
        for i in 0..N {
            let both = (self.key[i] & 0x8000_0000) | (self.key[(i + 1) % N] & 0x7fff_ffff);
            let twist = if both & 1 == 1 { 0x9908_b0df } else { 0 };
            self.key[i] = self.key[(i + M) % N] ^ (both >> 1) ^ twist;
        }
        self.position = 0;
    }

    pub(crate) fn next_u32(&mut self) -> u32 {
        if self.position >= N {
            self.renew();
        }
        let mut word = self.key[self.position];
        self.position += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    /// Two words, the first above the second.
    pub(crate) fn next_u64(&mut self) -> u64 {
        let high = u64::from(self.next_u32());
        (high << 32) | u64::from(self.next_u32())
    }

    /// A number in [0, 1) with 53 bits, from two words.
    pub(crate) fn next_double(&mut self) -> f64 {
        let high = f64::from(self.next_u32() >> 5);
        let low = f64::from(self.next_u32() >> 6);
        (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authors_vectors_come_out() {
        // From the output file that Matsumoto and Nishimura publish with their program.
        let mut mt = Mt19937::from_words(&[0x123, 0x234, 0x345, 0x456]);
        let drawn: Vec<u32> = (0..5).map(|_| mt.next_u32()).collect();
        assert_eq!(drawn, [1_067_595_299, 955_945_823, 477_289_528, 4_107_218_783, 4_228_976_476]);
    }

    #[test]
    fn one_word_seeds_as_numpy_seeds() {
        // np.random.RandomState(42).random_sample(2)
        let mut mt = Mt19937::from_word(42);
        assert_eq!(mt.next_double(), 0.3745401188473625);
        assert_eq!(mt.next_double(), 0.9507143064099162);
    }
}
