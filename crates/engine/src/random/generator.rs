//! `torch.Generator` on the CPU: the twister, its seed, the spare normal variates, and the saved state.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, LazyLock};

use parking_lot::Mutex;

use super::RandomError;
use super::mersenne::{MersenneTwister, WORDS};

/// The seed of a generator that nobody seeded: torch's `torch.Generator().initial_seed()`.
pub const DEFAULT_SEED: u64 = 67_280_421_310_721;

/// The length of a saved state: what `torch.get_rng_state()` returns.
pub const STATE_BYTES: usize = 5056;

/// A generator that several owners may draw from.
pub type SharedGenerator = Arc<Mutex<Generator>>;

/// A source of random words with torch's memory: the seed and the spare variates of the normal distribution.
#[derive(Clone)]
pub struct Generator {
    twister: MersenneTwister,
    spare_f32: Option<f32>,
    spare_f64: Option<f64>,
}

impl Default for Generator {
    fn default() -> Self {
        Self::new(DEFAULT_SEED)
    }
}

impl std::fmt::Debug for Generator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Generator").field("seed", &self.initial_seed()).finish_non_exhaustive()
    }
}

impl Generator {
    /// Makes a generator with a seed.
    pub fn new(seed: u64) -> Self {
        Self { twister: MersenneTwister::new(seed), spare_f32: None, spare_f64: None }
    }

    /// Makes a generator that can be passed around and shared, as a Python `torch.Generator` is.
    pub fn shared(seed: u64) -> SharedGenerator {
        Arc::new(Mutex::new(Self::new(seed)))
    }

    /// Starts again from a seed and forgets the spare variates.
    pub fn manual_seed(&mut self, seed: u64) {
        *self = Self::new(seed);
    }

    /// Starts again from 53 bits of the operating system's randomness and returns them.
    pub fn seed(&mut self) -> u64 {
        // The standard library keys every RandomState from the operating system.
        let seed = RandomState::new().build_hasher().finish() & ((1 << 53) - 1);
        self.manual_seed(seed);
        seed
    }

    /// The seed that the present sequence started from.
    pub fn initial_seed(&self) -> u64 {
        self.twister.seed()
    }

    /// Draws 32 uniform bits.
    #[inline]
    pub fn draw32(&mut self) -> u32 {
        self.twister.draw()
    }

    /// Draws 64 uniform bits: the first word is the high half.
    #[inline]
    pub fn draw64(&mut self) -> u64 {
        let high = u64::from(self.twister.draw());
        let low = u64::from(self.twister.draw());
        (high << 32) | low
    }

    /// A float32 in `[0, 1)`: the low 24 bits of one word.
    #[inline]
    pub fn unit_f32(&mut self) -> f32 {
        (self.draw32() & 0x00ff_ffff) as f32 * (1.0 / 16_777_216.0)
    }

    /// A float64 in `[0, 1)`: the low 53 bits of two words.
    #[inline]
    pub fn unit_f64(&mut self) -> f64 {
        (self.draw64() & ((1 << 53) - 1)) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Takes the spare standard normal variate that the last pair left, if there is one.
    #[inline]
    pub fn take_spare_normal(&mut self) -> Option<f64> {
        self.spare_f64.take()
    }

    /// Keeps the second variate of a pair for the next call.
    #[inline]
    pub fn keep_spare_normal(&mut self, variate: f64) {
        self.spare_f64 = Some(variate);
    }

    /// The state as the 5056 bytes that `torch.get_rng_state()` returns.
    ///
    /// Layout, little endian: seed u64 at 0; `left` i32 at 8; seeded i32 at 12; `next` u64 at 16; the 624 words
    /// as u64 at 24; three f64 at 5016, of which the middle one is the spare variate; its validity i32 at 5040;
    /// the float32 spare at 5048 and its validity at 5052.
    pub fn state(&self) -> Vec<u8> {
        let mut bytes = vec![0u8; STATE_BYTES];
        let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
        put(0, &self.twister.seed().to_le_bytes());
        put(8, &self.twister.left().to_le_bytes());
        put(12, &1i32.to_le_bytes());
        put(16, &u64::from(self.twister.next_index()).to_le_bytes());
        for (k, &word) in self.twister.words().iter().enumerate() {
            put(24 + 8 * k, &u64::from(word).to_le_bytes());
        }
        if let Some(variate) = self.spare_f64 {
            put(5024, &variate.to_le_bytes());
            put(5040, &1i32.to_le_bytes());
        }
        if let Some(variate) = self.spare_f32 {
            put(5048, &variate.to_le_bytes());
            put(5052, &[1]);
        }
        bytes
    }

    /// Restores a state saved by [`Generator::state`] or by torch.
    ///
    /// # Errors
    /// A wrong length, or counters that point outside the state; the generator is then unchanged.
    pub fn set_state(&mut self, bytes: &[u8]) -> Result<(), RandomError> {
        let bytes: &[u8; STATE_BYTES] = bytes.try_into().map_err(|_| RandomError::StateLength { got: bytes.len() })?;
        let u64_at = |at: usize| {
            let mut eight = [0u8; 8];
            eight.copy_from_slice(&bytes[at..at + 8]);
            u64::from_le_bytes(eight)
        };
        let u32_at = |at: usize| {
            let mut four = [0u8; 4];
            four.copy_from_slice(&bytes[at..at + 4]);
            u32::from_le_bytes(four)
        };
        if u32_at(12) == 0 {
            return Err(RandomError::InvalidState);
        }
        let mut words = [0u32; WORDS];
        for (k, word) in words.iter_mut().enumerate() {
            *word = u64_at(24 + 8 * k) as u32;
        }
        let twister = MersenneTwister::from_parts(u64_at(0), u32_at(8) as i32, u64_at(16), words)?;
        *self = Self {
            twister,
            spare_f32: (bytes[5052] != 0).then(|| f32::from_bits(u32_at(5048))),
            spare_f64: (u32_at(5040) != 0).then(|| f64::from_bits(u64_at(5024))),
        };
        Ok(())
    }
}

static DEFAULT: LazyLock<SharedGenerator> = LazyLock::new(|| {
    let generator = Generator::shared(DEFAULT_SEED);
    generator.lock().seed();
    generator
});

/// The generator that every op draws from when it is not given one: torch's `default_generator`.
pub fn default_generator() -> &'static SharedGenerator {
    &DEFAULT
}

/// Seeds the default generator: `torch.manual_seed`.
pub fn manual_seed(seed: u64) {
    default_generator().lock().manual_seed(seed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_state_continues_the_sequence() {
        let mut generator = Generator::new(3);
        for _ in 0..1000 {
            generator.draw32();
        }
        generator.keep_spare_normal(-0.25);
        let mut copy = Generator::default();
        copy.set_state(&generator.state()).unwrap();
        assert_eq!(copy.initial_seed(), 3);
        assert_eq!(copy.take_spare_normal(), Some(-0.25));
        for _ in 0..2000 {
            assert_eq!(copy.draw32(), generator.draw32());
        }
    }

    #[test]
    fn a_broken_state_is_refused_and_changes_nothing() {
        let mut generator = Generator::new(3);
        let before = generator.state();
        assert_eq!(generator.set_state(&[0; 7]), Err(RandomError::StateLength { got: 7 }));
        assert_eq!(generator.set_state(&[0; STATE_BYTES]), Err(RandomError::InvalidState));
        assert_eq!(generator.set_state(&[0xff; STATE_BYTES]), Err(RandomError::InvalidState));
        assert_eq!(generator.state(), before);
    }

    #[test]
    fn a_fresh_seed_has_53_bits_and_is_remembered() {
        let mut generator = Generator::default();
        let seed = generator.seed();
        assert!(seed < 1 << 53);
        assert_eq!(generator.initial_seed(), seed);
    }
}
