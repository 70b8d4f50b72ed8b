//! The check `source`: what the text of the program has and has not.

use super::{
    Status,
    message::{self, Filling},
    verdict::{Judged, Verdict, failed},
};
use crate::{Check, Failure, SourceFacts, checks::Source};

/// Judges the text of a program.
pub(super) fn judge(check: &Check, wanted: &Source, facts: &SourceFacts) -> Judged {
    let filling = Filling::of(check);
    if let Some((line, error)) = &facts.syntax_error {
        let message = message::no_syntax(*line, error);
        return Err(Box::new(Verdict { status: Status::Error, message, observed: None, line: Some(*line) }));
    }
    for name in &wanted.must_not_use {
        if let Some(line) = facts.line_of(name) {
            let filling = Filling { line: Some(line), target: Some(name.clone()), ..filling };
            return Err(failed(check, Failure::Value, &filling, Some(message::uses(name, line))));
        }
    }
    if let Some(line) = facts.dynamic.filter(|_| !wanted.must_not_use.is_empty()) {
        let filling = Filling { line: Some(line), ..filling };
        return Err(failed(check, Failure::Value, &filling, Some(message::looks_up(line))));
    }
    if let Some(name) = wanted.must_use.iter().find(|name| facts.line_of(name).is_none()) {
        let filling = Filling { target: Some(name.clone()), ..filling };
        return Err(failed(check, Failure::Missing, &filling, Some(message::does_not_use(name))));
    }
    if let Some(base) = wanted.defines_class_from.as_ref().filter(|base| facts.class_from(base).is_none()) {
        let filling = Filling { target: Some(base.clone()), ..filling };
        return Err(failed(check, Failure::Missing, &filling, Some(message::no_class_from(base))));
    }
    if let Some(most) = wanted.max_lines.filter(|most| facts.lines_of_code > *most) {
        let filling = Filling { value: Some(facts.lines_of_code as f64), threshold: Some(most as f64), ..filling };
        return Err(failed(check, Failure::Value, &filling, Some(message::too_long(facts.lines_of_code, most))));
    }
    Ok(())
}
