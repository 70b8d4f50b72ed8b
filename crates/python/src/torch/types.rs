//! The small types beside the tensor: `dtype`, `device`, `Size`, `Generator`, `finfo` and `iinfo`.

use std::cell::RefCell;

use lyceum_engine::DType;
use lyceum_engine::random::{Generator, SharedGenerator, default_generator};
use rustpython_vm::builtins::{PyTuple, PyType, PyTypeRef};
use rustpython_vm::common::hash::PyHash;
use rustpython_vm::function::{FuncArgs, OptionalArg, PyComparisonValue};
use rustpython_vm::types::{Comparable, Constructor, Hashable, PyComparisonOp, Representable};
use rustpython_vm::{Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine, pyclass};

use super::convert;
use super::error::{OrRaise, class_name};
use super::tensor::PyTensor;

/// The dtypes that torch has and the engine has not: they can be named, not used.
const FOREIGN: [(&str, usize, bool); 6] = [
    ("int8", 1, false),
    ("int16", 2, false),
    ("complex64", 8, false),
    ("complex128", 16, false),
    ("float8_e4m3fn", 1, true),
    ("uint16", 2, false),
];

/// `torch.dtype`: the element type of a tensor.
#[pyclass(module = "torch", name = "dtype")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyDType {
    name: &'static str,
    size: usize,
    is_float: bool,
    dtype: Option<DType>,
}

thread_local! {
    static DTYPES: RefCell<Vec<PyRef<PyDType>>> = const { RefCell::new(Vec::new()) };
}

impl PyDType {
    /// Returns the one object that stands for a dtype.
    pub(crate) fn of(dtype: DType, vm: &VirtualMachine) -> PyObjectRef {
        all_dtypes(vm).into_iter().find(|d| d.dtype == Some(dtype)).map_or_else(|| vm.ctx.none(), Into::into)
    }

    /// Tells whether this is `torch.NAME`.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.name == name
    }

    /// Returns the engine's dtype, or the error that says that there is none.
    pub(crate) fn engine_dtype(&self, vm: &VirtualMachine) -> PyResult<DType> {
        self.dtype.ok_or_else(|| {
            vm.new_not_implemented_error(format!(
                "tensors of torch.{} are not part of Lyceum; there are float32, float64, bfloat16, float16, int64, \
                 int32, uint8 and bool",
                self.name
            ))
        })
    }
}

/// Returns every dtype object, in the same order each time.
pub(crate) fn all_dtypes(vm: &VirtualMachine) -> Vec<PyRef<PyDType>> {
    DTYPES.with_borrow_mut(|dtypes| {
        if dtypes.is_empty() {
            for dtype in DType::ALL {
                let object =
                    PyDType { name: dtype.name(), size: dtype.size(), is_float: dtype.is_float(), dtype: Some(dtype) };
                dtypes.push(object.into_ref(&vm.ctx));
            }
            for (name, size, is_float) in FOREIGN {
                dtypes.push(PyDType { name, size, is_float, dtype: None }.into_ref(&vm.ctx));
            }
        }
        dtypes.clone()
    })
}

/// Forgets the dtype objects of an interpreter that ends.
pub(crate) fn forget_dtypes() {
    DTYPES.with_borrow_mut(Vec::clear);
}

impl Representable for PyDType {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(format!("torch.{}", zelf.name))
    }
}

#[pyclass(with(Representable), flags(DISALLOW_INSTANTIATION))]
impl PyDType {
    #[pygetset]
    fn is_floating_point(&self) -> bool {
        self.is_float
    }

    #[pygetset]
    fn is_complex(&self) -> bool {
        self.name.starts_with("complex")
    }

    #[pygetset]
    fn is_signed(&self) -> bool {
        !(self.name.starts_with('u') || self.name == "bool")
    }

    #[pygetset]
    fn itemsize(&self) -> usize {
        self.size
    }

    /// The name without `torch.`, by which Python code finds the dtype again.
    #[pygetset]
    fn __name__(&self) -> &'static str {
        self.name
    }

    #[pymethod]
    fn __reduce__(&self, vm: &VirtualMachine) -> PyResult {
        Ok(vm.ctx.new_str(self.name).into())
    }
}

/// `torch.device`: where a tensor lives. Here that is the CPU.
#[pyclass(module = "torch", name = "device")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyDevice {
    kind: String,
    index: Option<i64>,
}

const DEVICE_KINDS: [&str; 8] = ["cpu", "cuda", "mps", "xpu", "meta", "xla", "hpu", "mkldnn"];

impl PyDevice {
    /// Returns the CPU.
    pub(crate) fn cpu(vm: &VirtualMachine) -> PyObjectRef {
        PyDevice { kind: "cpu".into(), index: None }.into_ref(&vm.ctx).into()
    }

    fn parse(text: &str, vm: &VirtualMachine) -> PyResult<PyDevice> {
        let (kind, index) = match text.split_once(':') {
            Some((kind, index)) => (kind, Some(index.parse::<i64>())),
            None => (text, None),
        };
        if !DEVICE_KINDS.contains(&kind) {
            return Err(vm.new_runtime_error(format!(
                "Expected one of cpu, cuda, mps, ... device type at start of device string: {text}"
            )));
        }
        match index.transpose() {
            Ok(index) if index.is_none_or(|i| i >= 0) => Ok(PyDevice { kind: kind.into(), index }),
            _ => Err(vm.new_runtime_error(format!("Invalid device string: '{text}'"))),
        }
    }

    /// Reads what a program gives as a device.
    pub(crate) fn from_object(object: &PyObject, vm: &VirtualMachine) -> PyResult<Option<PyDevice>> {
        if let Some(device) = object.downcast_ref::<PyDevice>() {
            return Ok(Some(PyDevice { kind: device.kind.clone(), index: device.index }));
        }
        match object.downcast_ref::<rustpython_vm::builtins::PyStr>() {
            Some(text) => PyDevice::parse(&text.to_string_lossy(), vm).map(Some),
            None => Ok(None),
        }
    }

    /// Raises what torch raises where there is no such device.
    pub(crate) fn require_cpu(&self, vm: &VirtualMachine) -> PyResult<()> {
        match self.kind.as_str() {
            "cpu" if self.index.is_none_or(|i| i == 0) => Ok(()),
            "cpu" => {
                Err(vm
                    .new_runtime_error(format!("CPU device index must be -1 or zero, got {}", self.index.unwrap_or(0))))
            }
            "cuda" => Err(vm.new_exception_msg(
                vm.ctx.exceptions.assertion_error.to_owned(),
                "Torch not compiled with CUDA enabled: Lyceum computes on the CPU. Write \
                 device = \"cuda\" if torch.cuda.is_available() else \"cpu\" to run anywhere."
                    .into(),
            )),
            other => {
                Err(vm.new_runtime_error(format!("there is no device '{other}' here: Lyceum computes on the CPU")))
            }
        }
    }
}

impl Constructor for PyDevice {
    type Args = FuncArgs;

    fn py_new(_cls: &Py<PyType>, args: FuncArgs, vm: &VirtualMachine) -> PyResult<Self> {
        let (first, index): (PyObjectRef, OptionalArg<i64>) = args.bind(vm)?;
        let Some(device) = PyDevice::from_object(&first, vm)? else {
            return Err(vm.new_type_error(format!("device(): argument 'type' must be str, not {}", class_name(&first))));
        };
        Ok(PyDevice { kind: device.kind, index: index.into_option().or(device.index) })
    }
}

impl Representable for PyDevice {
    fn repr_str(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<String> {
        Ok(match zelf.index {
            Some(index) => format!("device(type='{}', index={index})", zelf.kind),
            None => format!("device(type='{}')", zelf.kind),
        })
    }
}

impl Hashable for PyDevice {
    fn hash(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<PyHash> {
        Ok(zelf.kind.bytes().fold(zelf.index.unwrap_or(-1), |h, b| h.wrapping_mul(31).wrapping_add(i64::from(b))))
    }
}

impl Comparable for PyDevice {
    fn cmp(zelf: &Py<Self>, other: &PyObject, op: PyComparisonOp, _vm: &VirtualMachine) -> PyResult<PyComparisonValue> {
        let Some(other) = other.downcast_ref::<Self>() else { return Ok(PyComparisonValue::NotImplemented) };
        op.eq_only(|| Ok((zelf.kind == other.kind && zelf.index == other.index).into()))
    }
}

#[pyclass(with(Constructor, Representable, Hashable, Comparable))]
impl PyDevice {
    #[pygetset(name = "type")]
    fn kind(&self) -> String {
        self.kind.clone()
    }

    #[pygetset]
    fn index(&self) -> Option<i64> {
        self.index
    }

    #[pymethod]
    fn __str__(&self) -> String {
        match self.index {
            Some(index) => format!("{}:{index}", self.kind),
            None => self.kind.clone(),
        }
    }
}

/// `torch.Generator`: a source of random numbers with a state of its own.
#[pyclass(module = "torch", name = "Generator")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyGenerator {
    pub(crate) generator: SharedGenerator,
}

impl PyGenerator {
    /// Returns the generator that every op draws from when it is not given one.
    pub(crate) fn default_of_process(vm: &VirtualMachine) -> PyObjectRef {
        PyGenerator { generator: default_generator().clone() }.into_ref(&vm.ctx).into()
    }
}

impl Constructor for PyGenerator {
    type Args = FuncArgs;

    fn py_new(_cls: &Py<PyType>, mut args: FuncArgs, vm: &VirtualMachine) -> PyResult<Self> {
        let device = args.take_keyword("device").or_else(|| args.take_positional());
        if let Some(device) = device
            && let Some(device) = PyDevice::from_object(&device, vm)?
        {
            device.require_cpu(vm)?;
        }
        Ok(PyGenerator { generator: Generator::shared(lyceum_engine::random::DEFAULT_SEED) })
    }
}

#[pyclass(with(Constructor))]
impl PyGenerator {
    #[pymethod]
    fn manual_seed(zelf: PyRef<Self>, seed: PyObjectRef, vm: &VirtualMachine) -> PyResult<PyRef<Self>> {
        let seed = convert::seed(&seed, vm)?;
        zelf.generator.lock().manual_seed(seed);
        Ok(zelf)
    }

    #[pymethod]
    fn seed(&self) -> u64 {
        self.generator.lock().seed()
    }

    #[pymethod]
    fn initial_seed(&self) -> u64 {
        self.generator.lock().initial_seed()
    }

    #[pymethod]
    fn get_state(&self, vm: &VirtualMachine) -> PyResult {
        let state = self.generator.lock().state();
        let n = state.len();
        let tensor = lyceum_engine::Tensor::from_vec(state, &[n]).or_raise(vm)?;
        Ok(PyTensor::wrap(tensor, vm))
    }

    #[pymethod]
    fn set_state(zelf: PyRef<Self>, state: PyObjectRef, vm: &VirtualMachine) -> PyResult<PyRef<Self>> {
        let Some(state) = state.downcast_ref::<PyTensor>() else {
            return Err(vm.new_type_error("expected a torch.ByteTensor, but got something else"));
        };
        let state = state.tensor();
        if state.dtype() != DType::U8 {
            return Err(vm.new_type_error(format!("RNG state must be a torch.ByteTensor, but got {}", state.dtype())));
        }
        let bytes = state.to_vec::<u8>().or_raise(vm)?;
        let restored = zelf.generator.lock().set_state(&bytes);
        restored.map_err(|error| vm.new_runtime_error(error.to_string()))?;
        Ok(zelf)
    }

    #[pymethod]
    fn clone_state(&self, vm: &VirtualMachine) -> PyObjectRef {
        let copy = self.generator.lock().clone();
        PyGenerator { generator: std::sync::Arc::new(parking_lot::Mutex::new(copy)) }.into_ref(&vm.ctx).into()
    }

    #[pygetset]
    fn device(&self, vm: &VirtualMachine) -> PyObjectRef {
        PyDevice::cpu(vm)
    }
}

/// Makes a `torch.Size`.
pub(crate) fn size(shape: &[usize], vm: &VirtualMachine) -> PyResult {
    let items: Vec<PyObjectRef> = shape.iter().map(|&n| vm.ctx.new_int(n).into()).collect();
    match python_class(vm, "_objects", "Size") {
        Ok(class) => {
            let tuple = PyTuple::new_unchecked(items.into_boxed_slice());
            tuple.into_ref_with_type(vm, class).map(Into::into)
        }
        Err(error) => Err(error),
    }
}

thread_local! {
    static PYTHON_CLASSES: RefCell<Vec<(&'static str, PyTypeRef)>> = const { RefCell::new(Vec::new()) };
}

/// Returns a class that the frozen package defines in Python: `torch.MODULE.NAME`.
pub(crate) fn python_class(vm: &VirtualMachine, module: &str, name: &'static str) -> PyResult<PyTypeRef> {
    let known = PYTHON_CLASSES.with_borrow(|classes| classes.iter().find(|(n, _)| *n == name).map(|(_, c)| c.clone()));
    if let Some(class) = known {
        return Ok(class);
    }
    let class = from_package(vm, module, name)?
        .downcast::<PyType>()
        .map_err(|_| vm.new_runtime_error(format!("torch.{module}.{name} is not a class")))?;
    PYTHON_CLASSES.with_borrow_mut(|classes| classes.push((name, class.clone())));
    Ok(class)
}

/// Forgets the classes of an interpreter that ends.
pub(crate) fn forget_classes() {
    PYTHON_CLASSES.with_borrow_mut(Vec::clear);
}

/// Returns an attribute of a module of the frozen package: `torch.MODULE.NAME`.
pub(crate) fn from_package(vm: &VirtualMachine, module: &str, name: &'static str) -> PyResult {
    let full = format!("torch.{module}");
    let modules = vm.sys_module.get_attr("modules", vm)?;
    let found = modules.get_item(full.as_str(), vm);
    let module = match found {
        Ok(module) => module,
        Err(_) => {
            vm.import(&vm.ctx.new_str(full.as_str()), 0)?;
            modules.get_item(full.as_str(), vm)?
        }
    };
    module.get_attr(name, vm)
}

impl PyDType {
    /// Returns the name without `torch.`.
    pub(crate) fn plain_name(&self) -> &'static str {
        self.name
    }
}

/// Returns torch's other names of a dtype.
pub(crate) fn dtype_aliases(name: &str) -> &'static [&'static str] {
    match name {
        "float32" => &["float"],
        "float64" => &["double"],
        "float16" => &["half"],
        "int64" => &["long"],
        "int32" => &["int"],
        "int16" => &["short"],
        "complex64" => &["cfloat"],
        "complex128" => &["cdouble"],
        _ => &[],
    }
}
