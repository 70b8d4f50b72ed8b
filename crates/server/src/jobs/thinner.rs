//! Leaves out of long curves what no page can draw, so that their ends are seen as well as their beginnings.
//!
//! The first points of a curve are all told. After that fewer and fewer are: of each stretch that is twice as long as
//! the one before, as many as of that one. What is not finite is told when it first occurs, and the last point at the
//! end.

use std::collections::HashMap;

use lyceum_lab::Event;

/// The curves of a run.
#[derive(Debug, Default)]
pub struct Thinner {
    curves: HashMap<String, Curve>,
}

#[derive(Debug, Default)]
struct Curve {
    seen: u64,
    not_finite: u64,
    /// The last point, if it was not told.
    held: Option<Event>,
}

/// How many points of a curve are told in full.
const WHOLE: u64 = 4_000;
/// How many points that are not finite are told, whatever came before.
const NOT_FINITE: u64 = 20;
/// A run with more curves than this is not thinned in the others; how much it may tell is bounded elsewhere.
const MOST_CURVES: usize = 500;

impl Thinner {
    /// Takes an event. Returns it, if it is to be told.
    pub fn take(&mut self, event: Event) -> Option<Event> {
        let (name, is_finite) = match &event {
            Event::Scalar { name, value, .. } => (format!("scalar {name}"), value.is_finite()),
            Event::Step { .. } => ("step".to_owned(), true),
            _ => return Some(event),
        };
        if self.curves.len() >= MOST_CURVES && !self.curves.contains_key(&name) {
            return Some(event);
        }
        let curve = self.curves.entry(name).or_default();
        let stride = (curve.seen / WHOLE).next_power_of_two();
        let is_told = curve.seen.is_multiple_of(stride) || (!is_finite && curve.not_finite < NOT_FINITE);
        curve.seen += 1;
        curve.not_finite += u64::from(!is_finite);
        if is_told {
            curve.held = None;
            return Some(event);
        }
        curve.held = Some(event);
        None
    }

    /// Gives away the last points that were not told.
    pub fn rest(&mut self) -> Vec<Event> {
        let mut rest: Vec<Event> = self.curves.values_mut().filter_map(|curve| curve.held.take()).collect();
        rest.sort_by(|a, b| a.time().total_cmp(&b.time()));
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(step: u64, value: f64) -> Event {
        Event::Scalar { step, name: "loss".into(), value, time: step as f64 }
    }

    #[test]
    fn a_long_curve_is_told_from_its_beginning_to_its_end() {
        let mut thinner = Thinner::default();
        let mut told: Vec<u64> = (0..1_000_000)
            .filter_map(|step| {
                let value = if step == 777_777 { f64::NAN } else { 1.0 };
                thinner.take(point(step, value)).map(|event| event.step())
            })
            .collect();
        told.extend(thinner.rest().iter().map(Event::step));
        assert!(told[..4_000].iter().copied().eq(0..4_000));
        assert!(told.len() < 30_000, "{}", told.len());
        assert!(told.contains(&777_777) && told.last() == Some(&999_999));
        // No gap is longer than a small part of what came before it.
        assert!(told.windows(2).all(|pair| (pair[1] - pair[0]) as f64 <= 1.0 + pair[0] as f64 / 1_000.0));
    }

    #[test]
    fn what_is_no_point_of_a_curve_is_told_whole() {
        let mut thinner = Thinner::default();
        let figure = Event::Figure { step: 1, name: "a".into(), figure: Box::default(), time: 0.0 };
        assert!((0..10_000).all(|_| thinner.take(figure.clone()).is_some()));
        assert!(thinner.rest().is_empty());
    }
}
