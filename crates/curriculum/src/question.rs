//! Small questions in a lesson, and whether an answer is right.

use lyceum_lab::Language;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use crate::{
    lesson,
    problem::Sink,
    reader::{self, Reader},
};

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    /// Its name in the unit.
    pub id: String,
    /// What is asked, as HTML.
    pub ask: String,
    /// What kind of answer it has, and the right one.
    pub answer: Answer,
    /// What is shown after answering, as HTML.
    pub explain: String,
    /// What it is worth.
    pub points: u32,
    /// The skills that it shows; those of the unit when empty.
    pub skills: Vec<String>,
    /// The line that it begins on.
    #[serde(skip)]
    pub line: usize,
}

/// The kind of an answer, and the right one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    /// One of some options.
    Choice {
        /// The options, as HTML.
        options: Vec<String>,
        /// The right one, counted from 1.
        #[serde(skip)]
        right: usize,
    },
    /// A number.
    Number {
        /// The right one.
        #[serde(skip)]
        right: f64,
        /// How far from it an answer may be.
        #[serde(skip)]
        tolerance: f64,
    },
    /// A short text.
    Text {
        /// What is accepted, in normal form.
        #[serde(skip)]
        accepted: Vec<String>,
    },
}

impl Answer {
    /// Says whether what a learner gave is right: for a choice its number, counted from 1.
    pub fn accepts(&self, given: &str) -> bool {
        let given = normalised(given);
        match self {
            Answer::Choice { right, .. } => given.parse() == Ok(*right),
            Answer::Number { right, tolerance, .. } => {
                // A Chinese keyboard has the same comma for decimals as a French one; a minus has many forms.
                let plain = given.replace(['−', '–'], "-");
                plain.parse::<f64>().is_ok_and(|given| (given - right).abs() <= *tolerance)
            }
            Answer::Text { accepted } => accepted.contains(&given),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Answer::Choice { .. } => "choice",
            Answer::Number { .. } => "number",
            Answer::Text { .. } => "text",
        }
    }

    /// Says whether two answers are the same, whatever the language of the options.
    pub(crate) fn is_same(&self, other: &Answer) -> bool {
        match (self, other) {
            (Answer::Choice { options: a, right: x }, Answer::Choice { options: b, right: y }) => {
                a.len() == b.len() && x == y
            }
            (Answer::Text { accepted: a }, Answer::Text { accepted: b }) => a == b,
            (a, b) => a == b,
        }
    }
}

/// Returns a text in the form in which answers are compared: NFKC, folded case, single spaces.
pub fn normalised(text: &str) -> String {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads the TOML of a question.
pub(crate) fn read(text: &str, language: Language, sink: &Sink<'_>) -> Option<Question> {
    let document = reader::parse(text, sink);
    let table = Reader::new(sink, &document);
    let (id, ask, explain) = (table.id("id"), table.string("ask"), table.string("explain"));
    let points = table.whole("points", 0..=100).and_then(|points| u32::try_from(points).ok()).unwrap_or(1);
    let skills = table.strings("skills");
    let answer = answer(&table);
    let html = |text: Option<String>, key: &'static str| {
        let at = table.get(key).map_or(0, |item| item.at);
        text.map(|text| lesson::fragment(&text, language, sink, at))
    };
    let (ask, explain) = (html(ask, "ask"), html(explain, "explain"));
    table.finish();
    let mut answer = answer?;
    if let Answer::Choice { options, .. } = &mut answer {
        for option in options {
            *option = lesson::fragment(option, language, sink, 0);
        }
    }
    Some(Question { id: id?, ask: ask?, answer, explain: explain?, points, skills, line: sink.line(0) })
}

fn answer(table: &Reader<'_>) -> Option<Answer> {
    let kinds = [("choice", 0), ("number", 1), ("text", 2)];
    let kind = table.need("kind").and_then(|item| item.word(&kinds));
    let item = table.need("answer");
    match kind? {
        0 => {
            let options = table.need("options")?;
            let texts = options.strings();
            if texts.len() < 2 {
                options.problem("a choice needs at least two options");
                return None;
            }
            let right = item?.whole(1..=i64::try_from(texts.len()).unwrap_or(i64::MAX))?;
            Some(Answer::Choice { options: texts, right: usize::try_from(right).ok()? })
        }
        1 => {
            let right = item?.number()?;
            let tolerance = match table.get("tolerance") {
                None => 0.0,
                Some(item) => match item.number()? {
                    tolerance if tolerance.is_finite() && tolerance >= 0.0 => tolerance,
                    _ => {
                        item.problem("a tolerance is a number that is not negative");
                        return None;
                    }
                },
            };
            if !right.is_finite() {
                table.problem("a number that is asked for must be finite");
                return None;
            }
            Some(Answer::Number { right, tolerance })
        }
        _ => {
            let item = item?;
            let accepted: Vec<String> = item.strings().iter().map(|text| normalised(text)).collect();
            if accepted.is_empty() {
                item.problem("expected a list of accepted answers");
                return None;
            }
            Some(Answer::Text { accepted })
        }
    }
}

/// Notes what differs between the questions of the two languages.
pub(crate) fn compare(zh: &[&Question], en: &[&Question], sink: &Sink<'_>) {
    for question in en {
        let Some(other) = zh.iter().find(|other| other.id == question.id) else {
            sink.on_line(question.line, format!("the Chinese lesson has no question `{}`", question.id));
            continue;
        };
        let mut differs = Vec::new();
        if other.answer.kind() != question.answer.kind() {
            differs.push("kind");
        } else if !question.answer.is_same(&other.answer) {
            differs.push("answer");
        }
        if other.points != question.points {
            differs.push("points");
        }
        if other.skills != question.skills {
            differs.push("skills");
        }
        for what in differs {
            sink.on_line(
                question.line,
                format!("question `{}` has another {what} in Chinese (line {})", question.id, other.line),
            );
        }
    }
    for question in zh {
        if !en.iter().any(|other| other.id == question.id) {
            let message =
                format!("question `{}` of the Chinese lesson (line {}) is missing", question.id, question.line);
            sink.on_line(0, message);
        }
    }
    let order = |questions: &[&Question]| questions.iter().map(|question| question.id.clone()).collect::<Vec<_>>();
    let (mut in_zh, mut in_en) = (order(zh), order(en));
    if in_zh != in_en {
        in_zh.sort();
        in_en.sort();
        if in_zh == in_en {
            sink.on_line(0, "the questions come in another order than in Chinese");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_compared_in_normal_form() {
        let text = Answer::Text { accepted: vec![normalised("Learning Rate"), normalised("学习率")] };
        for given in ["learning  rate ", "LEARNING RATE", "Ｌｅａｒｎｉｎｇ　ｒａｔｅ", "学习率", " 学习率"]
        {
            assert!(text.accepts(given), "{given}");
        }
        assert!(!text.accepts("rate") && !text.accepts(""));
    }

    #[test]
    fn numbers_have_a_tolerance() {
        let number = Answer::Number { right: -0.5, tolerance: 0.01 };
        for given in ["-0.5", " -0.505", "−0.5", "-5e-1", "－0.5"] {
            assert!(number.accepts(given), "{given}");
        }
        for given in ["-0.52", "0.5", "", "nan", "inf", "-0.5x"] {
            assert!(!number.accepts(given), "{given}");
        }
    }

    #[test]
    fn a_choice_is_its_number() {
        let choice = Answer::Choice { options: vec!["a".into(), "b".into()], right: 2 };
        assert!(choice.accepts("2") && choice.accepts("２") && !choice.accepts("1") && !choice.accepts("b"));
    }
}
