//! The classic mistakes of the field, recognised by what was observed.
//!
//! Each needs a fact of the run (an event, a shape, a value) and, where the fact alone could have
//! another cause, a sign in the program's text. What is recognised explains a failure; it never makes
//! one.

use serde::{Deserialize, Serialize};

use super::{Evidence, Key, probe_id};
use crate::{Kind, Lab, Notice, Observation, TensorValue, Text, Value, checks::Output, facts::SignKind};

/// A mistake that was recognised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mistake {
    /// Which one.
    pub kind: MistakeKind,
    /// What it is and how it is put right.
    pub message: Text,
    /// The learner's line, if one is known.
    pub line: Option<u32>,
}

/// The mistakes that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MistakeKind {
    /// Steps without gradients.
    ForgotBackward,
    /// Gradients that add up from step to step.
    ForgotZeroGrad,
    /// A softmax before a loss that has one inside.
    SoftmaxBeforeCrossEntropy,
    /// A sigmoid of a sigmoid, in the program or in the loss.
    SigmoidTwice,
    /// A sum, mean or softmax along the wrong dimension.
    WrongDim,
    /// `//` for `/`.
    IntegerDivision,
    /// A column beside a row became a square.
    ColumnAgainstRow,
    /// What is judged by was seen while training.
    DataLeak,
    /// A module was measured while it was in its mode for training.
    TrainModeAtEvaluation,
}

/// Recognises the mistakes of a submission that did not pass.
pub(super) fn recognise(lab: &Lab, key: &Key, evidence: &Evidence<'_>) -> Vec<Mistake> {
    let seen = Seen { lab, key, evidence };
    [
        seen.forgot_backward(),
        seen.forgot_zero_grad(),
        seen.softmax_before_cross_entropy(),
        seen.sigmoid_twice(),
        seen.wrong_dim(),
        seen.integer_division(),
        seen.column_against_row(),
        seen.data_leak(),
        seen.train_mode(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn mistake(kind: MistakeKind, line: Option<u32>, zh: &str, en: &str) -> Option<Mistake> {
    Some(Mistake { kind, message: Text::new(zh, en), line })
}

/// A line, unless it is the 0 that stands for none.
fn known(line: u32) -> Option<u32> {
    (line > 0).then_some(line)
}

/// All that was seen of a submission.
struct Seen<'a> {
    lab: &'a Lab,
    key: &'a Key,
    evidence: &'a Evidence<'a>,
}

impl<'a> Seen<'a> {
    fn sign(&self, kind: SignKind) -> Option<u32> {
        self.evidence.source.sign(kind)
    }

    /// The line on which the run itself showed a mistake; 0 when the line is not known.
    fn shown(&self, kind: SignKind) -> Option<u32> {
        self.notices().find_map(|notice| match notice {
            Notice::Sign(sign) if sign.kind == kind => Some(sign.line),
            _ => None,
        })
    }

    /// The line of a mistake that the run showed, or that the text shows and that is likely. The text knows best where
    /// it has to be put right.
    fn line_of(&self, kind: SignKind, is_likely: impl FnOnce() -> bool) -> Option<u32> {
        let written = self.sign(kind);
        match self.shown(kind) {
            Some(line) => Some(written.unwrap_or(line)),
            None => written.filter(|_| is_likely()),
        }
    }

    /// What the first run's probes gave, with what was expected of each.
    fn values(&self) -> impl Iterator<Item = (&'a Value, &'a Value)> {
        let (key, evidence) = (self.key, self.evidence);
        evidence.runs.first().into_iter().flat_map(|run| &run.report.observed).filter_map(move |(id, observation)| {
            let Observation::Value { value: seen, .. } = observation else { return None };
            let reference = evidence.reference.and_then(|report| report.observed.get(id));
            let expected = key.expected.get(id).or(match reference {
                Some(Observation::Value { value, .. }) => Some(value),
                _ => None,
            })?;
            Some((expected, seen))
        })
    }

    fn notices(&self) -> impl Iterator<Item = &'a Notice> {
        self.evidence.runs.iter().flat_map(|run| &run.report.notices)
    }

    /// What a check of predictions saw, for those with such an output.
    fn predictions(&self, wanted: Output) -> impl Iterator<Item = &'a TensorValue> {
        let (lab, evidence) = (self.lab, self.evidence);
        lab.checks.iter().filter_map(move |check| {
            let Kind::Predict(predict) = &check.kind else { return None };
            let observation = evidence.runs.first()?.report.observed.get(&probe_id(&check.id, 0))?;
            match observation {
                Observation::Value { value: Value::Tensor(tensor), .. } if predict.output == wanted => Some(tensor),
                _ => None,
            }
        })
    }

    fn forgot_backward(&self) -> Option<Mistake> {
        let trace = &self.evidence.runs.first()?.trace;
        if trace.optimizer_steps == 0 || trace.losses > 0 {
            return None;
        }
        let line = self.sign(SignKind::NoBackward)?;
        mistake(
            MistakeKind::ForgotBackward,
            Some(line),
            "优化器走了步，却从来没有调用 `backward()`：梯度始终是空的，参数不会变。在 `step()` 之前调用 `loss.backward()`。",
            "The optimiser stepped, but nothing called `backward()`: there are no gradients, so no parameter moves. Call `loss.backward()` before `step()`.",
        )
    }

    fn forgot_zero_grad(&self) -> Option<Mistake> {
        // A change through `.data` hides that the gradient has served; then the text has to tell.
        let trains = || self.evidence.runs.first().is_some_and(|run| run.trace.losses >= 2);
        let line = self.line_of(SignKind::NoZeroGrad, trains)?;
        mistake(
            MistakeKind::ForgotZeroGrad,
            known(line),
            "梯度从不清零：每次 `backward()` 都加到上一次的梯度上，步子越来越大。每一步先调用 `optimizer.zero_grad()`（或把 `.grad` 设为 `None`）。",
            "The gradients are never cleared: each `backward()` adds to those before, so the steps grow. Call `optimizer.zero_grad()` in every step, or set `.grad` to `None`.",
        )
    }

    fn softmax_before_cross_entropy(&self) -> Option<Mistake> {
        // Where the outputs were seen, they have to look like probabilities.
        let is_likely = || {
            let mut outputs = self.predictions(Output::Logits).peekable();
            outputs.peek().is_none() || outputs.any(rows_are_probabilities)
        };
        let line = self.line_of(SignKind::SoftmaxBeforeCrossEntropy, is_likely)?;
        mistake(
            MistakeKind::SoftmaxBeforeCrossEntropy,
            known(line),
            "交叉熵损失里面已经有 softmax，前面不要再做一次：模型应当给出 logit。两次 softmax 会压平梯度，训练很慢。",
            "The cross-entropy loss has a softmax inside, so the model must give logits. A second softmax flattens the gradients, and training crawls.",
        )
    }

    fn sigmoid_twice(&self) -> Option<Mistake> {
        // A sigmoid of a probability lies between 0.5 and 0.7311.
        let squeezed =
            |tensor: &TensorValue| tensor.numel() > 8 && tensor.numbers().iter().all(|p| (0.499..=0.7312).contains(p));
        let is_squeezed = || {
            self.predictions(Output::Probabilities).any(squeezed)
                || self.values().any(|(_, seen)| matches!(seen, Value::Tensor(tensor) if squeezed(tensor)))
        };
        let twice = self.line_of(SignKind::SigmoidTwice, is_squeezed);
        let line = twice.or_else(|| self.line_of(SignKind::SigmoidBeforeLogits, || true))?;
        mistake(
            MistakeKind::SigmoidTwice,
            known(line),
            "sigmoid 做了两次：`BCEWithLogitsLoss` 里面已经有一次，或者模型与后面的代码各做了一次。概率都挤在 0.5 到 0.73 之间。",
            "The sigmoid is applied twice: `BCEWithLogitsLoss` has one inside, or both the model and the code after it do it. All probabilities end up between 0.5 and 0.73.",
        )
    }

    fn wrong_dim(&self) -> Option<Mistake> {
        let is_wrong = |(expected, seen): (&Value, &Value)| match (expected, seen) {
            (Value::Tensor(expected), Value::Tensor(seen)) => along_another_dim(expected, seen),
            _ => false,
        };
        if !self.values().any(is_wrong) {
            return None;
        }
        mistake(
            MistakeKind::WrongDim,
            None,
            "`dim` 选错了：结果是沿另一个维度算出来的。对 `(N, C)`，`dim=1` 在每一行之内计算，`dim=0` 在每一列之内。",
            "The wrong `dim`: this was computed along another dimension. For `(N, C)`, `dim=1` works within each row and `dim=0` within each column.",
        )
    }

    fn integer_division(&self) -> Option<Mistake> {
        let line = self.sign(SignKind::IntegerDivision)?;
        let numbers = |value: &Value| match value {
            Value::Tensor(tensor) => tensor.numbers(),
            value => value.as_number().into_iter().collect(),
        };
        let is_cut = |(expected, seen): (&Value, &Value)| {
            let (expected, seen) = (numbers(expected), numbers(seen));
            expected.len() == seen.len()
                && expected.iter().any(|number| number.fract() != 0.0)
                && seen.iter().all(|number| number.fract() == 0.0)
        };
        if !self.values().any(is_cut) {
            return None;
        }
        mistake(
            MistakeKind::IntegerDivision,
            Some(line),
            "`//` 会把结果向下取整，小数部分就丢了。要的是 `/`。",
            "`//` rounds down, and what comes after the point is lost. You want `/`.",
        )
    }

    fn column_against_row(&self) -> Option<Mistake> {
        let notice = self.notices().find_map(|notice| match notice {
            Notice::Broadcast { line, left, right } => Some((*line, left.clone(), right.clone())),
            _ => None,
        })?;
        let (line, left, right) = notice;
        let shapes = format!("{} – {}", super::message::shown_shape(&left), super::message::shown_shape(&right));
        let count = left.iter().product::<usize>().max(right.iter().product());
        mistake(
            MistakeKind::ColumnAgainstRow,
            known(line),
            &format!(
                "一列与一行相遇（{shapes}），广播成了 ({count}, {count})：每个预测都与每个目标相比。先把两边变成同一形状，例如 `y.view(-1, 1)` 或 `pred.squeeze(1)`。"
            ),
            &format!(
                "A column met a row ({shapes}) and broadcasting made ({count}, {count}) of them: every prediction is compared with every target. Give both the same shape first, with `y.view(-1, 1)` or `pred.squeeze(1)`."
            ),
        )
    }

    fn data_leak(&self) -> Option<Mistake> {
        let (line, split) = self.notices().find_map(|notice| match notice {
            Notice::Withheld { line, split } => Some((*line, split.clone())),
            _ => None,
        })?;
        mistake(
            MistakeKind::DataLeak,
            known(line),
            &format!(
                "程序想读取 `{split}`，而你的模型正是用它来评判的：训练时见过的数据，量不出模型学到了什么。只用训练部分。"
            ),
            &format!(
                "The program asked for `{split}`, which is what your model is judged by: data that was seen in training cannot tell what was learned. Use the part for training alone."
            ),
        )
    }

    fn train_mode(&self) -> Option<Mistake> {
        let is_measured = || self.lab.checks.iter().any(|check| matches!(check.kind, Kind::Predict(_) | Kind::Call(_)));
        let line = self.line_of(SignKind::NoEval, is_measured)?;
        mistake(
            MistakeKind::TrainModeAtEvaluation,
            known(line),
            "模型里有 Dropout 或 BatchNorm，却从未调用 `eval()`：评估时它们仍按训练的方式工作，预测因此带有噪声。评估前调用 `model.eval()`。",
            "The model has Dropout or BatchNorm, and nothing calls `eval()`: at evaluation they still work as in training, so predictions are noisy. Call `model.eval()` before you measure.",
        )
    }
}

/// Says whether each row is made of numbers from 0 to 1 that sum to 1.
fn rows_are_probabilities(tensor: &TensorValue) -> bool {
    let [_, columns] = tensor.shape() else { return false };
    let numbers = tensor.numbers();
    *columns > 1
        && !numbers.is_empty()
        && numbers.iter().all(|p| (-1e-6..=1.0 + 1e-6).contains(p))
        && numbers.chunks(*columns).all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-3)
}

/// Says whether a tensor looks like the expected one computed along another dimension: a sum that left the other
/// dimension, or a softmax whose columns sum to 1 in place of its rows.
fn along_another_dim(expected: &TensorValue, seen: &TensorValue) -> bool {
    match (expected.shape(), seen.shape()) {
        ([rows, columns], [other_rows, other_columns]) if rows == other_rows && columns == other_columns => {
            let numbers = seen.numbers();
            let columns_sum = (0..*columns).all(|column| {
                let sum: f64 = numbers.iter().skip(column).step_by(*columns).sum();
                (sum - 1.0).abs() < 1e-3
            });
            rows_are_probabilities(expected) && !rows_are_probabilities(seen) && *rows > 1 && columns_sum
        }
        ([a, 1] | [a], [1, b] | [b]) => a != b && *a > 1 && *b > 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DType;

    fn tensor(shape: &[usize], numbers: &[f64]) -> TensorValue {
        TensorValue::of_numbers(DType::Float64, shape.to_vec(), numbers).unwrap()
    }

    #[test]
    fn a_softmax_along_columns_is_told_from_other_numbers() {
        let right = tensor(&[2, 2], &[0.25, 0.75, 0.5, 0.5]);
        assert!(along_another_dim(&right, &tensor(&[2, 2], &[0.4, 0.1, 0.6, 0.9])));
        assert!(!along_another_dim(&right, &tensor(&[2, 2], &[0.3, 0.7, 0.5, 0.5])));
        assert!(!along_another_dim(&right, &tensor(&[2, 2], &[1.0, 2.0, 3.0, 4.0])));
        assert!(along_another_dim(&tensor(&[3], &[0.0; 3]), &tensor(&[2], &[0.0; 2])));
        assert!(!along_another_dim(&tensor(&[3], &[0.0; 3]), &tensor(&[1], &[0.0])));
    }
}
