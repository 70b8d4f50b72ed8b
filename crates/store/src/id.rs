//! Ids: 48 bits of time and 80 random bits, as 26 lower-case letters and digits.
//!
//! They sort by when they were made, so rows are written next to each other and an id is all that a page's cursor
//! needs. Within a process each is greater than the one before. An id is no secret.

use std::sync::{Mutex, PoisonError};

use crate::clock::{self, Millis};
use crate::{Error, Result};

/// Crockford's base 32: without i, l, o and u. Digits sort before letters in every collation.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;
const RANDOM_BITS: u32 = 80;

static LAST: Mutex<u128> = Mutex::new(0);

/// Makes an id that is greater than all that this process made before.
pub(crate) fn new() -> Result<String> {
    let mut random = [0; 16];
    getrandom::fill(&mut random[6..]).map_err(|_| Error::Entropy)?;
    let fresh = stamp(clock::now()) | u128::from_be_bytes(random);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    *last = if fresh > *last { fresh } else { *last + 1 };
    Ok(encode(*last))
}

/// Returns the least id of a time: those made before are less, those made then or later are not.
pub(crate) fn least_at(time: Millis) -> String {
    encode(stamp(time))
}

fn stamp(time: Millis) -> u128 {
    (time.clamp(0, (1 << 48) - 1) as u128) << RANDOM_BITS
}

fn encode(number: u128) -> String {
    (0..LENGTH as u32).rev().map(|place| ALPHABET[(number >> (5 * place)) as usize & 31] as char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_increase() {
        let ids: Vec<_> = (0..1000).map(|_| new().unwrap()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(ids.iter().all(|id| id.len() == LENGTH && id.bytes().all(|byte| ALPHABET.contains(&byte))));
    }

    #[test]
    fn a_time_parts_the_ids_before_from_those_after() {
        let before = new().unwrap();
        let time = clock::now() + 1;
        assert!(before < least_at(time));
        assert!(encode(stamp(time) | ((1 << RANDOM_BITS) - 1)) > least_at(time));
        assert_eq!(least_at(0), "0".repeat(LENGTH));
        assert_eq!(least_at(Millis::MIN), least_at(0));
    }
}
