//! The tape as Python sees it: `grad_fn`, hooks, `backward`, and operations with a derivative written in Python.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use lyceum_engine::autograd::meta::Hook;
use lyceum_engine::autograd::{self, BackwardCx, GradMode, GradOptions, Node, Saved};
use lyceum_engine::{Error, Tensor};
use rustpython_vm::builtins::{PyTuple, PyType, PyTypeRef};
use rustpython_vm::common::hash::PyHash;
use rustpython_vm::function::{FuncArgs, KwArgs, PyComparisonValue};
use rustpython_vm::types::{Comparable, Hashable, PyComparisonOp, Representable};
use rustpython_vm::{AsObject, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine, pyclass};
use send_wrapper::SendWrapper;

use super::error::{carry, class_name, guarded};
use super::tensor::PyTensor;

/// What `tensor.grad_fn` gives: a recorded op.
#[pyclass(module = "torch.autograd", name = "Node")]
#[derive(PyPayload)]
pub(crate) struct PyNode {
    node: Arc<Node>,
}

impl std::fmt::Debug for PyNode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.node.name())
    }
}

thread_local! {
    /// A class for each kind of node, so that `type(x.grad_fn).__name__` is what it is in torch.
    static NODE_CLASSES: RefCell<HashMap<&'static str, PyTypeRef>> = RefCell::new(HashMap::new());
}

/// Forgets the classes of an interpreter that ends.
pub(crate) fn forget_classes() {
    NODE_CLASSES.with_borrow_mut(HashMap::clear);
}

impl PyNode {
    /// Makes the Python object of a node.
    pub(crate) fn wrap(node: Arc<Node>, vm: &VirtualMachine) -> PyResult {
        let name = node.name();
        let known = NODE_CLASSES.with_borrow(|classes| classes.get(name).cloned());
        let class = match known {
            Some(class) => class,
            None => {
                let bases = vm.ctx.new_tuple(vec![PyNode::class(&vm.ctx).to_owned().into()]);
                let made =
                    vm.ctx.types.type_type.as_object().call((vm.ctx.new_str(name), bases, vm.ctx.new_dict()), vm)?;
                let class = made.downcast::<PyType>().map_err(|_| vm.new_type_error("type() gave no class"))?;
                NODE_CLASSES.with_borrow_mut(|classes| classes.insert(name, class.clone()));
                class
            }
        };
        PyNode { node }.into_ref_with_type(vm, class).map(Into::into)
    }
}

impl Representable for PyNode {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(format!("<{} object at {:#x}>", zelf.node.name(), Arc::as_ptr(&zelf.node) as usize))
    }
}

// Each access of `grad_fn` makes a new object: those of one node are equal.
impl Comparable for PyNode {
    fn cmp(zelf: &Py<Self>, other: &PyObject, op: PyComparisonOp, _vm: &VirtualMachine) -> PyResult<PyComparisonValue> {
        let Some(other) = other.downcast_ref::<Self>() else { return Ok(PyComparisonValue::NotImplemented) };
        op.eq_only(|| Ok(Arc::ptr_eq(&zelf.node, &other.node).into()))
    }
}

impl Hashable for PyNode {
    fn hash(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<PyHash> {
        Ok(Arc::as_ptr(&zelf.node) as usize as PyHash)
    }
}

#[pyclass(flags(BASETYPE), with(Representable, Comparable, Hashable))]
impl PyNode {
    #[pymethod]
    fn name(&self) -> &'static str {
        self.node.name()
    }

    #[pygetset]
    fn next_functions(&self, vm: &VirtualMachine) -> PyResult {
        let next = self
            .node
            .next_functions()
            .map(|next| {
                let pair = match next {
                    Some((node, slot)) => vec![PyNode::wrap(node.clone(), vm)?, vm.ctx.new_int(slot).into()],
                    None => vec![vm.ctx.none(), vm.ctx.new_int(0).into()],
                };
                Ok(vm.ctx.new_tuple(pair).into())
            })
            .collect::<PyResult<Vec<_>>>()?;
        Ok(vm.ctx.new_tuple(next).into())
    }

    /// The leaf whose gradient an `AccumulateGrad` node adds to.
    #[pygetset]
    fn variable(&self, vm: &VirtualMachine) -> PyResult {
        Err(vm.new_not_implemented_error(format!("{}.variable is not part of Lyceum", self.node.name())))
    }
}

/// Makes an engine hook of a Python function.
pub(crate) fn python_hook(function: PyObjectRef) -> Hook {
    let function = SendWrapper::new(function);
    Arc::new(move |grad| {
        rustpython_vm::vm::thread::with_current_vm(|vm| {
            let result = function.call((PyTensor::wrap(grad.clone(), vm),), vm).map_err(carry)?;
            if vm.is_none(&result) {
                return Ok(None);
            }
            PyTensor::expect(&result, "the result of a hook", vm).map(Some).map_err(carry)
        })
    })
}

/// Makes the hook that calls a Python function with the parameter itself once its gradient is there.
pub(crate) fn post_accumulate_hook(
    parameter: &PyRef<PyTensor>,
    function: PyObjectRef,
    vm: &VirtualMachine,
) -> PyResult<Hook> {
    let weak = parameter.as_object().downgrade(None, vm)?;
    let held = SendWrapper::new((weak, function));
    Ok(Arc::new(move |_grad| {
        rustpython_vm::vm::thread::with_current_vm(|vm| {
            if let Some(parameter) = held.0.upgrade() {
                held.1.call((parameter,), vm).map_err(carry)?;
            }
            Ok(None)
        })
    }))
}

fn tensors_of(object: &PyObject, what: &str, vm: &VirtualMachine) -> PyResult<Vec<Tensor>> {
    if let Some(tensor) = object.downcast_ref::<PyTensor>() {
        return Ok(vec![tensor.tensor()]);
    }
    vm.extract_elements_with(object, |item| PyTensor::expect(&item, what, vm))
}

fn optional_tensors_of(object: &PyObject, what: &str, vm: &VirtualMachine) -> PyResult<Vec<Option<Tensor>>> {
    if vm.is_none(object) {
        return Ok(Vec::new());
    }
    if let Some(tensor) = object.downcast_ref::<PyTensor>() {
        return Ok(vec![Some(tensor.tensor())]);
    }
    vm.extract_elements_with(object, |item| {
        if vm.is_none(&item) { Ok(None) } else { PyTensor::expect(&item, what, vm).map(Some) }
    })
}

/// `Tensor.backward(gradient=None, retain_graph=None, create_graph=False, inputs=None)`
pub(crate) fn tensor_backward(tensor: &PyRef<PyTensor>, mut args: FuncArgs, vm: &VirtualMachine) -> PyResult<()> {
    let mut take = |name: &str| {
        let positional = (!args.args.is_empty()).then(|| args.args.remove(0));
        positional.or_else(|| args.take_keyword(name)).filter(|o| !vm.is_none(o))
    };
    let gradient = take("gradient");
    let retain_graph = take("retain_graph");
    let create_graph = take("create_graph");
    let inputs = take("inputs");
    if let Some(name) = args.kwargs.keys().next() {
        return Err(vm.new_type_error(format!("Tensor.backward() got an unexpected keyword argument '{name}'")));
    }
    let gradient = match gradient {
        Some(gradient) => Some(PyTensor::expect(&gradient, "backward(): argument 'gradient'", vm)?),
        None => None,
    };
    let create_graph = create_graph.map_or(Ok(false), |o| o.try_to_bool(vm))?;
    let retain_graph = retain_graph.map_or(Ok(create_graph), |o| o.try_to_bool(vm))?;
    let inputs = inputs.map(|inputs| tensors_of(&inputs, "backward(): argument 'inputs'", vm)).transpose()?;
    run(&[tensor.tensor()], &[gradient], inputs, GradOptions { retain_graph, create_graph, allow_unused: true }, vm)
}

fn run(
    outputs: &[Tensor],
    gradients: &[Option<Tensor>],
    inputs: Option<Vec<Tensor>>,
    options: GradOptions,
    vm: &VirtualMachine,
) -> PyResult<()> {
    guarded(vm, || match inputs {
        None => autograd::backward(outputs, gradients, options),
        Some(inputs) if inputs.is_empty() => {
            Err(Error::Runtime("`inputs` argument to `backward()` cannot be empty.".into()))
        }
        Some(inputs) => autograd::backward::backward_to(outputs, gradients, &inputs, options),
    })?;
    crate::notices::gradients_added(vm);
    Ok(())
}

/// `_run_backward(tensors, grad_tensors, retain_graph, create_graph, inputs=None)`
pub(crate) fn run_backward(args: FuncArgs, vm: &VirtualMachine) -> PyResult<()> {
    let (tensors, gradients, retain_graph, create_graph, inputs): (
        PyObjectRef,
        PyObjectRef,
        bool,
        bool,
        rustpython_vm::function::OptionalArg<PyObjectRef>,
    ) = args.bind(vm)?;
    let outputs = tensors_of(&tensors, "an element of tensors", vm)?;
    let gradients = optional_tensors_of(&gradients, "an element of grad_tensors", vm)?;
    let inputs = match inputs.into_option().filter(|o| !vm.is_none(o)) {
        Some(inputs) => Some(tensors_of(&inputs, "an element of inputs", vm)?),
        None => None,
    };
    run(&outputs, &gradients, inputs, GradOptions { retain_graph, create_graph, allow_unused: true }, vm)
}

/// `_autograd_grad(outputs, inputs, grad_outputs, retain_graph, create_graph, allow_unused)`
pub(crate) fn grad(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let (outputs, inputs, gradients, retain_graph, create_graph, allow_unused): (
        PyObjectRef,
        PyObjectRef,
        PyObjectRef,
        bool,
        bool,
        bool,
    ) = args.bind(vm)?;
    let outputs = tensors_of(&outputs, "an element of outputs", vm)?;
    let inputs = tensors_of(&inputs, "an element of inputs", vm)?;
    let gradients = optional_tensors_of(&gradients, "an element of grad_outputs", vm)?;
    let options = GradOptions { retain_graph, create_graph, allow_unused };
    let grads = guarded(vm, || autograd::grad(&outputs, &inputs, &gradients, options))?;
    let grads = grads.into_iter().map(|g| g.map_or_else(|| vm.ctx.none(), |g| PyTensor::wrap(g, vm))).collect();
    Ok(vm.ctx.new_list(grads).into())
}

thread_local! {
    /// The names of learners' own operations, kept for the life of the process: one entry for each class name.
    static FUNCTION_NAMES: RefCell<HashMap<String, &'static str>> = RefCell::new(HashMap::new());
}

fn node_name(class: &str) -> &'static str {
    FUNCTION_NAMES.with_borrow_mut(|names| {
        *names.entry(class.to_owned()).or_insert_with(|| Box::leak(format!("{class}Backward").into_boxed_str()))
    })
}

/// What a Python derivative holds until it runs.
struct PythonBackward {
    class: PyObjectRef,
    context: PyObjectRef,
    /// For each output of `forward`, the slot of the node it became, if it is differentiable.
    slots: Vec<Option<usize>>,
    /// For each argument of `forward`, whether it is a tensor, and so an input of the node.
    is_input: Vec<bool>,
    materialize: bool,
}

/// `_apply_function(cls, ctx, args)`: runs an operation whose derivative is written in Python, and records it.
pub(crate) fn apply_function(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let (class, context, arguments): (PyObjectRef, PyObjectRef, PyRef<PyTuple>) = args.bind(vm)?;
    let recording = autograd::grad_enabled();
    let mut call = vec![context.clone()];
    call.extend(arguments.iter().cloned());
    let output = {
        let _mode = GradMode::new(false);
        let forward = class.get_attr("_forward", vm)?;
        forward.call(FuncArgs::new(call, KwArgs::default()), vm)?
    };
    let tuple = output.downcast_ref::<PyTuple>().map(|tuple| tuple.as_slice().to_vec());
    let is_tuple = tuple.is_some();
    let outputs = tuple.unwrap_or_else(|| vec![output.clone()]);

    let inputs: Vec<Tensor> =
        arguments.iter().filter_map(|o| o.downcast_ref::<PyTensor>()).map(PyTensor::tensor_of).collect();
    let to_save: PyObjectRef = context.get_attr("_to_save", vm)?;
    context.set_attr("_to_save", vm.ctx.new_tuple(Vec::new()), vm)?;
    let dirty: Vec<PyObjectRef> = vm.extract_elements_with(&*context.get_attr("_dirty", vm)?, Ok)?;
    let plain: Vec<PyObjectRef> = vm.extract_elements_with(&*context.get_attr("_non_differentiable", vm)?, Ok)?;
    let materialize = context.get_attr("_materialize_grads", vm)?.try_to_bool(vm)?;

    let contains = |list: &[PyObjectRef], object: &PyObjectRef| list.iter().any(|o| o.is(object));
    let mut results: Vec<PyObjectRef> = Vec::with_capacity(outputs.len());
    let mut slots: Vec<Option<usize>> = Vec::with_capacity(outputs.len());
    let mut tensors: Vec<Tensor> = Vec::new();
    for object in &outputs {
        let Some(payload) = object.downcast_ref::<PyTensor>() else {
            results.push(object.clone());
            slots.push(None);
            continue;
        };
        let is_dirty = contains(&dirty, object);
        let is_input = arguments.iter().any(|o| o.is(object));
        let (tensor, result) = if is_dirty {
            (payload.tensor(), object.clone())
        } else if is_input || payload.tensor().requires_grad() {
            let alias = payload.tensor().detach();
            (alias.clone(), PyTensor::wrap(alias, vm))
        } else {
            (payload.tensor(), object.clone())
        };
        results.push(result);
        if tensor.dtype().is_float() && !contains(&plain, object) {
            slots.push(Some(tensors.len()));
            tensors.push(tensor);
        } else {
            slots.push(None);
        }
    }

    if recording && !tensors.is_empty() && inputs.iter().any(Tensor::requires_grad) {
        let kept = vm.extract_elements_with(&to_save, |item| {
            if vm.is_none(&item) {
                return Ok(None);
            }
            let tensor = PyTensor::expect(&item, "a saved value", vm)?;
            Ok(Some((item, tensor)))
        })?;
        let name = node_name(&class.get_attr("__name__", vm)?.str(vm)?.to_string_lossy());
        let is_input = arguments.iter().map(|o| o.downcast_ref::<PyTensor>().is_some()).collect();
        let backward = PythonBackward { class, context, slots, is_input, materialize };
        let output_of =
            |object: &PyObjectRef| outputs.iter().position(|o| o.is(object)).and_then(|i| backward.slots[i]);
        let output_slots: Vec<Option<usize>> =
            kept.iter().map(|k| k.as_ref().and_then(|(object, _)| output_of(object))).collect();
        let input_refs: Vec<&Tensor> = inputs.iter().collect();
        let outs = tensors.clone();
        autograd::record_many(tensors, name, &input_refs, move || {
            let saved: Vec<Option<Saved>> = kept
                .iter()
                .zip(&output_slots)
                .map(|(kept, slot)| {
                    kept.as_ref().map(|(_, tensor)| match slot {
                        Some(slot) => Saved::output_at(&outs[*slot], *slot),
                        None => Saved::input(tensor),
                    })
                })
                .collect();
            let held = SendWrapper::new(backward);
            move |cx: &BackwardCx<'_>| rustpython_vm::vm::thread::with_current_vm(|vm| held.run(cx, &saved, vm))
        });
    }
    if is_tuple {
        Ok(vm.ctx.new_tuple(results).into())
    } else {
        results.pop().ok_or_else(|| vm.new_runtime_error("forward gave nothing"))
    }
}

impl PythonBackward {
    fn run(
        &self,
        cx: &BackwardCx<'_>,
        saved: &[Option<Saved>],
        vm: &VirtualMachine,
    ) -> lyceum_engine::Result<autograd::Grads> {
        let mut values = Vec::with_capacity(saved.len());
        for value in saved {
            values.push(match value {
                Some(value) => PyTensor::wrap(value.get(cx)?, vm),
                None => vm.ctx.none(),
            });
        }
        let mut call = vec![self.context.clone()];
        for slot in &self.slots {
            call.push(match slot {
                Some(slot) if self.materialize => PyTensor::wrap(cx.grad_at(*slot)?, vm),
                Some(slot) => cx.grad_opt(*slot).map_or_else(|| vm.ctx.none(), |g| PyTensor::wrap(g.clone(), vm)),
                None => vm.ctx.none(),
            });
        }
        let result = (|| {
            self.context.set_attr("saved_tensors", vm.ctx.new_tuple(values), vm)?;
            let result = self.class.get_attr("backward", vm)?.call(FuncArgs::new(call, KwArgs::default()), vm);
            self.context.del_attr("saved_tensors", vm)?;
            self.gradients(result?, vm)
        })();
        result.map_err(carry)
    }

    /// Reads what `backward` returned: a gradient or None for each argument of `forward`.
    fn gradients(&self, result: PyObjectRef, vm: &VirtualMachine) -> PyResult<autograd::Grads> {
        let results = match result.downcast_ref::<PyTuple>() {
            Some(tuple) => tuple.as_slice().to_vec(),
            None => vec![result.clone()],
        };
        let expected = self.is_input.len();
        let extra_is_none = results.iter().skip(expected).all(|r| vm.is_none(r));
        if results.len() < expected || !extra_is_none {
            let name = self.class.get_attr("__name__", vm)?.str(vm)?.to_string_lossy().into_owned();
            return Err(vm.new_runtime_error(format!(
                "function {name}Backward returned an incorrect number of gradients (expected {expected}, got {})",
                results.len()
            )));
        }
        let mut grads = autograd::Grads::new();
        for (i, (result, is_input)) in results.iter().zip(&self.is_input).enumerate() {
            let grad = if vm.is_none(result) {
                None
            } else {
                match result.downcast_ref::<PyTensor>() {
                    Some(grad) => Some(grad.tensor()),
                    None => {
                        return Err(vm.new_type_error(format!(
                            "expected Variable or None for gradient {i}, but got {}",
                            class_name(result)
                        )));
                    }
                }
            };
            if *is_input {
                grads.push(grad);
            } else if grad.is_some() {
                return Err(vm.new_runtime_error(format!(
                    "a gradient was returned at position {i}, but the argument there is not a tensor"
                )));
            }
        }
        Ok(grads)
    }
}

impl PyTensor {
    fn tensor_of(object: &Py<PyTensor>) -> Tensor {
        object.tensor()
    }
}
