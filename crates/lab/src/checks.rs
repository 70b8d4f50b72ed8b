//! A lab and its checks, as plain types. `lyceum-curriculum` reads them from a course.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{DType, Value};

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Makes a text.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// Returns the text in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }

    /// Makes the text that a function makes of each language.
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self { zh: change(&self.zh), en: change(&self.en) }
    }
}

/// A language of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// Both languages.
    pub const ALL: [Language; 2] = [Language::Zh, Language::En];

    /// Returns the code that files and attributes name it by.
    pub fn code(self) -> &'static str {
        match self {
            Language::Zh => "zh",
            Language::En => "en",
        }
    }
}

/// A lab: what a learner's file has to be able to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lab {
    /// The unit that it belongs to.
    pub unit: String,
    /// What its files add up to: another version may grade otherwise.
    pub version: String,
    /// Whether inputs with the seed of the variant depend on the learner.
    pub variant: bool,
    /// What a run may use up.
    pub resources: Budget,
    /// Parts of data sets that the program cannot load, as in `digits/test`.
    pub withhold: Vec<String>,
    /// The checks, in the order in which they are shown.
    pub checks: Vec<Check>,
}

/// What a run of a lab may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Seconds of computing.
    pub cpu_seconds: u32,
    /// Memory in MiB.
    pub memory_mib: u32,
}

/// One check: something that a learner's file has to be able to do, and what to say of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Its name in the lab.
    pub id: String,
    /// What it is worth.
    pub points: u32,
    /// The skills that it shows.
    pub skills: Vec<String>,
    /// What it is about.
    pub title: Text,
    /// What is said when it passes.
    pub pass: Text,
    /// What is said when it fails and nothing more special is known.
    pub fail: Text,
    /// Help in stages, from a nudge to nearly the answer.
    pub hints: Vec<Text>,
    /// What is said of particular ways to fail.
    pub messages: BTreeMap<Failure, Text>,
    /// What is looked at.
    pub kind: Kind,
}

/// A way to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The program has nothing of that name.
    Missing,
    /// It raised an exception.
    Raised,
    /// The value is of another type.
    Type,
    /// The tensor has another shape, or the list another length.
    Shape,
    /// The tensor has another dtype.
    Dtype,
    /// The numbers differ.
    Value,
    /// The time was up.
    Timeout,
    /// The memory was.
    Memory,
}

impl Failure {
    /// Every way to fail.
    pub const ALL: [Failure; 8] = [
        Failure::Missing,
        Failure::Raised,
        Failure::Type,
        Failure::Shape,
        Failure::Dtype,
        Failure::Value,
        Failure::Timeout,
        Failure::Memory,
    ];

    /// Returns the name in `checks.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Failure::Missing => "missing",
            Failure::Raised => "raised",
            Failure::Type => "type",
            Failure::Shape => "shape",
            Failure::Dtype => "dtype",
            Failure::Value => "value",
            Failure::Timeout => "timeout",
            Failure::Memory => "memory",
        }
    }
}

/// The words in braces that a message may have; what was observed is put in their place.
pub const PLACEHOLDERS: [&str; 12] = [
    "target",
    "type",
    "expected_type",
    "shape",
    "expected_shape",
    "dtype",
    "expected_dtype",
    "line",
    "error",
    "value",
    "threshold",
    "difference",
];

/// What a check looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What a function or class gives.
    Call(Call),
    /// A gradient, against central differences of the solution's function.
    Gradient(Gradient),
    /// Predictions on hidden inputs.
    Predict(Predict),
    /// How the training went.
    Training(Training),
    /// How the file is written.
    Source(Source),
    /// What a module gives with the weights of the solution's.
    Equivalent(Equivalent),
}

/// What is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The dotted name in the learner's file.
    pub name: String,
    /// The target is a class; an object of it is made of these.
    pub init: Option<Inputs>,
    /// The method that is called.
    pub method: Option<String>,
}

/// Inputs of a call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// In their order.
    pub positional: Vec<Input>,
    /// By name.
    pub named: BTreeMap<String, Input>,
}

/// One call, and what it should give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// What it is given.
    pub inputs: Inputs,
    /// What it should give; what the solution gives when absent.
    pub expect: Option<Input>,
}

/// How far two numbers may be apart: `|a - b| <= atol + rtol * |b|`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tolerance {
    /// In relation to the expected number.
    pub rtol: f64,
    /// In itself.
    pub atol: f64,
}

/// A value that is handed to a learner's function, or how to make it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// It is written down.
    Plain(Value),
    /// A list.
    List(Vec<Input>),
    /// A tuple.
    Tuple(Vec<Input>),
    /// A tensor of random numbers.
    Random {
        /// How they are distributed.
        distribution: Distribution,
        /// The shape.
        shape: Vec<usize>,
        /// The element type.
        dtype: DType,
        /// Where the numbers start.
        seed: Seed,
    },
    /// A part of a data set.
    Data(DataSlice),
}

/// How random numbers are distributed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distribution {
    /// The normal distribution with mean 0 and deviation 1.
    Normal,
    /// Even from `low` to `high`.
    Uniform {
        /// The least.
        low: f64,
        /// The greatest.
        high: f64,
    },
    /// Whole numbers from `low`, included, to `high`, excluded.
    Integers {
        /// The least.
        low: i64,
        /// One more than the greatest.
        high: i64,
    },
}

/// The seed of random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seed {
    /// Always this one.
    Fixed(u64),
    /// One that depends on the learner and the unit.
    Variant,
}

/// A part of a data set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataSlice {
    /// The set.
    pub set: String,
    /// `train` or `test`; everything when absent.
    pub split: Option<String>,
    /// For images, the height and width.
    pub size: Option<usize>,
    /// Which of its columns.
    pub field: Field,
    /// From this row up to that one; all when absent.
    pub rows: Option<(usize, usize)>,
}

/// What is taken of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What predicts.
    Data,
    /// What is predicted.
    Target,
}

/// `call`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// What is called.
    pub target: Target,
    /// The calls.
    pub cases: Vec<Case>,
    /// How far numbers may be apart.
    pub tolerance: Tolerance,
    /// Whether a tensor must have the expected dtype.
    pub compare_dtype: bool,
}

/// `gradient`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gradient {
    /// What is called.
    pub target: Target,
    /// The solution's function that is differentiated.
    pub of: String,
    /// With respect to which of its positional arguments.
    pub wrt: Vec<usize>,
    /// The calls.
    pub cases: Vec<Inputs>,
    /// How far numbers may be apart.
    pub tolerance: Tolerance,
}

/// `predict`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predict {
    /// What is called with the inputs.
    pub target: Target,
    /// The hidden inputs.
    pub inputs: Input,
    /// Their labels, which never enter the child.
    pub labels: Input,
    /// What is done to the inputs first.
    pub prepare: Option<Prepare>,
    /// What comes out.
    pub output: Output,
    /// How it is scored.
    pub metric: Metric,
    /// The least score.
    pub at_least: Option<f64>,
    /// The greatest score.
    pub at_most: Option<f64>,
    /// How many seeds the program is run with; every one must pass.
    pub seeds: u32,
}

/// What is done to hidden inputs before they are handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prepare {
    /// Each column is shifted and scaled by the mean and deviation of the set's part for training.
    Standardise,
}

/// What a prediction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// A score for each class, `(N, C)`; or for two classes one, `(N,)` or `(N, 1)`, above 0 for class 1.
    Logits,
    /// A probability for each class, `(N, C)`; or that of class 1, `(N,)` or `(N, 1)`.
    Probabilities,
    /// The number of the class, `(N,)`.
    Classes,
    /// A number, `(N,)` or of the shape of the labels.
    Values,
}

/// How predictions are scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// The share of right classes.
    Accuracy,
    /// The mean squared error.
    Mse,
    /// The mean absolute error.
    Mae,
    /// The harmonic mean of precision and recall; over several classes its mean.
    F1,
    /// The exponential of the mean cross-entropy.
    Perplexity,
}

impl Metric {
    /// Returns the name in `checks.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Metric::Accuracy => "accuracy",
            Metric::Mse => "mse",
            Metric::Mae => "mae",
            Metric::F1 => "f1",
            Metric::Perplexity => "perplexity",
        }
    }
}

/// `training`: each bound that is given must hold of the run's events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// The last loss is below this.
    pub final_loss_below: Option<f64>,
    /// The first loss is so many times the last.
    pub loss_falls_by: Option<f64>,
    /// At least so many steps.
    pub steps_at_least: Option<u64>,
    /// At most so many steps.
    pub steps_at_most: Option<u64>,
    /// No loss is NaN or infinite.
    pub no_nan: bool,
    /// The run took fewer seconds of computing.
    pub seconds_below: Option<f64>,
    /// The run needed less memory.
    pub memory_mib_below: Option<f64>,
}

/// `source`: what the file's text must and must not have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Names that must be used.
    pub must_use: Vec<String>,
    /// Names that must not be.
    pub must_not_use: Vec<String>,
    /// Some class derives from this one.
    pub defines_class_from: Option<String>,
    /// The greatest number of lines of code.
    pub max_lines: Option<usize>,
}

/// `equivalent`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Equivalent {
    /// The module's class.
    pub target: Target,
    /// The calls.
    pub cases: Vec<Inputs>,
    /// How far numbers may be apart.
    pub tolerance: Tolerance,
}
