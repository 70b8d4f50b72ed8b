//! Python objects as engine values, and back.

use lyceum_engine::ops::Value;
use lyceum_engine::{DType, Scalar};
use rustpython_vm::builtins::{PyFloat, PyInt, PyList, PyStr, PyTuple};
use rustpython_vm::{AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine};

use super::error::class_name;
use super::tensor::PyTensor;
use super::types::{PyDType, PyDevice, PyGenerator};

/// Converts an argument of an op.
pub(crate) fn to_value(object: &PyObject, vm: &VirtualMachine) -> PyResult<Value> {
    if let Some(tensor) = object.downcast_ref::<PyTensor>() {
        return Ok(Value::Tensor(tensor.tensor()));
    }
    if let Some(scalar) = to_scalar(object, vm)? {
        return Ok(scalar.into());
    }
    if vm.is_none(object) {
        return Ok(Value::None);
    }
    if let Some(text) = object.downcast_ref::<PyStr>() {
        return Ok(Value::Str(text.to_string_lossy().into_owned()));
    }
    if let Some(tuple) = object.downcast_ref::<PyTuple>() {
        return to_list(tuple, vm);
    }
    if let Some(list) = object.downcast_ref::<PyList>() {
        let items = list.borrow_vec().to_vec();
        return to_list(&items, vm);
    }
    if let Some(dtype) = object.downcast_ref::<PyDType>() {
        return dtype.engine_dtype(vm).map(Value::DType);
    }
    if let Some(device) = PyDevice::from_object(object, vm)? {
        device.require_cpu(vm)?;
        return Ok(Value::Device);
    }
    if let Some(generator) = object.downcast_ref::<PyGenerator>() {
        return Ok(Value::Generator(generator.generator.clone()));
    }
    // `dtype=float`, `dtype=int`, `dtype=bool` as torch understands them
    if object.is(vm.ctx.types.float_type) {
        return Ok(Value::DType(DType::default_float()));
    }
    if object.is(vm.ctx.types.int_type) {
        return Ok(Value::DType(DType::I64));
    }
    if object.is(vm.ctx.types.bool_type) {
        return Ok(Value::DType(DType::Bool));
    }
    Ok(Value::Other(class_name(&object.to_owned())))
}

/// Converts the items of a sequence, which may contain itself.
fn to_list(items: &[PyObjectRef], vm: &VirtualMachine) -> PyResult<Value> {
    vm.with_recursion(" while reading an argument", || {
        items.iter().map(|item| to_value(item, vm)).collect::<PyResult<_>>().map(Value::List)
    })
}

/// Converts a keyword argument; `device` may be given as text.
pub(crate) fn to_keyword_value(name: &str, object: &PyObject, vm: &VirtualMachine) -> PyResult<Value> {
    if name == "device"
        && let Some(device) = PyDevice::from_object(object, vm)?
    {
        device.require_cpu(vm)?;
        return Ok(Value::Device);
    }
    to_value(object, vm)
}

/// Returns the number that an object is, if it is one of Python or of numpy.
pub(crate) fn to_scalar(object: &PyObject, vm: &VirtualMachine) -> PyResult<Option<Scalar>> {
    match python_number(object, vm)? {
        None => Ok(crate::numpy::number(object, vm)?.map(|(scalar, _)| scalar)),
        scalar => Ok(scalar),
    }
}

/// Returns the number of Python that an object is, if it is one.
pub(crate) fn python_number(object: &PyObject, vm: &VirtualMachine) -> PyResult<Option<Scalar>> {
    if let Some(float) = object.downcast_ref::<PyFloat>() {
        return Ok(Some(Scalar::Float(float.to_f64())));
    }
    if let Some(int) = object.downcast_ref::<PyInt>() {
        if object.is(&vm.ctx.true_value) || object.is(&vm.ctx.false_value) {
            return Ok(Some(Scalar::Bool(object.is(&vm.ctx.true_value))));
        }
        return match int.try_to_primitive::<i64>(vm) {
            Ok(i) => Ok(Some(Scalar::Int(i))),
            Err(_) => {
                Err(vm.new_value_error("Overflow when unpacking long long: the number does not fit into 64 bits"))
            }
        };
    }
    Ok(None)
}

/// Converts a result. `names` are those of a result of several tensors.
pub(crate) fn from_value(value: Value, op: &str, names: &[&'static str], vm: &VirtualMachine) -> PyResult {
    Ok(match value {
        Value::Tensor(tensor) => PyTensor::wrap(tensor, vm),
        Value::None => vm.ctx.none(),
        Value::Bool(b) => vm.ctx.new_bool(b).into(),
        Value::Int(i) => vm.ctx.new_int(i).into(),
        Value::Float(f) => vm.ctx.new_float(f).into(),
        Value::Str(text) => vm.ctx.new_str(text).into(),
        Value::DType(dtype) => PyDType::of(dtype, vm),
        Value::Device => PyDevice::cpu(vm),
        Value::Generator(_) => PyGenerator::default_of_process(vm),
        Value::List(items) => {
            let items = items.into_iter().map(|item| from_value(item, op, &[], vm)).collect::<PyResult<Vec<_>>>()?;
            let tuple: PyObjectRef = vm.ctx.new_tuple(items).into();
            if names.is_empty() {
                return Ok(tuple);
            }
            let make = super::types::from_package(vm, "return_types", "_make")?;
            let names = names.iter().map(|name| vm.ctx.new_str(*name).into()).collect();
            make.call((vm.ctx.new_str(op), vm.ctx.new_tuple(names), tuple), vm)?
        }
        Value::Other(name) => return Err(vm.new_type_error(format!("an op gave an object of type {name}"))),
    })
}

/// Converts a number.
pub(crate) fn from_scalar(scalar: Scalar, vm: &VirtualMachine) -> PyObjectRef {
    match scalar {
        Scalar::Bool(b) => vm.ctx.new_bool(b).into(),
        Scalar::Int(i) => vm.ctx.new_int(i).into(),
        Scalar::Float(f) => vm.ctx.new_float(f).into(),
    }
}

/// Reads a seed: any integer of 64 bits; negative ones wrap as torch wraps them.
pub(crate) fn seed(object: &PyObject, vm: &VirtualMachine) -> PyResult<u64> {
    let int = match object.downcast_ref::<PyTensor>() {
        Some(tensor) => return Ok(super::error::OrRaise::or_raise(tensor.tensor().item(), vm)?.to_i64() as u64),
        None => object.try_index(vm)?,
    };
    if let Ok(seed) = int.try_to_primitive::<u64>(vm) {
        return Ok(seed);
    }
    int.try_to_primitive::<i64>(vm)
        .map(|seed| seed as u64)
        .map_err(|_| vm.new_runtime_error("Overflow when unpacking long long: the seed does not fit into 64 bits"))
}

/// Reads the positional and named arguments of an op.
pub(crate) struct Arguments {
    pub(crate) positional: Vec<Value>,
    pub(crate) named: Vec<(String, Value)>,
}

impl Arguments {
    pub(crate) fn read(args: &rustpython_vm::function::FuncArgs, vm: &VirtualMachine) -> PyResult<Arguments> {
        let positional = args.args.iter().map(|object| to_value(object, vm)).collect::<PyResult<_>>()?;
        let named = args
            .kwargs
            .iter()
            .map(|(name, object)| Ok((name.clone(), to_keyword_value(name, object, vm)?)))
            .collect::<PyResult<_>>()?;
        Ok(Arguments { positional, named })
    }

    pub(crate) fn named(&self) -> Vec<(&str, Value)> {
        self.named.iter().map(|(name, value)| (name.as_str(), value.clone())).collect()
    }
}
