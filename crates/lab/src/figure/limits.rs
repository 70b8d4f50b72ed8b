//! Which part of the numbers' plane a pair of axes shows.

use super::{Aspect, Axes, Axis, Mark, Numbers, Scale};

/// How much room is left around the marks, as a part of what they span.
const MARGIN: f64 = 0.05;

/// The values at the two ends of an axis; the first may be the greater one.
pub type Ends = (f64, f64);

/// What the marks of a pair of axes span along one of them.
#[derive(Clone, Copy, Debug)]
struct Span {
    low: f64,
    high: f64,
    /// The least number above zero, which is where a logarithmic axis can start.
    least_positive: f64,
    /// Ends that get no margin: the foot of bars, the border of an image.
    firm_low: bool,
    firm_high: bool,
}

impl Span {
    const NONE: Self = Self {
        low: f64::INFINITY,
        high: f64::NEG_INFINITY,
        least_positive: f64::INFINITY,
        firm_low: false,
        firm_high: false,
    };

    fn take(&mut self, value: f64) {
        if value.is_finite() {
            if value < self.low {
                (self.low, self.firm_low) = (value, false);
            }
            if value > self.high {
                (self.high, self.firm_high) = (value, false);
            }
            if value > 0.0 && value < self.least_positive {
                self.least_positive = value;
            }
        }
    }

    fn take_all(&mut self, values: &[f64]) {
        values.iter().for_each(|value| self.take(*value));
    }

    /// Makes the ends firm where they are at one of these values.
    fn firm(&mut self, values: impl Iterator<Item = f64> + Clone) {
        self.firm_low |= values.clone().any(|value| value == self.low);
        self.firm_high |= values.into_iter().any(|value| value == self.high);
    }

    /// Returns the ends with margins, for the scale.
    fn ends(&self, scale: Scale) -> Ends {
        match scale {
            Scale::Linear => {
                if self.low > self.high {
                    return (0.0, 1.0);
                }
                // Halved, so that the distance of two huge numbers is finite.
                let half = self.high / 2.0 - self.low / 2.0;
                if half <= 0.0 || half <= self.low.abs().max(self.high.abs()) * 1e-13 {
                    let around = if self.low == 0.0 { 0.055 } else { self.low.abs() * 0.05 };
                    return (self.low - around, self.high + around);
                }
                let margin = 2.0 * MARGIN * half;
                let low = if self.firm_low { self.low } else { self.low - margin };
                let high = if self.firm_high { self.high } else { self.high + margin };
                (low.max(-f64::MAX), high.min(f64::MAX))
            }
            Scale::Log => {
                if !self.least_positive.is_finite() || self.high <= 0.0 {
                    return (0.1, 10.0);
                }
                let (low, high) = (self.least_positive.log10(), self.high.log10());
                if high - low < 1e-9 {
                    return (10f64.powf(low - 0.5).max(f64::MIN_POSITIVE), 10f64.powf(high + 0.5).min(f64::MAX));
                }
                let margin = MARGIN * (high - low);
                (10f64.powf(low - margin).max(f64::MIN_POSITIVE), 10f64.powf(high + margin).min(f64::MAX))
            }
        }
    }
}

/// Returns the ends of both axes: those that the program chose, and otherwise what shows every mark.
pub fn of(axes: &Axes) -> (Ends, Ends) {
    let (mut x, mut y) = (Span::NONE, Span::NONE);
    for mark in axes.marks.iter() {
        take(mark, &mut x, &mut y);
    }
    // What belongs to no mark of its own does not widen, but is better than nothing.
    (chosen(&axes.x, x), chosen(&axes.y, y))
}

fn chosen(axis: &Axis, span: Span) -> Ends {
    let (low, high) = span.ends(axis.scale);
    let fits = |value: &f64| value.is_finite() && (axis.scale == Scale::Linear || *value > 0.0);
    let (low, high) = if axis.reversed { (high, low) } else { (low, high) };
    let (chosen_low, chosen_high) = (axis.low.filter(fits), axis.high.filter(fits));
    let mut ends = (chosen_low.unwrap_or(low), chosen_high.unwrap_or(high));
    // A chosen end may lie on the other side of everything there is.
    if (ends.0 == ends.1) || (chosen_low.is_some() != chosen_high.is_some() && (ends.0 > ends.1) != axis.reversed) {
        let size = ends.0.abs().max(ends.1.abs()).max(1e-300) * 0.1;
        match (chosen_low, axis.scale) {
            (Some(low), Scale::Linear) => ends.1 = low + size.max(low.abs() * 1e-6),
            (None, Scale::Linear) => ends.0 = ends.1 - size,
            (Some(low), Scale::Log) => ends.1 = low * 10.0,
            (None, Scale::Log) => ends.0 = ends.1 / 10.0,
        }
        if ends.0 == ends.1 {
            ends = (ends.0 - 0.5, ends.1 + 0.5);
        }
    }
    (ends.0.clamp(-f64::MAX, f64::MAX), ends.1.clamp(-f64::MAX, f64::MAX))
}

fn take(mark: &Mark, x: &mut Span, y: &mut Span) {
    match mark {
        Mark::Line { x: xs, y: ys, .. } | Mark::Points { x: xs, y: ys, .. } | Mark::Polygon { x: xs, y: ys, .. } => {
            take_pairs(xs, ys, x, y);
        }
        Mark::Bars { left, right, bottom, top, lying, .. } => {
            x.take_all(left);
            x.take_all(right);
            y.take_all(bottom);
            y.take_all(top);
            match lying {
                false => y.firm(bottom.iter().copied().filter(|value| *value == 0.0)),
                true => x.firm(left.iter().copied().filter(|value| *value == 0.0)),
            }
        }
        Mark::Area { x: xs, low, high, lying, .. } => {
            let (along, across) = if *lying { (y, x) } else { (x, y) };
            take_pairs(xs, low, along, across);
            take_pairs(xs, high, along, across);
        }
        Mark::Image { extent: [left, right, bottom, top], .. } => {
            x.take_all(&[left.0, right.0]);
            y.take_all(&[bottom.0, top.0]);
            x.firm([left.0, right.0].into_iter());
            y.firm([bottom.0, top.0].into_iter());
        }
        Mark::Contour { x: xs, y: ys, .. } => {
            x.take_all(xs);
            y.take_all(ys);
            x.firm(xs.iter().copied());
            y.firm(ys.iter().copied());
        }
        Mark::Rule { at, vertical: true, .. } => x.take(*at),
        Mark::Rule { at, vertical: false, .. } => y.take(*at),
        Mark::Band { low, high, vertical, .. } => {
            let along = if *vertical { x } else { y };
            along.take_all(&[*low, *high]);
        }
        Mark::Segments { x0, y0, x1, y1, .. } => {
            take_pairs(x0, y0, x, y);
            take_pairs(x1, y1, x, y);
        }

        Mark::Slope { .. } | Mark::Text { .. } => {}
    }
}

/// Takes the points that have both a finite x and a finite y.
fn take_pairs(xs: &Numbers, ys: &Numbers, x: &mut Span, y: &mut Span) {
    for (at_x, at_y) in xs.iter().zip(ys.iter()) {
        if at_x.is_finite() && at_y.is_finite() {
            x.take(*at_x);
            y.take(*at_y);
        }
    }
}

/// Returns where a number is between two ends, 0 at the first and 1 at the second.
///
/// It is `None` for a number that has no place: NaN, an infinity, or one that is not positive on a
/// logarithmic axis. A number far outside has a place far outside, which is finite.
pub fn fraction(value: f64, low: f64, high: f64, scale: Scale) -> Option<f64> {
    const FAR: f64 = 1e9;
    let (value, low, high) = match scale {
        // Halved, so that the distance of two huge numbers is finite.
        Scale::Linear => (value / 2.0, low / 2.0, high / 2.0),
        Scale::Log if value > 0.0 && low > 0.0 && high > 0.0 => (value.log10(), low.log10(), high.log10()),
        Scale::Log => return None,
    };
    if !value.is_finite() || high == low || !(high - low).is_finite() {
        return None;
    }
    Some(((value - low) / (high - low)).clamp(-FAR, FAR))
}

/// Widens the ends so that a unit has the same length along both axes.
pub fn widened((x, y): (Ends, Ends), width: f64, height: f64) -> (Ends, Ends) {
    let (wide, tall) = ((x.1 - x.0).abs() / width, (y.1 - y.0).abs() / height);
    if !wide.is_finite() || !tall.is_finite() || wide <= 0.0 || tall <= 0.0 {
        return (x, y);
    }
    let grow = |(low, high): Ends, factor: f64| {
        let more = (high - low) * (factor - 1.0) / 2.0;
        (low - more, high + more)
    };
    if wide > tall { (x, grow(y, wide / tall)) } else { (grow(x, tall / wide), y) }
}

/// Returns the size that the axes shrink to so that a unit has the same length along both.
pub fn shrunk((x, y): (Ends, Ends), width: f64, height: f64) -> (f64, f64) {
    let ratio = ((x.1 - x.0) / (y.1 - y.0)).abs();
    if !ratio.is_finite() || !(1e-3..=1e3).contains(&ratio) {
        return (width, height);
    }
    if width / height > ratio { (height * ratio, height) } else { (width, width / ratio) }
}

/// Says whether the units of the axes can be compared at all.
pub fn comparable(axes: &Axes) -> bool {
    axes.aspect != Aspect::Auto && axes.x.scale == Scale::Linear && axes.y.scale == Scale::Linear
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(x: &[f64], y: &[f64]) -> Axes {
        let mark = Mark::Line {
            x: x.to_vec().into(),
            y: y.to_vec().into(),
            stroke: None,
            marker: None,
            steps: super::super::Steps::None,
            alpha: 1.0,
            label: String::new(),
        };
        Axes { marks: vec![mark].into(), ..Axes::default() }
    }

    #[test]
    fn a_curve_has_a_margin_on_every_side() {
        assert_eq!(of(&line(&[0.0, 10.0], &[0.0, 1.0])), ((-0.5, 10.5), (-0.05, 1.05)));
    }

    #[test]
    fn points_without_a_place_do_not_count() {
        let axes = line(&[0.0, 10.0, 99.0, f64::INFINITY], &[0.0, 1.0, f64::NAN, 5.0]);
        assert_eq!(of(&axes), ((-0.5, 10.5), (-0.05, 1.05)));
        assert_eq!(of(&line(&[], &[])), ((0.0, 1.0), (0.0, 1.0)));
    }

    #[test]
    fn bars_stand_on_zero() {
        let mark = Mark::Bars {
            left: vec![0.0, 1.0].into(),
            right: vec![0.5, 1.5].into(),
            bottom: vec![0.0, 0.0].into(),
            top: vec![2.0, 4.0].into(),
            paint: super::super::Paint::default(),
            edge: None,
            alpha: 1.0,
            lying: false,
            label: String::new(),
        };
        let (_, (low, high)) = of(&Axes { marks: vec![mark].into(), ..Axes::default() });
        assert_eq!(low, 0.0);
        assert!((high - 4.2).abs() < 1e-9);
    }

    #[test]
    fn a_chosen_end_stays_and_the_other_fits() {
        let mut axes = line(&[0.0, 10.0], &[0.0, 1.0]);
        axes.x.low = Some(3.0);
        axes.y.high = Some(-7.0);
        let (x, y) = of(&axes);
        assert_eq!(x, (3.0, 10.5));
        assert!(y.0 < y.1 && y.1 == -7.0, "{y:?}");
    }

    proptest! {
        #[test]
        fn the_ends_are_finite_and_differ(
            x in proptest::collection::vec(any::<f64>(), 0..6),
            y in proptest::collection::vec(any::<f64>(), 0..6),
            low in proptest::option::of(any::<f64>()),
            high in proptest::option::of(any::<f64>()),
            log in any::<bool>(),
            reversed in any::<bool>(),
        ) {
            let mut axes = line(&x, &y);
            axes.x = Axis { low, high, reversed, scale: if log { Scale::Log } else { Scale::Linear }, ..Axis::default() };
            let ((x0, x1), (y0, y1)) = of(&axes);
            prop_assert!(x0.is_finite() && x1.is_finite() && x0 != x1, "{x0} {x1}");
            prop_assert!(y0.is_finite() && y1.is_finite() && y0 < y1, "{y0} {y1}");
            for value in x {
                if let Some(place) = fraction(value, x0, x1, axes.x.scale) {
                    prop_assert!(place.is_finite());
                }
            }
        }
    }
}
