//! Random integers and permutations: `randint`, `random_`, `randperm`.

use super::{Draw, Generator};

/// From this many values on, torch draws 64 bits for each.
const WIDE_RANGE: u64 = 1 << 28;

/// From this length on, torch's `randperm` draws 64 bits and builds the permutation from the inside out.
const LONG_PERMUTATION: u64 = u32::MAX as u64 / 20;

/// Fills with integers of `[0, LARGEST]` of the type: `random_()`.
pub fn random<T: Draw>(generator: &mut Generator, out: &mut [T]) {
    out.fill_with(|| T::draw(generator));
}

/// Fills with integers of `[base, base + range)`: the draw modulo the range, 32 bits wide for a range under
/// 2^28 and else 64.
///
/// A range of 0 gives `base`.
pub fn random_in_range<T: Draw>(generator: &mut Generator, out: &mut [T], range: u64, base: i64) {
    let range = range.max(1);
    let shifted = |remainder: u64| T::from_i64(base.wrapping_add(remainder as i64));
    if range >= WIDE_RANGE {
        out.fill_with(|| shifted(generator.draw64() % range));
    } else {
        let range = range as u32;
        out.fill_with(|| shifted(u64::from(generator.draw32() % range)));
    }
}

/// Fills with integers of `[from, to)`, the ends moved inwards for a float type that cannot hold them: `randint`,
/// `random_(from, to)`. The caller has checked `from < to`.
pub fn random_between<T: Draw>(generator: &mut Generator, out: &mut [T], from: i64, to: i64) {
    let (from, to) = T::representable_range(from, to);
    random_in_range(generator, out, (to as u64).wrapping_sub(from as u64), from);
}

/// Fills with the whole range of 64-bit integers: `random_(-2**63, None)`.
pub fn random_full_range<T: Draw>(generator: &mut Generator, out: &mut [T]) {
    out.fill_with(|| T::from_i64(generator.draw64() as i64));
}

/// Fills with a random permutation of `0..out.len()`: Fisher-Yates, one word for each element but the last.
pub fn randperm<T: Draw>(generator: &mut Generator, out: &mut [T]) {
    let length = out.len() as u64;
    if length < LONG_PERMUTATION {
        for (value, slot) in out.iter_mut().enumerate() {
            *slot = T::from_i64(value as i64);
        }
        for i in 0..out.len().saturating_sub(1) {
            let offset = generator.draw32() % (out.len() - i) as u32;
            out.swap(i, i + offset as usize);
        }
    } else {
        for i in 0..out.len() {
            let other = (generator.draw64() % (i as u64 + 1)) as usize;
            out[i] = T::from_i64(i as i64);
            out.swap(i, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_has_every_index_once() {
        for length in [0usize, 1, 2, 3, 17, 1000] {
            let mut out = vec![0i64; length];
            randperm(&mut Generator::new(9), &mut out);
            out.sort_unstable();
            assert!(out.iter().enumerate().all(|(k, &value)| k as i64 == value));
        }
    }

    #[test]
    fn every_range_stays_inside_its_bounds() {
        for (from, to) in [(0, 1), (-3, 4), (i64::MIN, i64::MAX), (-1, 1 << 40), (5, 6)] {
            let mut out = [0i64; 200];
            random_between(&mut Generator::new(2), &mut out, from, to);
            assert!(out.iter().all(|value| (from..to).contains(value)));
        }
    }

    #[test]
    fn float_ranges_move_inwards_past_the_exact_integers() {
        let above = (1i64 << 24) + 2;
        let mut out = [0f32; 500];
        random_between(&mut Generator::new(2), &mut out, 0, above);
        assert!(out.iter().all(|&value| value < above as f32));
    }
}
