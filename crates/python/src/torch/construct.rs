//! Tensors from Python values (`torch.tensor` and its relatives), and Python lists from tensors.

use lyceum_engine::{DType, Scalar, Tensor};
use rustpython_vm::builtins::{PyBytes, PyList, PyStr, PyTuple};
use rustpython_vm::function::{ArgBytesLike, FuncArgs};
use rustpython_vm::{AsObject, PyObject, PyObjectRef, PyResult, TryFromBorrowedObject, VirtualMachine};

use super::convert::{from_scalar, to_scalar};
use super::error::{OrRaise, class_name, guarded};
use super::tensor::PyTensor;
use super::types::PyDevice;

/// Nested lists deeper than this are refused before they are walked.
const MAX_DEPTH: usize = lyceum_engine::shape::MAX_RANK;

/// Numbers read out of nested sequences.
#[derive(Default)]
struct Gathered {
    shape: Vec<usize>,
    values: Vec<Scalar>,
    /// The dtype of the numbers, by torch's rules for a list of them.
    dtype: Option<DType>,
    /// The dtype of a float of Python.
    float: Option<DType>,
}

impl Gathered {
    fn read(object: &PyObject, vm: &VirtualMachine) -> PyResult<Gathered> {
        Gathered::read_with(object, None, vm)
    }

    fn read_with(object: &PyObject, float: Option<DType>, vm: &VirtualMachine) -> PyResult<Gathered> {
        let mut gathered = Gathered { shape: shape_of(object, vm)?, float, ..Gathered::default() };
        gathered.fill(object, 0, vm)?;
        Ok(gathered)
    }

    fn float_dtype(&self) -> DType {
        self.float.unwrap_or_else(DType::default_float)
    }

    fn push(&mut self, scalar: Scalar, dtype: DType) {
        self.dtype = self.dtype.max(Some(dtype));
        self.values.push(scalar);
    }

    fn fill(&mut self, object: &PyObject, depth: usize, vm: &VirtualMachine) -> PyResult<()> {
        if depth == self.shape.len() {
            return self.fill_number(object, vm);
        }
        let Some(items) = sequence(object, vm)? else {
            return Err(vm.new_type_error(format!("not a sequence: {}", class_name(&object.to_owned()))));
        };
        if items.len() != self.shape[depth] {
            return Err(vm.new_value_error(format!(
                "expected sequence of length {} at dim {depth} (got {})",
                self.shape[depth],
                items.len()
            )));
        }
        items.iter().try_for_each(|item| self.fill(item, depth + 1, vm))
    }

    fn fill_number(&mut self, object: &PyObject, vm: &VirtualMachine) -> PyResult<()> {
        // Before Python's numbers: `np.float64` is a float too.
        if let Some((scalar, dtype)) = crate::numpy::number(object, vm)? {
            self.push(scalar, dtype);
            return Ok(());
        }
        if let Some(scalar) = to_scalar(object, vm)? {
            let dtype = if scalar.is_float() { self.float_dtype() } else { scalar.dtype() };
            self.push(scalar, dtype);
            return Ok(());
        }
        let tensor = match object.downcast_ref::<PyTensor>() {
            Some(tensor) => Some(tensor.tensor()),
            None => crate::numpy::array(object, vm)?,
        };
        if let Some(tensor) = tensor {
            if tensor.numel() != 1 {
                return Err(vm.new_value_error("only one element tensors can be converted to Python scalars"));
            }
            self.push(tensor.item().or_raise(vm)?, tensor.dtype());
            return Ok(());
        }
        if object.downcast_ref::<PyStr>().is_some() || object.downcast_ref::<PyBytes>().is_some() {
            return Err(vm.new_type_error(format!("new(): invalid data type '{}'", class_name(&object.to_owned()))));
        }
        if sequence(object, vm)?.is_some() {
            let name = class_name(&object.to_owned());
            return Err(vm.new_type_error(format!("must be real number, not {name}: the lists have different depths")));
        }
        if vm.is_none(object) || object.downcast_ref::<rustpython_vm::builtins::PyDict>().is_some() {
            return Err(vm.new_runtime_error(format!("Could not infer dtype of {}", class_name(&object.to_owned()))));
        }
        if let Ok(int) = object.try_index(vm) {
            self.push(Scalar::Int(int.try_to_primitive(vm)?), DType::I64);
            return Ok(());
        }
        match object.try_float(vm) {
            Ok(float) => {
                self.push(Scalar::Float(float.to_f64()), self.float_dtype());
                Ok(())
            }
            Err(_) => Err(vm.new_runtime_error(format!("Could not infer dtype of {}", class_name(&object.to_owned())))),
        }
    }

    fn into_tensor(self, dtype: Option<DType>, vm: &VirtualMachine) -> PyResult<Tensor> {
        let dtype = dtype.or(self.dtype).unwrap_or_else(DType::default_float);
        if !dtype.is_float() && dtype != DType::Bool && self.values.iter().any(|v| v.to_f64().is_nan()) {
            return Err(vm.new_value_error("cannot convert float NaN to integer"));
        }
        guarded(vm, || {
            for &v in &self.values {
                lyceum_engine::ops::create::fitting(v, dtype)?;
            }
            lyceum_engine::for_dtype!(dtype, T => {
                let data = self.values.iter().map(|&v| <T as lyceum_engine::element::Element>::from_scalar(v)).collect();
                Tensor::from_vec::<T>(data, &self.shape)
            })
        })
    }
}

/// Returns the items of a list, tuple, range or other sequence; `None` for what is no sequence of numbers.
fn sequence(object: &PyObject, vm: &VirtualMachine) -> PyResult<Option<Vec<PyObjectRef>>> {
    if let Some(list) = object.downcast_ref::<PyList>() {
        return Ok(Some(list.borrow_vec().to_vec()));
    }
    if let Some(tuple) = object.downcast_ref::<PyTuple>() {
        return Ok(Some(tuple.as_slice().to_vec()));
    }
    if let Some(tensor) = object.downcast_ref::<PyTensor>() {
        // Only a tensor of one element can stand in a list of numbers.
        if tensor.tensor().rank() == 0 || tensor.tensor().numel() != 1 {
            return Ok(None);
        }
        return vm.extract_elements_with(object, Ok).map(Some);
    }
    if crate::numpy::array(object, vm)?.is_some_and(|array| array.rank() == 0) {
        return Ok(None);
    }
    let is_text = object.downcast_ref::<PyStr>().is_some() || object.downcast_ref::<PyBytes>().is_some();
    let is_dict = object.downcast_ref::<rustpython_vm::builtins::PyDict>().is_some();
    if is_text || is_dict || object.get_attr("__getitem__", vm).is_err() || object.get_attr("__len__", vm).is_err() {
        return Ok(None);
    }
    vm.extract_elements_with(object, Ok).map(Some)
}

fn shape_of(object: &PyObject, vm: &VirtualMachine) -> PyResult<Vec<usize>> {
    let mut shape = Vec::new();
    let mut at = object.to_owned();
    while let Some(items) = sequence(&at, vm)? {
        if shape.len() == MAX_DEPTH {
            return Err(vm.new_value_error(format!("too many dimensions: a tensor has at most {MAX_DEPTH}")));
        }
        shape.push(items.len());
        match items.into_iter().next() {
            Some(first) if first.downcast_ref::<PyStr>().is_some() => {
                return Err(vm.new_value_error(format!("too many dimensions '{}'", class_name(&first))));
            }
            Some(first) => at = first,
            None => break,
        }
    }
    Ok(shape)
}

/// The keywords that functions which make a tensor share.
struct Options {
    dtype: Option<DType>,
    requires_grad: bool,
}

fn options(args: &mut FuncArgs, name: &str, vm: &VirtualMachine) -> PyResult<Options> {
    let dtype = match args.take_keyword("dtype").filter(|o| !vm.is_none(o)) {
        Some(object) => Some(read_dtype(&object, name, vm)?),
        None => None,
    };
    if let Some(device) = args.take_keyword("device").filter(|o| !vm.is_none(o)) {
        match PyDevice::from_object(&device, vm)? {
            Some(device) => device.require_cpu(vm)?,
            None => {
                return Err(vm.new_type_error(format!(
                    "{name}(): argument 'device' must be torch.device, not {}",
                    class_name(&device)
                )));
            }
        }
    }
    let requires_grad = match args.take_keyword("requires_grad") {
        Some(object) => object.try_to_bool(vm)?,
        None => false,
    };
    args.take_keyword("pin_memory");
    args.take_keyword("copy");
    Ok(Options { dtype, requires_grad })
}

/// Reads a dtype argument.
pub(crate) fn read_dtype(object: &PyObject, name: &str, vm: &VirtualMachine) -> PyResult<DType> {
    match super::convert::to_value(object, vm)? {
        lyceum_engine::ops::Value::DType(dtype) => Ok(dtype),
        other => {
            Err(vm.new_type_error(format!("{name}(): argument 'dtype' must be torch.dtype, not {}", other.type_name())))
        }
    }
}

fn the_data(args: &mut FuncArgs, name: &str, vm: &VirtualMachine) -> PyResult {
    let data = match args.take_keyword("data").or_else(|| args.take_keyword("obj")) {
        Some(data) => Some(data),
        None if args.args.is_empty() => None,
        None => Some(args.args.remove(0)),
    };
    data.ok_or_else(|| vm.new_type_error(format!("{name}() missing 1 required positional arguments: \"data\"")))
}

fn no_more(args: &FuncArgs, name: &str, vm: &VirtualMachine) -> PyResult<()> {
    if let Some(keyword) = args.kwargs.keys().next() {
        return Err(vm.new_type_error(format!("{name}() got an unexpected keyword argument '{keyword}'")));
    }
    if !args.args.is_empty() {
        return Err(
            vm.new_type_error(format!("{name}() takes 1 positional argument but {} were given", args.args.len() + 1))
        );
    }
    Ok(())
}

/// `torch.tensor(data, *, dtype=None, device=None, requires_grad=False)`
pub(crate) fn tensor(mut args: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let data = the_data(&mut args, "tensor", vm)?;
    let options = options(&mut args, "tensor", vm)?;
    no_more(&args, "tensor", vm)?;
    let tensor = match data.downcast_ref::<PyTensor>() {
        Some(source) => {
            warn_copy(vm)?;
            let source = source.tensor().detach();
            let dtype = options.dtype.unwrap_or(source.dtype());
            guarded(vm, || source.copy_op()?.to_dtype(dtype))?
        }
        None => read(&data, options.dtype, true, vm)?,
    };
    Ok(PyTensor::wrap(tensor.with_requires_grad(options.requires_grad).or_raise(vm)?, vm))
}

fn warn_copy(vm: &VirtualMachine) -> PyResult<()> {
    let warn = vm.import("warnings", 0)?.get_attr("warn", vm)?;
    let text = "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or \
                sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).";
    warn.call((text, vm.ctx.exceptions.user_warning.to_owned()), vm).map(|_| ())
}

/// `torch.as_tensor(data, dtype=None, device=None)`: the tensor itself where nothing has to change.
pub(crate) fn as_tensor(mut args: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let data = the_data(&mut args, "as_tensor", vm)?;
    if let Some(dtype) = (!args.args.is_empty()).then(|| args.args.remove(0)) {
        args.kwargs.insert("dtype".into(), dtype);
    }
    let options = options(&mut args, "as_tensor", vm)?;
    no_more(&args, "as_tensor", vm)?;
    if let Some(source) = data.downcast_ref::<PyTensor>() {
        let source = source.tensor();
        return match options.dtype {
            Some(dtype) if dtype != source.dtype() => Ok(PyTensor::wrap(guarded(vm, || source.to_dtype(dtype))?, vm)),
            _ => Ok(data),
        };
    }
    let tensor = read(&data, options.dtype, false, vm)?;
    Ok(PyTensor::wrap(tensor.with_requires_grad(options.requires_grad).or_raise(vm)?, vm))
}

/// Reads an array of numpy, of which a copy may be wanted, or numbers in sequences.
fn read(data: &PyObject, dtype: Option<DType>, copy: bool, vm: &VirtualMachine) -> PyResult<Tensor> {
    let Some(array) = crate::numpy::array(data, vm)? else {
        return Gathered::read(data, vm)?.into_tensor(dtype, vm);
    };
    let dtype = dtype.unwrap_or(array.dtype());
    let array = array.detach();
    guarded(vm, || if copy && dtype == array.dtype() { array.copy_op() } else { array.to_dtype(dtype) })
}

/// Reads numbers in sequences as numpy does: floats are float64.
pub(crate) fn double_precision(data: &PyObject, vm: &VirtualMachine) -> PyResult<Tensor> {
    let gathered = Gathered::read_with(data, Some(DType::F64), vm)?;
    let dtype = gathered.dtype.unwrap_or(DType::F64);
    gathered.into_tensor(Some(dtype), vm)
}

/// `torch.from_numpy(array)`: a tensor that shares the array's memory.
pub(crate) fn from_numpy(array: &PyObject, vm: &VirtualMachine) -> PyResult {
    let Some(tensor) = crate::numpy::array(array, vm)? else {
        return Err(vm.new_type_error(format!("expected np.ndarray (got {})", class_name(&array.to_owned()))));
    };
    // An array whose memory runs backwards says why it cannot be shared.
    vm.call_method(array, "_check_shareable", ())?;
    Ok(PyTensor::wrap(tensor.detach(), vm))
}

/// `torch.frombuffer(buffer, *, dtype, count=-1, offset=0, requires_grad=False)`: a copy of the bytes as elements.
pub(crate) fn frombuffer(mut args: FuncArgs, vm: &VirtualMachine) -> PyResult {
    let buffer = match args.take_keyword("buffer").or_else(|| args.take_positional()) {
        Some(buffer) => buffer,
        None => return Err(vm.new_type_error("frombuffer() missing 1 required positional arguments: \"buffer\"")),
    };
    let count =
        args.take_keyword("count").map(|o| o.try_index(vm)?.try_to_primitive::<i64>(vm)).transpose()?.unwrap_or(-1);
    let offset =
        args.take_keyword("offset").map(|o| o.try_index(vm)?.try_to_primitive::<i64>(vm)).transpose()?.unwrap_or(0);
    let options = options(&mut args, "frombuffer", vm)?;
    no_more(&args, "frombuffer", vm)?;
    let Some(dtype) = options.dtype else {
        return Err(vm.new_type_error("frombuffer() missing 1 required keyword-only argument: 'dtype'"));
    };
    let bytes = ArgBytesLike::try_from_borrowed_object(vm, &buffer)?;
    let bytes = bytes.borrow_buf();
    let Some(rest) = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).filter(|r| !r.is_empty())
    else {
        return Err(vm.new_value_error(format!(
            "offset ({offset} bytes) must be non-negative and no greater than buffer length ({} bytes) minus 1",
            bytes.len()
        )));
    };
    let size = dtype.size();
    let available = rest.len() / size;
    let n = match usize::try_from(count) {
        Ok(n) if n > available || n == 0 => {
            return Err(vm.new_value_error(format!(
                "requested buffer length ({count} * {size} bytes) after offset ({offset} bytes) must not be greater \
                 than actual buffer length ({} bytes)",
                bytes.len()
            )));
        }
        Ok(n) => n,
        Err(_) if rest.len() % size != 0 => {
            return Err(vm.new_value_error(format!(
                "buffer length ({} bytes) after offset ({offset} bytes) must be a multiple of element size ({size})",
                bytes.len()
            )));
        }
        Err(_) => available,
    };
    let raw = lyceum_engine::io::RawTensor { dtype, shape: vec![n], bytes: rest[..n * size].to_vec() };
    let tensor = raw.to_tensor().and_then(|t| t.with_requires_grad(options.requires_grad)).or_raise(vm)?;
    Ok(PyTensor::wrap(tensor, vm))
}

/// `torch.Tensor(...)`: sizes give a tensor of that shape, a sequence gives its values as float32.
pub(crate) fn legacy_constructor(mut args: FuncArgs, vm: &VirtualMachine) -> PyResult<Tensor> {
    options(&mut args, "Tensor", vm)?;
    if let Some(data) = args.take_keyword("data") {
        args.args.insert(0, data);
    }
    match args.args.as_slice() {
        [] => Tensor::zeros(&[0], DType::default_float()).or_raise(vm),
        [one] if one.downcast_ref::<PyTensor>().is_some() => {
            let source = PyTensor::expect(one, "data", vm)?;
            Ok(source.detach())
        }
        [one] if one.class().is(&super::types::python_class(vm, "_objects", "Size")?) || one.try_index(vm).is_ok() => {
            let sizes = sizes(&args, "Tensor", vm)?;
            guarded(vm, || Tensor::zeros(&sizes, DType::default_float()))
        }
        [one] => read(one, Some(DType::default_float()), true, vm),
        _ => {
            let sizes = sizes(&args, "Tensor", vm)?;
            guarded(vm, || Tensor::zeros(&sizes, DType::default_float()))
        }
    }
}

/// Reads sizes given one by one or as one sequence.
pub(crate) fn sizes(args: &FuncArgs, name: &str, vm: &VirtualMachine) -> PyResult<Vec<usize>> {
    let spread = match args.args.as_slice() {
        [one] => sequence(one, vm)?,
        _ => None,
    };
    let items = spread.as_deref().unwrap_or(&args.args);
    items
        .iter()
        .map(|item| {
            let size = item
                .try_index(vm)
                .map_err(|_| vm.new_type_error(format!("{name}(): sizes must be int, not {}", class_name(item))))?
                .try_to_primitive::<i64>(vm)?;
            usize::try_from(size).map_err(|_| {
                vm.new_runtime_error(format!("{name}(): a tensor with a negative dimension {size} was asked for"))
            })
        })
        .collect()
}

/// Makes the index tensor that a list between brackets stands for.
pub(crate) fn index_tensor(list: &PyObject, vm: &VirtualMachine) -> PyResult<Tensor> {
    let gathered = Gathered::read(list, vm)?;
    match gathered.dtype {
        None => gathered.into_tensor(Some(DType::I64), vm),
        Some(dtype) if dtype.is_float() => Err(
            vm.new_index_error("tensors used as indices must be long, int, byte or bool tensors, not lists of floats")
        ),
        dtype => gathered.into_tensor(dtype, vm),
    }
}

/// Returns the elements as nested lists of Python numbers.
pub(crate) fn to_list(tensor: &Tensor, vm: &VirtualMachine) -> PyResult {
    let mut values: Vec<PyObjectRef> = lyceum_engine::for_dtype!(tensor.dtype(), T => {
        let data = tensor.dense::<T>().or_raise(vm)?;
        data.iter().map(|&v| from_scalar(lyceum_engine::element::Element::to_scalar(v), vm)).collect()
    });
    if tensor.rank() == 0 {
        return values.pop().ok_or_else(|| vm.new_runtime_error("a 0-d tensor has one element"));
    }
    let mut groups: usize = values.len();
    for (d, &size) in tensor.shape().iter().enumerate().rev() {
        groups = tensor.shape()[..d].iter().product();
        let mut rest = values.into_iter();
        values = (0..groups).map(|_| vm.ctx.new_list(rest.by_ref().take(size).collect()).into()).collect();
    }
    debug_assert_eq!(groups, 1);
    values.pop().ok_or_else(|| vm.new_runtime_error("a tensor of rank 1 or more gives one list"))
}
