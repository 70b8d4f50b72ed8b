//! The verdict on one check.

use super::{
    Evidence, Key, Run, Status,
    compare::{Mismatch, Rules, compare},
    message::{self, Filling},
    predict, probe_id, source, training,
};
use crate::{
    Check, Failure, Kind, Observation, Outcome, Text, Value,
    checks::{Equivalent, Tolerance},
};

/// How a check came out, and what is said of it.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub(super) status: Status,
    pub(super) message: Text,
    pub(super) observed: Option<Text>,
    pub(super) line: Option<u32>,
}

/// Withholds what a program gets for its text as long as nothing in it works: an empty file uses nothing forbidden.
pub(super) fn text_alone_proves_nothing(checks: &[Check], verdicts: &mut [Verdict]) {
    let is_text = |check: &Check| matches!(check.kind, Kind::Source(_));
    let mut others = checks.iter().zip(&*verdicts).filter(|(check, _)| !is_text(check)).peekable();
    if others.peek().is_none() || others.any(|(_, verdict)| verdict.status == Status::Pass) {
        return;
    }
    for (_, verdict) in checks.iter().zip(verdicts).filter(|(check, _)| is_text(check)) {
        if verdict.status == Status::Pass {
            verdict.status = Status::Fail;
            verdict.message = message::nothing_works_yet();
        }
    }
}

/// Judges one check.
pub(super) fn of(check: &Check, key: &Key, evidence: &Evidence<'_>) -> Verdict {
    let judged = match &check.kind {
        Kind::Call(call) => {
            let rules = Rules { tolerance: call.tolerance, dtype: call.compare_dtype };
            compared(check, key, evidence, call.cases.len(), rules)
        }
        Kind::Gradient(gradient) => compared(check, key, evidence, gradient.cases.len(), loose(gradient.tolerance)),
        Kind::Equivalent(equivalent) => modules(check, equivalent, key, evidence),
        Kind::Predict(predict) => predict::judge(check, predict, key, evidence),
        Kind::Training(wanted) => match evidence.runs.first() {
            None => Err(not_gradable()),
            Some(run) => came_to_its_end(check, run, evidence).and_then(|()| training::judge(check, wanted, run)),
        },
        Kind::Source(wanted) => source::judge(check, wanted, evidence.source),
    };
    match judged {
        Ok(()) => Verdict { status: Status::Pass, message: check.pass.clone(), observed: None, line: None },
        Err(verdict) => *verdict,
    }
}

/// A check passes, or has a verdict.
pub(super) type Judged = Result<(), Box<Verdict>>;

fn loose(tolerance: Tolerance) -> Rules {
    Rules { tolerance, dtype: false }
}

/// The lab is at fault, not the learner.
pub(super) fn not_gradable() -> Box<Verdict> {
    Box::new(Verdict { status: Status::NotGradable, message: message::not_gradable(), observed: None, line: None })
}

/// A check that failed in a way that has a name.
pub(super) fn failed(check: &Check, failure: Failure, filling: &Filling, observed: Option<Text>) -> Box<Verdict> {
    let status = match failure {
        Failure::Raised | Failure::Memory => Status::Error,
        Failure::Timeout => Status::Timeout,
        _ => Status::Fail,
    };
    let message = message::of_failure(check, failure, filling);
    Box::new(Verdict { status, message, observed, line: filling.line })
}

/// Returns the value that a probe saw, or the verdict that there is none.
pub(super) fn seen<'r>(
    check: &Check,
    run: &'r Run,
    case: usize,
    evidence: &Evidence<'_>,
) -> Result<&'r Value, Box<Verdict>> {
    let filling = Filling::of(check);
    let Some(observation) = run.report.observed.get(&probe_id(&check.id, case)) else {
        return Err(unanswered(check, run, evidence));
    };
    match observation {
        Observation::Value { value, .. } => Ok(value),
        Observation::Missing { name } => {
            // Where the program stopped on the way, that is why the name is missing.
            if run.report.outcome != Outcome::Finished {
                return Err(unanswered(check, run, evidence));
            }
            let observed = message::missing(name);
            Err(failed(check, Failure::Missing, &filling, Some(observed)))
        }
        Observation::NotCallable { class } => {
            let filling = Filling { seen_type: Some(class.clone()), expected_type: Some("function".into()), ..filling };
            Err(failed(check, Failure::Type, &filling, None))
        }
        Observation::Raised { exception } => {
            let line = exception.line_in(evidence.file);
            let filling = Filling { line, error: Some(message::error(exception)), ..filling };
            let failure = if exception.class == "MemoryError" { Failure::Memory } else { Failure::Raised };
            Err(failed(check, failure, &filling, None))
        }
        Observation::TooLarge { .. } => Err(failed(check, Failure::Shape, &filling, Some(message::too_large()))),
    }
}

/// The verdict on a check whose probe has no answer: the program ended before, or was ended.
fn unanswered(check: &Check, run: &Run, evidence: &Evidence<'_>) -> Box<Verdict> {
    let exception = run.report.exception.as_ref();
    let filling = Filling {
        line: exception.and_then(|exception| exception.line_in(evidence.file)),
        error: exception.map(message::error),
        ..Filling::of(check)
    };
    let error =
        |message: Text| Box::new(Verdict { status: Status::Error, message, observed: None, line: filling.line });
    match run.report.outcome {
        Outcome::TimedOut => failed(check, Failure::Timeout, &filling, None),
        Outcome::OutOfMemory => failed(check, Failure::Memory, &filling, None),
        Outcome::Raised => error(message::stopped_before(&filling)),
        Outcome::OutputLimit => error(message::printed_too_much()),
        Outcome::Killed => error(message::was_ended()),
        Outcome::Finished => error(message::ended_while_asked()),
    }
}

/// A check of the whole run needs a program that came to its end.
fn came_to_its_end(check: &Check, run: &Run, evidence: &Evidence<'_>) -> Judged {
    if run.report.outcome == Outcome::Finished { Ok(()) } else { Err(unanswered(check, run, evidence)) }
}

/// Returns what a probe should have seen.
fn expected<'k>(key: &'k Key, evidence: &Evidence<'k>, id: &str) -> Result<&'k Value, Box<Verdict>> {
    if let Some(value) = key.expected.get(id) {
        return Ok(value);
    }
    match evidence.reference.and_then(|report| report.observed.get(id)) {
        Some(Observation::Value { value, .. }) => Ok(value),
        _ => Err(not_gradable()),
    }
}

/// Compares each case.
fn compared(check: &Check, key: &Key, evidence: &Evidence<'_>, cases: usize, rules: Rules) -> Judged {
    let run = evidence.runs.first().ok_or_else(not_gradable)?;
    for case in 0..cases {
        let id = probe_id(&check.id, case);
        let expected = expected(key, evidence, &id)?;
        let value = seen(check, run, case, evidence)?;
        let value = match (expected, value) {
            // One gradient may come as itself or as the only one of a tuple.
            (Value::Tensor(_), Value::Tuple(items)) if matches!(check.kind, Kind::Gradient(_)) && items.len() == 1 => {
                &items[0]
            }
            _ => value,
        };
        compare(expected, value, rules).map_err(|mismatch| mismatched(check, &mismatch, key.calls.get(&id), value))?;
    }
    Ok(())
}

fn mismatched(check: &Check, mismatch: &Mismatch, call: Option<&String>, value: &Value) -> Box<Verdict> {
    let filling = Filling::of_mismatch(check, mismatch);
    let observed = call.map(|call| message::observed(call, value, mismatch));
    failed(check, mismatch.failure, &filling, observed)
}

/// Compares two modules: their parameters first, then what they give.
fn modules(check: &Check, wanted: &Equivalent, key: &Key, evidence: &Evidence<'_>) -> Judged {
    let run = evidence.runs.first().ok_or_else(not_gradable)?;
    let id = probe_id(&check.id, 0);
    let Some(Observation::Value { weights: expected, .. }) =
        evidence.reference.and_then(|report| report.observed.get(&id))
    else {
        return Err(not_gradable());
    };
    // A module that has other parameters often cannot be called with the same input, and this says more.
    if let Some(Observation::Value { weights, .. }) = run.report.observed.get(&id) {
        for (name, shape) in expected {
            let found = weights.iter().find(|(other, _)| other == name);
            if found.is_none_or(|(_, found)| found != shape) {
                let observed = message::parameter(name, shape, found.map(|(_, shape)| shape.as_slice()));
                let filling = Filling {
                    expected_shape: Some(shape.clone()),
                    shape: found.map(|(_, shape)| shape.clone()),
                    ..Filling::of(check)
                };
                return Err(failed(check, Failure::Shape, &filling, Some(observed)));
            }
        }
        if let Some((name, shape)) = weights.iter().find(|(name, _)| expected.iter().all(|(other, _)| other != name)) {
            let observed = message::parameter_too_many(name, shape);
            return Err(failed(check, Failure::Value, &Filling::of(check), Some(observed)));
        }
    }
    compared(check, key, evidence, wanted.cases.len(), loose(wanted.tolerance))
}
