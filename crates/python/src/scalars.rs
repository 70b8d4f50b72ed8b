//! The native module `_lyceum_events`: numbers that a program tells by name, as `SummaryWriter.add_scalar` does.

use std::cell::RefCell;

use rustpython_vm::{Context, builtins::PyModuleDef};

/// A number that a program told.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// What is measured.
    pub name: String,
    /// The step that the program gave; without one it is the last training step.
    pub step: Option<u64>,
    /// The number.
    pub value: f64,
}

type Listener = Box<dyn Fn(Scalar)>;

thread_local! {
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

/// Says who is told of the numbers that a program on this thread tells.
pub fn set_listener(listener: Option<Listener>) {
    LISTENER.with_borrow_mut(|slot| *slot = listener);
}

pub(crate) fn module_def(ctx: &Context) -> &'static PyModuleDef {
    module::module_def(ctx)
}

#[rustpython_vm::pymodule(name = "_lyceum_events")]
mod module {
    use rustpython_vm::{PyResult, VirtualMachine, builtins::PyStrRef};

    use super::{LISTENER, Scalar};

    /// The longest name, in bytes.
    const LONGEST_NAME: usize = 256;

    /// Tells a number. Says whether there is anybody who listens.
    #[pyfunction]
    fn scalar(name: PyStrRef, value: f64, step: Option<u64>, vm: &VirtualMachine) -> PyResult<bool> {
        let name = name.to_string_lossy().into_owned();
        if name.len() > LONGEST_NAME {
            return Err(vm.new_value_error(format!("a curve's name has at most {LONGEST_NAME} bytes")));
        }
        Ok(LISTENER.with_borrow(|listener| match listener {
            Some(listener) => {
                listener(Scalar { name, step, value });
                true
            }
            None => false,
        }))
    }
}
