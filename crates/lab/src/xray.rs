//! What an X-ray of a training step shows: the graph of its operations, and the numbers in its parameters.
//!
//! These are plain types; the process that runs the program makes them, and they are as untrusted as everything else
//! that it sends. What they mean for the learner (a ReLU that is dead, a gradient that vanishes) is found by whoever
//! shows them.

use serde::{Deserialize, Serialize};

/// The operations between the parameters and a loss, the loss last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Graph {
    /// The operations, each after those that it takes its inputs from.
    pub nodes: Vec<GraphNode>,
    /// From which node to which values flow, by their ids.
    pub edges: Vec<(u32, u32)>,
    /// Whether there were more than [`Graph::MOST_NODES`], and the earliest are left out.
    pub truncated: bool,
}

impl Graph {
    /// More than this nobody can look at.
    pub const MOST_NODES: usize = 600;
}

/// An operation, or a parameter that operations begin with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GraphNode {
    /// Its number in the graph.
    pub id: u32,
    /// What it computes, such as `conv2d`; `parameter` where nothing is computed.
    pub op: String,
    /// The dotted name of the module that it ran in; empty outside of modules.
    #[serde(default)]
    pub module: String,
    /// The name of a parameter, as far as it has one.
    #[serde(default)]
    pub name: String,
    /// The shape of its output.
    pub shape: Vec<usize>,
    /// What its output is like.
    #[serde(default)]
    pub value: Option<Spread>,
    /// What the loss's gradient with respect to its output is like.
    #[serde(default)]
    pub gradient: Option<Spread>,
    /// Milliseconds that the operation took; several that one call made share its time.
    #[serde(with = "crate::number")]
    pub forward_ms: f64,
    /// Milliseconds that its derivative took.
    #[serde(with = "crate::number")]
    pub backward_ms: f64,
    /// How many bytes its output takes.
    pub bytes: u64,
}

/// How numbers are spread. What is not finite is counted, and left out of the rest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The least.
    #[serde(with = "crate::number")]
    pub min: f64,
    /// The greatest.
    #[serde(with = "crate::number")]
    pub max: f64,
    /// The mean.
    #[serde(with = "crate::number")]
    pub mean: f64,
    /// The standard deviation.
    #[serde(with = "crate::number")]
    pub std: f64,
    /// The share of zeros, from 0 to 1.
    #[serde(with = "crate::number")]
    pub zeros: f64,
    /// How many are NaN or infinite.
    pub not_finite: u64,
}

impl Spread {
    /// Sums numbers up; `None` where there are none.
    ///
    /// ```
    /// let spread = lyceum_lab::xray::Spread::of(&[0.0, 1.0, f64::NAN, 2.0]).unwrap();
    /// assert_eq!((spread.min, spread.max, spread.mean, spread.zeros, spread.not_finite), (0.0, 2.0, 1.0, 0.25, 1));
    /// ```
    pub fn of<T: Copy + Into<f64>>(numbers: &[T]) -> Option<Self> {
        if numbers.is_empty() {
            return None;
        }
        let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut sum, mut squares, mut finite, mut zeros) = (0.0, 0.0, 0_u64, 0_u64);
        for number in numbers {
            let number: f64 = (*number).into();
            if !number.is_finite() {
                continue;
            }
            finite += 1;
            zeros += u64::from(number == 0.0);
            min = min.min(number);
            max = max.max(number);
            sum += number;
            squares += number * number;
        }
        let mean = sum / finite as f64;
        let variance = (squares / finite as f64 - mean * mean).max(0.0);
        Some(Self {
            min,
            max,
            mean,
            std: variance.sqrt(),
            zeros: zeros as f64 / numbers.len() as f64,
            not_finite: numbers.len() as u64 - finite,
        })
    }
}

/// The numbers of a parameter, and those of its gradient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParameterNumbers {
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its values.
    pub value: Histogram,
    /// The gradient that the last pass brought, if one did.
    #[serde(default)]
    pub gradient: Option<Histogram>,
    /// The norm of the values.
    #[serde(with = "crate::number")]
    pub norm: f64,
    /// The norm of the gradient; 0 without one.
    #[serde(with = "crate::number")]
    pub gradient_norm: f64,
}

/// How many numbers lie in each of some equal parts of an interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// The least number.
    #[serde(with = "crate::number")]
    pub low: f64,
    /// The greatest.
    #[serde(with = "crate::number")]
    pub high: f64,
    /// How many lie in each part; those that are not finite in none.
    pub counts: Vec<u64>,
}

impl Histogram {
    /// Into how many parts the interval is cut.
    pub const PARTS: usize = 32;

    /// Counts numbers.
    ///
    /// ```
    /// let histogram = lyceum_lab::xray::Histogram::of(&[0.0, 0.0, 1.0]);
    /// assert_eq!((histogram.low, histogram.high), (0.0, 1.0));
    /// assert_eq!((histogram.counts[0], histogram.counts[31]), (2, 1));
    /// ```
    pub fn of<T: Copy + Into<f64>>(numbers: &[T]) -> Self {
        let finite = || numbers.iter().map(|number| (*number).into()).filter(|number: &f64| number.is_finite());
        let low = finite().fold(f64::INFINITY, f64::min);
        let high = finite().fold(f64::NEG_INFINITY, f64::max);
        let mut counts = vec![0; Self::PARTS];
        if low > high {
            return Self { low: 0.0, high: 0.0, counts };
        }
        let width = (high - low) / Self::PARTS as f64;
        for number in finite() {
            // A width of zero, or one that overflows, puts all of them in the first part.
            let part = ((number - low) / width) as usize;
            counts[part.min(Self::PARTS - 1)] += 1;
        }
        Self { low, high, counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hard_numbers_are_counted_and_break_nothing() {
        let numbers = [f64::MAX, f64::MIN, f64::NAN, f64::INFINITY, 0.0];
        assert_eq!(Spread::of(&numbers).unwrap().not_finite, 2);
        assert_eq!(Histogram::of(&numbers).counts.iter().sum::<u64>(), 3);
        assert_eq!(Histogram::of(&[3.0_f32; 7]).counts[0], 7);
        assert_eq!(Histogram::of::<f64>(&[]).counts.iter().sum::<u64>(), 0);
        assert_eq!(Spread::of::<f64>(&[]), None);
        let nothing_finite = Spread::of(&[f64::NAN]).unwrap();
        let line = serde_json::to_string(&nothing_finite).unwrap();
        assert_eq!(serde_json::from_str::<Spread>(&line).unwrap().not_finite, 1);
    }
}
