//! How often something may be tried: logins that fail, and requests in general.
//!
//! Both forget what is old, so neither grows with the number of those who ask.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Counts failures, and makes whoever fails wait longer each time.
#[derive(Debug)]
pub struct Failures {
    free: u32,
    first_wait: Duration,
    longest_wait: Duration,
    counts: Mutex<HashMap<String, Count>>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    failures: u32,
    until: Instant,
    last: Instant,
}

/// The most keys that are remembered; beyond it the oldest are forgotten.
const MOST_KEYS: usize = 10_000;

impl Failures {
    /// Makes a count that lets the first `free` failures pass, and forgets after the longest wait.
    pub fn new(free: u32, first_wait: Duration, longest_wait: Duration) -> Self {
        Self { free, first_wait, longest_wait, counts: Mutex::default() }
    }

    /// Returns how long this key has to wait, if it has to.
    pub fn wait(&self, key: &str, now: Instant) -> Option<Duration> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let until = counts.get(key)?.until;
        until.checked_duration_since(now).filter(|wait| !wait.is_zero())
    }

    /// Notes a failure.
    pub fn failed(&self, key: &str, now: Instant) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_KEYS {
            counts.retain(|_, count| now.duration_since(count.last) < self.longest_wait);
            if counts.len() >= MOST_KEYS {
                let oldest = counts.iter().min_by_key(|(_, count)| count.last).map(|(key, _)| key.clone());
                oldest.and_then(|key| counts.remove(&key));
            }
        }
        let count = counts.entry(key.to_owned()).or_insert(Count { failures: 0, until: now, last: now });
        if now.duration_since(count.last) >= self.longest_wait {
            count.failures = 0;
        }
        count.failures += 1;
        count.last = now;
        if let Some(beyond) = count.failures.checked_sub(self.free).filter(|beyond| *beyond > 0) {
            let wait = self.first_wait.saturating_mul(1 << (beyond - 1).min(20));
            count.until = now + wait.min(self.longest_wait);
        }
    }

    /// Forgets a key, because it succeeded.
    pub fn succeeded(&self, key: &str) {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

/// Lets so many requests a second pass for each key, and a number of them at once.
#[derive(Debug)]
pub struct Rate {
    per_second: f64,
    burst: f64,
    buckets: Mutex<HashMap<String, (f64, Instant)>>,
}

impl Rate {
    pub fn new(per_second: f64, burst: f64) -> Self {
        Self { per_second, burst, buckets: Mutex::default() }
    }

    /// Takes one; otherwise says how long it takes until there is one.
    pub fn take(&self, key: &str, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_KEYS {
            let full = |left: f64, since: Instant| {
                left + now.duration_since(since).as_secs_f64() * self.per_second >= self.burst
            };
            buckets.retain(|_, (left, since)| !full(*left, *since));
        }
        let (left, since) = buckets.entry(key.to_owned()).or_insert((self.burst, now));
        *left = (*left + now.saturating_duration_since(*since).as_secs_f64() * self.per_second).min(self.burst);
        *since = now;
        if *left < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - *left) / self.per_second));
        }
        *left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waits_grow_and_end() {
        let failures = Failures::new(3, SECOND, 10 * SECOND);
        let mut now = Instant::now();
        for _ in 0..3 {
            failures.failed("ada", now);
        }
        assert_eq!(failures.wait("ada", now), None);
        for wait in [1, 2, 4, 8, 10, 10] {
            failures.failed("ada", now);
            assert_eq!(failures.wait("ada", now), Some(wait * SECOND));
        }
        assert_eq!(failures.wait("bob", now), None);
        now += 10 * SECOND;
        assert_eq!(failures.wait("ada", now), None);
        failures.failed("ada", now);
        assert_eq!(failures.wait("ada", now), None, "what is long ago is forgotten");
    }

    #[test]
    fn success_forgets() {
        let failures = Failures::new(0, SECOND, 10 * SECOND);
        let now = Instant::now();
        failures.failed("ada", now);
        assert!(failures.wait("ada", now).is_some());
        failures.succeeded("ada");
        assert_eq!(failures.wait("ada", now), None);
    }

    #[test]
    fn memory_is_bounded() {
        let (failures, rate) = (Failures::new(0, SECOND, 10 * SECOND), Rate::new(1.0, 2.0));
        let now = Instant::now();
        for at in 0..2 * MOST_KEYS {
            let now = now + Duration::from_micros(at as u64);
            failures.failed(&at.to_string(), now);
            let _ = rate.take(&at.to_string(), now + at as u32 * SECOND);
        }
        assert!(failures.counts.lock().unwrap().len() <= MOST_KEYS);
        assert!(rate.buckets.lock().unwrap().len() <= MOST_KEYS);
    }

    #[test]
    fn a_bucket_fills_again() {
        let rate = Rate::new(10.0, 3.0);
        let now = Instant::now();
        let taken = (0..5).filter(|_| rate.take("ada", now).is_ok()).count();
        assert_eq!(taken, 3);
        let wait = rate.take("ada", now).unwrap_err();
        assert!(rate.take("ada", now + wait + Duration::from_millis(1)).is_ok());
        assert!(rate.take("bob", now).is_ok());
    }
}
