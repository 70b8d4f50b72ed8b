//! Notices: what happens in a program without an exception and is still worth telling.
//!
//! They are kept for the thread that runs the program, a few of each kind, with the learner's line.

use std::cell::RefCell;

use lyceum_lab::Notice;
use rustpython_vm::VirtualMachine;

/// More of them tell nothing new.
const MAX_NOTICES: usize = 16;

thread_local! {
    static NOTICES: RefCell<Vec<Notice>> = const { RefCell::new(Vec::new()) };
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
