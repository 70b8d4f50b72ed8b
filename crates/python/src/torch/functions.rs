//! Functions of `torch._C` that are not ops of the table: conversion, dtype questions, seeds, threads, files.

use std::collections::BTreeMap;

use lyceum_engine::autograd::observe::{self, Observation};
use lyceum_engine::dtype::Promotion;
use lyceum_engine::io::{self, PtTensors, PtValue, RawTensor};
use lyceum_engine::ops::{Value, convert};
use lyceum_engine::{DType, random};
use rustpython_vm::builtins::{PyDict, PyStr, PyTuple};
use rustpython_vm::function::{ArgBytesLike, FuncArgs, OptionalArg};
use rustpython_vm::{AsObject, PyObject, PyObjectRef, PyRef, PyResult, TryFromBorrowedObject, VirtualMachine};

use super::construct::read_dtype;
use super::convert::{seed, to_scalar, to_value};
use super::error::{OrRaise, class_name, guarded};
use super::tensor::PyTensor;
use super::types::{PyDType, PyDevice};

/// `tensor.to(dtype | device | other, ..., copy=False)`
pub(crate) fn to(zelf: PyRef<PyTensor>, mut args: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let mut dtype = None;
    let mut copy = false;
    let mut read = |object: &PyObject| -> PyResult<()> {
        if let Some(device) = PyDevice::from_object(object, vm)? {
            return device.require_cpu(vm);
        }
        match to_value(object, vm)? {
            Value::DType(to) if object.downcast_ref::<PyDType>().is_some() => dtype = Some(to),
            Value::Tensor(other) => dtype = Some(other.dtype()),
            Value::Bool(_) | Value::None => {}
            other => {
                return Err(vm.new_type_error(format!(
                    "to() received an invalid combination of arguments - got ({}), but expected one of:\n \
                     * (torch.device device, torch.dtype dtype, bool non_blocking, bool copy)\n \
                     * (torch.dtype dtype, bool non_blocking, bool copy)\n * (Tensor tensor, bool non_blocking, bool copy)",
                    other.type_name()
                )));
            }
        }
        Ok(())
    };
    for object in &args.args {
        read(object)?;
    }
    for name in ["device", "dtype", "other"] {
        if let Some(object) = args.take_keyword(name) {
            read(&object)?;
        }
    }
    if let Some(object) = args.take_keyword("copy") {
        copy = object.try_to_bool(vm)?;
    }
    args.take_keyword("non_blocking");
    args.take_keyword("memory_format");
    if let Some(name) = args.kwargs.keys().next() {
        return Err(vm.new_type_error(format!("to() got an unexpected keyword argument '{name}'")));
    }
    let tensor = zelf.tensor();
    let dtype = dtype.unwrap_or(tensor.dtype());
    if dtype != tensor.dtype() {
        return Ok(PyTensor::wrap(guarded(vm, || tensor.to_dtype(dtype))?, vm));
    }
    if copy {
        return Ok(PyTensor::wrap(guarded(vm, || tensor.copy_op())?, vm));
    }
    Ok(zelf.into())
}

/// `tensor.type(dtype=None)`: without an argument the name of the tensor's type.
pub(crate) fn tensor_type(zelf: PyRef<PyTensor>, mut args: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let wanted = (!args.args.is_empty()).then(|| args.args.remove(0)).or_else(|| args.take_keyword("dtype"));
    let tensor = zelf.tensor();
    let Some(wanted) = wanted.filter(|o| !vm.is_none(o)) else {
        return Ok(vm.ctx.new_str(format!("torch.{}Tensor", tensor.dtype().torch_name())).into());
    };
    let name = match wanted.downcast_ref::<PyStr>() {
        Some(text) => text.to_string_lossy().into_owned(),
        None => match wanted.get_attr("__name__", vm) {
            Ok(name) if wanted.downcast_ref::<PyDType>().is_none() => name.str(vm)?.to_string_lossy().into_owned(),
            _ => {
                let dtype = read_dtype(&wanted, "type", vm)?;
                return convert_or_same(zelf, dtype, vm);
            }
        },
    };
    let short = name.trim_start_matches("torch.").trim_end_matches("Tensor");
    match DType::ALL.into_iter().find(|d| d.torch_name() == short) {
        Some(dtype) => convert_or_same(zelf, dtype, vm),
        None => Err(vm.new_value_error(format!("invalid type: '{name}'"))),
    }
}

fn convert_or_same(zelf: PyRef<PyTensor>, dtype: DType, vm: &VirtualMachine) -> PyResult {
    let tensor = zelf.tensor();
    if tensor.dtype() == dtype {
        return Ok(zelf.into());
    }
    Ok(PyTensor::wrap(guarded(vm, || tensor.to_dtype(dtype))?, vm))
}

/// Writes a result to the tensor (or tuple of tensors) given as `out=`, and returns that.
pub(crate) fn write_out(name: &str, result: Value, out: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    let write = |result: &Value, out: &PyObject| -> PyResult<()> {
        let (Value::Tensor(result), Some(target)) = (result, out.downcast_ref::<PyTensor>()) else {
            return Err(vm.new_type_error(format!(
                "{name}(): argument 'out' must be Tensor, not {}",
                class_name(&out.to_owned())
            )));
        };
        let tensor = target.tensor();
        if result.requires_grad() || (tensor.requires_grad() && lyceum_engine::autograd::grad_enabled()) {
            return Err(vm.new_runtime_error(format!(
                "{name}(): functions with out=... arguments don't support automatic differentiation, but one of the \
                 arguments requires grad."
            )));
        }
        if !result.dtype().can_cast(tensor.dtype()) {
            return Err(vm.new_runtime_error(format!(
                "result type {} can't be cast to the desired output type {}",
                result.dtype().torch_name(),
                tensor.dtype().torch_name()
            )));
        }
        let tensor = if tensor.shape() == result.shape() {
            tensor
        } else {
            let resized = guarded(vm, || convert::resized(&tensor, result.shape()))?;
            target.replace(resized.clone());
            resized
        };
        guarded(vm, || lyceum_engine::autograd::no_grad(|| convert::copy_into(&tensor, result)))
    };
    match (&result, out.downcast_ref::<PyTuple>()) {
        (Value::List(results), Some(outs)) if results.len() == outs.len() => {
            for (result, out) in results.iter().zip(outs.iter()) {
                write(result, out)?;
            }
        }
        (result, _) => write(result, &out)?,
    }
    Ok(out)
}

/// `torch.result_type(a, b)`
pub(crate) fn result_type(a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    let mut promotion = Promotion::default();
    for object in [&a, &b] {
        promotion = match (object.downcast_ref::<PyTensor>(), to_scalar(object, vm)?) {
            (Some(tensor), _) => promotion.tensor(tensor.tensor().dtype(), tensor.tensor().rank()),
            (None, Some(scalar)) => promotion.scalar(scalar),
            _ => {
                return Err(
                    vm.new_type_error(format!("result_type(): expected Tensor or Number, not {}", class_name(object)))
                );
            }
        };
    }
    Ok(PyDType::of(promotion.result(), vm))
}

/// `torch.promote_types(a, b)`
pub(crate) fn promote_types(a: PyObjectRef, b: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    let (a, b) = (read_dtype(&a, "promote_types", vm)?, read_dtype(&b, "promote_types", vm)?);
    Ok(PyDType::of(a.promoted_with(b), vm))
}

/// `torch.can_cast(from_, to)`
pub(crate) fn can_cast(from: PyObjectRef, to: PyObjectRef, vm: &VirtualMachine) -> PyResult<bool> {
    Ok(read_dtype(&from, "can_cast", vm)?.can_cast(read_dtype(&to, "can_cast", vm)?))
}

/// `torch.broadcast_shapes(*shapes)`
pub(crate) fn broadcast_shapes(args: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let mut shape = lyceum_engine::shape::Shape::new();
    for object in &args.args {
        let one = FuncArgs::from(vec![object.clone()]);
        let sizes = super::construct::sizes(&one, "broadcast_shapes", vm)?;
        shape = lyceum_engine::shape::broadcast(&shape, &sizes).or_raise(vm)?;
    }
    super::types::size(&shape, vm)
}

/// `_manual_seed(seed)`
pub(crate) fn manual_seed(object: PyObjectRef, vm: &VirtualMachine) -> PyResult<()> {
    random::manual_seed(seed(&object, vm)?);
    Ok(())
}

/// `_report_step(optimizer, lr)`: tells the run's observer that an optimiser stepped.
pub(crate) fn report_step(args: FuncArgs, vm: &VirtualMachine) -> PyResult<()> {
    if observe::is_observed() {
        let rate = match args.args.get(1) {
            Some(rate) => rate.try_float(vm)?.to_f64(),
            None => f64::NAN,
        };
        let name = args.args.first().and_then(|name| name.downcast_ref::<PyStr>()).map(|name| name.to_string_lossy());
        let optimizer = name.as_deref().unwrap_or("optimizer");
        observe::notify(Observation::Step { optimizer, learning_rate: rate });
    }
    Ok(())
}

/// `_save_safetensors(tensors, metadata) -> bytes`
pub(crate) fn save_safetensors(
    tensors: PyRef<PyDict>,
    metadata: OptionalArg<PyRef<PyDict>>,
    vm: &VirtualMachine,
) -> PyResult {
    let text = |object: &PyObject| -> PyResult<String> {
        match object.downcast_ref::<PyStr>() {
            Some(text) => Ok(text.to_string_lossy().into_owned()),
            None => Err(vm.new_type_error(format!("expected str, got {}", class_name(&object.to_owned())))),
        }
    };
    let mut raw = Vec::new();
    for (name, tensor) in tensors {
        let tensor = PyTensor::expect(&tensor, "a value of the dict", vm)?;
        raw.push((text(&name)?, RawTensor::from_tensor(&tensor).or_raise(vm)?));
    }
    let mut notes = BTreeMap::new();
    if let OptionalArg::Present(metadata) = metadata {
        for (key, value) in metadata {
            notes.insert(text(&key)?, text(&value)?);
        }
    }
    let bytes = io::write_safetensors(raw.iter().map(|(name, tensor)| (name.as_str(), tensor)), &notes)
        .map_err(|error| vm.new_runtime_error(error.to_string()))?;
    Ok(vm.ctx.new_bytes(bytes).into())
}

/// `_load_safetensors(bytes) -> (tensors, metadata)`
pub(crate) fn load_safetensors(bytes: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    let bytes = ArgBytesLike::try_from_borrowed_object(vm, &bytes)?;
    let file = io::read_safetensors(&bytes.borrow_buf()).map_err(|error| vm.new_runtime_error(error.to_string()))?;
    let tensors = vm.ctx.new_dict();
    for (name, raw) in &file.tensors {
        tensors.set_item(name.as_str(), PyTensor::wrap(raw.to_tensor().or_raise(vm)?, vm), vm)?;
    }
    let metadata = vm.ctx.new_dict();
    for (key, value) in &file.metadata {
        metadata.set_item(key.as_str(), vm.ctx.new_str(value.as_str()).into(), vm)?;
    }
    Ok(vm.ctx.new_tuple(vec![tensors.into(), metadata.into()]).into())
}

/// `_load_pt(bytes)`: reads an archive of torch's without executing anything in it.
pub(crate) fn load_pt(bytes: PyObjectRef, vm: &VirtualMachine) -> PyResult {
    let bytes = ArgBytesLike::try_from_borrowed_object(vm, &bytes)?;
    let file = io::read_pt(&bytes.borrow_buf()).map_err(|error| vm.new_runtime_error(error.to_string()))?;
    let mut tensors = PtTensors::default();
    // A value refers only to values before it, so one pass builds them all.
    let mut built: Vec<PyObjectRef> = Vec::with_capacity(file.values.len());
    for value in &file.values {
        let many = |ids: &[usize]| ids.iter().map(|&id| built[id].clone()).collect::<Vec<_>>();
        let object: PyObjectRef = match value {
            PtValue::None => vm.ctx.none(),
            PtValue::Bool(b) => vm.ctx.new_bool(*b).into(),
            PtValue::Int(i) => vm.ctx.new_int(*i).into(),
            PtValue::Float(f) => vm.ctx.new_float(*f).into(),
            PtValue::Str(text) => vm.ctx.new_str(text.as_str()).into(),
            PtValue::Bytes(bytes) => vm.ctx.new_bytes(bytes.clone()).into(),
            PtValue::Tuple(ids) => vm.ctx.new_tuple(many(ids)).into(),
            PtValue::List(ids) => vm.ctx.new_list(many(ids)).into(),
            PtValue::Set(ids) => vm.ctx.types.set_type.as_object().call((vm.ctx.new_list(many(ids)),), vm)?,
            PtValue::Dict { ordered, items, attributes } => {
                let dict: PyObjectRef = if *ordered {
                    vm.import("collections", 0)?.get_attr("OrderedDict", vm)?.call((), vm)?
                } else {
                    vm.ctx.new_dict().into()
                };
                for &(key, value) in items {
                    dict.set_item(&*built[key], built[value].clone(), vm)?;
                }
                if let Some(attributes) = attributes
                    && let Ok(attributes) = built[*attributes].clone().downcast::<PyDict>()
                    && *ordered
                {
                    for (name, value) in attributes {
                        if let Some(name) = name.downcast_ref::<PyStr>() {
                            dict.set_attr(vm.ctx.intern_str(name.to_string_lossy().as_ref()), value, vm)?;
                        }
                    }
                }
                dict
            }
            PtValue::Tensor(tensor) => {
                let object = PyTensor::wrap(tensors.tensor(tensor).or_raise(vm)?, vm);
                if tensor.is_parameter {
                    let parameter = super::types::from_package(vm, "nn.parameter", "Parameter")?;
                    parameter.call((object, tensor.requires_grad), vm)?
                } else {
                    object
                }
            }
            PtValue::Size(sizes) => {
                let sizes: Vec<usize> = sizes.iter().map(|&n| usize::try_from(n).unwrap_or(0)).collect();
                super::types::size(&sizes, vm)?
            }
            PtValue::DType(name) => {
                let found = super::types::all_dtypes(vm).into_iter().find(|dtype| dtype.is_named(name));
                found.map(Into::into).ok_or_else(|| vm.new_runtime_error(format!("unknown dtype torch.{name}")))?
            }
            PtValue::Device(_) => PyDevice::cpu(vm),
        };
        built.push(object);
    }
    built.get(file.root).cloned().ok_or_else(|| vm.new_runtime_error("the archive is empty"))
}
