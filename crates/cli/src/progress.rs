//! How far a training loop is, by the events that it gives off.

use std::time::Duration;

use lyceum_lab::Event;

/// How far a training loop is, as its events tell.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pub step: u64,
    pub loss: Option<f64>,
    /// Seconds from the program's start to the last event.
    time: f64,
    /// Earlier steps and when they were, to tell the speed of late.
    earlier: Vec<(f64, u64)>,
    /// When the first step was, and its number.
    first: Option<(f64, u64)>,
}

impl Progress {
    /// How far back the speed looks, in seconds.
    const WINDOW: f64 = 3.0;

    /// Takes an event into account.
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::Scalar { step, name, value, .. } => {
                if name == "loss" {
                    self.loss = Some(*value);
                }
                self.step = self.step.max(*step);
            }
            Event::Step { step, .. } => self.step = self.step.max(*step),
            Event::Figure { .. } | Event::Exhibit { .. } | Event::Graph { .. } | Event::Histogram { .. } => return,
        }
        self.time = event.time();
        self.first.get_or_insert((self.time, self.step));
        // Two marks are enough: one that is old enough, and one that grows old.
        if self.earlier.last().is_none_or(|(time, _)| self.time - time >= Self::WINDOW / 2.0) {
            self.earlier.push((self.time, self.step));
            if self.earlier.len() > 3 {
                self.earlier.remove(0);
            }
        }
    }

    /// Returns the steps a second of late.
    pub fn speed(&self) -> Option<f64> {
        self.earlier.first().and_then(|mark| self.speed_since(*mark))
    }

    /// Returns the steps a second of the whole run.
    pub fn mean_speed(&self) -> Option<f64> {
        self.first.and_then(|first| self.speed_since(first))
    }

    fn speed_since(&self, (time, step): (f64, u64)) -> Option<f64> {
        let (seconds, steps) = (self.time - time, self.step.saturating_sub(step));
        (seconds > 0.0 && steps > 0).then(|| steps as f64 / seconds)
    }

    /// Returns how long the run has been going when its last event came.
    pub fn time(&self) -> Duration {
        Duration::try_from_secs_f64(self.time).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_is_that_of_late() {
        let mut progress = Progress::default();
        assert_eq!(progress.speed(), None);
        let step = |step, time| Event::Step { step, optimizer: "SGD".into(), learning_rate: 0.1, time };
        for at in 1..=100 {
            progress.take(&step(at, at as f64));
        }
        assert_eq!(progress.speed().map(f64::round), Some(1.0));
        for at in 1..=400 {
            progress.take(&step(100 + at, 100.0 + at as f64 / 20.0));
        }
        assert_eq!(progress.speed().map(f64::round), Some(20.0));
        assert_eq!(progress.step, 500);
        assert_eq!(progress.mean_speed().map(f64::round), Some(4.0));
    }

    #[test]
    fn the_loss_is_the_last_one() {
        let mut progress = Progress::default();
        for (step, name, value) in [(1, "loss", 2.0), (2, "loss", 1.0), (2, "accuracy", 0.9)] {
            progress.take(&Event::Scalar { step, name: name.into(), value, time: 0.0 });
        }
        assert_eq!((progress.loss, progress.step), (Some(1.0), 2));
    }
}
