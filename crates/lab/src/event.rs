//! Events: what happens while a program runs.
//!
//! The engine itself reports every scalar `backward()` and every optimiser step, so a program needs
//! no line of code for its loss curve to be seen. On the wire every event has the same columns,
//! `step`, `name`, `value` and `time`, and `event` says what they mean:
//!
//! ```text
//! {"event":"scalar","step":3,"name":"loss","value":0.6931,"time":0.0182}
//! {"event":"step","step":3,"name":"SGD","value":0.01,"time":0.0184}
//! {"event":"figure","step":3,"name":"the loss","value":{"axes":[...],...},"time":0.0201}
//! ```

use serde::{Deserialize, Serialize};

use crate::{
    Exhibit, Figure,
    xray::{Graph, ParameterNumbers},
};

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A number at a step: the loss whose `backward()` was called, or what the program logged.
    Scalar {
        /// The training step that the number belongs to, counted from 1.
        step: u64,
        /// What is measured; a loss is named `loss`.
        name: String,
        /// The number; NaN and infinities are kept.
        #[serde(with = "crate::number")]
        value: f64,
        /// Seconds since the program started.
        #[serde(with = "crate::number")]
        time: f64,
    },
    /// An optimiser made a step.
    Step {
        /// How many steps there were with this one.
        step: u64,
        /// The optimiser's class, such as `SGD`.
        #[serde(rename = "name")]
        optimizer: String,
        /// The learning rate of its first parameter group.
        #[serde(rename = "value", with = "crate::number")]
        learning_rate: f64,
        /// Seconds since the program started.
        #[serde(with = "crate::number")]
        time: f64,
    },
    /// The program showed a figure.
    Figure {
        /// The training step that was the last one then.
        step: u64,
        /// What the figure is called.
        name: String,
        /// What is in it.
        #[serde(rename = "value")]
        figure: Box<Figure>,
        /// Seconds since the program started.
        #[serde(with = "crate::number")]
        time: f64,
    },
    /// What the unit shows of a program that has ended.
    Exhibit {
        /// The training step that was the last one then.
        step: u64,
        /// The title in English.
        name: String,
        /// The figure.
        #[serde(rename = "value")]
        exhibit: Box<Exhibit>,
        /// Seconds since the program started.
        #[serde(with = "crate::number")]
        time: f64,
    },
    /// The operations of a training step, in a run that is looked into.
    Graph {
        /// The training step.
        step: u64,
        /// What the operations end in: `loss`.
        name: String,
        /// The operations.
        #[serde(rename = "value")]
        graph: Box<Graph>,
        /// Seconds since the program started.
        #[serde(with = "crate::number")]
        time: f64,
    },
    /// A parameter after a pass back, in a run that is looked into.
    Histogram {
        /// The training step.
        step: u64,
        /// The parameter's name.
        name: String,
        /// Its numbers.
        #[serde(rename = "value")]
        numbers: Box<ParameterNumbers>,
        /// Seconds since the program started.
        #[serde(with = "crate::number")]
        time: f64,
    },
}

impl Event {
    /// Returns the step that the event belongs to.
    pub fn step(&self) -> u64 {
        match self {
            Event::Scalar { step, .. }
            | Event::Step { step, .. }
            | Event::Figure { step, .. }
            | Event::Exhibit { step, .. }
            | Event::Graph { step, .. }
            | Event::Histogram { step, .. } => *step,
        }
    }

    /// Returns the seconds from the program's start to the event.
    pub fn time(&self) -> f64 {
        match self {
            Event::Scalar { time, .. }
            | Event::Step { time, .. }
            | Event::Figure { time, .. }
            | Event::Exhibit { time, .. }
            | Event::Graph { time, .. }
            | Event::Histogram { time, .. } => *time,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(value: f64) -> Event {
        Event::Scalar { step: 3, name: "loss".into(), value, time: 0.5 }
    }

    #[test]
    fn every_event_has_the_same_four_columns() {
        let step = Event::Step { step: 3, optimizer: "SGD".into(), learning_rate: 0.01, time: 0.5 };
        let figure = Event::Figure { step: 3, name: "the loss".into(), figure: Box::default(), time: 0.5 };
        for event in [scalar(0.25), step.clone(), figure] {
            let json = serde_json::to_value(&event).unwrap();
            for column in ["event", "step", "name", "value", "time"] {
                assert!(json.get(column).is_some(), "{column} is missing in {json}");
            }
        }
        assert_eq!(
            serde_json::to_string(&step).unwrap(),
            r#"{"event":"step","step":3,"name":"SGD","value":0.01,"time":0.5}"#
        );
    }

    #[test]
    fn a_loss_that_is_not_a_number_is_kept() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MIN_POSITIVE] {
            let line = serde_json::to_string(&scalar(value)).unwrap();
            let Event::Scalar { value: read, .. } = serde_json::from_str(&line).unwrap() else {
                panic!("{line} is no scalar");
            };
            assert!(read == value || (read.is_nan() && value.is_nan()), "{line}");
        }
    }

    #[test]
    fn a_word_for_a_number_is_an_error_that_quotes_it() {
        let line = r#"{"event":"scalar","step":1,"name":"loss","value":"low","time":0}"#;
        let error = serde_json::from_str::<Event>(line).unwrap_err().to_string();
        assert!(error.contains("\"low\""), "{error}");
    }
}
