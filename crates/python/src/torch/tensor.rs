//! `torch.Tensor`: the class, its attributes, and the methods that are not ops of the table. Its operators are in
//! `operators`.

use std::cell::RefCell;

use lyceum_engine::Tensor;
use lyceum_engine::autograd::HookId;
use lyceum_engine::ops;
use rustpython_vm::builtins::{PyStr, PyType, PyTypeRef};
use rustpython_vm::function::{FuncArgs, OptionalArg, PySetterValue};
use rustpython_vm::types::{
    AsMapping, AsNumber, AsSequence, Comparable, Constructor, GetAttr, Hashable, Iterable, Representable,
};
use rustpython_vm::{AsObject, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine, pyclass};

use super::autograd::{self, PyNode};
use super::convert::from_scalar;
use super::error::{OrRaise, class_name, guarded};
use super::types::{self, PyDType, PyDevice};

/// The Python object around a tensor. `.data = other` gives it another tensor to hold.
#[pyclass(module = "torch", name = "Tensor")]
#[derive(PyPayload)]
pub(crate) struct PyTensor {
    inner: RefCell<Tensor>,
}

impl std::fmt::Debug for PyTensor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.inner.borrow().fmt(f)
    }
}

impl From<Tensor> for PyTensor {
    fn from(tensor: Tensor) -> Self {
        PyTensor { inner: RefCell::new(tensor) }
    }
}

impl PyTensor {
    /// Makes a `torch.Tensor` of a tensor.
    pub(crate) fn wrap(tensor: Tensor, vm: &VirtualMachine) -> PyObjectRef {
        PyTensor::from(tensor).into_ref(&vm.ctx).into()
    }

    /// Makes an object of a subclass.
    pub(crate) fn wrap_as(tensor: Tensor, class: PyTypeRef, vm: &VirtualMachine) -> PyResult {
        PyTensor::from(tensor).into_ref_with_type(vm, class).map(Into::into)
    }

    /// Returns the tensor that this object holds now.
    pub(crate) fn tensor(&self) -> Tensor {
        self.inner.borrow().clone()
    }

    /// Holds another tensor from now on.
    pub(crate) fn replace(&self, tensor: Tensor) {
        let old = self.inner.replace(tensor);
        drop(old);
    }

    /// Returns the tensor of an object that must be one.
    pub(crate) fn expect(object: &PyObject, what: &str, vm: &VirtualMachine) -> PyResult<Tensor> {
        match object.downcast_ref::<PyTensor>() {
            Some(tensor) => Ok(tensor.tensor()),
            None => Err(vm.new_type_error(format!("{what} must be Tensor, not {}", class_name(&object.to_owned())))),
        }
    }
}

impl Constructor for PyTensor {
    type Args = FuncArgs;

    fn py_new(_cls: &Py<PyType>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<Self> {
        super::construct::legacy_constructor(args, vm).map(PyTensor::from)
    }
}

impl Representable for PyTensor {
    fn repr_str(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult<String> {
        let text = super::types::from_package(vm, "_tensor_str", "_str")?;
        let text = text.call((zelf.to_owned(),), vm)?;
        Ok(text.str(vm)?.to_string_lossy().into_owned())
    }
}

impl GetAttr for PyTensor {
    /// What the class has not, the library is asked for: methods written in Python, and the names that PyTorch has and
    /// Lyceum has not.
    fn getattro(zelf: &Py<Self>, name: &Py<PyStr>, vm: &VirtualMachine) -> PyResult {
        zelf.as_object().generic_getattr(name, vm).or_else(|error| {
            if !error.fast_isinstance(vm.ctx.exceptions.attribute_error) || name.as_bytes().starts_with(b"__") {
                return Err(error);
            }
            let find = super::types::from_package(vm, "_tensor_methods", "find")?;
            let found = find.call((zelf.to_owned(), name.to_owned()), vm)?;
            if vm.is_none(&found) { Err(error) } else { Ok(found) }
        })
    }
}

#[pyclass(
    flags(BASETYPE, HAS_DICT, HAS_WEAKREF),
    with(Constructor, GetAttr, Representable, Hashable, Comparable, AsNumber, AsMapping, AsSequence, Iterable)
)]
impl PyTensor {
    // What the tensor is.

    #[pygetset]
    fn shape(&self, vm: &VirtualMachine) -> PyResult {
        types::size(self.inner.borrow().shape(), vm)
    }

    #[pygetset]
    fn ndim(&self) -> usize {
        self.inner.borrow().rank()
    }

    #[pygetset]
    fn dtype(&self, vm: &VirtualMachine) -> PyObjectRef {
        PyDType::of(self.inner.borrow().dtype(), vm)
    }

    #[pygetset]
    fn device(&self, vm: &VirtualMachine) -> PyObjectRef {
        PyDevice::cpu(vm)
    }

    #[pygetset]
    fn layout(&self, vm: &VirtualMachine) -> PyResult {
        types::from_package(vm, "_C", "strided")
    }

    #[pygetset]
    fn itemsize(&self) -> usize {
        self.inner.borrow().dtype().size()
    }

    #[pygetset]
    fn nbytes(&self) -> usize {
        let tensor = self.inner.borrow();
        tensor.numel() * tensor.dtype().size()
    }

    #[pygetset]
    fn is_cuda(&self) -> bool {
        false
    }

    #[pygetset]
    fn is_mps(&self) -> bool {
        false
    }

    #[pygetset]
    fn is_cpu(&self) -> bool {
        true
    }

    #[pygetset]
    fn is_sparse(&self) -> bool {
        false
    }

    #[pygetset]
    fn is_quantized(&self) -> bool {
        false
    }

    #[pygetset]
    fn is_nested(&self) -> bool {
        false
    }

    #[pygetset]
    fn is_meta(&self) -> bool {
        false
    }

    #[pygetset]
    fn _version(&self) -> u32 {
        self.inner.borrow().version()
    }

    #[pygetset]
    fn _base(&self, vm: &VirtualMachine) -> PyObjectRef {
        match self.inner.borrow().base() {
            Some(base) => PyTensor::wrap(base.clone(), vm),
            None => vm.ctx.none(),
        }
    }

    #[pymethod]
    fn _is_view(&self) -> bool {
        self.inner.borrow().base().is_some()
    }

    #[pymethod]
    fn size(&self, dim: OptionalArg<PyObjectRef>, vm: &VirtualMachine) -> PyResult {
        match dim.into_option().filter(|dim| !vm.is_none(dim)) {
            None => self.shape(vm),
            Some(dim) => {
                let dim = dim.try_index(vm)?.try_to_primitive::<i64>(vm)?;
                let tensor = self.inner.borrow();
                if tensor.rank() == 0 {
                    return Err(vm.new_index_error("Dimension specified as 0 but tensor has no dimensions"));
                }
                Ok(vm.ctx.new_int(tensor.size(dim).or_raise(vm)?).into())
            }
        }
    }

    #[pymethod]
    fn stride(&self, dim: OptionalArg<i64>, vm: &VirtualMachine) -> PyResult {
        let tensor = self.inner.borrow();
        match dim {
            OptionalArg::Present(dim) => {
                let d = lyceum_engine::shape::wrap_dim(dim, tensor.rank()).or_raise(vm)?;
                match tensor.strides().get(d) {
                    Some(&stride) => Ok(vm.ctx.new_int(stride).into()),
                    None => Err(vm.new_index_error("Dimension specified as 0 but tensor has no dimensions")),
                }
            }
            OptionalArg::Missing => {
                Ok(vm.ctx.new_tuple(tensor.strides().iter().map(|&s| vm.ctx.new_int(s).into()).collect()).into())
            }
        }
    }

    #[pymethod]
    fn dim(&self) -> usize {
        self.ndim()
    }

    #[pymethod]
    fn ndimension(&self) -> usize {
        self.ndim()
    }

    #[pymethod]
    fn numel(&self) -> usize {
        self.inner.borrow().numel()
    }

    #[pymethod]
    fn nelement(&self) -> usize {
        self.numel()
    }

    #[pymethod]
    fn element_size(&self) -> usize {
        self.itemsize()
    }

    #[pymethod]
    fn storage_offset(&self) -> usize {
        self.inner.borrow().storage_offset()
    }

    #[pymethod]
    fn data_ptr(&self) -> usize {
        self.inner.borrow().data_ptr()
    }

    #[pymethod]
    fn get_device(&self) -> i64 {
        -1
    }

    #[pymethod]
    fn is_contiguous(&self, _args: FuncArgs) -> bool {
        self.inner.borrow().is_contiguous()
    }

    #[pymethod]
    fn is_floating_point(&self) -> bool {
        self.inner.borrow().dtype().is_float()
    }

    #[pymethod]
    fn is_complex(&self) -> bool {
        false
    }

    #[pymethod]
    fn is_signed(&self) -> bool {
        self.inner.borrow().dtype().is_signed()
    }

    #[pymethod]
    fn is_inference(&self) -> bool {
        self.inner.borrow().is_inference()
    }

    #[pymethod]
    fn is_pinned(&self) -> bool {
        false
    }

    #[pymethod]
    fn is_shared(&self) -> bool {
        false
    }

    #[pymethod]
    fn is_set_to(&self, other: PyRef<PyTensor>) -> bool {
        let (a, b) = (self.tensor(), other.tensor());
        a.shares_storage(&b)
            && a.shape() == b.shape()
            && a.strides() == b.strides()
            && a.storage_offset() == b.storage_offset()
    }

    // Values as Python objects.

    #[pymethod]
    fn item(&self, vm: &VirtualMachine) -> PyResult {
        Ok(from_scalar(self.inner.borrow().item().or_raise(vm)?, vm))
    }

    #[pymethod]
    fn tolist(&self, vm: &VirtualMachine) -> PyResult {
        super::construct::to_list(&self.tensor(), vm)
    }

    #[pymethod]
    fn numpy(&self, mut args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let force = args.take_keyword("force").is_some_and(|force| force.is_true(vm).unwrap_or(false));
        if self.requires_grad() && !force {
            return Err(vm.new_runtime_error(
                "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
            ));
        }
        crate::numpy::from_tensor(PyTensor::wrap(self.inner.borrow().detach(), vm), vm)
    }

    #[pymethod]
    fn __format__(zelf: PyRef<Self>, spec: String, vm: &VirtualMachine) -> PyResult {
        let tensor = zelf.tensor();
        if tensor.rank() == 0 {
            let item = from_scalar(tensor.item().or_raise(vm)?, vm);
            return vm.call_method(&item, "__format__", (spec,));
        }
        if spec.is_empty() {
            return Ok(zelf.as_object().str(vm)?.into());
        }
        Err(vm.new_type_error(format!("unsupported format string passed to {}.__format__", class_name(&zelf))))
    }

    #[pymethod]
    fn __array__(&self, mut args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let array = self.numpy(FuncArgs::default(), vm)?;
        match args.take_keyword("dtype").or_else(|| args.take_positional()).filter(|dtype| !vm.is_none(dtype)) {
            Some(dtype) => vm.call_method(&array, "astype", (dtype,)),
            None => Ok(array),
        }
    }

    #[pymethod]
    fn __reversed__(&self, vm: &VirtualMachine) -> PyResult {
        let tensor = self.tensor();
        if tensor.rank() == 0 {
            return Ok(PyTensor::wrap(tensor, vm));
        }
        call_method_op(&tensor, "flip", &[ops::Value::List(vec![ops::Value::Int(0)])], vm)
    }

    #[pymethod]
    fn __deepcopy__(zelf: PyRef<Self>, memo: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        let tensor = zelf.tensor();
        if !tensor.is_leaf() {
            return Err(vm.new_runtime_error(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the \
                 moment. Use detach().clone() to copy the values of another one.",
            ));
        }
        let copy = lyceum_engine::autograd::no_grad(|| tensor.copy_op()).or_raise(vm)?;
        let copy = copy.with_requires_grad(tensor.requires_grad()).or_raise(vm)?;
        if let Some(grad) = tensor.grad() {
            let grad = lyceum_engine::autograd::no_grad(|| grad.copy_op()).or_raise(vm)?;
            copy.set_grad(Some(grad)).or_raise(vm)?;
        }
        let copy = PyTensor::wrap_as(copy, zelf.class().to_owned(), vm)?;
        if let (Some(from), Some(to)) = (zelf.as_object().dict(), copy.dict()) {
            let deepcopy = vm.import("copy", 0)?.get_attr("deepcopy", vm)?;
            for (key, value) in from {
                to.set_item(&*key, deepcopy.call((value, memo.clone()), vm)?, vm)?;
            }
        }
        let id: PyObjectRef = vm.ctx.new_int(zelf.get_id()).into();
        memo.set_item(&*id, copy.clone(), vm)?;
        Ok(copy)
    }

    #[pymethod]
    fn __reduce_ex__(&self, _protocol: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        Err(vm
            .new_not_implemented_error("tensors are not pickled here; torch.save(tensor, path) writes them to a file"))
    }

    // Differentiation.

    #[pygetset]
    fn requires_grad(&self) -> bool {
        self.inner.borrow().requires_grad()
    }

    #[pygetset(setter)]
    fn set_requires_grad(&self, value: PySetterValue<bool>, vm: &VirtualMachine) -> PyResult<()> {
        match value {
            PySetterValue::Assign(value) => self.tensor().set_requires_grad(value).or_raise(vm),
            PySetterValue::Delete => Err(vm.new_runtime_error("requires_grad cannot be deleted")),
        }
    }

    #[pymethod]
    fn requires_grad_(
        zelf: PyRef<Self>,
        requires_grad: OptionalArg<bool>,
        vm: &VirtualMachine,
    ) -> PyResult<PyRef<Self>> {
        zelf.tensor().set_requires_grad(requires_grad.unwrap_or(true)).or_raise(vm)?;
        Ok(zelf)
    }

    #[pygetset]
    fn is_leaf(&self) -> bool {
        self.tensor().is_leaf()
    }

    #[pygetset]
    fn retains_grad(&self) -> bool {
        self.tensor().retains_grad()
    }

    #[pygetset]
    fn output_nr(&self) -> usize {
        self.tensor().output_nr()
    }

    #[pygetset]
    fn grad_fn(&self, vm: &VirtualMachine) -> PyResult {
        match self.tensor().grad_fn() {
            Some(node) => PyNode::wrap(node, vm),
            None => Ok(vm.ctx.none()),
        }
    }

    #[pygetset]
    fn grad(&self, vm: &VirtualMachine) -> PyObjectRef {
        self.inner.borrow().grad().map_or_else(|| vm.ctx.none(), |grad| PyTensor::wrap(grad, vm))
    }

    #[pygetset(setter)]
    fn set_grad(&self, value: PySetterValue<PyObjectRef>, vm: &VirtualMachine) -> PyResult<()> {
        let grad = match value {
            PySetterValue::Assign(value) if !vm.is_none(&value) => match value.downcast_ref::<PyTensor>() {
                Some(grad) => Some(grad.tensor()),
                None => {
                    return Err(vm.new_type_error(format!(
                        "assigned grad expected to be a Tensor or None but got grad of type {}",
                        class_name(&value)
                    )));
                }
            },
            _ => None,
        };
        self.tensor().set_grad(grad).or_raise(vm)
    }

    #[pygetset]
    fn data(&self, vm: &VirtualMachine) -> PyObjectRef {
        PyTensor::wrap(self.inner.borrow().data(), vm)
    }

    #[pygetset(setter)]
    fn set_data(&self, value: PySetterValue<PyObjectRef>, vm: &VirtualMachine) -> PyResult<()> {
        let PySetterValue::Assign(value) = value else {
            return Err(vm.new_runtime_error("data cannot be deleted"));
        };
        let data = PyTensor::expect(&value, "data", vm)?;
        if data.dtype() != self.inner.borrow().dtype() && self.requires_grad() && !data.dtype().is_float() {
            return Err(vm.new_runtime_error("data set to a tensor that requires gradients must be floating point"));
        }
        let replaced = self.tensor().with_data_of(&data);
        self.replace(replaced);
        Ok(())
    }

    #[pymethod]
    fn detach(&self, vm: &VirtualMachine) -> PyObjectRef {
        PyTensor::wrap(self.inner.borrow().detach(), vm)
    }

    #[pymethod]
    fn detach_(zelf: PyRef<Self>, vm: &VirtualMachine) -> PyResult<PyRef<Self>> {
        let tensor = zelf.tensor();
        if tensor.base().is_some() {
            return Err(vm.new_runtime_error("Can't detach views in-place. Use detach() instead."));
        }
        tensor.detach_in_place();
        Ok(zelf)
    }

    #[pymethod]
    fn retain_grad(&self, vm: &VirtualMachine) -> PyResult<()> {
        self.tensor().retain_grad().or_raise(vm)
    }

    #[pymethod]
    fn backward(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<()> {
        autograd::tensor_backward(&zelf, args, vm)
    }

    #[pymethod]
    fn register_hook(&self, hook: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        let tensor = self.tensor();
        let id = tensor.register_hook(autograd::python_hook(hook)).or_raise(vm)?;
        Ok(PyHookHandle { tensor, id }.into_ref(&vm.ctx).into())
    }

    #[pymethod]
    fn register_post_accumulate_grad_hook(zelf: PyRef<Self>, hook: PyObjectRef, vm: &VirtualMachine) -> PyResult {
        let tensor = zelf.tensor();
        let hook = autograd::post_accumulate_hook(&zelf, hook, vm)?;
        let id = tensor.register_post_accumulate_grad_hook(hook).or_raise(vm)?;
        Ok(PyHookHandle { tensor, id }.into_ref(&vm.ctx).into())
    }

    #[pystaticmethod]
    fn _make_subclass(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let (class, data, requires_grad): (PyTypeRef, PyObjectRef, OptionalArg<bool>) = {
            let mut args = args;
            let flag = args.take_keyword("requires_grad").or_else(|| args.take_keyword("require_grad"));
            let (class, data, third): (PyTypeRef, PyObjectRef, OptionalArg<bool>) = args.bind(vm)?;
            let third = match flag {
                Some(flag) => OptionalArg::Present(flag.try_to_bool(vm)?),
                None => third,
            };
            (class, data, third)
        };
        let data = PyTensor::expect(&data, "_make_subclass(): argument 'data' (position 2)", vm)?;
        let tensor = data.detach().with_requires_grad(requires_grad.unwrap_or(false)).or_raise(vm)?;
        PyTensor::wrap_as(tensor, class, vm)
    }

    // Changes of what the tensor is, in place.

    #[pymethod]
    fn squeeze_(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<PyRef<Self>> {
        reshaped_in_place(zelf, "squeeze", args, vm)
    }

    #[pymethod]
    fn unsqueeze_(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<PyRef<Self>> {
        reshaped_in_place(zelf, "unsqueeze", args, vm)
    }

    #[pymethod]
    fn transpose_(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<PyRef<Self>> {
        reshaped_in_place(zelf, "transpose", args, vm)
    }

    #[pymethod]
    fn t_(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<PyRef<Self>> {
        reshaped_in_place(zelf, "t", args, vm)
    }

    #[pymethod]
    fn resize_(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<PyRef<Self>> {
        let sizes = super::construct::sizes(&args, "resize_", vm)?;
        let tensor = zelf.tensor();
        if tensor.requires_grad() {
            return Err(vm.new_runtime_error("cannot resize variables that require grad"));
        }
        let resized = guarded(vm, || ops::convert::resized(&tensor, &sizes))?;
        zelf.replace(resized);
        Ok(zelf)
    }

    #[pymethod]
    fn set_(zelf: PyRef<Self>, source: PyRef<PyTensor>) -> PyRef<Self> {
        let replaced = zelf.tensor().with_data_of(&source.tensor());
        zelf.replace(replaced);
        zelf
    }

    #[pymethod]
    fn copy_(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<PyRef<Self>> {
        let (source, _non_blocking): (PyObjectRef, OptionalArg<bool>) = {
            let mut args = args;
            args.take_keyword("non_blocking");
            match args.take_keyword("src") {
                Some(source) => (source, OptionalArg::Missing),
                None => args.bind(vm)?,
            }
        };
        let source = PyTensor::expect(&source, "copy_(): argument 'src' (position 1)", vm)?;
        let tensor = zelf.tensor();
        guarded(vm, || ops::convert::copy_into(&tensor, &source))?;
        Ok(zelf)
    }

    // Conversion.

    #[pymethod]
    fn new_tensor(&self, args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let mut args = args;
        if !args.kwargs.contains_key("dtype") {
            args.kwargs.insert("dtype".into(), self.dtype(vm));
        }
        super::construct::tensor(args, vm)
    }

    #[pymethod]
    fn to(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        super::functions::to(zelf, args, vm)
    }

    #[pymethod]
    fn cpu(zelf: PyRef<Self>, _args: FuncArgs) -> PyRef<Self> {
        zelf
    }

    #[pymethod]
    fn cuda(&self, _args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        let device = vm.ctx.new_str("cuda");
        if let Some(device) = PyDevice::from_object(device.as_object(), vm)? {
            device.require_cpu(vm)?;
        }
        Ok(vm.ctx.none())
    }

    #[pymethod]
    fn pin_memory(&self, _args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        Err(vm.new_runtime_error(
            "Cannot access accelerator device when none is available: pin_memory() only helps to copy to a GPU",
        ))
    }

    #[pymethod]
    fn share_memory_(zelf: PyRef<Self>) -> PyRef<Self> {
        zelf
    }

    #[pymethod(name = "type")]
    fn type_name(zelf: PyRef<Self>, args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        super::functions::tensor_type(zelf, args, vm)
    }

    // Views by attribute.

    #[pygetset(name = "T")]
    fn transposed(&self, vm: &VirtualMachine) -> PyResult {
        let tensor = self.tensor();
        let order: Vec<i64> = (0..tensor.rank() as i64).rev().collect();
        Ok(PyTensor::wrap(ops::view::permute(&tensor, &order).or_raise(vm)?, vm))
    }

    #[pygetset(name = "mT")]
    fn matrix_transposed(&self, vm: &VirtualMachine) -> PyResult {
        let tensor = self.tensor();
        if tensor.rank() < 2 {
            return Err(vm.new_runtime_error(format!(
                "tensor.mT is only supported on matrices or batches of matrices. Got {}-D tensor.",
                tensor.rank()
            )));
        }
        Ok(PyTensor::wrap(ops::view::transpose(&tensor, -2, -1).or_raise(vm)?, vm))
    }

    #[pygetset(name = "mH")]
    fn matrix_adjoint(&self, vm: &VirtualMachine) -> PyResult {
        self.matrix_transposed(vm)
    }

    #[pygetset(name = "H")]
    fn adjoint(&self, vm: &VirtualMachine) -> PyResult {
        self.matrix_transposed(vm)
    }

    #[pygetset]
    fn real(zelf: PyRef<Self>) -> PyRef<Self> {
        zelf
    }

    #[pymethod]
    fn __dlpack__(&self, _args: FuncArgs, vm: &VirtualMachine) -> PyResult {
        Err(vm.new_not_implemented_error("Tensor.__dlpack__ is not part of Lyceum"))
    }
}

/// Calls a method of the table.
pub(crate) fn call_method_op(
    tensor: &Tensor,
    name: &'static str,
    rest: &[ops::Value],
    vm: &VirtualMachine,
) -> PyResult {
    let Some(op) = ops::table().methods.get(name) else {
        return Err(vm.new_not_implemented_error(format!("Tensor.{name} is not part of Lyceum")));
    };
    let mut arguments = vec![ops::Value::Tensor(tensor.clone())];
    arguments.extend_from_slice(rest);
    let result = guarded(vm, || op.call(&arguments, &[], true))?;
    super::convert::from_value(result, name, &[], vm)
}

/// Gives a tensor the shape of a view of itself: the object holds the view from then on.
fn reshaped_in_place(
    zelf: PyRef<PyTensor>,
    name: &'static str,
    args: FuncArgs,
    vm: &VirtualMachine,
) -> PyResult<PyRef<PyTensor>> {
    let tensor = zelf.tensor();
    guarded(vm, || lyceum_engine::autograd::inplace::check_writable(&tensor).map(|_| ()))?;
    let arguments = super::convert::Arguments::read(&args, vm)?;
    let mut positional = vec![ops::Value::Tensor(tensor)];
    positional.extend(arguments.positional.iter().cloned());
    let Some(op) = ops::table().methods.get(name) else {
        return Err(vm.new_not_implemented_error(format!("Tensor.{name} is not part of Lyceum")));
    };
    if let ops::Value::Tensor(view) = guarded(vm, || op.call(&positional, &arguments.named(), true))? {
        zelf.replace(view);
    }
    Ok(zelf)
}

/// What `register_hook` returns: `remove()` takes the hook away.
#[pyclass(module = "torch.utils.hooks", name = "RemovableHandle")]
#[derive(PyPayload)]
pub(crate) struct PyHookHandle {
    tensor: Tensor,
    id: HookId,
}

impl std::fmt::Debug for PyHookHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.id.fmt(f)
    }
}

#[pyclass(flags(DISALLOW_INSTANTIATION))]
impl PyHookHandle {
    #[pymethod]
    fn remove(&self) {
        self.tensor.remove_hook(self.id);
    }

    #[pymethod]
    fn __enter__(zelf: PyRef<Self>) -> PyRef<Self> {
        zelf
    }

    #[pymethod]
    fn __exit__(&self, _args: FuncArgs) {
        self.tensor.remove_hook(self.id);
    }
}
