//! The operators of `torch.Tensor`: arithmetic, comparison, indexing, iteration, conversion to Python numbers.

use std::cell::RefCell;

use lyceum_engine::ops::{self, Op, Operand, Value, arithmetic, indexing};
use lyceum_engine::{Scalar, Tensor};
use rustpython_vm::common::hash::PyHash;
use rustpython_vm::function::{Either, PyComparisonValue};
use rustpython_vm::protocol::{PyIterReturn, PyMappingMethods, PyNumberMethods, PySequenceMethods};
use rustpython_vm::types::{
    AsMapping, AsNumber, AsSequence, Comparable, Hashable, IterNext, Iterable, PyComparisonOp, SelfIter,
};
use rustpython_vm::{AsObject, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine, pyclass};

use super::convert::{to_scalar, to_value};
use super::error::{OrRaise, class_name, guarded};
use super::index;
use super::tensor::PyTensor;

/// Returns what an operator can take on its other side; `None` leaves the operator to that side.
fn operand(object: &PyObject, vm: &VirtualMachine) -> PyResult<Option<Operand>> {
    if let Some(tensor) = object.downcast_ref::<PyTensor>() {
        return Ok(Some(Operand::Tensor(tensor.tensor())));
    }
    if let Some(array) = crate::numpy::array(object, vm)? {
        return Ok(Some(Operand::Tensor(array)));
    }
    Ok(to_scalar(object, vm)?.map(Operand::Scalar))
}

fn arithmetic(
    a: &PyObject,
    b: &PyObject,
    vm: &VirtualMachine,
    f: fn(&Operand, &Operand) -> lyceum_engine::Result<Tensor>,
) -> PyResult {
    if crate::numpy::is_array(a) {
        return Ok(vm.ctx.not_implemented());
    }
    match (operand(a, vm)?, operand(b, vm)?) {
        (Some(a), Some(b)) => {
            if let (Operand::Tensor(a), Operand::Tensor(b)) = (&a, &b) {
                crate::notices::shapes_met(a.shape(), b.shape(), vm);
            }
            Ok(PyTensor::wrap(guarded(vm, || f(&a, &b))?, vm))
        }
        _ => Ok(vm.ctx.not_implemented()),
    }
}

fn op_named(name: &'static str) -> Option<&'static Op> {
    ops::table().torch.get(name)
}

fn as_argument(object: &PyObject, vm: &VirtualMachine) -> PyResult<Option<Value>> {
    Ok(operand(object, vm)?.map(|operand| match operand {
        Operand::Tensor(tensor) => Value::Tensor(tensor),
        Operand::Scalar(scalar) => scalar.into(),
    }))
}

/// Calls an op of the table with the two sides of an operator.
fn by_name(name: &'static str, a: &PyObject, b: &PyObject, vm: &VirtualMachine) -> PyResult {
    let Some(op) = op_named(name) else {
        return Err(vm.new_not_implemented_error(format!("torch.{name} is not part of Lyceum")));
    };
    if crate::numpy::is_array(a) {
        return Ok(vm.ctx.not_implemented());
    }
    match (as_argument(a, vm)?, as_argument(b, vm)?) {
        (Some(a), Some(b)) => {
            let result = guarded(vm, || op.call(&[a, b], &[], false))?;
            super::convert::from_value(result, name, &[], vm)
        }
        _ => Ok(vm.ctx.not_implemented()),
    }
}

fn in_place(name: &'static str, a: &PyObject, b: &PyObject, vm: &VirtualMachine) -> PyResult {
    let Some(op) = ops::table().in_place.get(name) else {
        return Err(vm.new_not_implemented_error(format!("torch.Tensor.{name}_ is not part of Lyceum")));
    };
    match (a.downcast_ref::<PyTensor>(), as_argument(b, vm)?) {
        (Some(tensor), Some(b)) => {
            guarded(vm, || op.call_in_place(&[Value::Tensor(tensor.tensor()), b], &[]))?;
            Ok(a.to_owned())
        }
        _ => Ok(vm.ctx.not_implemented()),
    }
}

fn unary(name: &'static str, object: &PyObject, vm: &VirtualMachine) -> PyResult {
    let value = to_value(object, vm)?;
    match op_named(name) {
        Some(op) => {
            let result = guarded(vm, || op.call(&[value], &[], false))?;
            super::convert::from_value(result, name, &[], vm)
        }
        None => Err(vm.new_not_implemented_error(format!("torch.{name} is not part of Lyceum"))),
    }
}

/// Returns the only element of a tensor that is to become a Python number.
fn the_item(object: &PyObject, vm: &VirtualMachine) -> PyResult<Scalar> {
    let tensor = PyTensor::expect(object, "the operand", vm)?;
    if tensor.numel() != 1 {
        return Err(vm.new_value_error("only one element tensors can be converted to Python scalars"));
    }
    tensor.item().or_raise(vm)
}

impl Hashable for PyTensor {
    fn hash(zelf: &Py<Self>, _vm: &VirtualMachine) -> PyResult<PyHash> {
        Ok(zelf.get_id() as PyHash)
    }
}

impl Comparable for PyTensor {
    fn cmp(
        _zelf: &Py<Self>,
        _other: &PyObject,
        _op: PyComparisonOp,
        _vm: &VirtualMachine,
    ) -> PyResult<PyComparisonValue> {
        Ok(PyComparisonValue::NotImplemented)
    }

    fn slot_richcompare(
        zelf: &PyObject,
        other: &PyObject,
        op: PyComparisonOp,
        vm: &VirtualMachine,
    ) -> PyResult<Either<PyObjectRef, PyComparisonValue>> {
        let name = match op {
            PyComparisonOp::Lt => "lt",
            PyComparisonOp::Le => "le",
            PyComparisonOp::Eq => "eq",
            PyComparisonOp::Ne => "ne",
            PyComparisonOp::Gt => "gt",
            PyComparisonOp::Ge => "ge",
        };
        let result = by_name(name, zelf, other, vm)?;
        Ok(if result.is(&vm.ctx.not_implemented) {
            Either::B(PyComparisonValue::NotImplemented)
        } else {
            Either::A(result)
        })
    }
}

impl AsNumber for PyTensor {
    fn as_number() -> &'static PyNumberMethods {
        static NUMBER: PyNumberMethods = PyNumberMethods {
            add: Some(|a, b, vm| arithmetic(a, b, vm, arithmetic::add)),
            subtract: Some(|a, b, vm| arithmetic(a, b, vm, arithmetic::sub)),
            multiply: Some(|a, b, vm| arithmetic(a, b, vm, arithmetic::mul)),
            true_divide: Some(|a, b, vm| arithmetic(a, b, vm, arithmetic::div)),
            floor_divide: Some(|a, b, vm| by_name("floor_divide", a, b, vm)),
            remainder: Some(|a, b, vm| by_name("remainder", a, b, vm)),
            power: Some(|a, b, _modulus, vm| by_name("pow", a, b, vm)),
            matrix_multiply: Some(|a, b, vm| by_name("matmul", a, b, vm)),
            and: Some(|a, b, vm| by_name("bitwise_and", a, b, vm)),
            or: Some(|a, b, vm| by_name("bitwise_or", a, b, vm)),
            xor: Some(|a, b, vm| by_name("bitwise_xor", a, b, vm)),
            lshift: Some(|a, b, vm| by_name("bitwise_left_shift", a, b, vm)),
            rshift: Some(|a, b, vm| by_name("bitwise_right_shift", a, b, vm)),
            inplace_add: Some(|a, b, vm| in_place("add", a, b, vm)),
            inplace_subtract: Some(|a, b, vm| in_place("sub", a, b, vm)),
            inplace_multiply: Some(|a, b, vm| in_place("mul", a, b, vm)),
            inplace_true_divide: Some(|a, b, vm| in_place("div", a, b, vm)),
            inplace_floor_divide: Some(|a, b, vm| in_place("floor_divide", a, b, vm)),
            inplace_remainder: Some(|a, b, vm| in_place("remainder", a, b, vm)),
            inplace_power: Some(|a, b, _modulus, vm| in_place("pow", a, b, vm)),
            inplace_and: Some(|a, b, vm| in_place("bitwise_and", a, b, vm)),
            inplace_or: Some(|a, b, vm| in_place("bitwise_or", a, b, vm)),
            inplace_xor: Some(|a, b, vm| in_place("bitwise_xor", a, b, vm)),
            negative: Some(|number, vm| unary("neg", number.obj, vm)),
            positive: Some(|number, _vm| Ok(number.obj.to_owned())),
            absolute: Some(|number, vm| unary("abs", number.obj, vm)),
            invert: Some(|number, vm| unary("bitwise_not", number.obj, vm)),
            boolean: Some(|number, vm| {
                let tensor = PyTensor::expect(number.obj, "the operand", vm)?;
                match tensor.numel() {
                    1 => Ok(tensor.item().or_raise(vm)?.to_bool()),
                    0 => Err(vm.new_runtime_error("Boolean value of Tensor with no values is ambiguous")),
                    _ => Err(vm.new_runtime_error("Boolean value of Tensor with more than one value is ambiguous")),
                }
            }),
            float: Some(|number, vm| Ok(vm.ctx.new_float(the_item(number.obj, vm)?.to_f64()).into())),
            int: Some(|number, vm| match the_item(number.obj, vm)? {
                Scalar::Float(f) if !f.is_finite() => {
                    let what = if f.is_nan() { "NaN" } else { "infinity" };
                    Err(vm.new_value_error(format!("cannot convert float {what} to integer")))
                }
                scalar => Ok(vm.ctx.new_int(scalar.to_i64()).into()),
            }),
            index: Some(|number, vm| match the_item(number.obj, vm) {
                Ok(scalar @ (Scalar::Int(_) | Scalar::Bool(_))) => Ok(vm.ctx.new_int(scalar.to_i64()).into()),
                _ => Err(vm.new_type_error("only integer tensors of a single element can be converted to an index")),
            }),
            ..PyNumberMethods::NOT_IMPLEMENTED
        };
        &NUMBER
    }
}

fn length(tensor: &PyTensor, vm: &VirtualMachine) -> PyResult<usize> {
    tensor.tensor().shape().first().copied().ok_or_else(|| vm.new_type_error("len() of a 0-d tensor"))
}

impl AsMapping for PyTensor {
    fn as_mapping() -> &'static PyMappingMethods {
        static MAPPING: PyMappingMethods = PyMappingMethods {
            length: Some(|mapping, vm| length(PyTensor::mapping_downcast(mapping), vm)),
            subscript: Some(|mapping, key, vm| {
                let tensor = PyTensor::mapping_downcast(mapping).tensor();
                let indices = index::read(key, vm)?;
                Ok(PyTensor::wrap(guarded(vm, || indexing::index(&tensor, &indices))?, vm))
            }),
            ass_subscript: Some(|mapping, key, value, vm| {
                let Some(value) = value else {
                    return Err(vm.new_type_error("Tensor does not support deleting items"));
                };
                let tensor = PyTensor::mapping_downcast(mapping).tensor();
                let indices = index::read(key, vm)?;
                let Some(value) = operand(&value, vm)? else {
                    return Err(vm.new_type_error(format!(
                        "can't assign a {} to a torch.{}Tensor",
                        class_name(&value),
                        tensor.dtype().torch_name()
                    )));
                };
                guarded(vm, || indexing::index_assign(&tensor, &indices, &value))
            }),
        };
        &MAPPING
    }
}

impl AsSequence for PyTensor {
    fn as_sequence() -> &'static PySequenceMethods {
        static SEQUENCE: PySequenceMethods = PySequenceMethods {
            length: Some(|sequence, vm| length(PyTensor::sequence_downcast(sequence), vm)),
            contains: Some(|sequence, needle, vm| {
                let equal = by_name("eq", sequence.obj, needle, vm)?;
                match equal.downcast_ref::<PyTensor>() {
                    Some(equal) => {
                        let equal = equal.tensor().to_vec::<bool>().or_raise(vm)?;
                        Ok(equal.contains(&true))
                    }
                    None => Err(vm.new_runtime_error(format!(
                        "Tensor.__contains__ only supports Tensor or scalar, but you passed in a {}.",
                        class_name(&needle.to_owned())
                    ))),
                }
            }),
            ..PySequenceMethods::NOT_IMPLEMENTED
        };
        &SEQUENCE
    }
}

impl Iterable for PyTensor {
    fn iter(zelf: PyRef<Self>, vm: &VirtualMachine) -> PyResult {
        let tensor = zelf.tensor();
        if tensor.rank() == 0 {
            return Err(vm.new_type_error("iteration over a 0-d tensor"));
        }
        Ok(PyTensorIterator { tensor, next: RefCell::new(0) }.into_ref(&vm.ctx).into())
    }
}

/// Walks the first dimension of a tensor.
#[pyclass(module = "torch", name = "tensor_iterator")]
#[derive(Debug, PyPayload)]
pub(crate) struct PyTensorIterator {
    tensor: Tensor,
    next: RefCell<usize>,
}

#[pyclass(with(Iterable, IterNext), flags(DISALLOW_INSTANTIATION))]
impl PyTensorIterator {}

impl SelfIter for PyTensorIterator {}

impl IterNext for PyTensorIterator {
    fn next(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult<PyIterReturn> {
        let i = *zelf.next.borrow();
        if i >= zelf.tensor.shape()[0] {
            return Ok(PyIterReturn::StopIteration(None));
        }
        *zelf.next.borrow_mut() = i + 1;
        let part = guarded(vm, || ops::view::select(&zelf.tensor, 0, i as i64))?;
        Ok(PyIterReturn::Return(PyTensor::wrap(part, vm)))
    }
}
