//! The check `training`: how the run went, as its events tell.

use super::{
    Run,
    message::{self, Filling},
    verdict::{Judged, failed},
};
use crate::{Check, Failure, checks::Training};

/// Judges a training.
pub(super) fn judge(check: &Check, wanted: &Training, run: &Run) -> Judged {
    let trace = &run.trace;
    let fail = |value: Option<f64>, threshold: Option<f64>, observed| {
        let filling = Filling { value, threshold, ..Filling::of(check) };
        Err(failed(check, Failure::Value, &filling, Some(observed)))
    };
    let needs_loss = wanted.final_loss_below.is_some() || wanted.loss_falls_by.is_some() || wanted.no_nan;
    let (Some(first), Some(last)) = (trace.first_loss, trace.last_loss) else {
        return match needs_loss {
            true => fail(None, wanted.final_loss_below, message::no_loss()),
            false => bounds(wanted, run, fail),
        };
    };
    if let Some(step) = trace.not_finite_at.filter(|_| wanted.no_nan) {
        return fail(Some(last), None, message::not_finite(step));
    }
    // A comparison with NaN is false, so a loss that became NaN is below nothing.
    let (is_below, falls) = (|bound| last < bound, |factor: f64| last * factor <= first);
    if let Some(bound) = wanted.final_loss_below.filter(|bound| !is_below(*bound)) {
        return fail(Some(last), Some(bound), message::last_loss(first, last));
    }
    if let Some(factor) = wanted.loss_falls_by.filter(|factor| !falls(*factor)) {
        return fail(Some(first / last), Some(factor), message::last_loss(first, last));
    }
    bounds(wanted, run, fail)
}

/// Judges what has nothing to do with the loss.
fn bounds(wanted: &Training, run: &Run, fail: impl Fn(Option<f64>, Option<f64>, crate::Text) -> Judged) -> Judged {
    let steps = run.trace.steps();
    for (bound, holds) in [
        (wanted.steps_at_least, wanted.steps_at_least.is_none_or(|bound| steps >= bound)),
        (wanted.steps_at_most, wanted.steps_at_most.is_none_or(|bound| steps <= bound)),
    ] {
        if !holds {
            return fail(Some(steps as f64), bound.map(|bound| bound as f64), message::steps(steps));
        }
    }
    let resources = run.report.resources;
    if let Some(bound) = wanted.seconds_below.filter(|bound| resources.cpu_seconds >= *bound) {
        return fail(Some(resources.cpu_seconds), Some(bound), message::seconds(resources.cpu_seconds));
    }
    let memory = resources.peak_memory_bytes as f64 / f64::from(1 << 20);
    if let Some(bound) = wanted.memory_mib_below.filter(|bound| memory >= *bound) {
        return fail(Some(memory), Some(bound), message::memory(memory));
    }
    Ok(())
}
