//! Notices: what happens in a program without an exception and is still worth telling.
//!
//! They are kept for the thread that runs the program, a few of each kind, with the learner's line.

use std::{cell::RefCell, sync::Arc};

use lyceum_engine::{
    Tensor,
    autograd::{self, Node},
    ops::Value,
};
use lyceum_lab::{
    Notice,
    facts::{Sign, SignKind},
};
use rustpython_vm::VirtualMachine;

/// More of them tell nothing new.
const MAX_NOTICES: usize = 16;

thread_local! {
    static NOTICES: RefCell<Vec<Notice>> = const { RefCell::new(Vec::new()) };
}

/// What is looked at before an op runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watch {
    /// Nothing.
    Nothing,
    /// Whether a column meets a row.
    Shapes,
    /// Whether the input comes out of an op that this one has inside, or does once more.
    Origin { node: &'static str, sign: SignKind },
    /// Whether it works as in training while no gradients are recorded; `training` stands at this place.
    Training { position: usize, name: &'static str },
}

impl Watch {
    /// Returns what is to be looked at before an op of this name.
    pub(crate) fn of(op: &str) -> Self {
        match op {
            // In these a column beside a row is nearly always a mistake.
            "mse_loss" | "l1_loss" | "smooth_l1_loss" | "huber_loss" | "sub" | "subtract" => Watch::Shapes,
            "cross_entropy" => Watch::Origin { node: "SoftmaxBackward0", sign: SignKind::SoftmaxBeforeCrossEntropy },
            "binary_cross_entropy_with_logits" => {
                Watch::Origin { node: "SigmoidBackward0", sign: SignKind::SigmoidBeforeLogits }
            }
            "sigmoid" => Watch::Origin { node: "SigmoidBackward0", sign: SignKind::SigmoidTwice },
            "dropout" => Watch::Training { position: 2, name: "training" },
            "batch_norm" => Watch::Training { position: 5, name: "training" },
            _ => Watch::Nothing,
        }
    }
}

/// Notes what is odd about an op's arguments.
pub(crate) fn look_at(watch: Watch, positional: &[Value], named: &[(&str, Value)], vm: &VirtualMachine) {
    match (watch, positional) {
        (Watch::Shapes, [Value::Tensor(a), Value::Tensor(b), ..]) if a.shape() != b.shape() => {
            shapes_met(a.shape(), b.shape(), vm);
        }
        (Watch::Origin { node, sign }, [Value::Tensor(input), ..]) if comes_from(input, node) => note(sign, vm),
        (Watch::Training { position, name }, _) if !autograd::grad_enabled() => {
            let by_name = || named.iter().find(|(of, _)| *of == name).map(|(_, value)| value);
            if let Some(Value::Bool(true)) = positional.get(position).or_else(by_name) {
                note(SignKind::NoEval, vm);
            }
        }
        _ => {}
    }
}

/// Notes that a pass back has added to gradients that had served for a step, if it has.
pub(crate) fn gradients_added(vm: &VirtualMachine) {
    if autograd::observe::take_stale_gradient() {
        note(SignKind::NoZeroGrad, vm);
    }
}

/// Says whether a tensor comes out of such an op, seen through those that only change its shape.
fn comes_from(tensor: &Tensor, node: &str) -> bool {
    const MOST_CHANGES_OF_SHAPE: usize = 4;
    let mut at: Option<Arc<Node>> = tensor.grad_fn();
    for _ in 0..=MOST_CHANGES_OF_SHAPE {
        let Some(here) = at else { return false };
        if here.name() == node {
            return true;
        }
        let only_changes_shape = matches!(
            here.name(),
            "ViewBackward0" | "UnsafeViewBackward0" | "SqueezeBackward0" | "SqueezeBackward1" | "UnsqueezeBackward0"
        );
        at = if only_changes_shape {
            here.next_functions().flatten().map(|(next, _)| next.clone()).next()
        } else {
            None
        };
    }
    false
}

fn note(kind: SignKind, vm: &VirtualMachine) {
    if !has_room() {
        return;
    }
    // Once is enough: every step of a loop shows it again.
    let is_known = |notice: &Notice| matches!(notice, Notice::Sign(sign) if sign.kind == kind);
    if !NOTICES.with_borrow(|notices| notices.iter().any(is_known)) {
        add(Notice::Sign(Sign { kind, line: line(vm) }));
    }
}

/// Notes a column and a row that are about to become a square, if these are such.
pub(crate) fn shapes_met(left: &[usize], right: &[usize], vm: &VirtualMachine) {
    let is_square = match (left, right) {
        ([rows, 1], [columns]) | ([columns], [rows, 1]) => rows == columns && *rows > 1,
        _ => false,
    };
    if is_square && has_room() {
        add(Notice::Broadcast { line: line(vm), left: left.to_vec(), right: right.to_vec() });
    }
}

/// Notes that a withheld part of a data set was asked for.
pub(crate) fn withheld(split: &str, vm: &VirtualMachine) {
    if has_room() {
        add(Notice::Withheld { line: line(vm), split: split.to_owned() });
    }
}

/// Notes that an exhibit could not be made.
pub(crate) fn no_exhibit(message: &str) {
    if has_room() {
        add(Notice::NoExhibit { message: message.chars().take(500).collect() });
    }
}

/// Gives away what was noted.
pub(crate) fn take() -> Vec<Notice> {
    NOTICES.take()
}

fn has_room() -> bool {
    NOTICES.with_borrow(|notices| notices.len() < MAX_NOTICES)
}

fn add(notice: Notice) {
    NOTICES.with_borrow_mut(|notices| {
        if !notices.contains(&notice) {
            notices.push(notice);
        }
    });
}

/// The innermost line of the learner's own files; 0 when there is none.
fn line(vm: &VirtualMachine) -> u32 {
    let mut frame = vm.current_frame();
    while let Some(here) = frame {
        if here.code.source_path().as_str().starts_with('/') && here.lasti() > 0 {
            return u32::try_from(here.current_location().line.get()).unwrap_or_default();
        }
        frame = here.f_back(vm);
    }
    0
}
