//! Tells a listener what a training loop does, without a line of code in it.

use std::cell::RefCell;

/// Something that a training loop did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Observation<'a> {
    /// `backward()` was called on a scalar of this value: nearly always the loss.
    Backward {
        /// The value.
        value: f64,
    },
    /// An optimiser changed its parameters.
    Step {
        /// The optimiser's class, such as `SGD`.
        optimizer: &'a str,
        /// The learning rate of its first group.
        learning_rate: f64,
    },
}

type Listener = Box<dyn Fn(Observation<'_>)>;

thread_local! {
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Installs the listener of this thread, or removes it.
pub fn set_listener(listener: Option<Listener>) {
    LISTENER.with_borrow_mut(|slot| *slot = listener);
}

/// Tells the listener, if there is one. A listener must not call back into the engine's `backward`.
pub fn notify(observation: Observation<'_>) {
    LISTENER.with_borrow(|slot| {
        if let Some(listener) = slot {
            listener(observation);
        }
    });
}

/// Tells whether anybody listens, so that a value need not be computed for nobody.
pub fn is_observed() -> bool {
    LISTENER.with_borrow(Option::is_some)
}
