//! Probes: what is asked of a learner's program after it ended, and what each of them saw.
//!
//! A probe holds inputs and never an expected value. The child runs the probes in their order, in the
//! namespace that the program left, and sends each [`Observation`] as soon as it has it, so that a
//! program that hangs in one keeps what was seen before.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Exception, TensorValue, Value, facts::Sign};

/// One thing to ask of a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// The name that its observation goes by.
    pub id: String,
    /// The dotted name of what is called, in the program's own namespace.
    pub target: String,
    /// The target is a class: these make an object of it, which is then called.
    #[serde(default)]
    pub init: Option<Arguments>,
    /// The method to call; without it the target itself, or the object made of it.
    #[serde(default)]
    pub method: Option<String>,
    /// What it is called with.
    #[serde(default)]
    pub arguments: Arguments,
    /// What is done besides calling.
    #[serde(default)]
    pub mode: Mode,
}

/// What a call is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// In their order.
    #[serde(default)]
    pub positional: Vec<Value>,
    /// By their names.
    #[serde(default)]
    pub named: BTreeMap<String, Value>,
}

/// What a probe does besides calling.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nothing.
    #[default]
    Call,
    /// Calls without recording gradients, and a module in eval mode.
    Predict,
    /// Gives each parameter and buffer of the module random weights, which depend on the seed, its
    /// name and its shape alone; then predicts.
    Weights {
        /// The seed.
        seed: u64,
    },
    /// Differentiates the scalar result by central differences in float64 with respect to these
    /// positional arguments.
    Differentiate {
        /// Which arguments.
        wrt: Vec<usize>,
    },
}

/// What a probe saw. It comes from the learner's process, so it is untrusted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "saw", rename_all = "snake_case")]
pub enum Observation {
    /// The program has nothing of that name.
    Missing {
        /// The part of the name that is not there.
        name: String,
    },
    /// What has that name cannot be called.
    NotCallable {
        /// What it is.
        class: String,
    },
    /// An exception ended it.
    Raised {
        /// The exception.
        exception: Exception,
    },
    /// A value came back.
    Value {
        /// The value.
        value: Value,
        /// The names and shapes of the module's parameters and buffers, where weights were set.
        #[serde(default)]
        weights: Vec<(String, Vec<usize>)>,
    },
    /// The value is larger than what is passed on.
    TooLarge {
        /// About how many bytes it has.
        bytes: u64,
    },
}

impl Observation {
    /// The observation of a plain value.
    pub fn value(value: Value) -> Self {
        Observation::Value { value, weights: Vec::new() }
    }
}

/// Something of note that happened while a program ran, which no exception tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// A column `(N, 1)` and a row `(N,)` met in an operation and became `(N, N)`.
    Broadcast {
        /// The learner's line; 0 when it is not known.
        line: u32,
        /// The shape on the left.
        left: Vec<usize>,
        /// The shape on the right.
        right: Vec<usize>,
    },
    /// The program asked for a part of a data set that is withheld.
    Withheld {
        /// The learner's line; 0 when it is not known.
        line: u32,
        /// The set and the part, as in `digits/test`.
        split: String,
    },
    /// The run showed what is often a mistake.
    Sign(Sign),
    /// An exhibit of the unit could not be made of what the program left.
    NoExhibit {
        /// Which one, and why.
        message: String,
    },
}

/// Returns the random weights that a parameter of this name and shape gets: uniform from -0.5 to 0.5.
/// They depend on nothing else, so two modules with the same names get the same weights.
pub fn random_weights(seed: u64, name: &str, shape: &[usize]) -> Vec<f64> {
    let start = name.bytes().fold(seed, |state, byte| crate::random::mix(state ^ u64::from(byte)));
    let mut random = crate::random::Random::new(start);
    let numel = shape.iter().try_fold(1_usize, |product, size| product.checked_mul(*size)).unwrap_or_default();
    (0..numel).map(|_| random.uniform() - 0.5).collect()
}

/// A tensor among the inputs or outputs of a probe is at most so large, all together.
pub const MAX_VALUE_BYTES: usize = 8 << 20;

/// Returns about how many bytes a value takes.
pub fn weight(value: &Value) -> usize {
    match value {
        Value::Tensor(tensor) => TensorValue::bytes(tensor).len() + 64,
        Value::Str(text) | Value::Other(text) => text.len() + 16,
        Value::List(items) | Value::Tuple(items) => 16 + items.iter().map(weight).sum::<usize>(),
        Value::Dict(items) => 16 + items.iter().map(|(key, value)| weight(key) + weight(value)).sum::<usize>(),
        _ => 16,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_depend_on_seed_name_and_shape_alone() {
        let weights = random_weights(7, "fc.weight", &[2, 3]);
        assert_eq!(weights, random_weights(7, "fc.weight", &[2, 3]));
        assert_eq!(weights.len(), 6);
        assert!(weights.iter().all(|weight| (-0.5..0.5).contains(weight)));
        assert_ne!(weights, random_weights(8, "fc.weight", &[2, 3]));
        assert_ne!(weights, random_weights(7, "fc.bias", &[2, 3]));
    }

    #[test]
    fn a_probe_needs_only_a_name_and_a_target() {
        let probe: Probe = serde_json::from_str(r#"{"id":"mse/0","target":"mse"}"#).unwrap();
        assert_eq!((probe.mode, probe.arguments), (Mode::Call, Arguments::default()));
        assert!(serde_json::from_str::<Probe>(r#"{"id":"a","target":"b","expect":1}"#).is_err());
    }

    #[test]
    fn an_observation_says_what_it_saw() {
        let line = serde_json::to_string(&Observation::value(Value::Float(f64::NAN))).unwrap();
        assert_eq!(line, r#"{"saw":"value","value":{"float":"NaN"},"weights":[]}"#);
    }
}
