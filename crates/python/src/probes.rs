//! Probes: asks a program, after it ended, what its functions give, and writes the answers down as plain data.
//!
//! What comes back is read from the engine's tensor and from the storage of Python's own types, never through a method
//! that a program can redefine: an object whose `__eq__`, `__repr__` or `numpy` lies is told as what it is. Inputs are
//! made here in the same way. Nothing that is expected is known here.

use lyceum_engine::{DType, Scalar, Tensor, autograd};
use lyceum_lab::{
    self as lab, Exception, Observation, Probe, StackFrame, TensorValue, Value,
    probe::{MAX_VALUE_BYTES, Mode, random_weights},
};
use rustpython_vm::{
    AsObject, PyObject, PyObjectRef, PyResult, VirtualMachine,
    builtins::{PyBaseExceptionRef, PyDict, PyDictRef, PyFloat, PyInt, PyList, PyStr, PyTuple, PyType},
    function::{FuncArgs, KwArgs, PosArgs},
};

use crate::{
    torch::PyTensor,
    traceback::{self, Raised},
};

/// The step of central differences, in relation to the size of the number.
const STEP: f64 = 1e-5;
/// The greatest number of elements that are differentiated by.
const MAX_DIFFERENTIATED: usize = 4096;

impl From<Raised> for Exception {
    fn from(raised: Raised) -> Self {
        let frame = |frame: traceback::Frame| StackFrame {
            file: frame.file,
            line: u32::try_from(frame.line).unwrap_or(u32::MAX),
            function: frame.function,
        };
        Exception {
            class: raised.class,
            message: raised.message,
            frames: raised.frames.into_iter().map(frame).collect(),
            traceback: raised.traceback,
        }
    }
}

/// Asks one thing of the program whose names these are.
pub(crate) fn run(vm: &VirtualMachine, globals: &PyDictRef, probe: &Probe) -> Observation {
    // Inputs are tensors of `torch.Tensor`, whose class the package completes.
    if let Err(exception) = vm.import("torch", 0) {
        return raised(vm, &exception);
    }
    let recording = autograd::grad_enabled();
    let inference = autograd::mode::inference();
    autograd::mode::set_grad_enabled(matches!(probe.mode, Mode::Call));
    autograd::mode::set_inference(false);
    let observation = observe(vm, globals, probe).unwrap_or_else(|stop| match stop {
        Stop::Observed(observation) => observation,
        Stop::Raised(exception) => raised(vm, &exception),
    });
    autograd::mode::set_inference(inference);
    autograd::mode::set_grad_enabled(recording);
    observation
}

/// Why a probe ends before it has a value.
enum Stop {
    Observed(Observation),
    Raised(PyBaseExceptionRef),
}

impl From<PyBaseExceptionRef> for Stop {
    fn from(exception: PyBaseExceptionRef) -> Self {
        Stop::Raised(exception)
    }
}

fn raised(vm: &VirtualMachine, exception: &PyBaseExceptionRef) -> Observation {
    /// More than this of a message or a traceback helps nobody.
    const MAX_TEXT: usize = 1 << 16;
    let cut = |text: &mut String| {
        let end = (0..=MAX_TEXT.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or_default());
    };
    let mut exception = Exception::from(traceback::describe(vm, exception));
    cut(&mut exception.message);
    cut(&mut exception.traceback);
    cut(&mut exception.class);
    exception.frames.truncate(64);
    Observation::Raised { exception }
}

fn observe(vm: &VirtualMachine, globals: &PyDictRef, probe: &Probe) -> Result<Observation, Stop> {
    let target = find(vm, globals, &probe.target)?;
    let object = match &probe.init {
        None => target,
        Some(init) => call(vm, &target, arguments(vm, init, None)?)?,
    };
    let mut weights = Vec::new();
    if let Mode::Weights { seed } = probe.mode {
        weights = set_weights(vm, &object, seed)?;
    }
    if matches!(probe.mode, Mode::Predict | Mode::Weights { .. }) && object.get_attr("training", vm).is_ok() {
        let eval = object.get_attr("eval", vm)?;
        eval.call((), vm)?;
    }
    let callee = match &probe.method {
        None => object,
        Some(method) => attribute(vm, &object, method)?,
    };
    if let Mode::Differentiate { wrt } = &probe.mode {
        return differentiate(vm, &callee, &probe.arguments, wrt);
    }
    let result = call(vm, &callee, arguments(vm, &probe.arguments, None)?)?;
    let mut room = MAX_VALUE_BYTES;
    let value = plain(vm, &result, Value::MAX_DEPTH, &mut room);
    if room == 0 {
        return Ok(Observation::TooLarge { bytes: MAX_VALUE_BYTES as u64 });
    }
    Ok(Observation::Value { value, weights })
}

/// Finds what has a dotted name, beginning with the program's own names.
fn find(vm: &VirtualMachine, globals: &PyDictRef, name: &str) -> Result<PyObjectRef, Stop> {
    let mut parts = name.split('.');
    let first = parts.next().unwrap_or_default();
    let Some(mut object) = globals.get_item_opt(first, vm)? else {
        return Err(Stop::Observed(Observation::Missing { name: first.to_owned() }));
    };
    for part in parts {
        object = attribute(vm, &object, part)?;
    }
    Ok(object)
}

fn attribute(vm: &VirtualMachine, object: &PyObjectRef, name: &str) -> Result<PyObjectRef, Stop> {
    match object.get_attr(vm.ctx.intern_str(name), vm) {
        Ok(object) => Ok(object),
        Err(exception) if exception.fast_isinstance(vm.ctx.exceptions.attribute_error) => {
            Err(Stop::Observed(Observation::Missing { name: name.to_owned() }))
        }
        Err(exception) => Err(exception.into()),
    }
}

fn call(vm: &VirtualMachine, callee: &PyObjectRef, arguments: FuncArgs) -> Result<PyObjectRef, Stop> {
    if !callee.is_callable() {
        return Err(Stop::Observed(Observation::NotCallable { class: class_name(callee) }));
    }
    callee.call(arguments, vm).map_err(Stop::Raised)
}

fn class_name(object: &PyObject) -> String {
    object.class().name().to_string()
}

/// Makes the arguments of a call, with one tensor changed where that is asked for.
fn arguments(vm: &VirtualMachine, inputs: &lab::Arguments, changed: Option<(usize, &[f64])>) -> PyResult<FuncArgs> {
    let double = changed.is_some();
    let mut positional = Vec::with_capacity(inputs.positional.len());
    for (index, value) in inputs.positional.iter().enumerate() {
        let replaced = match (changed, value) {
            (Some((at, numbers)), Value::Tensor(tensor)) if at == index => {
                TensorValue::of_numbers(lab::DType::Float64, tensor.shape().to_vec(), numbers).map(Value::Tensor)
            }
            (Some((at, numbers)), Value::Float(_) | Value::Int(_)) if at == index => {
                numbers.first().copied().map(Value::Float)
            }
            _ => None,
        };
        positional.push(python(vm, replaced.as_ref().unwrap_or(value), double)?);
    }
    let mut named = Vec::with_capacity(inputs.named.len());
    for (name, value) in &inputs.named {
        named.push((name.clone(), python(vm, value, double)?));
    }
    Ok(FuncArgs::new(PosArgs::new(positional), KwArgs::new(named.into_iter().collect())))
}

/// Makes the Python object of a value; floating-point tensors in double precision where that is asked for.
fn python(vm: &VirtualMachine, value: &Value, double: bool) -> PyResult {
    let items =
        |items: &[Value]| -> PyResult<Vec<PyObjectRef>> { items.iter().map(|item| python(vm, item, double)).collect() };
    Ok(match value {
        Value::None => vm.ctx.none(),
        Value::Bool(value) => vm.ctx.new_bool(*value).into(),
        Value::Int(value) => vm.ctx.new_int(*value).into(),
        Value::Float(value) => vm.ctx.new_float(*value).into(),
        Value::Str(text) => vm.ctx.new_str(text.as_str()).into(),
        Value::List(list) => vm.ctx.new_list(items(list)?).into(),
        Value::Tuple(tuple) => vm.ctx.new_tuple(items(tuple)?).into(),
        Value::Dict(entries) => {
            let dict = vm.ctx.new_dict();
            for (key, value) in entries {
                dict.set_item(&*python(vm, key, double)?, python(vm, value, double)?, vm)?;
            }
            dict.into()
        }
        Value::Tensor(tensor) => {
            let tensor = engine_tensor(tensor, double).map_err(|error| vm.new_value_error(error.to_string()))?;
            PyTensor::wrap(tensor, vm)
        }
        Value::Other(class) => return Err(vm.new_type_error(format!("a {class} cannot be handed over"))),
    })
}

fn engine_tensor(tensor: &TensorValue, double: bool) -> lyceum_engine::Result<Tensor> {
    let shape = tensor.shape();
    let numbers = || tensor.numbers();
    match tensor.dtype() {
        lab::DType::Bool => {
            Tensor::from_vec(numbers().iter().map(|number| *number != 0.0).collect::<Vec<bool>>(), shape)
        }
        lab::DType::Uint8 => Tensor::from_vec(tensor.bytes().to_vec(), shape),
        lab::DType::Int32 => {
            Tensor::from_vec(numbers().iter().map(|number| *number as i32).collect::<Vec<i32>>(), shape)
        }
        lab::DType::Int64 => {
            let whole = |bytes: &[u8]| bytes.try_into().map(i64::from_le_bytes).unwrap_or_default();
            Tensor::from_vec(tensor.bytes().chunks_exact(8).map(whole).collect::<Vec<i64>>(), shape)
        }
        lab::DType::Float32 if !double => {
            Tensor::from_vec(numbers().iter().map(|number| *number as f32).collect::<Vec<f32>>(), shape)
        }
        lab::DType::Float32 | lab::DType::Float64 => Tensor::from_vec(numbers(), shape),
    }
}

/// Writes a Python object down as plain data. `room` is how many bytes may still be written; 0 when it was too little.
fn plain(vm: &VirtualMachine, object: &PyObject, depth: usize, room: &mut usize) -> Value {
    let mut take = |bytes: usize| match room.checked_sub(bytes + 16) {
        Some(left) if left > 0 => {
            *room = left;
            true
        }
        _ => {
            *room = 0;
            false
        }
    };
    let other = || Value::Other(object.class().name().chars().take(200).collect());
    // An array of numpy counts as the tensor in it. It is a class of Python, so a program can make it lie; what comes of
    // that is only another value that the program gives.
    let tensor = match object.downcast_ref::<PyTensor>() {
        Some(tensor) => Some(tensor.tensor()),
        None => crate::numpy::array(object, vm).ok().flatten(),
    };
    if let Some(tensor) = tensor {
        let size = tensor.numel().saturating_mul(tensor.dtype().size());
        return match take(size).then(|| plain_tensor(&tensor)).flatten() {
            Some(tensor) => Value::Tensor(tensor),
            None => other(),
        };
    }
    if !take(0) || depth == 0 {
        return other();
    }
    if vm.is_none(object) {
        return Value::None;
    }
    if object.is(&vm.ctx.true_value) || object.is(&vm.ctx.false_value) {
        return Value::Bool(object.is(&vm.ctx.true_value));
    }
    if let Some(number) = object.downcast_ref::<PyInt>() {
        return number.try_to_primitive::<i64>(vm).map_or_else(|_| other(), Value::Int);
    }
    if let Some(number) = object.downcast_ref::<PyFloat>() {
        return Value::Float(number.to_f64());
    }
    if let Ok(Some((number, _))) = crate::numpy::number(object, vm) {
        return match number {
            Scalar::Bool(truth) => Value::Bool(truth),
            Scalar::Int(int) => Value::Int(int),
            Scalar::Float(float) => Value::Float(float),
        };
    }
    if let Some(text) = object.downcast_ref::<PyStr>() {
        let text = text.to_string_lossy();
        return if take(text.len()) { Value::Str(text.into_owned()) } else { other() };
    }
    let mut items = |items: &[PyObjectRef]| -> Vec<Value> {
        items
            .iter()
            .map_while(|item| {
                let value = plain(vm, item, depth - 1, room);
                (*room > 0).then_some(value)
            })
            .collect()
    };
    if let Some(list) = object.downcast_ref::<PyList>() {
        // Nothing below runs Python, but a copy cannot be changed under our feet whatever happens.
        let list = list.borrow_vec().to_vec();
        return Value::List(items(&list));
    }
    if let Some(tuple) = object.downcast_ref::<PyTuple>() {
        return Value::Tuple(items(tuple.as_slice()));
    }
    if let Some(dict) = object.downcast_ref::<PyDict>() {
        let (keys, values): (Vec<_>, Vec<_>) = dict.items_vec().into_iter().unzip();
        return Value::Dict(items(&keys).into_iter().zip(items(&values)).collect());
    }
    if let Some(class) = object.downcast_ref::<PyType>() {
        return Value::Other(format!("type {}", class.name().chars().take(200).collect::<String>()));
    }
    other()
}

fn plain_tensor(tensor: &Tensor) -> Option<TensorValue> {
    let shape = tensor.shape().to_vec();
    let (dtype, bytes) = match tensor.dtype() {
        DType::Bool => (lab::DType::Bool, tensor.to_vec::<bool>().ok()?.into_iter().map(u8::from).collect()),
        DType::U8 => (lab::DType::Uint8, tensor.to_vec::<u8>().ok()?),
        DType::I32 => {
            (lab::DType::Int32, tensor.to_vec::<i32>().ok()?.into_iter().flat_map(i32::to_le_bytes).collect())
        }
        DType::I64 => {
            (lab::DType::Int64, tensor.to_vec::<i64>().ok()?.into_iter().flat_map(i64::to_le_bytes).collect())
        }
        DType::F16 | DType::BF16 | DType::F32 => {
            let tensor = tensor.to_dtype(DType::F32).ok()?;
            (lab::DType::Float32, tensor.to_vec::<f32>().ok()?.into_iter().flat_map(f32::to_le_bytes).collect())
        }
        DType::F64 => {
            (lab::DType::Float64, tensor.to_vec::<f64>().ok()?.into_iter().flat_map(f64::to_le_bytes).collect())
        }
    };
    TensorValue::new(dtype, shape, bytes)
}

/// Gives each parameter of a module the weights that belong to the seed, its name and its shape. Returns the names and
/// shapes.
fn set_weights(vm: &VirtualMachine, module: &PyObjectRef, seed: u64) -> Result<Vec<(String, Vec<usize>)>, Stop> {
    /// No lab's module has more.
    const MAX_PARAMETERS: usize = 1000;
    let named = attribute(vm, module, "named_parameters")?.call((), vm)?;
    let pairs: Vec<PyObjectRef> = vm.extract_elements_with(&named, Ok)?;
    let mut weights = Vec::new();
    for pair in pairs.iter().take(MAX_PARAMETERS) {
        let Some([name, parameter]) = pair.downcast_ref::<PyTuple>().map(|pair| pair.as_slice()) else { continue };
        let (Some(name), Some(parameter)) = (name.downcast_ref::<PyStr>(), parameter.downcast_ref::<PyTensor>()) else {
            continue;
        };
        let (name, old) = (name.to_string_lossy().into_owned(), parameter.tensor());
        let numbers = random_weights(seed, &name, old.shape());
        let new = TensorValue::of_numbers(lab::DType::Float32, old.shape().to_vec(), &numbers)
            .and_then(|tensor| engine_tensor(&tensor, old.dtype() == DType::F64).ok());
        if let Some(new) = new {
            weights.push((name, old.shape().to_vec()));
            parameter.replace(old.with_data_of(&new));
        }
    }
    Ok(weights)
}

/// Differentiates a function with a scalar result by central differences.
///
/// `(f(x + h) - f(x - h)) / 2h` for each element `x` of each argument, in double precision.
fn differentiate(
    vm: &VirtualMachine,
    callee: &PyObjectRef,
    inputs: &lab::Arguments,
    wrt: &[usize],
) -> Result<Observation, Stop> {
    let refused = |message: String| Stop::Raised(vm.new_value_error(message));
    let mut gradients = Vec::new();
    for &index in wrt {
        let (shape, numbers) = match inputs.positional.get(index) {
            Some(Value::Tensor(tensor)) => (Some(tensor.shape().to_vec()), tensor.numbers()),
            Some(Value::Float(number)) => (None, vec![*number]),
            _ => return Err(refused(format!("argument {index} is no tensor"))),
        };
        if numbers.len() > MAX_DIFFERENTIATED {
            return Err(refused(format!("argument {index} has more than {MAX_DIFFERENTIATED} elements")));
        }
        let mut changed = numbers.clone();
        let mut gradient = Vec::with_capacity(numbers.len());
        for (at, number) in numbers.iter().enumerate() {
            let step = STEP * number.abs().max(1.0);
            let mut value_at = |number: f64| -> Result<f64, Stop> {
                changed[at] = number;
                let result = call(vm, callee, arguments(vm, inputs, Some((index, &changed)))?)?;
                let value = plain(vm, &result, 1, &mut MAX_VALUE_BYTES.clone());
                value.as_number().ok_or_else(|| refused(format!("a {} is no scalar", value.type_name())))
            };
            let difference = value_at(number + step)? - value_at(number - step)?;
            gradient.push(difference / (2.0 * step));
            changed[at] = *number;
        }
        let value = match shape {
            Some(shape) => TensorValue::of_numbers(lab::DType::Float64, shape, &gradient).map(Value::Tensor),
            None => gradient.first().copied().map(Value::Float),
        };
        gradients.extend(value);
    }
    let value = match gradients.len() {
        1 => gradients.pop().unwrap_or(Value::None),
        _ => Value::Tuple(gradients),
    };
    Ok(Observation::value(value))
}
