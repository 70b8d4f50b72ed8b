//! The check `predict`: scores predictions on hidden inputs against labels that never left the host.

use super::{
    Evidence, Key, Run,
    message::{self, Filling},
    probe_id,
    verdict::{Judged, failed, not_gradable, seen},
};
use crate::{
    Check, DType, Exhibit, Failure, Kind, Lab, Observation, TensorValue, Text, Value,
    checks::{Metric, Output, Predict},
    exhibit::{Content, Mistaken, Picture},
};

/// Judges predictions, one set for each run.
pub(super) fn judge(check: &Check, wanted: &Predict, key: &Key, evidence: &Evidence<'_>) -> Judged {
    let labels = key.labels.get(&check.id).ok_or_else(not_gradable)?;
    let runs = evidence.runs.get(..wanted.seeds as usize).ok_or_else(not_gradable)?;
    for run in runs {
        let value = seen(check, run, 0, evidence)?;
        let predicted =
            Predicted::read(value, labels, wanted.output).map_err(|wrong| wrong_form(check, wrong, value, labels))?;
        let score = predicted.score(labels, wanted.metric);
        let good =
            wanted.at_least.is_none_or(|bound| score >= bound) && wanted.at_most.is_none_or(|bound| score <= bound);
        if !good || score.is_nan() {
            let reaches = |bound: &f64| score >= *bound;
            let threshold = wanted.at_least.filter(|bound| !reaches(bound)).or(wanted.at_most);
            let filling = Filling { value: Some(score), threshold, ..Filling::of(check) };
            let observed = message::scored(wanted.metric, score, threshold, labels.numel());
            return Err(failed(check, Failure::Value, &filling, Some(observed)));
        }
    }
    Ok(())
}

/// Makes a confusion matrix of each check that looks at classes.
pub fn confusions(lab: &Lab, key: &Key, run: &Run) -> Vec<Exhibit> {
    let of = |check: &Check| -> Option<Exhibit> {
        let Kind::Predict(wanted) = &check.kind else { return None };
        let labels = key.labels.get(&check.id).filter(|labels| labels.dtype() == DType::Int64)?;
        let Observation::Value { value, .. } = run.report.observed.get(&probe_id(&check.id, 0))? else { return None };
        let predicted = Predicted::read(value, labels, wanted.output).ok()?;
        let images = key.images.get(&check.id);
        let names = key.classes.get(&check.id).map_or(&[][..], Vec::as_slice);
        let content = predicted.confusion(labels, images, names)?;
        let title = Text::new("没见过的数据上的混淆矩阵", "The confusion matrix on data that the model has not seen");
        Some(Exhibit { title, content })
    };
    lab.checks.iter().filter_map(of).collect()
}

/// What is wrong with predictions before they can be scored.
enum Wrong {
    Type,
    Shape,
    NoProbabilities,
}

fn wrong_form(check: &Check, wrong: Wrong, value: &Value, labels: &TensorValue) -> Box<super::verdict::Verdict> {
    let (shape, dtype) = match value {
        Value::Tensor(tensor) => (Some(tensor.shape().to_vec()), Some(tensor.dtype())),
        _ => (None, None),
    };
    let filling = Filling {
        seen_type: Some(value.type_name().to_owned()),
        expected_type: Some("Tensor".into()),
        shape,
        expected_shape: Some(labels.shape().to_vec()),
        dtype,
        ..Filling::of(check)
    };
    match wrong {
        Wrong::Type => failed(check, Failure::Type, &filling, None),
        Wrong::Shape => failed(check, Failure::Shape, &filling, Some(message::predictions(labels.numel()))),
        Wrong::NoProbabilities => failed(check, Failure::Value, &filling, Some(message::no_probabilities())),
    }
}

/// Predictions in a form that can be scored.
enum Predicted {
    /// The number of the class for each label; absent where there is none, as for NaN.
    Classes(Vec<Option<i64>>),
    /// For each label the logarithm of the probability of each class.
    LogProbabilities(Vec<Vec<f64>>),
    Values(Vec<f64>),
}

impl Predicted {
    fn read(value: &Value, labels: &TensorValue, output: Output) -> Result<Self, Wrong> {
        let (numbers, shape) = numbers_of(value).ok_or(Wrong::Type)?;
        let count = labels.numel();
        let columns = match (numbers.len(), count) {
            (0, 0) => 1,
            (numbers, count) if count > 0 && numbers % count == 0 && numbers > 0 => numbers / count,
            _ => return Err(Wrong::Shape),
        };
        // A (N, C) that was turned round is no set of predictions, whatever its size.
        let leads = shape.first().is_none_or(|first| labels.shape().first().is_none_or(|rows| first == rows));
        if !leads {
            return Err(Wrong::Shape);
        }
        match output {
            Output::Values if columns == 1 => Ok(Predicted::Values(numbers)),
            Output::Classes if columns == 1 => {
                let class = |number: &f64| (number.fract() == 0.0 && number.abs() < 1e9).then_some(*number as i64);
                Ok(Predicted::Classes(numbers.iter().map(class).collect()))
            }
            Output::Values | Output::Classes => Err(Wrong::Shape),
            Output::Logits if columns == 1 => {
                Ok(Predicted::LogProbabilities(numbers.iter().map(|z| vec![-softplus(*z), -softplus(-z)]).collect()))
            }
            Output::Logits => Ok(Predicted::LogProbabilities(numbers.chunks(columns).map(log_softmax).collect())),
            Output::Probabilities => {
                let is_one = |number: &f64| (-1e-4..=1.0 + 1e-4).contains(number);
                let rows: Vec<Vec<f64>> = match columns {
                    1 => numbers.iter().map(|p| vec![1.0 - p, *p]).collect(),
                    _ => numbers.chunks(columns).map(<[f64]>::to_vec).collect(),
                };
                let sums = |row: &Vec<f64>| (row.iter().sum::<f64>() - 1.0).abs() < 1e-2;
                if !numbers.iter().all(is_one) || !rows.iter().all(sums) {
                    return Err(Wrong::NoProbabilities);
                }
                let logarithms = |row: Vec<f64>| row.into_iter().map(|p| p.max(0.0).ln()).collect();
                Ok(Predicted::LogProbabilities(rows.into_iter().map(logarithms).collect()))
            }
        }
    }

    fn score(&self, labels: &TensorValue, metric: Metric) -> f64 {
        let truth = labels.numbers();
        let mean = |sum: f64| sum / truth.len() as f64;
        match (self, metric) {
            (Predicted::Values(values), Metric::Mae) => {
                mean(values.iter().zip(&truth).map(|(a, b)| (a - b).abs()).sum())
            }
            (Predicted::Values(values), _) => mean(values.iter().zip(&truth).map(|(a, b)| (a - b).powi(2)).sum()),
            (Predicted::LogProbabilities(rows), Metric::Perplexity) => {
                let surprise =
                    |(row, label): (&Vec<f64>, &f64)| -row.get(*label as usize).copied().unwrap_or(f64::NEG_INFINITY);
                mean(rows.iter().zip(&truth).map(surprise).sum()).exp()
            }
            (_, Metric::F1) => f1(&self.classes(), &truth),
            _ => mean(self.classes().iter().zip(&truth).filter(|(class, label)| hits(**class, **label)).count() as f64),
        }
    }

    /// Counts what was taken for what; `None` where that says nothing.
    fn confusion(&self, labels: &TensorValue, images: Option<&TensorValue>, names: &[String]) -> Option<Content> {
        /// A larger matrix cannot be looked at.
        const MOST_CLASSES: usize = 32;
        const MOST_MISTAKES: usize = 12;

        let truth: Vec<usize> = labels.numbers().iter().map(|label| *label as usize).collect();
        let predicted = self.classes();
        let classes = truth.iter().max().map_or(0, |largest| largest + 1).max(names.len());
        if matches!(self, Predicted::Values(_)) || !(2..=MOST_CLASSES).contains(&classes) {
            return None;
        }
        let mut counts = vec![vec![0; classes]; classes];
        let mut wrong = Vec::new();
        for (row, (truth, predicted)) in truth.iter().zip(predicted).enumerate() {
            // What is no class at all has no place in the matrix.
            let Some(predicted) = predicted.and_then(|class| usize::try_from(class).ok()) else { continue };
            if let Some(count) = counts.get_mut(*truth).and_then(|row| row.get_mut(predicted)) {
                *count += 1;
                if *truth != predicted {
                    wrong.push(Mistaken {
                        truth: *truth,
                        predicted,
                        probability: self.probability(row, predicted),
                        image: images.and_then(|images| picture(images, row)),
                    });
                }
            }
        }
        wrong.sort_by(|a, b| b.probability.unwrap_or_default().total_cmp(&a.probability.unwrap_or_default()));
        wrong.truncate(MOST_MISTAKES);
        let labels = (0..classes).map(|class| names.get(class).cloned().unwrap_or_else(|| class.to_string())).collect();
        Some(Content::Confusion { labels, counts, worst: wrong })
    }

    fn probability(&self, row: usize, class: usize) -> Option<f64> {
        match self {
            Predicted::LogProbabilities(rows) => rows.get(row)?.get(class).map(|logarithm| logarithm.exp()),
            Predicted::Classes(_) | Predicted::Values(_) => None,
        }
        .filter(|probability| probability.is_finite())
    }

    fn classes(&self) -> Vec<Option<i64>> {
        match self {
            Predicted::Classes(classes) => classes.clone(),
            Predicted::LogProbabilities(rows) => rows.iter().map(|row| largest(row)).collect(),
            Predicted::Values(values) => vec![None; values.len()],
        }
    }
}

/// Returns one image of `(N, 1, H, W)`.
fn picture(images: &TensorValue, row: usize) -> Option<Picture> {
    let one = images.rows(row, row + 1)?;
    let [_, 1, h, w] = one.shape() else { return None };
    let values = one.numbers().into_iter().map(|value| (value * 1e3).round() / 1e3).collect();
    Some(Picture { h: *h, w: *w, values })
}

fn hits(class: Option<i64>, label: f64) -> bool {
    class.is_some_and(|class| class as f64 == label)
}

/// The numbers of a tensor or of a list of numbers, and the shape.
fn numbers_of(value: &Value) -> Option<(Vec<f64>, Vec<usize>)> {
    match value {
        Value::Tensor(tensor) => Some((tensor.numbers(), tensor.shape().to_vec())),
        Value::List(items) | Value::Tuple(items) => {
            let numbers: Option<Vec<f64>> = items.iter().map(Value::as_number).collect();
            numbers.map(|numbers| (numbers, vec![items.len()]))
        }
        _ => None,
    }
}

/// The place of the largest number; none where one of them is NaN.
fn largest(row: &[f64]) -> Option<i64> {
    if row.iter().any(|number| number.is_nan()) {
        return None;
    }
    let mut best = 0;
    for (at, number) in row.iter().enumerate() {
        if *number > row[best] {
            best = at;
        }
    }
    i64::try_from(best).ok()
}

/// `ln(1 + e^z)`, for any `z`.
fn softplus(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

/// `z - ln(sum(e^z))`, for any `z`.
fn log_softmax(row: &[f64]) -> Vec<f64> {
    let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = row.iter().map(|z| (z - most).exp()).sum();
    row.iter().map(|z| z - most - sum.ln()).collect()
}

/// For two classes that of class 1, for more the mean over the classes.
fn f1(classes: &[Option<i64>], truth: &[f64]) -> f64 {
    let highest = truth.iter().copied().fold(0.0, f64::max) as i64;
    let of_class = |class: i64| {
        let count = |f: &dyn Fn(bool, bool) -> bool| {
            let pairs = classes.iter().zip(truth);
            pairs.filter(|(seen, label)| f(**seen == Some(class), **label == class as f64)).count() as f64
        };
        let (hits, false_alarms, misses) =
            (count(&|seen, is| seen && is), count(&|seen, is| seen && !is), count(&|seen, is| !seen && is));
        if hits == 0.0 { 0.0 } else { 2.0 * hits / (2.0 * hits + false_alarms + misses) }
    };
    if highest <= 1 { of_class(1) } else { (0..=highest).map(of_class).sum::<f64>() / (highest + 1) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DType;

    fn tensor(shape: &[usize], numbers: &[f64]) -> TensorValue {
        TensorValue::of_numbers(DType::Float64, shape.to_vec(), numbers).unwrap()
    }

    fn score(shape: &[usize], numbers: &[f64], labels: &[f64], output: Output, metric: Metric) -> Option<f64> {
        let labels = tensor(&[labels.len()], labels);
        let value = Value::Tensor(tensor(shape, numbers));
        Predicted::read(&value, &labels, output).ok().map(|predicted| predicted.score(&labels, metric))
    }

    #[test]
    fn each_output_can_be_scored() {
        use Metric::{Accuracy, F1, Mae, Mse, Perplexity};
        use Output::{Classes, Logits, Probabilities, Values};

        assert_eq!(score(&[2, 3], &[0.0, 5.0, 1.0, 9.0, 1.0, 1.0], &[1.0, 2.0], Logits, Accuracy), Some(0.5));
        assert_eq!(score(&[3], &[-1.0, 2.0, 3.0], &[0.0, 1.0, 0.0], Logits, Accuracy), Some(2.0 / 3.0));
        assert_eq!(score(&[2, 1], &[0.2, 0.9], &[0.0, 1.0], Probabilities, Accuracy), Some(1.0));
        assert_eq!(score(&[2], &[1.0, 0.0], &[1.0, 1.0], Classes, Accuracy), Some(0.5));
        assert_eq!(score(&[2], &[1.0, 3.0], &[0.0, 1.0], Values, Mse), Some(2.5));
        assert_eq!(score(&[2, 1], &[1.0, 3.0], &[0.0, 1.0], Values, Mae), Some(1.5));
        assert_eq!(score(&[4], &[1.0, 1.0, 0.0, 1.0], &[1.0, 0.0, 1.0, 1.0], Classes, F1), Some(2.0 / 3.0));
        let even = score(&[2, 4], &[0.0; 8], &[1.0, 3.0], Logits, Perplexity).unwrap();
        assert!((even - 4.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_prediction_has_no_score() {
        use Metric::Accuracy;

        assert_eq!(score(&[3, 2], &[0.0; 6], &[0.0, 1.0], Output::Logits, Accuracy), None);
        assert_eq!(score(&[5], &[0.0; 5], &[0.0, 1.0], Output::Logits, Accuracy), None);
        assert_eq!(score(&[0], &[], &[0.0, 1.0], Output::Classes, Accuracy), None);
        assert_eq!(score(&[2, 2], &[0.5, 0.9, 0.5, 0.5], &[0.0, 1.0], Output::Probabilities, Accuracy), None);
        let nan = score(&[2, 2], &[f64::NAN, 0.0, 0.0, f64::NAN], &[0.0, 1.0], Output::Logits, Accuracy);
        assert_eq!(nan, Some(0.0));
        assert_eq!(score(&[2], &[0.5, f64::NAN], &[0.0, 0.0], Output::Classes, Accuracy), Some(0.0));
        assert!(score(&[1], &[f64::NAN], &[0.0], Output::Values, Metric::Mse).unwrap().is_nan());
        let labels = tensor(&[1], &[0.0]);
        assert!(Predicted::read(&Value::Other("Liar".into()), &labels, Output::Values).is_err());
    }
}
