//! What a run and a file's text tell beside values, as plain types: the course of a training, and the
//! names that a program uses. Grading looks at them; making them of events and syntax trees is done
//! elsewhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Event;

/// How a training went, as its events tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// How often `backward()` was called on a single number.
    pub losses: u64,
    /// How many steps optimisers made.
    pub optimizer_steps: u64,
    /// The first of these numbers.
    pub first_loss: Option<f64>,
    /// The last of them.
    pub last_loss: Option<f64>,
    /// The least of them.
    pub least_loss: Option<f64>,
    /// Whether one of them was NaN or infinite, and at which step.
    pub not_finite_at: Option<u64>,
    /// Seconds from the program's start to the last event.
    pub last_event_seconds: f64,
    /// The first losses, at most [`Trace::KEPT`].
    pub curve: Vec<f64>,
}

impl Trace {
    /// How many losses are kept one by one.
    pub const KEPT: usize = 256;

    /// Takes an event in.
    pub fn take(&mut self, event: &Event) {
        self.last_event_seconds = event.time();
        match event {
            Event::Scalar { step, name, value, .. } if name == "loss" => {
                self.losses += 1;
                self.first_loss.get_or_insert(*value);
                self.last_loss = Some(*value);
                if value.is_finite() {
                    self.least_loss = Some(self.least_loss.map_or(*value, |least| least.min(*value)));
                } else {
                    self.not_finite_at.get_or_insert(*step);
                }
                if self.curve.len() < Self::KEPT {
                    self.curve.push(*value);
                }
            }
            Event::Scalar { .. }
            | Event::Figure { .. }
            | Event::Exhibit { .. }
            | Event::Graph { .. }
            | Event::Histogram { .. } => {}
            Event::Step { .. } => self.optimizer_steps += 1,
        }
    }

    /// Returns the number of steps: those of optimisers, or where there are none, the losses.
    pub fn steps(&self) -> u64 {
        if self.optimizer_steps > 0 { self.optimizer_steps } else { self.losses }
    }
}

/// What the text of a program tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFacts {
    /// Lines that hold more than blanks and comments.
    pub lines_of_code: usize,
    /// The dotted names that it uses, written out from the top of their module, with the first line of each.
    pub names: BTreeMap<String, u32>,
    /// Its classes.
    pub classes: Vec<ClassFacts>,
    /// The first line on which a name is looked up in a way that cannot be followed, such as `eval`.
    pub dynamic: Option<u32>,
    /// The mistakes that its text shows, by name.
    pub signs: Vec<Sign>,
    /// Why it could not be parsed: the line, and what is wrong.
    pub syntax_error: Option<(u32, String)>,
}

/// A class of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassFacts {
    /// Its name.
    pub name: String,
    /// Its bases, written out; those of a base in the same file included.
    pub bases: Vec<String>,
    /// Its line.
    pub line: u32,
}

/// Something in the text of a program, or in its run, that is often a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// What it is.
    pub kind: SignKind,
    /// The line.
    pub line: u32,
}

/// What is seen in the text of a program, or in its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignKind {
    /// An optimiser steps, and nothing calls `backward`.
    NoBackward,
    /// `backward` is called in a loop, and nothing clears the gradients; in a run, a gradient was added to one that had
    /// served for a step.
    NoZeroGrad,
    /// A softmax, and a loss that has one inside.
    SoftmaxBeforeCrossEntropy,
    /// A sigmoid, and a loss that has one inside.
    SigmoidBeforeLogits,
    /// Two sigmoids, one of the other.
    SigmoidTwice,
    /// `//` where numbers are divided.
    IntegerDivision,
    /// A module that behaves otherwise while training, and nothing calls `eval`; in a run, it worked as in training while
    /// no gradients were recorded.
    NoEval,
}

impl SourceFacts {
    /// Returns the first line that uses a name. `nn` and `F` stand for what they are usually imported as; a name is
    /// used where its parts occur in a row, so `softmax` is used by `torch.softmax` and by `x.softmax`.
    pub fn line_of(&self, name: &str) -> Option<u32> {
        let name = expanded(name);
        let wanted: Vec<&str> = name.split('.').collect();
        let is_used = |found: &str| {
            let found: Vec<&str> = found.split('.').collect();
            found.windows(wanted.len()).any(|part| part == wanted)
        };
        self.names.iter().filter(|(found, _)| is_used(found)).map(|(_, line)| *line).min()
    }

    /// Returns the first class that derives from this one.
    pub fn class_from(&self, base: &str) -> Option<&ClassFacts> {
        let wanted = expanded(base);
        let ends = |found: &String| *found == wanted || found.ends_with(&format!(".{wanted}"));
        self.classes.iter().find(|class| class.bases.iter().any(ends))
    }

    /// Returns the first line of a sign.
    pub fn sign(&self, kind: SignKind) -> Option<u32> {
        self.signs.iter().find(|sign| sign.kind == kind).map(|sign| sign.line)
    }
}

/// Writes a name out that begins with what torch's modules are usually imported as.
fn expanded(name: &str) -> String {
    match name.split_once('.') {
        Some(("nn", rest)) => format!("torch.nn.{rest}"),
        Some(("F", rest)) => format!("torch.nn.functional.{rest}"),
        Some(("optim", rest)) => format!("torch.optim.{rest}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_sums_up_the_events() {
        let mut trace = Trace::default();
        let loss = |step, value| Event::Scalar { step, name: "loss".into(), value, time: 0.0 };
        for (step, value) in [(1, 4.0), (2, 1.0), (3, f64::NAN), (4, 2.0)] {
            trace.take(&loss(step, value));
            trace.take(&Event::Step { step, optimizer: "SGD".into(), learning_rate: 0.1, time: 0.0 });
        }
        trace.take(&Event::Scalar { step: 4, name: "accuracy".into(), value: 9.0, time: 0.0 });
        assert_eq!((trace.losses, trace.steps()), (4, 4));
        assert_eq!((trace.first_loss, trace.last_loss, trace.least_loss), (Some(4.0), Some(2.0), Some(1.0)));
        assert_eq!(trace.not_finite_at, Some(3));
    }

    #[test]
    fn a_name_is_used_where_its_parts_are_in_a_row() {
        let mut facts = SourceFacts::default();
        facts.names.insert("torch.nn.functional.softmax".into(), 9);
        facts.names.insert("x.log_softmax".into(), 3);
        facts.names.insert("loss.backward".into(), 5);
        for (name, line) in [
            ("softmax", Some(9)),
            ("F.softmax", Some(9)),
            ("nn.functional", Some(9)),
            ("torch.nn", Some(9)),
            ("nn.softmax", None),
            ("backward", Some(5)),
            ("loss.backward", Some(5)),
            ("log_softmax", Some(3)),
            ("max", None),
        ] {
            assert_eq!(facts.line_of(name), line, "{name}");
        }
    }
}
