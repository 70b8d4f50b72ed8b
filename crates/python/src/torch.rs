//! The binding of the engine to Python: the native modules `torch._C` and `torch._C._nn`.
//!
//! It is thin and generic. Every op comes from the engine's table and is one [`op`] object; what is written here by
//! hand is what is no op: the tensor class with its operators, the tape as Python sees it, `torch.tensor`, dtypes,
//! devices, generators and files. What PyTorch itself writes in Python is in `lib/torch`.

mod autograd;
mod construct;
mod convert;
mod error;
mod functions;
mod index;
mod op;
mod operators;
mod tensor;
mod types;

use lyceum_engine::ops::{self, Op};
use rustpython_vm::builtins::{PyModule, PyModuleDef};
use rustpython_vm::class::PyClassImpl;
use rustpython_vm::{Context, Py, PyObjectRef, PyPayload, PyResult, VirtualMachine};

pub(crate) use construct::{double_precision, read_dtype};
pub(crate) use convert::python_number;
pub(crate) use error::guarded;
use op::Kind;
pub(crate) use tensor::PyTensor;

/// Returns the definitions of the native modules.
pub(crate) fn module_defs(ctx: &Context) -> Vec<&'static PyModuleDef> {
    vec![_torch_c::module_def(ctx), _torch_c_nn::module_def(ctx)]
}

/// Forgets what is kept of an interpreter that ends.
pub(crate) fn forget_interpreter() {
    types::forget_dtypes();
    types::forget_classes();
    autograd::forget_classes();
}

/// Adds every op of a part of the table to a module.
fn add_ops(
    module: &Py<PyModule>,
    table: &'static std::collections::HashMap<&'static str, Op>,
    name: impl Fn(&str) -> String,
    path: &'static str,
    kind: Kind,
    vm: &VirtualMachine,
) -> PyResult<()> {
    for op in table.values() {
        let name = name(op.name);
        let object = op::function(op, name.clone(), path, kind, vm);
        module.set_attr(vm.ctx.intern_str(name), object, vm)?;
    }
    Ok(())
}

/// Adds the methods of `Tensor` that are ops.
fn add_methods(vm: &VirtualMachine) {
    let class = tensor::PyTensor::class(&vm.ctx);
    let add = |name: String, object: PyObjectRef| {
        let name = vm.ctx.intern_str(name);
        if class.get_direct_attr(name).is_none() {
            class.set_attr(name, object);
        }
    };
    for op in ops::table().methods.values() {
        add(op.name.to_owned(), op::method(op, op.name.to_owned(), Kind::Method, vm));
    }
    for op in ops::table().in_place.values() {
        let name = format!("{}_", op.name);
        add(name.clone(), op::method(op, name, Kind::InPlace, vm));
    }
}

#[rustpython_vm::pymodule(name = "torch._C")]
mod _torch_c {
    use lyceum_engine::autograd;
    use rustpython_vm as vm;
    use vm::builtins::{PyDict, PyModule};
    use vm::function::{FuncArgs, OptionalArg};
    use vm::{Py, PyObjectRef, PyRef, PyResult, VirtualMachine};

    use super::*;
    use crate::torch::error::OrRaise;
    use crate::torch::types::{PyDType, PyDevice, PyGenerator};

    pub(crate) fn module_exec(vm: &VirtualMachine, module: &Py<PyModule>) -> PyResult<()> {
        __module_exec(vm, module);
        for (name, class) in [
            ("Tensor", tensor::PyTensor::make_static_type()),
            ("dtype", PyDType::make_static_type()),
            ("device", PyDevice::make_static_type()),
            ("Generator", PyGenerator::make_static_type()),
            ("Node", crate::torch::autograd::PyNode::make_static_type()),
            ("_RemovableHandle", tensor::PyHookHandle::make_static_type()),
            ("_TensorIterator", operators::PyTensorIterator::make_static_type()),
            ("_FunctionOp", op::PyFunctionOp::make_static_type()),
            ("_MethodOp", op::PyMethodOp::make_static_type()),
        ] {
            module.set_attr(name, class, vm)?;
        }
        // A package, so that `torch._C._nn` can be imported from it.
        module.set_attr("__path__", vm.ctx.new_list(Vec::new()), vm)?;
        module.set_attr("TensorBase", tensor::PyTensor::class(&vm.ctx).to_owned(), vm)?;
        let table = ops::table();
        add_ops(module, &table.torch, str::to_owned, "torch", Kind::Function, vm)?;
        add_ops(module, &table.in_place, |name| format!("{name}_"), "torch", Kind::InPlace, vm)?;
        add_ops(module, &table.private, str::to_owned, "torch._C", Kind::Function, vm)?;
        add_methods(vm);
        for dtype in types::all_dtypes(vm) {
            let name = dtype.plain_name();
            let object: PyObjectRef = dtype.into();
            for alias in types::dtype_aliases(name) {
                module.set_attr(*alias, object.clone(), vm)?;
            }
            module.set_attr(name, object, vm)?;
        }
        module.set_attr("default_generator", PyGenerator::default_of_process(vm), vm)?;
        // What is simplest to write in Python.
        for name in [
            "Size",
            "finfo",
            "iinfo",
            "layout",
            "memory_format",
            "strided",
            "contiguous_format",
            "preserve_format",
            "sparse_coo",
        ] {
            module.set_attr(name, types::from_package(vm, "_objects", name)?, vm)?;
        }
        Ok(())
    }

    #[pyfunction]
    fn tensor(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        construct::tensor(args, vm)
    }

    #[pyfunction]
    fn as_tensor(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        construct::as_tensor(args, vm)
    }

    #[pyfunction]
    fn asarray(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        construct::as_tensor(args, vm)
    }

    #[pyfunction]
    fn from_numpy(array: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        construct::from_numpy(&array, vm)
    }

    #[pyfunction]
    fn frombuffer(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        construct::frombuffer(args, vm)
    }

    #[pyfunction]
    fn numel(input: PyRef<tensor::PyTensor>) -> usize {
        input.tensor().numel()
    }

    #[pyfunction]
    fn is_floating_point(input: PyRef<tensor::PyTensor>) -> bool {
        input.tensor().dtype().is_float()
    }

    #[pyfunction]
    fn is_complex(_input: PyRef<tensor::PyTensor>) -> bool {
        false
    }

    #[pyfunction]
    fn result_type(a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        functions::result_type(a, b, vm)
    }

    #[pyfunction]
    fn promote_types(a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        functions::promote_types(a, b, vm)
    }

    #[pyfunction]
    fn can_cast(from: PyObjectRef, to: PyObjectRef, vm: &VirtualMachine) -> PyResult<bool> {
        functions::can_cast(from, to, vm)
    }

    #[pyfunction]
    fn broadcast_shapes(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        functions::broadcast_shapes(args, vm)
    }

    #[pyfunction]
    fn _is_grad_enabled() -> bool {
        autograd::grad_enabled()
    }

    #[pyfunction]
    fn _set_grad_enabled(enabled: bool) {
        autograd::mode::set_grad_enabled(enabled);
    }

    #[pyfunction]
    fn _is_inference() -> bool {
        autograd::mode::inference()
    }

    #[pyfunction]
    fn _set_inference(enabled: bool) {
        autograd::mode::set_inference(enabled);
    }

    #[pyfunction]
    fn _run_backward(args: FuncArgs, vm: &VirtualMachine) -> PyResult<()> {
        crate::torch::autograd::run_backward(args, vm)
    }

    #[pyfunction]
    fn _autograd_grad(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        crate::torch::autograd::grad(args, vm)
    }

    #[pyfunction]
    fn _apply_function(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        crate::torch::autograd::apply_function(args, vm)
    }

    #[pyfunction]
    fn _manual_seed(seed: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
        functions::manual_seed(seed, vm)
    }

    #[pyfunction]
    fn _report_step(args: FuncArgs, vm: &VirtualMachine) -> PyResult<()> {
        functions::report_step(args, vm)
    }

    #[pyfunction]
    fn _get_num_threads() -> usize {
        lyceum_engine::kernels::parallel::threads()
    }

    #[pyfunction]
    fn _set_num_threads(threads: usize, vm: &VirtualMachine) -> PyResult<()> {
        lyceum_engine::kernels::parallel::set_threads(threads).or_raise(vm)
    }

    #[pyfunction]
    fn _save_safetensors(
        tensors: PyRef<PyDict>,
        metadata: OptionalArg<PyRef<PyDict>>,
        vm: &VirtualMachine,
    ) -> PyResult {
        functions::save_safetensors(tensors, metadata, vm)
    }

    #[pyfunction]
    fn _load_safetensors(bytes: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        functions::load_safetensors(bytes, vm)
    }

    #[pyfunction]
    fn _load_pt(bytes: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        functions::load_pt(bytes, vm)
    }
}

#[rustpython_vm::pymodule(name = "torch._C._nn")]
mod _torch_c_nn {
    use rustpython_vm as vm;
    use vm::builtins::PyModule;
    use vm::{Py, PyResult, VirtualMachine};

    use super::*;

    pub(crate) fn module_exec(vm: &VirtualMachine, module: &Py<PyModule>) -> PyResult<()> {
        __module_exec(vm, module);
        add_ops(module, &ops::table().functional, str::to_owned, "torch.nn.functional", Kind::Function, vm)
    }
}
