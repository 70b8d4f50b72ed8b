//! Whether ops record themselves on the tape: a flag of each thread.

use std::cell::Cell;

thread_local! {
    static ENABLED: Cell<bool> = const { Cell::new(true) };
}

/// Tells whether ops record on this thread.
pub fn grad_enabled() -> bool {
    ENABLED.get()
}

/// Sets whether ops record on this thread.
pub fn set_grad_enabled(enabled: bool) {
    ENABLED.set(enabled);
}

/// Sets the mode for as long as it lives, then puts the old one back.
pub struct GradMode(bool);

impl GradMode {
    /// Switches recording on or off.
    pub fn new(enabled: bool) -> Self {
        GradMode(ENABLED.replace(enabled))
    }
}

impl Drop for GradMode {
    fn drop(&mut self) {
        ENABLED.set(self.0);
    }
}

/// Calls `f` without recording.
pub fn no_grad<R>(f: impl FnOnce() -> R) -> R {
    let _mode = GradMode::new(false);
    f()
}

thread_local! {
    static INFERENCE: Cell<bool> = const { Cell::new(false) };
}

/// Tells whether tensors made on this thread are marked as never to be differentiated: `torch.inference_mode`.
pub fn inference() -> bool {
    INFERENCE.get()
}

/// Sets whether tensors made on this thread are marked as never to be differentiated.
pub fn set_inference(enabled: bool) {
    INFERENCE.set(enabled);
}
