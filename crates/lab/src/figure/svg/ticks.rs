//! Where an axis has ticks, and what is written at them.

use super::super::{Axis, Scale, limits::Ends};

/// A tick of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it is.
    pub at: f64,
    /// What stands beside it.
    pub label: String,
    /// Whether it is one of the small ones between the others.
    pub minor: bool,
}

/// The ticks of an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ticks {
    pub ticks: Vec<Tick>,
    /// What every number at a tick is to be multiplied by, as it is written at the axis' end.
    pub factor: Option<String>,
}

/// Returns the ticks of an axis that has room for about `room` of them.
pub fn of(axis: &Axis, ends: Ends, room: usize) -> Ticks {
    let (low, high) = (ends.0.min(ends.1), ends.0.max(ends.1));
    if let Some(chosen) = &axis.ticks {
        let values: Vec<f64> = chosen.iter().map(|tick| tick.at).collect();
        let mut plain = labelled(&values);
        for (tick, chosen) in plain.ticks.iter_mut().zip(chosen.iter()) {
            if let Some(label) = &chosen.label {
                tick.label.clone_from(label);
            }
        }
        if chosen.iter().any(|tick| tick.label.is_some()) {
            plain.factor = None;
        }
        plain.ticks.retain(|tick| tick.at.is_finite() && inside(tick.at, low, high));
        return plain;
    }
    match axis.scale {
        Scale::Linear => labelled(&nice(low, high, room.clamp(1, 20), axis.whole)),
        Scale::Log => logarithmic(low, high, room.clamp(2, 20)),
    }
}

/// Says whether a value is between the ends, or off them by no more than rounding.
fn inside(value: f64, low: f64, high: f64) -> bool {
    let slack = (high / 2.0 - low / 2.0) * 2e-9;
    value >= low - slack && value <= high + slack
}

/// Returns multiples of 1, 2, 2.5 or 5 times a power of ten between two numbers, at most about `most`.
pub fn nice(low: f64, high: f64, most: usize, whole: bool) -> Vec<f64> {
    // Halved, so that the distance of two huge numbers is finite.
    let rough = (high / 2.0 - low / 2.0) / most as f64 * 2.0;
    if !rough.is_finite() || rough <= 0.0 || !low.is_finite() {
        return vec![];
    }
    let size = 10f64.powf(rough.log10().floor());
    let mut step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * size)
        .find(|step| *step >= rough * (1.0 - 1e-9) && !(whole && step.fract() != 0.0))
        .unwrap_or(10.0 * size);
    if whole {
        step = step.max(1.0).round();
    }
    let (first, last) = ((low / step * (1.0 + 0.0) - 1e-9).ceil(), (high / step + 1e-9).floor());
    let count = last - first;
    if !step.is_finite() || step <= 0.0 || !count.is_finite() || !(0.0..=200.0).contains(&count) {
        return vec![];
    }
    // Counted in whole steps, so that errors do not add up and zero is zero.
    (0..=count as usize).map(|index| (first + index as f64) * step).filter(|value| value.is_finite()).collect()
}

/// Writes numbers in one manner: the same decimals, and one power of ten for all when they are large
/// or small.
pub fn labelled(values: &[f64]) -> Ticks {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let largest = finite().fold(0.0, |most: f64, value| most.max(value.abs()));
    let power = if largest > 0.0 { largest.log10().floor() as i32 } else { 0 };
    let power = if (-4..6).contains(&power) { 0 } else { power };
    let scale = |value: f64| {
        // In two steps, since 10^-320 is not quite a number.
        let half = power / 2;
        value / 10f64.powi(half) / 10f64.powi(power - half)
    };
    let least = finite().map(scale).map(f64::abs).filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
    let fits = |decimals: i32| {
        let unit = 10f64.powi(decimals);
        finite().map(scale).all(|value| {
            let moved = value * unit;
            (moved - moved.round()).abs() <= 1e-6 * moved.abs().max(1e-3)
        })
    };
    let most = if least < 1e-6 { 10 } else { 7 };
    let decimals = (0..most).find(|decimals| fits(*decimals)).unwrap_or(most) as usize;
    let label = |value: f64| {
        if !value.is_finite() {
            return String::new();
        }
        let text = format!("{:.decimals$}", scale(value));
        match text.strip_prefix('-') {
            Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
            Some(rest) => format!("−{rest}"),
            None => text,
        }
    };
    Ticks {
        ticks: values.iter().map(|at| Tick { at: *at, label: label(*at), minor: false }).collect(),
        factor: (power != 0).then(|| format!("$\\times 10^{{{power}}}$")),
    }
}

/// Returns ticks at powers of ten, and small ones between them.
fn logarithmic(low: f64, high: f64, room: usize) -> Ticks {
    let (first, last) = (low.log10(), high.log10());
    if !first.is_finite() || !last.is_finite() {
        return Ticks::default();
    }
    let (start, end) = ((first - 1e-9).ceil() as i32, (last + 1e-9).floor() as i32);
    let decades = end - start;
    if decades < 1 {
        // Less than a decade or so: plain numbers say more.
        let mut plain = labelled(&nice(low, high, room, false));
        plain.ticks.retain(|tick| tick.at > 0.0);
        return plain;
    }
    let stride = (decades as usize / room + 1) as i32;
    let mut ticks: Vec<Tick> = (start..=end)
        .filter(|power| power.rem_euclid(stride) == 0)
        .map(|power| Tick { at: power_of_ten(power), label: power_label(power), minor: false })
        .collect();
    if stride == 1 && decades <= 8 {
        for power in start - 1..=end {
            for digit in 2..10 {
                let at = f64::from(digit) * power_of_ten(power);
                if at > low && at < high {
                    ticks.push(Tick { at, label: String::new(), minor: true });
                }
            }
        }
    }
    Ticks { ticks, factor: None }
}

fn power_of_ten(power: i32) -> f64 {
    format!("1e{power}").parse().unwrap_or(f64::MAX)
}

fn power_label(power: i32) -> String {
    format!("$10^{{{power}}}$")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(ticks: &Ticks) -> Vec<&str> {
        ticks.ticks.iter().filter(|tick| !tick.minor).map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_numbers() {
        let ticks = |low, high| of(&Axis::default(), (low, high), 6);
        assert_eq!(labels(&ticks(-0.5, 10.5)), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(labels(&ticks(-0.05, 1.05)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&ticks(-1.1, 1.1)), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(labels(&ticks(1e-7, 9e-7)), ["2", "4", "6", "8"]);
        assert_eq!(ticks(1e-7, 9e-7).factor.as_deref(), Some("$\\times 10^{-7}$"));
        assert_eq!(labels(&ticks(0.0, 60_000.0)), ["0", "10000", "20000", "30000", "40000", "50000", "60000"]);
    }

    #[test]
    fn whole_numbers_stay_whole() {
        let axis = Axis { whole: true, ..Axis::default() };
        assert_eq!(labels(&of(&axis, (-0.2, 3.2), 10)), ["0", "1", "2", "3"]);
    }

    #[test]
    fn a_logarithmic_axis_has_powers_of_ten() {
        let axis = Axis { scale: Scale::Log, ..Axis::default() };
        assert_eq!(
            labels(&of(&axis, (0.005, 200.0), 6)),
            ["$10^{-2}$", "$10^{-1}$", "$10^{0}$", "$10^{1}$", "$10^{2}$"]
        );
        assert_eq!(labels(&of(&axis, (1e-300, 1e300), 5)).len(), 5);
        assert!(labels(&of(&axis, (2.0, 7.0), 5)).contains(&"3"));
    }

    proptest! {
        #[test]
        fn there_are_few_ticks_and_they_are_on_the_axis(a: f64, b: f64, room in 0usize..40, log: bool, whole: bool) {
            let axis = Axis { scale: if log { Scale::Log } else { Scale::Linear }, whole, ..Axis::default() };
            let found = of(&axis, (a, b), room);
            prop_assert!(found.ticks.len() <= 300);
            for tick in &found.ticks {
                prop_assert!(tick.at.is_finite());
                prop_assert!(tick.label.len() < 60, "{:?}", tick);
            }
        }
    }
}
