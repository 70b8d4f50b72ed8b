//! What is said, in both languages. A lab's own words come first; these stand in where it has none.

use super::{Evidence, Status, compare::Mismatch};
use crate::{Check, DType, Exception, Failure, Kind, Outcome, Text, Value, checks::Metric};

/// What is said of a text in which nothing is wrong, and nothing works.
pub(super) fn nothing_works_yet() -> Text {
    Text::new(
        "写法没有问题，但还没有一项能运行：只要另一项检查通过，这一项就得分。",
        "Nothing is wrong with how it is written, but nothing works yet: this counts once another check passes.",
    )
}

/// What is put in the place of the words in braces.
#[derive(Clone, Debug, Default)]
pub(super) struct Filling {
    pub(super) target: Option<String>,
    pub(super) seen_type: Option<String>,
    pub(super) expected_type: Option<String>,
    pub(super) shape: Option<Vec<usize>>,
    pub(super) expected_shape: Option<Vec<usize>>,
    pub(super) dtype: Option<DType>,
    pub(super) expected_dtype: Option<DType>,
    pub(super) line: Option<u32>,
    pub(super) error: Option<String>,
    pub(super) value: Option<f64>,
    pub(super) threshold: Option<f64>,
    pub(super) difference: Option<f64>,
}

impl Filling {
    /// What is known of a check before anything was seen.
    pub(super) fn of(check: &Check) -> Self {
        let target = match &check.kind {
            Kind::Call(call) => Some(&call.target),
            Kind::Gradient(gradient) => Some(&gradient.target),
            Kind::Predict(predict) => Some(&predict.target),
            Kind::Equivalent(equivalent) => Some(&equivalent.target),
            Kind::Training(_) | Kind::Source(_) => None,
        };
        let name = target.map(|target| match &target.method {
            Some(method) => format!("{}.{method}", target.name),
            None => target.name.clone(),
        });
        let threshold = match &check.kind {
            Kind::Predict(predict) => predict.at_least.or(predict.at_most),
            Kind::Training(training) => training.final_loss_below.or(training.loss_falls_by),
            _ => None,
        };
        Self { target: name, threshold, ..Self::default() }
    }

    pub(super) fn of_mismatch(check: &Check, mismatch: &Mismatch) -> Self {
        Self {
            seen_type: Some(mismatch.seen_type.clone()),
            expected_type: Some(mismatch.expected_type.clone()),
            shape: Some(mismatch.shape.clone()),
            expected_shape: Some(mismatch.expected_shape.clone()),
            dtype: mismatch.dtype,
            expected_dtype: mismatch.expected_dtype,
            value: Some(mismatch.value),
            difference: Some(mismatch.difference),
            ..Self::of(check)
        }
    }

    /// Puts what is known in the place of the words in braces; others stay as they are.
    fn fill(&self, text: &Text, failure: Failure) -> Text {
        text.map(|text| {
            let mut out = String::with_capacity(text.len());
            let mut rest = text;
            while let Some((before, after)) = rest.split_once('{') {
                out.push_str(before);
                match after.split_once('}').and_then(|(word, rest)| Some((self.word(word, failure)?, rest))) {
                    Some((word, after)) => {
                        out.push_str(&word);
                        rest = after;
                    }
                    None => {
                        out.push('{');
                        rest = after;
                    }
                }
            }
            out + rest
        })
    }

    /// What stands for one of [`crate::checks::PLACEHOLDERS`]; a dash where it is not known.
    fn word(&self, word: &str, failure: Failure) -> Option<String> {
        let none = || "–".to_owned();
        Some(match word {
            "target" => self.target.clone().unwrap_or_else(none),
            "type" => self.seen_type.clone().unwrap_or_else(none),
            "expected_type" => self.expected_type.clone().unwrap_or_else(none),
            "shape" => self.shape.as_deref().map_or_else(none, shown_shape),
            "expected_shape" => self.expected_shape.as_deref().map_or_else(none, shown_shape),
            "dtype" => self.dtype.map_or_else(none, |dtype| dtype.name().to_owned()),
            "expected_dtype" => self.expected_dtype.map_or_else(none, |dtype| dtype.name().to_owned()),
            "line" => self.line.map_or_else(none, |line| line.to_string()),
            "error" => self.error.clone().unwrap_or_else(none),
            "value" => self.value.map_or_else(none, shown_number),
            "threshold" => self.threshold.map_or_else(none, shown_number),
            "difference" if failure == Failure::Value => self.difference.map_or_else(none, shown_number),
            "difference" => none(),
            _ => return None,
        })
    }
}

/// A shape as Python writes it.
pub(super) fn shown_shape(shape: &[usize]) -> String {
    match shape {
        [size] => format!("({size},)"),
        sizes => format!("({})", sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// A number with four significant digits.
pub(super) fn shown_number(number: f64) -> String {
    if number.is_nan() {
        return "nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.into();
    }
    if number == number.trunc() && number.abs() < 1e9 {
        return format!("{number:.0}");
    }
    let size = number.abs();
    if !(1e-3..1e6).contains(&size) {
        return format!("{number:.3e}");
    }
    let digits = (3.0 - size.log10().floor()).clamp(0.0, 8.0) as usize;
    let text = format!("{number:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// An exception in a line.
pub(super) fn error(exception: &Exception) -> String {
    const MAX_CHARACTERS: usize = 300;
    let first = exception.message.trim().lines().next().unwrap_or_default();
    let text = match first {
        "" => exception.class.clone(),
        first => format!("{}: {first}", exception.class),
    };
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// What is said of a way to fail: the lab's own words for it, or these, or the lab's for any failure.
pub(super) fn of_failure(check: &Check, failure: Failure, filling: &Filling) -> Text {
    if let Some(text) = check.messages.get(&failure) {
        return filling.fill(text, failure);
    }
    let at_line = filling.line.is_some();
    let text = match failure {
        Failure::Value => check.fail.clone(),
        Failure::Missing if matches!(check.kind, Kind::Source(_)) => check.fail.clone(),
        Failure::Missing => Text::new("文件里没有 `{target}`。", "There is no `{target}` in your file."),
        Failure::Raised if filling.error.as_deref().is_some_and(|error| error.starts_with("NotImplementedError")) => {
            Text::new("`{target}` 还没有写。", "`{target}` is not written yet.")
        }
        Failure::Raised if at_line => {
            Text::new("`{target}` 在第 {line} 行出错：{error}", "`{target}` stopped at line {line}: {error}")
        }
        Failure::Raised => Text::new("`{target}` 出错：{error}", "`{target}` stopped: {error}"),
        Failure::Type => Text::new(
            "`{target}` 应当给出 {expected_type}，得到的却是 {type}。",
            "`{target}` should give a {expected_type}, but it gives a {type}.",
        ),
        Failure::Shape => Text::new(
            "`{target}` 的形状应当是 {expected_shape}，得到的却是 {shape}。",
            "`{target}` should have shape {expected_shape}, but it has {shape}.",
        ),
        Failure::Dtype => Text::new(
            "`{target}` 的类型应当是 {expected_dtype}，得到的却是 {dtype}。",
            "`{target}` should have dtype {expected_dtype}, but it has {dtype}.",
        ),
        Failure::Timeout => {
            Text::new("时间用完了，还没有轮到这一项。", "The time was up before this could be checked.")
        }
        Failure::Memory => Text::new("内存用完了。", "The memory ran out."),
    };
    filling.fill(&text, failure)
}

/// The call, and what came of it.
pub(super) fn observed(call: &str, value: &Value, mismatch: &Mismatch) -> Text {
    let seen = shown_value(value);
    let place = match mismatch.place.as_str() {
        "" => Text::default(),
        place => Text::new(format!("，不同在 {place}"), format!("; it differs at {place}")),
    };
    let (zh, en) = match mismatch.failure {
        Failure::Value => {
            let far = shown_number(mismatch.difference);
            (format!("，最多相差 {far}"), format!(", off by up to {far}"))
        }
        Failure::Shape => {
            let shape = shown_shape(&mismatch.expected_shape);
            (format!("，应为 {shape}"), format!(", expected {shape}"))
        }
        _ => Default::default(),
    };
    Text::new(format!("{call} 得到 {seen}{zh}{}", place.zh), format!("{call} gave {seen}{en}{}", place.en))
}

/// A value in a few words.
fn shown_value(value: &Value) -> String {
    const SHOWN: usize = 4;
    match value {
        Value::Tensor(tensor) if tensor.shape().is_empty() => {
            format!("tensor({})", tensor.numbers().first().copied().map_or_else(String::new, shown_number))
        }
        Value::Tensor(tensor) => {
            let numbers = tensor.numbers();
            let mut shown: Vec<String> = numbers.iter().take(SHOWN).copied().map(shown_number).collect();
            if numbers.len() > SHOWN {
                shown.push("…".into());
            }
            format!("tensor{} [{}]", shown_shape(tensor.shape()), shown.join(", "))
        }
        Value::Str(text) => format!("{:?}", text.chars().take(40).collect::<String>()),
        Value::List(items) | Value::Tuple(items) => {
            let mut shown: Vec<String> = items.iter().take(SHOWN).map(shown_value).collect();
            if items.len() > SHOWN {
                shown.push("…".into());
            }
            let shown = shown.join(", ");
            if matches!(value, Value::List(_)) { format!("[{shown}]") } else { format!("({shown})") }
        }
        Value::Bool(value) => if *value { "True" } else { "False" }.into(),
        Value::Int(_) | Value::Float(_) => value.as_number().map_or_else(String::new, shown_number),
        other => other.type_name().to_owned(),
    }
}

pub(super) fn not_gradable() -> Text {
    Text::new(
        "这一项检查本身有问题，无法评分；这次提交不计次数。",
        "This check itself is at fault and cannot be graded; the submission costs no attempt.",
    )
}

pub(super) fn missing(name: &str) -> Text {
    Text::new(format!("找不到 `{name}`"), format!("there is no `{name}`"))
}

pub(super) fn too_large() -> Text {
    Text::new("返回的值太大，无法查看", "the value that came back is too large to be looked at")
}

pub(super) fn stopped_before(filling: &Filling) -> Text {
    let text = match filling.line {
        Some(_) => Text::new(
            "程序在第 {line} 行停下了，没有轮到这一项：{error}",
            "The program stopped at line {line} before this could be checked: {error}",
        ),
        None => Text::new(
            "程序停下了，没有轮到这一项：{error}",
            "The program stopped before this could be checked: {error}",
        ),
    };
    filling.fill(&text, Failure::Raised)
}

pub(super) fn printed_too_much() -> Text {
    Text::new("程序打印得太多，被中止了。", "The program printed too much and was ended.")
}

pub(super) fn was_ended() -> Text {
    Text::new("程序被中止了，没有轮到这一项。", "The program was ended before this could be checked.")
}

pub(super) fn ended_while_asked() -> Text {
    Text::new("程序在检查当中自己结束了。", "The program ended by itself while it was being checked.")
}

pub(super) fn parameter(name: &str, expected: &[usize], found: Option<&[usize]>) -> Text {
    let expected = shown_shape(expected);
    match found.map(shown_shape) {
        None => Text::new(
            format!("缺少参数 `{name}`，形状 {expected}"),
            format!("the parameter `{name}` with shape {expected} is missing"),
        ),
        Some(found) => Text::new(
            format!("参数 `{name}` 的形状应为 {expected}，你的是 {found}"),
            format!("the parameter `{name}` should have shape {expected}, yours has {found}"),
        ),
    }
}

pub(super) fn parameter_too_many(name: &str, shape: &[usize]) -> Text {
    let shape = shown_shape(shape);
    Text::new(
        format!("多出了参数 `{name}`，形状 {shape}"),
        format!("there is a parameter `{name}` with shape {shape} that is not asked for"),
    )
}

pub(super) fn scored(metric: Metric, score: f64, threshold: Option<f64>, count: usize) -> Text {
    let (name, score) = (metric.name(), shown_number(score));
    let bound = threshold.map_or_else(String::new, shown_number);
    Text::new(
        format!("在 {count} 个没见过的样本上，{name} 为 {score}，要求 {bound}"),
        format!("on {count} examples that it had not seen the {name} is {score}; {bound} is asked for"),
    )
}

pub(super) fn predictions(count: usize) -> Text {
    Text::new(format!("应当有 {count} 个预测，每行一个"), format!("expected {count} predictions, one for each row"))
}

pub(super) fn no_probabilities() -> Text {
    Text::new(
        "这些不是概率：每个数要在 0 和 1 之间，每行之和为 1",
        "these are no probabilities: each lies between 0 and 1, and each row sums to 1",
    )
}

pub(super) fn no_loss() -> Text {
    Text::new("没有看到任何一次 `backward()`", "no call of `backward()` was seen")
}

pub(super) fn not_finite(step: u64) -> Text {
    Text::new(
        format!("第 {step} 步的损失不再是有限的数"),
        format!("at step {step} the loss was no finite number any more"),
    )
}

pub(super) fn last_loss(first: f64, last: f64) -> Text {
    let (first, last) = (shown_number(first), shown_number(last));
    Text::new(format!("损失从 {first} 变为 {last}"), format!("the loss went from {first} to {last}"))
}

pub(super) fn steps(steps: u64) -> Text {
    Text::new(format!("看到 {steps} 步"), format!("{steps} steps were seen"))
}

pub(super) fn seconds(seconds: f64) -> Text {
    let seconds = shown_number(seconds);
    Text::new(format!("计算用了 {seconds} 秒"), format!("it computed for {seconds} seconds"))
}

pub(super) fn memory(mib: f64) -> Text {
    let mib = shown_number(mib);
    Text::new(format!("内存用了 {mib} MiB"), format!("it used {mib} MiB of memory"))
}

pub(super) fn no_syntax(line: u32, error: &str) -> Text {
    Text::new(format!("第 {line} 行不是合法的 Python：{error}"), format!("Line {line} is no Python: {error}"))
}

pub(super) fn uses(name: &str, line: u32) -> Text {
    Text::new(format!("第 {line} 行用了 `{name}`"), format!("line {line} uses `{name}`"))
}

pub(super) fn looks_up(line: u32) -> Text {
    Text::new(
        format!("第 {line} 行用文字去找名字（如 `getattr`、`eval`），无法看出用了什么"),
        format!("line {line} looks a name up by text, as `getattr` and `eval` do, so what it uses cannot be seen"),
    )
}

pub(super) fn does_not_use(name: &str) -> Text {
    Text::new(format!("没有用到 `{name}`"), format!("`{name}` is not used"))
}

pub(super) fn no_class_from(base: &str) -> Text {
    Text::new(format!("没有从 `{base}` 派生的类"), format!("there is no class that derives from `{base}`"))
}

pub(super) fn too_long(lines: usize, most: usize) -> Text {
    Text::new(
        format!("有 {lines} 行代码，至多 {most} 行"),
        format!("there are {lines} lines of code; at most {most} are asked for"),
    )
}

/// What is said of the run as a whole.
pub(super) fn of_run(status: Status, evidence: &Evidence<'_>) -> Option<Text> {
    let report = &evidence.runs.first()?.report;
    let filling = Filling {
        line: report.exception.as_ref().and_then(|exception| exception.line_in(evidence.file)),
        error: report.exception.as_ref().map(error),
        ..Filling::default()
    };
    let text = match (status, report.outcome) {
        (Status::NotGradable, _) => not_gradable(),
        (_, Outcome::Finished) => return None,
        (_, Outcome::Raised) if filling.line.is_some() => {
            Text::new("程序在第 {line} 行停下了：{error}", "The program stopped at line {line}: {error}")
        }
        (_, Outcome::Raised) => Text::new("程序停下了：{error}", "The program stopped: {error}"),
        (_, Outcome::TimedOut) => Text::new("程序的时间用完了。", "The program's time was up."),
        (_, Outcome::OutOfMemory) => Text::new("程序的内存用完了。", "The program's memory ran out."),
        (_, Outcome::OutputLimit) => printed_too_much(),
        (_, Outcome::Killed) => Text::new("程序被中止了。", "The program was ended."),
    };
    Some(filling.fill(&text, Failure::Raised))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let shown: Vec<String> =
            [0.0, 1.0, -2.5, 0.16667, 1234.56, 1e-7, 3e8, 12_345_678.9, f64::NAN, f64::NEG_INFINITY, 0.1 + 0.2]
                .map(shown_number)
                .to_vec();
        assert_eq!(shown.join(" "), "0 1 -2.5 0.1667 1235 1.000e-7 300000000 1.235e7 nan -inf 0.3");
    }

    #[test]
    fn words_in_braces_are_filled_in_and_formulas_are_left() {
        let filling =
            Filling { target: Some("mse".into()), shape: Some(vec![3]), difference: Some(0.5), ..Filling::default() };
        let text = Text::new("{target} {shape} {dtype}", r"$\frac{2}{N}$ {difference} {unknown} {");
        let filled = filling.fill(&text, Failure::Value);
        assert_eq!(filled.zh, "mse (3,) –");
        assert_eq!(filled.en, r"$\frac{2}{N}$ 0.5 {unknown} {");
    }
}
