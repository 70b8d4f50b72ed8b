//! Engine errors as Python exceptions, and Python exceptions carried through the engine.

use std::sync::Arc;

use lyceum_engine::{Error, ErrorKind};
use rustpython_vm::builtins::PyBaseExceptionRef;
use rustpython_vm::{AsObject, PyResult, VirtualMachine};
use send_wrapper::SendWrapper;

/// Turns an engine error into the exception that torch raises.
pub(crate) fn raise(vm: &VirtualMachine, error: Error) -> PyBaseExceptionRef {
    if let Error::Callback(payload) = &error
        && let Some(exception) = payload.downcast_ref::<SendWrapper<PyBaseExceptionRef>>()
        && exception.valid()
    {
        return (**exception).clone();
    }
    let message = error.to_string();
    match error.kind() {
        ErrorKind::Index => vm.new_index_error(message),
        ErrorKind::Type => vm.new_type_error(message),
        ErrorKind::Value => vm.new_value_error(message),
        ErrorKind::NotImplemented => vm.new_not_implemented_error(message),
        ErrorKind::OutOfMemory => vm.new_memory_error(message),
        ErrorKind::Runtime | ErrorKind::Callback => vm.new_runtime_error(message),
    }
}

/// Carries a Python exception out of a callback that the engine runs.
pub(crate) fn carry(exception: PyBaseExceptionRef) -> Error {
    Error::Callback(Arc::new(SendWrapper::new(exception)))
}

/// Converts an engine result.
pub(crate) trait OrRaise<T> {
    /// Raises the engine's error, if it is one.
    fn or_raise(self, vm: &VirtualMachine) -> PyResult<T>;
}

impl<T> OrRaise<T> for lyceum_engine::Result<T> {
    fn or_raise(self, vm: &VirtualMachine) -> PyResult<T> {
        self.map_err(|error| raise(vm, error))
    }
}

/// Calls the engine so that a bug in it, a panic, ends in a `RuntimeError` and not in the end of the run.
pub(crate) fn guarded<T>(vm: &VirtualMachine, f: impl FnOnce() -> lyceum_engine::Result<T>) -> PyResult<T> {
    match crate::xray::timed(|| std::panic::catch_unwind(std::panic::AssertUnwindSafe(f))) {
        Ok(result) => result.or_raise(vm),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
            Err(vm.new_runtime_error(format!(
                "Lyceum's engine failed in a way that it should not ({text}). This is a bug in Lyceum, not in your \
                 program."
            )))
        }
    }
}

/// Returns the name of an object's class, for messages.
pub(crate) fn class_name(object: &impl AsObject) -> String {
    object.class().name().to_string()
}
