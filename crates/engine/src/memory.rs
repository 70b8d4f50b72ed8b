//! The question "may a tensor take this much memory?", which a host that limits runs answers. The engine itself sets
//! no limit.

use std::sync::OnceLock;

static GATE: OnceLock<fn(usize) -> bool> = OnceLock::new();

/// Installs the function that is asked before each large allocation, with the number of bytes. Only the first call of
/// a process counts.
pub fn set_gate(may_allocate: fn(usize) -> bool) {
    let _ = GATE.set(may_allocate);
}

/// Requests below this size are never refused: they cannot be what exhausts the memory.
const ALWAYS_GRANTED: usize = 1 << 20;

pub(crate) fn may_allocate(bytes: usize) -> bool {
    bytes < ALWAYS_GRANTED || GATE.get().is_none_or(|gate| gate(bytes))
}
