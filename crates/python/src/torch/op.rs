//! An op of the table as a Python function: `torch.relu`, `Tensor.relu`, `Tensor.relu_`.

use lyceum_engine::ops::{Op, Value};
use rustpython_vm::builtins::PyBoundMethod;
use rustpython_vm::function::FuncArgs;
use rustpython_vm::types::{Callable, GetDescriptor, Representable};
use rustpython_vm::{Py, PyObjectRef, PyPayload, PyResult, VirtualMachine, pyclass};

use super::convert::{Arguments, from_value};
use super::error::guarded;
use super::tensor::PyTensor;
use crate::notices::{self, Watch};

/// What a function object calls, and under which name.
struct Target {
    op: &'static Op,
    /// The name it goes by: with a `_` at the end when it works in place, at the start when it is private.
    name: String,
    module: &'static str,
    kind: Kind,
    watch: Watch,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

/// How the first argument is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A function.
    Function,
    /// A method: the tensor comes first.
    Method,
    /// A method or function that changes its first argument.
    InPlace,
}

/// Makes the function object of an op: `torch.relu`.
pub(crate) fn function(
    op: &'static Op,
    name: String,
    module: &'static str,
    kind: Kind,
    vm: &VirtualMachine,
) -> PyObjectRef {
    PyFunctionOp(Target { op, name, module, kind, watch: Watch::of(op.name) }).into_ref(&vm.ctx).into()
}

/// Makes the method object of an op: `Tensor.relu`.
pub(crate) fn method(op: &'static Op, name: String, kind: Kind, vm: &VirtualMachine) -> PyObjectRef {
    PyMethodOp(Target { op, name, module: "torch", kind, watch: Watch::of(op.name) }).into_ref(&vm.ctx).into()
}

/// An op as a function. It does not bind: `act = torch.relu` in a class body stays a plain function, as in torch.
#[pyclass(module = "torch._C", name = "builtin_function")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyFunctionOp(Target);

/// An op as a method of `Tensor`.
#[pyclass(module = "torch._C", name = "method_descriptor")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyMethodOp(Target);

impl Target {
    fn call(&self, mut args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let out =
            if self.kind == Kind::Function { args.take_keyword("out").filter(|out| !vm.is_none(out)) } else { None };
        let arguments = Arguments::read(&args, vm)?;
        let named = arguments.named();
        if self.kind == Kind::InPlace {
            guarded(vm, || self.op.call_in_place(&arguments.positional, &named))?;
            return match args.args.first() {
                Some(target) => Ok(target.clone()),
                None => Err(vm.new_type_error(format!("{}() missing its tensor", self.name))),
            };
        }
        if self.watch != Watch::Nothing {
            notices::look_at(self.watch, &arguments.positional, &named, vm);
        }
        let is_method = self.kind == Kind::Method;
        let (result, schema) = guarded(vm, || {
            let (bound, schema, def) = self.op.bind(&arguments.positional, &named, is_method)?;
            Ok((def.call(bound)?, schema))
        })?;
        if let Some(out) = out {
            return super::functions::write_out(&self.name, result, out, vm);
        }
        // An op that gives its tensor back gives back the same object.
        if let Value::Tensor(tensor) = &result
            && let Some(first) = args.args.first()
            && let Some(own) = first.downcast_ref::<PyTensor>()
            && own.tensor().is_same(tensor)
        {
            return Ok(first.clone());
        }
        from_value(result, &self.name, &schema.result_names, vm)
    }
}

macro_rules! function_object {
    ($class:ident) => {
        impl Callable for $class {
            type Args = FuncArgs;

            fn call(zelf: &Py<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult {
                zelf.0.call(args, vm)
            }
        }

        impl $class {
            fn name(&self) -> String {
                self.0.name.clone()
            }
        }
    };
}

function_object!(PyFunctionOp);
function_object!(PyMethodOp);

// Only `getattr` comes here: a call `x.relu()` goes straight to `call`, thanks to METHOD_DESCRIPTOR.
impl GetDescriptor for PyMethodOp {
    fn descr_get(
        zelf: PyObjectRef,
        object: Option<PyObjectRef>,
        _class: Option<PyObjectRef>,
        vm: &VirtualMachine,
    ) -> PyResult {
        match object {
            Some(object) if !vm.is_none(&object) => Ok(PyBoundMethod::new(object, zelf).into_ref(&vm.ctx).into()),
            _ => Ok(zelf),
        }
    }
}

impl Representable for PyFunctionOp {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(format!("<built-in function {}>", zelf.0.name))
    }
}

impl Representable for PyMethodOp {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(format!("<method '{}' of 'torch.Tensor' objects>", zelf.0.name))
    }
}

#[pyclass(with(Callable, Representable), flags(DISALLOW_INSTANTIATION))]
impl PyFunctionOp {
    #[pygetset]
    fn __name__(&self) -> String {
        self.name()
    }

    #[pygetset]
    fn __qualname__(&self) -> String {
        self.name()
    }

    #[pygetset]
    fn __module__(&self) -> &'static str {
        self.0.module
    }

    #[pygetset]
    fn __doc__(&self) -> String {
        self.0.op.doc()
    }
}

#[pyclass(with(Callable, GetDescriptor, Representable), flags(METHOD_DESCRIPTOR, DISALLOW_INSTANTIATION))]
impl PyMethodOp {
    #[pygetset]
    fn __name__(&self) -> String {
        self.name()
    }

    #[pygetset]
    fn __qualname__(&self) -> String {
        format!("Tensor.{}", self.0.name)
    }

    #[pygetset]
    fn __doc__(&self) -> String {
        self.0.op.doc()
    }
}
