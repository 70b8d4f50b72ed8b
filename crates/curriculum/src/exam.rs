//! An exam: what is asked of one learner's program, and the key to grade it by.
//!
//! Inputs are made here, on the host, from seeds and data sets, and travel as plain data. What is
//! expected stays in the key.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use lyceum_data::{Catalogue, Content, Split, Target as Labels};
use lyceum_lab::{
    Arguments, Check, DType, Kind, Lab, Probe, TensorValue, Value,
    checks::{DataSlice, Distribution, Field, Input, Inputs, Prepare, Seed, Target},
    grading::{Key, probe_id},
    probe::Mode,
    random::{Random, mix},
};
use sha2::{Digest, Sha256};

/// What is asked, and the key.
#[derive(Clone, Debug, Default)]
pub struct Exam {
    /// What is asked of each run of the learner's program; there is one for each seed.
    pub runs: Vec<Vec<Probe>>,
    /// What is asked of the solution.
    pub reference: Vec<Probe>,
    /// What stays on the host.
    pub key: Key,
}

/// Why an exam could not be made: the lab is at fault, or its data is not here.
#[derive(Debug, thiserror::Error)]
pub enum ExamError {
    /// A data set cannot be read.
    #[error("check `{check}`: {source}")]
    Data {
        /// The check.
        check: String,
        /// Why.
        #[source]
        source: lyceum_data::Error,
    },
    /// A part of a data set is asked for that it has not.
    #[error("check `{check}`: {message}")]
    Slice {
        /// The check.
        check: String,
        /// What is wrong.
        message: String,
    },
}

/// Makes the exam of one learner.
///
/// # Errors
/// When a data set is missing, or has not what the lab takes of it.
pub fn prepare(lab: &Lab, learner: &str, catalogue: &Catalogue) -> Result<Exam, ExamError> {
    let variant = if lab.variant { variant(learner, &lab.unit) } else { 0 };
    let mut maker = Maker { catalogue, variant, drawn: 0, loaded: RefCell::default(), exam: Exam::default() };
    let seeds = lab.checks.iter().map(|check| match &check.kind {
        Kind::Predict(predict) => predict.seeds.max(1) as usize,
        _ => 1,
    });
    maker.exam.runs = vec![Vec::new(); seeds.max().unwrap_or(1)];
    for check in &lab.checks {
        maker.check(check).map_err(|error| error.in_check(&check.id))?;
    }
    Ok(maker.exam)
}

/// Returns the seed of a learner's variant of a unit.
pub fn variant(learner: &str, unit: &str) -> u64 {
    let mut hash = Sha256::new();
    hash.update((learner.len() as u64).to_le_bytes());
    hash.update(learner);
    hash.update(unit);
    let digest = hash.finalize();
    digest.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

enum Wrong {
    Data(lyceum_data::Error),
    Slice(String),
}

impl From<lyceum_data::Error> for Wrong {
    fn from(error: lyceum_data::Error) -> Self {
        Wrong::Data(error)
    }
}

impl Wrong {
    fn in_check(self, check: &str) -> ExamError {
        let check = check.to_owned();
        match self {
            Wrong::Data(source) => ExamError::Data { check, source },
            Wrong::Slice(message) => ExamError::Slice { check, message },
        }
    }
}

/// The columns of a part of a data set.
struct Columns {
    data: TensorValue,
    target: TensorValue,
    /// The names of the classes, where the target is classes that have names.
    classes: Vec<String>,
}

struct Maker<'a> {
    catalogue: &'a Catalogue,
    variant: u64,
    /// How many inputs were drawn from the variant, so that no two are the same.
    drawn: u64,
    loaded: RefCell<BTreeMap<(String, String, usize), Rc<Columns>>>,
    exam: Exam,
}

impl Maker<'_> {
    fn check(&mut self, check: &Check) -> Result<(), Wrong> {
        match &check.kind {
            Kind::Call(call) => {
                for (case, wanted) in call.cases.iter().enumerate() {
                    let probe = self.probe(check, case, &call.target, &wanted.inputs, Mode::Call)?;
                    match &wanted.expect {
                        Some(expect) => {
                            let expect = self.value(expect)?;
                            self.exam.key.expected.insert(probe.id.clone(), expect);
                        }
                        None => self.exam.reference.push(probe.clone()),
                    }
                    self.ask(probe);
                }
            }
            Kind::Gradient(gradient) => {
                for (case, inputs) in gradient.cases.iter().enumerate() {
                    let probe = self.probe(check, case, &gradient.target, inputs, Mode::Call)?;
                    self.exam.reference.push(Probe {
                        target: gradient.of.clone(),
                        init: None,
                        method: None,
                        mode: Mode::Differentiate { wrt: gradient.wrt.clone() },
                        ..probe.clone()
                    });
                    self.ask(probe);
                }
            }
            Kind::Equivalent(equivalent) => {
                let mode = Mode::Weights { seed: mix(self.variant ^ 0x5eed) };
                for (case, inputs) in equivalent.cases.iter().enumerate() {
                    let probe = self.probe(check, case, &equivalent.target, inputs, mode.clone())?;
                    self.exam.reference.push(probe.clone());
                    self.ask(probe);
                }
            }
            Kind::Predict(predict) => {
                let mut inputs = self.value(&predict.inputs)?;
                let labels = self.value(&predict.labels)?;
                if let (Some(Prepare::Standardise), Value::Tensor(data), Input::Data(slice)) =
                    (predict.prepare, &inputs, &predict.inputs)
                {
                    inputs = Value::Tensor(self.standardised(data, slice)?);
                }
                let Value::Tensor(labels) = labels else {
                    return Err(Wrong::Slice("the labels are no tensor".into()));
                };
                if let Value::Tensor(images) = &inputs
                    && let [_, 1, _, _] = images.shape()
                {
                    self.exam.key.images.insert(check.id.clone(), images.clone());
                }
                if let Input::Data(slice) = &predict.labels {
                    self.exam.key.classes.insert(check.id.clone(), self.of_slice(slice)?.classes.clone());
                }
                let init = predict.target.init.as_ref().map(|init| self.arguments(init)).transpose()?;
                let probe = Probe {
                    id: probe_id(&check.id, 0),
                    target: predict.target.name.clone(),
                    init,
                    method: predict.target.method.clone(),
                    arguments: Arguments { positional: vec![inputs], named: BTreeMap::new() },
                    mode: Mode::Predict,
                };
                self.exam.key.labels.insert(check.id.clone(), labels);
                self.exam.key.calls.insert(probe.id.clone(), written(&probe));
                for run in self.exam.runs.iter_mut().take(predict.seeds.max(1) as usize) {
                    run.push(probe.clone());
                }
            }
            Kind::Training(_) | Kind::Source(_) => {}
        }
        Ok(())
    }

    fn ask(&mut self, probe: Probe) {
        self.exam.key.calls.insert(probe.id.clone(), written(&probe));
        if let Some(first) = self.exam.runs.first_mut() {
            first.push(probe);
        }
    }

    fn probe(
        &mut self,
        check: &Check,
        case: usize,
        target: &Target,
        inputs: &Inputs,
        mode: Mode,
    ) -> Result<Probe, Wrong> {
        Ok(Probe {
            id: probe_id(&check.id, case),
            target: target.name.clone(),
            init: target.init.as_ref().map(|init| self.arguments(init)).transpose()?,
            method: target.method.clone(),
            arguments: self.arguments(inputs)?,
            mode,
        })
    }

    fn arguments(&mut self, inputs: &Inputs) -> Result<Arguments, Wrong> {
        Ok(Arguments {
            positional: inputs.positional.iter().map(|input| self.value(input)).collect::<Result<_, _>>()?,
            named: inputs
                .named
                .iter()
                .map(|(name, input)| Ok((name.clone(), self.value(input)?)))
                .collect::<Result<_, Wrong>>()?,
        })
    }

    fn value(&mut self, input: &Input) -> Result<Value, Wrong> {
        let mut values = |inputs: &[Input]| inputs.iter().map(|input| self.value(input)).collect::<Result<_, _>>();
        Ok(match input {
            Input::Plain(value) => value.clone(),
            Input::List(inputs) => Value::List(values(inputs)?),
            Input::Tuple(inputs) => Value::Tuple(values(inputs)?),
            Input::Random { distribution, shape, dtype, seed } => {
                Value::Tensor(self.random(*distribution, shape, *dtype, *seed))
            }
            Input::Data(slice) => Value::Tensor(self.slice(slice)?),
        })
    }

    fn random(&mut self, distribution: Distribution, shape: &[usize], dtype: DType, seed: Seed) -> TensorValue {
        let seed = match seed {
            Seed::Fixed(seed) => seed,
            Seed::Variant => {
                self.drawn += 1;
                mix(self.variant.wrapping_add(self.drawn))
            }
        };
        let mut random = Random::new(seed);
        let numel = shape.iter().product();
        let numbers: Vec<f64> = (0..numel)
            .map(|_| match distribution {
                Distribution::Normal => random.normal(),
                Distribution::Uniform { low, high } => low + (high - low) * random.uniform(),
                Distribution::Integers { low, high } => random.integer(low, high) as f64,
            })
            .collect();
        TensorValue::of_numbers(dtype, shape.to_vec(), &numbers).expect("there are as many numbers as the shape says")
    }

    fn slice(&self, slice: &DataSlice) -> Result<TensorValue, Wrong> {
        let split = slice.split.as_deref().unwrap_or("all");
        let columns = self.of_slice(slice)?;
        let column = match slice.field {
            Field::Data => &columns.data,
            Field::Target => &columns.target,
        };
        match slice.rows {
            None => Ok(column.clone()),
            Some((first, end)) => column.rows(first, end).ok_or_else(|| {
                let rows = column.shape().first().copied().unwrap_or_default();
                Wrong::Slice(format!("{}/{split} has {rows} rows, not rows {first} to {end}", slice.set))
            }),
        }
    }

    fn of_slice(&self, slice: &DataSlice) -> Result<Rc<Columns>, Wrong> {
        self.columns(&slice.set, slice.split.as_deref().unwrap_or("all"), slice.size.unwrap_or_default())
    }

    /// Loads a part of a set as the child would load it, once.
    fn columns(&self, set: &str, split: &str, size: usize) -> Result<Rc<Columns>, Wrong> {
        let name = (set.to_owned(), split.to_owned(), size);
        if let Some(columns) = self.loaded.borrow().get(&name) {
            return Ok(Rc::clone(columns));
        }
        let part = match split {
            "train" => Split::Train,
            "test" => Split::Test,
            _ => Split::All,
        };
        let columns = columns(self.catalogue.load(set, part)?, size)
            .ok_or_else(|| Wrong::Slice(format!("{set} has no columns of size {size}")))?;
        let columns = Rc::new(columns);
        self.loaded.borrow_mut().insert(name, Rc::clone(&columns));
        Ok(columns)
    }

    /// Shifts and scales each column by the mean and the deviation that it has in the set's part for training.
    fn standardised(&self, data: &TensorValue, slice: &DataSlice) -> Result<TensorValue, Wrong> {
        let columns = self.columns(&slice.set, "train", slice.size.unwrap_or_default())?;
        let train = &columns.data;
        let [rows, columns] = train.shape() else {
            return Err(Wrong::Slice("only a table can be standardised".into()));
        };
        let (known, mut numbers) = (train.numbers(), data.numbers());
        for column in 0..*columns {
            let of_column = || known.iter().skip(column).step_by(*columns);
            let mean = of_column().sum::<f64>() / *rows as f64;
            let deviation = (of_column().map(|x| (x - mean).powi(2)).sum::<f64>() / *rows as f64).sqrt();
            for number in numbers.iter_mut().skip(column).step_by(*columns) {
                *number = (*number - mean) / if deviation > 0.0 { deviation } else { 1.0 };
            }
        }
        TensorValue::of_numbers(DType::Float32, data.shape().to_vec(), &numbers)
            .ok_or_else(|| Wrong::Slice("the columns differ from those for training".into()))
    }
}

/// The tensors that `lyceum.data.load` gives of a set.
fn columns(content: Content, size: usize) -> Option<Columns> {
    let whole = |labels: &[i64]| {
        let bytes = labels.iter().flat_map(|label| label.to_le_bytes()).collect();
        TensorValue::new(DType::Int64, vec![labels.len()], bytes)
    };
    match content {
        Content::Table(table) if size == 0 => {
            let rows = table.rows();
            let data = TensorValue::of_numbers(DType::Float32, vec![rows, table.feature_names.len()], &table.features)?;
            let target = match &table.target {
                Labels::Classes { labels, .. } => whole(labels)?,
                Labels::Integers(values) => whole(values)?,
                Labels::Numbers(values) => TensorValue::of_numbers(DType::Float32, vec![rows], values)?,
            };
            let classes = match table.target {
                Labels::Classes { names, .. } => names,
                Labels::Integers(_) | Labels::Numbers(_) => Vec::new(),
            };
            Some(Columns { data, target, classes })
        }
        Content::Images { images, class_names } => {
            let (height, width) = if size > 0 { (size, size) } else { (images.height, images.width) };
            let pixels = if size > 0 { images.resized(size).ok()? } else { images.brightness() };
            let bytes = pixels.iter().flat_map(|pixel| pixel.to_le_bytes()).collect();
            let data = TensorValue::new(DType::Float32, vec![images.count(), 1, height, width], bytes)?;
            let labels: Vec<i64> = images.labels.iter().map(|label| i64::from(*label)).collect();
            Some(Columns { data, target: whole(&labels)?, classes: class_names })
        }
        Content::Table(_) | Content::Text(_) => None,
    }
}

/// A call as a person would write it, with tensors by their shapes.
fn written(probe: &Probe) -> String {
    let arguments = |arguments: &Arguments| -> String {
        let positional = arguments.positional.iter().map(short);
        let named = arguments.named.iter().map(|(name, value)| format!("{name}={}", short(value)));
        positional.chain(named).collect::<Vec<_>>().join(", ")
    };
    let mut text = probe.target.clone();
    if let Some(init) = &probe.init {
        text += &format!("({})", arguments(init));
    }
    if let Some(method) = &probe.method {
        text += &format!(".{method}");
    }
    text + &format!("({})", arguments(&probe.arguments))
}

fn short(value: &Value) -> String {
    match value {
        Value::Tensor(tensor) if tensor.numel() <= 4 => {
            let numbers: Vec<String> = tensor.numbers().iter().map(|number| format!("{}", *number as f32)).collect();
            match tensor.shape() {
                [] => format!("tensor({})", numbers.join("")),
                [_] => format!("tensor([{}])", numbers.join(", ")),
                shape => format!("tensor{shape:?}").replace('[', "(").replace(']', ")"),
            }
        }
        Value::Tensor(tensor) => match tensor.shape() {
            [size] => format!("tensor({size},)"),
            shape => format!("tensor{shape:?}").replace('[', "(").replace(']', ")"),
        },
        Value::None => "None".into(),
        Value::Bool(value) => if *value { "True" } else { "False" }.into(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Str(text) => format!("{text:?}"),
        Value::List(items) if items.len() <= 4 => {
            format!("[{}]", items.iter().map(short).collect::<Vec<_>>().join(", "))
        }
        other => other.type_name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maker(variant: u64) -> Maker<'static> {
        let catalogue = Box::leak(Box::new(Catalogue::built_in()));
        Maker { catalogue, variant, drawn: 0, loaded: RefCell::default(), exam: Exam::default() }
    }

    #[test]
    fn variants_depend_on_learner_and_unit_alone() {
        assert_eq!(variant("ada", "cnn"), variant("ada", "cnn"));
        assert_ne!(variant("ada", "cnn"), variant("ada", "losses"));
        assert_ne!(variant("ada", "cnn"), variant("adac", "nn"));
        let draw = |variant, seed| maker(variant).random(Distribution::Normal, &[4], DType::Float32, seed);
        assert_eq!(draw(1, Seed::Fixed(3)), draw(2, Seed::Fixed(3)));
        assert_ne!(draw(1, Seed::Variant), draw(2, Seed::Variant));
        let mut one = maker(1);
        let mut next = || one.random(Distribution::Normal, &[4], DType::Float32, Seed::Variant);
        assert_ne!(next(), next());
    }

    #[test]
    fn slices_are_those_of_the_program() {
        let slice =
            |set: &str, field, rows, size| DataSlice { set: set.into(), split: Some("test".into()), size, field, rows };
        let iris = maker(0).slice(&slice("iris", Field::Data, Some((0, 3)), None)).ok().unwrap();
        assert_eq!(iris.shape(), [3, 4]);
        let digits = maker(0).slice(&slice("digits", Field::Data, Some((0, 2)), Some(28))).ok().unwrap();
        assert_eq!((digits.shape(), digits.dtype()), ([2, 1, 28, 28].as_slice(), DType::Float32));
        let labels = maker(0).slice(&slice("digits", Field::Target, None, Some(28))).ok().unwrap();
        assert_eq!(labels.dtype(), DType::Int64);
        assert!(maker(0).slice(&slice("iris", Field::Data, Some((0, 1000)), None)).is_err());
        assert!(maker(0).slice(&slice("nothing", Field::Data, None, None)).is_err());
        assert!(maker(0).slice(&slice("iris", Field::Data, None, Some(28))).is_err());
    }
}
